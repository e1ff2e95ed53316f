"""Retention takes away what ended long ago, in batches, and nothing that is alive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from lumia import AccountOptions, Shop, connect
from lumia.dto.customers import NewCustomer
from lumia.errors import InvalidValue, NotFound
from tests.support.scene import a_scene
from tests.support.steady import SteppingClock

METHODS = ("account_tokens", "audit_log", "carts", "idempotency_keys", "outbox", "reservations", "sessions")
ALL = (*METHODS, "stock_ledger")


def tell(shop: Shop, number: int) -> list[int]:
    """Write events about different subjects and give their keys."""
    with shop.transaction() as tx:
        now = shop.clock()
        tx.q.outbox.insert_events(
            {"kind": "test.happened", "subject": f"s{at}", "payload": "{}", "now": now} for at in range(number)
        )
    return [event.outbox_id for event in shop.outbox.pending(limit=500).items]


def a_day_later(clock: SteppingClock) -> datetime:
    """Let a day pass and give the instant in its middle."""
    clock.advance(timedelta(days=1))
    return clock.now - timedelta(hours=12)


def test_acknowledged_events_go_and_pending_ones_stay(shop: Shop, clock: SteppingClock) -> None:
    """Whatever their age, events that nobody heard of are kept."""
    *told, last = tell(shop, 7)
    lease = shop.outbox.lease(6)
    shop.outbox.acknowledge(lease.lease_id, told)
    before = a_day_later(clock)
    seen: list[int] = []

    assert shop.retention.outbox(before=before, dry_run=True) == 6
    assert shop.retention.outbox(before=before, batch=4, progress=seen.append) == 6

    assert seen == [4, 6, 6]
    assert shop.retention.outbox(before=before) == 0
    assert [event.outbox_id for event in shop.outbox.pending().items] == [last]


def test_what_was_acknowledged_at_the_instant_itself_stays(shop: Shop, clock: SteppingClock) -> None:
    """Only what was acknowledged before it goes."""
    (event,) = tell(shop, 1)
    lease = shop.outbox.lease()
    shop.outbox.acknowledge(lease.lease_id, [event])
    acknowledged_at = clock.now

    assert shop.retention.outbox(before=acknowledged_at) == 0
    assert shop.retention.outbox(before=acknowledged_at + timedelta(microseconds=1)) == 1


def test_dead_sessions_and_tokens_go_and_live_ones_stay(url: str) -> None:
    """Whether a session ran out, was ended or was left alone, it is dead."""
    clock = SteppingClock()
    accounts = AccountOptions(
        time_cost=1,
        memory_kib=8,
        parallelism=1,
        session_idle=timedelta(days=2),
        session_lifetime=timedelta(days=30),
        verification_lifetime=timedelta(days=1),
    )
    with connect(url, clock=clock, accounts=accounts) as shop:
        password = "correct horse"  # noqa: S105 - a test's
        ada = shop.customers.register(NewCustomer(email="ada@example.org"), password=password)
        shop.customers.start_email_verification(ada.customer_id)
        shop.customers.authenticate(ada.email, password)
        ended = shop.customers.authenticate(ada.email, password)
        shop.customers.log_out(ended.token)
        clock.advance(timedelta(days=1, hours=1))
        live = shop.customers.authenticate(ada.email, password)
        bob = shop.customers.register(NewCustomer(email="bob@example.org"))
        shop.customers.start_email_verification(bob.customer_id)

        assert shop.retention.sessions(before=clock.now, dry_run=True) == 1
        assert shop.retention.sessions(before=clock.now) == 1
        assert shop.retention.account_tokens(before=clock.now, dry_run=True) == 1
        assert shop.retention.account_tokens(before=clock.now) == 1
        clock.advance(timedelta(days=1))
        # The one that was left alone is dead now.
        assert shop.retention.sessions(before=clock.now) == 1

        assert shop.customers.by_session(live.token).customer_id == ada.customer_id
        # Bob's ran out meanwhile.
        assert shop.retention.account_tokens(before=clock.now) == 1


def test_carts_that_nobody_came_back_to_go_with_their_lines(shop: Shop, clock: SteppingClock) -> None:
    """An order's cart stays, and one that was touched since, and one that something is on hold for."""
    scene = a_scene(shop)
    order = scene.place(scene.cart())
    left = [scene.guest_cart() for _ in range(3)]
    held = scene.guest_cart()
    shop.stock.reserve(held, until=clock.now + timedelta(days=30))
    before = a_day_later(clock)
    fresh = scene.guest_cart()

    assert shop.retention.carts(before=before, dry_run=True) == 3
    assert shop.retention.carts(before=before, batch=2) == 3

    for cart_id in left:
        with pytest.raises(NotFound):
            shop.carts.get(cart_id)
    assert shop.carts.get(held).cart_id == held
    assert shop.carts.get(fresh).cart_id == fresh
    assert shop.orders.get(order.order_id).order_id == order.order_id
    assert shop.retention.carts(before=before) == 0


def test_old_audit_entries_go_and_the_log_says_where_it_begins(shop: Shop, clock: SteppingClock) -> None:
    """What is younger stays."""
    product = a_scene(shop).product_id
    before = a_day_later(clock)
    shop.catalog.update_product(product, name="Cup")
    young = [entry for entry in shop.audit.list(limit=500).items if entry.changed_at >= before]
    old = len(shop.audit.list(limit=500).items) - len(young)

    assert shop.retention.audit_log(before=before, dry_run=True) == old > 0
    assert shop.retention.audit_log(before=before, batch=3) == old

    assert list(shop.audit.list(limit=500).items) == young != []


def test_dead_holds_go_and_live_ones_stay(shop: Shop, clock: SteppingClock) -> None:
    """A hold that ran out counts for nothing and takes room only."""
    scene = a_scene(shop)
    soon, late = scene.guest_cart(), scene.guest_cart()
    shop.stock.reserve(soon, until=clock.now + timedelta(hours=1))
    shop.stock.reserve(late, until=clock.now + timedelta(days=30))
    before = a_day_later(clock)

    assert shop.retention.reservations(before=before, dry_run=True) == 1
    assert shop.retention.reservations(before=before) == 1

    assert shop.stock.reservations(late) != ()


def test_idempotency_keys_go_by_their_age(shop: Shop, clock: SteppingClock) -> None:
    """What was placed under a younger key is still answered."""
    scene = a_scene(shop)
    for _ in range(3):
        scene.place(scene.cart())
    before = a_day_later(clock)
    cart = scene.cart()
    order = scene.place(cart, idempotency_key="young")

    assert shop.retention.idempotency_keys(before=before, dry_run=True) == 3
    assert shop.retention.idempotency_keys(before=before, batch=2) == 3

    assert scene.place(cart, idempotency_key="young", expected_total=order.total) == order


@pytest.mark.parametrize("method", ALL)
def test_an_instant_in_the_future_is_refused(shop: Shop, clock: SteppingClock, method: str) -> None:
    """Nobody can mean to take away what is not over."""
    run: Callable[..., int] = getattr(shop.retention, method)
    future = clock.now + timedelta(days=1)

    wrong: list[dict[str, Any]] = [
        {"before": future},
        {"before": clock.now.replace(tzinfo=None)},
        {"before": clock.now, "batch": 1},
        {"before": clock.now, "batch": 501},
    ]
    for arguments in wrong:
        with pytest.raises(InvalidValue):
            run(**arguments)
    assert run(before=clock.now, batch=2) == 0
    assert run(before=clock.now, batch=500, dry_run=True) == 0

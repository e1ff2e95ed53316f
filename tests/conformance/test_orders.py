"""Orders on both engines: read whole, by page and by search; cancelled by hand or because nobody paid in time."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID

import psycopg
import pytest

from lumia.dto.customers import NewCustomer
from lumia.dto.orders import Order
from lumia.errors import IllegalTransition, InvalidValue, NotFound
from lumia.types import OrderStatus
from tests.support.counting import counting_shop
from tests.support.digests import changed_tables, observe
from tests.support.scene import HOME, OFFICE, Scene, a_scene
from tests.support.steady import SteppingClock


@pytest.fixture
def scene(shop: Any) -> Scene:
    """A shop that is ready to sell."""
    return a_scene(shop, stock=100)


def some_orders(scene: Scene, number: int) -> list[Order]:
    """Place orders of one mug, each a second or so after the one before."""
    total = Decimal("16.95")
    return [scene.place(scene.cart(), expected_total=total) for _ in range(number)]


def by_hand(url: str, statement: str) -> None:
    """Change the database past the repositories, as a clerk with a shell would."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
            connection.execute(statement)
        return
    with psycopg.connect(url) as server:
        server.execute(statement.encode())


def test_an_order_is_found_by_each_of_its_names(scene: Scene) -> None:
    """The key, the public id and the number lead to the same order."""
    placed = scene.place(scene.cart(), billing_address=OFFICE)

    orders = scene.shop.orders
    found = [orders.get(placed.order_id), orders.by_public_id(placed.public_id), orders.by_number(placed.order_number)]

    assert found == [placed] * 3


def test_an_order_that_does_not_exist_is_not_found(scene: Scene) -> None:
    """Each way of looking says so, and nothing is made up."""
    nobody = UUID("01900000-0000-7000-8000-000000000000")

    with pytest.raises(NotFound):
        scene.shop.orders.get(10**9)
    with pytest.raises(NotFound):
        scene.shop.orders.by_public_id(nobody)
    with pytest.raises(NotFound):
        scene.shop.orders.by_number(10**9)
    with pytest.raises(NotFound):
        scene.shop.orders.history(10**9)
    with pytest.raises(NotFound):
        scene.shop.orders.cancel(10**9, actor="shop")


@pytest.mark.parametrize("key", [0, -1, 2**63, True, "1"])
def test_what_is_no_key_is_refused(scene: Scene, key: Any) -> None:
    """A key is an integer from 1 to 2**63 - 1, on both engines."""
    with pytest.raises(InvalidValue):
        scene.shop.orders.get(key)
    with pytest.raises(InvalidValue):
        scene.shop.orders.by_number(key)
    with pytest.raises(InvalidValue):
        scene.shop.orders.cancel(key, actor="shop")


def test_an_order_needs_as_many_statements_whatever_its_size(scene: Scene) -> None:
    """Reading and placing cost the same number of statements for one line as for three."""
    small, large = scene.cart(), scene.guest_cart(dict.fromkeys(scene.variant_ids, 2))
    totals = scene.total(small), scene.total(large)
    shop, counter = counting_shop(scene.shop)
    scene.shop = shop
    orders: list[Order] = []

    placing = [
        counter.of(lambda: orders.append(scene.place(small, expected_total=totals[0], shipping_address=OFFICE))),
        counter.of(
            lambda: orders.append(
                scene.place(large, expected_total=totals[1], shipping_address=OFFICE, email="guest@example.org")
            )
        ),
    ]
    reading = [counter.of(partial(shop.orders.get, order.order_id)) for order in orders]

    # The new address is a statement more than the docstring counts, and the guest's own row another.
    assert placing == {"postgresql": [16, 17], "sqlite": [24, 25]}[shop.engine.name]
    assert reading == [10, 10]
    assert [counter.of(partial(shop.orders.cancel, orders[1].order_id, actor="shop")) for _ in range(2)] == [21, 11]
    assert [len(order.items) for order in orders] == [1, 3]


def test_a_customers_orders_are_paged_newest_first(scene: Scene) -> None:
    """Every order once, the newest first, and only theirs."""
    mine = some_orders(scene, 5)
    other = scene.shop.customers.register(NewCustomer(email="grace@example.org"))
    scene.place(scene.cart(customer_id=other.customer_id), shipping_address=HOME)

    first = scene.shop.orders.of_customer(scene.customer_id, limit=2)
    second = scene.shop.orders.of_customer(scene.customer_id, limit=2, after=first.next)
    third = scene.shop.orders.of_customer(scene.customer_id, limit=2, after=second.next)

    seen = [row.order_id for page in (first, second, third) for row in page.items]
    assert seen == [order.order_id for order in reversed(mine)]
    assert third.next is None
    assert scene.shop.orders.of_customer(10**9).items == ()


def test_a_summary_says_what_the_order_says(scene: Scene) -> None:
    """A line of a list agrees with the order behind it."""
    order = scene.place(scene.cart())

    (row,) = scene.shop.orders.search().items

    assert dict(row) == {name: getattr(order, name) for name in type(row).model_fields}


def test_a_search_finds_orders_by_status_and_time(scene: Scene) -> None:
    """The start counts, the end does not, a status narrows it down."""
    a, b, c = some_orders(scene, 3)
    scene.shop.orders.cancel(b.order_id, actor="shop")

    def keys(**filters: Any) -> list[int]:
        return [row.order_id for row in scene.shop.orders.search(**filters).items]

    assert keys() == [c.order_id, b.order_id, a.order_id]
    assert keys(placed_from=b.placed_at) == [c.order_id, b.order_id]
    assert keys(placed_to=b.placed_at) == [a.order_id]
    assert keys(placed_from=b.placed_at, placed_to=c.placed_at) == [b.order_id]
    assert keys(status="cancelled") == [b.order_id]
    assert keys(status=OrderStatus.PENDING, placed_from=b.placed_at) == [c.order_id]
    assert keys(status=OrderStatus.REFUNDED) == []


@pytest.mark.parametrize("status", [None, OrderStatus.PENDING])
def test_a_search_is_paged_without_gaps_or_repeats(scene: Scene, status: OrderStatus | None) -> None:
    """Following `next` gives every order once, in order, also when several share an instant."""
    placed = some_orders(scene, 5)
    seen: list[int] = []
    after = None
    for _ in range(5):
        page = scene.shop.orders.search(status=status, limit=2, after=after)
        seen += [row.order_id for row in page.items]
        after = page.next
        if after is None:
            break

    assert seen == [order.order_id for order in reversed(placed)]


@pytest.mark.parametrize(
    "filters",
    [
        {"limit": 0},
        {"limit": 501},
        {"limit": True},
        {"status": "lost"},
        {"placed_from": datetime(2026, 1, 1)},  # noqa: DTZ001 - a naive time is what is refused
        {"placed_to": datetime(1969, 1, 1, tzinfo=UTC)},
        {"after": (datetime(2026, 1, 1, tzinfo=UTC), 0)},
        {"after": 5},
    ],
    ids=str,
)
def test_a_malformed_search_is_refused(scene: Scene, filters: dict[str, Any]) -> None:
    """A limit outside 1 to 500, an unknown status, a time without zone or out of range, a cursor that is none."""
    with pytest.raises(InvalidValue):
        scene.shop.orders.search(**filters)


def test_cancelling_gives_the_units_back_by_the_ledger(scene: Scene) -> None:
    """What was allocated is released row by row, at every location that had promised some."""
    mug, cup, _ = scene.variant_ids
    scene.stocked(mug, 50, annex=True)
    order = scene.place(scene.cart({mug: 120, cup: 3}))

    scene.shop.orders.cancel(order.order_id, actor="shop", reason="changed their mind")

    assert scene.levels(mug) == {scene.main_id: (100, 0), scene.annex_id: (50, 0)}
    assert scene.levels(cup) == {scene.main_id: (100, 0)}
    released = [row for row in scene.shop.stock.movements(variant_id=mug).items if row.kind.value == "released"]
    assert [(row.location_id, row.allocated_delta, row.order_item_id, row.actor) for row in reversed(released)] == [
        (scene.main_id, -100, order.items[0].order_item_id, "shop"),
        (scene.annex_id, -20, order.items[0].order_item_id, "shop"),
    ]


def test_cancelling_writes_the_step_and_the_event(scene: Scene) -> None:
    """The history says who and why, other systems hear of it, and the order can expire no more."""
    order = scene.place(scene.cart())

    cancelled = scene.shop.orders.cancel(order.order_id, actor="shop", reason="changed their mind")

    assert (cancelled.status, cancelled.expires_at) == (OrderStatus.CANCELLED, None)
    assert cancelled.version == order.version + 1
    assert [(step.from_status.value, step.to_status.value, step.actor, step.reason) for step in cancelled.history] == [
        ("new", "pending", "customer", ""),
        ("pending", "cancelled", "shop", "changed their mind"),
    ]
    assert scene.shop.orders.history(order.order_id) == cancelled.history
    assert [item.cancelled_quantity for item in cancelled.items] == [1]
    assert [(event.kind, event.subject) for event in scene.shop.outbox.pending().items] == [
        ("order.placed", f"order:{order.public_id}"),
        ("order.cancelled", f"order:{order.public_id}"),
    ]


def test_cancelling_again_changes_nothing_and_answers_alike(scene: Scene, url: str) -> None:
    """A repeated click gives no unit back twice."""
    order = scene.place(scene.cart())
    first = scene.shop.orders.cancel(order.order_id, actor="shop")
    with observe(url) as observer:
        before = observer.digest()

        second = scene.shop.orders.cancel(order.order_id, actor="somebody else", reason="again")

        assert second == first
        assert changed_tables(before, observer.digest()) == []


def test_a_paid_order_can_be_cancelled_while_nothing_has_shipped(shop: Any) -> None:
    """A free order is paid at once, and its units are released like any other's."""
    scene = a_scene(shop, prices=("0.00",))
    scene.shop.delivery.create_shipping_method(code="pickup", name="Pick-up", price=Decimal(0))
    order = scene.place(scene.cart(), shipping_method="pickup", expected_total=Decimal(0))

    cancelled = scene.shop.orders.cancel(order.order_id, actor="shop")

    assert [step.to_status.value for step in cancelled.history] == ["pending", "paid", "cancelled"]
    assert scene.levels(scene.variant_ids[0]) == {scene.main_id: (10, 0)}


@pytest.mark.parametrize("actor", ["", "a" * 101])
def test_a_step_needs_somebody_who_makes_it(scene: Scene, actor: str) -> None:
    """History without an actor is no history."""
    order = scene.place(scene.cart())

    with pytest.raises(InvalidValue, match="actor"):
        scene.shop.orders.cancel(order.order_id, actor=actor)


def test_orders_expire_when_their_time_is_over(scene: Scene, clock: SteppingClock) -> None:
    """At the very instant of `expires_at` and not before, the longest overdue first, at most as many as asked for."""
    a, b, c = some_orders(scene, 3)
    assert a.expires_at is not None
    assert c.expires_at is not None

    clock.now = a.expires_at - 2 * clock.step
    too_early = scene.shop.orders.expire_pending()
    at_the_instant = scene.shop.orders.expire_pending()
    clock.now = c.expires_at
    limited = scene.shop.orders.expire_pending(limit=1)
    rest = scene.shop.orders.expire_pending()

    assert (too_early, at_the_instant, limited, rest) == ((), (a.order_id,), (b.order_id,), (c.order_id,))
    assert scene.levels(scene.variant_ids[0]) == {scene.main_id: (100, 0)}


def test_an_expired_order_says_why(scene: Scene, clock: SteppingClock) -> None:
    """The step is the sweeper's, and other systems hear of each order."""
    orders = some_orders(scene, 2)
    clock.advance(timedelta(hours=1))

    scene.shop.orders.expire_pending()

    steps = [scene.shop.orders.history(order.order_id)[-1] for order in orders]
    assert {(step.to_status.value, step.actor, step.reason) for step in steps} == {
        ("cancelled", "expiry", "not paid in time")
    }
    events = scene.shop.outbox.pending().items
    assert [event.subject for event in events if event.kind == "order.cancelled"] == [
        f"order:{order.public_id}" for order in orders
    ]


def test_orders_that_are_cancelled_or_paid_do_not_expire(shop: Any, clock: SteppingClock) -> None:
    """The sweeper's condition is part of the statement that writes."""
    scene = a_scene(shop, prices=("10.00", "0.00"))
    scene.shop.delivery.create_shipping_method(code="pickup", name="Pick-up", price=Decimal(0))
    paid = scene.place(scene.cart({scene.variant_ids[1]: 1}), shipping_method="pickup", expected_total=Decimal(0))
    cancelled = scene.place(scene.cart())
    scene.shop.orders.cancel(cancelled.order_id, actor="shop")
    clock.advance(timedelta(days=1))

    expired = scene.shop.orders.expire_pending()

    assert expired == ()
    assert scene.shop.orders.get(paid.order_id).status is OrderStatus.PAID


def test_expiry_costs_the_same_statements_for_one_order_as_for_three(scene: Scene, clock: SteppingClock) -> None:
    """A sweep over many orders is no loop over them."""
    counts = []
    for number in (1, 3):
        some_orders(scene, number)
        clock.advance(timedelta(hours=1))
        shop, counter = counting_shop(scene.shop)
        counts.append(counter.of(shop.orders.expire_pending))

    assert counts == [11, 11]


def test_sweepers_and_clerks_at_once_cancel_each_order_once(scene: Scene, clock: SteppingClock) -> None:
    """Four sweepers and four clerks at the same orders: every unit is given back once, every order has one last step.

    Guards the condition that the cancelling statements repeat: whoever waited for a row looks at it anew.
    """
    orders = some_orders(scene, 6)
    clock.advance(timedelta(hours=1))
    start = Barrier(8)

    def work(number: int) -> tuple[int, ...]:
        start.wait()
        if number % 2:
            expired: tuple[int, ...] = scene.shop.orders.expire_pending(limit=2)
            return expired
        return tuple(scene.shop.orders.cancel(order.order_id, actor="clerk").order_id for order in orders[::-1])

    with ThreadPoolExecutor(8) as pool:
        swept = [key for keys in list(pool.map(work, range(8)))[1::2] for key in keys]

    assert len(swept) == len(set(swept))
    assert scene.levels(scene.variant_ids[0]) == {scene.main_id: (100, 0)}
    for order in orders:
        assert [step.to_status.value for step in scene.shop.orders.history(order.order_id)] == ["pending", "cancelled"]
    cancelled = [event.subject for event in scene.shop.outbox.pending().items if event.kind == "order.cancelled"]
    assert sorted(cancelled) == sorted(f"order:{order.public_id}" for order in orders)


@pytest.mark.parametrize("limit", [0, 501, True])
def test_expiry_takes_a_sensible_limit(scene: Scene, limit: Any) -> None:
    """A sweep is a bounded batch."""
    with pytest.raises(InvalidValue, match="limit"):
        scene.shop.orders.expire_pending(limit=limit)


def test_an_order_that_shipped_cannot_be_cancelled_whole(scene: Scene, url: str) -> None:
    """What is on its way comes back as a return; the refusal names the state and changes nothing."""
    order = scene.place(scene.cart())
    by_hand(url, "UPDATE orders SET fulfillment_status = 'partially_shipped', version = version + 1")

    with pytest.raises(IllegalTransition, match="partially_shipped"):
        scene.shop.orders.cancel(order.order_id, actor="shop")

    assert scene.levels(scene.variant_ids[0]) == {scene.main_id: (100, 1)}


def test_events_are_paged_oldest_first(scene: Scene) -> None:
    """A consumer who follows `next` sees each event once, in the order in which they were written."""
    orders = some_orders(scene, 3)

    first = scene.shop.outbox.pending(limit=2)
    second = scene.shop.outbox.pending(limit=2, after=first.next)

    assert [event.subject for page in (first, second) for event in page.items] == [
        f"order:{order.public_id}" for order in orders
    ]
    assert second.next is None

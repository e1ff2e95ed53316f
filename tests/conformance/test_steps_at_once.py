"""Steps of one order taken by several at once: one wins, the others are refused, and what is kept adds up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest

from lumia.dto.orders import Order
from lumia.errors import IllegalTransition
from tests.support.parcels import Parcels
from tests.support.scene import a_scene
from tests.support.steady import SteppingClock

ROUNDS = 6
DISAGREE = """
SELECT o.order_id
FROM orders AS o
INNER JOIN order_states AS s ON s.order_id = o.order_id
WHERE CAST(o.status AS text) <> s.status
    OR CAST(o.payment_status AS text) <> s.payment_status
    OR CAST(o.fulfillment_status AS text) <> s.fulfillment_status
"""
STOCK = """
SELECT sum(quantity - released_quantity - shipped_quantity), (SELECT sum(allocated) FROM inventory)
FROM order_allocations
"""


@pytest.fixture
def parcels(shop: Any) -> Parcels:
    """A shop with plenty of everything."""
    return Parcels(a_scene(shop, stock=100))


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Start all calls together; give what each one answers, or how it was refused."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return call()
        except IllegalTransition as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def won(answers: Sequence[Any]) -> list[Any]:
    """The answers that are no refusals."""
    return [answer for answer in answers if not isinstance(answer, IllegalTransition)]


def assert_adds_up(parcels: Parcels) -> None:
    """Where orders stand is what their children say, and what is allocated is what they wait for."""
    session = parcels.shop.engine.acquire(write=False)
    try:
        assert session.fetch_all(DISAGREE, ()) == []
        waited, allocated = session.fetch_all(STOCK, ())[0]
        assert waited == allocated
    finally:
        parcels.shop.engine.release(session, failed=False)


def test_the_last_units_are_sent_once(parcels: Parcels) -> None:
    """Four packers take the same three units: one of them sends them."""
    for _ in range(ROUNDS):
        order = parcels.paid(3)

        answers = at_once(*[lambda order=order: parcels.ship(order, 3)] * 4)

        assert len(won(answers)) == 1
        after = parcels.get(order)
        assert (len(after.shipments), after.items[0].shipped_quantity) == (1, 3)
    assert_adds_up(parcels)


def test_an_order_is_sent_or_cancelled(parcels: Parcels) -> None:
    """A packer and a clerk: the units left or came back, and the money stayed or went back."""
    for _ in range(ROUNDS):
        order = parcels.paid(2)

        answers = at_once(partial(parcels.ship, order), partial(parcels.cancel, order))

        assert len(won(answers)) == 1
        after = parcels.get(order)
        assert (after.status.value, after.payment_status.value, after.items[0].shipped_quantity) in {
            ("shipped", "paid", 2),
            ("cancelled", "refunded", 0),
        }
    assert_adds_up(parcels)


def test_a_capture_beside_a_cancellation_is_given_back(parcels: Parcels) -> None:
    """Whoever comes first, the order ends cancelled, and no money of it is left that nobody was told to give back."""
    for _ in range(ROUNDS):
        order = parcels.ordered(1)
        key = parcels.authorize(order)

        answers = at_once(partial(parcels.cancel, order), partial(parcels.shop.payments.capture, key, actor="shop"))

        after, payment = parcels.get(order), parcels.shop.payments.get(key)
        assert isinstance(answers[0], Order)
        assert after.status.value == "cancelled"
        told = parcels.events(order)
        assert payment.captured_amount in {payment.refunded_amount, order.total}
        assert payment.captured_amount == payment.refunded_amount or "refund_due" in told
        assert parcels.scene.levels(parcels.scene.variant_ids[0])[parcels.scene.main_id][1] == 0
    assert_adds_up(parcels)


def test_an_overdue_order_is_paid_or_expires(parcels: Parcels, clock: SteppingClock) -> None:
    """A sweeper and a customer: what was paid first stays, and what expired first keeps no money unseen."""
    for _ in range(ROUNDS):
        order = parcels.ordered(1)
        key = parcels.authorize(order)
        clock.advance(timedelta(hours=1))

        swept, _ = at_once(
            parcels.shop.orders.expire_pending, partial(parcels.shop.payments.capture, key, actor="shop")
        )

        after, payment = parcels.get(order), parcels.shop.payments.get(key)
        if swept:
            assert after.status.value == "cancelled"
            assert payment.captured_amount == 0 or "refund_due" in parcels.events(order)
        else:
            assert (after.status.value, payment.captured_amount) == ("paid", order.total)
    assert_adds_up(parcels)


def test_parts_that_are_sent_and_cancelled_at_once_never_overlap(parcels: Parcels) -> None:
    """Each unit of a line is sent or cancelled, whoever takes it, and none is both."""
    for _ in range(ROUNDS):
        order = parcels.paid(4)

        answers = at_once(
            *[lambda order=order: parcels.ship(order, 2)] * 2, *[lambda order=order: parcels.cancel_items(order, 2)] * 2
        )

        item = parcels.get(order).items[0]
        assert len(won(answers)) == 2
        assert item.shipped_quantity + item.cancelled_quantity == 4
    assert_adds_up(parcels)

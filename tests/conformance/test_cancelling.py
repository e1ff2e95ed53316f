"""What is taken back on both engines: units of lines, paid orders, orders that nobody paid in full."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lumia.errors import IdempotencyConflict, IllegalTransition, InvalidValue, NotFound
from lumia.importing import import_order_lines
from lumia.importing.synthetic import SYNTHETIC_PRESET, write_shop_year
from lumia.types import OrderStatus
from tests.support.parcels import Parcels
from tests.support.scene import Scene, a_scene
from tests.support.steady import SteppingClock


@pytest.fixture
def parcels(shop: Any) -> Parcels:
    """A shop with ten units of each variant: 12.00, 3.00 and 1.19 with tax, and 4.95 for the post."""
    return Parcels(a_scene(shop))


def money(parcels: Parcels, order: Any) -> list[tuple[Decimal, Decimal]]:
    """What each payment of an order captured and gives back."""
    return [
        (payment.captured_amount, payment.refunded_amount) for payment in parcels.shop.payments.of_order(order.order_id)
    ]


def test_units_of_an_unpaid_order_need_not_be_paid(parcels: Parcels) -> None:
    """The units go back to the shelf, and what is due is less by their shares: the rest pays the order."""
    order = parcels.ordered(3, 1)

    after = parcels.cancel_items(order, 1, reason="too many")

    assert [item.cancelled_quantity for item in after.items] == [1, 0]
    assert [(row.quantity, row.released_quantity) for row in after.allocations] == [(3, 1), (1, 0)]
    assert parcels.scene.levels(parcels.scene.variant_ids[0]) == {parcels.scene.main_id: (10, 2)}
    assert (after.status, after.history) == (OrderStatus.PENDING, order.history)
    assert parcels.events(order) == ["order.placed", "items.cancelled"]
    parcels.pay(order, order.total - Decimal("12.01"))
    assert parcels.get(order).payment_status.value == "partially_paid"
    parcels.pay(order, Decimal("0.01"))
    assert parcels.get(order).status is OrderStatus.PAID


def test_units_of_a_paid_order_are_refunded(parcels: Parcels) -> None:
    """The refund is recorded, the order stays paid, and what is left can be sent."""
    order = parcels.paid(3, 1)

    after = parcels.cancel_items(order, 2)

    assert money(parcels, order) == [(order.total, Decimal(24))]
    assert (after.status.value, after.payment_status.value) == ("paid", "partially_refunded")
    assert [item.shipped_quantity for item in parcels.ship(order).items] == [1, 1]


def test_cancelling_the_rest_completes_an_order_that_arrived(parcels: Parcels) -> None:
    """What has arrived is all there is: the order is delivered by it."""
    order = parcels.paid(3)
    parcels.ship(order, 1)
    parcels.deliver(order)

    after = parcels.cancel_items(order, 2)

    assert (after.status.value, after.fulfillment_status.value) == ("delivered", "delivered")
    assert parcels.events(order)[-1] == "order.delivered"
    assert parcels.scene.levels(parcels.scene.variant_ids[0]) == {parcels.scene.main_id: (9, 0)}


@pytest.mark.parametrize("paid", [False, True])
def test_cancelling_all_that_is_left_cancels_the_order(parcels: Parcels, *, paid: bool) -> None:
    """The last unit takes the order with it, postage and all."""
    order = (parcels.paid if paid else parcels.ordered)(2, 1)

    parcels.cancel_items(order, 1, 1)
    after = parcels.cancel_items(order, 1)

    assert after.status is OrderStatus.CANCELLED
    assert [item.cancelled_quantity for item in after.items] == [2, 1]
    assert money(parcels, order) == ([(order.total, order.total)] if paid else [])
    assert {parcels.scene.levels(key)[parcels.scene.main_id] for key in parcels.scene.variant_ids} == {(10, 0)}


def test_a_refunded_order_still_gives_its_units_back(parcels: Parcels) -> None:
    """Its status stays, no further money moves, and nothing is waited for any more."""
    order = parcels.refund(parcels.paid(2))

    after = parcels.cancel_items(order, 2)

    assert after.status is OrderStatus.REFUNDED
    assert money(parcels, order) == [(order.total, order.total)]
    assert parcels.scene.levels(parcels.scene.variant_ids[0]) == {parcels.scene.main_id: (10, 0)}


def test_units_that_were_refunded_by_hand_are_not_refunded_again(parcels: Parcels) -> None:
    """The money went back first, the goods are cancelled after it."""
    order = parcels.paid(2, 1)
    payment = parcels.shop.payments.of_order(order.order_id)[0]
    parcels.shop.payments.refund(payment.payment_id, items=parcels.items(order, 2), actor="clerk")

    parcels.cancel_items(order, 2)

    assert money(parcels, order) == [(order.total, Decimal(24))]


def test_units_that_were_refunded_by_hand_go_first(parcels: Parcels) -> None:
    """Of a line of three one was refunded by hand: cancelling that one refunded a second one."""
    order = parcels.paid(3, 1)
    key = parcels.shop.payments.of_order(order.order_id)[0].payment_id
    parcels.shop.payments.refund(key, items=parcels.items(order, 1), actor="clerk")

    parcels.cancel_items(order, 1)
    first = money(parcels, order)
    parcels.cancel_items(order, 2)

    assert first == [(order.total, Decimal(12))]
    assert money(parcels, order) == [(order.total, Decimal(36))]


def test_units_that_came_back_and_were_refunded_are_none_of_those_to_be_sent(parcels: Parcels) -> None:
    """A returned unit that was paid back does not make a cancelled one free of charge."""
    order = parcels.paid(3)
    parcels.ship(order, 1)
    parcels.shop.orders.receive_return(
        parcels.approved(order, 1).return_id, location_id=parcels.scene.main_id, actor="clerk"
    )
    key = parcels.shop.payments.of_order(order.order_id)[0].payment_id
    parcels.shop.payments.refund(key, items=parcels.items(order, 1), actor="clerk")

    parcels.cancel_items(order, 1)

    assert money(parcels, order) == [(order.total, Decimal(24))]


def test_a_returned_unit_without_a_refund_does_not_add_one(parcels: Parcels) -> None:
    """What came back is paid back by hand: a cancellation pays for its own units alone."""
    order = parcels.paid(4)
    parcels.ship(order, 2)
    parcels.shop.orders.receive_return(
        parcels.approved(order, 2).return_id, location_id=parcels.scene.main_id, actor="clerk"
    )

    parcels.cancel_items(order, 1)

    assert money(parcels, order) == [(order.total, Decimal(12))]


@pytest.mark.parametrize(("goodwill", "left"), [("50.00", "2.95"), ("52.95", "0.00")])
def test_a_refund_by_amount_does_not_keep_units_from_being_cancelled(
    parcels: Parcels, goodwill: str, left: str
) -> None:
    """Less money was left than the units came to, and the cancellation was refused: what is left goes back."""
    order = parcels.paid(4)
    parcels.ship(order, 1)
    key = parcels.shop.payments.of_order(order.order_id)[0].payment_id
    parcels.shop.payments.refund(key, Decimal(goodwill), actor="clerk", reason="goodwill")

    after = parcels.cancel_items(order, 1)

    assert after.items[0].cancelled_quantity == 1
    assert money(parcels, order) == [(order.total, order.total)]
    assert after.payment_status.value == "refunded"
    refunds = parcels.shop.payments.refunds(order.order_id)[1:]
    assert [[(item.quantity, item.amount) for item in refund.items] for refund in refunds] == (
        [[(1, Decimal(left))]] if Decimal(left) else []
    )
    assert parcels.cancel_items(order, 2).items[0].cancelled_quantity == 3


def test_units_are_paid_back_where_money_is_left_whatever_the_status_says(parcels: Parcels) -> None:
    """A late payment of a refunded order is there: its units' money goes back with them."""
    order = parcels.paid(2)
    late = parcels.authorize(order)
    refunded = parcels.refund(order)
    parcels.shop.payments.capture(late, actor="shop")

    after = parcels.cancel_items(refunded, 1)

    assert after.status is OrderStatus.REFUNDED
    assert money(parcels, order) == [(order.total, order.total), (order.total, Decimal(12))]


def test_units_that_are_not_left_cannot_be_cancelled(parcels: Parcels) -> None:
    """Not what was cancelled, not what has left, and nothing of another order; the refusal changes nothing."""
    order = parcels.paid(3, 1)
    parcels.ship(order, 1)
    parcels.cancel_items(order, 1)

    with pytest.raises(IllegalTransition, match="1 units left"):
        parcels.cancel_items(order, 2)
    with pytest.raises(NotFound, match="no item"):
        parcels.shop.orders.cancel_items(order.order_id, {999: 1}, actor="clerk")
    with pytest.raises(InvalidValue):
        parcels.shop.orders.cancel_items(order.order_id, {}, actor="clerk")
    cancelled = parcels.cancel(parcels.ordered(1))
    with pytest.raises(IllegalTransition, match="0 units left"):
        parcels.cancel_items(cancelled, 1)

    assert parcels.get(order).items[0].cancelled_quantity == 1


def test_units_leave_the_location_that_is_asked_last(parcels: Parcels) -> None:
    """What is left of a split line is sent from the place that goes first."""
    scene = parcels.scene
    scene.stocked(scene.variant_ids[0], 5, annex=True)
    order = parcels.paid(12)

    after = parcels.cancel_items(order, 3)

    assert [(row.location_id, row.released_quantity) for row in after.allocations] == [
        (scene.main_id, 1),
        (scene.annex_id, 2),
    ]
    assert scene.levels(scene.variant_ids[0]) == {scene.main_id: (10, 9), scene.annex_id: (5, 0)}


def test_a_key_cancels_units_once(parcels: Parcels) -> None:
    """Without it the same call takes further units; with it another request is refused."""
    order = parcels.ordered(5)

    first = parcels.cancel_items(order, 1, idempotency_key="k")
    again = parcels.cancel_items(order, 1, idempotency_key="k")
    with pytest.raises(IdempotencyConflict):
        parcels.cancel_items(order, 2, idempotency_key="k")

    assert again == first
    assert parcels.cancel_items(order, 1).items[0].cancelled_quantity == 2


def test_an_order_that_holds_money_is_not_cancelled_before_it_is_paid(parcels: Parcels) -> None:
    """A part of the total must go back first, and then the order can go."""
    order = parcels.ordered(2)
    key = parcels.pay(order, Decimal("10.00"))

    with pytest.raises(IllegalTransition, match=r"partially_paid .*: refund what came in first"):
        parcels.cancel(order)
    with pytest.raises(IllegalTransition, match="partially_paid: refund what came in first"):
        parcels.cancel_items(order, 1)
    parcels.shop.payments.refund(key, amount=Decimal("10.00"), actor="clerk")
    after = parcels.cancel(order)

    assert (after.status.value, after.payment_status.value) == ("cancelled", "refunded")


def test_cancelling_a_paid_order_refunds_it_and_voids_what_was_promised(parcels: Parcels) -> None:
    """All that was captured and not refunded is on its way back, payment by payment."""
    order = parcels.ordered(2)
    promised = parcels.authorize(order)
    first = parcels.pay(order, Decimal("10.00"))
    parcels.pay(order, order.total - 10)
    parcels.shop.payments.refund(first, amount=Decimal("4.00"), actor="clerk")

    after = parcels.cancel(order)

    assert (after.status.value, after.payment_status.value, after.fulfillment_status.value) == (
        "cancelled",
        "refunded",
        "unfulfilled",
    )
    assert parcels.shop.payments.get(promised).status.value == "voided"
    assert sum(refunded for _, refunded in money(parcels, order)) == order.total
    assert [step.to_status.value for step in after.history] == ["pending", "paid", "cancelled"]


def test_a_promise_is_voided_when_its_order_is_cancelled_or_expires(parcels: Parcels, clock: SteppingClock) -> None:
    """Nobody is charged for what they do not get, and the order says that its payment was voided."""
    cancelled, expired = parcels.ordered(1), parcels.ordered(1)
    promised = [parcels.authorize(order) for order in (cancelled, expired)]

    parcels.cancel(cancelled)
    clock.advance(timedelta(hours=1))
    swept = parcels.shop.orders.expire_pending()

    assert swept == (expired.order_id,)
    assert {parcels.shop.payments.get(key).status.value for key in promised} == {"voided"}
    assert {parcels.get(order).payment_status.value for order in (cancelled, expired)} == {"voided"}


def test_who_pays_at_shipment_does_not_expire(parcels: Parcels, clock: SteppingClock) -> None:
    """A promise of all that is due ends the wait; one to be captured at once does not, nor does one of a part."""
    covered, captured_at_once, part = parcels.ordered(1), parcels.ordered(1), parcels.ordered(1)
    parcels.authorize(covered, capture_at="shipment")
    parcels.authorize(captured_at_once)
    payment = parcels.shop.payments.record(
        part.order_id, provider="test", method="card", amount=Decimal(1), capture_at="shipment", actor="customer"
    )
    parcels.shop.payments.authorize(payment.payment_id, actor="shop")
    clock.advance(timedelta(hours=1))

    swept = parcels.shop.orders.expire_pending()

    assert swept == (captured_at_once.order_id, part.order_id)
    assert parcels.get(covered).expires_at is None


def test_an_order_that_is_paid_in_part_does_not_expire(parcels: Parcels, clock: SteppingClock) -> None:
    """The sweeper cancels nothing that holds money; once that went back the order is overdue."""
    order = parcels.ordered(1)
    key = parcels.pay(order, Decimal("1.00"))
    clock.advance(timedelta(hours=1))

    assert parcels.shop.orders.expire_pending() == ()
    parcels.shop.payments.refund(key, amount=Decimal("1.00"), actor="clerk")
    assert parcels.shop.orders.expire_pending() == (order.order_id,)


def test_what_was_sent_cannot_be_cancelled_as_a_whole(parcels: Parcels) -> None:
    """Its first unit ends that; delivered and refunded orders stay, too."""
    order = parcels.paid(2)
    parcels.ship(order, 1)
    for _ in range(2):
        with pytest.raises(IllegalTransition, match="cannot be cancelled"):
            parcels.cancel(order)
        parcels.ship(order)
        parcels.deliver(order)
    with pytest.raises(IllegalTransition, match="refunded"):
        parcels.cancel(parcels.refund(order))


def test_an_imported_order_takes_no_step(scene_imported: Scene) -> None:
    """It is a record: every step is refused in one sentence."""
    order = scene_imported.shop.orders.list(limit=1).items[0]
    item = scene_imported.shop.orders.get(order.order_id).items[0].order_item_id
    orders = scene_imported.shop.orders

    steps: tuple[Callable[[], object], ...] = (
        lambda: orders.cancel(order.order_id, actor="clerk"),
        lambda: orders.cancel_items(order.order_id, {item: 1}, actor="clerk"),
        lambda: orders.ship(order.order_id, carrier="Post", actor="packer"),
        lambda: orders.deliver(order.order_id, actor="postman"),
        lambda: orders.request_return(order.order_id, {item: 1}, actor="customer"),
    )
    for step in steps:
        with pytest.raises(IllegalTransition, match="imported"):
            step()


@pytest.fixture
def scene_imported(shop: Any, tmp_path: Any) -> Scene:
    """A shop that holds imported orders alone."""
    scene = a_scene(shop)
    path = tmp_path / "lines.csv"
    write_shop_year(path, orders=5)
    import_order_lines(shop, path, preset=SYNTHETIC_PRESET)
    return scene

"""Shipments on both engines: whole and in parts, from several locations, delivered, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from lumia.errors import IdempotencyConflict, IllegalTransition, InsufficientStock, InvalidValue, NotFound
from tests.support.digests import changed_tables, observe
from tests.support.parcels import Parcels
from tests.support.scene import a_scene


@pytest.fixture
def parcels(shop: Any) -> Parcels:
    """A shop with ten units of each variant."""
    return Parcels(a_scene(shop))


def axes(order: Any) -> tuple[str, str, str]:
    """Where an order stands."""
    return order.status.value, order.payment_status.value, order.fulfillment_status.value


def test_sending_all_takes_the_units_off_both_counters(parcels: Parcels) -> None:
    """Stock, line, allocation, shipment, status, history and events tell one story."""
    order = parcels.paid(2, 1)

    sent = parcels.ship(order, tracking_number="T-1", reason="at last")

    first, second = parcels.scene.variant_ids[:2]
    main = parcels.scene.main_id
    assert parcels.scene.levels(first) == {main: (8, 0)}
    assert parcels.scene.levels(second) == {main: (9, 0)}
    assert axes(sent) == ("shipped", "paid", "shipped")
    assert [item.shipped_quantity for item in sent.items] == [2, 1]
    assert [(row.quantity, row.released_quantity, row.shipped_quantity) for row in sent.allocations] == [
        (2, 0, 2),
        (1, 0, 1),
    ]
    (shipment,) = sent.shipments
    assert (shipment.carrier, shipment.tracking_number, shipment.location_id) == ("Post", "T-1", main)
    assert (shipment.delivered_at, shipment.actor) == (None, "packer")
    assert [(item.order_item_id, item.quantity) for item in shipment.items] == [
        (order.items[0].order_item_id, 2),
        (order.items[1].order_item_id, 1),
    ]
    assert (sent.history[-1].actor, sent.history[-1].reason) == ("packer", "at last")
    assert parcels.events(order)[-2:] == ["shipment.shipped", "order.shipped"]
    moved = parcels.shop.stock.movements(variant_id=first, limit=1).items[0]
    assert (moved.kind.value, moved.on_hand_delta, moved.allocated_delta) == ("shipped", -2, -2)


def test_a_part_leaves_the_rest_for_later(parcels: Parcels) -> None:
    """The order is on its way from the first unit on, and its parts arrive one by one."""
    order = parcels.paid(3)

    first = parcels.ship(order, 1)
    arrived = parcels.deliver(order)
    second = parcels.ship(order)
    all_there = parcels.deliver(order)

    assert axes(first) == ("shipped", "paid", "partially_shipped")
    assert axes(arrived) == ("shipped", "paid", "partially_delivered")
    assert axes(second) == ("shipped", "paid", "partially_delivered")
    assert axes(all_there) == ("delivered", "paid", "delivered")
    assert [step.to_status.value for step in all_there.history] == ["pending", "paid", "shipped", "delivered"]
    assert parcels.events(order).count("order.shipped") == 1
    assert parcels.events(order)[-2:] == ["shipment.delivered", "order.delivered"]


def test_each_location_makes_a_shipment_of_its_own(parcels: Parcels) -> None:
    """A line that no location can fill alone leaves from two."""
    scene = parcels.scene
    scene.stocked(scene.variant_ids[0], 5, annex=True)
    order = parcels.paid(12)

    from_annex = parcels.ship(order, location_id=scene.annex_id)
    everything = parcels.ship(order)

    assert [(row.location_id, row.items[0].quantity) for row in from_annex.shipments] == [(scene.annex_id, 2)]
    assert [(row.location_id, row.items[0].quantity) for row in everything.shipments] == [
        (scene.annex_id, 2),
        (scene.main_id, 10),
    ]
    assert scene.levels(scene.variant_ids[0]) == {scene.main_id: (0, 0), scene.annex_id: (3, 0)}


def test_both_locations_send_at_once(parcels: Parcels) -> None:
    """One call makes as many shipments as there are locations."""
    scene = parcels.scene
    scene.stocked(scene.variant_ids[0], 5, annex=True)
    order = parcels.paid(12)

    sent = parcels.ship(order)

    assert [(row.location_id, row.items[0].quantity) for row in sent.shipments] == [
        (scene.main_id, 10),
        (scene.annex_id, 2),
    ]


def test_sending_and_delivering_again_changes_nothing(parcels: Parcels, url: str) -> None:
    """Repeated clicks give the same answers and write nothing."""
    order = parcels.paid(1)
    shipped = parcels.ship(order)
    with observe(url) as observer:
        before = observer.digest()
        again = parcels.ship(order)
        unchanged = observer.digest()
    delivered = parcels.deliver(order)
    with observe(url) as observer:
        once = observer.digest()
        both = (parcels.deliver(order), parcels.ship(order))
        twice = observer.digest()

    assert again == shipped
    assert changed_tables(before, unchanged) == []
    assert both == (delivered, delivered)
    assert changed_tables(once, twice) == []


def test_a_key_sends_units_once(parcels: Parcels) -> None:
    """Without it the same call sends further units; with it another request is refused."""
    order = parcels.paid(4)

    first = parcels.ship(order, 1, idempotency_key="k")
    repeated = parcels.ship(order, 1, idempotency_key="k", actor="somebody else")
    with pytest.raises(IdempotencyConflict):
        parcels.ship(order, 2, idempotency_key="k")
    further = parcels.ship(order, 1)

    assert repeated == first
    assert [item.shipped_quantity for item in further.items] == [2]


def test_only_what_is_paid_leaves(parcels: Parcels) -> None:
    """A pending order, also one with a part or a promise, stays; a cancelled and a refunded one too."""
    order = parcels.ordered(1)
    with pytest.raises(IllegalTransition, match="pending"):
        parcels.ship(order)
    parcels.authorize(order, capture_at="shipment")
    with pytest.raises(IllegalTransition, match="authorized"):
        parcels.ship(order)
    parcels.pay(order, Decimal("1.00"))
    with pytest.raises(IllegalTransition, match="partially_paid"):
        parcels.ship(order)
    refunded = parcels.paid(1)
    parcels.refund(refunded)
    with pytest.raises(IllegalTransition, match="refunded"):
        parcels.ship(refunded)
    with pytest.raises(IllegalTransition, match="cancelled"):
        parcels.ship(parcels.cancel(parcels.paid(1)))


def test_what_is_not_left_cannot_be_sent(parcels: Parcels) -> None:
    """One unit more than is left is refused whole, as is what another location holds."""
    order = parcels.paid(3, 1)
    parcels.ship(order, 1)

    with pytest.raises(IllegalTransition, match="fewer units"):
        parcels.ship(order, 3)
    with pytest.raises(IllegalTransition, match="nothing left"):
        parcels.ship(order, location_id=parcels.scene.annex_id)
    with pytest.raises(NotFound, match="no item"):
        parcels.shop.orders.ship(order.order_id, items={999: 1}, carrier="Post", actor="packer")

    assert parcels.ship(order, 2).fulfillment_status.value == "partially_shipped"


def test_what_was_sold_before_it_came_in_waits(parcels: Parcels) -> None:
    """A backorder is promised without being there: it leaves once it came in."""
    scene = parcels.scene
    scene.shop.stock.set_levels(scene.variant_ids[0], location_id=scene.main_id, backorder_limit=5)
    order = parcels.paid(12)

    with pytest.raises(InsufficientStock):
        parcels.ship(order)
    scene.stocked(scene.variant_ids[0], 2)

    assert axes(parcels.ship(order)) == ("shipped", "paid", "shipped")


def test_one_shipment_is_delivered_by_its_key(parcels: Parcels) -> None:
    """Another order's shipment is not found, and what has not left cannot arrive."""
    order, other = parcels.paid(2), parcels.paid(1)
    with pytest.raises(IllegalTransition, match="nothing of it has shipped"):
        parcels.deliver(order)
    first = parcels.ship(order, 1).shipments[0]
    parcels.ship(order, 1)
    foreign = parcels.ship(other).shipments[0]

    with pytest.raises(NotFound, match="no shipment"):
        parcels.deliver(order, shipment_id=foreign.shipment_id)
    arrived = parcels.deliver(order, shipment_id=first.shipment_id)

    assert [shipment.delivered_at is not None for shipment in arrived.shipments] == [True, False]
    assert axes(arrived) == ("shipped", "paid", "partially_delivered")


@pytest.mark.parametrize(
    "changes",
    [
        {"carrier": ""},
        {"carrier": "c" * 101},
        {"tracking_number": ""},
        {"actor": ""},
        {"reason": "r" * 501},
        {"items": {}},
        {"items": {1: 0}},
        {"items": {1: 1_000_001}},
        {"items": {True: 1}},
        {"location_id": 0},
        {"idempotency_key": ""},
    ],
    ids=str,
)
def test_a_malformed_shipment_is_refused(parcels: Parcels, changes: dict[str, Any]) -> None:
    """Before anything is asked of the database."""
    order = parcels.paid(1)

    with pytest.raises(InvalidValue):
        parcels.ship(order, **changes)


def test_an_order_that_does_not_exist_takes_no_step(parcels: Parcels) -> None:
    """Each step says so."""
    orders = parcels.shop.orders
    steps: tuple[Callable[[], object], ...] = (
        lambda: orders.ship(999, carrier="Post", actor="packer"),
        lambda: orders.deliver(999, actor="postman"),
        lambda: orders.cancel_items(999, {1: 1}, actor="clerk"),
        lambda: orders.request_return(999, {1: 1}, actor="customer"),
        lambda: orders.approve_return(999, actor="clerk"),
        lambda: orders.get_return(999),
    )
    for step in steps:
        with pytest.raises(NotFound):
            step()

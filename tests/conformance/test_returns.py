"""Returns on both engines: asked for, agreed to or not, received fit or damaged, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from lumia.errors import IdempotencyConflict, IllegalTransition, InvalidReference, InvalidValue, NotFound
from tests.support.digests import changed_tables, observe
from tests.support.parcels import Parcels
from tests.support.scene import a_scene


@pytest.fixture
def parcels(shop: Any) -> Parcels:
    """A shop with ten units of each variant."""
    return Parcels(a_scene(shop))


def received(parcels: Parcels, return_id: int, **changes: Any) -> Any:
    """Take a return in at the main location."""
    return parcels.shop.orders.receive_return(
        return_id, **{"location_id": parcels.scene.main_id, "actor": "clerk", **changes}
    )


def test_what_comes_back_as_good_as_new_can_be_sold_again(parcels: Parcels) -> None:
    """The units are on hand again, the line counts them, and no status moves by itself."""
    order = parcels.deliver(parcels.ship(parcels.paid(3)))
    asked = parcels.approved(order, 2)

    came = received(parcels, asked.return_id, note="fine")

    assert (came.status.value, came.location_id, came.actor, came.note) == (
        "received",
        parcels.scene.main_id,
        "clerk",
        "fine",
    )
    assert [(item.quantity, item.accepted_quantity, item.damaged_quantity) for item in came.items] == [(2, 2, 0)]
    after = parcels.get(order)
    assert after.returns == (came,)
    assert [item.returned_quantity for item in after.items] == [2]
    assert (after.status, after.history) == (order.status, order.history)
    assert parcels.scene.levels(parcels.scene.variant_ids[0]) == {parcels.scene.main_id: (9, 0)}
    assert parcels.events(order)[-3:] == ["return.requested", "return.approved", "return.received"]


def test_what_comes_back_damaged_is_booked_in_and_written_off(parcels: Parcels) -> None:
    """Two rows of the ledger say what happened; nothing is on hand by it."""
    order = parcels.ship(parcels.paid(3))
    asked = parcels.approved(order, 3)
    item = order.items[0].order_item_id

    came = received(parcels, asked.return_id, items={item: {"accepted": 1, "damaged": 1}})

    assert [(row.accepted_quantity, row.damaged_quantity) for row in came.items] == [(1, 1)]
    moves = parcels.shop.stock.movements(variant_id=parcels.scene.variant_ids[0], limit=2).items
    assert [(move.kind.value, move.on_hand_delta) for move in moves] == [("damaged", -1), ("returned", 2)]
    assert parcels.scene.levels(parcels.scene.variant_ids[0]) == {parcels.scene.main_id: (8, 0)}
    assert parcels.get(order).items[0].returned_quantity == 2


def test_a_return_comes_in_where_the_variant_never_lay(parcels: Parcels) -> None:
    """Its stock row is made; a location that does not exist is refused."""
    order = parcels.ship(parcels.paid(1))
    asked = parcels.approved(order, 1)

    with pytest.raises(InvalidReference):
        received(parcels, asked.return_id, location_id=999)
    received(parcels, asked.return_id, location_id=parcels.scene.annex_id)

    assert parcels.scene.levels(parcels.scene.variant_ids[0])[parcels.scene.annex_id] == (1, 0)


def test_only_what_is_out_can_be_asked_back(parcels: Parcels) -> None:
    """What other returns ask for counts, what was rejected or did not come does not."""
    order = parcels.paid(3, 1)
    with pytest.raises(IllegalTransition, match="0 units"):
        parcels.asked_back(order, 1)
    parcels.ship(order, 3)

    first = parcels.asked_back(order, 2)
    with pytest.raises(IllegalTransition, match="1 units"):
        parcels.asked_back(order, 2)
    second = parcels.asked_back(order, 1)
    parcels.shop.orders.reject_return(second.return_id, actor="clerk")
    parcels.shop.orders.approve_return(first.return_id, actor="clerk")
    received(parcels, first.return_id, items={order.items[0].order_item_id: {"accepted": 1}})

    assert parcels.asked_back(order, 2).status.value == "requested"
    with pytest.raises(IllegalTransition, match="0 units"):
        parcels.asked_back(order, 1)
    with pytest.raises(NotFound, match="no item"):
        parcels.shop.orders.request_return(order.order_id, {999: 1}, actor="customer")


def test_goods_come_back_also_after_the_money_did(parcels: Parcels) -> None:
    """A refunded order stays refunded, and its units find their way to the shelf."""
    order = parcels.refund(parcels.ship(parcels.paid(1)))

    received(parcels, parcels.approved(order, 1).return_id)

    assert parcels.get(order).status.value == "refunded"
    assert parcels.scene.levels(parcels.scene.variant_ids[0]) == {parcels.scene.main_id: (10, 0)}


def test_repeated_steps_change_nothing(parcels: Parcels, url: str) -> None:
    """Agreeing, refusing and receiving again give the same answers."""
    order = parcels.ship(parcels.paid(2))
    orders = parcels.shop.orders
    kept, refused = parcels.asked_back(order, 1), parcels.asked_back(order, 1)
    first = [
        orders.approve_return(kept.return_id, actor="clerk"),
        received(parcels, kept.return_id),
        orders.reject_return(refused.return_id, actor="clerk", note="worn"),
    ]
    with observe(url) as observer:
        before = observer.digest()
        again = [received(parcels, kept.return_id), orders.reject_return(refused.return_id, actor="other")]
        after = observer.digest()

    assert again == first[1:]
    assert changed_tables(before, after) == []


def test_steps_out_of_order_are_refused(parcels: Parcels) -> None:
    """Nothing comes in that nobody agreed to, and nothing leads on from the end."""
    order = parcels.ship(parcels.paid(3))
    orders = parcels.shop.orders
    asked, refused, came = (parcels.asked_back(order, 1) for _ in range(3))
    orders.reject_return(refused.return_id, actor="clerk")
    orders.approve_return(came.return_id, actor="clerk")
    received(parcels, came.return_id)

    with pytest.raises(IllegalTransition):
        received(parcels, asked.return_id)
    for step in (orders.approve_return, orders.reject_return):
        with pytest.raises(IllegalTransition):
            step(came.return_id, actor="clerk")
    with pytest.raises(IllegalTransition):
        orders.approve_return(refused.return_id, actor="clerk")
    with pytest.raises(IllegalTransition):
        received(parcels, refused.return_id)
    approved = orders.approve_return(asked.return_id, actor="clerk")
    assert orders.reject_return(approved.return_id, actor="clerk").status.value == "rejected"


def test_a_key_asks_once(parcels: Parcels) -> None:
    """The repeated request gives the return that the first one made, as it stands."""
    order = parcels.ship(parcels.paid(3))

    first = parcels.asked_back(order, 1, idempotency_key="k")
    again = parcels.asked_back(order, 1, idempotency_key="k")
    with pytest.raises(IdempotencyConflict):
        parcels.asked_back(order, 2, idempotency_key="k")

    assert again == first
    assert parcels.get(order).returns == (first,)


def test_what_came_in_is_counted(parcels: Parcels) -> None:
    """Nothing at all, more than was agreed to, and a line of another return are refused."""
    order = parcels.ship(parcels.paid(2, 1))
    asked = parcels.approved(order, 2)
    first, second = (item.order_item_id for item in order.items)

    with pytest.raises(InvalidValue, match="nothing came"):
        received(parcels, asked.return_id, items={first: {"accepted": 0}})
    with pytest.raises(InvalidValue, match="more than the 2"):
        received(parcels, asked.return_id, items={first: {"accepted": 2, "damaged": 1}})
    with pytest.raises(NotFound, match="no item"):
        received(parcels, asked.return_id, items={second: {"accepted": 1}})
    with pytest.raises(InvalidValue):
        received(parcels, asked.return_id, items={first: {"accepted": -1}})
    with pytest.raises(InvalidValue):
        received(parcels, asked.return_id, items={})

    assert parcels.shop.orders.get_return(asked.return_id) == asked

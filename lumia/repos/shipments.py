"""How orders leave and arrive: shipments, each from one location."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lumia.dto.base import validated
from lumia.dto.orders import LockedOrder, Order, StatusNote
from lumia.dto.shipments import Delivery, NewShipment, OpenAllocation
from lumia.errors import IllegalTransition, NotFound
from lumia.repos.base import Repository
from lumia.repos.cancelling import move_units, open_lines, units_text
from lumia.repos.events import SHIPMENT_DELIVERED, SHIPMENT_SHIPPED, order_event
from lumia.repos.once import claim_once
from lumia.repos.order_parts import existing_order
from lumia.repos.progress import advance, lock_live_order
from lumia.types import FulfillmentStatus, MovementKind, OrderStatus

if TYPE_CHECKING:
    from lumia.queries.protocols.outbox import InsertEventsRow
    from lumia.queries.protocols.shipments import InsertShipmentItemRow
    from lumia.repos.context import Context

__all__ = ["Shipping"]


class Shipping(Repository):
    """The steps that bring an order to its customer."""

    def ship(
        self,
        order_id: int,
        *,
        carrier: str,
        tracking_number: str | None = None,
        items: Mapping[int, int] | None = None,
        location_id: int | None = None,
        actor: str,
        reason: str = "",
        idempotency_key: str | None = None,
    ) -> Order:
        """Send units of a paid order: `items` says how many of which order item, None sends all that is left.

        Units leave from where they were promised; with `location_id` only those that one location holds are sent. Each
        location makes a shipment of its own. Sending all of an order that has left already changes nothing; with a key
        any repeated call changes nothing and gives the order as it stands. 21 statements, one more for each location
        behind the first and where `items` are given, two with a key.

        Raises:
            NotFound: there is no such order, or no such item in it.
            IllegalTransition: the order is not paid, cancelled, refunded or imported, or fewer units are left to send.
            InsufficientStock: units were sold before they came in, and are not there yet.
            IdempotencyConflict: the key was used for another request.
            InvalidValue: there is no carrier or actor, a text is too long, or a number is below 1.
        """
        new = validated(
            NewShipment,
            carrier=carrier,
            tracking_number=tracking_number,
            items=items,
            location_id=location_id,
            actor=actor,
            reason=reason,
            idempotency_key=idempotency_key,
        )
        with self._context.unit(write=True) as unit:
            order = lock_live_order(unit, order_id)
            claim = claim_once(unit, "orders.ship", f"order:{order_id}", new.idempotency_key, new)
            if claim.result_id is None:
                _send(unit, order, new)
                claim.finish(unit, order_id)
            return existing_order(unit.q, order_id)

    def deliver(self, order_id: int, *, shipment_id: int | None = None, actor: str, reason: str = "") -> Order:
        """Write down that what is on its way has arrived: one shipment, or all of them.

        What has arrived already stays as it is: a repeated call changes nothing and gives the same answer. 17
        statements.

        Raises:
            NotFound: there is no such order, or no such shipment of it.
            IllegalTransition: nothing of the order has shipped, or it was imported.
            InvalidValue: there is no actor, or a text is too long.
        """
        wanted = validated(Delivery, shipment_id=shipment_id, actor=actor, reason=reason)
        with self._context.unit(write=True) as unit:
            order = lock_live_order(unit, order_id)
            shipments = unit.q.shipments.list_shipments(order_id=order_id)
            if not shipments:
                message = f"order {order_id} is {order.status.value}: nothing of it has shipped"
                raise IllegalTransition(message)
            known = {shipment.shipment_id: shipment for shipment in shipments}
            if wanted.shipment_id is not None and wanted.shipment_id not in known:
                message = f"order {order_id} has no shipment {wanted.shipment_id}"
                raise NotFound(message)
            chosen = known if wanted.shipment_id is None else {wanted.shipment_id: known[wanted.shipment_id]}
            arrived = [shipment for shipment in chosen.values() if shipment.delivered_at is None]
            if arrived:
                now = unit.now()
                unit.q.shipments.deliver_shipment({"shipment_id": row.shipment_id, "now": now} for row in arrived)
                unit.q.outbox.insert_events(
                    order_event(SHIPMENT_DELIVERED, order.public_id, now, shipment=str(row.public_id))
                    for row in arrived
                )
                advance(unit, order, StatusNote(actor=wanted.actor, reason=wanted.reason))
            return existing_order(unit.q, order_id)


def _send(unit: Context, order: LockedOrder, new: NewShipment) -> None:
    if new.items is None and order.fulfillment_status in _ALL_GONE and order.status in _ON_ITS_WAY:
        return
    if order.status not in _SENDABLE:
        message = f"order {order.order_id} is {order.status.value} and {order.payment_status.value}: it cannot be sent"
        raise IllegalTransition(message)
    if new.items is not None:
        open_lines(unit, order, new.items)
    parts = _plan(order, unit.q.order_units.list_open_allocations(order_id=order.order_id), new)
    note = StatusNote(actor=new.actor, reason=new.reason)
    now = unit.now()
    events: list[InsertEventsRow] = []
    contents: list[InsertShipmentItemRow] = []
    # One statement for each location: at most as many as there are lines.
    for location_id in sorted({part.location_id for part in parts}):
        public_id = unit.new_uuid()
        shipment_id: int = unit.q.shipments.insert_shipment(
            public_id=public_id,
            order_id=order.order_id,
            location_id=location_id,
            carrier=new.carrier,
            tracking_number=new.tracking_number,
            actor=new.actor,
            now=now,
        )
        packed = {part.order_item_id: part.quantity for part in parts if part.location_id == location_id}
        for key, units in packed.items():
            contents.append({"shipment_id": shipment_id, "order_item_id": key, "quantity": units})
        events.append(
            order_event(SHIPMENT_SHIPPED, order.public_id, now, shipment=str(public_id), items=units_text(packed))
        )
    unit.q.shipments.insert_shipment_item(contents)
    move_units(unit, MovementKind.SHIPPED, parts, actor=note.actor, on_hand=-1, allocated=-1)
    unit.q.order_units.ship_allocation(
        {"order_item_id": part.order_item_id, "location_id": part.location_id, "quantity": part.quantity}
        for part in parts
    )
    unit.q.order_units.ship_units_of_item(
        {"order_item_id": part.order_item_id, "quantity": part.quantity} for part in parts
    )
    unit.q.outbox.insert_events(events)
    advance(unit, order, note)


def _plan(order: LockedOrder, held: Sequence[OpenAllocation], new: NewShipment) -> list[OpenAllocation]:
    here = [part for part in held if new.location_id in (None, part.location_id)]
    if new.items is None:
        if not here:
            message = f"order {order.order_id} has nothing left to send from there"
            raise IllegalTransition(message)
        return here
    missing = dict(new.items)
    parts: list[OpenAllocation] = []
    for part in here:
        units = min(missing.get(part.order_item_id, 0), part.quantity)
        if units:
            missing[part.order_item_id] -= units
            parts.append(part.model_copy(update={"quantity": units}))
    if short := [key for key, units in sorted(missing.items()) if units]:
        message = f"order {order.order_id} has fewer units left to send of item {', '.join(map(str, short))}"
        raise IllegalTransition(message)
    return parts


_SENDABLE = frozenset({OrderStatus.PAID, OrderStatus.SHIPPED})
_ON_ITS_WAY = frozenset({OrderStatus.SHIPPED, OrderStatus.DELIVERED})
_ALL_GONE = frozenset({FulfillmentStatus.SHIPPED, FulfillmentStatus.DELIVERED})

"""The one writer of where an order stands: its lock, and the step that its children call for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from lumia.dto.base import checked_id
from lumia.dto.orders import LockedOrder, OrderState, StatusNote
from lumia.errors import IllegalTransition
from lumia.repos.base import found
from lumia.repos.events import order_event
from lumia.types import FulfillmentStatus, OrderOrigin, OrderStatus, PaymentStatus

if TYPE_CHECKING:
    from lumia.queries.protocols.orders import AdvanceOrderRow
    from lumia.queries.protocols.outbox import InsertEventsRow
    from lumia.repos.context import Context

__all__ = ["advance", "advance_all", "advance_with_surplus", "lock_live_order", "lock_order"]

_IMPORTED: Final = "an imported order is a record of what another system did: it takes no further steps"


def lock_order(unit: Context, order_id: int) -> LockedOrder:
    """Lock an order for this unit of work, before anything is read that a decision rests on. One statement.

    Every step of an order begins here; locks on payments, stock rows and coupons come later, in this order, and several
    orders are locked in ascending order of their keys.

    Raises:
        InvalidValue: the key is no key.
        NotFound: there is no such order.
    """
    order: LockedOrder | None = unit.q.orders.lock_order(order_id=checked_id("order_id", order_id))
    return found(order, f"there is no order {order_id}: orders.list lists them")


def lock_live_order(unit: Context, order_id: int) -> LockedOrder:
    """Lock an order that was placed here. One statement.

    Raises:
        InvalidValue: the key is no key.
        NotFound: there is no such order.
        IllegalTransition: the order was imported: it is a record of what another system did.
    """
    order = lock_order(unit, order_id)
    if order.origin is OrderOrigin.IMPORTED:
        raise IllegalTransition(_IMPORTED)
    return order


def advance(unit: Context, order: LockedOrder, note: StatusNote) -> LockedOrder:
    """Bring a locked live order to where its payments, shipments and lines say that it stands.

    Writes the three status columns, the end of its expiry once what is due came in or is promised for shipment, and an
    event for a step of its status; nothing where nothing changed. Needs the order as `lock_order` gave it, or as the
    last `advance` did. An order's expiry is not set again when a promise is taken back. One statement, one more where
    something changed, two more for a step of the status.

    Returns:
        The order as it stands now.

    Raises:
        IllegalTransition: the life cycle has no such step, or the order was imported.
    """
    return advance_all(unit, [order], note)[0]


def advance_all(unit: Context, orders: Sequence[LockedOrder], note: StatusNote) -> tuple[LockedOrder, ...]:
    """Do what `advance` does to several orders, in as many statements; the orders come and go in ascending order."""
    return tuple(order for order, _ in _advanced(unit, orders, note))


def advance_with_surplus(unit: Context, order: LockedOrder, note: StatusNote) -> tuple[LockedOrder, Decimal]:
    """Do what `advance` does; also tell how much more came in and stayed than was asked for, below zero for less."""
    return _advanced(unit, [order], note)[0]


def _advanced(unit: Context, orders: Sequence[LockedOrder], note: StatusNote) -> list[tuple[LockedOrder, Decimal]]:
    states: list[OrderState] = unit.q.orders.list_order_states(order_ids=tuple(order.order_id for order in orders))
    if len(states) != len(orders):
        raise IllegalTransition(_IMPORTED)
    now = unit.now()
    after: list[tuple[LockedOrder, Decimal]] = []
    rows: list[AdvanceOrderRow] = []
    events: list[InsertEventsRow] = []
    for order, state in zip(orders, states, strict=True):
        stands = order.model_copy(
            update={
                "status": OrderStatus(state.status),
                "payment_status": PaymentStatus(state.payment_status),
                "fulfillment_status": FulfillmentStatus(state.fulfillment_status),
                "expires_at": None if state.is_covered and order.status is OrderStatus.PENDING else order.expires_at,
            }
        )
        if stands != order:
            rows.append(
                {
                    "order_id": order.order_id,
                    "status": stands.status,
                    "payment_status": stands.payment_status,
                    "fulfillment_status": stands.fulfillment_status,
                    "is_covered": state.is_covered,
                    "actor": note.actor,
                    "reason": note.reason,
                    "now": now,
                }
            )
            stands = stands.model_copy(update={"version": order.version + 1})
        if stands.status is not order.status:
            events.append(order_event(f"order.{stands.status.value}", order.public_id, now))
        after.append((stands, state.surplus))
    if rows:
        unit.q.orders.advance_order(rows)
    if events:
        unit.q.outbox.insert_events(events)
    return after

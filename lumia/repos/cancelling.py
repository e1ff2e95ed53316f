"""What is cancelled: whole orders by hand or because nobody paid in time, and units of their lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from lumia.dto.base import validated
from lumia.dto.orders import LockedOrder, OpenLine, Order, StatusNote
from lumia.dto.shipments import CancelledUnits, OpenAllocation
from lumia.errors import Conflict, IllegalTransition, NotFound
from lumia.repos.base import Repository, made, page_rows
from lumia.repos.events import ITEMS_CANCELLED, ORDER_CANCELLED, order_event
from lumia.repos.once import claim_once
from lumia.repos.order_parts import existing_order
from lumia.repos.progress import advance, advance_all, lock_live_order
from lumia.repos.redeeming import free_slots
from lumia.repos.refunding import refund_captured, refund_units, units_due, void_authorisations
from lumia.types import FulfillmentStatus, MovementKind, OrderStatus, PaymentStatus

if TYPE_CHECKING:
    from lumia.queries.protocols.order_units import InsertOrderMovementRow
    from lumia.repos.context import Context

__all__ = ["Cancelling", "move_units", "open_lines", "units_text"]

NOTHING_CAPTURED: Final = frozenset({PaymentStatus.NONE, PaymentStatus.AUTHORIZED, PaymentStatus.VOIDED})
NOTHING_KEPT: Final = NOTHING_CAPTURED | {PaymentStatus.REFUNDED}
_FIRST: Final = "refund what came in first"

_REASONS: Final = MappingProxyType(
    {
        MovementKind.RELEASED: "units cancelled",
        MovementKind.SHIPPED: "sent",
        MovementKind.RETURNED: "returned",
        MovementKind.DAMAGED: "returned damaged",
    }
)


class Cancelling(Repository):
    """The steps that take an order, or some of its units, back."""

    def cancel(self, order_id: int, *, actor: str, reason: str = "") -> Order:
        """Cancel an order of which nothing has shipped: its units go back to the stock, and its money to the customer.

        A pending order must hold no money: what was captured of it is refunded first. Authorisations are voided, what
        was captured of a paid order is recorded as a refund to make, and its coupons can be used again. 21 statements,
        four more for a paid order. Cancelling a cancelled order changes nothing and gives the same answer in eleven.

        Raises:
            NotFound: there is no such order.
            IllegalTransition: something has shipped, part of it is paid (refund what came in first), it was refunded,
                or it was imported.
            InvalidValue: the actor or the reason is too long, or there is no actor.
        """
        note = validated(StatusNote, actor=actor, reason=reason)
        with self._context.unit(write=True) as unit:
            order = lock_live_order(unit, order_id)
            if order.status is not OrderStatus.CANCELLED:
                _cancel_whole(unit, order, note)
            return existing_order(unit.q, order_id)

    def cancel_items(
        self,
        order_id: int,
        items: Mapping[int, int],
        *,
        actor: str,
        reason: str = "",
        idempotency_key: str | None = None,
    ) -> Order:
        """Cancel units that have not shipped, `items` says how many of which order item; the others stay as they are.

        What was not paid yet need not be paid; of a paid order the units' shares of what was paid are recorded as
        refunds to make. Cancelling all that is left of an order of which nothing has shipped cancels the order. With a
        key a repeated call changes nothing and gives the order as it stands. 20 statements, 26 for a paid order, two
        more with a key.

        Raises:
            NotFound: there is no such order, or no such item in it.
            IllegalTransition: fewer units are left to cancel, a pending order holds money, or it was imported.
            IdempotencyConflict: the key was used for another request.
            InvalidValue: there is no item, a number is below 1, or the actor or the reason does not fit.
        """
        wanted = validated(CancelledUnits, items=items, actor=actor, reason=reason, idempotency_key=idempotency_key)
        note = validated(StatusNote, actor=wanted.actor, reason=wanted.reason)
        with self._context.unit(write=True) as unit:
            order = lock_live_order(unit, order_id)
            claim = claim_once(unit, "orders.cancel_items", f"order:{order_id}", wanted.idempotency_key, wanted)
            if claim.result_id is None:
                _cancel_units(unit, order, wanted.items, note)
                claim.finish(unit, order_id)
            return existing_order(unit.q, order_id)

    def expire_pending(self, *, limit: int = 100, actor: str = "expiry") -> tuple[int, ...]:
        """Cancel up to `limit` unpaid orders whose time is over, the longest overdue first; give their keys.

        An order that is paid meanwhile, in whole or in part, stays: the statement that cancels asks for its condition
        again. What is done besides is what `cancel` does. Raises `InvalidValue` for a limit outside 1 to 500. Eleven
        statements, three more where promises are voided, one where nothing is overdue.
        """
        note = validated(StatusNote, actor=actor, reason="not paid in time")
        page_rows(limit)
        with self._context.unit(write=True) as unit:
            now = unit.now()
            due = unit.q.orders.lock_due_orders(now=now, max_rows=limit)
            due.sort(key=lambda order: order.order_id)
            if due:
                _expire(unit, due, note, now)
            return tuple(order.order_id for order in due)


def open_lines(unit: Context, order: LockedOrder, items: Mapping[int, int]) -> dict[int, OpenLine]:
    """Read all lines of a locked order by their keys. Raises `NotFound` where `items` names another. One statement."""
    lines = {line.order_item_id: line for line in unit.q.order_units.list_open_lines(order_id=order.order_id)}
    if strange := sorted(set(items) - set(lines)):
        message = f"order {order.order_id} has no item {', '.join(map(str, strange))}"
        raise NotFound(message)
    return lines


def move_units(
    unit: Context,
    kind: MovementKind,
    moved: Sequence[OpenAllocation],
    *,
    actor: str,
    on_hand: int,
    allocated: int,
) -> None:
    """Write the movements of units of lines, in ascending order of stock row. One statement.

    `on_hand` and `allocated` say what each unit does to the two counters: 1, 0 or -1.
    """
    # A word of the shop's: nobody may change the ledger, so what a customer said could never be erased from it.
    reason = _REASONS[kind]
    now = unit.now()
    rows: list[InsertOrderMovementRow] = [
        {
            "order_item_id": part.order_item_id,
            "variant_id": part.variant_id,
            "location_id": part.location_id,
            "kind": kind,
            "on_hand_delta": on_hand * part.quantity,
            "allocated_delta": allocated * part.quantity,
            "reason": reason,
            "actor": actor,
            "now": now,
        }
        for part in sorted(moved, key=lambda part: (part.variant_id, part.location_id, part.order_item_id))
    ]
    unit.q.order_units.insert_order_movement(rows)


def units_text(items: Mapping[int, int]) -> str:
    """Write units of lines down for an event: `12:1,13:4`, by order item."""
    return ",".join(f"{item}:{units}" for item, units in sorted(items.items()))


def _cancel_whole(unit: Context, order: LockedOrder, note: StatusNote) -> None:
    legal = order.fulfillment_status is FulfillmentStatus.UNFULFILLED and (
        order.status is OrderStatus.PAID
        or (order.status is OrderStatus.PENDING and order.payment_status in NOTHING_KEPT)
    )
    if not legal:
        advice = _FIRST if order.status is OrderStatus.PENDING else "it cannot be cancelled"
        message = (
            f"order {order.order_id} is {order.status.value}, {order.payment_status.value} and "
            f"{order.fulfillment_status.value}: {advice}"
        )
        raise IllegalTransition(message)
    # The status first: a refund of all that was captured would otherwise be a step of its own.
    cancelled = made(
        unit.q.orders.cancel_order(order_id=order.order_id, actor=note.actor, reason=note.reason, now=unit.now())
    )
    _follow_up(unit, [cancelled], note, refunds=order.status is OrderStatus.PAID)


def _expire(unit: Context, due: Sequence[LockedOrder], note: StatusNote, now: datetime) -> None:
    # One after the other, in the order of their keys: their histories and events sort alike on both engines.
    written = unit.q.orders.expire_order(
        {"order_id": order.order_id, "actor": note.actor, "reason": note.reason, "now": now} for order in due
    )
    if written != len(due):
        message = "an order was paid while it was locked for its expiry; call again"
        raise Conflict(message)
    after = {"status": OrderStatus.CANCELLED, "expires_at": None}
    cancelled = [order.model_copy(update={**after, "version": order.version + 1}) for order in due]
    _follow_up(unit, cancelled, note, refunds=False)


def _follow_up(unit: Context, cancelled: Sequence[LockedOrder], note: StatusNote, *, refunds: bool) -> None:
    now = unit.now()
    keys = tuple(order.order_id for order in cancelled)
    unit.q.outbox.insert_events(order_event(ORDER_CANCELLED, order.public_id, now) for order in cancelled)
    void_authorisations(unit, keys, note)
    if refunds:
        refund_captured(unit, keys, note)
    unit.q.orders.release_stock_of_orders(order_ids=keys, reason="order cancelled", actor=note.actor, now=now)
    unit.q.order_units.release_allocations_of_order({"order_id": key} for key in keys)
    unit.q.order_units.insert_cancellations_of_order(
        {"order_id": key, "actor": note.actor, "reason": note.reason, "now": now} for key in keys
    )
    unit.q.order_units.cancel_items_of_order({"order_id": key} for key in keys)
    free_slots(unit, keys)
    advance_all(unit, cancelled, note)


def _cancel_units(unit: Context, order: LockedOrder, items: Mapping[int, int], note: StatusNote) -> None:
    lines = open_lines(unit, order, items)
    left = {key: line.quantity - line.cancelled_quantity - line.shipped_quantity for key, line in lines.items()}
    for key, units in items.items():
        if units > left[key]:
            message = f"order item {key} has {left[key]} units left to cancel, not {units}"
            raise IllegalTransition(message)
    before_payment = order.status is OrderStatus.PENDING
    if (
        all(items.get(key, 0) == units for key, units in left.items())
        and order.fulfillment_status is FulfillmentStatus.UNFULFILLED
        and order.status is not OrderStatus.REFUNDED
    ):
        _cancel_whole(unit, order, note)
        return
    if before_payment and order.payment_status not in NOTHING_CAPTURED:
        advice = "cancel all of it" if order.payment_status is PaymentStatus.REFUNDED else _FIRST
        message = f"order {order.order_id} is {order.status.value} and {order.payment_status.value}: {advice}"
        raise IllegalTransition(message)
    # Money before stock, as locks are taken.
    waived: dict[int, Decimal] = {}
    if before_payment:
        waived = {due.order_item_id: due.amount for due in units_due(unit, order.order_id, items)}
    else:
        refund_units(unit, order, _unsettled(unit, order, lines, items), note)
    now = unit.now()
    unit.q.order_units.insert_cancellation(
        {
            "order_item_id": key,
            "quantity": units,
            "waived_amount": waived.get(key, Decimal(0)),
            "actor": note.actor,
            "reason": note.reason,
            "now": now,
        }
        for key, units in sorted(items.items())
    )
    unit.q.order_units.cancel_units_of_item({"order_item_id": key, "quantity": units} for key, units in items.items())
    _release(unit, order, items, note.actor)
    unit.q.outbox.insert_events([order_event(ITEMS_CANCELLED, order.public_id, now, items=units_text(items))])
    advance(unit, order, note)


def _release(unit: Context, order: LockedOrder, items: Mapping[int, int], actor: str) -> None:
    # From the location that is asked last: what is left is then sent from as few places as before.
    missing = dict(items)
    released: list[OpenAllocation] = []
    for part in reversed(unit.q.order_units.list_open_allocations(order_id=order.order_id)):
        units = min(missing.get(part.order_item_id, 0), part.quantity)
        if units:
            missing[part.order_item_id] -= units
            released.append(part.model_copy(update={"quantity": units}))
    move_units(unit, MovementKind.RELEASED, released, actor=actor, on_hand=0, allocated=-1)
    unit.q.order_units.release_allocation(
        {"order_item_id": part.order_item_id, "location_id": part.location_id, "quantity": part.quantity}
        for part in released
    )


def _unsettled(
    unit: Context, order: LockedOrder, lines: Mapping[int, OpenLine], items: Mapping[int, int]
) -> dict[int, int]:
    # Units that were refunded by hand and are still to be sent go first: they are not given back twice.
    gone = {key: line.cancelled_quantity + line.returned_quantity for key, line in lines.items()}
    refunded = {
        row.order_item_id: max(0, row.settled_units - gone[row.order_item_id])
        for row in unit.q.refunds.list_settled_units(order_id=order.order_id)
    }
    return {key: units - refunded[key] for key, units in items.items() if units > refunded[key]}

"""How money goes back: what a number of units is worth, and which payments of an order give it back.

Everything here needs an open unit of work in which the order is locked. Nothing else writes refunds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context as Arithmetic
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import UUID

from lumia.dto.orders import LockedOrder, StatusNote
from lumia.dto.payments import LockedPayment, SettledUnits
from lumia.errors import InvalidValue, NotFound
from lumia.money import minor_unit, round_half_up, subtract_money, sum_money
from lumia.repos.events import order_event
from lumia.types import PaymentEventKind, PaymentState, RefundStatus

if TYPE_CHECKING:
    from lumia.queries.protocols.payments import InsertEventsRow
    from lumia.queries.protocols.refunds import InsertRefundItemsRow, InsertRefundsRow
    from lumia.repos.context import Context

__all__ = [
    "RefundDraft",
    "UnitsDue",
    "amount_text",
    "checked_amount",
    "own_event",
    "refund_captured",
    "refund_units",
    "room_of",
    "spread_over",
    "units_due",
    "void_authorisations",
    "worth_of",
    "write_refunds",
]

REFUND_REQUESTED: Final = "refund.requested"
PAYMENT_VOIDED: Final = "payment.voided"
_EXACT: Final = Arithmetic(prec=100)
_OPEN: Final = (PaymentState.PENDING, PaymentState.AUTHORIZED)


@dataclass(frozen=True, slots=True)
class UnitsDue:
    """Units of a line that shall be paid back, and what is still to be paid for them."""

    order_item_id: int
    quantity: int
    amount: Decimal


@dataclass(slots=True)
class RefundDraft:
    """What one payment gives back."""

    payment: LockedPayment
    public_id: UUID
    amount: Decimal
    items: list[UnitsDue] = field(default_factory=list[UnitsDue])


def amount_text(amount: Decimal, currency: str) -> str:
    """Write an amount down for an event, with the decimals that its currency is paid with: `12.50`."""
    return f"{_EXACT.quantize(amount, minor_unit(currency)):f}"


def checked_amount(amount: Decimal, currency: str) -> Decimal:
    """Give an amount back that can be paid in a currency; raises `InvalidValue` for parts of its minor unit."""
    if round_half_up(amount, currency) != amount:
        message = f"amount: {currency} is not paid in parts of its minor unit"
        raise InvalidValue(message)
    return amount


def worth_of(line: SettledUnits, units: int) -> Decimal:
    """Give what the first `units` units of a line come to; all of them are the line's total, to the last decimal."""
    return sum_money(
        (
            _EXACT.multiply(units, line.unit_share or Decimal(0)),
            _EXACT.multiply(min(units, line.odd_units), line.odd_share),
        )
    )


def room_of(payment: LockedPayment) -> Decimal:
    """Give what a payment can still give back."""
    return subtract_money(payment.captured_amount, payment.refunded_amount)


def units_due(unit: Context, order_id: int, units: Mapping[int, int]) -> tuple[UnitsDue, ...]:
    """Tell what so many further units of an order's lines come to, less what was settled for them. One statement.

    What a unit is worth depends on how many were waived or refunded before it, so that all units together give back
    exactly what was paid, however they are grouped.

    Raises:
        NotFound: the order has no such line.
        InvalidValue: fewer units of a line are left.
    """
    lines = {line.order_item_id: line for line in unit.q.refunds.list_settled_units(order_id=order_id)}
    return tuple(_due(order_id, lines.get(item), item, count) for item, count in sorted(units.items()))


def refund_units(unit: Context, order: LockedOrder, units: Mapping[int, int], note: StatusNote) -> Decimal:
    """Ask for the refund of units of an order's lines, from its payments, the oldest first; give the amount.

    A unit that cost nothing needs no refund, and where less is left of what was captured, that is all that goes back.
    Two statements, three more where there is something to refund; whoever calls brings the order forward with
    `advance`.

    Raises:
        NotFound: the order has no such line.
        InvalidValue: fewer units of a line are left.
    """
    payments = unit.q.payments.lock_payments_of_orders(order_ids=(order.order_id,))
    due = _affordable(units_due(unit, order.order_id, units), sum_money(map(room_of, payments)))
    write_refunds(unit, spread_over(unit, payments, due), note)
    return sum_money(line.amount for line in due)


def refund_captured(unit: Context, order_ids: Sequence[int], note: StatusNote) -> None:
    """Ask for the refund of all that was captured of orders and is not on its way back, payment by payment.

    One statement, two more where there is something to refund; `order_ids` ascend.
    """
    payments: list[LockedPayment] = unit.q.payments.lock_payments_of_orders(order_ids=tuple(order_ids))
    drafts = [RefundDraft(payment, unit.new_uuid(), room_of(payment)) for payment in payments if room_of(payment) > 0]
    write_refunds(unit, drafts, note)


def void_authorisations(unit: Context, order_ids: Sequence[int], note: StatusNote) -> None:
    """Void the payments of orders of which nothing was captured: whoever promised to pay need not any more.

    One statement, two more where there is one to void; `order_ids` ascend.
    """
    payments: list[LockedPayment] = unit.q.payments.lock_payments_of_orders(order_ids=tuple(order_ids))
    opened = [payment for payment in payments if payment.status in _OPEN]
    if not opened:
        return
    unit.q.payments.insert_events([own_event(unit, payment, PaymentEventKind.VOIDED) for payment in opened])
    now = unit.now()
    unit.q.outbox.insert_events(
        order_event(
            PAYMENT_VOIDED,
            payment.order_public_id,
            now,
            payment=str(payment.public_id),
            actor=note.actor,
        )
        for payment in opened
    )


def own_event(
    unit: Context, payment: LockedPayment, kind: PaymentEventKind, *, amount: Decimal | None = None
) -> InsertEventsRow:
    """Make the row of an event that the shop itself tells about a payment, now and once."""
    now = unit.now()
    return {
        "payment_id": payment.payment_id,
        "provider": payment.provider,
        "provider_event_id": f"lumia:{unit.new_uuid()}",
        "kind": kind,
        "amount": amount,
        "refund_reference": None,
        "payload": None,
        "occurred_at": now,
        "applied_at": now,
        "now": now,
    }


def spread_over(unit: Context, payments: Sequence[LockedPayment], due: Sequence[UnitsDue]) -> list[RefundDraft]:
    """Take what units come to from payments, one after the other; raises `InvalidValue` where they have less left."""
    rooms = [(payment, room_of(payment)) for payment in payments if room_of(payment) > 0]
    wanted = sum_money(line.amount for line in due)
    if wanted > sum_money(room for _, room in rooms):
        message = f"the units come to {wanted:f}, and less of what was captured is left"
        raise InvalidValue(message)
    drafts: list[RefundDraft] = []
    left = [line for line in due if line.amount > 0]
    for payment, room in rooms:
        if not left:
            break
        draft = RefundDraft(payment, unit.new_uuid(), Decimal(0))
        while left and draft.amount < room:
            line = left.pop(0)
            part = min(line.amount, subtract_money(room, draft.amount))
            draft.amount = sum_money((draft.amount, part))
            draft.items.append(UnitsDue(line.order_item_id, line.quantity, part))
            if part < line.amount:
                # The units stand with the first refund; the next one adds money for them.
                left.insert(0, UnitsDue(line.order_item_id, 0, subtract_money(line.amount, part)))
        drafts.append(draft)
    return drafts


def write_refunds(unit: Context, drafts: Sequence[RefundDraft], note: StatusNote) -> None:
    """Write refunds with their items, and tell other systems. Three statements; two without items, none for none."""
    if not drafts:
        return
    now = unit.now()
    rows: list[InsertRefundsRow] = [
        {
            "public_id": draft.public_id,
            "payment_id": draft.payment.payment_id,
            "provider_reference": None,
            "amount": draft.amount,
            "status": RefundStatus.PENDING,
            "reason": note.reason,
            "actor": note.actor,
            "now": now,
        }
        for draft in drafts
    ]
    unit.q.refunds.insert_refunds(rows)
    items: list[InsertRefundItemsRow] = [
        {
            "public_id": draft.public_id,
            "order_item_id": line.order_item_id,
            "quantity": line.quantity,
            "amount": line.amount,
        }
        for draft in drafts
        for line in draft.items
    ]
    if items:
        unit.q.refunds.insert_refund_items(items)
    unit.q.outbox.insert_events(
        order_event(
            REFUND_REQUESTED,
            draft.payment.order_public_id,
            now,
            payment=str(draft.payment.public_id),
            refund=str(draft.public_id),
            amount=amount_text(draft.amount, draft.payment.currency),
            currency=draft.payment.currency,
        )
        for draft in drafts
    )


def _affordable(due: Sequence[UnitsDue], room: Decimal) -> list[UnitsDue]:
    """Cut what units come to down to what is there for them."""
    lines: list[UnitsDue] = []
    for line in due:
        amount = min(line.amount, room)
        room = subtract_money(room, amount)
        lines.append(UnitsDue(line.order_item_id, line.quantity, amount))
    return lines


def _due(order_id: int, line: SettledUnits | None, order_item_id: int, units: int) -> UnitsDue:
    if line is None:
        message = f"order {order_id} has no line {order_item_id}: orders.get lists them"
        raise NotFound(message)
    left = line.quantity - line.settled_units
    if units > left:
        message = f"line {order_item_id} has {left} units left to refund, not {units}"
        raise InvalidValue(message)
    amount = subtract_money(worth_of(line, line.settled_units + units), line.settled_amount)
    # Below zero only where a refund of other units failed and one that stood beside it did not.
    return UnitsDue(order_item_id, units, max(amount, Decimal(0)))

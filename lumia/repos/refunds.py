"""Refunds: asked for by amount or by unit, and what became of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from lumia.dto.base import checked_id, validated
from lumia.dto.orders import StatusNote
from lumia.dto.payments import (
    NewRefund,
    NewUnitRefunds,
    Payment,
    Refund,
    RefundItem,
    RefundItemRow,
    RefundOutcome,
    RefundRow,
)
from lumia.errors import IllegalTransition, InvalidValue
from lumia.repos.base import Repository, found, made
from lumia.repos.once import claim_once
from lumia.repos.payment_events import HeldPayment, hold_payment
from lumia.repos.progress import advance, lock_live_order
from lumia.repos.refunding import RefundDraft, checked_amount, room_of, spread_over, units_due, write_refunds
from lumia.typedsql import compose, prepare
from lumia.types import RefundStatus

if TYPE_CHECKING:
    from lumia.queries.protocols import Queries
    from lumia.repos.context import Context

__all__ = ["Refunds", "read_payment"]

_NOTHING: Final = "items: these units cost nothing, or were paid back already"


class Refunds(Repository):
    """The part of the payments' repository that gives money back."""

    def refunds(self, order_id: int) -> tuple[Refund, ...]:
        """List the refunds of an order with the units that they pay back, oldest first. Two statements."""
        return _refunds(self._context.q, checked_id("order_id", order_id))

    def refund(
        self,
        payment_id: int,
        amount: Decimal | None = None,
        *,
        items: Mapping[int, int] | None = None,
        actor: str,
        reason: str = "",
        idempotency_key: str | None = None,
    ) -> Refund:
        """Ask for the refund of an amount, or of so many units of lines (by order item key), from a payment.

        Units give back what was paid for them to the last decimal, all units of a line together its total. Pass the
        refund's `public_id` on to the provider; `settle_refund`, `fail_refund` or the provider's event say what became
        of it. Until it fails it counts as given back. With a key a repeated call gives the refund that the first one
        made. `refund_items` takes units that several payments paid for. Eleven statements, one or two more where the
        order's columns change.

        Raises:
            NotFound: there is no such payment, or the order has no such line.
            InvalidValue: more than what was captured and is not on its way back, fewer units are left, the units cost
                nothing, or an argument does not fit or holds a card number.
            IdempotencyConflict: the key was used for another refund.
        """
        new = validated(
            NewRefund,
            payment_id=payment_id,
            amount=amount,
            items=items,
            actor=actor,
            reason=reason,
            idempotency_key=idempotency_key,
        )
        note = StatusNote(actor=new.actor, reason=new.reason)
        with self._context.unit(write=True) as unit:
            payment = read_payment(unit.q, new.payment_id)
            held = hold_payment(unit, payment, note)
            claim = claim_once(unit, "payments.refund", f"payment:{payment.payment_id}", new.idempotency_key, new)
            refund_id = claim.result_id
            if refund_id is None:
                draft = _draft(unit, held, new)
                write_refunds(unit, [draft], note)
                refund_id = made(unit.q.refunds.get_refund_id(public_id=draft.public_id))
                held.advance()
                claim.finish(unit, refund_id)
            return _refund(unit.q, payment.order_id, refund_id)

    def refund_items(
        self,
        order_id: int,
        items: Mapping[int, int],
        *,
        actor: str,
        reason: str = "",
        idempotency_key: str | None = None,
    ) -> tuple[Refund, ...]:
        """Ask for the refund of so many units of lines (by order item key), from the order's payments, oldest first.

        One refund for each payment that gives something back; the units stand with the first that pays for them, and
        what the next one adds has no units of its own. With a key a repeated call gives the refunds that the first one
        made, as they stand. Ten statements, two more with a key and one more where the order's columns change.

        Raises:
            NotFound: there is no such order, or it has no such line.
            IllegalTransition: the order was imported.
            InvalidValue: fewer units are left, less of what was captured is left than they come to, they cost nothing,
                or an argument does not fit or holds a card number.
            IdempotencyConflict: the key was used for another refund.
        """
        new = validated(
            NewUnitRefunds,
            order_id=order_id,
            items=items,
            actor=actor,
            reason=reason,
            idempotency_key=idempotency_key,
        )
        note = StatusNote(actor=new.actor, reason=new.reason)
        with self._context.unit(write=True) as unit:
            order = lock_live_order(unit, new.order_id)
            payments = unit.q.payments.lock_payments_of_orders(order_ids=(order.order_id,))
            claim = claim_once(unit, "payments.refund_items", f"order:{order.order_id}", new.idempotency_key, new)
            first_id = claim.result_id
            if first_id is None:
                drafts = spread_over(unit, payments, units_due(unit, order.order_id, new.items))
                if not drafts:
                    raise InvalidValue(_NOTHING)
                write_refunds(unit, drafts, note)
                first_id = made(unit.q.refunds.get_refund_id(public_id=drafts[0].public_id))
                advance(unit, order, note)
                claim.finish(unit, first_id)
            return _made_with(_refunds(unit.q, order.order_id), first_id)

    def settle_refund(self, refund_id: int, *, actor: str, provider_reference: str | None = None) -> Refund:
        """Write down that a refund was made, and the provider's key of it where it is known. Eleven statements.

        A refund that was made already stays as it is. Raises `NotFound`; `IllegalTransition` for one that failed;
        `AlreadyExists` where the payment has another refund with this reference; `InvalidValue` where the refund has
        another reference or an argument does not fit.
        """
        outcome = validated(RefundOutcome, refund_id=refund_id, actor=actor, provider_reference=provider_reference)
        return self._end_refund(outcome, RefundStatus.SUCCEEDED)

    def fail_refund(
        self, refund_id: int, *, actor: str, reason: str = "", provider_reference: str | None = None
    ) -> Refund:
        """Write down that a refund could not be made: its amount and units can be refunded anew.

        Eleven or twelve statements. A failed refund stays as it is. Raises `NotFound`; `IllegalTransition` for one
        that was made; `AlreadyExists` and `InvalidValue` as `settle_refund` does.
        """
        outcome = validated(
            RefundOutcome, refund_id=refund_id, actor=actor, reason=reason, provider_reference=provider_reference
        )
        return self._end_refund(outcome, RefundStatus.FAILED)

    def _end_refund(self, outcome: RefundOutcome, status: RefundStatus) -> Refund:
        note = StatusNote(actor=outcome.actor, reason=outcome.reason)
        with self._context.unit(write=True) as unit:
            row: RefundRow | None = unit.q.refunds.get_refund(refund_id=outcome.refund_id)
            row = found(row, f"there is no refund {outcome.refund_id}")
            held = hold_payment(unit, read_payment(unit.q, row.payment_id), note)
            refund = held.refund(outcome.refund_id)
            if refund.status not in {RefundStatus.PENDING, status}:
                message = f"refund {refund.refund_id} is {refund.status.value}: that is final"
                raise IllegalTransition(message)
            reference = outcome.provider_reference
            if reference is not None and refund.provider_reference not in {None, reference}:
                message = f"provider_reference: refund {refund.refund_id} has another one"
                raise InvalidValue(message)
            if refund.status is not status or (reference is not None and refund.provider_reference is None):
                held.set_refund(refund, status, reference)
                held.settle_waiting()
            return _refund(unit.q, held.payment.order_id, refund.refund_id)


def _draft(unit: Context, held: HeldPayment, new: NewRefund) -> RefundDraft:
    payment = held.payment
    if new.items:
        drafts = spread_over(unit, [payment], units_due(unit, payment.order_id, new.items))
        if not drafts:
            raise InvalidValue(_NOTHING)
        return drafts[0]
    amount = checked_amount(new.amount or Decimal(0), payment.currency)
    if amount > room_of(payment):
        message = f"payment {payment.payment_id} has {room_of(payment):f} left to refund, not {amount:f}"
        raise InvalidValue(message)
    return RefundDraft(payment, unit.new_uuid(), amount)


def read_payment(q: Queries, payment_id: int) -> Payment:
    """Read a payment. Raises `NotFound`. One statement."""
    payment: Payment | None = q.payments.get_payment(payment_id=payment_id)
    return found(payment, f"there is no payment {payment_id}: payments.of_order lists an order's")


def _refund(q: Queries, order_id: int, refund_id: int) -> Refund:
    return next(refund for refund in _refunds(q, order_id) if refund.refund_id == refund_id)


def _made_with(refunds: Sequence[Refund], first_id: int) -> tuple[Refund, ...]:
    """Give the refunds that were made with one: at its instant, and from ever younger payments."""
    several: list[Refund] = []
    for refund in refunds:
        is_next = several and (refund.created_at, refund.actor) == (several[0].created_at, several[0].actor)
        if refund.refund_id == first_id or (is_next and refund.payment_id > several[-1].payment_id):
            several.append(refund)
        elif several:
            break
    return tuple(several)


def _refunds(q: Queries, order_id: int) -> tuple[Refund, ...]:
    rows, items = q.pipeline(
        (
            prepare(q.refunds.list_refunds_of_order, order_id=order_id),
            prepare(q.refunds.list_refund_items_of_order, order_id=order_id),
        )
    )
    of: dict[int, list[RefundItem]] = defaultdict(list)
    for item in items:
        of[item.refund_id].append(_without_key(item))
    return tuple(compose(Refund, row, items=tuple(of[row.refund_id])) for row in rows)


def _without_key(item: RefundItemRow) -> RefundItem:
    return RefundItem(order_item_id=item.order_item_id, quantity=item.quantity, amount=item.amount)

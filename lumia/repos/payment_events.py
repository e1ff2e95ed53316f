"""How a payment takes in what is told about it: once, in any order, and with what follows for its order and refunds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from lumia.dto.orders import LockedOrder, StatusNote
from lumia.dto.payments import LockedPayment, Payment, PaymentEvent, RefundRow
from lumia.errors import IdempotencyConflict, InvalidValue
from lumia.money import subtract_money, sum_money
from lumia.repos.base import found
from lumia.repos.events import order_event
from lumia.repos.progress import advance, advance_with_surplus, lock_live_order
from lumia.repos.refunding import amount_text
from lumia.types import OrderStatus, PaymentEventKind, RefundStatus

if TYPE_CHECKING:
    from lumia.repos.context import Context

__all__ = ["HeldPayment", "Told", "hold_payment"]

REFUND_DUE: Final = "refund_due"
_FINAL: Final = frozenset({OrderStatus.CANCELLED, OrderStatus.REFUNDED})
_REFUNDS: Final = frozenset({PaymentEventKind.REFUNDED, PaymentEventKind.REFUND_FAILED})
_NO_ROOM: Final = frozenset({"payments_refunded_within", "refund_items_units"})


@dataclass(frozen=True, slots=True)
class Told:
    """What is told about a payment: by its provider under a key of its own, or by the shop under a new one."""

    kind: PaymentEventKind
    provider_event_id: str
    amount: Decimal | None = None
    refund_reference: str | None = None
    payload: str | None = None
    occurred_at: datetime | None = None


class HeldPayment:
    """A payment whose order and row are locked for this unit of work."""

    def __init__(self, unit: Context, order: LockedOrder, payment: LockedPayment, note: StatusNote) -> None:
        """Work on a locked payment, in the name of whoever `note` tells."""
        self._unit = unit
        self._order = order
        self._note = note
        self.payment = payment

    def knows(self, told: Told) -> bool:
        """Tell whether this was told before; without an amount any amount is meant. One statement.

        Raises:
            IdempotencyConflict: something else was told under the same key.
        """
        known: PaymentEvent | None = self._unit.q.payments.get_event(
            provider=self.payment.provider, provider_event_id=told.provider_event_id
        )
        if known is None:
            return False
        same = (known.payment_id, known.kind, known.refund_reference) == (
            self.payment.payment_id,
            told.kind,
            told.refund_reference,
        )
        if not same or told.amount not in {None, known.amount}:
            message = "provider_event_id: it was used for another event; a new event has a new one"
            raise IdempotencyConflict(message)
        return True

    def take(self, told: Told) -> None:
        """Write down what is told for the first time, and do what follows from it.

        Two to five statements; a refund's event, and a capture for which one waits, some six more for each that takes
        effect.

        Raises:
            InvalidValue: the captures come to more than the payment's amount.
        """
        unit, payment = self._unit, self.payment
        now = unit.now()
        is_refund = told.kind in _REFUNDS
        captured = told.kind is PaymentEventKind.CAPTURED
        amount = told.amount or Decimal(0)
        if captured and sum_money((payment.captured_amount, amount)) > payment.amount:
            message = f"payment {payment.payment_id} is of {payment.amount:f}: more than that cannot be captured"
            raise InvalidValue(message)
        unit.q.payments.insert_events(
            [
                {
                    "payment_id": payment.payment_id,
                    "provider": payment.provider,
                    "provider_event_id": told.provider_event_id,
                    "kind": told.kind,
                    "amount": told.amount,
                    "refund_reference": told.refund_reference,
                    "payload": told.payload,
                    "occurred_at": told.occurred_at or now,
                    "applied_at": None if is_refund else now,
                    "now": now,
                }
            ]
        )
        if not is_refund:
            self._announce(f"payment.{told.kind.value}", told.amount)
            self._order, surplus = advance_with_surplus(unit, self._order, self._note)
            if self._order.status not in _FINAL:
                amount = min(amount, surplus)
            if captured and amount > 0:
                self._announce(REFUND_DUE, amount)
        if is_refund or captured:
            self.settle_waiting()

    def know_as(self, reference: str | None) -> None:
        """Add the key that the provider knows the payment under. One statement where it was not known, else none.

        Raises:
            InvalidValue: the payment has another one.
            AlreadyExists: another payment has this one.
        """
        if reference is None or reference == self.payment.provider_reference:
            return
        if self.payment.provider_reference is not None:
            message = f"provider_reference: payment {self.payment.payment_id} has another one"
            raise InvalidValue(message)
        self._unit.q.payments.set_payment_reference(
            payment_id=self.payment.payment_id, provider_reference=reference, now=self._unit.now()
        )

    def advance(self) -> None:
        """Bring the order to where its payments say that it stands. One to four statements."""
        self._order = advance(self._unit, self._order, self._note)

    def settle_waiting(self) -> None:
        """Let the refunds' events that wait take effect, as far as they can now. One statement where none waits."""
        settled = True
        while settled:
            # Each of them once, then all again: what one gives room to may stand before it.
            settled = False
            for event in self._waiting():
                settled = self._settles(event) or settled

    def set_refund(self, refund: RefundRow, status: RefundStatus, reference: str | None = None) -> None:
        """Bring a refund to another status, tell other systems, and bring the order forward. Three to six statements.

        Raises:
            InvalidValue: what failed shall count again, and less is left of what was captured or of the line's units.
            AlreadyExists: the payment has another refund with this reference.
        """
        self._unit.q.refunds.set_refund_status(
            refund_id=refund.refund_id, status=status, provider_reference=reference, now=self._unit.now()
        )
        if status is not refund.status:
            self._announce(f"refund.{status.value}", refund.amount, refund=str(refund.public_id))
            self.advance()

    def refund(self, refund_id: int) -> RefundRow:
        """Read a refund under the lock. One statement."""
        row: RefundRow | None = self._unit.q.refunds.get_refund(refund_id=refund_id)
        return found(row, f"there is no refund {refund_id}")

    def _waiting(self) -> list[PaymentEvent]:
        events: list[PaymentEvent] = self._unit.q.payments.list_waiting_events(payment_id=self.payment.payment_id)
        return events

    def _settles(self, event: PaymentEvent) -> bool:
        refund = self._meant(event)
        done = self._fails(refund) if event.kind is PaymentEventKind.REFUND_FAILED else self._succeeds(refund, event)
        if done:
            self._unit.q.payments.apply_event(payment_event_id=event.payment_event_id, now=self._unit.now())
        return done

    def _meant(self, event: PaymentEvent) -> RefundRow | None:
        rows: list[RefundRow] = self._unit.q.refunds.list_refunds_of_order(order_id=self.payment.order_id)
        mine = [refund for refund in rows if refund.payment_id == self.payment.payment_id]
        named = (row for row in mine if event.refund_reference in {row.provider_reference, str(row.public_id)})
        # Often a provider tells that a refund was made before the call that asked for it has given its key to the shop.
        asked = (
            row
            for row in mine
            if event.kind is PaymentEventKind.REFUNDED
            and row.status is RefundStatus.PENDING
            and row.provider_reference is None
            and row.amount == event.amount
        )
        return next(named, None) or next(asked, None)

    def _fails(self, refund: RefundRow | None) -> bool:
        if refund is None:
            return False
        # Money that went back weighs more than a failure, whichever was told first.
        if refund.status is RefundStatus.PENDING:
            self.set_refund(refund, RefundStatus.FAILED)
        return True

    def _succeeds(self, refund: RefundRow | None, event: PaymentEvent) -> bool:
        amount = event.amount or Decimal(0)
        if refund is None:
            return self._adopts(event, amount)
        if refund.amount != amount:
            return False
        if refund.status is RefundStatus.FAILED:
            return self._succeeds_after_all(refund)
        if refund.status is RefundStatus.PENDING:
            is_known = event.refund_reference in {refund.provider_reference, str(refund.public_id)}
            self.set_refund(refund, RefundStatus.SUCCEEDED, None if is_known else event.refund_reference)
        return True

    def _succeeds_after_all(self, refund: RefundRow) -> bool:
        try:
            with self._unit.unit(write=True) as attempt:
                again = HeldPayment(attempt, self._order, self.payment, self._note)
                again.set_refund(refund, RefundStatus.SUCCEEDED)
        except InvalidValue as error:
            if error.constraint not in _NO_ROOM:
                raise
            return False
        self._order = again._order
        return True

    def _adopts(self, event: PaymentEvent, amount: Decimal) -> bool:
        # Made at the provider's own desk, and known here by its key there.
        payment: Payment | None = self._unit.q.payments.get_payment(payment_id=self.payment.payment_id)
        payment = found(payment, f"there is no payment {self.payment.payment_id}")
        if amount > subtract_money(payment.captured_amount, payment.refunded_amount):
            return False
        public_id = self._unit.new_uuid()
        self._unit.q.refunds.insert_refunds(
            [
                {
                    "public_id": public_id,
                    "payment_id": payment.payment_id,
                    "provider_reference": event.refund_reference,
                    "amount": amount,
                    "status": RefundStatus.SUCCEEDED,
                    "reason": "",
                    "actor": self._note.actor,
                    "now": self._unit.now(),
                }
            ]
        )
        self._announce("refund.succeeded", amount, refund=str(public_id))
        self.advance()
        return True

    def _announce(self, kind: str, amount: Decimal | None, **details: str) -> None:
        if amount is not None:
            details |= {"amount": amount_text(amount, self.payment.currency), "currency": self.payment.currency}
        row = order_event(kind, self._order.public_id, self._unit.now(), payment=str(self.payment.public_id), **details)
        self._unit.q.outbox.insert_events([row])


def hold_payment(unit: Context, payment: Payment, note: StatusNote) -> HeldPayment:
    """Lock a payment's order, then the payments of the order. Two statements.

    Raises:
        IllegalTransition: the order was imported.
    """
    order = lock_live_order(unit, payment.order_id)
    locked: list[LockedPayment] = unit.q.payments.lock_payments_of_orders(order_ids=(order.order_id,))
    mine = next((row for row in locked if row.payment_id == payment.payment_id), None)
    return HeldPayment(unit, order, found(mine, f"there is no payment {payment.payment_id}"), note)

"""Payments of orders: authorised, captured, voided or failed by hand or by their provider's word, and refunded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from lumia.dto.base import checked_id, validated
from lumia.dto.orders import StatusNote
from lumia.dto.payments import (
    NewPayment,
    Payment,
    PaymentChange,
    PaymentEvent,
    ProviderEvent,
)
from lumia.errors import IllegalTransition, InvalidValue
from lumia.money import subtract_money
from lumia.repos.base import found, made
from lumia.repos.once import claim_once
from lumia.repos.payment_events import Told, hold_payment
from lumia.repos.progress import advance, lock_live_order
from lumia.repos.refunding import checked_amount
from lumia.repos.refunds import Refunds, read_payment
from lumia.types import CaptureTime, OrderStatus, PaymentEventKind, PaymentState

if TYPE_CHECKING:
    from lumia.dto.orders import LockedOrder
    from lumia.repos.context import Context

__all__ = ["Payments"]

_FINAL: Final = frozenset({OrderStatus.CANCELLED, OrderStatus.REFUNDED})
_OPEN: Final = frozenset({PaymentState.PENDING, PaymentState.AUTHORIZED})


class Payments(Refunds):
    """The payments of orders, and their refunds.

    Lumia writes down what happens to money and never moves any: the caller talks to the provider, and tells here what
    it said. No card number is ever stored: it is refused in texts, and masked to its last four digits in what a
    provider sent; the keys that providers give, and JSON numbers, are not looked at.
    """

    def record(
        self,
        order_id: int,
        *,
        provider: str,
        method: str,
        amount: Decimal,
        provider_reference: str | None = None,
        card_brand: str | None = None,
        card_last4: str | None = None,
        capture_at: CaptureTime | str = CaptureTime.PLACEMENT,
        actor: str,
        idempotency_key: str | None = None,
    ) -> Payment:
        """Write down that an order shall be paid by a provider, in the order's currency; nothing has come in yet.

        Pass the payment's `public_id` on to the provider. With a key a repeated call gives the payment that the first
        one made. Four statements, six statements with a key.

        Raises:
            NotFound: there is no such order.
            IllegalTransition: the order is cancelled, refunded or imported.
            AlreadyExists: the provider's reference belongs to a payment already.
            IdempotencyConflict: the key was used for another payment.
            InvalidValue: the amount is not above zero, above the order's total or no multiple of the currency's minor
                unit, or a field does not fit or holds a card number.
        """
        new = validated(
            NewPayment,
            order_id=order_id,
            provider=provider,
            method=method,
            amount=amount,
            provider_reference=provider_reference,
            card_brand=card_brand,
            card_last4=card_last4,
            capture_at=capture_at,
            actor=actor,
            idempotency_key=idempotency_key,
        )
        with self._context.unit(write=True) as unit:
            order = lock_live_order(unit, new.order_id)
            claim = claim_once(unit, "payments.record", f"order:{order.order_id}", new.idempotency_key, new)
            payment_id = claim.result_id
            if payment_id is None:
                payment_id = _insert(unit, order, new)
                advance(unit, order, StatusNote(actor=new.actor, reason="payment recorded"))
                claim.finish(unit, payment_id)
            return made(unit.q.payments.get_payment(payment_id=payment_id))

    def get(self, payment_id: int) -> Payment:
        """Read a payment. Raises `NotFound`. One statement."""
        return read_payment(self._context.q, checked_id("payment_id", payment_id))

    def of_order(self, order_id: int) -> tuple[Payment, ...]:
        """List the payments of an order, oldest first; an order that does not exist has none. One statement."""
        return tuple(self._context.q.payments.list_payments_of_order(order_id=checked_id("order_id", order_id)))

    def events(self, payment_id: int) -> tuple[PaymentEvent, ...]:
        """List what was told about a payment, in the order of its arrival. One statement."""
        key = checked_id("payment_id", payment_id)
        return tuple(self._context.q.payments.list_events_of_payment(payment_id=key))

    def authorize(
        self,
        payment_id: int,
        *,
        actor: str,
        reason: str = "",
        event_id: str | None = None,
        provider_reference: str | None = None,
        payload: Mapping[str, object] | str | None = None,
    ) -> Payment:
        """Write down that the provider set the payment's amount aside. Seven statements.

        One more with an `event_id`, for a new reference, and where the order's columns change.
        A payment that is authorized already stays as it is. `event_id` is the provider's key of what happened, if it
        is known: its own message about it then changes nothing. `provider_reference` adds the provider's key of the
        payment, where none is known; `payload` keeps what it sent.

        Raises:
            NotFound: there is no such payment.
            IllegalTransition: it was captured, voided or failed.
            IdempotencyConflict: something else was told under `event_id`.
            InvalidValue: the payment has another reference, or an argument does not fit or holds a card number.
        """
        change = validated(
            PaymentChange,
            payment_id=payment_id,
            actor=actor,
            reason=reason,
            event_id=event_id,
            provider_reference=provider_reference,
            payload=payload,
        )
        return self._step(change, PaymentEventKind.AUTHORIZED, frozenset({PaymentState.PENDING}))

    def capture(
        self,
        payment_id: int,
        amount: Decimal | None = None,
        *,
        actor: str,
        reason: str = "",
        event_id: str | None = None,
        provider_reference: str | None = None,
        payload: Mapping[str, object] | str | None = None,
    ) -> Payment:
        """Write down that an amount came in, all that is left of the payment if none is given.

        Eight to ten statements; six more for each refund's event that waited for the money.
        A payment that was captured in full stays as it is where no amount is given; each call with an amount captures
        that much more, unless its `event_id` is known. The order is paid once all that is due came in and stayed. What
        comes in after a void or a failure is written down as well: it weighs more. What comes in for a cancelled or a
        refunded order changes no status; that, and what is more than is due, goes into the outbox as `refund_due`. The
        other arguments are `authorize`'s.

        Raises:
            NotFound: there is no such payment.
            IdempotencyConflict: something else was told under `event_id`.
            InvalidValue: less is left to capture, the amount is no multiple of the currency's minor unit, the payment
                has another reference, or an argument does not fit or holds a card number.
        """
        change = validated(
            PaymentChange,
            payment_id=payment_id,
            amount=amount,
            actor=actor,
            reason=reason,
            event_id=event_id,
            provider_reference=provider_reference,
            payload=payload,
        )
        return self._step(change, PaymentEventKind.CAPTURED, frozenset(PaymentState))

    def void(self, payment_id: int, *, actor: str, reason: str = "", event_id: str | None = None) -> Payment:
        """Write down that nothing of a payment will be captured any more. Seven statements, as `authorize`.

        A voided payment stays as it is. Raises `NotFound`; `IllegalTransition` for a payment that was captured or
        failed; `IdempotencyConflict` and `InvalidValue` as `authorize` does.
        """
        change = validated(PaymentChange, payment_id=payment_id, actor=actor, reason=reason, event_id=event_id)
        return self._step(change, PaymentEventKind.VOIDED, _OPEN)

    def fail(self, payment_id: int, *, actor: str, reason: str = "", event_id: str | None = None) -> Payment:
        """Write down that the provider declined a payment. Seven statements, as `authorize`.

        A failed payment stays as it is. Raises `NotFound`; `IllegalTransition` for a payment that was captured or
        voided; `IdempotencyConflict` and `InvalidValue` as `authorize` does.
        """
        change = validated(PaymentChange, payment_id=payment_id, actor=actor, reason=reason, event_id=event_id)
        return self._step(change, PaymentEventKind.FAILED, _OPEN)

    def apply_event(
        self,
        provider: str,
        provider_event_id: str,
        *,
        provider_reference: str,
        kind: PaymentEventKind | str,
        amount: Decimal | None = None,
        refund_reference: str | None = None,
        payload: Mapping[str, object] | str | None = None,
        occurred_at: datetime | None = None,
    ) -> Payment:
        """Take in what a provider tells about the payment that it knows by `provider_reference`; give the payment.

        The same event may come as often, and several in whatever order they like: the payment, its refunds and its
        order's `payment_status` are a function of the set of them; an order that was paid once stays paid. Money that
        was taken weighs more than a void, a void more than a failure, any of them more than an authorisation; a refund
        that was made weighs more than one that failed.
        Without an amount `captured` means the whole payment. A refund's event names the refund by the provider's key
        or by its `public_id`; with a key that is not known here it is the oldest pending refund of this amount that has
        no key yet. If there is none, it was made at the provider and is recorded, once its money is there: until then
        the event waits. Without a `refund_reference` a `refunded` event is a refund by itself.

        Five statements for an event that is known, seven to eleven statements for a new one, fourteen statements for a
        refund; six more for each event that waited for it.

        Raises:
            NotFound: no payment has this reference.
            IdempotencyConflict: another event came under the same key.
            InvalidValue: the captures come to more than the payment, an amount is no multiple of the currency's minor
                unit, the payload is no JSON, or a field is missing or does not fit.
        """
        event = validated(
            ProviderEvent,
            provider=provider,
            provider_event_id=provider_event_id,
            provider_reference=provider_reference,
            kind=kind,
            amount=amount,
            refund_reference=refund_reference,
            payload=payload,
            occurred_at=occurred_at,
        )
        with self._context.unit(write=True) as unit:
            payment: Payment | None = unit.q.payments.get_payment_by_reference(
                provider=event.provider, provider_reference=event.provider_reference
            )
            payment = found(payment, "no payment of this provider has this reference")
            note = StatusNote(actor=f"provider:{event.provider}", reason=f"payment {event.kind.value}")
            held = hold_payment(unit, payment, note)
            told = _told(event, payment)
            if not held.knows(told):
                held.take(told)
            return read_payment(unit.q, payment.payment_id)

    def _step(self, change: PaymentChange, kind: PaymentEventKind, possible: frozenset[PaymentState]) -> Payment:
        note = StatusNote(actor=change.actor, reason=change.reason)
        with self._context.unit(write=True) as unit:
            held = hold_payment(unit, read_payment(unit.q, change.payment_id), note)
            payment = held.payment
            held.know_as(change.provider_reference)
            told = Told(
                kind=kind,
                provider_event_id=change.event_id or f"lumia:{unit.new_uuid()}",
                amount=change.amount,
                payload=change.payload,
            )
            known = change.event_id is not None and held.knows(told)
            if not known and not _is_done(payment, kind, change):
                if payment.status not in possible:
                    message = f"payment {payment.payment_id} is {payment.status.value}: it cannot be {kind.value}"
                    raise IllegalTransition(message)
                held.take(
                    replace(told, amount=_captured(payment, change)) if kind is PaymentEventKind.CAPTURED else told
                )
            return read_payment(unit.q, payment.payment_id)


def _insert(unit: Context, order: LockedOrder, new: NewPayment) -> int:
    if order.status in _FINAL:
        message = f"order {order.order_id} is {order.status.value}: it takes no further payment"
        raise IllegalTransition(message)
    if checked_amount(new.amount, order.currency) > order.total:
        message = f"amount: order {order.order_id} comes to {order.total:f} {order.currency}"
        raise InvalidValue(message)
    payment_id: int = unit.q.payments.insert_payment(
        public_id=unit.new_uuid(),
        currency=order.currency,
        now=unit.now(),
        **new.model_dump(exclude={"actor", "idempotency_key"}),
    )
    return payment_id


def _told(event: ProviderEvent, payment: Payment) -> Told:
    amount = event.amount
    if amount is None and event.kind is PaymentEventKind.CAPTURED:
        amount = payment.amount
    if amount is not None:
        checked_amount(amount, payment.currency)
    reference = event.refund_reference
    if reference is None and event.kind is PaymentEventKind.REFUNDED:
        reference = event.provider_event_id
    return Told(event.kind, event.provider_event_id, amount, reference, event.payload, event.occurred_at)


def _captured(payment: Payment, change: PaymentChange) -> Decimal:
    if change.amount is not None:
        return checked_amount(change.amount, payment.currency)
    return subtract_money(payment.amount, payment.captured_amount)


def _is_done(payment: Payment, kind: PaymentEventKind, change: PaymentChange) -> bool:
    if kind is PaymentEventKind.CAPTURED:
        return change.amount is None and payment.captured_amount == payment.amount
    return payment.status.value == kind.value

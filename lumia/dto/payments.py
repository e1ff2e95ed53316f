"""Payments, what was told about them, and refunds: never a card number, whatever a caller hands in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.cards import holds_card_number, masked_json
from lumia.dto.fields import Actor, Length, Note, Trimmed
from lumia.errors import InvalidValue
from lumia.types import (
    MONEY_QUANTUM,
    CaptureTime,
    Id,
    Instant,
    Money,
    PaymentEventKind,
    PaymentState,
    Price,
    Quantity,
    RefundStatus,
    SafeText,
    UtcDatetime,
)

__all__ = [
    "LockedPayment",
    "NewPayment",
    "NewRefund",
    "NewUnitRefunds",
    "Payment",
    "PaymentChange",
    "PaymentEvent",
    "ProviderEvent",
    "ProviderKey",
    "Refund",
    "RefundItem",
    "RefundItemRow",
    "RefundOutcome",
    "RefundRow",
    "SettledUnits",
]

_CARD_LENGTH: Final = re.compile(r"[0-9]{13}")
_EXACT: Final = Context(prec=100)
_REFUNDS: Final = (PaymentEventKind.REFUNDED, PaymentEventKind.REFUND_FAILED)


def _four_decimals(amount: Decimal) -> Decimal:
    # 12.5 and 12.50 are one request.
    return _EXACT.quantize(amount, MONEY_QUANTUM)


def _without_card_number(text: str) -> str:
    if holds_card_number(text):
        message = "a card number has no place here"
        raise ValueError(message)
    return text


def _without_room_for_one(text: str) -> str:
    # What the database can ask for as well: it knows no check digits.
    if _CARD_LENGTH.search(text.replace(" ", "").replace("-", "")) is not None:
        message = "13 digits in a row could be a card number, which has no place here"
        raise ValueError(message)
    return _without_card_number(text)


def _masked(payload: object) -> object:
    if payload is None:
        return None
    if not isinstance(payload, str):
        if not isinstance(payload, (Mapping, list, tuple)):
            message = "give a JSON object or array, as a text or as Python objects"
            raise ValueError(message)  # noqa: TRY004 - pydantic collects ValueError only
        try:
            payload = json.dumps(payload, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            message = "give what can be written as JSON"
            raise ValueError(message) from None
    try:
        return masked_json(payload)
    except InvalidValue as error:
        raise ValueError(str(error).removeprefix("payload: ")) from None


Key = Annotated[Id, Field(strict=True)]
"""A row's key; strict, for True is an int to Python and would silently mean row 1."""

Provider = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
"""A payment provider's name: `stripe`, `paypal`, `bank_transfer`."""

Reference = Annotated[SafeText, Length(1, 255)]
"""A key that a provider gave; never looked at, for keys may look like card numbers."""

Short = Annotated[Trimmed, Length(1, 40), AfterValidator(_without_room_for_one)]
"""How something was paid, or with which brand of card."""

Payer = Annotated[Actor, AfterValidator(_without_card_number)]
"""Who did it, and no card number."""

Why = Annotated[Note, AfterValidator(_without_card_number)]
"""Why it was done, and no card number."""

Payload = Annotated[SafeText | None, BeforeValidator(_masked)]
"""What a provider sent, as JSON: every card number in its strings and keys is masked to its last four digits."""

IdempotencyKey = Annotated[SafeText, Length(1, 255)]
"""Under which something is made once."""

Amount = Annotated[Price, Field(gt=0), AfterValidator(_four_decimals)]
"""An amount above zero."""


class Payment(FrozenRow):
    """A payment of an order.

    `captured_amount` is what came in, `refunded_amount` what goes back of it by refunds that did not fail;
    0 <= refunded <= captured <= `amount`. `capture_at` says when the caller means to capture it.
    """

    payment_id: int
    public_id: UUID
    order_id: int
    provider: str
    provider_reference: str | None
    method: str
    card_brand: str | None
    card_last4: str | None
    amount: Money
    currency: str
    status: PaymentState
    capture_at: CaptureTime
    captured_amount: Money
    refunded_amount: Money
    created_at: UtcDatetime
    updated_at: UtcDatetime


class LockedPayment(Payment):
    """A payment that nobody else may change until the unit of work ends, with its order's public id."""

    order_public_id: UUID


class PaymentEvent(FrozenRow):
    """What was told about a payment, once; `applied_at` is None while a refund's event waits for its turn.

    `payload` is the provider's JSON as text, without card numbers. An event of the shop's own has a
    `provider_event_id` that begins with `lumia:`.
    """

    payment_event_id: int
    payment_id: int
    provider: str
    provider_event_id: str
    kind: PaymentEventKind
    amount: Money | None
    refund_reference: str | None
    payload: str | None
    occurred_at: UtcDatetime
    applied_at: UtcDatetime | None
    created_at: UtcDatetime


class RefundRow(FrozenRow):
    """A refund's own row."""

    refund_id: int
    public_id: UUID
    payment_id: int
    provider_reference: str | None
    amount: Money
    status: RefundStatus
    reason: str
    actor: str
    created_at: UtcDatetime
    updated_at: UtcDatetime


class RefundItem(FrozenRow):
    """How many units of a line a refund pays back, and how much for them.

    No units: the rest of what the units of an earlier refund, of another payment of the order, come to.
    """

    order_item_id: int
    quantity: int
    amount: Money


class RefundItemRow(FrozenRow):
    """A refund's item with its refund."""

    refund_id: int
    order_item_id: int
    quantity: int
    amount: Money


class Refund(RefundRow):
    """A refund with the units that it pays back, by line; none where it was asked for by amount."""

    items: tuple[RefundItem, ...]


class SettledUnits(FrozenRow):
    """What each unit of a line is worth, and how many units were waived or refunded so far, and for how much."""

    order_item_id: int
    quantity: int
    unit_share: Money | None
    odd_units: int
    odd_share: Money
    settled_units: int
    settled_amount: Money


class NewPayment(InputModel):
    """A payment to record for an order: by whom it is processed, how, how much, and when it is to be captured."""

    order_id: Key
    provider: Provider
    method: Short
    amount: Amount
    provider_reference: Reference | None = None
    card_brand: Short | None = None
    card_last4: Annotated[str, Field(pattern=r"^[0-9]{4}$")] | None = None
    capture_at: CaptureTime = CaptureTime.PLACEMENT
    actor: Payer
    idempotency_key: IdempotencyKey | None = None


class PaymentChange(InputModel):
    """A step of a payment that the shop itself makes."""

    payment_id: Key
    amount: Amount | None = None
    actor: Payer
    reason: Why = ""
    event_id: Reference | None = None
    provider_reference: Reference | None = None
    payload: Payload = None


class ProviderKey(InputModel):
    """A payment's key at its provider."""

    provider: Provider
    provider_reference: Reference


class ProviderEvent(InputModel):
    """What a provider tells about a payment, as often and in whatever order it likes."""

    provider: Provider
    provider_event_id: Reference
    provider_reference: Reference
    kind: PaymentEventKind
    amount: Amount | None = None
    refund_reference: Reference | None = None
    payload: Payload = None
    occurred_at: Instant | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.provider_event_id.startswith("lumia:"):
            message = "provider_event_id: `lumia:` is how the shop's own events begin"
            raise ValueError(message)
        if self.kind is PaymentEventKind.REFUNDED and self.amount is None:
            message = "amount: how much was refunded"
            raise ValueError(message)
        if self.kind is PaymentEventKind.REFUND_FAILED and self.refund_reference is None:
            message = "refund_reference: which refund failed"
            raise ValueError(message)
        if self.refund_reference is not None and self.kind not in _REFUNDS:
            message = "refund_reference: only a refund's event has one"
            raise ValueError(message)
        return self


class NewRefund(InputModel):
    """A refund to ask for: an amount, or units of lines of the order."""

    payment_id: Key
    amount: Amount | None = None
    items: Mapping[Key, Annotated[Quantity, Field(strict=True)]] | None = None
    reason: Why = ""
    actor: Payer
    idempotency_key: IdempotencyKey | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.amount is None) == (not self.items):
            message = "give either amount or items"
            raise ValueError(message)
        return self


class NewUnitRefunds(InputModel):
    """Units of lines of an order to pay back, from whichever payments of it have money left."""

    order_id: Key
    items: Annotated[Mapping[Key, Annotated[Quantity, Field(strict=True)]], Field(min_length=1)]
    reason: Why = ""
    actor: Payer
    idempotency_key: IdempotencyKey | None = None


class RefundOutcome(InputModel):
    """What became of a refund."""

    refund_id: Key
    actor: Payer
    reason: Why = ""
    provider_reference: Reference | None = None

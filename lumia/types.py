"""Value types that every layer shares: money, rates, texts, instants, pages and the status enums.

Each alias carries a `Logical` marker, which typed SQL reads to know how a value travels to and from each engine.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Context, Decimal
from enum import StrEnum
from typing import Annotated, Any, Final, Generic, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

__all__ = [
    "MONEY_LIMIT",
    "MONEY_QUANTUM",
    "RATE_QUANTUM",
    "AccountTokenKind",
    "AuditAction",
    "CaptureTime",
    "CartStatus",
    "Clock",
    "CountryCode",
    "CouponKind",
    "CouponTargetKind",
    "CurrencyCode",
    "FulfillmentStatus",
    "Id",
    "Instant",
    "Logical",
    "Money",
    "MovementKind",
    "OrderOrigin",
    "OrderStatus",
    "OrderStatusFrom",
    "Page",
    "PaymentEventKind",
    "PaymentState",
    "PaymentStatus",
    "Price",
    "ProductStatus",
    "Quantity",
    "Rate",
    "RefundStatus",
    "ReturnStatus",
    "ReviewStatus",
    "SafeText",
    "UtcDatetime",
    "UuidSource",
]

MONEY_QUANTUM: Final = Decimal("0.0001")
"""Money has four decimals: unit prices and imported history need them, what a customer is asked to pay has fewer."""

MONEY_LIMIT: Final = Decimal("99999999999.9999")
"""The largest amount either way; ten-thousandths of it, and sums of some nine thousand of it, fit into 64 bits."""

RATE_QUANTUM: Final = Decimal("0.000001")
"""Rates are shares of one with six decimals."""

MAX_ID: Final = 2**63 - 1

Clock = Callable[[], datetime]
"""Gives the present instant, aware and in UTC."""

UuidSource = Callable[[], UUID]
"""Gives a new UUIDv7 for a `public_id`."""


@dataclass(frozen=True, slots=True)
class Logical:
    """Marks an annotated type with the logical SQL type that its values have."""

    name: str


# Comparisons are exact whatever the caller's decimal context is; every operation, a bare minus too, rounds to it.
_EXACT: Final = Context(prec=100)
_LOWEST_MONEY: Final = MONEY_LIMIT.copy_negate()


def _checked_money(value: Decimal) -> Decimal:
    if not value.is_finite():
        message = "money must be a finite number"
        raise ValueError(message)
    if not _LOWEST_MONEY <= value <= MONEY_LIMIT:
        message = f"money must lie between -{MONEY_LIMIT} and {MONEY_LIMIT}"
        raise ValueError(message)
    if value != _EXACT.quantize(value, MONEY_QUANTUM):
        message = "money has at most four decimals"
        raise ValueError(message)
    return value


def _checked_rate(value: Decimal) -> Decimal:
    if not value.is_finite() or not 0 <= value <= 1:
        message = "a rate is a share of one, between 0 and 1"
        raise ValueError(message)
    if value != _EXACT.quantize(value, RATE_QUANTUM):
        message = "a rate has at most six decimals"
        raise ValueError(message)
    return value


def _checked_text(value: str) -> str:
    if "\x00" in value:
        message = "text must not hold a NUL character"
        raise ValueError(message)
    try:
        value.encode()
    except UnicodeEncodeError:
        message = "text must not hold lone surrogates"
        raise ValueError(message) from None
    return unicodedata.normalize("NFC", value)


_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)


def _no_number(value: object) -> object:
    # A number, or a text of digits, may count seconds or milliseconds: whoever guesses is wrong by a factor of 1000.
    if isinstance(value, datetime) or (isinstance(value, str) and value[4:5] == "-"):
        return value
    message = "give an instant: an aware datetime, in JSON a text like 2026-01-31T12:00:00Z"
    raise ValueError(message)


def _no_text(value: object, info: ValidationInfo) -> object:
    if info.mode == "python" and not isinstance(value, datetime):
        message = "give an aware datetime"
        raise ValueError(message)
    return value


def _checked_instant(value: datetime) -> datetime:
    if value.tzinfo is None:
        message = "an instant needs a time zone"
        raise ValueError(message)
    if not _EARLIEST <= value < _LATEST:
        message = "an instant must lie in the years 1970 to 9998"
        raise ValueError(message)
    return value.astimezone(UTC)


Id = Annotated[int, Field(strict=True, ge=1, le=MAX_ID)]
"""A row's integer key; strict, for True is an int to Python and would silently mean row 1."""

Quantity = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
"""How many of one thing a line holds; an int, no text of digits and no bool."""

Money = Annotated[Decimal, AfterValidator(_checked_money), Logical("money")]
"""An exact amount with at most four decimals, within `MONEY_LIMIT`."""

Price = Annotated[Money, Field(ge=0)]
"""An amount that is not negative."""

Rate = Annotated[Decimal, AfterValidator(_checked_rate), Logical("rate")]
"""A share of one with at most six decimals: 0.2 is twenty percent."""

SafeText = Annotated[str, Field(strict=True), AfterValidator(_checked_text)]
"""Text that both engines store alike: NFC, no NUL, no lone surrogates, no bytes; lengths are in code points."""

CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2; ZZ stands for an unknown country."""

CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""ISO 4217."""

UtcDatetime = Annotated[datetime, BeforeValidator(_no_number), AfterValidator(_checked_instant)]
"""An aware instant in UTC, to the microsecond, in the years 1970 to 9998; ISO 8601 text is read too, never a number."""

Instant = Annotated[UtcDatetime, BeforeValidator(_no_text)]
"""An instant that a method is given: an aware datetime already; only in JSON it is text."""


class AccountTokenKind(StrEnum):
    """What a token that was sent by mail is good for."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - what a token is for, no password


class AuditAction(StrEnum):
    """What was done to a row that is audited."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


class ProductStatus(StrEnum):
    """Where a product stands between being written and being retired."""

    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


class MovementKind(StrEnum):
    """What happened to stock."""

    OPENING = "opening"
    RECEIVED = "received"
    ALLOCATED = "allocated"
    RELEASED = "released"
    SHIPPED = "shipped"
    RETURNED = "returned"
    ADJUSTED = "adjusted"
    DAMAGED = "damaged"
    TRANSFERRED = "transferred"


class CartStatus(StrEnum):
    """Whether a cart is still being filled."""

    ACTIVE = "active"
    CONVERTED = "converted"
    ABANDONED = "abandoned"


class OrderOrigin(StrEnum):
    """Where an order came from."""

    LIVE = "live"
    IMPORTED = "imported"


class OrderStatus(StrEnum):
    """The order's state, derived from payment and fulfillment by one writer."""

    PENDING = "pending"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class OrderStatusFrom(StrEnum):
    """What a step of the life cycle starts from: a status, or `new`."""

    NEW = "new"
    PENDING = "pending"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class PaymentStatus(StrEnum):
    """How much of an order is paid."""

    NONE = "none"
    AUTHORIZED = "authorized"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"


class PaymentState(StrEnum):
    """Where one payment stands, as its events say."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    VOIDED = "voided"
    FAILED = "failed"


class CaptureTime(StrEnum):
    """When a payment is to be captured, by the caller's choice."""

    PLACEMENT = "placement"
    SHIPMENT = "shipment"


class PaymentEventKind(StrEnum):
    """What was told about a payment."""

    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    VOIDED = "voided"
    FAILED = "failed"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"


class RefundStatus(StrEnum):
    """Whether a refund is under way, was made, or could not be made."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class FulfillmentStatus(StrEnum):
    """How much of an order is on its way or there."""

    UNFULFILLED = "unfulfilled"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    PARTIALLY_DELIVERED = "partially_delivered"
    DELIVERED = "delivered"


class CouponKind(StrEnum):
    """What a coupon takes off."""

    PERCENT = "percent"
    PERCENT_CAPPED = "percent_capped"
    FIXED_ORDER = "fixed_order"
    FIXED_UNIT = "fixed_unit"
    FREE_SHIPPING = "free_shipping"
    BUY_X_GET_Y = "buy_x_get_y"
    TIERED = "tiered"


class CouponTargetKind(StrEnum):
    """Whether a coupon applies to a thing or spares it."""

    INCLUDE = "include"
    EXCLUDE = "exclude"


class ReturnStatus(StrEnum):
    """How far a return is."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    RECEIVED = "received"


class ReviewStatus(StrEnum):
    """Whether a review waits for a moderator, is shown, or was turned down."""

    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"


ItemT = TypeVar("ItemT")


class Page(BaseModel, Generic[ItemT]):
    """One page of a list, read by key: pass `next` back to get the page after it, None means the end."""

    model_config = ConfigDict(frozen=True)

    items: tuple[ItemT, ...]
    next: Any = None

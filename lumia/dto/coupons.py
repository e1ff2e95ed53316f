"""Coupons: what the shop writes on them, what they did to an order, and why they do not apply."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.fields import Length, Trimmed
from lumia.money import round_half_up
from lumia.types import CouponKind, CouponTargetKind, CurrencyCode, Id, Money, Price, Quantity, UtcDatetime

__all__ = [
    "COUPON_CLASSES",
    "AppliedCoupon",
    "AskedCode",
    "Coupon",
    "CouponCheck",
    "CouponClass",
    "CouponCode",
    "CouponEligibility",
    "CouponReason",
    "CouponRedemption",
    "CouponRow",
    "CouponTarget",
    "CouponTermsRow",
    "CouponTier",
    "CouponTierRow",
    "NewCoupon",
    "NewCouponTarget",
    "RefusedCoupon",
    "coupon_key",
]

MAX_LIMIT: Final = 1_000_000_000
_PERCENTS: Final = {CouponKind.PERCENT, CouponKind.PERCENT_CAPPED, CouponKind.BUY_X_GET_Y}
_AMOUNTS: Final = {CouponKind.FIXED_ORDER, CouponKind.FIXED_UNIT}


class CouponClass(StrEnum):
    """On what a coupon is reckoned: products first, then the order, then its shipping, each on what remains."""

    ORDER = "order"
    PRODUCT = "product"
    SHIPPING = "shipping"


COUPON_CLASSES: Final = {
    CouponKind.PERCENT: CouponClass.ORDER,
    CouponKind.PERCENT_CAPPED: CouponClass.ORDER,
    CouponKind.FIXED_ORDER: CouponClass.ORDER,
    CouponKind.FIXED_UNIT: CouponClass.PRODUCT,
    CouponKind.FREE_SHIPPING: CouponClass.SHIPPING,
    CouponKind.BUY_X_GET_Y: CouponClass.PRODUCT,
    CouponKind.TIERED: CouponClass.ORDER,
}
"""The class of each kind."""


class CouponReason(StrEnum):
    """Why a coupon does not apply to a cart."""

    UNKNOWN = "unknown"
    """No coupon has this code."""
    INACTIVE = "inactive"
    """It was disabled."""
    NOT_STARTED = "not_started"
    """Its window opens later."""
    EXPIRED = "expired"
    """Its window is closed."""
    OTHER_CURRENCY = "other_currency"
    """The cart is in another currency."""
    NO_ELIGIBLE_LINE = "no_eligible_line"
    """Nothing in the cart is what it applies to."""
    BELOW_MINIMUM = "below_minimum"
    """What it applies to does not reach its minimum, or its lowest tier."""
    USED_UP = "used_up"
    """It was used as often as it may be."""
    USED_BY_CUSTOMER = "used_by_customer"
    """This customer, or whoever has this e-mail address, used it as often as one may."""
    OVER_BUDGET = "over_budget"
    """Less is left of its budget than it would take off."""
    NO_SAVING = "no_saving"
    """The order would cost no less with it."""


def coupon_key(code: str) -> str:
    """Give the key that all spellings of a code share: trimmed, and folded by Unicode's caseless matching."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", code.strip()).casefold())


CouponCode = Annotated[Trimmed, Length(1, 64)]
"""A code as the shop or the customer writes it; its spelling does not matter."""


class AskedCode(InputModel):
    """A code that somebody gives."""

    code: CouponCode


class CouponTier(InputModel):
    """From a sum of `minimum` on, `value` percent (above 0, up to 100) are taken off."""

    minimum: Price
    value: Annotated[Money, Field(gt=0, le=100)]


class NewCouponTarget(InputModel):
    """One thing that a coupon applies to or spares: a product, a variant, or a category with all below it."""

    kind: CouponTargetKind = CouponTargetKind.INCLUDE
    product_id: Annotated[Id, Field(strict=True)] | None = None
    variant_id: Annotated[Id, Field(strict=True)] | None = None
    category_id: Annotated[Id, Field(strict=True)] | None = None

    @property
    def thing(self) -> tuple[int | None, int | None, int | None]:
        """What is named, whether included or excluded."""
        return self.product_id, self.variant_id, self.category_id

    @model_validator(mode="after")
    def _names_one_thing(self) -> Self:
        if sum(key is not None for key in self.thing) != 1:
            message = "give one of product_id, variant_id and category_id"
            raise ValueError(message)
        return self


Limit = Annotated[int, Field(strict=True, ge=1, le=MAX_LIMIT)]
"""How often, from once to a thousand million times."""


class NewCoupon(InputModel):
    """A coupon to create; its code is unique whatever its spelling.

    `value` is percent points (above 0, up to 100) for percent, percent_capped and buy_x_get_y, where it is what the
    gotten units are reduced by; an amount above zero for fixed_order and fixed_unit; zero for free_shipping and tiered.
    `cap` belongs to percent_capped, `buy_quantity` and `get_quantity` to buy_x_get_y, `tiers` (1 to 20) to tiered.
    Amounts are whole minor units of the currency. Without an include target it applies to every line.
    """

    code: CouponCode
    kind: CouponKind
    value: Price = Decimal(0)
    cap: Annotated[Money, Field(gt=0)] | None = None
    buy_quantity: Annotated[Quantity, Field(strict=True)] | None = None
    get_quantity: Annotated[Quantity, Field(strict=True)] | None = None
    minimum: Price | None = None
    currency: CurrencyCode
    valid_from: UtcDatetime | None = None
    """None: from now on."""
    valid_to: UtcDatetime | None = None
    """The first instant at which it does not apply any more; None: no end."""
    usage_limit: Limit | None = None
    per_customer_limit: Limit | None = None
    budget: Annotated[Money, Field(gt=0)] | None = None
    combines_with: frozenset[CouponClass] = frozenset()
    tiers: Annotated[tuple[CouponTier, ...], Field(max_length=20)] = ()
    targets: Annotated[tuple[NewCouponTarget, ...], Field(max_length=500)] = ()

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        self._check_value()
        if (self.cap is not None) != (self.kind is CouponKind.PERCENT_CAPPED):
            message = "cap: percent_capped has one, no other kind"
            raise ValueError(message)
        gifts = (self.buy_quantity is not None, self.get_quantity is not None)
        if gifts != (self.kind is CouponKind.BUY_X_GET_Y,) * 2:
            message = "buy_quantity, get_quantity: buy_x_get_y has both, no other kind any"
            raise ValueError(message)
        if bool(self.tiers) != (self.kind is CouponKind.TIERED):
            message = "tiers: tiered has some, no other kind"
            raise ValueError(message)
        if len({tier.minimum for tier in self.tiers}) < len(self.tiers):
            message = "tiers: each minimum may stand once"
            raise ValueError(message)
        if len({target.thing for target in self.targets}) < len(self.targets):
            message = "targets: each thing may stand once"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _is_payable(self) -> Self:
        if self.valid_from is not None and self.valid_to is not None and self.valid_to <= self.valid_from:
            message = "valid_to: must be later than valid_from"
            raise ValueError(message)
        amounts = [self.cap, self.minimum, self.budget, *(tier.minimum for tier in self.tiers)]
        if self.kind in _AMOUNTS:
            amounts.append(self.value)
        if any(amount is not None and round_half_up(amount, self.currency) != amount for amount in amounts):
            message = "amounts must be multiples of the currency's minor unit"
            raise ValueError(message)
        return self

    def _check_value(self) -> None:
        if self.kind in _PERCENTS:
            fits = 0 < self.value <= 100  # noqa: PLR2004 - percent
        elif self.kind in _AMOUNTS:
            fits = self.value > 0
        else:
            fits = self.value == 0
        if not fits:
            message = f"value: not one that {self.kind} can have"
            raise ValueError(message)


class CouponRow(FrozenRow):
    """A coupon's own row; `used_count` and `spent` count the redemptions that were not freed."""

    coupon_id: int
    code: str
    kind: CouponKind
    value: Money
    cap: Money | None
    buy_quantity: int | None
    get_quantity: int | None
    minimum: Money | None
    currency: str
    valid_from: UtcDatetime
    valid_to: UtcDatetime | None
    usage_limit: int | None
    per_customer_limit: int | None
    budget: Money | None
    combines_with: tuple[str, ...]
    is_active: bool
    used_count: int
    spent: Money
    created_at: UtcDatetime
    updated_at: UtcDatetime


class CouponTierRow(FrozenRow):
    """One tier of a coupon."""

    coupon_id: int
    minimum: Money
    value: Money


class CouponTarget(FrozenRow):
    """One thing that a coupon applies to or spares; two of the three keys are None."""

    coupon_target_id: int
    kind: CouponTargetKind
    product_id: int | None
    variant_id: int | None
    category_id: int | None


class Coupon(CouponRow):
    """A coupon with its tiers, lowest first, and its targets, oldest first."""

    tiers: tuple[CouponTierRow, ...]
    targets: tuple[CouponTarget, ...]


class CouponTermsRow(FrozenRow):
    """A coupon as a cart meets it: with the cart's currency, and how often the cart's holder used it."""

    coupon_id: int
    code: str
    code_key: str
    kind: CouponKind
    value: Money
    cap: Money | None
    buy_quantity: int | None
    get_quantity: int | None
    minimum: Money | None
    currency: str
    valid_from: UtcDatetime
    valid_to: UtcDatetime | None
    usage_limit: int | None
    per_customer_limit: int | None
    budget: Money | None
    combines_with: tuple[str, ...]
    is_active: bool
    used_count: int
    spent: Money
    cart_currency: str
    customer_uses: int


class CouponEligibility(FrozenRow):
    """A variant in a cart that a coupon applies to."""

    coupon_id: int
    variant_id: int


class CouponRedemption(FrozenRow):
    """A coupon's use on an order: `amount` is all that it took off, `shipping_amount` the part off the shipping."""

    coupon_redemption_id: int
    coupon_id: int
    order_id: int
    customer_id: int
    amount: Money
    shipping_amount: Money
    redeemed_at: UtcDatetime
    freed_at: UtcDatetime | None


class AppliedCoupon(FrozenRow):
    """What a coupon takes off: `amount` is all of it, `shipping_amount` the part off the shipping."""

    coupon_id: int
    code: str
    amount: Money
    shipping_amount: Money


class RefusedCoupon(FrozenRow):
    """A code that does not apply, with every reason."""

    code: str
    reasons: tuple[CouponReason, ...]


class CouponCheck(FrozenRow):
    """Whether a code applies to a cart by itself: it does if there is no reason against it.

    `amount` is what it would take off the lines; shipping is known only once its method is chosen.
    """

    code: str
    coupon_id: int | None
    reasons: tuple[CouponReason, ...]
    amount: Money

    @property
    def applies(self) -> bool:
        """Whether there is no reason against it."""
        return not self.reasons

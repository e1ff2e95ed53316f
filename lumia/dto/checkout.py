"""What checkout reads and answers: the quote that a customer agrees to, and the rows that it is computed from."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.coupons import AppliedCoupon, CouponCode, RefusedCoupon
from lumia.dto.customers import NewAddress
from lumia.dto.emails import EmailAddress
from lumia.dto.fields import Actor, Length
from lumia.types import (
    MAX_ID,
    CartStatus,
    CountryCode,
    Money,
    Price,
    ProductStatus,
    Rate,
    SafeText,
    UtcDatetime,
)

__all__ = [
    "CheckoutAddress",
    "CheckoutCart",
    "CheckoutLine",
    "CheckoutShipping",
    "CheckoutStock",
    "CheckoutTaxRate",
    "IdempotentAnswer",
    "NewOrder",
    "Quote",
    "QuoteLine",
    "QuoteRequest",
]


Key = Annotated[int, Field(strict=True, ge=1, le=MAX_ID)]
"""A row's key; strict, for True is an int to Python and would silently mean row 1."""

MethodCode = Annotated[SafeText, Length(1, 64)]
"""The code of a shipping method."""


CouponCodes = Annotated[tuple[CouponCode, ...], Field(max_length=8)]
"""The codes that a customer gives, in whatever spelling and order."""


class QuoteRequest(InputModel):
    """What a quote depends on beside the cart: how it is sent, and where to, an address's key or a place."""

    cart_id: Key
    shipping_method: MethodCode
    shipping_address: Key | None = None
    country_code: CountryCode | None = None
    region: Annotated[SafeText, Length(0, 100)] = ""
    coupon_codes: CouponCodes = ()

    @model_validator(mode="after")
    def _one_destination(self) -> Self:
        if (self.shipping_address is None) == (self.country_code is None):
            message = "give either shipping_address or country_code"
            raise ValueError(message)
        return self


class NewOrder(InputModel):
    """A cart to order: where to, how, for which total, and the key under which the order is made once."""

    cart_id: Key
    shipping_address: Key | NewAddress
    billing_address: Key | NewAddress | None = None
    """None: the shipping address."""
    email: EmailAddress | None = None
    """Where the confirmation goes; None: the customer's own, or the one that the guest left with the cart."""
    shipping_method: MethodCode
    coupon_codes: CouponCodes = ()
    expected_total: Price
    idempotency_key: Annotated[SafeText, Length(1, 255)]
    actor: Actor = "customer"


class CheckoutCart(FrozenRow):
    """A cart with its holder and the settings that decide what it comes to."""

    cart_id: int
    customer_id: int | None
    guest_email: str | None
    currency: str
    status: CartStatus
    version: int
    shop_currency: str
    prices_include_tax: bool
    order_expiry_minutes: int
    customer_email: str | None
    customer_is_active: bool | None


class CheckoutLine(FrozenRow):
    """A cart's line with its variant's present price and what an order keeps of it; a bundle gives one for each part.

    `quantity` counts units of the variant; `things` what lies in the cart: units of the variant, or bundles.
    `cart_things` counts the different things in the cart, as this very statement saw it.
    """

    variant_id: int
    product_id: int
    sku: str
    name: str
    category_id: int
    category_name: str
    unit_price: Money
    quantity: int
    is_active: bool
    product_status: ProductStatus
    bundle_id: int | None
    bundle_sku: str | None
    bundle_price: Money | None
    bundle_is_active: bool | None
    things: int
    part_position: int | None
    part_quantity: int | None
    cart_things: int


class CheckoutStock(FrozenRow):
    """What one active location can still promise of one variant; below zero after damage was found."""

    variant_id: int
    location_id: int
    priority: int
    available: int


class CheckoutShipping(FrozenRow):
    """A shipping method with its price and whom it serves; no countries: everywhere."""

    shipping_method_id: int
    code: str
    price: Money
    free_from: Money | None
    countries: tuple[str, ...]
    is_active: bool


class CheckoutTaxRate(FrozenRow):
    """A tax rate in force; no category: all of them; an empty region: the whole country."""

    tax_rate_id: int
    country_code: str
    region: str
    category_id: int | None
    rate: Rate
    valid_from: UtcDatetime


class CheckoutAddress(FrozenRow):
    """Where one of the customer's addresses lies, as far as tax and delivery care."""

    address_id: int
    country_code: str
    region: str


class IdempotentAnswer(FrozenRow):
    """What was asked and made under an idempotency key before."""

    request_hash: bytes
    result_id: int | None


class QuoteLine(FrozenRow):
    """One line of a quote; `line_total` is `amount - discount + tax`, `available` tells whether stock covers it now.

    A bundle comes as one line for each of its parts, in their order, with the part's share of the bundle's price as
    its amount; the unit price is what one costs by itself.
    """

    variant_id: int
    bundle_id: int | None
    sku: str
    name: str
    unit_price: Money
    quantity: int
    amount: Money
    discount: Money
    tax_rate: Rate
    tax_reason: str
    tax: Money
    tax_included: Money
    line_total: Money
    available: bool


class Quote(FrozenRow):
    """What a cart comes to now: pass `total` as `expected_total` to place the order at this price or not at all.

    `total` is `subtotal - discount_total + shipping_total + tax_total`; `tax_included_total` is tax that the prices
    contain and no part of the sum. `cart_version` recognises the lines that were quoted.

    Of the coupon codes asked for, `applied` took off what they say; what they took off the lines is in the lines'
    discounts, what they took off the shipping is missing from `shipping_total`. The `outbid` apply too, but not beside
    the others, which save more. The `refused` do not apply: an order with one of them is refused.
    """

    cart_id: int
    cart_version: int
    currency: str
    lines: tuple[QuoteLine, ...]
    subtotal: Money
    discount_total: Money
    shipping_total: Money
    tax_total: Money
    tax_included_total: Money
    total: Money
    shipping_method: str
    available: bool
    applied: tuple[AppliedCoupon, ...]
    outbid: tuple[str, ...]
    refused: tuple[RefusedCoupon, ...]

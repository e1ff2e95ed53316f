"""Carts and their lines, as they are stored and as a customer sees them priced."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.emails import EmailAddress
from lumia.dto.fields import Length
from lumia.types import CartStatus, Id, Instant, Money, Quantity, SafeText, UtcDatetime

__all__ = [
    "AbandonedCarts",
    "Cart",
    "CartBundle",
    "CartBundleChange",
    "CartItemChange",
    "CartLine",
    "CartLineRow",
    "CartToken",
    "CartVariant",
    "GuestMerge",
    "NewGuestCart",
    "PricedCart",
]


class Cart(FrozenRow):
    """A cart of a customer, or of whoever holds its token."""

    cart_id: int
    public_id: UUID
    customer_id: int | None
    """None while a guest holds the cart by its token."""
    guest_email: str | None
    currency: str
    status: CartStatus
    version: int
    """Grows with every change of the lines."""
    created_at: UtcDatetime
    updated_at: UtcDatetime


class CartLineRow(FrozenRow):
    """A line's row with the present price, state and availability of its variant or bundle."""

    cart_item_id: int
    variant_id: int | None
    """None for a bundle."""
    bundle_id: int | None
    """None for a variant: a line has one of the two."""
    product_id: int | None
    """The variant's product; None for a bundle."""
    sku: str
    product_name: str
    """The bundle's name for a bundle."""
    unit_price: Money
    price_then: Money | None
    """The unit price when the line was last set; None where it is not known."""
    quantity: int
    is_for_sale: bool
    available: int
    """What can be sold now; what is on hold for this cart itself is part of it.

    Of a bundle as many as its scarcest part allows, whatever else of the part lies in the cart.
    """


class CartLine(CartLineRow):
    """A line at the present price."""

    amount: Money | None
    """Unit price times quantity, rounded once half-up to the currency's minor unit; None beyond what money can hold."""
    price_changed: bool
    """True when the unit price is not the one of then."""
    is_unavailable: bool
    """True when it cannot be ordered as it is: not for sale, or fewer available than wanted."""


class PricedCart(Cart):
    """A cart with its lines at the present prices, in the order in which they were added."""

    lines: tuple[CartLine, ...]
    subtotal: Money | None
    """The sum of the lines' amounts, unavailable lines included.

    None when it, or a line's amount, is beyond what money can hold: such a cart can be changed, but not ordered.
    """


class CartVariant(FrozenRow):
    """Whether a variant can be put into a cart."""

    variant_id: int
    is_for_sale: bool


class CartBundle(FrozenRow):
    """Whether a bundle can be put into a cart."""

    bundle_id: int
    is_for_sale: bool


class NewGuestCart(InputModel):
    """A guest's cart to create; the address is for the order's confirmation and may come later."""

    email: EmailAddress | None = None


class CartToken(InputModel):
    """A guest's token as the browser brought it back."""

    token: Annotated[SafeText, Length(1, 200)]


class CartItemChange(InputModel):
    """How many of a variant the cart shall hold."""

    variant_id: Id
    quantity: Quantity


class CartBundleChange(InputModel):
    """How many of a bundle the cart shall hold."""

    bundle_id: Id
    quantity: Quantity


class GuestMerge(CartToken):
    """A guest's cart that shall go into a customer's."""

    customer_id: Id


class AbandonedCarts(InputModel):
    """Since when a cart must not have changed."""

    before: Instant

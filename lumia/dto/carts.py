"""Carts and their lines, as they are stored and as a customer sees them priced."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.emails import EmailAddress
from lumia.dto.fields import Length
from lumia.types import CartStatus, Id, Money, Quantity, SafeText, UtcDatetime

__all__ = [
    "AbandonedCarts",
    "Cart",
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
    """A line's row with the variant's present price, state and availability."""

    cart_item_id: int
    variant_id: int
    product_id: int
    sku: str
    product_name: str
    unit_price: Money
    price_then: Money | None
    """The unit price when the line was last set; None where it is not known."""
    quantity: int
    is_for_sale: bool
    available: int
    """What can be sold now; what is on hold for this cart itself is part of it."""


class CartLine(CartLineRow):
    """A line at the present price."""

    amount: Money
    """Unit price times quantity, rounded once half-up to the currency's minor unit."""
    price_changed: bool
    """True when the unit price is not the one of then."""
    is_unavailable: bool
    """True when it cannot be ordered as it is: not for sale, or fewer available than wanted."""


class PricedCart(Cart):
    """A cart with its lines at the present prices, in the order in which they were added."""

    lines: tuple[CartLine, ...]
    subtotal: Money
    """The sum of the lines' amounts, unavailable lines included."""


class CartVariant(FrozenRow):
    """Whether a variant can be put into a cart."""

    variant_id: int
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


class GuestMerge(CartToken):
    """A guest's cart that shall go into a customer's."""

    customer_id: Id


class AbandonedCarts(InputModel):
    """Since when a cart must not have changed."""

    before: UtcDatetime

"""Wishlists and what is on them, as their customer and whoever has the link see them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.fields import Length, ShortLabel
from lumia.types import Id, Money, SafeText, UtcDatetime

__all__ = [
    "NewWishlist",
    "PricedWishlist",
    "SharedWishlist",
    "Wishlist",
    "WishlistLine",
    "WishlistLineRow",
    "WishlistName",
    "WishlistSummary",
    "WishlistToken",
]


class Wishlist(FrozenRow):
    """A customer's list of things for later."""

    wishlist_id: int
    public_id: UUID
    customer_id: int
    name: str
    is_shared: bool
    """Whether somebody may have a link to it."""
    created_at: UtcDatetime
    updated_at: UtcDatetime


class WishlistSummary(Wishlist):
    """A list with the number of things on it."""

    items: int


class WishlistLineRow(FrozenRow):
    """A thing on a list, with its present price, state and availability."""

    wishlist_item_id: int
    variant_id: int
    product_id: int
    sku: str
    product_name: str
    unit_price: Money
    is_for_sale: bool
    available: int
    added_at: UtcDatetime


class WishlistLine(WishlistLineRow):
    """A thing on a list."""

    is_unavailable: bool
    """True when none can be ordered now: not for sale, or none available."""


class PricedWishlist(Wishlist):
    """A list with what is on it at present prices, in the order in which it was added."""

    lines: tuple[WishlistLine, ...]


class SharedWishlist(FrozenRow):
    """A list as whoever has the link sees it: without its customer."""

    public_id: UUID
    name: str
    lines: tuple[WishlistLine, ...]


class NewWishlist(InputModel):
    """A list to open; no two lists of a customer have one name."""

    customer_id: Id
    name: ShortLabel


class WishlistName(InputModel):
    """A list's new name."""

    name: ShortLabel


class WishlistToken(InputModel):
    """The token of a link to a list."""

    token: Annotated[SafeText, Length(1, 200)]

"""Bundles: variants that are sold together at a set price, and each part's share of it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.fields import FullLabel, Sku, Slug
from lumia.types import Id, Money, Price, Quantity, UtcDatetime

__all__ = ["Bundle", "BundleFilter", "BundleItem", "BundlePart", "BundlePrice", "BundleRow", "BundleShare", "NewBundle"]


class BundleRow(FrozenRow):
    """A bundle's own row, without its parts."""

    bundle_id: int
    public_id: UUID
    sku: str
    slug: str
    name: str
    price: Money
    is_active: bool
    created_at: UtcDatetime
    updated_at: UtcDatetime


class BundlePart(FrozenRow):
    """So many units of a variant in a bundle, and what one of them costs by itself at present."""

    bundle_id: int
    position: int
    variant_id: int
    quantity: int
    sku: str
    unit_price: Money


class BundleShare(BundlePart):
    """A part of a bundle with its share of the bundle's price, for all its units together."""

    share: Money


class Bundle(BundleRow):
    """A bundle with its parts, in their order.

    The shares are whole minor units of the shop's currency, none is negative, and they add up to `price`; where the
    shop has changed to a currency with fewer decimals, to `price` rounded half-up to what that one is paid with. An
    archived bundle whose parts were deleted beside the catalogue has none.
    """

    shares: tuple[BundleShare, ...]


class BundleItem(InputModel):
    """So many units (1 to 1,000,000) of a variant, as a part of a bundle."""

    variant_id: Annotated[Id, Field(strict=True)]
    quantity: Annotated[Quantity, Field(strict=True)] = 1


def _each_variant_once(items: tuple[BundleItem, ...]) -> tuple[BundleItem, ...]:
    if len({item.variant_id for item in items}) < len(items):
        message = "each variant may stand once"
        raise ValueError(message)
    return items


class NewBundle(InputModel):
    """A bundle to create, of 1 to 100 parts; SKU and slug are unique among the bundles."""

    sku: Sku
    slug: Slug
    name: FullLabel
    price: Price
    items: Annotated[tuple[BundleItem, ...], Field(min_length=1, max_length=100), AfterValidator(_each_variant_once)]


class BundlePrice(InputModel):
    """A bundle's price to set."""

    price: Price


class BundleFilter(InputModel):
    """Which bundles to list; None does not filter."""

    is_active: Annotated[bool, Field(strict=True)] | None = None

"""The catalogue: categories, products, their options and variants, and what variants cost when."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.fields import FullLabel, Length, ShortLabel, Sku, Slug
from lumia.dto.images import ProductImage
from lumia.types import Id, Instant, Money, Price, ProductStatus, SafeText, UtcDatetime

__all__ = [
    "AfterProduct",
    "AfterProductName",
    "Category",
    "CategoryNode",
    "CategoryPlace",
    "CategoryUpdate",
    "NewCategory",
    "NewOption",
    "NewOptionValue",
    "NewProduct",
    "NewVariant",
    "NewVariants",
    "OptionValue",
    "PriceCursor",
    "PricePeriod",
    "PriceWindow",
    "Product",
    "ProductDetail",
    "ProductFilter",
    "ProductOption",
    "ProductOptionRow",
    "ProductSort",
    "ProductUpdate",
    "SkuLookup",
    "SlugLookup",
    "Variant",
    "VariantCombination",
    "VariantDetail",
    "VariantOptionValue",
    "VariantPrice",
    "VariantStockRow",
    "VariantUpdate",
]

Position = Annotated[int, Field(ge=0, le=1_000_000)]
"""Where a thing stands among its siblings; ties are broken by key."""

Description = Annotated[SafeText, Length(0, 20_000)]
"""What a product is, in full; may be empty."""

Grams = Annotated[int, Field(strict=True, ge=0, le=100_000_000)]
"""A weight in whole grams."""

Barcode = Annotated[SafeText, Length(1, 64)]
"""A barcode's text, of any kind."""


def _each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) < len(values):
        message = "each value may stand once"
        raise ValueError(message)
    return values


# --- categories -------------------------------------------------------------------------------------------------------


class Category(FrozenRow):
    """A shelf of the shop; `parent_id` is None at the top."""

    category_id: int
    parent_id: int | None
    slug: str
    name: str
    position: int
    created_at: UtcDatetime
    updated_at: UtcDatetime


class CategoryNode(FrozenRow):
    """A category in the tree; `depth` is 0 at the top."""

    category_id: int
    parent_id: int | None
    slug: str
    name: str
    position: int
    depth: int


class NewCategory(InputModel):
    """A category to create; the slug is unique in the shop."""

    name: FullLabel
    slug: Slug
    parent_id: Id | None = None
    position: Position = 0


class CategoryUpdate(InputModel):
    """What to change of a category; None leaves a field as it is."""

    name: FullLabel | None = None
    slug: Slug | None = None


class CategoryPlace(InputModel):
    """Where to hang a category: under which parent (None: at the top), where among its siblings (None: as before)."""

    parent_id: Id | None = None
    position: Position | None = None


# --- products ---------------------------------------------------------------------------------------------------------


class Product(FrozenRow):
    """What the shop shows; what it sells are the product's variants."""

    product_id: int
    public_id: UUID
    category_id: int
    slug: str
    name: str
    description: str
    status: ProductStatus
    created_at: UtcDatetime
    updated_at: UtcDatetime


class NewProduct(InputModel):
    """A product to create, as a draft; the slug is unique in the shop."""

    category_id: Id
    slug: Slug
    name: FullLabel
    description: Description = ""


class ProductUpdate(InputModel):
    """What to change; None leaves a field as it is."""

    category_id: Id | None = None
    slug: Slug | None = None
    name: FullLabel | None = None
    description: Description | None = None


ProductSort = Literal["product_id", "-product_id", "name", "-name"]
"""The orders that a list of products comes in: oldest or newest first, or by name; equal names by their key."""


class ProductFilter(InputModel):
    """Which products to list, and how; None does not filter."""

    category_id: Annotated[Id, Field(strict=True)] | None = None
    status: ProductStatus | None = None
    price_from: Price | None = None
    price_to: Price | None = None
    in_stock: Annotated[bool, Field(strict=True)] | None = None
    order: ProductSort = "product_id"


class AfterProduct(InputModel):
    """Where a page of products by key begins: behind the product with this key."""

    after: Annotated[int, Field(strict=True)]


class AfterProductName(InputModel):
    """Where a page of products by name begins: behind the product with this name and key."""

    # The stored name, byte by byte: an imported one need not be in NFC.
    after: tuple[Annotated[str, Field(strict=True)], Annotated[Id, Field(strict=True)]]


class SlugLookup(InputModel):
    """A slug to look a product up by."""

    slug: SafeText


# --- options ----------------------------------------------------------------------------------------------------------


class ProductOptionRow(FrozenRow):
    """An option's own row, without its values."""

    product_option_id: int
    product_id: int
    name: str
    position: int
    created_at: UtcDatetime
    updated_at: UtcDatetime


class OptionValue(FrozenRow):
    """One value that an option can have."""

    option_value_id: int
    product_option_id: int
    product_id: int
    value: str
    position: int
    created_at: UtcDatetime
    updated_at: UtcDatetime


class ProductOption(FrozenRow):
    """What a product's variants differ by, such as size, with its values in their order."""

    product_option_id: int
    product_id: int
    name: str
    position: int
    created_at: UtcDatetime
    updated_at: UtcDatetime
    values: tuple[OptionValue, ...]


class NewOption(InputModel):
    """An option to add, with 1 to 100 values in the order in which they are shown."""

    name: ShortLabel
    values: Annotated[tuple[ShortLabel, ...], Field(min_length=1, max_length=100), AfterValidator(_each_once)]


class NewOptionValue(InputModel):
    """A value to add to an option, behind those that it has."""

    value: ShortLabel


# --- variants ---------------------------------------------------------------------------------------------------------


class Variant(FrozenRow):
    """What is sold and stocked: one combination of a product's option values."""

    variant_id: int
    public_id: UUID
    product_id: int
    sku: str
    price: Money
    compare_at_price: Money | None
    """The crossed-out price."""
    weight_grams: int | None
    barcode: str | None
    is_goods: bool
    """False for what is sold but is no article: postage, fees, vouchers."""
    is_active: bool
    created_at: UtcDatetime
    updated_at: UtcDatetime


class VariantStockRow(FrozenRow):
    """A variant's row with what is available of it."""

    variant_id: int
    public_id: UUID
    product_id: int
    sku: str
    price: Money
    compare_at_price: Money | None
    weight_grams: int | None
    barcode: str | None
    is_goods: bool
    is_active: bool
    created_at: UtcDatetime
    updated_at: UtcDatetime
    available: int


class VariantOptionValue(FrozenRow):
    """Which value a variant has of one option."""

    variant_id: int
    product_option_id: int
    option_value_id: int


class VariantDetail(VariantStockRow):
    """A variant with its option values and what is available of it over all active locations."""

    option_value_ids: tuple[int, ...]
    """In ascending order; empty for a variant of a product without options."""


class ProductDetail(Product):
    """A product with its options, variants and images, each in their order."""

    options: tuple[ProductOption, ...]
    variants: tuple[VariantDetail, ...]
    images: tuple[ProductImage, ...]


class VariantCombination(FrozenRow):
    """Which combination a variant stands for."""

    variant_id: int
    combination_key: str


class NewVariant(InputModel):
    """A variant to create; the SKU is unique in the shop, the combination unique in the product."""

    sku: Sku
    price: Price
    option_value_ids: Annotated[tuple[Id, ...], Field(max_length=10)] = ()
    compare_at_price: Price | None = None
    weight_grams: Grams | None = None
    barcode: Barcode | None = None
    is_goods: bool = True
    is_active: bool = True


class NewVariants(InputModel):
    """What all combinations of a product's option values have in common when they are created in one call."""

    sku_prefix: Sku
    price: Price
    weight_grams: Grams | None = None


class VariantUpdate(InputModel):
    """What to change; None leaves a field as it is, those that may be empty are emptied when they are set to None."""

    sku: Sku | None = None
    compare_at_price: Price | None = None
    weight_grams: Grams | None = None
    barcode: Barcode | None = None
    is_goods: bool | None = None
    is_active: bool | None = None


class VariantPrice(InputModel):
    """A price to set."""

    price: Price


class SkuLookup(InputModel):
    """A SKU to look a variant up by."""

    sku: SafeText


# --- prices -----------------------------------------------------------------------------------------------------------


class PricePeriod(FrozenRow):
    """A price and the window in which it held: from `valid_from`, before `valid_to`; None: it holds now."""

    variant_id: int
    price: Money
    valid_from: UtcDatetime
    valid_to: UtcDatetime | None


class PriceWindow(InputModel):
    """How many days to look back, at most ten years."""

    days: Annotated[int, Field(strict=True, ge=1, le=3660)]


class PriceCursor(InputModel):
    """Where the next page of a price history begins."""

    after: Instant

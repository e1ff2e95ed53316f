"""Products: written as drafts, published, archived, listed, and read with all that belongs to them."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from lumia.dto.base import checked_id, validated
from lumia.dto.catalog import (
    AfterProduct,
    AfterProductName,
    NewProduct,
    OptionValue,
    Product,
    ProductDetail,
    ProductFilter,
    ProductOption,
    ProductOptionRow,
    ProductSort,
    ProductUpdate,
    SlugLookup,
    VariantDetail,
    VariantOptionValue,
    VariantStockRow,
)
from lumia.dto.images import ProductImage
from lumia.repos.base import Repository, found, given, key_of, made, page_of, page_rows
from lumia.repos.search_index import index_product
from lumia.typedsql import UNSET, PreparedCall, compose, prepare
from lumia.types import Page, ProductStatus

if TYPE_CHECKING:
    from lumia.repos.context import Context

__all__ = ["MAX_IMAGES", "MAX_OPTIONS", "MAX_OPTION_VALUES", "MAX_VARIANTS", "Products", "product_parts"]

MAX_OPTIONS: Final = 10
"""How many options a product may have."""

MAX_OPTION_VALUES: Final = 100
"""How many values an option may have."""

MAX_VARIANTS: Final = 1000
"""How many variants a product may have."""

MAX_IMAGES: Final = 100
"""How many images a product may have."""


class Products(Repository):
    """The part of the catalogue's repository that keeps products."""

    def create_product(self, *, category_id: int, slug: str, name: str, description: str = "") -> Product:
        """Add a product as a draft: nobody can buy it before it is published. Three statements.

        Raises `InvalidValue`, `AlreadyExists` when the slug is taken, `InvalidReference` for a category that does not
        exist.
        """
        new = validated(NewProduct, category_id=category_id, slug=slug, name=name, description=description)
        with self._context.unit(write=True) as unit:
            row = made(unit.q.products.insert_product(public_id=unit.new_uuid(), **dict(new), now=unit.now()))
            index_product(unit, row.product_id)
            return row

    def update_product(
        self,
        product_id: int,
        *,
        category_id: int | None = None,
        slug: str | None = None,
        name: str | None = None,
        description: str | None = None,
    ) -> Product:
        """Change what is given. Three statements.

        Raises `NotFound`, and what `create_product` raises.
        """
        change = validated(ProductUpdate, category_id=category_id, slug=slug, name=name, description=description)
        checked_id("product_id", product_id)
        with self._context.unit(write=True) as unit:
            row: Product | None = unit.q.products.update_product(product_id=product_id, **dict(change), now=unit.now())
            row = found(row, no_product(product_id))
            index_product(unit, product_id)
            return row

    def publish(self, product_id: int) -> Product:
        """Put a product on sale: its active variants can be bought. Raises `NotFound`. One statement."""
        return self._set_status(product_id, ProductStatus.ACTIVE)

    def archive(self, product_id: int) -> Product:
        """Take a product off sale, for good or until it is published again. Raises `NotFound`. One statement."""
        return self._set_status(product_id, ProductStatus.ARCHIVED)

    def get_product(self, product_id: int) -> ProductDetail:
        """Read a product with its options, variants, what is available of each, and images. Six statements, one trip.

        Raises `NotFound`.
        """
        checked_id("product_id", product_id)
        products = self._context.q.products
        answers = self._context.q.pipeline(
            (
                prepare(products.get_product, product_id=product_id),
                *_part_calls(self._context, product_id),
                _image_call(self._context, product_id),
            )
        )
        return _assembled(found(answers[0], no_product(product_id)), answers[1:5], answers[5])

    def by_slug(self, slug: str) -> ProductDetail:
        """Read a product by its slug, as `get_product` does. Raises `NotFound`. Six statements."""
        key = validated(SlugLookup, slug=slug).slug
        product: Product | None = self._context.q.products.get_product_by_slug(slug=key)
        product = found(product, "no product has this slug: catalog.list_products lists them")
        answers = self._context.q.pipeline(
            (*_part_calls(self._context, product.product_id), _image_call(self._context, product.product_id))
        )
        return _assembled(product, answers[:4], answers[4])

    def list_products(
        self,
        *,
        category_id: int | None = None,
        status: ProductStatus | str | None = None,
        price_from: Decimal | None = None,
        price_to: Decimal | None = None,
        in_stock: bool | None = None,
        order: ProductSort = "product_id",
        limit: int = 50,
        after: int | tuple[str, int] | None = None,
    ) -> Page[Product]:
        """List products, `limit` (1 to 500) at a time: oldest or newest first, or by name, as `order` says.

        `category_id` keeps those of a category and of everything below it (of an unknown one there are none), `status`
        those of one status; `price_from` and `price_to` those whose cheapest active variant costs at least and at most
        that, in the shop's currency; `in_stock` those of which some active variant is available, or none is. Names are
        in the order of their code points. `after` is the last page's `next`, a key or a name with its key: it goes with
        the same `order` and filters. Raises `InvalidValue`. One statement.
        """
        wanted = validated(
            ProductFilter,
            category_id=category_id,
            status=status,
            price_from=price_from,
            price_to=price_to,
            in_stock=in_stock,
            order=order,
        )
        by_name = wanted.order in {"name", "-name"}
        last = None if after is None or not by_name else validated(AfterProductName, after=after).after
        key = None if after is None or by_name else validated(AfterProduct, after=after).after
        rows = self._context.q.products.list_products(
            category_id=given(wanted.category_id),
            status=given(wanted.status),
            price_from=given(wanted.price_from),
            price_to=given(wanted.price_to),
            in_stock=given(wanted.in_stock),
            now=UNSET if wanted.in_stock is None else self._context.now(),
            after_name=last[0] if last else UNSET,
            after_id=key_of(last[1] if last else key),
            order=wanted.order,
            max_rows=page_rows(limit),
        )
        return page_of(rows, limit, _name_and_id if by_name else _id)

    def _set_status(self, product_id: int, status: ProductStatus) -> Product:
        checked_id("product_id", product_id)
        with self._context.unit(write=True) as unit:
            row: Product | None = unit.q.products.set_product_status(
                product_id=product_id, status=status, now=unit.now()
            )
            return found(row, no_product(product_id))


_Parts = tuple[list[ProductOptionRow], list[OptionValue], list[VariantStockRow], list[VariantOptionValue]]


def no_product(product_id: int) -> str:
    """Say that a product is missing, and where to look."""
    return f"there is no product {product_id}: catalog.list_products lists them"


def _id(row: Product) -> int:
    return row.product_id


def _name_and_id(row: Product) -> tuple[str, int]:
    return row.name, row.product_id


def product_parts(context: Context, product_id: int) -> _Parts:
    """Read what belongs to a product: options, values, variants, values of variants. Four statements, one trip."""
    return context.q.pipeline(_part_calls(context, product_id))


def _part_calls(
    context: Context, product_id: int
) -> tuple[
    PreparedCall[list[ProductOptionRow]],
    PreparedCall[list[OptionValue]],
    PreparedCall[list[VariantStockRow]],
    PreparedCall[list[VariantOptionValue]],
]:
    options, variants = context.q.options, context.q.variants
    most_values = MAX_OPTIONS * MAX_OPTION_VALUES
    return (
        prepare(options.list_options, product_id=product_id, max_rows=MAX_OPTIONS),
        prepare(options.list_option_values, product_id=product_id, max_rows=most_values),
        prepare(variants.list_variants_with_stock, product_id=product_id, now=context.now(), max_rows=MAX_VARIANTS),
        prepare(options.list_variant_option_values, product_id=product_id, max_rows=MAX_OPTIONS * MAX_VARIANTS),
    )


def _image_call(context: Context, product_id: int) -> PreparedCall[list[ProductImage]]:
    return prepare(context.q.images.list_images, product_id=product_id, max_rows=MAX_IMAGES)


def assembled_options(options: list[ProductOptionRow], values: list[OptionValue]) -> tuple[ProductOption, ...]:
    """Give each option its values, both in their order."""
    by_option: defaultdict[int, list[OptionValue]] = defaultdict(list)
    for value in values:
        by_option[value.product_option_id].append(value)
    return tuple(
        compose(ProductOption, option, values=tuple(by_option[option.product_option_id])) for option in options
    )


def assembled_variants(
    variants: list[VariantStockRow], variant_values: list[VariantOptionValue]
) -> tuple[VariantDetail, ...]:
    """Give each variant the keys of its option values."""
    by_variant: defaultdict[int, list[int]] = defaultdict(list)
    for value in variant_values:
        by_variant[value.variant_id].append(value.option_value_id)
    return tuple(
        compose(VariantDetail, variant, option_value_ids=tuple(by_variant[variant.variant_id])) for variant in variants
    )


def _assembled(product: Product, parts: _Parts, images: list[ProductImage]) -> ProductDetail:
    options, values, variants, variant_values = parts
    return compose(
        ProductDetail,
        product,
        options=assembled_options(options, values),
        variants=assembled_variants(variants, variant_values),
        images=tuple(images),
    )

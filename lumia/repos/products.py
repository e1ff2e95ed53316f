"""Products: written as drafts, published, archived, listed, and read with all that belongs to them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from lumia.dto.base import checked_id, validated
from lumia.dto.catalog import (
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
from lumia.repos.base import Repository, found, given, key_of, made, page_of, page_rows
from lumia.typedsql import PreparedCall, compose, prepare
from lumia.types import Page, ProductStatus

if TYPE_CHECKING:
    from lumia.repos.context import Context

__all__ = ["MAX_OPTIONS", "MAX_OPTION_VALUES", "MAX_VARIANTS", "Products", "product_parts"]

MAX_OPTIONS: Final = 10
"""How many options a product may have."""

MAX_OPTION_VALUES: Final = 100
"""How many values an option may have."""

MAX_VARIANTS: Final = 1000
"""How many variants a product may have."""


class Products(Repository):
    """The part of the catalogue's repository that keeps products."""

    def create_product(self, *, category_id: int, slug: str, name: str, description: str = "") -> Product:
        """Add a product as a draft: nobody can buy it before it is published. One statement.

        Raises `InvalidValue`, `AlreadyExists` when the slug is taken, `InvalidReference` for a category that does not
        exist.
        """
        new = validated(NewProduct, category_id=category_id, slug=slug, name=name, description=description)
        with self._context.unit(write=True) as unit:
            return made(unit.q.products.insert_product(public_id=unit.new_uuid(), **dict(new), now=unit.now()))

    def update_product(
        self,
        product_id: int,
        *,
        category_id: int | None = None,
        slug: str | None = None,
        name: str | None = None,
        description: str | None = None,
    ) -> Product:
        """Change what is given. One statement.

        Raises `NotFound`, and what `create_product` raises.
        """
        change = validated(ProductUpdate, category_id=category_id, slug=slug, name=name, description=description)
        checked_id("product_id", product_id)
        with self._context.unit(write=True) as unit:
            row: Product | None = unit.q.products.update_product(product_id=product_id, **dict(change), now=unit.now())
            return found(row, no_product(product_id))

    def publish(self, product_id: int) -> Product:
        """Put a product on sale: its active variants can be bought. Raises `NotFound`. One statement."""
        return self._set_status(product_id, ProductStatus.ACTIVE)

    def archive(self, product_id: int) -> Product:
        """Take a product off sale, for good or until it is published again. Raises `NotFound`. One statement."""
        return self._set_status(product_id, ProductStatus.ARCHIVED)

    def get_product(self, product_id: int) -> ProductDetail:
        """Read a product with its options, variants and what is available of each. Five statements, one round trip.

        Raises `NotFound`.
        """
        checked_id("product_id", product_id)
        products = self._context.q.products
        answers = self._context.q.pipeline(
            (prepare(products.get_product, product_id=product_id), *_part_calls(self._context, product_id))
        )
        return _assembled(found(answers[0], no_product(product_id)), *answers[1:])

    def by_slug(self, slug: str) -> ProductDetail:
        """Read a product by its slug, as `get_product` does. Raises `NotFound`. Five statements."""
        key = validated(SlugLookup, slug=slug).slug
        product: Product | None = self._context.q.products.get_product_by_slug(slug=key)
        product = found(product, "no product has this slug: catalog.list_products lists them")
        return _assembled(product, *product_parts(self._context, product.product_id))

    def list_products(
        self,
        *,
        category_id: int | None = None,
        status: ProductStatus | str | None = None,
        order: ProductSort = "product_id",
        limit: int = 50,
        after: int | None = None,
    ) -> Page[Product]:
        """List products, oldest first or newest first (`order="-product_id"`), `limit` (1 to 500) at a time.

        `category_id` keeps those of a category and of everything below it (of an unknown one there are none), `status`
        those of one status. `after` is the last page's `next`. Raises `InvalidValue`. One statement.
        """
        wanted = validated(ProductFilter, category_id=category_id, status=status, order=order)
        rows = self._context.q.products.list_products(
            category_id=given(wanted.category_id),
            status=given(wanted.status),
            after_id=key_of(after),
            order=wanted.order,
            max_rows=page_rows(limit),
        )
        return page_of(rows, limit, lambda row: row.product_id)

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
        prepare(variants.list_variants_with_stock, product_id=product_id, max_rows=MAX_VARIANTS),
        prepare(options.list_variant_option_values, product_id=product_id, max_rows=MAX_OPTIONS * MAX_VARIANTS),
    )


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


def _assembled(
    product: Product,
    options: list[ProductOptionRow],
    values: list[OptionValue],
    variants: list[VariantStockRow],
    variant_values: list[VariantOptionValue],
) -> ProductDetail:
    return compose(
        ProductDetail,
        product,
        options=assembled_options(options, values),
        variants=assembled_variants(variants, variant_values),
    )

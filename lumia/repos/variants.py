"""Options, variants and all combinations of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from lumia.dto.base import UNCHANGED, Unchanged, checked_id, checked_items, validated
from lumia.dto.catalog import (
    NewOption,
    NewOptionValue,
    NewVariant,
    NewVariants,
    OptionValue,
    Product,
    ProductOption,
    ProductOptionRow,
    SkuLookup,
    Variant,
    VariantDetail,
    VariantUpdate,
)
from lumia.errors import InvalidReference, InvalidValue
from lumia.repos.base import Repository, found, made
from lumia.repos.products import (
    MAX_OPTION_VALUES,
    MAX_OPTIONS,
    MAX_VARIANTS,
    assembled_options,
    assembled_variants,
    no_product,
    product_parts,
)
from lumia.repos.search_index import index_product
from lumia.typedsql import PreparedCall, prepare

if TYPE_CHECKING:
    from lumia.queries.protocols.variants import InsertVariantsRow
    from lumia.repos.context import Context

__all__ = ["Variants", "no_variant"]

_NO_SKU: Final = "no variant has this SKU: catalog.get_product shows those of a product"


class Variants(Repository):
    """The part of the catalogue's repository that keeps options and variants."""

    def add_option(self, product_id: int, *, name: str, values: Sequence[str]) -> ProductOption:
        """Add an option, such as size, with its values in the order in which they are shown. Seven statements.

        A product has at most 10 options of 100 values; variants that it has already stay without a value of the new
        one. Raises `NotFound`, `InvalidValue`, and `AlreadyExists` when the product has an option of that name.
        """
        new = validated(NewOption, name=name, values=checked_items("values", values))
        checked_id("product_id", product_id)
        with self._context.unit(write=True) as unit:
            _touch(unit, product_id)
            before: list[ProductOptionRow] = unit.q.options.list_options(product_id=product_id, max_rows=MAX_OPTIONS)
            if len(before) == MAX_OPTIONS:
                message = f"product {product_id} has {MAX_OPTIONS} options, which is the most"
                raise InvalidValue(message)
            position = max((option.position for option in before), default=-1) + 1
            now = unit.now()
            option = made(
                unit.q.options.insert_option(product_id=product_id, name=new.name, position=position, now=now)
            )
            unit.q.options.insert_option_values(
                {
                    "product_option_id": option.product_option_id,
                    "product_id": product_id,
                    "value": value,
                    "position": place,
                    "now": now,
                }
                for place, value in enumerate(new.values)
            )
            index_product(unit, product_id)
            stored: list[OptionValue] = unit.q.options.list_option_values(
                product_id=product_id, max_rows=MAX_OPTIONS * MAX_OPTION_VALUES
            )
            return assembled_options([option], stored)[0]

    def add_option_value(self, product_option_id: int, *, value: str) -> OptionValue:
        """Add a value to an option, behind those that it has. Five statements.

        No variant has it yet: `create_variants` adds the combinations. Raises `NotFound`, `InvalidValue` beyond 100
        values, and `AlreadyExists` when the option has that value.
        """
        new = validated(NewOptionValue, value=value)
        checked_id("product_option_id", product_option_id)
        with self._context.unit(write=True) as unit:
            now = unit.now()
            product = found(
                unit.q.products.touch_product_of_option(product_option_id=product_option_id, now=now),
                f"there is no option {product_option_id}: catalog.get_product shows those of a product",
            )
            stored = unit.q.options.list_option_values(
                product_id=product.product_id, max_rows=MAX_OPTIONS * MAX_OPTION_VALUES
            )
            places = [row.position for row in stored if row.product_option_id == product_option_id]
            if len(places) >= MAX_OPTION_VALUES:
                message = f"option {product_option_id} has {MAX_OPTION_VALUES} values, which is the most"
                raise InvalidValue(message)
            row = made(
                unit.q.options.insert_option_value(
                    product_option_id=product_option_id,
                    product_id=product.product_id,
                    value=new.value,
                    position=max(places, default=-1) + 1,
                    now=now,
                )
            )
            index_product(unit, product.product_id)
            return row

    def create_variant(
        self,
        product_id: int,
        *,
        sku: str,
        price: Decimal,
        option_value_ids: Sequence[int] = (),
        compare_at_price: Decimal | None = None,
        weight_grams: int | None = None,
        barcode: str | None = None,
        is_goods: bool = True,
        is_active: bool = True,
    ) -> Variant:
        """Add a variant: one value of each option that the product has. Eight statements.

        `price` is in the shop's currency, with at most four decimals; `compare_at_price` is the crossed-out price;
        `is_goods` is False for what is no article, such as postage. Raises `NotFound`, `InvalidValue` for an option
        without or with two values and beyond 1,000 variants, `InvalidReference` for a value of another product,
        `AlreadyExists` when the SKU or the combination is taken.
        """
        new = validated(
            NewVariant,
            sku=sku,
            price=price,
            option_value_ids=checked_items("option_value_ids", option_value_ids),
            compare_at_price=compare_at_price,
            weight_grams=weight_grams,
            barcode=barcode,
            is_goods=is_goods,
            is_active=is_active,
        )
        checked_id("product_id", product_id)
        with self._context.unit(write=True) as unit:
            _touch(unit, product_id)
            options, values, count = unit.q.pipeline(
                (*_option_calls(unit, product_id), prepare(unit.q.variants.count_variants, product_id=product_id))
            )
            _check_room(product_id, count, 1)
            _check_combination(options, values, new.option_value_ids)
            unit.q.variants.insert_variants([_variant_row(unit, product_id, new)])
            index_product(unit, product_id)
            row: Variant | None = unit.q.variants.get_variant_by_sku(sku=new.sku)
            return found(row, _NO_SKU)

    def create_variants(
        self, product_id: int, *, sku_prefix: str, price: Decimal, weight_grams: int | None = None
    ) -> tuple[VariantDetail, ...]:
        """Add a variant for every combination of option values that has none yet, and return those. Eleven statements.

        A SKU is the prefix and the values without blanks, joined by hyphens: `TEE-S-DarkBlue`. Raises `NotFound`,
        `InvalidValue` for a product without options, a SKU of more than 64 characters and beyond 1,000 variants,
        `AlreadyExists` when a SKU is taken: nothing is created then.
        """
        new = validated(NewVariants, sku_prefix=sku_prefix, price=price, weight_grams=weight_grams)
        checked_id("product_id", product_id)
        with self._context.unit(write=True) as unit:
            _touch(unit, product_id)
            options, values, present = unit.q.pipeline(
                (
                    *_option_calls(unit, product_id),
                    prepare(unit.q.variants.list_combinations, product_id=product_id, max_rows=MAX_VARIANTS),
                )
            )
            taken = {row.combination_key for row in present}
            missing = [
                combination
                for combination in _combinations(product_id, options, values)
                if _combination_key(value.option_value_id for value in combination) not in taken
            ]
            _check_room(product_id, len(present), len(missing))
            unit.q.variants.insert_variants(
                [_variant_row(unit, product_id, _combined(new, combination)) for combination in missing]
            )
            index_product(unit, product_id)
            _, _, variants, variant_values = product_parts(unit, product_id)
            old = {row.variant_id for row in present}
            return assembled_variants([row for row in variants if row.variant_id not in old], variant_values)

    def get_variant(self, variant_id: int) -> Variant:
        """Read one variant. Raises `NotFound`. One statement."""
        row: Variant | None = self._context.q.variants.get_variant(variant_id=checked_id("variant_id", variant_id))
        return found(row, no_variant(variant_id))

    def variant_by_sku(self, sku: str) -> Variant:
        """Read the variant of a SKU, compared byte by byte. Raises `NotFound`. One statement; two if it is not NFC."""
        key = validated(SkuLookup, sku=sku).sku
        row: Variant | None = self._context.q.variants.get_variant_by_sku(sku=key)
        if row is None and sku != key:
            # A SKU made here is NFC; an imported one is what the source wrote, byte by byte.
            row = self._context.q.variants.get_variant_by_sku(sku=sku)
        return found(row, _NO_SKU)

    def update_variant(
        self,
        variant_id: int,
        *,
        sku: str | None = None,
        compare_at_price: Decimal | Unchanged | None = UNCHANGED,
        weight_grams: int | Unchanged | None = UNCHANGED,
        barcode: str | Unchanged | None = UNCHANGED,
        is_goods: bool | None = None,
        is_active: bool | None = None,
    ) -> Variant:
        """Change what is given; those whose default is UNCHANGED are emptied by None.

        One statement, four statements with a new SKU. The price has a method of its own, `set_price`.
        Raises `NotFound`, `InvalidValue`, and `AlreadyExists` when the SKU is taken.
        """
        emptied = {"compare_at_price": compare_at_price, "weight_grams": weight_grams, "barcode": barcode}
        given = {field: value for field, value in emptied.items() if value is not UNCHANGED}
        change = validated(VariantUpdate, sku=sku, is_goods=is_goods, is_active=is_active, **given)
        checked_id("variant_id", variant_id)
        with self._context.unit(write=True) as unit:
            row: Variant | None = unit.q.variants.update_variant(
                variant_id=variant_id,
                **dict(change),
                sets_compare_at_price="compare_at_price" in given,
                sets_weight_grams="weight_grams" in given,
                sets_barcode="barcode" in given,
                now=unit.now(),
            )
            row = found(row, no_variant(variant_id))
            if change.sku is not None:
                _touch(unit, row.product_id)
                index_product(unit, row.product_id)
            return row


def no_variant(variant_id: int) -> str:
    """Say that a variant is missing, and where to look."""
    return f"there is no variant {variant_id}: catalog.get_product shows a product's variants"


def _touch(unit: Context, product_id: int) -> None:
    # Whoever changes options or variants of one product waits here for whoever does so already.
    product: Product | None = unit.q.products.touch_product(product_id=product_id, now=unit.now())
    found(product, no_product(product_id))


def _option_calls(
    unit: Context, product_id: int
) -> tuple[PreparedCall[list[ProductOptionRow]], PreparedCall[list[OptionValue]]]:
    return (
        prepare(unit.q.options.list_options, product_id=product_id, max_rows=MAX_OPTIONS),
        prepare(unit.q.options.list_option_values, product_id=product_id, max_rows=MAX_OPTIONS * MAX_OPTION_VALUES),
    )


def _check_room(product_id: int, present: int, more: int) -> None:
    if present + more > MAX_VARIANTS:
        message = f"product {product_id} has {present} variants, {more} more would exceed {MAX_VARIANTS}"
        raise InvalidValue(message)


def _check_combination(
    options: Sequence[ProductOptionRow], values: Sequence[OptionValue], option_value_ids: Sequence[int]
) -> None:
    option_of = {value.option_value_id: value.product_option_id for value in values}
    if not all(key in option_of for key in option_value_ids):
        message = "option_value_ids: one of them is no value of this product's options"
        raise InvalidReference(message)
    if sorted(option_of[key] for key in option_value_ids) != sorted(option.product_option_id for option in options):
        message = "option_value_ids: give exactly one value of each option that the product has"
        raise InvalidValue(message)


def _combinations(
    product_id: int, options: Sequence[ProductOptionRow], values: Sequence[OptionValue]
) -> list[tuple[OptionValue, ...]]:
    choices = [[value for value in values if value.product_option_id == option.product_option_id] for option in options]
    if not choices:
        message = f"product {product_id} has no options: create_variant makes its one variant"
        raise InvalidValue(message)
    # Counted before they are made: ten options of a hundred values are more combinations than memory holds.
    _check_room(product_id, 0, math.prod(len(choice) for choice in choices))
    return list(itertools.product(*choices))


def _combination_key(option_value_ids: Iterable[int]) -> str:
    return "/".join(str(key) for key in sorted(option_value_ids))


def _combined(new: NewVariants, combination: Sequence[OptionValue]) -> NewVariant:
    return NewVariant(
        sku="-".join([new.sku_prefix, *("".join(value.value.split()) for value in combination)]),
        price=new.price,
        option_value_ids=tuple(value.option_value_id for value in combination),
        weight_grams=new.weight_grams,
    )


def _variant_row(unit: Context, product_id: int, new: NewVariant) -> InsertVariantsRow:
    return {
        "product_id": product_id,
        "public_id": unit.new_uuid(),
        "sku": new.sku,
        "price": new.price,
        "compare_at_price": new.compare_at_price,
        "weight_grams": new.weight_grams,
        "barcode": new.barcode,
        "is_goods": new.is_goods,
        "is_active": new.is_active,
        "combination_key": _combination_key(new.option_value_ids),
        "now": unit.now(),
    }

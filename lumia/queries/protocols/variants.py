"""The queries of variants, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypedDict
from uuid import UUID

from lumia.dto.catalog import Variant, VariantCombination, VariantStockRow

__all__ = ["InsertVariantsRow", "VariantsQueries"]


class InsertVariantsRow(TypedDict):
    """One row of arguments for variants.insert_variants."""

    public_id: UUID
    product_id: int
    sku: str
    combination_key: str
    price: Decimal
    compare_at_price: Decimal | None
    weight_grams: int | None
    barcode: str | None
    is_goods: bool
    is_active: bool
    now: datetime


class VariantsQueries(Protocol):
    """The queries of variants.sql."""

    def count_variants(self, *, product_id: int) -> int:
        """How many variants a product has.

        variants.sql:1
        """
        ...

    def get_variant(self, *, variant_id: int) -> Variant | None:
        """One variant by key.

        variants.sql:10
        """
        ...

    def get_variant_by_sku(self, *, sku: str) -> Variant | None:
        """One variant by its SKU, compared byte by byte.

        variants.sql:31
        """
        ...

    def insert_variants(self, rows: Iterable[InsertVariantsRow]) -> None:
        """Add variants, each with the key of its combination.

        variants.sql:52
        """
        ...

    def list_combinations(self, *, product_id: int, max_rows: int) -> list[VariantCombination]:
        """Which combinations a product has variants for.

        variants.sql:96
        """
        ...

    def list_variants_with_stock(self, *, product_id: int, now: datetime, max_rows: int) -> list[VariantStockRow]:
        """The variants of a product with what is available of each.

        variants.sql:110
        """
        ...

    def set_variant_price(self, *, variant_id: int, price: Decimal, now: datetime) -> Variant | None:
        """Set what a variant costs from now on; a trigger writes the history.

        variants.sql:153
        """
        ...

    def update_variant(
        self,
        *,
        variant_id: int,
        sku: str | None,
        sets_compare_at_price: bool,
        compare_at_price: Decimal | None,
        sets_weight_grams: bool,
        weight_grams: int | None,
        sets_barcode: bool,
        barcode: str | None,
        is_goods: bool | None,
        is_active: bool | None,
        now: datetime,
    ) -> Variant | None:
        """Change the fields that are given; NULL leaves one as it is, unless its sets_ flag says to write it.

        variants.sql:179
        """
        ...

"""The queries of options, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypedDict

from lumia.dto.catalog import OptionValue, ProductOptionRow, VariantOptionValue

__all__ = ["InsertOptionValuesRow", "OptionsQueries"]


class InsertOptionValuesRow(TypedDict):
    """One row of arguments for options.insert_option_values."""

    product_option_id: int
    product_id: int
    value: str
    position: int
    now: datetime


class OptionsQueries(Protocol):
    """The queries of options.sql."""

    def insert_option(self, *, product_id: int, name: str, position: int, now: datetime) -> ProductOptionRow | None:
        """Add an option to a product.

        options.sql:1
        """
        ...

    def insert_option_value(
        self, *, product_option_id: int, product_id: int, value: str, position: int, now: datetime
    ) -> OptionValue | None:
        """Add one value to an option.

        options.sql:31
        """
        ...

    def insert_option_values(self, rows: Iterable[InsertOptionValuesRow]) -> None:
        """Add values to an option.

        options.sql:65
        """
        ...

    def list_option_values(self, *, product_id: int, max_rows: int) -> list[OptionValue]:
        """The values of all options of a product, in their order.

        options.sql:91
        """
        ...

    def list_options(self, *, product_id: int, max_rows: int) -> list[ProductOptionRow]:
        """The options of a product, in their order.

        options.sql:113
        """
        ...

    def list_variant_option_values(self, *, product_id: int, max_rows: int) -> list[VariantOptionValue]:
        """Which values the variants of a product have.

        options.sql:133
        """
        ...

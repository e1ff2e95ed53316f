"""The queries of search, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypedDict

from lumia.dto.search import IndexedProduct, SearchCount, SearchHit, SearchText
from lumia.typedsql import UNSET, Unset

__all__ = ["PutSearchDocumentsRow", "SearchQueries"]


class PutSearchDocumentsRow(TypedDict):
    """One row of arguments for search.put_search_documents."""

    product_id: int
    digest: bytes
    words: str
    now: datetime


class SearchQueries(Protocol):
    """The queries of search.sql."""

    def count_search_facets(
        self,
        *,
        levels: tuple[str, ...] | list[str],
        step: int,
        category_id: int | Unset = UNSET,
        price_from: Decimal | Unset = UNSET,
        price_to: Decimal | Unset = UNSET,
        in_stock: bool | Unset = UNSET,
        option_names: tuple[str, ...] | list[str] | Unset = UNSET,
        option_values: tuple[str, ...] | list[str] | Unset = UNSET,
        now: datetime,
        max_rows: int,
    ) -> list[SearchCount]:
        """How many of the products found there are in all, in stock, in each category, and with each option value.

        search.postgresql.sql:1 and search.sqlite.sql:1
        """
        ...

    def list_search_hits(
        self,
        *,
        levels: tuple[str, ...] | list[str],
        step: int,
        category_id: int | Unset = UNSET,
        price_from: Decimal | Unset = UNSET,
        price_to: Decimal | Unset = UNSET,
        in_stock: bool | Unset = UNSET,
        option_names: tuple[str, ...] | list[str] | Unset = UNSET,
        option_values: tuple[str, ...] | list[str] | Unset = UNSET,
        now: datetime,
        after_tier: int | Unset = UNSET,
        after_id: int | Unset = UNSET,
        max_rows: int,
    ) -> list[SearchHit]:
        """One page of the products on sale that have every term of a query and a variant that fits, the best tier
        first.

        search.postgresql.sql:158 and search.sqlite.sql:167
        """
        ...

    def list_search_texts(self, *, after_id: int, until_id: int) -> list[SearchText]:
        """The texts that some products are found by, each product's name first, then its options, values and SKUs.

        search.sql:1
        """
        ...

    def lock_search_products(self, *, after_id: int, max_rows: int) -> list[IndexedProduct]:
        """Some products in the order of their keys, with what is known of their documents; NULL: there is none.

        search.postgresql.sql:285 and search.sqlite.sql:303
        """
        ...

    def put_search_documents(self, rows: Iterable[PutSearchDocumentsRow]) -> None:
        """Index products by their words, whatever was indexed of them before; x stands where no word is.

        search.postgresql.sql:302 and search.sqlite.sql:319
        """
        ...

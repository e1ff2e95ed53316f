"""The queries of search_spelling, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from typing import Protocol

from lumia.dto.search import SearchSpelling

__all__ = ["SearchSpellingQueries"]


class SearchSpellingQueries(Protocol):
    """The queries of search_spelling.sql."""

    def list_search_spellings(
        self,
        *,
        words: tuple[str, ...] | list[str],
        levels: tuple[str, ...] | list[str],
        owners: tuple[int, ...] | list[int],
        trigrams: tuple[str, ...] | list[str],
        max_words: int,
        max_near: int,
        max_rows: int,
    ) -> list[SearchSpelling]:
        """Which of a query's words products on sale have, and for the others the words that share most trigrams
        with them.

        search_spelling.postgresql.sql:1 and search_spelling.sqlite.sql:1
        """
        ...

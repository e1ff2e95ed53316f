"""The queries of categories, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lumia.dto.catalog import Category

__all__ = ["CategoriesQueries"]


class CategoriesQueries(Protocol):
    """The queries of categories.sql."""

    def get_category(self, *, category_id: int) -> Category | None:
        """One category.

        categories.sql:1
        """
        ...

    def insert_category(
        self, *, parent_id: int | None, slug: str, name: str, position: int, now: datetime
    ) -> Category | None:
        """Add a category.

        categories.sql:17
        """
        ...

    def list_categories(self, *, max_rows: int) -> list[Category]:
        """Every category, siblings in their order: the tree is small and always read whole.

        categories.sql:51
        """
        ...

    def list_descendants(self, *, category_id: int, max_rows: int) -> list[Category]:
        """A category and everything below it, siblings in their order.

        categories.sql:71
        """
        ...

    def move_category(
        self, *, category_id: int, parent_id: int | None, position: int | None, now: datetime
    ) -> Category | None:
        """Hang a category under another one, or at the top; a NULL position leaves it as it is.

        categories.sql:102
        """
        ...

    def rename_category(
        self, *, category_id: int, name: str | None, slug: str | None, now: datetime
    ) -> Category | None:
        """Change name, slug or both; NULL leaves one as it is.

        categories.sql:125
        """
        ...

"""The queries of imports, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lumia.dto.imports import ImportedAddress, ImportRecord, KnownCustomer, KnownVariant

__all__ = ["ImportsQueries"]


class ImportsQueries(Protocol):
    """The queries of imports.sql."""

    def count_imports(self, *, kind: str) -> int:
        """How many imports of a kind there were.

        imports.sql:1
        """
        ...

    def get_category_id_by_slug(self, *, slug: str) -> int | None:
        """The key of the category that imported products belong to.

        imports.sql:10
        """
        ...

    def get_import_by_content(self, *, kind: str, content_sha256: bytes) -> ImportRecord | None:
        """The import that brought a content before.

        imports.sql:19
        """
        ...

    def insert_import(
        self,
        *,
        kind: str,
        preset: str,
        content_sha256: bytes,
        rows_read: int,
        rows_imported: int,
        rows_rejected: int,
        now: datetime,
    ) -> int:
        """Record an import; the same content is refused by its unique key.

        imports.sql:37
        """
        ...

    def list_imported_addresses(self) -> list[ImportedAddress]:
        """The addresses that imports brought, of customers who have a number in their source.

        imports.sql:68
        """
        ...

    def list_imported_invoices(self, *, preset: str) -> list[str]:
        """The invoice numbers that imports of a preset brought.

        imports.sql:85
        """
        ...

    def list_known_customers(self) -> list[KnownCustomer]:
        """The customers who have a number in the system that an import came from.

        imports.sql:99
        """
        ...

    def list_known_variants(self) -> list[KnownVariant]:
        """Every variant with its SKU.

        imports.sql:113
        """
        ...

    def reserve_order_numbers(self, *, amount: int) -> list[int]:
        """As many new order numbers as are asked for, which nobody else gets.

        imports.postgresql.sql:1 and imports.sqlite.sql:1
        """
        ...

"""The queries of products, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from lumia.dto.catalog import Product
from lumia.typedsql import UNSET, Unset
from lumia.types import ProductStatus

__all__ = ["ProductsQueries"]


class ProductsQueries(Protocol):
    """The queries of products.sql."""

    def get_product(self, *, product_id: int) -> Product | None:
        """One product by key.

        products.sql:1
        """
        ...

    def get_product_by_slug(self, *, slug: str) -> Product | None:
        """One product by its slug.

        products.sql:19
        """
        ...

    def insert_product(
        self, *, public_id: UUID, category_id: int, slug: str, name: str, description: str, now: datetime
    ) -> Product | None:
        """Add a product as a draft.

        products.sql:37
        """
        ...

    def list_products(
        self,
        *,
        category_id: int | Unset = UNSET,
        status: ProductStatus | Unset = UNSET,
        after_id: int | Unset = UNSET,
        max_rows: int,
        order: Literal["product_id", "-product_id"] = "product_id",
    ) -> list[Product]:
        """One page of products; of a category with everything below it.

        products.sql:78
        """
        ...

    def set_product_status(self, *, product_id: int, status: ProductStatus, now: datetime) -> Product | None:
        """Move a product to a status.

        products.sql:116
        """
        ...

    def touch_product(self, *, product_id: int, now: datetime) -> Product | None:
        """Mark a product as changed, and keep others from changing its options and variants until the transaction
        ends.

        products.sql:139
        """
        ...

    def update_product(
        self,
        *,
        product_id: int,
        category_id: int | None,
        slug: str | None,
        name: str | None,
        description: str | None,
        now: datetime,
    ) -> Product | None:
        """Change the fields that are given; NULL leaves one as it is.

        products.sql:159
        """
        ...

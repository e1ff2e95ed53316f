"""The queries of products, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
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
        price_from: Decimal | Unset = UNSET,
        price_to: Decimal | Unset = UNSET,
        in_stock: bool | Unset = UNSET,
        now: datetime | Unset = UNSET,
        after_name: str | Unset = UNSET,
        after_id: int | Unset = UNSET,
        max_rows: int,
        order: Literal["name", "-name", "product_id", "-product_id"] = "name",
    ) -> list[Product]:
        """One page of products by key or by name; of a category with everything below it.

        products.sql:78
        """
        ...

    def set_product_status(self, *, product_id: int, status: ProductStatus, now: datetime) -> Product | None:
        """Move a product to a status.

        products.sql:146
        """
        ...

    def touch_product(self, *, product_id: int, now: datetime) -> Product | None:
        """Mark a product as changed, and keep others from changing its options and variants until the transaction
        ends.

        products.sql:169
        """
        ...

    def touch_product_of_option(self, *, product_option_id: int, now: datetime) -> Product | None:
        """Mark the product of an option as changed, and keep others from changing it until the transaction ends.

        products.sql:189
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

        products.sql:213
        """
        ...

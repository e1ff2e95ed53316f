"""The queries of bundles, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypedDict
from uuid import UUID

from lumia.dto.bundles import BundlePart, BundleRow
from lumia.typedsql import UNSET, Unset

__all__ = ["BundlesQueries", "InsertBundleItemsRow"]


class InsertBundleItemsRow(TypedDict):
    """One row of arguments for bundles.insert_bundle_items."""

    bundle_id: int
    position: int
    variant_id: int
    quantity: int
    now: datetime


class BundlesQueries(Protocol):
    """The queries of bundles.sql."""

    def get_bundle(self, *, bundle_id: int) -> BundleRow | None:
        """One bundle by key.

        bundles.sql:1
        """
        ...

    def get_bundle_by_slug(self, *, slug: str) -> BundleRow | None:
        """One bundle by its slug.

        bundles.sql:19
        """
        ...

    def insert_bundle(
        self, *, public_id: UUID, sku: str, slug: str, name: str, price: Decimal, now: datetime
    ) -> BundleRow | None:
        """Add a bundle, on sale at once.

        bundles.sql:37
        """
        ...

    def insert_bundle_items(self, rows: Iterable[InsertBundleItemsRow]) -> None:
        """Add what a bundle is made of.

        bundles.sql:78
        """
        ...

    def list_bundle_parts(self, *, bundle_id: int, max_rows: int) -> list[BundlePart]:
        """What a bundle is made of, with what each part costs by itself.

        bundles.sql:104
        """
        ...

    def list_bundles(
        self, *, is_active: bool | Unset = UNSET, after_id: int | Unset = UNSET, max_rows: int
    ) -> list[BundleRow]:
        """One page of bundles, oldest first.

        bundles.sql:123
        """
        ...

    def list_parts_of_bundles(
        self, *, first_id: int, last_id: int, is_active: bool | Unset = UNSET, max_rows: int
    ) -> list[BundlePart]:
        """What the bundles between two keys are made of, with what each part costs by itself.

        bundles.sql:148
        """
        ...

    def set_bundle_activity(self, *, bundle_id: int, is_active: bool, now: datetime) -> BundleRow | None:
        """Put a bundle on sale, or take it off.

        bundles.sql:173
        """
        ...

    def set_bundle_price(self, *, bundle_id: int, price: Decimal, now: datetime) -> BundleRow | None:
        """Set what a bundle costs from now on.

        bundles.sql:196
        """
        ...

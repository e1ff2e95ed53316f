"""The queries of stock, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypedDict

from lumia.dto.stock import Availability, Location, StockLevel, StockMovement
from lumia.types import MovementKind

__all__ = ["InsertInventoryRow", "InsertMovementsRow", "StockQueries"]


class InsertInventoryRow(TypedDict):
    """One row of arguments for stock.insert_inventory."""

    variant_id: int
    location_id: int
    now: datetime


class InsertMovementsRow(TypedDict):
    """One row of arguments for stock.insert_movements."""

    variant_id: int
    location_id: int
    kind: MovementKind
    on_hand_delta: int
    reason: str
    actor: str
    now: datetime


class StockQueries(Protocol):
    """The queries of stock.sql."""

    def get_stock_level(self, *, variant_id: int, location_id: int, now: datetime) -> StockLevel | None:
        """What of a variant lies at a location.

        stock.sql:1
        """
        ...

    def insert_inventory(self, rows: Iterable[InsertInventoryRow]) -> None:
        """Make sure that stock rows exist; new ones are empty, others stay as they are.

        stock.sql:27
        """
        ...

    def insert_location(self, *, name: str, priority: int, is_active: bool, now: datetime) -> Location | None:
        """Add a location.

        stock.sql:48
        """
        ...

    def insert_movements(self, rows: Iterable[InsertMovementsRow]) -> None:
        """Write ledger rows that concern no order; triggers move the counters.

        stock.sql:78
        """
        ...

    def list_available(self, *, variant_ids: tuple[int, ...] | list[int], now: datetime) -> list[Availability]:
        """What of each variant can be sold now; a key that is no variant gives no row.

        stock.postgresql.sql:1 and stock.sqlite.sql:1
        """
        ...

    def list_locations(self, *, after_id: int, max_rows: int) -> list[Location]:
        """One page of locations, oldest first.

        stock.sql:110
        """
        ...

    def list_low_stock(
        self, *, after_variant_id: int, after_location_id: int, now: datetime, max_rows: int
    ) -> list[StockLevel]:
        """One page of the stock rows of active locations whose free units are down at the reorder point.

        stock.sql:128
        """
        ...

    def list_movements(self, *, before_id: int, max_rows: int) -> list[StockMovement]:
        """One page of the whole ledger, newest first.

        stock.sql:168
        """
        ...

    def list_movements_of_stock_row(
        self, *, variant_id: int, location_id: int, before_id: int, max_rows: int
    ) -> list[StockMovement]:
        """One page of the ledger of a variant at a location, newest first.

        stock.sql:190
        """
        ...

    def list_movements_of_variant(self, *, variant_id: int, before_id: int, max_rows: int) -> list[StockMovement]:
        """One page of the ledger of a variant at all locations, newest first.

        stock.sql:216
        """
        ...

    def list_stock_levels(self, *, variant_id: int, after_id: int, now: datetime, max_rows: int) -> list[StockLevel]:
        """One page of what of a variant lies at each location, by location.

        stock.sql:257
        """
        ...

    def lock_counted_stock(self, *, variant_id: int, location_id: int, expected: int, now: datetime) -> int | None:
        """Keep a stock row from changing until the transaction ends, if it holds what was expected.

        stock.sql:286
        """
        ...

    def set_stock_levels(
        self,
        *,
        variant_id: int,
        location_id: int,
        reorder_point: int | None,
        backorder_limit: int | None,
        now: datetime,
    ) -> StockLevel | None:
        """Set the levels that are given, on a new stock row if there is none; NULL leaves one as it is.

        stock.sql:301
        """
        ...

    def update_location(
        self, *, location_id: int, name: str | None, priority: int | None, is_active: bool | None, now: datetime
    ) -> Location | None:
        """Change the fields that are given; NULL leaves one as it is.

        stock.sql:347
        """
        ...

"""The queries of prices, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Protocol

from lumia.dto.catalog import PricePeriod

__all__ = ["PricesQueries"]


class PricesQueries(Protocol):
    """The queries of prices.sql."""

    def get_lowest_price(self, *, variant_id: int, since: datetime) -> Decimal | None:
        """The lowest price since an instant; what held when the window opened counts.

        prices.sql:1
        """
        ...

    def list_price_periods(self, *, variant_id: int, before: datetime, max_rows: int) -> list[PricePeriod]:
        """One page of a variant's prices and when they held, newest first.

        prices.sql:20
        """
        ...

"""The queries of backorders, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from typing import Protocol

from lumia.dto.stock import PromisedLine

__all__ = ["BackordersQueries"]


class BackordersQueries(Protocol):
    """The queries of backorders.sql."""

    def list_promised_lines(
        self, *, variant_id: int, after_order_item_id: int, after_location_id: int, max_rows: int
    ) -> list[PromisedLine]:
        """One page of the order lines that wait for units of a variant, oldest first, with how many each could get
        now.

        backorders.sql:1
        """
        ...

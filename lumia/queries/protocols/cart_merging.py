"""The queries of cart_merging, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

__all__ = ["CartMergingQueries"]


class CartMergingQueries(Protocol):
    """The queries of cart_merging.sql."""

    def close_guest_cart(self, *, token_hash: bytes, now: datetime) -> int | None:
        """Give up the active cart of a guest's token and tell which it was; nothing for any other cart. Whose it
        was is known.

        cart_merging.sql:1
        """
        ...

    def merge_cart_bundles(
        self, *, from_cart_id: int, cart_id: int, max_lines: int, max_quantity: int, now: datetime
    ) -> None:
        """Add the bundles of one cart to another, summed by bundle; what is beyond the limits stays out. Of two
        prices that.

        cart_merging.sql:19
        """
        ...

    def merge_cart_items(
        self, *, from_cart_id: int, cart_id: int, max_lines: int, max_quantity: int, now: datetime
    ) -> None:
        """Add the variants of one cart to another, summed by variant; what is beyond the limits stays out. Of two
        prices that.

        cart_merging.sql:88
        """
        ...

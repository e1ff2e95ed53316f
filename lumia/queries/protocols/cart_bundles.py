"""The queries of cart_bundles, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lumia.dto.carts import CartBundle

__all__ = ["CartBundlesQueries"]


class CartBundlesQueries(Protocol):
    """The queries of cart_bundles.sql."""

    def delete_cart_bundle(self, *, cart_id: int, bundle_id: int) -> int | None:
        """Take a bundle out of a cart that is active and tell which line that was; nothing where it was not in it.

        cart_bundles.sql:1
        """
        ...

    def get_cart_bundle(self, *, bundle_id: int) -> CartBundle | None:
        """Whether a bundle can be put into a cart: it is on sale with every one of its parts.

        cart_bundles.sql:18
        """
        ...

    def put_cart_bundle(self, *, cart_id: int, bundle_id: int, quantity: int, now: datetime) -> None:
        """Let an active cart hold so many of a bundle that exists; no row otherwise.

        cart_bundles.sql:44
        """
        ...

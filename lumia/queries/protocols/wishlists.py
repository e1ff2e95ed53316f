"""The queries of wishlists, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from lumia.dto.wishlists import Wishlist, WishlistLineRow, WishlistSummary
from lumia.typedsql import UNSET, Unset

__all__ = ["WishlistsQueries"]


class WishlistsQueries(Protocol):
    """The queries of wishlists.sql."""

    def copy_wishlist_to_cart(
        self, *, wishlist_id: int, cart_id: int, variant_id: int | Unset = UNSET, now: datetime
    ) -> None:
        """Put one each of a list's things that are for sale into an active cart; what is in it already stays as it
        is.

        wishlists.sql:1
        """
        ...

    def count_wishlists(self, *, customer_id: int) -> int:
        """How many lists a customer has.

        wishlists.sql:36
        """
        ...

    def delete_wishlist(self, *, wishlist_id: int) -> int:
        """Delete a list with everything on it.

        wishlists.sql:45
        """
        ...

    def delete_wishlist_item(self, *, wishlist_id: int, variant_id: int) -> None:
        """Take a variant off a list.

        wishlists.sql:53
        """
        ...

    def delete_wishlist_items_in_cart(self, *, wishlist_id: int, cart_id: int, variant_id: int | Unset = UNSET) -> None:
        """Take off a list what is for sale and in a cart by now.

        wishlists.sql:63
        """
        ...

    def get_shared_wishlist(self, *, token_hash: bytes) -> Wishlist | None:
        """The list that a link shows.

        wishlists.sql:84
        """
        ...

    def get_wishlist(self, *, wishlist_id: int) -> Wishlist | None:
        """One list by key.

        wishlists.sql:100
        """
        ...

    def insert_wishlist(self, *, public_id: UUID, customer_id: int, name: str, now: datetime) -> Wishlist | None:
        """Open a list for a customer who exists; no row otherwise.

        wishlists.sql:116
        """
        ...

    def insert_wishlist_item(self, *, wishlist_id: int, variant_id: int, now: datetime) -> None:
        """Put a variant on a list if both exist; what is on it stays where it is.

        wishlists.sql:148
        """
        ...

    def list_wishlist_lines(self, *, wishlist_id: int, now: datetime, max_rows: int) -> list[WishlistLineRow]:
        """What is on a list as it stands now, in the order in which it was added.

        wishlists.sql:169
        """
        ...

    def list_wishlists(self, *, customer_id: int, max_rows: int) -> list[WishlistSummary]:
        """A customer's lists in the order in which they were opened.

        wishlists.sql:210
        """
        ...

    def rename_wishlist(self, *, wishlist_id: int, name: str, now: datetime) -> Wishlist | None:
        """Give a list another name.

        wishlists.sql:234
        """
        ...

    def set_wishlist_token(self, *, wishlist_id: int, token_hash: bytes | None, now: datetime) -> Wishlist | None:
        """Show a list to whoever has this token and no other; NULL shows it to nobody.

        wishlists.sql:255
        """
        ...

    def touch_wishlist(self, *, wishlist_id: int, now: datetime) -> Wishlist | None:
        """Date a change of a list's things; others who change them wait until the transaction ends.

        wishlists.sql:277
        """
        ...

"""The queries of carts, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from lumia.dto.carts import Cart, CartLineRow, CartVariant

__all__ = ["CartsQueries"]


class CartsQueries(Protocol):
    """The queries of carts.sql."""

    def close_guest_cart(self, *, token_hash: bytes, now: datetime) -> int | None:
        """Give up the active cart of a guest's token and tell which it was; nothing for any other cart.

        carts.sql:1
        """
        ...

    def delete_cart_item(self, *, cart_id: int, variant_id: int) -> None:
        """Take a variant out of a cart that is active.

        carts.sql:16
        """
        ...

    def delete_cart_items(self, *, cart_id: int) -> None:
        """Empty a cart that is active.

        carts.sql:32
        """
        ...

    def get_active_cart(self, *, customer_id: int) -> Cart | None:
        """A customer's cart that is still being filled.

        carts.sql:46
        """
        ...

    def get_cart(self, *, cart_id: int) -> Cart | None:
        """One cart by key.

        carts.sql:65
        """
        ...

    def get_cart_by_token_hash(self, *, token_hash: bytes) -> Cart | None:
        """The cart of a guest's token.

        carts.sql:83
        """
        ...

    def get_cart_variant(self, *, variant_id: int) -> CartVariant | None:
        """Whether a variant can be put into a cart.

        carts.sql:101
        """
        ...

    def insert_guest_cart(
        self, *, public_id: UUID, token_hash: bytes, guest_email: str | None, now: datetime
    ) -> Cart | None:
        """Open a cart for whoever holds its token.

        carts.sql:113
        """
        ...

    def list_abandoned_carts(self, *, before: datetime, after_id: int, max_rows: int) -> list[Cart]:
        """One page of the active carts that hold something and did not change since an instant, oldest first.

        carts.sql:151
        """
        ...

    def list_cart_lines(self, *, cart_id: int, now: datetime, max_rows: int) -> list[CartLineRow]:
        """The lines of a cart as they stand now, in the order in which they were added.

        carts.sql:180
        """
        ...

    def merge_cart_items(
        self, *, from_cart_id: int, cart_id: int, max_lines: int, max_quantity: int, now: datetime
    ) -> None:
        """Add the lines of one cart to another, summed by variant; what is beyond the limits stays out.

        carts.sql:223
        """
        ...

    def open_customer_cart(self, *, public_id: UUID, customer_id: int, now: datetime) -> Cart | None:
        """Give a customer's active cart, and open it where there is none; of several at once one is opened, and
        all get it.

        carts.sql:281
        """
        ...

    def put_cart_item(self, *, cart_id: int, variant_id: int, quantity: int, now: datetime) -> None:
        """Let an active cart hold so many of a variant that exists; no row otherwise.

        carts.sql:319
        """
        ...

    def touch_cart(self, *, cart_id: int, now: datetime) -> None:
        """Date a change of a cart.

        carts.sql:352
        """
        ...

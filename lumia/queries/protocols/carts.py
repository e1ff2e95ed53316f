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

    def delete_cart_item(self, *, cart_id: int, variant_id: int) -> int | None:
        """Take a variant out of a cart that is active and tell which line that was; nothing where it was not in
        it.

        carts.sql:1
        """
        ...

    def delete_cart_items(self, *, cart_id: int) -> list[int]:
        """Empty a cart that is active and tell which lines it had.

        carts.sql:18
        """
        ...

    def get_active_cart(self, *, customer_id: int) -> Cart | None:
        """A customer's cart that is still being filled.

        carts.sql:34
        """
        ...

    def get_cart(self, *, cart_id: int) -> Cart | None:
        """One cart by key.

        carts.sql:53
        """
        ...

    def get_cart_by_token_hash(self, *, token_hash: bytes) -> Cart | None:
        """The cart of a guest's token.

        carts.sql:71
        """
        ...

    def get_cart_variant(self, *, variant_id: int) -> CartVariant | None:
        """Whether a variant can be put into a cart.

        carts.sql:89
        """
        ...

    def insert_guest_cart(
        self, *, public_id: UUID, token_hash: bytes, guest_email: str | None, guest_email_key: str | None, now: datetime
    ) -> Cart | None:
        """Open a cart for whoever holds its token.

        carts.sql:101
        """
        ...

    def list_abandoned_carts(self, *, before: datetime, after_id: int, max_rows: int) -> list[Cart]:
        """One page of the active carts that hold something and did not change since an instant, oldest first.

        carts.sql:142
        """
        ...

    def list_cart_lines(self, *, cart_id: int, now: datetime, max_rows: int) -> list[CartLineRow]:
        """The lines of a cart as they stand now, in the order in which they were added. Of a bundle as many are
        available as.

        carts.sql:171
        """
        ...

    def lock_active_cart(self, *, customer_id: int) -> int | None:
        """Keep a customer's active cart from being changed, ordered or merged until the transaction ends, and tell
        which it is.

        carts.postgresql.sql:1 and carts.sqlite.sql:1
        """
        ...

    def lock_cart(self, *, cart_id: int) -> int | None:
        """Keep a cart from being changed, ordered or merged until the transaction ends, and tell whether it
        exists.

        carts.postgresql.sql:13 and carts.sqlite.sql:12
        """
        ...

    def open_customer_cart(self, *, public_id: UUID, customer_id: int, now: datetime) -> Cart | None:
        """Give a customer's active cart, and open it where there is none; of several at once one is opened, and
        all get it.

        carts.sql:245
        """
        ...

    def put_cart_item(self, *, cart_id: int, variant_id: int, quantity: int, now: datetime) -> None:
        """Let an active cart hold so many of a variant that exists; no row otherwise.

        carts.sql:283
        """
        ...

    def touch_cart(self, *, cart_id: int, now: datetime) -> None:
        """Date a change of a cart.

        carts.sql:316
        """
        ...

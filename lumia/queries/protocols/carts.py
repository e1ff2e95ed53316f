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

    def delete_cart_item(self, *, cart_id: int, variant_id: int) -> None:
        """Take a variant out of a cart that is active.

        carts.sql:1
        """
        ...

    def delete_cart_items(self, *, cart_id: int) -> None:
        """Empty a cart that is active.

        carts.sql:17
        """
        ...

    def get_active_cart(self, *, customer_id: int) -> Cart | None:
        """A customer's cart that is still being filled.

        carts.sql:31
        """
        ...

    def get_cart(self, *, cart_id: int) -> Cart | None:
        """One cart by key.

        carts.sql:50
        """
        ...

    def get_cart_by_token_hash(self, *, token_hash: bytes) -> Cart | None:
        """The cart of a guest's token.

        carts.sql:68
        """
        ...

    def get_cart_variant(self, *, variant_id: int) -> CartVariant | None:
        """Whether a variant can be put into a cart.

        carts.sql:86
        """
        ...

    def insert_guest_cart(
        self, *, public_id: UUID, token_hash: bytes, guest_email: str | None, now: datetime
    ) -> Cart | None:
        """Open a cart for whoever holds its token.

        carts.sql:98
        """
        ...

    def list_cart_lines(self, *, cart_id: int, max_rows: int) -> list[CartLineRow]:
        """The lines of a cart as they stand now, in the order in which they were added.

        carts.sql:136
        """
        ...

    def open_customer_cart(self, *, public_id: UUID, customer_id: int, now: datetime) -> Cart | None:
        """Give a customer's active cart, and open it where there is none; of several at once one is opened, and
        all get it.

        carts.sql:163
        """
        ...

    def put_cart_item(self, *, cart_id: int, variant_id: int, quantity: int, now: datetime) -> None:
        """Let an active cart hold so many of a variant that exists; no row otherwise.

        carts.sql:201
        """
        ...

    def touch_cart(self, *, cart_id: int, now: datetime) -> None:
        """Date a change of a cart.

        carts.sql:231
        """
        ...

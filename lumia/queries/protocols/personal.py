"""The queries of personal, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from typing import Protocol

from lumia.dto.privacy import (
    ExportedAddress,
    ExportedCart,
    ExportedCartItem,
    ExportedLogin,
    ExportedReview,
    ExportedSession,
    ExportedToken,
    ExportedVote,
    ExportedWishlist,
    ExportedWishlistItem,
)

__all__ = ["PersonalQueries"]


class PersonalQueries(Protocol):
    """The queries of personal.sql."""

    def list_addresses(self, *, customer_id: int) -> list[ExportedAddress]:
        """Every address of a person, archived ones too.

        personal.sql:1
        """
        ...

    def list_cart_items(self, *, customer_id: int) -> list[ExportedCartItem]:
        """What lies in a person's carts, and in those that were left under the person's address.

        personal.sql:27
        """
        ...

    def list_carts(self, *, customer_id: int) -> list[ExportedCart]:
        """A person's carts, those that a guest's orders came of, and those that were left under the person's
        address.

        personal.sql:50
        """
        ...

    def list_logins(self, *, customer_id: int) -> list[ExportedLogin]:
        """When a person's password was set, and what was tried; never the password.

        personal.sql:79
        """
        ...

    def list_reviews(self, *, customer_id: int) -> list[ExportedReview]:
        """What a person wrote about products.

        personal.sql:94
        """
        ...

    def list_sessions(self, *, customer_id: int) -> list[ExportedSession]:
        """When a person logged in and was seen.

        personal.sql:115
        """
        ...

    def list_tokens(self, *, customer_id: int) -> list[ExportedToken]:
        """Which mails with a token were sent to a person.

        personal.sql:130
        """
        ...

    def list_votes(self, *, customer_id: int) -> list[ExportedVote]:
        """Which reviews a person found helpful.

        personal.sql:146
        """
        ...

    def list_wishlist_items(self, *, customer_id: int) -> list[ExportedWishlistItem]:
        """What a person put aside.

        personal.sql:160
        """
        ...

    def list_wishlists(self, *, customer_id: int) -> list[ExportedWishlist]:
        """A person's wishlists.

        personal.sql:176
        """
        ...

"""The queries of privacy, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lumia.dto.privacy import Erasable

__all__ = ["PrivacyQueries"]


class PrivacyQueries(Protocol):
    """The queries of privacy.sql."""

    def delete_account_tokens(self, *, customer_id: int) -> None:
        """Delete the tokens that were mailed to a person.

        privacy.sql:1
        """
        ...

    def delete_credentials(self, *, customer_id: int) -> None:
        """Delete a person's password.

        privacy.sql:9
        """
        ...

    def delete_guest_carts(self, *, email: str, email_key: str) -> None:
        """Delete the carts that somebody left under this address, however it was spelt, and that became no order.

        privacy.sql:17
        """
        ...

    def delete_keys(self, *, customer_id: int) -> None:
        """Delete the idempotency keys of a person and of their orders: a client chose their text.

        privacy.sql:28
        """
        ...

    def delete_open_carts(self, *, customer_id: int) -> None:
        """Delete a person's carts that became no order.

        privacy.sql:49
        """
        ...

    def delete_sessions(self, *, customer_id: int) -> None:
        """Delete a person's sessions.

        privacy.sql:58
        """
        ...

    def delete_wishlists(self, *, customer_id: int) -> None:
        """Delete a person's wishlists with what is on them.

        privacy.sql:66
        """
        ...

    def erase_acts(self, *, customer_id: int) -> None:
        """Take a customer's name from what they did themselves.

        privacy.sql:74
        """
        ...

    def erase_addresses(self, *, customer_id: int, now: datetime) -> None:
        """Overwrite a person's addresses but for the country, which taxes and reports go by.

        privacy.sql:84
        """
        ...

    def erase_cancellations(self, *, customer_id: int) -> None:
        """Empty the reasons of what a person cancelled.

        privacy.sql:106
        """
        ...

    def erase_carts(self, *, customer_id: int) -> None:
        """Empty the address that a guest gave, of the carts that orders came of.

        privacy.sql:121
        """
        ...

    def erase_customer(self, *, customer_id: int, email: str, now: datetime) -> None:
        """Overwrite a person's profile; gives the key, and when it was first done.

        privacy.sql:137
        """
        ...

    def erase_order_steps(self, *, customer_id: int) -> None:
        """Empty the reasons of the steps of a person's orders.

        privacy.sql:158
        """
        ...

    def erase_orders(self, *, customer_id: int, email: str, now: datetime) -> None:
        """Overwrite the address of a person's orders, and the reason of their last step.

        privacy.sql:168
        """
        ...

    def erase_payment_events(self, *, customer_id: int) -> None:
        """Empty what providers told about a person's payments beside the amounts.

        privacy.sql:183
        """
        ...

    def erase_payments(self, *, customer_id: int, now: datetime) -> None:
        """Empty the cards of a person's payments.

        privacy.sql:198
        """
        ...

    def erase_redemptions(self, *, customer_id: int) -> None:
        """Empty the address under which a person used coupons.

        privacy.sql:212
        """
        ...

    def erase_refunds(self, *, customer_id: int, now: datetime) -> None:
        """Empty the reasons of a person's refunds.

        privacy.sql:222
        """
        ...

    def erase_return_notes(self, *, customer_id: int) -> None:
        """Empty what the shop wrote down about a person's returns.

        privacy.sql:240
        """
        ...

    def erase_return_reasons(self, *, customer_id: int) -> None:
        """Empty why a person sent things back.

        privacy.sql:250
        """
        ...

    def erase_reviews(self, *, customer_id: int, now: datetime) -> None:
        """Empty the texts of a person's reviews; the ratings stay.

        privacy.sql:260
        """
        ...

    def erase_shipments(self, *, customer_id: int, now: datetime) -> None:
        """Empty the numbers under which carriers tell of a person's parcels.

        privacy.sql:276
        """
        ...

    def list_open_orders(self, *, customer_id: int) -> list[int]:
        """The keys of a person's orders that are under way: not delivered, cancelled or refunded, or being
        returned.

        privacy.sql:289
        """
        ...

    def lock_carts(self, *, customer_id: int) -> list[int]:
        """Lock a person's open carts before anything else: a checkout that is turning one into an order comes
        first or not at all.

        privacy.postgresql.sql:1 and privacy.sqlite.sql:1
        """
        ...

    def lock_orders(self, *, customer_id: int) -> list[int]:
        """Lock a person's orders before the customer: a step of an order locks the order, and asks for the
        customer then.

        privacy.postgresql.sql:15 and privacy.sqlite.sql:14
        """
        ...

    def lock_person(self, *, customer_id: int) -> Erasable | None:
        """Lock a customer who is to be erased.

        privacy.postgresql.sql:28 and privacy.sqlite.sql:26
        """
        ...

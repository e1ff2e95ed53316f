"""The queries of quoting, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lumia.dto.checkout import CheckoutAddress, CheckoutCart, CheckoutLine, CheckoutShipping, CheckoutTaxRate

__all__ = ["QuotingQueries"]


class QuotingQueries(Protocol):
    """The queries of quoting.sql."""

    def get_checkout_cart(self, *, cart_id: int) -> CheckoutCart | None:
        """A cart with its holder and the settings that decide what it comes to.

        quoting.sql:1
        """
        ...

    def get_checkout_shipping(self, *, code: str) -> CheckoutShipping | None:
        """A shipping method with its price and whom it serves.

        quoting.sql:23
        """
        ...

    def list_checkout_addresses(
        self, *, cart_id: int, shipping_address_id: int, billing_address_id: int
    ) -> list[CheckoutAddress]:
        """Where the addresses lie that the holder of a cart chose, of those that are the holder's own and not
        archived.

        quoting.sql:38
        """
        ...

    def list_checkout_lines(self, *, cart_id: int) -> list[CheckoutLine]:
        """The lines of a cart at their present prices, in the order in which they were added; a bundle as a line
        for each part.

        quoting.sql:56
        """
        ...

    def list_checkout_tax_rates(self, *, country_code: str, region: str, now: datetime) -> list[CheckoutTaxRate]:
        """The tax rates in force at a place.

        quoting.sql:96
        """
        ...

    def list_checkout_tax_rates_at_address(self, *, address_id: int, now: datetime) -> list[CheckoutTaxRate]:
        """The tax rates in force where an address lies.

        quoting.sql:118
        """
        ...

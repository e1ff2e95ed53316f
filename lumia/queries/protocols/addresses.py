"""The queries of addresses, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lumia.dto.customers import Address

__all__ = ["AddressesQueries"]


class AddressesQueries(Protocol):
    """The queries of addresses.sql."""

    def archive_address(self, *, customer_id: int, address_id: int, now: datetime) -> Address | None:
        """Take an address out of use; it stays where orders refer to it.

        addresses.sql:1
        """
        ...

    def clear_default_billing(self, *, customer_id: int, now: datetime) -> None:
        """Take the mark of the billing default away from whichever address has it.

        addresses.sql:36
        """
        ...

    def clear_default_shipping(self, *, customer_id: int, now: datetime) -> None:
        """Take the mark of the shipping default away from whichever address has it.

        addresses.sql:49
        """
        ...

    def get_live_address(self, *, customer_id: int, address_id: int) -> Address | None:
        """A customer's address, unless it is archived.

        addresses.sql:62
        """
        ...

    def insert_address(
        self,
        *,
        customer_id: int,
        recipient: str,
        company: str | None,
        line1: str,
        line2: str | None,
        city: str,
        region: str,
        postal_code: str,
        country_code: str,
        country_name: str | None,
        phone: str | None,
        is_default_shipping: bool,
        is_default_billing: bool,
        now: datetime,
    ) -> int:
        """Add an address.

        addresses.sql:91
        """
        ...

    def list_addresses(self, *, customer_id: int, after_id: int, max_rows: int) -> list[Address]:
        """One page of a customer's addresses, archived ones included, oldest first.

        addresses.sql:145
        """
        ...

    def list_live_addresses(self, *, customer_id: int, after_id: int, max_rows: int) -> list[Address]:
        """One page of a customer's addresses in use, oldest first.

        addresses.sql:176
        """
        ...

    def mark_default_billing(self, *, customer_id: int, address_id: int, now: datetime) -> Address | None:
        """Make an address in use the billing default; no other may be marked any more.

        addresses.sql:208
        """
        ...

    def mark_default_shipping(self, *, customer_id: int, address_id: int, now: datetime) -> Address | None:
        """Make an address in use the shipping default; no other may be marked any more.

        addresses.sql:241
        """
        ...

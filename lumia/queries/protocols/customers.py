"""The queries of customers, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from lumia.dto.customers import Customer
from lumia.typedsql import UNSET, Unset

__all__ = ["CustomersQueries"]


class CustomersQueries(Protocol):
    """The queries of customers.sql."""

    def deactivate_customer(self, *, customer_id: int, now: datetime) -> Customer | None:
        """Mark a customer as inactive.

        customers.sql:1
        """
        ...

    def get_customer(self, *, customer_id: int) -> Customer | None:
        """One customer by key.

        customers.sql:28
        """
        ...

    def get_customer_by_email_key(self, *, email_key: str) -> Customer | None:
        """The registered customer of an address; guests may share one.

        customers.sql:51
        """
        ...

    def get_customer_by_public_id(self, *, public_id: UUID) -> Customer | None:
        """One customer by the key that is shown in URLs.

        customers.sql:75
        """
        ...

    def insert_customer(
        self,
        *,
        public_id: UUID,
        email: str,
        email_key: str,
        first_name: str,
        last_name: str,
        phone: str | None,
        external_reference: str | None,
        is_guest: bool,
        now: datetime,
    ) -> int:
        """Add a customer, active and not verified.

        customers.sql:98
        """
        ...

    def list_customers(
        self,
        *,
        is_active: bool | Unset = UNSET,
        is_guest: bool | Unset = UNSET,
        after_id: int | Unset = UNSET,
        max_rows: int,
        order: Literal["customer_id", "-customer_id"] = "customer_id",
    ) -> list[Customer]:
        """One page of customers, guests included.

        customers.sql:141
        """
        ...

    def lock_customer(self, *, customer_id: int) -> int | None:
        """Make sure that a customer exists and that nobody else changes what belongs to them meanwhile.

        customers.postgresql.sql:1 and customers.sqlite.sql:1
        """
        ...

    def reactivate_customer(self, *, customer_id: int, now: datetime) -> Customer | None:
        """Mark a customer as active again.

        customers.sql:174
        """
        ...

    def update_customer_profile(
        self,
        *,
        customer_id: int,
        first_name: str | None,
        last_name: str | None,
        sets_phone: bool,
        phone: str | None,
        now: datetime,
    ) -> Customer | None:
        """Change the fields that are given; NULL leaves a name as it is, phone is written when sets_phone says so.

        customers.sql:201
        """
        ...

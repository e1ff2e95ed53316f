"""The queries of delivery, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Protocol

from lumia.dto.delivery import ShippingMethod, TaxRate
from lumia.typedsql import UNSET, Unset

__all__ = ["DeliveryQueries"]


class DeliveryQueries(Protocol):
    """The queries of delivery.sql."""

    def get_shipping_method(self, *, shipping_method_id: int) -> ShippingMethod | None:
        """One shipping method.

        delivery.sql:1
        """
        ...

    def insert_shipping_method(
        self,
        *,
        code: str,
        name: str,
        price: Decimal,
        free_from: Decimal | None,
        countries: tuple[str, ...] | list[str],
        is_active: bool,
        now: datetime,
    ) -> ShippingMethod | None:
        """Add a shipping method.

        delivery.sql:19
        """
        ...

    def insert_tax_rate(
        self,
        *,
        country_code: str,
        region: str,
        category_id: int | None,
        rate: Decimal,
        valid_from: datetime,
        valid_to: datetime | None,
        now: datetime,
    ) -> TaxRate | None:
        """Add a tax rate.

        delivery.sql:61
        """
        ...

    def list_active_shipping_methods(self, *, after_id: int, max_rows: int) -> list[ShippingMethod]:
        """One page of the shipping methods that can be chosen, oldest first.

        delivery.sql:103
        """
        ...

    def list_shipping_methods(self, *, after_id: int, max_rows: int) -> list[ShippingMethod]:
        """One page of all shipping methods, oldest first.

        delivery.sql:125
        """
        ...

    def list_tax_rates(self, *, country_code: str | Unset = UNSET, after_id: int, max_rows: int) -> list[TaxRate]:
        """One page of tax rates, oldest first.

        delivery.sql:146
        """
        ...

    def update_shipping_method(
        self,
        *,
        shipping_method_id: int,
        name: str | None,
        price: Decimal | None,
        sets_free_from: bool,
        free_from: Decimal | None,
        countries: tuple[str, ...] | list[str] | None,
        is_active: bool | None,
        now: datetime,
    ) -> ShippingMethod | None:
        """Change the fields that are given; NULL leaves one as it is, free_from is written when sets_free_from
        says so.

        delivery.sql:169
        """
        ...

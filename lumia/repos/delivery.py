"""Shipping methods and tax rates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from lumia.dto.base import UNCHANGED, Unchanged, checked_id, checked_items, validated
from lumia.dto.delivery import NewShippingMethod, NewTaxRate, ShippingMethod, ShippingMethodUpdate, TaxCountry, TaxRate
from lumia.repos.base import Repository, found, given, key_after, made, page_of, page_rows
from lumia.types import Page

__all__ = ["Delivery"]


class Delivery(Repository):
    """How orders are sent, and what tax they carry."""

    def create_shipping_method(
        self,
        *,
        code: str,
        name: str,
        price: Decimal,
        free_from: Decimal | None = None,
        countries: Sequence[str] = (),
        is_active: bool = True,
    ) -> ShippingMethod:
        """Add a shipping method. One statement.

        `price` is in the shop's currency; `free_from` is the discounted subtotal from which it costs nothing;
        `countries` are ISO 3166-1 alpha-2 codes, none means everywhere. Raises `InvalidValue`, and `AlreadyExists`
        when the code is taken.
        """
        new = validated(
            NewShippingMethod,
            code=code,
            name=name,
            price=price,
            free_from=free_from,
            countries=checked_items("countries", countries),
            is_active=is_active,
        )
        with self._context.unit(write=True) as unit:
            return made(unit.q.delivery.insert_shipping_method(**dict(new), now=unit.now()))

    def get_shipping_method(self, shipping_method_id: int) -> ShippingMethod:
        """Read one shipping method. Raises `NotFound`. One statement."""
        row: ShippingMethod | None = self._context.q.delivery.get_shipping_method(
            shipping_method_id=checked_id("shipping_method_id", shipping_method_id)
        )
        return found(row, _no_method(shipping_method_id))

    def shipping_methods(
        self, *, include_inactive: bool = False, limit: int = 50, after: int | None = None
    ) -> Page[ShippingMethod]:
        """List shipping methods, oldest first, `limit` (1 to 500) at a time; `after` is the last page's `next`.

        Raises `InvalidValue`. One statement.
        """
        queries = self._context.q.delivery
        query = queries.list_shipping_methods if include_inactive else queries.list_active_shipping_methods
        rows: list[ShippingMethod] = query(after_id=key_after(after), max_rows=page_rows(limit))
        return page_of(rows, limit, lambda row: row.shipping_method_id)

    def update_shipping_method(
        self,
        shipping_method_id: int,
        *,
        name: str | None = None,
        price: Decimal | None = None,
        free_from: Decimal | Unchanged | None = UNCHANGED,
        countries: Sequence[str] | None = None,
        is_active: bool | None = None,
    ) -> ShippingMethod:
        """Change what is given; `free_from=None` makes it never free. One statement.

        Raises `NotFound`, and `InvalidValue` as `create_shipping_method` does.
        """
        change = validated(
            ShippingMethodUpdate,
            name=name,
            price=price,
            free_from=None if isinstance(free_from, Unchanged) else free_from,
            countries=None if countries is None else checked_items("countries", countries),
            is_active=is_active,
        )
        checked_id("shipping_method_id", shipping_method_id)
        with self._context.unit(write=True) as unit:
            row: ShippingMethod | None = unit.q.delivery.update_shipping_method(
                shipping_method_id=shipping_method_id,
                sets_free_from=free_from is not UNCHANGED,
                **dict(change),
                now=unit.now(),
            )
            return found(row, _no_method(shipping_method_id))

    def add_tax_rate(
        self,
        *,
        country_code: str,
        rate: Decimal,
        region: str = "",
        category_id: int | None = None,
        valid_from: datetime | None = None,
        valid_to: datetime | None = None,
    ) -> TaxRate:
        """Add a rate (a share of one: 0.2 is twenty percent), in force from `valid_from`, else now. One statement.

        An empty `region` stands for the whole country, no `category_id` for every category; `valid_to` is the first
        instant at which the rate no longer holds. Raises `InvalidValue`, `InvalidReference` for a category that does
        not exist, `AlreadyExists` when the place and category have a rate of that start.
        """
        with self._context.unit(write=True) as unit:
            now = unit.now()
            new = validated(
                NewTaxRate,
                country_code=country_code,
                region=region,
                category_id=category_id,
                rate=rate,
                valid_from=now if valid_from is None else valid_from,
                valid_to=valid_to,
            )
            return made(unit.q.delivery.insert_tax_rate(**dict(new), now=now))

    def tax_rates(self, *, country_code: str | None = None, limit: int = 50, after: int | None = None) -> Page[TaxRate]:
        """List tax rates, of one country or of all, oldest first, `limit` (1 to 500) at a time.

        `after` is the last page's `next`. Raises `InvalidValue`. One statement.
        """
        place = None if country_code is None else validated(TaxCountry, country_code=country_code).country_code
        rows = self._context.q.delivery.list_tax_rates(
            country_code=given(place), after_id=key_after(after), max_rows=page_rows(limit)
        )
        return page_of(rows, limit, lambda row: row.tax_rate_id)


def _no_method(shipping_method_id: int) -> str:
    return f"there is no shipping method {shipping_method_id}: delivery.shipping_methods lists them"

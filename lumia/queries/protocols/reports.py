"""The queries of reports, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lumia.dto.reports import (
    CountrySales,
    CustomerOrders,
    CustomerSales,
    MonthTotals,
    ProductSales,
    SalesSpan,
    SalesSummary,
)

__all__ = ["ReportsQueries"]


class ReportsQueries(Protocol):
    """The queries of reports.sql."""

    def get_sales_span(self) -> SalesSpan | None:
        """When the first and the last order item were sold.

        reports.sql:1
        """
        ...

    def get_sales_summary(self, *, customers_only: bool, goods_only: bool) -> SalesSummary | None:
        """A row set in one line.

        reports.sql:11
        """
        ...

    def list_orders_by_customer(self) -> list[CustomerOrders]:
        """How often each customer bought who is no guest, and when first and last.

        reports.sql:47
        """
        ...

    def list_sales_by_country(self, *, customers_only: bool, goods_only: bool) -> list[CountrySales]:
        """A row set by the country of the shipping address as written, the largest amount first.

        reports.sql:67
        """
        ...

    def list_sales_by_month(
        self, *, starts: tuple[datetime, ...] | list[datetime], customers_only: bool, goods_only: bool
    ) -> list[MonthTotals]:
        """A row set by month: from each start on up to the next, the last start being where the last month ends.

        reports.postgresql.sql:1 and reports.sqlite.sql:1
        """
        ...

    def list_top_customers(self, *, goods_only: bool, max_rows: int) -> list[CustomerSales]:
        """The customers with the largest amounts, guests left out; ties by their number in byte order.

        reports.sql:100
        """
        ...

    def list_top_products_by_amount(
        self, *, customers_only: bool, goods_only: bool, max_rows: int
    ) -> list[ProductSales]:
        """The variants with the largest amounts, ties by SKU in byte order, each with the name of most of its
        sales.

        reports.sql:136
        """
        ...

    def list_top_products_by_quantity(
        self, *, customers_only: bool, goods_only: bool, max_rows: int
    ) -> list[ProductSales]:
        """The variants with the largest quantities, ties by SKU in byte order, each with the name of most of its
        sales.

        reports.sql:202
        """
        ...

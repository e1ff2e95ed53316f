"""Rows of the reports: exact sums, counts, and quotients with six decimals."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from lumia.dto.base import FrozenRow
from lumia.types import Logical, UtcDatetime

__all__ = [
    "AverageOrderValue",
    "CountrySales",
    "CustomerOrders",
    "CustomerSales",
    "HistogramBar",
    "MonthSales",
    "MonthTotals",
    "ProductRanking",
    "ProductSales",
    "RepeatRate",
    "RowSet",
    "SalesSpan",
    "SalesSummary",
]

Total = Annotated[Decimal, Logical("money")]
"""A sum of money with four decimals; a report refuses one beyond the limit of a single amount."""


class RowSet(StrEnum):
    """Which order items a report counts.

    A sale is an item of an order that is paid, shipped, delivered or refunded, with what was cancelled of it left out:
    a pending or a cancelled order is no sale, and a refund is no negative sale.
    """

    SALES = "sales"
    """Every sale."""
    SALES_CUSTOMER = "sales_customer"
    """Sales to customers who are no guests."""
    SALES_GOODS = "sales_goods"
    """Sales of variants that are goods: no postage, fees or vouchers."""


class ProductRanking(StrEnum):
    """What makes a product a top product."""

    REVENUE = "revenue"
    QUANTITY = "quantity"


class SalesSummary(FrozenRow):
    """A row set in one line."""

    rows: int
    """Order items."""
    invoices: int
    """Orders with an item in the row set."""
    stock_codes: int
    """Variants sold."""
    customers: int
    """Customers who are no guests."""
    countries: int
    """Countries of the shipping addresses, as written."""
    rows_without_customer: int
    """Order items of guests."""
    quantity: int
    amount: Total
    """Price times quantity, before discounts and taxes."""
    first_sold_at: UtcDatetime | None
    last_sold_at: UtcDatetime | None


class SalesSpan(FrozenRow):
    """When the first and the last order item were sold; None in a shop without orders."""

    first_sold_at: UtcDatetime | None
    last_sold_at: UtcDatetime | None


class MonthTotals(FrozenRow):
    """The sales from an instant on, up to the next month's."""

    starts_at: UtcDatetime
    amount: Total
    rows: int
    invoices: int
    quantity: int


class MonthSales(FrozenRow):
    """The sales of a calendar month in the shop's time zone."""

    month: str
    """Year and month, such as 2011-09."""
    amount: Total
    rows: int
    invoices: int
    quantity: int


class CountrySales(FrozenRow):
    """The sales to a country."""

    country: str
    """As an import's source wrote it, else the two letters of its code."""
    amount: Total
    rows: int
    invoices: int
    customers: int
    """Customers who are no guests."""


class ProductSales(FrozenRow):
    """The sales of a variant."""

    stock_code: str
    """Its SKU."""
    description: str
    """The name under which most of its lines were sold, ties to the smallest in byte order; empty if it had none."""
    amount: Total
    quantity: int
    invoices: int


class CustomerSales(FrozenRow):
    """The sales to a customer."""

    customer_id: int
    reference: str | None
    """The customer's number in the system that an import came from."""
    amount: Total
    rows: int
    invoices: int
    quantity: int


class CustomerOrders(FrozenRow):
    """How often a customer bought, and when first and last."""

    customer_id: int
    invoices: int
    first_sold_at: UtcDatetime
    last_sold_at: UtcDatetime


class HistogramBar(FrozenRow):
    """How many customers have a number of invoices."""

    invoices: int
    customers: int


class RepeatRate(FrozenRow):
    """How many customers came back; guests, of whom nobody knows, are left out."""

    customers: int
    customers_2plus_invoices: int
    rate_invoices: Decimal | None
    """Six decimals; None without customers."""
    customers_2plus_days: int
    """Customers who bought on two or more calendar days in the shop's time zone."""
    rate_days: Decimal | None
    """Six decimals; None without customers."""
    histogram: tuple[HistogramBar, ...]
    """By number of invoices, ascending, without the numbers that nobody has."""


class AverageOrderValue(FrozenRow):
    """What an invoice is worth on average."""

    amount: Total
    invoices: int
    average: Decimal | None
    """Amount by invoices, six decimals; None without invoices."""
    rows: int
    lines_per_invoice: Decimal | None
    """Rows by invoices, six decimals; None without invoices."""

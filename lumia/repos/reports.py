"""Sales reports: exact sums by month, country, product and customer; quotients are rounded once, here."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Protocol, TypeVar
from zoneinfo import ZoneInfo

from lumia.dto.reports import (
    AverageOrderValue,
    CountrySales,
    CustomerOrders,
    CustomerSales,
    HistogramBar,
    MonthSales,
    ProductRanking,
    ProductSales,
    RepeatRate,
    RowSet,
    SalesSummary,
)
from lumia.errors import InvalidValue
from lumia.repos.base import MAX_PAGE, Repository, made
from lumia.repos.figures import bounded, month_name, month_starts, quotient
from lumia.typedsql import stream

if TYPE_CHECKING:
    from lumia.queries.protocols import Queries

__all__ = ["Reports"]

_STREAMED: Final = 5_000
_REPEATED: Final = 2


class _HasAmount(Protocol):
    @property
    def amount(self) -> Decimal: ...


RowT = TypeVar("RowT", bound=_HasAmount)


class Reports(Repository):
    """What was sold. Every method takes `rows`, a `RowSet` or its name, that says which order items count.

    Amounts are price times quantity, before discounts and taxes. Every sum is exact; one beyond the limit of an amount
    is `InvalidValue` on both engines.
    """

    def summary(self, rows: RowSet | str = RowSet.SALES) -> SalesSummary:
        """Give a row set in one line: counts, sums, the first and the last sale. One statement."""
        return _within(made(self._context.q.reports.get_sales_summary(**_flags(rows))))

    def sales_by_month(self, rows: RowSet | str = RowSet.SALES) -> tuple[MonthSales, ...]:
        """Give the sales by calendar month in the shop's time zone, ascending; months without a sale are left out.

        Three statements.
        """
        flags = _flags(rows)
        with self._context.unit(write=False) as inner:
            span = made(inner.q.reports.get_sales_span())
            if span.first_sold_at is None or span.last_sold_at is None:
                return ()
            zone = _zone(inner.q)
            starts = tuple(month_starts(span.first_sold_at, span.last_sold_at, zone))
            months = inner.q.reports.list_sales_by_month(starts=starts, **flags)
        return tuple(
            MonthSales(
                month=month_name(row.starts_at, zone),
                amount=bounded(row.amount),
                rows=row.rows,
                invoices=row.invoices,
                quantity=row.quantity,
            )
            for row in months
        )

    def sales_by_country(self, rows: RowSet | str = RowSet.SALES) -> tuple[CountrySales, ...]:
        """Give the sales by country of the shipping address as written, the largest amount first. One statement."""
        found: list[CountrySales] = self._context.q.reports.list_sales_by_country(**_flags(rows))
        return tuple(_within(row) for row in found)

    def top_products(
        self,
        rows: RowSet | str = RowSet.SALES,
        *,
        by: ProductRanking | str = ProductRanking.REVENUE,
        limit: int = 20,
    ) -> tuple[ProductSales, ...]:
        """Give the variants that sold most. One statement.

        Args:
            rows: which order items count.
            by: `revenue` or `quantity`, descending; ties by SKU in byte order.
            limit: how many, 1 to 500.

        Raises:
            InvalidValue: an argument is out of range.
        """
        reports = self._context.q.reports
        ranking = _label(ProductRanking, "by", by)
        by_amount = ranking is ProductRanking.REVENUE
        run = reports.list_top_products_by_amount if by_amount else reports.list_top_products_by_quantity
        found: list[ProductSales] = run(**_flags(rows), max_rows=_limit(limit))
        return tuple(_within(row) for row in found)

    def top_customers(
        self, rows: RowSet | str = RowSet.SALES_CUSTOMER, *, limit: int = 20
    ) -> tuple[CustomerSales, ...]:
        """Give the customers who bought for most; guests, of whom nobody knows who they are, are never among them.

        One statement.

        Args:
            rows: which order items count.
            limit: how many, 1 to 500; ties by the customer's number in its source, in byte order.

        Raises:
            InvalidValue: an argument is out of range.
        """
        found: list[CustomerSales] = self._context.q.reports.list_top_customers(
            goods_only=_flags(rows)["goods_only"], max_rows=_limit(limit)
        )
        return tuple(_within(row) for row in found)

    def repeat_rate(self) -> RepeatRate:
        """Tell how many customers came back: by invoices, and by calendar days in the shop's time zone.

        Two statements.
        """
        histogram: Counter[int] = Counter()
        on_two_days = 0
        with self._context.unit(write=False) as inner:
            zone = _zone(inner.q)
            for row in stream(inner.q.reports.list_orders_by_customer, size=_STREAMED)():
                histogram[row.invoices] += 1
                on_two_days += _is_on_two_days(row, zone)
        customers = histogram.total()
        repeated = sum(count for invoices, count in histogram.items() if invoices >= _REPEATED)
        return RepeatRate(
            customers=customers,
            customers_2plus_invoices=repeated,
            rate_invoices=quotient(repeated, customers),
            customers_2plus_days=on_two_days,
            rate_days=quotient(on_two_days, customers),
            histogram=tuple(HistogramBar(invoices=key, customers=histogram[key]) for key in sorted(histogram)),
        )

    def average_order_value(self, rows: RowSet | str = RowSet.SALES) -> AverageOrderValue:
        """Tell what an invoice is worth on average, and how many lines it has. One statement."""
        found = self.summary(rows)
        return AverageOrderValue(
            amount=found.amount,
            invoices=found.invoices,
            average=quotient(found.amount, found.invoices),
            rows=found.rows,
            lines_per_invoice=quotient(found.rows, found.invoices),
        )


LabelT = TypeVar("LabelT", RowSet, ProductRanking)


def _label(labels: type[LabelT], field: str, value: str) -> LabelT:
    try:
        return labels(value)
    except ValueError:
        message = f"{field}: give one of {', '.join(label.value for label in labels)}"
        raise InvalidValue(message) from None


def _flags(rows: RowSet | str) -> dict[str, bool]:
    found = _label(RowSet, "rows", rows)
    return {"customers_only": found is RowSet.SALES_CUSTOMER, "goods_only": found is RowSet.SALES_GOODS}


def _limit(limit: int) -> int:
    if type(limit) is not int or not 1 <= limit <= MAX_PAGE:
        message = f"limit: give an int between 1 and {MAX_PAGE}"
        raise InvalidValue(message)
    return limit


def _within(row: RowT) -> RowT:
    bounded(row.amount)
    return row


def _zone(q: Queries) -> ZoneInfo:
    return ZoneInfo(made(q.settings.get_settings()).time_zone)


def _is_on_two_days(row: CustomerOrders, zone: ZoneInfo) -> bool:
    """Whether a customer's first and last sale fall on different days; any two days are then among the sales' days."""

    def day(moment: datetime) -> object:
        return moment.astimezone(zone).date()

    return day(row.first_sold_at) != day(row.last_sold_at)

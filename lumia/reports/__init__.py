"""The reports by name, for whoever lets people choose one; the numbers come from `shop.reports`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lumia.dto.base import FrozenRow
from lumia.dto.reports import ProductRanking, RowSet
from lumia.errors import ConfigurationError
from lumia.shop import Repositories

__all__ = ["REPORTS", "Report", "ReportChoice", "report_named"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportChoice:
    """What a report is asked for; a report ignores what it has no use for.

    Attributes:
        rows: which order items count; None: the report's own default.
        by: what makes a product a top product.
        limit: how many rows a top list has, 1 to 500.
    """

    rows: RowSet | str | None = None
    by: ProductRanking | str = ProductRanking.REVENUE
    limit: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report.

    Attributes:
        name: as on the command line.
        title: one line for people.
        rows: the row set that it counts unless told otherwise.
        run: gives its rows on a shop or a transaction; a report of one line gives one row.
    """

    name: str
    title: str
    rows: RowSet
    run: Callable[[Repositories, ReportChoice], Sequence[FrozenRow]]


def _rows(choice: ReportChoice, default: RowSet) -> RowSet | str:
    return default if choice.rows is None else choice.rows


_ALL: Final = (
    Report(
        name="summary",
        title="Sales in one line",
        rows=RowSet.SALES,
        run=lambda shop, choice: (shop.reports.summary(_rows(choice, RowSet.SALES)),),
    ),
    Report(
        name="sales-by-month",
        title="Sales by month",
        rows=RowSet.SALES,
        run=lambda shop, choice: shop.reports.sales_by_month(_rows(choice, RowSet.SALES)),
    ),
    Report(
        name="sales-by-country",
        title="Sales by country",
        rows=RowSet.SALES,
        run=lambda shop, choice: shop.reports.sales_by_country(_rows(choice, RowSet.SALES)),
    ),
    Report(
        name="top-products",
        title="Top products",
        rows=RowSet.SALES,
        run=lambda shop, choice: shop.reports.top_products(
            _rows(choice, RowSet.SALES), by=choice.by, limit=choice.limit
        ),
    ),
    Report(
        name="top-customers",
        title="Top customers",
        rows=RowSet.SALES_CUSTOMER,
        run=lambda shop, choice: shop.reports.top_customers(_rows(choice, RowSet.SALES_CUSTOMER), limit=choice.limit),
    ),
    Report(
        name="repeat-rate",
        title="Customers who came back",
        rows=RowSet.SALES_CUSTOMER,
        run=lambda shop, _: (shop.reports.repeat_rate(),),
    ),
    Report(
        name="average-order-value",
        title="Average order value",
        rows=RowSet.SALES,
        run=lambda shop, choice: (shop.reports.average_order_value(_rows(choice, RowSet.SALES)),),
    ),
)

REPORTS: Final[Mapping[str, Report]] = MappingProxyType({report.name: report for report in _ALL})
"""Every report by name, in the order in which they are listed."""


def report_named(name: str) -> Report:
    """Give the report of a name; raise `ConfigurationError` for an unknown one."""
    report = REPORTS.get(name)
    if report is None:
        message = f"there is no report of that name; the reports are {', '.join(REPORTS)}"
        raise ConfigurationError(message)
    return report

"""A real shop's year on both engines: every report equals the known answers and a plain reading of the rules."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from lumia import Shop, connect
from lumia.dto.reports import ProductSales
from lumia.importing import import_order_lines
from lumia.reports import REPORTS, ReportChoice
from tests.support import real_year
from tests.support.databases import ENGINES, Databases
from tests.support.real_year import Reference
from tests.support.reasons import skip

ROOT = Path(__file__).parents[2]
ROW_SETS = ("sales", "sales_customer", "sales_goods")
NAMES = {"SALES": "sales", "SALES_CUSTOMER": "sales_customer"}
MOST_MEMORY = 300


@dataclass
class Year:
    """A shop with the year in it, and how it came there."""

    shop: Shop
    summary: dict[str, Any]
    peak_mib: float
    rejects: Path


@pytest.fixture(scope="module")
def year_on(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Year]]:
    """Gives the year on an engine, imported once by a process of its own, whose memory is its own too."""
    if not real_year.is_there():
        skip("no-real-year")
    with ExitStack() as keep:

        @cache
        def imported(engine: str) -> Year:
            folder = tmp_path_factory.mktemp(f"year-{engine}")
            rejects = folder / "rejects.csv"
            url = keep.enter_context(databases.migrated(engine, folder))
            done = subprocess.run(  # noqa: S603 - our own module
                [sys.executable, "-m", "tests.support.real_year", url, str(rejects)],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            return Year(keep.enter_context(connect(url)), rejects=rejects, **json.loads(done.stdout))

        yield imported


@pytest.fixture(params=ENGINES)
def year(request: pytest.FixtureRequest, year_on: Callable[[str], Year]) -> Year:
    """The year on each engine."""
    return year_on(request.param)


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    """What two other programs computed."""
    if not real_year.is_there():
        skip("no-real-year")
    return real_year.expected()


@pytest.fixture(scope="module")
def known() -> dict[str, Reference]:
    """What a plain reading of the rules gives, also where nothing is listed."""
    if not real_year.is_there():
        skip("no-real-year")
    return real_year.references()


def summary_of(shop: Shop, rows: str) -> dict[str, Any]:
    """The summary with the names and forms of expected.json."""
    found = shop.reports.summary(rows)
    return {
        "rows": found.rows,
        "invoices": found.invoices,
        "stock_codes": found.stock_codes,
        "customers": found.customers,
        "countries": found.countries,
        "rows_without_customer": found.rows_without_customer,
        "quantity": found.quantity,
        "amount": f"{found.amount:.3f}",
        "min_invoice_date": f"{found.first_sold_at:%Y-%m-%d %H:%M:%S}",
        "max_invoice_date": f"{found.last_sold_at:%Y-%m-%d %H:%M:%S}",
    }


def months_of(shop: Shop, rows: str) -> dict[str, Any]:
    """The months in the form of expected.json."""
    return {
        row.month: {
            "amount": f"{row.amount:.3f}",
            "rows": row.rows,
            "invoices": row.invoices,
            "quantity": row.quantity,
        }
        for row in shop.reports.sales_by_month(rows)
    }


def countries_of(shop: Shop, rows: str) -> dict[str, Any]:
    """The countries in the form of expected.json."""
    return {
        row.country: {
            "amount": f"{row.amount:.3f}",
            "rows": row.rows,
            "invoices": row.invoices,
            "customers": row.customers,
        }
        for row in shop.reports.sales_by_country(rows)
    }


def products_of(rows: tuple[ProductSales, ...]) -> list[dict[str, Any]]:
    """A ranking in the form of expected.json."""
    return [
        {
            "stock_code": row.stock_code,
            "description": row.description,
            "amount": f"{row.amount:.3f}",
            "quantity": row.quantity,
            "invoices": row.invoices,
        }
        for row in rows
    ]


def average_of(shop: Shop, rows: str) -> dict[str, Any]:
    """The average order in the form of expected.json."""
    found = shop.reports.average_order_value(rows)
    return {
        "amount": f"{found.amount:.3f}",
        "invoices": found.invoices,
        "average": str(found.average),
        "rows": found.rows,
        "lines_per_invoice": str(found.lines_per_invoice),
    }


def test_imported_and_rejected_lines_are_all_lines(year: Year, values: dict[str, Any]) -> None:
    """And each reason has as many as the rules say."""
    rows, sales = values["row_counts"], values["summary_by_row_set"]["SALES"]

    summary = year.summary

    assert summary["rows_read"] == rows["rows"] == 541_909
    assert (summary["rows_imported"], summary["orders"]) == (sales["rows"], sales["invoices"])
    assert summary["rows_rejected"] == rows["rows"] - sales["rows"]
    assert (summary["customers"], summary["variants"]) == (sales["customers"], sales["stock_codes"])
    assert summary["by_reason"] == {
        "cancellation": rows["invoice_C"],
        "bad_debt_adjustment": rows["invoice_A"],
        "stock_adjustment": rows["quantity_negative_not_C"],
        "zero_price": rows["price_zero"] - rows["quantity_negative_not_C"],
    }


def test_every_rejected_line_is_written_with_its_number(year: Year) -> None:
    """In the order of the file, each once."""
    with year.rejects.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)

    numbers = [int(row[0]) for row in rows]
    assert Counter(row[1] for row in rows) == year.summary["by_reason"]
    assert numbers == sorted(set(numbers))
    assert (numbers[0], rows[0][2:4]) == (143, ["C536379", "D"])


def test_the_import_stays_within_its_memory(year: Year) -> None:
    """Measured by the operating system over the whole life of the importing process."""
    assert year.peak_mib < MOST_MEMORY


def test_the_same_file_again_changes_nothing(year: Year) -> None:
    """The content is known by its digest."""
    again = import_order_lines(year.shop, real_year.FILE, preset="online-retail")

    assert again.already_imported
    assert again.rows_imported == year.summary["rows_imported"]
    assert year.shop.reports.summary().rows == year.summary["rows_imported"]


def test_the_reports_equal_the_known_answers(year: Year, values: dict[str, Any]) -> None:
    """To the last digit, wherever expected.json lists a value that the reports give."""
    shop = year.shop

    for given, rows in NAMES.items():
        assert summary_of(shop, rows) == values["summary_by_row_set"][given]
    assert months_of(shop, "sales") == values["revenue_by_month"]["SALES"]
    top = values["top20_products_by_revenue"]["SALES"]
    assert products_of(shop.reports.top_products(limit=len(top))) == top
    countries = countries_of(shop, "sales")
    listed = values["revenue_by_country"]["SALES"]
    assert {country: countries[country] for country in listed} == listed
    assert average_of(shop, "sales") == values["average_order_value"]["SALES"]
    repeated = shop.reports.repeat_rate()
    assert {
        "customers": repeated.customers,
        "customers_2plus_invoices": repeated.customers_2plus_invoices,
        "rate_invoices": str(repeated.rate_invoices),
    } == values["repeat_purchase"]


@pytest.mark.parametrize("rows", ROW_SETS)
def test_the_reports_equal_a_plain_reading_of_the_rules(year: Year, known: dict[str, Reference], rows: str) -> None:
    """Also every value that is listed nowhere, of every row set."""
    shop, reference = year.shop, known[rows]

    assert summary_of(shop, rows) == reference.summary
    assert average_of(shop, rows) == reference.average
    assert months_of(shop, rows) == reference.months
    assert countries_of(shop, rows) == reference.countries
    assert products_of(shop.reports.top_products(rows, limit=500)) == reference.products_by_revenue[:500]
    assert (
        products_of(shop.reports.top_products(rows, by="quantity", limit=500)) == reference.products_by_quantity[:500]
    )


def test_customers_equal_a_plain_reading_of_the_rules(year: Year, known: dict[str, Reference]) -> None:
    """The ranking of customers and how many of them came back."""
    shop, reference = year.shop, known["sales_customer"]

    top = shop.reports.top_customers(limit=500)
    repeated = shop.reports.repeat_rate()

    assert [(row.reference, f"{row.amount:.3f}", row.invoices, row.rows, row.quantity) for row in top] == (
        reference.customers[:500]
    )
    assert {
        "customers": repeated.customers,
        "customers_2plus_invoices": repeated.customers_2plus_invoices,
        "rate_invoices": str(repeated.rate_invoices),
        "customers_2plus_days": repeated.customers_2plus_days,
        "rate_days": str(repeated.rate_days),
        "histogram": {bar.invoices: bar.customers for bar in repeated.histogram},
    } == reference.repeat


def elsewhere(shop: Shop) -> list[str]:
    """What no reference says: the months and days of another time zone, and a ranking of another row set."""
    shop.settings.update(time_zone="Pacific/Auckland")
    said = [rows_of(shop, name, ReportChoice()) for name in ("sales-by-month", "repeat-rate")]
    shop.settings.update(time_zone="UTC")
    return [*said, rows_of(shop, "top-customers", ReportChoice(rows="sales_goods", limit=500))]


def rows_of(shop: Shop, name: str, choice: ReportChoice) -> str:
    """A report's rows as text; keys are the engine's own affair, a load may leave gaps on one alone."""
    return repr([row.model_dump(exclude={"customer_id"}) for row in REPORTS[name].run(shop, choice)])


def test_both_engines_say_the_same(year_on: Callable[[str], Year]) -> None:
    """Also where nothing else is known, and with the same number of decimals."""
    first, second = (elsewhere(year_on(engine).shop) for engine in ENGINES)

    assert first == second

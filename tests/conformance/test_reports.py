"""What the sales reports count, on both engines, on shops small enough to count by hand."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from lumia import Shop
from lumia.dto.reports import HistogramBar, RowSet
from lumia.errors import InvalidValue
from lumia.reports import REPORTS, ReportChoice
from tests.support.order_lines import LINES, imported, line
from tests.support.scene import Scene, a_scene


@pytest.fixture
def sold(shop: Shop, tmp_path: Path) -> Shop:
    """A shop with eight imported sales in five invoices."""
    imported(shop, tmp_path, LINES)
    return shop


@pytest.fixture
def scene(shop: Any) -> Scene:
    """A shop that is ready to sell."""
    return a_scene(shop, stock=100)


def by_hand(url: str, statement: str) -> None:
    """Change the database past the repositories, as a clerk with a shell would."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
            connection.execute(statement)
        return
    with psycopg.connect(url) as server:
        server.execute(statement.encode())


def test_the_summary_counts_each_row_set(sold: Shop) -> None:
    """Guests and postage leave the sets that say so."""
    sales, known, goods = (sold.reports.summary(rows) for rows in RowSet)

    assert (sales.rows, sales.invoices, sales.stock_codes, sales.customers, sales.countries) == (8, 5, 5, 2, 4)
    assert (sales.rows_without_customer, sales.quantity, str(sales.amount)) == (2, 624, "1189.7440")
    assert (known.rows, known.invoices, known.customers, known.rows_without_customer) == (6, 3, 2, 0)
    assert str(known.amount) == "68.6410"
    assert (goods.rows, str(goods.amount)) == (7, "1171.7440")
    assert sales.first_sold_at is not None
    assert (sales.first_sold_at.minute, goods.first_sold_at) == (25, known.first_sold_at.replace(minute=26))  # type: ignore[union-attr]


def test_months_are_those_of_the_shops_time_zone(sold: Shop) -> None:
    """A sale at one minute to midnight UTC is next year's in Berlin."""
    in_utc = [(row.month, row.rows, row.invoices) for row in sold.reports.sales_by_month()]
    sold.settings.update(time_zone="Europe/Berlin")
    in_berlin = [(row.month, row.rows, row.invoices) for row in sold.reports.sales_by_month()]

    assert in_utc == [("2010-12", 4, 2), ("2011-01", 4, 3)]
    assert in_berlin == [("2010-12", 3, 1), ("2011-01", 5, 4)]


def test_an_invoice_of_two_months_counts_in_both(shop: Shop, tmp_path: Path) -> None:
    """Its lines belong to the month in which each was sold; a month without sales is left out."""
    imported(
        shop,
        tmp_path,
        [
            line(at="1/31/2011 23:59", price="1", quantity="1"),
            line(at="2/1/2011 0:00", price="2", quantity="1"),
            line("536366", at="4/30/2011 12:00", price="4", quantity="3"),
        ],
    )

    months = [
        (row.month, str(row.amount), row.rows, row.invoices, row.quantity) for row in shop.reports.sales_by_month()
    ]

    assert months == [
        ("2011-01", "1.0000", 1, 1, 1),
        ("2011-02", "2.0000", 1, 1, 1),
        ("2011-04", "12.0000", 1, 1, 3),
    ]


def test_countries_are_as_written_and_the_largest_comes_first(sold: Shop) -> None:
    """Guests count as rows and invoices, not as customers."""
    rows = [
        (row.country, str(row.amount), row.rows, row.invoices, row.customers) for row in sold.reports.sales_by_country()
    ]

    assert rows == [
        ("Unspecified", "1110.0000", 1, 1, 0),
        ("United Kingdom", "53.6410", 4, 2, 1),
        ("Germany", "15.0000", 2, 1, 1),
        ("EIRE", "11.1030", 1, 1, 0),
    ]
    assert [row.country for row in sold.reports.sales_by_country("sales_customer")] == ["United Kingdom", "Germany"]


def test_top_products_are_ranked_by_revenue_or_quantity(sold: Shop) -> None:
    """The description is that of most lines in all sales, also where the row set has fewer."""
    by_revenue = sold.reports.top_products(limit=2)
    by_quantity = sold.reports.top_products(by="quantity", limit=3)
    known = sold.reports.top_products("sales_customer", limit=500)

    assert [(row.stock_code, row.description, str(row.amount), row.quantity, row.invoices) for row in by_revenue] == [
        ("22633", 'HAND WARMER "UNION" JACK', "1121.1030", 606, 2),
        ("71053", "WHITE METAL LANTERN", "35.3400", 10, 2),
    ]
    assert [row.stock_code for row in by_quantity] == ["22633", "71053", "85123A"]
    assert [row.stock_code for row in known] == ["71053", "POST", "85123A", "85123a"]


def test_ties_of_products_go_to_the_smaller_code_in_byte_order(shop: Shop, tmp_path: Path) -> None:
    """Capitals before small letters, and the smaller description of equally many."""
    lines = [line("540000", code, name, price="1") for code in ("b", "B", "a", "É") for name in ("z", "Z", "y ", "y")]
    imported(shop, tmp_path, lines)

    rows = shop.reports.top_products()

    assert [(row.stock_code, row.description) for row in rows] == [("B", "Z"), ("a", "Z"), ("b", "Z"), ("É", "Z")]


def test_a_product_without_a_description_has_an_empty_one(shop: Shop, tmp_path: Path) -> None:
    """An empty description is never the most frequent one, however often it stands there."""
    imported(
        shop, tmp_path, [line(code="A", name=""), line(code="B", name=""), line(code="B", name=""), line(code="B")]
    )

    rows = shop.reports.top_products(by="quantity")

    assert {row.stock_code: row.description for row in rows} == {"A": "", "B": "WHITE HANGING HEART T-LIGHT HOLDER"}


def test_top_customers_are_no_guests(shop: Shop, tmp_path: Path) -> None:
    """Ties go to the smaller number in byte order; a live customer without a number comes behind."""
    lines = [
        line("540000", customer="9", price="1"),
        line("540001", customer="10", price="1"),
        line("540002", customer="", price="9"),
        line("540003", "POST", customer="10", price="0.5", quantity="2"),
    ]
    imported(shop, tmp_path, lines)

    rows = shop.reports.top_customers()
    goods = shop.reports.top_customers("sales_goods", limit=1)

    assert [(row.reference, str(row.amount), row.invoices, row.quantity) for row in rows] == [
        ("10", "7.0000", 2, 8),
        ("9", "6.0000", 1, 6),
    ]
    assert [(row.reference, str(row.amount)) for row in goods] == [("10", "6.0000")]


def test_who_came_back_is_counted_by_invoices_and_by_days(shop: Shop, tmp_path: Path) -> None:
    """Two invoices on one day are a return by invoices alone; one invoice over midnight is one by days alone."""
    lines = [
        line("540000", customer="1", at="1/1/2011 9:00"),
        line("540001", customer="1", at="1/1/2011 23:30"),
        line("540002", customer="2", at="1/1/2011 23:59"),
        line("540002", customer="2", at="1/2/2011 0:00"),
        line("540003", customer="3"),
        line("540004", customer=""),
    ]
    imported(shop, tmp_path, lines)

    in_utc = shop.reports.repeat_rate()
    shop.settings.update(time_zone="Asia/Tokyo")
    in_tokyo = shop.reports.repeat_rate()

    assert (in_utc.customers, in_utc.customers_2plus_invoices, in_utc.customers_2plus_days) == (3, 1, 1)
    assert (str(in_utc.rate_invoices), str(in_utc.rate_days)) == ("0.333333", "0.333333")
    assert in_utc.histogram == (HistogramBar(invoices=1, customers=2), HistogramBar(invoices=2, customers=1))
    assert in_tokyo.customers_2plus_days == 1
    assert in_tokyo.histogram == in_utc.histogram


def test_the_average_order_is_an_exact_quotient(sold: Shop) -> None:
    """Rounded once to six decimals."""
    found = sold.reports.average_order_value()

    assert (str(found.amount), found.invoices, str(found.average)) == ("1189.7440", 5, "237.948800")
    assert (found.rows, str(found.lines_per_invoice)) == (8, "1.600000")


def test_an_empty_shop_has_empty_reports(shop: Shop) -> None:
    """No row, no sum but zero, no average."""
    summary, average, repeated = shop.reports.summary(), shop.reports.average_order_value(), shop.reports.repeat_rate()

    assert (summary.rows, summary.quantity, str(summary.amount)) == (0, 0, "0.0000")
    assert (summary.first_sold_at, summary.last_sold_at) == (None, None)
    assert (average.average, average.lines_per_invoice) == (None, None)
    assert (repeated.customers, repeated.rate_invoices, repeated.rate_days, repeated.histogram) == (0, None, None, ())
    assert (shop.reports.sales_by_month(), shop.reports.sales_by_country()) == ((), ())
    assert (shop.reports.top_products(), shop.reports.top_customers()) == ((), ())


def test_only_orders_that_count_as_sales_are_counted(scene: Scene, url: str) -> None:
    """A pending or cancelled order is none; a paid, shipped, delivered or refunded one is."""
    reports = scene.shop.reports
    order = scene.place(scene.cart({scene.variant_ids[0]: 2, scene.variant_ids[1]: 1}))
    gone = scene.place(scene.cart())
    scene.shop.orders.cancel(gone.order_id, actor="test", reason="changed their mind")

    counted = {"pending": reports.summary().rows}
    for status in ("paid", "shipped", "delivered", "refunded"):
        by_hand(url, f"UPDATE orders SET status = '{status}' WHERE order_id = {order.order_id}")
        counted[status] = reports.summary().rows

    assert counted == {"pending": 0, "paid": 2, "shipped": 2, "delivered": 2, "refunded": 2}
    summary = reports.summary()
    assert (summary.invoices, summary.quantity, str(summary.amount)) == (1, 3, "22.5000")
    assert [row.country for row in reports.sales_by_country()] == ["GB"]
    assert [(row.customer_id, row.reference) for row in reports.top_customers()] == [(scene.customer_id, None)]


def test_what_was_cancelled_of_a_line_is_no_sale(scene: Scene, url: str) -> None:
    """The rest counts at the line's own price, and a line of which nothing is left does not count at all."""
    order = scene.place(scene.cart({scene.variant_ids[0]: 3, scene.variant_ids[1]: 2}))
    by_hand(url, f"UPDATE orders SET status = 'paid' WHERE order_id = {order.order_id}")
    first, second = order.items
    by_hand(url, f"UPDATE order_items SET cancelled_quantity = 1 WHERE order_item_id = {first.order_item_id}")
    by_hand(url, f"UPDATE order_items SET cancelled_quantity = 2 WHERE order_item_id = {second.order_item_id}")

    summary = scene.shop.reports.summary()

    assert (summary.rows, summary.quantity, str(summary.amount)) == (1, 2, "20.0000")
    assert [(row.month, row.quantity) for row in scene.shop.reports.sales_by_month()] == [("2026-01", 2)]
    assert [(row.quantity, str(row.amount)) for row in scene.shop.reports.top_products()] == [(2, "20.0000")]


def test_a_sum_that_money_cannot_hold_is_a_typed_error(shop: Shop, tmp_path: Path) -> None:
    """Each order is within the limit, all together are not; no report gives a wrong number instead."""
    lines = [
        line(str(540_000 + number), price="99999999999", quantity="1", customer=str(number % 2)) for number in range(4)
    ]
    imported(shop, tmp_path, lines)

    for name in (
        "summary",
        "sales-by-month",
        "sales-by-country",
        "top-products",
        "top-customers",
        "average-order-value",
    ):
        with pytest.raises(InvalidValue):
            REPORTS[name].run(shop, ReportChoice())
    assert shop.reports.repeat_rate().customers == 2


def test_a_sum_beyond_64_bits_is_the_same_error(shop: Shop, tmp_path: Path) -> None:
    """SQLite adds whole ten-thousandths, which end at 64 bits; PostgreSQL has no end."""
    lines = [line(str(540_000 + number), price="99999999999", quantity="1") for number in range(9_500)]
    imported(shop, tmp_path, lines)

    with pytest.raises(InvalidValue):
        shop.reports.summary()
    with pytest.raises(InvalidValue):
        shop.reports.sales_by_month()


def test_reports_run_inside_a_transaction(sold: Shop) -> None:
    """They see what the transaction sees, read-only or not."""
    with sold.transaction(read_only=True) as tx:
        seen = [report.run(tx, ReportChoice()) for report in REPORTS.values()]

    assert seen == [report.run(sold, ReportChoice()) for report in REPORTS.values()]


@pytest.mark.parametrize("limit", [0, -1, 501, True, 2.0])
def test_a_limit_out_of_range_is_refused(shop: Shop, limit: Any) -> None:
    """A top list has 1 to 500 rows."""
    with pytest.raises(InvalidValue, match="limit"):
        shop.reports.top_products(limit=limit)
    with pytest.raises(InvalidValue, match="limit"):
        shop.reports.top_customers(limit=limit)


def test_an_unknown_row_set_or_ranking_is_refused(shop: Shop) -> None:
    """The refusal names those there are."""
    with pytest.raises(InvalidValue, match="sales, sales_customer, sales_goods"):
        shop.reports.summary("all")
    with pytest.raises(InvalidValue, match="revenue, quantity"):
        shop.reports.top_products(by="price")

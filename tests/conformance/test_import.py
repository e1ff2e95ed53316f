"""What an import of order lines makes of them, on both engines."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from lumia import Shop
from lumia.dto.customers import NewCustomer
from lumia.dto.imports import ImportProgress, RejectReason
from lumia.dto.orders import Order, OrderSummary
from lumia.importing import import_order_lines
from lumia.types import FulfillmentStatus, OrderOrigin, OrderStatus, PaymentStatus
from tests.support.order_lines import HEADER, LINES, content_of, imported, line


def orders_of(shop: Shop) -> dict[str | None, Order]:
    """Every order by its invoice number."""
    found: list[OrderSummary] = list(shop.orders.search(limit=100).items)
    orders = [shop.orders.get(order.order_id) for order in found]
    return {order.external_reference: order for order in orders}


def test_the_summary_counts_every_line(shop: Shop, tmp_path: Path) -> None:
    """Imported and rejected add up to what was read, and each reason is counted."""
    summary = imported(shop, tmp_path, LINES)

    assert (summary.rows_read, summary.rows_imported, summary.rows_rejected) == (15, 8, 7)
    assert (summary.orders, summary.customers, summary.guests, summary.variants) == (5, 2, 2, 5)
    assert not summary.already_imported
    assert summary.by_reason == dict.fromkeys(
        [
            RejectReason.BAD_DEBT_ADJUSTMENT,
            RejectReason.CANCELLATION,
            RejectReason.NEGATIVE_PRICE,
            RejectReason.STOCK_ADJUSTMENT,
            RejectReason.UNKNOWN_INVOICE_KIND,
            RejectReason.ZERO_PRICE,
            RejectReason.ZERO_QUANTITY,
        ],
        1,
    )


def test_an_invoice_becomes_an_order_that_is_done(shop: Shop, tmp_path: Path) -> None:
    """It is imported, delivered and paid, and was placed when its earliest line was sold."""
    imported(shop, tmp_path, LINES)

    orders = orders_of(shop)

    assert sorted(map(str, orders)) == ["536365", "536366", "536367", "536368", "536369"]
    order = orders["536365"]
    assert (order.origin, order.status) == (OrderOrigin.IMPORTED, OrderStatus.DELIVERED)
    assert (order.payment_status, order.fulfillment_status) == (PaymentStatus.PAID, FulfillmentStatus.DELIVERED)
    assert order.placed_at == datetime(2010, 12, 1, 8, 25, tzinfo=UTC)
    assert order.total == order.subtotal == Decimal("53.6400")
    assert order.expires_at is None
    assert len({found.order_number for found in orders.values()}) == 5


def test_a_line_becomes_an_item_with_its_own_price_name_and_time(shop: Shop, tmp_path: Path) -> None:
    """Nothing is trimmed, rounded or merged; exact duplicates are two items."""
    imported(shop, tmp_path, LINES)

    orders = orders_of(shop)

    first = orders["536365"].items
    assert [(item.position, item.sku, item.name) for item in first] == [
        (1, "85123A", "WHITE HANGING HEART T-LIGHT HOLDER"),
        (2, "71053", " WHITE METAL LANTERN"),
        (3, "POST", "POSTAGE"),
    ]
    assert [item.sold_at.minute for item in first] == [26, 26, 25]
    assert [(item.quantity, item.shipped_quantity, item.cancelled_quantity) for item in first] == [
        (6, 6, 0),
        (6, 6, 0),
        (1, 1, 0),
    ]
    (small,) = orders["536366"].items
    assert (str(small.unit_price), str(small.amount), str(small.line_total)) == ("0.0010", "0.0010", "0.0010")
    (precise,) = orders["536367"].items
    assert (precise.unit_price, precise.amount) == (Decimal("1.8505"), Decimal("11.1030"))
    assert len(orders["536369"].items) == 2


def test_a_stock_code_becomes_a_variant_byte_for_byte(shop: Shop, tmp_path: Path) -> None:
    """Two codes that differ in case are two; the name is the description of most lines, ties to the smaller."""
    lines = [
        *LINES,
        line("536380", "71053", "ZINC LANTERN"),
        line("536381", "90000", "B NAME"),
        line("536381", "90000", "A NAME", price="4.20"),
        line("536381", "90001", ""),
    ]
    imported(shop, tmp_path, lines)

    upper, lower = shop.catalog.variant_by_sku("85123A"), shop.catalog.variant_by_sku("85123a")
    lantern = shop.catalog.variant_by_sku("71053")
    names = {
        sku: shop.catalog.get_product(shop.catalog.variant_by_sku(sku).product_id).name
        for sku in ("71053", "90000", "90001", "22633")
    }

    assert upper.variant_id != lower.variant_id
    assert names == {
        "71053": "WHITE METAL LANTERN",
        "90000": "A NAME",
        "90001": "90001",
        "22633": 'HAND WARMER "UNION" JACK',
    }
    assert lantern.price == Decimal("2.5500")
    assert (upper.is_goods, shop.catalog.variant_by_sku("POST").is_goods) == (True, False)
    assert {category.name for category in shop.catalog.category_tree()} == {"Imported"}


def test_a_customer_number_becomes_a_customer_with_an_address_per_country(shop: Shop, tmp_path: Path) -> None:
    """The mail address cannot exist, the number is kept, and `17850.0` is `17850`."""
    lines = [*LINES, line("536390", customer="17850", country="Germany")]
    imported(shop, tmp_path, lines)

    orders = orders_of(shop)

    customer = shop.customers.get(orders["536365"].customer_id)
    assert customer.external_reference == "17850"
    assert customer.email.endswith(".invalid")
    assert not customer.is_guest
    assert {orders[number].customer_id for number in ("536365", "536366", "536390")} == {customer.customer_id}
    addresses = shop.customers.addresses(customer.customer_id).items
    assert [(address.country_code, address.country_name) for address in addresses] == [
        ("GB", "United Kingdom"),
        ("DE", "Germany"),
    ]


def test_an_invoice_without_a_customer_becomes_a_guest(shop: Shop, tmp_path: Path) -> None:
    """Each such invoice has a guest of its own; a country that nobody knows is ZZ and keeps its name."""
    imported(shop, tmp_path, LINES)

    orders = orders_of(shop)
    guests = [shop.customers.get(orders[number].customer_id) for number in ("536367", "536368")]

    assert [(guest.is_guest, guest.external_reference) for guest in guests] == [(True, None), (True, None)]
    assert guests[0].email != guests[1].email
    (address,) = shop.customers.addresses(guests[1].customer_id).items
    assert (address.country_code, address.country_name) == ("ZZ", "Unspecified")


def test_a_live_order_goes_on_behind_the_imported_ones(shop: Shop, tmp_path: Path) -> None:
    """Keys and order numbers that an import took are not given again."""
    imported(shop, tmp_path, LINES)
    orders = orders_of(shop)

    made = shop.customers.register(NewCustomer(email="new@example.org"))
    category = shop.catalog.create_category(name="New", slug="new")

    assert made.customer_id > max(order.customer_id for order in orders.values())
    assert shop.catalog.category_tree()
    assert category.category_id > 0
    number = shop.q.checkout.next_order_number()
    assert number > max(order.order_number for order in orders.values())


def test_rejected_lines_are_written_with_line_and_reason(shop: Shop, tmp_path: Path) -> None:
    """The line is that of the file, also behind a field with a line break."""
    path, rejects = tmp_path / "lines.csv", tmp_path / "rejects.csv"
    path.write_bytes(content_of([line(name="TWO\nLINES"), *LINES[8:]]))

    summary = import_order_lines(shop, path, preset="online-retail", rejects=rejects)

    with rejects.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header[:2] == ["line", "reason"]
    assert [(row[0], row[1]) for row in rows] == [
        ("4", "cancellation"),
        ("5", "stock_adjustment"),
        ("6", "zero_price"),
        ("7", "bad_debt_adjustment"),
        ("8", "zero_quantity"),
        ("9", "negative_price"),
        ("10", "unknown_invoice_kind"),
    ]
    assert rows[0][2:] == list(LINES[8])
    assert len(rows) == summary.rows_rejected


def test_a_packed_stream_with_other_columns_is_read_alike(shop: Shop) -> None:
    """Columns are found by the mapping, in whatever order, and a stream needs no file."""
    header = ("when", "who", *(column for column in HEADER if column not in {"InvoiceDate", "CustomerID"}))
    rows = [(row[4], row[6], *(row[place] for place in (0, 1, 2, 3, 5, 7))) for row in LINES]
    stream = io.BytesIO(gzip.compress(content_of(rows, header)))

    summary = import_order_lines(shop, stream, preset="online-retail", mapping={"when": "sold_at", "who": "customer"})

    assert (summary.rows_imported, summary.rows_rejected, summary.orders, summary.customers) == (8, 7, 5, 2)
    assert shop.reports.summary().amount == Decimal("1189.7440")


def test_without_a_preset_every_positive_line_is_a_sale(shop: Shop) -> None:
    """Any invoice number may be one, and every code is an article."""
    content = b"invoice,sku,quantity,sold_at,unit_price\nC-1,P,2,2020-02-03,1.25\nC-1,Q,-1,2020-02-03,1.25\n"

    summary = import_order_lines(shop, io.BytesIO(content))

    assert (summary.preset, summary.rows_imported) == ("order-lines", 1)
    assert summary.by_reason == {RejectReason.STOCK_ADJUSTMENT: 1}
    assert shop.catalog.variant_by_sku("P").is_goods


def test_texts_survive_whatever_they_hold(shop: Shop, tmp_path: Path) -> None:
    """Tabs, backslashes, line breaks and what COPY takes for NULL or an end are text like any other."""
    names = ["\\N", "\\.", "a\tb", "a\\tb", "a\nb", "\r", 'q"', "né 🕯", " outer ", "'", "NULL"]
    lines = [line("540000", f"S{place}", name) for place, name in enumerate(names)]

    imported(shop, tmp_path, lines)

    (order,) = orders_of(shop).values()
    assert [item.name for item in order.items] == names


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_another_encoding_is_read_when_it_is_named(shop: Shop, encoding: str) -> None:
    """The pound sign of an old file."""
    content = content_of([line(name="£5 VOUCHER")]).decode().encode(encoding)

    import_order_lines(shop, io.BytesIO(content), preset="online-retail", encoding=encoding)

    (order,) = orders_of(shop).values()
    assert order.items[0].name == "£5 VOUCHER"


def test_progress_is_told_and_ends_with_the_finish(shop: Shop, tmp_path: Path) -> None:
    """Rows and bytes grow, and the last word is that the rest is checking."""
    path = tmp_path / "lines.csv"
    path.write_bytes(content_of(line(str(540_000 + number)) for number in range(9_000)))
    told: list[ImportProgress] = []

    import_order_lines(shop, path, preset="online-retail", progress=told.append)

    assert len(told) > 2
    assert [one.rows for one in told] == sorted(one.rows for one in told)
    assert all(one.bytes_total == path.stat().st_size >= one.bytes_read for one in told)
    assert [one.finishing for one in told] == [False] * (len(told) - 1) + [True]
    assert told[-1].rows == 9_000

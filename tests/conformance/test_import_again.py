"""An import happens once or not at all, whatever comes in between, and fits into a shop that has something already."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from lumia import Shop
from lumia.dto.imports import ImportProgress, RejectReason
from lumia.errors import AlreadyExists, ImportRefused, LumiaError
from lumia.importing import import_order_lines, loading
from lumia.importing.parents import ParentWriter
from tests.support.digests import Observer, changed_tables, observe
from tests.support.order_lines import LINES, content_of, imported, line


@pytest.fixture
def observer(url: str, shop: Shop) -> Iterator[Observer]:  # noqa: ARG001 - the shop is closed behind the observer
    """Watches the shop's database from outside."""
    with observe(url) as watching:
        yield watching


def test_the_same_content_is_imported_once(shop: Shop, observer: Observer, tmp_path: Path) -> None:
    """Under whatever name it comes, and whether it is a file or a stream."""
    first = imported(shop, tmp_path, LINES)
    before = observer.digest()

    again = imported(shop, tmp_path, LINES, name="other.csv")
    streamed = import_order_lines(shop, io.BytesIO(content_of(LINES)), preset="online-retail")

    assert again.already_imported
    assert (again.import_id, again.rows_imported, again.rows_rejected) == (first.import_id, 8, 7)
    assert (again.orders, again.customers, again.guests, again.variants) == (0, 0, 0, 0)
    assert streamed == again
    assert changed_tables(before, observer.digest()) == []


def test_rejects_of_a_content_that_was_there_are_not_written(shop: Shop, tmp_path: Path) -> None:
    """A file of an earlier run stays as it is."""
    imported(shop, tmp_path, LINES)
    rejects = tmp_path / "rejects.csv"

    import_order_lines(shop, tmp_path / "lines.csv", preset="online-retail", rejects=rejects)
    import_order_lines(shop, io.BytesIO(content_of(LINES)), preset="online-retail", rejects=rejects)

    assert not rejects.exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".rejects")] == []


def test_an_invoice_that_was_there_is_rejected(shop: Shop, tmp_path: Path) -> None:
    """A longer export of the same system brings only what is new."""
    imported(shop, tmp_path, LINES)
    more = [*LINES, line("536400", "71053", "WHITE METAL LANTERN", "1", "2/1/2011 9:00", "4", "13047", "Germany")]

    summary = imported(shop, tmp_path, more)

    assert (summary.rows_imported, summary.orders, summary.customers, summary.variants) == (1, 1, 0, 0)
    assert summary.by_reason[RejectReason.ALREADY_IMPORTED] == 8
    assert shop.reports.summary().rows == 9


def test_another_preset_has_invoice_numbers_of_its_own(shop: Shop, tmp_path: Path) -> None:
    """Invoice 1 of one system is not invoice 1 of another."""
    imported(shop, tmp_path, [line("536365")])
    content = b"invoice,sku,quantity,sold_at,unit_price\n536365,P,2,2020-02-03,1.25\n"

    summary = import_order_lines(shop, io.BytesIO(content))

    assert (summary.rows_imported, summary.orders) == (1, 1)


def test_what_the_shop_has_is_used_again(shop: Shop, tmp_path: Path) -> None:
    """Variants by SKU, customers by number, their addresses by country; nothing of them is changed."""
    imported(shop, tmp_path, LINES)
    lantern = shop.catalog.variant_by_sku("71053")
    customers = {order.customer_id for order in shop.orders.search(limit=100).items}

    summary = imported(
        shop,
        tmp_path,
        [
            line("540000", "71053", "ANOTHER NAME", price="9.99", customer="13047", country="Germany"),
            line("540001", "71053", "ANOTHER NAME", price="9.99", customer="13047", country="France"),
            line("540002", "99999", "NEW", price="1", customer="99999"),
        ],
    )

    assert (summary.orders, summary.customers, summary.guests, summary.variants) == (3, 1, 0, 1)
    assert shop.catalog.variant_by_sku("71053") == lantern
    known = next(row for row in shop.reports.top_customers() if row.reference == "13047").customer_id
    assert known in customers
    countries = [address.country_name for address in shop.customers.addresses(known).items]
    assert countries == ["Germany", "France"]


def test_a_shop_with_live_data_takes_an_import(shop: Shop, tmp_path: Path) -> None:
    """Keys go on behind those that are there; the live variant keeps its price and product."""
    category = shop.catalog.create_category(name="Lights", slug="lights")
    product = shop.catalog.create_product(category_id=category.category_id, name="Lantern", slug="lantern")
    mine = shop.catalog.create_variant(product.product_id, sku="71053", price=Decimal("12.50"))

    summary = imported(shop, tmp_path, LINES)

    assert summary.variants == 4
    assert shop.catalog.variant_by_sku("71053") == shop.catalog.get_variant(mine.variant_id)
    assert shop.reports.summary().rows == 8


class _Stopped(BaseException):
    """What no code of ours expects."""


@pytest.mark.parametrize("error", [KeyboardInterrupt, _Stopped, ValueError])
def test_an_interrupted_import_changes_nothing(
    shop: Shop, observer: Observer, tmp_path: Path, error: type[BaseException]
) -> None:
    """In the midst of the lines, with half of them sent."""
    path, rejects = tmp_path / "lines.csv", tmp_path / "rejects.csv"
    path.write_bytes(content_of(line(str(540_000 + number // 5)) for number in range(20_000)))
    before = observer.digest()

    def stop(progress: ImportProgress) -> None:
        if progress.rows > 10_000:
            raise error

    with pytest.raises(error):
        import_order_lines(shop, path, preset="online-retail", rejects=rejects, progress=stop)

    assert changed_tables(before, observer.digest()) == []
    assert [found.name for found in tmp_path.glob("*rejects*")] == []
    assert import_order_lines(shop, path, preset="online-retail").rows_imported == 20_000


@pytest.mark.parametrize("step", ["variants", "buyers", "addresses", "orders"])
@pytest.mark.parametrize("first_import", [True, False], ids=["into an empty shop", "into a shop with orders"])
def test_an_import_that_fails_while_writing_changes_nothing(  # noqa: PLR0917 - fixtures and parameters
    shop: Shop,
    observer: Observer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    first_import: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Behind each of its steps; keys that were taken away for the load are back."""
    if not first_import:
        imported(shop, tmp_path, [line("100000", "OLD", "OLD")])
    before = observer.digest()
    run = getattr(ParentWriter, step)

    def fail(*args: object) -> None:
        run(*args)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(ParentWriter, step, fail)
        imported(shop, tmp_path, LINES)

    assert changed_tables(before, observer.digest()) == []
    assert imported(shop, tmp_path, LINES).rows_imported == 8


def test_a_refusal_by_the_database_changes_nothing(shop: Shop, observer: Observer, tmp_path: Path) -> None:
    """A slug that somebody gave by hand comes back as the error of its constraint."""
    category = shop.catalog.create_category(name="Lights", slug="lights")
    first = shop.catalog.create_product(category_id=category.category_id, name="First", slug="first")
    for ahead in range(1, 9):
        slug = f"postage-{first.product_id + 8 + ahead}"
        shop.catalog.create_product(category_id=category.category_id, name="Postage", slug=slug)
    before = observer.digest()

    with pytest.raises(AlreadyExists):
        imported(shop, tmp_path, LINES)

    assert changed_tables(before, observer.digest()) == []


def test_a_second_import_at_once_is_told_apart(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs that both saw nothing cannot both be kept: the content's unique key decides."""
    imported(shop, tmp_path, [line("100000", "OLD", "OLD")])
    monkeypatch.setattr(loading, "_found_before", lambda *_: None)

    again = imported(shop, tmp_path, [line("100000", "OLD", "OLD")])

    assert again.already_imported
    assert shop.reports.summary().rows == 1


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([line(), line(at="2/30/2011 8:00")], "line 3: column InvoiceDate: there is no such date"),
        # Nothing before the first line says what "the same as above" is.
        ([line(at="")], "line 2: column InvoiceDate"),
        ([line("", customer="", country="")], "line 2: column InvoiceNo: needs 1 to 100 characters"),
        ([line(), line(price="1234567890123456789")], "line 3: column UnitPrice: a price lies between"),
        ([line(), line(price="1.23456")], "line 3: column UnitPrice: a price has at most four decimals"),
        ([line(), line(quantity="many")], "line 3: column Quantity: a quantity is a whole number"),
        ([line(), line("C1", quantity="many")], "line 3: column Quantity"),
        ([line(), line(quantity="1000000", price="99999999999")], "line 3: price times quantity is beyond"),
        ([line(), line(code="")], "line 3: column StockCode: needs 1 to 64 characters"),
        ([line(), line(code="x" * 65)], "line 3: column StockCode: needs 1 to 64 characters"),
        ([line(), line(name="x" * 201)], "line 3: column Description: needs 0 to 200 characters"),
        ([line(), line("")], "line 3: column InvoiceNo: needs 1 to 100 characters"),
        ([line(), line("600000", customer="x" * 101)], "line 3: column CustomerID: needs 0 to 100"),
        ([line(), line("600000", country="x" * 101)], "line 3: column Country: needs 0 to 100"),
        ([line(), line(customer="2")], "line 3: the invoice has another customer or country"),
        ([line(), line(country="France")], "line 3: the invoice has another customer or country"),
        ([line(quantity="1", price="99999999999")] * 2, "an invoice's total is beyond"),
    ],
)
def test_a_malformed_line_refuses_the_whole_file(
    shop: Shop, observer: Observer, tmp_path: Path, lines: list[tuple[str, ...]], problem: str
) -> None:
    """One line that says where, what and what to do; no value of the line stands in it."""
    before = observer.digest()

    with pytest.raises(ImportRefused, match=problem) as caught:
        imported(shop, tmp_path, lines)

    assert "nothing was imported" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert changed_tables(before, observer.digest()) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"InvoiceNo,StockCode\n1,2\n", content_of([line()])[:-30], b"\x00", b"\x1f\x8b\x08garbage"],
    ids=["empty", "blank", "missing columns", "cut off", "NUL", "broken gzip"],
)
def test_a_broken_file_changes_nothing(shop: Shop, observer: Observer, tmp_path: Path, content: bytes) -> None:
    """Whatever is wrong with it, it is a typed error, and the next import works."""
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    before = observer.digest()

    with pytest.raises(ImportRefused):
        import_order_lines(shop, path, preset="online-retail", rejects=tmp_path / "rejects.csv")

    assert changed_tables(before, observer.digest()) == []
    assert [found.name for found in tmp_path.glob("*rejects*")] == []
    assert imported(shop, tmp_path, LINES).rows_imported == 8


def test_every_refusal_is_an_error_of_lumia(shop: Shop, tmp_path: Path) -> None:
    """A caller catches one class."""
    for path in (tmp_path, tmp_path / "missing.csv"):
        with pytest.raises(LumiaError):
            import_order_lines(shop, path)
    with pytest.raises(LumiaError):
        import_order_lines(shop, tmp_path / "missing.csv", preset="unknown")

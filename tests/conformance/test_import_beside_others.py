"""An import beside others: a second import, readers and writers of the shop, whatever hangs on the tables."""

from __future__ import annotations

import io
import threading
from contextlib import closing
from pathlib import Path

from lumia import Shop
from lumia.dto.imports import ImportProgress, ImportSummary
from lumia.importing import import_order_lines
from tests.support.order_lines import LINES, content_of, imported, line
from tests.support.raw import open_raw


def test_two_imports_at_once_bring_an_invoice_once(shop: Shop) -> None:
    """The second waits for the first before it looks at what there is.

    Bug it found: the look came before any lock, and invoice 536365 was there twice on PostgreSQL.
    """
    waits, go_on = threading.Event(), threading.Event()
    second: list[ImportSummary] = []

    def begun(progress: ImportProgress) -> None:
        if progress.finishing:
            waits.set()
            go_on.wait(20)

    def late() -> None:
        waits.wait(20)
        go_on.set()
        content = content_of([line("536365"), line("536399", code="84029G")])
        second.append(import_order_lines(shop, io.BytesIO(content), preset="online-retail"))

    other = threading.Thread(target=late)
    other.start()
    first = import_order_lines(
        shop, io.BytesIO(content_of([line("536365"), line("536398")])), preset="online-retail", progress=begun
    )
    other.join()

    assert (first.rows_imported, second[0].rows_imported) == (2, 1)
    assert shop.reports.summary().invoices == 3


def test_an_import_beside_an_open_reader_goes_another_way(shop: Shop, tmp_path: Path) -> None:
    """Keys are only taken away where nobody is in the tables; an import never waits for a reader or stops one."""
    with shop.transaction(read_only=True) as reading:
        reading.customers.list()
        reading.orders.search()

        summary = imported(shop, tmp_path, LINES)

        assert reading.orders.search().items == ()

    assert summary.rows_imported == 8
    assert len(shop.orders.search().items) == 5


def test_a_shop_with_orders_can_be_read_while_it_imports(shop: Shop, tmp_path: Path) -> None:
    """Bug it found: a lock taken for a look at the table stayed until the import ended."""
    imported(shop, tmp_path, LINES)
    seen: list[int] = []

    def look(progress: ImportProgress) -> None:
        if progress.finishing:
            seen.append(len(shop.orders.search().items))
            seen.append(shop.catalog.variant_by_sku("71053").variant_id)

    content = content_of([line("540000", "71053", customer="13047")])
    summary = import_order_lines(shop, io.BytesIO(content), preset="online-retail", progress=look)

    assert summary.rows_imported == 1
    assert seen[0] == 5


def test_a_view_on_the_order_lines_survives_an_import(shop: Shop, url: str, tmp_path: Path) -> None:
    """A view that groups by the key hangs on the key, which then must not be taken away, not even for a moment.

    Bug it found: on PostgreSQL the import ended with an error that named no way out.
    """
    with closing(open_raw(shop.engine.name, url)) as raw:
        raw.run("CREATE VIEW lines_by_key AS SELECT order_item_id, sku FROM order_items GROUP BY order_item_id")

    summary = imported(shop, tmp_path, LINES)

    assert summary.rows_imported == 8


def test_a_customer_without_a_country_gets_one_address(shop: Shop) -> None:
    """Bug it found: each import added one more."""
    for invoice in ("1", "2"):
        content = f"invoice,sku,quantity,sold_at,unit_price,customer\n{invoice},P,2,2020-02-03,1.25,99\n".encode()
        import_order_lines(shop, io.BytesIO(content))

    customer = shop.orders.search().items[0].customer_id

    assert len(shop.customers.addresses(customer).items) == 1


def test_a_sku_is_found_as_the_source_wrote_it(shop: Shop) -> None:
    """An imported SKU is byte-exact, also where it is not in Unicode's composed form."""
    sku = "Ae\u0301"
    content = f"invoice,sku,quantity,sold_at,unit_price\n1,{sku},2,2020-02-03,1.25\n".encode()

    import_order_lines(shop, io.BytesIO(content))

    assert shop.catalog.variant_by_sku(sku).sku == sku

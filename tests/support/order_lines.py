"""Small files of order lines for tests, written line by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from lumia.dto.imports import ImportSummary
from lumia.importing import import_order_lines
from lumia.shop import Shop

__all__ = ["HEADER", "LINES", "content_of", "imported", "line"]

HEADER = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")


def line(  # noqa: PLR0917 - in the order of the columns
    invoice: str = "536365",
    code: str = "85123A",
    name: str = "WHITE HANGING HEART T-LIGHT HOLDER",
    quantity: str = "6",
    at: str = "12/1/2010 8:26",
    price: str = "2.55",
    customer: str = "17850",
    country: str = "United Kingdom",
) -> tuple[str, ...]:
    """One order line in the online-retail form."""
    return (invoice, code, name, quantity, at, price, customer, country)


LINES = (
    line(),
    line(code="71053", name=" WHITE METAL LANTERN", price="3.39"),
    line(at="12/1/2010 8:25", code="POST", name="POSTAGE", quantity="1", price="18.0"),
    line("536366", "85123a", "white heart", "1", "12/31/2010 23:59", "0.001", "17850.0"),
    line("536367", "22633", 'HAND WARMER "UNION" JACK', "6", "2011-01-01 00:00:00", "1.8505", "", "EIRE"),
    line("536368", "22633", "", "600", "2011-01-02T10:00", "1.85", "", "Unspecified"),
    line("536369", "71053", "WHITE METAL LANTERN", "2", "1/3/2011 9:00", "3.75", "13047", "Germany"),
    line("536369", "71053", "WHITE METAL LANTERN", "2", "1/3/2011 9:00", "3.75", "13047", "Germany"),
    line("C536370", "71053", "WHITE METAL LANTERN", "-2", "1/3/2011 9:30", "3.75", "13047", "Germany"),
    line("536371", "71053", "damaged", "-7", "1/4/2011 9:00", "0", "", "United Kingdom"),
    line("536372", "22634", "A GIFT", "1", "1/4/2011 9:00", "0.0", "13047", "Germany"),
    line("A536373", "B", "Adjust bad debt", "1", "1/5/2011 9:00", "-11062.06", "", "United Kingdom"),
    line("536374", "22634", "NOTHING", "0", "1/5/2011 9:00", "1", "13047", "Germany"),
    line("536375", "22634", "ODD", "1", "1/5/2011 9:00", "-1", "13047", "Germany"),
    line("53637", "22634", "ODD", "1", "1/5/2011 9:00", "1", "13047", "Germany"),
)
"""Eight sales in five invoices, and one line of each kind that is none."""


def content_of(lines: Iterable[Sequence[str]], header: Sequence[str] = HEADER) -> bytes:
    """The lines as a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([header, *lines])
    return text.getvalue().encode()


def imported(shop: Shop, folder: Path, lines: Iterable[Sequence[str]], *, name: str = "lines.csv") -> ImportSummary:
    """Write the lines to a file and import it."""
    path = folder / name
    path.write_bytes(content_of(lines))
    return import_order_lines(shop, path, preset="online-retail")

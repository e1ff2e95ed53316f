"""A real shop's year: where its file lies, what is known of it, and a plain reading of its rules to compare with.

Run as a module it imports the file into a shop and prints the summary with the process's peak memory.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, NamedTuple

__all__ = ["EXPECTED", "FILE", "Line", "Reference", "expected", "is_there", "peak_memory", "references"]

FOLDER: Final = Path(
    os.environ.get("LUMIA_DATA_DIR") or Path(__file__).parents[3] / "shared" / "data" / "online-retail"
)
FILE: Final = FOLDER / "online-retail-dataset.csv.gz"
EXPECTED: Final = FOLDER / "expected.json"


def is_there() -> bool:
    """Whether the data set lies on this machine."""
    return FILE.is_file() and EXPECTED.is_file()


def expected() -> dict[str, Any]:
    """The values that two other programs computed."""
    values: dict[str, Any] = json.loads(EXPECTED.read_text(encoding="utf-8"))["values"]
    return values


class Line(NamedTuple):
    """One row of the file; the price in thousandths, as no price has more decimals."""

    invoice: str
    code: str
    description: str
    quantity: int
    at: datetime
    price: int
    customer: str
    country: str

    @property
    def amount(self) -> int:
        """Quantity times price, in thousandths."""
        return self.quantity * self.price


def _lines() -> Iterator[Line]:
    with gzip.open(FILE, "rb") as packed:
        reader = csv.reader(io.TextIOWrapper(packed, encoding="utf-8", newline=""))
        next(reader)
        moments: dict[str, datetime] = {}
        prices: dict[str, int] = {}
        for invoice, code, description, quantity, at, price, customer, country in reader:
            if at not in moments:
                moments[at] = datetime.strptime(at, "%m/%d/%Y %H:%M")  # noqa: DTZ007 - the file's times have no zone
            if price not in prices:
                thousandths = Fraction(price) * 1000
                assert thousandths.denominator == 1
                prices[price] = int(thousandths)
            yield Line(invoice, code, description, int(quantity), moments[at], prices[price], customer, country)


def _is_sale(line: Line) -> bool:
    digits = len(line.invoice) == 6 and all(letter in "0123456789" for letter in line.invoice)
    return digits and line.quantity > 0 and line.price > 0


def _is_goods(line: Line) -> bool:
    head, tail = line.code[:5], line.code[5:]
    letters = all("a" <= letter.lower() <= "z" and letter.isascii() for letter in tail)
    return len(head) == 5 and head.isascii() and head.isdigit() and letters


def money(thousandths: int) -> str:
    """An amount as expected.json writes it."""
    return f"{Decimal(thousandths).scaleb(-3):.3f}"


def ratio(above: int, below: int) -> str:
    """An exact quotient, rounded once half-even to six decimals."""
    with localcontext() as context:
        context.prec = 100
        return str((Decimal(above) / Decimal(below)).quantize(Decimal("0.000001"), rounding=ROUND_HALF_EVEN))


@dataclass
class Sums:
    """What is added up for one group of lines."""

    thousandths: int = 0
    rows: int = 0
    quantity: int = 0
    invoices: set[str] = field(default_factory=set)
    customers: set[str] = field(default_factory=set)

    def add(self, line: Line) -> None:
        """Count a line."""
        self.thousandths += line.amount
        self.rows += 1
        self.quantity += line.quantity
        self.invoices.add(line.invoice)
        if line.customer:
            self.customers.add(line.customer)


def _grouped(lines: Iterable[Line], key: Callable[[Line], str]) -> dict[str, Sums]:
    groups: dict[str, Sums] = defaultdict(Sums)
    for line in lines:
        groups[key(line)].add(line)
    return groups


class Reference:
    """Every value that the reports give of one row set, computed line by line from the file."""

    def __init__(self, lines: list[Line], descriptions: dict[str, str]) -> None:
        """Compute; `descriptions` are those of all sales."""
        sums = Sums()
        for line in lines:
            sums.add(line)
        self.summary = {
            "rows": sums.rows,
            "invoices": len(sums.invoices),
            "stock_codes": len({line.code for line in lines}),
            "customers": len(sums.customers),
            "countries": len({line.country for line in lines}),
            "rows_without_customer": sum(not line.customer for line in lines),
            "quantity": sums.quantity,
            "amount": money(sums.thousandths),
            "min_invoice_date": str(min(line.at for line in lines)),
            "max_invoice_date": str(max(line.at for line in lines)),
        }
        self.average = {
            "amount": money(sums.thousandths),
            "invoices": len(sums.invoices),
            "average": ratio(sums.thousandths, 1000 * len(sums.invoices)),
            "rows": sums.rows,
            "lines_per_invoice": ratio(sums.rows, len(sums.invoices)),
        }
        self.months = {
            month: {
                "amount": money(group.thousandths),
                "rows": group.rows,
                "invoices": len(group.invoices),
                "quantity": group.quantity,
            }
            for month, group in sorted(_grouped(lines, lambda line: f"{line.at:%Y-%m}").items())
        }
        self.countries = {
            country: {
                "amount": money(group.thousandths),
                "rows": group.rows,
                "invoices": len(group.invoices),
                "customers": len(group.customers),
            }
            for country, group in _grouped(lines, lambda line: line.country).items()
        }
        products = _grouped(lines, lambda line: line.code)

        def ranked(size: Callable[[Sums], int]) -> list[dict[str, Any]]:
            order = sorted(products.items(), key=lambda item: (-size(item[1]), item[0].encode()))
            return [
                {
                    "stock_code": code,
                    "description": descriptions.get(code, ""),
                    "amount": money(group.thousandths),
                    "quantity": group.quantity,
                    "invoices": len(group.invoices),
                }
                for code, group in order
            ]

        self.products_by_revenue = ranked(lambda group: group.thousandths)
        self.products_by_quantity = ranked(lambda group: group.quantity)
        customers = _grouped((line for line in lines if line.customer), lambda line: line.customer)
        self.customers = [
            (customer, money(group.thousandths), len(group.invoices), group.rows, group.quantity)
            for customer, group in sorted(customers.items(), key=lambda item: (-item[1].thousandths, item[0].encode()))
        ]
        days: dict[str, set[object]] = defaultdict(set)
        for line in lines:
            days[line.customer].add(line.at.date())
        repeated = sum(len(group.invoices) >= 2 for group in customers.values())
        on_days = sum(len(found) >= 2 for customer, found in days.items() if customer)
        self.repeat = {
            "customers": len(customers),
            "customers_2plus_invoices": repeated,
            "rate_invoices": ratio(repeated, len(customers)),
            "customers_2plus_days": on_days,
            "rate_days": ratio(on_days, len(customers)),
            "histogram": dict(sorted(Counter(len(group.invoices) for group in customers.values()).items())),
        }


def references() -> dict[str, Reference]:
    """The reference of each row set, by its name."""
    sales = [line for line in _lines() if _is_sale(line)]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for line in sales:
        if line.description:
            counts[line.code][line.description] += 1
    descriptions = {code: min(found, key=lambda text: (-found[text], text.encode())) for code, found in counts.items()}
    return {
        "sales": Reference(sales, descriptions),
        "sales_customer": Reference([line for line in sales if line.customer], descriptions),
        "sales_goods": Reference([line for line in sales if _is_goods(line)], descriptions),
    }


def peak_memory() -> float:
    """The most memory that this process ever had, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not getrusage: there a child begins with what its parent had when it was forked.
        found = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
        return int(found.split()[1]) / 2**10
    import resource  # noqa: PLC0415 - there is none on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def _import(url: str, rejects: str) -> None:
    from lumia import connect  # noqa: PLC0415 - the tests that only read the file do not need it
    from lumia.importing import import_order_lines  # noqa: PLC0415

    with connect(url) as shop:
        summary = import_order_lines(shop, FILE, preset="online-retail", rejects=Path(rejects))
    json.dump({"summary": summary.model_dump(mode="json"), "peak_mib": peak_memory()}, sys.stdout)


if __name__ == "__main__":
    _import(*sys.argv[1:])

"""A made-up shop year as a CSV file of order lines: the same lines for the same seed, with the dirt of a real one."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import BinaryIO, Final, cast

from lumia.importing.presets import PRESETS

__all__ = ["SYNTHETIC_PRESET", "shop_year", "write_shop_year"]

SYNTHETIC_PRESET: Final = "online-retail"
"""The preset that reads what is made here."""

_FIRST_INVOICE: Final = 600_000
_COUNTRIES: Final = (
    *("United Kingdom",) * 30,
    *("Germany",) * 4,
    *("France",) * 4,
    *("EIRE",) * 3,
    *("Netherlands", "Spain", "Norway", "Unspecified"),
)
_KINDS: Final = (
    "MUG",
    "LANTERN",
    "CUSHION",
    "TEA TOWEL",
    "NOTEBOOK",
    "CANDLE",
    "BUNTING",
    'FRAME 6" X 4"',
    "JAR, SMALL",
)
_LOOKS: Final = ("RED", "BLUE", "RETROSPOT", "WOODLAND", "VINTAGE", "PAISLEY", "IVORY", "GREEN")
_DAYS: Final = 365


class _Dice:
    """Choices that are the same with every version of Python: only random() itself is promised to stay as it is."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - nothing secret is made of it

    def below(self, most: int) -> int:
        return int(self._random.random() * most)

    def chance(self, share: float) -> bool:
        return self._random.random() < share


def _price(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _products(dice: _Dice, count: int) -> list[tuple[str, str, int]]:
    products: list[tuple[str, str, int]] = []
    for number in range(count):
        name = f"{_LOOKS[dice.below(len(_LOOKS))]} {_KINDS[number % len(_KINDS)]} NO {number}"
        code = f"{20_000 + number // 2}{('', 'A')[number % 2]}"
        products.append((code, name, 45 + dice.below(1_500)))
    # A code that differs from another in its case alone is another code.
    return [("20000a", "SPECIAL EDITION £5 GIFT TAG", 500), *products]


def shop_year(*, orders: int = 1_500, seed: int = 2024, year: int = 2024) -> Iterator[tuple[str, ...]]:
    """Give the header and the lines of a shop's year, in the form of the UCI Online Retail data.

    Args:
        orders: how many sales invoices; each has six lines on average.
        seed: another seed makes another year.
        year: the calendar year of the sales.

    Yields:
        Fields as text. Some lines are no sales: cancellations, stock adjustments, gifts, a bad debt.
    """
    dice = _Dice(seed)
    products = _products(dice, max(10, orders // 10))
    customers = max(5, orders // 4)
    yield tuple(PRESETS[SYNTHETIC_PRESET].columns.values())
    start = datetime(year, 1, 1, 9)  # noqa: DTZ001 - the file's times have no zone
    for number in range(orders):
        # More is sold towards the end of the year.
        day = int(_DAYS * (number / orders) ** 0.8)
        moment = start + timedelta(days=day, minutes=dice.below(540))
        customer = "" if dice.chance(0.1) else str(12_000 + dice.below(dice.below(customers) + 1))
        country = _COUNTRIES[int(customer) % len(_COUNTRIES) if customer else 0]
        yield from _invoice(dice, str(_FIRST_INVOICE + number), moment, customer, country, products)


def _invoice(  # noqa: PLR0917 - what a line is made of, in its order
    dice: _Dice, invoice: str, moment: datetime, customer: str, country: str, products: list[tuple[str, str, int]]
) -> Iterator[tuple[str, ...]]:
    end = (customer, country)
    for _ in range(1 + dice.below(11)):
        code, name, cents = products[dice.below(dice.below(len(products)) + 1)]
        if dice.chance(0.1):
            name += " "
        quantity = 1 + dice.below(dice.below(24) + 1)
        line = (invoice, code, name, str(quantity), _written(moment), _price(cents), *end)
        yield line
        if dice.chance(0.01):
            yield line
        if dice.chance(0.02):
            yield (
                f"C{invoice}",
                code,
                name,
                f"-{quantity}",
                _written(moment + timedelta(minutes=7)),
                _price(cents),
                *end,
            )
        if dice.chance(0.01):
            yield (invoice, code, name, "1", _written(moment + timedelta(minutes=1)), "0.0", *end)
    if dice.chance(0.3):
        yield (invoice, "POST", "POSTAGE", "1", _written(moment), "4.95", *end)
    if dice.chance(0.01):
        yield (
            f"{int(invoice) + 200_000}",
            products[0][0],
            "damaged",
            "-3",
            _written(moment),
            "0.0",
            "",
            "United Kingdom",
        )
    if dice.chance(0.002):
        yield (f"A{invoice}", "B", "Adjust bad debt", "1", _written(moment), "-120.5", "", "United Kingdom")


def _written(moment: datetime) -> str:
    return f"{moment.month}/{moment.day}/{moment.year} {moment.hour}:{moment.minute:02d}"


def write_shop_year(path: Path, *, orders: int = 1_500, seed: int = 2024, year: int = 2024) -> int:
    """Write a made-up year to a file, gzipped if its name ends in `.gz`; the same arguments give the same bytes.

    Args:
        path: the file, which is replaced.
        orders: as in `shop_year`.
        seed: as in `shop_year`.
        year: as in `shop_year`.

    Returns:
        The number of order lines.
    """
    lines = 0
    with path.open("wb") as raw:
        # No name and no time in the gzip header: they would make every file different.
        packed = gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) if path.suffix == ".gz" else raw
        with io.TextIOWrapper(cast("BinaryIO", packed), encoding="utf-8", newline="") as text:
            writer = csv.writer(text, lineterminator="\n")
            for line in shop_year(orders=orders, seed=seed, year=year):
                writer.writerow(line)
                lines += 1
    return lines - 1

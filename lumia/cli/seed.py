"""The command that makes up a shop's year, to try things on."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

import lumia
from lumia.cli.importing import print_summary, watch
from lumia.cli.options import DEFAULT_URL, Json, Url
from lumia.cli.output import print_json, printer, progress_bar
from lumia.dto.imports import ImportSummary
from lumia.importing import import_order_lines
from lumia.importing.synthetic import SYNTHETIC_PRESET, write_shop_year
from lumia.shop import Shop

__all__ = ["commands", "import_made_up_year"]

commands = typer.Typer()


@commands.command()
def seed(
    orders: Annotated[int, typer.Option("--orders", min=1, max=1_000_000, help="How many orders the year has.")] = 1500,
    number: Annotated[int, typer.Option("--seed", help="Another number makes another year.")] = 2024,
    year: Annotated[int, typer.Option("--year", min=1971, max=9998, help="The calendar year.")] = 2024,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Write a CSV file (.gz packs it) and import nothing.")
    ] = None,
    url: Url = DEFAULT_URL,
    as_json: Json = False,
) -> None:
    """Make up a shop's year of orders and import it, or write it to a file; the same numbers make the same year."""
    if file is not None:
        lines = write_shop_year(file, orders=orders, seed=number, year=year)
        if as_json:
            print_json({"file": file, "lines": lines, "preset": SYNTHETIC_PRESET})
        else:
            printer().print(
                f"{lines:,} order lines in {file}; import them with --preset {SYNTHETIC_PRESET}", markup=False
            )
        return
    began = time.monotonic()
    with lumia.connect(url) as shop:
        summary = import_made_up_year(shop, orders=orders, seed=number, year=year)
    if as_json:
        print_json(summary)
    else:
        print_summary(summary, seconds=time.monotonic() - began)


def import_made_up_year(shop: Shop, *, orders: int, seed: int, year: int) -> ImportSummary:
    """Import a made-up year with a progress bar; the file in between is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="lumia-seed-") as folder, progress_bar("importing", "lines") as bar:
        path = Path(folder) / "order-lines.csv"
        write_shop_year(path, orders=orders, seed=seed, year=year)
        summary = import_order_lines(shop, path, preset=SYNTHETIC_PRESET, progress=watch(bar))
        bar(1, 1, things=summary.rows_read, label="imported")
        return summary

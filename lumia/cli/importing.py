"""The commands that bring data in from files."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

import lumia
from lumia.cli.options import DEFAULT_URL, Json, Url
from lumia.cli.output import Advance, print_json, print_table, printer, progress_bar
from lumia.dto.imports import ImportProgress, ImportSummary, RejectReason
from lumia.errors import ConfigurationError
from lumia.importing import import_order_lines

__all__ = ["commands", "print_summary", "watch"]

commands = typer.Typer(help="Bring data in from files.", no_args_is_help=True)


@commands.callback()
def group() -> None:
    """Bring data in from files."""


@commands.command("order-lines")
def order_lines(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file, plain or .gz.", show_default=False)],
    preset: Annotated[
        str | None,
        typer.Option("--preset", help="What the file's columns and invoice numbers mean, such as online-retail."),
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="Which column holds a field; may be given several times."),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option("--rejects", metavar="FILE", help="Write the lines that are no sales here, each with its reason."),
    ] = None,
    encoding: Annotated[str, typer.Option("--encoding", help="utf-8, latin-1 or cp1252.")] = "utf-8",
    url: Url = DEFAULT_URL,
    as_json: Json = False,
) -> None:
    """Import a shop's order lines, the whole file or nothing of it; the same file again changes nothing."""
    pairs = _pairs(mapping or ())
    began = time.monotonic()
    with lumia.connect(url) as shop, progress_bar("importing", "lines") as bar:
        summary = import_order_lines(
            shop, file, preset=preset, mapping=pairs, encoding=encoding, rejects=rejects, progress=watch(bar)
        )
        bar(1, 1, things=summary.rows_read, label="imported")
    if as_json:
        print_json(summary)
        return
    print_summary(summary, seconds=time.monotonic() - began)
    if rejects is not None and not summary.already_imported:
        printer().print(f"\nThe rejected lines lie in {rejects}", markup=False)


def watch(bar: Advance) -> Callable[[ImportProgress], None]:
    """Turn what an import tells of its progress into moves of a bar: its length is bytes, its rate is lines."""

    def move(progress: ImportProgress) -> None:
        label = "checking and committing" if progress.finishing else None
        bar(progress.bytes_read, progress.bytes_total, things=progress.rows, label=label)

    return move


def print_summary(summary: ImportSummary, *, seconds: float) -> None:
    """Print what an import brought, for people."""
    console = printer()
    if summary.already_imported:
        console.print(f"This file was imported before ({summary.rows_imported:,} lines): nothing was changed.")
        return
    rate = summary.rows_read / seconds if seconds > 0 else 0
    console.print(
        f"{summary.rows_imported:,} of {summary.rows_read:,} lines were sales, imported in {seconds:.1f} s"
        f" ({rate:,.0f} lines/s)"
    )
    console.print(
        f"new: {summary.orders:,} orders, {summary.customers:,} customers, {summary.guests:,} guests,"
        f" {summary.variants:,} variants"
    )
    if summary.by_reason:
        rows = [(reason.value.replace("_", " "), count) for reason, count in _by_count(summary)]
        console.print()
        print_table(("no sale", "lines"), [*rows, ("in all", summary.rows_rejected)])


def _by_count(summary: ImportSummary) -> list[tuple[RejectReason, int]]:
    return sorted(summary.by_reason.items(), key=lambda item: (-item[1], item[0]))


def _pairs(mapping: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for pair in mapping:
        column, separator, field = pair.rpartition("=")
        if not separator or not column or not field:
            message = f"--map {pair}: write COLUMN=FIELD, such as --map InvoiceNo=invoice"
            raise ConfigurationError(message)
        if column in pairs:
            message = f"--map {pair}: the column {column} is mapped twice"
            raise ConfigurationError(message)
        pairs[column] = field
    return pairs

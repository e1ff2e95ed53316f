"""The command that prints reports: tables for people, exact JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

import lumia
from lumia.cli.options import DEFAULT_URL, Json, Url
from lumia.cli.output import bars, print_json, print_table, printer
from lumia.dto.base import FrozenRow
from lumia.dto.reports import MonthSales, ProductRanking, RowSet
from lumia.errors import ConfigurationError
from lumia.reports import REPORTS, Report, ReportChoice, report_named

__all__ = ["commands", "print_report"]

commands = typer.Typer()

_ONE_LINE = frozenset({"summary", "repeat-rate", "average-order-value"})
_FIXED_ROWS = frozenset({"repeat-rate"})


@commands.command(epilog=f"The reports are {', '.join(REPORTS)}.")
def report(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which report.", show_default=False)],
    rows: Annotated[
        RowSet | None, typer.Option("--rows", help="Which order items count; without it the report's own default.")
    ] = None,
    by: Annotated[ProductRanking, typer.Option("--by", help="What makes a top product.")] = ProductRanking.REVENUE,
    limit: Annotated[int, typer.Option("--limit", min=1, max=500, help="How many rows a top list has.")] = 20,
    url: Url = DEFAULT_URL,
    as_json: Json = False,
) -> None:
    """Print a sales report, exact to the last digit."""
    chosen = report_named(name)
    if rows not in {None, chosen.rows} and name in _FIXED_ROWS:
        message = f"{name} always counts the rows {chosen.rows}; leave --rows out"
        raise ConfigurationError(message)
    with lumia.connect(url) as shop:
        found = chosen.run(shop, ReportChoice(rows=rows, by=by, limit=limit))
    if as_json:
        print_json({"report": name, "row_set": rows or chosen.rows, "rows": found})
        return
    print_report(chosen, found, rows=rows or chosen.rows)


def print_report(report: Report, found: Sequence[FrozenRow], *, rows: RowSet) -> None:
    """Print a report for people: a table, or one line under the other where there is one row."""
    title = f"{report.title} ({rows.replace('_', ' ')})"
    if not found:
        printer().print(f"{title}: nothing was sold yet", markup=False)
        return
    names = list(type(found[0]).model_fields)
    if report.name in _ONE_LINE:
        _print_one(found[0], names, title=title)
        return
    cells: list[list[object]] = [[getattr(row, name) for name in names] for row in found]
    months = [row.amount for row in found if isinstance(row, MonthSales)]
    if months:
        names.append("")
        for cell, bar in zip(cells, bars(months, width=20), strict=True):
            cell.append(bar)
    print_table(names, cells, title=title)


def _print_one(row: FrozenRow, names: Sequence[str], *, title: str) -> None:
    fields = {name: getattr(row, name) for name in names}
    lists: dict[str, tuple[FrozenRow, ...]] = {
        name: value for name, value in fields.items() if isinstance(value, tuple) and value
    }
    plain = [(name.replace("_", " "), value) for name, value in fields.items() if not isinstance(value, tuple)]
    print_table(("", ""), plain, title=title, numbers=(1,))
    for name, parts in lists.items():
        columns = list(type(parts[0]).model_fields)
        printer().print()
        print_table(columns, [[getattr(part, column) for column in columns] for part in parts], title=name)

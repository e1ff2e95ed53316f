"""How commands print: tables and progress bars for people, JSON with exact decimals for programs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Final, Protocol, cast
from uuid import UUID

from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

__all__ = [
    "Advance",
    "amount",
    "bars",
    "plain",
    "print_json",
    "print_table",
    "printer",
    "progress_bar",
    "shown",
    "table_of",
    "whole",
]


_PAUSE: Final = 2.0


class Advance(Protocol):
    """Moves a progress bar."""

    def __call__(self, done: int, total: int | None, *, things: int, label: str | None = None) -> None:
        """Say how far it is.

        Args:
            done: how much is done, in any unit.
            total: how much there is in all, None while that is unknown.
            things: how many things that is, for the rate.
            label: what is going on now; None leaves the words as they are.
        """
        ...


def printer(*, stderr: bool = False) -> Console:
    """A console on the present stdout or stderr; without a terminal it neither colours nor wraps at 80 columns."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else 200
    return Console(file=stream, width=width, highlight=False, soft_wrap=False)


def plain(value: object) -> Any:
    """The value as JSON has it: decimals as exact strings, instants in ISO 8601, models as objects.

    Raises:
        TypeError: the value has no form in JSON.
    """
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields}
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(item) for name, item in asdict(value).items()}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in cast("Mapping[object, object]", value).items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [plain(item) for item in cast("Iterable[object]", value)]
    return _plain_single(value)


def _plain_single(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Path):
        return str(value)
    message = f"{type(value).__name__} has no form in JSON"
    raise TypeError(message)


def print_json(value: object) -> None:
    """Print one JSON document to stdout; letters beyond ASCII are escaped where stdout could not write them."""
    escaped = (sys.stdout.encoding or "").lower() not in {"utf-8", "utf8"}
    sys.stdout.write(json.dumps(plain(value), indent=2, ensure_ascii=escaped) + "\n")


def whole(value: int) -> str:
    """A whole number with thousands marked."""
    return f"{value:,}"


def amount(value: Decimal) -> str:
    """An exact number for people: thousands marked, two decimals, more only where they say something."""
    exponent = value.normalize().as_tuple().exponent
    return f"{value:,.{max(2, -exponent)}f}" if isinstance(exponent, int) else str(value)


def shown(value: object) -> str:
    """A value as a cell of a table."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return whole(value)
    if isinstance(value, Decimal):
        return amount(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return str(plain(value))


def bars(values: Sequence[Decimal], *, width: int) -> list[str]:
    """A bar of at most `width` characters for each value, the largest value the longest."""
    largest = max((value for value in values if value > 0), default=Decimal(1))
    return ["▇" * int(max(value, Decimal(0)) * width / largest) for value in values]


def table_of(columns: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: Collection[int] = ()) -> Table:
    """A table whose numbers stand right-aligned under their heading; `numbers` are columns that always do."""
    kept = [list(row) for row in rows]
    table = Table(header_style="bold", show_header=any(columns), box=None, pad_edge=False)
    for place, column in enumerate(columns):
        numeric = place in numbers or (all(isinstance(row[place], int | Decimal | None) for row in kept) and bool(kept))
        table.add_column(column.replace("_", " "), justify="right" if numeric else "left", overflow="fold")
    for row in kept:
        table.add_row(*(Text(shown(value)) for value in row))
    return table


def print_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str | None = None,
    numbers: Collection[int] = (),
) -> None:
    """Print a table to stdout as `table_of` makes it, under its title."""
    console = printer()
    if title is not None:
        console.print(Text(title, style="bold"))
    console.print(table_of(columns, rows, numbers=numbers))


class _PlainProgress:
    """Says in lines of text how far it is, at most every ten percent and every two seconds: for logs."""

    def __init__(self, label: str, unit: str, console: Console) -> None:
        self._label = label
        self._unit = unit
        self._console = console
        self._began = self._said = time.monotonic()
        self._tenth = 0

    def __call__(self, done: int, total: int | None, *, things: int, label: str | None = None) -> None:
        self._label = label or self._label
        now = time.monotonic()
        if not total or not done or now - self._said < _PAUSE or done * 10 // total <= self._tenth:
            return
        self._said, self._tenth = now, done * 10 // total
        spent = now - self._began
        left = spent * (total - done) / done
        self._console.print(
            f"{self._label}: {done * 100 // total} %, {things / spent:,.0f} {self._unit}/s, {left:.0f} s left"
        )


class _LiveProgress:
    """Draws a bar with percent, rate and time left."""

    def __init__(self, label: str, unit: str, bar: Progress) -> None:
        self._unit = unit
        self._bar = bar
        self._task = bar.add_task(label, total=None, rate="")
        self._began = time.monotonic()

    def __call__(self, done: int, total: int | None, *, things: int, label: str | None = None) -> None:
        spent = time.monotonic() - self._began
        rate = f"{things / spent:,.0f} {self._unit}/s" if spent > 0 else ""
        self._bar.update(self._task, completed=done, total=total, rate=rate)
        if label is not None:
            self._bar.update(self._task, description=label)


@contextmanager
def progress_bar(label: str, unit: str) -> Generator[Advance]:
    """A progress bar on stderr with rate and time left; without a terminal plain lines, and none for short work.

    Args:
        label: what is going on.
        unit: what is counted, in the plural.

    Yields:
        The function that moves it.
    """
    console = printer(stderr=True)
    if not console.is_terminal:
        yield _PlainProgress(label, unit, console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
    )
    with Progress(*columns, console=console) as bar:
        yield _LiveProgress(label, unit, bar)

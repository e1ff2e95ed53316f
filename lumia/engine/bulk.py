"""Loading many rows the fastest way each engine has: COPY on PostgreSQL, one prepared INSERT on SQLite."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from lumia.errors import InvalidValue, TypedSqlError

__all__ = ["Columns", "checked_names", "copy_chunks", "copy_statement", "sqlite_insert", "sqlite_rows"]

Columns = Sequence[tuple[str, str]]
"""Each column's name and logical type; a `?` behind the type says that it may be None."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_CHUNK: Final = 512


def _same(value: Any) -> Any:
    return value


def _ten_thousandths(value: Decimal) -> int:
    return int(value.scaleb(4))


def _millionths(value: Decimal) -> int:
    return int(value.scaleb(6))


def _fixed_width(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def _escaped(value: str) -> str:
    if "\x00" in value:
        message = "a text holds a NUL character"
        raise InvalidValue(message)
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _hexadecimal(value: bytes) -> str:
    return "\\\\x" + value.hex()


def _letter(value: bool) -> str:  # noqa: FBT001 - the value itself
    return "t" if value else "f"


def _plain(value: Decimal) -> str:
    return f"{value:f}"


def _iso(value: date) -> str:
    return value.isoformat()


_TO_SQLITE: Final[Mapping[str, Callable[[Any], Any]]] = {
    "int": _same,
    "text": _same,
    "enum": str,
    "bytes": _same,
    "bool": int,
    "money": _ten_thousandths,
    "rate": _millionths,
    "timestamp": _fixed_width,
    "date": _iso,
    "uuid": str,
}

_TO_COPY: Final[Mapping[str, Callable[[Any], str]]] = {
    "int": str,
    "text": _escaped,
    "enum": str,
    "bytes": _hexadecimal,
    "bool": _letter,
    "money": _plain,
    "rate": _plain,
    "timestamp": _iso,
    "date": _iso,
    "uuid": str,
}


def checked_names(*names: str) -> tuple[str, ...]:
    """Give names of tables and columns back if they can stand in SQL as they are, else raise `TypedSqlError`."""
    for name in names:
        if _NAME.fullmatch(name) is None:
            message = f"{name!r} is no name of a table or column"
            raise TypedSqlError(message)
    return names


def _names(table: str, columns: Columns) -> tuple[str, ...]:
    return checked_names(table, *(name for name, _ in columns))[1:]


def _encoders(columns: Columns, known: Mapping[str, Callable[[Any], Any]]) -> list[tuple[int, Callable[[Any], Any]]]:
    """What to do to which column; columns whose values travel as they are get no entry."""
    found: list[tuple[int, Callable[[Any], Any]]] = []
    for place, (name, spelt) in enumerate(columns):
        encoder = known.get(spelt.removesuffix("?").partition(":")[0])
        if encoder is None:
            message = f"column {name}: the logical type {spelt} cannot be loaded in bulk"
            raise TypedSqlError(message)
        if encoder is not _same:
            found.append((place, encoder))
    return found


def sqlite_insert(table: str, columns: Columns) -> str:
    """The INSERT that one row after the other runs through."""
    names = _names(table, columns)
    marks = ", ".join(f"?{place}" for place in range(1, len(names) + 1))
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names are checked above


def sqlite_rows(columns: Columns, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The rows as SQLite stores them."""
    encoders = _encoders(columns, _TO_SQLITE)
    for row in rows:
        values = list(row)
        for place, encode in encoders:
            value = values[place]
            if value is not None:
                values[place] = encode(value)
        yield values


def copy_statement(table: str, columns: Columns) -> str:
    """The COPY that takes the chunks of `copy_chunks`."""
    return f"COPY {table} ({', '.join(_names(table, columns))}) FROM STDIN"


def copy_chunks(columns: Columns, rows: Iterable[Sequence[Any]], count: list[int]) -> Iterator[bytes]:
    """The rows in COPY's text format, some hundred to a chunk; `count[0]` grows by the rows of each."""
    encoders = _encoders(columns, _TO_COPY)
    lines: list[str] = []
    for row in rows:
        values = list(row)
        for place, encode in encoders:
            value = values[place]
            values[place] = "\\N" if value is None else encode(value)
        lines.append("\t".join(values))
        if len(lines) == _CHUNK:
            count[0] += _CHUNK
            yield ("\n".join(lines) + "\n").encode()
            lines.clear()
    if lines:
        count[0] += len(lines)
        yield ("\n".join(lines) + "\n").encode()

"""Loading a history into SQLite: the rows wait as numbers, and go in behind their parents, many to a statement."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Final

from lumia.engine.bulk import checked_names
from lumia.engine.sqlite_session import SqliteSession

__all__ = ["SqliteLoader"]

_ROWS: Final = 64
"""Rows to a statement: the driver's cost of a statement is shared by them."""

_CACHE_KIB: Final = 65_536


class SqliteLoader:
    """Fills a table inside one `BEGIN IMMEDIATE`; see `Loader`.

    SQLite checks a key fastest when the parent is there first: a parent that comes later looks at each of its children.
    So every row waits as the numbers of its parts, four bytes each, until `finish`.
    """

    def __init__(self, session: SqliteSession) -> None:
        """Work on a session that holds the right to write."""
        self._session = session
        self._parts: list[tuple[Any, ...]] = []
        self._rows = array("I")
        self._width = 0
        self._target: tuple[str, Sequence[str], Mapping[str, int | str]] | None = None
        self._next: dict[str, int] = {}
        self._cache: int | None = None

    def alone(self, table: str) -> None:
        """Nothing to do: the unit of work holds the one right to write."""

    def part(self, kinds: Sequence[str], values: Sequence[Any]) -> int:  # noqa: ARG002 - SQLite stores them as they are
        """Keep the values and give their number."""
        self._parts.append(tuple(values))
        return len(self._parts) - 1

    def reserve(self, table: str, key: str, count: int) -> Iterator[int]:  # noqa: ARG002 - the table has one key
        """Count on from the largest key that ever was; the writer's lock keeps everybody else away."""
        first = self._next.get(table)
        if first is None:
            row = self._session.fetch_one("SELECT seq FROM sqlite_sequence WHERE name = ?1", (table,))
            first = 1 if row is None else row[0] + 1
        self._next[table] = first + count
        return iter(range(first, first + count))

    def add(
        self,
        table: str,
        columns: Sequence[tuple[str, str]],
        rows: Iterable[Sequence[Any]],
        *,
        constants: Mapping[str, int | str],
    ) -> int:
        """Insert the rows, many to a statement: one with triggers keeps a journal of its own for each statement."""
        names = checked_names(table, *constants, *(name for name, _ in columns))
        given = iter(rows)
        packed = iter(lambda: [*chain.from_iterable(islice(given, _ROWS))], [])
        return self._insert(names, tuple(constants.values()), packed)

    def begin(self, table: str, parent: str) -> None:  # noqa: ARG002 - nothing has to be taken away ahead
        """Give the page cache more room."""
        row = self._session.fetch_one("PRAGMA cache_size", ())
        self._cache = None if row is None else row[0]
        self._session.execute(f"PRAGMA cache_size = -{_CACHE_KIB}", ())

    def fill(
        self,
        table: str,
        columns: Sequence[str],
        batches: Iterable[Sequence[Sequence[Any]]],
        *,
        constants: Mapping[str, int | str],
    ) -> None:
        """Let the rows wait."""
        self._target = table, columns, constants
        for batch in batches:
            if batch:
                self._width = len(batch[0])
                self._rows.extend(chain.from_iterable(batch))

    def finish(self) -> None:
        """Insert the rows; an empty table gets its indexes behind them."""
        if self._target is None or not self._rows:
            return
        table, columns, constants = self._target
        names = checked_names(table, *constants, *columns)
        taken = [*self._without_guards(table), *self._without_indexes(table)]
        self._insert(names, tuple(constants.values()), self._packed())
        for sql in taken:
            self._session.execute(sql, ())

    def _packed(self) -> Iterator[list[Any]]:
        """The values of `_ROWS` waiting rows after each other."""
        value_of = self._parts.__getitem__
        step = _ROWS * self._width
        for place in range(0, len(self._rows), step):
            yield [*chain.from_iterable(map(value_of, self._rows[place : place + step]))]

    def _insert(self, names: Sequence[str], fixed: tuple[Any, ...], packed: Iterable[list[Any]]) -> int:
        """Run an INSERT of `_ROWS` rows for each list of as many rows' values, and a shorter one for the last."""
        full = _ROWS * (len(names) - 1 - len(fixed))
        last: list[Any] = []

        def whole() -> Iterator[list[Any]]:
            for values in packed:
                if len(values) < full:
                    last.extend(values)
                    return
                yield [*fixed, *values]

        written = self._session.execute_many(_statement(names, len(fixed), _ROWS), whole())
        if last:
            rows = len(last) * _ROWS // full
            written += self._session.execute_many(_statement(names, len(fixed), rows), [[*fixed, *last]])
        return written

    def _without_guards(self, table: str) -> list[str]:
        """Drop the triggers that refuse INSERT OR REPLACE, which nobody can run meanwhile; give what makes them again.

        The INSERT here is a plain one: unique keys refuse what the triggers would, and without a look-up for each row.
        """
        return self._dropped("TRIGGER", "type = 'trigger' AND tbl_name = ?1 AND name GLOB '*_replace'", table)

    def _without_indexes(self, table: str) -> list[str]:
        """Drop the indexes of an empty table; give what makes them again."""
        (name,) = checked_names(table)
        if self._session.fetch_one(f"SELECT 1 FROM {name} LIMIT 1", ()) is not None:  # noqa: S608 - a checked name
            return []
        return self._dropped("INDEX", "type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL", table)

    def _dropped(self, kind: str, which: str, table: str) -> list[str]:
        session = self._session
        found = session.fetch_all(f"SELECT name, sql FROM sqlite_schema WHERE {which} ORDER BY rowid", (table,))  # noqa: S608 - our words
        for name, _ in found:
            session.execute(f'DROP {kind} "{name}"', ())
        return [sql for _, sql in found]

    def close(self) -> None:
        """Give the page cache its size back."""
        if self._cache is not None:
            cache, self._cache = self._cache, None
            self._session.connection.execute(f"PRAGMA cache_size = {int(cache)}")


def _statement(names: Sequence[str], constants: int, rows: int) -> str:
    """The INSERT of some rows; the constants are bound once and stand in every row."""
    table, *listed = names
    width = len(listed) - constants
    fixed = [f"?{place}" for place in range(1, constants + 1)]
    groups = [
        ", ".join([*fixed, *(f"?{constants + row * width + place}" for place in range(1, width + 1))])
        for row in range(rows)
    ]
    return f"INSERT INTO {table} ({', '.join(listed)}) VALUES ({'), ('.join(groups)})"  # noqa: S608 - names are checked

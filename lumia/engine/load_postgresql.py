"""Loading a history into PostgreSQL: COPY into a table without indexes and keys, which are built again behind it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import IO, Any, Final

from lumia.engine.bulk import checked_names, copy_statement
from lumia.engine.postgresql_session import PostgresqlSession
from lumia.errors import Conflict, ConnectionLost

__all__ = ["PostgresqlLoader"]

_BLOCK: Final = 1 << 18
_ROWS: Final = 256

# Keys of other tables into this one, then its own foreign and unique keys: the order in which they can be dropped.
_KEYS: Final = """
SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid), c.contype::text
FROM pg_constraint AS c
WHERE (c.conrelid = $1::regclass AND c.contype IN ('f', 'p', 'u', 'x')) OR (c.confrelid = $1::regclass)
ORDER BY c.contype = 'f' DESC, c.conrelid = $1::regclass, c.oid
"""

_FOREIGN_KEYS: Final = """
SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid), c.contype::text
FROM pg_constraint AS c
WHERE c.conrelid = $1::regclass AND c.contype = 'f'
ORDER BY c.oid
"""

_INDEXES: Final = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index AS i
WHERE i.indrelid = $1::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)
ORDER BY i.indexrelid
"""

# Whether the role may alter every table on either side of a key.
_OWNS: Final = """
SELECT bool_and(pg_has_role(t.relowner, 'USAGE'))
FROM pg_class AS t
WHERE t.oid = $1::regclass
    OR t.oid IN (
        SELECT unnest(ARRAY[conrelid, confrelid]) FROM pg_constraint
        WHERE contype = 'f' AND (conrelid = $1::regclass OR confrelid = $1::regclass)
    )
"""

# Whether nothing hangs on a key or index that a rebuild would lose or trip over: a comment, a view that groups by the
# key, a mark for replication or clustering, a tablespace of its own.
_MAY_REBUILD: Final = """
SELECT t.relreplident = 'd'
    AND NOT EXISTS (
        SELECT 1
        FROM pg_description AS d
        WHERE d.objoid IN (SELECT oid FROM pg_constraint WHERE conrelid = $1::regclass OR confrelid = $1::regclass)
            OR d.objoid IN (SELECT indexrelid FROM pg_index WHERE indrelid = $1::regclass)
    )
    AND NOT EXISTS (
        SELECT 1
        FROM pg_depend AS d
        WHERE d.classid = 'pg_rewrite'::regclass
            AND d.refclassid = 'pg_constraint'::regclass
            AND d.refobjid IN (SELECT oid FROM pg_constraint WHERE conrelid = $1::regclass)
    )
    AND NOT EXISTS (
        SELECT 1
        FROM pg_index AS i
        INNER JOIN pg_class AS c ON i.indexrelid = c.oid
        WHERE i.indrelid = $1::regclass
            AND (i.indisreplident OR i.indisclustered OR c.reltablespace <> 0)
    )
FROM pg_class AS t
WHERE t.oid = $1::regclass
"""

# The table and every table that a key of it, or a key to it, concerns.
_RELATED: Final = """
SELECT $1::regclass::text
UNION
SELECT unnest(ARRAY[conrelid, confrelid])::regclass::text
FROM pg_constraint
WHERE contype = 'f' AND (conrelid = $1::regclass OR confrelid = $1::regclass)
"""

_LOCKS: Final = "lumia_load_locks"
_GONE: Final = "the connection broke while the import waited for its locks; nothing was imported, run it again"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _decimal(units: int) -> str:
    sign, units = ("-", -units) if units < 0 else ("", units)
    return f"{sign}{units // 10_000}.{units % 10_000:04d}"


def _escaped_or_null(text: str | None) -> str:
    return "\\N" if text is None else _escaped(text)


_ENCODERS: Final[Mapping[str, Callable[[Any], str]]] = {
    "bool": str,
    "int": str,
    "money": _decimal,
    "text": _escaped,
    "text?": _escaped_or_null,
}


def _end(constants: Mapping[str, int | str]) -> str:
    """What every row ends with."""
    return "".join(f"\t{_escaped(str(value))}" for value in constants.values()) + "\n"


class PostgresqlLoader:
    """Fills a table inside one transaction; see `Loader`.

    An empty table loses its indexes and keys first, if the role owns what hangs on them: checking half a million keys
    row by row takes several times as long as one join. Their definitions come from the catalogue and go back as they
    were. Until COMMIT nobody else can use the table or what its keys refer to, so all these locks are asked for at once
    and only for a moment: beside live traffic, and in a table that has rows, everything stays as it is and nobody is
    stopped; then the rows wait in a temporary file until their parents are there.
    """

    def __init__(self, session: PostgresqlSession) -> None:
        """Work on a session inside a writing transaction."""
        self._session = session
        self._keys: list[str] = []
        self._indexes: list[str] = []
        self._waiting: tuple[str, IO[bytes]] | None = None
        self._direct = False
        self._owns = False
        self._tables: list[str] = []

    def alone(self, table: str) -> None:
        """Take a lock on the table that lets others read, and wait for it as long as an earlier load takes."""
        (name,) = checked_names(table)
        session = self._session
        session.execute("SET LOCAL statement_timeout = 0", ())
        with self._waiting_at_most("0"):
            session.execute(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE", ())

    @contextmanager
    def _waiting_at_most(self, limit: str) -> Generator[None, None, None]:
        """Wait for locks no longer than `limit` inside the block; an error leaves it to the rollback to restore."""
        session = self._session
        row = session.fetch_one("SELECT current_setting('lock_timeout')", ())
        session.fetch_one("SELECT set_config('lock_timeout', $1, true)", (limit,))
        yield
        session.fetch_one("SELECT set_config('lock_timeout', $1, true)", (row[0] if row else "0",))

    def part(self, kinds: Sequence[str], values: Sequence[Any]) -> str:
        """Give the values as COPY reads them, between tabs."""
        return "\t".join([_ENCODERS[kind](value) for kind, value in zip(kinds, values, strict=True)])

    def reserve(self, table: str, key: str, count: int) -> Iterator[int]:
        """Draw from the key's own sequence, where every other session draws too."""
        rows = self._session.fetch_all(
            "SELECT nextval(pg_get_serial_sequence($1::text, $2::text)) FROM generate_series(1, $3::bigint)",
            (table, key, count),
        )
        return iter(sorted(row[0] for row in rows))

    def add(
        self,
        table: str,
        columns: Sequence[tuple[str, str]],
        rows: Iterable[Sequence[Any]],
        *,
        constants: Mapping[str, int | str],
    ) -> int:
        """Send the rows at once."""
        statement = copy_statement(table, [*columns, *((name, "text") for name in constants)])
        encoders = [_ENCODERS[kind] for _, kind in columns]
        end = _end(constants)
        self._tables.append(table)
        written = 0

        def blocks() -> Iterator[bytes]:
            nonlocal written
            lines = ("\t".join([encode(value) for encode, value in zip(encoders, row, strict=True)]) for row in rows)
            while taken := list(islice(lines, _ROWS)):
                written += len(taken)
                yield (end.join(taken) + end).encode()

        self._session.copy_text(statement, blocks())
        return written

    def begin(self, table: str, parent: str) -> None:
        """Take keys and indexes of an empty table away; a load may take longer than a statement of a shop."""
        session = self._session
        session.execute("SET LOCAL statement_timeout = 0", ())
        names = checked_names(table, parent)
        self._owns = all((session.fetch_one(_OWNS, (name,)) or (False,))[0] for name in names)
        self._tables.append(table)
        if not self._owns or not all((session.fetch_one(_MAY_REBUILD, (name,)) or (False,))[0] for name in names):
            return
        if not self._empty(names) or not self._locked(names):
            return
        self._direct = True
        session.execute("SET LOCAL maintenance_work_mem = '128MB'", ())
        indexes = session.fetch_all(_INDEXES, (table,))
        self._drop_keys(session.fetch_all(_KEYS, (table,)))
        self._drop_keys(session.fetch_all(_FOREIGN_KEYS, (parent,)))
        for index, definition in indexes:
            session.execute(f"DROP INDEX {index}", ())
            self._indexes.append(definition)

    def _empty(self, names: Sequence[str]) -> bool:
        session = self._session
        return all(
            session.fetch_one(f"SELECT 1 FROM {name} LIMIT 1", ()) is None  # noqa: S608 - the name is checked
            for name in names
        )

    def _locked(self, names: Sequence[str]) -> bool:
        """Have every lock that the rebuild needs, with the tables still empty; else none of them is held."""
        session = self._session
        tables = {row[0] for name in names for row in session.fetch_all(_RELATED, (name,))}
        session.savepoint(_LOCKS)
        try:
            # Shorter than the server waits before it looks for a deadlock: it is this side that gives way.
            with self._waiting_at_most("300ms"):
                session.execute(f"LOCK TABLE {', '.join(sorted(tables))} IN ACCESS EXCLUSIVE MODE", ())
            if self._empty(names):
                session.release_savepoint(_LOCKS)
                return True
        except Conflict:
            pass
        if not session.rollback_to(_LOCKS):
            raise ConnectionLost(_GONE)
        return False

    def _drop_keys(self, keys: Iterable[Sequence[str]]) -> None:
        for owner, constraint, definition, kind in keys:
            self._session.execute(f"ALTER TABLE {owner} DROP CONSTRAINT {constraint}", ())
            add = f"ALTER TABLE {owner} ADD CONSTRAINT {constraint} {definition}"
            (self._keys if kind == "f" else self._indexes).append(add)

    def fill(
        self,
        table: str,
        columns: Sequence[str],
        batches: Iterable[Sequence[Sequence[Any]]],
        *,
        constants: Mapping[str, int | str],
    ) -> None:
        """Send the rows while more are made, or let them wait in a file."""
        statement = copy_statement(table, [(name, "text") for name in (*columns, *constants)])
        end = _end(constants)
        # The constants stand between the rows, so that they cost nothing: a row's end is a separator.
        blocks = ((end.join(map("\t".join, batch)) + end).encode() for batch in batches if batch)
        if self._direct:
            self._session.copy_text(statement, blocks)
            return
        if self._waiting is None:
            self._waiting = statement, tempfile.TemporaryFile(prefix="lumia-")  # noqa: SIM115 - close() closes it
        self._waiting[1].writelines(blocks)

    def finish(self) -> None:
        """Build unique keys and indexes, then check foreign keys; or send the rows that waited for their parents."""
        if self._waiting is not None:
            statement, file = self._waiting
            file.seek(0)
            self._session.copy_text(statement, iter(lambda: file.read(_BLOCK), b""))
        for definition in self._indexes:
            self._session.execute(definition, ())
        if self._owns:
            # A table that was empty looks tiny to the planner until it is analysed: reports would join it row by row.
            # A fifth of the usual sample tells how large the tables are; autovacuum looks closer within a minute.
            self._session.execute("SET LOCAL default_statistics_target = 20", ())
            self._session.execute(f"ANALYZE {', '.join(dict.fromkeys(self._tables))}", ())
        for definition in self._keys:
            self._session.execute(definition, ())

    def close(self) -> None:
        """Remove the temporary file."""
        if self._waiting is not None:
            self._waiting[1].close()
            self._waiting = None

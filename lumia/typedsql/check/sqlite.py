"""Compiles queries in the very SQLite library that will run them, and reads off their result columns."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, Final

from lumia.typedsql.check.facts_sqlite import check_lists, read_facts
from lumia.typedsql.check.plans import partial_indexes_of, sqlite_scans
from lumia.typedsql.check.shapes import Shape, shape_of
from lumia.typedsql.columns import expected_columns, name_findings
from lumia.typedsql.dialect_sqlite import SQLITE
from lumia.typedsql.findings import Finding
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.statement import SourceQuery
from lumia.typedsql.variants import Variant

__all__ = ["SqliteProver", "returned_names", "samples_of"]

# Values of the right storage class, so that nothing is refused for being NULL; none of them is ever looked at.
_SAMPLES: Final[dict[str, Any]] = {"int": 1, "bool": 1, "money": 1, "rate": 1, "bytes": b""}

_WORD: Final = re.compile(r"'(?:[^']|'')*'|:?\w+|\S")


# What a column of a STRICT table must be declared as, to hold each logical type.
_DECLARED: Final = {"int": "INTEGER", "bool": "INTEGER", "money": "INTEGER", "rate": "INTEGER", "bytes": "BLOB"}
_INTEGERS: Final = frozenset({"INT", "INTEGER", "BIGINT"})


class SqliteProver:
    """Proves statements on one connection; EXPLAIN compiles a statement and runs nothing of it."""

    name = SQLITE.name

    def __init__(self, connection: sqlite3.Connection, small: frozenset[str] = frozenset()) -> None:
        """Keep a connection to a migrated database; the prover closes it."""
        self.connection = connection
        self.facts = read_facts(connection, small)
        self.lists = check_lists(connection)
        self.shapes: dict[str, Shape] = {}
        self._partial = partial_indexes_of(connection)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def prove(self, query: SourceQuery, variant: Variant) -> Iterator[Finding]:
        """Yield what SQLite refuses, and how its columns differ from the DTO."""
        sql = SQLITE.render(variant.pieces, variant.params)
        samples = samples_of(variant)
        try:
            self.connection.execute(f"EXPLAIN {sql}", samples).close()
        except sqlite3.Error as error:
            message = (
                f"SQLite {sqlite3.sqlite_version} refuses the statement: {error}; write what both engines take, or an "
                "override pair"
            )
            yield Finding(query.path, _line_of(variant, str(error)), query.full_name, message, self.name)
            return
        if not expected_columns(query):
            return
        described = self._columns(query, variant, sql, samples)
        if query.full_name not in self.shapes:
            self.shapes[query.full_name] = shape_of(variant, self.facts, described)
        mismatched = list(name_findings(query, [name for name, _ in described]))
        for words in mismatched:
            yield Finding(query.path, query.returns.line, query.full_name, f"on SQLite, {words}", self.name)
        if mismatched:
            return
        for column, (name, declared) in zip(expected_columns(query), described, strict=False):
            if declared and not _holds(declared, column.type):
                message = (
                    f"column {column.name or name} is {column.type} in {query.returns}, but on SQLite it comes from a "
                    f"column declared {declared}: select the column that holds it, or correct the DTO's field"
                )
                yield Finding(query.path, query.returns.line, query.full_name, message, self.name)

    def scans(self, variant: Variant) -> frozenset[str]:
        """Name the tables that the statement reads whole; none if SQLite refuses it."""
        sql = SQLITE.render(variant.pieces, variant.params)
        try:
            return sqlite_scans(self.connection, sql, samples_of(variant), variant.text, self.facts, self._partial)
        except sqlite3.Error:
            return frozenset()

    def _columns(
        self, query: SourceQuery, variant: Variant, sql: str, samples: tuple[Any, ...]
    ) -> list[tuple[str, str]]:
        if "RETURNING" in query.words:
            return [(name, "") for name in returned_names(variant.text)]
        # A view tells which declaration each column comes from, through common table expressions and subqueries; it
        # takes no parameters, and it is gone with its transaction.
        text = "".join("NULL" if index % 2 else piece for index, piece in enumerate(variant.pieces))
        try:
            with self._undone():
                self.connection.execute(f"CREATE TEMP VIEW lumia_shape AS {text}")
                rows = self.connection.execute("SELECT name, type FROM pragma_table_info('lumia_shape')").fetchall()
                return [(_plain(name), declared) for name, declared in rows]
        except sqlite3.Error:
            # A limit of zero ends the program before it reads its first row.
            cursor = self.connection.execute(f"SELECT * FROM ({sql}\n) LIMIT 0", samples)  # noqa: S608 - checked text
            names = [(column[0], "") for column in cursor.description]
            cursor.close()
            return names

    @contextmanager
    def _undone(self) -> Generator[None]:
        self.connection.execute("SAVEPOINT lumia_check")
        try:
            yield
        finally:
            self.connection.execute("ROLLBACK TO lumia_check")
            self.connection.execute("RELEASE lumia_check")


def samples_of(variant: Variant) -> tuple[Any, ...]:
    """One value for each parameter, of the right storage class."""
    return tuple(_sample(param.type) for param in variant.params)


def _holds(declared: str, logical: LogicalType) -> bool:
    if logical.array:
        return declared == "TEXT"
    wanted = _DECLARED.get(logical.kind, "TEXT")
    return declared in _INTEGERS if wanted == "INTEGER" else declared == wanted


def _plain(name: str) -> str:
    # A view's second column of one name is called `name:1`.
    return name.partition(":")[0]


def _sample(logical: LogicalType) -> Any:
    return "[]" if logical.array else _SAMPLES.get(logical.kind, "")


def _line_of(variant: Variant, error: str) -> int:
    """Find the line of the word that SQLite names; it tells no position, so a word on several lines tells nothing."""
    match = re.search(r'near "(.+?)"|no such \w+: (\S+)', error)
    wanted = (match[1] or match[2]) if match else ""
    pattern = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    texts = variant.text.split("\n")
    found = [number for number, text in zip(variant.lines, texts, strict=True) if wanted and pattern.search(text)]
    return found[0] if len(found) == 1 else variant.lines[0]


def returned_names(sql: str) -> list[str]:
    """Tell the column names of the statement's last RETURNING from its text, which SQLite tells only by running it."""
    words = _WORD.findall(sql)
    start = max(index for index, word in enumerate(words) if word.upper() == "RETURNING") + 1
    names = [""]
    depth = 0
    for word in words[start:]:
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth < 0:
            break
        if word == "," and depth == 0:
            names.append("")
        else:
            names[-1] = word
    return names

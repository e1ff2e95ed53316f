"""Compiles queries in the very SQLite library that will run them, and reads off their result columns."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Any, Final

from lumia.typedsql.check_columns import expected_columns, name_findings
from lumia.typedsql.dialect_sqlite import SQLITE
from lumia.typedsql.findings import Finding
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.statement import SourceQuery

__all__ = ["SqliteProver"]

# Values of the right storage class, so that nothing is refused for being NULL; none of them is ever looked at.
_SAMPLES: Final[dict[str, Any]] = {"int": 1, "bool": 1, "money": 1, "rate": 1, "bytes": b""}

_WORD: Final = re.compile(r"'(?:[^']|'')*'|:?\w+|\S")


class SqliteProver:
    """Proves queries on one connection; EXPLAIN compiles a statement and runs nothing of it."""

    name = SQLITE.name

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Keep a connection to a migrated database; the prover closes it."""
        self._connection = connection

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def prove(self, query: SourceQuery) -> Iterator[Finding]:
        """Yield what SQLite refuses, and how its columns differ from the DTO."""
        sql = SQLITE.render(query.pieces, query.params)
        samples = tuple(_sample(param.type) for param in query.params)
        try:
            self._connection.execute(f"EXPLAIN {sql}", samples).close()
        except sqlite3.Error as error:
            message = f"SQLite {sqlite3.sqlite_version} refuses the statement: {error}"
            yield Finding(query.path, _line_of(query, str(error)), query.full_name, message, self.name)
            return
        if expected_columns(query):
            for words in name_findings(query, self._columns(query, sql, samples)):
                yield Finding(query.path, query.returns.line, query.full_name, f"on SQLite, {words}", self.name)

    def _columns(self, query: SourceQuery, sql: str, samples: tuple[Any, ...]) -> list[str]:
        if "RETURNING" in query.words:
            return returned_names(query.text)
        # A limit of zero ends the program before it reads its first row.
        cursor = self._connection.execute(f"SELECT * FROM ({sql}\n) LIMIT 0", samples)  # noqa: S608 - checked text
        names = [column[0] for column in cursor.description]
        cursor.close()
        return names


def _sample(logical: LogicalType) -> Any:
    return "[]" if logical.array else _SAMPLES.get(logical.kind, "")


def _line_of(query: SourceQuery, error: str) -> int:
    """Find the line of the word that SQLite names; it tells no position, so a word on several lines tells nothing."""
    match = re.search(r'near "(.+?)"|no such \w+: (\S+)', error)
    wanted = (match[1] or match[2]) if match else ""
    pattern = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    texts = query.text.split("\n")
    found = [number for number, text in zip(query.lines, texts, strict=True) if wanted and pattern.search(text)]
    return found[0] if len(found) == 1 else query.lines[0]


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

"""Prepares queries on a live PostgreSQL server and compares what it describes with annotations and DTO."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

import psycopg
from psycopg import pq

from lumia.typedsql.annotations import Param
from lumia.typedsql.check_catalog import Catalog, ServerType
from lumia.typedsql.check_columns import expected_columns, name_findings
from lumia.typedsql.dialect_postgresql import POSTGRESQL, enum_type_name
from lumia.typedsql.findings import Finding
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.statement import SourceQuery

__all__ = ["PostgresqlProver"]

_RESULTS: Final[dict[str, frozenset[str]]] = {
    "int": frozenset({"int2", "int4", "int8"}),
    "text": frozenset({"text", "varchar", "bpchar", "name"}),
    "bool": frozenset({"bool"}),
    "money": frozenset({"numeric"}),
    "rate": frozenset({"numeric"}),
    "timestamp": frozenset({"timestamptz"}),
    "date": frozenset({"date"}),
    "uuid": frozenset({"uuid"}),
    "bytes": frozenset({"bytea"}),
    "json": frozenset({"text", "varchar"}),
}
_PARAMS: Final = {**_RESULTS, "json": frozenset({"text", "varchar", "json", "jsonb"})}
_HINTS: Final = {
    ("int", "numeric"): "; a sum of bigint is numeric: CAST it AS bigint",
    ("timestamp", "timestamp"): "; a timestamp without zone shifts by the session's zone: use timestamptz",
    ("json", "jsonb"): "; jsonb loses the digits of numbers: CAST it AS text",
}

# Domains that carry a logical type in their name: a rate and an amount are both numeric to the server, and SQLite
# keeps them at different scales.
_DOMAINS: Final = {"money_amount": "money", "rate_fraction": "rate", "utc_timestamp": "timestamp"}


@dataclass(frozen=True, slots=True)
class Described:
    """What the server tells of a prepared statement."""

    params: tuple[ServerType, ...]
    columns: tuple[tuple[str, ServerType], ...]


class Refused(Exception):
    """The server refuses a statement; `position` is the character that it points at, from 1 on."""

    def __init__(self, message: str, position: int | None) -> None:
        """Keep the server's words."""
        super().__init__(message)
        self.position = position


class PostgresqlProver:
    """Proves queries on one connection: `prepare` parses and types a statement, nothing is executed."""

    name = POSTGRESQL.name

    def __init__(self, dsn: str) -> None:
        """Connect to a migrated database; raises psycopg.Error."""
        self._connection = psycopg.connect(dsn, autocommit=True)
        self._catalog = Catalog(self._connection)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def prove(self, query: SourceQuery) -> Iterator[Finding]:
        """Yield what the server refuses, and how its types and columns differ from annotations and DTO."""
        sql = POSTGRESQL.render(query.pieces, query.params)
        try:
            described = self._describe(sql)
        except Refused as refusal:
            line = query.lines[sql.count("\n", 0, (refusal.position or 1) - 1)]
            yield self._finding(query, line, f"PostgreSQL refuses the statement: {refusal}")
            return
        for param, found in zip(query.params, self._inferred(query), strict=True):
            if found is not None and not _fits(param.type, found, _PARAMS):
                message = f"parameter {param.name} is annotated {param.type}, but PostgreSQL takes {found} there"
                yield self._finding(query, param.line, f"{message}: correct the annotation")
        yield from self._prove_columns(query, described)
        yield from self._prove_enums(query)

    def _prove_columns(self, query: SourceQuery, described: Described) -> Iterator[Finding]:
        line = query.returns.line
        mismatched = list(name_findings(query, [name for name, _ in described.columns]))
        for words in mismatched:
            yield self._finding(query, line, f"on PostgreSQL, {words}")
        if mismatched:
            return
        for column, (name, found) in zip(expected_columns(query), described.columns, strict=False):
            if _fits(column.type, found, _RESULTS):
                continue
            hint = _HINTS.get((column.type.kind, found.name), "")
            if column.type.array and found.array and found.domain is not None:
                hint = f"; no driver reads arrays of a domain: CAST the element AS {found.name}"
            message = f"column {column.name or name} is {column.type} in {query.returns}, but {found} in the statement"
            yield self._finding(query, line, f"{message}{hint}")

    def _prove_enums(self, query: SourceQuery) -> Iterator[Finding]:
        used = [(param.type, param.line) for param in query.params]
        used += [(column.type, query.returns.line) for column in expected_columns(query)]
        for logical, line in used:
            if logical.kind != "enum":
                continue
            name = enum_type_name(logical.python_class)
            server = self._catalog.labels_of(name)
            python = frozenset(label.value for label in cast("type[StrEnum]", logical.python_class))
            if server is not None and server != python:
                differing = ", ".join(sorted(server ^ python))
                message = f"{logical.python_class.__name__} and the enum {name} differ in {differing}: make them equal"
                yield self._finding(query, line, message)

    def _finding(self, query: SourceQuery, line: int, message: str) -> Finding:
        return Finding(query.path, line, query.full_name, message, self.name)

    def _inferred(self, query: SourceQuery) -> list[ServerType | None]:
        """Tell the type that the server itself takes each parameter for, None where it cannot say.

        Without casts the server infers types from where a parameter stands. Where nothing tells, it either fails or
        says text, and the statement with its cast decides: `SELECT $1` is text to the server and an int after a cast.
        """
        try:
            together = self._describe(_render(query, query.params)).params
        except Refused:
            return [self._inferred_alone(query, index) for index in range(len(query.params))]
        return [_told(param, found) for param, found in zip(query.params, together, strict=True)]

    def _inferred_alone(self, query: SourceQuery, index: int) -> ServerType | None:
        param = query.params[index]
        try:
            return _told(param, self._describe(_render(query, [param])).params[index])
        except Refused:
            return None

    def _describe(self, sql: str) -> Described:
        pgconn = self._connection.pgconn
        _raise_for(pgconn.prepare(b"", sql.encode(), None))
        result = pgconn.describe_prepared(b"")
        _raise_for(result)
        params = tuple(self._catalog.type_of(result.param_type(index)) for index in range(result.nparams))
        columns = tuple(
            ((result.fname(index) or b"").decode(), self._column_type(result, index)) for index in range(result.nfields)
        )
        return Described(params, columns)

    def _column_type(self, result: pq.abc.PGresult, index: int) -> ServerType:
        found = self._catalog.type_of(result.ftype(index))
        domain = self._catalog.domain_of(result.ftable(index), result.ftablecol(index))
        return ServerType(found.name, found.array, found.domain or domain)


def _render(query: SourceQuery, bare: Sequence[Param]) -> str:
    names = {param.name for param in bare}
    spelt = {
        param.name: POSTGRESQL.bare(number) if param.name in names else POSTGRESQL.placeholder(number, param.type)
        for number, param in enumerate(query.params, 1)
    }
    return "".join(spelt[piece] if index % 2 else piece for index, piece in enumerate(query.pieces))


def _told(param: Param, found: ServerType) -> ServerType | None:
    return None if found == ServerType("text") and param.type.kind != "text" else found


def _fits(logical: LogicalType, found: ServerType, table: dict[str, frozenset[str]]) -> bool:
    if logical.array != found.array:
        return False
    if found.array and found.domain is not None and table is _RESULTS:
        return False
    if found.domain is not None and _DOMAINS.get(found.domain, logical.kind) != logical.kind:
        return False
    if logical.kind == "enum":
        return found.name == enum_type_name(logical.python_class)
    return found.name in table[logical.kind]


def _raise_for(result: pq.abc.PGresult) -> None:
    if result.status == pq.ExecStatus.COMMAND_OK:
        return
    primary = result.error_field(pq.DiagnosticField.MESSAGE_PRIMARY) or result.error_message
    hint = result.error_field(pq.DiagnosticField.MESSAGE_HINT)
    position = result.error_field(pq.DiagnosticField.STATEMENT_POSITION)
    message = primary.decode(errors="replace").strip() + (f" ({hint.decode(errors='replace')})" if hint else "")
    raise Refused(message, int(position) if position else None)

"""Prepares queries on a live PostgreSQL server and compares what it describes with annotations and DTO."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import pq

from lumia.typedsql.annotations import Param
from lumia.typedsql.check.catalog import Catalog, ServerType
from lumia.typedsql.check.facts_postgresql import read_facts
from lumia.typedsql.check.plans import partial_indexes, postgresql_scans
from lumia.typedsql.check.shapes import Shape, shape_of
from lumia.typedsql.columns import expected_columns, name_findings
from lumia.typedsql.dialect_postgresql import POSTGRESQL, enum_type_name
from lumia.typedsql.findings import Finding
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.statement import SourceQuery
from lumia.typedsql.variants import Variant

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
    ("int", "numeric"): ": a sum of bigint is numeric; CAST it AS bigint",
    ("timestamp", "timestamp"): ": a timestamp without zone shifts by the session's zone; use timestamptz",
    ("json", "jsonb"): ": jsonb loses the digits of numbers; keep it as text",
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
    """Proves statements on one connection: `prepare` parses and types them, nothing is executed."""

    name = POSTGRESQL.name

    def __init__(self, dsn: str, small: frozenset[str] = frozenset()) -> None:
        """Connect to a migrated database; raises psycopg.Error."""
        self.connection: psycopg.Connection[Any] = psycopg.connect(dsn, autocommit=True)
        self._catalog = Catalog(self.connection)
        self._partial = partial_indexes(self.connection)
        self.facts = read_facts(self.connection, small)
        self._keys = frozenset(
            (table.name, column)
            for table in self.facts.tables.values()
            for key in table.keys
            if len(key) == 1
            for column in key
        )
        self.shapes: dict[str, Shape] = {}

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def prove(self, query: SourceQuery, variant: Variant) -> Iterator[Finding]:
        """Yield what the server refuses, and how its types and columns differ from annotations and DTO."""
        sql = POSTGRESQL.render(variant.pieces, variant.params)
        try:
            described = self._describe(sql)
        except Refused as refusal:
            line = variant.lines[sql.count("\n", 0, (refusal.position or 1) - 1)]
            message = f"PostgreSQL refuses the statement: {refusal}; write what both engines take, or an override pair"
            yield self._finding(query, line, message)
            return
        if query.full_name not in self.shapes:
            columns = [(name, str(kind)) for name, kind in described.columns]
            self.shapes[query.full_name] = shape_of(variant, self.facts, columns, described.params)
        yield from self._prove_params(query, variant)
        yield from self._prove_columns(query, described)

    def scans(self, variant: Variant) -> frozenset[str]:
        """Name the tables that the statement reads whole; none if the server refuses it."""
        types = [POSTGRESQL.placeholder(0, param.type).partition("::")[2] for param in variant.params]
        try:
            return postgresql_scans(
                self.connection, POSTGRESQL.render(variant.pieces, variant.params), types, self._partial, self._keys
            )
        except psycopg.Error:
            return frozenset()

    def _prove_params(self, query: SourceQuery, variant: Variant) -> Iterator[Finding]:
        places = self._inferred(variant)
        for param in variant.params:
            told = [(line, found) for line, found in places.get(param.name, ()) if found is not None]
            kinds = {_kin(found): (line, found) for line, found in told}
            if len(kinds) > 1:
                words = " and ".join(f"{found} in line {line}" for line, found in sorted(kinds.values(), key=str))
                message = f"parameter {param.name} is used with two types, {words}: make it two parameters, or CAST one"
                yield self._finding(query, param.line, message)
                continue
            wrong = next((found for _, found in told if not _fits(param.type, found, _PARAMS)), None)
            if wrong is not None:
                message = f"parameter {param.name} is annotated {param.type}, but PostgreSQL takes {wrong} there"
                yield self._finding(query, param.line, f"{message}: correct the annotation")

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
            hint = _HINTS.get((column.type.kind, found.name), ": select another column, or correct the DTO's field")
            if column.type.array and found.array and found.domain is not None:
                hint = f": no driver reads arrays of a domain; CAST the element AS {found.name}"
            message = f"column {column.name or name} is {column.type} in {query.returns}, but {found} in the statement"
            yield self._finding(query, line, f"{message}{hint}")

    def _finding(self, query: SourceQuery, line: int, message: str) -> Finding:
        return Finding(query.path, line, query.full_name, message, self.name)

    def _inferred(self, variant: Variant) -> dict[str, list[tuple[int, ServerType | None]]]:
        """Tell, for each parameter, the lines where it stands and the type that the server itself takes it for there.

        Without casts, and with a placeholder for each place, the server infers types from where a parameter stands.
        Where nothing tells, it either fails or says text, and the statement with its cast decides: `SELECT $1` is text
        to the server and an int after a cast.
        """
        places = list(_places(variant))
        try:
            together = self._describe(_render(variant, {name for _, name, _ in places})).params
        except Refused:
            together = None
        result: dict[str, list[tuple[int, ServerType | None]]] = {}
        for number, name, line in places:
            param = next(param for param in variant.params if param.name == name)
            found = self._alone(variant, number, name) if together is None else together[number - 1]
            result.setdefault(name, []).append((line, None if found is None else _told(param, found)))
        return result

    def _alone(self, variant: Variant, number: int, name: str) -> ServerType | None:
        try:
            return self._describe(_render(variant, {name})).params[number - 1]
        except Refused:
            return None

    def _describe(self, sql: str) -> Described:
        pgconn = self.connection.pgconn
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


def _places(variant: Variant) -> Iterator[tuple[int, str, int]]:
    """Each place of a parameter in the text: its number from 1 on, the parameter's name, the line of the file."""
    row = 0
    for index, piece in enumerate(variant.pieces):
        if index % 2:
            yield index // 2 + 1, piece, variant.lines[row]
        else:
            row += piece.count("\n")


def _render(variant: Variant, bare: AbstractSet[str]) -> str:
    """Write the statement with a placeholder of its own at each place, without a cast where the name is in `bare`."""
    types = {param.name: param.type for param in variant.params}
    parts = list(variant.pieces)
    for number, name, _ in _places(variant):
        cast = POSTGRESQL.bare(number) if name in bare else POSTGRESQL.placeholder(number, types[name])
        parts[2 * number - 1] = cast
    return "".join(parts)


def _told(param: Param, found: ServerType) -> ServerType | None:
    return None if found == ServerType("text") and param.type.kind != "text" else found


def _kin(found: ServerType) -> tuple[str, bool]:
    """The family of a type: widths of whole numbers and kinds of text mix freely."""
    families = {"int2": "int8", "int4": "int8", "varchar": "text", "bpchar": "text", "name": "text"}
    return families.get(found.name, found.name), found.array


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

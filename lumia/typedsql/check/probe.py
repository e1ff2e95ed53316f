"""The probe: runs each query on awkward rows and on empty tables, takes everything back, and refutes wrong claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lumia.errors import TypedSqlError
from lumia.typedsql.check.arguments import arguments_for
from lumia.typedsql.check.making import RowsMaker, row_maker
from lumia.typedsql.check.probes import Fixture, Probe
from lumia.typedsql.check.values import value_words
from lumia.typedsql.columns import expected_columns
from lumia.typedsql.findings import Finding
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.statement import SourceQuery
from lumia.typedsql.variants import Variant

__all__ = ["Probed", "probe_queries"]

_TRIES: Final = 10
_TRIES_WHEN_EMPTY: Final = 2
_VALIDATED: Final = 50


@dataclass(slots=True)
class Probed:
    """What running the queries showed: findings by query and column, claims refuted, queries that gave any row."""

    findings: dict[tuple[str, str], Finding] = field(default_factory=dict[tuple[str, str], Finding])
    refuted: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    seen: set[str] = field(default_factory=set[str])

    _makers: dict[str, RowsMaker] = field(default_factory=dict[str, RowsMaker])
    _made: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def look(
        self, query: SourceQuery, variant: Variant, rows: Sequence[tuple[Any, ...]], engine: str, where: str
    ) -> None:
        """Take one statement's rows in."""
        if rows:
            self.seen.add(query.full_name)
        asserted = {entry.name: entry.line for entry in query.header.asserted}
        shown = f"variant {variant.label}: " if variant.label else ""
        fits = True
        for index, column in enumerate(expected_columns(query)):
            key = (query.full_name, column.name)
            values = [row[index] for row in rows if index < len(row)]
            if not column.type.optional and None in values:
                self.refuted.add(key)
                words = _refuted(query, column.name, where, asserted=column.name in asserted)
            elif engine == "sqlite" and (wrong := _wrong(column.type, values)) is not None:
                words = f"{column.name or 'the value'} is {column.type}, but SQLite gave {wrong}"
            elif (
                engine == "postgresql"
                and column.type.array
                and any(type(value) is list and None in value for value in values)
            ):
                if column.type.null_elements:
                    continue
                words = (
                    f"{column.name or 'the value'} is {column.type}, but PostgreSQL gave an array with NULL in it: "
                    "leave NULL out with FILTER, or say so in the field's type"
                )
            else:
                continue
            fits = False
            line = asserted.get(column.name, query.returns.line)
            self.findings.setdefault(key, Finding(query.path, line, query.full_name, f"{shown}{words}", engine))
        if fits and rows:
            self._make(query, rows, engine, shown)

    def _is_new(self, query: str, row: tuple[Any, ...]) -> bool:
        key = (query, repr(row))
        known = key in self._made
        self._made.add(key)
        return not known

    def _make(self, query: SourceQuery, rows: Sequence[tuple[Any, ...]], engine: str, shown: str) -> None:
        """Make the rows as LUMIA_VALIDATE_ROWS=1 does."""
        maker = self._makers.get(query.full_name)
        if maker is None:
            maker = self._makers[query.full_name] = row_maker(query, engine)
        # Validation takes long, and most arguments give rows that others gave.
        fresh = [row for row in rows[:_VALIDATED] if self._is_new(query.full_name, row)]
        try:
            maker(fresh)
        except TypedSqlError as error:
            words = str(error).removeprefix(f"{query.full_name}: ")
            message = f"{shown}over the fixture, {words}: correct the model's field, or what the statement gives there"
            key = (query.full_name, message)
            self.findings.setdefault(key, Finding(query.path, query.returns.line, query.full_name, message, engine))


def probe_queries(
    work: Sequence[tuple[SourceQuery, Sequence[Variant]]], probe: Probe, fixture: Fixture | None
) -> Probed:
    """Run every statement that gives rows, over empty tables and over the fixture, and take everything back."""
    result = Probed()
    rowful = [(query, variants) for query, variants in work if expected_columns(query)]

    def run_all(tries: int, where: str) -> None:
        sample = probe.sample()
        for query, variants in rowful:
            # A query of many variants tries each a few times: most of what one shows, the others show too.
            most = max(_TRIES_WHEN_EMPTY, 2 * _TRIES // len(variants))
            for variant in variants:
                for arguments in arguments_for(query, variant, probe.facts, sample, min(tries, most)):
                    result.look(query, variant, probe.run(variant, arguments).rows, probe.facts.engine, where)

    with probe.empty():
        run_all(_TRIES_WHEN_EMPTY, "over empty tables")
    if fixture is not None:
        with probe.filled(fixture):
            run_all(_TRIES, "over the fixture's rows")
    return result


def _refuted(query: SourceQuery, column: str, where: str, *, asserted: bool) -> str:
    if not column:
        return f"the value was NULL {where}, but @returns says {query.returns}: write {query.returns}?, or coalesce it"
    claim = f"@column {column}! says that it never is" if asserted else f"{query.returns}.{column} cannot be None"
    return f"{column} was NULL {where}, but {claim}: let the field be None, coalesce it, or join so that a row is there"


def _wrong(logical: LogicalType, values: Sequence[Any]) -> str | None:
    return next((words for value in values if (words := value_words(logical, value)) is not None), None)

"""Runs each query on both engines over the very same rows with the same arguments, and compares what they answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from lumia.errors import TypedSqlError
from lumia.typedsql.check.arguments import Sample, arguments_for
from lumia.typedsql.check.making import RowsMaker, encoded, row_maker, to_python
from lumia.typedsql.check.probes import ROWS, Answer, Fixture, PostgresqlProbe, SqliteProbe
from lumia.typedsql.columns import expected_columns
from lumia.typedsql.findings import Finding
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.prove.facts import TableFact
from lumia.typedsql.statement import SourceQuery
from lumia.typedsql.variants import Variant

__all__ = ["answer_findings"]

_TRIES: Final = 6
_TRIES_OF_A_VARIANT: Final = 2
_SHOWN: Final = 60
_SCALED: Final = frozenset({"money", "rate"})
_HALF: Final = Decimal("0.5")
# What no two runs give alike, and so no two engines.
_DRAWN: Final = frozenset({"RANDOM", "RANDOMBLOB", "GEN_RANDOM_UUID", "UUIDV7", "NEXTVAL", "TXID_CURRENT", "CHANGES"})
_SCALES: Final = {"money_amount": 4, "rate_fraction": 6}
_REMEDIES: Final = {
    "money": "pass amounts as parameters and CAST none, for SQLite counts whole ten-thousandths",
    "rate": "pass rates as parameters and CAST none, for SQLite counts whole millionths",
}
_REMEDY: Final = (
    "pass amounts, instants and labels as parameters instead of bare literals and casts, give windows, aggregates and "
    "inner LIMITs a total order, or write an override pair"
)
_ORDER: Final = 'order by what both sort alike: no label of an enum, no text without COLLATE "C", NULLS LAST said'

Work = Sequence[tuple[SourceQuery, Sequence[Variant]]]


def answer_findings(
    work: Work, sqlite: SqliteProbe, postgresql: PostgresqlProbe, fixture: Fixture
) -> Iterator[Finding]:
    """Yield the queries that the engines answer differently.

    SQLite's rows of the fixture are copied into temporary tables on PostgreSQL, so that keys and instants are the same
    there. Left out is what changes data or draws values, and what reads a table that one engine alone has or that
    holds what cannot be copied: there is nothing to compare with.
    """
    shared = [
        fact
        for fact in sqlite.facts.tables.values()
        if fact.view is None and (other := postgresql.facts.tables.get(fact.name)) is not None and other.view is None
    ]
    with sqlite.filled(fixture):
        rows = {
            fact.name: [_as_json(postgresql.facts.tables[fact.name], row) for row in sqlite.rows(fact.name)]
            for fact in shared
        }
        sample = sqlite.sample()
        with postgresql.holding(rows) as held:
            tables = {**sqlite.facts.tables, **postgresql.facts.tables}
            apart = {name.upper() for name, fact in tables.items() if fact.view is None and name not in held}
            for pair in _pairs(work):
                if all(_comparable(query, apart) for query, _ in pair):
                    yield from _compared(pair[0], pair[1], sample, sqlite, postgresql)


def _pairs(work: Work) -> Iterator[Sequence[tuple[SourceQuery, Sequence[Variant]]]]:
    """Each query as PostgreSQL and as SQLite run it."""
    other = {query.full_name: (query, variants) for query, variants in work if query.engine == "sqlite"}
    for query, variants in work:
        if query.engine is None:
            yield (query, variants), (query, variants)
        elif query.engine == "postgresql" and query.full_name in other:
            yield (query, variants), other[query.full_name]


def _comparable(query: SourceQuery, apart: set[str]) -> bool:
    return bool(expected_columns(query)) and not query.writes and query.words.isdisjoint(_DRAWN | apart)


def _compared(
    own: tuple[SourceQuery, Sequence[Variant]],
    other: tuple[SourceQuery, Sequence[Variant]],
    sample: Sample,
    sqlite: SqliteProbe,
    postgresql: PostgresqlProbe,
) -> Iterator[Finding]:
    query, variants = own
    twins = {variant.label: variant for variant in other[1]}
    makers = row_maker(query, "postgresql"), row_maker(other[0], "sqlite")
    tries = max(_TRIES_OF_A_VARIANT, min(_TRIES, 2 * _TRIES // len(variants)))
    for variant in variants:
        twin = twins.get(variant.label)
        if twin is None:
            continue
        for values in _arguments(other[0], twin, sqlite, sample, tries):
            theirs = postgresql.run(variant, encoded(variant.params, values, "postgresql"))
            ours = sqlite.run(twin, encoded(twin.params, values, "sqlite"))
            words = _difference(query, makers, theirs, ours)
            if words:
                shown = f"variant {variant.label}: " if variant.label else ""
                yield Finding(query.path, query.returns.line, query.full_name, f"{shown}{words}")
                return


def _arguments(
    query: SourceQuery, variant: Variant, sqlite: SqliteProbe, sample: Sample, tries: int
) -> Iterator[tuple[Any, ...]]:
    """Python values to try, drawn once for both engines."""
    last: tuple[Any, ...] | None = None
    for arguments in arguments_for(query, variant, sqlite.facts, sample, tries):
        values = to_python(variant.params, arguments)
        if values is not None:
            yield values
            last = values
    # What is compared with the wrong one of amounts and rates passes for right at the ends of their ranges.
    kinds = [param.type for param in variant.params]
    if last is not None and any(kind.kind in _SCALED and not kind.array for kind in kinds):
        yield tuple(
            _HALF if kind.kind in _SCALED and not kind.array else value for kind, value in zip(kinds, last, strict=True)
        )


def _difference(query: SourceQuery, makers: tuple[RowsMaker, RowsMaker], theirs: Answer, ours: Answer) -> str:
    """In words how PostgreSQL's answer is another than SQLite's; an empty text if it is not, or cannot be told."""
    if not (theirs.told and ours.told) or (theirs.failure and ours.failure):
        return ""
    if theirs.failure or ours.failure:
        engine, words = ("PostgreSQL", theirs.failure) if theirs.failure else ("SQLite", ours.failure)
        return f"{engine} fails on data that the other engine answers for, {words}: {_REMEDY}"
    try:
        left, right = makers[0](theirs.rows), makers[1](ours.rows)
    except TypedSqlError:
        return ""  # told by the probe
    if left == right:
        return ""
    told, seen = (sorted(map(repr, side)) for side in (left, right))
    if told == seen:
        return f"the engines give the same rows in another order: {_ORDER}" if "ORDER" in query.words else ""
    if len(left) != len(right) and max(len(left), len(right)) < ROWS:
        return f"the engines answer differently: PostgreSQL gives {len(left)} rows, SQLite {len(right)}: {_REMEDY}"
    return _column(query, left, right)


def _column(query: SourceQuery, left: Sequence[Any], right: Sequence[Any]) -> str:
    one, two = next((pair for pair in zip(left, right, strict=False) if pair[0] != pair[1]), (None, None))
    for column in expected_columns(query):
        mine, yours = (getattr(row, column.name) if column.name else row for row in (one, two))
        if mine != yours:
            place = f" for column {column.name}" if column.name else ""
            return (
                f"the engines answer differently{place}: PostgreSQL {_show(column.type, mine)}, "
                f"SQLite {_show(column.type, yours)}: {_REMEDIES.get(column.type.kind, _REMEDY)}"
            )
    return ""


def _show(logical: LogicalType, value: Any) -> str:
    text = str(value) if value is not None and logical.kind in {"money", "rate", "enum"} else repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _as_json(table: TableFact, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of SQLite's in the form that PostgreSQL reads into a row of its table."""
    return {
        name: _value(column.type, row[name])
        for name, column in table.columns.items()
        if name in row and row[name] is not None
    }


def _value(kind: str, value: Any) -> Any:
    if kind in _SCALES:
        return str(Decimal(value).scaleb(-_SCALES[kind]))
    if kind == "boolean":
        return bool(value)
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return json.loads(value) if kind.endswith("[]") or kind in {"json", "jsonb"} else value

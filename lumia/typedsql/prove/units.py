"""Finds values of two kinds in one place of a portable text: SQLite keeps money, rates and moments as other things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from sqlglot import exp

from lumia.typedsql.prove.inside import plain_scope, queries_inside
from lumia.typedsql.prove.kinds import SCALED, collation_of, kind_of, kind_of_type, mixed, type_name
from lumia.typedsql.prove.model import Context, Rows, Scope
from lumia.typedsql.prove.order import Problem
from lumia.typedsql.prove.relations import with_scope

__all__ = ["sort_problems", "unit_problems"]

_RANGES: Final = (exp.GT, exp.GTE, exp.LT, exp.LTE)
_COMPARES: Final = (exp.EQ, exp.NEQ, *_RANGES, exp.NullSafeEQ, exp.NullSafeNEQ)
_SPELT: Final = {
    "timestamp": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}
_TEXTUAL: Final = frozenset({"timestamp", "date", "uuid"})
_BY_CODE: Final = {"C", "POSIX", "ucs_basic", "C.utf8", "C.UTF-8", "pg_c_utf8"}
_TWO: Final = 2
_WORDS: Final = {"int": "a plain number"}
_REMEDY: Final = {
    "money": "SQLite keeps money in ten-thousandths: pass the value as a parameter of type money, or compute in Python",
    "rate": "SQLite keeps rates in millionths: pass the value as a parameter of type rate, or compute in Python",
}


def unit_problems(statement: exp.Expr, context: Context) -> Iterator[Problem]:
    """Yield where a portable text mixes kinds of values that only one engine takes for the same.

    The facts must be PostgreSQL's, whose types tell money and rates from plain numbers.
    """
    top = with_scope(statement, Scope(context, Rows()))
    list(queries_inside(statement, context))
    for node in statement.walk():
        scope = plain_scope(node, statement, top) or top
        yield from _node_problems(node, scope)
        if isinstance(node, exp.Insert):
            yield from _insert_problems(node, context)


def _node_problems(node: exp.Expr, scope: Scope) -> Iterator[Problem]:
    parts: list[Any] = []
    if isinstance(node, _COMPARES):
        parts = [node.this, node.expression]
    elif isinstance(node, exp.Between):
        parts = [node.this, node.args["low"], node.args["high"]]
    elif isinstance(node, exp.In):
        parts = [node.this, *node.expressions]
    elif not (isinstance(node, exp.Nullif) and isinstance(node.expression, exp.Literal)):
        parts = mixed(node)
    yield from _mixed_problems(node, parts, scope)
    if isinstance(node, (exp.Cast, exp.TryCast)):
        yield from _cast_problems(node, scope)
    elif isinstance(node, (exp.Round, exp.Floor, exp.Ceil)) and kind_of(node.this, scope) in SCALED:
        yield Problem(node, f"{node.key} of small units is not that of whole ones on SQLite: round in Python")
    elif isinstance(node, (exp.Mul, exp.Div)):
        kinds = [kind_of(side, scope) for side in (node.this, node.expression)]
        direct = any(isinstance(side, exp.Placeholder) for side in (node.this, node.expression))
        wrong = any(kind in SCALED for kind in kinds) if isinstance(node, exp.Div) else all(k in SCALED for k in kinds)
        if wrong and not direct:
            yield Problem(
                node,
                "money and rates are whole numbers of small units on SQLite, so a product or quotient differs by "
                "engine: compute it in Python",
            )


def _mixed_problems(node: exp.Expr, parts: list[Any], scope: Scope) -> Iterator[Problem]:
    kinds = {kind_of(part, scope) for part in parts}
    # That an argument is no money where money stands is found where PostgreSQL describes it; not so of a rate.
    direct = {kind_of(part, scope) for part in parts if not isinstance(part, exp.Placeholder)}
    units = kinds & SCALED
    if len(units) < _TWO:
        units = direct & (SCALED | {"int"})
    if len(units) >= _TWO:
        yield Problem(node, _mix_words(units))
    if {"date", "timestamp"} <= kinds:
        yield Problem(node, "a date and a moment are texts of other lengths on SQLite: compare moments with moments")
    for kind in kinds & _TEXTUAL:
        for part in parts:
            if isinstance(part, exp.Literal) and part.is_string and not _SPELT[kind].fullmatch(part.name):
                yield Problem(
                    node,
                    f"SQLite compares this text with the letters of a {kind}, PostgreSQL its value: pass it as a "
                    f"parameter of type {kind}",
                )


def _mix_words(units: set[str]) -> str:
    unit = next(kind for kind in ("money", "rate") if kind in units)
    names = " and ".join(_WORDS.get(kind, kind) for kind in sorted(units, key=lambda kind: (kind == "int", kind)))
    return f"{names} stand in one place, but {_REMEDY[unit]}"


def _cast_problems(node: exp.Expr, scope: Scope) -> Iterator[Problem]:
    name = type_name(node.args["to"])
    target = kind_of_type(name, scope.context.facts)
    given = kind_of(node.this, scope)
    if given in SCALED and target == "int":
        yield Problem(node, f"{given} is a number of small units on SQLite: convert it in Python, or write overrides")
    elif target in SCALED and given == "int":
        yield Problem(node, _mix_words({target, "int"}))
    elif target in SCALED and given in SCALED - {target}:
        yield Problem(node, _mix_words({target, given}))
    elif target == "text" and given in {*SCALED, "bool", "timestamp"}:
        yield Problem(node, f"{given} is another text on SQLite: turn it into text in Python, or write overrides")
    elif (target in _TEXTUAL or target.startswith("enum:")) and not re.search("char|clob|text|blob", name):
        yield Problem(
            node,
            f"CAST to {name} makes a number of a text on SQLite: leave it out, parameters have their type already",
        )


def _insert_problems(node: exp.Insert, context: Context) -> Iterator[Problem]:
    columns: list[Any] = node.this.expressions if isinstance(node.this, exp.Schema) else []
    target = node.this.this if isinstance(node.this, exp.Schema) else node.this
    table = context.facts.tables.get(target.name.lower())
    source: Any = node.expression
    while isinstance(source, (exp.SetOperation, exp.Subquery)):
        source = source.this
    if table is None or source is None:
        return
    rows: list[list[Any]] = []
    if isinstance(source, exp.Select):
        rows = [source.expressions]
    elif isinstance(source, exp.Values):
        rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in source.expressions]
    for row in rows:
        for column, value in zip(columns, row, strict=False):
            fact = table.columns.get(column.name.lower())
            wanted = kind_of_type(fact.type, context.facts) if fact is not None else ""
            scope = plain_scope(value, source, Scope(context, Rows())) or Scope(context, Rows())
            kinds = {wanted, kind_of(value.unalias(), scope)}
            units = kinds & (SCALED | {"int"})
            if wanted in SCALED and len(units) >= _TWO and not isinstance(value, exp.Placeholder):
                yield Problem(value, _mix_words(units))


def sort_problems(statement: exp.Expr, context: Context, *, portable: bool) -> Iterator[Problem]:
    """Yield sorts and comparisons of values whose order is not that of their letters on PostgreSQL."""
    top = with_scope(statement, Scope(context, Rows()))
    list(queries_inside(statement, context))
    for node in statement.walk():
        if isinstance(node, exp.Ordered):
            parts = [_sorted(node)]
        elif isinstance(node, _RANGES):
            parts = [node.this, node.expression]
        elif isinstance(node, exp.Between):
            parts = [node.this, node.args["low"], node.args["high"]]
        elif isinstance(node, (exp.Min, exp.Max, exp.Greatest, exp.Least)):
            parts = [node.this, *node.expressions]
        else:
            continue
        scope = plain_scope(node, statement, top) or top
        if portable and any(kind_of(part, scope).startswith("enum:") for part in parts):
            yield Problem(
                node,
                "labels sort in the enum's order on PostgreSQL and by letters on SQLite: sort by a CASE of numbers",
            )
        collations = {found for part in parts if (found := collation_of(part, scope)) is not None}
        if not any(isinstance(part, exp.Collate) for part in parts) and collations - _BY_CODE:
            yield Problem(
                node,
                "text sorts by its letters' codes on SQLite, by the column's collation on PostgreSQL: declare the "
                'column COLLATE "C"',
            )


def _sorted(node: exp.Ordered) -> Any:
    # ORDER BY takes the name of a result column first, and a number for its place.
    value: Any = node.this
    select = node.find_ancestor(exp.Select)
    if select is None or not isinstance(node.parent, exp.Order) or node.parent.parent is not select:
        return value
    if isinstance(value, exp.Literal) and value.name.isdigit() and 0 < int(value.name) <= len(select.expressions):
        return select.expressions[int(value.name) - 1].unalias()
    if isinstance(value, exp.Column) and not value.table:
        named = [item for item in select.expressions if isinstance(item, exp.Alias) and item.alias == value.name]
        return named[0].this if named else value
    return value

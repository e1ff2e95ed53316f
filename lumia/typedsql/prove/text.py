"""Finds what the two engines take differently in a statement, and what endangers data in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlglot import exp

from lumia.typedsql.logical import LogicalType
from lumia.typedsql.prove.facts import SchemaFacts
from lumia.typedsql.prove.functions import is_aggregate
from lumia.typedsql.prove.keys import dependencies_of
from lumia.typedsql.prove.model import Context, Rows, Scope, closure
from lumia.typedsql.prove.order import Problem
from lumia.typedsql.prove.relations import Unprovable, relate, selected, with_scope

__all__ = ["text_problems"]

_COMPARES: Final = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_SCALED: Final = frozenset({"money", "rate"})


def text_problems(statement: exp.Expr, context: Context, *, portable: bool, whole: str | None) -> Iterator[Problem]:
    """Yield what is wrong with a statement, apart from its columns and its order.

    `portable`: both engines run this text. `whole` is why the statement is meant for all rows, if it says so.
    """
    for node in statement.walk():
        yield from _node_problems(node, context, portable=portable, whole=whole)
    scope = with_scope(statement, Scope(context, Rows()))
    for node in statement.find_all(exp.Select):
        yield from _select_problems(node, scope)


def _node_problems(node: exp.Expr, context: Context, *, portable: bool, whole: str | None) -> Iterator[Problem]:
    if isinstance(node, _COMPARES) and not _is_assignment(node) and _is_null(node.this, node.expression):
        yield Problem(node, "a comparison with NULL is never true: write IS NULL or IS NOT NULL")
    if isinstance(node, exp.Join) and (node.method or "").upper() == "NATURAL":
        yield Problem(node, "NATURAL JOIN changes with the tables' columns: name the columns with ON or USING")
    if isinstance(node, (exp.Update, exp.Delete)) and node.args.get("where") is None and whole is None:
        yield Problem(node, f"{node.key.upper()} without WHERE changes every row: add WHERE, or say `-- @all: why`")
    if isinstance(node, exp.Insert) and not isinstance(node.this, exp.Schema) and not node.args.get("default"):
        yield Problem(node, "INSERT without a column list changes with the table: list the columns")
    if isinstance(node, (exp.Limit, exp.Offset)) and isinstance(node.expression, exp.Placeholder):
        kind = context.params.get(node.expression.name)
        if kind is not None and kind.optional:
            yield Problem(
                node,
                f"LIMIT of None gives all rows on PostgreSQL and an error on SQLite: make {node.expression.name} int",
            )
    if portable:
        yield from _portable_problems(node, context.params)


def _is_assignment(node: exp.Expr) -> bool:
    return isinstance(node.parent, (exp.Update, exp.OnConflict)) and node.arg_key == "expressions"


def _is_null(*sides: exp.Expr) -> bool:
    return any(isinstance(side, exp.Null) for side in sides)


def _portable_problems(node: exp.Expr, params: Mapping[str, LogicalType]) -> Iterator[Problem]:
    if isinstance(node, exp.Like):
        yield Problem(
            node, "LIKE ignores the case of ASCII letters on SQLite only: compare a folded column, or write overrides"
        )
    if isinstance(node, (exp.Div, exp.Mod)) and not _is_safe_divisor(node.expression):
        yield Problem(
            node,
            "division by zero is NULL on SQLite and an error on PostgreSQL: divide by nullif(…, 0), or in Python",
        )
    if isinstance(node, (exp.Mul, exp.Div)) and any(_is_scaled(side, params) for side in (node.this, node.expression)):
        yield Problem(
            node,
            "money and rates are whole numbers of small units on SQLite, so a product or quotient differs by engine: "
            "compute it in Python",
        )


def _is_safe_divisor(node: Any) -> bool:
    while isinstance(node, (exp.Paren, exp.Cast)):
        node = node.this
    if isinstance(node, exp.Literal):
        return not node.is_string and any(digit in "123456789" for digit in node.name)
    return isinstance(node, exp.Nullif) and isinstance(node.expression, exp.Literal) and node.expression.name == "0"


def _is_scaled(node: Any, params: Mapping[str, LogicalType]) -> bool:
    kind = params.get(node.name) if isinstance(node, exp.Placeholder) else None
    return kind is not None and kind.kind in _SCALED


def _select_problems(select: exp.Select, scope: Scope) -> Iterator[Problem]:
    for node in select.find_all(exp.Not):
        inner = node.this
        query = inner.args.get("query") if isinstance(inner, exp.In) else None
        if query is not None and node.find_ancestor(exp.Select) is select:
            reason = _why_in_null(query, scope)
            if reason:
                yield Problem(node, f"NOT IN finds nothing once the list holds a NULL ({reason}): write NOT EXISTS")
    if scope.context.sqlite and select.find_ancestor(exp.Query) is None:
        yield from _bare_columns(select, scope)


def _why_in_null(query: exp.Expr, scope: Scope) -> str:
    try:
        columns = relate(query, scope).columns
    except Unprovable:
        return ""
    return columns[0].reason if len(columns) == 1 else ""


def _bare_columns(select: exp.Select, scope: Scope) -> Iterator[Problem]:
    parts = selected(select, scope)
    grouped = select.args.get("group") is not None
    if parts.target is None or not (grouped or parts.alone):
        return
    fixed = closure(parts.target, dependencies_of(select, parts))
    plain = Scope(parts.scope.context, parts.scope.rows, parts.scope.outer, parts.scope.ctes)
    for item in select.expressions:
        for node in _outside_aggregates(item, scope.context.facts):
            attr = plain.local(node) if isinstance(node, exp.Column) else None
            if attr is not None and attr not in fixed and ("=", item.unalias().sql()) not in parts.target:
                yield Problem(
                    node,
                    f"SQLite takes {node.name} from any row of the group: add it to GROUP BY, or aggregate it with min "
                    "or max",
                )


def _outside_aggregates(node: exp.Expr, facts: SchemaFacts) -> Iterator[exp.Expr]:
    if is_aggregate(node, facts) or isinstance(node, exp.Query):
        return
    yield node
    for child in node.iter_expressions():
        yield from _outside_aggregates(child, facts)

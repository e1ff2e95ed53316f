"""Proves of an array that none of its elements can be NULL, or says why one may be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sqlglot import exp

from lumia.typedsql.prove.expressions import why_null
from lumia.typedsql.prove.functions import function_name
from lumia.typedsql.prove.kinds import column_of, mixed
from lumia.typedsql.prove.model import Scope
from lumia.typedsql.prove.predicates import present

__all__ = ["why_gaps"]

_UNKNOWN: Final = "nothing is known of its elements"
_LISTING: Final = (exp.ArrayAgg, exp.JSONArrayAgg)


def why_gaps(node: Any, scope: Scope) -> str:
    """Return why an element of an array, or of a JSON array on SQLite, may be NULL; empty if provably none is."""
    while isinstance(node, (exp.Alias, exp.Paren, exp.Cast, exp.TryCast, exp.Window)):
        node = node.this
    if isinstance(node, exp.Column):
        column = column_of(node, scope)
        return column.gaps if column is not None else _UNKNOWN
    if isinstance(node, exp.Placeholder):
        kind = scope.context.params.get(node.name)
        return "" if kind is not None and kind.array and not kind.null_elements else _UNKNOWN
    if isinstance(node, exp.Null) or (isinstance(node, exp.Literal) and node.name.strip() in {"[]", "{}"}):
        return ""
    if isinstance(node, exp.Array) or (scope.context.sqlite and function_name(node) == "json_array"):
        return next(filter(None, (_element(part, scope) for part in node.expressions)), "")
    if isinstance(node, exp.Filter) and isinstance(node.this, _LISTING):
        return _collected(node.this, _kept(node, scope))
    if isinstance(node, _LISTING):
        return _collected(node, scope.plain())
    if isinstance(node, exp.Subquery):
        columns = scope.context.relate(node, scope).columns
        return columns[0].gaps if len(columns) == 1 else _UNKNOWN
    parts = [node.this, node.expression] if isinstance(node, exp.DPipe) else mixed(node)
    reasons = [why_gaps(part, scope) for part in parts] or [_UNKNOWN]
    return next(filter(None, reasons), "")


def _element(node: exp.Expr, scope: Scope) -> str:
    if isinstance(node, exp.Query):
        columns = scope.context.relate(node, scope).columns
        return columns[0].reason if len(columns) == 1 else _UNKNOWN
    return why_null(node, scope)


def _kept(node: exp.Filter, scope: Scope) -> Scope:
    plain = scope.plain()
    rows = plain.rows
    sure = rows.not_null | present(node.expression, plain)
    return replace(plain, rows=replace(rows, not_null=sure))


def _collected(node: Any, scope: Scope) -> str:
    inner: Any = node.this
    while isinstance(inner, exp.Order):
        inner = inner.this
    parts: list[Any] = inner.expressions if isinstance(inner, exp.Distinct) else [inner]
    return why_null(parts[0], scope) if len(parts) == 1 and parts[0] is not None else _UNKNOWN

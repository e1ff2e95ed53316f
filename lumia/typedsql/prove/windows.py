"""Finds orders inside a statement that leave ties: windows, subqueries with LIMIT, and lists made by aggregates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlglot import exp

from lumia.typedsql.prove.functions import COLLECTING, function_name
from lumia.typedsql.prove.inside import queries_inside
from lumia.typedsql.prove.keys import decides, dependencies_of
from lumia.typedsql.prove.model import Context, Scope, closure
from lumia.typedsql.prove.order import Orders, Problem, bare
from lumia.typedsql.prove.relations import Unprovable, selected
from lumia.typedsql.prove.select import Selected, attr_of

__all__ = ["inner_order_problems"]

# Their value depends on which of several equal rows comes first.
_PICKING: Final = (exp.RowNumber, exp.Ntile, exp.FirstValue, exp.LastValue, exp.NthValue, exp.Lag, exp.Lead)


def inner_order_problems(text: str, statement: exp.Expr, context: Context, answers: Any) -> Iterator[Problem]:
    """Yield what is wrong with the orders inside a statement: those of its rows are another function's affair."""
    orders = Orders(text, statement, context, answers)
    for query, scope in queries_inside(statement, context):
        if isinstance(query, exp.Select):
            try:
                parts = selected(query, scope)
            except Unprovable:
                continue
            yield from _windows(query, parts, orders)
            yield from _lists(query, parts, scope, orders)
            yield from _arrays(query, orders)
        if query is not orders.body and _is_limited(query) and not _in_exists(query):
            yield from orders.problems(query, scope)


def _is_limited(query: exp.Expr) -> bool:
    distinct = query.args.get("distinct")
    chosen = isinstance(distinct, exp.Distinct) and distinct.args.get("on") is not None
    return query.args.get("order") is not None and (chosen or query.args.get("limit") is not None)


def _in_exists(query: exp.Expr) -> bool:
    above = query.parent
    while isinstance(above, (exp.Subquery, exp.Paren)):
        above = above.parent
    return isinstance(above, exp.Exists)


def _own(select: exp.Select, *kinds: type[exp.Expr]) -> list[Any]:
    return [node for node in select.find_all(*kinds) if node.find_ancestor(exp.Select) is select]


def _windows(select: exp.Select, parts: Selected, orders: Orders) -> Iterator[Problem]:
    windows: list[Any] = select.args.get("windows") or []
    named: dict[str, Any] = {window.name.lower(): window for window in windows}
    for node in _own(select, exp.Window):
        if node.arg_key == "windows":
            continue
        frame: Any = named.get(node.args["alias"].name.lower(), node) if node.args.get("alias") is not None else node
        inner = node.this
        while isinstance(inner, (exp.IgnoreNulls, exp.RespectNulls, exp.Filter)):
            inner = inner.this
        order = frame.args.get("order")
        terms: list[Any] = order.expressions if order is not None else []
        for term in terms:
            yield from orders.null_problem(term, term.this, parts.scope)
        spec = frame.args.get("spec")
        by_rows = spec is not None and str(spec.args.get("kind")).upper() != "RANGE"
        if not isinstance(inner, (*_PICKING, *COLLECTING)) and not by_rows:
            continue
        groups: list[Any] = frame.args.get("partition_by") or []
        given = {attr_of(bare(part), parts.scope) for part in (*groups, *(term.this for term in terms))}
        if orders.ties is None and not decides(given, parts.target, parts, dependencies_of(select, parts)):
            yield Problem(
                node,
                f"rows that tie in the window's ORDER BY get their {function_name(inner)} in any order: end it in a "
                "unique column, or say with `-- @ties: why` that there are none",
            )


def _lists(select: exp.Select, parts: Selected, scope: Scope, orders: Orders) -> Iterator[Problem]:
    for node in _own(select, *COLLECTING):
        above = node.parent.parent if isinstance(node.parent, exp.Filter) else node.parent
        if isinstance(above, exp.Window):
            continue
        plain = parts.scope.plain()
        order: Any = node.this
        terms: list[Any] = order.expressions if isinstance(order, exp.Order) else []
        value = order.this if isinstance(order, exp.Order) else order
        values: list[Any] = value.expressions if isinstance(value, exp.Distinct) else [value]
        for term in terms:
            yield from orders.null_problem(term, term.this, plain)
        given = {attr_of(bare(term.this), plain) for term in terms}
        given |= parts.target or frozenset()
        wanted = {attr_of(part, plain) for part in values}
        found = closure(given, plain.rows.dependencies())
        if orders.ties is not None or plain.rows.rows() <= found or (terms and wanted <= found):
            continue
        source = _ordered_source(select) if scope.context.sqlite else None
        if not terms and source is not None:
            inner = scope.context.scopes.get(id(source))
            if inner is not None:
                yield from orders.problems(source, inner)
            continue
        what = "in any order: write ORDER BY inside" if not terms else "that tie in any order: end its ORDER BY"
        rest = " the call" if not terms else " in a unique column"
        if not terms and scope.context.sqlite:
            rest += ", or take the rows from one subquery with ORDER BY"
        yield Problem(node, f"an aggregate lists rows {what}{rest}")


def _arrays(select: exp.Select, orders: Orders) -> Iterator[Problem]:
    for node in _own(select, exp.Array):
        query: Any = node.expressions[0] if node.expressions else None
        scope = orders.context.scopes.get(id(query))
        if not isinstance(query, exp.Query) or scope is None:
            continue
        if query.args.get("order") is not None:
            if not _is_limited(query):
                yield from orders.problems(query, scope)
        elif orders.ties is None and frozenset() not in scope.context.relate(query, scope).keys:
            yield Problem(node, "ARRAY lists rows in any order: write ORDER BY inside")


def _ordered_source(select: exp.Select) -> exp.Expr | None:
    # What SQLite older than 3.44 offers in place of ORDER BY inside the call.
    start = select.args.get("from_")
    source = start.this if start is not None else None
    if not isinstance(source, exp.Subquery) or select.args.get("joins") or select.args.get("group") is not None:
        return None
    inner = source.this
    return inner if isinstance(inner, exp.Query) and inner.args.get("order") is not None else None

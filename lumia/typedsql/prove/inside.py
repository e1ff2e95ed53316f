"""Finds every query inside a statement, each with the scope in which it stands."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from lumia.typedsql.prove.model import Context, Rows, Scope
from lumia.typedsql.prove.relations import Unprovable, changed_scope, relate, selected, with_scope

__all__ = ["plain_scope", "queries_inside"]


def queries_inside(statement: exp.Expr, context: Context) -> Iterator[tuple[exp.Query, Scope]]:
    """Yield each SELECT and set operation of a statement with the scope around it, which knows its CTEs."""
    top = with_scope(statement, Scope(context, Rows()))
    for node in statement.walk():
        if not isinstance(node, exp.Query) or isinstance(node, exp.Subquery):
            continue
        if id(node) not in context.scopes:
            try:
                relate(node, plain_scope(node, statement, top) or top)
            except Unprovable:
                continue
        yield node, context.scopes[id(node)]


def plain_scope(node: exp.Expr, statement: exp.Expr, top: Scope) -> Scope | None:
    """Return the rows that an expression sees, as they are before they are grouped; None if it stands nowhere."""
    above = node.parent
    while above is not None:
        scope = top.context.scopes.get(id(above))
        if isinstance(above, exp.Select) and scope is not None:
            return selected(above, scope).scope.plain()
        if above is statement and isinstance(above, (exp.Insert, exp.Update, exp.Delete)):
            return changed_scope(above, top)
        above = above.parent
    return None

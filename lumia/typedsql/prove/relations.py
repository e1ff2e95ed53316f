"""Proves the result of a whole query: the columns that cannot be NULL, and the keys that tell its rows apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from lumia.typedsql.logical import LogicalType
from lumia.typedsql.prove.facts import SchemaFacts
from lumia.typedsql.prove.keys import is_one_row, output_keys, set_keys
from lumia.typedsql.prove.kinds import worst
from lumia.typedsql.prove.model import Context, OutColumn, Relation, Rows, Scope
from lumia.typedsql.prove.select import Selected, columns_of, select_scope
from lumia.typedsql.prove.sources import NOTHING, from_rows, join_sources, named_columns, restrict, view_relation

__all__ = ["DIALECTS", "Unprovable", "changed_scope", "context_of", "parse", "prove", "selected", "with_scope"]

DIALECTS: Final = {"postgresql": "postgres", "sqlite": "sqlite"}


class Unprovable(Exception):
    """A statement that the rules do not cover; nothing is claimed of it."""


def parse(text: str, engine: str) -> exp.Expr:
    """Parse one statement; raises Unprovable, in words, for what the parser does not take."""
    try:
        return sqlglot.parse_one(text.rstrip().removesuffix(";"), read=DIALECTS[engine])
    except SqlglotError as error:
        message = f"the parser does not take the statement: {str(error).splitlines()[0]}"
        raise Unprovable(message) from None


def context_of(facts: SchemaFacts, params: Mapping[str, LogicalType], views: dict[str, Relation]) -> Context:
    """Make the context of one statement; `views` keeps what is proven of views from one statement to the next."""
    context = Context(facts, params, views, relate)
    for name, table in facts.tables.items():
        if table.view is not None and name not in views:
            _prove_view(name, context)
    return context


def _prove_view(name: str, context: Context) -> None:
    table = context.facts.tables[name]
    context.views[name] = NOTHING
    try:
        query = parse(table.view or "", context.facts.engine)
    except Unprovable:
        return
    for part in query.find_all(exp.Table):
        inner = context.facts.tables.get(part.name.lower())
        if inner is not None and inner.view is not None and inner.name not in context.views:
            _prove_view(inner.name, context)
    plain = Context(context.facts, {}, context.views, relate)
    try:
        context.views[name] = view_relation(table, relate(query, Scope(plain, Rows())))
    except Unprovable:
        return


def prove(statement: exp.Expr, context: Context) -> Relation:
    """Prove a whole statement; raises Unprovable if it gives rows that the rules do not cover."""
    return relate(statement, Scope(context, Rows()))


def relate(node: exp.Expr, scope: Scope) -> Relation:
    """Prove a query, or the RETURNING rows of a statement, within a scope; asked again, it gives the same proof."""
    context, key = scope.context, (id(node), id(scope))
    known = context.proofs.get(key)
    if known is None:
        inner = with_scope(node, scope)
        context.scopes[id(node)] = inner
        # The outer scope is kept with its proof: while it lives, nothing else has its identity.
        known = context.proofs[key] = scope, inner, _related(node, inner)
    context.scopes[id(node)] = known[1]
    return known[2]


def _related(node: exp.Expr, scope: Scope) -> Relation:
    if isinstance(node, exp.Subquery):
        return _subquery(node, scope)
    if isinstance(node, exp.Select):
        return _select(node, scope)
    if isinstance(node, exp.SetOperation):
        return _set_operation(node, scope)
    if isinstance(node, exp.Values):
        return _values(node, scope)
    if isinstance(node, exp.Paren):
        return relate(node.this, scope)
    if isinstance(node, (exp.Insert, exp.Update, exp.Delete)):
        return _returning(node, scope)
    return NOTHING


def _subquery(node: exp.Subquery, scope: Scope) -> Relation:
    if isinstance(node.this, (exp.Table, exp.Paren)) or node.args.get("joins"):
        return NOTHING
    relation = relate(node.this, scope)
    if is_one_row(node):
        return Relation(relation.columns, keys=(frozenset(),), known=relation.known)
    limited = node.args.get("limit") or node.args.get("offset")
    return Relation(relation.columns, relation.keys, known=relation.known) if limited else relation


def selected(select: exp.Select, scope: Scope) -> Selected:
    """Prove the parts of a SELECT; raises Unprovable if an aggregate in it belongs to the query around it."""
    key = (id(select), id(scope))
    known = scope.context.selections.get(key)
    if known is None:
        known = scope.context.selections[key] = scope, _selected(select, scope)
    return known[1]


def _selected(select: exp.Select, scope: Scope) -> Selected:
    rows = from_rows(select, scope)
    restrict(rows, select.args.get("where"), Scope(scope.context, rows, scope, scope.ctes))
    result = select_scope(select, rows, scope)
    if result.foreign:
        message = f"{result.foreign} counts the rows of the query around it"
        raise Unprovable(message)
    return result


def _select(select: exp.Select, scope: Scope) -> Relation:
    parts = selected(select, scope)
    columns = columns_of(select, parts)
    if columns is None:
        return NOTHING
    # The condition of EXISTS, IN and so on can hold aggregates of the outer query as well.
    for query in (part for part in select.args.values() if isinstance(part, exp.Expr)):
        _check_inside(query, parts.scope)
    some = (
        (parts.alone or (select.args.get("from_") is None and select.args.get("where") is None))
        and not any(select.args.get(name) for name in ("having", "limit", "offset", "qualify"))
        and parts.scalar
    )
    keys = output_keys(select, parts, columns)
    grows = frozenset[str]() if frozenset() in keys else parts.grows
    return Relation(tuple(columns), keys, some=some, grows=grows)


def _check_inside(node: exp.Expr, scope: Scope) -> None:
    for child in node.iter_expressions():
        if isinstance(child, exp.Query):
            scope.context.relate(child, scope)
        else:
            _check_inside(child, scope)


def with_scope(node: exp.Expr, scope: Scope) -> Scope:
    """Prove the CTEs of a query, and return the scope that knows them."""
    clause = node.args.get("with_")
    if clause is None:
        return scope
    ctes: dict[str, Relation | None] = dict(scope.ctes)
    mutual = scope.context.sqlite or bool(clause.args.get("recursive"))
    if mutual:
        ctes.update({cte.alias.lower(): None for cte in clause.expressions})
    for cte in clause.expressions:
        inner = Scope(scope.context, scope.rows, scope.outer, ctes, scope.collapsed, scope.grouped)
        listed: list[exp.Expr] = cte.args["alias"].args.get("columns") or []
        names = [column.name.lower() for column in listed]
        name = cte.alias.lower()
        ctes = {**ctes, name: _cte(cte, name, names, inner, mutual=mutual)}
    return Scope(scope.context, scope.rows, scope.outer, ctes, scope.collapsed, scope.grouped)


def _cte(cte: exp.CTE, name: str, names: list[str], scope: Scope, *, mutual: bool) -> Relation:
    body = cte.this
    recursive = mutual and any(part.name.lower() == name for part in body.find_all(exp.Table))
    if not recursive:
        return named_columns(relate(body, scope), names)
    if not isinstance(body, exp.Union) or body.args.get("with_") is not None:
        return NOTHING
    first = named_columns(relate(body.this, scope), names)
    # Induction: what holds of the first rows, and of the next if it held of the last, holds of all.
    columns = [OutColumn(column.name, column.reason, gaps="a step may add NULL") for column in first.columns]
    while True:
        guess = Relation(tuple(columns), grows=first.grows, known=first.known)
        inner = Scope(
            scope.context, scope.rows, scope.outer, {**scope.ctes, name: guess}, scope.collapsed, scope.grouped
        )
        step = relate(body.expression, inner)
        if len(step.columns) != len(columns):
            return NOTHING
        dropped = [
            index
            for index, (column, more) in enumerate(zip(columns, step.columns, strict=True))
            if more.reason and not column.reason
        ]
        if not dropped:
            every = frozenset(column.name for column in columns)
            distinct = bool(body.args.get("distinct")) and len(every) == len(columns)
            return Relation(tuple(columns), (every,) if distinct else (), grows=first.grows | step.grows)
        for index in dropped:
            columns[index] = replace(columns[index], reason=f"the recursive part: {step.columns[index].reason}")


def _set_operation(node: exp.SetOperation, scope: Scope) -> Relation:
    left, right = relate(node.this, scope), relate(node.expression, scope)
    if not (left.known and right.known) or len(left.columns) != len(right.columns):
        return NOTHING
    columns = tuple(_either(node, one, two) for one, two in zip(left.columns, right.columns, strict=True))
    grows = left.grows if isinstance(node, (exp.Except, exp.Intersect)) else left.grows | right.grows
    keys = set_keys(node, left, right)
    if is_one_row(node):
        return Relation(columns, (frozenset(),))
    return Relation(columns, keys, grows=grows)


def _either(node: exp.SetOperation, one: OutColumn, two: OutColumn) -> OutColumn:
    if isinstance(node, exp.Except):
        return one
    weight = max(one.weight, two.weight) if one.weight is not None and two.weight is not None else None
    rest = replace(
        one,
        weight=weight,
        parent=one.parent and two.parent,
        json=one.json or two.json,
        kind=worst({one.kind, two.kind}),
        gaps=one.gaps or two.gaps,
    )
    if isinstance(node, exp.Intersect):
        reason = one.reason and two.reason
        return replace(rest, reason=reason, labels=None, gaps=one.gaps and two.gaps)
    reason = one.reason or two.reason
    labels = one.labels | two.labels if one.labels is not None and two.labels is not None else None
    reason = f"a branch of the UNION may give NULL: {reason}" if reason else ""
    return replace(rest, reason=reason, labels=labels)


def _values(node: exp.Values, scope: Scope) -> Relation:
    rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in node.expressions]
    if len({len(row) for row in rows}) != 1:
        return NOTHING
    columns: list[OutColumn] = []
    for position, cells in enumerate(zip(*rows, strict=True), 1):
        found = columns_of(
            exp.Select(expressions=list(cells)), Selected(Scope(scope.context, Rows(), scope, scope.ctes))
        )
        if found is None:
            return NOTHING
        reason = next((column.reason for column in found if column.reason), "")
        whole = all(column.weight is not None for column in found)
        weight = 1 if whole and len(rows) == 1 else None
        kind = worst({column.kind for column in found})
        gaps = next((column.gaps for column in found if column.gaps), "")
        columns.append(OutColumn(f"column{position}", reason, weight, kind=kind, gaps=gaps))
    plain = not any(node.args.get(name) for name in ("limit", "offset"))
    return Relation(tuple(columns), (frozenset(),) if len(rows) == 1 else (), some=plain)


def _returning(node: Any, scope: Scope) -> Relation:
    returning = node.args.get("returning")
    if returning is None:
        return Relation(())
    target = node.this.this if isinstance(node.this, exp.Schema) else node.this
    if not isinstance(target, exp.Table) or target.args.get("db") is not None:
        return NOTHING
    table = scope.context.facts.tables.get(target.name.lower())
    if table is None or table.view is not None:
        return NOTHING
    inner = changed_scope(node, scope)
    rows = inner.rows
    if isinstance(node, exp.Delete):
        restrict(rows, node.args.get("where"), inner)
    elif isinstance(node, exp.Update):
        _restrict_update(rows, node, inner)
    # A returned expression cannot be an aggregate, so each row stands for itself.
    shell = exp.Select(expressions=returning.expressions)
    parts = Selected(inner, target=rows.rows(), grows=_grows(rows))
    columns = columns_of(shell, parts)
    if columns is None:
        return NOTHING
    keys = (frozenset[str](),) if _one_insert(node, scope) else output_keys(shell, parts, columns)
    return Relation(tuple(columns), keys, grows=parts.grows)


def changed_scope(node: Any, scope: Scope) -> Scope:
    """Return the scope of what an INSERT, UPDATE or DELETE says of its own rows."""
    target = node.this.this if isinstance(node.this, exp.Schema) else node.this
    bare = Scope(scope.context, scope.rows, scope.outer)
    # A node of its own: the parser's tree must not change.
    rows = from_rows(exp.Select(from_=exp.From(this=target.copy())), bare)
    sources: list[Any] = list(node.args.get("using") or [])
    if node.args.get("from_") is not None:
        sources.append(node.args["from_"].this)
    for source in sources:
        above, key = source.parent, source.arg_key
        join_sources(rows, [exp.Join(this=source)], scope)
        source.parent, source.arg_key = above, key
    join_sources(rows, node.args.get("joins") or [], scope)
    return Scope(scope.context, rows, scope, scope.ctes)


def _grows(rows: Rows) -> frozenset[str]:
    return frozenset(name for relation in rows.sources.values() for name in relation.grows)


def _restrict_update(rows: Rows, node: exp.Update, scope: Scope) -> None:
    # WHERE saw the row as it was: what it proves of the target's columns need not hold of what RETURNING gives.
    before = set(rows.not_null)
    alias = node.this.alias_or_name.lower()
    restrict(rows, node.args.get("where"), scope)
    rows.not_null = {attr for attr in rows.not_null if attr[0] != alias or attr in before}


def _one_insert(node: Any, scope: Scope) -> bool:
    source = node.expression if isinstance(node, exp.Insert) else None
    if not isinstance(source, (exp.Query, exp.Values)):
        return False
    return frozenset() in relate(source, scope).keys

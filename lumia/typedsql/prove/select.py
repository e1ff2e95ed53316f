"""Proves the columns of one SELECT, with what grouping and aggregates do to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from sqlglot import exp

from lumia.typedsql.prove.elements import why_gaps
from lumia.typedsql.prove.expressions import children, is_json, local_aggregates, own_nodes, plain_text, weigh, why_null
from lumia.typedsql.prove.functions import gives_rows
from lumia.typedsql.prove.kinds import collation_of, kind_of
from lumia.typedsql.prove.model import Attr, OutColumn, Rows, Scope, closure

__all__ = ["Selected", "attr_of", "columns_of", "select_scope"]

_SETS: Final = (exp.Rollup, exp.Cube, exp.GroupingSets)


_TEXT: Final = "lumia_text"
"""Where a node keeps its own text: writing it again for each question took a third of a check."""


@dataclass(frozen=True, slots=True)
class Selected:
    """What is proven of a SELECT before its columns: `target` decides a row, None if nothing does.

    `alone`: it aggregates all rows into one. `scalar`: no function in its list gives rows. `foreign` is an aggregate
    that belongs to a query around it. `grouping`: the attributes of GROUP BY.
    """

    scope: Scope
    target: frozenset[Attr] | None = None
    alone: bool = False
    scalar: bool = True
    foreign: str = ""
    grows: frozenset[str] = frozenset()


def attr_of(node: Any, scope: Scope) -> Attr:
    """Name the value of an expression: a column of the rows, or the expression's text."""
    while isinstance(node, (exp.Paren, exp.Alias)):
        node = node.this
    if isinstance(node, exp.Column):
        found = scope.local(node)
        if found is not None:
            return found
    text = node.meta.get(_TEXT)
    if text is None:
        text = node.meta[_TEXT] = node.sql(copy=False)
    return ("=", text)


def select_scope(select: exp.Select, rows: Rows, outer: Scope) -> Selected:
    """Tell how the rows of a SELECT are grouped, and which scope its columns stand in."""
    context = outer.context
    plain = outer.inner(rows)
    order = select.args.get("order")
    having = select.args.get("having")
    nodes: list[exp.Expr] = [*select.expressions, *([order] if order else []), *([having] if having else [])]
    found = local_aggregates(nodes, context.facts)
    foreign = next((node.sql() for node in found if _is_foreign(node, plain)), "")
    group = select.args.get("group")
    grows = _grows(rows)
    scalar = not any(gives_rows(part, context.facts) for node in select.expressions for part in own_nodes(node))
    if group is not None:
        simple = not any(group.args.get(name) for name in ("rollup", "cube", "grouping_sets", "all", "totals"))
        keys = [_by_position(node, select) for node in group.expressions]
        if not simple or not keys or any(node.find(*_SETS) or isinstance(node, exp.Tuple) for node in keys):
            sets = _set_texts(group, select)
            scope = Scope(context, rows, outer, outer.ctes, "a grouping set leaves it NULL", sets=sets)
            return Selected(scope, foreign=foreign, grows=grows, scalar=scalar)
        scope = Scope(context, rows, outer, outer.ctes, grouped=True)
        target = frozenset(attr_of(node, scope) for node in keys)
        return Selected(scope, target, foreign=foreign, grows=grows, scalar=scalar)
    if found or having is not None:
        scope = Scope(context, rows, outer, outer.ctes, "over no rows it is NULL, beside an aggregate without GROUP BY")
        return Selected(scope, frozenset(), alone=True, foreign=foreign, scalar=scalar)
    return Selected(plain, rows.rows(), foreign=foreign, grows=grows, scalar=scalar)


def _set_texts(group: exp.Expr, select: exp.Select) -> frozenset[str]:
    # An expression that GROUP BY names is NULL as a whole, even one that is never NULL by itself.
    leaves: list[exp.Expr] = list(children(group))
    found: set[str] = set()
    while leaves:
        node = leaves.pop()
        if isinstance(node, (*_SETS, exp.Tuple)):
            leaves += children(node)
            continue
        inner = node.unnest()
        found |= {plain_text(inner), plain_text(_by_position(inner, select))}
    return frozenset(found)


def _by_position(node: exp.Expr, select: exp.Select) -> exp.Expr:
    if isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit():
        index = int(node.name) - 1
        if index < len(select.expressions):
            chosen: exp.Expr = select.expressions[index]
            return chosen.unalias()
    if isinstance(node, exp.Column) and not node.table:
        # Both engines take a column of the tables first, then the name of a result column.
        named = [item for item in select.expressions if isinstance(item, exp.Alias) and item.alias == node.name]
        if named and not any(isinstance(item.this, exp.Column) and item.this.name == node.name for item in named):
            return cast("exp.Expr", named[0].this)
    return node


def _is_foreign(node: exp.Expr, scope: Scope) -> bool:
    parts = [node.this, node.expression] if isinstance(node, exp.Filter) else [node]
    for part in parts:
        columns = list(part.find_all(exp.Column))
        if columns and not any(scope.local(column) is not None for column in columns):
            return True
    return False


def _grows(rows: Rows) -> frozenset[str]:
    rules = rows.dependencies()
    # Rows that the caller's values, or short sources, decide through a key or a foreign key are bounded.
    short = {
        (alias, column.name)
        for alias, relation in rows.sources.items()
        if not relation.grows and alias not in rows.nullable
        for column in relation.columns
    }
    fixed = closure(short | rows.listed, rules)
    if any((column := rows.column(attr)) is not None and column.parent for attr in fixed if _may_grow(attr, rows)):
        return frozenset()
    return frozenset(name for relation in rows.sources.values() for name in relation.grows)


def _may_grow(attr: Attr, rows: Rows) -> bool:
    relation = rows.sources.get(attr[0])
    return relation is not None and bool(relation.grows) and attr[0] not in rows.nullable


def columns_of(select: exp.Select, parts: Selected) -> list[OutColumn] | None:
    """Prove the columns of a SELECT list; None if not even their number is known."""
    result: list[OutColumn] = []
    for node in select.expressions:
        if isinstance(node, exp.Star) or (isinstance(node, exp.Column) and isinstance(node.this, exp.Star)):
            columns = _star(node, parts.scope)
            if columns is None:
                return None
            result += columns
        else:
            column = _column(node, parts.scope)
            # Unnamed columns get names that no statement can write, so that keys can tell them apart.
            result.append(column if column.name else replace(column, name=f"?{len(result) + 1}"))
    return result


def _star(node: exp.Expr, scope: Scope) -> list[OutColumn] | None:
    rows = scope.rows
    if node.args.get("except_") or node.args.get("replace") or scope.collapsed:
        return None
    if isinstance(node, exp.Column):
        alias = node.table.lower()
        relation = rows.sources.get(alias)
        return list(_expanded(alias, rows)) if relation is not None and relation.known else None
    if rows.merged or not rows.known:
        return None
    return [column for alias in rows.sources for column in _expanded(alias, rows)]


def _expanded(alias: str, rows: Rows) -> Iterator[OutColumn]:
    for column in rows.sources[alias].columns:
        sure = (alias, column.name) in rows.not_null
        reason = "" if sure else rows.nullable.get(alias) or column.reason or f"{alias}.{column.name} may be NULL"
        yield replace(column, reason=reason)


def _column(node: exp.Expr, scope: Scope) -> OutColumn:
    inner = node.unalias()
    name = node.alias_or_name.lower() if isinstance(node, (exp.Alias, exp.Column)) else ""
    labels = frozenset({inner.name}) if isinstance(inner, exp.Literal) else None
    parent = False
    if isinstance(inner, exp.Column):
        attr = scope.local(inner)
        column = scope.rows.column(attr) if attr is not None else None
        if column is not None:
            labels, parent = column.labels, column.parent
    return OutColumn(
        name,
        why_null(inner, scope),
        weigh(inner, scope),
        labels,
        parent,
        is_json(inner, scope),
        "" if scope.context.sqlite else kind_of(inner, scope),
        collation_of(inner, scope),
        why_gaps(inner, scope),
    )

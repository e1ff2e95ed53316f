"""Joins the sources of a FROM clause: which columns a join may leave NULL, and what its conditions tie together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from sqlglot import exp

from lumia.typedsql.prove.facts import TableFact
from lumia.typedsql.prove.kinds import kind_of_type
from lumia.typedsql.prove.model import Attr, Context, OutColumn, Relation, Rows, Scope, closure, row_of
from lumia.typedsql.prove.predicates import listed, present, tied

__all__ = ["NOTHING", "from_rows", "join_sources", "named_columns", "restrict", "table_relation", "view_relation"]

NOTHING: Final = Relation((), known=False)
"""A source of which not even the columns are known."""

_ABSENT: Final = "{alias} is on the nullable side of a %s JOIN"
_EACH_COLUMNS: Final = ("key", "value", "type", "atom", "id", "parent", "fullkey", "path")


def table_relation(table: TableFact, context: Context) -> Relation:
    """Return the rows of a base table."""
    linked = {name for key in table.foreign_keys for name in key.columns} | {name for key in table.keys for name in key}
    whole = context.sqlite and table.strict
    columns = tuple(
        OutColumn(
            name=column.name,
            reason="" if column.not_null else f"{table.name}.{column.name} may be NULL",
            weight=1 if whole and column.type.upper() in {"INTEGER", "INT"} else None,
            parent=column.name in linked,
            json="json" in column.type.lower(),
            kind="" if context.sqlite else kind_of_type(column.type, context.facts),
            collation=column.collation,
        )
        for column in table.columns.values()
    )
    sure = {name for name, column in table.columns.items() if column.not_null}
    return Relation(
        columns,
        keys=tuple(key for key in table.keys if key <= sure),
        optional_keys=tuple(key for key in table.keys if not key <= sure),
        grows=frozenset() if table.name in context.facts.small else frozenset({table.name}),
        implied=tuple(_implied(table, sure, context)),
    )


def _implied(table: TableFact, sure: set[str], context: Context) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    # Where (a, b) refers to (a, b) of a table whose key is b alone, b decides a here too.
    for foreign in table.foreign_keys:
        parent = context.facts.tables.get(foreign.table)
        if parent is None or not sure.issuperset(foreign.columns) or len(foreign.columns) != len(foreign.references):
            continue
        own = dict(zip(foreign.references, foreign.columns, strict=True))
        for key in parent.keys:
            if key < own.keys():
                yield frozenset(own[name] for name in key), frozenset(foreign.columns)


def view_relation(table: TableFact, relation: Relation) -> Relation:
    """Give the columns of a view's SELECT the view's own names."""
    names = list(table.columns)
    if len(names) != len(relation.columns):
        return NOTHING
    return named_columns(relation, names)


def named_columns(relation: Relation, names: list[str]) -> Relation:
    """Rename the first columns, as `AS t (a, b)` and a CTE's list do."""
    if not names or not relation.known or len(names) > len(relation.columns):
        return relation if not names else NOTHING
    rest = [column.name for column in relation.columns[len(names) :]]
    renamed = [*names, *rest]
    old = [column.name for column in relation.columns]
    unique = {name: new for name, new in zip(old, renamed, strict=True) if old.count(name) == 1}
    return Relation(
        tuple(replace(column, name=new) for new, column in zip(renamed, relation.columns, strict=True)),
        keys=tuple(frozenset(unique[name] for name in key) for key in relation.keys if key <= unique.keys()),
        optional_keys=tuple(
            frozenset(unique[name] for name in key) for key in relation.optional_keys if key <= unique.keys()
        ),
        some=relation.some,
        grows=relation.grows,
    )


def from_rows(select: exp.Expr, scope: Scope) -> Rows:
    """Join the sources of a SELECT; `scope` holds the CTEs and what is around the SELECT."""
    start = select.args.get("from_")
    rows = _source(start.this, scope, Rows()) if start is not None else Rows()
    return join_sources(rows, select.args.get("joins") or [], scope)


def join_sources(rows: Rows, joins: list[Any], scope: Scope) -> Rows:
    """Join one source after the other to the rows so far."""
    for join in joins:
        right = _source(join.this, scope, rows)
        _join(rows, right, join, scope)
    return rows


def _source(node: Any, scope: Scope, left: Rows) -> Rows:
    if isinstance(node, exp.Subquery) and isinstance(node.this, (exp.Table, exp.Subquery)) and not node.alias:
        rows = _source(node.this, scope, left)
        return join_sources(rows, node.args.get("joins") or [], scope)
    alias, names = _alias(node)
    rows = Rows()
    relation = named_columns(_relation(node, scope, left), names)
    if isinstance(node, exp.Unnest) and not names and len(relation.columns) == 1:
        relation = named_columns(relation, [alias])
    alias = alias or f"?{id(node)}"
    rows.known = relation.known
    rows.sources[alias] = relation
    rows.not_null = {(alias, column.name) for column in relation.columns if not column.reason}
    if relation.keys and frozenset() in relation.keys:
        rows.rules.append((frozenset(), frozenset({row_of(alias)})))
    return join_sources(rows, node.args.get("joins") or [], scope)


def _alias(node: exp.Expr) -> tuple[str, list[str]]:
    alias = node.args.get("alias")
    if isinstance(alias, exp.TableAlias):
        columns: list[exp.Expr] = alias.args.get("columns") or []
        return alias.name.lower(), [column.name.lower() for column in columns]
    return (node.name.lower() if isinstance(node, exp.Table) else ""), []


def _relation(node: Any, scope: Scope, left: Rows) -> Relation:
    context = scope.context
    if isinstance(node, exp.Lateral):
        return context.relate(node.this, scope.inner(left)) if isinstance(node.this, exp.Subquery) else NOTHING
    if isinstance(node, (exp.Subquery, exp.Values)):
        return context.relate(node, scope)
    if isinstance(node, exp.Unnest):
        return _elements(node, scope)
    if not isinstance(node, exp.Table) or node.args.get("rows_from") or node.args.get("pivots"):
        return NOTHING
    if isinstance(node.this, exp.Func):
        return _function(node.this, scope)
    name = node.name.lower()
    if node.args.get("db") is None and name in scope.ctes:
        return scope.ctes[name] or NOTHING
    table = context.facts.tables.get(name)
    if table is None or node.args.get("db") is not None:
        return NOTHING
    return table_relation(table, context) if table.view is None else context.views.get(name) or NOTHING


def _sure_elements(node: Any, scope: Scope) -> bool:
    kind = scope.context.params.get(node.name) if isinstance(node, exp.Placeholder) else None
    return kind is not None and kind.array and not kind.null_elements


def _elements(node: exp.Unnest, scope: Scope) -> Relation:
    sure = len(node.expressions) == 1 and _sure_elements(node.expressions[0], scope)
    reason = "" if sure else "an element may be NULL, and shorter arrays are filled up with NULL"
    columns = [OutColumn(f"?{index}", reason) for index, _ in enumerate(node.expressions)]
    offset = node.args.get("offset")
    if isinstance(offset, exp.Identifier):
        position = OutColumn(offset.name.lower(), "")
        return Relation((*columns, position), keys=(frozenset({position.name}),))
    return NOTHING if offset else Relation(tuple(columns))


def _function(node: exp.Func, scope: Scope) -> Relation:
    if not scope.context.sqlite or not isinstance(node, exp.Anonymous) or node.name.lower() != "json_each":
        return NOTHING
    sure = len(node.expressions) == 1 and _sure_elements(node.expressions[0], scope)
    reason = "an element of the JSON may be null"
    columns = tuple(
        OutColumn(name, "" if sure and name in {"key", "value"} else reason, parent=False) for name in _EACH_COLUMNS
    )
    bound = all(isinstance(item, (exp.Placeholder, exp.Literal)) for item in node.expressions)
    grows: frozenset[str] = frozenset() if bound else frozenset({"json_each"})
    return Relation(columns, keys=(frozenset({"key"}),) if sure else (), grows=grows)


def _join(rows: Rows, right: Rows, join: exp.Join, scope: Scope) -> None:
    side = join.side.upper()
    if join.kind.upper() in {"SEMI", "ANTI", "STRAIGHT"} or rows.sources.keys() & right.sources.keys():
        rows.known = right.known = False
        rows.absent("it is not certain what {alias} is")
        right.absent("it is not certain what {alias} is")
    shared = _shared(rows, right, join)
    pairs = [(name, rows.attr_of(name, ""), right.attr_of(name, "")) for name in shared]
    both = _both(rows, right)
    whole = Scope(scope.context, both, scope, scope.ctes)
    condition = join.args.get("on")
    sure = present(condition, whole) | {attr for _, one, two in pairs for attr in (one, two) if attr is not None}
    ties = tied(condition, whole)
    for _, one, two in pairs:
        if one is not None and two is not None:
            ties += [(frozenset({one}), frozenset({two})), (frozenset({two}), frozenset({one}))]
    before, after = rows.rows(), right.rows()
    matched = {attr for attr in sure if attr[0] in right.sources}
    single = _decides(rows, right, ties, matched) if side == "LEFT" else False
    mirrored = _decides(right, rows, ties, sure - matched) if side == "RIGHT" else False
    if side in {"LEFT", "FULL"}:
        right.absent(_ABSENT % side)
    if side in {"RIGHT", "FULL"}:
        rows.absent(_ABSENT % side)
    kept = listed(condition, whole) if not side else set[Attr]()
    _merge(rows, right)
    if not side:
        rows.rules += ties
        rows.prove(sure)
        rows.listed |= kept
    elif single or mirrored:
        rows.rules.append((before, after) if single else (after, before))
    for name, one, two in pairs:
        rows.merged[name] = {"RIGHT": two, "FULL": None}.get(side, one)


def _shared(rows: Rows, right: Rows, join: exp.Join) -> list[str]:
    using = join.args.get("using")
    if using:
        return [item.name.lower() for item in using]
    if (join.method or "").upper() != "NATURAL":
        return []
    if not (rows.known and right.known):
        rows.known = right.known = False
        return []
    names = {column.name for relation in right.sources.values() for column in relation.columns}
    return sorted(name for name in names if name in rows.merged or rows.holders(name))


def _both(rows: Rows, right: Rows) -> Rows:
    return Rows(
        sources={**rows.sources, **right.sources},
        merged={**rows.merged, **right.merged},
        known=rows.known and right.known,
    )


def _decides(rows: Rows, right: Rows, ties: list[Any], sure: set[Attr]) -> bool:
    # One row of `rows` meets one row of `right` at most, if the condition's equalities hold a key of `right`.
    given = {(alias, column.name) for alias, relation in rows.sources.items() for column in relation.columns}
    return right.rows() <= closure(given, [*right.dependencies(sure), *ties])


def _merge(rows: Rows, right: Rows) -> None:
    rows.sources.update(right.sources)
    rows.not_null |= right.not_null
    rows.nullable.update(right.nullable)
    rows.rules += right.rules
    rows.merged.update(right.merged)
    rows.listed |= right.listed
    rows.known = rows.known and right.known


def restrict(rows: Rows, condition: Any, scope: Scope) -> None:
    """Apply a WHERE condition to the joined rows."""
    if condition is None:
        return
    rows.prove(present(condition, scope))
    rows.rules += tied(condition, scope)
    rows.listed |= listed(condition, scope)

"""Proves which columns of a result tell its rows apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlglot import exp

from lumia.typedsql.prove.model import Attr, Dependency, OutColumn, Relation, closure
from lumia.typedsql.prove.select import Selected, attr_of

__all__ = ["decides", "dependencies_of", "is_one_row", "output_attrs", "output_keys", "row_target", "set_keys"]


def is_one_row(node: exp.Expr) -> bool:
    """Tell whether a LIMIT lets one row through at most."""
    limit = node.args.get("limit")
    if not isinstance(limit, exp.Limit):
        return False
    size = limit.expression
    return isinstance(size, exp.Literal) and not size.is_string and size.name in {"0", "1"}


def decides(given: Iterable[Attr], target: frozenset[Attr] | None, parts: Selected, rules: list[Dependency]) -> bool:
    """Tell whether these values decide the row: as its key does, or as all of its columns."""
    if target is None:
        return False
    found = closure(given, rules)
    if target <= found:
        return True
    # Rows that are equal in every column cannot be told apart, so it does not matter which comes first.
    sources = parts.scope.rows.sources
    return target == parts.scope.rows.rows() and all(
        relation.known and relation.columns and all((alias, column.name) in found for column in relation.columns)
        for alias, relation in sources.items()
    )


def output_attrs(select: exp.Select, parts: Selected) -> list[Attr]:
    """Return the value of each result column; not for a list with `*`."""
    return [attr_of(node, parts.scope) for node in select.expressions]


def row_target(select: exp.Select, parts: Selected) -> frozenset[Attr] | None:
    """Return what decides a row of the result; None if nothing does."""
    distinct = select.args.get("distinct")
    if isinstance(distinct, exp.Distinct):
        chosen = distinct.args.get("on")
        if chosen is not None:
            nodes: list[Any] = chosen.expressions if isinstance(chosen, exp.Tuple) else [chosen]
            return frozenset(attr_of(node, parts.scope) for node in nodes)
        return frozenset(output_attrs(select, parts))
    return parts.target if parts.scalar else None


def dependencies_of(select: exp.Select, parts: Selected) -> list[Dependency]:
    """Return what follows from what in the rows of a SELECT, with its expressions and row numbers."""
    scope = parts.scope
    rules = scope.rows.dependencies()
    for node in select.expressions:
        inner = node.unalias()
        attr = attr_of(inner, scope)
        if attr[0] != "=":
            continue
        if isinstance(inner, (exp.Literal, exp.Placeholder)):
            rules.append((frozenset(), frozenset({attr})))
        columns = [scope.local(column) for column in inner.find_all(exp.Column)]
        steady = not any(isinstance(part, (exp.Anonymous, exp.Query, exp.AggFunc, exp.Window)) for part in inner.walk())
        if steady and columns and None not in columns:
            rules.append((frozenset(column for column in columns if column is not None), frozenset({attr})))
        if isinstance(inner, exp.Window) and isinstance(inner.this, exp.RowNumber) and parts.target is not None:
            groups: list[Any] = inner.args.get("partition_by") or []
            order = inner.args.get("order")
            terms: list[Any] = [term.this for term in order.expressions] if order is not None else []
            given = {attr_of(part, scope) for part in groups}
            # Numbers given to rows that tie are not the same on the other engine.
            total = parts.target <= closure({*given, *(attr_of(term, scope) for term in terms)}, rules)
            if inner.args.get("alias") is None and total:
                rules.append((frozenset({attr, *given}), parts.target))
    return rules


def output_keys(select: exp.Select, parts: Selected, columns: list[OutColumn]) -> tuple[frozenset[str], ...]:
    """Return sets of result columns of which no two rows have equal values."""
    if is_one_row(select):
        return (frozenset(),)
    if any(isinstance(node, exp.Star) or isinstance(node.this, exp.Star) for node in select.expressions):
        return _star_keys(select, parts, columns)
    attrs = output_attrs(select, parts)
    return _keys(select, parts, [(column.name, attr) for column, attr in zip(columns, attrs, strict=True)])


def _star_keys(select: exp.Select, parts: Selected, columns: list[OutColumn]) -> tuple[frozenset[str], ...]:
    sources = list(parts.scope.rows.sources)
    if len(select.expressions) != 1 or len(sources) != 1:
        return ()
    return _keys(select, parts, [(column.name, (sources[0], column.name)) for column in columns])


def _keys(select: exp.Select, parts: Selected, named: list[tuple[str, Attr]]) -> tuple[frozenset[str], ...]:
    target = row_target(select, parts)
    if target is None:
        return ()
    rules = dependencies_of(select, parts)
    names = [name for name, _ in named]
    usable = {name: attr for name, attr in named if name and names.count(name) == 1}
    if not target <= closure(usable.values(), rules):
        return ()
    found: set[frozenset[str]] = set()
    for order in (list(usable), list(usable)[::-1]):
        kept = list(order)
        for name in order:
            fewer = [other for other in kept if other != name]
            if target <= closure((usable[other] for other in fewer), rules):
                kept = fewer
        found.add(frozenset(kept))
    found |= {
        frozenset({name})
        for name, attr in usable.items()
        if target <= closure([attr], rules) and frozenset() not in found
    }
    return tuple(sorted(found, key=lambda key: (len(key), sorted(key))))


def set_keys(node: exp.SetOperation, left: Relation, right: Relation) -> tuple[frozenset[str], ...]:
    """Return the keys of a UNION, EXCEPT or INTERSECT."""
    names = [column.name for column in left.columns]
    unique = all(names) and len(set(names)) == len(names)
    found: list[frozenset[str]] = []
    if node.args.get("distinct") is not False and unique:
        found.append(frozenset(names))
    if isinstance(node, (exp.Except, exp.Intersect)) and node.args.get("distinct") is not False:
        found += left.keys
    if isinstance(node, exp.Union) and unique:
        found += _tagged(left, right)
    return tuple(found)


def _tagged(left: Relation, right: Relation) -> list[frozenset[str]]:
    # Branches that each write another literal into one column cannot give the same row.
    names = [column.name for column in left.columns]
    moved = dict(zip([column.name for column in right.columns], names, strict=True))
    found: list[frozenset[str]] = []
    for one, two in zip(left.columns, right.columns, strict=True):
        if one.labels is None or two.labels is None or one.labels & two.labels:
            continue
        found += [
            frozenset({one.name}) | key | {moved[name] for name in other} for key in left.keys for other in right.keys
        ]
    return found

"""Reads conditions: which columns they let through only if not NULL, and which values they tie together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlglot import exp

from lumia.typedsql.prove.model import Attr, Dependency, Scope

__all__ = ["conjuncts", "is_constant", "listed", "present", "tied"]

_COMPARES: Final = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like)
_CONSTANT: Final = (
    exp.Literal, exp.Boolean, exp.Placeholder, exp.Cast, exp.TryCast, exp.Paren, exp.Neg, exp.Add, exp.Sub, exp.Mul,
    exp.DataType, exp.Coalesce, exp.Null, exp.Collate, exp.Identifier,
)  # fmt: skip


def conjuncts(condition: Any) -> Iterator[exp.Expr]:
    """Yield the parts of a condition that are joined by AND at its top."""
    if isinstance(condition, (exp.Where, exp.Paren, exp.Having)):
        yield from conjuncts(condition.this)
    elif isinstance(condition, exp.And):
        yield from conjuncts(condition.this)
        yield from conjuncts(condition.expression)
    elif isinstance(condition, exp.Expr):
        yield condition


def _bare(node: Any) -> Any:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _attr(node: Any, scope: Scope) -> Attr | None:
    node = _bare(node)
    return scope.local(node) if isinstance(node, exp.Column) else None


def present(condition: Any, scope: Scope) -> set[Attr]:
    """Return the columns of the scope's own rows that are not NULL wherever the condition holds."""
    found: set[Attr] = set()
    for part in conjuncts(condition):
        found |= _present(part, scope)
    return found


def _present(part: exp.Expr, scope: Scope) -> set[Attr]:
    if isinstance(part, exp.Or):
        return present(part.this, scope) & present(part.expression, scope)
    nodes: list[Any] = []
    # `x <> ALL (…)` over no elements is true, also where x is NULL.
    if isinstance(part, _COMPARES) and not _is_every(part.expression):
        nodes = [part.this, part.expression]
    elif isinstance(part, exp.Between):
        nodes = [part.this, part.args["low"], part.args["high"]]
    elif isinstance(part, exp.In) and not part.args.get("negate"):
        nodes = [part.this]
    elif isinstance(part, exp.Column):
        nodes = [part]
    elif (test := _null_test(part)) is not None:
        nodes = [] if test[1] else [test[0]]
    elif isinstance(part, exp.Not):
        inner = _bare(part.this)
        if isinstance(inner, exp.Column):
            nodes = [inner]
        elif (
            isinstance(inner, _COMPARES)
            and not _is_every(inner.expression)
            and not isinstance(inner.expression, exp.Any)
        ):
            nodes = [inner.this, inner.expression]
    return {attr for attr in (_attr(node, scope) for node in nodes) if attr is not None}


def _is_every(node: Any) -> bool:
    # The parser knows ALL before a query, and takes ALL and SOME before an array for functions.
    return isinstance(node, exp.All) or (isinstance(node, exp.Anonymous) and node.name.upper() in {"ALL", "SOME"})


def _null_test(part: Any) -> tuple[Any, bool] | None:
    # The parser writes IS NOT NULL in two ways, one for each engine; True: the value must be NULL.
    if isinstance(part, exp.Not):
        found = _null_test(_bare(part.this))
        return (found[0], not found[1]) if found is not None else None
    if isinstance(part, exp.Is) and isinstance(part.expression, exp.Null):
        return part.this, not part.args.get("negate")
    return None


def is_constant(node: Any, scope: Scope) -> bool:
    """Tell whether an expression has one value for all rows of the scope: parameters, literals, outer columns."""
    if isinstance(node, exp.Column):
        found = scope.find(node)
        return found is not None and found[0] is not scope
    if not isinstance(node, _CONSTANT):
        return False
    return all(is_constant(child, scope) for child in node.iter_expressions())


def tied(condition: Any, scope: Scope) -> list[Dependency]:
    """Return what the condition's equalities decide: a column equal to a constant, two columns equal to each other."""
    result: list[Dependency] = []
    for part in conjuncts(condition):
        sides: tuple[Any, Any]
        if isinstance(part, (exp.EQ, exp.NullSafeEQ)):
            sides = (part.this, part.expression)
        elif (test := _null_test(part)) is not None and test[1]:
            sides = (test[0], exp.Null())
        elif isinstance(part, exp.In) and len(part.expressions) == 1 and not part.args.get("query"):
            sides = (part.this, part.expressions[0])
        elif isinstance(part, exp.Column) and not scope.context.sqlite:
            sides = (part, exp.Boolean(this=True))
        else:
            continue
        result += _tie(sides, scope)
    return result


def _tie(sides: tuple[Any, Any], scope: Scope) -> Iterator[Dependency]:
    attrs = [_attr(side, scope) for side in sides]
    for one, other, side in ((attrs[0], attrs[1], sides[1]), (attrs[1], attrs[0], sides[0])):
        if one is None:
            continue
        if other is not None:
            yield frozenset({other}), frozenset({one})
        elif is_constant(_bare(side), scope):
            yield frozenset(), frozenset({one})


def listed(condition: Any, scope: Scope) -> set[Attr]:
    """Return the columns that the condition keeps within a list that the caller gives."""
    found: set[Attr] = set()
    for part in conjuncts(condition):
        attr: Attr | None = None
        if isinstance(part, exp.In) and not part.args.get("negate"):
            query = part.args.get("query")
            if query is not None:
                short = not scope.context.relate(query, scope).grows
            else:
                short = all(is_constant(item, scope) for item in part.expressions)
            attr = _attr(part.this, scope) if short else None
        elif isinstance(part, exp.EQ) and isinstance(part.expression, exp.Any):
            inner = _bare(part.expression.this)
            attr = _attr(part.this, scope) if isinstance(inner, exp.Placeholder) else None
        if attr is not None:
            found.add(attr)
    return found

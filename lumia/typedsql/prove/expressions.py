"""Proves of one expression that it cannot be NULL, or says why it may."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, cast

from sqlglot import exp

from lumia.typedsql.prove.facts import SchemaFacts
from lumia.typedsql.prove.functions import is_aggregate
from lumia.typedsql.prove.kinds import kind_of
from lumia.typedsql.prove.model import OutColumn, Scope

__all__ = ["children", "is_json", "local_aggregates", "own_nodes", "plain_text", "weigh", "why_null"]

_NEVER: Final = (
    exp.Literal, exp.Boolean, exp.Count, exp.Exists, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Array,
    exp.RowNumber, exp.Rank, exp.DenseRank, exp.PercentRank, exp.CumeDist, exp.CurrentTimestamp,
)  # fmt: skip
# NULL only if one of their arguments is, on both engines.
_STRICT: Final = (
    exp.Paren, exp.Not, exp.And, exp.Or, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.Escape,
    exp.Between, exp.DPipe, exp.Length, exp.Abs, exp.Trim, exp.Greatest, exp.Least,
)  # fmt: skip
_STRICT_POSTGRESQL: Final = (exp.Round, exp.Floor, exp.Ceil, exp.Div, exp.Mod)
_ARITHMETIC: Final = (exp.Add, exp.Sub, exp.Mul)
_COMPARISON: Final = (
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.In, exp.Between,
    exp.Is, exp.Exists, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Boolean, exp.Count, exp.Length,
)  # fmt: skip
_AGGREGATES: Final = (exp.Sum, exp.Min, exp.Max, exp.Avg, exp.ArrayAgg)
# Functions that sqlglot has no class for and that never give NULL.
_NAMED: Final = {"postgresql": frozenset({"nextval", "gen_random_uuid"}), "sqlite": frozenset({"json_group_array"})}
_WHOLE_KINDS: Final = frozenset({"int", "bool", "money", "rate"})
_MAX_WEIGHT: Final = 12  # a product of so many 64-bit numbers is still a finite REAL
_MAX_DIGITS: Final = 18


def children(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the direct sub-expressions."""
    yield from node.iter_expressions()


def plain_text(node: exp.Expr) -> str:
    """Spell an expression without parentheses and without the names of its tables, to tell equal ones."""

    def bare(part: exp.Expr) -> exp.Expr:
        if isinstance(part, exp.Paren):
            return part.unnest()
        return exp.column(part.name.lower()) if isinstance(part, exp.Column) else part

    return node.copy().transform(bare).sql()


def own_nodes(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the nodes of an expression; of the queries inside it, only their topmost."""
    yield node
    if not isinstance(node, exp.Query):
        for child in children(node):
            yield from own_nodes(child)


def local_aggregates(nodes: Iterable[exp.Expr], facts: SchemaFacts) -> list[exp.Expr]:
    """Return the aggregates that stand in these expressions themselves."""
    return [part for node in nodes for part in own_nodes(node) if is_aggregate(part, facts)]


def why_null(node: Any, scope: Scope) -> str:  # noqa: C901 - one line for each kind of expression
    """Return why an expression may be NULL; an empty text if it provably cannot."""
    sqlite = scope.context.sqlite
    if isinstance(node, exp.Alias):
        return why_null(node.this, scope)
    if scope.sets and plain_text(node) in scope.sets:
        return scope.collapsed
    if isinstance(node, exp.Column):
        return _column(node, scope)
    if isinstance(node, exp.Placeholder):
        return _placeholder(node, scope)
    if isinstance(node, _NEVER):
        return ""
    special: Callable[[Any, Scope], str] | None = _SPECIAL.get(node.__class__)
    if special is not None:
        return special(node, scope)
    if isinstance(node, _STRICT) or (not sqlite and isinstance(node, _STRICT_POSTGRESQL)):
        return _first(children(node), scope)
    if isinstance(node, _ARITHMETIC):
        return _arithmetic(node, scope)
    if isinstance(node, _AGGREGATES):
        return _aggregate(node, scope)
    if isinstance(node, exp.JSONArrayAgg):
        return "" if sqlite else "an aggregate over no rows is NULL"
    if isinstance(node, exp.Anonymous):
        known = node.name.lower() in _NAMED[scope.context.facts.engine]
        return "" if known else f"nothing is known of the function {node.name}"
    return f"{_words(node)} is not among what is proven"


def _substring(node: exp.Substring, scope: Scope) -> str:
    # With a pattern in place of a position it is NULL where nothing matches.
    if scope.context.sqlite:
        return f"{_words(node)} is not among what is proven"
    numbers = [part for name in ("start", "length") if (part := node.args.get(name)) is not None]
    if not all(kind_of(part, scope) in {"int", "zero"} and not isinstance(part, exp.Null) for part in numbers):
        return "substring by a pattern is NULL where nothing matches"
    return _first(children(node), scope)


def _case_folded(node: exp.Expr, scope: Scope) -> str:
    # Of a range, lower and upper are its bounds, which may be missing.
    if any(isinstance(part, exp.Anonymous) for part in node.walk()) and not scope.context.sqlite:
        return f"{_words(node)} is not among what is proven"
    if any(kind_of(part, scope) == "range" for part in node.find_all(exp.Column, exp.Cast)):
        return "a range may have no bound"
    return _first(children(node), scope)


def _words(node: exp.Expr) -> str:
    text = node.sql()
    return text if len(text) <= 40 else f"{text[:37]}…"  # noqa: PLR2004 - what a line of a terminal takes


def _first(nodes: Iterable[Any], scope: Scope) -> str:
    return next(filter(None, (why_null(node, scope) for node in nodes)), "")


def _column(node: exp.Column, scope: Scope) -> str:
    found = scope.find(node)
    if found is None:
        return f"it is not certain which column {_words(node)} is"
    home, attr = found
    if home.collapsed:
        return home.collapsed
    if attr in home.rows.not_null:
        return ""
    if attr[0] in home.rows.nullable:
        return home.rows.nullable[attr[0]]
    column = home.rows.column(attr)
    return (column.reason if column is not None else "") or f"{attr[0]}.{attr[1]} may be NULL"


def _placeholder(node: exp.Placeholder, scope: Scope) -> str:
    kind = scope.context.params.get(node.name)
    return "" if kind is not None and not kind.optional else f"the argument {node.name} may be None"


def _neg(node: exp.Neg, scope: Scope) -> str:
    return why_null(node.this, scope)


def _is(node: exp.Is, scope: Scope) -> str:
    if isinstance(node.expression, (exp.Null, exp.Boolean)):
        return ""
    return _first(children(node), scope)


def _null(_node: exp.Null, _scope: Scope) -> str:
    return "it is NULL"


def _cast(node: exp.Cast, scope: Scope) -> str:
    if not scope.context.sqlite and is_json(node.this, scope) and not _is_json_type(node.to):
        return "a JSON null becomes NULL when it is cast"
    return why_null(node.this, scope)


def _is_json_type(kind: exp.DataType) -> bool:
    return "JSON" in str(kind.this).upper() or "json" in kind.sql().lower()


def is_json(node: exp.Expr, scope: Scope) -> bool:
    """Tell whether an expression may be a JSON value."""
    for part in own_nodes(node):
        if isinstance(part, exp.Query):
            return _only(part, scope)[0].json
        if isinstance(part, exp.Column):
            found = scope.find(part)
            column = found[0].rows.column(found[1]) if found is not None else None
            if column is None or column.json:
                return True
        elif isinstance(part, exp.DataType) and _is_json_type(part):
            return True
    return False


def _coalesce(node: exp.Coalesce, scope: Scope) -> str:
    reasons = [why_null(part, scope) for part in (node.this, *node.expressions)]
    return "" if not all(reasons) else f"every argument of coalesce may be NULL ({reasons[-1]})"


def _case(node: exp.Case, scope: Scope) -> str:
    default = node.args.get("default")
    if default is None:
        return "CASE without ELSE is NULL where nothing fits"
    branches = [cast("exp.If", branch).args["true"] for branch in node.args["ifs"]]
    return _first([*branches, default], scope)


def _if(node: exp.If, scope: Scope) -> str:
    otherwise = node.args.get("false")
    if otherwise is None:
        return "a condition without its other side is NULL where it does not hold"
    return _first([node.args["true"], otherwise], scope)


def _nullif(_node: exp.Nullif, _scope: Scope) -> str:
    return "nullif is NULL where both are equal"


def _in(node: exp.In, scope: Scope) -> str:
    reason = why_null(node.this, scope) or _first(node.expressions, scope)
    query = node.args.get("query")
    if reason or (query is None and not node.expressions):
        return reason or "it is not certain what the list holds"
    if query is None:
        return ""
    return _only(query, scope)[0].reason


def _any(node: exp.Any, scope: Scope) -> str:
    inner = node.this.unnest() if isinstance(node.this, exp.Paren) else node.this
    if isinstance(inner, exp.Placeholder):
        kind = scope.context.params.get(inner.name)
        if kind is not None and kind.array and not kind.optional and not kind.null_elements:
            return ""
    return "an element of the array may be NULL"


def _only(query: exp.Expr, scope: Scope) -> tuple[OutColumn, bool]:
    relation = scope.context.relate(query, scope)
    if len(relation.columns) != 1:
        return OutColumn("", "nothing is known of the query inside"), False
    return relation.columns[0], relation.some


def _subquery(node: exp.Expr, scope: Scope) -> str:
    column, some = _only(node, scope)
    if not some:
        return "a scalar subquery may give no row"
    return column.reason


def _window(node: exp.Window, scope: Scope) -> str:
    inner = node.this
    if isinstance(inner, exp.Ntile):
        return why_null(inner.this, scope)
    if isinstance(inner, (exp.RowNumber, exp.Rank, exp.DenseRank, exp.PercentRank, exp.CumeDist, exp.Count)):
        return ""
    if isinstance(inner, exp.Filter) and isinstance(inner.this, exp.Count):
        return ""
    framed = node.args.get("spec") is not None or node.args.get("alias") is not None
    if isinstance(inner, (exp.Sum, exp.Min, exp.Max, exp.Avg)) and not framed:
        return _numbers(inner, scope)
    return f"{_words(inner)} may find no row in its window"


def _filter(node: exp.Filter, _scope: Scope) -> str:
    return "" if isinstance(node.this, exp.Count) else "an aggregate over no rows is NULL: its FILTER may let none pass"


def _aggregate(node: exp.Expr, scope: Scope) -> str:
    if isinstance(node, (exp.Max, exp.Min)) and node.expressions:
        return _first(children(node), scope)
    if not scope.grouped:
        return scope.collapsed or f"{node.key} over no rows is NULL"
    return _numbers(node, scope)


def _numbers(node: exp.Expr, scope: Scope) -> str:
    inner: Any = node.this
    while isinstance(inner, exp.Order):
        inner = inner.this
    args: list[Any] = inner.expressions if isinstance(inner, exp.Distinct) else [inner]
    if not args or args == [None] or node.expressions:
        return f"{_words(node)} is not among what is proven"
    reason = _first(args, scope)
    if not reason and scope.context.sqlite and isinstance(node, (exp.Sum, exp.Avg)) and weigh(args[0], scope) is None:
        return "infinity minus infinity is NULL on SQLite, and nothing keeps infinity out"
    return reason


def _arithmetic(node: exp.Expr, scope: Scope) -> str:
    reason = _first((node.this, node.expression), scope)
    if reason or not scope.context.sqlite:
        return reason
    weights = [weigh(side, scope) for side in (node.this, node.expression)]
    finite = all(weights) if isinstance(node, exp.Mul) else any(weights)
    return "" if finite else "infinity minus infinity is NULL on SQLite, and nothing keeps infinity out"


def weigh(node: Any, scope: Scope) -> int | None:
    """Return from how many whole numbers a value is computed, all of them finite; None if that is not certain."""
    if isinstance(node, _COMPARISON):
        return 1
    if isinstance(node, exp.Literal):
        return 1 if not node.is_string and node.name.isdigit() and len(node.name) <= _MAX_DIGITS else None
    if isinstance(node, exp.Placeholder):
        kind = scope.context.params.get(node.name)
        return 1 if kind is not None and kind.kind in _WHOLE_KINDS and not kind.array else None
    if isinstance(node, exp.Column):
        found = scope.find(node)
        column = found[0].rows.column(found[1]) if found is not None else None
        return column.weight if column is not None else None
    if isinstance(node, exp.Cast):
        return 1 if node.to.is_type(exp.DType.INT, exp.DType.BIGINT) else None
    if isinstance(node, (exp.Alias, exp.Paren, exp.Neg, exp.Sum, exp.Min, exp.Max)) and not node.expressions:
        return weigh(node.this, scope)
    if isinstance(node, (*_ARITHMETIC, exp.Coalesce, exp.Case)):
        weights = [weigh(part, scope) for part in _values(node)]
        total = sum(weight for weight in weights if weight is not None)
        return total if None not in weights and total <= _MAX_WEIGHT else None
    if isinstance(node, exp.Window):
        return weigh(node.this, scope)
    if isinstance(node, (exp.RowNumber, exp.Rank, exp.DenseRank)):
        return 1
    return None


def _values(node: exp.Expr) -> list[Any]:
    if isinstance(node, exp.Coalesce):
        return [node.this, *node.expressions]
    if isinstance(node, exp.Case):
        default = node.args.get("default")
        return [branch.args["true"] for branch in node.args["ifs"]] + ([] if default is None else [default])
    return [node.this, node.expression]


_SPECIAL: Final[dict[type, Callable[[Any, Scope], str]]] = {
    exp.Substring: _substring,
    exp.Lower: _case_folded,
    exp.Upper: _case_folded,
    exp.Neg: _neg,
    exp.Is: _is,
    exp.Null: _null,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.Collate: _neg,
    exp.Coalesce: _coalesce,
    exp.Case: _case,
    exp.If: _if,
    exp.Nullif: _nullif,
    exp.In: _in,
    exp.Any: _any,
    exp.Subquery: _subquery,
    exp.Window: _window,
    exp.Filter: _filter,
}

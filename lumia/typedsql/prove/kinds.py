"""Tells what a value is: money, a rate, a plain number, a moment, an enum's label, as far as PostgreSQL's types say."""

from __future__ import annotations

from typing import Any, Final

from sqlglot import exp

from lumia.typedsql.prove.facts import SchemaFacts
from lumia.typedsql.prove.model import OutColumn, Scope

__all__ = ["SCALED", "collation_of", "column_of", "kind_of", "kind_of_type", "mixed", "type_name", "worst"]

SCALED: Final = frozenset({"money", "rate"})
"""What SQLite keeps in whole numbers of small units."""

_KINDS: Final = {
    "money_amount": "money", "rate_fraction": "rate", "bigint": "int", "integer": "int", "smallint": "int",
    "int": "int", "boolean": "bool", "utc_timestamp": "timestamp", "timestamptz": "timestamp",
    "timestamp with time zone": "timestamp", "timestamp": "timestamp", "timestamp without time zone": "timestamp",
    "date": "date", "uuid": "uuid", "text": "text", "character varying": "text", "varchar": "text",
}  # fmt: skip
# The value of one of their parts.
_SAME: Final = (
    exp.Paren, exp.Alias, exp.Neg, exp.Abs, exp.Sum, exp.Min, exp.Max, exp.Avg, exp.Collate, exp.Order, exp.Ordered,
    exp.Distinct, exp.Window, exp.Filter, exp.FirstValue, exp.LastValue, exp.NthValue, exp.Lag, exp.Lead, exp.Round,
    exp.Floor, exp.Ceil, exp.AnyValue, exp.IgnoreNulls, exp.RespectNulls,
)  # fmt: skip
_NUMBERS: Final = (exp.Count, exp.Length, exp.RowNumber, exp.Rank, exp.DenseRank, exp.Ntile, exp.StrPosition)
_TRUTHS: Final = (
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.In, exp.Between,
    exp.Is, exp.Exists, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Boolean,
)  # fmt: skip


def kind_of_type(name: str, facts: SchemaFacts) -> str:
    """Return what a column or cast of that type holds; `enum:…` for an enum, an empty text if nothing is known."""
    name = name.lower()
    if name in facts.enums:
        return f"enum:{name}"
    return _KINDS.get(name, "range" if name.endswith("range") else "")


def type_name(kind: exp.DataType) -> str:
    """Return the name of a cast's type in lower case, without its size."""
    inner = kind.args.get("kind")
    if isinstance(inner, exp.Expr):
        return inner.name.lower()
    return kind.sql("postgres").lower().partition("(")[0].strip()


def column_of(node: Any, scope: Scope) -> OutColumn | None:
    """Return the column that an expression names, through parentheses; None for any other expression."""
    while isinstance(node, exp.Paren):
        node = node.this
    found = scope.find(node) if isinstance(node, exp.Column) else None
    return found[0].rows.column(found[1]) if found is not None else None


def worst(kinds: set[str]) -> str:
    """Return what a value of several kinds is: nothing certain, if they differ."""
    sure = kinds - {"zero"}
    if not sure:
        return "zero" if kinds else ""
    return sure.pop() if len(sure) == 1 else ""


def kind_of(node: Any, scope: Scope) -> str:  # noqa: C901, PLR0912 - one line for each kind of expression
    """Return what an expression's value is; `zero` fits every unit, an empty text says that nothing is known."""
    if isinstance(node, exp.Column):
        column = column_of(node, scope)
        return column.kind if column is not None else ""
    if isinstance(node, exp.Placeholder):
        kind = scope.context.params.get(node.name)
        if kind is None or kind.array:
            return ""
        return f"enum:{kind.target.__name__}" if kind.kind == "enum" and kind.target else kind.kind
    if isinstance(node, exp.Literal):
        if node.is_string:
            return ""
        return "int" if any(digit in "123456789" for digit in node.name) else "zero"
    if isinstance(node, exp.Null):
        return "zero"
    if isinstance(node, _NUMBERS):
        return "int"
    if isinstance(node, _TRUTHS):
        return "bool"
    if isinstance(node, (exp.Cast, exp.TryCast)):
        return _cast(node, scope)
    if isinstance(node, _SAME):
        parts: list[Any] = node.expressions if isinstance(node, exp.Distinct) else [node.this]
        return kind_of(parts[0], scope) if len(parts) == 1 else ""
    if isinstance(node, exp.Subquery):
        columns = scope.context.relate(node, scope).columns
        return columns[0].kind if len(columns) == 1 else ""
    if isinstance(node, exp.Mul):
        return _product(kind_of(node.this, scope), kind_of(node.expression, scope))
    if isinstance(node, (exp.Div, exp.Mod)):
        left = kind_of(node.this, scope)
        return left if kind_of(node.expression, scope) == "int" or left == "zero" else ""
    values = mixed(node)
    return worst({kind_of(value, scope) for value in values}) if values else ""


def mixed(node: Any) -> list[Any]:
    """Return the parts of an expression that must be of one kind, of which its value is too."""
    if isinstance(node, (exp.Add, exp.Sub)):
        return [node.this, node.expression]
    if isinstance(node, (exp.Coalesce, exp.Greatest, exp.Least)):
        return [node.this, *node.expressions]
    if isinstance(node, exp.Nullif):
        return [node.this, node.expression]
    if isinstance(node, exp.Case):
        default = node.args.get("default")
        return [branch.args["true"] for branch in node.args["ifs"]] + ([] if default is None else [default])
    return []


def _cast(node: exp.Expr, scope: Scope) -> str:
    inner = kind_of(node.this, scope)
    target = kind_of_type(type_name(node.args["to"]), scope.context.facts)
    if target in {"int", ""} and inner == "zero":
        return inner
    # A cast to a plain number keeps the unit: money AS numeric is money on both engines.
    return target or (inner if inner in SCALED else "")


def _product(left: str, right: str) -> str:
    if "zero" in {left, right}:
        return "zero"
    if left == right == "int":
        return "int"
    if {left, right} & SCALED and "int" in {left, right}:
        return left if left in SCALED else right
    return ""


def collation_of(node: Any, scope: Scope) -> str | None:
    """Return the collation by which a value sorts: its column's, "C" if it states one, None if that is not known."""
    if isinstance(node, exp.Collate):
        return "C"
    if isinstance(node, exp.Column):
        column = column_of(node, scope)
        return column.collation if column is not None else None
    if isinstance(node, (*_SAME, exp.Lower, exp.Upper, exp.Trim)):
        return collation_of(node.this, scope)
    values = mixed(node)
    found = [collation for value in values if (collation := collation_of(value, scope)) is not None]
    return next((collation for collation in found if collation != "C"), None)

"""Proves that a list comes in one order on both engines, and that it cannot grow without a limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlglot
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

from lumia.typedsql.prove.expressions import why_null
from lumia.typedsql.prove.keys import decides, dependencies_of, row_target
from lumia.typedsql.prove.model import Attr, Context, Relation, Rows, Scope
from lumia.typedsql.prove.relations import DIALECTS, prove, relate, selected, with_scope
from lumia.typedsql.prove.select import Selected, attr_of

__all__ = ["Orders", "Problem", "bare", "order_problems"]

_CHANGES: Final = (exp.Insert, exp.Update, exp.Delete)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a statement, and the part of it that shows the line; None for the whole."""

    node: exp.Expr | None
    message: str


def order_problems(text: str, statement: exp.Expr, context: Context, *, many: bool, answers: Any) -> Iterator[Problem]:
    """Yield what is wrong with the order and the length of a statement's rows.

    `many`: the query gives a list. `answers` are the notes of its header: `all` why it has no LIMIT, `ties` why rows
    may come in any order.
    """
    yield from _inner_limits(statement)
    orders = Orders(text, statement, context, answers)
    relation = prove(statement, context)
    if frozenset() in relation.keys and _is_single(statement, context):
        return
    ties = getattr(answers, "ties", None)
    if isinstance(statement, _CHANGES):
        if many and ties is None:
            yield Problem(
                statement.args.get("returning"),
                "RETURNING gives several rows in any order: sort them by key where they are used, and say so with "
                "`-- @ties: why`",
            )
        return
    body = orders.body
    order = body.args.get("order")
    if (many or body.args.get("limit") is not None) and order is None and ties is None:
        node = body.args.get("limit")
        what = "LIMIT takes any rows" if node is not None else "the list comes in any order"
        yield Problem(node, f"{what} without ORDER BY: add one that ends in a unique column")
    if order is not None:
        yield from orders.problems(body, with_scope(body, Scope(context, Rows())))
    if many and body.args.get("limit") is None and relation.grows and getattr(answers, "all", None) is None:
        names = ", ".join(sorted(relation.grows))
        yield Problem(
            None,
            f"the list grows with {names} and has no LIMIT: add `LIMIT :max_rows` and page by key, or say why all rows "
            "are wanted with `-- @all: why`",
        )


def _is_single(statement: exp.Expr, context: Context) -> bool:
    # LIMIT 1 gives one row too, but which one is up to the order.
    if statement.args.get("limit") is None:
        return True
    if not isinstance(statement, exp.Select):
        return False
    parts = selected(statement, with_scope(statement, Scope(context, Rows())))
    return _is_total(statement, parts, [])


def _inner_limits(statement: exp.Expr) -> Iterator[Problem]:
    for limit in statement.find_all(exp.Limit, exp.Fetch):
        query = limit.parent
        if query is None or query is statement or query.args.get("order") is not None:
            continue
        if any(isinstance(parent, exp.Exists) for parent in _ancestors(query)):
            continue
        yield Problem(limit, "LIMIT takes any rows without ORDER BY: add one that ends in a unique column")


def _ancestors(node: exp.Expr) -> Iterator[exp.Expr]:
    parent = node.parent
    while parent is not None and isinstance(parent, (exp.Subquery, exp.Paren, exp.Exists)):
        yield parent
        parent = parent.parent


@dataclass(frozen=True, slots=True)
class _Term:
    node: exp.Ordered
    value: exp.Expr
    reason: str
    name: str


class Orders:
    """The orders of one statement: which of their terms say where NULL goes, and what the header answers for."""

    def __init__(self, text: str, statement: exp.Expr, context: Context, answers: Any) -> None:
        """Read the statement's text once more, to see what it states."""
        self.ties: str | None = getattr(answers, "ties", None)
        self.context = context
        self._asserted = {item.name for item in getattr(answers, "asserted", ())}
        self._stated = _stated(text, statement, context)
        self.body = statement
        while isinstance(self.body, (exp.Subquery, exp.Paren)) and not self.body.args.get("order"):
            self.body = self.body.this

    def problems(self, body: exp.Expr, scope: Scope) -> Iterator[Problem]:
        """Yield what is wrong with the ORDER BY of a query in that scope, which knows its CTEs."""
        order: Any = body.args.get("order")
        if isinstance(body, exp.Select):
            parts = selected(body, scope)
            terms = [_select_term(node, body, parts) for node in order.expressions]
            total = _is_total(body, parts, terms)
        else:
            relation = relate(body, scope)
            terms = [_set_term(node, relation) for node in order.expressions]
            names = {term.name for term in terms}
            total = any(key <= names for key in relation.keys)
        if not total and self.ties is None:
            yield Problem(
                order.expressions[-1],
                "rows that tie in ORDER BY come in any order: end it in a unique column, or say with `-- @ties: why` "
                "that there are none",
            )
        for term in terms:
            if term.reason and not (body is self.body and self._is_asserted(term, body)):
                yield from self._unstated(term.node, term.reason)

    def null_problem(self, ordered: exp.Expr, value: exp.Expr, scope: Scope) -> Iterator[Problem]:
        """Yield that a term of another ORDER BY, as a window's, does not say where NULL goes."""
        reason = why_null(value, scope)
        if reason:
            yield from self._unstated(ordered, reason)

    def _unstated(self, ordered: exp.Expr, reason: str) -> Iterator[Problem]:
        if id(ordered) not in self._stated:
            yield Problem(
                ordered,
                f"NULL sorts first on SQLite and last on PostgreSQL ({reason}): state NULLS FIRST or NULLS LAST",
            )

    def _is_asserted(self, term: _Term, body: exp.Expr) -> bool:
        if not isinstance(body, exp.Select):
            return term.name in self._asserted
        return any(
            item.alias_or_name.lower() in self._asserted and item.unalias() == term.value for item in body.expressions
        )


def bare(node: exp.Expr) -> exp.Expr:
    """Return a sort term's value without what does not change which rows tie."""
    while isinstance(node, (exp.Paren, exp.Collate)):
        # A collation that takes different texts for equal ones makes ties of its own.
        if isinstance(node, exp.Collate) and node.expression.name.upper() in {"NOCASE", "RTRIM"}:
            return node
        node = node.this
    return node


def _select_term(ordered: exp.Ordered, select: exp.Select, parts: Selected) -> _Term:
    value = bare(ordered.this)
    if isinstance(value, exp.Literal) and not value.is_string and value.name.isdigit():
        index = int(value.name) - 1
        value = select.expressions[index].unalias() if index < len(select.expressions) else value
    elif isinstance(value, exp.Column) and not value.table:
        name = value.name.lower()
        named = [item for item in select.expressions if isinstance(item, exp.Alias) and item.alias.lower() == name]
        value = named[0].this if named else value
    return _Term(ordered, value, why_null(value, parts.scope), "")


def _set_term(ordered: exp.Ordered, relation: Relation) -> _Term:
    value = bare(ordered.this)
    column = None
    if isinstance(value, exp.Literal) and value.name.isdigit() and int(value.name) <= len(relation.columns):
        column = relation.columns[int(value.name) - 1]
    elif isinstance(value, exp.Column):
        column = relation.named(value.name.lower())
    if column is None:
        return _Term(ordered, value, "it is not certain what it sorts by", "")
    return _Term(ordered, value, column.reason, column.name)


def _is_total(select: exp.Select, parts: Selected, terms: list[_Term]) -> bool:
    # Of the rows with one value, DISTINCT ON takes the first.
    distinct = select.args.get("distinct")
    chosen = isinstance(distinct, exp.Distinct) and distinct.args.get("on") is not None
    target = parts.target if chosen else row_target(select, parts)
    given: set[Attr] = {attr_of(bare(term.value), parts.scope) for term in terms}
    return decides(given, target, parts, dependencies_of(select, parts))


def _stated(text: str, statement: exp.Expr, context: Context) -> set[int]:
    # The parser does not keep whether NULLS FIRST was written, so it reads the text once more with the other default.
    if "NULLS" not in text.upper():
        return set()
    dialect: Any = Dialect.get_or_raise(DIALECTS[context.facts.engine])
    dialect.NULL_ORDERING = "nulls_are_small" if dialect.NULL_ORDERING == "nulls_are_large" else "nulls_are_large"
    other = sqlglot.parse_one(text.rstrip().removesuffix(";"), read=dialect)
    pairs = zip(statement.find_all(exp.Ordered), other.find_all(exp.Ordered), strict=True)
    return {id(one) for one, two in pairs if one.args.get("nulls_first") == two.args.get("nulls_first")}

"""Reads a statement's markers, and refuses those that would leave a caller's argument unused or an order unclear."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lumia.typedsql.lexer import Token
from lumia.typedsql.markers import Condition, Ordering, parse_condition, parse_ordering
from lumia.typedsql.statement import SourceQuery

__all__ = ["with_markers"]

_BOUND: Final = re.compile(r"\0(\w+)\0")
_ORDER_BY: Final = re.compile(r"\s*ORDER\s+BY\b")


def with_markers(query: SourceQuery, tokens: Sequence[Token]) -> SourceQuery:
    """Return the query with the markers of its tokens; a query without any comes back as it is.

    Raises QueryFileError with file and line for every marker that breaks a rule.
    """
    markers = [token for token in tokens if token.kind == "marker"]
    if not markers:
        return query
    texts = dict(query.numbered)
    if query.operator == "*!":
        message = "`*!` runs one statement for all its rows: leave markers out, or mark the query with !"
        raise query.refuse(message, line=markers[0].line)
    ordering = _ordering(query, [marker for marker in markers if marker.text.startswith("--@order ")], texts)
    found = replace(
        query,
        conditions=tuple(
            _condition(query, marker, texts[marker.line]) for marker in markers if marker.text.startswith("--@if ")
        ),
        ordering=ordering,
    )
    _check_labels(found)
    _check_uses(found)
    if len({condition.line for condition in found.conditions}) == len(texts):
        message = "every line has an `--@if`, so that nothing may be left of the statement"
        raise query.refuse(message)
    return found


def _ordering(query: SourceQuery, markers: Sequence[Token], texts: dict[int, str]) -> Ordering | None:
    if not markers:
        return None
    marker = markers[0]
    if len(markers) > 1:
        message = f"`--@order` stands here a second time, after line {marker.line}: a query has one"
        raise query.refuse(message, line=markers[1].line)
    ordering = parse_ordering(marker.text, marker.line, texts[marker.line])
    following = next((text for number, text in sorted(texts.items()) if number > marker.line), "")
    if ordering is None or following.lstrip().startswith(","):
        message = (
            "`--@order` stands on a whole `ORDER BY column [DESC] [NULLS FIRST|LAST], …`: put all its terms, plain "
            "columns each, on one line"
        )
        raise query.refuse(message, line=marker.line)
    labels = ordering.labels
    if labels[0] != ordering.terms[0].label:
        message = f"the first label is the default and says what the line says: begin with {ordering.terms[0].label}"
        raise query.refuse(message, line=marker.line)
    for index, label in enumerate(labels):
        if label in labels[:index]:
            message = f"`--@order` lists {label} twice"
            raise query.refuse(message, line=marker.line)
    if any(param.name == "order" for param in query.params):
        message = "a parameter cannot be called order beside `--@order`, which makes that argument: rename it"
        raise query.refuse(message)
    return ordering


def _condition(query: SourceQuery, marker: Token, text: str) -> Condition:
    condition = parse_condition(marker.text, marker.line)
    names = {param.name for param in query.params}
    for index, name in enumerate(condition.names):
        if name not in names:
            message = f"`{marker.text}` names no parameter {name}: the list is ({', '.join(sorted(names))})"
            raise query.refuse(message, line=marker.line)
        if name in condition.names[:index]:
            message = f"`{marker.text}` names {name} twice"
            raise query.refuse(message, line=marker.line)
    if _ORDER_BY.match(text):
        message = "an ORDER BY line always stands: give it `--@order` if callers choose, and no `--@if`"
        raise query.refuse(message, line=marker.line)
    return replace(condition, binds=tuple(dict.fromkeys(_BOUND.findall(text))))


def _check_labels(query: SourceQuery) -> None:
    for condition in query.conditions:
        for index, label in enumerate(condition.orders):
            if label not in query.orders:
                listed = f"`--@order` lists {'|'.join(query.orders)}" if query.orders else "the query has no `--@order`"
                message = f"`for {label}` is no order of this query: {listed}"
                raise query.refuse(message, line=condition.line)
            if label in condition.orders[:index]:
                message = f"`for` lists {label} twice"
                raise query.refuse(message, line=condition.line)


def _check_uses(query: SourceQuery) -> None:
    """Refuse a parameter that would be bound by a statement whose caller need not give it."""
    marked = {condition.line for condition in query.conditions}
    needed = {name: line for line, text in query.numbered if line not in marked for name in _BOUND.findall(text)}
    optional = query.optional
    for condition in query.conditions:
        for name in condition.names:
            if name in needed:
                message = (
                    f"parameter {name} is needed in line {needed[name]}, which has no `--@if {name}`: mark that line "
                    "too, or this one not"
                )
                raise query.refuse(message, line=condition.line)
        for name in condition.binds:
            if name not in condition.names and name not in needed:
                also = f"--@if {', '.join([*condition.names, name])}"
                why = "is optional" if name in optional else "is used on lines with `--@if` only"
                message = f"parameter {name} {why}, and this line does not ask for it: write `{also}`"
                raise query.refuse(message, line=condition.line)

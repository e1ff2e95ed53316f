"""The statements of a query: which of its optional lines stand, and in which order rows come."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Final

from lumia.errors import TypedSqlError
from lumia.typedsql.annotations import Param
from lumia.typedsql.markers import Condition
from lumia.typedsql.statement import SourceQuery

__all__ = ["MOST_VARIANTS", "Variant", "first_variant", "telling_variants", "variant_of", "variants_of"]

MOST_VARIANTS: Final = 64
"""How many statements of one query are listed one by one.

Of a query with more, `variants_of` lists for each order: all switches on, none, each alone, and every pair. A switch is
one optional parameter, or several that stand under exactly the same markers.
"""

_FEW: Final = 16

# Not every set of switches is a statement: beyond this many tries a query counts as one with too many.
_MOST_TRIES: Final = 4096


@dataclass(frozen=True, slots=True)
class Variant:
    """One statement of a query: which optional arguments are given, and which order is asked for.

    `pieces` and `lines` are as in `SourceQuery`; `params` are the parameters that this statement binds, in the list's
    order; `marked` tells whether its query has other statements.
    """

    given: tuple[str, ...]
    order: str | None
    pieces: tuple[str, ...]
    lines: tuple[int, ...]
    params: tuple[Param, ...]
    marked: bool = False

    @property
    def label(self) -> str:
        """Name the variant among its query's: `[status, placed_from; -placed_at]`; empty if there is no other."""
        if not self.marked:
            return ""
        return f"[{', '.join(self.given)}{'; ' + self.order if self.order else ''}]"

    @property
    def text(self) -> str:
        """The statement with parameters as `:name`."""
        return "".join(f":{piece}" if index % 2 else piece for index, piece in enumerate(self.pieces))


def variant_of(query: SourceQuery, given: Collection[str] = (), order: str | None = None) -> Variant:
    """Give the one statement for a call that gives these optional parameters, in this order (None: the default).

    Raises TypedSqlError, with no values, for an order that the query does not list, for a name that is no optional
    parameter, and for one that no line of the statement would use: its filter would be ignored without a word.
    """
    if order is None and query.orders:
        order = query.orders[0]
    elif order is not None and order not in query.orders:
        listed = f"the orders are: {', '.join(query.orders)}" if query.orders else "its rows come in one order only"
        message = f"{query.full_name} has no such order; {listed}"
        raise TypedSqlError(message)
    for name in given:
        if name not in query.optional:
            message = (
                f"{query.full_name} has no optional parameter {name}; it has: {', '.join(query.optional) or 'none'}"
            )
            raise TypedSqlError(message)
    variant = _built(query, tuple(name for name in query.optional if name in given), order)
    bound = {param.name for param in variant.params}
    for name in variant.given:
        if name not in bound:
            raise TypedSqlError(_unused(query, name, variant))
    return variant


def variants_of(query: SourceQuery) -> tuple[Variant, ...]:
    """Give every statement of a query: for each order, the one with most filters first.

    The first of all is what the file says, in its default order, but for the lines `for` another order. Of a query
    with more than `MOST_VARIANTS` they are the ones that are named there. What `variant_of` refuses is left out.
    """
    found = tuple(islice(_all(query), MOST_VARIANTS + 1))
    return found if len(found) <= MOST_VARIANTS else tuple(_some(query))


def first_variant(query: SourceQuery) -> Variant:
    """Give the first of `variants_of` without building the others: all that the default order can have."""
    return next(_some(query))


def _all(query: SourceQuery) -> Iterator[Variant]:
    tries = 0
    for order in query.orders or (None,):
        switches = _switches(query, order)
        if 2 ** len(switches) + tries > _MOST_TRIES:
            # Ends the list beyond its limit, so that the subset is taken.
            yield from (_built(query, (), order) for _ in range(MOST_VARIANTS + 1))
            return
        tries += 2 ** len(switches)
        for size in range(len(switches), -1, -1):
            yield from _each(query, order, combinations(switches, size))


def _some(query: SourceQuery) -> Iterator[Variant]:
    for order in query.orders or (None,):
        switches = _switches(query, order)
        for size in sorted({len(switches), *(size for size in (0, 1, 2) if size < len(switches))}, reverse=True):
            yield from _each(query, order, combinations(switches, size))


def _each(query: SourceQuery, order: str | None, choices: Iterator[tuple[tuple[str, ...], ...]]) -> Iterator[Variant]:
    for choice in choices:
        given = {name for switch in choice for name in switch}
        variant = _built(query, tuple(name for name in query.optional if name in given), order)
        if given <= {param.name for param in variant.params}:
            yield variant


def _switches(query: SourceQuery, order: str | None) -> tuple[tuple[str, ...], ...]:
    """Group the parameters that can be given in an order, by the lines that ask for them."""
    lines = [condition for condition in query.conditions if condition.suits(order)]
    groups: dict[frozenset[int], list[str]] = {}
    for name in query.optional:
        if any(name in condition.binds for condition in lines):
            asking = frozenset(condition.line for condition in lines if name in condition.names)
            groups.setdefault(asking, []).append(name)
    return tuple(tuple(names) for names in groups.values())


def _built(query: SourceQuery, given: tuple[str, ...], order: str | None) -> Variant:
    if not query.marked:
        return Variant((), None, query.pieces, query.lines, query.params)
    dropped = {condition.line for condition in query.conditions if not condition.holds(given, order)}
    kept = [(number, text) for number, text in query.numbered if number not in dropped]
    if query.ordering is not None and order is not None:
        at, line = query.ordering.line, query.ordering.write(order)
        kept = [(number, line if number == at else text) for number, text in kept]
    pieces = tuple("\n".join(text for _, text in kept).split("\0"))
    bound = set(pieces[1::2])
    params = tuple(param for param in query.params if param.name in bound)
    return Variant(given, order, pieces, tuple(number for number, _ in kept), params, marked=True)


def _unused(query: SourceQuery, name: str, variant: Variant) -> str:
    uses = [condition for condition in query.conditions if name in condition.binds]
    suiting = [condition for condition in uses if condition.suits(variant.order)]
    if suiting:
        wanted = " or ".join(dict.fromkeys(_needs(condition, name) for condition in suiting))
        return f"{query.full_name} uses {name} only together with {wanted}: give that too, or leave {name} out"
    orders = ", ".join(dict.fromkeys(label for condition in uses for label in condition.orders))
    return (
        f"{query.full_name} does not use {name} in the order {variant.order}: leave it out, or ask for one of the "
        f"orders that use it ({orders})"
    )


def _needs(condition: Condition, name: str) -> str:
    return ", ".join(other for other in condition.names if other != name)


def telling_variants(query: SourceQuery, variants: Sequence[Variant]) -> Sequence[Variant]:
    """Pick the statements that speak for all of a query's: for each order the barest and the fullest, and each filter.

    A line that adds a condition by AND only takes rows away: what is proven without it holds with it. Where an optional
    line does anything else, such as a join, its pairs with other filters are picked too, and of up to 16 statements
    every one.

    Args:
        query: the query.
        variants: as `variants_of` lists them.
    """
    marked = {condition.line for condition in query.conditions}
    only_conditions = all(text.lstrip().startswith("AND ") for line, text in query.numbered if line in marked)
    if not only_conditions and len(variants) <= _FEW:
        return variants
    by_order: dict[str | None, list[Variant]] = {}
    for variant in variants:
        by_order.setdefault(variant.order, []).append(variant)
    picked: list[Variant] = [variants[0]]
    for group in by_order.values():
        ranked = sorted(group, key=lambda variant: len(variant.given))
        picked += [ranked[0], ranked[-1]]
    ranked = sorted(by_order[variants[0].order], key=lambda variant: len(variant.given))
    for name in query.optional:
        picked += [variant for variant in ranked if name in variant.given][:1]
    others = {
        name
        for condition in query.conditions
        for line, text in query.numbered
        if line == condition.line and not text.lstrip().startswith("AND ")
        for name in condition.names
    }
    for pair in combinations(query.optional, 2):
        if not others.isdisjoint(pair):
            picked += [variant for variant in ranked if {*pair} <= {*variant.given}][:1]
    return list(dict.fromkeys(picked))

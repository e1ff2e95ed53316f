"""Which location fills what: pure planning over what each active location can still promise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lumia.dto.checkout import CheckoutStock

__all__ = ["Demand", "Fill", "Plan", "Shortage", "plan_allocation"]


@dataclass(frozen=True, slots=True)
class Demand:
    """Units that one line needs of one variant; `position` is the line's place in its order."""

    position: int
    variant_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Fill:
    """Units of one line that one location sends."""

    position: int
    variant_id: int
    location_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """A variant of which all lines together want more than all locations can promise; `available` is never negative."""

    variant_id: int
    wanted: int
    available: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Fills in ascending order of stock row and position, and what falls short; with a shortage nothing is filled."""

    fills: tuple[Fill, ...]
    shortages: tuple[Shortage, ...]


@dataclass(slots=True)
class _Shelf:
    location_id: int
    left: int


def plan_allocation(demands: Iterable[Demand], stock: Iterable[CheckoutStock]) -> Plan:
    """Plan how locations fill the lines: by priority, and a line is split only when no location can fill it whole.

    Of lines that want the same variant the larger one chooses first, for it fits into fewer locations. What a location
    owes beyond what it has is missing from the variant as a whole: others will have to make up for it. Equal input
    gives an equal plan, in whatever order it comes.
    """
    wanted: dict[int, list[Demand]] = defaultdict(list)
    for demand in demands:
        wanted[demand.variant_id].append(demand)
    shelves: dict[int, list[_Shelf]] = defaultdict(list)
    for row in sorted(stock, key=lambda row: (row.priority, row.location_id)):
        shelves[row.variant_id].append(_Shelf(row.location_id, row.available))

    shortages = tuple(
        Shortage(variant_id, units, max(on_offer, 0))
        for variant_id in sorted(wanted)
        if (units := sum(demand.quantity for demand in wanted[variant_id]))
        > (on_offer := sum(shelf.left for shelf in shelves[variant_id]))
    )
    if shortages:
        return Plan((), shortages)
    fills = [
        fill
        for variant_id, lines in wanted.items()
        for demand in sorted(lines, key=lambda demand: (-demand.quantity, demand.position))
        for fill in _fill(demand, shelves[variant_id])
    ]
    return Plan(tuple(sorted(fills, key=lambda fill: (fill.variant_id, fill.location_id, fill.position))), ())


def _fill(demand: Demand, shelves: Sequence[_Shelf]) -> Iterable[Fill]:
    whole = next((shelf for shelf in shelves if shelf.left >= demand.quantity), None)
    missing = demand.quantity
    for shelf in shelves if whole is None else (whole,):
        units = min(shelf.left, missing)
        if units > 0:
            shelf.left -= units
            missing -= units
            yield Fill(demand.position, demand.variant_id, shelf.location_id, units)

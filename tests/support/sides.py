"""Two shops on two engines that are asked the same things and must answer alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from lumia import Shop
from lumia.dto.stock import StockMovement
from lumia.errors import InsufficientStock, LumiaError, TotalChanged
from tests.support.ranks import Ranks
from tests.support.steady import SeededUuids, SteppingClock

__all__ = ["Side", "begin_history", "events_of_orders", "every_movement", "same_answer"]

_TOLD = (InsufficientStock, TotalChanged)
"""Errors whose messages hold no keys, so that they are equal word by word."""


@dataclass
class Side:
    """A shop on one engine, with its clock, its ids and the keys that were seen in the present history."""

    clock: SteppingClock = field(default_factory=SteppingClock)
    uuids: SeededUuids = field(default_factory=SeededUuids)
    ranks: Ranks = field(default_factory=Ranks)
    shop: Shop = field(init=False)

    def next_uuid(self) -> UUID:
        """Give the next id of the present history."""
        return self.uuids()


def begin_history(sides: Sequence[Side], number: int) -> None:
    """Forget the keys that were seen, and give all sides the same time and the same ids to come."""
    begin = max(side.clock.now for side in sides) + timedelta(days=1)
    for side in sides:
        side.ranks = Ranks()
        side.uuids = SeededUuids(number)
        side.clock.now = begin


def same_answer(sides: Sequence[Side], call: Callable[[Shop, Ranks], object]) -> Any:
    """Make a call on each side and give the one answer with ranks for keys, or the error's class and words."""
    first, *others = [_answer(side, call) for side in sides]
    assert all(other == first for other in others), (first, *others)
    return first


def _answer(side: Side, call: Callable[[Shop, Ranks], object]) -> Any:
    try:
        return side.ranks.without_keys(call(side.shop, side.ranks))
    except LumiaError as error:
        return type(error), str(error) if isinstance(error, _TOLD) else ""


def every_movement(shop: Shop, variant_id: int) -> Iterator[StockMovement]:
    """Give a variant's whole ledger, newest first."""
    after = None
    while True:
        page = shop.stock.movements(variant_id=variant_id, limit=500, after=after)
        yield from page.items
        after = page.next
        if after is None:
            return


def events_of_orders(shop: Shop, ranks: Ranks) -> list[tuple[str, str, str]]:
    """Give the events of the orders that were seen, oldest first."""
    subjects = {f"order:{shop.orders.get(key).public_id}" for key in ranks.keys("order")}
    events: list[tuple[str, str, str]] = []
    after = None
    while True:
        page = shop.outbox.pending(limit=500, after=after)
        events += [(row.kind, row.subject, row.payload) for row in page.items if row.subject in subjects]
        after = page.next
        if after is None:
            return events

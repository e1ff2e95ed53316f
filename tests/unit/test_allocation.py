"""Which location fills what: priority, splits only when they must be, and nothing promised that is not there."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumia.dto.checkout import CheckoutStock
from lumia.repos.allocation import Demand, Fill, Plan, Shortage, plan_allocation


def stock(*rows: tuple[int, int, int, int]) -> list[CheckoutStock]:
    """Make stock rows from variant, location, priority and available units."""
    return [
        CheckoutStock(variant_id=variant, location_id=location, priority=priority, available=available)
        for variant, location, priority, available in rows
    ]


@pytest.mark.parametrize(
    ("rows", "fills"),
    [
        ([(1, 1, 0, 5), (1, 2, 1, 5)], [(1, 5)]),
        ([(1, 1, 1, 5), (1, 2, 0, 5)], [(2, 5)]),
        ([(1, 2, 0, 5), (1, 1, 0, 5)], [(1, 5)]),
        ([(1, 1, 0, 4), (1, 2, 1, 5)], [(2, 5)]),
        ([(1, 1, 0, 4), (1, 2, 1, 4)], [(1, 4), (2, 1)]),
        ([(1, 1, 1, 4), (1, 2, 0, 4)], [(1, 1), (2, 4)]),
        ([(1, 1, 0, 2), (1, 2, 1, 0), (1, 3, 2, 3)], [(1, 2), (3, 3)]),
    ],
    ids=["first", "by priority", "tie by key", "whole before first", "split", "split by priority", "past an empty one"],
)
def test_locations_fill_by_priority_and_split_only_when_they_must(
    rows: list[tuple[int, int, int, int]], fills: list[tuple[int, int]]
) -> None:
    """A later location that has all of it saves a second parcel; only when none has is a line split."""
    plan = plan_allocation([Demand(1, 1, 5)], stock(*rows))

    assert [(fill.location_id, fill.quantity) for fill in plan.fills] == fills
    assert plan.shortages == ()


def test_lines_of_one_variant_share_its_stock() -> None:
    """Demand is summed: two lines that would fit alone do not fit together."""
    demands = [Demand(1, 1, 3), Demand(2, 1, 3)]

    plan = plan_allocation(demands, stock((1, 1, 0, 5)))

    assert plan == Plan((), (Shortage(1, 6, 5),))


def test_the_larger_of_two_lines_chooses_first() -> None:
    """Were the smaller line first, it would take from the only location that has the larger one whole."""
    demands = [Demand(1, 1, 2), Demand(2, 1, 3)]

    plan = plan_allocation(demands, stock((1, 1, 0, 3), (1, 2, 1, 2)))

    assert plan.fills == (Fill(2, 1, 1, 3), Fill(1, 1, 2, 2))


def test_what_one_location_owes_is_missing_from_the_whole() -> None:
    """Units that were promised and then found missing will have to come from elsewhere."""
    plan = plan_allocation([Demand(1, 1, 4)], stock((1, 1, 0, -2), (1, 2, 1, 5)))

    assert plan.shortages == (Shortage(1, 4, 3),)


def test_a_shortage_names_no_less_than_nothing() -> None:
    """A customer is told that none is left, not that minus two are."""
    plan = plan_allocation([Demand(1, 1, 1)], stock((1, 1, 0, -2)))

    assert plan.shortages == (Shortage(1, 1, 0),)


def test_a_variant_without_stock_rows_is_short() -> None:
    """What never came in cannot go out."""
    plan = plan_allocation([Demand(1, 9, 1)], [])

    assert plan.shortages == (Shortage(9, 1, 0),)


DEMANDS = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 6)), min_size=1, max_size=5).map(
    lambda rows: [Demand(at, variant, quantity) for at, (variant, quantity) in enumerate(rows, 1)]
)
STOCK = st.dictionaries(
    st.tuples(st.integers(1, 3), st.integers(1, 3)), st.tuples(st.integers(0, 2), st.integers(-2, 8)), max_size=9
).map(lambda rows: stock(*((v, at, priority, units) for (v, at), (priority, units) in rows.items())))


@given(demands=DEMANDS, rows=STOCK, seed=st.randoms(use_true_random=False))
def test_a_plan_fills_every_line_and_no_location_beyond_what_it_has(
    demands: list[Demand], rows: list[CheckoutStock], seed: Random
) -> None:
    """All that is asked for or nothing, within each stock row, in key order, and the same for shuffled rows."""
    plan = plan_allocation(demands, rows)
    shuffled = sorted(rows, key=lambda _: seed.random())

    wanted, available = Counter[int](), Counter[int]()
    for demand in demands:
        wanted[demand.variant_id] += demand.quantity
    for row in rows:
        available[row.variant_id] += row.available
    short = {variant for variant, units in wanted.items() if units > available[variant]}
    assert {shortage.variant_id for shortage in plan.shortages} == short
    assert plan_allocation(demands[::-1], shuffled) == plan
    if short:
        assert plan.fills == ()
        return
    per_line, per_row = Counter[int](), Counter[tuple[int, int]]()
    for fill in plan.fills:
        assert fill.quantity > 0
        per_line[fill.position] += fill.quantity
        per_row[fill.variant_id, fill.location_id] += fill.quantity
    assert per_line == {demand.position: demand.quantity for demand in demands}
    limits = {(row.variant_id, row.location_id): row.available for row in rows}
    assert all(units <= limits[key] for key, units in per_row.items())
    assert list(plan.fills) == sorted(plan.fills, key=lambda fill: (fill.variant_id, fill.location_id, fill.position))


@given(quantity=st.integers(1, 12), rows=STOCK)
def test_a_single_line_is_split_only_when_no_location_has_it_whole(quantity: int, rows: list[CheckoutStock]) -> None:
    """A parcel more costs the shop money: one location that can send all of it sends all of it."""
    plan = plan_allocation([Demand(1, 1, quantity)], rows)

    whole = any(row.variant_id == 1 and row.available >= quantity for row in rows)
    assert plan.shortages or (len(plan.fills) == 1) is whole

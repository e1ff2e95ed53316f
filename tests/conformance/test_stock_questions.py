"""What is available, what lies where, what is low, and what the ledger tells, on both engines."""

from __future__ import annotations

from functools import partial

import pytest

from lumia import Shop
from lumia.dto.stock import Availability, StockLevel, StockMovement
from lumia.repos.stock import Stock
from lumia.types import Page
from tests.support.paging import walked
from tests.support.stockroom import Place, a_stock_room


@pytest.fixture
def place(shop: Shop) -> Place:
    """An empty stock room."""
    return a_stock_room(shop)


def test_available_adds_up_active_locations_with_their_limits(place: Place) -> None:
    """On hand less allocated plus the back-order limit; what is closed away cannot be sold."""
    stock = place.shop.stock
    for location in (place.main, place.spare, place.closed):
        stock.receive(place.one, location_id=location, quantity=10)
    stock.set_levels(place.one, location_id=place.spare, backorder_limit=5)
    place.promise(place.spare, 13)

    found = [place.available()]
    stock.update_location(place.main, is_active=False)
    found.append(place.available())
    stock.update_location(place.closed, is_active=True)
    found.append(place.available())

    assert found == [[12], [2], [12]]


def test_available_answers_for_each_variant_once(place: Place) -> None:
    """In ascending order; one without stock has none, a key that is no variant no answer."""
    stock = place.shop.stock
    stock.receive(place.other, location_id=place.main, quantity=3)

    answer = stock.available([place.other, 99, place.one, place.other])

    assert answer == (
        Availability(variant_id=place.one, available=0),
        Availability(variant_id=place.other, available=3),
    )
    assert stock.available([]) == ()
    assert stock.available(range(1, 501)) == answer


def test_levels_are_listed_by_location(place: Place) -> None:
    """Page by page, closed locations included."""
    stock = place.shop.stock
    rows = [stock.receive(place.one, location_id=at, quantity=1) for at in (place.closed, place.main, place.spare)]

    first = stock.levels(place.one, limit=2)
    second = stock.levels(place.one, limit=2, after=first.next)

    assert first.items + second.items == (rows[1], rows[2], rows[0])
    assert second.next is None
    assert stock.levels(99).items == ()


def ledger_page(stock: Stock, limit: int, question: dict[str, int], after: int | None) -> Page[StockMovement]:
    """One page of what a question lists."""
    return stock.movements(limit=limit, after=after, **question)


def test_the_ledger_is_listed_newest_first(place: Place) -> None:
    """Of everything, of a variant, of a stock row; page by page."""
    stock = place.shop.stock
    for variant, location in (
        (place.one, place.main),
        (place.other, place.main),
        (place.one, place.spare),
        (place.one, place.main),
    ):
        stock.receive(variant, location_id=location, quantity=1)
    first, second, third, fourth = place.ledger()
    questions: list[tuple[dict[str, int], tuple[StockMovement, ...]]] = [
        ({}, (fourth, third, second, first)),
        ({"variant_id": place.one}, (fourth, third, first)),
        ({"variant_id": place.one, "location_id": place.main}, (fourth, first)),
        ({"variant_id": 99}, ()),
    ]

    for question, answer in questions:
        for limit in (1, 2, 500):
            pages = walked(partial(ledger_page, stock, limit, question))

            assert tuple(row for page in pages for row in page.items) == answer
            assert len(pages) == max(1, -(-len(answer) // limit))


def test_low_stock_is_what_is_down_at_its_reorder_point(place: Place) -> None:
    """Exactly at it counts, promised units do not; nor do rows without one, rows above it and closed locations."""
    stock = place.shop.stock
    low: list[StockLevel] = []
    for variant, location, quantity, point in (
        (place.one, place.main, 5, 5),
        (place.one, place.spare, 6, 5),
        (place.one, place.closed, 1, 5),
        (place.other, place.main, 0, 0),
        (place.other, place.spare, 0, 1),
    ):
        level = stock.set_levels(variant, location_id=location, reorder_point=point)
        if quantity:
            level = stock.receive(variant, location_id=location, quantity=quantity)
        if (variant, location) in {(place.one, place.main), (place.other, place.spare)}:
            low.append(level)
    before = stock.low_stock().items
    place.promise(place.spare, 1)

    first = stock.low_stock(limit=2)
    second = stock.low_stock(limit=2, after=first.next)

    assert before == tuple(low)
    assert first.items == (low[0], stock.levels(place.one).items[1])
    assert second.items == (low[1],)
    assert (first.next, second.next) == ((place.one, place.spare), None)

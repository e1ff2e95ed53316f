"""Prices: what holds now, what held when, and the lowest of a window, on both engines."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from lumia import Shop
from lumia.dto.catalog import Variant
from lumia.errors import InvalidValue, NotFound
from tests.support.steady import SteppingClock

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


def priced(shop: Shop, price: str) -> Variant:
    """A variant of a product of its own."""
    category = shop.catalog.create_category(name="Tea", slug="tea")
    product = shop.catalog.create_product(category_id=category.category_id, slug="tin", name="Tin")
    return shop.catalog.create_variant(product.product_id, sku="TIN", price=Decimal(price))


def at(clock: SteppingClock, instant: datetime) -> None:
    """Let the next look at the clock be this instant."""
    clock.now = instant - clock.step


def test_a_price_holds_from_the_instant_at_which_it_was_set(shop: Shop) -> None:
    """Each period ends where the next begins, and the last is the present price."""
    tin = priced(shop, "3")

    cheaper = shop.catalog.set_price(tin.variant_id, price=Decimal("2.5"))
    dearer = shop.catalog.set_price(tin.variant_id, price=Decimal("2.5001"))

    periods = shop.catalog.price_history(tin.variant_id).items
    assert [period.price for period in periods] == [Decimal("2.5001"), Decimal("2.5"), Decimal(3)]
    assert [period.valid_from for period in periods] == [dearer.updated_at, cheaper.updated_at, tin.created_at]
    assert [period.valid_to for period in periods] == [None, dearer.updated_at, cheaper.updated_at]
    assert shop.catalog.get_variant(tin.variant_id) == dearer
    assert dearer.price == periods[0].price


def test_the_same_price_again_writes_no_history(shop: Shop) -> None:
    """A form sent twice is no price change, nor is a change of something else."""
    tin = priced(shop, "3")

    shop.catalog.set_price(tin.variant_id, price=Decimal("3.0000"))
    shop.catalog.update_variant(tin.variant_id, sku="TIN-2")

    assert len(shop.catalog.price_history(tin.variant_id).items) == 1


def test_a_history_is_listed_page_by_page(shop: Shop) -> None:
    """A period's end is known also where the page that holds the next one is not read."""
    tin = priced(shop, "0")
    for price in range(1, 5):
        shop.catalog.set_price(tin.variant_id, price=Decimal(price))

    first = shop.catalog.price_history(tin.variant_id, limit=2)
    second = shop.catalog.price_history(tin.variant_id, limit=2, after=first.next)
    third = shop.catalog.price_history(tin.variant_id, limit=2, after=second.next)

    assert [int(row.price) for page in (first, second, third) for row in page.items] == [4, 3, 2, 1, 0]
    assert second.items[0].valid_to == first.items[-1].valid_from
    assert third.next is None


def test_the_lowest_price_counts_what_held_when_the_window_opened(shop: Shop, clock: SteppingClock) -> None:
    """A price set long ago still held thirty days ago."""
    tin = priced(shop, "1")
    clock.advance(100 * DAY)
    shop.catalog.set_price(tin.variant_id, price=Decimal(5))
    changed = shop.catalog.get_variant(tin.variant_id).updated_at

    at(clock, changed + 30 * DAY - TICK)
    still_in = shop.catalog.lowest_price(tin.variant_id, days=30)
    at(clock, changed + 30 * DAY)
    at_the_edge = shop.catalog.lowest_price(tin.variant_id, days=30)
    at(clock, changed + 30 * DAY + TICK)
    past_it = shop.catalog.lowest_price(tin.variant_id, days=30)

    assert (still_in, at_the_edge, past_it) == (Decimal(1), Decimal(5), Decimal(5))


@pytest.mark.parametrize(("then", "lowest"), [("2", "2"), ("4", "3")])
def test_a_price_set_as_the_window_opens_is_in_it_and_the_one_before_is_not(
    shop: Shop, clock: SteppingClock, then: str, lowest: str
) -> None:
    """At the edge the new price holds already, however cheap the old one was; a microsecond earlier both count."""
    tin = priced(shop, "1")
    clock.advance(DAY)
    shop.catalog.set_price(tin.variant_id, price=Decimal(then))
    opened = shop.catalog.get_variant(tin.variant_id).updated_at
    clock.advance(DAY)
    shop.catalog.set_price(tin.variant_id, price=Decimal(3))

    at(clock, opened + 7 * DAY - TICK)
    before = shop.catalog.lowest_price(tin.variant_id, days=7)
    at(clock, opened + 7 * DAY)
    at_the_edge = shop.catalog.lowest_price(tin.variant_id, days=7)

    assert (before, at_the_edge) == (Decimal(1), Decimal(lowest))


def test_the_lowest_price_is_what_any_history_says(shop: Shop, clock: SteppingClock) -> None:
    """At each instant of a change, and a tick before and after, for each window: the periods that overlap it."""
    tin = priced(shop, "7")
    for days, price in ((1, "5"), (1, "9"), (2, "5"), (1, "8"), (3, "6"), (1, "9")):
        clock.advance(days * DAY)
        shop.catalog.set_price(tin.variant_id, price=Decimal(price))
    periods = shop.catalog.price_history(tin.variant_id).items
    edges = [row.valid_from + tick for row in periods for tick in (-TICK, timedelta(0), TICK)]
    # In the order of time, for a shop's clock never goes back.
    looks = sorted((opened + days * DAY, days, opened) for opened in edges for days in range(1, 12))

    found, expected = [], []
    for now, days, opened in looks:
        if now > clock.now:
            at(clock, now)
            found.append(shop.catalog.lowest_price(tin.variant_id, days=days))
            expected.append(min(row.price for row in periods if row.valid_to is None or row.valid_to > opened))

    assert found == expected
    assert len(set(found)) > 2


def test_the_lowest_price_is_found_inside_the_window(shop: Shop, clock: SteppingClock) -> None:
    """A sale that came and went within it counts, one from before it does not."""
    tin = priced(shop, "9")
    for price in ("2", "8", "4", "7"):
        clock.advance(20 * DAY)
        shop.catalog.set_price(tin.variant_id, price=Decimal(price))
    clock.advance(5 * DAY)

    found = {days: shop.catalog.lowest_price(tin.variant_id, days=days) for days in (1, 24, 26, 60, 3660)}

    assert found == {1: Decimal(7), 24: Decimal(4), 26: Decimal(4), 60: Decimal(2), 3660: Decimal(2)}


def test_a_variant_younger_than_the_window_has_a_lowest_price(shop: Shop) -> None:
    """It is what it cost since it exists."""
    tin = priced(shop, "9")

    assert shop.catalog.lowest_price(tin.variant_id, days=3660) == Decimal(9)


def test_prices_reach_from_nothing_to_the_limit(shop: Shop) -> None:
    """The bounds belong to the range, and nothing is rounded on the way."""
    tin = priced(shop, "0")

    found = [
        shop.catalog.set_price(tin.variant_id, price=Decimal(price)).price
        for price in ("99999999999.9999", "0.0001", "0")
    ]

    assert found == [Decimal("99999999999.9999"), Decimal("0.0001"), Decimal(0)]


def test_what_is_no_price_is_refused(shop: Shop) -> None:
    """Nothing changes then."""
    tin = priced(shop, "3")

    for price in ("-0.0001", "0.00001", "100000000000", "NaN", "Infinity"):
        with pytest.raises(InvalidValue, match="price"):
            shop.catalog.set_price(tin.variant_id, price=Decimal(price))
    for days in (0, -1, 3661):
        with pytest.raises(InvalidValue, match="days"):
            shop.catalog.lowest_price(tin.variant_id, days=days)
    with pytest.raises(InvalidValue, match="after"):
        shop.catalog.price_history(tin.variant_id, after=datetime(2030, 1, 1))  # noqa: DTZ001

    assert shop.catalog.get_variant(tin.variant_id) == tin
    assert len(shop.catalog.price_history(tin.variant_id).items) == 1


def test_a_missing_variant_has_no_price(shop: Shop) -> None:
    """Setting and asking say so; its history is empty."""
    with pytest.raises(NotFound, match="99"):
        shop.catalog.set_price(99, price=Decimal(1))
    with pytest.raises(NotFound, match="99"):
        shop.catalog.lowest_price(99, days=30)

    assert shop.catalog.price_history(99).items == ()

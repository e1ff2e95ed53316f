"""Products listed by price, stock and name, with every other filter, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from itertools import chain, combinations
from typing import Any

import pytest

from lumia import Shop
from lumia.dto.catalog import Product
from lumia.errors import InvalidValue
from lumia.types import ProductStatus
from tests.support.paging import walked
from tests.support.steady import SteppingClock

NAMES = ("b", "a", "B", "é", "a", "Z", "a", "z", "ab", "\N{MUSICAL SYMBOL G CLEF}", "\uffee", "a")
"""Ties, cases, and two letters that UTF-16 would turn round."""


@dataclass(frozen=True)
class Stall:
    """Products, and what the tests know of them by their keys."""

    top: int
    rows: tuple[Product, ...]
    tree: frozenset[int]
    cheapest: dict[int, Decimal]
    stocked: frozenset[int]


@pytest.fixture
def stall(shop: Shop) -> Stall:
    """Twelve products with none, one or two variants, on sale or not, in stock somewhere, nowhere or behind a door."""
    top = shop.catalog.create_category(name="Tea", slug="tea")
    below = shop.catalog.create_category(name="Green", slug="green", parent_id=top.category_id)
    other = shop.catalog.create_category(name="Food", slug="food")
    places = [shop.stock.add_location(name="Open"), shop.stock.add_location(name="Closed", is_active=False)]
    tree: set[int] = set()
    cheapest: dict[int, Decimal] = {}
    stocked: set[int] = set()
    for at, name in enumerate(NAMES):
        category = (top, other, below, other)[at % 4]
        key = shop.catalog.create_product(category_id=category.category_id, slug=f"p-{at}", name=name).product_id
        size = shop.catalog.add_option(key, name="Size", values=("S", "L"))
        if category is not other:
            tree.add(key)
        if at % 2:
            shop.catalog.publish(key)
        for number in range(at % 3):
            # The cheaper one of some is not on sale, nor does its stock count.
            active = number == 1 or at % 5 != 0
            variant = shop.catalog.create_variant(
                key,
                sku=f"P{at}-{number}",
                price=Decimal(at // 2 + number),
                option_value_ids=[size.values[number].option_value_id],
                is_active=active,
            )
            place = places[at % 4 == 1]
            if number == 0 or at == 5:
                shop.stock.receive(variant.variant_id, location_id=place.location_id, quantity=1)
            if active:
                cheapest[key] = min(variant.price, cheapest.get(key, variant.price))
                if place is places[0] and number == 0:
                    stocked.add(key)
    rows = shop.catalog.list_products(limit=500).items
    assert len(rows) == len(NAMES)
    return Stall(top.category_id, rows, frozenset(tree), cheapest, frozenset(stocked))


Kept = Callable[[Stall, Product], bool]
FILTERS: dict[str, tuple[Callable[[Stall], Any], Kept]] = {
    "category_id": (lambda it: it.top, lambda it, row: row.product_id in it.tree),
    "status": (lambda _: "active", lambda _, row: row.status is ProductStatus.ACTIVE),
    "price_from": (
        lambda _: Decimal(2),
        lambda it, row: row.product_id in it.cheapest and it.cheapest[row.product_id] >= Decimal(2),
    ),
    "price_to": (
        lambda _: Decimal(4),
        lambda it, row: row.product_id in it.cheapest and it.cheapest[row.product_id] <= Decimal(4),
    ),
    "in_stock": (lambda _: True, lambda it, row: row.product_id in it.stocked),
}
SUBSETS = list(chain.from_iterable(combinations(FILTERS, size) for size in range(len(FILTERS) + 1)))


def in_python(it: Stall, names: tuple[str, ...], order: str) -> list[Product]:
    """The products, filtered and sorted here."""
    kept = [row for row in it.rows if all(FILTERS[name][1](it, row) for name in names)]
    by_name = order.endswith("name")
    return sorted(
        kept,
        key=lambda row: (row.name if by_name else "", row.product_id),
        reverse=order.startswith("-"),
    )


@pytest.mark.parametrize("order", ["product_id", "-product_id", "name", "-name"])
def test_products_come_as_every_set_of_filters_and_the_order_say(shop: Shop, stall: Stall, order: Any) -> None:
    """Each filter alone, any of them together, none at all; in one page and in pages that cut through equal names."""
    sizes = set()
    for names in SUBSETS:
        filters: dict[str, Any] = {name: FILTERS[name][0](stall) for name in names}
        listed = partial(shop.catalog.list_products, **filters, order=order)
        expected = in_python(stall, names, order)

        pages = walked(lambda after, listed=listed: listed(limit=2, after=after))  # type: ignore[misc]

        assert list(listed(limit=500).items) == expected, names
        assert [row for page in pages for row in page.items] == expected, names
        sizes.add(len(expected))
    assert len(sizes) > 3


def test_what_is_not_in_stock_is_listed_too(shop: Shop, stall: Stall) -> None:
    """The answer no is a filter as well: both together are everything, nothing twice."""
    out = shop.catalog.list_products(in_stock=False).items

    assert [row.product_id for row in out] == [
        row.product_id for row in stall.rows if row.product_id not in stall.stocked
    ]
    assert 0 < len(out) < len(stall.rows)


def test_the_borders_of_a_price_range_belong_to_it(shop: Shop, stall: Stall) -> None:
    """To the fourth decimal; a product of which nothing is on sale has no price."""
    tick = Decimal("0.0001")
    prices = {row.product_id: stall.cheapest.get(row.product_id) for row in stall.rows}
    at_three = [key for key, price in prices.items() if price == Decimal(3)]

    found = [
        [row.product_id for row in shop.catalog.list_products(price_from=low, price_to=high).items]
        for low, high in (
            (Decimal(3), Decimal(3)),
            (Decimal(3) + tick, Decimal(4) - tick),
            (Decimal(2) + tick, Decimal(3) - tick),
        )
    ]

    assert found == [at_three, [], []]
    assert at_three
    assert len(shop.catalog.list_products(price_from=Decimal(0)).items) == len(stall.cheapest) < len(stall.rows)


def test_a_unit_on_hold_is_not_in_stock_until_the_hold_ends(shop: Shop, stall: Stall, clock: SteppingClock) -> None:
    """The list and the product's own page mean the same by available."""
    row = shop.catalog.list_products(in_stock=True, status="active").items[0]
    variant = next(one for one in shop.catalog.get_product(row.product_id).variants if one.available > 0)
    cart, _ = shop.carts.create_guest()
    shop.carts.set_item(cart.cart_id, variant_id=variant.variant_id, quantity=1)
    until = clock.now + timedelta(days=1)

    shop.stock.reserve(cart.cart_id, until=until)
    held = shop.catalog.list_products(in_stock=True).items
    clock.now = until - clock.step
    free = shop.catalog.list_products(in_stock=True).items

    assert row.product_id not in {one.product_id for one in held}
    assert {one.product_id for one in free} == stall.stocked
    assert len(held) == len(free) - 1


REFUSED: list[dict[str, Any]] = [
    {"order": "price"},
    {"order": None},
    {"price_from": Decimal(-1)},
    {"price_to": Decimal("0.00001")},
    {"price_to": 1.5},
    {"in_stock": "yes"},
    {"in_stock": 1},
    {"after": ("a", 1)},
    {"after": -1},
    {"after": True},
    {"after": 1, "order": "name"},
    {"after": ("a", 0), "order": "-name"},
    {"after": (1, 1), "order": "name"},
    {"after": ("a\0", 1), "order": "name"},
    {"limit": 0, "order": "name"},
]


@pytest.mark.parametrize("arguments", REFUSED, ids=str)
def test_a_malformed_list_of_products_is_refused(shop: Shop, arguments: dict[str, Any]) -> None:
    """A filter out of range, and the `next` of a list in another order."""
    with pytest.raises(InvalidValue):
        shop.catalog.list_products(**arguments)

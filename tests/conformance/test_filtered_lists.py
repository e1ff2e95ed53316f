"""Lists with filters and orders on both engines: each alone and together, page by page, as sorting in Python gives."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import chain, combinations, product
from typing import Any

import pytest

from lumia.dto.customers import Customer, ImportedCustomer
from lumia.dto.orders import OrderSummary
from lumia.errors import InvalidValue
from lumia.shop import Shop
from lumia.types import OrderStatus, Page, PaymentStatus
from tests.support.counting import counting_shop
from tests.support.ground import lay_ground
from tests.support.paging import walked
from tests.support.raw import open_raw
from tests.support.rows import NOON, imported, insert

TOTALS = (Decimal("31.9000"), Decimal("5.0000"), Decimal("31.9000"))
STATES = (("delivered", "paid"), ("cancelled", "voided"), ("delivered", "refunded"))
OWNERS = ((1, 1), (2, 3))
"""Customers of the ground, each with an address."""


@pytest.fixture
def orders(shop: Shop, url: str, engine_name: str) -> list[OrderSummary]:
    """Twenty orders with ties: of two customers, at three instants, with two totals and in three states."""
    with closing(open_raw(engine_name, url)) as raw:
        lay_ground(raw)
        for number in range(4, 21):
            (status, payment), (customer, address) = STATES[number % 3], OWNERS[number % 2]
            total = TOTALS[number // 3 % 3]
            raw.run(
                *insert(
                    "orders",
                    {
                        **imported(number, NOON + timedelta(days=number // 4 % 3)),
                        "customer_id": customer,
                        "shipping_address_id": address,
                        "billing_address_id": address,
                        "status": status,
                        "payment_status": payment,
                        "subtotal": total,
                        "discount_total": Decimal(0),
                        "shipping_total": Decimal(0),
                        "tax_total": Decimal(0),
                        "total": total,
                    },
                )
            )
    found = list(shop.orders.list(limit=500).items)
    assert len(found) == 20
    return found


FILTERS: dict[str, tuple[Any, Callable[[OrderSummary], bool]]] = {
    "customer_id": (2, lambda row: row.customer_id == 2),
    "status": (OrderStatus.DELIVERED, lambda row: row.status is OrderStatus.DELIVERED),
    "payment_status": (PaymentStatus.PAID, lambda row: row.payment_status is PaymentStatus.PAID),
    "placed_from": (NOON + timedelta(days=1), lambda row: row.placed_at >= NOON + timedelta(days=1)),
    "placed_to": (NOON + timedelta(days=2), lambda row: row.placed_at < NOON + timedelta(days=2)),
}
SUBSETS = list(chain.from_iterable(combinations(FILTERS, size) for size in range(len(FILTERS) + 1)))
ORDERS: dict[str, Callable[[OrderSummary], tuple[Any, int]]] = {
    "placed_at": lambda row: (row.placed_at, row.order_id),
    "total": lambda row: (row.total, row.order_id),
}


def in_python(orders: list[OrderSummary], names: tuple[str, ...], order: str) -> list[OrderSummary]:
    """The orders, filtered and sorted here."""
    kept = [row for row in orders if all(FILTERS[name][1](row) for name in names)]
    return sorted(kept, key=ORDERS[order.removeprefix("-")], reverse=order.startswith("-"))


@pytest.mark.parametrize("order", ["-placed_at", "placed_at", "-total", "total"])
def test_orders_come_as_every_set_of_filters_and_the_order_say(
    shop: Shop, orders: list[OrderSummary], order: Any
) -> None:
    """Each filter alone, any of them together, none at all; in one page and in pages that cut through ties."""
    sizes: set[int] = set()
    for names in SUBSETS:
        filters = {name: FILTERS[name][0] for name in names}
        expected = in_python(orders, names, order)

        whole = shop.orders.list(**filters, order=order, limit=500)
        pages = walked(partial(page_of_orders, shop, filters, order))

        assert (list(whole.items), whole.next) == (expected, None)
        assert [row for page in pages for row in page.items] == expected
        sizes.add(len(expected))
    assert len(sizes) > 5


def page_of_orders(shop: Shop, filters: dict[str, Any], order: Any, after: Any) -> Page[OrderSummary]:
    """Three orders from a key on."""
    return shop.orders.list(**filters, order=order, limit=3, after=after)


def test_orders_are_listed_newest_first_and_searched_alike(shop: Shop, orders: list[OrderSummary]) -> None:
    """What a caller leaves out is no filter, the first order is by time, and a search is such a list."""
    assert list(shop.orders.list().items) == in_python(orders, (), "-placed_at")
    assert shop.orders.search(status="delivered", limit=4) == shop.orders.list(status="delivered", limit=4)


@pytest.mark.parametrize("order", ["-placed_at", "-total"])
def test_a_list_is_one_statement_whatever_is_asked_for(shop: Shop, orders: list[OrderSummary], order: Any) -> None:
    """The filters choose the statement; none of them costs another."""
    counted, counter = counting_shop(shop)

    first = counted.orders.list(order=order, limit=2)
    alone = counter.of(partial(counted.orders.list, order=order))
    together = counter.of(
        partial(counted.orders.list, customer_id=1, status="delivered", order=order, limit=2, after=first.next)
    )

    assert (alone, together, len(orders)) == (1, 1, 20)


REFUSED: list[dict[str, Any]] = [
    {"order": "order_id"},
    {"order": "placed_at; --"},
    {"order": None},
    {"customer_id": 0},
    {"customer_id": True},
    {"status": "lost"},
    {"payment_status": "lost"},
    {"placed_from": datetime(2026, 1, 1)},  # noqa: DTZ001 - a naive time is what is refused
    {"placed_to": datetime(1969, 1, 1, tzinfo=UTC)},
    {"limit": 0},
    {"limit": 501},
    {"after": 5},
    {"after": (NOON, 0)},
    {"after": (Decimal("31.90"), 1)},
    {"after": ("2024-03-01T12:00:00Z", 1)},
    {"after": (NOON, 1), "order": "total"},
    {"after": (NOON, 1), "order": "-total"},
    {"after": (Decimal("0.00001"), 1), "order": "total"},
]


@pytest.mark.parametrize("arguments", REFUSED, ids=str)
def test_a_malformed_list_of_orders_is_refused(shop: Shop, arguments: dict[str, Any]) -> None:
    """An order that is not offered, a filter or limit out of range, and the `next` of a list in another order."""
    with pytest.raises(InvalidValue):
        shop.orders.list(**arguments)


# --- products ---------------------------------------------------------------------------------------------------------


def test_products_come_as_every_set_of_filters_and_the_order_say(shop: Shop) -> None:
    """A category with what is below it, a status, both, neither; oldest or newest first, page by page."""
    top = shop.catalog.create_category(name="Tea", slug="tea")
    below = shop.catalog.create_category(name="Green", slug="green", parent_id=top.category_id)
    other = shop.catalog.create_category(name="Food", slug="food")
    places = (top.category_id, below.category_id, other.category_id)
    rows = [
        shop.catalog.create_product(category_id=places[at % 3], slug=f"p-{at}", name="A product") for at in range(9)
    ]
    rows = [shop.catalog.publish(row.product_id) if at % 2 else row for at, row in enumerate(rows)]

    for category, status, order in product(
        (None, top, below), (None, "active", "draft"), ("product_id", "-product_id")
    ):
        wanted = {top: set(places[:2]), below: {places[1]}}.get(category, set(places)) if category else set(places)
        expected = [row for row in rows if row.category_id in wanted and status in {None, row.status.value}]
        listed = partial(
            shop.catalog.list_products,
            category_id=category.category_id if category else None,
            status=status,
            order=order,  # type: ignore[arg-type] # drawn from the two
            limit=2,
        )
        pages = walked(lambda after, listed=listed: listed(after=after))  # type: ignore[misc]

        found = [row for page in pages for row in page.items]
        assert found == (expected[::-1] if order.startswith("-") else expected)


# --- customers --------------------------------------------------------------------------------------------------------


def test_customers_come_as_every_set_of_filters_and_the_order_say(shop: Shop) -> None:
    """Active or not, guests or not, any of them together; oldest or newest first, page by page."""
    rows: list[Customer] = []
    for at in range(8):
        new = ImportedCustomer(email=f"c{at}@example.org", is_guest=at % 2 == 0)
        row = shop.customers.add_imported(new)
        rows.append(shop.customers.deactivate(row.customer_id) if at % 3 == 0 else row)
    answers = (None, True, False)

    for active, guest, order in product(answers, answers, ("customer_id", "-customer_id")):
        expected = [row for row in rows if active in {None, row.is_active} and guest in {None, row.is_guest}]
        listed = partial(
            shop.customers.list,
            is_active=active,
            is_guest=guest,
            order=order,  # type: ignore[arg-type] # drawn from the two
            limit=2,
        )
        pages = walked(lambda after, listed=listed: listed(after=after))  # type: ignore[misc]

        found = [row for page in pages for row in page.items]
        assert found == (expected[::-1] if order.startswith("-") else expected)


@pytest.mark.parametrize(
    "call",
    [
        lambda shop: shop.catalog.list_products(order="price"),
        lambda shop: shop.catalog.list_products(order="product_id", after=(NOON, 1)),
        lambda shop: shop.customers.list(order="email"),
        lambda shop: shop.customers.list(is_active="perhaps"),
        lambda shop: shop.customers.list(is_guest=2),
    ],
)
def test_an_order_or_filter_that_is_not_offered_is_refused(shop: Shop, call: Callable[[Shop], object]) -> None:
    """By the repository, with the argument's name, before any statement runs."""
    with pytest.raises(InvalidValue):
        call(shop)

"""Wishlists: a customer's lists, what is on them, their links, and the way into a cart, on both engines."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from lumia import Shop
from lumia.dto.customers import NewCustomer
from lumia.dto.wishlists import PricedWishlist
from lumia.errors import (
    AlreadyExists,
    IllegalTransition,
    InvalidReference,
    InvalidValue,
    NotFound,
    UnavailableItem,
)
from lumia.repos.wishlists import MAX_WISHLISTS
from tests.support.together import together


@dataclass(frozen=True)
class Store:
    """A shop with goods on sale, and a customer with an empty list."""

    shop: Shop
    product_id: int
    tea: int
    cup: int
    customer_id: int
    wishlist_id: int

    def add(self, *variant_ids: int) -> None:
        """Put these on the list."""
        for variant_id in variant_ids:
            self.shop.wishlists.add(self.wishlist_id, variant_id=variant_id)

    def listed(self) -> list[int]:
        """The variants on the list."""
        return variants(self.shop.wishlists.get(self.wishlist_id))

    def stranger(self) -> int:
        """Another customer."""
        return self.shop.customers.register(NewCustomer(email="eve@example.com")).customer_id


def variants(wishlist: PricedWishlist) -> list[int]:
    """What is on it, in its order."""
    return [line.variant_id for line in wishlist.lines]


@pytest.fixture
def store(shop: Shop) -> Store:
    """Five pieces of tea, no cups."""
    category = shop.catalog.create_category(name="Tea", slug="tea")
    products, found = [], []
    for slug, price in (("tea", "2.345"), ("cup", "10")):
        product = shop.catalog.create_product(category_id=category.category_id, slug=slug, name=slug.title())
        found.append(shop.catalog.create_variant(product.product_id, sku=slug.upper(), price=Decimal(price)).variant_id)
        shop.catalog.publish(product.product_id)
        products.append(product.product_id)
    main = shop.stock.add_location(name="Main")
    shop.stock.receive(found[0], location_id=main.location_id, quantity=5)
    ada = shop.customers.register(NewCustomer(email="ada@example.com"))
    wishlist = shop.wishlists.create(ada.customer_id, name="Birthday")
    return Store(shop, products[0], found[0], found[1], ada.customer_id, wishlist.wishlist_id)


# --- lists ------------------------------------------------------------------------------------------------------------


def test_a_customer_has_lists(store: Store) -> None:
    """Each with a name of its own, oldest first, with the number of things on it."""
    second = store.shop.wishlists.create(store.customer_id, name=" Some day ")
    store.add(store.cup, store.tea)

    lists = store.shop.wishlists.of_customer(store.customer_id)

    assert [(each.name, each.items, each.is_shared) for each in lists] == [
        ("Birthday", 2, False),
        ("Some day", 0, False),
    ]
    assert lists[1].public_id == second.public_id
    assert store.shop.wishlists.of_customer(store.stranger()) == ()


def test_no_two_lists_of_a_customer_have_one_name(store: Store) -> None:
    """Neither a new one nor a renamed one; another customer's may."""
    second = store.shop.wishlists.create(store.customer_id, name="birthday")

    with pytest.raises(AlreadyExists):
        store.shop.wishlists.create(store.customer_id, name="Birthday")
    with pytest.raises(AlreadyExists):
        store.shop.wishlists.rename(second.wishlist_id, name="Birthday")

    assert store.shop.wishlists.create(store.stranger(), name="Birthday").name == "Birthday"
    assert store.shop.wishlists.rename(second.wishlist_id, name="Christmas").name == "Christmas"


def test_a_customer_has_so_many_lists_and_no_more(store: Store) -> None:
    """Also when several are opened at once."""
    for number in range(MAX_WISHLISTS - 3):
        store.shop.wishlists.create(store.customer_id, name=f"List {number}")

    def create(turn: int, worker: int) -> int:
        try:
            store.shop.wishlists.create(store.customer_id, name=f"More {turn} {worker}")
        except InvalidValue:
            return 0
        return 1

    made = sum(sum(each) for each in together(4, [1], create))

    assert (made, len(store.shop.wishlists.of_customer(store.customer_id))) == (2, MAX_WISHLISTS)


def test_a_deleted_list_takes_its_things_and_its_link_along(store: Store) -> None:
    """Nothing leads to it any more."""
    store.add(store.tea)
    token = store.shop.wishlists.share(store.wishlist_id)

    store.shop.wishlists.delete(store.wishlist_id)

    for call in (
        lambda: store.shop.wishlists.get(store.wishlist_id),
        lambda: store.shop.wishlists.delete(store.wishlist_id),
        lambda: store.shop.wishlists.shared(token),
    ):
        with pytest.raises(NotFound):
            call()


# --- things -----------------------------------------------------------------------------------------------------------


def test_a_list_shows_present_prices_and_what_is_available(store: Store) -> None:
    """Things come in the order in which they were added."""
    store.add(store.cup, store.tea)
    store.shop.catalog.set_price(store.cup, price=Decimal(12))

    cup, tea = store.shop.wishlists.get(store.wishlist_id).lines

    assert (cup.sku, cup.unit_price, cup.available, cup.is_for_sale, cup.is_unavailable) == (
        "CUP",
        Decimal(12),
        0,
        True,
        True,
    )
    assert (tea.product_name, tea.available, tea.is_unavailable) == ("Tea", 5, False)
    store.shop.catalog.archive(store.product_id)
    tea = store.shop.wishlists.get(store.wishlist_id).lines[1]
    assert (tea.is_for_sale, tea.is_unavailable) == (False, True)


def test_a_thing_is_on_a_list_once(store: Store) -> None:
    """Adding it again leaves it where it is; taking it off twice is fine."""
    wishlists = store.shop.wishlists
    store.add(store.tea, store.cup)

    assert variants(wishlists.add(store.wishlist_id, variant_id=store.tea)) == [store.tea, store.cup]
    assert variants(wishlists.remove(store.wishlist_id, variant_id=store.tea)) == [store.cup]
    assert variants(wishlists.remove(store.wishlist_id, variant_id=store.tea)) == [store.cup]


def test_a_change_dates_its_list(store: Store) -> None:
    """By the shop's clock."""
    before = store.shop.wishlists.get(store.wishlist_id)

    added = store.shop.wishlists.add(store.wishlist_id, variant_id=store.tea)
    removed = store.shop.wishlists.remove(store.wishlist_id, variant_id=store.tea)

    assert before.created_at == before.updated_at < added.updated_at < removed.updated_at


def test_only_what_is_for_sale_is_put_on_a_list(store: Store) -> None:
    """A draft's variant is not, and one that does not exist is none."""
    store.shop.catalog.archive(store.product_id)

    with pytest.raises(UnavailableItem):
        store.shop.wishlists.add(store.wishlist_id, variant_id=store.tea)
    with pytest.raises(InvalidReference):
        store.shop.wishlists.add(store.wishlist_id, variant_id=999)

    assert store.listed() == []


def test_a_list_holds_so_many_things_and_no_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one beyond is refused, one that is on it is not."""
    monkeypatch.setattr("lumia.repos.wishlists.MAX_ITEMS", 1)
    store.add(store.tea, store.tea)

    with pytest.raises(InvalidValue):
        store.add(store.cup)

    assert store.listed() == [store.tea]


@pytest.mark.parametrize(
    "call",
    [
        lambda lists: lists.get(999),
        lambda lists: lists.rename(999, name="X"),
        lambda lists: lists.add(999, variant_id=1),
        lambda lists: lists.remove(999, variant_id=1),
        lambda lists: lists.share(999),
        lambda lists: lists.unshare(999),
        lambda lists: lists.move_to_cart(999),
        lambda lists: lists.create(999, name="X"),
        lambda lists: lists.shared("nonsense"),
    ],
)
def test_what_is_not_there_is_not_found(store: Store, call: Callable[[Any], object]) -> None:
    """A list, a customer or a token that nothing has."""
    with pytest.raises(NotFound):
        call(store.shop.wishlists)


@pytest.mark.parametrize(
    "call",
    [
        lambda lists: lists.create(0, name="X"),
        lambda lists: lists.create(1, name="  "),
        lambda lists: lists.create(1, name="x" * 101),
        lambda lists: lists.of_customer("1"),
        lambda lists: lists.get(-1),
        lambda lists: lists.rename(1, name=""),
        lambda lists: lists.delete(2**63),
        lambda lists: lists.add(1, variant_id=0),
        lambda lists: lists.remove(0, variant_id=1),
        lambda lists: lists.share(0),
        lambda lists: lists.unshare(0),
        lambda lists: lists.shared(""),
        lambda lists: lists.shared("x" * 201),
        lambda lists: lists.move_to_cart(0),
        lambda lists: lists.move_to_cart(1, cart_id=0),
        lambda lists: lists.move_to_cart(1, variant_id=0),
    ],
)
def test_bad_arguments_are_refused(store: Store, call: Callable[[Any], object]) -> None:
    """Before the database is asked."""
    with pytest.raises(InvalidValue):
        call(store.shop.wishlists)


# --- links ------------------------------------------------------------------------------------------------------------


def test_a_link_shows_a_list_without_whose_it_is(store: Store) -> None:
    """The token is random, shown once, and only its hash is kept."""
    store.add(store.tea)
    token = store.shop.wishlists.share(store.wishlist_id)

    shared = store.shop.wishlists.shared(token)
    session = store.shop.engine.acquire(write=False)
    kept = session.fetch_all("SELECT token_hash FROM wishlists", ())
    store.shop.engine.release(session, failed=False)

    own = store.shop.wishlists.get(store.wishlist_id)
    assert own.is_shared
    assert (shared.public_id, shared.name, shared.lines) == (own.public_id, "Birthday", own.lines)
    assert "customer_id" not in type(shared).model_fields
    assert len(token) >= 43
    assert [bytes(row[0]) for row in kept] == [hashlib.sha256(token.encode()).digest()]


def test_a_link_leads_nowhere_once_it_is_replaced_or_taken_back(store: Store) -> None:
    """Sharing anew makes another one; taking back twice is fine."""
    wishlists = store.shop.wishlists
    first, second = wishlists.share(store.wishlist_id), wishlists.share(store.wishlist_id)

    with pytest.raises(NotFound):
        wishlists.shared(first)
    assert wishlists.shared(second).lines == ()
    assert [wishlists.unshare(store.wishlist_id).is_shared for _ in range(2)] == [False, False]
    with pytest.raises(NotFound):
        wishlists.shared(second)


# --- the way into a cart ----------------------------------------------------------------------------------------------


def test_a_list_moves_to_the_customers_own_cart(store: Store) -> None:
    """One of each, in the list's order; the cart is opened where there is none."""
    store.add(store.cup, store.tea)

    cart = store.shop.wishlists.move_to_cart(store.wishlist_id)
    again = store.shop.wishlists.move_to_cart(store.wishlist_id)

    assert cart.customer_id == store.customer_id
    assert [(line.variant_id, line.quantity) for line in cart.lines] == [(store.cup, 1), (store.tea, 1)]
    assert again.lines == cart.lines
    assert store.listed() == []


def test_what_lies_in_the_cart_keeps_its_quantity(store: Store) -> None:
    """And leaves the list all the same."""
    cart = store.shop.carts.for_customer(store.customer_id)
    store.shop.carts.set_item(cart.cart_id, variant_id=store.tea, quantity=3)
    store.add(store.tea)

    moved = store.shop.wishlists.move_to_cart(store.wishlist_id, cart_id=cart.cart_id)

    assert [(line.variant_id, line.quantity) for line in moved.lines] == [(store.tea, 3)]
    assert store.listed() == []


def test_one_thing_moves_alone(store: Store) -> None:
    """The others stay; one that is not on the list moves nothing."""
    guest = store.shop.carts.create_guest()[0].cart_id
    store.add(store.cup, store.tea)

    cart = store.shop.wishlists.move_to_cart(store.wishlist_id, cart_id=guest, variant_id=store.tea)
    again = store.shop.wishlists.move_to_cart(store.wishlist_id, cart_id=guest, variant_id=store.tea)

    assert [line.variant_id for line in cart.lines] == [line.variant_id for line in again.lines] == [store.tea]
    assert store.listed() == [store.cup]


def test_what_is_not_for_sale_stays_on_the_list(store: Store) -> None:
    """Also when the cart has it from before."""
    cart = store.shop.carts.for_customer(store.customer_id)
    store.shop.carts.set_item(cart.cart_id, variant_id=store.tea, quantity=1)
    store.add(store.cup, store.tea)
    store.shop.catalog.archive(store.product_id)

    moved = store.shop.wishlists.move_to_cart(store.wishlist_id)

    assert [line.variant_id for line in moved.lines] == [store.tea, store.cup]
    assert store.listed() == [store.tea]


@pytest.mark.parametrize("status", ["abandoned", "converted"])
def test_nothing_moves_to_a_cart_that_is_closed(store: Store, status: str) -> None:
    """Or to one that does not exist: the list keeps everything."""
    cart = store.shop.carts.for_customer(store.customer_id).cart_id
    store.shop.carts.set_item(cart, variant_id=store.tea, quantity=1)
    store.add(store.cup, store.tea)
    session = store.shop.engine.acquire(write=True)
    session.execute(f"UPDATE carts SET status = '{status}' WHERE cart_id = {cart}", ())
    store.shop.engine.release(session, failed=False)

    with pytest.raises(IllegalTransition):
        store.shop.wishlists.move_to_cart(store.wishlist_id, cart_id=cart)
    with pytest.raises(NotFound):
        store.shop.wishlists.move_to_cart(store.wishlist_id, cart_id=999)

    assert store.listed() == [store.cup, store.tea]


def test_a_cart_that_would_hold_too_much_takes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list keeps everything."""
    monkeypatch.setattr("lumia.repos.wishlists.MAX_LINES", 1)
    store.add(store.cup, store.tea)

    with pytest.raises(InvalidValue):
        store.shop.wishlists.move_to_cart(store.wishlist_id)

    assert store.listed() == [store.cup, store.tea]

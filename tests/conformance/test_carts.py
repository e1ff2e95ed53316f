"""Carts: a guest's, a customer's, and their priced lines, on both engines."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest

from lumia import Shop
from lumia.dto.carts import Cart
from lumia.dto.customers import NewCustomer
from lumia.errors import IllegalTransition, InvalidReference, InvalidValue, NotFound, UnavailableItem
from lumia.repos.carts import MAX_LINES, new_token
from lumia.types import CartStatus
from tests.support.together import together


@dataclass(frozen=True)
class Store:
    """A shop in euros with goods on sale and a customer."""

    shop: Shop
    product_id: int
    tea: int
    cup: int
    location_id: int
    customer_id: int

    def guest(self) -> int:
        """An empty cart's key."""
        return self.shop.carts.create_guest()[0].cart_id

    def close(self, cart: Cart, status: str) -> None:
        """Take a cart out of use, as a checkout or a sweeper does."""
        session = self.shop.engine.acquire(write=True)
        session.execute(f"UPDATE carts SET status = '{status}' WHERE cart_id = {cart.cart_id}", ())
        self.shop.engine.release(session, failed=False)


@pytest.fixture
def store(shop: Shop) -> Store:
    """Two variants, 5 pieces of the first."""
    category = shop.catalog.create_category(name="Tea", slug="tea")
    variants = []
    for slug, price in (("tea", "2.345"), ("cup", "10")):
        product = shop.catalog.create_product(category_id=category.category_id, slug=slug, name=slug.title())
        variants.append(shop.catalog.create_variant(product.product_id, sku=slug.upper(), price=Decimal(price)))
        shop.catalog.publish(product.product_id)
    main = shop.stock.add_location(name="Main")
    shop.stock.receive(variants[0].variant_id, location_id=main.location_id, quantity=5)
    ada = shop.customers.register(NewCustomer(email="ada@example.com"))
    return Store(
        shop,
        variants[0].product_id,
        variants[0].variant_id,
        variants[1].variant_id,
        main.location_id,
        ada.customer_id,
    )


# --- whose cart -------------------------------------------------------------------------------------------------------


def test_a_guest_gets_a_cart_and_a_token(shop: Shop) -> None:
    """The token leads back to the cart, and only its hash is kept."""
    cart, token = shop.carts.create_guest(email="Eve@Example.com")
    other, other_token = shop.carts.create_guest()

    session = shop.engine.acquire(write=False)
    kept = session.fetch_all("SELECT token_hash FROM carts ORDER BY cart_id", ())
    shop.engine.release(session, failed=False)

    assert (cart.customer_id, cart.guest_email, cart.currency) == (None, "Eve@Example.com", "EUR")
    assert (cart.status, cart.version) == (CartStatus.ACTIVE, 0)
    assert other.guest_email is None
    assert shop.carts.by_token(token) == cart
    assert shop.carts.by_token(other_token) == other
    assert [bytes(row[0]) for row in kept] == [hashlib.sha256(text.encode()).digest() for text in (token, other_token)]


def test_tokens_are_long_and_never_the_same() -> None:
    """256 random bits cannot be guessed."""
    tokens = {new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}


def test_a_wrong_token_finds_nothing(shop: Shop) -> None:
    """Nor does the message repeat it."""
    _, token = shop.carts.create_guest()

    for wrong in (token[:-1], token.swapcase(), "x"):
        with pytest.raises(NotFound) as refusal:
            shop.carts.by_token(wrong)
        assert wrong not in str(refusal.value) or wrong == "x"
    for bad in ("", "x" * 201, "a\0b"):
        with pytest.raises(InvalidValue, match="token"):
            shop.carts.by_token(bad)


def test_a_customer_has_one_active_cart(store: Store) -> None:
    """Every device shows the same one; a new one is opened when it was ordered."""
    carts = store.shop.carts

    first = carts.for_customer(store.customer_id)
    again = carts.for_customer(store.customer_id)
    store.close(first, "converted")
    second = carts.for_customer(store.customer_id)
    store.close(second, "abandoned")
    third = carts.for_customer(store.customer_id)

    assert first == again
    assert (first.customer_id, first.status, first.version) == (store.customer_id, CartStatus.ACTIVE, 0)
    assert len({first.cart_id, second.cart_id, third.cart_id}) == 3


def test_devices_that_come_at_once_get_the_same_cart(store: Store) -> None:
    """What is put in on the phone must not vanish from the laptop."""
    shop = store.shop
    customers = [shop.customers.register(NewCustomer(email=f"c{at}@example.com")).customer_id for at in range(12)]

    seen = together(4, customers, lambda customer_id, _: shop.carts.for_customer(customer_id).cart_id)

    assert [len(set(carts)) for carts in seen] == [1] * len(customers)


def test_a_cart_keeps_the_currency_that_it_was_opened_in(store: Store) -> None:
    """A change of the shop's currency is no conversion."""
    old = store.guest()

    store.shop.settings.update(currency="JPY")

    assert store.shop.carts.get(old).currency == "EUR"
    assert store.shop.carts.get(store.guest()).currency == "JPY"


# --- lines ------------------------------------------------------------------------------------------------------------


def test_lines_are_priced_and_tell_what_is_available(store: Store) -> None:
    """Each line is rounded once, half-up, and the subtotal adds the rounded amounts."""
    carts, cart_id = store.shop.carts, store.guest()

    carts.set_item(cart_id, variant_id=store.cup, quantity=1)
    cart = carts.set_item(cart_id, variant_id=store.tea, quantity=5)

    cup, tea = cart.lines
    assert (cup.sku, cup.product_name, cup.unit_price, cup.amount) == ("CUP", "Cup", Decimal(10), Decimal("10.00"))
    assert (cup.is_for_sale, cup.available, cup.is_unavailable) == (True, 0, True)
    assert (tea.unit_price, tea.quantity, tea.amount) == (Decimal("2.345"), 5, Decimal("11.73"))
    assert (tea.is_for_sale, tea.available, tea.is_unavailable) == (True, 5, False)
    assert cart.subtotal == Decimal("21.73")
    assert carts.get(cart_id) == cart


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "12"), ("KWD", "11.725"), ("CLF", "11.7250")])
def test_a_line_is_rounded_to_the_carts_own_minor_unit(store: Store, currency: str, amount: str) -> None:
    """A yen has no cents, a dinar has a thousand fils."""
    store.shop.settings.update(currency=currency)

    cart = store.shop.carts.set_item(store.guest(), variant_id=store.tea, quantity=5)

    assert str(cart.lines[0].amount) == amount
    assert str(cart.subtotal) == amount


def test_setting_a_line_replaces_its_quantity(store: Store) -> None:
    """A repeated request changes nothing, so it can be sent again after a lost answer."""
    carts, cart_id = store.shop.carts, store.guest()

    first = carts.set_item(cart_id, variant_id=store.tea, quantity=1)
    most = carts.set_item(cart_id, variant_id=store.tea, quantity=1_000_000)
    again = carts.set_item(cart_id, variant_id=store.tea, quantity=1_000_000)

    assert [line.quantity for line in most.lines] == [1_000_000]
    assert most.lines[0].is_unavailable
    assert first.version < most.version == again.version
    assert again.lines == most.lines


def test_a_changed_price_shows_at_the_next_look(store: Store) -> None:
    """A cart promises no price, and its lines say what holds now."""
    cart_id = store.guest()
    store.shop.carts.set_item(cart_id, variant_id=store.tea, quantity=2)

    store.shop.catalog.set_price(store.tea, price=Decimal(3))

    assert store.shop.carts.get(cart_id).subtotal == Decimal("6.00")


def test_a_line_that_went_off_sale_stays_and_says_so(store: Store) -> None:
    """The customer sees what is missing instead of wondering."""
    cart_id, shop = store.guest(), store.shop
    shop.carts.set_item(cart_id, variant_id=store.tea, quantity=1)

    shop.catalog.update_variant(store.tea, is_active=False)
    inactive = shop.carts.get(cart_id).lines[0]
    shop.catalog.update_variant(store.tea, is_active=True)
    shop.catalog.archive(store.product_id)
    archived = shop.carts.get(cart_id).lines[0]

    assert (inactive.is_for_sale, inactive.available, inactive.is_unavailable) == (False, 5, True)
    assert (archived.is_for_sale, archived.available, archived.is_unavailable) == (False, 5, True)


def test_lines_are_removed_one_by_one_or_all(store: Store) -> None:
    """What is not there can be removed too: the outcome is what was asked for."""
    carts, cart_id = store.shop.carts, store.guest()
    carts.set_item(cart_id, variant_id=store.tea, quantity=1)
    full = carts.set_item(cart_id, variant_id=store.cup, quantity=1)

    fewer = carts.remove_item(cart_id, variant_id=store.tea)
    same = carts.remove_item(cart_id, variant_id=store.tea)
    empty = carts.clear(cart_id)

    assert [line.sku for line in fewer.lines] == ["CUP"]
    assert same.lines == fewer.lines
    assert full.version < fewer.version == same.version < empty.version
    assert (empty.lines, empty.subtotal) == ((), Decimal(0))
    assert full.updated_at < fewer.updated_at < empty.updated_at < store.shop.clock()
    assert carts.clear(cart_id).lines == ()


def test_a_line_of_one_cart_is_in_no_other(store: Store) -> None:
    """Removing from mine leaves yours."""
    mine, yours = store.guest(), store.guest()
    for cart_id in (mine, yours):
        store.shop.carts.set_item(cart_id, variant_id=store.tea, quantity=1)

    store.shop.carts.clear(mine)
    store.shop.carts.remove_item(mine, variant_id=store.tea)

    assert len(store.shop.carts.get(yours).lines) == 1


def test_a_cart_holds_five_hundred_lines(store: Store) -> None:
    """One more is refused and leaves the cart as it was; a line that is there can still change."""
    shop, cart_id = store.shop, store.guest()
    with shop.transaction() as tx:
        option = tx.catalog.add_option(store.product_id, name="A", values=[str(at) for at in range(100)])
        tx.catalog.add_option(store.product_id, name="B", values=list("vwxyz"))
        variants = tx.catalog.create_variants(store.product_id, sku_prefix="T", price=Decimal("0.5"))
    rows = ", ".join(
        f"({cart_id}, {row.variant_id}, 2, '2030-01-01T00:00:00.000000Z', '2030-01-01T00:00:00.000000Z')"
        for row in variants
    )
    session = shop.engine.acquire(write=True)
    session.execute(f"INSERT INTO cart_items (cart_id, variant_id, quantity, created_at, updated_at) VALUES {rows}", ())
    shop.engine.release(session, failed=False)

    with pytest.raises(InvalidValue, match="500"):
        shop.carts.set_item(cart_id, variant_id=store.cup, quantity=1)
    changed = shop.carts.set_item(cart_id, variant_id=variants[0].variant_id, quantity=4)

    assert len(option.values) * 5 == MAX_LINES == len(changed.lines)
    assert changed.subtotal == Decimal(501)
    assert shop.carts.get(cart_id) == changed


def test_a_cart_beyond_what_money_can_hold_can_be_read_and_mended(store: Store) -> None:
    """No line could be lowered or taken out, and nothing merged, of a cart whose sum had become too large."""
    cart_id = store.guest()
    store.shop.catalog.set_price(store.cup, price=Decimal("99999999999.99"))
    store.shop.carts.set_item(cart_id, variant_id=store.cup, quantity=2)

    both = store.shop.carts.set_item(cart_id, variant_id=store.tea, quantity=1)
    lower = store.shop.carts.set_item(cart_id, variant_id=store.cup, quantity=1)
    without = store.shop.carts.remove_item(cart_id, variant_id=store.tea)

    assert [line.amount is None for line in both.lines] == [True, False]
    assert both.subtotal is None
    assert [line.amount is None for line in lower.lines] == [False, False]
    assert lower.subtotal is None
    assert without.subtotal == store.shop.carts.get(cart_id).subtotal == Decimal("99999999999.99")


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["converted", "abandoned"])
def test_a_cart_that_is_not_active_can_be_read_but_not_changed(store: Store, status: str) -> None:
    """An order was made of it; what it held is its history."""
    carts = store.shop.carts
    cart, token = carts.create_guest()
    carts.set_item(cart.cart_id, variant_id=store.tea, quantity=1)
    store.close(cart, status)
    before = carts.get(cart.cart_id)
    changes: list[Callable[[], object]] = [
        lambda: carts.set_item(cart.cart_id, variant_id=store.tea, quantity=2),
        lambda: carts.set_item(cart.cart_id, variant_id=99, quantity=2),
        lambda: carts.remove_item(cart.cart_id, variant_id=store.tea),
        lambda: carts.remove_item(cart.cart_id, variant_id=store.cup),
        lambda: carts.clear(cart.cart_id),
    ]

    for change in changes:
        with pytest.raises(IllegalTransition, match=status):
            change()

    assert carts.get(cart.cart_id) == before
    assert before.status == status
    assert carts.by_token(token).status == status


REFUSED: list[tuple[type[Exception], str, Callable[[Shop, Store, int], object]]] = [
    (NotFound, "99", lambda shop, _, __: shop.carts.get(99)),
    (NotFound, "99", lambda shop, at, _: shop.carts.set_item(99, variant_id=at.tea, quantity=1)),
    (NotFound, "99", lambda shop, _, __: shop.carts.set_item(99, variant_id=99, quantity=1)),
    (NotFound, "99", lambda shop, at, _: shop.carts.remove_item(99, variant_id=at.tea)),
    (NotFound, "99", lambda shop, _, __: shop.carts.clear(99)),
    (NotFound, "99", lambda shop, _, __: shop.carts.for_customer(99)),
    (InvalidReference, "99", lambda shop, _, cart: shop.carts.set_item(cart, variant_id=99, quantity=1)),
    (InvalidValue, "quantity", lambda shop, at, cart: shop.carts.set_item(cart, variant_id=at.tea, quantity=0)),
    (InvalidValue, "quantity", lambda shop, at, cart: shop.carts.set_item(cart, variant_id=at.tea, quantity=1_000_001)),
    (InvalidValue, "quantity", lambda shop, at, cart: shop.carts.set_item(cart, variant_id=at.tea, quantity=1.5)),  # type: ignore[arg-type]
    (InvalidValue, "cart_id", lambda shop, _, __: shop.carts.get(0)),
    (InvalidValue, "variant_id", lambda shop, _, cart: shop.carts.remove_item(cart, variant_id=0)),
    (InvalidValue, "customer_id", lambda shop, _, __: shop.carts.for_customer(2**63)),
    (InvalidValue, "email", lambda shop, _, __: shop.carts.create_guest(email="a@b.invalid")),
]  # fmt: skip


def test_what_does_not_fit_is_refused_by_name(store: Store) -> None:
    """The same class on both engines, the argument or key in the message, and nothing changed."""
    shop, cart_id = store.shop, store.guest()
    before = shop.carts.set_item(cart_id, variant_id=store.tea, quantity=1)

    for error, word, call in REFUSED:
        with pytest.raises(error, match=word):
            call(shop, store, cart_id)

    assert shop.carts.get(cart_id) == before


def test_what_is_not_for_sale_does_not_get_into_a_cart(store: Store) -> None:
    """Neither an inactive variant nor one of a draft or an archived product."""
    shop, cart_id = store.shop, store.guest()
    shop.catalog.update_variant(store.cup, is_active=False)
    shop.catalog.archive(store.product_id)

    for variant_id in (store.cup, store.tea):
        with pytest.raises(UnavailableItem, match=str(variant_id)):
            shop.carts.set_item(cart_id, variant_id=variant_id, quantity=1)

    assert shop.carts.get(cart_id).lines == ()


def test_a_refused_line_leaves_the_callers_transaction_usable(store: Store) -> None:
    """A program can skip what is sold out and fill the rest."""
    with store.shop.transaction() as tx:
        cart, _ = tx.carts.create_guest()
        with pytest.raises(InvalidReference):
            tx.carts.set_item(cart.cart_id, variant_id=99, quantity=1)
        tx.carts.set_item(cart.cart_id, variant_id=store.tea, quantity=1)

    assert len(store.shop.carts.get(cart.cart_id).lines) == 1

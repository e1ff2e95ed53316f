"""What changes between checkout's reading and its write: each guard of the write, in both forms that it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

import lumia.repos.checkout
from lumia.errors import (
    Conflict,
    IllegalTransition,
    InsufficientStock,
    InvalidValue,
    LumiaError,
    TotalChanged,
    UnavailableItem,
)
from lumia.repos.checkout import Checkout
from lumia.repos.placing import write_order, write_order_step_by_step
from lumia.shop import Repositories
from tests.support.digests import changed_tables, observe
from tests.support.scene import HOME, Scene, a_scene

READING = "quoting.list_checkout_lines"

Change = Callable[[Any, Scene], object]


class Interrupted:
    """A context in which somebody else's change comes right after checkout has read what an order depends on."""

    def __init__(self, context: Any, change: Callable[[Any], object], times: int = 1) -> None:
        """Make the change after each of the first `times` readings."""
        self._context = context
        self._change = change
        self._left = times

    @property
    def q(self) -> Any:
        """The queries, with the change behind their pipelines."""
        return self

    def __getattr__(self, name: str) -> Any:
        """Give everything else from the queries."""
        return getattr(self._context.q, name)

    def pipeline(self, calls: list[Any]) -> list[Any]:
        """Run the calls; after a reading, make the change."""
        results: list[Any] = self._context.q.pipeline(calls)
        if self._left and any(call.query.full_name == READING for call in calls):
            self._left -= 1
            self._change(Repositories(self._context))
        return results

    def now(self) -> datetime:
        """The context's time."""
        now: datetime = self._context.now()
        return now

    def new_uuid(self) -> UUID:
        """The context's next id."""
        new: UUID = self._context.new_uuid()
        return new

    @contextmanager
    def unit(self, *, write: bool = True) -> Iterator[Interrupted]:
        """The context's unit, in which the same happens."""
        with self._context.unit(write=write) as inner:
            outer, self._context = self._context, inner
            yield self
            self._context = outer


@pytest.fixture
def scene(shop: Any) -> Scene:
    """A shop that is ready to sell."""
    return a_scene(shop)


@pytest.fixture(params=[write_order, write_order_step_by_step], ids=["as the engine can", "step by step"], autouse=True)
def writer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each form of the guarded write in turn: every guard stands in both."""
    monkeypatch.setattr(lumia.repos.checkout, "write_order", request.param)


def place_interrupted(
    scene: Scene, change: Change, *, quantity: int = 1, key: str = "k", times: int = 1, total: str | None = None
) -> Any:
    """Order some mugs at their present total while `change` happens in between."""
    cart_id = scene.cart({scene.variant_ids[0]: quantity})
    context = Interrupted(scene.shop.carts._context, lambda tx: change(tx, scene), times)
    return Checkout(context).place(
        cart_id,
        shipping_address=scene.address_id,
        shipping_method="post",
        expected_total=scene.total(cart_id) if total is None else Decimal(total),
        idempotency_key=key,
    )


def own_cart(tx: Any, scene: Scene) -> int:
    """The key of the cart that is being ordered."""
    cart_id: int = tx.carts.for_customer(scene.customer_id).cart_id
    return cart_id


def method(tx: Any) -> int:
    """The key of the post."""
    key: int = tx.delivery.shipping_methods().items[0].shipping_method_id
    return key


def somebody_orders(quantity: int) -> Change:
    """A guest orders mugs."""

    def change(tx: Any, scene: Scene) -> object:
        cart_id = tx.carts.create_guest()[0].cart_id
        tx.carts.set_item(cart_id, variant_id=scene.variant_ids[0], quantity=quantity)
        total = tx.checkout.quote(cart_id, shipping_method="post", country_code="GB").total
        return tx.checkout.place(
            cart_id,
            shipping_address=HOME,
            email="grace@example.org",
            shipping_method="post",
            expected_total=total,
            idempotency_key="theirs",
        )

    return change


def order_own_cart(tx: Any, scene: Scene) -> object:
    """The cart is ordered under another key."""
    return tx.checkout.place(
        own_cart(tx, scene),
        shipping_address=scene.address_id,
        shipping_method="post",
        expected_total=Decimal("16.95"),
        idempotency_key="another",
    )


REFUSALS: dict[str, tuple[Change, type[LumiaError], str]] = {
    "price": (lambda tx, at: tx.catalog.set_price(at.variant_ids[0], price=Decimal(9)), TotalChanged, r"15\.75"),
    "line": (
        lambda tx, at: tx.carts.set_item(own_cart(tx, at), variant_id=at.variant_ids[0], quantity=2),
        TotalChanged,
        r"28\.95",
    ),
    "tax setting": (lambda tx, _: tx.settings.update(prices_include_tax=True), TotalChanged, r"14\.95"),
    "shipping price": (
        lambda tx, _: tx.delivery.update_shipping_method(method(tx), price=Decimal(1)),
        TotalChanged,
        "13",
    ),
    "free from": (
        lambda tx, _: tx.delivery.update_shipping_method(method(tx), free_from=Decimal(1)),
        TotalChanged,
        "12",
    ),
    "retired method": (
        lambda tx, _: tx.delivery.update_shipping_method(method(tx), is_active=False),
        InvalidValue,
        "shipping_method",
    ),
    "currency": (lambda tx, _: tx.settings.update(currency="EUR"), IllegalTransition, "EUR"),
    "variant": (
        lambda tx, at: tx.catalog.update_variant(at.variant_ids[0], is_active=False),
        UnavailableItem,
        "MUG-0",
    ),
    "product": (lambda tx, at: tx.catalog.archive(at.product_id), UnavailableItem, "MUG-0"),
    "stock": (
        lambda tx, at: tx.stock.adjust(at.variant_ids[0], location_id=at.main_id, delta=-10, reason="fire"),
        InsufficientStock,
        r"MUG-0 \(wanted 1, available 0\)",
    ),
    "location": (
        lambda tx, at: tx.stock.update_location(at.main_id, is_active=False),
        InsufficientStock,
        r"MUG-0 \(wanted 1, available 0\)",
    ),
    "sold": (somebody_orders(10), InsufficientStock, r"MUG-0 \(wanted 1, available 0\)"),
    "ordered": (order_own_cart, IllegalTransition, "converted"),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_what_changed_since_it_was_read_refuses_the_order(scene: Scene, url: str, what: str) -> None:
    """The write repeats everything that the total and the stock depend on, and says what became of it.

    Guards each condition of the write: without it the order is written as if nothing had changed, or the ledger's own
    trigger refuses it without naming a SKU.
    """
    change, error, message = REFUSALS[what]
    scene.cart()
    with observe(url) as observer:
        before = observer.digest()

        with pytest.raises(error, match=message) as refusal:
            place_interrupted(scene, change)

        assert getattr(refusal.value, "constraint", None) is None
        differences = changed_tables(before, observer.digest())
        assert [entry for entry in differences if not entry.startswith(("cart", "carts"))] == []


def test_what_one_location_comes_to_owe_is_missing_from_the_whole(scene: Scene) -> None:
    """Five promised units burn in the annex: of the ten in the main location only five are still free.

    Guards the sum over a variant's locations in the write: the main location alone could promise six.
    """
    mug = scene.variant_ids[0]
    scene.stocked(mug, 5, annex=True)
    scene.shop.stock.update_location(scene.main_id, is_active=False)
    scene.place(scene.cart({mug: 5}))
    scene.shop.stock.update_location(scene.main_id, is_active=True)

    def fire(tx: Any, at: Scene) -> object:
        return tx.stock.adjust(mug, location_id=at.annex_id, delta=-5, reason="fire")

    with pytest.raises(InsufficientStock, match=r"wanted 6, available 5"):
        place_interrupted(scene, fire, quantity=6)


def test_stock_that_only_moved_is_found_again(scene: Scene) -> None:
    """The same total and enough units elsewhere: the order is planned anew and goes through."""
    mug = scene.variant_ids[0]

    def move(tx: Any, at: Scene) -> object:
        return tx.stock.transfer(mug, from_location_id=at.main_id, to_location_id=at.annex_id, quantity=10)

    order = place_interrupted(scene, move, quantity=3)

    assert [(entry.location_id, entry.quantity) for entry in order.allocations] == [(scene.annex_id, 3)]
    assert scene.levels(mug) == {scene.main_id: (0, 0), scene.annex_id: (10, 3)}


def test_a_cart_that_changed_and_changed_back_is_ordered(scene: Scene) -> None:
    """Only its version is another: what it comes to is what the customer agreed to."""

    def write_again(tx: Any, at: Scene) -> object:
        return tx.carts.set_item(own_cart(tx, at), variant_id=at.variant_ids[0], quantity=1)

    order = place_interrupted(scene, write_again)

    assert order.total == Decimal("16.95")


def test_a_cart_that_keeps_changing_is_a_conflict(scene: Scene) -> None:
    """One new plan is tried, not any number: the caller may call again."""
    sizes = iter([2, 1] * 4)

    def flicker(tx: Any, at: Scene) -> None:
        for _ in range(2):
            tx.carts.set_item(own_cart(tx, at), variant_id=at.variant_ids[0], quantity=next(sizes))

    with pytest.raises(Conflict, match="kept changing"):
        place_interrupted(scene, flicker, times=2)


def test_an_interrupted_order_inside_a_transaction_leaves_it_usable(scene: Scene) -> None:
    """The refused write of the inner unit undoes itself alone."""
    mug, cup, _ = scene.variant_ids
    cart_id = scene.cart({mug: 1})

    with scene.shop.transaction() as tx:
        context = Interrupted(tx.carts._context, lambda inner: inner.catalog.set_price(mug, price=Decimal(9)), times=1)
        with pytest.raises(TotalChanged):
            Checkout(context).place(
                cart_id,
                shipping_address=scene.address_id,
                shipping_method="post",
                expected_total=Decimal("16.95"),
                idempotency_key="k",
            )
        order = tx.orders.get(
            scene.place(cart_id, on=tx, idempotency_key="k", expected_total=Decimal("16.95")).order_id
        )

    assert scene.shop.orders.get(order.order_id) == order
    assert cup not in {item.variant_id for item in order.items}

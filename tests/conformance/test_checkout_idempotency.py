"""One key, one order, on both engines: replays, scopes, and many callers at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest

from lumia.dto.customers import NewCustomer
from lumia.errors import IdempotencyConflict, IllegalTransition, InsufficientStock, TotalChanged
from tests.support.digests import changed_tables, observe
from tests.support.scene import HOME, OFFICE, Scene, a_scene

CALLERS = 8


@pytest.fixture
def scene(shop: Any) -> Scene:
    """A shop that is ready to sell."""
    return a_scene(shop)


def test_a_repeated_call_gives_the_same_order_and_changes_nothing(scene: Scene, url: str) -> None:
    """A caller who lost the answer asks again and gets it, down to the last field."""
    cart_id = scene.cart({scene.variant_ids[0]: 2, scene.variant_ids[1]: 1})
    request = {"idempotency_key": "k", "expected_total": scene.total(cart_id)}
    first = scene.place(cart_id, **request)
    with observe(url) as observer:
        before = observer.digest()

        second = scene.place(cart_id, **request)

        assert second == first
        assert changed_tables(before, observer.digest()) == []


def test_equal_amounts_are_one_request_however_they_are_written(scene: Scene) -> None:
    """16.95 and 16.9500 are the same total."""
    cart_id = scene.cart()
    first = scene.place(cart_id, idempotency_key="k", expected_total=Decimal("16.95"))

    second = scene.place(cart_id, idempotency_key="k", expected_total=Decimal("16.9500"))

    assert second == first


def test_a_replay_does_not_ask_what_the_cart_comes_to_now(scene: Scene) -> None:
    """The order was made; prices, stock and methods that changed since make no difference to its answer."""
    cart_id = scene.cart({scene.variant_ids[0]: 10})
    first = scene.place(cart_id, idempotency_key="k", expected_total=Decimal("120.00"))
    scene.shop.catalog.set_price(scene.variant_ids[0], price=Decimal(99))
    scene.shop.catalog.archive(scene.product_id)
    scene.shop.settings.update(currency="EUR")

    second = scene.place(cart_id, idempotency_key="k", expected_total=Decimal("120.00"))

    assert second == first


@pytest.mark.parametrize(
    "changes",
    [
        {"shipping_address": OFFICE},
        {"billing_address": HOME},
        {"expected_total": Decimal("16.96")},
        {"email": "b@example.org"},
        {"shipping_method": "pigeon"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_key_that_was_used_for_another_request_is_refused(scene: Scene, changes: dict[str, Any]) -> None:
    """The same key with another address, total, e-mail or method is a mistake of the caller, not a replay."""
    cart_id = scene.cart()
    scene.place(cart_id, idempotency_key="k")

    with pytest.raises(IdempotencyConflict):
        scene.place(cart_id, **{"idempotency_key": "k", "expected_total": Decimal("16.95"), **changes})


def test_a_customers_key_counts_over_all_their_carts(scene: Scene) -> None:
    """The next cart under the last cart's key would otherwise be ordered twice or not at all."""
    scene.place(scene.cart(), idempotency_key="k")
    next_cart = scene.cart()

    with pytest.raises(IdempotencyConflict):
        scene.place(next_cart, idempotency_key="k")


def test_keys_of_different_customers_and_guests_do_not_meet(scene: Scene) -> None:
    """A key is the caller's own: another customer, or another guest's cart, may use the same."""
    other = scene.shop.customers.register(NewCustomer(email="grace@example.org"))
    guest = {"shipping_address": HOME, "email": "guest@example.org"}

    orders = [
        scene.place(scene.cart(), idempotency_key="k"),
        scene.place(scene.cart(customer_id=other.customer_id), idempotency_key="k", shipping_address=HOME),
        scene.place(scene.guest_cart(), idempotency_key="k", **guest),
        scene.place(scene.guest_cart(), idempotency_key="k", **guest),
    ]

    assert len({order.order_id for order in orders}) == len(orders)


def test_a_guests_replay_makes_no_second_guest(scene: Scene) -> None:
    """The guest customer and the address belong to the one order."""
    cart_id = scene.guest_cart()
    request: dict[str, Any] = {
        "shipping_address": HOME,
        "email": "guest@example.org",
        "idempotency_key": "k",
        "expected_total": scene.total(cart_id),
    }
    first = scene.place(cart_id, **request)

    second = scene.place(cart_id, **request)

    assert second == first
    assert len([row for row in scene.shop.customers.list().items if row.is_guest]) == 1


def test_a_refused_order_does_not_use_its_key_up(scene: Scene) -> None:
    """The customer corrects the cart and sends the same form again."""
    mug = scene.variant_ids[0]
    cart_id = scene.cart({mug: 11})
    with pytest.raises(InsufficientStock):
        scene.place(cart_id, idempotency_key="k")
    scene.fill(cart_id, {mug: 10})

    order = scene.place(cart_id, idempotency_key="k")

    assert order.items[0].quantity == 10


def test_a_replay_works_inside_the_transaction_of_the_first_call(scene: Scene) -> None:
    """A unit of work that calls twice by mistake has one order."""
    cart_id = scene.cart()
    request = {"idempotency_key": "k", "expected_total": scene.total(cart_id)}

    with scene.shop.transaction() as tx:
        first = scene.place(cart_id, on=tx, **request)
        second = scene.place(cart_id, on=tx, **request)

    assert second == first
    assert scene.shop.orders.search().items[0].order_id == first.order_id
    assert len(scene.shop.orders.search().items) == 1


def test_a_key_whose_transaction_was_rolled_back_is_free(scene: Scene) -> None:
    """What was undone was never asked for."""
    cart_id = scene.cart()
    scene.place_and_undo(cart_id, idempotency_key="k")

    order = scene.place(cart_id, idempotency_key="k", shipping_address=OFFICE)

    assert order.shipping_address.recipient == OFFICE.recipient


def test_many_callers_with_one_key_get_one_order(scene: Scene) -> None:
    """Whoever is first makes it, all others wait and read the equal answer.

    Guards the claim of the key, and that the answer is read after it in a statement of its own: before the wait it is
    not there yet.
    """
    cart_id = scene.cart({scene.variant_ids[0]: 3})
    total = scene.total(cart_id)
    start = Barrier(CALLERS)

    def call(_: int) -> Any:
        start.wait()
        return scene.place(cart_id, idempotency_key="k", expected_total=total)

    with ThreadPoolExecutor(CALLERS) as pool:
        answers = list(pool.map(call, range(CALLERS)))

    assert all(answer == answers[0] for answer in answers)
    assert len(scene.shop.orders.search().items) == 1
    assert scene.levels(scene.variant_ids[0]) == {scene.main_id: (10, 3)}


def test_many_callers_with_keys_of_their_own_get_one_order_of_a_cart(scene: Scene) -> None:
    """One of them orders the cart, the others are told that it was ordered.

    Guards the repetition of the cart's state in the guarded write.
    """
    cart_id = scene.cart({scene.variant_ids[0]: 3})
    total = scene.total(cart_id)
    start = Barrier(CALLERS)

    def call(number: int) -> str:
        start.wait()
        try:
            scene.place(cart_id, idempotency_key=f"own-{number}", expected_total=total)
        except IllegalTransition:
            return "refused"
        return "ordered"

    with ThreadPoolExecutor(CALLERS) as pool:
        answers = list(pool.map(call, range(CALLERS)))

    assert sorted(answers) == ["ordered"] + ["refused"] * (CALLERS - 1)
    assert scene.levels(scene.variant_ids[0]) == {scene.main_id: (10, 3)}


def test_many_callers_whose_request_is_refused_are_all_refused_alike(scene: Scene) -> None:
    """A refusal frees the key for the caller who waits behind it, who then gets a refusal of their own."""
    cart_id = scene.cart()
    start = Barrier(CALLERS)

    def call(_: int) -> str:
        start.wait()
        with pytest.raises(TotalChanged) as refusal:
            scene.place(cart_id, idempotency_key="k", expected_total=Decimal(1))
        return str(refusal.value)

    with ThreadPoolExecutor(CALLERS) as pool:
        answers = set(pool.map(call, range(CALLERS)))

    assert len(answers) == 1

"""Bundles from the cart to the order: a line for each part, whose shares add up to what was paid."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

import lumia.repos.checkout
from lumia.dto.orders import Order
from lumia.errors import InsufficientStock, InvalidValue, LumiaError, TotalChanged, UnavailableItem
from lumia.repos.checkout import Checkout
from lumia.repos.placing import write_order, write_order_step_by_step
from tests.conformance.test_checkout_guards import Interrupted
from tests.support.digests import changed_tables, observe
from tests.support.raw import open_raw
from tests.support.scene import HOME, Scene, a_scene
from tests.support.together import together


@pytest.fixture
def scene(shop: Any) -> Scene:
    """A shop that is ready to sell: ten each of a mug for 10.00, a saucer for 2.50 and a spoon for 0.99."""
    return a_scene(shop)


def bundle(scene: Scene, *parts: tuple[int, int], price: str = "20.00", sku: str = "SET") -> int:
    """Put a bundle on sale; a part is the place of a variant and its units."""
    items = [(scene.variant_ids[at], units) for at, units in parts]
    made = scene.shop.catalog.create_bundle(sku=sku, slug=sku.lower(), name=sku, price=Decimal(price), items=items)
    return int(made.bundle_id)


def cart_with(scene: Scene, bundle_id: int, quantity: int = 1, more: dict[int, int] | None = None) -> int:
    """The customer's cart with a bundle, and then what else is asked for."""
    cart = scene.shop.carts.for_customer(scene.customer_id)
    scene.shop.carts.set_bundle(cart.cart_id, bundle_id=bundle_id, quantity=quantity)
    return scene.fill(cart.cart_id, more) if more else int(cart.cart_id)


def check_shares(order: Order) -> None:
    """The units' shares of each line add up to its total."""
    for item in order.items:
        assert item.unit_share is not None
        assert item.quantity * item.unit_share + item.odd_units * item.odd_share == item.line_total
        assert 0 <= item.odd_units < item.quantity
        assert (item.odd_units > 0) == (item.odd_share > 0)


# --- what an order is made of -----------------------------------------------------------------------------------------


def test_a_bundle_becomes_a_line_for_each_part(scene: Scene) -> None:
    """Each part has its share of the price of all the bundles, by what it costs by itself; the order is the quote's."""
    cart_id = cart_with(scene, bundle(scene, (0, 1), (1, 2), (2, 1)), 3)

    quote = scene.shop.checkout.quote(cart_id, shipping_method="post", country_code="GB")
    order = scene.place(cart_id)

    # 60.00 over 30.00, 15.00 and 2.97: 37.523, 18.761 and 3.715.
    assert [(item.quantity, item.amount) for item in order.items] == [
        (3, Decimal("37.52")),
        (6, Decimal("18.76")),
        (3, Decimal("3.72")),
    ]
    assert [item.unit_price for item in order.items] == [Decimal("10.00"), Decimal("2.50"), Decimal("0.99")]
    assert {item.bundle_id for item in order.items} == {line.bundle_id for line in quote.lines} != {None}
    assert [line.line_total for line in quote.lines] == [item.line_total for item in order.items]
    assert (order.subtotal, order.total) == (Decimal("60.00"), quote.total)
    assert [sum(row[1] for row in scene.levels(variant).values()) for variant in scene.variant_ids] == [3, 6, 3]
    check_shares(order)


def test_shares_of_units_give_back_a_line_exactly(scene: Scene) -> None:
    """A line whose total its units do not divide has odd units; a variant has no bundle."""
    bundle_id = bundle(scene, (0, 3), price="10.00")
    cart_id = cart_with(scene, bundle_id, 1, {scene.variant_ids[2]: 2})

    order = scene.place(cart_id)

    part, single = order.items
    # 10.00 and 20 % on top: 12.00 over three, and 1.98 + 0.40 over two.
    assert (part.unit_share, part.odd_units, part.odd_share) == (Decimal("4.00"), 0, Decimal(0))
    assert (single.unit_share, single.odd_units, single.odd_share) == (Decimal("1.19"), 0, Decimal(0))
    assert (part.bundle_id, single.bundle_id) == (bundle_id, None)
    check_shares(order)


def test_an_odd_cent_goes_to_the_first_units(scene: Scene) -> None:
    """3 units of 5.00 with tax: 6.00 is 2.00 each; 3 of 4.99 with tax: 5.99 is 1.99 and twice 2.00."""
    cart_id = cart_with(scene, bundle(scene, (0, 3), price="4.99"))

    (item,) = scene.place(cart_id).items

    assert item.line_total == Decimal("5.99")
    assert (item.unit_share, item.odd_units, item.odd_share) == (Decimal("1.99"), 2, Decimal("0.01"))


def test_a_free_bundle_costs_nothing(scene: Scene) -> None:
    """Its parts are lines that cost nothing, and are sold from stock all the same."""
    cart_id = cart_with(scene, bundle(scene, (0, 1), (1, 1), price="0"), 2)

    order = scene.place(cart_id)

    assert [item.line_total for item in order.items] == [0, 0]
    assert order.subtotal == 0
    assert sum(row[1] for row in scene.levels(scene.variant_ids[0]).values()) == 2
    check_shares(order)


def test_a_bundle_and_a_line_of_the_same_variant_share_its_stock(scene: Scene, url: str) -> None:
    """Ten mugs: four in bundles and six by themselves are all of them; one more is too many, whoever wants it."""
    mug = scene.variant_ids[0]
    bundle_id = bundle(scene, (0, 2), (1, 1))
    cart_id = cart_with(scene, bundle_id, 2, {mug: 7})
    total = scene.total(cart_id)

    with observe(url) as observer:
        before = observer.digest()
        with pytest.raises(InsufficientStock, match="wanted 11, available 10"):
            scene.place(cart_id, expected_total=total)
        changed = changed_tables(before, observer.digest())

    assert changed == []
    scene.shop.carts.set_item(cart_id, variant_id=mug, quantity=6)
    order = scene.place(cart_id)
    assert [(item.variant_id, item.quantity) for item in order.items] == [
        (mug, 4),
        (scene.variant_ids[1], 2),
        (mug, 6),
    ]
    assert sum(row[1] for row in scene.levels(mug).values()) == 10


# --- what cannot be sold ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", ["bundle", "part", "product"])
def test_a_bundle_that_is_not_for_sale_is_refused(scene: Scene, gone: str) -> None:
    """By its own state or by that of one of its parts; the message names what lies in the cart."""
    cart_id = cart_with(scene, bundle(scene, (0, 1), (1, 1)))
    total = scene.total(cart_id)
    if gone == "bundle":
        scene.shop.catalog.archive_bundle(scene.shop.carts.get(cart_id).lines[0].bundle_id)
    elif gone == "part":
        scene.shop.catalog.update_variant(scene.variant_ids[1], is_active=False)
    else:
        scene.shop.catalog.archive(scene.product_id)

    quote = scene.shop.checkout.quote(cart_id, shipping_method="post", country_code="GB")

    assert not quote.available
    with pytest.raises(UnavailableItem, match=r"not for sale: SET;"):
        scene.place(cart_id, expected_total=total)


def test_more_units_than_a_line_holds_are_refused(scene: Scene) -> None:
    """A million bundles of two mugs are more than a line of an order may have."""
    cart_id = cart_with(scene, bundle(scene, (0, 2), price="0"), 500_000)

    quote = scene.shop.checkout.quote(cart_id, shipping_method="post", country_code="GB")
    scene.shop.carts.set_bundle(cart_id, bundle_id=quote.lines[0].bundle_id, quantity=500_001)

    assert quote.lines[0].quantity == 1_000_000
    with pytest.raises(InvalidValue, match="units of MUG-0 in a bundle"):
        scene.shop.checkout.quote(cart_id, shipping_method="post", country_code="GB")


def test_a_bundle_that_lost_its_parts_is_not_left_out_in_silence(scene: Scene, engine_name: str, url: str) -> None:
    """Its line was simply missing from the quote and the order, and the customer paid for the rest."""
    bundle_id = bundle(scene, (0, 1), (1, 2))
    cart_id = cart_with(scene, bundle_id, 1, {scene.variant_ids[2]: 2})
    raw = open_raw(engine_name, url)
    raw.run("DELETE FROM bundle_items WHERE bundle_id = ?", (bundle_id,))
    raw.close()

    with pytest.raises(UnavailableItem, match="no parts"):
        scene.shop.checkout.quote(cart_id, shipping_method="post", country_code="GB")
    with pytest.raises(UnavailableItem, match="no parts"):
        scene.place(cart_id, expected_total=Decimal("7.33"))
    scene.shop.carts.remove_bundle(cart_id, bundle_id=bundle_id)

    assert [item.quantity for item in scene.place(cart_id).items] == [2]


# --- what changes between the reading and the write -------------------------------------------------------------------


def one_part_more(tx: Any, scene: Scene, bundle_id: int) -> None:
    """The bundle gets a part, as only an administrator can give it one."""
    part = {"bundle_id": bundle_id, "position": 9, "variant_id": scene.variant_ids[2], "quantity": 1}
    tx.carts._context.q.bundles.insert_bundle_items([{**part, "now": tx.carts._context.now()}])


def other_parts(assignment: str) -> Callable[[Any, Scene, int], object]:
    """The second part of the bundle is changed, as only SQL can change it."""

    def change(tx: Any, _: Scene, bundle_id: int) -> None:
        source = tx.carts._context.q._source
        session = source.acquire(write=True)
        session.execute(f"UPDATE bundle_items SET {assignment} WHERE bundle_id = {bundle_id} AND position = 1", ())
        source.release(session, failed=False)

    return change


CHANGES: dict[str, tuple[Callable[[Any, Scene, int], object], type[LumiaError] | None]] = {
    "bundle price": (lambda tx, _, key: tx.catalog.set_bundle_price(key, price=Decimal(19)), TotalChanged),
    "bundle archived": (lambda tx, _, key: tx.catalog.archive_bundle(key), UnavailableItem),
    "part's price": (lambda tx, at, _: tx.catalog.set_price(at.variant_ids[0], price=Decimal(9)), None),
    "one part more": (one_part_more, None),
    "part's units": (other_parts("quantity = 4"), None),
    "part's variant": (other_parts("variant_id = (SELECT max(variant_id) FROM product_variants)"), None),
    "part's position": (other_parts("position = 7"), None),
    "part archived": (
        lambda tx, at, _: tx.catalog.update_variant(at.variant_ids[1], is_active=False),
        UnavailableItem,
    ),
    "part sold out": (
        lambda tx, at, _: tx.stock.adjust(at.variant_ids[1], location_id=at.main_id, delta=-9, reason="broken"),
        InsufficientStock,
    ),
}


SHARES = {
    # 20.00 over 9.00 and 5.00, over 10.00, 5.00 and 0.99, and so on, instead of over 10.00 and 5.00.
    "part's price": ("12.86", "7.14"),
    "one part more": ("12.51", "6.25", "1.24"),
    "part's units": ("10.00", "10.00"),
    "part's variant": ("16.69", "3.31"),
    "part's position": ("13.33", "6.67"),
}


@pytest.mark.parametrize("writer", [write_order, write_order_step_by_step], ids=["as the engine can", "step by step"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_bundle_is_read_anew(
    scene: Scene, change: str, writer: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The write repeats what the order was computed from; a part's own price moves the shares, never the total."""
    monkeypatch.setattr(lumia.repos.checkout, "write_order", writer)
    bundle_id = bundle(scene, (0, 1), (1, 2))
    cart_id = cart_with(scene, bundle_id)
    act, error = CHANGES[change]
    total = scene.total(cart_id)
    context: Any = Interrupted(scene.shop.carts._context, lambda tx: act(tx, scene, bundle_id))

    def place() -> Order:
        return Checkout(context).place(
            cart_id,
            shipping_address=scene.address_id,
            shipping_method="post",
            expected_total=total,
            idempotency_key="k",
        )

    if error is None:
        order = place()
        shares = SHARES[change]
        assert [item.amount for item in order.items] == [Decimal(share) for share in shares]
        assert order.total == total
    else:
        with pytest.raises(error):
            place()


# --- the last of it ---------------------------------------------------------------------------------------------------


def test_the_last_parts_are_sold_once(scene: Scene) -> None:
    """Five buyers want the last mug by itself and five in a bundle: one gets it."""
    mug = scene.variant_ids[0]
    scene.shop.stock.adjust(mug, location_id=scene.main_id, delta=-9, reason="broken")
    bundle_id = bundle(scene, (1, 1), (0, 1))
    carts = []
    for number in range(10):
        cart, _ = scene.shop.carts.create_guest(email=f"guest-{number}@example.com")
        if number % 2:
            scene.shop.carts.set_item(cart.cart_id, variant_id=mug, quantity=1)
        else:
            scene.shop.carts.set_bundle(cart.cart_id, bundle_id=bundle_id, quantity=1)
        carts.append(cart.cart_id)
    totals = {cart_id: scene.total(cart_id) for cart_id in carts}

    def buy(_: int, at: int) -> Order | InsufficientStock:
        try:
            return scene.place(carts[at], shipping_address=HOME, expected_total=totals[carts[at]])
        except InsufficientStock as error:
            return error

    (outcomes,) = together(10, [0], buy)

    assert sum(isinstance(outcome, Order) for outcome in outcomes) == 1
    assert sum(row[1] for row in scene.levels(mug).values()) == 1

"""Bundles in carts: put in and taken out, priced and counted by their scarcest part, held, merged and closed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lumia.dto.carts import PricedCart
from lumia.errors import IllegalTransition, InsufficientStock, InvalidReference, InvalidValue, NotFound, UnavailableItem
from lumia.repos.carts import MAX_QUANTITY
from tests.support.scene import Scene, a_scene


@pytest.fixture
def scene(shop: Any) -> Scene:
    """A shop that is ready to sell: ten each of a mug for 10.00, a saucer for 2.50 and a spoon for 0.99."""
    return a_scene(shop)


def bundle(scene: Scene, *parts: tuple[int, int], price: str = "20.00", sku: str = "SET") -> int:
    """Put a bundle on sale; a part is the place of a variant and its units."""
    items = [(scene.variant_ids[at], units) for at, units in parts]
    made = scene.shop.catalog.create_bundle(sku=sku, slug=sku.lower(), name=sku, price=Decimal(price), items=items)
    return int(made.bundle_id)


def things(cart: PricedCart) -> list[tuple[int | None, int | None, int]]:
    """What a cart holds, in its order: variant, bundle and quantity."""
    return [(line.variant_id, line.bundle_id, line.quantity) for line in cart.lines]


def test_a_bundle_is_a_line_of_its_own(scene: Scene) -> None:
    """With the bundle's SKU, name and price, beside a line of the variant that it is made of."""
    mug, bundle_id = scene.variant_ids[0], bundle(scene, (0, 2), (1, 3))
    cart_id = scene.cart({mug: 1})

    cart = scene.shop.carts.set_bundle(cart_id, bundle_id=bundle_id, quantity=2)

    assert things(cart) == [(mug, None, 1), (None, bundle_id, 2)]
    line = cart.lines[1]
    assert (line.sku, line.product_name, line.product_id) == ("SET", "SET", None)
    assert (line.unit_price, line.amount) == (Decimal("20.00"), Decimal("40.00"))
    assert (cart.subtotal, cart.version) == (Decimal("50.00"), 2)
    assert cart == scene.shop.carts.get(cart_id)


@pytest.mark.parametrize(("saucers", "available"), [(10, 3), (9, 3), (8, 2), (3, 1), (2, 0), (0, 0)])
def test_as_many_are_available_as_the_scarcest_part_allows(scene: Scene, saucers: int, available: int) -> None:
    """Ten mugs make five pairs; saucers are wanted by threes."""
    bundle_id = bundle(scene, (0, 2), (1, 3))
    if saucers < 10:
        scene.shop.stock.adjust(scene.variant_ids[1], location_id=scene.main_id, delta=saucers - 10, reason="broken")
    cart = scene.shop.carts.for_customer(scene.customer_id)

    (line,) = scene.shop.carts.set_bundle(cart.cart_id, bundle_id=bundle_id, quantity=3).lines

    assert line.available == available
    assert line.is_unavailable == (available < 3)


def test_a_changed_price_is_told(scene: Scene) -> None:
    """Of a bundle as of a variant, until the line is set anew."""
    bundle_id = bundle(scene, (0, 1))
    cart = scene.shop.carts.for_customer(scene.customer_id)
    before = scene.shop.carts.set_bundle(cart.cart_id, bundle_id=bundle_id, quantity=1).lines[0]
    scene.shop.catalog.set_bundle_price(bundle_id, price=Decimal(9))

    told = scene.shop.carts.get(cart.cart_id).lines[0]
    again = scene.shop.carts.set_bundle(cart.cart_id, bundle_id=bundle_id, quantity=1).lines[0]

    assert [line.price_changed for line in (before, told, again)] == [False, True, False]
    assert (told.price_then, told.unit_price) == (Decimal(20), Decimal(9))


def test_setting_and_removing_bundles_leaves_the_rest(scene: Scene) -> None:
    """One line per bundle, whatever it is set to; what is not in the cart can be taken out."""
    one, two = bundle(scene, (0, 1)), bundle(scene, (1, 1), sku="PAIR")
    cart_id = scene.cart()
    for bundle_id, quantity in ((one, 1), (two, MAX_QUANTITY), (one, 5)):
        scene.shop.carts.set_bundle(cart_id, bundle_id=bundle_id, quantity=quantity)

    first = scene.shop.carts.remove_bundle(cart_id, bundle_id=two)
    second = scene.shop.carts.remove_bundle(cart_id, bundle_id=two)
    mug = scene.shop.carts.remove_item(cart_id, variant_id=scene.variant_ids[0])
    nothing = scene.shop.carts.clear(cart_id)

    assert things(first) == things(second) == [(scene.variant_ids[0], None, 1), (None, one, 5)]
    assert second.version == first.version
    assert things(mug) == [(None, one, 5)]
    assert nothing.lines == ()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"bundle_id": 999}, InvalidReference),
        ({"cart_id": 999}, NotFound),
        ({"quantity": 0}, InvalidValue),
        ({"quantity": MAX_QUANTITY + 1}, InvalidValue),
        ({"bundle_id": 0}, InvalidValue),
        ({"cart_id": 0}, InvalidValue),
    ],
)
def test_what_cannot_be_put_in_is_refused(scene: Scene, change: dict[str, int], error: type[Exception]) -> None:
    """Bundles and carts that do not exist, and quantities beyond their limits."""
    arguments = {
        "cart_id": scene.shop.carts.for_customer(scene.customer_id).cart_id,
        "bundle_id": bundle(scene, (0, 1)),
        "quantity": 1,
        **change,
    }

    with pytest.raises(error):
        scene.shop.carts.set_bundle(arguments.pop("cart_id"), **arguments)

    assert scene.shop.carts.get(scene.shop.carts.for_customer(scene.customer_id).cart_id).lines == ()


@pytest.mark.parametrize("gone", ["bundle", "part"])
def test_a_bundle_that_is_not_for_sale_is_refused(scene: Scene, gone: str) -> None:
    """One that was archived, and one with a part that cannot be bought; in a cart it shows as unavailable."""
    bundle_id = bundle(scene, (0, 1), (1, 1))
    cart_id = scene.cart()
    scene.shop.carts.set_bundle(cart_id, bundle_id=bundle_id, quantity=1)
    if gone == "bundle":
        scene.shop.catalog.archive_bundle(bundle_id)
    else:
        scene.shop.catalog.update_variant(scene.variant_ids[1], is_active=False)

    with pytest.raises(UnavailableItem):
        scene.shop.carts.set_bundle(cart_id, bundle_id=bundle_id, quantity=2)

    line = scene.shop.carts.get(cart_id).lines[1]
    assert (line.quantity, line.is_for_sale, line.is_unavailable) == (1, False, True)


def test_a_closed_cart_keeps_its_bundles(scene: Scene) -> None:
    """What was ordered can be neither changed nor taken out."""
    bundle_id = bundle(scene, (0, 1))
    cart_id = scene.shop.carts.for_customer(scene.customer_id).cart_id
    scene.shop.carts.set_bundle(cart_id, bundle_id=bundle_id, quantity=1)
    scene.place(cart_id)

    with pytest.raises(IllegalTransition):
        scene.shop.carts.set_bundle(cart_id, bundle_id=bundle_id, quantity=2)
    with pytest.raises(IllegalTransition):
        scene.shop.carts.remove_bundle(cart_id, bundle_id=bundle_id)

    assert things(scene.shop.carts.get(cart_id)) == [(None, bundle_id, 1)]


def test_a_guests_bundles_are_summed_into_the_customers_cart(scene: Scene) -> None:
    """By bundle, behind the variants; again it changes nothing."""
    one, two = bundle(scene, (0, 1)), bundle(scene, (1, 1), sku="PAIR")
    mine = scene.shop.carts.for_customer(scene.customer_id).cart_id
    scene.shop.carts.set_bundle(mine, bundle_id=one, quantity=MAX_QUANTITY - 1)
    guest, token = scene.shop.carts.create_guest()
    scene.shop.carts.set_bundle(guest.cart_id, bundle_id=two, quantity=3)
    scene.shop.carts.set_bundle(guest.cart_id, bundle_id=one, quantity=2)
    scene.fill(guest.cart_id, {scene.variant_ids[0]: 4})

    merged = scene.shop.carts.merge(token, scene.customer_id)
    again = scene.shop.carts.merge(token, scene.customer_id)

    assert things(merged) == [(None, one, MAX_QUANTITY), (scene.variant_ids[0], None, 4), (None, two, 3)]
    assert (things(again), again.version) == (things(merged), merged.version)


def test_a_cart_with_a_bundle_only_can_be_abandoned(scene: Scene) -> None:
    """It holds something."""
    cart_id = scene.shop.carts.for_customer(scene.customer_id).cart_id
    scene.shop.carts.set_bundle(cart_id, bundle_id=bundle(scene, (0, 1)), quantity=1)
    later = scene.shop.carts.get(cart_id).updated_at + timedelta(days=1)

    page = scene.shop.carts.abandoned(before=later)

    assert [cart.cart_id for cart in page.items] == [cart_id]


def test_holding_a_cart_holds_the_parts_of_its_bundles(scene: Scene) -> None:
    """With the lines of the same variant together; others find so many fewer, the cart itself all of them."""
    mug, saucer, _ = scene.variant_ids
    bundle_id = bundle(scene, (0, 2), (1, 1))
    cart_id = scene.cart({mug: 3})
    cart = scene.shop.carts.set_bundle(cart_id, bundle_id=bundle_id, quantity=2)
    other, _ = scene.shop.carts.create_guest()
    theirs = scene.shop.carts.set_bundle(other.cart_id, bundle_id=bundle_id, quantity=2)
    until = cart.updated_at + timedelta(days=1)

    holds = scene.shop.stock.reserve(cart_id, until=until)

    assert [(hold.variant_id, hold.quantity) for hold in holds] == [(mug, 7), (saucer, 2)]
    assert theirs.lines[0].available == 5
    assert scene.shop.carts.get(other.cart_id).lines[0].available == 1
    assert [line.available for line in scene.shop.carts.get(cart_id).lines] == [10, 5]
    with pytest.raises(InsufficientStock, match=r"MUG-0 \(wanted 4, available 3\)"):
        scene.shop.stock.reserve(other.cart_id, until=until)
    scene.shop.stock.release(cart_id)
    assert len(scene.shop.stock.reserve(other.cart_id, until=until)) == 2


def test_an_order_drops_the_holds_of_its_parts(scene: Scene) -> None:
    """One's own hold never blocks, and is gone with the order."""
    cart_id = scene.shop.carts.for_customer(scene.customer_id).cart_id
    cart = scene.shop.carts.set_bundle(cart_id, bundle_id=bundle(scene, (0, 2)), quantity=5)
    scene.shop.stock.reserve(cart_id, until=cart.updated_at + timedelta(days=1))

    scene.place(cart_id)

    assert scene.shop.stock.reservations(cart_id) == ()
    assert sum(row[1] for row in scene.levels(scene.variant_ids[0]).values()) == 10

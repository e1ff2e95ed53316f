"""Carts over time: a guest's that goes into a customer's, abandoned ones, and lines whose price changed since."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lumia.dto.carts import PricedCart
from lumia.errors import InvalidValue, NotFound
from lumia.repos.carts import MAX_LINES, MAX_QUANTITY
from lumia.types import CartStatus
from tests.support.scene import Scene, a_scene
from tests.support.steady import SteppingClock
from tests.support.together import together


@pytest.fixture
def scene(shop: Any) -> Scene:
    """A shop that is ready to sell: ten of each variant."""
    return a_scene(shop)


def guest(scene: Scene, quantities: dict[int, int]) -> tuple[int, str]:
    """A guest's filled cart and its token."""
    cart, token = scene.shop.carts.create_guest()
    return (scene.fill(cart.cart_id, quantities) if quantities else cart.cart_id), token


def lines(cart: PricedCart) -> dict[int | None, int]:
    """What a cart holds, in its order."""
    return {line.variant_id: line.quantity for line in cart.lines}


# --- merging ----------------------------------------------------------------------------------------------------------


def test_a_guests_lines_are_summed_into_the_customers_cart(scene: Scene) -> None:
    """By variant, new ones behind those that were there; the guest's cart is given up."""
    one, two, three = scene.variant_ids
    mine = scene.cart({two: 2})
    theirs, token = guest(scene, {three: 1, two: 5, one: 4})

    merged = scene.shop.carts.merge(token, scene.customer_id)

    assert merged.cart_id == mine
    assert list(lines(merged).items()) == [(two, 7), (three, 1), (one, 4)]
    assert merged == scene.shop.carts.get(mine)
    assert scene.shop.carts.get(theirs).status is CartStatus.ABANDONED


def test_merging_again_changes_nothing(scene: Scene) -> None:
    """Neither at once nor after the customer has changed the lines."""
    one = scene.variant_ids[0]
    _, token = guest(scene, {one: 4})
    first = scene.shop.carts.merge(token, scene.customer_id)

    second = scene.shop.carts.merge(token, scene.customer_id)
    scene.shop.carts.clear(first.cart_id)
    third = scene.shop.carts.merge(token, scene.customer_id)

    assert (lines(first), lines(second), lines(third)) == ({one: 4}, {one: 4}, {})
    assert second.version == first.version


def test_a_cart_is_opened_for_a_customer_who_has_none(scene: Scene) -> None:
    """An empty guest's cart opens one as well."""
    _, token = guest(scene, {})

    merged = scene.shop.carts.merge(token, scene.customer_id)

    assert (merged.customer_id, merged.status, merged.lines) == (scene.customer_id, CartStatus.ACTIVE, ())
    assert scene.shop.carts.for_customer(scene.customer_id).cart_id == merged.cart_id


def test_merging_never_asks_for_stock_and_gives_the_guests_hold_back(scene: Scene, clock: SteppingClock) -> None:
    """Ten there are, nine on hold for the guest, twenty wanted in the end: the line says so, nothing is refused."""
    one = scene.variant_ids[0]
    theirs, token = guest(scene, {one: 9})
    scene.shop.stock.reserve(theirs, until=clock.now + timedelta(hours=1))
    scene.cart({one: 11})
    scene.shop.catalog.update_variant(one, is_active=False)

    merged = scene.shop.carts.merge(token, scene.customer_id)

    assert lines(merged) == {one: 20}
    assert (merged.lines[0].available, merged.lines[0].is_unavailable) == (10, True)
    assert scene.shop.stock.reservations(theirs) == ()


def test_sums_stop_at_a_million(scene: Scene) -> None:
    """A line holds a million, whatever both carts come to."""
    one, two, three = scene.variant_ids
    mine = scene.cart({one: MAX_QUANTITY - 1, two: 1})
    _, token = guest(scene, {three: 1, one: 2, two: MAX_QUANTITY})

    merged = scene.shop.carts.merge(token, scene.customer_id)

    assert lines(merged) == {one: MAX_QUANTITY, two: MAX_QUANTITY, three: 1}
    assert merged.cart_id == mine


def test_lines_beyond_five_hundred_stay_out(scene: Scene) -> None:
    """The guest's first new lines find room; those that the customer has already are summed all the same."""
    with scene.shop.transaction() as tx:
        product = tx.catalog.create_product(category_id=scene.category_id, slug="tile", name="Tile")
        tx.catalog.add_option(product.product_id, name="A", values=[str(at) for at in range(100)])
        tx.catalog.add_option(product.product_id, name="B", values=list("vwxyz"))
        tiles = tx.catalog.create_variants(product.product_id, sku_prefix="T", price=Decimal("0.5"))
        tx.catalog.publish(product.product_id)
    one, two, three = scene.variant_ids
    mine = scene.cart({one: 1, two: 1})
    now = scene.shop.clock()
    with scene.shop.transaction() as tx:
        for tile in tiles[:497]:
            tx.q.carts.put_cart_item(cart_id=mine, variant_id=tile.variant_id, quantity=1, now=now)
    _, token = guest(scene, {tiles[498].variant_id: 1, three: 1, one: 4})

    merged = scene.shop.carts.merge(token, scene.customer_id)

    found = lines(merged)
    assert len(found) == MAX_LINES
    assert (found[one], found[tiles[498].variant_id]) == (5, 1)
    assert three not in found


def test_a_guests_cart_that_was_ordered_is_not_merged(scene: Scene) -> None:
    """What was bought is not put into a cart again."""
    one = scene.variant_ids[0]
    theirs, token = guest(scene, {one: 1})
    session = scene.shop.engine.acquire(write=True)
    session.execute(f"UPDATE carts SET status = 'converted' WHERE cart_id = {theirs}", ())
    scene.shop.engine.release(session, failed=False)

    merged = scene.shop.carts.merge(token, scene.customer_id)

    assert merged.lines == ()
    assert scene.shop.carts.get(theirs).status is CartStatus.CONVERTED


def test_whom_there_is_not_nothing_is_merged_into(scene: Scene) -> None:
    """A wrong token and a customer who does not exist are not found, and the guest's cart stays open."""
    theirs, token = guest(scene, {scene.variant_ids[0]: 1})

    with pytest.raises(NotFound, match="token") as refusal:
        scene.shop.carts.merge("x" * 43, scene.customer_id)
    with pytest.raises(NotFound, match="999"):
        scene.shop.carts.merge(token, 999)
    for wrong in (("", 1), (token, 0)):
        with pytest.raises(InvalidValue, match=r"token|customer_id"):
            scene.shop.carts.merge(*wrong)

    assert "xxx" not in str(refusal.value)
    assert scene.shop.carts.get(theirs).status is CartStatus.ACTIVE


def test_tabs_that_log_in_at_once_merge_once(scene: Scene) -> None:
    """Of several callers one adds the lines, and all get the same cart."""
    one = scene.variant_ids[0]
    tokens = [guest(scene, {one: 1})[1] for _ in range(8)]

    seen = together(4, tokens, lambda token, _: scene.shop.carts.merge(token, scene.customer_id).cart_id)

    cart_id = scene.shop.carts.for_customer(scene.customer_id).cart_id
    assert {key for found in seen for key in found} == {cart_id}
    assert lines(scene.shop.carts.get(cart_id)) == {one: 8}


# --- abandoned carts --------------------------------------------------------------------------------------------------


def test_abandoned_are_active_carts_with_lines_that_nobody_touched(scene: Scene) -> None:
    """Neither empty ones nor closed ones, nor one that changed since; oldest first, page by page."""
    one = scene.variant_ids[0]
    first, second = guest(scene, {one: 1})[0], guest(scene, {one: 2})[0]
    guest(scene, {})
    scene.shop.carts.merge(guest(scene, {one: 3})[1], scene.customer_id)
    scene.place(scene.shop.carts.for_customer(scene.customer_id).cart_id)
    third = scene.shop.carts.get(guest(scene, {one: 1})[0])

    page = scene.shop.carts.abandoned(before=third.updated_at, limit=1)
    rest = scene.shop.carts.abandoned(before=third.updated_at, after=page.next)
    later = scene.shop.carts.abandoned(before=third.updated_at + timedelta(microseconds=1))
    scene.shop.carts.set_item(first, variant_id=one, quantity=5)
    touched = scene.shop.carts.abandoned(before=third.updated_at)

    assert [cart.cart_id for cart in (*page.items, *rest.items)] == [first, second]
    assert rest.next is None
    assert [cart.cart_id for cart in later.items] == [first, second, third.cart_id]
    assert [cart.cart_id for cart in touched.items] == [second]
    with pytest.raises(InvalidValue, match="before"):
        scene.shop.carts.abandoned(before=third.updated_at.replace(tzinfo=None))


# --- prices since -----------------------------------------------------------------------------------------------------


def test_a_line_tells_of_a_price_that_changed_since_it_was_set(scene: Scene) -> None:
    """Setting the line again, to whatever quantity, takes note of the new price."""
    one = scene.variant_ids[0]
    cart_id = scene.cart({one: 2})

    before = scene.shop.carts.get(cart_id).lines[0]
    scene.shop.catalog.set_price(one, price=Decimal("9.5"))
    after = scene.shop.carts.get(cart_id).lines[0]
    seen = scene.shop.carts.set_item(cart_id, variant_id=one, quantity=2).lines[0]

    assert (before.price_then, before.price_changed) == (Decimal("10.0000"), False)
    assert (after.unit_price, after.price_then, after.price_changed) == (Decimal("9.5"), Decimal(10), True)
    assert (seen.price_then, seen.price_changed) == (Decimal("9.5000"), False)


def test_a_merged_line_remembers_what_its_holder_saw(scene: Scene) -> None:
    """The guest's price comes with a new line; on one that was there the customer's own stays."""
    one, two = scene.variant_ids[:2]
    scene.cart({one: 1})
    _, token = guest(scene, {two: 1})
    scene.shop.catalog.set_price(one, price=Decimal(9))
    scene.shop.catalog.set_price(two, price=Decimal(9))
    _, other = guest(scene, {one: 1})

    scene.shop.carts.merge(token, scene.customer_id)
    merged = scene.shop.carts.merge(other, scene.customer_id)

    assert [(line.price_then, line.price_changed) for line in merged.lines] == [
        (Decimal(10), True),
        (Decimal("2.5"), True),
    ]


@pytest.mark.parametrize("who", ["guest", "both"])
def test_a_merged_line_tells_of_a_change_that_either_had_not_seen(scene: Scene, who: str) -> None:
    """The customer's line knew the new price, the guest's the old one: the merged line hid that it had changed."""
    one = scene.variant_ids[0]
    _, token = guest(scene, {one: 1})
    if who == "both":
        scene.cart({one: 1})
    scene.shop.catalog.set_price(one, price=Decimal(12))
    if who == "guest":
        scene.cart({one: 1})

    (line,) = scene.shop.carts.merge(token, scene.customer_id).lines

    assert (line.quantity, line.unit_price, line.price_then, line.price_changed) == (2, Decimal(12), Decimal(10), True)


# --- what changes nothing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["merge", "remove_item", "remove_bundle", "clear"])
def test_what_changes_nothing_does_not_date_the_cart(scene: Scene, clock: SteppingClock, what: str) -> None:
    """A repeated merge, and a removal of what is not there, dated the cart: it dropped out of `abandoned`."""
    shop = scene.shop
    _, token = guest(scene, {scene.variant_ids[0]: 1})
    mine = shop.carts.merge(token, scene.customer_id)
    if what == "clear":
        mine = shop.carts.clear(mine.cart_id)
    clock.advance(timedelta(days=2))

    after = {
        "merge": lambda: shop.carts.merge(token, scene.customer_id),
        "remove_item": lambda: shop.carts.remove_item(mine.cart_id, variant_id=scene.variant_ids[1]),
        "remove_bundle": lambda: shop.carts.remove_bundle(mine.cart_id, bundle_id=1),
        "clear": lambda: shop.carts.clear(mine.cart_id),
    }[what]()

    assert (after.updated_at, after.version) == (mine.updated_at, mine.version)
    listed = shop.carts.abandoned(before=clock.now - timedelta(days=1)).items
    assert [cart.cart_id for cart in listed] == ([] if what == "clear" else [mine.cart_id])


def test_nothing_is_too_dear_to_be_merged(scene: Scene) -> None:
    """A login failed, again and again, when both carts together came to more than money can hold."""
    one = scene.variant_ids[0]
    scene.shop.catalog.set_price(one, price=Decimal(150_000))
    scene.cart({one: 400_000})
    _, token = guest(scene, {one: 400_000})

    merged = scene.shop.carts.merge(token, scene.customer_id)

    assert lines(merged) == {one: 800_000}
    assert (merged.lines[0].amount, merged.subtotal) == (None, None)

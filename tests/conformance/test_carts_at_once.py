"""Carts that several people change at once: nobody waits in a circle."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from lumia import Shop, connect
from tests.support.counting import counting_shop
from tests.support.scene import Scene, a_scene
from tests.support.steady import LASTING
from tests.support.together import together

LOCKS = {"carts.lock_cart", "carts.lock_active_cart"}
"""What takes a cart's row and nothing else."""

CHANGES = {
    "cart_bundles.delete_cart_bundle",
    "cart_merging.merge_cart_bundles",
    "cart_bundles.put_cart_bundle",
    "carts.delete_cart_item",
    "carts.delete_cart_items",
    "cart_merging.merge_cart_items",
    "carts.put_cart_item",
    "wishlists.copy_wishlist_to_cart",
}
"""What changes lines, and so by trigger their cart."""

ROUNDS = 12
"""Enough for a circle to close on PostgreSQL, where it closed in most rounds."""


@pytest.fixture
def scene(shop: Any) -> Scene:
    """A shop that is ready to sell: ten of each variant."""
    return a_scene(shop)


def test_merging_and_setting_lines_at_once_never_deadlock(scene: Scene, url: str) -> None:
    """Merging locked the cart and then its lines, setting a line the line and then, by trigger, the cart."""
    variants = scene.variant_ids
    with connect(url, accounts=LASTING) as shop:
        scene.shop = shop
        for _ in range(ROUNDS):
            theirs, token = shop.carts.create_guest()
            scene.fill(theirs.cart_id, dict.fromkeys(variants, 1))
            mine = scene.cart(dict.fromkeys(variants, 1))

            def work(_: None, worker: int, token: str = token, mine: int = mine) -> int:
                if worker:
                    return len(shop.carts.merge(token, scene.customer_id).lines)
                for variant_id in reversed(variants):
                    shop.carts.set_item(mine, variant_id=variant_id, quantity=2)
                return len(shop.carts.remove_item(mine, variant_id=99).lines)

            assert together(2, [None], work) == [(3, 3)]


WRITERS: dict[str, Callable[[Shop, Scene, int, int], object]] = {
    "set_item": lambda shop, at, cart, _: shop.carts.set_item(cart, variant_id=at.variant_ids[1], quantity=2),
    "set_bundle": lambda shop, _, cart, key: shop.carts.set_bundle(cart, bundle_id=key, quantity=2),
    "remove_item": lambda shop, at, cart, _: shop.carts.remove_item(cart, variant_id=at.variant_ids[0]),
    "remove_bundle": lambda shop, _, cart, key: shop.carts.remove_bundle(cart, bundle_id=key),
    "clear": lambda shop, _, cart, __: shop.carts.clear(cart),
    "move_to_cart": lambda shop, at, cart, _: shop.wishlists.move_to_cart(
        shop.wishlists.of_customer(at.customer_id)[0].wishlist_id, cart_id=cart
    ),
    "merge": lambda shop, at, _, __: shop.carts.merge(shop.carts.create_guest()[1], at.customer_id),
}


@pytest.mark.parametrize("writer", WRITERS)
def test_whoever_changes_lines_takes_the_cart_first(scene: Scene, writer: str) -> None:
    """A writer that came to the cart by the lines' trigger waited for one that came from the cart to the lines."""
    made = scene.shop.catalog.create_bundle(
        sku="SET", slug="set", name="Set", price=Decimal(1), items=[(scene.variant_ids[0], 1)]
    )
    wishlist = scene.shop.wishlists.create(scene.customer_id, name="W")
    cart_id = scene.cart()
    scene.shop.carts.set_bundle(cart_id, bundle_id=made.bundle_id, quantity=1)
    scene.shop.wishlists.add(wishlist.wishlist_id, variant_id=scene.variant_ids[1])
    shop, counter = counting_shop(scene.shop)

    WRITERS[writer](shop, scene, cart_id, made.bundle_id)

    names = [name.partition(" ")[0] for name in counter.names]
    lock = next(at for at, name in enumerate(names) if name in LOCKS)
    lines = [at for at, name in enumerate(names) if name in CHANGES]
    assert lines
    assert lock < min(lines)

"""Many buyers at once over few hot variants: nothing is sold twice, and every refusal is an honest one."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest

from lumia.errors import InsufficientStock
from tests.support.buyers import Errand, shop_at_once
from tests.support.scene import HOME, Scene, a_scene
from tests.support.sides import every_movement

BUYERS = 16
HOT = 10
ORDERS = 12


@pytest.mark.slow
def test_sixteen_processes_sell_ten_hot_variants_without_overselling_one(shop: Any, url: str) -> None:
    """Units in two places, carts in random order: what is promised is there, and the ledger says the same.

    Guards the stock locks taken before the guarded write, and their one order. Without the locks a write judges by
    counters from before its wait, and the ledger's trigger has to refuse it (`inventory_enough`, no SKU named); locks
    in any other order end in deadlocks.
    """
    scene = a_scene(shop, prices=("1.00",) * HOT, stock=12)
    for variant_id in scene.variant_ids:
        scene.stocked(variant_id, 8, annex=True)

    attempts = shop_at_once([Errand(url, seed, scene.variant_ids, ORDERS, lines=3) for seed in range(BUYERS)])

    sold = [attempt for attempt in attempts if attempt.order_id is not None]
    refused = [attempt for attempt in attempts if attempt.order_id is None]
    assert len(attempts) == BUYERS * ORDERS
    assert {attempt.error for attempt in refused} == {"InsufficientStock"}, refused
    assert [attempt for attempt in refused if attempt.constraint or "MUG-" not in attempt.message] == []
    wanted = Counter[int]()
    for attempt in sold:
        wanted.update({int(variant_id): units for variant_id, units in attempt.wanted.items()})
    for variant_id in scene.variant_ids:
        check_books(scene, variant_id, wanted[variant_id])


def check_books(scene: Scene, variant_id: int, sold: int) -> None:
    """Nothing is promised that is not there; counters, ledger and orders say the same."""
    levels = scene.levels(variant_id)
    assert all(0 <= allocated <= on_hand for on_hand, allocated in levels.values())
    assert sum(allocated for _, allocated in levels.values()) == sold
    ledger = Counter[int]()
    for movement in every_movement(scene.shop, variant_id):
        ledger[movement.location_id] += movement.allocated_delta
    assert {location: ledger[location] for location in levels} == {
        location: allocated for location, (_, allocated) in levels.items()
    }


def outcome(scene: Scene, cart_id: int, total: Decimal) -> str | None:
    """Order a cart: `ordered`, or the constraint that had to refuse it, None when checkout itself did."""
    try:
        scene.place(cart_id, shipping_address=HOME, expected_total=total)
    except InsufficientStock as refusal:
        return refusal.constraint
    return "ordered"


def test_of_more_buyers_than_units_exactly_as_many_succeed(shop: Any) -> None:
    """Seven units, sixteen buyers with a cart each: seven orders, nine refusals, none left.

    Guards the availability in the guarded write, and that a refusal is made under the locks: without either the wrong
    number of buyers goes home with an order.
    """
    scene = a_scene(shop, stock=7)
    mug = scene.variant_ids[0]
    carts = [scene.guest_cart({mug: 1}, email="buyer@example.org") for _ in range(BUYERS)]
    total = scene.total(carts[0])
    start = Barrier(8)

    def buy(cart_ids: list[int]) -> list[str | None]:
        start.wait()
        return [outcome(scene, cart_id, total) for cart_id in cart_ids]

    with ThreadPoolExecutor(8) as pool:
        answers = [answer for part in pool.map(buy, (carts[at::8] for at in range(8))) for answer in part]

    assert Counter(answers) == {"ordered": 7, None: 9}
    check_books(scene, mug, 7)
    assert scene.levels(mug) == {scene.main_id: (7, 7)}

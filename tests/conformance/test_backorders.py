"""Order lines that wait for stock, oldest first, and goods that are written off, on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from lumia.errors import InsufficientStock, InvalidReference
from lumia.types import MovementKind
from tests.support.scene import Scene, a_scene


@pytest.fixture
def scene(shop: Any) -> Scene:
    """A shop with ten of each variant, twenty more of the first may be sold."""
    scene = a_scene(shop)
    scene.shop.stock.set_levels(scene.variant_ids[0], location_id=scene.main_id, backorder_limit=20)
    return scene


def waiting(scene: Scene) -> list[tuple[int, int, int, int]]:
    """Order, location, units and how many are there."""
    page = scene.shop.stock.backorders(scene.variant_ids[0])
    assert page.next is None
    return [(row.order_id, row.location_id, row.quantity, row.covered) for row in page.items]


def test_what_is_there_goes_to_the_oldest_line_first(scene: Scene) -> None:
    """Orders of six, six and five over ten units; goods that come in cover the next in line."""
    mug, main = scene.variant_ids[0], scene.main_id
    orders = [scene.place(scene.cart({mug: units})).order_id for units in (6, 6, 5)]

    at_first = waiting(scene)
    scene.stocked(mug, 3)
    with_three_more = waiting(scene)
    scene.stocked(mug, 100)
    with_plenty = waiting(scene)

    assert at_first == [(orders[0], main, 6, 6), (orders[1], main, 6, 4), (orders[2], main, 5, 0)]
    assert with_three_more == [(orders[0], main, 6, 6), (orders[1], main, 6, 6), (orders[2], main, 5, 1)]
    assert [row[3] for row in with_plenty] == [6, 6, 5]


def test_a_cancelled_order_leaves_the_queue(scene: Scene) -> None:
    """Those behind it move up."""
    mug = scene.variant_ids[0]
    first, second = (scene.place(scene.cart({mug: 8})).order_id for _ in range(2))

    before = waiting(scene)
    scene.shop.orders.cancel(first, actor="shop")

    assert [(order, covered) for order, _, _, covered in before] == [(first, 8), (second, 2)]
    assert waiting(scene) == [(second, scene.main_id, 8, 8)]


def test_damage_shortens_what_the_queue_can_have(scene: Scene) -> None:
    """Nine of ten burn after six and four were promised: one is left for the first line, and none is less than none."""
    mug = scene.variant_ids[0]
    orders = [scene.place(scene.cart({mug: units})).order_id for units in (6, 4)]

    level = scene.shop.stock.write_off(mug, location_id=scene.main_id, quantity=9, reason="fire", actor="Ann")

    assert (level.on_hand, level.allocated) == (1, 10)
    assert waiting(scene) == [(orders[0], scene.main_id, 6, 1), (orders[1], scene.main_id, 4, 0)]
    movement = scene.shop.stock.movements(variant_id=mug).items[0]
    assert (movement.kind, movement.on_hand_delta, movement.allocated_delta) == (MovementKind.DAMAGED, -9, 0)
    assert (movement.reason, movement.actor, movement.order_item_id) == ("fire", "Ann", None)


def test_locations_have_a_queue_each_and_pages_go_through_all(scene: Scene) -> None:
    """A line that two locations fill stands in both; its page is cut anywhere."""
    mug = scene.variant_ids[0]
    scene.stocked(mug, 2, annex=True)
    scene.shop.stock.set_levels(mug, location_id=scene.main_id, backorder_limit=0)
    split = scene.place(scene.cart({mug: 11})).order_id
    last = scene.place(scene.cart({mug: 1})).order_id

    pages, after = [], None
    while True:
        page = scene.shop.stock.backorders(mug, limit=1, after=after)
        pages.extend(page.items)
        after = page.next
        if after is None:
            break

    main, annex = scene.main_id, scene.annex_id
    assert [(row.order_id, row.location_id, row.quantity) for row in pages] == [
        (split, main, 10),
        (split, annex, 1),
        (last, annex, 1),
    ]
    assert tuple(pages) == scene.shop.stock.backorders(mug).items
    assert scene.shop.stock.backorders(scene.variant_ids[1]).items == ()
    assert scene.shop.stock.backorders(999).items == ()


def test_no_more_than_there_is_can_be_written_off(scene: Scene) -> None:
    """Nothing changes then; nor can what no such variant has."""
    mug = scene.variant_ids[0]

    with pytest.raises(InsufficientStock):
        scene.shop.stock.write_off(mug, location_id=scene.main_id, quantity=11, reason="fire")
    with pytest.raises(InvalidReference):
        scene.shop.stock.write_off(999, location_id=scene.main_id, quantity=1, reason="fire")
    level = scene.shop.stock.write_off(mug, location_id=scene.main_id, quantity=10, reason="fire")

    assert level.on_hand == 0

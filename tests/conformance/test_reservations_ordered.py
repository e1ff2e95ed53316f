"""What becomes of holds when carts are ordered: one's own never blocks, others' do, in both forms of the write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

import lumia.repos.checkout
from lumia.errors import InsufficientStock
from lumia.repos.placing import write_order, write_order_step_by_step
from lumia.repos.reservations import Reservations
from tests.support.digests import observe
from tests.support.scene import HOME, Scene, a_scene
from tests.support.steady import SteppingClock
from tests.support.together import together

HOUR = timedelta(hours=1)

Writer = Callable[[Any, Any], int | None]


@pytest.fixture
def scene(shop: Any) -> Scene:
    """A shop that is ready to sell: ten of each variant."""
    return a_scene(shop)


def available(scene: Scene, variant_id: int) -> int:
    """What others can buy of a variant."""
    units: int = scene.shop.stock.available([variant_id])[0].available
    return units


def soon(clock: SteppingClock) -> datetime:
    """An hour from now."""
    return clock.now + HOUR


@pytest.fixture(params=[write_order, write_order_step_by_step], ids=["as the engine can", "step by step"])
def writer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Writer:
    """Each form of the guarded write in turn."""
    monkeypatch.setattr(lumia.repos.checkout, "write_order", request.param)
    form: Writer = request.param
    return form


@pytest.mark.usefixtures("writer")
def test_a_carts_own_hold_becomes_its_order(scene: Scene, clock: SteppingClock) -> None:
    """All ten on hold for the cart are promised to its order, and the hold is gone with it."""
    mug = scene.variant_ids[0]
    cart_id = scene.cart({mug: 10})
    scene.shop.stock.reserve(cart_id, until=soon(clock))

    order = scene.place(cart_id)

    assert [(row.location_id, row.quantity) for row in order.allocations] == [(scene.main_id, 10)]
    assert scene.shop.stock.reservations(cart_id) == ()
    assert scene.levels(mug) == {scene.main_id: (10, 10)}
    assert available(scene, mug) == 0


@pytest.mark.usefixtures("writer")
def test_what_is_on_hold_for_others_cannot_be_ordered(scene: Scene, clock: SteppingClock, url: str) -> None:
    """Until their time is over; a refused order leaves its own cart's hold in place."""
    mug = scene.variant_ids[0]
    theirs, mine = scene.guest_cart({mug: 4}), scene.cart({mug: 6})
    until = soon(clock)
    for cart_id in (theirs, mine):
        scene.shop.stock.reserve(cart_id, until=until)
    scene.fill(mine, {mug: 7})
    total = scene.total(mine)
    with observe(url) as observer:
        before = observer.digest()

        with pytest.raises(InsufficientStock, match=r"MUG-0 \(wanted 7, available 6\)") as refusal:
            scene.place(mine, expected_total=total)

        assert observer.digest() == before
    assert refusal.value.constraint is None
    clock.now = until
    order = scene.place(mine, expected_total=total)
    assert order.items[0].quantity == 7


def test_a_hold_that_comes_while_an_order_is_judged_is_seen_by_its_write(
    scene: Scene, clock: SteppingClock, monkeypatch: pytest.MonkeyPatch, writer: Writer
) -> None:
    """The write repeats what was judged, holds included, and the refusal names SKU and units."""
    mug = scene.variant_ids[0]
    theirs, mine = scene.guest_cart({mug: 4}), scene.cart({mug: 7})
    total, until = scene.total(mine), soon(clock)

    def reserve_then_write(unit: Any, draft: Any) -> int | None:
        monkeypatch.setattr(lumia.repos.checkout, "write_order", writer)
        Reservations(unit).reserve(theirs, until=until)
        return writer(unit, draft)

    monkeypatch.setattr(lumia.repos.checkout, "write_order", reserve_then_write)

    with pytest.raises(InsufficientStock, match=r"MUG-0 \(wanted 7, available 6\)") as refusal:
        scene.place(mine, expected_total=total)

    assert refusal.value.constraint is None


def test_carts_that_want_the_same_things_in_any_order_do_not_block_each_other(
    scene: Scene, clock: SteppingClock
) -> None:
    """Locks are taken in one order by those who reserve and by those who order."""
    one, other = scene.variant_ids[:2]
    for variant_id in (one, other):
        scene.stocked(variant_id, 1000)
    until = soon(clock) + HOUR
    carts = [
        [scene.guest_cart(dict([(one, 1), (other, 1)][:: 1 if at % 2 else -1])) for at in range(4)] for _ in range(8)
    ]
    total = scene.total(carts[0][0])

    def work(mine: list[int], worker: int) -> int:
        scene.shop.stock.reserve(mine[worker], until=until)
        order = scene.shop.checkout.place(
            mine[worker],
            shipping_address=HOME,
            email="eve@example.com",
            shipping_method="post",
            expected_total=total,
            idempotency_key="k",
        )
        return int(order.order_id)

    orders = [order_id for found in together(4, carts, work) for order_id in found]

    assert len(set(orders)) == 32
    assert scene.levels(one) == {scene.main_id: (1010, 32)}
    assert available(scene, one) == 978

"""Stock on hold for carts: what it takes from others, when it ends, and what an order makes of it, on both engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from lumia.errors import IllegalTransition, InsufficientStock, InvalidValue, NotFound
from tests.support.digests import observe
from tests.support.scene import Scene, a_scene
from tests.support.steady import SteppingClock
from tests.support.together import together

HOUR = timedelta(hours=1)


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


# --- what is on hold --------------------------------------------------------------------------------------------------


def test_a_hold_takes_units_from_others_and_from_no_count(scene: Scene, clock: SteppingClock) -> None:
    """Available, levels and other carts' lines all tell of it; what is on hand stays."""
    mug = scene.variant_ids[0]
    cart_id, other = scene.guest_cart({mug: 4}), scene.guest_cart({mug: 7})
    until = soon(clock)

    holds = scene.shop.stock.reserve(cart_id, until=until)

    assert [(hold.cart_id, hold.variant_id, hold.location_id, hold.quantity) for hold in holds] == [
        (cart_id, mug, scene.main_id, 4)
    ]
    assert holds[0].expires_at == until
    assert scene.shop.stock.reservations(cart_id) == holds
    assert available(scene, mug) == 6
    level = scene.shop.stock.levels(mug).items[0]
    assert (level.on_hand, level.allocated, level.reserved) == (10, 0, 4)
    lines = {key: scene.shop.carts.get(key).lines[0] for key in (cart_id, other)}
    assert [(lines[key].available, lines[key].is_unavailable) for key in (cart_id, other)] == [(10, False), (6, True)]
    assert scene.shop.checkout.quote(cart_id, shipping_method="post", country_code="GB").available
    assert not scene.shop.checkout.quote(other, shipping_method="post", country_code="GB").available
    variants = scene.shop.catalog.get_product(scene.product_id).variants
    assert next(variant.available for variant in variants if variant.variant_id == mug) == 6


def test_a_hold_is_dead_from_its_instant_on(scene: Scene, clock: SteppingClock) -> None:
    """One step before it counts, at its instant it does not, and no sweeper ran."""
    mug = scene.variant_ids[0]
    cart_id = scene.guest_cart({mug: 4})
    until = soon(clock)
    scene.shop.stock.reserve(cart_id, until=until)

    clock.now = until - 2 * clock.step
    before = available(scene, mug)
    at = available(scene, mug)

    assert clock.now == until
    assert (before, at) == (6, 10)
    assert scene.shop.stock.reservations(cart_id) == ()
    assert scene.shop.stock.levels(mug).items[0].reserved == 0


def test_reserving_again_replaces_and_never_blocks_itself(scene: Scene, clock: SteppingClock) -> None:
    """All ten are on hold; the same cart holds all ten again, then the three that it wants by then."""
    mug = scene.variant_ids[0]
    cart_id = scene.guest_cart({mug: 10})
    scene.shop.stock.reserve(cart_id, until=soon(clock))

    again = scene.shop.stock.reserve(cart_id, until=soon(clock))
    scene.shop.carts.set_item(cart_id, variant_id=mug, quantity=3)
    fewer = scene.shop.stock.reserve(cart_id, until=soon(clock))

    assert ([hold.quantity for hold in again], [hold.quantity for hold in fewer]) == ([10], [3])
    assert scene.shop.stock.reservations(cart_id) == fewer
    assert available(scene, mug) == 7


def test_releasing_gives_everything_back_and_may_be_repeated(scene: Scene, clock: SteppingClock) -> None:
    """Also for a cart that has nothing on hold, or that does not exist."""
    mug = scene.variant_ids[0]
    cart_id = scene.guest_cart({mug: 4})
    scene.shop.stock.reserve(cart_id, until=soon(clock))

    for key in (cart_id, cart_id, 999):
        scene.shop.stock.release(key)

    assert available(scene, mug) == 10
    assert scene.shop.stock.reservations(cart_id) == ()


def test_an_empty_cart_has_nothing_on_hold(scene: Scene, clock: SteppingClock) -> None:
    """What was on hold before it was emptied is given back."""
    mug = scene.variant_ids[0]
    cart_id = scene.guest_cart({mug: 4})
    scene.shop.stock.reserve(cart_id, until=soon(clock))
    scene.shop.carts.clear(cart_id)

    assert available(scene, mug) == 6
    assert scene.shop.stock.reserve(cart_id, until=soon(clock)) == ()
    assert available(scene, mug) == 10


def test_locations_give_by_priority_and_a_line_is_split_only_when_it_must_be(
    scene: Scene, clock: SteppingClock
) -> None:
    """Ten in the main location, five in the annex, and what may be sold without being there."""
    mug, cup = scene.variant_ids[:2]
    scene.stocked(mug, 5, annex=True)
    scene.shop.stock.set_levels(cup, location_id=scene.annex_id, backorder_limit=3)
    cart_id = scene.guest_cart({mug: 12, cup: 10})

    split = scene.shop.stock.reserve(cart_id, until=soon(clock))
    scene.shop.carts.set_item(cart_id, variant_id=mug, quantity=5)
    scene.shop.carts.set_item(cart_id, variant_id=cup, quantity=13)
    owed = scene.shop.stock.reserve(cart_id, until=soon(clock))

    places = [(scene.main_id, 10), (scene.annex_id, 2), (scene.main_id, 10)]
    assert [(hold.location_id, hold.quantity) for hold in split] == places
    assert [(hold.location_id, hold.quantity) for hold in owed] == [
        (scene.main_id, 5),
        (scene.main_id, 10),
        (scene.annex_id, 3),
    ]
    assert available(scene, cup) == 0


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_more_than_there_is_is_refused_whole_and_leaves_the_hold_of_before(
    scene: Scene, clock: SteppingClock, url: str
) -> None:
    """Each short SKU is named with its units; nothing in any table changed."""
    mug, cup = scene.variant_ids[:2]
    theirs, mine = scene.guest_cart({mug: 8}), scene.guest_cart({mug: 2, cup: 1})
    for cart_id in (theirs, mine):
        scene.shop.stock.reserve(cart_id, until=soon(clock))
    scene.fill(mine, {mug: 3, cup: 11})
    with observe(url) as observer:
        before = observer.digest()

        with pytest.raises(InsufficientStock) as refusal:
            scene.shop.stock.reserve(mine, until=soon(clock))

        assert observer.digest() == before
    words = "not enough stock: MUG-0 (wanted 3, available 2), MUG-1 (wanted 11, available 10)"
    assert str(refusal.value) == words
    assert [hold.quantity for hold in scene.shop.stock.reservations(mine)] == [2, 1]


def test_only_an_active_cart_can_be_reserved(scene: Scene, clock: SteppingClock) -> None:
    """Neither one that was ordered nor one that there is not."""
    cart_id = scene.cart()
    scene.place(cart_id)

    with pytest.raises(IllegalTransition, match="converted"):
        scene.shop.stock.reserve(cart_id, until=soon(clock))
    with pytest.raises(NotFound, match="999"):
        scene.shop.stock.reserve(999, until=soon(clock))


WRONG: dict[str, tuple[str, Callable[[Any, datetime], object]]] = {
    "until now": ("until", lambda stock, now: stock.reserve(1, until=now)),
    "until without a zone": ("until", lambda stock, now: stock.reserve(1, until=(now + HOUR).replace(tzinfo=None))),
    "cart": ("cart_id", lambda stock, now: stock.reserve(0, until=now + HOUR)),
    "released cart": ("cart_id", lambda stock, _: stock.release(0)),
    "read cart": ("cart_id", lambda stock, _: stock.reservations("1")),
    "sweep of nothing": ("limit", lambda stock, _: stock.sweep_reservations(0)),
    "sweep of too much": ("limit", lambda stock, _: stock.sweep_reservations(501)),
    "variant": ("variant_id", lambda stock, _: stock.backorders(0)),
    "page": ("after", lambda stock, _: stock.backorders(1, after=(1, -1))),
    "quantity": ("quantity", lambda stock, _: stock.write_off(1, location_id=1, quantity=0, reason="x")),
    "reason": ("reason", lambda stock, _: stock.write_off(1, location_id=1, quantity=1, reason=" ")),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_fit_is_refused_by_name(scene: Scene, clock: SteppingClock, what: str) -> None:
    """Before anything reaches the database."""
    name, call = WRONG[what]

    with pytest.raises(InvalidValue, match=name):
        call(scene.shop.stock, clock.now)


# --- others who want the same -----------------------------------------------------------------------------------------


def test_units_on_hold_cannot_be_transferred_but_can_be_lost(scene: Scene, clock: SteppingClock) -> None:
    """Six of ten are free to leave; a fire asks nobody."""
    mug = scene.variant_ids[0]
    scene.shop.stock.reserve(scene.guest_cart({mug: 4}), until=soon(clock))
    move = {"from_location_id": scene.main_id, "to_location_id": scene.annex_id}

    with pytest.raises(InsufficientStock):
        scene.shop.stock.transfer(mug, quantity=7, **move)
    left, _ = scene.shop.stock.transfer(mug, quantity=6, **move)
    burnt = scene.shop.stock.write_off(mug, location_id=scene.main_id, quantity=4, reason="fire")

    assert (left.on_hand, left.reserved) == (4, 4)
    assert (burnt.on_hand, burnt.reserved) == (0, 4)
    assert available(scene, mug) == 2


def test_units_on_hold_are_not_free_when_stock_runs_low(scene: Scene, clock: SteppingClock) -> None:
    """Ten free is above the reorder point of six, and four on hold make it six."""
    mug = scene.variant_ids[0]
    scene.shop.stock.set_levels(mug, location_id=scene.main_id, reorder_point=6)

    before = scene.shop.stock.low_stock().items
    scene.shop.stock.reserve(scene.guest_cart({mug: 4}), until=soon(clock))
    low = scene.shop.stock.low_stock().items

    assert before == ()
    assert [(row.variant_id, row.reserved) for row in low] == [(mug, 4)]


def test_the_database_itself_refuses_what_is_not_available(scene: Scene, clock: SteppingClock) -> None:
    """Also to those who write the row without asking first."""
    mug = scene.variant_ids[0]
    mine = scene.guest_cart({mug: 1})
    scene.shop.stock.reserve(scene.guest_cart({mug: 4}), until=soon(clock))
    row = {"cart_id": mine, "variant_id": mug, "location_id": scene.main_id, "now": clock.now, "until": soon(clock)}

    with pytest.raises(InsufficientStock) as refusal, scene.shop.transaction() as tx:
        tx.q.reservations.insert_reservations([{**row, "quantity": 7}])
    with scene.shop.transaction() as tx:
        tx.q.reservations.insert_reservations([{**row, "quantity": 6}])

    assert refusal.value.constraint == "reservations_enough"
    assert available(scene, mug) == 0


def test_of_many_who_reserve_the_last_unit_one_gets_it(scene: Scene, clock: SteppingClock) -> None:
    """All the others are refused by name, in each of several rounds."""
    mug = scene.variant_ids[0]
    scene.shop.stock.adjust(mug, location_id=scene.main_id, delta=-9, reason="counted")
    rounds = [[scene.guest_cart({mug: 1}) for _ in range(4)] for _ in range(6)]
    until = soon(clock) + HOUR

    def reserve(carts: list[int], worker: int) -> str:
        try:
            scene.shop.stock.reserve(carts[worker], until=until)
        except InsufficientStock as refusal:
            return str(refusal)
        return "got it"

    for carts in rounds:
        (answers,) = together(4, [carts], reserve)
        units = available(scene, mug)
        for cart_id in carts:
            scene.shop.stock.release(cart_id)

        assert Counter(answers) == {"got it": 1, "not enough stock: MUG-0 (wanted 1, available 0)": 3}
        assert units == 0


# --- housekeeping -----------------------------------------------------------------------------------------------------


def test_sweeping_takes_dead_holds_only_longest_dead_first(scene: Scene, clock: SteppingClock) -> None:
    """A bounded number at a time; whoever is alive stays."""
    mug = scene.variant_ids[0]
    carts = [scene.guest_cart({mug: 1}) for _ in range(4)]
    start = soon(clock)
    for at, cart_id in enumerate(carts):
        scene.shop.stock.reserve(cart_id, until=start + at * HOUR)
    clock.now = start + 2 * HOUR

    swept = [scene.shop.stock.sweep_reservations(limit=2) for _ in range(3)]

    assert swept == [2, 1, 0]
    assert [len(scene.shop.stock.reservations(cart_id)) for cart_id in carts] == [0, 0, 0, 1]


def test_a_hold_goes_with_its_cart_and_its_variant(scene: Scene, clock: SteppingClock) -> None:
    """A customer's cart that is deleted with its customer holds nothing back."""
    mug = scene.variant_ids[0]
    cart_id = scene.cart({mug: 4})
    scene.shop.stock.reserve(cart_id, until=soon(clock))

    session = scene.shop.engine.acquire(write=True)
    session.execute(f"DELETE FROM customers WHERE customer_id = {scene.customer_id}", ())
    scene.shop.engine.release(session, failed=False)

    assert available(scene, mug) == 10

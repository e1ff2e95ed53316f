"""The ledger of stock is folded into opening rows: the same balance, the same counters, and no other way round it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Final

import pytest

from lumia import Shop
from lumia.dto.stock import StockMovement
from lumia.errors import DatabaseError, InvalidValue
from tests.support.raw import Raw, open_raw
from tests.support.scene import HOME, Scene, a_scene
from tests.support.steady import SteppingClock

MARKED: Final = (
    "INSERT INTO inventory (variant_id, location_id, folding_to, created_at, updated_at)"
    " SELECT variant_id, 2, 9, created_at, updated_at FROM inventory WHERE location_id = 1"
)
"""A stock row that would begin with the mark of a folding."""


@pytest.fixture
def raw(engine_name: str, url: str, shop: Shop) -> Iterator[Raw]:
    """A bare connection to the shop's database."""
    assert shop is not None
    opened = open_raw(engine_name, url)
    yield opened
    opened.close()


def ledger(scene: Scene, at: int = 0) -> list[StockMovement]:
    """The movements of a variant, oldest first."""
    page = scene.shop.stock.movements(variant_id=scene.variant_ids[at], limit=500)
    return sorted(page.items, key=lambda row: row.stock_movement_id)


def balance(rows: list[StockMovement]) -> dict[int, tuple[int, int]]:
    """What movements come to, by location."""
    on_hand: Counter[int] = Counter()
    allocated: Counter[int] = Counter()
    for row in rows:
        on_hand[row.location_id] += row.on_hand_delta
        allocated[row.location_id] += row.allocated_delta
    return {key: (on_hand[key], allocated[key]) for key in on_hand}


def moved(scene: Scene, times: int) -> None:
    """Let stock come and go."""
    for number in range(times):
        scene.shop.stock.adjust(
            scene.variant_ids[0], location_id=scene.main_id, delta=-1 if number % 2 else 1, reason="counted"
        )


def test_movements_become_one_opening_row_with_the_same_balance(shop: Shop, clock: SteppingClock) -> None:
    """The counters stay, and what came later stays too."""
    scene = a_scene(shop)
    moved(scene, 5)
    last = ledger(scene)[-1]
    clock.advance(timedelta(days=1))
    before = clock.now
    moved(scene, 2)
    levels, rows = scene.levels(scene.variant_ids[0]), ledger(scene)

    assert shop.retention.stock_ledger(before=before, dry_run=True) == 5
    assert shop.retention.stock_ledger(before=before) == 5

    folded = ledger(scene)
    assert (folded[0].kind, folded[0].on_hand_delta, folded[0].allocated_delta) == ("opening", 11, 0)
    assert (folded[0].stock_movement_id, folded[0].moved_at) == (last.stock_movement_id, last.moved_at)
    assert (folded[0].reason, folded[0].actor) == ("balance of 6 movements", "retention")
    assert folded[1:] == rows[-2:]
    assert balance(folded) == balance(rows) == levels == scene.levels(scene.variant_ids[0])
    assert shop.retention.stock_ledger(before=before) == 0


def test_movements_of_orders_that_go_on_stay(shop: Shop, clock: SteppingClock) -> None:
    """A cancelled order's movements are folded, a pending one's are not."""
    scene = a_scene(shop)
    ended = scene.place(scene.cart({scene.variant_ids[0]: 2}))
    shop.orders.cancel(ended.order_id, actor="shop", reason="")
    scene.place(scene.cart({scene.variant_ids[0]: 3}))
    clock.advance(timedelta(days=1))
    levels = scene.levels(scene.variant_ids[0])

    assert shop.retention.stock_ledger(before=clock.now) == 2

    rows = ledger(scene)
    assert [(row.kind, row.on_hand_delta, row.allocated_delta) for row in rows] == [
        ("opening", 10, 0),
        ("allocated", 0, 3),
    ]
    assert balance(rows) == levels == scene.levels(scene.variant_ids[0])


def test_a_long_ledger_is_folded_in_steps(shop: Shop, clock: SteppingClock) -> None:
    """However small the batches are, one row is left in the end."""
    scene = a_scene(shop)
    moved(scene, 9)
    clock.advance(timedelta(days=1))
    seen: list[int] = []

    assert shop.retention.stock_ledger(before=clock.now, batch=3, progress=seen.append) == 9

    assert len(seen) > 4
    assert [(row.kind, row.on_hand_delta) for row in ledger(scene)] == [("opening", 11)]


def test_a_balance_is_folded_again(shop: Shop, clock: SteppingClock) -> None:
    """An opening row is a movement like any other to the next run."""
    scene = a_scene(shop)
    for _ in range(3):
        moved(scene, 3)
        clock.advance(timedelta(days=1))
        shop.retention.stock_ledger(before=clock.now)

    (row,) = ledger(scene)
    assert (row.kind, row.on_hand_delta) == ("opening", 13)


def test_stock_moves_on_after_folding(shop: Shop, clock: SteppingClock) -> None:
    """Orders, receipts and cancellations find the counters as they were."""
    scene = a_scene(shop)
    order = scene.place(scene.cart({scene.variant_ids[0]: 2}))
    clock.advance(timedelta(days=1))
    shop.retention.stock_ledger(before=clock.now)

    scene.stocked(scene.variant_ids[0], 5)
    shop.orders.cancel(order.order_id, actor="shop", reason="")

    assert scene.levels(scene.variant_ids[0])[scene.main_id] == (15, 0)
    assert balance(ledger(scene))[scene.main_id] == (15, 0)


def test_several_locations_and_many_variants_are_folded_each_for_itself(shop: Shop, clock: SteppingClock) -> None:
    """More stock rows than one page holds."""
    scene = a_scene(shop, prices=("1.00",) * 60)
    for variant_id in scene.variant_ids:
        scene.stocked(variant_id, 1)
        scene.stocked(variant_id, 2, annex=True)
        scene.stocked(variant_id, 3, annex=True)
    clock.advance(timedelta(days=1))

    assert shop.retention.stock_ledger(before=clock.now, dry_run=True) == 120
    assert shop.retention.stock_ledger(before=clock.now, batch=7) == 120

    for at in range(60):
        assert balance(ledger(scene, at)) == {scene.main_id: (11, 0), scene.annex_id: (5, 0)}


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM stock_movements",
        "DELETE FROM stock_movements WHERE variant_id = 1",
        "UPDATE stock_movements SET on_hand_delta = on_hand_delta + 1",
        "UPDATE stock_movements SET reason = 'other'",
        MARKED,
    ],
)
def test_nobody_else_can_change_the_ledger(shop: Shop, raw: Raw, sql: str) -> None:
    """Neither before a folding nor after one, for its mark does not outlast its statement."""
    scene = a_scene(shop)
    moved(scene, 3)
    rows = ledger(scene)

    with pytest.raises(InvalidValue):
        raw.run(sql)
    assert ledger(scene) == rows
    raw.run("UPDATE inventory SET folding_to = 1000000")
    with pytest.raises(InvalidValue):
        raw.run(sql)

    assert balance(ledger(scene)) == balance(rows)
    assert raw.run("SELECT count(*) FROM inventory WHERE folding_to IS NOT NULL")[0][0] == 0


def test_a_folding_by_hand_keeps_the_balance_too(shop: Shop, raw: Raw) -> None:
    """The database folds by itself: whoever writes the mark gets a correct ledger."""
    scene = a_scene(shop)
    scene.place(scene.cart({scene.variant_ids[0]: 2}))
    moved(scene, 4)
    before = balance(ledger(scene))

    raw.run("UPDATE inventory SET folding_to = 1000000")

    assert [row.kind for row in ledger(scene)] == ["allocated", "opening"]
    assert balance(ledger(scene)) == before


def test_folding_beside_sales_keeps_the_balance(shop: Shop, clock: SteppingClock) -> None:
    """Orders are placed and cancelled while the ledger is folded; it comes to the counters at the end."""
    scene = a_scene(shop, prices=("10.00",), stock=500)
    errors: list[BaseException] = []

    def sell() -> None:
        try:
            for _ in range(15):
                cart = scene.guest_cart()
                order = shop.run(
                    lambda tx, cart=cart: scene.place(  # type: ignore[misc]
                        cart,
                        on=tx,
                        email="guest@example.org",
                        shipping_address=HOME,
                        expected_total=Decimal("16.95"),
                    )
                )
                shop.run(lambda tx, order=order: tx.orders.cancel(order.order_id, actor="shop", reason=""))  # type: ignore[misc]
        except DatabaseError as error:
            errors.append(error)

    sellers = [threading.Thread(target=sell) for _ in range(2)]
    for seller in sellers:
        seller.start()
    while any(seller.is_alive() for seller in sellers):
        shop.retention.stock_ledger(before=clock.now - timedelta(seconds=1), batch=4)
    for seller in sellers:
        seller.join()
    clock.advance(timedelta(days=1))
    shop.retention.stock_ledger(before=clock.now)

    assert errors == []
    assert scene.levels(scene.variant_ids[0]) == balance(ledger(scene)) == {scene.main_id: (500, 0)}
    assert len(ledger(scene)) == 1

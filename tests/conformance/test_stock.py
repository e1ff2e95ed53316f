"""Stock: locations, and every change of what lies there with its row in the ledger, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from lumia import Shop
from lumia.dto.stock import Receipt
from lumia.errors import AlreadyExists, Conflict, InsufficientStock, InvalidReference, InvalidValue, NotFound
from lumia.repos.stock import Stock
from lumia.types import MovementKind
from tests.support.stockroom import Place, a_stock_room
from tests.support.together import together

MOST = 1_000_000_000


@pytest.fixture
def place(shop: Shop) -> Place:
    """An empty stock room."""
    return a_stock_room(shop)


# --- locations --------------------------------------------------------------------------------------------------------


def test_locations_are_stored_changed_and_listed(shop: Shop) -> None:
    """What is not mentioned stays, and False is a value."""
    main = shop.stock.add_location(name=" Main ", priority=1_000_000)
    spare = shop.stock.add_location(name="Spare")

    closed = shop.stock.update_location(main.location_id, is_active=False)
    renamed = shop.stock.update_location(main.location_id, name="Old main", priority=0)

    assert (main.name, main.priority, main.is_active) == ("Main", 1_000_000, True)
    assert (closed.name, closed.priority, closed.is_active) == ("Main", 1_000_000, False)
    assert (renamed.name, renamed.priority, renamed.is_active) == ("Old main", 0, False)
    first = shop.stock.locations(limit=1)
    second = shop.stock.locations(limit=1, after=first.next)
    assert (first.items, second.items, second.next) == ((renamed,), (spare,), None)


# --- changes ----------------------------------------------------------------------------------------------------------


def test_goods_come_in_where_there_was_no_stock_row(place: Place) -> None:
    """The row is made on demand, and the ledger tells who, why and when."""
    level = place.shop.stock.receive(
        place.one, location_id=place.main, quantity=5, reason="delivery 7", actor="warehouse"
    )
    again = place.shop.stock.receive(place.one, location_id=place.main, quantity=1)

    assert (level.on_hand, level.allocated, level.reorder_point, level.backorder_limit) == (5, 0, 0, 0)
    assert again.on_hand == 6
    assert place.shop.stock.levels(place.one).items == (again,)
    first, second = place.ledger()
    assert (first.kind, first.on_hand_delta, first.allocated_delta) == (MovementKind.RECEIVED, 5, 0)
    assert (first.reason, first.actor, first.order_item_id) == ("delivery 7", "warehouse", None)
    assert (second.reason, second.actor) == ("", "shop")
    assert first.moved_at < second.moved_at == again.updated_at


def test_an_adjustment_goes_up_and_down_to_nothing(place: Place) -> None:
    """The last unit can be taken out, one more is refused and nothing is written."""
    stock = place.shop.stock
    stock.adjust(place.one, location_id=place.main, delta=3, reason="found")
    emptied = stock.adjust(place.one, location_id=place.main, delta=-3, reason="lost")

    with pytest.raises(InsufficientStock):
        stock.adjust(place.one, location_id=place.main, delta=-1, reason="lost")
    with pytest.raises(InsufficientStock):
        stock.adjust(place.other, location_id=place.spare, delta=-1, reason="lost")

    assert emptied.on_hand == 0
    assert [row.on_hand_delta for row in place.ledger()] == [3, -3]
    assert stock.levels(place.other).items == ()


def test_a_count_replaces_what_was_expected(place: Place) -> None:
    """The difference goes into the ledger; no difference writes nothing."""
    stock = place.shop.stock

    begun = stock.set_on_hand(place.one, location_id=place.main, expected=0, new=7, reason="stock-take")
    same = stock.set_on_hand(place.one, location_id=place.main, expected=7, new=7)
    fewer = stock.set_on_hand(place.one, location_id=place.main, expected=7, new=4, actor="ada")

    assert [level.on_hand for level in (begun, same, fewer)] == [7, 7, 4]
    assert [(row.kind, row.on_hand_delta, row.actor) for row in place.ledger()] == [
        (MovementKind.ADJUSTED, 7, "shop"),
        (MovementKind.ADJUSTED, -3, "ada"),
    ]


def test_a_count_of_something_that_changed_is_a_conflict(place: Place) -> None:
    """What came in between the look and the count must not be overwritten."""
    stock = place.shop.stock
    stock.receive(place.one, location_id=place.main, quantity=5)

    for expected in (4, 6, 0):
        with pytest.raises(Conflict, match="levels"):
            stock.set_on_hand(place.one, location_id=place.main, expected=expected, new=1)
    with pytest.raises(Conflict):
        stock.set_on_hand(place.one, location_id=place.spare, expected=1, new=1)

    assert place.on_hand() == {place.main: 5}
    assert len(place.ledger()) == 1


def test_of_many_counts_at_once_one_wins(place: Place) -> None:
    """Compare and swap is worth nothing when two can compare before either swaps."""
    stock = place.shop.stock
    shelves = [stock.add_location(name=f"Shelf {at}").location_id for at in range(12)]
    for shelf in shelves:
        stock.set_levels(place.one, location_id=shelf, reorder_point=1)

    def count(location_id: int, worker: int) -> bool:
        try:
            stock.set_on_hand(place.one, location_id=location_id, expected=0, new=worker + 1)
        except Conflict:
            return False
        return True

    won = together(4, shelves, count)

    assert [outcome.count(True) for outcome in won] == [1] * len(shelves)
    assert place.on_hand() == {shelf: outcome.index(True) + 1 for shelf, outcome in zip(shelves, won, strict=True)}


def test_a_transfer_moves_units_either_way(place: Place) -> None:
    """Two movements of one sum; the stock row at the other end is made on demand."""
    stock = place.shop.stock
    stock.receive(place.one, location_id=place.main, quantity=5)

    there = stock.transfer(place.one, from_location_id=place.main, to_location_id=place.spare, quantity=5)
    back = stock.transfer(
        place.one, from_location_id=place.spare, to_location_id=place.main, quantity=2, reason="too many", actor="ada"
    )

    assert [(level.location_id, level.on_hand) for level in there] == [(place.main, 0), (place.spare, 5)]
    assert [(level.location_id, level.on_hand) for level in back] == [(place.spare, 3), (place.main, 2)]
    moved = place.ledger()[1:]
    assert {row.kind for row in moved} == {MovementKind.TRANSFERRED}
    assert [(row.location_id, row.on_hand_delta) for row in moved] == [
        (place.main, -5),
        (place.spare, 5),
        (place.main, 2),
        (place.spare, -2),
    ]
    assert {(row.reason, row.actor) for row in moved[2:]} == {("too many", "ada")}


def test_a_transfer_of_more_than_there_is_moves_nothing(place: Place) -> None:
    """In both orders of keys: the end that gains must not keep what the other never had."""
    stock = place.shop.stock
    stock.receive(place.one, location_id=place.main, quantity=5)
    before = place.on_hand()

    with pytest.raises(InsufficientStock):
        stock.transfer(place.one, from_location_id=place.main, to_location_id=place.spare, quantity=6)
    with pytest.raises(InsufficientStock):
        stock.transfer(place.one, from_location_id=place.spare, to_location_id=place.main, quantity=1)

    assert place.on_hand() == before
    assert len(place.ledger()) == 1


def test_what_an_order_waits_for_does_not_leave(place: Place) -> None:
    """A transfer takes free units only, so that the location that promised them can send them."""
    stock = place.shop.stock
    stock.receive(place.one, location_id=place.main, quantity=5)
    place.promise(place.main, 3)

    with pytest.raises(InsufficientStock, match="free units"):
        stock.transfer(place.one, from_location_id=place.main, to_location_id=place.spare, quantity=3)
    left, there = stock.transfer(place.one, from_location_id=place.main, to_location_id=place.spare, quantity=2)

    assert (left.on_hand, left.allocated) == (3, 3)
    assert (there.on_hand, there.allocated) == (2, 0)


def test_damage_to_promised_goods_is_recorded(place: Place) -> None:
    """What is broken is broken: the books say so, and available says what is owed."""
    stock = place.shop.stock
    stock.receive(place.one, location_id=place.main, quantity=5)
    place.promise(place.main, 5)

    level = stock.adjust(place.one, location_id=place.main, delta=-2, reason="broken")

    assert (level.on_hand, level.allocated) == (3, 5)
    assert place.available() == [-2]


def test_a_delivery_is_summed_per_stock_row(place: Place) -> None:
    """Each row gets one movement, whatever the order and number of its receipts."""
    stock = place.shop.stock
    receipts = [
        Receipt(variant_id=variant, location_id=location, quantity=quantity)
        for variant, location, quantity in (
            (place.other, place.spare, 1),
            (place.one, place.main, 2),
            (place.other, place.spare, 3),
            (place.one, place.spare, 4),
        )
    ]

    rows = stock.receive_many(iter(receipts), reason="delivery 8", actor="ada")

    assert rows == 3
    assert (place.on_hand(place.one), place.on_hand(place.other)) == (
        {place.main: 2, place.spare: 4},
        {place.spare: 4},
    )
    assert [(row.variant_id, row.location_id, row.on_hand_delta, row.actor) for row in place.ledger()] == [
        (place.one, place.main, 2, "ada"),
        (place.one, place.spare, 4, "ada"),
        (place.other, place.spare, 4, "ada"),
    ]
    assert stock.receive_many([]) == 0


def test_a_delivery_with_one_unknown_article_is_refused_whole(place: Place) -> None:
    """Half a delivery in the books is worse than none."""
    good = Receipt(variant_id=place.one, location_id=place.main, quantity=1)

    with pytest.raises(InvalidReference):
        place.shop.stock.receive_many([good, Receipt(variant_id=99, location_id=place.main, quantity=1)])
    with pytest.raises(InvalidValue):
        place.shop.stock.receive_many([good, Receipt(variant_id=place.one, location_id=place.main, quantity=MOST)])

    assert place.ledger() == []
    assert place.on_hand() == {}


def test_levels_are_set_on_any_stock_row(place: Place) -> None:
    """Each for itself, on a row that is there or not, and the counters stay."""
    stock = place.shop.stock

    made = stock.set_levels(place.one, location_id=place.main, reorder_point=MOST)
    stock.receive(place.one, location_id=place.main, quantity=5)
    kept = stock.set_levels(place.one, location_id=place.main, backorder_limit=MOST)
    emptied = stock.set_levels(place.one, location_id=place.main, reorder_point=0)

    assert [made.on_hand, made.reorder_point, made.backorder_limit] == [0, MOST, 0]
    assert [kept.on_hand, kept.reorder_point, kept.backorder_limit] == [5, MOST, MOST]
    assert [emptied.on_hand, emptied.reorder_point, emptied.backorder_limit] == [5, 0, MOST]


# --- refusals ---------------------------------------------------------------------------------------------------------


REFUSED: list[tuple[type[Exception], str, Callable[[Stock, Place], object]]] = [
    (AlreadyExists, "taken", lambda it, _: it.add_location(name="Main")),
    (AlreadyExists, "taken", lambda it, at: it.update_location(at.spare, name="Main")),
    (NotFound, "99", lambda it, _: it.update_location(99, name="X")),
    (InvalidReference, "referred to", lambda it, at: it.receive(99, location_id=at.main, quantity=1)),
    (InvalidReference, "referred to", lambda it, at: it.receive(at.one, location_id=99, quantity=1)),
    (InvalidReference, "referred to", lambda it, at: it.adjust(99, location_id=at.main, delta=1, reason="x")),
    (InvalidReference, "referred to", lambda it, at: it.set_on_hand(99, location_id=at.main, expected=0, new=1)),
    (InvalidReference, "referred to", lambda it, at: it.set_levels(at.one, location_id=99, reorder_point=1)),
    (
        InvalidReference,
        "referred to",
        lambda it, at: it.transfer(at.one, from_location_id=at.main, to_location_id=99, quantity=1),
    ),
    (InvalidValue, "quantity", lambda it, at: it.receive(at.one, location_id=at.main, quantity=0)),
    (InvalidValue, "quantity", lambda it, at: it.receive(at.one, location_id=at.main, quantity=MOST + 1)),
    (InvalidValue, "inventory_on_hand_limit", lambda it, at: it.receive(at.one, location_id=at.main, quantity=MOST)),
    (InvalidValue, "reason", lambda it, at: it.receive(at.one, location_id=at.main, quantity=1, reason="x" * 501)),
    (InvalidValue, "actor", lambda it, at: it.receive(at.one, location_id=at.main, quantity=1, actor="")),
    (InvalidValue, "reason", lambda it, at: it.adjust(at.one, location_id=at.main, delta=1, reason=" ")),
    (InvalidValue, "delta", lambda it, at: it.adjust(at.one, location_id=at.main, delta=0, reason="x")),
    (InvalidValue, "delta", lambda it, at: it.adjust(at.one, location_id=at.main, delta=-MOST - 1, reason="x")),
    (InvalidValue, "new", lambda it, at: it.set_on_hand(at.one, location_id=at.main, expected=5, new=-1)),
    (InvalidValue, "new", lambda it, at: it.set_on_hand(at.one, location_id=at.main, expected=5, new=MOST + 1)),
    (
        InvalidValue,
        "to_location_id",
        lambda it, at: it.transfer(at.one, from_location_id=at.main, to_location_id=at.main, quantity=1),
    ),
    (InvalidValue, "reorder_point", lambda it, at: it.set_levels(at.one, location_id=at.main, reorder_point=-1)),
    (
        InvalidValue,
        "backorder_limit",
        lambda it, at: it.set_levels(at.one, location_id=at.main, backorder_limit=MOST + 1),
    ),
    (InvalidValue, "location_id", lambda it, at: it.set_levels(at.one, location_id=0)),
    (InvalidValue, "priority", lambda it, _: it.add_location(name="X", priority=-1)),
    (InvalidValue, "variant_ids", lambda it, _: it.available([0])),
    (InvalidValue, "variant_ids", lambda it, _: it.available(range(1, 502))),
    (InvalidValue, "variant_id", lambda it, at: it.movements(location_id=at.main)),
    (InvalidValue, "limit", lambda it, _: it.low_stock(limit=0)),
    (InvalidValue, "after", lambda it, _: it.low_stock(after=(-1, 0))),
    (InvalidValue, "after", lambda it, _: it.low_stock(after=7)),  # type: ignore[arg-type]
]


def test_what_does_not_fit_is_refused_by_name(shop: Shop, place: Place) -> None:
    """The same class on both engines, the argument or constraint in the message, and nothing changed."""
    shop.stock.receive(place.one, location_id=place.main, quantity=5)

    for error, word, call in REFUSED:
        with pytest.raises(error, match=word):
            call(shop.stock, place)

    assert place.on_hand() == {place.main: 5}
    assert len(place.ledger()) == 1
    assert len(shop.stock.locations().items) == 3


def test_a_counter_holds_a_thousand_million(place: Place) -> None:
    """The bound belongs to the range."""
    level = place.shop.stock.receive(place.one, location_id=place.main, quantity=MOST)
    emptied = place.shop.stock.adjust(place.one, location_id=place.main, delta=-MOST, reason="burnt")

    assert (level.on_hand, emptied.on_hand) == (MOST, 0)


def test_changes_at_once_are_all_counted(place: Place) -> None:
    """Transfers in both directions and receipts on the same rows lose no unit and never wait in a ring."""
    stock = place.shop.stock
    for location in (place.main, place.spare):
        stock.receive(place.one, location_id=location, quantity=50)

    def work(at: int) -> None:
        ends = (place.main, place.spare) if at % 2 else (place.spare, place.main)
        stock.transfer(place.one, from_location_id=ends[0], to_location_id=ends[1], quantity=1)
        stock.receive(place.one, location_id=ends[0], quantity=1)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(24)))

    assert sum(place.on_hand().values()) == 124
    replayed: dict[int, int] = {}
    for row in place.ledger():
        replayed[row.location_id] = replayed.get(row.location_id, 0) + row.on_hand_delta
    assert replayed == place.on_hand()

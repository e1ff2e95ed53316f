"""What the triggers do for whoever writes: the same on both engines, whatever the statement looks like."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from lumia.errors import AlreadyExists, InsufficientStock, InvalidValue
from tests.support.databases import Databases
from tests.support.effects import EFFECTS, Effect
from tests.support.fresh import fresh
from tests.support.raw import RawPostgresql, RawSqlite, undone
from tests.support.rows import LATER, NOON
from tests.support.trial import Grounds, attempt, lay_grounds


@pytest.fixture(scope="module")
def grounds(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    """Both engines with the ground laid; each test takes back what it did."""
    with lay_grounds(databases, tmp_path_factory.mktemp("triggers")) as both:
        yield both


@pytest.fixture
def lite(grounds: Grounds) -> RawSqlite:
    """SQLite alone, for what only its statements can try."""
    return grounds[0]


@pytest.fixture
def server(grounds: Grounds) -> RawPostgresql:
    """PostgreSQL alone."""
    return grounds[1]


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_a_write_has_its_effect(grounds: Grounds, effect: Effect) -> None:
    """The answer after the steps is the same on both engines."""
    for raw in grounds:
        with undone(raw):
            assert effect.asked(raw) == effect.answer, raw.engine


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_a_write_has_its_effect_when_triggers_may_fire_triggers(lite: RawSqlite, effect: Effect) -> None:
    """SQLite's recursive_triggers, which a session may switch on, changes nothing."""
    lite.run("PRAGMA recursive_triggers = ON")
    try:
        with undone(lite):
            answer = effect.asked(lite)
    finally:
        lite.run("PRAGMA recursive_triggers = OFF")

    assert answer == effect.answer


@pytest.mark.parametrize("way", ["IGNORE", "FAIL", "ROLLBACK", "REPLACE", "ABORT"])
def test_no_conflict_clause_separates_a_movement_from_its_counters(lite: RawSqlite, way: str) -> None:
    """INSERT OR anything leaves either both the movement and the counters or neither."""
    sql, params = fresh("stock_movements", on_hand_delta=-12)[-1]
    attempted = sql.replace("INSERT", f"INSERT OR {way}", 1)
    ledger = "SELECT count(*), sum(on_hand_delta) FROM stock_movements WHERE variant_id = 1"
    lite.run("BEGIN")
    before = lite.run(ledger)

    error = attempt(lite, (attempted, params))

    assert isinstance(error, InsufficientStock)
    assert lite.run(ledger) == before
    assert lite.run("SELECT on_hand FROM inventory WHERE variant_id = 1") == [(11,)]
    if lite.connection.in_transaction:
        lite.run("ROLLBACK")


@pytest.mark.parametrize(
    ("table", "key"), [("stock_movements", "stock_movement_id"), ("order_status_history", "order_status_history_id")]
)
def test_a_ledger_row_cannot_be_replaced(lite: RawSqlite, table: str, key: str) -> None:
    """INSERT OR REPLACE, which deletes without a DELETE trigger, finds the number taken."""
    changes = {key: 1, "from_status": "new", "to_status": "pending"} if table == "order_status_history" else {key: 1}
    sql, params = fresh(table, **changes)[-1]

    with undone(lite):
        error = attempt(lite, (sql.replace("INSERT", "INSERT OR REPLACE", 1), params))

    assert isinstance(error, AlreadyExists)
    assert error.constraint == f"{table}_pkey"


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("order_items_pkey", {"order_item_id": 2}),
        ("order_items_position_key", {"order_id": 2, "position": 12}),
        ("order_items_position_key", {"order_item_id": None, "order_id": 2, "position": 12}),
    ],
)
def test_a_sold_line_cannot_be_replaced(lite: RawSqlite, constraint: str, changes: dict[str, int | None]) -> None:
    """INSERT OR REPLACE finds the number or the place in the order taken."""
    sql, params = fresh("order_items", **changes)[-1]

    with undone(lite):
        error = attempt(lite, (sql.replace("INSERT", "INSERT OR REPLACE", 1), params))

    assert isinstance(error, AlreadyExists)
    assert error.constraint == constraint


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("reviews_pkey", {"review_id": 1}),
        ("reviews_public_id_key", {"public_id": UUID(int=7 << 76 | 2 << 62 | 1)}),
        ("reviews_customer_key", {"customer_id": 1, "order_item_id": 2}),
    ],
)
def test_a_counted_review_cannot_be_replaced(lite: RawSqlite, constraint: str, changes: dict[str, int | UUID]) -> None:
    """INSERT OR REPLACE, which would leave its rating counted, finds its key taken."""
    sql, params = fresh("reviews", **changes)[-1]

    with undone(lite):
        error = attempt(lite, (sql.replace("INSERT", "INSERT OR REPLACE", 1), params))

    assert isinstance(error, AlreadyExists)
    assert error.constraint == constraint


def test_a_counted_vote_cannot_be_replaced(lite: RawSqlite) -> None:
    """INSERT OR REPLACE would count it twice."""
    sql, params = fresh("review_votes", customer_id=2)[-1]

    with undone(lite):
        error = attempt(lite, (sql.replace("INSERT", "INSERT OR REPLACE", 1), params))

    assert isinstance(error, InvalidValue)
    assert error.constraint == "reviews_votes_counted"


@pytest.mark.parametrize("way", ["INSERT OR REPLACE", "INSERT OR IGNORE"])
def test_no_conflict_clause_writes_a_price_into_the_past(lite: RawSqlite, way: str) -> None:
    """A price that was is not taken over by the one that is."""
    sql, params = fresh("price_history", valid_from=NOON)[-1]

    with undone(lite):
        lite.run("UPDATE product_variants SET price = ?, updated_at = ? WHERE variant_id = 1", (params[1], LATER))
        error = attempt(lite, (sql.replace("INSERT", way, 1), params))

    assert isinstance(error, InvalidValue)
    assert error.constraint == "price_history_follows_variant"


@pytest.mark.parametrize("table", ["stock_movements", "order_status_history", "price_history"])
def test_a_ledger_cannot_be_truncated(server: RawPostgresql, table: str) -> None:
    """TRUNCATE, which fires no row trigger, is refused like DELETE."""
    with undone(server):
        error = attempt(server, (f"TRUNCATE {table}", ()))

    assert isinstance(error, InvalidValue)
    assert error.constraint == f"{table}_append_only"


def test_truncating_the_orders_does_not_take_their_history_along(server: RawPostgresql) -> None:
    """TRUNCATE ... CASCADE meets the history's guard too."""
    with undone(server):
        error = attempt(server, ("TRUNCATE orders CASCADE", ()))

    assert isinstance(error, InvalidValue)


def test_many_movements_in_one_statement_are_applied_one_by_one(grounds: Grounds) -> None:
    """Two promises that fit alone but not together are refused together."""
    sql, params = fresh("stock_movements", kind="allocated", on_hand_delta=0, allocated_delta=5)[-1]
    first, marks = sql.split(" VALUES ")
    both = f"{first} VALUES {marks}, {marks}"

    for raw in grounds:
        with undone(raw):
            error = attempt(raw, (both, (*params, 101, *params[1:])))

        assert isinstance(error, InsufficientStock), raw.engine


def test_categories_can_be_turned_over_in_one_statement_only_where_every_step_is_legal(grounds: Grounds) -> None:
    """Rows are checked as they are written, on both engines: a swap of parent and child is refused."""
    turned = "CASE category_id WHEN 1 THEN 2 ELSE NULL END"
    swap = (f"UPDATE categories SET parent_id = {turned}, updated_at = ? WHERE category_id IN (1, 2)", (LATER,))

    for raw in grounds:
        with undone(raw):
            error = attempt(raw, swap)

        assert isinstance(error, InvalidValue), raw.engine
        assert error.constraint == "categories_no_cycle"


def test_deleting_a_product_takes_its_variants_options_and_values_along(grounds: Grounds) -> None:
    """A product that was never sold goes as a whole, although its variants refer to its values."""
    left = (
        "SELECT (SELECT count(*) FROM product_variants WHERE product_id = 2)"
        " + (SELECT count(*) FROM option_values WHERE product_id = 2)"
        " + (SELECT count(*) FROM variant_option_values WHERE product_id = 2)"
        " + (SELECT count(*) FROM price_history WHERE variant_id = 3)"
        " + (SELECT count(*) FROM inventory WHERE variant_id = 3)"
    )

    for raw in grounds:
        with undone(raw):
            raw.run("DELETE FROM products WHERE product_id = 2")

            assert raw.run(left) == [(0,)], raw.engine

"""Guards that two transactions could slip past between looking and writing, where two can write at once: PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest

from lumia.errors import Conflict, CouponRefused, IllegalTransition, InsufficientStock, InvalidValue, LumiaError
from lumia.migrations import load_migrations
from tests.support.databases import Databases
from tests.support.fresh import FRESH, fresh
from tests.support.ground import lay_ground
from tests.support.raw import Raw, RawPostgresql
from tests.support.rows import LATER, Step, insert
from tests.support.rows_payments import a_refund_item, a_told_event
from tests.support.rows_sent import a_cancellation
from tests.support.trial import attempt

PATIENCE: Final = 60.0
"""Seconds after which a test that hangs is given up."""


@pytest.fixture
def url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """A database of its own: these tests commit."""
    with databases.migrated("postgresql", tmp_path) as fresh_url:
        with closing(RawPostgresql(psycopg.connect(fresh_url))) as raw:
            lay_ground(raw)
        yield fresh_url


@pytest.fixture
def first(url: str) -> Iterator[RawPostgresql]:
    """The transaction that writes first."""
    yield from _connected(url)


@pytest.fixture
def second(url: str) -> Iterator[RawPostgresql]:
    """The transaction that comes in between."""
    yield from _connected(url)


def _connected(url: str) -> Iterator[RawPostgresql]:
    raw = RawPostgresql(psycopg.connect(url))
    yield raw
    raw.close()


def _meet(first: RawPostgresql, earlier: Step, second: RawPostgresql, later: Step) -> LumiaError | None:
    """Write `earlier`, let `later` run into it, commit `earlier`, and say how `later` ended."""
    found: list[LumiaError | None] = []
    first.run("BEGIN")
    assert attempt(first, earlier) is None
    waiting = threading.Thread(target=lambda: found.append(attempt(second, later)))
    waiting.start()
    _until_blocked(first, second, waiting)
    first.run("COMMIT")
    waiting.join(PATIENCE)
    return found[0]


def _until_blocked(watcher: Raw, blocked: RawPostgresql, running: threading.Thread) -> None:
    asked = "SELECT cardinality(pg_blocking_pids(?))"
    while watcher.run(asked, (blocked.connection.info.backend_pid,)) == [(0,)]:
        assert running.is_alive(), "nothing stood in its way"
        running.join(0.01)


def _move(category: int, parent: int) -> Step:
    return "UPDATE categories SET parent_id = ?, updated_at = ? WHERE category_id = ?", (parent, LATER, category)


def _plant(raw: Raw) -> None:
    """A second tree, 10 over 11, beside the ground's 1 over 2 over 3."""
    raw.run(*fresh("categories", category_id=10, parent_id=None, slug="ten")[-1])
    raw.run(*fresh("categories", category_id=11, parent_id=10, slug="eleven")[-1])


def test_two_moves_that_close_a_ring_together_are_refused(first: RawPostgresql, second: RawPostgresql) -> None:
    """Each is legal alone; the second sees the first as soon as it is committed."""
    _plant(first)

    error = _meet(first, _move(1, 11), second, _move(10, 3))

    assert isinstance(error, InvalidValue)
    assert error.constraint == "categories_no_cycle"


def test_a_ring_is_refused_to_a_transaction_that_looks_at_an_old_snapshot(
    first: RawPostgresql, second: RawPostgresql
) -> None:
    """Under REPEATABLE READ the second cannot see the first; it is told to repeat."""
    _plant(first)
    second.run("BEGIN ISOLATION LEVEL REPEATABLE READ")
    second.run("SELECT count(*) FROM categories")

    error = _meet(first, _move(1, 11), second, _move(10, 3))

    assert isinstance(error, Conflict)


def test_a_line_cannot_slip_into_a_cart_that_is_being_ordered(first: RawPostgresql, second: RawPostgresql) -> None:
    """It waits for the checkout, and finds the cart closed."""
    close: Step = ("UPDATE carts SET status = 'converted', updated_at = ? WHERE cart_id = 2", (LATER,))

    error = _meet(first, close, second, fresh("cart_items")[-1])

    assert isinstance(error, IllegalTransition)
    assert second.run("SELECT count(*) FROM cart_items WHERE cart_id = 2") == [(1,)]


def test_two_promises_of_the_same_units_do_not_both_hold(first: RawPostgresql, second: RawPostgresql) -> None:
    """Each fits alone; the second waits for the first and is told what is left."""
    promise: dict[str, Any] = {"kind": "allocated", "on_hand_delta": 0, "allocated_delta": 5}
    one = fresh("stock_movements", **promise)[-1]
    other = fresh("stock_movements", stock_movement_id=101, **promise)[-1]

    error = _meet(first, one, second, other)

    assert isinstance(error, InsufficientStock)


def _hold(cart: int, quantity: int) -> Step:
    until = LATER + timedelta(hours=1)
    return fresh("reservations", cart_id=cart, quantity=quantity, expires_at=until)[-1]


def test_two_holds_of_the_same_units_do_not_both_hold(first: RawPostgresql, second: RawPostgresql) -> None:
    """Each fits into the eight units alone; the second waits for the first and is told what is left."""
    error = _meet(first, _hold(4, 5), second, _hold(5, 4))

    assert isinstance(error, InsufficientStock)
    assert error.constraint == "reservations_enough"


def test_a_hold_and_a_promise_of_the_same_units_do_not_both_hold(first: RawPostgresql, second: RawPostgresql) -> None:
    """Whichever comes second waits for the first and sees it."""
    promise = fresh("stock_movements", kind="allocated", on_hand_delta=0, allocated_delta=5)[-1]

    error = _meet(first, _hold(4, 5), second, promise)

    assert isinstance(error, InsufficientStock)
    assert error.constraint == "inventory_enough"


def test_a_promise_that_comes_before_a_hold_is_seen_by_it(first: RawPostgresql, second: RawPostgresql) -> None:
    """The hold waits for the promise and is refused."""
    promise = fresh("stock_movements", kind="allocated", on_hand_delta=0, allocated_delta=5)[-1]

    error = _meet(first, promise, second, _hold(4, 5))

    assert isinstance(error, InsufficientStock)
    assert error.constraint == "reservations_enough"


def test_a_movement_that_was_numbered_first_may_be_applied_last(first: RawPostgresql, second: RawPostgresql) -> None:
    """Numbers are given before the row is locked, so their order is not the order of writing."""
    one, other = (fresh("stock_movements", stock_movement_id=number)[-1] for number in (201, 200))

    error = _meet(first, one, second, other)

    assert error is None
    assert second.run("SELECT on_hand, last_movement_id FROM inventory WHERE variant_id = 1") == [(13, 200)]


def _redeemed(number: int, order: int, coupon: int) -> Step:
    customer = {2: 1, 3: 3}[order]
    return fresh(
        "coupon_redemptions",
        coupon_redemption_id=number,
        coupon_id=coupon,
        order_id=order,
        customer_id=customer,
        email_key="same@example.com",
    )[-1]


@pytest.mark.parametrize(
    ("limit", "coupon", "rule"),
    [
        ("usage_limit = 2", 1, "coupons_used_within_limit"),
        ("budget = 3.5", 1, "coupons_spent_within_budget"),
        ("per_customer_limit = 1", 4, "coupon_redemptions_per_customer"),
    ],
)
def test_two_orders_do_not_both_get_the_last_slot_of_a_coupon(
    first: RawPostgresql, second: RawPostgresql, limit: str, coupon: int, rule: str
) -> None:
    """The second waits for the coupon's row, and counts what the first took."""
    first.run(f"UPDATE coupons SET {limit}")

    error = _meet(first, _redeemed(100, 3, coupon), second, _redeemed(101, 2, coupon))

    assert isinstance(error, CouponRefused)
    assert error.constraint == rule


def test_two_refunds_do_not_both_get_what_is_left(first: RawPostgresql, second: RawPostgresql) -> None:
    """Ten of the twenty that came in are left; each six fit alone."""
    one, other = (
        fresh("refunds", refund_id=key, public_id=UUID(int=key), provider_reference=None, amount=Decimal(6))[-1]
        for key in (100, 101)
    )

    error = _meet(first, one, second, other)

    assert isinstance(error, InvalidValue)
    assert error.constraint == "payments_refunded_within"


def test_two_captures_do_not_both_get_what_is_left(first: RawPostgresql, second: RawPostgresql) -> None:
    """Of the payment 11.90 can come in still; each ten fit alone."""
    one, other = (
        insert("payment_events", {**a_told_event(key, "captured", LATER), "amount": Decimal(10)}) for key in (100, 101)
    )

    error = _meet(first, one, second, other)

    assert isinstance(error, InvalidValue)
    assert error.constraint == "payments_captured_within"


@pytest.mark.parametrize("later", ["refunded", "waived"])
def test_a_unit_is_not_settled_twice_at_once(first: RawPostgresql, second: RawPostgresql, later: str) -> None:
    """One of three units is settled: the second waits for the line, and sees the two of the first."""
    first.run(*fresh("refunds")[-1])
    waived = {**a_cancellation(100, LATER), "waived_amount": Decimal(1)}
    settle = {
        "refunded": insert("refund_items", a_refund_item(100, 1, 1)),
        "waived": insert("order_item_cancellations", waived),
    }

    error = _meet(first, insert("refund_items", a_refund_item(2, 1, 2)), second, settle[later])

    assert isinstance(error, InvalidValue)
    assert error.constraint == "refund_items_units"


def test_two_lines_do_not_both_get_the_whole_refund(first: RawPostgresql, second: RawPostgresql) -> None:
    """The refund is five, and each line's four fit alone."""
    first.run(*fresh("order_items")[-1])
    one, other = (insert("refund_items", {**a_refund_item(2, item, 1), "amount": Decimal(4)}) for item in (1, 100))

    error = _meet(first, one, second, other)

    assert isinstance(error, InvalidValue)
    assert error.constraint == "refund_items_fit"


def test_a_folding_waits_for_a_movement_and_takes_it_along(first: RawPostgresql, second: RawPostgresql) -> None:
    """The balance is that of everything up to the number, also of what was under way when it began."""
    fold: Step = ("UPDATE inventory SET folding_to = 100 WHERE variant_id = 1 AND location_id = 1", ())

    error = _meet(first, fresh("stock_movements")[-1], second, fold)

    assert error is None
    left = (
        "SELECT stock_movement_id, on_hand_delta, allocated_delta FROM stock_movements WHERE variant_id = 1 ORDER BY 1"
    )
    assert second.run(left) == [(3, 1, 0), (100, 11, 3)]
    assert second.run("SELECT on_hand, allocated, folding_to FROM inventory WHERE variant_id = 1") == [(12, 3, None)]


def test_two_shops_in_one_database_keep_to_themselves(databases: Databases, tmp_path: Path) -> None:
    """A trigger works in the schema it was made in, whatever the writer's search path says."""
    with databases.empty("postgresql", tmp_path) as url, closing(RawPostgresql(psycopg.connect(url))) as raw:
        for schema in ("shop_1", "shop_2"):
            raw.run(f"CREATE SCHEMA {schema}")
            raw.run(f"SET search_path = {schema}")
            for migration in load_migrations("postgresql"):
                text: Any = migration.sql
                raw.connection.execute(text)
            lay_ground(raw)
        stock = "SELECT on_hand FROM {}.inventory WHERE variant_id = 1"
        raw.run("SET search_path = shop_2")

        raw.run(*insert("shop_1.stock_movements", FRESH["stock_movements"]))

        assert raw.run(stock.format("shop_1")) == [(12,)]
        assert raw.run(stock.format("shop_2")) == [(11,)]


def test_functions_run_as_the_writer_and_in_their_own_schema(first: RawPostgresql) -> None:
    """Every trigger function is SECURITY INVOKER and carries the search path that it was made with."""
    functions = first.run(
        "SELECT proname, prosecdef, proconfig FROM pg_proc WHERE pronamespace = CAST(current_schema() AS regnamespace)"
    )

    assert functions
    for name, definer, configuration in functions:
        assert not definer, name
        assert any(setting.startswith("search_path=") for setting in configuration or ()), name

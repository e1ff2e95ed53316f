"""SQLite's OR IGNORE and OR REPLACE, which every statement of a trigger inherits, lead round no guard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from lumia.errors import AlreadyExists
from tests.support.cases import Case
from tests.support.cases_keys import KEY_CASES
from tests.support.cases_rows import ROW_CASES
from tests.support.cases_rules import RULE_CASES
from tests.support.cases_texts import TEXT_CASES
from tests.support.cases_values import VALUE_CASES
from tests.support.databases import Databases
from tests.support.ground import lay_ground
from tests.support.raw import RawSqlite, open_raw, undone
from tests.support.rows import Step
from tests.support.trial import attempt, lift

REFUSED: Final = [
    case for case in (*TEXT_CASES, *VALUE_CASES, *KEY_CASES, *ROW_CASES, *RULE_CASES) if case.error and not case.lifted
]
"""The refused attempts that meet every trigger."""

KEPT: Final = {
    "audit_log",
    "coupon_redemptions",
    "order_item_cancellations",
    "order_items",
    "order_status_history",
    "payment_events",
    "payments",
    "refund_items",
    "refunds",
    "return_items",
    "reviews",
    "shipment_items",
    "stock_movements",
}
"""The tables whose rows nobody replaces."""


@pytest.fixture(scope="module")
def lite(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RawSqlite]:
    """SQLite with the ground laid; each test takes back what it did."""
    with databases.migrated("sqlite", tmp_path_factory.mktemp("clauses")) as url:
        raw = open_raw("sqlite", url)
        assert isinstance(raw, RawSqlite)
        lay_ground(raw)
        yield raw
        raw.close()


def _with(clause: str, case: Case) -> tuple[Step, ...]:
    sql, params = case.steps[-1]
    verb = sql.split(None, 1)[0]
    return (*case.steps[:-1], (sql.replace(verb, f"{verb} OR {clause}", 1), params))


def _writes(case: Case) -> bool:
    return case.steps[-1][0].startswith(("INSERT", "UPDATE"))


@pytest.mark.parametrize("clause", ["IGNORE", "REPLACE"])
@pytest.mark.parametrize("rule", sorted({case.rule for case in REFUSED if _writes(case)}))
def test_what_is_refused_changes_nothing_under_any_clause(lite: RawSqlite, rule: str, clause: str) -> None:
    """A refused statement is refused still, or skipped as a whole: no row is left without what its triggers do."""
    for case in (case for case in REFUSED if case.rule == rule and _writes(case)):
        if clause == "REPLACE" and case.error is AlreadyExists:
            continue
        with undone(lite):
            *before, last = _with(clause, case)
            for sql, params in before:
                lite.run(sql, params)
            changes = lite.connection.total_changes
            error = attempt(lite, last)

            assert error is not None or lite.connection.total_changes == changes, case.label


TAKEN: Final = [case for case in KEY_CASES if case.error is AlreadyExists and case.steps[-1][0].split()[2] in KEPT]


@pytest.mark.parametrize("case", TAKEN, ids=lambda case: case.rule)
def test_no_row_of_the_books_is_replaced(lite: RawSqlite, case: Case) -> None:
    """INSERT OR REPLACE, which deletes without a DELETE trigger, finds the key taken."""
    with undone(lite):
        for trigger in case.lifted:
            lift(lite, trigger)
        error = attempt(lite, *_with("REPLACE", case))

    assert isinstance(error, AlreadyExists)
    assert error.constraint == case.rule


def test_every_table_of_the_books_is_tried() -> None:
    """A table in the list without such an attempt would be believed unseen."""
    assert {case.steps[-1][0].split()[2] for case in TAKEN} == KEPT

"""Without its guard every refused attempt is accepted: each case tries the guard that it says it tries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest

from tests.support.cases import Case
from tests.support.cases_keys import KEY_CASES
from tests.support.cases_rows import ROW_CASES
from tests.support.cases_rules import RULE_CASES
from tests.support.cases_texts import TEXT_CASES
from tests.support.cases_values import VALUE_CASES
from tests.support.catalog import Schema, read_postgresql, read_sqlite
from tests.support.databases import Databases
from tests.support.effects import EFFECTS, Effect
from tests.support.fresh import fresh
from tests.support.guards import DOMAINS, disarm, sqlite_without
from tests.support.raw import RawPostgresql, undone
from tests.support.rows import Step
from tests.support.search import INDEX_TRIGGERS
from tests.support.trial import Grounds, attempt, lay_grounds, lift, try_case

pytestmark = pytest.mark.slow

CASES: Final = [case for case in (*TEXT_CASES, *VALUE_CASES, *KEY_CASES, *ROW_CASES, *RULE_CASES) if case.error]


def _replacing(table: str, **changes: object) -> Step:
    sql, params = fresh(table, **changes)[-1]
    return sql.replace("INSERT", "INSERT OR REPLACE", 1), params


ONE_ENGINE: Final[dict[str, tuple[str, Step]]] = {
    "stock_movements_append_only_replace": (
        "sqlite",
        # Replacing a movement by another stock row's is the one way round the order of their numbers.
        _replacing("stock_movements", stock_movement_id=3, variant_id=3, location_id=2),
    ),
    "order_status_history_append_only_replace": (
        "sqlite",
        # Replacing the last row is the one way round the chain of states.
        _replacing("order_status_history", order_status_history_id=1, from_status="new", to_status="pending"),
    ),
    "order_items_frozen_replace": (
        "sqlite",
        _replacing("order_items", order_item_id=3, order_id=3, customer_id=3, name="other"),
    ),
    "audit_log_append_only_replace": ("sqlite", _replacing("audit_log", audit_log_id=50_000)),
    "coupon_redemptions_frozen_replace": ("sqlite", _replacing("coupon_redemptions", order_id=1, customer_id=1)),
    "order_item_cancellations_append_only_replace": (
        "sqlite",
        _replacing("order_item_cancellations", order_item_cancellation_id=1),
    ),
    "payment_events_append_only_replace": ("sqlite", _replacing("payment_events", payment_event_id=1)),
    "payments_frozen_replace": ("sqlite", _replacing("payments", payment_id=2)),
    "refunds_frozen_replace": ("sqlite", _replacing("refunds", refund_id=2, status="failed")),
    "refund_items_append_only_replace": ("sqlite", _replacing("refund_items", refund_id=1)),
    "return_items_frozen_replace": ("sqlite", _replacing("return_items", return_id=1)),
    "shipment_items_frozen_replace": ("sqlite", _replacing("shipment_items", shipment_id=1)),
    **{
        trigger: ("postgresql", (f"TRUNCATE {table}", ()))
        for table, trigger in (
            (table, f"{table}_{rule}_truncate")
            for table, rule in (
                ("audit_log", "append_only"),
                ("coupon_redemptions", "frozen"),
                ("order_item_cancellations", "append_only"),
                ("payment_events", "append_only"),
                ("refund_items", "append_only"),
                ("return_items", "frozen"),
                ("shipment_items", "frozen"),
            )
        )
    },
    "price_history_append_only_truncate": ("postgresql", ("TRUNCATE price_history", ())),
    "review_votes_frozen_truncate": ("postgresql", ("TRUNCATE review_votes", ())),
    "stock_movements_append_only_truncate": ("postgresql", ("TRUNCATE stock_movements", ())),
    "order_status_history_append_only_truncate": ("postgresql", ("TRUNCATE order_status_history", ())),
}
"""Triggers against statements that only one engine has, and the statement that each refuses."""


@pytest.fixture(scope="module")
def grounds(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    """Both engines with the ground laid; each test takes back what it did."""
    with lay_grounds(databases, tmp_path_factory.mktemp("teeth")) as both:
        yield both


@pytest.fixture(scope="module")
def schemas(grounds: Grounds) -> tuple[Schema, Schema]:
    """What the live catalogs say, SQLite's first."""
    return read_sqlite(grounds[0].connection), read_postgresql(grounds[1].connection)


def _grouped(engine: str) -> dict[tuple[str, ...], list[Case]]:
    groups: dict[tuple[str, ...], list[Case]] = {}
    for case in CASES:
        guards = case.guards[engine]
        if guards:
            groups.setdefault(guards, []).append(case)
    return groups


@pytest.mark.parametrize("guards", _grouped("sqlite"), ids=lambda guards: guards[0])
def test_sqlite_accepts_what_its_guard_no_longer_refuses(guards: tuple[str, ...]) -> None:
    """In a schema without the guard the very same attempt succeeds."""
    raw = sqlite_without(guards)
    try:
        for case in _grouped("sqlite")[guards]:
            error = try_case(raw, case)

            assert error is None, f"{case.rule} {case.label}: {error!r} from {error.__cause__!r}"
    finally:
        raw.close()


@pytest.mark.parametrize("guards", _grouped("postgresql"), ids=lambda guards: guards[0])
def test_postgresql_accepts_what_its_guard_no_longer_refuses(
    grounds: Grounds, schemas: tuple[Schema, Schema], guards: tuple[str, ...]
) -> None:
    """With the guard dropped the very same attempt succeeds."""
    raw: RawPostgresql = grounds[1]
    for case in _grouped("postgresql")[guards]:
        with undone(raw):
            for trigger in case.lifted:
                lift(raw, trigger)
            disarm(raw, schemas[1], guards)

            error = attempt(raw, *case.steps)

        assert error is None, f"{case.rule} {case.label}: {error!r} from {error.__cause__!r}"


@pytest.mark.parametrize("effect", [effect for effect in EFFECTS if effect.triggers], ids=lambda effect: effect.name)
def test_without_its_trigger_an_effect_is_missing(grounds: Grounds, effect: Effect) -> None:
    """The question that shows the effect is answered otherwise once the trigger is gone."""
    for raw in grounds:
        with undone(raw):
            for trigger in effect.triggers:
                lift(raw, trigger)

            assert effect.asked(raw) != effect.answer, raw.engine


@pytest.mark.parametrize("trigger", ONE_ENGINE)
def test_a_trigger_of_one_engine_refuses_what_only_that_engine_has(grounds: Grounds, trigger: str) -> None:
    """Without it the statement goes round the other guards."""
    engine, step = ONE_ENGINE[trigger]
    raw = next(raw for raw in grounds if raw.engine == engine)
    table = re.sub(r"_(append_only|frozen)_(replace|truncate)$", "", trigger)

    with undone(raw):
        assert attempt(raw, step) is not None
    with undone(raw):
        lift(raw, f"{table}.{trigger}")
        lift(raw, "order_status_history.order_status_history_follows_order")
        assert attempt(raw, step) is None


EMPTIES: Final = "product_variants_images_delete"
"""What SQLite does in front of its SET NULL, which would empty both columns of the key."""


def test_without_its_trigger_a_variant_with_an_image_could_not_be_deleted(grounds: Grounds) -> None:
    """The product of an image is never NULL, so that the key's own rule is refused."""
    lite, delete = grounds[0], ("DELETE FROM product_variants WHERE variant_id = 3", ())

    with undone(lite):
        assert attempt(lite, delete) is None
    with undone(lite):
        lift(lite, f"product_variants.{EMPTIES}")
        assert attempt(lite, delete) is not None


@pytest.mark.parametrize("engine", [0, 1], ids=["sqlite", "postgresql"])
def test_every_check_and_trigger_is_removed_by_some_test(schemas: tuple[Schema, Schema], engine: int) -> None:
    """No guard is left whose absence nobody would notice."""
    name = ("sqlite", "postgresql")[engine]
    tables = schemas[engine].tables.values()
    guards = {key for table in tables for key, constraint in table.constraints.items() if constraint.kind == "CHECK"}
    guards |= {trigger for table in tables for trigger in table.triggers}
    guards |= set(DOMAINS) if name == "postgresql" else set()

    removed = {guard for case in CASES for guard in case.guards[name]}
    removed |= {trigger.partition(".")[2] for effect in EFFECTS for trigger in effect.triggers}
    removed |= {trigger for trigger, (where, _) in ONE_ENGINE.items() if where == name}
    removed |= set(INDEX_TRIGGERS)
    removed |= {EMPTIES}

    assert guards - removed == set()

"""Rows that stay as they were written: every column of them but the named ones is refused, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import pytest

from tests.support.databases import Databases
from tests.support.fresh import FRESH
from tests.support.ground import GROUND
from tests.support.raw import undone
from tests.support.rows import LATER, Row
from tests.support.trial import Grounds, attempt, lay_grounds

FROZEN: Final[dict[str, tuple[str, str, frozenset[str]]]] = {
    "audit_log": ("audit_log_append_only", "audit_log_id", frozenset()),
    "coupon_redemptions": ("coupon_redemptions_frozen", "coupon_redemption_id", frozenset({"freed_at"})),
    "coupon_targets": ("coupon_targets_frozen", "coupon_target_id", frozenset()),
    "coupon_tiers": ("coupon_tiers_frozen", "coupon_id", frozenset()),
    "coupons": (
        "coupons_frozen",
        "coupon_id",
        frozenset(
            {
                "valid_from",
                "valid_to",
                "usage_limit",
                "per_customer_limit",
                "budget",
                "is_active",
                # Refused by the rule of the counters.
                "used_count",
                "spent",
                "last_redemption_id",
                "updated_at",
            }
        ),
    ),
    "order_allocations": (
        "order_allocations_frozen",
        "order_item_id",
        frozenset({"released_quantity", "shipped_quantity"}),
    ),
    "order_item_cancellations": (
        "order_item_cancellations_append_only",
        "order_item_cancellation_id",
        frozenset(),
    ),
    "outbox": (
        "outbox_frozen",
        "outbox_id",
        frozenset({"attempts", "held_until", "lease_id", "consumer", "acknowledged_at"}),
    ),
    "payment_events": ("payment_events_append_only", "payment_event_id", frozenset()),
    "payments": (
        "payments_frozen",
        "payment_id",
        # The first three by their own rules; a card's words may be emptied.
        frozenset({"status", "captured_amount", "refunded_amount", "method", "card_brand", "card_last4", "updated_at"}),
    ),
    "refund_items": ("refund_items_append_only", "refund_id", frozenset()),
    "refunds": ("refunds_frozen", "refund_id", frozenset({"status", "reason", "updated_at"})),
    "reservations": ("reservations_frozen", "cart_id", frozenset()),
    "return_items": ("return_items_frozen", "return_id", frozenset({"accepted_quantity", "damaged_quantity"})),
    "returns": (
        "returns_frozen",
        "return_id",
        frozenset({"status", "actor", "note", "location_id", "updated_at"}),
    ),
    "shipment_items": ("shipment_items_frozen", "shipment_id", frozenset()),
    "shipments": ("shipments_frozen", "shipment_id", frozenset({"carrier", "tracking_number", "updated_at"})),
    "stock_movements": ("stock_movements_append_only", "stock_movement_id", frozenset()),
}
"""The rule of each table, the first column of its key, and what may change."""

LABELS: Final = {
    "audit_log.action": "delete",
    "coupon_targets.kind": "exclude",
    "coupons.kind": "tiered",
    "payment_events.kind": "voided",
    "payments.capture_at": "shipment",
    "stock_movements.kind": "adjusted",
}
"""Another label of each enum."""

OTHERS: Final[dict[type, Any]] = {
    bool: lambda value: not value,
    int: lambda value: value + 1,
    Decimal: lambda value: value + 1,
    str: lambda value: f"{value}0",
    datetime: lambda value: value + timedelta(hours=1),
    UUID: lambda value: UUID(int=value.int + 777),
    tuple: lambda _: ("order",),
}
"""Another value of each type."""

GIVEN: Final = {
    "cap": Decimal(1),
    "minimum": Decimal(1),
    "email_key": "other@example.com",
    "refund_reference": "other",
    "valid_to": LATER,
    "before": "{}",
}
"""What stands where nothing stood; every other one is a key."""


@pytest.fixture(scope="module")
def grounds(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    """Both engines with the ground laid; each test takes back what it did."""
    with lay_grounds(databases, tmp_path_factory.mktemp("frozen")) as both:
        yield both


def _row(table: str) -> Row:
    return next(row for name, row in GROUND if name == table)


def _other(table: str, column: str, value: Any) -> Any:
    if f"{table}.{column}" in LABELS:
        return LABELS[f"{table}.{column}"]
    if value is None:
        return GIVEN.get(column, 1)
    return OTHERS[type(value)](value)


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, column) for table, (_, _, free) in FROZEN.items() for column in FRESH[table] if column not in free],
)
def test_what_was_written_stays(grounds: Grounds, table: str, column: str) -> None:
    """Any other value is refused by the table's own rule, on both engines, before any other guard is asked."""
    rule, key, _ = FROZEN[table]
    row = _row(table)
    value = _other(table, column, row.get(column))
    change = (f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (value, row[key]))

    for raw in grounds:
        with undone(raw):
            error = attempt(raw, change)

        assert getattr(error, "constraint", None) == rule, (raw.engine, value, error)


@pytest.mark.parametrize(
    ("table", "column"), [(table, column) for table, (_, _, free) in FROZEN.items() for column in sorted(free)]
)
def test_what_may_change_is_not_refused_by_that_rule(grounds: Grounds, table: str, column: str) -> None:
    """A frozen column too many would stand in the way of what the shop does."""
    rule, key, _ = FROZEN[table]
    row = {**FRESH[table], **_row(table)}
    change = (f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (row[column], row[key]))

    for raw in grounds:
        with undone(raw):
            error = attempt(raw, change)

        assert getattr(error, "constraint", None) != rule, (raw.engine, error)


def test_every_table_with_such_a_rule_is_tried(grounds: Grounds) -> None:
    """A new rule of this kind has its table here, but for those that have tests of their own."""
    found = grounds[0].run(
        "SELECT DISTINCT tbl_name FROM sqlite_schema WHERE type = 'trigger'"
        " AND (name LIKE '%_append_only_update' OR name LIKE '%_frozen' OR name LIKE '%_frozen_update')"
    )

    assert {name for (name,) in found} - ELSEWHERE == set(FROZEN)


ELSEWHERE: Final = {
    "idempotency_keys",
    "order_items",
    "order_status_history",
    "order_status_transitions",
    "orders",
    "price_history",
    "review_votes",
    "reviews",
}

"""What a case of the schema's tests is: steps, whether the last one is accepted, and which guard refuses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lumia.errors import InvalidValue, LumiaError
from tests.support.fresh import fresh
from tests.support.rows import Step

__all__ = ["BOTH", "LIFTED", "Case", "accepted", "refused"]

BOTH: Final = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Case:
    """One attempt on the ground.

    Attributes:
        rule: the guard that it is about: a constraint, a unique index, or the rule that a trigger names.
        label: what is special about this attempt.
        steps: what is run, the last step being the attempt.
        error: the class that refuses it on both engines, None if it is accepted.
        constraint: the name that each engine tells.
        guards: per engine the constraints and triggers without which the attempt would be accepted.
        lifted: triggers that stand in front of the guard and are taken away for the attempt, as `table.trigger`.
    """

    rule: str
    label: str
    steps: tuple[Step, ...]
    error: type[LumiaError] | None = None
    constraint: Mapping[str, str | None] = field(default_factory=dict)
    guards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lifted: tuple[str, ...] = ()


LIFTED: Final = {
    # The redemptions' triggers alone count.
    "coupons": ("coupons.coupons_counted_insert",),
    "payments": (
        "payments.payments_order_matches",
        "payments.payments_follow_events_insert",
        "payments.payments_follow_refunds_insert",
    ),
    "order_item_cancellations": ("order_item_cancellations.order_item_cancellations_waived",),
    "refund_items": ("refund_items.refund_items_units", "refund_items.refund_items_fit"),
    "price_history": ("price_history.price_history_follows_variant",),
    "product_ratings": ("product_ratings.product_ratings_follow_insert",),
    "order_status_history": (
        "order_status_history.order_status_history_follows_order",
        # Asks for the pair before the CHECKs ask for its labels.
        "order_status_history.order_status_history_transition",
    ),
}
"""The tables, or columns, that no client may write, and the triggers that see to it."""


def accepted(
    rule: str,
    label: str,
    table: str = "",
    row: Mapping[str, Any] | None = None,
    *,
    steps: tuple[Step, ...] | None = None,
) -> Case:
    """A fresh row of `table` with these values, or the last of `steps`, is taken on both engines."""
    return Case(rule, label, steps or fresh(table, **(row or {})), lifted=LIFTED.get(table, ()))


def refused(
    rule: str,
    label: str,
    table: str = "",
    row: Mapping[str, Any] | None = None,
    *,
    steps: tuple[Step, ...] | None = None,
    error: type[LumiaError] = InvalidValue,
    sqlite: str | None = "",
    postgresql: str | None = "",
    guards: Mapping[str, tuple[str, ...]] | tuple[str, ...] | None = None,
) -> Case:
    """A fresh row of `table` with these values, or the last of `steps`, is refused by `rule` on both engines.

    Args:
        rule: the guard's name.
        label: what is special about this attempt.
        table: whose fresh row is changed and inserted.
        row: the values that differ from the fresh row's.
        steps: what to run instead.
        error: the class of the refusal.
        sqlite: the name that SQLite tells, if not the rule's.
        postgresql: the name that PostgreSQL tells, if not the rule's.
        guards: what must be removed for the attempt to be accepted, if not the rule alone; () where nothing can be.
    """
    if guards is None:
        guards = (rule,)
    return Case(
        rule,
        label,
        steps or fresh(table, **(row or {})),
        error,
        {
            "sqlite": rule if sqlite == "" else sqlite,
            "postgresql": rule if postgresql == "" else postgresql,
        },
        guards if isinstance(guards, Mapping) else dict.fromkeys(BOTH, guards),
        LIFTED.get(table, ()),
    )

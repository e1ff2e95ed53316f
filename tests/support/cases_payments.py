"""Payments, their events and refunds: what their keys and guards are asked, and what their triggers do."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from lumia.errors import IllegalTransition
from tests.support.cases import Case, accepted, refused
from tests.support.cases_orders import append_only, changed
from tests.support.fresh import fresh
from tests.support.rows import LATER, Step, imported, insert
from tests.support.rows_payments import a_refund_item, a_told_event
from tests.support.rows_sent import a_cancellation

__all__ = [
    "PAID_CASES",
    "PAID_EFFECTS",
    "PAID_LIFTED",
    "PAID_NEXT_TO",
    "PAID_ORPHANS",
    "PAID_TAKEN",
    "PAID_UNDELETABLE",
]

_FIRST: Final = UUID(int=7 << 76 | 2 << 62 | 1)
_OTHER: Final = UUID(int=7 << 76 | 2 << 62 | 777)
PIP: Final = Decimal("0.0001")

PAID_TAKEN: Final = MappingProxyType[str, tuple[str, dict[str, Any]]](
    {
        "payments_pkey": ("payments", {"payment_id": 1}),
        "payments_public_id_key": ("payments", {"public_id": _FIRST}),
        "payments_provider_reference_key": ("payments", {"provider_reference": "pi_1"}),
        "payment_events_pkey": ("payment_events", {"payment_event_id": 1}),
        "payment_events_provider_event_key": ("payment_events", {"provider_event_id": "evt_1"}),
        "refunds_pkey": ("refunds", {"refund_id": 1}),
        "refunds_public_id_key": ("refunds", {"public_id": _FIRST}),
        "refunds_provider_reference_key": ("refunds", {"provider_reference": "re_1"}),
        "refund_items_pkey": ("refund_items", {"refund_id": 1}),
    }
)
PAID_NEXT_TO: Final = MappingProxyType[str, tuple[str, dict[str, Any]]](
    {
        "payments_provider_reference_key": ("payments", {"provider": "adyen", "provider_reference": "pi_1"}),
        "refunds_provider_reference_key": ("refunds", {"provider_reference": None}),
    }
)
PAID_ORPHANS: Final = MappingProxyType[str, tuple[str, dict[str, Any]]](
    {
        "payments_order_id_fkey": ("payments", {"order_id": 999}),
        # The payment is another provider's.
        "payment_events_payment_id_fkey": ("payment_events", {"provider": "adyen"}),
        "refunds_payment_id_fkey": ("refunds", {"payment_id": 999}),
        "refund_items_refund_id_fkey": ("refund_items", {"refund_id": 999}),
        "refund_items_order_item_id_fkey": ("refund_items", {"order_item_id": 999}),
    }
)
PAID_UNDELETABLE: Final = MappingProxyType[str, tuple[Step, ...]](
    {
        # No live order is without a history, which would refuse first.
        "payments_order_id_fkey": (
            insert("orders", imported(100, LATER)),
            *fresh("payments", order_id=100),
            ("DELETE FROM orders WHERE order_id = 100", ()),
        ),
        "payment_events_payment_id_fkey": (
            *fresh("payments"),
            *fresh("payment_events", payment_id=100),
            ("DELETE FROM payments WHERE payment_id = 100", ()),
        ),
        "refunds_payment_id_fkey": (
            *fresh("payments"),
            *fresh("refunds", payment_id=100, status="failed"),
            ("DELETE FROM payments WHERE payment_id = 100", ()),
        ),
        "refund_items_refund_id_fkey": (("DELETE FROM refunds WHERE refund_id = 1", ()),),
        "refund_items_order_item_id_fkey": (
            *fresh("order_items"),
            *fresh("refund_items", order_item_id=100),
            ("DELETE FROM order_items WHERE order_item_id = 100", ()),
        ),
    }
)
PAID_LIFTED: Final = (
    "payments.payments_order_matches",
    "payments.payments_frozen_delete",
    "refunds.refunds_frozen_delete",
)
"""What keeps these from being deleted before any key is asked."""


def _values() -> Iterator[Case]:
    rule, table = "payments_provider_code", "payments"
    for label, text in (("shortest", "a"), ("longest", "z" + "9" * 31), ("underscore", "bank_transfer")):
        yield accepted(rule, label, table, {"provider": text})
    for label, text in (
        ("empty", ""),
        ("upper-case", "Stripe"),
        ("digit-first", "1a"),
        ("blank", "a b"),
        ("not-ascii", "ä"),
        ("too-long", "z" * 33),
        ("line-end", "a\n"),
    ):
        yield refused(rule, label, table, {"provider": text})
    rule = "payments_card_last4_digits"
    yield accepted(rule, "none", table, {"card_last4": None})
    for text in ("0000", "9999"):
        yield accepted(rule, text, table, {"card_last4": text})
    for label, text in (("three", "123"), ("five", "12345"), ("letter", "12a4"), ("empty", ""), ("line-end", "1234\n")):
        yield refused(rule, label, table, {"card_last4": text})
    for column in ("method", "card_brand"):
        rule = f"payments_{column}_no_card"
        yield accepted(rule, "twelve", table, {column: "1" * 12})
        for label, text in (("number", "4111111111111111"), ("dashes", "a 4111-1111-1111-1"), ("blanks", "1 " * 13)):
            yield refused(rule, label, table, {column: text})
    for rule, table, extra in (
        ("payments_amount_range", "payments", {}),
        ("payment_events_amount_range", "payment_events", {}),
        ("refunds_amount_range", "refunds", {"status": "failed"}),
    ):
        yield accepted(rule, "least", table, {**extra, "amount": PIP})
        yield refused(rule, "zero", table, {**extra, "amount": Decimal(0)})
        also = ("payments_captured_within",) if table == "payments" else ()
        yield refused(rule, "negative", table, {**extra, "amount": -PIP}, guards=(rule, *also))
    rule, table = "refund_items_amount_range", "refund_items"
    yield accepted(rule, "zero", table, {"amount": Decimal(0)})
    yield refused(rule, "negative", table, {"amount": -PIP})
    rule = "refund_items_something"
    yield accepted(rule, "money-alone", table, {"quantity": 0})
    yield refused(rule, "nothing", table, {"quantity": 0, "amount": Decimal(0)})


def _rows() -> Iterator[Case]:
    rule, table = "payment_events_amount_given", "payment_events"
    yield accepted(rule, "a-failure", table, {"kind": "refund_failed", "amount": None})
    yield refused(rule, "a-refund", table, {"amount": None})
    lost = {"kind": "captured", "amount": None, "refund_reference": None}
    yield refused(rule, "a-capture", table, lost, guards=(rule, "payment_events_apply"))
    rule = "payment_events_refund_named"
    for kind in ("authorized", "voided", "failed"):
        yield accepted(rule, kind, table, {"kind": kind, "refund_reference": None})
        yield refused(rule, f"{kind}-of-a-refund", table, {"kind": kind})
    for kind in ("refunded", "refund_failed"):
        yield accepted(rule, kind, table, {"kind": kind})
        yield refused(rule, f"{kind}-of-none", table, {"kind": kind, "refund_reference": None})
    rule = "payment_events_applied"
    yield accepted(rule, "a-refund-waits", table, {"applied_at": None})
    told = {"kind": "voided", "refund_reference": None, "applied_at": None}
    yield refused(rule, "a-void-waits", table, told)


def _rules() -> Iterator[Case]:
    rule = "payments_order_matches"
    yield refused(rule, "another-currency", steps=fresh("payments", currency="GBP"))
    yield refused(rule, "of-an-import", steps=fresh("payments", order_id=2))
    rule = "payments_frozen"
    for column, change in {
        "public_id": _OTHER,
        "order_id": 2,
        "provider_reference": "pi_other",
        "no-reference": None,
        "amount": Decimal("31.91"),
        "currency": "GBP",
        "capture_at": "shipment",
        "created_at": LATER,
    }.items():
        name = "provider_reference" if column == "no-reference" else column
        yield refused(rule, column, steps=changed("payments", "payment_id = 1", **{name: change}))
    yield accepted(rule, "another-brand", steps=changed("payments", "payment_id = 1", card_brand=None, card_last4=None))
    named = (
        *fresh("payments", provider_reference=None),
        *changed("payments", "payment_id = 100", provider_reference="p"),
    )
    yield accepted(rule, "reference-added", steps=named)
    gone: Step = ("DELETE FROM payments WHERE payment_id = 100", ())
    yield refused(rule, "deleted", steps=(*fresh("payments"), gone), guards=("payments_frozen_delete",))

    rule = "payments_follow_events"
    for label, change in (
        ("born-captured", {"status": "captured"}),
        ("born-with-money", {"captured_amount": Decimal(1)}),
    ):
        yield refused(rule, label, steps=fresh("payments", **change), guards=(f"{rule}_insert",))
    for label, change in (("status", {"status": "voided"}), ("money", {"captured_amount": Decimal(21)})):
        steps = changed("payments", "payment_id = 1", **change)
        yield refused(rule, label, steps=steps, guards=(f"{rule}_update",))
    rule = "payments_follow_refunds"
    born = fresh("payments", refunded_amount=Decimal(1))
    also = ("payments_refunded_within",)
    yield refused(rule, "born-with-money", steps=born, guards=(f"{rule}_insert", *also))
    steps = changed("payments", "payment_id = 1", refunded_amount=Decimal(11))
    yield refused(rule, "money", steps=steps, guards=(f"{rule}_update",))

    rule = "payments_captured_within"
    guards = {"sqlite": (rule, "payment_events_apply"), "postgresql": (rule,)}
    for label, amount, ok in (("all", "11.90", True), ("more", "11.9001", False)):
        row = {"kind": "captured", "refund_reference": None, "amount": Decimal(amount)}
        steps = fresh("payment_events", **row)
        yield accepted(rule, label, steps=steps) if ok else refused(rule, label, steps=steps, guards=guards)
    rule = "payments_refunded_within"
    guards = {"sqlite": (rule, "refunds_count_insert"), "postgresql": (rule,)}
    for label, amount, ok in (("all", "10", True), ("more", "10.0001", False)):
        steps = fresh("refunds", amount=Decimal(amount))
        yield accepted(rule, label, steps=steps) if ok else refused(rule, label, steps=steps, guards=guards)
    failed = fresh("refunds", amount=Decimal(11), status="failed")
    yield accepted(rule, "failed", steps=failed)
    guards = {"sqlite": (rule, "refunds_count_update"), "postgresql": (rule,)}
    after_all = (*failed, *changed("refunds", "refund_id = 100", status="succeeded"))
    yield refused(rule, "after-all", steps=after_all, guards=guards)

    yield from append_only("payment_events", "payment_event_id = 1", {"payload": "[]"})
    rule = "payment_events_append_only"
    waits = (*fresh("payment_events", applied_at=None), ("UPDATE payment_events SET applied_at = ?", (LATER,)))
    yield refused(rule, "applied-again", steps=waits, guards=(f"{rule}_update",))
    once = (waits[0], ("UPDATE payment_events SET applied_at = ? WHERE payment_event_id = 100", (LATER,)))
    yield accepted(rule, "applied", steps=once)
    yield from append_only("refund_items", "refund_id = 1", {"quantity": 2})


def _refund_rules() -> Iterator[Case]:
    rule = "refunds_frozen"
    for column, change in {
        "public_id": _OTHER,
        "provider_reference": None,
        "amount": Decimal("4.99"),
        "actor": "other",
        "created_at": LATER,
    }.items():
        yield refused(rule, column, steps=changed("refunds", "refund_id = 1", **{column: change}))
    yield accepted(rule, "another-reason", steps=changed("refunds", "refund_id = 1", reason=""))
    gone: Step = ("DELETE FROM refunds WHERE refund_id = 2", ())
    yield refused(rule, "deleted", steps=(gone,), guards=("refunds_frozen_delete",))
    rule = "refunds_steps"

    def stepped(*steps: str) -> tuple[Step, ...]:
        return tuple(part for step in steps for part in changed("refunds", "refund_id = 2", status=step))

    for steps in (("succeeded",), ("failed",), ("failed", "succeeded"), ("succeeded", "succeeded")):
        yield accepted(rule, "-".join(steps), steps=stepped(*steps))
    for steps in (("succeeded", "failed"), ("succeeded", "pending"), ("failed", "pending")):
        yield refused(rule, "-".join(steps), steps=stepped(*steps), error=IllegalTransition)
    rule = "refund_items_fit"
    yield accepted(rule, "all-of-it", steps=fresh("refund_items", amount=Decimal(5)))
    yield refused(rule, "more-than-it", steps=fresh("refund_items", amount=Decimal("5.0001")))
    yield refused(rule, "of-another-order", steps=fresh("refund_items", order_item_id=2))
    # One of three units is refunded already.
    rule = "refund_items_units"
    yield accepted(rule, "all-left", steps=fresh("refund_items", quantity=2))
    yield refused(rule, "one-more", steps=fresh("refund_items", quantity=3))
    waive = insert(
        "order_item_cancellations",
        {**a_cancellation(100, LATER), "quantity": 3, "waived_amount": Decimal(1)},
    )
    yield refused(rule, "waived-as-well", steps=(waive,), guards=("order_item_cancellations_units",))
    again = (
        *changed("refunds", "refund_id = 1", status="failed"),
        insert("refund_items", a_refund_item(2, 1, 3)),
        *changed("refunds", "refund_id = 1", status="succeeded"),
    )
    yield refused(rule, "after-all", steps=again, guards=("refunds_units",))


PAID_CASES: Final[tuple[Case, ...]] = (*_values(), *_rows(), *_rules(), *_refund_rules())
"""Every case of a rule on payments and refunds."""

_MONEY: Final[Step] = (
    "SELECT count(*) FROM payments WHERE payment_id = 1 AND status = ? AND captured_amount = ? AND refunded_amount = ?",
    (),
)


def _stands(status: str, captured: int, refunded: int) -> Step:
    return _MONEY[0], (status, Decimal(captured), Decimal(refunded))


def _effects() -> Iterator[tuple[str, tuple[str, ...], tuple[Step, ...], Step, list[tuple[Any, ...]]]]:
    apply = ("payment_events.payment_events_apply",)

    def told(kind: str, amount: int) -> tuple[Step, ...]:
        row = {**a_told_event(100, kind, LATER), "amount": Decimal(amount)}
        return (insert("payment_events", row),)

    yield "a capture is added", apply, told("captured", 5), _stands("captured", 25, 10), [(1,)]
    yield "a void after a capture changes nothing", (), told("voided", 5), _stands("captured", 20, 10), [(1,)]
    counted = fresh("refunds", amount=Decimal(3))
    first, change = "refunds.refunds_count_insert", "refunds.refunds_count_update"
    yield "a refund is counted", (first,), counted, _stands("captured", 20, 13), [(1,)]
    failed = changed("refunds", "refund_id = 2", status="failed")
    yield "a failed refund is counted off", (change,), failed, _stands("captured", 20, 5), [(1,)]
    after_all = (*failed, *changed("refunds", "refund_id = 2", status="succeeded"))
    yield "a refund made after all is counted again", (), after_all, _stands("captured", 20, 10), [(1,)]
    made = changed("refunds", "refund_id = 2", status="succeeded")
    yield "a refund that was made is counted once", (), made, _stands("captured", 20, 10), [(1,)]


PAID_EFFECTS: Final = tuple(_effects())
"""Name, triggers, steps, question and answer of each effect."""

"""Cases of an order once it is placed: what is frozen, and the steps of its life cycle; and two makers of cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from lumia.errors import IllegalTransition
from tests.support.cases import Case, accepted, refused
from tests.support.fresh import fresh
from tests.support.raw import Share
from tests.support.rows import LATER, NOON, Step, imported, insert

__all__ = [
    "FROZEN",
    "FROZEN_ITEM",
    "FROZEN_SHARES",
    "LEGAL",
    "ORDER_CASES",
    "POSTAL",
    "STATUSES",
    "append_only",
    "changed",
]

STATUSES: Final = ("pending", "paid", "shipped", "delivered", "cancelled", "refunded")
LEGAL: Final = {
    ("new", "pending"),
    ("pending", "paid"),
    ("pending", "cancelled"),
    ("paid", "cancelled"),
    ("paid", "shipped"),
    ("shipped", "delivered"),
    ("paid", "refunded"),
    ("shipped", "refunded"),
    ("delivered", "refunded"),
}
"""Every step that an order's status may take."""

CENT: Final = Decimal("0.01")


def changed(table: str, where: str, **changes: Any) -> tuple[Step, ...]:
    """An UPDATE that says when it happened."""
    values = {**changes, "updated_at": LATER} if table not in UNDATED else changes
    settings = ", ".join(f"{column} = ?" for column in values)
    return ((f"UPDATE {table} SET {settings} WHERE {where}", tuple(values.values())),)


UNDATED: Final = {
    "coupon_redemptions",
    "coupon_targets",
    "coupon_tiers",
    "idempotency_keys",
    "order_allocations",
    "audit_log",
    "order_item_cancellations",
    "order_items",
    "order_status_history",
    "order_status_transitions",
    "payment_events",
    "price_history",
    "refund_items",
    "stock_movements",
    "variant_option_values",
}


def append_only(table: str, where: str, change: Mapping[str, Any]) -> Iterator[Case]:
    """A row of a table that is only ever added to can be neither changed nor deleted."""
    rule = f"{table}_append_only"
    yield refused(rule, "update", steps=changed(table, where, **change), guards=(f"{rule}_update",))
    delete = ((f"DELETE FROM {table} WHERE {where}", ()),)
    yield refused(rule, "delete", steps=delete, guards=(f"{rule}_delete",))


FROZEN: Final[dict[str, dict[str, Any]]] = {
    "public_id": {"public_id": UUID(int=7 << 76 | 2 << 62 | 999)},
    "order_number": {"order_number": 999},
    "origin": {"origin": "imported", "import_id": 1},
    "external_reference": {"external_reference": "other"},
    "customer_id": {"customer_id": 2, "shipping_address_id": 3, "billing_address_id": 3},
    "cart_id": {"cart_id": 4},
    "currency": {"currency": "GBP"},
    "subtotal": {"subtotal": Decimal("26.00"), "total": Decimal("32.90")},
    "discount_total": {"discount_total": Decimal("3.50"), "total": Decimal("30.90")},
    "shipping_total": {"shipping_total": Decimal("5.90"), "total": Decimal("32.90")},
    "tax_total": {"tax_total": Decimal("5.50"), "total": Decimal("32.90")},
    "tax_included_total": {"tax_included_total": CENT},
    "placed_at": {"placed_at": NOON},
    "created_at": {"created_at": NOON},
}
"""The changes of an order that would change what was agreed; the total goes with its parts."""

FROZEN_ITEM: Final[dict[str, dict[str, Any]]] = {
    "order_item_id": {"order_item_id": 999},
    "order_id": {"order_id": 1},
    "customer_id": {"order_id": 100, "customer_id": 2},
    "product_id": {"product_id": 2, "variant_id": 3},
    "variant_id": {"variant_id": 2},
    "bundle_id": {"bundle_id": 1},
    "position": {"position": 999},
    "sku": {"sku": "other"},
    "name": {"name": "other"},
    "category_name": {"category_name": "other"},
    "unit_price": {"unit_price": Decimal("12.51")},
    "quantity": {"quantity": 2, "unit_price": Decimal("18.75")},
    "amount": {"amount": Decimal("37.51"), "line_total": Decimal("39.51")},
    "discount": {"discount": Decimal("2.51"), "line_total": Decimal("39.49")},
    "tax_rate": {"tax_rate": Share("0.1")},
    "tax_reason": {"tax_reason": "other"},
    "tax": {"tax": Decimal("4.51"), "line_total": Decimal("39.51")},
    "tax_included": {"tax_included": CENT},
    "sold_at": {"sold_at": LATER},
}
"""The changes of an order item that would rewrite what was sold."""

_SHARES: Final[dict[str, Any]] = {"unit_share": Decimal("13.16"), "odd_units": 2, "odd_share": CENT}
FROZEN_SHARES: Final[dict[str, dict[str, Any]]] = {
    "unit_share": {"unit_share": Decimal(13), "odd_share": Decimal("0.25")},
    "odd_units": {"odd_units": 1, "odd_share": 2 * CENT},
    "odd_share": {"odd_share": 2 * CENT, "odd_units": 1},
}
"""The changes of an order item that would give its units other shares of the same total."""

POSTAL: Final = {
    "recipient": "other",
    "company": None,
    "line1": "other",
    "line2": None,
    "city": "other",
    "region": "other",
    "postal_code": "other",
    "country_code": "IE",
    "country_name": None,
    "phone": None,
}
"""Changes of the columns that say where a parcel went."""

_WIPED: Final = {"recipient": "erased", "line1": "erased", "city": "erased", "region": "", "postal_code": ""}
"""What an erasure writes into those that must hold something."""


def _frozen_cases() -> Iterator[Case]:
    rule = "orders_frozen"
    for column, change in FROZEN.items():
        steps = (*fresh("orders"), *changed("orders", "order_id = 100", **change))
        yield refused(rule, column, steps=steps)
    yield refused(rule, "import_id", steps=changed("orders", "order_id = 2", import_id=2))
    free: dict[str, Any] = {
        "invoice_number": 1,
        "payment_status": "paid",
        "fulfillment_status": "shipped",
        "shipping_address_id": 2,
        "billing_address_id": 2,
        "email": "other@example.com",
        "expires_at": None,
        "version": 1,
        "subtotal": Decimal(25),
    }
    yield accepted(rule, "everything-else", steps=changed("orders", "order_id = 1", **free))

    rule = "order_items_frozen"
    # What was reviewed could not change for that reason alone.
    unreviewed = ("DELETE FROM reviews WHERE review_id = 1", ())
    other = {"customer_id": 2, "shipping_address_id": 3, "billing_address_id": 3}
    for column, change in FROZEN_ITEM.items():
        steps = (unreviewed, *fresh("orders", **other), *changed("order_items", "order_item_id = 2", **change))
        yield refused(rule, column, steps=steps, guards=("order_items_frozen_update",))
    for column, change in FROZEN_SHARES.items():
        steps = (*fresh("order_items", **_SHARES), *changed("order_items", "order_item_id = 100", **change))
        yield refused(rule, column, steps=steps, guards=("order_items_frozen_update",))
    counted = changed("order_items", "order_item_id = 2", shipped_quantity=3, returned_quantity=1)
    yield accepted(rule, "the-quantities", steps=counted)
    delete = (unreviewed, ("DELETE FROM order_items WHERE order_item_id = 2", ()))
    yield refused(rule, "delete", steps=delete, guards=("order_items_frozen_delete",))

    rule, one = "order_allocations_frozen", "order_item_id = 1"
    for column in ("quantity", "location_id", "order_item_id"):
        yield refused(rule, column, steps=changed("order_allocations", one, **{column: 2}))
    yield accepted(rule, "taken-back", steps=((f"DELETE FROM order_allocations WHERE {one}", ()),))

    rule, one = "idempotency_keys_frozen", "idempotency_key_id = 1"
    answers: dict[str, Any] = {"operation": "other", "scope": "customer:2", "key": "other", "request_hash": b"1" * 32}
    for column, value in answers.items():
        yield refused(rule, column, steps=changed("idempotency_keys", one, **{column: value}))
    for label, result in (("result_id", 2), ("result-taken-back", None)):
        yield refused(rule, label, steps=changed("idempotency_keys", one, result_id=result))
    claimed = fresh("idempotency_keys", result_id=None)
    finished = changed("idempotency_keys", "idempotency_key_id = 100", result_id=2)
    yield accepted(rule, "finished", steps=(*claimed, *finished))
    yield accepted(rule, "finished-alike", steps=changed("idempotency_keys", one, key="key-1", result_id=1))
    yield accepted(rule, "forgotten", steps=((f"DELETE FROM idempotency_keys WHERE {one}", ()),))

    rule = "addresses_used_immutable"
    erased = changed("customers", "customer_id = 1", erased_at=LATER)
    billed = fresh("orders", billing_address_id=2)
    for column, value in POSTAL.items():
        used = changed("addresses", "address_id = 1", **{column: value})
        yield refused(rule, column, steps=used)
        wiped = changed("addresses", "address_id = 1", **{column: _WIPED.get(column, value)})
        yield accepted(rule, f"{column}-once-erased", steps=(*erased, *wiped))
        unused = changed("addresses", "address_id = 2", **{column: value})
        yield accepted(rule, f"{column}-unused", steps=unused)
        yield refused(rule, f"{column}-billed", steps=(*billed, *unused))
    away = changed(
        "addresses", "address_id = 1", archived_at=LATER, is_default_shipping=False, is_default_billing=False
    )
    yield accepted(rule, "archived", steps=away)


def _status_cases() -> Iterator[Case]:
    rule = "order_status_history_transition_fkey"
    guards = {"sqlite": ("order_status_history_transition", rule), "postgresql": (rule,)}
    for before in STATUSES:
        for after in STATUSES:
            steps = (
                *fresh("orders", **{**imported(100, LATER), "status": before}),
                *changed("orders", "order_id = 100", status=after),
            )
            if (before, after) in LEGAL or before == after:
                yield accepted(rule, f"{before}-{after}", steps=steps)
            else:
                yield refused(rule, f"{before}-{after}", steps=steps, error=IllegalTransition, guards=guards)
    for first in STATUSES:
        if ("new", first) in LEGAL:
            yield accepted(rule, f"new-{first}", "orders", {"status": first})
        else:
            yield refused(rule, f"new-{first}", "orders", {"status": first}, error=IllegalTransition, guards=guards)

    rule = "order_status_history_follows_order"
    row = fresh("order_status_history")
    yield refused(rule, "ahead-of-the-order", steps=row)
    for label, pair in (("again", ("new", "pending")), ("a-way-back", ("paid", "pending"))):
        steps = (
            *((insert("order_status_transitions", {"from_status": "paid", "to_status": "pending"}),)),
            *fresh("order_status_history", from_status=pair[0], to_status=pair[1]),
        )
        yield refused(rule, label, steps=steps)
    # An imported order has no state before its present one; what the order says of its own must still be said.
    told: dict[str, Any] = {"order_id": 2, "from_status": "shipped", "to_status": "delivered"}
    said = {"actor": "checkout", "reason": "", "changed_at": NOON}
    for column, value in (("actor", "till"), ("reason", "other"), ("changed_at", LATER)):
        steps = fresh("order_status_history", **{**told, **said, column: value})
        yield refused(rule, f"imported-{column}", steps=steps)
    one = "order_status_history_id = 1"
    yield from append_only("order_status_history", one, {"reason": "other"})
    pair_of = "from_status = 'paid' AND to_status = 'shipped'"
    yield from append_only("order_status_transitions", pair_of, {"to_status": "delivered"})


ORDER_CASES: Final[tuple[Case, ...]] = (*_frozen_cases(), *_status_cases())
"""Every case of a placed order."""

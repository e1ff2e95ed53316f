"""Cases of rules between rows: stock, combinations, carts, what is frozen and the life cycle of an order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from lumia.errors import IllegalTransition, InsufficientStock
from tests.support.cases import Case, accepted, refused
from tests.support.fresh import fresh
from tests.support.raw import Share
from tests.support.rows import LATER, NOON, Step, imported, insert

__all__ = ["LEGAL", "RULE_CASES", "STATUSES"]

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


def _update(table: str, where: str, **changes: Any) -> tuple[Step, ...]:
    """An UPDATE that says when it happened."""
    values = {**changes, "updated_at": LATER} if table not in UNDATED else changes
    settings = ", ".join(f"{column} = ?" for column in values)
    return ((f"UPDATE {table} SET {settings} WHERE {where}", tuple(values.values())),)


UNDATED: Final = {
    "order_items",
    "order_status_history",
    "order_status_transitions",
    "stock_movements",
    "variant_option_values",
}


KINDS: Final[dict[str, tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]]] = {
    "opening": (((0, 0), (1, 1)), ((-1, 0), (0, -1))),
    "received": (((1, 0),), ((0, 0), (-1, 0), (1, 1))),
    "allocated": (((0, 1),), ((0, 0), (0, -1), (1, 1))),
    "released": (((0, -1),), ((0, 0), (0, 1), (-1, -1))),
    "shipped": (((-1, -1),), ((0, 0), (1, 1), (-1, 0), (-2, -1))),
    "returned": (((1, 0),), ((0, 0), (-1, 0), (1, 1))),
    "adjusted": (((1, 0), (-1, 0)), ((0, 0), (1, 1))),
    "damaged": (((-1, 0),), ((0, 0), (1, 0), (-1, -1))),
    "transferred": (((1, 0), (-1, 0)), ((0, 0), (1, 1))),
}
"""For each kind the closest deltas (on hand, allocated) that it may have, and may not."""


def _moved(kind: str, on_hand: int, allocated: int) -> dict[str, Any]:
    return {"kind": kind, "on_hand_delta": on_hand, "allocated_delta": allocated}


def _stock_cases() -> Iterator[Case]:
    rule, table = "stock_movements_kind_deltas", "stock_movements"
    for kind, (right, wrong) in KINDS.items():
        for deltas in right:
            yield accepted(rule, f"{kind}{deltas}", table, _moved(kind, *deltas))
        for deltas in wrong:
            yield refused(rule, f"{kind}{deltas}", table, _moved(kind, *deltas))
    rule, limit = "stock_movements_deltas_range", 1_000_000_000
    empty = {"variant_id": 3, "location_id": 2}
    yield accepted(rule, "most", table, {**empty, **_moved("opening", limit, limit)})
    for label, deltas, also in (
        ("on-hand", (limit + 1, 0), "inventory_on_hand_limit"),
        ("allocated", (0, limit + 1), "inventory_allocated_limit"),
    ):
        yield refused(rule, label, table, {**empty, **_moved("opening", *deltas)}, guards=(rule, also))
    apply = {"sqlite": ("inventory_enough",), "postgresql": ("stock_movements_apply",)}
    # The ground holds 11, of which 3 are promised.
    for rule, error, guards, right_move, wrong_move in (
        ("inventory_on_hand_not_negative", InsufficientStock, None, ("adjusted", -11, 0), ("adjusted", -12, 0)),
        ("inventory_on_hand_limit", None, None, ("received", limit - 11, 0), ("received", limit - 10, 0)),
        ("inventory_allocated_not_negative", None, None, ("released", 0, -3), ("released", 0, -4)),
        ("inventory_allocated_limit", None, None, ("opening", 0, limit - 3), ("opening", 0, limit - 2)),
        ("inventory_enough", InsufficientStock, apply, ("allocated", 0, 8), ("allocated", 0, 9)),
    ):
        yield accepted(rule, "border", table, _moved(*right_move))
        named: dict[str, Any] = {"error": error} if error else {}
        yield refused(rule, "beyond", table, _moved(*wrong_move), guards=guards, **named)
    more = _update("inventory", "variant_id = 1", backorder_limit=2)
    yield accepted("inventory_enough", "backorder", steps=(*more, *fresh(table, **_moved("allocated", 0, 10))))
    yield refused(
        "inventory_enough",
        "beyond-backorder",
        steps=(*more, *fresh(table, **_moved("allocated", 0, 11))),
        error=InsufficientStock,
        guards=apply,
    )
    yield accepted("inventory_enough", "damage-found-later", table, _moved("damaged", -9, 0))
    yield accepted("inventory_enough", "opening-balance", table, _moved("opening", 0, 50))

    rule = "inventory_starts_empty"
    for column in ("on_hand", "allocated", "last_movement_id"):
        yield refused(rule, column, "inventory", {column: 1})
    rule = "inventory_ledger_only"
    for label, setting in (
        ("on-hand", "on_hand = on_hand + 1"),
        ("allocated", "allocated = allocated - 1"),
        ("replay", "on_hand = on_hand + 10, last_movement_id = 1"),
        ("replay-of-the-last", "on_hand = on_hand + 1, last_movement_id = 3"),
        ("no-such-movement", "on_hand = on_hand + 1, last_movement_id = 999"),
        ("no-movement", "last_movement_id = NULL"),
        ("wrong-movement", "last_movement_id = 2"),
    ):
        steps = ((f"UPDATE inventory SET {setting}, updated_at = ? WHERE variant_id = 1", (LATER,)),)
        yield refused(rule, label, steps=steps)
    same = _update("inventory", "variant_id = 1", reorder_point=5, on_hand=11, allocated=3)
    yield accepted(rule, "the-same-counters", steps=same)
    yield from _append_only("stock_movements", "stock_movement_id = 3", {"reason": "other"})


def _append_only(table: str, where: str, change: Mapping[str, Any]) -> Iterator[Case]:
    rule = f"{table}_append_only"
    yield refused(rule, "update", steps=_update(table, where, **change), guards=(f"{rule}_update",))
    delete = ((f"DELETE FROM {table} WHERE {where}", ()),)
    yield refused(rule, "delete", steps=delete, guards=(f"{rule}_delete",))


def _catalogue_cases() -> Iterator[Case]:
    rule = "categories_no_cycle"
    yield accepted(rule, "move-up", steps=_update("categories", "category_id = 3", parent_id=1))
    yield accepted(rule, "to-the-top", steps=_update("categories", "category_id = 2", parent_id=None))
    for label, moved, parent in (("under-a-grandchild", 1, 3), ("under-a-child", 2, 3), ("under-itself", 1, 1)):
        steps = _update("categories", f"category_id = {moved}", parent_id=parent)
        yield refused(rule, label, steps=steps, guards=("categories_no_cycle_update",))
    yield refused(rule, "born-under-itself", "categories", {"parent_id": 100}, guards=("categories_no_cycle_insert",))

    rule = "product_variants_combination_matches"
    both = ("insert", "update")
    for label, key, ok in (
        ("one-option", "1", True),
        ("both-options", "1/4", True),
        ("unsorted", "4/1", False),
        ("two-of-one-option", "1/2", False),
        ("twice", "1/1", False),
        ("of-another-product", "5", False),
        ("unknown", "999", False),
        ("words", "red", False),
        ("leading-zero", "01", False),
        ("trailing-slash", "1/", False),
        ("leading-slash", "/1", False),
        ("blank", " 1", False),
        ("longest", "1" * 1000, False),
    ):
        steps_of = {
            "insert": fresh("product_variants", combination_key=key),
            "update": _update("product_variants", "variant_id = 1", combination_key=key),
        }
        for way in both:
            if ok:
                yield accepted(rule, f"{label}-{way}", steps=steps_of[way])
            else:
                guards = (f"product_variants_combination_{way}",)
                yield refused(rule, f"{label}-{way}", steps=steps_of[way], guards=guards)
    spelt: dict[str, Any] = {"variant_id": 1, "product_option_id": 2, "option_value_id": 3, "product_id": 1}
    yield accepted(rule, "spelt-out", steps=(insert("variant_option_values", spelt),))
    uncalled = {**spelt, "variant_id": 2}
    yield refused(
        rule,
        "row-uncalled-for",
        steps=(insert("variant_option_values", uncalled),),
        guards=("variant_option_values_follow_insert",),
    )
    one = "variant_id = 1 AND product_option_id = 2"
    yield refused(
        rule,
        "row-removed",
        steps=((f"DELETE FROM variant_option_values WHERE {one}", ()),),
        guards=("variant_option_values_follow_delete",),
    )
    yield refused(
        rule,
        "row-changed",
        steps=_update("variant_option_values", one, option_value_id=4),
        guards=("variant_option_values_follow_update",),
    )


def _cart_cases() -> Iterator[Case]:
    rule = "cart_items_cart_active"
    yield refused(
        rule, "insert", "cart_items", {"cart_id": 1}, error=IllegalTransition, guards=("cart_items_cart_insert",)
    )
    for label, where, change in (
        ("quantity", "cart_item_id = 2", {"quantity": 2}),
        ("into-a-closed-cart", "cart_item_id = 1", {"cart_id": 1}),
        ("out-of-a-closed-cart", "cart_item_id = 2", {"cart_id": 4}),
    ):
        steps = _update("cart_items", where, **change)
        yield refused(rule, label, steps=steps, error=IllegalTransition, guards=("cart_items_cart_update",))
    steps = (("DELETE FROM cart_items WHERE cart_item_id = 2", ()),)
    yield refused(rule, "delete", steps=steps, error=IllegalTransition, guards=("cart_items_cart_delete",))
    yield accepted(rule, "cart-deleted", steps=(("DELETE FROM carts WHERE cart_id = 5", ()),))
    gone = (("DELETE FROM product_variants WHERE variant_id = 3", ()),)
    yield accepted(rule, "variant-deleted", steps=gone)


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


def _frozen_cases() -> Iterator[Case]:
    rule = "orders_frozen"
    for column, change in FROZEN.items():
        steps = (*fresh("orders"), *_update("orders", "order_id = 100", **change))
        yield refused(rule, column, steps=steps)
    yield refused(rule, "import_id", steps=_update("orders", "order_id = 2", import_id=2))
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
    yield accepted(rule, "everything-else", steps=_update("orders", "order_id = 1", **free))

    rule = "order_items_frozen"
    other = {"customer_id": 2, "shipping_address_id": 3, "billing_address_id": 3}
    for column, change in FROZEN_ITEM.items():
        steps = (*fresh("orders", **other), *_update("order_items", "order_item_id = 2", **change))
        yield refused(rule, column, steps=steps, guards=("order_items_frozen_update",))
    counted = _update("order_items", "order_item_id = 2", shipped_quantity=3, returned_quantity=1)
    yield accepted(rule, "the-quantities", steps=counted)
    delete = (("DELETE FROM order_items WHERE order_item_id = 2", ()),)
    yield refused(rule, "delete", steps=delete, guards=("order_items_frozen_delete",))

    rule = "addresses_used_immutable"
    erased = _update("customers", "customer_id = 1", erased_at=LATER)
    billed = fresh("orders", billing_address_id=2)
    for column, value in POSTAL.items():
        used = _update("addresses", "address_id = 1", **{column: value})
        yield refused(rule, column, steps=used)
        yield accepted(rule, f"{column}-once-erased", steps=(*erased, *used))
        unused = _update("addresses", "address_id = 2", **{column: value})
        yield accepted(rule, f"{column}-unused", steps=unused)
        yield refused(rule, f"{column}-billed", steps=(*billed, *unused))
    away = _update(
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
                *_update("orders", "order_id = 100", status=after),
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
    one = "order_status_history_id = 1"
    yield from _append_only("order_status_history", one, {"reason": "other"})
    pair_of = "from_status = 'paid' AND to_status = 'shipped'"
    yield from _append_only("order_status_transitions", pair_of, {"to_status": "delivered"})


RULE_CASES: Final[tuple[Case, ...]] = (
    *_stock_cases(),
    *_catalogue_cases(),
    *_cart_cases(),
    *_frozen_cases(),
    *_status_cases(),
)
"""Every case of a rule between values or rows."""

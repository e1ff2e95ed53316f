"""The audit log: what its guards are asked, and what each audited table's triggers write."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from tests.support.cases import Case, accepted, refused
from tests.support.cases_orders import append_only, changed
from tests.support.fresh import fresh
from tests.support.raw import Share
from tests.support.rows import LATER, NOON, Step

__all__ = ["AUDIT_CASES", "AUDIT_EFFECTS"]

_TICK: Final = timedelta(microseconds=1)


def _rows() -> Iterator[Case]:
    yield accepted("audit_state_one_row", "the-one", "audit_state")
    yield refused("audit_state_one_row", "a-second", "audit_state", {"audit_state_id": 2})
    for action, before, after in (("insert", None, "{}"), ("update", "{}", "{}"), ("delete", "{}", None)):
        sides = {"action": action, "before": before, "after": after}
        yield accepted("audit_log_sides", action, "audit_log", sides)
        for label, wrong in (
            ("before", {"before": None if before else "{}"}),
            ("after", {"after": None if after else "{}"}),
        ):
            yield refused("audit_log_sides", f"{action}-{label}", "audit_log", {**sides, **wrong})


def _rules() -> Iterator[Case]:
    """Entry 50000 was made by customer 2."""
    yield from append_only("audit_log", "table_name = 'categories'", {"actor": "other"})
    rule, one = "audit_log_append_only", "audit_log_id = 50000"
    update, delete = (f"{rule}_update",), (f"{rule}_delete",)
    unnamed = changed("audit_log", one, actor="erased")
    erased = changed("customers", "customer_id = 2", erased_at=LATER)
    yield refused(rule, "of-somebody-who-is-known", steps=unnamed, guards=update)
    yield refused(rule, "key-taken-away", steps=changed("audit_log", one, actor_customer_id=None), guards=update)
    yield accepted(rule, "of-somebody-erased", steps=(*erased, *unnamed))
    yield accepted(rule, "erased-again", steps=(*erased, *unnamed, *unnamed))
    others: dict[str, Any] = {
        "audit_log_id": 60_000,
        "table_name": "other",
        "row_key": "2",
        "actor": "other",
        "actor_customer_id": 1,
        "after": "[]",
        "changed_at": LATER,
    }
    for column, value in others.items():
        steps = (*erased, *changed("audit_log", one, **{column: value}))
        yield refused(rule, f"{column}-of-somebody-erased", steps=steps, guards=update)
    nobodys = (
        *erased,
        *fresh("audit_log"),
        *changed("audit_log", "audit_log_id = 100000", actor="erased"),
    )
    yield refused(rule, "of-nobody", steps=nobodys, guards=update)

    gone: Step = (f"DELETE FROM audit_log WHERE {one}", ())

    def complete_from(at: Any) -> Step:
        return "UPDATE audit_state SET complete_from = ?", (at,)

    yield accepted(rule, "too-old", steps=(complete_from(NOON + _TICK), gone))
    yield refused(rule, "just-in-time", steps=(complete_from(NOON), gone), guards=delete)
    forgotten: Step = ("DELETE FROM audit_state", ())
    yield refused(rule, "nobody-knows-since-when", steps=(forgotten, gone), guards=delete)


def _words() -> Iterator[Case]:
    """What was said about an order of an erased customer may go, alone; order 1 is customer 1's."""
    erased = changed("customers", "customer_id = 1", erased_at=LATER)
    one_of: dict[str, tuple[str, str, str, Any, dict[str, Any]]] = {
        "order_status_history_append_only": (
            "order_status_history",
            "order_status_history_id = 1",
            "reason",
            "",
            {"actor": "other"},
        ),
        "order_item_cancellations_append_only": (
            "order_item_cancellations",
            "order_item_cancellation_id = 1",
            "reason",
            "",
            {"quantity": 2},
        ),
        "returns_frozen": ("returns", "return_id = 1", "reason", "", {"note": "other"}),
        "payment_events_append_only": (
            "payment_events",
            "payment_event_id = 100",
            "payload",
            None,
            {"applied_at": LATER},
        ),
    }
    for rule, (table, where, column, nothing, other) in one_of.items():
        # An event that waits, so that the instant of its taking effect could be added.
        before = fresh("payment_events", applied_at=None) if table == "payment_events" else ()
        guards = (rule if rule == "returns_frozen" else f"{rule}_update",)
        emptied = changed(table, where, **{column: nothing})
        yield accepted(rule, "of-somebody-erased", steps=(*before, *erased, *emptied))
        yield accepted(rule, "emptied-again", steps=(*before, *erased, *emptied, *emptied))
        for label, change in (("other-words", {column: "[]"}), ("and-more", {column: nothing, **other})):
            steps = (*before, *erased, *changed(table, where, **change))
            yield refused(rule, label, steps=steps, guards=guards)
    for table, where, column, nothing in (
        ("returns", "return_id = 1", "reason", ""),
        ("payment_events", "payment_event_id = 1", "payload", None),
    ):
        rule = {"returns": "returns_frozen", "payment_events": "payment_events_append_only"}[table]
        guards = (rule if table == "returns" else f"{rule}_update",)
        steps = changed(table, where, **{column: nothing})
        yield refused(rule, "of-somebody-who-is-known", steps=steps, guards=guards)


AUDIT_CASES: Final[tuple[Case, ...]] = (*_rows(), *_rules(), *_words())
"""Every case of the audit log, and of what an erasure may overwrite."""


_ASKED: Final = (
    "SELECT row_key, before, after FROM audit_log"
    " WHERE table_name = ? AND CAST(action AS text) = ? AND changed_at >= ? ORDER BY audit_log_id"
)

INSERTED: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "shop_settings": (
        {},
        '{"currency":"GBP","prices_include_tax":false,"time_zone":"Europe/London","order_expiry_minutes":30}',
    ),
    "categories": (
        {"name": 'Té "vert" \\ / \t\n\x01\x7f'},
        '{"parent_id":1,"slug":"category-100","name":"Té \\"vert\\" \\\\ / \\t\\n\\u0001\x7f","position":100}',
    ),
    "bundles": ({}, '{"sku":"SET-100","slug":"set-100","name":"Tea set","price":20,"is_active":true}'),
    "shipping_methods": (
        {"countries": (), "free_from": None},
        '{"code":"express","name":"Post","price":4.9,"free_from":null,"countries":[],"is_active":true}',
    ),
    "tax_rates": (
        {"rate": Share("0.000001")},
        (
            '{"country_code":"GB","region":"Leeds","category_id":1,"rate":0.000001,'
            '"valid_from":"2024-03-01T13:00:00.000000Z","valid_to":null}'
        ),
    ),
    "locations": ({"is_active": False}, '{"name":"Bath","priority":1,"is_active":false}'),
    "coupons": (
        {
            "kind": "tiered",
            "value": Decimal(0),
            "combines_with": ("order", "product"),
            "valid_to": LATER + _TICK,
            "usage_limit": 7,
            "budget": Decimal("99999999999.9999"),
        },
        (
            '{"code":"Code 100","kind":"tiered","value":0,"cap":null,"buy_quantity":null,"get_quantity":null,'
            '"minimum":null,"currency":"EUR","valid_from":"2024-03-01T13:00:00.000000Z",'
            '"valid_to":"2024-03-01T13:00:00.000001Z","usage_limit":7,"per_customer_limit":null,'
            '"budget":99999999999.9999,"combines_with":["order","product"],"is_active":true}'
        ),
    ),
}
"""What a fresh row says instead, and what is written of it; products and variants are made in bulk, unwritten."""

UPDATED: Final[dict[str, tuple[str, dict[str, Any], str, str]]] = {
    "shop_settings": (
        "shop_settings_id = 1",
        {"prices_include_tax": False, "order_expiry_minutes": 7},
        '{"prices_include_tax":true,"order_expiry_minutes":60}',
        '{"prices_include_tax":false,"order_expiry_minutes":7}',
    ),
    "categories": (
        "category_id = 3",
        {"parent_id": None, "slug": "s"},
        '{"parent_id":2,"slug":"category-3"}',
        '{"parent_id":null,"slug":"s"}',
    ),
    "products": (
        "product_id = 1",
        {"description": 'a "b"\n\N{GRINNING FACE}', "status": "archived"},
        '{"description":"Holds tea.","status":"active"}',
        '{"description":"a \\"b\\"\\n\N{GRINNING FACE}","status":"archived"}',
    ),
    "product_variants": (
        "variant_id = 1",
        {"price": Decimal("0.0001"), "compare_at_price": None, "is_goods": False},
        '{"price":12.5,"compare_at_price":15,"is_goods":true}',
        '{"price":0.0001,"compare_at_price":null,"is_goods":false}',
    ),
    "bundles": (
        "bundle_id = 1",
        {"price": Decimal("99999999999.9999"), "is_active": False},
        '{"price":20,"is_active":true}',
        '{"price":99999999999.9999,"is_active":false}',
    ),
    "shipping_methods": (
        "shipping_method_id = 1",
        {"countries": ("FR",), "free_from": None, "price": Decimal(0)},
        '{"price":4.9,"free_from":50,"countries":["DE","GB"]}',
        '{"price":0,"free_from":null,"countries":["FR"]}',
    ),
    "tax_rates": (
        "tax_rate_id = 1",
        {"rate": Share("1"), "valid_to": LATER + _TICK, "category_id": None},
        '{"category_id":1,"rate":0.2,"valid_to":null}',
        '{"category_id":null,"rate":1,"valid_to":"2024-03-01T13:00:00.000001Z"}',
    ),
    "locations": (
        "location_id = 1",
        {"name": "Ely", "priority": 9},
        '{"name":"Leeds","priority":1}',
        '{"name":"Ely","priority":9}',
    ),
    "coupons": (
        "coupon_id = 1",
        {"is_active": False, "valid_from": NOON + _TICK, "usage_limit": 9, "budget": Decimal("9.5")},
        '{"valid_from":"2024-03-01T12:00:00.000000Z","usage_limit":null,"budget":null,"is_active":true}',
        '{"valid_from":"2024-03-01T12:00:00.000001Z","usage_limit":9,"budget":9.5,"is_active":false}',
    ),
    "reviews": (
        "review_id = 1",
        {"status": "rejected", "moderation_note": "rude"},
        '{"status":"published","moderation_note":null}',
        '{"status":"rejected","moderation_note":null}',
    ),
    "customers": (
        "customer_id = 1",
        {"phone": None, "is_active": False, "erased_at": LATER},
        '{"is_active":true,"erased_at":null,"phone":null}',
        '{"is_active":false,"erased_at":"2024-03-01T13:00:00.000000Z","phone":null}',
    ),
}
"""A row of the ground, its change, and what is written of it: words of and about people are named only."""

DELETED: Final[dict[str, tuple[str, str]]] = {
    "shop_settings": (
        "shop_settings_id = 1",
        '{"currency":"EUR","prices_include_tax":true,"time_zone":"UTC","order_expiry_minutes":60}',
    ),
    "categories": ("category_id = 3", '{"parent_id":2,"slug":"category-3","name":"Tea","position":3}'),
    "products": (
        "product_id = 2",
        '{"category_id":2,"slug":"product-2","name":"Teapot","description":"Holds tea.","status":"active"}',
    ),
    "product_variants": (
        "variant_id = 3",
        (
            '{"product_id":2,"sku":"SKU-3","combination_key":"5","price":12.5,"compare_at_price":15,"weight_grams":750,'
            '"barcode":"4006381333931","is_goods":true,"is_active":true}'
        ),
    ),
    "bundles": (
        "bundle_id = 1",
        '{"sku":"SET-1","slug":"set-1","name":"Tea set","price":20,"is_active":true}',
    ),
    "shipping_methods": (
        "shipping_method_id = 2",
        '{"code":"courier","name":"Post","price":4.9,"free_from":50,"countries":["DE","GB"],"is_active":true}',
    ),
    "tax_rates": (
        "tax_rate_id = 1",
        (
            '{"country_code":"GB","region":"","category_id":1,"rate":0.2,'
            '"valid_from":"2024-03-01T12:00:00.000000Z","valid_to":null}'
        ),
    ),
    "locations": ("location_id = 3", '{"name":"Hull","priority":3,"is_active":true}'),
    "coupons": (
        "coupon_id = 4",
        (
            '{"code":"Code 4","kind":"percent","value":10,"cap":null,"buy_quantity":null,"get_quantity":null,'
            '"minimum":null,"currency":"EUR","valid_from":"2024-03-01T12:00:00.000000Z","valid_to":null,'
            '"usage_limit":null,"per_customer_limit":null,"budget":null,"combines_with":[],"is_active":true}'
        ),
    ),
    "reviews": ("review_id = 1", '{"status":"published","moderation_note":null}'),
    "customers": (
        "customer_id = 2",
        (
            '{"is_guest":false,"is_active":true,"is_verified":false,"erased_at":null,'
            '"email":null,"first_name":null,"last_name":null,"phone":null,"external_reference":null}'
        ),
    ),
}
"""A row of the ground that can go, and what is written of it."""


def _effects() -> Iterator[tuple[str, tuple[str, ...], tuple[Step, ...], Step, list[tuple[Any, ...]]]]:
    for table, (changes, after) in INSERTED.items():
        key = "1" if table == "shop_settings" else "100"
        added = fresh(table, **changes)
        question = (_ASKED, (table, "insert", LATER))
        trigger = f"{table}.{table}_audit_insert"
        yield f"{table}: a new row is logged", (trigger,), added, question, [(key, None, after)]
    for table, (where, changes, before, after) in UPDATED.items():
        key = where.partition(" = ")[2]
        question = (_ASKED, (table, "update", LATER))
        trigger = f"{table}.{table}_audit_update"
        yield (
            f"{table}: a change is logged",
            (trigger,),
            changed(table, where, **changes),
            question,
            [(key, before, after)],
        )
        settings = ", ".join(f"{column} = {column}" for column in changes)
        same: Step = (f"UPDATE {table} SET {settings}, updated_at = ? WHERE {where}", (LATER,))
        yield f"{table}: what stays as it is is not logged", (), (same,), question, []
    for table, (where, before) in DELETED.items():
        gone: Step = (f"DELETE FROM {table} WHERE {where}", ())
        question = (_ASKED, (table, "delete", LATER))
        trigger = f"{table}.{table}_audit_delete"
        key = where.partition(" = ")[2]
        yield f"{table}: a deleted row is logged", (trigger,), (gone,), question, [(key, before, None)]


AUDIT_EFFECTS: Final = tuple(_effects())
"""Name, triggers, steps, question and answer of each effect."""

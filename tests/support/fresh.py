"""A row of each table that could be added to the ground, which the cases change into one that could not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from tests.support.rows import (
    LATER,
    Row,
    Step,
    a_cart,
    a_category,
    a_customer,
    a_key,
    a_method,
    a_movement,
    a_product,
    a_rate,
    a_stock,
    a_value,
    a_variant,
    an_address,
    an_event,
    an_import,
    an_item,
    an_option,
    an_order,
    insert,
    stamped,
)

__all__ = ["FRESH", "UNWRITABLE", "fresh"]

FRESH: Final[dict[str, Row]] = {
    "shop_settings": stamped(
        LATER,
        shop_settings_id=1,
        currency="GBP",
        prices_include_tax=False,
        time_zone="Europe/London",
        order_expiry_minutes=30,
    ),
    "customers": a_customer(100, LATER),
    "addresses": an_address(100, 1, LATER),
    "categories": a_category(100, 1, LATER),
    "products": a_product(100, LATER),
    "product_options": an_option(100, 1),
    "option_values": a_value(100, 1),
    "product_variants": a_variant(100, 1, "2/3", LATER),
    "variant_option_values": {"variant_id": 2, "product_option_id": 1, "option_value_id": 2, "product_id": 1},
    "price_history": {"variant_id": 1, "price": Decimal("9.99"), "valid_from": LATER},
    "locations": stamped(LATER, location_id=100, name="Bath", priority=1, is_active=True),
    "inventory": {**a_stock(2, 1, LATER), "on_hand": 0, "allocated": 0, "last_movement_id": None},
    "stock_movements": a_movement(100, 1, "adjusted", (1, 0), LATER),
    "shipping_methods": a_method(100, "express", LATER),
    "tax_rates": {**a_rate(100, "Leeds", LATER), "valid_from": LATER},
    "carts": {**a_cart(100, None, LATER), "version": 0},
    "cart_items": stamped(LATER, cart_item_id=100, cart_id=2, variant_id=2, quantity=1),
    "imports": an_import(100, LATER),
    "orders": an_order(100, LATER, cart_id=2),
    "order_items": an_item(100, 1, LATER),
    "order_allocations": {"order_item_id": 1, "location_id": 2, "quantity": 1},
    "order_status_transitions": {"from_status": "new", "to_status": "paid"},
    "order_status_history": {
        "order_status_history_id": 100,
        "order_id": 1,
        "from_status": "pending",
        "to_status": "paid",
        "actor": "till",
        "reason": "",
        "changed_at": LATER,
    },
    "idempotency_keys": a_key(100, LATER),
    "outbox": an_event(100, LATER),
}
"""A row of each table that could be added to the ground; where a trigger alone may add one, what it would write."""

PREPARE: Final[dict[str, tuple[Step, ...]]] = {
    "shop_settings": (("DELETE FROM shop_settings", ()),),
}
"""What must happen before a fresh row finds room."""

UNWRITABLE: Final = {"order_status_history", "price_history"}
"""Tables that no client may insert into at all."""


def fresh(table: str, **changes: Any) -> tuple[Step, ...]:
    """The steps that add a row of this table, the last one being its INSERT."""
    return (*PREPARE.get(table, ()), insert(table, {**FRESH[table], **changes}))

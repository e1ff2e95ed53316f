"""A row of each table that could be added to the ground, which the cases change into one that could not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tests.support.rows import (
    LATER,
    Row,
    Step,
    a_cart,
    a_category,
    a_change,
    a_customer,
    a_key,
    a_method,
    a_movement,
    a_product,
    a_rate,
    a_reservation,
    a_review,
    a_stock,
    a_variant,
    a_wishlist,
    an_address,
    an_event,
    an_import,
    an_item,
    an_order,
    insert,
    stamped,
)
from tests.support.rows_accounts import a_credential, a_session, a_token
from tests.support.rows_catalog import a_bundle, a_part, a_value, an_image, an_option
from tests.support.rows_coupons import a_coupon, a_redemption, a_target
from tests.support.rows_payments import a_payment, a_refund, a_refund_item, a_told_event
from tests.support.rows_sent import a_cancellation, a_return, a_returned_item, a_sent_item, a_shipment

__all__ = ["FRESH", "UNWRITABLE", "fresh"]

_LEASE: Final = UUID(int=7 << 76 | 2 << 62 | 5)

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
    "credentials": a_credential(1, LATER),
    "sessions": a_session(100, 1, LATER),
    "account_tokens": a_token(100, 1, LATER),
    "categories": a_category(100, 1, LATER),
    "products": a_product(100, LATER),
    "product_options": an_option(100, 1, LATER),
    "option_values": a_value(100, 1, LATER),
    "product_variants": a_variant(100, 1, "2/3", LATER),
    "variant_option_values": {"variant_id": 2, "product_option_id": 1, "option_value_id": 2, "product_id": 1},
    "price_history": {"variant_id": 1, "price": Decimal("9.99"), "valid_from": LATER},
    "product_images": an_image(100, 1, 1, LATER),
    "bundles": a_bundle(100, LATER),
    "bundle_items": a_part(1, 100, 2, LATER),
    "search_documents": {"product_id": 3, "digest": bytes(32), "words": "nred ntea", "indexed_at": LATER},
    "search_trigrams": {"search_trigram_id": 100, "trigram": "red", "word": "red"},
    "audit_log": a_change(100_000, LATER),
    "audit_state": {"audit_state_id": 1, "complete_from": LATER, "actor": None, "actor_customer_id": None},
    "locations": stamped(LATER, location_id=100, name="Bath", priority=1, is_active=True),
    "inventory": {
        **a_stock(2, 1, LATER),
        "on_hand": 0,
        "allocated": 0,
        "last_movement_id": None,
        "folding_to": None,
    },
    "stock_movements": a_movement(100, 1, "adjusted", (1, 0), LATER),
    "shipping_methods": a_method(100, "express", LATER),
    "tax_rates": {**a_rate(100, "Leeds", LATER), "valid_from": LATER},
    "carts": {**a_cart(100, None, LATER), "version": 0},
    "cart_items": stamped(
        LATER, cart_item_id=100, cart_id=2, variant_id=2, bundle_id=None, quantity=1, unit_price_seen=Decimal("12.50")
    ),
    # Dead when it is written, so that any quantity finds room.
    "reservations": a_reservation(4, 1, 1, LATER),
    "imports": an_import(100, LATER),
    "orders": an_order(100, LATER, cart_id=2),
    "order_items": an_item(100, 1, LATER),
    "order_allocations": {
        "order_item_id": 1,
        "location_id": 2,
        "quantity": 1,
        "released_quantity": 0,
        "shipped_quantity": 0,
    },
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
    "outbox": {**an_event(100, LATER), "held_until": LATER, "lease_id": _LEASE, "consumer": "mailer"},
    "order_item_cancellations": a_cancellation(100, LATER),
    "shipments": a_shipment(100, LATER),
    "shipment_items": a_sent_item(2, 1),
    "returns": a_return(100, LATER),
    "return_items": a_returned_item(2, 1),
    "invoice_counters": {"invoice_counter_id": 1, "last_number": 0},
    "payments": a_payment(100, LATER),
    "payment_events": {**a_told_event(100, "refunded", LATER), "amount": Decimal(1)},
    "refunds": a_refund(100, LATER),
    "refund_items": a_refund_item(2, 1, 1),
    "coupons": a_coupon(100, LATER),
    "coupon_tiers": {"coupon_id": 2, "minimum": Decimal(30), "value": Decimal(5)},
    "coupon_targets": a_target(100, product_id=2),
    "coupon_redemptions": a_redemption(100, 3, LATER, 1),
    "reviews": {**a_review(100, LATER), "order_item_id": 3, "customer_id": 3},
    "product_ratings": {"product_id": 2, **{f"ratings_{stars}": 0 for stars in range(1, 6)}},
    "review_votes": {"review_id": 1, "customer_id": 3, "author_id": 1, "voted_at": LATER},
    "wishlists": a_wishlist(100, 1, LATER),
    "wishlist_items": {"wishlist_item_id": 100, "wishlist_id": 1, "variant_id": 1, "added_at": LATER},
}
"""A row of each table that could be added to the ground; where a trigger alone may add one, what it would write."""

PREPARE: Final[dict[str, tuple[Step, ...]]] = {
    "audit_state": (("DELETE FROM audit_state", ()),),
    "shop_settings": (("DELETE FROM shop_settings", ()),),
    "invoice_counters": (("DELETE FROM invoice_counters", ()),),
}
"""What must happen before a fresh row finds room."""

UNWRITABLE: Final = {"order_status_history", "price_history", "product_ratings"}
"""Tables that no client may insert into at all."""


def fresh(table: str, **changes: Any) -> tuple[Step, ...]:
    """The steps that add a row of this table, the last one being its INSERT."""
    return (*PREPARE.get(table, ()), insert(table, {**FRESH[table], **changes}))

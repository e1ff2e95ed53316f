"""The rows that lie in the database before a case is tried."""

from __future__ import annotations

from typing import Final

from tests.support.raw import Raw
from tests.support.rows import (
    LATER,
    NOON,
    Row,
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
    imported,
    insert,
    stamped,
)
from tests.support.rows_accounts import a_credential, a_session, a_token
from tests.support.rows_catalog import a_bundle, a_part, a_value, an_image, an_option
from tests.support.rows_coupons import COUPON_GROUND
from tests.support.rows_payments import a_payment, a_refund, a_refund_item, a_told_event
from tests.support.rows_sent import a_cancellation, a_return, a_returned_item, a_sent_item, a_shipment

__all__ = ["GROUND", "lay_ground"]

GROUND: Final[tuple[tuple[str, Row], ...]] = (
    ("customers", a_customer(1, NOON)),
    ("customers", a_customer(2, NOON)),
    ("customers", a_customer(3, NOON, is_guest=True)),
    ("addresses", an_address(1, 1, NOON)),
    ("addresses", an_address(2, 1, NOON)),
    ("addresses", an_address(3, 2, NOON)),
    ("addresses", an_address(4, 3, NOON)),
    ("credentials", a_credential(2, NOON)),
    ("sessions", a_session(1, 2, NOON)),
    ("account_tokens", a_token(1, 2, NOON)),
    ("categories", a_category(1, None, NOON)),
    ("categories", a_category(2, 1, NOON)),
    ("categories", a_category(3, 2, NOON)),
    # Product 1 is sold and has options; product 2 was never sold; product 3 has neither options nor variants.
    ("products", a_product(1, NOON)),
    ("products", a_product(2, NOON)),
    ("products", a_product(3, NOON)),
    ("product_options", an_option(1, 1, NOON)),
    ("product_options", an_option(2, 1, NOON)),
    ("product_options", an_option(3, 2, NOON)),
    ("option_values", a_value(1, 1, NOON)),
    ("option_values", a_value(2, 1, NOON)),
    ("option_values", a_value(3, 2, NOON)),
    ("option_values", a_value(4, 2, NOON)),
    ("option_values", a_value(5, 3, NOON, 2)),
    ("product_variants", a_variant(1, 1, "1/3", NOON)),
    ("product_variants", a_variant(2, 1, "2", NOON)),
    ("product_variants", a_variant(3, 2, "5", NOON)),
    ("product_images", an_image(1, 1, 2, NOON)),
    ("product_images", an_image(2, 1, None, NOON)),
    ("product_images", an_image(3, 2, 3, NOON)),
    ("bundles", a_bundle(1, NOON)),
    ("bundle_items", a_part(1, 1, 1, NOON)),
    *(
        ("search_documents", {"product_id": key, "digest": bytes(32), "words": "nblue npot", "indexed_at": NOON})
        for key in (1, 2)
    ),
    ("locations", stamped(NOON, location_id=1, name="Leeds", priority=1, is_active=True)),
    ("locations", stamped(NOON, location_id=2, name="York", priority=2, is_active=True)),
    ("locations", stamped(NOON, location_id=3, name="Hull", priority=3, is_active=True)),
    ("inventory", a_stock(1, 1, NOON)),
    ("inventory", a_stock(3, 2, NOON)),
    ("stock_movements", a_movement(1, 1, "received", (10, 0), NOON)),
    ("stock_movements", a_movement(2, 1, "allocated", (0, 3), NOON)),
    ("shipping_methods", a_method(1, "post", NOON)),
    ("shipping_methods", a_method(2, "courier", NOON)),
    ("tax_rates", a_rate(1, "", NOON)),
    # Cart 1 became order 1; cart 2 is filled; cart 4 is a guest's; cart 5 is given up with a variant in it; cart 6
    # holds a bundle.
    ("carts", a_cart(1, 1, NOON, "converted")),
    ("carts", a_cart(2, 1, NOON)),
    ("carts", a_cart(4, None, NOON)),
    ("carts", a_cart(5, 2, NOON)),
    ("carts", a_cart(6, None, NOON)),
    ("cart_items", stamped(NOON, cart_item_id=1, cart_id=2, variant_id=1, quantity=1)),
    ("cart_items", stamped(NOON, cart_item_id=2, cart_id=5, variant_id=3, quantity=1)),
    ("cart_items", stamped(NOON, cart_item_id=3, cart_id=6, bundle_id=1, quantity=1)),
    # Dead by the time of everything fresh.
    ("reservations", a_reservation(2, 1, 1, NOON, until=LATER)),
    ("reservations", a_reservation(2, 3, 2, NOON)),
    ("imports", an_import(1, NOON)),
    ("imports", an_import(2, NOON)),
    ("orders", an_order(1, NOON)),
    ("orders", imported(2, NOON)),
    ("orders", {**imported(3, NOON), "customer_id": 3, "shipping_address_id": 4, "billing_address_id": 4}),
    ("order_items", an_item(1, 1, NOON)),
    ("order_items", an_item(2, 2, NOON)),
    ("order_items", {**an_item(3, 3, NOON), "customer_id": 3}),
    ("order_allocations", {"order_item_id": 1, "location_id": 1, "quantity": 3}),
    ("stock_movements", {**a_movement(3, 1, "received", (1, 0), NOON), "order_item_id": 1}),
    # 20.00 of payment 1 came in, and twice 5.00 goes back, once for a unit.
    ("order_item_cancellations", a_cancellation(1, NOON)),
    ("shipments", a_shipment(1, NOON)),
    ("shipments", a_shipment(2, NOON)),
    ("shipment_items", a_sent_item(1, 1)),
    ("returns", a_return(1, NOON)),
    ("returns", a_return(2, NOON)),
    ("return_items", a_returned_item(1, 1, 2)),
    # Of payment 2 nothing was told.
    ("payments", a_payment(1, NOON)),
    ("payments", a_payment(2, NOON)),
    ("payment_events", a_told_event(1, "captured", NOON)),
    ("refunds", a_refund(1, NOON)),
    ("refunds", a_refund(2, NOON)),
    ("refund_items", a_refund_item(1, 1, 1)),
    ("idempotency_keys", a_key(1, NOON)),
    ("outbox", an_event(1, NOON)),
    # Customer 1 reviewed what order 2 brought, and customer 2 likes it.
    ("reviews", {**a_review(1, NOON), "status": "published", "moderated_at": NOON}),
    ("review_votes", {"review_id": 1, "customer_id": 2, "author_id": 1, "voted_at": NOON}),
    ("wishlists", a_wishlist(1, 2, NOON)),
    ("wishlist_items", {"wishlist_item_id": 1, "wishlist_id": 1, "variant_id": 3, "added_at": NOON}),
    *COUPON_GROUND,
    # Behind what the rows above left in the log by themselves.
    ("audit_log", a_change(50_000, NOON, 2)),
)
"""What lies in the database, in the order in which it can be written."""


def lay_ground(raw: Raw) -> None:
    """Fill a migrated, empty database."""
    for table, row in GROUND:
        raw.run(*insert(table, row))
    # Only an active cart can be filled.
    raw.run("UPDATE carts SET status = 'abandoned', updated_at = ? WHERE cart_id = 5", (LATER,))

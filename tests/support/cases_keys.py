"""Cases of keys: what is taken, what is missing, and what cannot go because of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from lumia.errors import AlreadyExists, InvalidReference
from tests.support.cases import LIFTED, Case, accepted, refused
from tests.support.cases_coupons import COUPON_NEXT_TO, COUPON_ORPHANS, COUPON_TAKEN
from tests.support.cases_deletes import KEPT, UNDELETABLE
from tests.support.cases_payments import PAID_LIFTED, PAID_NEXT_TO, PAID_ORPHANS, PAID_TAKEN
from tests.support.cases_reviews import LIKED_NEXT_TO, LIKED_ORPHANS, LIKED_TAKEN
from tests.support.cases_sent import SENT_ORPHANS, SENT_TAKEN
from tests.support.fresh import fresh
from tests.support.rows import LATER, NOON, imported, insert

__all__ = ["KEY_CASES"]

_FIRST: Final = UUID(int=7 << 76 | 2 << 62 | 1)
_NEXT: Final = NOON + timedelta(minutes=1)

TAKEN: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "customers_pkey": ("customers", {"customer_id": 1}),
    "customers_public_id_key": ("customers", {"public_id": _FIRST}),
    "customers_email_key_key": ("customers", {"email_key": "person1@example.com"}),
    "customers_external_reference_key": ("customers", {"external_reference": "C1"}),
    "addresses_pkey": ("addresses", {"address_id": 1}),
    "credentials_pkey": ("credentials", {"customer_id": 2}),
    "sessions_pkey": ("sessions", {"session_id": 1}),
    "sessions_token_hash_key": ("sessions", {"token_hash": (1).to_bytes(32)}),
    "account_tokens_pkey": ("account_tokens", {"account_token_id": 1}),
    "account_tokens_token_hash_key": ("account_tokens", {"token_hash": (1).to_bytes(32)}),
    "categories_pkey": ("categories", {"category_id": 1, "parent_id": None}),
    "categories_slug_key": ("categories", {"slug": "category-1"}),
    "products_pkey": ("products", {"product_id": 1}),
    "products_public_id_key": ("products", {"public_id": _FIRST}),
    "products_slug_key": ("products", {"slug": "product-1"}),
    "product_options_pkey": ("product_options", {"product_option_id": 1}),
    "product_options_name_key": ("product_options", {"name": "Option 1"}),
    "option_values_pkey": ("option_values", {"option_value_id": 1}),
    "option_values_value_key": ("option_values", {"value": "Value 1"}),
    "product_variants_pkey": ("product_variants", {"variant_id": 2}),
    "product_variants_public_id_key": ("product_variants", {"public_id": _FIRST}),
    "product_variants_sku_key": ("product_variants", {"sku": "SKU-1"}),
    "product_variants_combination_key": ("product_variants", {"combination_key": "1/3"}),
    "product_images_pkey": ("product_images", {"product_image_id": 1}),
    "product_images_position_key": ("product_images", {"position": 1}),
    "bundles_pkey": ("bundles", {"bundle_id": 1}),
    "bundles_public_id_key": ("bundles", {"public_id": _FIRST}),
    "bundles_sku_key": ("bundles", {"sku": "SET-1"}),
    "bundles_slug_key": ("bundles", {"slug": "set-1"}),
    "bundle_items_pkey": ("bundle_items", {"position": 1}),
    "bundle_items_variant_key": ("bundle_items", {"variant_id": 1}),
    "price_history_pkey": ("price_history", {"valid_from": NOON}),
    "search_documents_pkey": ("search_documents", {"product_id": 1}),
    "search_trigrams_pkey": ("search_trigrams", {"search_trigram_id": 1}),
    "locations_pkey": ("locations", {"location_id": 1}),
    "locations_name_key": ("locations", {"name": "Leeds"}),
    "inventory_pkey": ("inventory", {"variant_id": 1}),
    "stock_movements_pkey": ("stock_movements", {"stock_movement_id": 1}),
    "shipping_methods_pkey": ("shipping_methods", {"shipping_method_id": 1}),
    "shipping_methods_code_key": ("shipping_methods", {"code": "post"}),
    "tax_rates_pkey": ("tax_rates", {"tax_rate_id": 1}),
    "tax_rates_scope_key": ("tax_rates", {"region": "", "valid_from": NOON}),
    "carts_pkey": ("carts", {"cart_id": 1}),
    "carts_public_id_key": ("carts", {"public_id": _FIRST}),
    "carts_token_hash_key": ("carts", {"token_hash": (1).to_bytes(32)}),
    "carts_one_active_key": ("carts", {"customer_id": 1}),
    "cart_items_pkey": ("cart_items", {"cart_item_id": 1}),
    "cart_items_variant_key": ("cart_items", {"variant_id": 1}),
    "cart_items_bundle_key": ("cart_items", {"cart_id": 6, "variant_id": None, "bundle_id": 1}),
    "reservations_pkey": ("reservations", {"cart_id": 2}),
    "imports_pkey": ("imports", {"import_id": 1}),
    "imports_content_key": ("imports", {"content_sha256": (1).to_bytes(32)}),
    "orders_pkey": ("orders", {"order_id": 1}),
    "orders_public_id_key": ("orders", {"public_id": _FIRST}),
    "orders_order_number_key": ("orders", {"order_number": 11}),
    "orders_cart_id_key": ("orders", {"cart_id": 1}),
    "orders_external_reference_key": ("orders", {**imported(100, LATER), "external_reference": "I2"}),
    "order_items_pkey": ("order_items", {"order_item_id": 1}),
    "order_items_position_key": ("order_items", {"position": 11}),
    "order_allocations_pkey": ("order_allocations", {"location_id": 1}),
    "order_status_transitions_pkey": ("order_status_transitions", {"to_status": "pending"}),
    "order_status_history_pkey": ("order_status_history", {"order_status_history_id": 1}),
    "idempotency_keys_pkey": ("idempotency_keys", {"idempotency_key_id": 1}),
    "idempotency_keys_key": ("idempotency_keys", {"key": "key-1"}),
    "outbox_pkey": ("outbox", {"outbox_id": 1}),
    "audit_log_pkey": ("audit_log", {"audit_log_id": 50_000}),
    **PAID_TAKEN,
    **COUPON_TAKEN,
    **SENT_TAKEN,
    **LIKED_TAKEN,
}
"""What makes a fresh row collide with the ground."""

NEXT_TO: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "customers_email_key_key": ("customers", {"email_key": "person1@example.com", "is_guest": True}),
    "customers_external_reference_key": ("customers", {"external_reference": None}),
    "product_options_name_key": ("product_options", {"name": "Option 1", "product_id": 2}),
    "option_values_value_key": ("option_values", {"value": "Value 1", "product_option_id": 2}),
    "product_images_position_key": ("product_images", {"position": 3}),
    "price_history_pkey": ("price_history", {"valid_from": _NEXT}),
    "inventory_pkey": ("inventory", {"variant_id": 1, "location_id": 2}),
    "tax_rates_scope_key": ("tax_rates", {"region": "", "valid_from": _NEXT}),
    "carts_token_hash_key": ("carts", {"customer_id": 2, "token_hash": None, "status": "abandoned"}),
    "carts_one_active_key": ("carts", {"customer_id": 1, "status": "abandoned"}),
    "cart_items_variant_key": ("cart_items", {"cart_id": 4, "variant_id": 1}),
    "cart_items_bundle_key": ("cart_items", {"variant_id": None, "bundle_id": 1}),
    "reservations_pkey": ("reservations", {"variant_id": 3, "location_id": 2}),
    "imports_content_key": ("imports", {"content_sha256": (1).to_bytes(32), "kind": "products"}),
    "orders_external_reference_key": (
        "orders",
        {**imported(100, LATER), "external_reference": "I2", "import_id": 2},
    ),
    "order_items_position_key": ("order_items", {"position": 11, "order_id": 2}),
    "idempotency_keys_key": ("idempotency_keys", {"key": "key-1", "scope": "customer:2"}),
    **PAID_NEXT_TO,
    **COUPON_NEXT_TO,
    **LIKED_NEXT_TO,
}
"""What comes closest to a collision and is none."""

ORPHANS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "addresses_customer_id_fkey": ("addresses", {"customer_id": 999}),
    "credentials_customer_id_fkey": ("credentials", {"customer_id": 999}),
    "sessions_customer_id_fkey": ("sessions", {"customer_id": 999}),
    "account_tokens_customer_id_fkey": ("account_tokens", {"customer_id": 999}),
    "categories_parent_id_fkey": ("categories", {"parent_id": 999}),
    "products_category_id_fkey": ("products", {"category_id": 999}),
    "product_options_product_id_fkey": ("product_options", {"product_id": 999}),
    # The option is another product's.
    "option_values_product_option_id_fkey": ("option_values", {"product_id": 2}),
    "product_variants_product_id_fkey": ("product_variants", {"product_id": 999, "combination_key": ""}),
    # The row differs from what the key made in its product only.
    "variant_option_values_variant_id_fkey": ("variant_option_values", {"variant_id": 999}),
    # The key calls for this value, but it is no value of that option.
    "variant_option_values_option_value_id_fkey": (
        "variant_option_values",
        {"variant_id": 1, "product_option_id": 3, "option_value_id": 3},
    ),
    "product_images_product_id_fkey": ("product_images", {"product_id": 999, "variant_id": None}),
    # The variant is another product's.
    "product_images_variant_id_fkey": ("product_images", {"variant_id": 3}),
    "bundle_items_bundle_id_fkey": ("bundle_items", {"bundle_id": 999}),
    "bundle_items_variant_id_fkey": ("bundle_items", {"variant_id": 999}),
    "price_history_variant_id_fkey": ("price_history", {"variant_id": 999}),
    "search_documents_product_id_fkey": ("search_documents", {"product_id": 999}),
    "inventory_variant_id_fkey": ("inventory", {"variant_id": 999}),
    "inventory_location_id_fkey": ("inventory", {"location_id": 999}),
    "stock_movements_inventory_fkey": ("stock_movements", {"location_id": 3}),
    "stock_movements_order_item_id_fkey": ("stock_movements", {"order_item_id": 999}),
    "tax_rates_category_id_fkey": ("tax_rates", {"category_id": 999}),
    "carts_customer_id_fkey": ("carts", {"customer_id": 999}),
    "cart_items_cart_id_fkey": ("cart_items", {"cart_id": 999}),
    "cart_items_variant_id_fkey": ("cart_items", {"variant_id": 999}),
    "cart_items_bundle_id_fkey": ("cart_items", {"variant_id": None, "bundle_id": 999}),
    "reservations_cart_id_fkey": ("reservations", {"cart_id": 999}),
    "reservations_inventory_fkey": ("reservations", {"location_id": 3}),
    "orders_import_id_fkey": ("orders", {**imported(100, LATER), "import_id": 999}),
    "orders_customer_id_fkey": ("orders", {"customer_id": 999}),
    "orders_cart_id_fkey": ("orders", {"cart_id": 999}),
    "orders_shipping_method_id_fkey": ("orders", {"shipping_method_id": 999}),
    # The addresses are another customer's.
    "orders_shipping_address_id_fkey": ("orders", {"shipping_address_id": 3}),
    "orders_billing_address_id_fkey": ("orders", {"billing_address_id": 3}),
    # The order is another customer's, the variant another product's.
    "order_items_order_id_fkey": ("order_items", {"customer_id": 2}),
    "order_items_variant_id_fkey": ("order_items", {"product_id": 2}),
    "order_items_bundle_id_fkey": ("order_items", {"bundle_id": 999}),
    "order_allocations_order_item_id_fkey": ("order_allocations", {"order_item_id": 999}),
    "order_allocations_location_id_fkey": ("order_allocations", {"location_id": 999}),
    "order_status_history_order_id_fkey": ("order_status_history", {"order_id": 999}),
    "audit_log_actor_customer_id_fkey": ("audit_log", {"actor_customer_id": 999}),
    **PAID_ORPHANS,
    **COUPON_ORPHANS,
    **SENT_ORPHANS,
    **LIKED_ORPHANS,
}
"""What makes a fresh row refer to nothing. A missing customer takes both of an order's addresses along."""


def _cases() -> Iterator[Case]:
    for rule, (table, changes) in TAKEN.items():
        yield refused(rule, "taken", table, changes, error=AlreadyExists, guards=())
    for rule, (table, changes) in NEXT_TO.items():
        yield accepted(rule, "next-to-it", table, changes)
    # Keys of rows that cannot be written twice: tables of one row, and what the ground holds in full.
    for table in ("shop_settings", "audit_state"):
        row = fresh(table)[-1]
        yield refused(f"{table}_pkey", "taken", table, steps=(row,), error=AlreadyExists, guards=())
    yield refused(
        "variant_option_values_pkey",
        "taken",
        "variant_option_values",
        error=AlreadyExists,
        guards=(),
        steps=(
            # The first value's row is turned into the second's, which is there.
            ("UPDATE product_variants SET combination_key = '1/3', updated_at = ? WHERE variant_id = 1", (LATER,)),
            insert(
                "variant_option_values",
                {"variant_id": 1, "product_option_id": 2, "option_value_id": 1, "product_id": 1},
            ),
        ),
    )
    numbered = (
        "UPDATE orders SET invoice_number = 1, updated_at = ? WHERE order_id = 1",
        (LATER,),
    )
    yield refused(
        "orders_invoice_number_key",
        "taken",
        "orders",
        error=AlreadyExists,
        guards=(),
        steps=(numbered, *fresh("orders", invoice_number=1)),
    )
    yield accepted("orders_invoice_number_key", "next-to-it", "orders", steps=(numbered, *fresh("orders")))
    for kind in ("shipping", "billing"):
        for label, changes in (("taken", {"customer_id": 1}), ("next-to-it", {"customer_id": 2})):
            rule = f"addresses_default_{kind}_key"
            row_changes: dict[str, Any] = {f"is_default_{kind}": True, **changes}
            if label == "taken":
                # Two keys on one column: SQLite cannot say which.
                yield refused(rule, label, "addresses", row_changes, error=AlreadyExists, sqlite=None, guards=())
            else:
                yield accepted(rule, label, "addresses", row_changes)
    for rule, (table, changes) in ORPHANS.items():
        yield refused(rule, "orphan", table, changes, error=InvalidReference, sqlite=None, guards=())
    for rule, steps in KEPT.items():
        yield refused(rule, "kept", steps=steps, error=InvalidReference, sqlite=None, guards=())
    for rule, steps in UNDELETABLE.items():
        case = refused(rule, "kept", steps=steps, error=InvalidReference, sqlite=None, guards=())
        lifted = ("order_items.order_items_frozen_delete", *PAID_LIFTED, *LIFTED["product_ratings"])
        yield Case(**{**vars(case), "lifted": lifted})
    yield accepted("price_history_variant_id_fkey", "there", "price_history", {"price": Decimal(1)})


KEY_CASES: Final[tuple[Case, ...]] = tuple(_cases())
"""Every case of a key."""

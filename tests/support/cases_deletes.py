"""What a delete does to the rows that refer to what goes: it is refused, takes them along, or empties their key."""

from __future__ import annotations

from typing import Final

from tests.support.cases_coupons import COUPON_CASCADES, COUPON_UNDELETABLE
from tests.support.cases_payments import PAID_UNDELETABLE
from tests.support.cases_reviews import LIKED_CASCADES, LIKED_UNDELETABLE
from tests.support.cases_sent import SENT_UNDELETABLE
from tests.support.fresh import fresh
from tests.support.rows import LATER, Step, insert

__all__ = ["CASCADES", "KEPT", "SETS_NULL", "UNDELETABLE"]

KEPT: Final[dict[str, tuple[Step, ...]]] = {
    # What the books need: the parent stays as long as the child is there.
    "categories_parent_id_fkey": (("DELETE FROM categories WHERE category_id = 1", ()),),
    "products_category_id_fkey": (
        *fresh("products", category_id=3),
        ("DELETE FROM categories WHERE category_id = 3", ()),
    ),
    "inventory_location_id_fkey": (("DELETE FROM locations WHERE location_id = 2", ()),),
    "stock_movements_inventory_fkey": (("DELETE FROM inventory WHERE variant_id = 1", ()),),
    "tax_rates_category_id_fkey": (
        *fresh("categories"),
        ("UPDATE tax_rates SET category_id = 100, updated_at = ?", (LATER,)),
        ("DELETE FROM categories WHERE category_id = 100", ()),
    ),
    "orders_import_id_fkey": (("DELETE FROM imports WHERE import_id = 1", ()),),
    "orders_customer_id_fkey": (("DELETE FROM customers WHERE customer_id = 1", ()),),
    "orders_cart_id_fkey": (("DELETE FROM carts WHERE cart_id = 1", ()),),
    "orders_shipping_method_id_fkey": (("DELETE FROM shipping_methods WHERE shipping_method_id = 1", ()),),
    "orders_shipping_address_id_fkey": (
        *fresh("orders", shipping_address_id=2),
        ("DELETE FROM addresses WHERE address_id = 2", ()),
    ),
    "orders_billing_address_id_fkey": (
        *fresh("orders", billing_address_id=2),
        ("DELETE FROM addresses WHERE address_id = 2", ()),
    ),
    "order_items_order_id_fkey": (("DELETE FROM orders WHERE order_id = 2", ()),),
    "order_items_variant_id_fkey": (
        *fresh("order_items", variant_id=2),
        ("DELETE FROM product_variants WHERE variant_id = 2", ()),
    ),
    "order_items_bundle_id_fkey": (
        *fresh("order_items", bundle_id=1),
        ("DELETE FROM bundles WHERE bundle_id = 1", ()),
    ),
    "order_allocations_location_id_fkey": (
        insert("order_allocations", {"order_item_id": 2, "location_id": 3, "quantity": 1}),
        ("DELETE FROM locations WHERE location_id = 3", ()),
    ),
    "order_status_history_order_id_fkey": (
        *fresh("orders"),
        ("DELETE FROM orders WHERE order_id = 100", ()),
    ),
    "bundle_items_variant_id_fkey": (
        *fresh("bundle_items"),
        ("DELETE FROM product_variants WHERE variant_id = 2", ()),
    ),
    "variant_option_values_option_value_id_fkey": (("DELETE FROM option_values WHERE option_value_id = 5", ()),),
}
"""The delete of a parent that its child refuses."""

UNDELETABLE: Final[dict[str, tuple[Step, ...]]] = {
    # Nobody deletes an order item any more, so these two are asked with that guard lifted.
    "order_allocations_order_item_id_fkey": (
        insert("order_allocations", {"order_item_id": 2, "location_id": 1, "quantity": 1}),
        ("DELETE FROM order_items WHERE order_item_id = 2", ()),
    ),
    "stock_movements_order_item_id_fkey": (
        ("DELETE FROM order_allocations WHERE order_item_id = 1", ()),
        ("DELETE FROM order_items WHERE order_item_id = 1", ()),
    ),
    **PAID_UNDELETABLE,
    **COUPON_UNDELETABLE,
    **SENT_UNDELETABLE,
    **LIKED_UNDELETABLE,
}

CASCADES: Final[dict[str, tuple[str, str]]] = {
    **{
        f"{table}_customer_id_fkey": (
            "DELETE FROM customers WHERE customer_id = 2",
            f"SELECT count(*) FROM {table} WHERE customer_id = 2",
        )
        for table in ("credentials", "sessions", "account_tokens")
    },
    "addresses_customer_id_fkey": (
        "DELETE FROM customers WHERE customer_id = 2",
        "SELECT count(*) FROM addresses WHERE customer_id = 2",
    ),
    "carts_customer_id_fkey": (
        "DELETE FROM customers WHERE customer_id = 2",
        "SELECT count(*) FROM carts WHERE customer_id = 2",
    ),
    "cart_items_cart_id_fkey": (
        "DELETE FROM carts WHERE cart_id = 2",
        "SELECT count(*) FROM cart_items WHERE cart_id = 2",
    ),
    "cart_items_variant_id_fkey": (
        "DELETE FROM product_variants WHERE variant_id = 3",
        "SELECT count(*) FROM cart_items WHERE variant_id = 3",
    ),
    "cart_items_bundle_id_fkey": (
        "DELETE FROM bundles WHERE bundle_id = 1",
        "SELECT count(*) FROM cart_items WHERE bundle_id = 1",
    ),
    "reservations_cart_id_fkey": (
        "DELETE FROM carts WHERE cart_id = 2",
        "SELECT count(*) FROM reservations WHERE cart_id = 2",
    ),
    "reservations_inventory_fkey": (
        "DELETE FROM product_variants WHERE variant_id = 3",
        "SELECT count(*) FROM reservations WHERE variant_id = 3",
    ),
    "inventory_variant_id_fkey": (
        "DELETE FROM product_variants WHERE variant_id = 3",
        "SELECT count(*) FROM inventory WHERE variant_id = 3",
    ),
    "price_history_variant_id_fkey": (
        "DELETE FROM product_variants WHERE variant_id = 3",
        "SELECT count(*) FROM price_history WHERE variant_id = 3",
    ),
    "variant_option_values_variant_id_fkey": (
        "DELETE FROM product_variants WHERE variant_id = 3",
        "SELECT count(*) FROM variant_option_values WHERE variant_id = 3",
    ),
    "product_options_product_id_fkey": (
        "DELETE FROM products WHERE product_id = 2",
        "SELECT count(*) FROM product_options WHERE product_id = 2",
    ),
    "option_values_product_option_id_fkey": (
        "DELETE FROM products WHERE product_id = 2",
        "SELECT count(*) FROM option_values WHERE product_id = 2",
    ),
    "search_documents_product_id_fkey": (
        "DELETE FROM products WHERE product_id = 2",
        "SELECT count(*) FROM search_documents WHERE product_id = 2",
    ),
    "product_variants_product_id_fkey": (
        "DELETE FROM products WHERE product_id = 2",
        "SELECT count(*) FROM product_variants WHERE product_id = 2",
    ),
    "product_images_product_id_fkey": (
        "DELETE FROM products WHERE product_id = 2",
        "SELECT count(*) FROM product_images WHERE product_id = 2",
    ),
    "bundle_items_bundle_id_fkey": (
        "DELETE FROM bundles WHERE bundle_id = 1",
        "SELECT count(*) FROM bundle_items WHERE bundle_id = 1",
    ),
    **COUPON_CASCADES,
    **LIKED_CASCADES,
}
"""The delete that takes its children along, and the count of children that must then be 0."""

SETS_NULL: Final[dict[str, tuple[str, str]]] = {
    "product_images_variant_id_fkey": (
        "DELETE FROM product_variants WHERE variant_id = 3",
        "SELECT product_id, variant_id FROM product_images WHERE product_image_id = 3",
    ),
    "audit_log_actor_customer_id_fkey": (
        "DELETE FROM customers WHERE customer_id = 2",
        "SELECT actor, actor_customer_id FROM audit_log WHERE audit_log_id = 50000",
    ),
}
"""The delete that leaves its children without a parent, and a child of which only the last column must then be NULL."""

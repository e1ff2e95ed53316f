"""Rows of every amount at the border of what money may be, and beyond it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from tests.support.rows import LATER

__all__ = ["MONEY"]

MOST: Final = Decimal("99999999999.9999")
OVER: Final = Decimal(100_000_000_000)
_NONE: Final = Decimal(0)
_ONE: Final = Decimal(1)
_BARE: Final = dict.fromkeys(("subtotal", "discount_total", "shipping_total", "tax_total", "total"), _NONE)
_PLAIN: Final = {"quantity": 1, "discount": _NONE, "tax": _NONE}
_FREE: Final = {"quantity": 1, "unit_price": _NONE, "amount": _NONE, "discount": _NONE}
_ODD: Final = {"quantity": 2, "unit_share": _NONE, "odd_units": 1}

MONEY: Final[dict[str, tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]]] = {
    "product_variants.price": ({"price": MOST}, {"price": OVER}, ()),
    "product_variants.compare_at_price": ({"compare_at_price": MOST}, {"compare_at_price": OVER}, ()),
    "price_history.price": ({"price": MOST}, {"price": OVER}, ()),
    "cart_items.unit_price_seen": ({"unit_price_seen": MOST}, {"unit_price_seen": OVER}, ()),
    "bundles.price": ({"price": MOST}, {"price": OVER}, ()),
    "order_item_cancellations.waived_amount": ({"waived_amount": MOST}, {"waived_amount": OVER}, ()),
    "shipping_methods.price": ({"price": MOST}, {"price": OVER}, ()),
    "shipping_methods.free_from": ({"free_from": MOST}, {"free_from": OVER}, ()),
    "payments.amount": ({"amount": MOST}, {"amount": OVER}, ()),
    "payments.captured_amount": (
        {"amount": MOST, "captured_amount": MOST},
        {"amount": OVER, "captured_amount": OVER},
        ("payments_amount_type",),
    ),
    "payments.refunded_amount": (
        {"amount": MOST, "captured_amount": MOST, "refunded_amount": MOST},
        {"amount": OVER, "captured_amount": OVER, "refunded_amount": OVER},
        ("payments_amount_type", "payments_captured_amount_type"),
    ),
    "payment_events.amount": ({"amount": MOST}, {"amount": OVER}, ()),
    "refunds.amount": ({"amount": MOST, "status": "failed"}, {"amount": OVER, "status": "failed"}, ()),
    "refund_items.amount": ({"amount": MOST}, {"amount": OVER}, ()),
    "coupons.value": ({"kind": "fixed_order", "value": MOST}, {"kind": "fixed_order", "value": OVER}, ()),
    "coupons.cap": ({"kind": "percent_capped", "cap": MOST}, {"kind": "percent_capped", "cap": OVER}, ()),
    "coupons.minimum": ({"minimum": MOST}, {"minimum": OVER}, ()),
    "coupons.budget": ({"budget": MOST}, {"budget": OVER}, ()),
    "coupons.spent": ({"spent": MOST}, {"spent": OVER}, ()),
    "coupon_tiers.minimum": ({"minimum": MOST}, {"minimum": OVER}, ()),
    # Freed, so that the coupon's sum does not grow by it.
    "coupon_redemptions.amount": ({"amount": MOST, "freed_at": LATER}, {"amount": OVER, "freed_at": LATER}, ()),
    "coupon_redemptions.shipping_amount": (
        {"amount": MOST, "shipping_amount": MOST, "freed_at": LATER},
        {"amount": OVER, "shipping_amount": OVER, "freed_at": LATER},
        ("coupon_redemptions_amount_type",),
    ),
    "orders.subtotal": (
        {**_BARE, "subtotal": MOST, "total": MOST},
        {**_BARE, "subtotal": OVER, "discount_total": _ONE, "total": OVER - 1},
        (),
    ),
    # A discount is at most the subtotal, and the total at least any of its parts.
    "orders.discount_total": (
        {**_BARE, "subtotal": MOST, "discount_total": MOST},
        {**_BARE, "subtotal": OVER, "discount_total": OVER},
        ("orders_subtotal_type",),
    ),
    "orders.shipping_total": (
        {**_BARE, "shipping_total": MOST, "total": MOST},
        {**_BARE, "shipping_total": OVER, "total": OVER},
        ("orders_total_type",),
    ),
    "orders.tax_total": (
        {**_BARE, "tax_total": MOST, "total": MOST},
        {**_BARE, "tax_total": OVER, "total": OVER},
        ("orders_total_type",),
    ),
    "orders.tax_included_total": ({"tax_included_total": MOST}, {"tax_included_total": OVER}, ()),
    "orders.total": (
        {**_BARE, "tax_total": MOST, "total": MOST},
        {**_BARE, "tax_total": MOST, "shipping_total": _ONE, "total": MOST + 1},
        (),
    ),
    "order_items.unit_price": (
        {**_PLAIN, "unit_price": MOST, "amount": MOST, "line_total": MOST},
        {**_PLAIN, "unit_price": OVER, "amount": MOST, "line_total": MOST},
        (),
    ),
    "order_items.amount": (
        {**_PLAIN, "unit_price": MOST, "amount": MOST, "line_total": MOST},
        {**_PLAIN, "unit_price": MOST, "amount": OVER, "discount": _ONE, "line_total": OVER - 1},
        (),
    ),
    "order_items.discount": (
        {**_PLAIN, "unit_price": MOST, "amount": MOST, "discount": MOST, "line_total": _NONE},
        {**_PLAIN, "unit_price": MOST, "amount": OVER, "discount": OVER, "line_total": _NONE},
        ("order_items_amount_type",),
    ),
    "order_items.tax": (
        {**_PLAIN, "unit_price": _NONE, "amount": _NONE, "tax": MOST, "line_total": MOST},
        {**_PLAIN, "unit_price": _NONE, "amount": _NONE, "tax": OVER, "line_total": OVER},
        ("order_items_line_total_type",),
    ),
    "order_items.tax_included": ({"tax_included": MOST}, {"tax_included": OVER}, ()),
    "order_items.line_total": (
        {**_PLAIN, "unit_price": MOST, "amount": MOST, "line_total": MOST},
        {**_PLAIN, "unit_price": MOST, "amount": MOST, "tax": _ONE, "line_total": MOST + 1},
        (),
    ),
    # The shares add up to the line's total, which is at least any of them.
    "order_items.unit_share": (
        {**_FREE, "tax": MOST, "line_total": MOST, "unit_share": MOST},
        {**_FREE, "tax": OVER, "line_total": OVER, "unit_share": OVER},
        ("order_items_line_total_type", "order_items_tax_type"),
    ),
    "order_items.odd_share": (
        {**_FREE, **_ODD, "tax": MOST, "line_total": MOST, "odd_share": MOST},
        {**_FREE, **_ODD, "tax": OVER, "line_total": OVER, "odd_share": OVER},
        ("order_items_line_total_type", "order_items_tax_type"),
    ),
}
"""For each amount a row at the border, one beyond it, and what else of its row must then be too large."""

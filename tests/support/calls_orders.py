"""Calls of carts, checkout, coupons, orders, payments and reports, as `calls.py` lists them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from lumia.dto.coupons import CouponTier, NewCoupon, NewCouponTarget
from tests.support.ready import FREE_CODES
from tests.support.world import FAR_OFF, HOME, World

__all__ = ["ORDERS_READS", "ORDERS_WRITES"]

Run = Callable[[Any, World], object]

ORDERS_READS: Final = MappingProxyType[str, Run](
    {
        "carts.abandoned": lambda shop, _: shop.carts.abandoned(before=FAR_OFF),
        "carts.by_token": lambda shop, at: shop.carts.by_token(at.guest_token),
        "carts.for_customer: who has one": lambda shop, at: shop.carts.for_customer(at.customer_id),
        "carts.get": lambda shop, at: shop.carts.get(at.cart_id),
        "checkout.quote": lambda shop, at: shop.checkout.quote(
            at.cart_id, shipping_method="post", shipping_address=at.home_id
        ),
        "checkout.quote: with coupon codes": lambda shop, at: shop.checkout.quote(
            at.cart_id, shipping_method="post", shipping_address=at.home_id, coupon_codes=("ten", "gone")
        ),
        "checkout.quote: with a bundle": lambda shop, at: shop.checkout.quote(
            at.ready.bundled_cart_id, shipping_method="post", country_code="GB"
        ),
        "coupons.by_code": lambda shop, _: shop.coupons.by_code("ten"),
        "coupons.check": lambda shop, at: shop.coupons.check("ten", at.cart_id),
        "coupons.get": lambda shop, at: shop.coupons.get(at.coupon_id),
        "coupons.list": lambda shop, _: shop.coupons.list(),
        "coupons.redemptions": lambda shop, at: shop.coupons.redemptions(at.coupon_id),
        "orders.by_number": lambda shop, at: shop.orders.by_number(at.order_number),
        "orders.by_public_id": lambda shop, at: shop.orders.by_public_id(at.order_public_id),
        "orders.get": lambda shop, at: shop.orders.get(at.order_id),
        "orders.get_return": lambda shop, at: shop.orders.get_return(at.sent.requested_id),
        "orders.history": lambda shop, at: shop.orders.history(at.order_id),
        "orders.list": lambda shop, _: shop.orders.list(),
        "orders.list: filtered, largest first": lambda shop, at: shop.orders.list(
            customer_id=at.customer_id, status="pending", payment_status="none", order="-total"
        ),
        "orders.of_customer": lambda shop, at: shop.orders.of_customer(at.customer_id),
        "orders.search": lambda shop, _: shop.orders.search(status="pending"),
        "payments.events": lambda shop, at: shop.payments.events(at.settled.captured_id),
        "payments.get": lambda shop, at: shop.payments.get(at.settled.open_id),
        "payments.of_order": lambda shop, at: shop.payments.of_order(at.settled.order_id),
        "payments.refunds": lambda shop, at: shop.payments.refunds(at.settled.order_id),
        "reports.average_order_value": lambda shop, _: shop.reports.average_order_value(),
        "reports.repeat_rate": lambda shop, _: shop.reports.repeat_rate(),
        "reports.sales_by_country": lambda shop, _: shop.reports.sales_by_country(),
        "reports.sales_by_month": lambda shop, _: shop.reports.sales_by_month(),
        "reports.summary": lambda shop, _: shop.reports.summary(),
        "reports.top_customers": lambda shop, _: shop.reports.top_customers(),
        "reports.top_products": lambda shop, _: shop.reports.top_products(),
        "reports.top_products: by quantity": lambda shop, _: shop.reports.top_products(by="quantity"),
    }
)
"""Calls that change nothing."""

ORDERS_WRITES: Final = MappingProxyType[str, Run](
    {
        "carts.clear": lambda shop, at: shop.carts.clear(at.cart_id),
        "carts.create_guest": lambda shop, _: shop.carts.create_guest(email="eve@example.com"),
        "carts.for_customer": lambda shop, at: shop.carts.for_customer(at.cartless_customer_id),
        "carts.merge": lambda shop, at: shop.carts.merge(at.guest_token, at.customer_id),
        "carts.remove_bundle": lambda shop, at: shop.carts.remove_bundle(
            at.ready.bundled_cart_id, bundle_id=at.bundle_id
        ),
        "carts.remove_item": lambda shop, at: shop.carts.remove_item(at.cart_id, variant_id=at.variant_id),
        "carts.set_bundle": lambda shop, at: shop.carts.set_bundle(at.cart_id, bundle_id=at.bundle_id, quantity=9),
        "carts.set_item": lambda shop, at: shop.carts.set_item(at.cart_id, variant_id=at.variant_id, quantity=9),
        "checkout.place": lambda shop, at: shop.checkout.place(
            at.cart_id,
            shipping_address=at.home_id,
            billing_address=at.office_id,
            shipping_method="post",
            expected_total=at.cart_total,
            idempotency_key="again",
        ),
        "checkout.place: a guest": lambda shop, at: shop.checkout.place(
            at.guest_cart_id,
            shipping_address=HOME,
            billing_address=HOME,
            shipping_method="post",
            expected_total=at.guest_total,
            idempotency_key="again",
        ),
        "checkout.place: with a coupon code": lambda shop, at: shop.checkout.place(
            at.cart_id,
            shipping_address=at.home_id,
            shipping_method="post",
            coupon_codes=("ten",),
            expected_total=at.ready.coupon_total,
            idempotency_key="again",
        ),
        "checkout.place: with a bundle": lambda shop, at: shop.checkout.place(
            at.ready.bundled_cart_id,
            shipping_address=HOME,
            shipping_method="post",
            expected_total=at.ready.bundled_total,
            idempotency_key="again",
        ),
        "checkout.place: for nothing": lambda shop, at: shop.checkout.place(
            at.cart_id,
            shipping_address=at.home_id,
            shipping_method="post",
            coupon_codes=FREE_CODES,
            expected_total=Decimal(0),
            idempotency_key="again",
        ),
        "coupons.create": lambda shop, _: shop.coupons.create(
            NewCoupon(code="NEW", kind="percent", value=Decimal(5), currency="GBP")
        ),
        "coupons.create: with tiers and targets": lambda shop, at: shop.coupons.create(
            NewCoupon(
                code="NEW",
                kind="tiered",
                currency="GBP",
                tiers=(CouponTier(minimum=Decimal(20), value=Decimal(5)),),
                targets=(NewCouponTarget(product_id=at.product_id),),
            )
        ),
        "coupons.disable": lambda shop, at: shop.coupons.disable(at.coupon_id),
        "orders.approve_return": lambda shop, at: shop.orders.approve_return(at.sent.requested_id, actor="clerk"),
        "orders.assign_invoices": lambda shop, _: shop.orders.assign_invoices(),
        "orders.cancel": lambda shop, at: shop.orders.cancel(at.order_id, actor="shop", reason="changed mind"),
        "orders.cancel: a paid order": lambda shop, at: shop.orders.cancel(at.sent.paid_id, actor="shop"),
        "orders.cancel_items": lambda shop, at: shop.orders.cancel_items(
            at.sent.open_id, {at.sent.open_item_id: 1}, actor="shop"
        ),
        "orders.cancel_items: of a paid order, with a key": lambda shop, at: shop.orders.cancel_items(
            at.sent.paid_id, {at.sent.paid_item_id: 1}, actor="shop", idempotency_key="k"
        ),
        "orders.deliver": lambda shop, at: shop.orders.deliver(at.sent.shipped_id, actor="postman"),
        "orders.deliver: one shipment": lambda shop, at: shop.orders.deliver(
            at.sent.shipped_id, shipment_id=at.sent.shipment_id, actor="postman"
        ),
        "orders.expire_pending": lambda shop, _: shop.orders.expire_pending(),
        "orders.receive_return": lambda shop, at: shop.orders.receive_return(
            at.sent.approved_id, location_id=at.spare_location_id, actor="clerk"
        ),
        "orders.reject_return": lambda shop, at: shop.orders.reject_return(at.sent.requested_id, actor="clerk"),
        "orders.request_return": lambda shop, at: shop.orders.request_return(
            at.sent.shipped_id, {at.sent.shipped_item_id: 1}, actor="customer"
        ),
        "orders.request_return: with a key": lambda shop, at: shop.orders.request_return(
            at.sent.shipped_id, {at.sent.shipped_item_id: 1}, actor="customer", idempotency_key="k"
        ),
        "orders.ship": lambda shop, at: shop.orders.ship(at.sent.paid_id, carrier="Post", actor="packer"),
        "orders.ship: one line, with a key": lambda shop, at: shop.orders.ship(
            at.sent.paid_id, items={at.sent.paid_item_id: 1}, carrier="Post", actor="packer", idempotency_key="k"
        ),
        "payments.apply_event": lambda shop, _: shop.payments.apply_event(
            "stripe", "evt_1", provider_reference="pi_1", kind="captured"
        ),
        "payments.apply_event: a refund": lambda shop, _: shop.payments.apply_event(
            "stripe", "evt_1", provider_reference="pi_2", kind="refunded", amount=Decimal(1)
        ),
        "payments.authorize": lambda shop, at: shop.payments.authorize(at.settled.open_id, actor="till"),
        "payments.capture": lambda shop, at: shop.payments.capture(at.settled.open_id, actor="till"),
        "payments.capture: with the provider's key of it": lambda shop, at: shop.payments.capture(
            at.settled.open_id, Decimal("0.25"), actor="till", event_id="evt_1"
        ),
        "payments.fail": lambda shop, at: shop.payments.fail(at.settled.open_id, actor="till"),
        "payments.fail_refund": lambda shop, at: shop.payments.fail_refund(at.settled.refund_id, actor="till"),
        "payments.record": lambda shop, at: shop.payments.record(
            at.settled.order_id, provider="adyen", method="card", amount=Decimal(1), actor="till"
        ),
        "payments.record: with a key": lambda shop, at: shop.payments.record(
            at.settled.order_id, provider="adyen", method="card", amount=Decimal(1), actor="till", idempotency_key="k"
        ),
        "payments.refund": lambda shop, at: shop.payments.refund(
            at.settled.captured_id, Decimal(1), actor="till", idempotency_key="k"
        ),
        "payments.refund: units": lambda shop, at: shop.payments.refund(
            at.settled.captured_id, items={at.settled.item_id: 1}, actor="till"
        ),
        "payments.refund_items": lambda shop, at: shop.payments.refund_items(
            at.settled.order_id, {at.settled.item_id: 1}, actor="till"
        ),
        "payments.refund_items: with a key": lambda shop, at: shop.payments.refund_items(
            at.settled.order_id, {at.settled.item_id: 1}, actor="till", idempotency_key="k"
        ),
        "payments.settle_refund": lambda shop, at: shop.payments.settle_refund(
            at.settled.refund_id, actor="till", provider_reference="re_1"
        ),
        "payments.void": lambda shop, at: shop.payments.void(at.settled.open_id, actor="till"),
    }
)
"""Calls that change something."""

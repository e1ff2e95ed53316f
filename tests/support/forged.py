"""Ways behind the constraints: a shop that has lived, and a bare connection on which no guard is left."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from lumia.dto.coupons import NewCoupon
from tests.support.raw import Raw, RawSqlite
from tests.support.scene import HOME, Scene, a_scene

__all__ = ["a_lived_in_shop", "unguarded"]


def a_lived_in_shop(shop: Any) -> Scene:
    """Let a small shop live: orders that are paid, sent, returned, refunded, cancelled, with coupons and invoices."""
    scene = a_scene(shop)
    first, second, third = scene.variant_ids
    shop.coupons.create(
        NewCoupon(
            code="TEN",
            kind="percent",
            value=Decimal(10),
            currency="GBP",
            valid_from=shop.clock() - timedelta(days=1),
            usage_limit=5,
            per_customer_limit=2,
        )
    )
    delivered = with_coupon(scene, {first: 3, second: 2})
    payment = pay(shop, delivered)
    shop.orders.ship(delivered.order_id, carrier="Post", actor="shop")
    shop.orders.deliver(delivered.order_id, actor="shop")
    item = delivered.items[0].order_item_id
    request = shop.orders.request_return(delivered.order_id, {item: 1}, actor="ada")
    shop.orders.approve_return(request.return_id, actor="shop")
    shop.orders.receive_return(request.return_id, location_id=scene.main_id, actor="shop")
    shop.payments.refund(payment, items={item: 1}, actor="shop")
    partly = with_coupon(scene, {second: 3})
    pay(shop, partly)
    shop.orders.ship(partly.order_id, items={partly.items[0].order_item_id: 1}, carrier="Post", actor="shop")
    shop.orders.cancel_items(partly.order_id, {partly.items[0].order_item_id: 1}, actor="shop")
    cancelled = scene.place(scene.cart({third: 1}))
    shop.orders.cancel(cancelled.order_id, actor="shop")
    scene.place(scene.cart({third: 2}))
    scene.place(scene.guest_cart({first: 1}, email="eve@example.org"), email="eve@example.org", shipping_address=HOME)
    shop.orders.assign_invoices()
    shop.catalog.set_price(first, price=Decimal("11.00"))
    shop.catalog.create_category(name="Cups", slug="cups", parent_id=scene.category_id)
    return scene


def with_coupon(scene: Scene, quantities: dict[int, int]) -> Any:
    """Order with the coupon at the total that a quote with it gives."""
    cart, codes = scene.cart(quantities), ("TEN",)
    quote = scene.shop.checkout.quote(cart, shipping_method="post", country_code="GB", coupon_codes=codes)
    return scene.place(cart, coupon_codes=codes, expected_total=quote.total)


def pay(shop: Any, order: Any) -> int:
    """Take an order's whole total and give the payment's key."""
    payment = shop.payments.record(order.order_id, provider="test", method="card", amount=order.total, actor="shop")
    shop.payments.capture(payment.payment_id, actor="shop")
    return int(payment.payment_id)


def unguarded(raw: Raw) -> None:
    """Take every trigger, check and foreign key out of the way of this connection; unique keys stay."""
    if isinstance(raw, RawSqlite):
        raw.run("PRAGMA foreign_keys = OFF")
        raw.run("PRAGMA ignore_check_constraints = ON")
        for (name,) in raw.run("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            raw.run(f"DROP TRIGGER {name}")
        return
    # Triggers, those of foreign keys too, are left out for this session.
    raw.run("SET session_replication_role = replica")
    for table, name in raw.run(
        "SELECT CAST(conrelid AS regclass), conname FROM pg_constraint"
        " WHERE contype = 'c' AND conrelid <> 0 AND connamespace = CAST(current_schema() AS regnamespace)"
    ):
        raw.run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

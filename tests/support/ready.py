"""Carts that are ready for an order with something special, and a customer who may leave."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from lumia.dto.coupons import CouponClass, NewCoupon
from lumia.dto.customers import NewAddress, NewCustomer
from lumia.types import CouponKind
from tests.support.liked import buy

__all__ = ["FREE_CODES", "Ready", "lay_out_ready"]

FREE_CODES: Final = ("all", "post")
"""Coupon codes that together leave nothing to pay."""


@dataclass(frozen=True)
class Ready:
    """Keys of carts and of a customer.

    Attributes:
        bundled_cart_id: a guest's cart with a bundle and a variant that is one of its parts.
        bundled_total: what it comes to.
        coupon_total: what the cart of `World.cart_id` comes to with the code TEN.
        leaver_id: a customer with a password, a session, a list and a cart, whose one order was paid and cancelled.
    """

    bundled_cart_id: int
    bundled_total: Decimal
    coupon_total: Decimal
    leaver_id: int


def lay_out_ready(shop: Any, *, cart_id: int, bundle_id: int, variant_id: int, address: NewAddress) -> Ready:
    """Fill a guest's cart with a bundle, give coupons out for everything, and let a customer buy and think again."""
    kinds = ((CouponKind.PERCENT, Decimal(100)), (CouponKind.FREE_SHIPPING, Decimal(0)))
    for code, (kind, value) in zip(FREE_CODES, kinds, strict=True):
        shop.coupons.create(
            NewCoupon(code=code, kind=kind, value=value, currency="GBP", combines_with=frozenset(CouponClass))
        )
    bundled, _ = shop.carts.create_guest(email="guest@example.com")
    shop.carts.set_bundle(bundled.cart_id, bundle_id=bundle_id, quantity=1)
    shop.carts.set_item(bundled.cart_id, variant_id=variant_id, quantity=1)
    return Ready(
        bundled_cart_id=bundled.cart_id,
        bundled_total=_total(shop, bundled.cart_id),
        coupon_total=_total(shop, cart_id, "ten"),
        leaver_id=_leaver(shop, variant_id, address),
    )


def _leaver(shop: Any, variant_id: int, address: NewAddress) -> int:
    password = "a horse that leaves"  # noqa: S105 - a test's
    leaver: int = shop.customers.register(
        NewCustomer(email="finn@example.com", first_name="Finn"), password=password
    ).customer_id
    shop.customers.authenticate("finn@example.com", password)
    order = buy(shop, leaver, (variant_id,), address, shipping_method="post")
    payment = shop.payments.record(order.order_id, provider="cash", method="till", amount=order.total, actor="Finn")
    shop.payments.capture(payment.payment_id, actor="till")
    shop.orders.cancel(order.order_id, actor="Finn", reason="Finn thought again")
    wishlist = shop.wishlists.create(leaver, name="Finn's")
    shop.wishlists.add(wishlist.wishlist_id, variant_id=variant_id)
    shop.carts.set_item(shop.carts.for_customer(leaver).cart_id, variant_id=variant_id, quantity=1)
    return leaver


def _total(shop: Any, cart_id: int, *codes: str) -> Decimal:
    total: Decimal = shop.checkout.quote(cart_id, shipping_method="post", country_code="GB", coupon_codes=codes).total
    return total

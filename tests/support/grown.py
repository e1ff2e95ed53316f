"""The laid-out shop with more of everything: what a number of statements must not depend on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from lumia import Shop
from lumia.dto.coupons import NewCoupon
from lumia.dto.customers import NewCustomer
from lumia.types import CouponKind
from tests.support.liked import buy
from tests.support.world import HOME, World

__all__ = ["grow"]


def grow(shop: Shop, world: World, size: int) -> World:
    """Add so many of everything, also to what the calls look at; the same world at the new totals comes back."""
    for at in range(size):
        customer = shop.customers.register(NewCustomer(email=f"c{at}@example.com"))
        shop.customers.add_address(world.customer_id, address=HOME)
        shop.catalog.create_category(name="X", slug=f"x-{at}", parent_id=world.category_id)
        shop.delivery.create_shipping_method(code=f"m{at}", name="X", price=Decimal(1))
        shop.delivery.add_tax_rate(country_code="GB", region=f"R{at}", rate=Decimal(0))
        shop.coupons.create(NewCoupon(code=f"C{at}", kind=CouponKind.PERCENT, value=Decimal(1), currency="GBP"))
        shop.catalog.set_price(world.variant_id, price=Decimal(at + 1))
        location = shop.stock.add_location(name=f"L{at}", priority=5)
        shop.stock.receive(world.variant_id, location_id=location.location_id, quantity=1)
        product = shop.catalog.create_product(category_id=world.category_id, slug=f"p-{at}", name="X")
        variant = shop.catalog.create_variant(product.product_id, sku=f"P{at}", price=Decimal(1))
        shop.stock.receive(variant.variant_id, location_id=location.location_id, quantity=9)
        shop.catalog.add_image(world.optional_product_id, url="/x.jpg")
        bundle = shop.catalog.create_bundle(
            sku=f"SET-{at}", slug=f"set-{at}", name=f"Set {at}", price=Decimal(1), items=((variant.variant_id, 1),)
        )
        shop.catalog.publish(product.product_id)
        buy(shop, customer.customer_id, (variant.variant_id,), HOME, shipping_method="post")
        for cart_id in (world.cart_id, world.ready.bundled_cart_id):
            shop.carts.set_item(cart_id, variant_id=variant.variant_id, quantity=1)
        shop.carts.set_bundle(world.ready.bundled_cart_id, bundle_id=bundle.bundle_id, quantity=1)
        shop.wishlists.create(world.customer_id, name=f"W{at}")
        shop.wishlists.add(world.liked.wishlist_id, variant_id=variant.variant_id)
    ready = replace(
        world.ready,
        bundled_total=_total(shop, world.ready.bundled_cart_id),
        coupon_total=_total(shop, world.cart_id, "ten"),
    )
    return replace(world, cart_total=_total(shop, world.cart_id), ready=ready)


def _total(shop: Any, cart_id: int, *codes: str) -> Decimal:
    total: Decimal = shop.checkout.quote(cart_id, shipping_method="post", country_code="GB", coupon_codes=codes).total
    return total

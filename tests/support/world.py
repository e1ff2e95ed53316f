"""A small shop with one of everything, built through the repositories: what the calls of `calls.py` work on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from lumia.dto.customers import NewAddress, NewCustomer

__all__ = ["HOME", "World", "lay_out"]

HOME = NewAddress(
    recipient="Ada Byron",
    line1="12 Mill Lane",
    city="Leeds",
    postal_code="LS1 1AA",
    country_code="GB",
)
"""An address to deliver to."""


@dataclass(frozen=True)
class World:
    """Keys of what `lay_out` made, named by what they are good for."""

    customer_id: int
    customer_public_id: UUID
    cartless_customer_id: int
    home_id: int
    office_id: int
    category_id: int
    child_category_id: int
    product_id: int
    draft_product_id: int
    optional_product_id: int
    option_value_ids: tuple[int, ...]
    variant_id: int
    other_variant_id: int
    sku: str
    location_id: int
    spare_location_id: int
    shipping_method_id: int
    cart_id: int
    cart_total: Decimal
    guest_cart_id: int
    guest_token: str
    guest_total: Decimal
    order_id: int
    order_number: int
    order_public_id: UUID


def lay_out(shop: Any) -> World:
    """Fill an empty shop.

    Two customers, one with two addresses, a filled cart and a pending order; a guest with a cart; a published product
    with two plain variants in stock at two locations, a draft, and a product with an option and no variants; tax on top
    of the prices.
    """
    shop.settings.update(currency="GBP", prices_include_tax=False, time_zone="Europe/London", order_expiry_minutes=1)
    category = shop.catalog.create_category(name="Tea", slug="tea")
    child = shop.catalog.create_category(name="Green tea", slug="green-tea", parent_id=category.category_id)
    product = shop.catalog.create_product(category_id=child.category_id, slug="sencha", name="Sencha")
    optional = shop.catalog.create_product(category_id=category.category_id, slug="mug", name="Mug")
    draft = shop.catalog.create_product(category_id=category.category_id, slug="tin", name="Tin")
    sencha = shop.catalog.create_variant(product.product_id, sku="SENCHA", price=Decimal("4.50"))
    lid = shop.catalog.create_product(category_id=category.category_id, slug="lid", name="Lid")
    other = shop.catalog.create_variant(lid.product_id, sku="LID", price=Decimal("1.25"))
    option = shop.catalog.add_option(optional.product_id, name="Size", values=("S", "L"))
    for ready in (product, optional, lid):
        shop.catalog.publish(ready.product_id)
    main, spare = shop.stock.add_location(name="Main"), shop.stock.add_location(name="Spare", priority=1)
    for variant in (sencha, other):
        shop.stock.receive(variant.variant_id, location_id=main.location_id, quantity=100)
    shop.stock.receive(sencha.variant_id, location_id=spare.location_id, quantity=3)
    method = shop.delivery.create_shipping_method(code="post", name="Post", price=Decimal("3.00"), countries=("GB",))
    shop.delivery.add_tax_rate(country_code="GB", rate=Decimal("0.2"))

    ada = shop.customers.register(NewCustomer(email="ada@example.com", first_name="Ada", last_name="Byron"))
    bob = shop.customers.register(NewCustomer(email="bob@example.com", first_name="Bob"))
    home = shop.customers.add_address(ada.customer_id, address=HOME, default_shipping=True, default_billing=True)
    office = shop.customers.add_address(ada.customer_id, address=HOME.model_copy(update={"line1": "1 High Street"}))

    ordered = shop.carts.for_customer(ada.customer_id)
    shop.carts.set_item(ordered.cart_id, variant_id=sencha.variant_id, quantity=2)
    order = shop.checkout.place(
        ordered.cart_id,
        shipping_address=home.address_id,
        shipping_method="post",
        expected_total=_total(shop, ordered.cart_id),
        idempotency_key="laid-out",
    )
    cart = shop.carts.for_customer(ada.customer_id)
    shop.carts.set_item(cart.cart_id, variant_id=sencha.variant_id, quantity=101)
    shop.carts.set_item(cart.cart_id, variant_id=other.variant_id, quantity=4)
    guest, token = shop.carts.create_guest(email="guest@example.com")
    shop.carts.set_item(guest.cart_id, variant_id=other.variant_id, quantity=1)
    return World(
        customer_id=ada.customer_id,
        customer_public_id=ada.public_id,
        cartless_customer_id=bob.customer_id,
        home_id=home.address_id,
        office_id=office.address_id,
        category_id=category.category_id,
        child_category_id=child.category_id,
        product_id=product.product_id,
        draft_product_id=draft.product_id,
        optional_product_id=optional.product_id,
        option_value_ids=tuple(value.option_value_id for value in option.values),
        variant_id=sencha.variant_id,
        other_variant_id=other.variant_id,
        sku=sencha.sku,
        location_id=main.location_id,
        spare_location_id=spare.location_id,
        shipping_method_id=method.shipping_method_id,
        cart_id=cart.cart_id,
        cart_total=_total(shop, cart.cart_id),
        guest_cart_id=guest.cart_id,
        guest_token=token,
        guest_total=_total(shop, guest.cart_id),
        order_id=order.order_id,
        order_number=order.order_number,
        order_public_id=order.public_id,
    )


def _total(shop: Any, cart_id: int) -> Decimal:
    quote = shop.checkout.quote(cart_id, shipping_method="post", country_code="GB")
    total: Decimal = quote.total
    return total

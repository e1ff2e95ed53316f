"""One good call of every repository method, in the shop that `world.py` lays out.

A method may have several cases, named `repository.method` or `repository.method: what is special`. Whoever adds a
public method adds a case here; a test compares this list with the repositories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from lumia.dto.customers import AddressKind, ImportedCustomer, NewCustomer
from lumia.dto.stock import Receipt
from lumia.repos.base import Repository
from tests.support.world import HOME, World

__all__ = ["CALLS", "READS", "WRITES", "Call", "methods_of", "repositories_of"]

Run = Callable[[Any, World], object]


@dataclass(frozen=True)
class Call:
    """A call that succeeds: `run(shop, world)`, on a Shop as on a transaction."""

    name: str
    run: Run
    writes: bool

    @property
    def method(self) -> str:
        """Repository and method, without the case."""
        return self.name.split(":")[0]


READS: Final = MappingProxyType[str, Run](
    {
        "carts.by_token": lambda shop, at: shop.carts.by_token(at.guest_token),
        "carts.for_customer: who has one": lambda shop, at: shop.carts.for_customer(at.customer_id),
        "carts.get": lambda shop, at: shop.carts.get(at.cart_id),
        "catalog.by_slug": lambda shop, _: shop.catalog.by_slug("sencha"),
        "catalog.category_tree": lambda shop, _: shop.catalog.category_tree(),
        "catalog.get_category": lambda shop, at: shop.catalog.get_category(at.category_id),
        "catalog.get_product": lambda shop, at: shop.catalog.get_product(at.optional_product_id),
        "catalog.get_variant": lambda shop, at: shop.catalog.get_variant(at.variant_id),
        "catalog.list_products": lambda shop, _: shop.catalog.list_products(),
        "catalog.list_products: of a category": lambda shop, at: shop.catalog.list_products(category_id=at.category_id),
        "catalog.list_products: filtered, newest first": lambda shop, at: shop.catalog.list_products(
            category_id=at.category_id, status="active", order="-product_id"
        ),
        "catalog.lowest_price": lambda shop, at: shop.catalog.lowest_price(at.variant_id, days=30),
        "catalog.price_history": lambda shop, at: shop.catalog.price_history(at.variant_id),
        "catalog.variant_by_sku": lambda shop, at: shop.catalog.variant_by_sku(at.sku),
        "checkout.quote": lambda shop, at: shop.checkout.quote(
            at.cart_id, shipping_method="post", shipping_address=at.home_id
        ),
        "customers.addresses": lambda shop, at: shop.customers.addresses(at.customer_id),
        "customers.by_email": lambda shop, _: shop.customers.by_email("ada@example.com"),
        "customers.by_public_id": lambda shop, at: shop.customers.by_public_id(at.customer_public_id),
        "customers.get": lambda shop, at: shop.customers.get(at.customer_id),
        "customers.list": lambda shop, _: shop.customers.list(),
        "customers.list: filtered, newest first": lambda shop, _: shop.customers.list(
            is_active=True, is_guest=False, order="-customer_id"
        ),
        "delivery.get_shipping_method": lambda shop, at: shop.delivery.get_shipping_method(at.shipping_method_id),
        "delivery.shipping_methods": lambda shop, _: shop.delivery.shipping_methods(),
        "delivery.tax_rates": lambda shop, _: shop.delivery.tax_rates(country_code="GB"),
        "orders.by_number": lambda shop, at: shop.orders.by_number(at.order_number),
        "orders.by_public_id": lambda shop, at: shop.orders.by_public_id(at.order_public_id),
        "orders.get": lambda shop, at: shop.orders.get(at.order_id),
        "orders.history": lambda shop, at: shop.orders.history(at.order_id),
        "orders.list": lambda shop, _: shop.orders.list(),
        "orders.list: filtered, largest first": lambda shop, at: shop.orders.list(
            customer_id=at.customer_id, status="pending", payment_status="none", order="-total"
        ),
        "orders.of_customer": lambda shop, at: shop.orders.of_customer(at.customer_id),
        "orders.search": lambda shop, _: shop.orders.search(status="pending"),
        "outbox.pending": lambda shop, _: shop.outbox.pending(),
        "reports.average_order_value": lambda shop, _: shop.reports.average_order_value(),
        "reports.repeat_rate": lambda shop, _: shop.reports.repeat_rate(),
        "reports.sales_by_country": lambda shop, _: shop.reports.sales_by_country(),
        "reports.sales_by_month": lambda shop, _: shop.reports.sales_by_month(),
        "reports.summary": lambda shop, _: shop.reports.summary(),
        "reports.top_customers": lambda shop, _: shop.reports.top_customers(),
        "reports.top_products": lambda shop, _: shop.reports.top_products(),
        "reports.top_products: by quantity": lambda shop, _: shop.reports.top_products(by="quantity"),
        "settings.get": lambda shop, _: shop.settings.get(),
        "stock.available": lambda shop, at: shop.stock.available([at.variant_id]),
        "stock.levels": lambda shop, at: shop.stock.levels(at.variant_id),
        "stock.locations": lambda shop, _: shop.stock.locations(),
        "stock.low_stock": lambda shop, _: shop.stock.low_stock(),
        "stock.movements": lambda shop, at: shop.stock.movements(variant_id=at.variant_id),
    }
)
"""Calls that change nothing."""

WRITES: Final = MappingProxyType[str, Run](
    {
        "carts.clear": lambda shop, at: shop.carts.clear(at.cart_id),
        "carts.create_guest": lambda shop, _: shop.carts.create_guest(email="eve@example.com"),
        "carts.for_customer": lambda shop, at: shop.carts.for_customer(at.cartless_customer_id),
        "carts.remove_item": lambda shop, at: shop.carts.remove_item(at.cart_id, variant_id=at.variant_id),
        "carts.set_item": lambda shop, at: shop.carts.set_item(at.cart_id, variant_id=at.variant_id, quantity=9),
        "catalog.add_option": lambda shop, at: shop.catalog.add_option(
            at.draft_product_id, name="Colour", values=("red", "blue")
        ),
        "catalog.archive": lambda shop, at: shop.catalog.archive(at.product_id),
        "catalog.create_category": lambda shop, at: shop.catalog.create_category(
            name="Black tea", slug="black-tea", parent_id=at.category_id
        ),
        "catalog.create_product": lambda shop, at: shop.catalog.create_product(
            category_id=at.category_id, slug="pot", name="Pot"
        ),
        "catalog.create_variant": lambda shop, at: shop.catalog.create_variant(
            at.optional_product_id,
            sku="MUG-S",
            price=Decimal("7.5"),
            option_value_ids=at.option_value_ids[:1],
        ),
        "catalog.create_variants": lambda shop, at: shop.catalog.create_variants(
            at.optional_product_id, sku_prefix="MUG", price=Decimal("7.5")
        ),
        "catalog.move_category": lambda shop, at: shop.catalog.move_category(at.child_category_id, parent_id=None),
        "catalog.publish": lambda shop, at: shop.catalog.publish(at.draft_product_id),
        "catalog.rename_category": lambda shop, at: shop.catalog.rename_category(at.category_id, name="Teas"),
        "catalog.set_price": lambda shop, at: shop.catalog.set_price(at.variant_id, price=Decimal("4.75")),
        "catalog.update_product": lambda shop, at: shop.catalog.update_product(at.product_id, name="Fine sencha"),
        "catalog.update_variant": lambda shop, at: shop.catalog.update_variant(at.variant_id, weight_grams=100),
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
        "customers.add_address": lambda shop, at: shop.customers.add_address(
            at.customer_id, address=HOME, default_shipping=True, default_billing=True
        ),
        "customers.add_imported": lambda shop, _: shop.customers.add_imported(
            ImportedCustomer(email="17850@shop.invalid", external_reference="17850", is_guest=True)
        ),
        "customers.archive_address": lambda shop, at: shop.customers.archive_address(
            at.customer_id, address_id=at.home_id
        ),
        "customers.deactivate": lambda shop, at: shop.customers.deactivate(at.customer_id),
        "customers.register": lambda shop, _: shop.customers.register(NewCustomer(email="eve@example.com")),
        "customers.replace_address": lambda shop, at: shop.customers.replace_address(
            at.customer_id, address_id=at.home_id, address=HOME
        ),
        "customers.set_default_address": lambda shop, at: shop.customers.set_default_address(
            at.customer_id, address_id=at.office_id, kind=AddressKind.BILLING
        ),
        "customers.update_profile": lambda shop, at: shop.customers.update_profile(
            at.customer_id, phone="0113 496 0000"
        ),
        "delivery.add_tax_rate": lambda shop, at: shop.delivery.add_tax_rate(
            country_code="GB", rate=Decimal("0.05"), category_id=at.category_id
        ),
        "delivery.create_shipping_method": lambda shop, _: shop.delivery.create_shipping_method(
            code="bike", name="Bicycle", price=Decimal(5), countries=("GB", "IE")
        ),
        "delivery.update_shipping_method": lambda shop, at: shop.delivery.update_shipping_method(
            at.shipping_method_id, price=Decimal("3.5")
        ),
        "orders.cancel": lambda shop, at: shop.orders.cancel(at.order_id, actor="shop", reason="changed mind"),
        "orders.expire_pending": lambda shop, _: shop.orders.expire_pending(),
        "settings.update": lambda shop, _: shop.settings.update(order_expiry_minutes=90),
        "stock.add_location": lambda shop, _: shop.stock.add_location(name="Attic"),
        "stock.adjust": lambda shop, at: shop.stock.adjust(
            at.variant_id, location_id=at.location_id, delta=-2, reason="broken"
        ),
        "stock.receive": lambda shop, at: shop.stock.receive(
            at.other_variant_id, location_id=at.spare_location_id, quantity=5
        ),
        "stock.receive_many": lambda shop, at: shop.stock.receive_many(
            Receipt(variant_id=variant_id, location_id=location_id, quantity=5)
            for variant_id in (at.variant_id, at.other_variant_id)
            for location_id in (at.location_id, at.spare_location_id)
        ),
        "stock.set_levels": lambda shop, at: shop.stock.set_levels(
            at.variant_id, location_id=at.location_id, reorder_point=10, backorder_limit=5
        ),
        "stock.set_on_hand": lambda shop, at: shop.stock.set_on_hand(
            at.variant_id, location_id=at.spare_location_id, expected=3, new=2
        ),
        "stock.transfer": lambda shop, at: shop.stock.transfer(
            at.variant_id, from_location_id=at.location_id, to_location_id=at.spare_location_id, quantity=7
        ),
        "stock.update_location": lambda shop, at: shop.stock.update_location(at.spare_location_id, is_active=False),
    }
)
"""Calls that change something."""

CALLS: Final = tuple(
    Call(name, run, writes) for cases, writes in ((READS, False), (WRITES, True)) for name, run in sorted(cases.items())
)
"""Every case."""


def repositories_of(shop: Any) -> Iterator[tuple[str, type[Repository]]]:
    """Find the repositories that a shop offers, by the name that callers use."""
    for name in dir(shop):
        if not name.startswith("_") and isinstance(found := getattr(shop, name), Repository):
            yield name, type(found)


def methods_of(repository: type[Repository]) -> Iterator[str]:
    """Name a repository's public methods, inherited ones too."""
    for name in dir(repository):
        if not name.startswith("_") and callable(getattr(repository, name)):
            yield name

"""One good call of every repository method, in the shop that `world.py` lays out.

A method may have several cases, named `repository.method` or `repository.method: what is special`. Whoever adds a
public method adds a case here; a test compares this list with the repositories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from lumia.dto.customers import AddressKind, ImportedCustomer, NewCustomer
from lumia.dto.stock import Receipt
from lumia.repos.base import Repository
from tests.support.world import HOME, PASSWORD, World

__all__ = ["CALLS", "READS", "WRITES", "Call", "methods_of", "repositories_of"]

FAR_OFF: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""After everything that happens in the world."""

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
        "carts.abandoned": lambda shop, _: shop.carts.abandoned(before=FAR_OFF),
        "carts.by_token": lambda shop, at: shop.carts.by_token(at.guest_token),
        "carts.for_customer: who has one": lambda shop, at: shop.carts.for_customer(at.customer_id),
        "carts.get": lambda shop, at: shop.carts.get(at.cart_id),
        "catalog.bundle_by_slug": lambda shop, _: shop.catalog.bundle_by_slug("tea-set"),
        "catalog.by_slug": lambda shop, _: shop.catalog.by_slug("sencha"),
        "catalog.category_descendants": lambda shop, at: shop.catalog.category_descendants(at.category_id),
        "catalog.category_tree": lambda shop, _: shop.catalog.category_tree(),
        "catalog.get_bundle": lambda shop, at: shop.catalog.get_bundle(at.bundle_id),
        "catalog.get_category": lambda shop, at: shop.catalog.get_category(at.category_id),
        "catalog.get_product": lambda shop, at: shop.catalog.get_product(at.optional_product_id),
        "catalog.get_variant": lambda shop, at: shop.catalog.get_variant(at.variant_id),
        "catalog.list_bundles": lambda shop, _: shop.catalog.list_bundles(),
        "catalog.list_bundles: on sale": lambda shop, _: shop.catalog.list_bundles(is_active=True),
        "catalog.list_products": lambda shop, _: shop.catalog.list_products(),
        "catalog.list_products: of a category": lambda shop, at: shop.catalog.list_products(category_id=at.category_id),
        "catalog.list_products: filtered, newest first": lambda shop, at: shop.catalog.list_products(
            category_id=at.category_id, status="active", order="-product_id"
        ),
        "catalog.list_products: in stock at a price, by name": lambda shop, at: shop.catalog.list_products(
            category_id=at.category_id, price_from=Decimal(1), price_to=Decimal(9), in_stock=True, order="name"
        ),
        "catalog.lowest_price": lambda shop, at: shop.catalog.lowest_price(at.variant_id, days=30),
        "catalog.price_history": lambda shop, at: shop.catalog.price_history(at.variant_id),
        "catalog.search": lambda shop, _: shop.catalog.search("sencha"),
        "catalog.search: filtered": lambda shop, at: shop.catalog.search(
            "sen*",
            category_id=at.category_id,
            price_from=Decimal(1),
            price_to=Decimal(9),
            in_stock=True,
            options={"Size": ("S", "L")},
            after=(0, 1),
        ),
        "catalog.suggest": lambda shop, _: shop.catalog.suggest("sen"),
        "catalog.variant_by_sku": lambda shop, at: shop.catalog.variant_by_sku(at.sku),
        "checkout.quote": lambda shop, at: shop.checkout.quote(
            at.cart_id, shipping_method="post", shipping_address=at.home_id
        ),
        "customers.addresses": lambda shop, at: shop.customers.addresses(at.customer_id),
        "customers.by_email": lambda shop, _: shop.customers.by_email("ada@example.com"),
        "customers.by_session": lambda shop, at: shop.customers.by_session(at.session_token),
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
        "reviews.get": lambda shop, at: shop.reviews.get(at.liked.pending_id),
        "reviews.of_product": lambda shop, at: shop.reviews.of_product(at.product_id),
        "reviews.of_product: most helpful first, with five stars": lambda shop, at: shop.reviews.of_product(
            at.product_id, rating=5, order="-helpful_votes", after=(9, 9)
        ),
        "reviews.pending": lambda shop, _: shop.reviews.pending(),
        "reviews.summary": lambda shop, at: shop.reviews.summary(at.product_id),
        "settings.get": lambda shop, _: shop.settings.get(),
        "stock.available": lambda shop, at: shop.stock.available([at.variant_id]),
        "stock.backorders": lambda shop, at: shop.stock.backorders(at.variant_id),
        "stock.levels": lambda shop, at: shop.stock.levels(at.variant_id),
        "stock.locations": lambda shop, _: shop.stock.locations(),
        "stock.low_stock": lambda shop, _: shop.stock.low_stock(),
        "stock.movements": lambda shop, at: shop.stock.movements(variant_id=at.variant_id),
        "stock.reservations": lambda shop, at: shop.stock.reservations(at.guest_cart_id),
        "wishlists.get": lambda shop, at: shop.wishlists.get(at.liked.wishlist_id),
        "wishlists.of_customer": lambda shop, at: shop.wishlists.of_customer(at.liked.customer_id),
        "wishlists.shared": lambda shop, at: shop.wishlists.shared(at.liked.wishlist_token),
    }
)
"""Calls that change nothing."""

WRITES: Final = MappingProxyType[str, Run](
    {
        "carts.clear": lambda shop, at: shop.carts.clear(at.cart_id),
        "carts.create_guest": lambda shop, _: shop.carts.create_guest(email="eve@example.com"),
        "carts.for_customer": lambda shop, at: shop.carts.for_customer(at.cartless_customer_id),
        "carts.merge": lambda shop, at: shop.carts.merge(at.guest_token, at.customer_id),
        "carts.remove_item": lambda shop, at: shop.carts.remove_item(at.cart_id, variant_id=at.variant_id),
        "carts.set_item": lambda shop, at: shop.carts.set_item(at.cart_id, variant_id=at.variant_id, quantity=9),
        "catalog.add_image": lambda shop, at: shop.catalog.add_image(
            at.product_id, url="/new.jpg", alt_text="A tin", variant_id=at.variant_id
        ),
        "catalog.add_option": lambda shop, at: shop.catalog.add_option(
            at.draft_product_id, name="Colour", values=("red", "blue")
        ),
        "catalog.add_option_value": lambda shop, at: shop.catalog.add_option_value(at.option_id, value="XL"),
        "catalog.archive": lambda shop, at: shop.catalog.archive(at.product_id),
        "catalog.archive_bundle": lambda shop, at: shop.catalog.archive_bundle(at.bundle_id),
        "catalog.create_bundle": lambda shop, at: shop.catalog.create_bundle(
            sku="PAIR", slug="pair", name="Pair", price=Decimal(8), items=((at.variant_id, 2), (at.other_variant_id, 1))
        ),
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
        "catalog.publish_bundle": lambda shop, at: shop.catalog.publish_bundle(at.bundle_id),
        "catalog.reindex": lambda shop, _: shop.catalog.reindex(),
        "catalog.remove_image": lambda shop, at: shop.catalog.remove_image(at.image_ids[0]),
        "catalog.rename_category": lambda shop, at: shop.catalog.rename_category(at.category_id, name="Teas"),
        "catalog.reorder_images": lambda shop, at: shop.catalog.reorder_images(at.product_id, at.image_ids[::-1]),
        "catalog.set_bundle_price": lambda shop, at: shop.catalog.set_bundle_price(at.bundle_id, price=Decimal(5)),
        "catalog.set_price": lambda shop, at: shop.catalog.set_price(at.variant_id, price=Decimal("4.75")),
        "catalog.update_image": lambda shop, at: shop.catalog.update_image(at.image_ids[0], alt_text="A tin"),
        "catalog.update_product": lambda shop, at: shop.catalog.update_product(at.product_id, name="Fine sencha"),
        "catalog.update_variant: another SKU": lambda shop, at: shop.catalog.update_variant(at.variant_id, sku="FINE"),
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
        "customers.authenticate": lambda shop, _: shop.customers.authenticate("ada@example.com", PASSWORD),
        "customers.by_session: seen long ago": lambda shop, at: shop.customers.by_session(at.old_session_token),
        "customers.change_password": lambda shop, at: shop.customers.change_password(
            at.customer_id, PASSWORD, "another horse"
        ),
        "customers.deactivate": lambda shop, at: shop.customers.deactivate(at.customer_id),
        "customers.log_out": lambda shop, at: shop.customers.log_out(at.session_token),
        "customers.log_out_everywhere": lambda shop, at: shop.customers.log_out_everywhere(at.customer_id),
        "customers.register: with a password": lambda shop, _: shop.customers.register(
            NewCustomer(email="eve@example.com"), password=PASSWORD
        ),
        "customers.reset_password": lambda shop, at: shop.customers.reset_password(at.reset_token, "another horse"),
        "customers.set_password": lambda shop, at: shop.customers.set_password(at.customer_id, "another horse"),
        "customers.start_email_verification": lambda shop, at: shop.customers.start_email_verification(at.customer_id),
        "customers.start_password_reset": lambda shop, _: shop.customers.start_password_reset("ada@example.com"),
        "customers.verify_email": lambda shop, at: shop.customers.verify_email(at.verification_token),
        "customers.reactivate": lambda shop, at: shop.customers.reactivate(at.customer_id),
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
        "reviews.edit": lambda shop, at: shop.reviews.edit(at.liked.author_id, at.liked.published_id, rating=1),
        "reviews.publish": lambda shop, at: shop.reviews.publish(at.liked.pending_id, note="fine", version=0),
        "reviews.reject": lambda shop, at: shop.reviews.reject(at.liked.published_id, note="an advertisement"),
        "reviews.unvote": lambda shop, at: shop.reviews.unvote(at.liked.author_id, at.liked.voted_id),
        "reviews.vote": lambda shop, at: shop.reviews.vote(at.liked.customer_id, at.liked.published_id),
        "reviews.write": lambda shop, at: shop.reviews.write(
            at.liked.customer_id, at.liked.item_id, rating=3, title="A lid", body="It fits."
        ),
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
        "stock.release": lambda shop, at: shop.stock.release(at.guest_cart_id),
        "stock.reserve": lambda shop, at: shop.stock.reserve(at.guest_cart_id, until=FAR_OFF),
        "stock.set_levels": lambda shop, at: shop.stock.set_levels(
            at.variant_id, location_id=at.location_id, reorder_point=10, backorder_limit=5
        ),
        "stock.set_on_hand": lambda shop, at: shop.stock.set_on_hand(
            at.variant_id, location_id=at.spare_location_id, expected=3, new=2
        ),
        "stock.sweep_reservations": lambda shop, _: shop.stock.sweep_reservations(),
        "stock.transfer": lambda shop, at: shop.stock.transfer(
            at.variant_id, from_location_id=at.location_id, to_location_id=at.spare_location_id, quantity=7
        ),
        "stock.update_location": lambda shop, at: shop.stock.update_location(at.spare_location_id, is_active=False),
        "stock.write_off": lambda shop, at: shop.stock.write_off(
            at.variant_id, location_id=at.location_id, quantity=1, reason="broken"
        ),
        "wishlists.add": lambda shop, at: shop.wishlists.add(at.liked.wishlist_id, variant_id=at.other_variant_id),
        "wishlists.create": lambda shop, at: shop.wishlists.create(at.liked.author_id, name="Some day"),
        "wishlists.delete": lambda shop, at: shop.wishlists.delete(at.liked.wishlist_id),
        "wishlists.move_to_cart": lambda shop, at: shop.wishlists.move_to_cart(
            at.liked.wishlist_id, cart_id=at.guest_cart_id
        ),
        "wishlists.move_to_cart: one to the customer's own": lambda shop, at: shop.wishlists.move_to_cart(
            at.liked.wishlist_id, variant_id=at.variant_id
        ),
        "wishlists.remove": lambda shop, at: shop.wishlists.remove(at.liked.wishlist_id, variant_id=at.variant_id),
        "wishlists.rename": lambda shop, at: shop.wishlists.rename(at.liked.wishlist_id, name="Christmas"),
        "wishlists.share": lambda shop, at: shop.wishlists.share(at.liked.wishlist_id),
        "wishlists.unshare": lambda shop, at: shop.wishlists.unshare(at.liked.wishlist_id),
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

"""Calls of the catalogue, of stock, delivery and the settings, as `calls.py` lists them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from lumia.dto.stock import Receipt
from tests.support.world import FAR_OFF, World

__all__ = ["CATALOG_READS", "CATALOG_WRITES"]

Run = Callable[[Any, World], object]

CATALOG_READS: Final = MappingProxyType[str, Run](
    {
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
        "catalog.list_products: filtered, newest first": lambda shop, at: shop.catalog.list_products(
            category_id=at.category_id, status="active", order="-product_id"
        ),
        "catalog.list_products: in stock at a price, by name": lambda shop, at: shop.catalog.list_products(
            category_id=at.category_id, price_from=Decimal(1), price_to=Decimal(9), in_stock=True, order="name"
        ),
        "catalog.list_products: of a category": lambda shop, at: shop.catalog.list_products(category_id=at.category_id),
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
        "catalog.search: misspelt": lambda shop, _: shop.catalog.search("senhca"),
        "catalog.search: misspelt and filtered": lambda shop, _: shop.catalog.search("senhca", price_from=Decimal(1)),
        "catalog.suggest": lambda shop, _: shop.catalog.suggest("sen"),
        "catalog.variant_by_sku": lambda shop, at: shop.catalog.variant_by_sku(at.sku),
        "delivery.get_shipping_method": lambda shop, at: shop.delivery.get_shipping_method(at.shipping_method_id),
        "delivery.shipping_methods": lambda shop, _: shop.delivery.shipping_methods(),
        "delivery.tax_rates": lambda shop, _: shop.delivery.tax_rates(country_code="GB"),
        "settings.get": lambda shop, _: shop.settings.get(),
        "stock.available": lambda shop, at: shop.stock.available([at.variant_id]),
        "stock.backorders": lambda shop, at: shop.stock.backorders(at.variant_id),
        "stock.levels": lambda shop, at: shop.stock.levels(at.variant_id),
        "stock.locations": lambda shop, _: shop.stock.locations(),
        "stock.low_stock": lambda shop, _: shop.stock.low_stock(),
        "stock.movements": lambda shop, at: shop.stock.movements(variant_id=at.variant_id),
        "stock.reservations": lambda shop, at: shop.stock.reservations(at.guest_cart_id),
    }
)
"""Calls that change nothing."""

CATALOG_WRITES: Final = MappingProxyType[str, Run](
    {
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
        "catalog.update_variant": lambda shop, at: shop.catalog.update_variant(at.variant_id, weight_grams=100),
        "catalog.update_variant: another SKU": lambda shop, at: shop.catalog.update_variant(at.variant_id, sku="FINE"),
        "delivery.add_tax_rate": lambda shop, at: shop.delivery.add_tax_rate(
            country_code="GB", rate=Decimal("0.05"), category_id=at.category_id
        ),
        "delivery.create_shipping_method": lambda shop, _: shop.delivery.create_shipping_method(
            code="bike", name="Bicycle", price=Decimal(5), countries=("GB", "IE")
        ),
        "delivery.update_shipping_method": lambda shop, at: shop.delivery.update_shipping_method(
            at.shipping_method_id, price=Decimal("3.5")
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
    }
)
"""Calls that change something."""

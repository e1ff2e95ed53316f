"""Something to sell, for a shop that has nothing yet."""

from __future__ import annotations

from decimal import Decimal

from lumia import Shop

__all__ = ["put_on_sale"]


def put_on_sale(shop: Shop) -> None:
    """Put two mugs and a way to send them on sale, once: a shop that has products is left as it is."""
    with shop.transaction() as tx:
        if tx.catalog.list_products(limit=1).items:
            return
        kitchen = tx.catalog.create_category(name="Kitchen", slug="kitchen")
        mug = tx.catalog.create_product(
            category_id=kitchen.category_id, slug="mug", name="Mug", description="Holds a third of a litre."
        )
        tx.catalog.add_option(mug.product_id, name="colour", values=("blue", "white"))
        warehouse = tx.stock.add_location(name="Warehouse")
        for variant in tx.catalog.create_variants(mug.product_id, sku_prefix="MUG", price=Decimal("12.50")):
            tx.stock.receive(
                variant.variant_id, location_id=warehouse.location_id, quantity=20, reason="first delivery"
            )
        tx.catalog.publish(mug.product_id)
        tx.delivery.create_shipping_method(code="post", name="Post", price=Decimal("4.00"), free_from=Decimal(50))

"""From an empty file to a placed order: the whole life of a small shop in one script."""

from __future__ import annotations

from decimal import Decimal

import lumia
from lumia.dto import NewAddress, NewCustomer
from lumia.errors import InsufficientStock


def main() -> None:
    """Open a shop in memory, fill it, sell two of three mugs, and be refused the rest."""
    with lumia.connect("sqlite:///:memory:") as shop:
        # All of the set-up or nothing of it: an exception inside the block would undo it.
        with shop.transaction() as tx:
            shelf = tx.catalog.create_category(name="Kitchen", slug="kitchen")
            product = tx.catalog.create_product(category_id=shelf.category_id, slug="blue-mug", name="Blue mug")
            mug = tx.catalog.create_variant(product.product_id, sku="MUG-BLUE", price=Decimal("12.50"))
            tx.catalog.publish(product.product_id)
            warehouse = tx.stock.add_location(name="Warehouse")
            tx.stock.receive(mug.variant_id, location_id=warehouse.location_id, quantity=3, reason="first delivery")
            tx.delivery.create_shipping_method(code="post", name="Post", price=Decimal("4.00"))

        ada = shop.customers.register(NewCustomer(email="ada@example.com", first_name="Ada", last_name="Lovelace"))
        home = NewAddress(recipient="Ada Lovelace", line1="12 St James's Square", city="London", country_code="GB")

        cart = shop.carts.for_customer(ada.customer_id)
        shop.carts.set_item(cart.cart_id, variant_id=mug.variant_id, quantity=2)
        quote = shop.checkout.quote(cart.cart_id, shipping_method="post", country_code="GB")
        order = shop.checkout.place(
            cart.cart_id,
            shipping_address=home,
            shipping_method="post",
            expected_total=quote.total,
            idempotency_key="ada-1",
        )
        print(f"order {order.order_number}: {order.total} {order.currency}, {order.status}")

        (left,) = shop.stock.available([mug.variant_id])
        print(f"mugs left: {left.available}")

        cart = shop.carts.for_customer(ada.customer_id)
        shop.carts.set_item(cart.cart_id, variant_id=mug.variant_id, quantity=2)
        quote = shop.checkout.quote(cart.cart_id, shipping_method="post", country_code="GB")
        try:
            shop.checkout.place(
                cart.cart_id,
                shipping_address=home,
                shipping_method="post",
                expected_total=quote.total,
                idempotency_key="ada-2",
            )
        except InsufficientStock as error:
            print(f"refused: {error}")


if __name__ == "__main__":
    main()

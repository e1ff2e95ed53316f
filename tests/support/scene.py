"""A small shop that is ready to sell: two shelves, a few priced variants with stock, a customer with an address."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

from lumia.dto.customers import NewAddress, NewCustomer
from lumia.dto.orders import Order
from lumia.dto.stock import StockLevel

__all__ = ["HOME", "OFFICE", "Scene", "a_scene"]

HOME = NewAddress(recipient="Ada Lovelace", line1="12 St James's Square", city="London", country_code="GB")
OFFICE = NewAddress(recipient="Babbage & Co", line1="1 Dorset Street", city="London", country_code="GB")


class _Undone(Exception):
    """Ends a transaction that is not to be kept."""


@dataclass(slots=True)
class Scene:
    """A shop with the keys of what is in it; `shop` is a Shop or a transaction."""

    shop: Any
    category_id: int
    product_id: int
    variant_ids: tuple[int, ...]
    main_id: int
    annex_id: int
    customer_id: int
    address_id: int
    keys: count[int]

    def cart(self, quantities: dict[int, int] | None = None, *, customer_id: int | None = None) -> int:
        """Fill the customer's active cart; without quantities with one unit of the first variant."""
        cart = self.shop.carts.for_customer(self.customer_id if customer_id is None else customer_id)
        return self.fill(cart.cart_id, quantities)

    def guest_cart(self, quantities: dict[int, int] | None = None, *, email: str | None = None) -> int:
        """Fill a new guest's cart."""
        cart, _ = self.shop.carts.create_guest(email=email)
        return self.fill(cart.cart_id, quantities)

    def fill(self, cart_id: int, quantities: dict[int, int] | None = None) -> int:
        """Put variants into a cart."""
        for variant_id, quantity in (quantities or {self.variant_ids[0]: 1}).items():
            self.shop.carts.set_item(cart_id, variant_id=variant_id, quantity=quantity)
        return int(cart_id)

    def total(self, cart_id: int) -> Decimal:
        """Give what a cart comes to, sent by post within the country."""
        quote = self.shop.checkout.quote(cart_id, shipping_method="post", country_code="GB")
        return Decimal(quote.total)

    def place(self, cart_id: int, *, on: Any = None, **changes: Any) -> Order:
        """Order a cart at its present total under a new key; `changes` are further arguments, `on` a transaction."""
        arguments: dict[str, Any] = {
            "shipping_address": self.address_id,
            "shipping_method": "post",
            "idempotency_key": f"key-{next(self.keys)}",
            **changes,
        }
        if "expected_total" not in arguments:
            arguments["expected_total"] = self.total(cart_id)
        order: Order = (on or self.shop).checkout.place(cart_id, **arguments)
        return order

    def place_and_undo(self, cart_id: int, **changes: Any) -> Order:
        """Order a cart in a transaction that is rolled back."""
        total = self.total(cart_id)
        with suppress(_Undone), self.shop.transaction() as tx:
            order = self.place(cart_id, on=tx, **{"expected_total": total, **changes})
            assert tx.orders.get(order.order_id) == order
            raise _Undone
        return order

    def levels(self, variant_id: int) -> dict[int, tuple[int, int]]:
        """Give what is on hand and what is allocated of a variant, by location."""
        page = self.shop.stock.levels(variant_id)
        rows: tuple[StockLevel, ...] = page.items
        return {row.location_id: (row.on_hand, row.allocated) for row in rows}

    def stocked(self, variant_id: int, quantity: int, *, annex: bool = False) -> None:
        """Let units of a variant come in."""
        location_id = self.annex_id if annex else self.main_id
        self.shop.stock.receive(variant_id, location_id=location_id, quantity=quantity)


def a_scene(
    shop: Any, *, prices: tuple[str, ...] = ("10.00", "2.50", "0.99"), stock: int = 10, include_tax: bool = False
) -> Scene:
    """Set up a shop in pounds with 20 % tax in GB, post for 4.95 (free from 50.00) and `stock` units of each variant.

    Stock lies in the main location; the annex, second in priority, is empty.
    """
    with shop.transaction() as tx:
        scene = _set_up(tx, prices, stock, include_tax=include_tax)
    scene.shop = shop
    return scene


def _set_up(shop: Any, prices: tuple[str, ...], stock: int, *, include_tax: bool) -> Scene:
    shop.settings.update(currency="GBP", prices_include_tax=include_tax, order_expiry_minutes=30)
    shop.delivery.create_shipping_method(
        code="post", name="Post", price=Decimal("4.95"), free_from=Decimal("50.00"), countries=("GB", "IE")
    )
    shop.delivery.add_tax_rate(country_code="GB", rate=Decimal("0.2"))
    category = shop.catalog.create_category(name="Kitchen", slug="kitchen")
    product = shop.catalog.create_product(category_id=category.category_id, slug="mug", name="Mug")
    option = shop.catalog.add_option(product.product_id, name="Size", values=[f"no {at}" for at in range(len(prices))])
    main = shop.stock.add_location(name="Main", priority=0)
    annex = shop.stock.add_location(name="Annex", priority=1)
    variants = []
    for at, price in enumerate(prices):
        variant = shop.catalog.create_variant(
            product.product_id,
            sku=f"MUG-{at}",
            price=Decimal(price),
            option_value_ids=[option.values[at].option_value_id],
        )
        variants.append(variant.variant_id)
        if stock:
            shop.stock.receive(variant.variant_id, location_id=main.location_id, quantity=stock)
    shop.catalog.publish(product.product_id)
    customer = shop.customers.register(NewCustomer(email="ada@example.org", first_name="Ada", last_name="Lovelace"))
    address = shop.customers.add_address(customer.customer_id, address=HOME)
    return Scene(
        shop=shop,
        category_id=category.category_id,
        product_id=product.product_id,
        variant_ids=tuple(variants),
        main_id=main.location_id,
        annex_id=annex.location_id,
        customer_id=customer.customer_id,
        address_id=address.address_id,
        keys=count(1),
    )

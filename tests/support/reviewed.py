"""A shop with two teas and people who bought them, for the tests of reviews."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lumia import Shop
from lumia.dto.customers import NewCustomer
from lumia.dto.reviews import Review
from tests.support.liked import buy, deliver
from tests.support.world import HOME

__all__ = ["Reviewed", "lay_reviewed"]


@dataclass(frozen=True)
class Reviewed:
    """A shop with two teas, and somebody who bought and got both."""

    shop: Shop
    product_id: int
    other_product_id: int
    variant_ids: tuple[int, int]
    customer_id: int
    item_id: int
    other_item_id: int
    undelivered_order_id: int
    undelivered_item_id: int

    def customer(self, number: int) -> int:
        """Somebody else."""
        return self.shop.customers.register(NewCustomer(email=f"c{number}@example.com", first_name="Bob")).customer_id

    def buyer(self, number: int) -> tuple[int, int]:
        """Somebody else who bought the first tea and got it, and their line."""
        customer_id = self.customer(number)
        order = buy(self.shop, customer_id, self.variant_ids[:1], HOME, shipping_method="post")
        deliver(self.shop, order.order_id)
        return customer_id, order.items[0].order_item_id

    def shown(self, number: int, rating: int, votes: int = 0) -> int:
        """A published review of the first tea, with so many votes."""
        customer_id, item_id = self.buyer(number)
        review = self.shop.reviews.write(customer_id, item_id, rating=rating)
        self.shop.reviews.publish(review.review_id)
        for voter in range(votes):
            self.shop.reviews.vote(self.customer(1000 * number + voter), review.review_id)
        return review.review_id

    def counts(self) -> tuple[int, ...]:
        """How many reviews of the first tea gave 1 to 5."""
        found = self.shop.reviews.summary(self.product_id)
        return (found.ratings_1, found.ratings_2, found.ratings_3, found.ratings_4, found.ratings_5)

    def write(self, **fields: Any) -> Review:
        """The customer's review of the first tea."""
        return self.shop.reviews.write(self.customer_id, self.item_id, **{"rating": 4, **fields})


def lay_reviewed(shop: Shop) -> Reviewed:
    """One of the customer's orders has arrived, the next one has not."""
    category = shop.catalog.create_category(name="Tea", slug="tea")
    products, variants = [], []
    for slug in ("sencha", "assam"):
        product = shop.catalog.create_product(category_id=category.category_id, slug=slug, name=slug.title())
        variants.append(shop.catalog.create_variant(product.product_id, sku=slug, price=Decimal(4)).variant_id)
        shop.catalog.publish(product.product_id)
        products.append(product.product_id)
    main = shop.stock.add_location(name="Main")
    for variant_id in variants:
        shop.stock.receive(variant_id, location_id=main.location_id, quantity=100)
    shop.delivery.create_shipping_method(code="post", name="Post", price=Decimal(3))
    ada = shop.customers.register(NewCustomer(email="ada@example.com", first_name="Ada", last_name="Byron"))
    both = (variants[0], variants[1])
    got = buy(shop, ada.customer_id, both, HOME, shipping_method="post")
    deliver(shop, got.order_id)
    ordered = buy(shop, ada.customer_id, both, HOME, shipping_method="post")
    return Reviewed(
        shop,
        products[0],
        products[1],
        both,
        ada.customer_id,
        got.items[0].order_item_id,
        got.items[1].order_item_id,
        ordered.order_id,
        ordered.items[0].order_item_id,
    )

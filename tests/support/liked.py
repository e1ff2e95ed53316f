"""Delivered orders, and the reviews and wishlists of who got them: what the calls of those repositories work on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lumia.dto.customers import NewAddress

__all__ = ["Liked", "buy", "deliver", "lay_out_liked"]


@dataclass(frozen=True)
class Liked:
    """Keys of reviews and lists, named by what they are good for.

    Attributes:
        customer_id: who has not reviewed the item, voted for nothing, and has the list.
        item_id: a delivered line.
        author_id: who wrote the pending and the published review, and voted for `voted_id`.
        pending_id: a review that waits.
        published_id: a review that is shown.
        voted_id: a review of the customer's that is shown and has the author's vote.
        wishlist_id: the customer's list, with one variant on it.
        wishlist_token: what its link holds.
    """

    customer_id: int
    item_id: int
    author_id: int
    pending_id: int
    published_id: int
    voted_id: int
    wishlist_id: int
    wishlist_token: str


def deliver(shop: Any, order_id: int) -> None:
    """Let an order arrive, as its last parcel does."""
    session = shop.engine.acquire(write=True)
    session.execute(
        f"UPDATE orders SET fulfillment_status = 'delivered', expires_at = NULL WHERE order_id = {order_id:d}", ()
    )
    shop.engine.release(session, failed=False)


def buy(shop: Any, customer_id: int, variant_ids: tuple[int, ...], address: NewAddress, *, shipping_method: str) -> Any:
    """Place a customer's order of one of each, which is still on its way."""
    cart = shop.carts.for_customer(customer_id)
    for variant_id in variant_ids:
        shop.carts.set_item(cart.cart_id, variant_id=variant_id, quantity=1)
    quote = shop.checkout.quote(cart.cart_id, shipping_method=shipping_method, country_code=address.country_code)
    total: Decimal = quote.total
    return shop.checkout.place(
        cart.cart_id,
        shipping_address=address,
        shipping_method=shipping_method,
        expected_total=total,
        idempotency_key=f"liked-{cart.cart_id}",
    )


def lay_out_liked(  # noqa: PLR0917 - what everything hangs on, in its order
    shop: Any, customer_id: int, author_id: int, variant_id: int, other_id: int, address: NewAddress
) -> Liked:
    """Let two customers buy both variants, get them, review some and vote; one of them has a shared list."""
    items: dict[int, tuple[int, int]] = {}
    for buyer in (customer_id, author_id):
        order = buy(shop, buyer, (variant_id, other_id), address, shipping_method="post")
        deliver(shop, order.order_id)
        first, second = order.items
        items[buyer] = first.order_item_id, second.order_item_id
    voted = shop.reviews.write(customer_id, items[customer_id][0], rating=5, title="Fine", body="Tastes of grass.")
    pending = shop.reviews.write(author_id, items[author_id][0], rating=2)
    published = shop.reviews.write(author_id, items[author_id][1], rating=4, title="Fits")
    for review in (voted, published):
        shop.reviews.publish(review.review_id)
    shop.reviews.vote(author_id, voted.review_id)
    wishlist = shop.wishlists.create(customer_id, name="Birthday")
    shop.wishlists.add(wishlist.wishlist_id, variant_id=variant_id)
    return Liked(
        customer_id=customer_id,
        item_id=items[customer_id][1],
        author_id=author_id,
        pending_id=pending.review_id,
        published_id=published.review_id,
        voted_id=voted.review_id,
        wishlist_id=wishlist.wishlist_id,
        wishlist_token=shop.wishlists.share(wishlist.wishlist_id),
    )

"""Reviews, votes, ratings and wishlists: their rows in the ground, fresh ones, and what their guards are asked."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from lumia.errors import IllegalTransition
from tests.support.cases import Case, accepted, refused
from tests.support.cases_orders import changed
from tests.support.fresh import fresh
from tests.support.rows import LATER, Step

__all__ = [
    "LIKED_CASCADES",
    "LIKED_CASES",
    "LIKED_NEXT_TO",
    "LIKED_ORPHANS",
    "LIKED_TAKEN",
    "LIKED_UNDELETABLE",
    "RATING_EFFECTS",
]

_FIRST: Final = UUID(int=7 << 76 | 2 << 62 | 1)
_OTHER: Final = UUID(int=7 << 76 | 2 << 62 | 777)
_STARS: Final = tuple(f"ratings_{stars}" for stars in range(1, 6))
_MOST: Final = 1_000_000_000

LIKED_TAKEN: Final = MappingProxyType[str, tuple[str, dict[str, Any]]](
    {
        "reviews_pkey": ("reviews", {"review_id": 1}),
        "reviews_public_id_key": ("reviews", {"public_id": _FIRST}),
        "reviews_customer_key": ("reviews", {"customer_id": 1, "order_item_id": 2}),
        "product_ratings_pkey": ("product_ratings", {"product_id": 1}),
        "review_votes_pkey": ("review_votes", {"customer_id": 2}),
        "wishlists_pkey": ("wishlists", {"wishlist_id": 1}),
        "wishlists_public_id_key": ("wishlists", {"public_id": _FIRST}),
        "wishlists_token_hash_key": ("wishlists", {"token_hash": (1).to_bytes(32)}),
        "wishlists_name_key": ("wishlists", {"customer_id": 2}),
        "wishlist_items_pkey": ("wishlist_items", {"wishlist_item_id": 1}),
        "wishlist_items_variant_key": ("wishlist_items", {"variant_id": 3}),
    }
)
LIKED_NEXT_TO: Final = MappingProxyType[str, tuple[str, dict[str, Any]]](
    {
        "wishlists_token_hash_key": ("wishlists", {"token_hash": None}),
        "wishlists_name_key": ("wishlists", {"customer_id": 2, "name": "birthday"}),
    }
)
LIKED_ORPHANS: Final = MappingProxyType[str, tuple[str, dict[str, Any]]](
    {
        # The line is of another product.
        "reviews_purchase_fkey": ("reviews", {"product_id": 2}),
        "product_ratings_product_id_fkey": ("product_ratings", {"product_id": 999}),
        # The review is another customer's.
        "review_votes_review_id_fkey": ("review_votes", {"author_id": 2}),
        "review_votes_customer_id_fkey": ("review_votes", {"customer_id": 999}),
        "wishlists_customer_id_fkey": ("wishlists", {"customer_id": 999}),
        "wishlist_items_wishlist_id_fkey": ("wishlist_items", {"wishlist_id": 999}),
        "wishlist_items_variant_id_fkey": ("wishlist_items", {"variant_id": 999}),
    }
)
LIKED_UNDELETABLE: Final = MappingProxyType[str, tuple[Step, ...]](
    {
        "reviews_purchase_fkey": (("DELETE FROM order_items WHERE order_item_id = 2", ()),),
        # Nobody can sell a product without variants, or rate one that was never sold: its row is written by hand.
        "product_ratings_product_id_fkey": (
            *fresh("product_ratings", product_id=3),
            ("DELETE FROM products WHERE product_id = 3", ()),
        ),
    }
)
LIKED_CASCADES: Final = MappingProxyType[str, tuple[str, str]](
    {
        "review_votes_review_id_fkey": (
            "DELETE FROM reviews WHERE review_id = 1",
            "SELECT count(*) FROM review_votes WHERE review_id = 1",
        ),
        "review_votes_customer_id_fkey": (
            "DELETE FROM customers WHERE customer_id = 2",
            "SELECT count(*) FROM review_votes WHERE customer_id = 2",
        ),
        "wishlists_customer_id_fkey": (
            "DELETE FROM customers WHERE customer_id = 2",
            "SELECT count(*) FROM wishlists WHERE customer_id = 2",
        ),
        "wishlist_items_wishlist_id_fkey": (
            "DELETE FROM wishlists WHERE wishlist_id = 1",
            "SELECT count(*) FROM wishlist_items WHERE wishlist_id = 1",
        ),
        "wishlist_items_variant_id_fkey": (
            "DELETE FROM product_variants WHERE variant_id = 3",
            "SELECT count(*) FROM wishlist_items WHERE variant_id = 3",
        ),
    }
)


def _rows() -> Iterator[Case]:
    rule = "reviews_moderated"
    for status in ("published", "rejected"):
        yield accepted(rule, status, "reviews", {"status": status, "moderated_at": LATER})
        yield refused(rule, f"{status}-by-nobody", "reviews", {"status": status})
    yield refused(rule, "still-pending", "reviews", {"moderated_at": LATER})
    yield refused("review_votes_not_own", "own", "review_votes", {"customer_id": 1})
    rule = "product_ratings_counts_range"
    yield accepted(rule, "most", "product_ratings", dict.fromkeys(_STARS, _MOST))
    for column in _STARS:
        yield refused(rule, f"{column}-below", "product_ratings", {column: -1})
        yield refused(rule, f"{column}-above", "product_ratings", {column: _MOST + 1})


def _rules() -> Iterator[Case]:
    rule = "reviews_delivered"
    again = ("DELETE FROM reviews WHERE review_id = 1", ())
    early = (again, *fresh("reviews", customer_id=1, order_item_id=1))
    yield refused(rule, "on-its-way", steps=early, error=IllegalTransition)
    for status, ok in (("delivered", True), ("partially_delivered", False), ("shipped", False)):
        steps = (*changed("orders", "order_id = 1", fulfillment_status=status), *early)
        yield accepted(rule, status, steps=steps) if ok else refused(rule, status, steps=steps, error=IllegalTransition)
    for cancelled, ok in ((2, True), (3, False)):
        steps = (
            (f"UPDATE order_items SET cancelled_quantity = {cancelled} WHERE order_item_id = 3", ()),
            *fresh("reviews"),
        )
        yield (
            accepted(rule, "some-left", steps=steps)
            if ok
            else refused(rule, "none-left", steps=steps, error=IllegalTransition)
        )
    refund = changed("orders", "order_id = 3", status="refunded", status_at=LATER)
    yield accepted(rule, "refunded", steps=(*refund, *fresh("reviews")))

    rule = "reviews_frozen"
    for label, change in (("public-id", {"public_id": _OTHER}), ("key", {"review_id": 101})):
        steps = (*fresh("reviews"), *changed("reviews", "review_id = 100", **change))
        yield refused(rule, label, steps=steps)
    same = changed("reviews", "review_id = 1", product_id=1, customer_id=1, order_item_id=2)
    yield accepted(rule, "as-it-was", steps=same)

    rule = "reviews_votes_counted"
    yield refused(rule, "born-with-votes", "reviews", {"helpful_votes": 1}, guards=(f"{rule}_insert",))
    for votes in (0, 2):
        steps = changed("reviews", "review_id = 1", helpful_votes=votes)
        yield refused(rule, f"{votes}-instead-of-1", steps=steps, guards=(f"{rule}_update",))
    yield accepted(rule, "as-counted", steps=changed("reviews", "review_id = 1", helpful_votes=1))

    voted = (("UPDATE review_votes SET voted_at = ?", (LATER,)),)
    yield refused("review_votes_frozen", "another-date", steps=voted, guards=("review_votes_frozen_update",))

    rule = "product_ratings_follow_reviews"
    insert_, update, delete = (f"product_ratings_follow_{way}" for way in ("insert", "update", "delete"))
    yield refused(rule, "unrated", steps=fresh("product_ratings"), guards=(insert_,))
    yield refused(rule, "made-up", steps=fresh("product_ratings", ratings_5=1), guards=(insert_,))
    for setting in ("ratings_5 = 2", "ratings_5 = 0", "ratings_1 = 1", "ratings_5 = ratings_5", "product_id = 2"):
        steps = ((f"UPDATE product_ratings SET {setting} WHERE product_id = 1", ()),)
        yield refused(rule, setting.replace(" ", "-"), steps=steps, guards=(update,))
    steps = (("DELETE FROM product_ratings WHERE product_id = 1", ()),)
    yield refused(rule, "deleted", steps=steps, guards=(delete,))


LIKED_CASES: Final[tuple[Case, ...]] = (*_rows(), *_rules())
"""Every case of a rule of reviews."""

_COUNTS: Final[Step] = (
    f"SELECT {', '.join(_STARS)}, reviews, rating_sum FROM product_ratings WHERE product_id = ?",
    (1,),
)
_VOTES: Final[Step] = ("SELECT helpful_votes FROM reviews WHERE review_id = ?", (1,))


def _moderated(status: str, **changes: Any) -> tuple[Step, ...]:
    at = None if status == "pending" else LATER
    return changed("reviews", "review_id = 1", status=status, moderated_at=at, **changes)


def _effects() -> Iterator[tuple[str, tuple[str, ...], tuple[Step, ...], Step, list[tuple[Any, ...]]]]:
    insert_, update, delete = (f"reviews.reviews_rating_{way}" for way in ("insert", "update", "delete"))
    shown = fresh("reviews", status="published", moderated_at=LATER, rating=2)
    for name, triggers, steps, answer in (
        ("a review that comes published is counted", (insert_,), shown, (0, 1, 0, 0, 1, 2, 7)),
        ("a review that waits is not counted", (), fresh("reviews"), (0, 0, 0, 0, 1, 1, 5)),
        ("a rejected review is counted off", (update,), _moderated("rejected"), (0, 0, 0, 0, 0, 0, 0)),
        ("a review under moderation is counted off", (update,), _moderated("pending"), (0, 0, 0, 0, 0, 0, 0)),
        ("another rating moves the count", (update,), _moderated("published", rating=1), (1, 0, 0, 0, 0, 1, 1)),
        ("another text moves no count", (), _moderated("published", title="x", rating=5), (0, 0, 0, 0, 1, 1, 5)),
        (
            "a rating that changes with the status is counted once",
            (update,),
            (*_moderated("rejected", rating=3), *_moderated("published", rating=4)),
            (0, 0, 0, 1, 0, 1, 4),
        ),
        (
            "a deleted review is counted off",
            (delete,),
            (("DELETE FROM reviews WHERE review_id = 1", ()),),
            (0, 0, 0, 0, 0, 0, 0),
        ),
        (
            "a deleted review that waited is not counted off",
            (),
            (*fresh("reviews"), ("DELETE FROM reviews WHERE review_id = 100", ())),
            (0, 0, 0, 0, 1, 1, 5),
        ),
    ):
        yield name, triggers, steps, _COUNTS, [answer]
    first, last = (f"review_votes.review_votes_count_{way}" for way in ("insert", "delete"))
    yield "a vote is counted", (first,), fresh("review_votes"), _VOTES, [(2,)]
    back = (("DELETE FROM review_votes WHERE customer_id = 2", ()),)
    yield "a vote taken back is counted off", (last,), back, _VOTES, [(0,)]
    gone = (("DELETE FROM customers WHERE customer_id = 2", ()),)
    yield "a deleted customer's vote is counted off", (last,), gone, _VOTES, [(0,)]
    dated: Step = ("SELECT count(*) FROM reviews WHERE review_id = 1 AND updated_at < ?", (LATER,))
    yield "a vote does not date the review", (), fresh("review_votes"), dated, [(1,)]


RATING_EFFECTS: Final = tuple(_effects())
"""Name, triggers, steps, question and answer of each effect."""

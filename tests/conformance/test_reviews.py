"""Reviews: who may write one and what moderation does, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lumia import Shop
from lumia.errors import AlreadyExists, Conflict, IllegalTransition, InvalidReference, InvalidValue, NotFound
from lumia.types import ReviewStatus
from tests.support.liked import buy, deliver
from tests.support.order_lines import imported, line
from tests.support.reviewed import Reviewed, lay_reviewed
from tests.support.world import HOME


@pytest.fixture
def store(shop: Shop) -> Reviewed:
    """Two teas, and somebody who bought and got both."""
    return lay_reviewed(shop)


# --- writing ----------------------------------------------------------------------------------------------------------


def test_a_review_waits_for_a_moderator(store: Reviewed) -> None:
    """It keeps what was written, of the product that was bought, and nobody sees it yet."""
    review = store.write(rating=5, title=" Fine ", body="Tastes of grass.")

    assert (review.product_id, review.customer_id, review.order_item_id) == (
        store.product_id,
        store.customer_id,
        store.item_id,
    )
    assert (review.rating, review.title, review.body) == (5, "Fine", "Tastes of grass.")
    assert (review.status, review.moderated_at, review.version, review.helpful_votes) == ("pending", None, 0, 0)
    assert store.shop.reviews.get(review.review_id) == review
    assert store.shop.reviews.pending().items == (review,)
    assert store.shop.reviews.of_product(store.product_id).items == ()
    assert store.counts() == (0, 0, 0, 0, 0)


def test_what_an_import_brought_can_be_reviewed(shop: Shop, tmp_path: Path) -> None:
    """Imported orders have arrived long ago."""
    imported(shop, tmp_path, [line()])
    order = shop.orders.get(shop.orders.search().items[0].order_id)

    review = shop.reviews.write(order.customer_id, order.items[0].order_item_id, rating=1)

    assert review.product_id == order.items[0].product_id


@pytest.mark.parametrize("rating", [1, 5])
def test_texts_may_be_empty_or_long(store: Reviewed, rating: int) -> None:
    """A rating alone is a review, and the longest texts fit."""
    text = {"title": "\N{GRINNING FACE}" * 200, "body": "é" * 10_000} if rating == 5 else {}

    review = store.write(rating=rating, **text)

    assert (len(review.title), len(review.body)) == ((200, 10_000) if text else (0, 0))


@pytest.mark.parametrize(
    "fields",
    [
        {"rating": 0},
        {"rating": 6},
        {"rating": True},
        {"rating": "5"},
        {"rating": 4.5},
        {"title": "x" * 201},
        {"body": "x" * 10_001},
        {"body": "a\0b"},
        {"customer_id": 0},
        {"order_item_id": 2**63},
    ],
)
def test_bad_input_is_refused_before_the_database(store: Reviewed, fields: dict[str, Any]) -> None:
    """What cannot be a review is an InvalidValue."""
    given = {"customer_id": store.customer_id, "order_item_id": store.item_id, "rating": 4, **fields}

    with pytest.raises(InvalidValue) as refusal:
        store.shop.reviews.write(given.pop("customer_id"), given.pop("order_item_id"), **given)

    assert refusal.value.constraint is None


def test_nobody_reviews_what_they_did_not_buy(store: Reviewed) -> None:
    """Another customer's line, and one that does not exist, are none of theirs."""
    stranger = store.customer(1)

    for customer_id, item_id in ((stranger, store.item_id), (store.customer_id, 999_999), (999_999, store.item_id)):
        with pytest.raises(InvalidReference):
            store.shop.reviews.write(customer_id, item_id, rating=5)


def test_what_has_not_arrived_cannot_be_reviewed(store: Reviewed) -> None:
    """The database refuses it, even from who has reviewed the product already; then the parcel arrives."""
    customer_id, item_id = store.buyer(1)
    ordered = buy(store.shop, store.customer(2), store.variant_ids[:1], HOME, shipping_method="post")
    store.write()

    for buyer, line_id in (
        (store.customer_id, store.undelivered_item_id),
        (ordered.customer_id, ordered.items[0].order_item_id),
    ):
        with pytest.raises(IllegalTransition) as refusal:
            store.shop.reviews.write(buyer, line_id, rating=5)
        assert refusal.value.constraint == "reviews_delivered"
    deliver(store.shop, ordered.order_id)

    assert store.shop.reviews.write(ordered.customer_id, ordered.items[0].order_item_id, rating=5).review_id
    assert store.shop.reviews.write(customer_id, item_id, rating=5).review_id


def test_a_customer_reviews_a_product_once(store: Reviewed) -> None:
    """Buying it again gives no second review; another product is another matter."""
    store.write()
    deliver(store.shop, store.undelivered_order_id)

    for item_id in (store.item_id, store.undelivered_item_id):
        with pytest.raises(AlreadyExists) as refusal:
            store.shop.reviews.write(store.customer_id, item_id, rating=1)
        assert refusal.value.constraint == "reviews_customer_key"

    assert store.shop.reviews.write(store.customer_id, store.other_item_id, rating=1).review_id


# --- moderation -------------------------------------------------------------------------------------------------------


def test_a_published_review_is_shown_and_counted(store: Reviewed) -> None:
    """With its author's first name and no key of theirs."""
    review = store.write(rating=4, title="Fine")

    published = store.shop.reviews.publish(review.review_id, note="polite", version=0)
    again = store.shop.reviews.publish(review.review_id, note="very polite")
    (shown,) = store.shop.reviews.of_product(store.product_id).items

    assert (published.status, published.moderation_note) == (ReviewStatus.PUBLISHED, "polite")
    assert published.moderated_at is not None
    assert (again.status, again.moderation_note) == (ReviewStatus.PUBLISHED, "very polite")
    assert (shown.author, shown.rating, shown.title) == ("Ada", 4, "Fine")
    assert not {"customer_id", "order_item_id"} & set(type(shown).model_fields)
    assert store.shop.reviews.pending().items == ()
    assert store.counts() == (0, 0, 0, 1, 0)


def test_a_rejected_review_is_neither_shown_nor_counted(store: Reviewed) -> None:
    """Also one that had been published; and a moderator may think again."""
    review = store.write()
    reviews = store.shop.reviews

    reviews.publish(review.review_id)
    rejected = reviews.reject(review.review_id, note="an advertisement")
    hidden = reviews.of_product(store.product_id).items, store.counts()
    reviews.publish(review.review_id)

    assert (rejected.status, rejected.moderation_note) == (ReviewStatus.REJECTED, "an advertisement")
    assert hidden == ((), (0, 0, 0, 0, 0))
    assert store.counts() == (0, 0, 0, 1, 0)


@pytest.mark.parametrize("decide", ["publish", "reject"])
def test_an_edited_review_is_moderated_anew(store: Reviewed, decide: str) -> None:
    """It leaves the page and the counts, and waits with its new text."""
    review = store.write(rating=4, title="Fine", body="Grass.")
    getattr(store.shop.reviews, decide)(review.review_id, note="seen")

    edited = store.shop.reviews.edit(store.customer_id, review.review_id, rating=2, body="Hay.")

    assert (edited.rating, edited.title, edited.body) == (2, "Fine", "Hay.")
    assert (edited.status, edited.moderation_note, edited.moderated_at, edited.version) == ("pending", "", None, 1)
    assert store.shop.reviews.pending().items == (edited,)
    assert store.counts() == (0, 0, 0, 0, 0)
    store.shop.reviews.publish(review.review_id)
    assert store.counts() == (0, 1, 0, 0, 0)


def test_nobody_publishes_what_they_have_not_read(store: Reviewed) -> None:
    """The version that a moderator read is not the one that is there: nothing happens."""
    review = store.write()
    edited = store.shop.reviews.edit(store.customer_id, review.review_id, body="Buy at example.com!")

    for decide in (store.shop.reviews.publish, store.shop.reviews.reject):
        with pytest.raises(Conflict):
            decide(review.review_id, version=review.version)

    assert store.shop.reviews.get(review.review_id) == edited
    assert store.shop.reviews.publish(review.review_id, version=edited.version).status is ReviewStatus.PUBLISHED


def test_only_its_author_edits_a_review(store: Reviewed) -> None:
    """For anybody else there is no such review."""
    review = store.write()

    with pytest.raises(NotFound):
        store.shop.reviews.edit(store.customer(1), review.review_id, rating=1)

    assert store.shop.reviews.get(review.review_id) == review


@pytest.mark.parametrize(
    "call",
    [
        lambda reviews: reviews.get(999),
        lambda reviews: reviews.publish(999),
        lambda reviews: reviews.reject(999, version=0),
        lambda reviews: reviews.edit(1, 999, rating=1),
        lambda reviews: reviews.vote(1, 999),
        lambda reviews: reviews.unvote(1, 999),
        lambda reviews: reviews.summary(999),
    ],
)
def test_what_is_not_there_is_not_found(store: Reviewed, call: Callable[[Any], object]) -> None:
    """A key that nothing has."""
    with pytest.raises(NotFound):
        call(store.shop.reviews)


@pytest.mark.parametrize(
    "call",
    [
        lambda reviews: reviews.get(0),
        lambda reviews: reviews.publish(1, note="x" * 501),
        lambda reviews: reviews.publish(1, version=-1),
        lambda reviews: reviews.reject(1, version=True),
        lambda reviews: reviews.edit(1, 1, rating=6),
        lambda reviews: reviews.edit(0, 1),
        lambda reviews: reviews.vote(1, 1.0),
        lambda reviews: reviews.unvote("1", 1),
        lambda reviews: reviews.summary(-1),
        lambda reviews: reviews.pending(limit=0),
        lambda reviews: reviews.pending(after=-1),
        lambda reviews: reviews.of_product(1, limit=501),
        lambda reviews: reviews.of_product(1, rating=0),
        lambda reviews: reviews.of_product(1, order="body"),
        lambda reviews: reviews.of_product(1, after=(5, 1)),
        lambda reviews: reviews.of_product(1, order="-rating", after=1),
        lambda reviews: reviews.of_product(1, order="rating", after=("5", 1)),
    ],
)
def test_bad_arguments_are_refused(store: Reviewed, call: Callable[[Any], object]) -> None:
    """Before the database is asked."""
    with pytest.raises(InvalidValue):
        call(store.shop.reviews)

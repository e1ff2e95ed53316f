"""What becomes of published reviews: the orders they come in, the counts and the votes, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest

from lumia import Shop
from lumia.dto.reviews import ReviewSort
from lumia.errors import IllegalTransition, InvalidReference, InvalidValue
from tests.support.reviewed import Reviewed, lay_reviewed
from tests.support.together import together


@pytest.fixture
def store(shop: Shop) -> Reviewed:
    """Two teas, and somebody who bought and got both."""
    return lay_reviewed(shop)


# --- lists and counts -------------------------------------------------------------------------------------------------


def test_reviews_come_in_each_order_page_by_page(store: Reviewed) -> None:
    """Every order gives every review once, equal ones by their key, whatever the page's size."""
    ids = [store.shown(number, rating, votes) for number, (rating, votes) in enumerate(RATED, start=1)]
    keys: dict[str, Callable[[int], tuple[int, ...]]] = {
        "-review_id": lambda at: (-ids[at],),
        "-rating": lambda at: (-RATED[at][0], -ids[at]),
        "rating": lambda at: (RATED[at][0], ids[at]),
        "-helpful_votes": lambda at: (-RATED[at][1], -ids[at]),
    }

    assert set(keys) == set(get_args(ReviewSort))
    for order, key in keys.items():
        expected = [ids[at] for at in sorted(range(len(ids)), key=key)]
        for limit in (1, 2, 50):
            assert listed(store, limit, order=order) == expected, (order, limit)
    for order in keys:
        assert set(listed(store, 1, order=order, rating=5)) == {
            ids[at] for at, (stars, _) in enumerate(RATED) if stars == 5
        }


RATED = ((5, 0), (3, 2), (5, 1), (1, 0), (5, 2))
"""Rating and votes of each review, in the order in which they were written."""


def listed(store: Reviewed, limit: int, **arguments: Any) -> list[int]:
    """The keys of every page, one after the other."""
    found: list[int] = []
    after = None
    while True:
        page = store.shop.reviews.of_product(store.product_id, limit=limit, after=after, **arguments)
        found.extend(review.review_id for review in page.items)
        after = page.next
        if after is None:
            return found


def test_the_queue_comes_oldest_first(store: Reviewed) -> None:
    """Page by page."""
    first = store.write()
    second = store.shop.reviews.write(store.customer_id, store.other_item_id, rating=1)

    page = store.shop.reviews.pending(limit=1)

    assert page.items == (first,)
    assert store.shop.reviews.pending(after=page.next).items == (second,)


def test_the_summary_says_what_the_reviews_add_up_to(store: Reviewed) -> None:
    """The average is rounded half-up to two decimals; a product without reviews has none."""
    for number, rating in enumerate((5, 4, 4, 5, 5, 5, 5, 4), start=1):
        store.shown(number, rating)

    summary = store.shop.reviews.summary(store.product_id)
    empty = store.shop.reviews.summary(store.other_product_id)

    assert (summary.reviews, summary.rating_sum, str(summary.average)) == (8, 37, "4.63")
    assert store.counts() == (0, 0, 0, 3, 5)
    assert (empty.reviews, empty.average) == (0, None)


def test_reviews_published_at_once_are_all_counted(store: Reviewed) -> None:
    """No count is lost between transactions, not even for a product's first reviews."""
    written = [store.shop.reviews.write(*store.buyer(number), rating=1 + number % 5) for number in range(1, 9)]

    def decide(how: str, worker: int) -> None:
        for review in written[worker::4]:
            getattr(store.shop.reviews, how)(review.review_id)

    together(4, ["publish"], decide)

    assert store.counts() == (1, 2, 2, 2, 1)
    together(4, ["reject"], decide)
    assert store.counts() == (0, 0, 0, 0, 0)


# --- votes ------------------------------------------------------------------------------------------------------------


def test_a_vote_counts_once_and_can_be_taken_back(store: Reviewed) -> None:
    """However often it is given or taken."""
    review_id = store.shown(1, 5)
    voter = store.customer(2)
    reviews = store.shop.reviews

    votes = [
        call(voter, review_id).helpful_votes for call in (reviews.vote, reviews.vote, reviews.unvote, reviews.unvote)
    ]

    assert votes == [1, 1, 0, 0]
    assert reviews.vote(store.customer_id, review_id).helpful_votes == 1


def test_nobody_votes_for_their_own_review(store: Reviewed) -> None:
    """The database refuses it."""
    review = store.write()
    store.shop.reviews.publish(review.review_id)

    with pytest.raises(InvalidValue) as refusal:
        store.shop.reviews.vote(store.customer_id, review.review_id)

    assert refusal.value.constraint == "review_votes_not_own"


def test_only_published_reviews_are_voted_on(store: Reviewed) -> None:
    """One that waits or was rejected is not; a vote that it has can still be taken back."""
    review_id, voter = store.shown(1, 5), store.customer(2)
    store.shop.reviews.vote(voter, review_id)
    store.shop.reviews.reject(review_id)

    with pytest.raises(IllegalTransition):
        store.shop.reviews.vote(store.customer_id, review_id)

    assert store.shop.reviews.unvote(voter, review_id).helpful_votes == 0


def test_a_voter_exists(store: Reviewed) -> None:
    """A customer that does not is refused."""
    with pytest.raises(InvalidReference):
        store.shop.reviews.vote(999_999, store.shown(1, 5))


def test_votes_given_at_once_are_all_counted(store: Reviewed) -> None:
    """Those of several customers each, that of one who votes twice once."""
    review_id = store.shown(1, 5)
    voters = [store.customer(number) for number in range(2, 7)]

    together(4, [0, 1], lambda turn, worker: store.shop.reviews.vote(voters[turn + worker], review_id))

    assert store.shop.reviews.get(review_id).helpful_votes == 5

"""Reviews: written by who bought and got the product, moderated, voted on, and summed up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Final

from lumia.dto.base import checked_id, validated
from lumia.dto.reviews import (
    AfterCount,
    Moderation,
    NewReview,
    PublishedReview,
    RatingSummary,
    Review,
    ReviewQuery,
    ReviewSort,
    ReviewUpdate,
)
from lumia.errors import Conflict, IllegalTransition, InvalidReference
from lumia.repos.base import Repository, found, given, key_after, key_of, page_of, page_rows
from lumia.typedsql import UNSET, compose, prepare
from lumia.types import Page, ReviewStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from lumia.queries.protocols import Queries

__all__ = ["Reviews"]

_EXACT: Final = Context(prec=100, rounding=ROUND_HALF_UP)
_HUNDREDTH: Final = Decimal("0.01")


class Reviews(Repository):
    """What customers say about what they bought.

    A review waits for a moderator, is published or rejected by one, and waits again once its customer edits it. Only
    published ones are shown, counted and voted on.
    """

    def write(self, customer_id: int, order_item_id: int, *, rating: int, title: str = "", body: str = "") -> Review:
        """Review what a customer bought on a line of an order, with a rating from 1 to 5. One statement.

        The title has up to 200 characters, the body up to 10,000; both may be empty. The review waits for a moderator.

        Raises:
            InvalidReference: the line is none of the customer's.
            IllegalTransition: the order is not delivered as a whole, or the line was cancelled.
            AlreadyExists: the customer has reviewed the product; `edit` changes that review.
            InvalidValue: the rating or a text does not fit.
        """
        new = validated(
            NewReview, customer_id=customer_id, order_item_id=order_item_id, rating=rating, title=title, body=body
        )
        with self._context.unit(write=True) as unit:
            review = unit.q.reviews.insert_review(public_id=unit.new_uuid(), **dict(new), now=unit.now())
            if review is None:
                message = f"customer {new.customer_id} did not buy order item {new.order_item_id}: orders.get shows it"
                raise InvalidReference(message)
            return review

    def edit(
        self,
        customer_id: int,
        review_id: int,
        *,
        rating: int | None = None,
        title: str | None = None,
        body: str | None = None,
    ) -> Review:
        """Change what a customer's own review says; None leaves a field as it is. One statement.

        The review is shown and counted again when a moderator has published what it says now. Raises `NotFound`, also
        for the review of another customer, and `InvalidValue`.
        """
        update = validated(ReviewUpdate, rating=rating, title=title, body=body)
        with self._context.unit(write=True) as unit:
            review = unit.q.reviews.edit_review(
                review_id=checked_id("review_id", review_id),
                customer_id=checked_id("customer_id", customer_id),
                **dict(update),
                now=unit.now(),
            )
            return found(review, f"customer {customer_id} has no review {review_id}")

    def get(self, review_id: int) -> Review:
        """Read a review, whatever became of it. Raises `NotFound`. One statement."""
        return _read(self._context.q, checked_id("review_id", review_id))

    def publish(self, review_id: int, *, note: str = "", version: int | None = None) -> Review:
        """Show a review and count its rating. One statement, two statements where it raises.

        `note` has up to 500 characters. With the `version` that the moderator read, a review that was edited since
        raises `Conflict` and is not published unread. Publishing anew changes the note only. Raises `NotFound`, and
        `InvalidValue`.
        """
        return self._moderate(review_id, ReviewStatus.PUBLISHED, note=note, version=version)

    def reject(self, review_id: int, *, note: str = "", version: int | None = None) -> Review:
        """Turn a review down, or take a published one away again. One statement, two statements where it raises.

        `note` and `version` are as in `publish`. Raises `NotFound`, `Conflict` and `InvalidValue`.
        """
        return self._moderate(review_id, ReviewStatus.REJECTED, note=note, version=version)

    def pending(self, *, limit: int = 50, after: int | None = None) -> Page[Review]:
        """List the reviews that wait for a moderator, oldest first, `limit` (1 to 500) at a time. One statement.

        `after` is the last page's `next`. Raises `InvalidValue`.
        """
        rows = self._context.q.reviews.list_pending_reviews(after_id=key_after(after), max_rows=page_rows(limit))
        return page_of(rows, limit, lambda row: row.review_id)

    def of_product(
        self,
        product_id: int,
        *,
        rating: int | None = None,
        order: ReviewSort = "-review_id",
        limit: int = 50,
        after: int | tuple[int, int] | None = None,
    ) -> Page[PublishedReview]:
        """List a product's published reviews, `limit` (1 to 500) at a time: newest first, or as `order` says.

        `-rating` and `rating` list the best and the worst first, `-helpful_votes` the most helpful. `rating` keeps
        those that gave it. `after` is the last page's `next`: the last review's key, behind its rating or votes where
        these are the order; it goes with the same `order` and rating. A product that does not exist has no reviews.
        Raises `InvalidValue`. One statement.
        """
        wanted = validated(ReviewQuery, rating=rating, order=order)
        last: tuple[int, int] | None = None
        if wanted.order == "-review_id":
            after_id = key_of(after)  # type: ignore[arg-type]  # a pair is refused there
        else:
            last = None if after is None else validated(AfterCount, after=after).after
            after_id = UNSET if last is None else last[1]
        by_votes = wanted.order == "-helpful_votes"
        rows = self._context.q.reviews.list_published_reviews(
            product_id=checked_id("product_id", product_id),
            rating=given(wanted.rating),
            after_rating=last[0] if last and not by_votes else UNSET,
            after_votes=last[0] if last and by_votes else UNSET,
            after_id=after_id,
            order=wanted.order,
            max_rows=page_rows(limit),
        )
        return page_of(rows, limit, _KEYS[wanted.order])

    def summary(self, product_id: int) -> RatingSummary:
        """Tell how many published reviews a product has of each rating, and their average. One statement.

        The counts are kept with each review: nothing is added up. Raises `NotFound` for a product that does not exist.
        """
        row = found(
            self._context.q.reviews.get_rating_counts(product_id=checked_id("product_id", product_id)),
            f"there is no product {product_id}: catalog.list_products lists them",
        )
        average: Decimal | None = None
        if row.reviews:
            # A tie between two hundredths ends within a few digits, so that a hundred of them round it once.
            average = _EXACT.quantize(_EXACT.divide(row.rating_sum, row.reviews), _HUNDREDTH)
        return compose(RatingSummary, row, average=average)

    def vote(self, customer_id: int, review_id: int) -> Review:
        """Count a customer among those whom a published review helped; once, however often. Two statements.

        Raises:
            NotFound: there is no such review.
            IllegalTransition: it is not published.
            InvalidReference: there is no such customer.
            InvalidValue: it is the customer's own review.
        """
        checked_id("customer_id", customer_id)
        checked_id("review_id", review_id)
        with self._context.unit(write=True) as unit:
            reviews = unit.q.reviews
            _, row = unit.q.pipeline(
                (
                    prepare(reviews.insert_review_vote, review_id=review_id, customer_id=customer_id, now=unit.now()),
                    prepare(reviews.get_review, review_id=review_id),
                )
            )
            review = found(row, _no_review(review_id))
            if review.status is not ReviewStatus.PUBLISHED:
                message = f"review {review_id} is {review.status.value}: only published reviews are voted on"
                raise IllegalTransition(message)
            return review

    def unvote(self, customer_id: int, review_id: int) -> Review:
        """Take a customer's vote back; where there is none nothing changes. Two statements.

        Raises `NotFound` for a review that does not exist, and `InvalidValue`.
        """
        checked_id("customer_id", customer_id)
        checked_id("review_id", review_id)
        with self._context.unit(write=True) as unit:
            unit.q.reviews.delete_review_vote(review_id=review_id, customer_id=customer_id)
            return _read(unit.q, review_id)

    def _moderate(self, review_id: int, status: ReviewStatus, *, note: str, version: int | None) -> Review:
        decision = validated(Moderation, note=note, version=version)
        checked_id("review_id", review_id)
        with self._context.unit(write=True) as unit:
            review = unit.q.reviews.moderate_review(
                review_id=review_id,
                status=status,
                note=decision.note,
                version=given(decision.version),
                now=unit.now(),
            )
            if review is None:
                now = _read(unit.q, review_id)
                message = f"review {review_id} was edited and has version {now.version}: read it again"
                raise Conflict(message)
            return review


def _read(q: Queries, review_id: int) -> Review:
    return found(q.reviews.get_review(review_id=review_id), _no_review(review_id))


def _by_rating(row: PublishedReview) -> tuple[int, int]:
    return row.rating, row.review_id


_KEYS: Final[dict[ReviewSort, Callable[[PublishedReview], object]]] = {
    "-review_id": lambda row: row.review_id,
    "-rating": _by_rating,
    "rating": _by_rating,
    "-helpful_votes": lambda row: (row.helpful_votes, row.review_id),
}


def _no_review(review_id: int) -> str:
    return f"there is no review {review_id}: reviews.of_product and reviews.pending list them"

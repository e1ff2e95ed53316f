"""The queries of reviews, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from lumia.dto.reviews import PublishedReview, RatingCounts, Review
from lumia.typedsql import UNSET, Unset
from lumia.types import ReviewStatus

__all__ = ["ReviewsQueries"]


class ReviewsQueries(Protocol):
    """The queries of reviews.sql."""

    def delete_review_vote(self, *, review_id: int, customer_id: int) -> None:
        """Take a customer's vote back; a trigger counts it off.

        reviews.sql:1
        """
        ...

    def edit_review(
        self,
        *,
        review_id: int,
        customer_id: int,
        rating: int | None,
        title: str | None,
        body: str | None,
        now: datetime,
    ) -> Review | None:
        """Change the fields of a customer's own review that are given, and let it wait for a moderator again.

        reviews.sql:11
        """
        ...

    def get_rating_counts(self, *, product_id: int) -> RatingCounts | None:
        """How many published reviews of a product gave which rating, without reading them.

        reviews.sql:50
        """
        ...

    def get_review(self, *, review_id: int) -> Review | None:
        """One review by key, whatever became of it.

        reviews.sql:68
        """
        ...

    def insert_review(
        self,
        *,
        public_id: UUID,
        customer_id: int,
        order_item_id: int,
        rating: int,
        title: str,
        body: str,
        now: datetime,
    ) -> Review | None:
        """Write a review of what a customer bought on a line; no row when they did not.

        reviews.sql:92
        """
        ...

    def insert_review_vote(self, *, review_id: int, customer_id: int, now: datetime) -> None:
        """Count a customer's vote for a published review, once.

        reviews.sql:148
        """
        ...

    def list_pending_reviews(self, *, after_id: int, max_rows: int) -> list[Review]:
        """One page of the reviews that wait for a moderator, oldest first.

        reviews.sql:171
        """
        ...

    def list_published_reviews(
        self,
        *,
        product_id: int,
        rating: int | Unset = UNSET,
        after_rating: int | Unset = UNSET,
        after_votes: int | Unset = UNSET,
        after_id: int | Unset = UNSET,
        max_rows: int,
        order: Literal["-rating", "rating", "-helpful_votes", "-review_id"] = "-rating",
    ) -> list[PublishedReview]:
        """One page of a product's published reviews: best, worst, most helpful or newest first.

        reviews.sql:199
        """
        ...

    def moderate_review(
        self, *, review_id: int, status: ReviewStatus, note: str, version: int | Unset = UNSET, now: datetime
    ) -> Review | None:
        """Publish or reject a review, in the version that was read if one is given.

        reviews.sql:231
        """
        ...

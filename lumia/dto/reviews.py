"""Reviews of what customers bought, as they are written, moderated and shown, and what they add up to."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.fields import Length, Note, Trimmed
from lumia.types import Id, ReviewStatus, UtcDatetime

__all__ = [
    "AfterCount",
    "Moderation",
    "NewReview",
    "PublishedReview",
    "RatingCounts",
    "RatingSummary",
    "Review",
    "ReviewQuery",
    "ReviewSort",
    "ReviewUpdate",
]

Rating = Annotated[int, Field(strict=True, ge=1, le=5)]
"""From 1, the worst, to 5."""

_Title = Annotated[Trimmed, Length(0, 200)]
_Body = Annotated[Trimmed, Length(0, 10_000)]


class Review(FrozenRow):
    """A review as its author and the moderators see it."""

    review_id: int
    public_id: UUID
    order_item_id: int
    """The order's line on which the product was bought."""
    product_id: int
    customer_id: int
    rating: int
    title: str
    body: str
    status: ReviewStatus
    moderation_note: str
    """Why it was published or rejected; empty while it waits."""
    moderated_at: UtcDatetime | None
    """None while it waits for a moderator."""
    helpful_votes: int
    version: int
    """Grows with every edit."""
    created_at: UtcDatetime
    updated_at: UtcDatetime


class PublishedReview(FrozenRow):
    """A review as everybody sees it."""

    review_id: int
    public_id: UUID
    product_id: int
    author: str
    """The customer's first name; empty when they gave none."""
    rating: int
    title: str
    body: str
    helpful_votes: int
    created_at: UtcDatetime


class RatingCounts(FrozenRow):
    """How many published reviews of a product gave which rating."""

    product_id: int
    ratings_1: int
    ratings_2: int
    ratings_3: int
    ratings_4: int
    ratings_5: int
    reviews: int
    """All of them together."""
    rating_sum: int


class RatingSummary(RatingCounts):
    """What a product's published reviews add up to."""

    average: Decimal | None
    """Rounded half-up to two decimals; None without a review."""


class NewReview(InputModel):
    """A review to write; title and body may be empty."""

    customer_id: Id
    order_item_id: Id
    rating: Rating
    title: _Title = ""
    body: _Body = ""


class ReviewUpdate(InputModel):
    """What to change; None leaves a field as it is."""

    rating: Rating | None = None
    title: _Title | None = None
    body: _Body | None = None


class Moderation(InputModel):
    """A moderator's decision: why, and the version that they read, None for whichever it is."""

    note: Note = ""
    version: Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)] | None = None


ReviewSort = Literal["-review_id", "-rating", "rating", "-helpful_votes"]
"""The orders that a product's reviews come in: newest, best, worst or most helpful first; equal ones by their key."""


class ReviewQuery(InputModel):
    """Which published reviews to list, and how; None does not filter."""

    rating: Rating | None = None
    order: ReviewSort = "-review_id"


class AfterCount(InputModel):
    """Where a page of reviews by rating or votes begins: behind the one with this number and key."""

    after: tuple[Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)], Annotated[Id, Field(strict=True)]]

"""Search: what a query finds, how much of it there is of each kind, and what the index is made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from lumia.dto.base import FrozenRow, InputModel
from lumia.types import Id, Money, Price, SafeText

__all__ = [
    "CategoryCount",
    "IndexedProduct",
    "OptionCount",
    "ReindexBatch",
    "SearchCount",
    "SearchCursor",
    "SearchFacets",
    "SearchFilter",
    "SearchHit",
    "SearchItem",
    "SearchPage",
    "SearchSpelling",
    "SearchText",
    "Snippet",
    "Suggestion",
]


class SearchHit(FrozenRow):
    """A product that was found, as the database knows it."""

    product_id: int
    tier: int
    category_id: int
    slug: str
    name: str
    description: str
    price_from: Money
    is_in_stock: bool


class Snippet(FrozenRow):
    """A piece of a text and where in it the words stand that were searched for.

    Each mark is a pair of places in `text`, from the word's first code point to before its end: no markup is mixed
    into what somebody wrote.
    """

    text: str
    marks: tuple[tuple[int, int], ...]


class SearchItem(FrozenRow):
    """A product that was found."""

    product_id: int
    tier: int
    """How good a hit it is, by the worst of the query's terms: 0 name, 2 option, 4 description; 1, 3 and 5: there as
    the begin of a word."""
    category_id: int
    slug: str
    name: Snippet
    """The whole name."""
    snippet: Snippet
    """A piece of the description, around the first word that was searched for."""
    price_from: Money
    """The lowest price of the variants that the filters leave."""
    is_in_stock: bool
    """Whether one of the variants that the filters leave can be had now."""


class SearchSpelling(FrozenRow):
    """A word for the query's word at a place: that word itself if products on sale have it, else one like it."""

    place: int
    word: str
    is_known: bool


class SearchCount(FrozenRow):
    """One figure of what was found: the whole, a category or an option value, told apart by `kind`."""

    kind: str
    category_id: int
    name: str
    value: str
    products: int


class CategoryCount(FrozenRow):
    """How many of the products found stand in a category itself."""

    category_id: int
    name: str
    products: int


class OptionCount(FrozenRow):
    """How many of the products found have a fitting variant with a value of an option."""

    name: str
    value: str
    products: int


class SearchFacets(FrozenRow):
    """How many products a query finds with its filters, over all pages; the largest figures first, ties by name."""

    total: int
    in_stock: int
    categories: tuple[CategoryCount, ...]
    options: tuple[OptionCount, ...]


class SearchPage(FrozenRow):
    """One page of what was found; pass `next` back to get the page after it, None means the end."""

    items: tuple[SearchItem, ...]
    facets: SearchFacets
    next: tuple[int, int] | None = None
    corrected: str | None = None
    """Where nothing was found: the same query with its misspelt words exchanged for the nearest ones, which finds
    something, filters aside; what to ask with "did you mean?"."""


class Suggestion(FrozenRow):
    """A product whose name goes on like what was typed."""

    product_id: int
    slug: str
    name: str


def _listed(values: object) -> object:
    return (values,) if isinstance(values, str) else values


OptionChoice = Annotated[tuple[SafeText, ...], BeforeValidator(_listed), Field(min_length=1, max_length=100)]
"""The values of an option of which a variant must have one."""


class SearchFilter(InputModel):
    """Which of the products found to keep; None does not filter."""

    category_id: Annotated[Id, Field(strict=True)] | None = None
    price_from: Price | None = None
    price_to: Price | None = None
    in_stock: Annotated[bool, Field(strict=True)] | None = None
    options: Annotated[dict[SafeText, OptionChoice], Field(default_factory=dict, max_length=10)]


class SearchCursor(InputModel):
    """Where the next page of a search begins."""

    after: tuple[Annotated[int, Field(ge=0, le=5, strict=True)], Annotated[Id, Field(strict=True)]]


# --- the index --------------------------------------------------------------------------------------------------------


class SearchText(FrozenRow):
    """A text by which a product is found; `field` is 0 name, 1 option, 2 value, 3 SKU, 4 description."""

    product_id: int
    field: int
    text: str


class IndexedProduct(FrozenRow):
    """A product and the digest of what is indexed of it; None: nothing is."""

    product_id: int
    digest: bytes | None


class ReindexBatch(FrozenRow):
    """What a step of indexing did; pass `next` back for the step after it, None means that all is done."""

    checked: int
    written: int
    next: int | None

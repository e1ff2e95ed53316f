"""The models and the enum that the case files return."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from lumia.types import Money


class Genre(StrEnum):
    """What kind of book it is."""

    NOVEL = "novel"
    POETRY = "poetry"
    HOW_TO = "how_to"


class Frozen(BaseModel):
    """What all rows of the bookshop share."""

    model_config = ConfigDict(frozen=True)


class Key(Frozen):
    """A key alone."""

    book_id: int


class Book(Frozen):
    """A book as most queries give it."""

    book_id: int
    title: str
    price: Money


class BookDetails(Frozen):
    """A book with what it may lack."""

    book_id: int
    title: str
    subtitle: str | None
    isbn: str | None
    genre: Genre
    pages: int | None
    is_listed: bool
    added_at: datetime


class ListedBook(Frozen):
    """A book with an ISBN for certain."""

    book_id: int
    isbn: str


class BookAuthor(Frozen):
    """A book and its author."""

    book_id: int
    author_name: str


class BookShelf(Frozen):
    """A book and where it stands, which is always known."""

    book_id: int
    label: str


class MaybeShelf(Frozen):
    """A book and where it stands, if that is known."""

    book_id: int
    label: str | None


class BookCount(Frozen):
    """A book and a number that is always there."""

    book_id: int
    total: int


class MaybeCount(Frozen):
    """A book and a number that may be missing."""

    book_id: int
    total: int | None


class BookMoney(Frozen):
    """A book and an amount that is always there."""

    book_id: int
    amount: Money


class Labelled(Frozen):
    """A key with a text, of whatever kind of row."""

    kind: str
    key: int
    label: str


class KeyedKind(Frozen):
    """A number, what it is of, and a text."""

    key: int
    kind: str
    label: str


class Reader(Frozen):
    """A reader whose address is always known."""

    reader_id: int
    email: str


class MaybeReader(Frozen):
    """A reader whose address may be missing."""

    reader_id: int
    email: str | None


class Review(Frozen):
    """A review with its text, if there is any."""

    book_id: int
    reader_id: int
    stars: int
    body: str | None


class Step(Frozen):
    """A reader and how far away they were referred."""

    reader_id: int
    depth: int


class Total(Frozen):
    """A sum over everything."""

    total: int


class MaybeTotal(Frozen):
    """A sum that may be missing."""

    total: int | None

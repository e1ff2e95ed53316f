"""DTOs of a made-up library, for typed SQL's own tests: nothing here is of a shop."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict

from lumia.types import Logical, Money, Rate, UtcDatetime

__all__ = ["Book", "Everything", "Folded", "Genre", "Label", "Loan", "Note", "Shelf"]


class Genre(StrEnum):
    """What a book is about; one label needs quoting inside an array."""

    NOVEL = "novel"
    HOW_TO = 'how, "to"'


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True)


class Note(_Row):
    """A JSON value with an exact decimal."""

    text: str
    price: Decimal


class Label(_Row):
    """A row of one column."""

    label: str


class Folded(_Row):
    """A row whose validation changes what it is given."""

    label: Annotated[str, AfterValidator(str.lower)]


class Book(_Row):
    """A row with the types that are most used."""

    book_id: int
    title: str
    price: Money
    genre: Genre
    added_at: UtcDatetime
    isbn: str | None


class Shelf(_Row):
    """A richer DTO that no row gives."""

    book_id: int
    title: str
    price: Money
    genre: Genre
    added_at: UtcDatetime
    isbn: str | None
    loans: tuple[Loan, ...]


class Loan(_Row):
    """A second flat row."""

    loan_id: int
    book_id: int


class Everything(_Row):
    """One field of each logical type, optional ones and arrays."""

    an_int: int
    a_text: str
    a_bool: bool
    a_money: Money
    a_rate: Rate
    a_timestamp: UtcDatetime
    a_date: date
    a_uuid: UUID
    a_bytes: bytes
    an_enum: Genre
    a_json: Note
    maybe_int: int | None
    maybe_money: Money | None
    maybe_bool: bool | None
    maybe_uuid: UUID | None
    maybe_enum: Genre | None
    ints: tuple[int, ...]
    texts: tuple[str | None, ...]
    bools: tuple[bool, ...]
    moneys: tuple[Money, ...]
    rates: tuple[Annotated[Decimal, Logical("rate")], ...]
    timestamps: tuple[UtcDatetime, ...]
    dates: tuple[date, ...]
    uuids: tuple[UUID, ...]
    enums: tuple[Genre, ...]
    jsons: tuple[Note, ...]
    maybe_ints: tuple[int, ...] | None

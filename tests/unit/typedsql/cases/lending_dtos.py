"""The rows of the lending desk, and enums that lack a label on one side or another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from lumia.types import Money, Rate, UtcDatetime
from tests.unit.typedsql.cases.dtos import Genre


class Binding(StrEnum):
    """Lacks `spiral`, which both engines have."""

    HARD = "hard"
    SOFT = "soft"


class Media(StrEnum):
    """Has `tape`, which PostgreSQL's type lacks."""

    PAPER = "paper"
    DISC = "disc"
    TAPE = "tape"


class Origin(StrEnum):
    """Has `gift`, which SQLite's list lacks."""

    BOUGHT = "bought"
    GIFT = "gift"


class Mood(StrEnum):
    """SQLite has no list for it."""

    CALM = "calm"
    WILD = "wild"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True)


class Note(_Row):
    """A JSON value."""

    text: str
    price: Decimal


class Volume(_Row):
    """A volume and its price."""

    book_id: int
    title: str
    price: Money


class VolumeTitle(_Row):
    """Key and title."""

    book_id: int
    title: str


class VolumeGenre(_Row):
    """Key and genre."""

    book_id: int
    genre: Genre


class VolumeIsbn(_Row):
    """Key and a text that a volume always has, so says the field."""

    book_id: int
    isbn: str


class VolumeMaybe(_Row):
    """What a volume may lack."""

    book_id: int
    subtitle: str | None
    pages: int | None
    list_price: Money | None


class VolumeFull(_Row):
    """One column of each type."""

    book_id: int
    public_id: UUID
    title: str
    genre: Genre
    price: Money
    discount: Rate
    is_lent: bool
    published_on: date | None
    cover: bytes | None
    added_at: UtcDatetime


class VolumeLent(_Row):
    """Whether a volume is lent."""

    book_id: int
    is_lent: bool


class VolumeMoment(_Row):
    """When a volume came."""

    book_id: int
    added_at: UtcDatetime


class VolumeMaybeLoan(_Row):
    """A volume and a loan of it, if any."""

    book_id: int
    loan_id: int | None


class VolumeWriter(_Row):
    """A volume and a name."""

    book_id: int
    name: str


class VolumeMaybeWriter(_Row):
    """A volume and a name, if any."""

    book_id: int
    name: str | None


class Loan(_Row):
    """A loan."""

    loan_id: int
    book_id: int
    member_id: int


class WriterTotal(_Row):
    """A writer and an amount that is always there."""

    author_id: int
    total: Money


class OddityBinding(_Row):
    """A label that Python lacks."""

    oddity_id: int
    binding: Binding


class OddityMedia(_Row):
    """A label that PostgreSQL lacks."""

    oddity_id: int
    media: Media


class OddityOrigin(_Row):
    """A label that SQLite lacks."""

    oddity_id: int
    origin: Origin


class OddityMood(_Row):
    """Labels that SQLite does not hold."""

    oddity_id: int
    mood: Mood


class OddityExtra(_Row):
    """A JSON column."""

    oddity_id: int
    extra: Note


class OddityMoment(_Row):
    """A moment without zone."""

    oddity_id: int
    noted_at: UtcDatetime


class Shelf(_Row):
    """A shelf."""

    shelf_id: int
    label: str

"""Logical types: their spelling in query files, their Python side in DTOs, and what has none."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import ModuleType
from typing import Annotated, Any, Literal, NewType
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, RootModel

from lumia.errors import TypedSqlError
from lumia.typedsql import TypeRegistry
from lumia.typedsql.logical import LogicalType, logical_of, parse_logical
from lumia.typedsql.registry import row_shape
from lumia.types import Id, Logical, Money, Rate, SafeText, UtcDatetime
from tests.support import sample_dtos
from tests.support.sample_dtos import Book, Genre, Note

TARGETS = TypeRegistry.of(sample_dtos).types
Shelfmark = NewType("Shelfmark", str)


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("int", "int"),
        ("text?", "str | None"),
        ("bool", "bool"),
        ("money", "Decimal"),
        ("rate?", "Decimal | None"),
        ("timestamp", "datetime"),
        ("date", "date"),
        ("uuid", "UUID"),
        ("bytes?", "bytes | None"),
        ("enum:Genre", "Genre"),
        ("json:Note?", "Note | None"),
        ("int[]", "tuple[int, ...]"),
        ("text?[]", "tuple[str | None, ...]"),
        ("enum:Genre[]?", "tuple[Genre, ...] | None"),
        ("money?[]?", "tuple[Decimal | None, ...] | None"),
    ],
)
def test_a_spelling_is_read_and_written_alike(text: str, python: str) -> None:
    """A type reads back as it was spelt, and says what it is in Python."""
    logical = parse_logical(text, TARGETS)

    assert str(logical) == text
    assert logical.python == python


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (int, "int"),
        (Id, "int"),
        (str, "text"),
        (SafeText, "text"),
        (Literal["a", "b"], "text"),
        (Shelfmark, "text"),
        (bool, "bool"),
        (Money, "money"),
        (Rate | None, "rate?"),
        (Annotated[Decimal, Field(ge=0), Logical("money")], "money"),
        (UtcDatetime, "timestamp"),
        (datetime | None, "timestamp?"),
        (date, "date"),
        (UUID, "uuid"),
        (bytes, "bytes"),
        (Genre, "enum:Genre"),
        (Note | None, "json:Note?"),
        (tuple[Money, ...], "money[]"),
        (tuple[int | None, ...] | None, "int?[]?"),
    ],
)
def test_an_annotation_tells_its_logical_type(annotation: Any, text: str) -> None:
    """What a DTO says in Python is what a query file spells."""
    assert str(logical_of(annotation)) == text


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (Decimal, "must say what it is: Money, Rate"),
        (float, "has no logical type"),
        (list[int], "has no logical type"),
        (int | str, "a union of 2 types"),
        (tuple[int, int], "spelt tuple\\[X, ...\\]"),
        (tuple[tuple[int, ...], ...], "array of arrays"),
        (tuple[bytes, ...], "cannot travel"),
        (Literal[1, 2], "has no logical type"),
    ],
)
def test_an_annotation_without_logical_type_is_refused(annotation: Any, words: str) -> None:
    """A float would lose cents, a bare Decimal does not say how many decimals it has."""
    with pytest.raises(ValueError, match=words):
        logical_of(annotation)


def test_a_row_has_the_fields_of_its_dto_in_order() -> None:
    """Columns are the DTO's fields, by name and order."""
    shape = row_shape(Book)

    assert [(column.name, str(column.type)) for column in shape.columns] == [
        ("book_id", "int"),
        ("title", "text"),
        ("price", "money"),
        ("genre", "enum:Genre"),
        ("added_at", "timestamp"),
        ("isbn", "text?"),
    ]


class _Mutable(BaseModel):
    a: int


class _Extra(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")
    a: int


class _Private(BaseModel):
    model_config = ConfigDict(frozen=True)
    a: int
    _b: int = PrivateAttr(default=1)


class _After(BaseModel):
    model_config = ConfigDict(frozen=True)
    a: int

    def model_post_init(self, _context: object, /) -> None:
        """Do something that a row maker would skip."""


class _Root(RootModel[int]):
    model_config = ConfigDict(frozen=True)


class _Empty(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Float(BaseModel):
    model_config = ConfigDict(frozen=True)
    a: float


@pytest.mark.parametrize(
    ("dto", "words"),
    [
        (_Mutable, "must be frozen"),
        (_Extra, "allows extra fields"),
        (_Private, "has private attributes"),
        (_After, "runs code of its own"),
        (_Root, "root model"),
        (_Empty, "has no fields"),
        (_Float, "_Float.a: .*has no logical type"),
    ],
)
def test_a_dto_that_a_row_maker_would_break_is_refused(dto: type[BaseModel], words: str) -> None:
    """Building without validation must give what validation would have given."""
    with pytest.raises(ValueError, match=words):
        row_shape(dto)


def test_a_registry_finds_models_and_enums_of_packages_too() -> None:
    """A package counts with its submodules, private names and imported helpers do not."""
    import lumia.types  # noqa: PLC0415 - the module itself is the argument

    registry = TypeRegistry.of(lumia.types, sample_dtos)

    assert registry.dto("Book") is Book
    assert registry.dto("Genre") is None
    assert registry.types["Genre"] is Genre
    assert "BaseModel" not in registry.types
    assert "_Row" not in registry.types


def test_two_classes_of_one_name_are_refused() -> None:
    """Query files know classes by name alone."""
    module = ModuleType("other")
    vars(module)["Genre"] = StrEnum("Genre", ["POEM"])

    with pytest.raises(TypedSqlError, match="two classes are called Genre"):
        TypeRegistry.of(sample_dtos, module)


def test_types_are_equal_by_what_they_say() -> None:
    """The checker compares types of files, DTOs and servers."""
    assert parse_logical("enum:Genre[]", TARGETS) == LogicalType("enum", Genre, array=True)

"""Column types that let SQLAlchemy read and write the values as Lumia stores them on either engine."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Dialect, Integer, Numeric, Text, Uuid
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.types import TypeDecorator, TypeEngine

__all__ = ["Codes", "Instant", "Labels", "Money", "PublicId", "Rate"]


class _Scaled(TypeDecorator[Decimal]):
    """A Decimal: numeric on PostgreSQL, an integer number of `quantum`s on SQLite."""

    impl = Numeric
    cache_ok = True
    quantum: ClassVar[Decimal]

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's own type on the engine at hand."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Give the engine an integer where it has no decimals."""
        if value is None or dialect.name != "sqlite":
            return value
        return int(value / self.quantum)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Make an integer a Decimal again."""
        if value is None or dialect.name != "sqlite":
            return value  # type: ignore[no-any-return]
        return Decimal(value) * self.quantum


class Money(_Scaled):
    """An amount with four decimals."""

    cache_ok = True
    quantum = Decimal("0.0001")


class Rate(_Scaled):
    """A share of one with six decimals."""

    cache_ok = True
    quantum = Decimal("0.000001")


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime: timestamptz on PostgreSQL, 27 characters of text on SQLite."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's own type on the engine at hand."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Write the fixed-width text on SQLite."""
        if value is None or dialect.name != "sqlite":
            return value
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read the fixed-width text on SQLite."""
        if value is None or dialect.name != "sqlite":
            return value  # type: ignore[no-any-return]
        return datetime.fromisoformat(value).astimezone(UTC)


class PublicId(TypeDecorator[UUID]):
    """A UUID: uuid on PostgreSQL, 36 characters of text on SQLite."""

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's own type on the engine at hand."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Uuid())

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        """Write text on SQLite."""
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        """Read text on SQLite."""
        return UUID(value) if value is not None and dialect.name == "sqlite" else value


class Codes(TypeDecorator[tuple[str, ...]]):
    """A tuple of texts: text[] on PostgreSQL, a JSON array on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's own type on the engine at hand."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(Text()))

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> Any:
        """Write JSON on SQLite."""
        return json.dumps(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...]:
        """Read JSON on SQLite."""
        return tuple(json.loads(value) if dialect.name == "sqlite" else value)


def Labels(labels: type[StrEnum], name: str) -> SqlEnum:  # noqa: N802 - stands where a column type stands
    """Map a status enum to the existing type `name`, by its labels."""
    return SqlEnum(labels, name=name, values_callable=lambda cls: [item.value for item in cls], create_constraint=False)

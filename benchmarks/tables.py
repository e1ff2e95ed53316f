"""What the models share: their registry and the columns' types."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Integer, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column

from benchmarks.columns import Instant, Money, PublicId, Rate

__all__ = ["Amount", "At", "Base", "Int", "Key", "Share", "Str", "Uid"]

BigInt = BigInteger().with_variant(Integer(), "sqlite")

Key = Annotated[int, mapped_column(BigInt, Identity(), primary_key=True)]
Int = Annotated[int, mapped_column(BigInt)]
Str = Annotated[str, mapped_column(Text)]
Uid = Annotated[UUID, mapped_column(PublicId)]
Amount = Annotated[Decimal, mapped_column(Money)]
Share = Annotated[Decimal, mapped_column(Rate)]
At = Annotated[datetime, mapped_column(Instant)]


class Base(DeclarativeBase):
    """The models' registry."""

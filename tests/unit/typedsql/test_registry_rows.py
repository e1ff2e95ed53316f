"""Which models a row can become: those whose every promise is a type, for proven rows are made without validation."""

from __future__ import annotations

from typing import Self

import pytest
from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from lumia.typedsql.registry import row_shape


class FieldChecked(BaseModel, frozen=True):
    """Its field has a validator."""

    name: str

    @field_validator("name")
    @classmethod
    def checked(cls, value: str) -> str:
        """Refuse the empty text."""
        if not value:
            raise ValueError
        return value


class WholeChecked(BaseModel, frozen=True):
    """Its fields are checked together."""

    low: int
    high: int

    @model_validator(mode="after")
    def checked(self) -> Self:
        """Refuse a range without extent."""
        if self.low >= self.high:
            raise ValueError
        return self


class Upper(BaseModel):
    """Its texts are changed."""

    model_config = ConfigDict(frozen=True, str_to_upper=True)

    name: str


class Stripped(BaseModel):
    """Its texts lose their blanks."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    name: str


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (FieldChecked, "FieldChecked cannot be a row: it has validators"),
        (WholeChecked, "WholeChecked cannot be a row: it has validators"),
        (Upper, "Upper cannot be a row: its configuration changes texts"),
        (Stripped, "Stripped cannot be a row: its configuration changes texts"),
    ],
)
def test_a_model_that_does_more_than_hold_values_is_refused(model: type[BaseModel], words: str) -> None:
    """What a validator promises would silently not hold once a query is proven."""
    with pytest.raises(ValueError, match=words):
        row_shape(model)

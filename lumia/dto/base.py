"""The two bases of every data object, and the one place where bad input becomes `InvalidValue`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from lumia.errors import InvalidValue
from lumia.types import MAX_ID

__all__ = [
    "UNCHANGED",
    "FrozenRow",
    "InputModel",
    "Unchanged",
    "checked_id",
    "checked_items",
    "rechecked",
    "validated",
]

ItemT = TypeVar("ItemT")
ModelT = TypeVar("ModelT", bound=BaseModel)


class Unchanged(Enum):
    """The type of `UNCHANGED`."""

    UNCHANGED = "unchanged"

    def __repr__(self) -> str:
        """Read well in a signature."""
        return self.name


UNCHANGED: Final = Unchanged.UNCHANGED
"""Default of an update's argument whose column may be NULL: there None means "empty it", UNCHANGED "leave it"."""


class FrozenRow(BaseModel):
    """Base of everything that a repository returns: immutable, equal by value, built from one row or composed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class InputModel(BaseModel):
    """Base of everything that a caller hands in: validated when built, unknown fields refused.

    Building one with a bad value raises `InvalidValue`, which names the fields and never shows their values.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def __init__(self, /, **fields: Any) -> None:
        """Validate the fields; raise `InvalidValue` for what does not fit."""
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise _refusal(type(self), error) from None
        except TypeError as error:
            raise _misnamed(type(self), error) from None

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_floats(cls, value: object) -> object:
        # No field of Lumia is a float, and a float that became a Decimal has lost cents before anybody could look.
        if isinstance(value, float):
            message = "a float is not exact; give a Decimal, an int or a str"
            raise ValueError(message)  # noqa: TRY004 - pydantic collects ValueError only
        return value


def validated(model: type[ModelT], /, **fields: object) -> ModelT:
    """Build a `model` from keyword arguments; raise `InvalidValue` with the fields' names where they do not fit."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise _refusal(model, error) from None
    except TypeError as error:
        raise _misnamed(model, error) from None


def rechecked(model: type[ModelT], value: ModelT) -> ModelT:
    """Validate an input object once more: `model_copy` and `model_construct` make ones that nobody has looked at.

    Raises `InvalidValue` for another class, and with the fields' names where they do not fit.
    """
    if not isinstance(value, model):
        message = f"give a {model.__name__}, not a {type(value).__name__}"
        raise InvalidValue(message)
    return validated(model, **dict(value))


def checked_id(field: str, value: int) -> int:
    """Give a row's key back if it can be one (an int from 1 to 2**63 - 1), else raise `InvalidValue`."""
    # The exact type: True is an int to Python and would silently mean row 1.
    if type(value) is not int or not 1 <= value <= MAX_ID:
        message = f"{field}: give a row's key, an int between 1 and 2**63 - 1"
        raise InvalidValue(message)
    return value


def checked_items(field: str, values: Iterable[ItemT]) -> tuple[ItemT, ...]:
    """Give what an argument lists as a tuple; raise `InvalidValue` for what lists nothing, and for a single text."""
    # A text would come apart into letters, a mapping into its keys: neither is what anybody meant.
    if isinstance(values, (str, bytes, bytearray, Mapping)) or not isinstance(values, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        message = f"{field}: give a sequence"
        raise InvalidValue(message)
    return tuple(values)


def _misnamed(model: type[BaseModel], error: TypeError) -> InvalidValue | TypeError:
    # An object inside an argument becomes keywords before pydantic looks at it; any other TypeError is a mistake here.
    if str(error) != "keywords must be strings":
        return error
    return InvalidValue(f"{model.__name__} refused: the names of fields are texts")


def _refusal(model: type[BaseModel], error: ValidationError) -> InvalidValue:
    # Only locations and pydantic's fixed sentences: an input value may be somebody's address.
    problems = [
        f"{'.'.join(str(part) for part in detail['loc']) or 'fields'}: {detail['msg'].removeprefix('Value error, ')}"
        for detail in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return InvalidValue(f"{model.__name__} refused: {'; '.join(problems)}")

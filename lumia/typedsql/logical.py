"""Logical types: how `money`, `enum:OrderStatus` or `text[]?` in a query file meet the Python types of DTO fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, NewType, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel

from lumia.types import Logical

__all__ = ["PYTHON_TYPES", "LogicalType", "logical_of", "parse_logical"]

PYTHON_TYPES: Final[Mapping[str, type]] = {
    "int": int,
    "text": str,
    "bool": bool,
    "money": Decimal,
    "rate": Decimal,
    "timestamp": datetime,
    "date": date,
    "uuid": UUID,
    "bytes": bytes,
}
"""The Python class of each plain logical type; `enum:` and `json:` carry their own."""

_KIND_OF_CLASS: Final[Mapping[type, str]] = {
    int: "int",
    str: "text",
    bool: "bool",
    datetime: "timestamp",
    date: "date",
    UUID: "uuid",
    bytes: "bytes",
}

_SPELLING: Final = re.compile(
    r"(?P<kind>[a-z]+)(?::(?P<target>[A-Za-z_]\w*))?(?P<nulls>\?)?(?:(?P<array>\[\])(?P<optional>\?)?)?"
)


@dataclass(frozen=True, slots=True)
class LogicalType:
    """A type that both engines know: its kind, and whether it is an array or may be NULL.

    `target` is the StrEnum of an `enum`, the pydantic model of a `json`, and None for every other kind.
    """

    kind: str
    target: type | None = None
    array: bool = False
    null_elements: bool = False
    optional: bool = False

    def __str__(self) -> str:
        """Spell the type as a query file does."""
        text = self.kind if self.target is None else f"{self.kind}:{self.target.__name__}"
        if self.array:
            text += "?[]" if self.null_elements else "[]"
        return f"{text}?" if self.optional else text

    @property
    def element(self) -> LogicalType:
        """The type of an array's element; of any other type, the type when it is not NULL."""
        return LogicalType(self.kind, self.target, optional=self.array and self.null_elements)

    @property
    def python_class(self) -> type:
        """The exact class of a value that is not NULL; of an element, if the type is an array."""
        return self.target if self.target is not None else PYTHON_TYPES[self.kind]

    @property
    def python(self) -> str:
        """The type as Python spells it in an annotation."""
        text = self.python_class.__name__
        if self.array:
            text = f"tuple[{text} | None, ...]" if self.null_elements else f"tuple[{text}, ...]"
        return f"{text} | None" if self.optional else text


def parse_logical(text: str, targets: Mapping[str, type]) -> LogicalType:
    """Read a type as it is spelt in a query file, such as `int`, `enum:OrderStatus` or `text?[]`.

    `targets` holds the enums and models that may be named. Raises ValueError with words for the reader of the file.
    """
    match = _SPELLING.fullmatch(text)
    if match is None:
        message = f"`{text}` is not a type: write a kind such as int, then ? for NULL and [] for an array"
        raise ValueError(message)
    kind, name = match["kind"], match["target"]
    if kind not in PYTHON_TYPES and kind not in {"enum", "json"}:
        known = ", ".join([*PYTHON_TYPES, "enum:Name", "json:Model"])
        message = f"unknown type `{kind}`; the types are {known}"
        raise ValueError(message)
    target = _target(kind, name, targets)
    array = match["array"] is not None
    result = LogicalType(
        kind,
        target,
        array=array,
        null_elements=array and match["nulls"] is not None,
        optional=match["optional"] is not None if array else match["nulls"] is not None,
    )
    return _travels(result)


def _target(kind: str, name: str | None, targets: Mapping[str, type]) -> type | None:
    if kind not in {"enum", "json"}:
        if name is not None:
            message = f"`{kind}` takes no name after a colon"
            raise ValueError(message)
        return None
    base = StrEnum if kind == "enum" else BaseModel
    if name is None:
        message = f"`{kind}` needs a name: {kind}:{'OrderStatus' if kind == 'enum' else 'Model'}"
        raise ValueError(message)
    target = targets.get(name)
    if target is None or not issubclass(target, base):
        word = "StrEnum" if kind == "enum" else "pydantic model"
        message = f"no {word} called `{name}` is known"
        raise ValueError(message)
    return target


def _travels(logical: LogicalType) -> LogicalType:
    if logical.array and logical.kind == "bytes":
        message = "bytes[] cannot travel: SQLite carries arrays as JSON, which has no bytes"
        raise ValueError(message)
    return logical


def logical_of(annotation: Any, metadata: tuple[Any, ...] = ()) -> LogicalType:
    """Tell the logical type of a DTO field from its annotation and the metadata that pydantic took off it.

    Raises ValueError with words if the annotation has none.
    """
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return logical_of(inner, (*more, *metadata))
    marker = next((entry.name for entry in metadata if isinstance(entry, Logical)), None)
    if origin in {Union, UnionType}:
        return _optional(get_args(annotation), metadata)
    if origin is tuple:
        return _array(get_args(annotation))
    if origin is Literal and all(isinstance(label, str) for label in get_args(annotation)):
        return LogicalType("text")
    if isinstance(annotation, NewType):
        return logical_of(annotation.__supertype__, metadata)
    if hasattr(annotation, "__value__"):  # a `type X = …` alias
        return logical_of(annotation.__value__, metadata)
    if marker is not None:
        return LogicalType(marker)
    return LogicalType(*_plain(annotation))


def _optional(arms: tuple[Any, ...], metadata: tuple[Any, ...]) -> LogicalType:
    rest = [arm for arm in arms if arm is not NoneType]
    if len(rest) != 1 or len(rest) == len(arms):
        message = f"a union of {len(rest)} types has no logical type; only `X | None` has"
        raise ValueError(message)
    return replace(logical_of(rest[0], metadata), optional=True)


def _array(arms: tuple[Any, ...]) -> LogicalType:
    if len(arms) != 2 or arms[1] is not Ellipsis:  # noqa: PLR2004 - tuple[X, ...] has two arguments
        message = "an array field is spelt tuple[X, ...]"
        raise ValueError(message)
    element = logical_of(arms[0])
    if element.array:
        message = "an array of arrays has no logical type"
        raise ValueError(message)
    return _travels(replace(element, array=True, null_elements=element.optional, optional=False))


def _plain(annotation: Any) -> tuple[str, type | None]:
    if annotation is Decimal:
        message = "a Decimal field must say what it is: Money, Rate, or Annotated[Decimal, Logical('money')]"
        raise ValueError(message)
    kind = _KIND_OF_CLASS.get(annotation)
    if kind is not None:
        return kind, None
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return "enum", annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "json", annotation
    message = f"{annotation!r} has no logical type"
    raise ValueError(message)

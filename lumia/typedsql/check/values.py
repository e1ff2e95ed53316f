"""What SQLite really gives for a column: storage class and form, which no declaration of an expression tells."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final, cast

from pydantic import BaseModel, ValidationError

from lumia.typedsql.logical import LogicalType

__all__ = ["value_words"]

_FORMS: Final = {
    "timestamp": (
        re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"),
        "text of 27 characters such as 2024-01-02T03:04:05.000006Z",
    ),
    "date": (re.compile(r"\d{4}-\d\d-\d\d"), "text of 10 characters such as 2024-01-02"),
    "uuid": (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "text of 36 characters"),
}
_FORM: Final = "select it in the form of its type"
_REAL: Final = "a division, an average or a sum of REAL gives it; CAST it, or count in whole units"
_CLASSES: Final[dict[type, str]] = {int: "INTEGER", float: "REAL", str: "TEXT", bytes: "BLOB", type(None): "NULL"}


def value_words(logical: LogicalType, value: Any) -> str | None:
    """Tell, in words, how a value that SQLite gives is not one of the logical type; None if it is, or is NULL."""
    if value is None:
        return None
    if logical.array:
        return _array(logical, value)
    if logical.kind in {"int", "money", "rate", "bool"}:
        if type(value) is not int:
            hint = _REAL if type(value) is float else _FORM
            return f"{_CLASSES[type(value)]} instead of INTEGER: {hint}"
        if logical.kind == "bool" and value not in {0, 1}:
            return f"{value} instead of 0 or 1: compare it, so that it is a truth"
        return None
    wanted = bytes if logical.kind == "bytes" else str
    if type(value) is not wanted:
        return f"{_CLASSES[type(value)]} instead of {_CLASSES[wanted]}: {_FORM}"
    return _KINDS.get(logical.kind, _plain)(logical, value)


def _array(logical: LogicalType, value: Any) -> str | None:
    items = _items(value)
    if items is None:
        return f"{_CLASSES[type(value)]} that is no JSON array: make it with json_group_array"
    if None in items and not logical.null_elements:
        return "a JSON array with null in it: leave NULL out with FILTER, or say so in the field's type"
    return next((words for item in items if (words := value_words(logical.element, item)) is not None), None)


def _items(value: Any) -> list[Any] | None:
    try:
        found: Any = json.loads(value)
    except (TypeError, ValueError):
        return None
    if found.__class__ is not list:
        return None
    items: list[Any] = found
    return items


def _plain(_logical: LogicalType, _value: Any) -> None:
    return None


def _formed(logical: LogicalType, value: Any) -> str | None:
    pattern, words = _FORMS[logical.kind]
    return None if pattern.fullmatch(value) else f"text of another form than {words}: write it in that form"


def _labelled(logical: LogicalType, value: Any) -> str | None:
    labels = {label.value for label in cast("type[StrEnum]", logical.python_class)}
    return (
        None
        if value in labels
        else f"a text that is no label of {logical.python_class.__name__}: select a column with these labels"
    )


def _model(logical: LogicalType, value: Any) -> str | None:
    try:
        cast("type[BaseModel]", logical.python_class).model_validate_json(value)
    except ValidationError:
        return f"a text that is no JSON of {logical.python_class.__name__}: select the column that holds it"
    return None


_KINDS: Final[dict[str, Callable[[LogicalType, Any], str | None]]] = {
    "timestamp": _formed,
    "date": _formed,
    "uuid": _formed,
    "enum": _labelled,
    "json": _model,
}

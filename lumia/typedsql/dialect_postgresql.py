"""PostgreSQL's table: every placeholder is cast, enum labels arrive as bytes, arrays are sent in their text form."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import cache
from typing import Any, Final, cast

from pydantic import BaseModel

from lumia.typedsql.codegen import Scope
from lumia.typedsql.decimals import MONEY, QUANTIZE, RATE
from lumia.typedsql.dialects import Dialect
from lumia.typedsql.logical import LogicalType

__all__ = ["CASTS", "POSTGRESQL", "enum_type_name"]

CASTS: Final = {
    "int": "bigint",
    "text": "text",
    "bool": "boolean",
    "money": "numeric",
    "rate": "numeric",
    "timestamp": "timestamptz",
    "date": "date",
    "uuid": "uuid",
    "bytes": "bytea",
    "json": "text",
}
"""The server's type for each logical type but `enum`: base types, so that a comparison can use an index."""

_EXACT: Final = {"money": MONEY, "rate": RATE}
_TO_EXACT: Final = {kind: exact.to_exact() for kind, exact in _EXACT.items()}


def enum_type_name(target: type) -> str:
    """Tell the name of the enum type on the server: OrderStatus is order_status."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", target.__name__).lower()


def _cast(logical: LogicalType) -> str:
    name = enum_type_name(logical.python_class) if logical.kind == "enum" else CASTS[logical.kind]
    return f"{name}[]" if logical.array else name


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _write_array(items: Iterable[str]) -> str:
    # Text, not a list: the driver would look for a type in the first element, and has none in an empty list.
    return "{" + ",".join(items) + "}"


def _encode(logical: LogicalType, variable: str, scope: Scope) -> str:
    if logical.array:
        item = _array_item(logical.element, scope)
        return f"{scope.name('write_array', _write_array)}([{item} for _e in {variable}])"
    if logical.kind in _TO_EXACT:
        return f"{scope.name(f'{logical.kind}_exact', _TO_EXACT[logical.kind])}({variable})"
    if logical.kind == "enum":
        return f"{variable}._value_"
    if logical.kind == "json":
        return f"{variable}.model_dump_json()"
    return variable


def _array_item(element: LogicalType, scope: Scope) -> str:
    value = _encode(LogicalType(element.kind, element.target), "_e", scope)
    if element.kind in {"text", "enum", "json"}:
        text = f"{scope.name('quote', _quote)}({value})"
    elif element.kind == "timestamp":
        text = f"{value}.isoformat()"
    else:
        text = f"{scope.name('str', str)}({value})"
    return f"('NULL' if _e is None else {text})" if element.optional else text


def _decode(logical: LogicalType, variable: str, scope: Scope) -> str:
    if logical.array:
        element = POSTGRESQL.decoded(logical.element, "_e", scope)
        read = scope.name("label_items", _label_items) if logical.kind == "enum" else scope.name("items", _items)
        items = f"{read}({variable})"
        return f"{scope.name('tuple', tuple)}({items if element == '_e' else f'[{element} for _e in {items}]'})"
    if logical.kind in _EXACT:
        quantum = scope.name(f"{logical.kind}_quantum", _EXACT[logical.kind].quantum)
        return f"{scope.name('quantize', QUANTIZE)}({variable}, {quantum})"
    if logical.kind in {"enum", "json"}:
        reader = _reader(logical.kind, logical.python_class)
        return f"{scope.name(f'read_{logical.python_class.__name__}', reader)}({variable})"
    return variable


@cache
def _reader(kind: str, target: type) -> Callable[[Any], Any]:
    if kind == "json":
        return cast("type[BaseModel]", target).model_validate_json
    # A binary result of a type that the driver does not know arrives as bytes, a textual one as str.
    labels: dict[Any, StrEnum] = {label.value.encode(): label for label in cast("type[StrEnum]", target)}
    labels.update({label.value: label for label in labels.values()})
    return labels.__getitem__


def _items(value: Any) -> list[Any]:
    if value.__class__ is list:
        return value
    message = "not an array that the driver can read"
    raise TypeError(message)


def _label_items(value: Any) -> list[Any]:
    return list(_binary_items(value)) if type(value) is bytes else _items(value)


_HEADER: Final = struct.Struct("!iii")
_DIMENSION: Final = struct.Struct("!ii")
_LENGTH: Final = struct.Struct("!i")


def _binary_items(data: bytes) -> Iterator[bytes | None]:
    """Take the array of an enum type apart, which the driver hands over as the server's own bytes."""
    dimensions, _, _ = _HEADER.unpack_from(data)
    if dimensions == 0:
        return
    if dimensions > 1:
        message = "not an array of one dimension"
        raise ValueError(message)
    size, _ = _DIMENSION.unpack_from(data, _HEADER.size)
    at = _HEADER.size + _DIMENSION.size
    for _ in range(size):
        (length,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size
        if length < 0:
            yield None
        else:
            yield data[at : at + length]
            at += length


POSTGRESQL: Final = Dialect(
    name="postgresql",
    placeholder=lambda number, logical: f"${number}::{_cast(logical)}",
    bare=lambda number: f"${number}",
    encode=_encode,
    decode=_decode,
)
"""The dialect of PostgreSQL: `$1::bigint`; the cast keeps the driver's guess of a type from mattering."""

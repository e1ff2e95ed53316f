"""SQLite's table: money as whole ten-thousandths, instants as text of 27 characters, arrays as JSON text."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from functools import cache, partial
from typing import Any, Final, cast
from uuid import UUID, SafeUUID

from pydantic import BaseModel

from lumia.typedsql.codegen import Scope
from lumia.typedsql.decimals import MONEY, MULTIPLY, RATE
from lumia.typedsql.dialects import Dialect
from lumia.typedsql.logical import LogicalType

__all__ = ["SQLITE"]

_AS_IT_IS: Final = frozenset({"int", "text", "bytes"})
_EXACT: Final = {"money": MONEY, "rate": RATE}
_TO_UNITS: Final = {kind: exact.to_units() for kind, exact in _EXACT.items()}


def _write_timestamp(value: datetime) -> str:
    # isoformat() asks the zone for its offset and takes half as long again.
    return "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ" % (  # noqa: UP031 - an f-string takes twice as long
        value.year,
        value.month,
        value.day,
        value.hour,
        value.minute,
        value.second,
        value.microsecond,
    )


# Slots are set past UUID.__setattr__, which refuses; the constructor costs twice as much.
_new_uuid: Final = cast("Callable[[type[UUID]], UUID]", object.__new__)
_set_int: Final[Callable[[UUID, int], None]] = vars(UUID)["int"].__set__
_set_safe: Final[Callable[[UUID, SafeUUID], None]] = vars(UUID)["is_safe"].__set__
_UNKNOWN: Final = SafeUUID.unknown


def _read_uuid(text: str) -> UUID:
    found = _new_uuid(UUID)
    _set_int(found, int(text.replace("-", ""), 16))
    _set_safe(found, _UNKNOWN)
    return found


@cache
def _reader(kind: str, target: type | None) -> Callable[[str], Any]:
    if kind == "enum":
        return {label.value: label for label in cast("type[StrEnum]", target)}.__getitem__
    if kind == "json":
        return cast("type[BaseModel]", target).model_validate_json
    readers: dict[str, Callable[[str], Any]] = {
        "timestamp": datetime.fromisoformat,
        "date": date.fromisoformat,
        "uuid": _read_uuid,
    }
    return readers[kind]


_TRUTH: Final = {0: False, 1: True}
_write_array: Final = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def _encode(logical: LogicalType, variable: str, scope: Scope) -> str:
    if logical.array:
        element = SQLITE.encoded(logical.element, "_e", scope)
        items = f"[{element} for _e in {variable}]" if element != "_e" else variable
        return f"{scope.name('write_array', _write_array)}({items})"
    if logical.kind in _TO_UNITS:
        return f"{scope.name(f'{logical.kind}_units', _TO_UNITS[logical.kind])}({variable})"
    if logical.kind == "timestamp":
        return f"{scope.name('write_timestamp', _write_timestamp)}({variable})"
    if logical.kind == "uuid":
        return f"{scope.name('str', str)}({variable})"
    return variable + _METHODS.get(logical.kind, "")  # a bool is bound as 0 or 1 by the driver


_METHODS: Final = {"date": ".isoformat()", "enum": "._value_", "json": ".model_dump_json()"}


def _decode(logical: LogicalType, variable: str, scope: Scope) -> str:
    if logical.array:
        element = SQLITE.decoded(logical.element, "_e", scope)
        items = f"{scope.name('loads', json.loads)}({variable})"
        return f"{scope.name('tuple', tuple)}({items if element == '_e' else f'[{element} for _e in {items}]'})"
    if logical.kind in _AS_IT_IS:
        return variable
    if logical.kind in _EXACT:
        quantum = scope.name(f"{logical.kind}_quantum", _EXACT[logical.kind].quantum)
        return f"{scope.name('multiply', MULTIPLY)}({variable}, {quantum})"
    if logical.kind == "bool":
        return f"{scope.name('truth', _TRUTH)}[{variable}]"
    reader = _reader(logical.kind, logical.target)
    return f"{scope.name(f'read_{logical.python_class.__name__}', reader)}({variable})"


SQLITE: Final = Dialect(
    name="sqlite",
    placeholder=lambda number, _: f"?{number}",
    bare=lambda number: f"?{number}",
    encode=_encode,
    decode=_decode,
)
"""The dialect of SQLite: `?1` placeholders without casts."""

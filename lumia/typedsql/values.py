"""Which Python values a parameter takes: a fast test for generated code, and the slow path that explains a refusal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from lumia.typedsql.codegen import Scope
from lumia.typedsql.decimals import MONEY, RATE
from lumia.typedsql.logical import LogicalType

__all__ = ["INT_MAX", "INT_MIN", "accepts", "admit"]

INT_MIN: Final = -(2**63)
INT_MAX: Final = 2**63 - 1
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 9998


def accepts(logical: LogicalType, variable: str, scope: Scope) -> str:
    """Write an expression that is true if the variable holds a value that can be encoded as it is.

    A value that fails it is not wrong yet: `admit` has the last word.
    """
    if logical.array:
        element = accepts(logical.element, "_e", scope)
        test = f"type({variable}) in {scope.name('sequences', _SEQUENCES)} and all([{element} for _e in {variable}])"
    else:
        test = f"type({variable}) is {scope.name(logical.python_class.__name__, logical.python_class)}"
        if logical.kind == "int":
            test += f" and {INT_MIN} <= {variable} <= {INT_MAX}"
        elif logical.kind == "text":
            encodable = scope.name("encodable", _encodable)
            test += f" and '\\0' not in {variable} and ({variable}.isascii() or {encodable}({variable}))"
        elif logical.kind == "timestamp":
            utc = scope.name("utc", UTC)
            test += f" and {variable}.tzinfo is {utc} and {_FIRST_YEAR} <= {variable}.year <= {_LAST_YEAR}"
    return f"({variable} is None or {test})" if logical.optional else test


_SEQUENCES: Final = frozenset({tuple, list})


def admit(logical: LogicalType, value: Any) -> Any:
    """Return the value in the form that `accepts` is true for and that encodes without an error.

    Raises TypeError for a value of another type and ValueError for one out of range, in words that never hold it.
    """
    if value is None:
        if logical.optional:
            return None
        message = f"expects {logical}, not None"
        raise TypeError(message)
    if logical.array:
        if type(value) not in _SEQUENCES:
            message = f"expects {logical} as a tuple or a list, not {type(value).__name__}"
            raise TypeError(message)
        return tuple(admit(logical.element, element) for element in value)
    cls = logical.python_class
    if type(value) is not cls and not (logical.kind in _MAY_BE_DERIVED and isinstance(value, cls)):
        message = f"expects {logical} ({cls.__name__}), not {type(value).__name__}"
        raise TypeError(message)
    check = _CHECKS.get(logical.kind)
    return value if check is None else check(value)


# Subclasses of these only add behaviour; a bool is no count, an enum no free text, a datetime no date.
_MAY_BE_DERIVED: Final = frozenset({"timestamp", "uuid", "json", "money", "rate"})


def _int(value: int) -> int:
    if INT_MIN <= value <= INT_MAX:
        return value
    message = "lies outside of 64 bits"
    raise ValueError(message)


def _text(value: str) -> str:
    if "\0" not in value and _encodable(value):
        return value
    message = "text must not hold a NUL character or lone surrogates"
    raise ValueError(message)


def _encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _timestamp(value: datetime) -> datetime:
    if value.utcoffset() is None:
        message = "an instant needs a time zone"
        raise ValueError(message)
    try:
        found = value.astimezone(UTC)
    except OverflowError:
        found = value
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        message = f"an instant lies in the years {_FIRST_YEAR} to {_LAST_YEAR}"
        raise ValueError(message)
    return datetime.combine(found.date(), found.time(), UTC)


def _uuid(value: UUID) -> UUID:
    return UUID(int=value.int)


def _money(value: Decimal) -> Decimal:
    return MONEY.checked(Decimal(value))


def _rate(value: Decimal) -> Decimal:
    return RATE.checked(Decimal(value))


_CHECKS: Final[dict[str, Callable[[Any], Any]]] = {
    "int": _int,
    "text": _text,
    "timestamp": _timestamp,
    "uuid": _uuid,
    "money": _money,
    "rate": _rate,
}

"""What an engine makes of one statement: the text that it gets, and its plan in lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final, cast
from uuid import UUID

from lumia.errors import InvalidValue
from lumia.typedsql.annotations import Param
from lumia.typedsql.calls import PreparedCall
from lumia.typedsql.dialects import Dialect
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.session import Row, Session

__all__ = ["arguments_of", "plan_of", "read_argument", "sample_argument"]

_COMMENT: Final = re.compile(r"^/\* [^*]* \*/ ")
_SAMPLES: Final[Mapping[str, Any]] = {
    "int": 1,
    "text": "x",
    "bool": True,
    "money": Decimal(1),
    "rate": Decimal("0.1"),
    "timestamp": datetime(2026, 1, 1, tzinfo=UTC),
    "date": date(2026, 1, 1),
    "uuid": UUID(int=1),
    "bytes": b"x",
}


def plan_of(session: Session, dialect: Dialect, call: PreparedCall[Any]) -> list[str]:
    """Ask the engine for the plan of a prepared call, one step to a line; the statement itself does not run.

    Raises:
        DatabaseError: the engine refuses the statement.
    """
    ask, lines_of = _PLANS[dialect.name]
    return lines_of(session.fetch_all(ask + _COMMENT.sub("", call.sql), call.params))


def _told(rows: Sequence[Row]) -> list[str]:
    return [str(row[0]) for row in rows]


def _tree(rows: Sequence[Row]) -> list[str]:
    depth = {0: -1}
    lines: list[str] = []
    for key, parent, _, detail in rows:
        depth[key] = depth.get(parent, -1) + 1
        lines.append("  " * depth[key] + str(detail))
    return lines


_PLANS: Final = {"postgresql": ("EXPLAIN ", _told), "sqlite": ("EXPLAIN QUERY PLAN ", _tree)}
"""How each engine is asked for a plan, and how its rows become lines."""


def sample_argument(logical: LogicalType) -> Any:
    """A value of the type, for whoever gives none."""
    if logical.array:
        return ()
    if logical.target is not None:
        return next(iter(logical.target)) if issubclass(logical.target, StrEnum) else None
    return _SAMPLES[logical.kind]


def read_argument(param: Param, text: str) -> Any:
    """Read an argument as a person types it: `null` for None, ISO 8601 for times, commas between elements.

    Raises:
        InvalidValue: the text is no value of the parameter's type.
    """
    logical = param.type
    if logical.optional and text == "null":
        return None
    try:
        if logical.array:
            return tuple(_read(logical.element, part) for part in text.split(",")) if text else ()
        return _read(logical, text)
    except (ValueError, InvalidOperation):
        message = f"{param.name}: give a value of the type {logical}"
        raise InvalidValue(message) from None


def _read(logical: LogicalType, text: str) -> Any:
    kind = logical.kind
    if kind == "bool":
        return {"true": True, "false": False}[text] if text in {"true", "false"} else _refuse()
    if kind == "timestamp":
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "bytes":
        return bytes.fromhex(text)
    if kind == "json":
        return cast("Any", logical.python_class).model_validate_json(text)
    return logical.python_class(text)


def _refuse() -> Any:
    raise ValueError


def arguments_of(params: Sequence[Param], given: Mapping[str, str], optional: Sequence[str]) -> dict[str, Any]:
    """Put a call's arguments together: what is given, a sample for what is required, nothing for the rest.

    Raises:
        InvalidValue: a text is no value of its parameter's type.
    """
    return {
        param.name: read_argument(param, given[param.name]) if param.name in given else sample_argument(param.type)
        for param in params
        if param.name in given or param.name not in optional
    }

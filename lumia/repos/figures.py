"""Arithmetic of the reports: exact quotients rounded once, and calendar months of a time zone as instants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from lumia.errors import InvalidValue
from lumia.types import MONEY_LIMIT

__all__ = ["bounded", "month_name", "month_starts", "quotient"]

_MILLION: Final = 10**6
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EXACT: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)


def quotient(numerator: Decimal | int, denominator: int) -> Decimal | None:
    """Divide exactly and round once, half-even, to six decimals; None for a denominator of zero."""
    if denominator == 0:
        return None
    # round() of a fraction is half-even; a Decimal division would round twice.
    millionths = round(Fraction(numerator) / denominator * _MILLION)
    return _EXACT.scaleb(Decimal(millionths), -6)


def bounded(total: Decimal) -> Decimal:
    """Give a sum back; raise `InvalidValue` if it is beyond what an amount can hold, as either engine's sum may be."""
    if not MONEY_LIMIT.copy_negate() <= total <= MONEY_LIMIT:
        message = f"a sum of this report lies beyond {MONEY_LIMIT}; narrow what it counts"
        raise InvalidValue(message)
    return total


def month_starts(first: datetime, last: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Give the instants at which months of `zone` begin, from the month of `first` to the first one behind `last`."""
    local = first.astimezone(zone)
    year, month = local.year, local.month
    while True:
        # Instants before 1970 cannot be stored, so nothing is lost when the first month begins there.
        start = max(datetime(year, month, 1, tzinfo=zone).astimezone(UTC), _EPOCH)
        yield start
        if start > last:
            return
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - December


def month_name(start: datetime, zone: ZoneInfo) -> str:
    """Name the month that begins at an instant: `2011-09`."""
    local = start.astimezone(zone)
    return f"{local.year:04d}-{local.month:02d}"

"""Reads the values of a line's fields exactly: quantities, prices, moments and references; no floats on the way."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

__all__ = ["MAX_QUANTITY", "MAX_UNITS", "FieldError", "read_moment", "read_price", "read_quantity", "read_reference"]

MAX_QUANTITY: Final = 1_000_000
"""The most of one thing that a line may hold, either way."""

MAX_UNITS: Final = 999_999_999_999_999
"""The largest amount in ten-thousandths, either way."""

_DECIMALS: Final = 4
_QUANTITY: Final = re.compile(r"([+-]?[0-9]{1,18})(?:\.0*)?", re.ASCII)
_PRICE: Final = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]*))?", re.ASCII)
_WHOLE: Final = re.compile(r"([0-9]+)\.0+", re.ASCII)
_AMERICAN: Final = re.compile(
    r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?: ([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?", re.ASCII
)
_ISO: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?",
    re.ASCII,
)
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 9998
_NO_TIME: Final = timedelta()


class FieldError(ValueError):
    """A field does not hold what it should; the message says what it should hold, never what it holds."""


def read_quantity(text: str) -> int:
    """Read a whole number such as `6`, `-1` or `6.0`; raise `FieldError` for anything else or beyond a million."""
    match = _QUANTITY.fullmatch(text)
    if match is None:
        message = "a quantity is a whole number such as 6 or -1"
        raise FieldError(message)
    quantity = int(match[1])
    if abs(quantity) > MAX_QUANTITY:
        message = "a quantity lies between -1,000,000 and 1,000,000"
        raise FieldError(message)
    return quantity


def read_price(text: str) -> int:
    """Read a price such as `2.55`, `3` or `3.0` as ten-thousandths of the currency's unit.

    Raises:
        FieldError: it is no plain decimal number, has more than four decimals, or lies beyond 99,999,999,999.9999.
    """
    match = _PRICE.fullmatch(text)
    if match is None:
        message = "a price is a plain decimal number such as 2.55"
        raise FieldError(message)
    sign, whole, decimals = match.groups(default="")
    decimals = decimals.rstrip("0")
    if len(decimals) > _DECIMALS:
        message = "a price has at most four decimals"
        raise FieldError(message)
    digits = whole.lstrip("0")
    # The length first: converting a million digits would take minutes.
    if len(digits) > len("99999999999"):
        message = "a price lies between -99,999,999,999.9999 and 99,999,999,999.9999"
        raise FieldError(message)
    units = int(digits + decimals.ljust(_DECIMALS, "0"))
    return -units if sign == "-" else units


def read_moment(text: str) -> str:
    """Read `12/1/2010 8:26` (month first) or `2010-12-01 08:26:00` (blank or T) as UTC, to the microsecond.

    A time without a zone is used as given; one with an offset is converted.

    Returns:
        The instant as 27 characters, such as `2010-12-01T08:26:00.000000Z`: in this form instants compare as text.

    Raises:
        FieldError: it has another form, is no real date or time, or lies outside the years 1970 to 9998.
    """
    american = _AMERICAN.fullmatch(text)
    if american is not None:
        month, day, year, hour, minute, second = american.groups(default="0")
        fraction, zone = "", ""
    else:
        iso = _ISO.fullmatch(text)
        if iso is None:
            message = "a date reads 12/1/2010 8:26 (month first) or 2010-12-01 08:26:00"
            raise FieldError(message)
        year, month, day, hour, minute, second, fraction, zone = iso.groups(default="")
    try:
        moment = datetime(  # noqa: DTZ001 - a time without a zone is used as given
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            int(fraction.ljust(6, "0")),
        )
        if zone:
            moment -= datetime.fromisoformat(f"2000-01-01T00:00:00{zone}").utcoffset() or _NO_TIME
    except (ValueError, OverflowError):
        message = "there is no such date or time"
        raise FieldError(message) from None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        message = "a date lies in the years 1970 to 9998"
        raise FieldError(message)
    return moment.isoformat("T", "microseconds") + "Z"


def read_reference(text: str) -> str:
    """Give a customer's number as the source means it: `17850.0`, which spreadsheets make of it, is `17850`."""
    match = _WHOLE.fullmatch(text)
    return text if match is None else match[1]

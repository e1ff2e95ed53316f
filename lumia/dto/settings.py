"""The shop's own settings: one row that everything else reads."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.fields import Length
from lumia.types import CurrencyCode, SafeText, UtcDatetime

__all__ = ["SettingsUpdate", "ShopSettings"]


def _checked_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError):
        message = "give an IANA time zone such as Europe/London"
        raise ValueError(message) from None
    return value


TimeZoneName = Annotated[SafeText, Length(1, 64), AfterValidator(_checked_zone)]
"""An IANA time zone that this machine knows."""


class ShopSettings(FrozenRow):
    """What holds for the whole shop."""

    currency: str
    """ISO 4217; every price of the shop is in it."""
    prices_include_tax: bool
    time_zone: str
    """IANA name; reports cut days and months by it."""
    order_expiry_minutes: int
    """After how many minutes an unpaid order may be cancelled."""
    created_at: UtcDatetime
    updated_at: UtcDatetime


class SettingsUpdate(InputModel):
    """What to change; a field that is None stays as it is."""

    currency: CurrencyCode | None = None
    prices_include_tax: bool | None = None
    time_zone: TimeZoneName | None = None
    order_expiry_minutes: Annotated[int, Field(strict=True, ge=1, le=527_040)] | None = None

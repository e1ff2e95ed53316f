"""The queries of settings, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lumia.dto.settings import ShopSettings

__all__ = ["SettingsQueries"]


class SettingsQueries(Protocol):
    """The queries of settings.sql."""

    def get_settings(self) -> ShopSettings | None:
        """The shop's settings.

        settings.sql:1
        """
        ...

    def update_settings(
        self,
        *,
        currency: str | None,
        prices_include_tax: bool | None,
        time_zone: str | None,
        order_expiry_minutes: int | None,
        now: datetime,
    ) -> ShopSettings | None:
        """Change the settings that are given; NULL leaves one as it is.

        settings.sql:15
        """
        ...

"""The shop's settings: read by everything, changed rarely."""

from __future__ import annotations

from lumia.dto.base import validated
from lumia.dto.settings import SettingsUpdate, ShopSettings
from lumia.repos.base import Repository, found

__all__ = ["Settings"]

_MISSING = "the shop has no settings: the database is damaged, restore it or migrate a new one"


class Settings(Repository):
    """The one row of settings."""

    def get(self) -> ShopSettings:
        """Read the settings. Raises `NotFound` when their row was removed by hand. One statement."""
        row: ShopSettings | None = self._context.q.settings.get_settings()
        return found(row, _MISSING)

    def update(
        self,
        *,
        currency: str | None = None,
        prices_include_tax: bool | None = None,
        time_zone: str | None = None,
        order_expiry_minutes: int | None = None,
    ) -> ShopSettings:
        """Change what is given and return the settings as they are now. One statement.

        `currency` is an ISO 4217 code and relabels every price, it converts none; `time_zone` is an IANA name;
        `order_expiry_minutes` is between 1 and 527,040 (a year). Raises `InvalidValue` for what is none of these.
        """
        change = validated(
            SettingsUpdate,
            currency=currency,
            prices_include_tax=prices_include_tax,
            time_zone=time_zone,
            order_expiry_minutes=order_expiry_minutes,
        )
        with self._context.unit(write=True) as unit:
            row: ShopSettings | None = unit.q.settings.update_settings(
                currency=change.currency,
                prices_include_tax=change.prices_include_tax,
                time_zone=change.time_zone,
                order_expiry_minutes=change.order_expiry_minutes,
                now=unit.now(),
            )
            return found(row, _MISSING)

"""A clock that never stands still or goes back within a process, whatever the system clock does."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from lumia.errors import ConfigurationError
from lumia.types import Clock

__all__ = ["StrictClock", "system_clock"]

_STEP = timedelta(microseconds=1)


def system_clock() -> datetime:
    """The system's present instant in UTC."""
    return datetime.now(UTC)


class StrictClock:
    """Gives each caller a later instant than the caller before: a microsecond later where the source stands still.

    Rows that are written one after the other can so be put in order by their time alone.
    """

    def __init__(self, source: Clock = system_clock) -> None:
        """Read `source`, which gives aware instants, whenever an instant is asked for."""
        self._source = source
        self._lock = threading.Lock()
        self._last = datetime.min.replace(tzinfo=UTC)

    def __call__(self) -> datetime:
        """Give the present instant, aware and in UTC.

        Raises:
            ConfigurationError: the source gave an instant without a time zone.
        """
        now = self._source()
        if now.tzinfo is None:
            message = "the clock passed to connect() must give aware instants, for example datetime.now(UTC)"
            raise ConfigurationError(message)
        now = now.astimezone(UTC)
        with self._lock:
            if now <= self._last:
                now = self._last + _STEP
            self._last = now
        return now

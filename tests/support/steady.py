"""A clock and a source of ids that give the same values in every run."""

from __future__ import annotations

import hashlib
import random
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from lumia import AccountOptions

__all__ = ["LASTING", "SeededTokens", "SeededUuids", "SteppingClock"]

LASTING: Final = AccountOptions(
    time_cost=1,
    memory_kib=8,
    parallelism=1,
    session_idle=timedelta(days=3650),
    session_lifetime=timedelta(days=3650),
    verification_lifetime=timedelta(days=3650),
    reset_lifetime=timedelta(days=3650),
)
"""Hashes that cost nothing, and sessions and tokens that outlast every test."""


START: Final = datetime(2026, 1, 1, tzinfo=UTC)


class SteppingClock:
    """Stands still until it is asked, then gives an instant one step later; `now` can be set."""

    def __init__(
        self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC), step: timedelta = timedelta(seconds=1)
    ) -> None:
        """Begin one step before `start`."""
        self.now = start - step
        self.step = step

    def __call__(self) -> datetime:
        """Give the next instant."""
        self.now += self.step
        return self.now

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by


class SeededUuids:
    """UUIDv7s of a fixed moment with a counter and seeded bits: ordered, and equal in every run."""

    def __init__(self, seed: int = 0) -> None:
        """Begin the sequence of `seed`."""
        self._random = random.Random(seed)  # noqa: S311 - ids of tests
        self._count = 0

    def __call__(self) -> UUID:
        """Give the next id."""
        self._count += 1
        milliseconds = 1_767_225_600_000 + self._count
        value = (
            milliseconds << 80 | 7 << 76 | self._random.getrandbits(12) << 64 | 2 << 62 | self._random.getrandbits(62)
        )
        return UUID(int=value)


class SeededTokens:
    """Tokens of 64 letters and digits, equal in every run."""

    def __init__(self, seed: int = 0) -> None:
        """Begin the sequence of `seed`."""
        self._seed = seed
        self._count = 0

    def __call__(self) -> str:
        """Give the next token."""
        self._count += 1
        return hashlib.sha256(f"{self._seed}/{self._count}".encode()).hexdigest()

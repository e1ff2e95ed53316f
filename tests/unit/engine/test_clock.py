"""The clock that stamps every row goes forwards only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from lumia.engine import StrictClock
from lumia.errors import ConfigurationError

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def test_a_standing_source_still_gives_later_instants() -> None:
    """Rows written in one go can be put in order by time."""
    clock = StrictClock(lambda: NOON)

    assert [clock() for _ in range(3)] == [NOON, NOON + MICROSECOND, NOON + 2 * MICROSECOND]


def test_a_source_that_goes_back_does_not_take_the_clock_along() -> None:
    """A corrected system clock must not put an order before its cart."""
    readings = iter([NOON, NOON - timedelta(hours=1), NOON + timedelta(hours=1)])
    clock = StrictClock(lambda: next(readings))

    assert [clock() for _ in range(3)] == [NOON, NOON + MICROSECOND, NOON + timedelta(hours=1)]


def test_instants_come_out_in_utc() -> None:
    """Whatever zone the source speaks of, it is the same instant."""
    clock = StrictClock(lambda: NOON.astimezone(timezone(timedelta(hours=5))))

    assert clock() == NOON
    assert clock().tzinfo is UTC


def test_a_source_without_a_zone_is_refused() -> None:
    """A naive instant would be shifted by whoever reads it."""
    clock = StrictClock(lambda: datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake to catch

    with pytest.raises(ConfigurationError, match="aware"):
        clock()


def test_no_two_threads_get_the_same_instant() -> None:
    """Strictly increasing holds within the whole process."""
    clock = StrictClock(lambda: NOON)

    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda _: [clock() for _ in range(200)], range(4)))

    instants = [instant for part in parts for instant in part]
    assert len(set(instants)) == len(instants)
    assert all(part == sorted(part) for part in parts)


def test_the_systems_clock_is_the_default() -> None:
    """Nobody has to pass a clock."""
    before = datetime.now(UTC)

    assert before <= StrictClock()() <= datetime.now(UTC) + timedelta(seconds=60)

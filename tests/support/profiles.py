"""Hypothesis profiles: `ci` tries the same examples in every run, `soak` many more and others each time."""

from __future__ import annotations

from typing import Final

from hypothesis import HealthCheck, settings

__all__ = ["SOAK_FACTOR", "examples", "register"]

SOAK_FACTOR: Final = 20
"""How many times as many examples a soak tries."""

_SHARED: Final = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
"""Databases come as fixtures and are made fresh inside an example where that matters; statements take their time."""


def register() -> None:
    """Register both profiles and choose `ci`; `pytest --hypothesis-profile=soak` chooses the other."""
    # A red run must be red again, on everybody's machine.
    settings.register_profile(
        "ci", deadline=None, derandomize=True, database=None, print_blob=True, suppress_health_check=_SHARED
    )
    settings.register_profile("soak", deadline=None, print_blob=True, suppress_health_check=_SHARED)
    settings.load_profile("ci")


def examples(count: int) -> int:
    """How many examples to try where a `ci` run tries `count`."""
    return count if settings().derandomize else count * SOAK_FACTOR

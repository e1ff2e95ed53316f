"""How often, for how long and for what a unit of work is repeated."""

from __future__ import annotations

from typing import Any

import pytest

from lumia import errors
from lumia.engine.retry import RetryPolicy, StalePlan, is_retryable

REPEATED = {"Conflict", "ConnectionLost", "ServerUnreachable"}

EVERY = sorted(
    (member for name, member in vars(errors).items() if name in errors.__all__), key=lambda member: member.__name__
)


class Time:
    """A clock that only pauses move."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.now = 0.0
        self.pauses: list[float] = []

    def policy(self, **changes: Any) -> RetryPolicy:
        """A policy on this clock, without chance."""
        return RetryPolicy(sleep=self.pause, monotonic=lambda: self.now, share=lambda: 1.0, **changes)

    def pause(self, seconds: float) -> None:
        """Let time pass."""
        self.pauses.append(seconds)
        self.now += seconds


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_only_what_kept_nothing_and_can_end_differently_is_repeated(kind: type[errors.LumiaError]) -> None:
    """Above all an unknown outcome is never repeated, for it may have been kept."""
    error = errors.QueryFileError("x", path="y", line=1) if kind is errors.QueryFileError else kind("x")

    assert is_retryable(error) is (kind.__name__ in REPEATED)


def test_a_foreign_exception_is_not_repeated() -> None:
    """The callback's own bug would only be run five times."""
    assert not is_retryable(RuntimeError())


def test_five_attempts_are_all() -> None:
    """The fifth failure is the caller's."""
    time = Time()
    state = time.policy().start()
    last = errors.Conflict("fifth")

    for number in range(4):
        state.pause_or_raise(errors.Conflict(str(number)))
    with pytest.raises(errors.Conflict) as raised:
        state.pause_or_raise(last)

    assert raised.value is last
    assert len(time.pauses) == 4


def test_pauses_double_up_to_the_cap_and_are_shared_out_by_chance() -> None:
    """Full jitter: those who collided must not collide again in step."""
    time = Time()
    state = time.policy(attempts=9, seconds=100.0, base=0.01, cap=0.05).start()

    for _ in range(5):
        state.pause_or_raise(errors.Conflict("x"))
    half = RetryPolicy(sleep=time.pause, monotonic=lambda: 0.0, share=lambda: 0.5, base=0.01).start()
    half.pause_or_raise(errors.Conflict("x"))

    assert time.pauses == pytest.approx([0.01, 0.02, 0.04, 0.05, 0.05, 0.005])


def test_no_pause_begins_that_would_pass_the_time() -> None:
    """A caller waits two seconds at most."""
    time = Time()
    state = time.policy(attempts=100, base=0.5, cap=0.5).start()

    with pytest.raises(errors.Conflict):
        for _ in range(100):
            state.pause_or_raise(errors.Conflict("x"))

    assert time.now <= 2.0
    assert len(time.pauses) == 4


def test_a_stale_plan_is_repeated_once() -> None:
    """If preparing anew did not help, nothing will."""
    state = Time().policy().start()

    state.pause_or_raise(StalePlan("x"))
    state.pause_or_raise(errors.Conflict("something else"))

    with pytest.raises(StalePlan):
        state.pause_or_raise(StalePlan("x"))

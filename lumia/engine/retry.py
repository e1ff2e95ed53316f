"""Which failed units of work are repeated, how often, and how long to wait in between."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from lumia.errors import Conflict, ConnectionLost, LumiaError, ServerUnreachable

__all__ = ["RetryPolicy", "StalePlan", "is_retryable"]


class StalePlan(Conflict):
    """A prepared statement no longer fits the tables (they were altered meanwhile); repeated once."""


def is_retryable(error: BaseException) -> bool:
    """Whether the whole unit may run again: nothing of it was kept and the next attempt can end differently.

    True for conflicts with other transactions, for connections lost before COMMIT was sent, and for servers that
    could not be reached. False for everything else, above all for an unknown outcome of COMMIT and a full pool.
    """
    return isinstance(error, (Conflict, ConnectionLost, ServerUnreachable))


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """At most `attempts` runs or `seconds` in all, with full jitter between them.

    Attributes:
        attempts: runs of the unit, the first included.
        seconds: no new run begins when the waiting would pass this.
        base: the first pause is a random share of this; it doubles with every attempt up to `cap`.
        cap: the longest pause in seconds.
        sleep: waits; tests pass their own.
        monotonic: seconds of a clock that never goes back.
        share: a random number from 0 to 1.
    """

    attempts: int = 5
    seconds: float = 2.0
    base: float = 0.01
    cap: float = 0.5
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    share: Callable[[], float] = random.random

    def start(self) -> RetryState:
        """Begin counting for one unit."""
        return RetryState(self, self.monotonic())


class RetryState:
    """The attempts at one unit so far."""

    def __init__(self, policy: RetryPolicy, started: float) -> None:
        """Count from `started`, a reading of the policy's clock."""
        self._policy = policy
        self._started = started
        self._failures = 0
        self._stale_seen = False

    def pause_or_raise(self, error: LumiaError) -> None:
        """Wait before the next attempt, or raise `error` when there must be none."""
        policy = self._policy
        self._failures += 1
        if not is_retryable(error) or self._failures >= policy.attempts:
            raise error
        if isinstance(error, StalePlan):
            if self._stale_seen:
                raise error
            self._stale_seen = True
        pause = policy.share() * min(policy.cap, policy.base * 2 ** (self._failures - 1))
        if policy.monotonic() - self._started + pause > policy.seconds:
            raise error
        policy.sleep(pause)

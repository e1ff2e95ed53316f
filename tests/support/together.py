"""Lets several threads do the same thing at the same moment, again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TypeVar

__all__ = ["together"]

RoundT = TypeVar("RoundT")
ResultT = TypeVar("ResultT")


def together(
    workers: int, rounds: Sequence[RoundT], work: Callable[[RoundT, int], ResultT]
) -> list[tuple[ResultT, ...]]:
    """Call `work(round, worker)` from all workers at once, one round after the other; give each round's results."""
    barrier = threading.Barrier(workers)

    def worker(number: int) -> list[ResultT]:
        found = []
        with ExitStack() as stack:
            # Whoever fails lets the others fail as well, instead of waiting for it.
            stack.callback(barrier.abort)
            for entry in rounds:
                barrier.wait()
                found.append(work(entry, number))
            stack.pop_all()
        return found

    with ThreadPoolExecutor(workers) as pool:
        return list(zip(*pool.map(worker, range(workers)), strict=True))

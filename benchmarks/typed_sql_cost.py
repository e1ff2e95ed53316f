"""What typed SQL costs: loading, calls beside aiosql's own and the bare driver, the full check, the offline check.

`python -m benchmarks.typed_sql_cost [--rounds N]` prints the best and the median of each, and the least processor time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import lumia.dto
import lumia.types
from lumia.shop import QUERIES
from lumia.typedsql import POSTGRESQL, SQLITE, Dialect, TypeRegistry, load_queries

__all__ = ["main"]

_CALLS = 20_000


class Nothing:
    """A session that gives no rows: what is left is typed SQL's own work."""

    def acquire(self, *, write: bool) -> Nothing:  # noqa: ARG002 - the protocol's form
        """Lend itself."""
        return self

    def release(self, session: object, *, failed: bool) -> None:
        """Take itself back."""

    def fetch_all(self, sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:  # noqa: ARG002 - as above
        """Give nothing."""
        return []


def _timed(action: Callable[[], object], rounds: int) -> list[tuple[float, float]]:
    """Seconds on the clock, and of the processor: its own and that of the commands it ran."""
    seconds: list[tuple[float, float]] = []
    for _ in range(rounds):
        clock, processor = time.perf_counter(), sum(os.times()[:4])
        action()
        seconds.append((time.perf_counter() - clock, sum(os.times()[:4]) - processor))
    return seconds


def _loading(dialect: Dialect) -> Callable[[], object]:
    registry = TypeRegistry.of(lumia.dto, lumia.types)
    return lambda: load_queries(QUERIES, dialect, registry)


def _calling(**arguments: Any) -> Callable[[], object]:
    bound = load_queries(QUERIES, SQLITE, TypeRegistry.of(lumia.dto, lumia.types)).bind(Nothing())  # type: ignore[arg-type]
    listed, given = (
        (bound.orders.list_orders, arguments) if arguments else (bound.orders.list_order_items, {"order_id": 1})
    )

    def run() -> None:
        for _ in range(_CALLS):
            listed(**given)

    return run


def _command(*words: str) -> Callable[[], object]:
    command = [sys.executable, "-m", "lumia.cli", "sql", "check", *words]
    return lambda: subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own words


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often each is done (5)")
    rounds = parser.parse_args().rounds
    status = lumia.types.OrderStatus.PAID
    work: list[tuple[str, Callable[[], object], float, str]] = [
        ("load all queries for SQLite", _loading(SQLITE), 1e3, "ms"),
        ("load all queries for PostgreSQL", _loading(POSTGRESQL), 1e3, "ms"),
        ("a call without its statement", _calling(), 1e6 / _CALLS, "us"),
        ("a call of a variant", _calling(status=status, max_rows=10), 1e6 / _CALLS, "us"),
        ("a call of a variant with an order", _calling(status=status, order="total", max_rows=10), 1e6 / _CALLS, "us"),
        ("the whole command, offline", _command("--offline"), 1, "s"),
        ("the whole command, both engines", _command(), 1, "s"),
    ]
    print(f"{'':<36}{'best':>11}{'median':>11}{'processor':>11}")  # noqa: T201 - a report to whoever runs it
    for name, action, scale, unit in work:
        seconds = _timed(action, rounds)
        clock = [taken * scale for taken, _ in seconds]
        figures = (min(clock), median(clock), min(taken for _, taken in seconds) * scale)
        print(f"{name:<36}" + "".join(f"{figure:>8.2f}{unit:>3}" for figure in figures))  # noqa: T201 - as above


if __name__ == "__main__":
    main()

"""Times variants of one operation side by side, round by round, and turns the rounds into ratios."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

__all__ = ["BASE", "Comparison", "Ratio", "Variant", "calibrate", "compare", "interleave", "render", "turns"]

BASE = "bare"
"""The variant that the others are measured against."""

_CEILING = 10_000
_BUDGET = 6.0
_FEWEST = 9
_MOST = 201


@dataclass(frozen=True)
class Variant:
    """One way to do an operation: `prepare` makes one call's argument, untimed; `run` is what is timed."""

    name: str
    run: Callable[[Any], object]
    prepare: Callable[[], Any] = lambda: None


@dataclass(frozen=True)
class Ratio:
    """How many times as long as the base a variant took: the median over the rounds, and the middle half of them."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """Seconds per call of every variant, round by round."""

    engine: str
    operation: str
    rounds: Mapping[str, Sequence[float]]

    def middle(self, variant: str) -> float:
        """Median seconds per call of a variant."""
        return median(self.rounds[variant])

    def ratio(self, variant: str) -> Ratio:
        """Compare a variant with the base, each round with its own neighbour, so that slow moments cancel."""
        pairs = [mine / base for mine, base in zip(self.rounds[variant], self.rounds[BASE], strict=True)]
        low, _, high = quantiles(pairs, n=4) if len(pairs) > 1 else (pairs[0], pairs[0], pairs[0])
        return Ratio(median(pairs), low, high)

    def best(self, variant: str) -> float:
        """Compare the fastest tenth of a variant's rounds with the base's: what is left when nothing else ran."""
        return _fastest(self.rounds[variant]) / _fastest(self.rounds[BASE])


def _fastest(rounds: Sequence[float]) -> float:
    return sorted(rounds)[len(rounds) // 10]


def _time_calls(variant: Variant, calls: int, timer: Callable[[], float]) -> float:
    arguments = [variant.prepare() for _ in range(calls)]
    run = variant.run
    # A collection that happens to fall into one variant's calls would be counted against it alone.
    gc.collect(0)
    collecting = gc.isenabled()
    gc.disable()
    try:
        start = timer()
        for argument in arguments:
            run(argument)
        return (timer() - start) / calls
    finally:
        if collecting:
            gc.enable()


def calibrate(variant: Variant, seconds: float, timer: Callable[[], float] = time.perf_counter) -> int:
    """Find how many calls fill about `seconds`, so that the clock's own grain does not count; at least 1."""
    calls = 1
    while calls < _CEILING:
        spent = _time_calls(variant, calls, timer) * calls
        if spent >= seconds / 4:
            return max(1, min(_CEILING, round(calls * seconds / spent)))
        calls *= 4
    return _CEILING


def interleave(
    variants: Sequence[Variant],
    *,
    rounds: int,
    calls: Mapping[str, int],
    timer: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Time each variant once per round, so many calls of it; the order turns by one each round: nobody stays first."""
    spent: dict[str, list[float]] = {variant.name: [] for variant in variants}
    for index in range(rounds):
        turn = index % len(variants)
        for variant in (*variants[turn:], *variants[:turn]):
            spent[variant.name].append(_time_calls(variant, calls[variant.name], timer))
    return spent


def turns(variants: Sequence[Variant], calls: Mapping[str, int], timer: Callable[[], float] = time.perf_counter) -> int:
    """Find how many rounds fit into the time that an operation gets: from 9 for slow ones to 201 for quick ones."""
    spent = sum(_time_calls(variant, 1, timer) * calls[variant.name] for variant in variants)
    return max(_FEWEST, min(_MOST, int(_BUDGET / spent)))


def compare(engine: str, operation: str, variants: Sequence[Variant], *, seconds: float) -> Comparison:
    """Warm every variant up, find how often each runs in a turn, then time them side by side.

    `seconds` is how long a variant's turn should take; 0 means a single call and a single round. Turns are short and
    many rather than long and few: most of them then fall between two disturbances, and equally so for every variant.
    """
    for variant in variants:
        variant.run(variant.prepare())
    calls = {variant.name: calibrate(variant, seconds) if seconds else 1 for variant in variants}
    rounds = turns(variants, calls) if seconds else 1
    return Comparison(engine, operation, interleave(variants, rounds=rounds, calls=calls))


def _duration(seconds: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def _ratio(comparison: Comparison, variant: str) -> str:
    ratio = comparison.ratio(variant)
    return f"{ratio.middle:.2f} ({ratio.low:.2f}-{ratio.high:.2f}) {comparison.best(variant):.2f}"


def render(comparisons: Sequence[Comparison], others: Sequence[str]) -> str:
    """Draw the table: medians of every variant, and its ratio to the base.

    The ratio is the median round's, with the middle half of the rounds in brackets and the fastest tenth's behind it.
    """
    head = ["engine", "operation", BASE, *others, *(f"{other} / {BASE}" for other in others)]
    body = [
        [
            item.engine,
            item.operation,
            _duration(item.middle(BASE)),
            *(_duration(item.middle(other)) for other in others),
            *(_ratio(item, other) for other in others),
        ]
        for item in comparisons
    ]
    widths = [max(len(row[column]) for row in (head, *body)) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in body]
    header = "  ".join(cell.ljust(width) for cell, width in zip(head, widths, strict=True)).rstrip()
    return "\n".join([header, "-" * len(header), *lines])

"""The benchmarks' arithmetic: turns taken side by side, ratios by round, calls per round, the table."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from benchmarks.measure import Comparison, Variant, calibrate, interleave, render, turns


@dataclass
class Workbench:
    """A clock that moves only when work is done, and the order in which it was done."""

    now: float = 0.0
    done: list[str] = field(default_factory=list)

    def variant(self, name: str, seconds: float) -> Variant:
        """Make a variant that takes `seconds` of this clock per call."""

        def run(_: object) -> None:
            self.now += seconds
            self.done.append(name)

        return Variant(name, run)


def test_every_variant_is_first_in_turn() -> None:
    """The order turns from round to round, so that no variant always runs on warm or cold ground."""
    bench = Workbench()
    variants = [bench.variant(name, 1.0) for name in ("bare", "lumia", "orm")]

    interleave(variants, rounds=3, calls=dict.fromkeys(("bare", "lumia", "orm"), 1), timer=lambda: bench.now)

    assert bench.done == ["bare", "lumia", "orm", "lumia", "orm", "bare", "orm", "bare", "lumia"]


def test_preparing_is_not_timed() -> None:
    """Only the calls themselves count, divided by their number."""
    bench = Workbench()

    def prepare() -> None:
        bench.now += 100.0

    variant = Variant("bare", bench.variant("bare", 2.0).run, prepare)

    spent = interleave([variant], rounds=2, calls={"bare": 5}, timer=lambda: bench.now)

    assert spent == {"bare": [2.0, 2.0]}


def test_ratio_pairs_the_rounds() -> None:
    """A round in which everything was slow does not move the ratio."""
    comparison = Comparison("sqlite", "read", {"bare": [1.0, 10.0, 1.0], "lumia": [2.0, 20.0, 2.0]})

    ratio = comparison.ratio("lumia")

    assert (ratio.low, ratio.middle, ratio.high) == (2.0, 2.0, 2.0)


def test_best_is_the_fastest_tenth() -> None:
    """Rounds that something else slowed down do not count, nor does a single lucky one."""
    comparison = Comparison("sqlite", "read", {"bare": [0.1, *[1.0] * 19], "lumia": [0.1, 2.0, 2.0, *[9.0] * 17]})

    assert comparison.best("lumia") == 2.0


def test_ratio_of_one_round_is_its_own_spread() -> None:
    """A single round, as in a trial run, has no quartiles and still a ratio."""
    comparison = Comparison("sqlite", "read", {"bare": [1.0], "lumia": [3.0]})

    ratio = comparison.ratio("lumia")

    assert (ratio.low, ratio.middle, ratio.high) == (3.0, 3.0, 3.0)


@pytest.mark.parametrize(("seconds_per_call", "calls"), [(1.0, 1), (0.01, 10), (1e-9, 10_000)])
def test_calibration_fills_the_wished_time(seconds_per_call: float, calls: int) -> None:
    """Quick calls are repeated until a round is long enough to measure, slow ones run once, and there is a ceiling."""
    bench = Workbench()

    found = calibrate(bench.variant("bare", seconds_per_call), 0.1, timer=lambda: bench.now)

    assert found == calls


@pytest.mark.parametrize(("seconds_per_call", "rounds"), [(1e-6, 201), (0.02, 100), (60.0, 9)])
def test_rounds_fit_into_the_time_of_an_operation(seconds_per_call: float, rounds: int) -> None:
    """Quick operations get many rounds, slow ones few, none fewer than nine."""
    bench = Workbench()
    variants = [bench.variant(name, seconds_per_call) for name in ("bare", "lumia", "orm")]

    found = turns(variants, dict.fromkeys(("bare", "lumia", "orm"), 1), timer=lambda: bench.now)

    assert found == rounds


def test_table_shows_medians_and_ratios() -> None:
    """Each line names engine and operation, the medians with their unit, and each ratio with its middle half."""
    comparison = Comparison("sqlite", "read a row", {"bare": [10e-6] * 4, "lumia": [12e-6] * 4, "orm": [0.1] * 4})

    table = render([comparison], ["lumia", "orm"])

    head, _, line = table.splitlines()
    assert head.split("  ")[0] == "engine"
    assert line.split() == [
        *("sqlite", "read", "a", "row", "10", "µs", "12", "µs", "100", "ms"),
        *("1.20", "(1.20-1.20)", "1.20", "10000.00", "(10000.00-10000.00)", "10000.00"),
    ]

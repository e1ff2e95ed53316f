"""Every operation, engine and variant for pytest-benchmark: its own statistics, to be saved and compared over time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from benchmarks.measure import BASE
from benchmarks.operations import OPERATIONS, OTHERS
from benchmarks.stage import ENGINES

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

    from benchmarks.conftest import Stages


@pytest.mark.parametrize("name", [BASE, *OTHERS])
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("engine", ENGINES)
def test_operation(benchmark: BenchmarkFixture, stages: Stages, engine: str, operation: str, name: str) -> None:
    """The variants give equal results, which is asserted before one of them is timed."""
    variants = {variant.name: variant for variant in OPERATIONS[operation](stages.of(engine))}
    variant = variants[name]
    benchmark.group = f"{engine}: {operation}"

    pedantic: Callable[..., object] = benchmark.pedantic
    pedantic(variant.run, setup=lambda: ((variant.prepare(),), {}), rounds=50, warmup_rounds=3)

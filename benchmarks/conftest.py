"""Stages for pytest-benchmark: one per engine, a small one when nothing is to be timed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from benchmarks.dataset import FULL, QUICK
from benchmarks.stage import Stage, opened


class Stages:
    """Sets a stage up when it is first asked for."""

    def __init__(self, factory: pytest.TempPathFactory, *, quick: bool) -> None:
        """Keep what a stage needs."""
        self._factory = factory
        self._scale = QUICK if quick else FULL
        self._made: dict[str, Stage] = {}
        self.keep = ExitStack()

    def of(self, engine: str) -> Stage:
        """Give the engine's stage."""
        if engine not in self._made:
            self._made[engine] = self.keep.enter_context(opened(engine, self._scale, self._factory.mktemp(engine)))
        return self._made[engine]


@pytest.fixture(scope="session")
def stages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stages]:
    """Both engines' stages."""
    made = Stages(tmp_path_factory, quick=request.config.getoption("benchmark_disable"))
    with made.keep:
        yield made

"""The stages that faults are tried on, one for each engine and run, and which faults a run tries on which method."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.support.arena import Arena, Stage
from tests.support.databases import ENGINES, Databases


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Try one fault for each test, method and engine, another one for the next method; a soak tries all of them.

    Every fault strikes many methods and every method is struck on both engines, at each of its statements.
    """
    if not settings().derandomize:
        return
    groups: defaultdict[tuple[str, str, str], list[pytest.Item]] = defaultdict(list)
    for item in items:
        values: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
        if {"call", "stage"} <= values.keys() and ("fault" in values or "name" in values):
            groups[item.nodeid.partition("[")[0], values["call"].name, values["stage"]].append(item)
    left_out = {
        id(item)
        for turn, group in enumerate(groups.values())
        for place, item in enumerate(group)
        if place != turn % len(group)
    }
    config.hook.pytest_deselected(items=[item for item in items if id(item) in left_out])
    items[:] = [item for item in items if id(item) not in left_out]


class Stages:
    """Sets a stage up when it is first asked for."""

    def __init__(self, request: pytest.FixtureRequest, databases: Databases, folder: Path) -> None:
        """Keep what a stage needs."""
        self._request = request
        self._databases = databases
        self._folder = folder
        self._made: dict[str, Stage] = {}
        self.keep = ExitStack()

    def of(self, engine: str) -> Stage:
        """Give the engine's stage."""
        if engine not in self._made:
            folder = self._folder / engine
            folder.mkdir()
            stage = Stage(engine, self._databases, lambda: self._request.getfixturevalue("pg_server"), folder)
            self.keep.callback(stage.close)
            self._made[engine] = stage
        return self._made[engine]


@pytest.fixture(scope="session")
def stages(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stages]:
    """Both engines' stages."""
    made = Stages(request, databases, tmp_path_factory.mktemp("stages"))
    with made.keep:
        yield made


@pytest.fixture(params=ENGINES)
def stage(request: pytest.FixtureRequest, stages: Stages) -> Stage:
    """Each engine's laid-out shop in turn."""
    return stages.of(request.param)


@pytest.fixture
def arena(stage: Stage) -> Iterator[Arena]:
    """A copy of the stage that every test leaves as it was; one that did not is not used again."""
    opened = stage.shared()
    yield opened
    stage.check_shared()


@pytest.fixture
def own_arena(stage: Stage, tmp_path: Path) -> Iterator[Arena]:
    """A fresh copy of the stage, to be changed."""
    with stage.arena(tmp_path) as opened:
        yield opened

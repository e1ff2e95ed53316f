"""Several processes migrate at once: every step runs once, and everybody comes through."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lumia.engine import open_engine
from lumia.migrations import load_migrations, status

PROCESSES = 6

PROGRAM = """
import json, sys
from lumia.engine import StrictClock, open_engine
from lumia.migrations import check, load_migrations, migrate

engine = open_engine(sys.argv[1], schema=sys.argv[2] or None)
steps = load_migrations(engine.name)
print("ready", flush=True)
sys.stdin.readline()
ran = migrate(engine.migrations(), steps, clock=StrictClock(), create=True)
check(engine.migrations(), steps, full=True)
engine.close()
print(json.dumps([step.version for step in ran]), flush=True)
"""


def run_together(url: str, schema: str = "") -> list[list[int]]:
    """Start the processes, let them all go at once, and give the steps that each ran."""
    processes = [
        subprocess.Popen(  # noqa: S603 - the program above
            [sys.executable, "-c", PROGRAM, url, schema],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(PROCESSES)
    ]
    ran = []
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in processes:
            out, err = process.communicate(timeout=240)
            assert process.returncode == 0, err
            ran.append(json.loads(out))
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    return ran


@pytest.mark.slow
def test_six_processes_make_one_database(empty_url: str, engine_name: str) -> None:
    """Six servers of one program start at once on an empty database."""
    ran = run_together(empty_url)

    everything = [step.version for step in load_migrations(engine_name)]
    assert sorted(version for versions in ran for version in versions) == everything
    engine = open_engine(empty_url)
    found = status(engine.migrations(), load_migrations(engine_name))
    engine.close()
    assert [row.version for row in found.applied] == everything


@pytest.mark.slow
@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_six_processes_make_one_schema(empty_url: str, engine_name: str) -> None:
    """The schema itself is made once, too."""
    ran = run_together(empty_url, "shop_6")

    everything = [step.version for step in load_migrations(engine_name)]
    assert sorted(version for versions in ran for version in versions) == everything

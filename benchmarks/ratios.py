"""Prints how long every operation takes through Lumia and through SQLAlchemy's ORM, beside the bare driver."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.dataset import FULL, QUICK, Scale
from benchmarks.measure import Comparison, compare, render
from benchmarks.operations import OPERATIONS, OTHERS
from benchmarks.stage import ENGINES, opened, versions

__all__ = ["main", "measure"]

_LEGEND = """\
Median of a call. Ratios to the bare driver: the median round, the middle half of the rounds, the fastest tenth.
Where the fastest tenth is far from the median, the machine had other things to do."""


def measure(engine: str, names: Sequence[str], scale: Scale, *, seconds: float) -> list[Comparison]:
    """Measure the named operations on one engine; `seconds` is how long a turn takes."""
    found: list[Comparison] = []
    with tempfile.TemporaryDirectory(prefix="lumia-bench-") as folder, opened(engine, scale, Path(folder)) as stage:
        _tell(f"{versions(stage)}: {scale.orders:,} orders")
        for name in names:
            _tell(f"  {name} ...")
            found.append(compare(engine, name, OPERATIONS[name](stage), seconds=seconds))
    return found


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("lumia", "sqlalchemy") if _installed(name))
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {packages}"


def _installed(name: str) -> bool:
    try:
        version(name)
    except ImportError:
        return False
    return True


def _dumped(comparisons: Sequence[Comparison]) -> str:
    rows = [
        {
            "engine": item.engine,
            "operation": item.operation,
            "rounds": {key: list(value) for key, value in item.rounds.items()},
        }
        for item in comparisons
    ]
    return json.dumps({"machine": _machine(), "comparisons": rows}, indent=2)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print; see --help."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, action="append", help="measure this engine only")
    parser.add_argument("--operation", choices=tuple(OPERATIONS), action="append", help="measure this operation only")
    parser.add_argument("--seconds", type=float, default=0.003, help="length of a turn (default: 0.003)")
    parser.add_argument("--quick", action="store_true", help="a small shop and one turn: proves that it works, no more")
    parser.add_argument("--json", type=Path, help="also write every round's figures to this file")
    chosen = parser.parse_args(arguments)
    seconds, scale = (0.0, QUICK) if chosen.quick else (chosen.seconds, FULL)
    found = [
        comparison
        for engine in chosen.engine or ENGINES
        for comparison in measure(engine, chosen.operation or tuple(OPERATIONS), scale, seconds=seconds)
    ]
    sys.stdout.write(f"{_machine()}\n{_LEGEND}\n\n{render(found, OTHERS)}\n")
    if chosen.json is not None:
        chosen.json.write_text(_dumped(found), encoding="utf-8")


if __name__ == "__main__":
    main()

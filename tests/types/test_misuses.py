"""Type checkers refuse what the database would refuse, or would answer with nothing: each seeded misuse, by each tool.

Adding a case is adding a file to `misuses`: Python under another suffix, so that no other check reads it, with
`# refused` at the end of the one line that is wrong.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CASES = sorted((Path(__file__).parent / "misuses").glob("*.txt"))

Found = dict[str, set[int]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Every case as a module, in a folder of its own."""
    made = tmp_path / "misuses"
    made.mkdir()
    for case in CASES:
        (made / f"{case.stem}.py").write_text(case.read_text(encoding="utf-8"), encoding="utf-8")
    return made


def mypy(folder: Path) -> Found:
    """The lines that mypy --strict refuses, by case."""
    words = ["-m", "mypy", "--strict", "--no-error-summary", "--output", "json", "--cache-dir", ".mypy_cache"]
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, *words, "--config-file", "pyproject.toml", *map(str, sorted(folder.glob("*.py")))],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert not done.stderr, done.stderr
    return _errors((json.loads(line) for line in done.stdout.splitlines()), lambda told: told["line"])


def pyright(folder: Path) -> Found:
    """The lines that pyright refuses in strict mode, by case."""
    settings = {"include": ["."], "typeCheckingMode": "strict", "extraPaths": [str(ROOT)]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    words = ["-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "--project", str(folder)]
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"},
    )
    return _errors(json.loads(done.stdout)["generalDiagnostics"], lambda told: told["range"]["start"]["line"] + 1)


def _errors(told: Iterable[dict[str, Any]], line: Callable[[dict[str, Any]], int]) -> Found:
    found: Found = {}
    for one in told:
        if one["severity"] == "error":
            found.setdefault(Path(one["file"]).stem, set()).add(line(one))
    return found


def refused(case: Path) -> set[int]:
    """The line that the case says is wrong."""
    lines = case.read_text(encoding="utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if line.endswith("# refused")}


def test_there_are_enough_cases() -> None:
    """Fifteen kinds at least, each with one wrong line."""
    assert len(CASES) >= 15
    assert all(len(refused(case)) == 1 for case in CASES)


@pytest.mark.parametrize("tool", [mypy, pyright], ids=lambda tool: tool.__name__)
def test_each_misuse_is_refused(tool: Callable[[Path], Found], folder: Path) -> None:
    """The wrong line of each case, and no other line."""
    assert tool(folder) == {case.stem: refused(case) for case in CASES}

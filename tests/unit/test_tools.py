"""The way to a running demo on somebody else's machine: what is missing is said in one line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder, with a blank in its name, that holds as much of the project as setting it up reads."""
    folder = tmp_path / "a clone"
    (folder / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "venv", folder / "tools" / "venv")
    shutil.copy(ROOT / "Makefile", folder / "Makefile")
    (folder / "pyproject.toml").touch()
    return folder


def interpreter(folder: Path, *, version: str = "Python 3.11.9", script: str) -> Path:
    """A stand-in for a Python that is not as it should be."""
    folder.mkdir(exist_ok=True)
    path = folder / "python3"
    path.write_text(f'#!/bin/sh\n[ "$1" = -V ] && {{ echo "{version}"; exit 0; }}\n{script}\n', encoding="utf-8")
    path.chmod(0o755)
    return path


OLD = 'case "$2" in *version_info*) exit 1 ;; esac\nexit 0'
WITHOUT_VENV = 'case "$2" in *ensurepip*) exit 1 ;; esac\nexit 0'


def set_up(clone: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run what `make demo` runs first."""
    return subprocess.run(  # noqa: S603 - our own script
        [str(clone / "tools" / "venv"), "cli", ".venv/.stamp"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], **environment},
    )


def test_a_python_without_venv_names_the_package_to_install(clone: Path, tmp_path: Path) -> None:
    """Debian ships Python without it, and its own message is long."""
    python = interpreter(tmp_path / "bin", script=WITHOUT_VENV)

    done = set_up(clone, PYTHON=str(python))

    assert done.returncode == 2
    assert done.stderr == (
        "error: Python 3.11.9 has no venv module; install it (Debian, Ubuntu: apt-get install python3-venv)\n"
    )
    assert not (clone / ".venv").exists()


def test_a_python_that_is_too_old_is_named(clone: Path, tmp_path: Path) -> None:
    """Whoever has another one says so with PYTHON=..."""
    python = interpreter(tmp_path / "bin", version="Python 3.9.2", script=OLD)

    chosen = set_up(clone, PYTHON=str(python))
    found = set_up(clone, PATH=f"{python.parent}:{bare(tmp_path)}")

    assert chosen.returncode == found.returncode == 2
    assert chosen.stderr == f"error: PYTHON={python} is Python 3.9.2; Lumia needs Python >= 3.11\n"
    assert found.stderr.startswith("error: python3 is Python 3.9.2; Lumia needs Python >= 3.11")
    assert found.stderr.count("\n") == 1


def test_a_python_that_is_not_there_is_named(clone: Path, tmp_path: Path) -> None:
    """One line for the mistyped one, one line for none at all."""
    mistyped = set_up(clone, PYTHON="/no/such/python")
    none = set_up(clone, PATH=bare(tmp_path))

    assert mistyped.stderr == "error: PYTHON=/no/such/python does not run; name a Python >= 3.11\n"
    assert none.stderr.startswith("error: no Python found; install Python >= 3.11")
    assert none.stderr.count("\n") == 1


def bare(tmp_path: Path) -> str:
    """A PATH with the few tools that the script itself needs and no Python."""
    folder = tmp_path / "tools only"
    folder.mkdir(exist_ok=True)
    for name in ("sh", "cat", "dirname", "rm"):
        found = shutil.which(name)
        assert found is not None
        if not (folder / name).exists():
            (folder / name).symlink_to(found)
    return str(folder)


def test_make_alone_lists_every_target(clone: Path) -> None:
    """The Makefile explains itself, and no target is left out."""
    done = subprocess.run(["make", "-C", str(clone)], capture_output=True, text=True, check=True)  # noqa: S603, S607 - make is what is tested

    text = (clone / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))
    listed = set(re.findall(r"^  make ([a-z-]+)", done.stdout, re.MULTILINE))
    assert listed == targets
    assert {"demo", "test", "check"} <= listed


def test_make_test_hands_its_settings_to_pytest(clone: Path) -> None:
    """How many at once, and whatever else somebody wants to say."""
    done = subprocess.run(  # noqa: S603 - make is what is tested
        ["make", "-C", str(clone), "-n", "test", "ARGS=-k cart"],  # noqa: S607 - as above
        capture_output=True,
        text=True,
        check=True,
    )

    assert "python -m pytest -n 2 -k cart\n" in done.stdout


def test_ci_calls_what_a_developer_calls() -> None:
    """A check that only CI knows fails where nobody can run it."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    commands = [line for line in script.splitlines() if line and not line.startswith(("#", "set ", "cd ", "export "))]

    assert commands == ["make check"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_the_wheel_holds_what_run_time_reads(tmp_path: Path) -> None:
    """A query file that stays at home is only missed by whoever installs the package."""
    subprocess.run(  # noqa: S603 - our own build
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", tmp_path, ROOT],
        check=True,
        capture_output=True,
    )

    (wheel,) = tmp_path.glob("lumia-*.whl")
    shutil.unpack_archive(wheel, tmp_path / "unpacked", "zip")
    packed = {path.relative_to(tmp_path / "unpacked").as_posix() for path in (tmp_path / "unpacked").rglob("*.*")}
    there = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "lumia").rglob("*.*")
        if path.suffix in {".py", ".sql", ".typed", ".json"} and "__pycache__" not in path.parts
    }
    assert there <= packed
    assert not [name for name in packed if name.startswith(("tests/", "benchmarks/", "tools/"))]


def test_every_dependency_has_its_reason() -> None:
    """A dependency that nobody can justify is one to drop."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    wanted = [
        *project["dependencies"],
        *(name for names in project["optional-dependencies"].values() for name in names),
    ]

    bare_lines = [
        name
        for name in wanted
        if not name.startswith("lumia[") and not re.search(rf'"{re.escape(name)}",?\s+# \S', text)
    ]

    assert bare_lines == []

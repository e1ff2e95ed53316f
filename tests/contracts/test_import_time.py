"""Importing Lumia defines names and does nothing else."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LIBRARY = sorted((ROOT / "lumia").rglob("*.py"))

PROBE = """
import builtins, json, os, socket, sys, threading

sys.path.insert(0, {root!r})
events = []

def listen(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        name = os.fsdecode(args[0])
        if "/lumia/" in name and "site-packages" not in name and not name.endswith((".py", ".pyc")):
            events.append(f"opens {{name}}")
    elif event in ("socket.connect", "socket.bind", "subprocess.Popen", "sqlite3.connect", "os.system", "os.fork"):
        events.append(f"{{event}} {{args[:1]}}")

sys.addaudithook(listen)
import {module}
print(json.dumps({{
    "events": events,
    "modules": sorted(sys.modules),
    "threads": threading.active_count(),
}}))
"""


def imported(module: str) -> dict[str, Any]:
    """What importing a module did, seen from a fresh interpreter."""
    code = PROBE.format(root=str(ROOT), module=module)
    done = subprocess.run([sys.executable, "-I", "-B", "-c", code], capture_output=True, text=True, check=False)  # noqa: S603 - our own text
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("module", ["lumia", "lumia.shop", "lumia.reports", "lumia.importing", "lumia.typedsql"])
def test_importing_opens_nothing(module: str) -> None:
    """A program that imports Lumia for its types must not pay for, or fail on, files, sockets and threads."""
    found = imported(module)

    assert found["events"] == []
    assert found["threads"] == 1


def test_importing_lumia_imports_no_driver() -> None:
    """A driver is imported when a URL asks for its engine: a SQLite user never loads PostgreSQL's library."""
    found = imported("lumia")

    assert not {"sqlite3", "psycopg", "psycopg_pool"} & set(found["modules"])


def test_importing_lumia_imports_no_terminal_package() -> None:
    """The command line's packages are an extra that a web application does not install."""
    found = imported("lumia")

    assert not {"typer", "rich"} & set(found["modules"])


def shown(path: Path) -> str:
    """The path from the project's root."""
    return path.relative_to(ROOT).as_posix()


QUIET = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
    ast.Pass,
)


@pytest.mark.parametrize("path", LIBRARY, ids=shown)
def test_a_module_holds_definitions_only(path: Path) -> None:
    """Loops, calls and file access at module level run in every program that imports it, wanted or not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))

    loud = [
        f"{shown(path)}:{node.lineno} {type(node).__name__}: put it into a function"
        for node in tree.body
        if not isinstance(node, QUIET)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        and not (isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "__name__ == '__main__'"))
        and not (isinstance(node, ast.Expr) and ast.unparse(node.value).startswith("app.add_typer("))
        and not (isinstance(node, ast.AugAssign) and ast.unparse(node.target) == "__all__")
    ]

    assert not loud, "\n".join(loud)

"""What every file of the project keeps to: size, an opening sentence, documented public names, nothing unfinished."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = [
    path
    for folder in ("lumia", "tests", "benchmarks", "examples", "tools")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
LIBRARY = [path for path in CODE if path.is_relative_to(ROOT / "lumia")]
QUERIES = sorted((ROOT / "lumia").rglob("*.sql"))

MOST_LINES = 400


def shown(path: Path) -> str:
    """The path from the project's root."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [*CODE, *QUERIES], ids=shown)
def test_a_file_has_at_most_400_lines(path: Path) -> None:
    """A file that a reader cannot hold in mind is two files."""
    lines = len(path.read_text(encoding="utf-8").splitlines())

    assert lines <= MOST_LINES, f"{shown(path)} has {lines} lines: split it by what its parts are about"


@pytest.mark.parametrize("path", CODE, ids=shown)
def test_a_file_opens_with_a_sentence_of_what_lives_there(path: Path) -> None:
    """The first line tells a reader whether to read on."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))

    assert docstring, f"{shown(path)} has no docstring"
    assert docstring.splitlines()[0].rstrip().endswith((".", ":")), f"{shown(path)}: the first line is no sentence"


def public_names(tree: ast.Module) -> list[str] | None:
    """The file's `__all__`, None when it has none."""
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            assert isinstance(node, ast.Assign | ast.AnnAssign)
            assert node.value is not None
            return [str(name) for name in ast.literal_eval(node.value)]
    return None


def in_reading_order(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions, each by name: the order that ruff keeps."""
    kind = 0 if name.isupper() else 1 if name[0].isupper() else 2
    return kind, name


@pytest.mark.parametrize("path", LIBRARY, ids=shown)
def test_public_names_are_sorted_and_there(path: Path) -> None:
    """`__all__` is a promise: a name that is gone, or stands twice, breaks it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))

    names = public_names(tree)

    if names is None:
        return
    assert names == sorted(names, key=in_reading_order), f"{shown(path)}: sort __all__"
    assert len(names) == len(set(names)), f"{shown(path)}: a name stands twice in __all__"
    bound = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            bound.add(node.name)
        elif isinstance(node, ast.ImportFrom | ast.Import):
            bound |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
    lazy = any(isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in tree.body)
    assert lazy or set(names) <= bound, f"{shown(path)}: {sorted(set(names) - bound)} are not defined there"


def public_definitions(body: list[ast.stmt]) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """Classes and functions that a caller can reach by public names alone."""
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node.body)


@pytest.mark.parametrize("path", LIBRARY, ids=shown)
def test_public_names_are_documented(path: Path) -> None:
    """Whoever meets a public name reads what it is for, in the editor, without opening the file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))

    bare = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for node in public_definitions(tree.body)
        if not ast.get_docstring(node)
        and not any("overload" in ast.unparse(decorator) for decorator in node.decorator_list)
    ]

    assert not bare, "a docstring is missing:\n" + "\n".join(bare)


@pytest.mark.parametrize("path", [path for path in CODE if path.name.startswith("test_")], ids=shown)
def test_every_test_has_a_sentence(path: Path) -> None:
    """A test's docstring says what would be lost without the promise in its name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))

    bare = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]

    assert not bare, "a sentence is missing:\n" + "\n".join(bare)


UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|NotImplementedError)\b|pytest\.(?:skip|xfail)\(")


@pytest.mark.parametrize("path", CODE, ids=shown)
def test_nothing_is_left_for_later_in_the_code(path: Path) -> None:
    """What is missing stands in the status table; a skip comes from the one registry of reasons."""
    if path in (Path(__file__), ROOT / "tests" / "support" / "reasons.py"):
        return

    found = [
        f"{shown(path)}:{number}: {line.strip()}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]

    assert not found, "\n".join(found)

"""Finds queries that no code calls: a name that stands nowhere as an attribute is dead SQL."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from lumia.typedsql.findings import Finding
from lumia.typedsql.protocols import PROTOCOLS
from lumia.typedsql.source import SourceFile

__all__ = ["unused_queries"]


def unused_queries(files: Iterable[SourceFile], code: Path) -> Iterator[Finding]:
    """Yield the queries that no Python file below `code` names as `….query_name` or in a string.

    The generated protocols do not count, for they name every query.

    Args:
        files: the query files.
        code: the folder of the program that calls them.
    """
    names: set[str] = set()
    for path in sorted(code.rglob("*.py")):
        if PROTOCOLS not in path.relative_to(code).parts:
            names |= _named(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))
    for file in files:
        for query in file.queries:
            if query.name not in names:
                message = f"no code in {code.name} calls the query: call it, or remove it"
                yield Finding(query.path, query.line, query.full_name, message)


def _named(tree: ast.Module) -> set[str]:
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} | {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

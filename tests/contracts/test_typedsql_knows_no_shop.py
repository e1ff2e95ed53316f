"""Typed SQL is for any program: nothing in it names, imports or assumes a shop."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from lumia.typedsql import SQLITE, TypeRegistry, load_queries

FOLDER = Path(__file__).parents[2] / "lumia" / "typedsql"
FILES = sorted(FOLDER.rglob("*.py"))

ALLOWED = {
    "lumia.errors": {"FileRefused", "InvalidValue", "QueryFileError", "TypedSqlError"},
    "lumia.types": {"MONEY_LIMIT", "MONEY_QUANTUM", "RATE_QUANTUM", "Logical"},
}
"""What typed SQL needs of the layers below; everything else that they hold is of the shop."""

SHOP_WORDS = re.compile(
    r"\b(?:customers?|carts?|checkout|inventory|coupons?|sku|shops?|payments?|invoices?)\b", re.IGNORECASE
)
EXAMPLES = re.compile(r"`[^`]*`|OrderStatus is order_status")


def shown(path: Path) -> str:
    """The file's name."""
    return path.name


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_typedsql_imports_nothing_of_the_shop(path: Path) -> None:
    """From the package it takes itself, its errors, and how exact decimals are: no DTO, no enum, no engine."""
    taken = [
        (node.lineno, node.module, alias.name)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lumia")
        for alias in node.names
    ]

    wrong = [
        f"{path.name}:{line} imports {name} from {module}: an embedder's program has no shop"
        for line, module, name in taken
        if module is not None and not module.startswith("lumia.typedsql") and name not in ALLOWED.get(module, set())
    ]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_typedsql_names_no_table_of_the_shop(path: Path) -> None:
    """A word of the shop outside of an example is knowledge that belongs to a layer above."""
    lines = path.read_text(encoding="utf-8").splitlines()

    wrong = [
        f"{path.name}:{number}: {line.strip()}"
        for number, line in enumerate(lines, 1)
        if SHOP_WORDS.search(EXAMPLES.sub("", line))
    ]

    assert not wrong, "\n".join(wrong)


def test_typedsql_serves_a_folder_without_a_shop(tmp_path: Path) -> None:
    """A stranger's query with a stranger's types loads."""
    (tmp_path / "stars.sql").write_text(
        "-- name: count_stars()$\n-- How many.\n-- @returns: int\nSELECT count(*) FROM stars;\n", encoding="utf-8"
    )

    assert load_queries(tmp_path, SQLITE, TypeRegistry({})).names == ["stars.count_stars"]

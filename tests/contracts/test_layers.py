"""The layers of the package: who may import whom, and where drivers and SQL text may stand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "lumia"

LAYERS: tuple[tuple[str, ...], ...] = (
    ("errors", "types", "_version"),
    ("money", "text"),
    ("money",),
    ("dto",),
    ("typedsql",),
    ("queries", "migrations"),
    ("engine",),
    ("repos",),
    ("contexts",),
    ("shop",),
    ("reports", "importing"),
    ("cli",),
)
"""From the ground up; a layer imports itself and what stands before it. `lumia/__init__.py` stands below cli alone."""

REASONS = {
    "errors": "errors are raised everywhere, so they can depend on nothing",
    "types": "value types are shared by every layer, so they can depend on nothing but errors",
    "_version": "the build reads the version without the package's dependencies",
    "money": "money arithmetic is pure: every layer above may need to round or split an amount",
    "text": "folding text is pure: what is indexed and what is looked for must be folded by the same code",
    "dto": "a DTO is plain data: whoever holds one needs no database code",
    "typedsql": "typed SQL knows no shop: other programs use it for their own queries",
    "queries": "query files hold SQL and what is generated from it",
    "migrations": "a migration must run on a database that no repository understands yet",
    "engine": "an engine moves rows and transactions; the shop's rules stand above it",
    "repos": "a repository is I/O-free but for bound queries, so that an async twin can be generated from it",
    "contexts": "a context lends repositories their connections and knows none of them",
    "shop": "the unit of work ties the layers below together and knows no report and no file format",
    "reports": "reports are numbers over queries; pages, charts and commands stand above them",
    "importing": "an import is called by programs too, so it prints nothing and knows no command line",
    "cli": "the command line is the top: nothing may need it",
}

DRIVERS = frozenset({"sqlite3", "psycopg", "psycopg_pool", "psycopg_binary"})
CLI_ONLY = frozenset({"typer", "rich", "click"})


def modules() -> list[Path]:
    """Every Python file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def shown(path: Path) -> str:
    """The path as a reader of a failure message wants it."""
    return path.relative_to(PACKAGE.parent).as_posix()


def layer_of(parts: tuple[str, ...]) -> str:
    """The first package or module name below `lumia`."""
    return parts[0].removesuffix(".py")


def rank(name: str) -> int | None:
    """How high a layer stands, None for a name that is no layer."""
    return next((place for place, names in enumerate(LAYERS) if name in names), None)


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Each import of a file as line and absolute dotted name, those for type checkers alone included."""
    package = ("lumia", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            source = ".".join(part for part in (base, node.module or "") if part)
            for alias in node.names:
                yield node.lineno, f"{source}.{alias.name}" if source == "lumia" else source


@pytest.mark.parametrize("path", modules(), ids=shown)
def test_a_layer_imports_only_what_stands_to_its_left(path: Path) -> None:
    """An import against the order would tie layers into a knot that no part can be taken out of."""
    own = layer_of(path.relative_to(PACKAGE).parts)
    own_rank = rank(own)
    if own == "__init__":
        own_rank = len(LAYERS) - 2
    assert own_rank is not None, f"{shown(path)} belongs to no layer; give it a place in LAYERS with a reason"

    wrong = []
    for line, name in imported(path):
        parts = name.split(".")
        if parts[0] != "lumia" or len(parts) == 1:
            continue
        target = rank(parts[1])
        if target is not None and (target > own_rank or (target == own_rank and parts[1] != own and own != "__init__")):
            wrong.append(f"{shown(path)}:{line} imports {name}: {REASONS.get(own, 'the package shows what is below')}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", modules(), ids=shown)
def test_drivers_are_imported_in_the_engine_and_the_checker_only(path: Path) -> None:
    """Everything else speaks to a session, so that both engines stay one behaviour."""
    parts = path.relative_to(PACKAGE).parts
    allowed = parts[0] == "engine" or parts[:2] == ("typedsql", "check")

    wrong = [
        f"{shown(path)}:{line} imports {name}: a driver outside lumia/engine brings an engine's own errors and values"
        for line, name in imported(path)
        if name.split(".")[0] in DRIVERS and not allowed
    ]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", modules(), ids=shown)
def test_the_library_does_not_need_the_command_lines_packages(path: Path) -> None:
    """A program that embeds Lumia installs no terminal packages."""
    if path.relative_to(PACKAGE).parts[0] == "cli":
        return

    wrong = [
        f"{shown(path)}:{line} imports {name}: only lumia/cli may, `pip install lumia` does not bring it"
        for line, name in imported(path)
        if name.split(".")[0] in CLI_ONLY
    ]

    assert not wrong, "\n".join(wrong)


SQL_START = re.compile(
    r"^\s*(?:/\*.*?\*/\s*)?(?:SELECT\s+[\w(*'\"]|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s"
    r"|WITH\s+(?:RECURSIVE\s+)?\w+\s*(?:\([^)]*\)\s*)?AS\s|CREATE\s+(?:TABLE|INDEX|UNIQUE|TRIGGER|VIEW|TYPE|DOMAIN|FUNCTION|SCHEMA)\s"
    r"|ALTER\s+\w+\s|DROP\s+\w+\s|TRUNCATE\s|COPY\s+\w+\s|MERGE\s+INTO\s|PRAGMA\s|VACUUM\b|SAVEPOINT\s|BEGIN\s+IMMEDIATE)",
    re.IGNORECASE,
)
"""How a statement begins; prose that begins with such a word goes on differently."""

SQL_PLACES = ("engine", "typedsql", "migrations")
"""Session statements, what the checker asks the catalogues, and the bookkeeping of the migrations."""


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Each string of a file but its docstrings; an f-string counts by its first piece."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


@pytest.mark.parametrize("path", modules(), ids=shown)
def test_sql_text_stands_in_sql_files_only(path: Path) -> None:
    """A statement inside Python is one that the check has never proven and a reviewer of SQL never sees."""
    if path.relative_to(PACKAGE).parts[0] in SQL_PLACES:
        return

    wrong = [
        f"{shown(path)}:{line} holds SQL ({text.split()[0]} ...): put it into lumia/queries, where it is proven"
        for line, text in texts(path)
        if SQL_START.match(text)
    ]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "is_sql"),
    [
        ("SELECT order_id FROM orders", True),
        ("  with x AS (SELECT 1) SELECT * FROM x", True),
        ("insert into orders (order_id) values (1)", True),
        ("UPDATE orders SET total = 1", True),
        ("PRAGMA journal_mode", True),
        ("select one of the reports", True),
        ("Update the schema first: run lumia migrate", False),
        ("with one order", False),
        ("copy", False),
        ("delete", False),
    ],
)
def test_the_search_for_sql_finds_statements_and_leaves_most_prose(text: str, is_sql: bool) -> None:  # noqa: FBT001 - a table of cases
    """The guard itself is tested, for one that matches nothing would pass for ever."""
    found = SQL_START.match(text) is not None

    assert found is is_sql

"""Queries and tables of an embedder's own: in the same transactions, proven, and validated while they are not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

import lumia
from examples.own_queries import dtos
from examples.own_queries.queries.protocols import Queries
from lumia.dto import NewCustomer
from lumia.errors import FileRefused, TypedSqlError
from lumia.migrations import load_migrations, schema_digest
from lumia.typedsql import POSTGRESQL, SQLITE, TypeRegistry
from lumia.typedsql.own import is_proven

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "own_queries"
MIGRATIONS = EXAMPLE / "migrations"


def registry() -> TypeRegistry:
    """What the example's files may name."""
    return TypeRegistry.of(dtos)


def digest(engine: str, own: Path | None = MIGRATIONS) -> str:
    """The digest of the example's schema."""
    return schema_digest(load_migrations(engine, own=own))


def test_the_example_runs_on_either_engine(empty_url: str) -> None:
    """A reader runs it as its docstring says."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "examples.own_queries", empty_url], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout == "Ada: likes tea\n"


def test_the_example_stays_short() -> None:
    """Queries, a table, DTOs and their use take less than 60 lines."""
    written = [*EXAMPLE.glob("*.py"), *EXAMPLE.glob("*/*.sql")]

    lines = [line for path in written for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]

    assert len(written) == 4
    assert len(lines) < 60


def test_own_queries_are_part_of_the_transaction(empty_url: str) -> None:
    """What a transaction undoes, it undoes of the embedder's tables too."""
    with lumia.connect(empty_url, create=True, migrations=MIGRATIONS) as shop:
        with pytest.raises(RuntimeError), shop.transaction() as tx:
            notes: Queries = tx.queries(EXAMPLE / "queries", dtos)
            customer = tx.customers.register(NewCustomer(email="ada@example.com", first_name="Ada"))
            assert notes.notes.put_note(customer_id=customer.customer_id, note="tea") == 1
            raise RuntimeError
        mine: Queries = shop.queries(EXAMPLE / "queries", dtos)

        assert mine.notes.list_customers(after_id=0, max_rows=10) == []


def test_a_savepoint_undoes_own_rows_alone(empty_url: str) -> None:
    """Own queries of a nested transaction end with it."""
    with lumia.connect(empty_url, create=True, migrations=MIGRATIONS) as shop:
        with shop.transaction() as tx:
            customer = tx.customers.register(NewCustomer(email="ada@example.com", first_name="Ada"))
            with pytest.raises(RuntimeError), tx.transaction() as inner:
                inner.queries(EXAMPLE / "queries", dtos).notes.put_note(customer_id=customer.customer_id, note="tea")
                raise RuntimeError
        found = shop.queries(EXAMPLE / "queries", dtos).notes.list_customers(after_id=0, max_rows=10)

        assert [row.note for row in found] == [None]


def test_a_shop_with_own_tables_opens_without_their_folder(empty_url: str) -> None:
    """The command line, which knows no embedder, works on such a shop."""
    with lumia.connect(empty_url, create=True, migrations=MIGRATIONS):
        pass

    with lumia.connect(empty_url, check="full") as shop:
        assert shop.customers.list().items == ()


@pytest.mark.parametrize("dialect", [POSTGRESQL, SQLITE], ids=lambda dialect: dialect.name)
def test_the_examples_contract_fits(dialect: lumia.typedsql.Dialect) -> None:
    """It was written by the check, for this very schema."""
    assert is_proven(EXAMPLE / "queries", dialect, registry(), schema=digest(dialect.name))


def test_another_schema_is_not_proven() -> None:
    """Queries are proven on a schema, and on no other."""
    assert not is_proven(EXAMPLE / "queries", SQLITE, registry(), schema=digest("sqlite", own=None))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("n.note = :noted", "n.note <> :noted"),
        ("LIMIT :max_rows", "LIMIT 2 * :max_rows"),
        ("noted: text", "noted: int"),
    ],
)
def test_a_changed_file_is_not_proven(tmp_path: Path, old: str, new: str) -> None:
    """One word more or less, and the proof is of another query."""
    folder = copytree(EXAMPLE / "queries", tmp_path / "queries")
    text = (folder / "notes.sql").read_text(encoding="utf-8")

    (folder / "notes.sql").write_text(text.replace(old, new), encoding="utf-8")

    assert not is_proven(folder, SQLITE, registry(), schema=digest("sqlite"))


def test_white_space_and_comments_change_nothing(tmp_path: Path) -> None:
    """A reformatted file is the same query."""
    folder = copytree(EXAMPLE / "queries", tmp_path / "queries")
    text = (folder / "notes.sql").read_text(encoding="utf-8")

    (folder / "notes.sql").write_text(text.replace("    c.first_name,", "  c . first_name  ,"), encoding="utf-8")

    assert is_proven(folder, SQLITE, registry(), schema=digest("sqlite"))


def test_unproven_queries_have_their_rows_validated(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column that is NULL against its DTO is an error, not a model that lies; proven rows are trusted."""
    monkeypatch.delenv("LUMIA_VALIDATE_ROWS")
    folder = copytree(EXAMPLE / "queries", tmp_path / "queries")
    text = (folder / "notes.sql").read_text(encoding="utf-8")
    (folder / "notes.sql").write_text(text.replace("c.first_name,", "n.note AS first_name,"), encoding="utf-8")
    with lumia.connect(empty_url, create=True, migrations=MIGRATIONS) as shop:
        shop.customers.register(NewCustomer(email="ada@example.com", first_name="Ada"))

        with pytest.raises(TypedSqlError, match="first_name"):
            shop.queries(folder, dtos).notes.list_customers(after_id=0, max_rows=10)


def test_a_folder_is_read_once_for_each_shop(empty_url: str) -> None:
    """Whoever asks again in each request pays nothing."""
    with lumia.connect(empty_url, create=True, migrations=MIGRATIONS) as shop:
        first, second = (shop.queries(EXAMPLE / "queries", dtos) for _ in range(2))

        assert type(first) is type(second)


def test_a_missing_folder_is_refused(empty_url: str) -> None:
    """One sentence says what is wrong."""
    with lumia.connect(empty_url, create=True) as shop, pytest.raises(FileRefused, match="not a folder"):
        shop.queries(Path("nowhere"), dtos)
    with pytest.raises(FileRefused, match="not a folder of migrations"):
        lumia.connect(empty_url, migrations=Path("nowhere"))

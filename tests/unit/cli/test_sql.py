"""`lumia sql`: Lumia's own queries and a user's folder are proven and listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.pgserver import PgServer
from tests.unit.cli.conftest import Lumia

GOOD = """\
-- name: count_customers()$
-- How many customers there are.
--
-- @returns: int
SELECT count(*) AS customers
FROM customers;
"""

DTO = '''
"""A user's DTOs."""

from pydantic import BaseModel, ConfigDict


class Greeting(BaseModel):
    """A name."""

    model_config = ConfigDict(frozen=True)

    name: str
'''


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder of queries beside the module with its DTOs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_dto.py").write_text(DTO, encoding="utf-8")
    folder = tmp_path / "my_sql"
    folder.mkdir()
    (folder / "mine.sql").write_text(GOOD, encoding="utf-8")
    return folder


@pytest.fixture
def dsn(pg_server: PgServer, databases: object) -> str:
    """A migrated PostgreSQL database for the whole run."""
    return pg_server.url(databases._postgresql_template())  # type: ignore[attr-defined]


def test_lumias_own_queries_pass(lumia: Lumia, dsn: str) -> None:
    """The proof that run time relies on."""
    ran = lumia("sql", "check", "--postgresql", dsn, "--json")

    assert ran.code == 0, ran.out
    assert ran.data["findings"] == []
    assert sorted(ran.data["engines"]) == ["postgresql", "sqlite"]
    assert ran.data["portable"] / ran.data["queries"] >= 0.85


def test_a_users_folder_passes_beside_lumias_tables(lumia: Lumia, own: Path, dsn: str) -> None:
    """A user's queries get the same proof."""
    ran = lumia("sql", "check", "--queries", own, "--dto", "my_dto", "--postgresql", dsn)

    assert ran.code == 0, ran.out
    assert "1 queries, 1 portable" in ran.out


def test_a_query_that_does_not_fit_is_named_with_file_and_line(lumia: Lumia, own: Path, dsn: str) -> None:
    """A misspelt column fails here and not at night."""
    (own / "mine.sql").write_text(GOOD.replace("FROM customers", "FROM costumers"), encoding="utf-8")

    ran = lumia("sql", "check", "--queries", own, "--dto", "my_dto", "--postgresql", dsn)

    assert ran.code == 1
    assert "mine.sql:" in ran.out
    assert "count_customers" in ran.out
    assert "costumers" in ran.out


def test_without_a_server_named_a_private_one_is_used(lumia: Lumia, own: Path) -> None:
    """`lumia sql check` needs no set-up."""
    ran = lumia("sql", "check", "--queries", own, "--dto", "my_dto")

    assert ran.code == 0, ran.err
    assert "proven on" in ran.out
    assert "postgresql" in ran.out


def test_the_list_shows_parameters_and_results(lumia: Lumia, own: Path) -> None:
    """What a caller needs to know, on a line."""
    mine = lumia("sql", "list", "--queries", own, "--dto", "my_dto")
    lumias = lumia("sql", "list", "--json")

    assert "mine.count_customers" in mine.out
    assert "1 queries" in mine.out
    order = next(query for query in lumias.data if query["name"] == "customers.get_customer")
    assert order["parameters"] == {"customer_id": "int"}
    assert order["returns"] == "Customer"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--queries", "my_sql"], "belong together"),
        (["--dto", "my_dto"], "belong together"),
        (["--queries", "nowhere", "--dto", "my_dto"], "no folder"),
        (["--queries", "my_sql", "--dto", "no_such_module"], "no module no_such_module"),
    ],
)
@pytest.mark.usefixtures("own")
def test_a_wrong_folder_or_module_is_one_line(lumia: Lumia, options: list[str], says: str) -> None:
    """And nothing was started for it."""
    ran = lumia("sql", "list", *options)

    assert says in ran.refusal().replace("is not a folder", "no folder")
    assert ran.code == 2

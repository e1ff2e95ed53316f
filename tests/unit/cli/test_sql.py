"""`lumia sql`: Lumia's own queries and a user's folder are proven and listed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.pgserver import PgServer
from tests.unit.cli.conftest import Lumia

GOOD = """\
-- name: count_customers()$
-- How many customers there are.
--
-- @scan: the example counts them all
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
def server(pg_server: PgServer, databases: object) -> str:
    """A migrated PostgreSQL database for the whole run."""
    return pg_server.url(databases._postgresql_template())  # type: ignore[attr-defined]


MINE = ("--queries", "my_sql", "--dto", "my_dto")


def test_lumias_own_queries_pass(lumia: Lumia) -> None:
    """The proof that run time relies on: nothing is found, and contract and protocols are fresh."""
    ran = lumia("sql", "check", "--json")

    assert ran.code == 0, ran.out
    assert ran.data["findings"] == []
    assert sorted(ran.data["engines"]) == ["postgresql", "sqlite"]
    assert ran.data["portable"] / ran.data["queries"] >= 0.85
    assert ran.data["refuted"] == 0
    assert ran.data["claims"] > 500


def test_lumias_own_queries_are_as_proven(lumia: Lumia) -> None:
    """The same question without any engine."""
    ran = lumia("sql", "check", "--offline")

    assert ran.code == 0, ran.out
    assert "no engine asked: as proven" in ran.out


@pytest.mark.usefixtures("own")
def test_a_users_folder_passes_beside_lumias_tables(lumia: Lumia, server: str) -> None:
    """A user's queries get the same proof, on a database of their choice."""
    ran = lumia("sql", "check", *MINE, "--url", server)

    assert ran.code == 0, ran.out
    assert "1 queries, 1 portable" in ran.out


@pytest.mark.usefixtures("own")
def test_both_databases_can_be_named(lumia: Lumia, server: str) -> None:
    """One of each engine; two of one are refused before anything is asked."""
    assert lumia("init", "--url", "sqlite:///mine.db").code == 0

    both = lumia("sql", "check", *MINE, "--url", server, "--url", "sqlite:///mine.db")
    twice = lumia("sql", "check", *MINE, "--url", "sqlite:///mine.db", "--url", "sqlite:///other.db")

    assert both.code == 0, both.out
    assert "two databases of sqlite" in twice.refusal()


@pytest.mark.usefixtures("own")
def test_a_database_without_the_schema_is_refused(lumia: Lumia) -> None:
    """Queries are proven on Lumia's tables or not at all."""
    ran = lumia("sql", "check", *MINE, "--url", "sqlite:///missing.db")

    assert "missing.db" in ran.refusal()


def test_a_query_that_does_not_fit_is_named_with_file_and_line(lumia: Lumia, own: Path, server: str) -> None:
    """A misspelt column fails here and not at night."""
    (own / "mine.sql").write_text(GOOD.replace("FROM customers", "FROM costumers"), encoding="utf-8")

    ran = lumia("sql", "check", *MINE, "--url", server, "--write")

    assert ran.code == 1
    assert "mine.sql:" in ran.out
    assert "count_customers" in ran.out
    assert "costumers" in ran.out
    assert not (own / "contract.json").exists()


@pytest.mark.usefixtures("own")
def test_without_a_server_named_a_private_one_is_used(lumia: Lumia) -> None:
    """`lumia sql check` needs no set-up."""
    ran = lumia("sql", "check", *MINE)

    assert ran.code == 0, ran.err
    assert "proven on postgresql and sqlite" in ran.out


def test_what_was_written_is_compared_offline(lumia: Lumia, own: Path, server: str) -> None:
    """Contract and protocols lie beside the files; an edit of either side is named without an engine."""
    before = lumia("sql", "check", *MINE, "--offline")
    wrote = lumia("sql", "check", *MINE, "--url", server, "--write")
    fresh = lumia("sql", "check", *MINE, "--offline")
    (own / "mine.sql").write_text(GOOD.replace("count(*)", "count(customer_id)"), encoding="utf-8")
    drifted = lumia("sql", "check", *MINE, "--offline")
    live = lumia("sql", "check", *MINE, "--url", server)

    assert before.code == 1
    assert "there is no contract" in before.out
    assert (wrote.code, fresh.code) == (0, 0)
    assert drifted.code == live.code == 1
    for ran in (drifted, live):
        assert "mine.sql:1: mine.count_customers: the statement changed" in ran.out


def test_stale_protocols_are_named_and_written_anew(lumia: Lumia, own: Path, server: str) -> None:
    """`--check` fails and writes nothing; without it they are mended from the contract."""
    assert lumia("sql", "protocols", *MINE).code != 0
    assert lumia("sql", "check", *MINE, "--url", server, "--write").code == 0
    path = own / "protocols" / "mine.py"
    written = path.read_text(encoding="utf-8")
    path.write_text("x = 1\n", encoding="utf-8")

    checked = lumia("sql", "protocols", *MINE, "--check")
    offline = lumia("sql", "check", *MINE, "--offline")
    left = path.read_text(encoding="utf-8")
    mended = lumia("sql", "protocols", *MINE)
    again = lumia("sql", "protocols", *MINE, "--check")

    assert (checked.code, offline.code, mended.code, again.code) == (1, 1, 0, 0)
    assert "protocols/mine.py:1: the protocols are stale" in checked.out
    assert left == "x = 1\n"
    assert path.read_text(encoding="utf-8") == written


def test_a_query_that_nothing_calls_is_named(lumia: Lumia, own: Path, server: str) -> None:
    """Dead SQL is code to read for nothing."""
    program = own.parent / "program"
    program.mkdir()
    (program / "main.py").write_text("x = 1\n", encoding="utf-8")

    unused = lumia("sql", "check", *MINE, "--url", server, "--used-in", program)
    (program / "main.py").write_text("def use(q):\n    return q.mine.count_customers()\n", encoding="utf-8")
    used = lumia("sql", "check", *MINE, "--url", server, "--used-in", program)

    assert (unused.code, used.code) == (1, 0)
    assert "mine.sql:1: mine.count_customers: no code in program calls the query" in unused.out


@pytest.mark.usefixtures("own")
def test_offline_and_write_exclude_each_other(lumia: Lumia) -> None:
    """Nothing is written that nothing proved."""
    assert "choose one of them" in lumia("sql", "check", *MINE, "--offline", "--write").refusal()


def test_a_query_is_shown_with_both_texts(lumia: Lumia) -> None:
    """Purpose, parameters, result, and what each engine gets."""
    portable = lumia("sql", "show", "orders.get_order")
    pair = lumia("sql", "show", "orders.lock_due_orders")
    data = lumia("sql", "show", "orders.list_orders", "--json").data

    assert "An order's own row." in portable.out
    assert "order_id: int" in portable.out
    assert "-- both engines\nSELECT\n    order_id," in portable.out
    assert "-- postgresql\n" in pair.out
    assert "-- sqlite\n" in pair.out
    assert "differs " in pair.out
    assert data["orders"] == ["-placed_at", "placed_at", "-total", "total"]
    assert data["statements"]["sqlite"].startswith("/* orders.list_orders")


def test_a_query_is_explained_on_both_engines(lumia: Lumia, server: str) -> None:
    """The plans side by side, for the arguments that are given."""
    one = lumia("sql", "explain", "orders.get_order", "order_id=3", "--url", server)
    some = lumia("sql", "explain", "orders.list_orders", "status=paid", "order=total", "--url", server, "--json")

    assert "-- postgresql\nIndex Scan using orders_pkey" in one.out
    assert "-- sqlite\nSEARCH orders USING INTEGER PRIMARY KEY" in one.out
    assert sorted(some.data["plans"]) == ["postgresql", "sqlite"]
    assert any("'paid'" in line for line in some.data["plans"]["postgresql"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["show", "orders.get_ordr"], "did you mean orders.get_order"),
        (["explain", "no.such"], "lumia sql list has them all"),
        (["explain", "orders.get_order", "colour=red"], "colour is no argument of orders.get_order: write key=value"),
        (["explain", "orders.get_order", "order_id"], "order_id is no argument"),
        (["explain", "orders.get_order", "order_id=one"], "order_id: give a value of the type int"),
        (["explain", "orders.list_orders", "status=payed"], "status: give a value of the type enum:OrderStatus"),
        (["explain", "orders.list_orders", "order=colour"], "order"),
        (["explain", "outbox.insert_events"], "runs once for each row"),
    ],
)
def test_a_wrong_name_or_argument_is_one_line(lumia: Lumia, server: str, words: list[str], says: str) -> None:
    """And says what is right."""
    url = ["--url", server] if words[0] == "explain" else []

    assert says in lumia("sql", *words, *url).refusal()


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


@pytest.mark.parametrize("module", ["raises", "broken", "", ".", "./my_dto"])
def test_a_module_that_cannot_be_imported_is_one_line(lumia: Lumia, own: Path, module: str) -> None:
    """Whatever a user's module does while it is imported, the answer is one line that names it."""
    (own.parent / "raises.py").write_text("raise RuntimeError('not today')\n", encoding="utf-8")
    (own.parent / "broken.py").write_text("def (\n", encoding="utf-8")

    ran = lumia("sql", "list", "--queries", "my_sql", "--dto", module)

    assert "--dto" in ran.refusal()


@pytest.mark.usefixtures("own")
def test_a_folder_of_code_that_is_not_there_is_refused(lumia: Lumia, server: str) -> None:
    """It would find every query unused."""
    assert "no such folder" in lumia("sql", "check", *MINE, "--url", server, "--used-in", "nowhere").refusal()


def test_without_the_extra_the_check_is_one_line(lumia: Lumia, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line alone brings no parser: a traceback stood here where one line names what to install."""
    for name in [name for name in sys.modules if name.startswith(("lumia.typedsql.check", "lumia.typedsql.prove"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlglot", None)

    assert "pip install 'lumia[check]'" in lumia("sql", "check").refusal()

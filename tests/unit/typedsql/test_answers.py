"""The comparison of answers: over equal rows and arguments both engines give the same, or a finding says where not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lumia.errors import FileRefused
from lumia.typedsql.check import CheckReport, check_queries
from tests.support.check_cases import CASES, REGISTRY, Library
from tests.support.pgserver import PgServer

Answers = Callable[..., CheckReport]


@pytest.fixture(scope="module")
def library(pg_server: PgServer, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The library on both engines."""
    return Library(tmp_path_factory.mktemp("library"), pg_server.url(pg_server.create_database()))


@pytest.fixture
def answers(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Check one query with what reads texts and plans switched off: what is found then, running it has shown."""
    for rule in ("text_findings", "style_findings", "scan_findings", "assertion_findings"):
        monkeypatch.setattr(f"lumia.typedsql.check.run.{rule}", lambda *_: ())

    def run(returns: str, sql: str, *params: str, other: str = "") -> CheckReport:
        names = ", ".join(param.partition(":")[0] for param in params)
        head = "".join(f"-- @param {param}\n" for param in params)
        for suffix, text in (("postgresql.", sql), ("sqlite.", other)) if other else (("", sql),):
            why = "-- @differs: the engines spell it apart\n" if other else ""
            (tmp_path / f"books.{suffix}sql").write_text(
                f"-- name: get_it({names})\n-- Look it up.\n--\n{why}{head}-- @returns: {returns}\n{text};\n"
            )
        return library.check(tmp_path)

    return run


EVERY_TYPE = "book_id, public_id, title, genre, price, discount, is_lent, published_on, cover, added_at"
BY_KEY = "FROM books ORDER BY book_id LIMIT 50"


@pytest.mark.parametrize(
    ("returns", "sql", "params", "words"),
    [
        ("money", f"SELECT price + 5 AS a {BY_KEY}", (), "PostgreSQL 17.5000, SQLite 12.5005: pass amounts"),
        ("int", "SELECT book_id FROM books WHERE price > 10 ORDER BY book_id LIMIT 50", (), "gives 1 rows, SQLite 3"),
        ("Book", f"SELECT book_id, title, price * 1 + 1 AS price {BY_KEY}", (), "differently for column price"),
        ("money?", "SELECT sum(quantity) FROM sales", (), "PostgreSQL 3.0000, SQLite 0.0003"),
        ("int", f"SELECT CAST(price AS bigint) AS a {BY_KEY}", (), "answer differently"),
        ("text", f"SELECT CAST(is_listed AS text) AS a {BY_KEY}", (), "PostgreSQL 'true', SQLite '1'"),
        ("int?", "SELECT CAST(avg(pages) AS bigint) FROM books", (), "PostgreSQL 294, SQLite 293"),
        ("int", f"SELECT book_id {BY_KEY.replace('book_id', 'genre, book_id', 1)}", (), "in another order: order by"),
        ("int", "SELECT book_id FROM books WHERE genre > 'novel' ORDER BY book_id LIMIT 9", (), "answer differently"),
        ("int", f"SELECT rank() OVER (ORDER BY sale_price) AS a {BY_KEY}", (), "answer differently"),
        ("int", "SELECT book_id FROM books WHERE added_at <= '2024-01-02 23:59:59+00' ORDER BY 1", (), "answer differ"),
        ("int", "SELECT book_id FROM books WHERE added_at > CAST(:d AS date) ORDER BY 1", ("d: date",), "SQLite 4"),
        ("int", f"SELECT CAST(title AS bigint) AS a {BY_KEY}", (), "PostgreSQL fails on data that the other engine"),
        (
            "int?",
            f"SELECT 10 / pages AS a {BY_KEY}",
            (),
            "fails on data that the other engine answers for, division by",
        ),
        ("int", "SELECT book_id FROM volumes WHERE discount > :m ORDER BY 1", ("m: money",), "answer differently"),
    ],
)
def test_a_query_that_the_engines_answer_differently_is_found(
    answers: Answers, returns: str, sql: str, params: tuple[str, ...], words: str
) -> None:
    """Nobody needs to have thought of the cause: the rows differ."""
    findings = answers(returns, sql, *params).findings

    assert len(findings) == 1
    assert words in findings[0].message, findings[0]


@pytest.mark.parametrize(
    ("returns", "sql", "params"),
    [
        ("Book", f"SELECT book_id, title, price {BY_KEY}", ()),
        ("money?", "SELECT sum(amount) FROM sales WHERE amount > :low", ("low: money",)),
        ("int", "SELECT book_id FROM volumes WHERE discount > :low ORDER BY book_id", ("low: rate",)),
        ("int", "SELECT book_id FROM books WHERE added_at >= :since AND is_listed ORDER BY 1", ("since: timestamp",)),
        ("enum:Genre", "SELECT genre FROM books WHERE genre <> :genre ORDER BY book_id", ("genre: enum:Genre",)),
        ("VolumeFull", f"SELECT {EVERY_TYPE} FROM volumes ORDER BY public_id", ()),
        ("BookShelf", "SELECT book_id, shelf_label AS label FROM book_cards WHERE shelf_label > '' ORDER BY 1", ()),
    ],
)  # fmt: skip
def test_equal_answers_are_no_finding(answers: Answers, returns: str, sql: str, params: tuple[str, ...]) -> None:
    """Amounts, rates, instants, labels, keys and views: decoded, both engines give the same."""
    report = answers(returns, sql, *params)

    assert [str(finding) for finding in report.findings if "needs" not in finding.message] == []
    assert report.unseen == ()


def test_both_statements_of_a_pair_are_compared(answers: Answers) -> None:
    """An override pair must mean the same too."""
    report = answers("int", f"SELECT book_id AS a {BY_KEY}", other=f"SELECT book_id + 1 AS a {BY_KEY}")

    assert ["PostgreSQL 1, SQLite 2" in finding.message for finding in report.findings] == [True]


def test_what_draws_values_is_not_compared(answers: Answers) -> None:
    """Random values differ between any two runs."""
    assert answers("bool", "SELECT random() > 0.5 AS a", other="SELECT random() > 0 AS a").ok


def test_a_null_in_an_array_is_found(answers: Answers) -> None:
    """An array of texts holds texts, on PostgreSQL too."""
    findings = answers(
        "text[]",
        f"SELECT ARRAY[isbn] AS a {BY_KEY}",
        other=f"SELECT json_array(isbn) AS a {BY_KEY}",
    ).findings

    assert any("PostgreSQL gave an array with NULL in it" in finding.message for finding in findings)
    assert any("a JSON array with null in it" in finding.message for finding in findings)


def test_a_row_that_its_model_refuses_is_found(answers: Answers) -> None:
    """More decimals than money has are an error at run time, so the probe says so before."""
    findings = answers("money", f"SELECT price / 7 AS a {BY_KEY}").findings

    assert any(
        finding.engine == "postgresql" and "column value holds a Decimal that is no money" in finding.message
        for finding in findings
    ), findings


def test_a_query_that_never_gave_a_row_is_named(answers: Answers) -> None:
    """Nothing was refuted there because nothing was seen."""
    report = answers("int", "SELECT book_id FROM books WHERE title = 'no such title' ORDER BY book_id LIMIT 5")

    assert (report.ok, report.unseen) == (True, ("books.get_it",))


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_fixture_with_bad_sql_is_refused_with_file_and_line(library: Library, tmp_path: Path, engine: str) -> None:
    """The engine's words, and where they point."""
    script = tmp_path / "rows.sql"
    script.write_text(
        "-- Rows.\nINSERT INTO shelves (shelf_id, label) VALUES (7, 'x');\n\nINSERT INTO nope VALUES (1);\n"
    )
    fixtures = {name: CASES / f"fixture.{name}.sql" for name in ("postgresql", "sqlite")} | {engine: script}
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "shelves.sql").write_text("-- name: get_it()$\n-- One.\n-- @returns: int\nSELECT 1 AS a;\n")

    with pytest.raises(FileRefused, match=r"rows\.sql:4: \w+ refuses the fixture: .*nope"):
        check_queries(
            tmp_path / "queries", REGISTRY, postgresql_dsn=library.dsn, sqlite=library.connect, fixtures=fixtures
        )

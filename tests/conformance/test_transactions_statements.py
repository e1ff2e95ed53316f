"""What a statement means does not hang on how it travels: streams, pipelines, many rows, bulk, counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lumia.errors import InvalidValue, TransactionError
from tests.support.notes import Ground, notes_ground


@pytest.fixture
def ground(empty_url: str) -> Iterator[Ground]:
    """An engine with the tables of `notes`."""
    with notes_ground(empty_url) as made:
        yield made


def test_rows_stream_inside_a_transaction(ground: Ground) -> None:
    """Large results come in parts, and other statements may run in between."""
    with ground.unit() as unit:
        for number in range(10):
            ground.add(unit, f"{number}")
        sql = "SELECT note_key FROM notes ORDER BY note_key"
        parts = []
        for rows in ground.call(unit, lambda session: session.stream(sql, (), size=4)):
            parts.append([key for (key,) in rows])
            ground.keys(unit)

    assert parts == [list("0123"), list("4567"), list("89")]


def test_a_stream_needs_a_transaction(ground: Ground) -> None:
    """Outside of one the connection would be back in the pool before the first row."""
    with pytest.raises(TransactionError, match="inside a transaction"):
        ground.call(ground.engine, lambda session: session.stream("SELECT 1", (), size=4), write=False)


def test_a_stream_ends_with_its_transaction(ground: Ground) -> None:
    """Its next part would be read in the transaction of whoever has the connection by then."""
    with ground.unit() as unit:
        for number in range(10):
            ground.add(unit, f"{number}")
        rows = ground.call(unit, lambda session: session.stream("SELECT note_key FROM notes", (), size=4))
        next(rows)

    with ground.unit() as other:
        with pytest.raises(TransactionError, match="has ended"):
            next(rows)
        ground.add(other, "still fine")
    assert ground.keys()[-1] == "still fine"


def test_many_parameter_rows_are_all_or_nothing_outside_of_a_transaction(ground: Ground) -> None:
    """SQLite would commit each row for itself."""
    sql = ground.sql("INSERT INTO notes (note_key, size) VALUES (CAST(:1 AS text), CAST(:2 AS bigint))")

    with pytest.raises(InvalidValue):
        ground.call(ground.engine, lambda session: session.execute_many(sql, [("a", 1), ("b", 0), ("c", 1)]))

    assert ground.keys() == []
    assert ground.call(ground.engine, lambda session: session.execute_many(sql, [("a", 1), ("b", 2)])) == 2
    assert ground.keys() == ["a", "b"]


def test_a_failing_source_of_parameter_rows_keeps_nothing(ground: Ground) -> None:
    """Rows that were sent before the source broke must not stay."""
    sql = ground.sql("INSERT INTO notes (note_key, size) VALUES (CAST(:1 AS text), CAST(:2 AS bigint))")

    def rows() -> Iterator[tuple[str, int]]:
        yield "a", 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ground.call(ground.engine, lambda session: session.execute_many(sql, rows()))

    assert ground.keys() == []


def test_a_pipeline_is_all_or_nothing_outside_of_a_transaction(ground: Ground) -> None:
    """Statements that travel together are kept together."""
    good = "INSERT INTO notes (note_key, size) VALUES ('a', 1)"
    bad = "INSERT INTO notes (note_key, size) VALUES ('b', 0)"

    with pytest.raises(InvalidValue):
        ground.call(ground.engine, lambda session: session.pipeline([(good, ()), (bad, ())]))

    assert ground.keys() == []


def test_a_pipeline_gives_the_rows_of_each_statement(ground: Ground) -> None:
    """A statement without rows keeps its place."""
    insert = "INSERT INTO notes (note_key, size) VALUES ('a', 7)"
    returning = "INSERT INTO notes (note_key, size) VALUES ('b', 8) RETURNING note_key, size"
    select = ground.sql("SELECT size FROM notes WHERE note_key = CAST(:1 AS text)")

    with ground.unit() as unit:
        results = ground.call(unit, lambda s: s.pipeline([(insert, ()), (returning, ()), (select, ("a",))]))

    assert results == [[], [("b", 8)], [(7,)]]


def test_an_error_in_a_pipeline_poisons_like_any_other(ground: Ground) -> None:
    """Travelling together changes nothing about what an error means."""
    bad = "INSERT INTO notes (note_key, size) VALUES ('b', 0)"

    with ground.unit() as unit:
        ground.add(unit, "a")
        with pytest.raises(InvalidValue), unit.savepoint() as inner:
            ground.call(inner, lambda session: session.pipeline([("SELECT 1", ()), (bad, ()), ("SELECT 2", ())]))
        ground.add(unit, "c")

    assert ground.keys() == ["a", "c"]


@pytest.mark.parametrize(
    ("sql", "affected"),
    [
        ("INSERT INTO notes (note_key, size) VALUES ('x', 1), ('y', 1)", 2),
        ("UPDATE notes SET size = size + 1", 3),
        ("DELETE FROM notes WHERE note_key = 'none'", 0),
        ("INSERT INTO notes (note_key, size) VALUES ('a', 1) ON CONFLICT (note_key) DO NOTHING", 0),
        ("WITH big AS (SELECT 'b' AS k) UPDATE notes SET size = 9 WHERE note_key IN (SELECT k FROM big)", 1),
        ("DELETE FROM notes WHERE note_key IN ('a', 'b') RETURNING note_key", 2),
    ],
)
def test_affected_rows_are_counted_alike(ground: Ground, sql: str, affected: int) -> None:
    """Guards such as `changed nothing: somebody was faster` hang on the count."""
    for key in "abc":
        ground.add(ground.engine, key)

    counted = ground.call(ground.engine, lambda session: session.execute(sql, ()))

    assert counted == affected


def test_bulk_rows_are_stored_as_typed_sql_would(ground: Ground) -> None:
    """The fast path must not mean another value."""
    columns = (("note_key", "text"), ("size", "int"), ("folder_id", "int?"))
    keys = ["plain", "tab\there", "back\\slash", "line\nbreak", "\\N", "ünïcode", "quote'd"]

    with ground.unit() as unit:
        count = ground.call(unit, lambda s: s.copy_rows("notes", columns, ((key, 1, None) for key in keys)))

    assert count == len(keys)
    assert ground.keys() == sorted(keys)


def test_a_bulk_row_that_is_refused_poisons_like_any_other(ground: Ground) -> None:
    """An import keeps all of its rows or none."""
    columns = (("note_key", "text"), ("size", "int"))

    with pytest.raises(InvalidValue), ground.unit() as unit:
        ground.call(unit, lambda s: s.copy_rows("notes", columns, [("a", 1), ("b", 0)]))

    assert ground.keys() == []

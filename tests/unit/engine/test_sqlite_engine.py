"""SQLite connections: their settings, what SQLite does to transactions unasked, and the names of its keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lumia.engine import PoolOptions, SqliteEngine, SqliteUrl
from lumia.engine.sqlite_keys import UniqueKeys
from lumia.errors import (
    AlreadyExists,
    Conflict,
    DatabaseError,
    DatabaseNotFound,
    InvalidReference,
    LumiaError,
    StatementInterrupted,
    TransactionError,
)
from tests.support.notes import Ground, notes_ground


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A file that does not exist yet."""
    return f"sqlite:///{tmp_path}/notes.db"


@pytest.fixture
def ground(url: str) -> Iterator[Ground]:
    """The tables of `notes` in a file."""
    with notes_ground(url) as made:
        yield made


def pragma(ground: Ground, name: str) -> object:
    """What a setting is on a connection that is lent."""
    return ground.call(ground.engine, lambda session: session.fetch_one(f"PRAGMA {name}", ()), write=False)[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("foreign_keys", 1),
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("busy_timeout", 10_000),
        ("trusted_schema", 1),
        ("recursive_triggers", 0),
        ("query_only", 1),
    ],
)
def test_connections_have_their_settings(ground: Ground, name: str, value: object) -> None:
    """Each of them is a promise: references are checked, an acknowledged order survives a power cut."""
    assert pragma(ground, name) == value


def test_less_durability_is_an_option(url: str) -> None:
    """NORMAL is faster, and says in its description what it risks."""
    with notes_ground(url, PoolOptions(synchronous="NORMAL", lock_timeout=1.5)) as ground:
        assert pragma(ground, "synchronous") == 1
        assert pragma(ground, "busy_timeout") == 1500


def test_every_connection_of_the_pool_checks_references(ground: Ground) -> None:
    """The setting belongs to a connection, not to the file."""
    sessions = [ground.engine.acquire(write=False) for _ in range(5)]
    sessions.append(ground.engine.acquire(write=True))
    found = [session.fetch_one("PRAGMA foreign_keys", ()) for session in sessions]
    for session in sessions:
        ground.engine.release(session, failed=False)

    assert found == [(1,)] * 6
    with pytest.raises(InvalidReference):
        ground.add(ground.engine, "a", folder=9)


def test_a_statement_that_writes_without_saying_so_is_refused(ground: Ground) -> None:
    """It would write beside the queue of writers."""
    sql = "INSERT INTO notes (note_key, size) VALUES ('a', 1)"

    with pytest.raises(TransactionError, match="read-only"):
        ground.call(ground.engine, lambda session: session.execute(sql, ()), write=False)

    assert ground.keys() == []


def test_a_missing_file_is_not_made_by_looking(tmp_path: Path) -> None:
    """A typing mistake must not leave an empty file behind."""
    engine = SqliteEngine(SqliteUrl(str(tmp_path / "typo.db")))

    with pytest.raises(DatabaseNotFound, match=r"typo\.db does not exist; create it"):
        engine.acquire(write=False)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("inside_savepoint", [False, True])
def test_what_sqlite_rolled_back_unasked_is_lost_and_said_to_be(ground: Ground, *, inside_savepoint: bool) -> None:
    """The next statement would be committed for itself: an order gone, its payment kept."""
    ground.add(ground.engine, "taken")
    everything = "INSERT OR ROLLBACK INTO notes (note_key, size) VALUES ('taken', 1)"

    with pytest.raises(TransactionError), ground.unit() as unit:
        ground.add(unit, "order")
        with pytest.raises(AlreadyExists):
            if inside_savepoint:
                with unit.savepoint() as part:
                    ground.call(part, lambda session: session.execute(everything, ()))
            else:
                ground.call(unit, lambda session: session.execute(everything, ()))
        with pytest.raises(TransactionError):
            ground.add(unit, "payment")

    assert ground.keys() == ["taken"]


def test_an_interrupted_statement_keeps_nothing(ground: Ground) -> None:
    """It is not repeated either: somebody wanted it to stop."""
    endless = (
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) INSERT INTO notes SELECT i, 1, NULL FROM n"
    )

    with pytest.raises(StatementInterrupted), ground.unit() as unit:
        ground.add(unit, "a")
        connection = unit._session.connection  # type: ignore[attr-defined]
        connection.set_progress_handler(lambda: 1, 1000)
        try:
            ground.call(unit, lambda session: session.execute(endless, ()))
        finally:
            connection.set_progress_handler(None, 0)

    assert ground.keys() == []


def test_a_full_disk_keeps_nothing(ground: Ground) -> None:
    """SQLite rolls back by itself or not: the unit is lost either way."""
    big = "INSERT INTO notes (note_key, size) VALUES (?1, 1)"

    with pytest.raises(DatabaseError, match="full"), ground.unit() as unit:
        ground.add(unit, "a")
        pages = ground.call(unit, lambda session: session.fetch_one("PRAGMA page_count", ()))[0]
        ground.call(unit, lambda session: session.fetch_one(f"PRAGMA max_page_count = {pages}", ()))
        ground.call(unit, lambda session: session.execute(big, ("x" * 100_000,)))

    assert ground.keys() == []


def test_a_transaction_ended_behind_the_units_back_is_noticed(ground: Ground) -> None:
    """Whatever did it, what came after it was not part of the whole."""
    with pytest.raises(TransactionError, match="rolled the whole transaction back"), ground.unit() as unit:
        ground.add(unit, "a")
        unit._session.connection.execute("ROLLBACK")  # type: ignore[attr-defined]

    assert ground.keys() == []


def test_writers_of_one_process_take_turns_without_waiting_on_the_file(url: str) -> None:
    """A busy timeout of nothing is enough: nobody of the process ever meets a busy file."""
    with notes_ground(url) as ground, ThreadPoolExecutor(4) as threads:

        def write(number: int) -> None:
            with ground.unit() as unit:
                unit._session.connection.execute("PRAGMA busy_timeout = 0")  # type: ignore[attr-defined]
                count = len(ground.keys(unit))
                ground.add(unit, f"{count:03}")
                del number

        list(threads.map(write, range(60)))

        assert ground.keys() == [f"{number:03}" for number in range(60)]


def test_another_process_in_the_way_is_a_conflict(url: str, tmp_path: Path) -> None:
    """It comes from the file itself, after the busy timeout."""
    with notes_ground(url, PoolOptions(lock_timeout=0.05)) as ground:
        other = sqlite3.connect(tmp_path / "notes.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(Conflict, match="SQLITE_BUSY"), ground.unit() as unit:
            ground.add(unit, "a")

        other.execute("ROLLBACK")
        other.close()
        ground.add(ground.engine, "b")
        assert ground.keys() == ["b"]


def test_a_writing_unit_never_meets_a_stale_snapshot(url: str, tmp_path: Path) -> None:
    """With a plain BEGIN, reading first and writing then fails at once when somebody wrote in between."""
    with notes_ground(url, PoolOptions(lock_timeout=0.05)) as ground, ground.unit() as unit:
        ground.keys(unit)
        other = sqlite3.connect(tmp_path / "notes.db", isolation_level=None, timeout=0)

        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("INSERT INTO notes (note_key, size) VALUES ('other', 1)")

        other.close()
        ground.add(unit, "a")


def test_a_broken_connection_is_not_lent_again(ground: Ground) -> None:
    """Closed by somebody, or beyond repair: the next borrower gets another."""
    with pytest.raises(LumiaError), ground.unit() as unit:
        unit._session.connection.close()  # type: ignore[attr-defined]
        ground.add(unit, "a")

    ground.add(ground.engine, "b")
    assert ground.keys() == ["b"]


SCHEMA = """
CREATE TABLE one (
    a INTEGER NOT NULL, -- CONSTRAINT nonsense UNIQUE (a)
    b TEXT CONSTRAINT one_b_key UNIQUE,
    c TEXT, d TEXT, e TEXT,
    CONSTRAINT one_pkey PRIMARY KEY (a),
    CONSTRAINT "one_pair_key" UNIQUE (c, "d")
) STRICT;
CREATE UNIQUE INDEX one_e_key ON one (e) WHERE e IS NOT NULL;
CREATE TABLE two (a INTEGER, b INTEGER) STRICT;
CREATE UNIQUE INDEX two_first ON two (a) WHERE b = 1;
CREATE UNIQUE INDEX two_second ON two (a) WHERE b = 2;
CREATE UNIQUE INDEX two_lower ON two (abs(b));
"""


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ("one.a", "one_pkey"),
        ("one.b", "one_b_key"),
        ("one.c, one.d", "one_pair_key"),
        ("one.e", "one_e_key"),
        ("one.d, one.c", None),
        ("two.a", None),
        ("nowhere.a", None),
        ("", None),
    ],
)
def test_the_name_of_a_key_is_found_by_its_columns(columns: str, name: str | None) -> None:
    """So that `.constraint` is the same on both engines; where two keys fit, no name is better than a wrong one."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    keys = UniqueKeys()

    first, again = keys.name_of(connection, columns), keys.name_of(connection, columns)
    connection.close()

    assert first == again == name


def test_the_names_of_keys_are_read_anew_when_asked_to() -> None:
    """A migration may have added some."""
    connection = sqlite3.connect(":memory:")
    keys = UniqueKeys()
    before = keys.name_of(connection, "one.a")
    connection.executescript(SCHEMA)

    keys.forget()
    after = keys.name_of(connection, "one.a")
    connection.close()

    assert (before, after) == (None, "one_pkey")
    assert keys.name_of(connection, "one.a") == "one_pkey"
    keys.forget()
    assert keys.name_of(connection, "one.a") is None


def test_an_error_names_the_key_as_postgresql_does(ground: Ground) -> None:
    """SQLite itself reports columns only."""
    ground.add(ground.engine, "a")

    with pytest.raises(AlreadyExists) as refused:
        ground.add(ground.engine, "a")

    assert refused.value.constraint == "notes_pkey"
    assert str(refused.value) == "the key is taken (notes_pkey)"

"""PostgreSQL connections: their settings, the values they bring, and statements that stay prepared."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from lumia.engine import PoolOptions, PostgresqlEngine, RetryPolicy, open_engine
from lumia.engine.retry import StalePlan
from lumia.errors import (
    AuthenticationFailed,
    ConfigurationError,
    DatabaseNotFound,
    InvalidValue,
    LumiaError,
    ServerUnreachable,
)
from lumia.shop import connect
from tests.support.databases import Databases
from tests.support.notes import Ground, notes_ground
from tests.support.pgserver import PgServer


@pytest.fixture
def pg_url(databases: Databases, tmp_path: Any) -> Iterator[str]:
    """An empty database."""
    with databases.empty("postgresql", tmp_path) as url:
        yield url


@pytest.fixture
def ground(pg_url: str) -> Iterator[Ground]:
    """The tables of `notes` on one connection."""
    with notes_ground(pg_url, PoolOptions(size=1)) as made:
        yield made


def ask(ground: Ground, sql: str, *params: Any) -> Any:
    """Run a statement for itself and give its rows."""
    return ground.call(ground.engine, lambda session: session.fetch_all(sql, params), write=False)


def prepared(ground: Ground) -> int:
    """How many statements the server keeps prepared for the connection."""
    return int(ask(ground, "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%/* kept */%'")[0][0])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TimeZone", "UTC"),
        ("statement_timeout", "1min"),
        ("lock_timeout", "10s"),
        ("idle_in_transaction_session_timeout", "1min"),
        ("application_name", "lumia"),
    ],
)
def test_connections_have_their_settings(ground: Ground, name: str, value: str) -> None:
    """Nothing may hang for ever, and every instant is in UTC."""
    assert ask(ground, "SELECT current_setting($1::text)", name) == [(value,)]


def test_settings_of_the_url_are_kept(pg_url: str) -> None:
    """An operator's own options go along with ours."""
    with notes_ground(f"{pg_url}&options=-c%20work_mem%3D7MB&application_name=mine") as ground:
        assert ask(ground, "SELECT current_setting('work_mem'), current_setting('application_name')") == [
            ("7MB", "mine")
        ]


def test_a_setting_that_does_not_take_effect_is_refused(pg_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pooler may drop what is asked for at connection: then statements could hang, and instants shift."""
    engine = open_engine(pg_url)
    monkeypatch.setattr(
        PostgresqlEngine, "_arguments", lambda _: {"autocommit": True, "options": "-c TimeZone=Asia/Tokyo"}
    )

    with pytest.raises(ConfigurationError, match="ignores TimeZone, statement_timeout, lock_timeout, idle_in"):
        engine.acquire(write=False)


def test_what_a_unit_sets_locally_does_not_reach_the_next(ground: Ground) -> None:
    """The bulk path lifts the time limit for itself alone."""
    with ground.unit() as unit:
        ground.call(unit, lambda s: s.copy_rows("notes", (("note_key", "text"), ("size", "int")), [("a", 1)]))
        inside = ground.call(unit, lambda s: s.fetch_all("SELECT current_setting('statement_timeout')", ()))

    assert inside == ask(ground, "SELECT current_setting('statement_timeout')") == [("1min",)]


def test_values_arrive_as_what_they_are(ground: Ground) -> None:
    """Enums and their arrays would be bytes, instants of a zone named otherwise would be slow."""
    ask_write(ground, "CREATE TYPE mood AS ENUM ('fine', 'not, \"so\" fine')")
    ask_write(ground, "CREATE DOMAIN amount AS numeric")
    ground.engine.forget_schema()  # type: ignore[attr-defined]

    ((label, labels, amount, instant, truth, blob, none),) = ask(
        ground,
        "SELECT 'fine'::mood, ARRAY['fine', 'not, \"so\" fine', NULL]::mood[], 1.50::amount, "
        "'2026-01-01 12:00+02'::timestamptz, true, '\\x00ff'::bytea, NULL::mood",
    )

    assert (label, labels) == ("fine", ["fine", 'not, "so" fine', None])
    assert (str(amount), type(amount)) == ("1.50", Decimal)
    assert (instant.hour, instant.tzinfo) == (10, UTC)
    assert (truth, blob, none) == (True, b"\x00\xff", None)


def ask_write(ground: Ground, sql: str) -> None:
    """Run a statement that changes something."""
    ground.call(ground.engine, lambda session: session.execute(sql, ()))


def test_an_enum_that_another_process_made_meanwhile_arrives_as_text(ground: Ground) -> None:
    """The connection did not know its object id when it was opened."""
    ask_write(ground, "CREATE TYPE colour AS ENUM ('red')")

    assert ask(ground, "SELECT 'red'::colour") == [("red",)]


def test_small_numbers_do_not_overflow(ground: Ground) -> None:
    """The driver would send the smallest type that fits, and 200 * 200 is no smallint."""
    assert ask(ground, "SELECT $1 * $2, $3::bigint", 200, 200, 2**63 - 1) == [(40_000, 2**63 - 1)]


@pytest.mark.parametrize(
    "value", [2**63, -(2**63) - 1, "\x00", "\ud800", object()], ids=lambda value: type(value).__name__
)
def test_values_that_cannot_be_sent_are_invalid(ground: Ground, value: object) -> None:
    """And the connection goes on."""
    with pytest.raises(InvalidValue):
        ask(ground, "SELECT $1", value)

    assert ask(ground, "SELECT 1") == [(1,)]


def test_a_percent_sign_means_itself(ground: Ground) -> None:
    """Nothing is doubled, nothing is taken for a placeholder."""
    assert ask(ground, "SELECT 'a%s' LIKE 'a%', '%%', $1::text", "%(x)s") == [(True, "%%", "%(x)s")]


def test_statements_stay_prepared_after_a_rollback(ground: Ground) -> None:
    """The driver drops them all at each ROLLBACK that it sees, which costs more than half of the speed."""
    ask(ground, "SELECT 1 /* kept */")
    ask(ground, "SELECT 2 /* kept */")

    for _ in range(3):
        with pytest.raises(RuntimeError), ground.unit() as unit:
            with pytest.raises(InvalidValue), unit.savepoint() as part:
                ground.add(part, "bad", size=0)
            raise RuntimeError

    assert prepared(ground) == 3
    assert ask(ground, "SELECT 1 /* kept */") == [(1,)]
    assert prepared(ground) == 3


def test_nothing_is_prepared_where_the_pooler_cannot(pg_url: str) -> None:
    """Behind a transaction pooler the next statement may run on another server connection."""
    with notes_ground(pg_url, PoolOptions(size=1, prepare=False)) as ground:
        for _ in range(10):
            ask(ground, "SELECT 1 /* kept */")

        assert prepared(ground) == 0


def test_statements_whose_first_run_fails_do_not_pile_up(ground: Ground) -> None:
    """The driver forgets them, the server keeps them: so now and then all are dropped."""
    for number in range(450):
        with pytest.raises(LumiaError):
            ask(ground, f"SELECT 1 / 0 /* kept */ -- {number}")

    assert prepared(ground) < 210


def test_a_lone_statement_is_prepared_anew_when_the_table_changed(ground: Ground, pg_url: str) -> None:
    """A migration ran meanwhile: nobody needs to notice."""
    ask_write(ground, "CREATE TABLE things (a bigint)")
    ask_write(ground, "INSERT INTO things VALUES (1)")
    assert ask(ground, "SELECT * FROM things") == [(1,)]

    with psycopg.connect(pg_url, autocommit=True) as other:
        other.execute("ALTER TABLE things ADD COLUMN b text")

    assert ask(ground, "SELECT * FROM things") == [(1, None)]


@pytest.mark.parametrize("write", [False, True])
def test_a_lone_pipeline_is_prepared_anew_when_the_table_changed(ground: Ground, pg_url: str, *, write: bool) -> None:
    """It is one statement to whoever sends it."""
    ask_write(ground, "CREATE TABLE things (a bigint)")
    insert = "INSERT INTO things (a) VALUES (1) RETURNING *" if write else "SELECT 1"
    statements = [(insert, ()), ("SELECT * FROM things", ())]

    def send() -> list[int]:
        return [len(r) for r in ground.call(ground.engine, lambda s: s.pipeline(statements), write=write)]

    before = send()
    with psycopg.connect(pg_url, autocommit=True) as other:
        other.execute("ALTER TABLE things ADD COLUMN b text")

    assert before == ([1, 1] if write else [1, 0])
    assert send() == ([1, 2] if write else [1, 0])


def test_a_unit_that_meets_a_changed_table_is_repeated_once(ground: Ground, pg_url: str) -> None:
    """Inside a transaction the statement alone cannot be repeated."""
    ask_write(ground, "CREATE TABLE things (a bigint)")
    ask(ground, "SELECT * FROM things")
    with psycopg.connect(pg_url, autocommit=True) as other:
        other.execute("ALTER TABLE things ADD COLUMN b text")
    state, errors = RetryPolicy(sleep=lambda _: None).start(), []

    while True:
        try:
            with ground.unit() as unit:
                rows = ground.call(unit, lambda session: session.fetch_all("SELECT * FROM things", ()))
            break
        except LumiaError as error:
            errors.append(type(error))
            state.pause_or_raise(error)

    assert rows == []
    assert errors == [StalePlan]


def test_shops_of_different_schemas_have_nothing_in_common(pg_url: str) -> None:
    """One database, many shops."""
    with connect(pg_url, schema="shop_1", create=True) as one, connect(pg_url, schema="order", create=True) as two:
        one.settings.update(currency="GBP", prices_include_tax=False, time_zone="UTC", order_expiry_minutes=5)

        assert (one.settings.get().currency, two.settings.get().currency) != ("GBP", "GBP")
        assert one.engine.name == "postgresql"
    with connect(pg_url, schema="shop_1", check="full") as again:
        assert again.settings.get().currency == "GBP"
    with psycopg.connect(pg_url) as raw:
        found = raw.execute(
            "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename = 'orders' ORDER BY 1"
        ).fetchall()
    assert found == [("order",), ("shop_1",)]


def test_a_missing_schema_is_not_made_unasked(pg_url: str) -> None:
    """A typing mistake must not open an empty shop."""
    for _ in range(2):
        with pytest.raises(DatabaseNotFound, match=r"no schema shop_7.*`lumia init`"):
            connect(pg_url, schema="shop_7", migrate=True)


def refused(url: str, kind: type[LumiaError]) -> str:
    """What connect() says to a URL."""
    with pytest.raises(kind) as error:
        connect(url, pool=PoolOptions(connect_timeout=2))
    message = str(error.value)
    assert "\n" not in message
    return message


def test_the_reasons_for_no_connection_are_told_in_one_line(pg_server: PgServer) -> None:
    """Each needs another remedy, and none shows the password."""
    server = pg_server.own()
    wrong = server.tcp_url(password="not-this-one")  # noqa: S106 - wrong on purpose
    nobody = server.tcp_url().replace("postgres:", "nobody:")
    elsewhere = server.tcp_url("nowhere")
    silent = server.tcp_url(port=1)

    said = [
        refused(wrong, AuthenticationFailed),
        refused(nobody, AuthenticationFailed),
        refused(elsewhere, DatabaseNotFound),
        refused(silent, ServerUnreachable),
    ]

    assert not [message for message in said if server.password in message or "not-this-one" in message]
    assert "check user and password" in said[0]
    assert "createdb" in said[2]
    assert "is it running" in said[3]


def test_a_role_without_rights_is_told_so(pg_server: PgServer, pg_url: str) -> None:
    """Not that the table is missing: the rights are."""
    with notes_ground(pg_url) as ground:
        ask_write(ground, "DO $$ BEGIN CREATE ROLE guest_of_lumia; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        with pytest.raises(AuthenticationFailed, match="grant"), ground.unit() as unit:
            ground.call(unit, lambda s: s.execute("SET LOCAL ROLE guest_of_lumia", ()))
            ground.add(unit, "a")
    del pg_server


@pytest.mark.slow
def test_a_server_that_takes_the_connection_and_says_nothing_is_unreachable() -> None:
    """A firewall or a wrong port can look like this: waiting ends after `connect_timeout`."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]

        message = refused(f"postgresql://ada:secret@127.0.0.1:{port}/shop", ServerUnreachable)

    assert message.startswith(f"no PostgreSQL server answered at postgresql://127.0.0.1:{port}/shop")

"""Lost connections: what is known to be undone is repeated, what nobody can know is never repeated."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest

from lumia.engine import PoolOptions, RetryPolicy, UnitOfWork, open_engine
from lumia.engine.private_server import PrivateServer
from lumia.errors import (
    CommitOutcomeUnknown,
    ConnectionLost,
    LumiaError,
    ServerUnreachable,
    StatementInterrupted,
    TransactionError,
)
from tests.support.notes import Ground, notes_ground
from tests.support.pgserver import PgServer
from tests.support.proxy import CuttingProxy

ADD = "INSERT INTO notes (note_key, size) VALUES ('a', 1)"

NEEDLE = "needle in the message that carries the values"

WARNS = """
CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE WARNING 'the standby did not answer';
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER notes_warn AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION warn();
"""


@pytest.fixture(scope="module")
def spare(pg_server: PgServer) -> Iterator[PrivateServer]:
    """A server that may be stopped, for nobody else uses it."""
    pg_server.own()
    with PrivateServer() as server:
        yield server


@pytest.fixture
def database(spare: PrivateServer, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of the spare server."""
    name = f"t{abs(hash(request.node.name))}"
    with psycopg.connect(spare.url(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    yield name
    with psycopg.connect(spare.url(), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def ground(spare: PrivateServer, database: str) -> Iterator[Ground]:
    """The tables of `notes` on the spare server."""
    with notes_ground(spare.url(database), PoolOptions(size=12, timeout=20)) as made:
        yield made


@contextmanager
def through_proxy(spare: PrivateServer, database: str) -> Iterator[tuple[Ground, CuttingProxy]]:
    """The same tables, by way of a proxy."""
    with CuttingProxy(spare.port) as proxy:
        engine = open_engine(spare.tcp_url(database, port=proxy.port), PoolOptions(size=2, timeout=20))
        try:
            yield Ground(engine), proxy
        finally:
            engine.close()


def end_connections(ground: Ground) -> None:
    """Have the server end every other connection of the database."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(str(ground.engine.url.conninfo), autocommit=True) as admin:  # type: ignore[attr-defined]
        admin.execute(f"SELECT pg_terminate_backend(pid) {others}".encode())
        wait_until(admin, f"SELECT count(*) = 0 {others}")


def warm(ground: Ground, count: int) -> None:
    """Have so many connections open and idle."""
    engine = ground.engine
    sessions = [engine.acquire(write=False) for _ in range(count)]
    for session in sessions:
        engine.release(session, failed=False)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_commit_whose_answer_is_lost_is_never_called_done_or_undone(
    spare: PrivateServer, database: str, ground: Ground, when: str
) -> None:
    """Lost before the server and done with the answer lost look the same."""
    with through_proxy(spare, database) as (proxied, proxy):
        with pytest.raises(CommitOutcomeUnknown, match="idempotency key"), proxied.unit() as unit:
            proxied.add(unit, "a")
            proxy.cut_at(b"COMMIT", when)  # type: ignore[arg-type]

        assert proxied.keys() == (["a"] if when == "after" else [])
        assert proxy.cuts == 1
    assert ground.keys() == (["a"] if when == "after" else [])


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lone_statement_that_writes_is_its_own_commit(
    spare: PrivateServer, database: str, ground: Ground, when: str
) -> None:
    """Outside of a transaction nobody knows either."""
    with through_proxy(spare, database) as (proxied, proxy):
        warm(proxied, 1)
        proxy.cut_at(NEEDLE.encode(), when)  # type: ignore[arg-type]

        with pytest.raises(CommitOutcomeUnknown):
            proxied.add(proxied.engine, NEEDLE)

    assert ground.keys() == ([NEEDLE] if when == "after" else [])


@pytest.mark.parametrize("at", [b"BEGIN", b"INSERT", NEEDLE.encode(), b"SAVEPOINT", b"RELEASE"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_connection_lost_before_commit_kept_nothing(
    spare: PrivateServer, database: str, ground: Ground, at: bytes, when: str
) -> None:
    """Then the unit may be repeated, and the second time it goes through."""
    with through_proxy(spare, database) as (proxied, proxy):
        warm(proxied, 1)
        proxy.cut_at(at, when)  # type: ignore[arg-type]
        state = RetryPolicy(sleep=lambda _: None).start()
        seen: list[tuple[type[LumiaError], list[str]]] = []
        while True:
            try:
                with proxied.unit() as unit, unit.savepoint() as part:
                    proxied.add(part, NEEDLE)
                break
            except LumiaError as error:
                seen.append((type(error), ground.keys()))
                state.pause_or_raise(error)

    assert seen == [(ConnectionLost, [])]
    assert ground.keys() == [NEEDLE]


def test_a_read_that_is_lost_may_be_repeated(spare: PrivateServer, database: str, ground: Ground) -> None:
    """Reading changed nothing."""
    with through_proxy(spare, database) as (proxied, proxy):
        warm(proxied, 1)
        proxy.cut_at(b"SELECT note_key", "after")

        with pytest.raises(ConnectionLost):
            proxied.keys()

        assert proxied.keys() == []
    assert ground.keys() == []


def test_many_rows_lost_on_their_way_kept_nothing(spare: PrivateServer, database: str, ground: Ground) -> None:
    """They travel in a transaction of their own, whose COMMIT was never sent."""
    with through_proxy(spare, database) as (proxied, proxy):
        warm(proxied, 1)
        proxy.cut_at(b"INSERT", "before")

        with pytest.raises(ConnectionLost):
            proxied.call(proxied.engine, lambda s: s.execute_many(ADD.replace("'a'", "$1"), [("a",), ("b",)]))

    assert ground.keys() == []


def test_after_a_restart_every_borrower_gets_a_living_connection(spare: PrivateServer, ground: Ground) -> None:
    """Without the look at lending, the first borrowers after a restart fail."""
    warm(ground, 12)

    spare.restart()

    assert [ground.keys() for _ in range(12)] == [[]] * 12


def test_ended_idle_connections_are_not_lent(ground: Ground) -> None:
    """An administrator, a firewall or a failover ends them."""
    warm(ground, 12)

    end_connections(ground)

    for number in range(12):
        ground.add(ground.engine, f"{number:02}")
    assert len(ground.keys()) == 12


def test_a_connection_ended_inside_a_unit_kept_nothing(ground: Ground) -> None:
    """The unit cannot go on, and may be repeated."""
    with pytest.raises(ConnectionLost), ground.unit() as unit:
        ground.add(unit, "a")
        end_connections(ground)
        ground.add(unit, "b")

    assert ground.keys() == []


def test_a_swallowed_loss_is_no_success(ground: Ground) -> None:
    """What cannot be committed must not look committed."""
    with pytest.raises(TransactionError), ground.unit() as unit:
        ground.add(unit, "a")
        end_connections(ground)
        with pytest.raises(ConnectionLost):
            ground.add(unit, "b")

    assert ground.keys() == []


def test_a_warning_during_commit_is_an_unknown_outcome(ground: Ground) -> None:
    """A cancelled wait for a standby says success and warns; after a failover the rows may be gone."""
    with psycopg.connect(str(ground.engine.url.conninfo), autocommit=True) as admin:  # type: ignore[attr-defined]
        admin.execute(WARNS)

    with pytest.raises(CommitOutcomeUnknown, match="warned during COMMIT"), ground.unit() as unit:
        ground.add(unit, "a")

    assert ground.keys() == ["a"]
    with ground.unit() as unit:
        ground.keys(unit)


def test_a_warning_of_a_statement_is_no_matter(ground: Ground) -> None:
    """Only what is said during COMMIT puts COMMIT in doubt."""
    with ground.unit() as unit:
        ground.call(unit, lambda s: s.execute("DO $$ BEGIN RAISE WARNING 'by the way'; END $$", ()))
        ground.add(unit, "a")

    assert ground.keys() == ["a"]


@pytest.mark.parametrize("lone", [False, True])
def test_a_cancelled_wait_for_a_standby_is_an_unknown_outcome(
    spare: PrivateServer, ground: Ground, *, lone: bool
) -> None:
    """The server calls it success: only its WARNING tells."""
    with psycopg.connect(spare.url(), autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        admin.execute("SELECT pg_reload_conf()")
        try:
            wait_until(admin, "SELECT current_setting('synchronous_standby_names') = 'nobody'")
            with cancelling_the_wait(spare), pytest.raises(CommitOutcomeUnknown, match="warned during COMMIT"):
                if lone:
                    ground.add(ground.engine, "a")
                else:
                    with ground.unit() as unit:
                        ground.add(unit, "a")
        finally:
            admin.execute("ALTER SYSTEM RESET synchronous_standby_names")
            admin.execute("SELECT pg_reload_conf()")
            wait_until(admin, "SELECT current_setting('synchronous_standby_names') = ''")

    assert ground.keys() == ["a"]


@contextmanager
def cancelling_the_wait(spare: PrivateServer) -> Iterator[None]:
    """Cancel, from a thread, whoever waits for a standby."""

    def cancel() -> None:
        with psycopg.connect(spare.url(), autocommit=True) as admin:
            wait_until(
                admin,
                "SELECT coalesce(bool_or(pg_cancel_backend(pid)), false) FROM pg_stat_activity "
                "WHERE wait_event = 'SyncRep'",
            )

    with ThreadPoolExecutor(1) as pool:
        cancelled = pool.submit(cancel)
        yield
        cancelled.result(60)


def wait_until(admin: psycopg.Connection[tuple[bool]], sql: str) -> None:
    """Ask until the answer is yes; the server sleeps in between."""
    for _ in range(3000):
        if admin.execute(sql.encode()).fetchone() == (True,):
            return
        admin.execute("SELECT pg_sleep(0.01)")
    message = "it never became true"
    raise AssertionError(message)


def test_a_server_that_is_gone_is_said_to_be_unreachable(spare: PrivateServer, database: str) -> None:
    """Not that the pool is exhausted: that would send the reader to the wrong place."""
    with notes_ground(spare.url(database), PoolOptions(size=2)) as ground:
        warm(ground, 2)
        spare.stop()
        try:
            with pytest.raises(ServerUnreachable, match="no PostgreSQL server answered"):
                ground.keys()
        finally:
            spare.start()

        assert ground.keys() == []


def test_a_statement_that_runs_into_its_limit_is_interrupted_and_not_repeated(
    spare: PrivateServer, database: str
) -> None:
    """It would take as long again."""
    with notes_ground(spare.url(database), PoolOptions(statement_timeout=0.05)) as ground:
        with pytest.raises(StatementInterrupted), ground.unit() as unit:
            ground.add(unit, "a")
            ground.call(unit, lambda s: s.fetch_all("SELECT pg_sleep(60)", ()))

        assert ground.keys() == []


def test_a_unit_that_idles_too_long_is_ended_and_says_so(spare: PrivateServer, database: str) -> None:
    """Its locks would keep everybody else waiting."""
    with notes_ground(spare.url(database), PoolOptions(idle_timeout=0.05)) as ground:
        with pytest.raises(TransactionError, match="left idle"), UnitOfWork(ground.engine, write=True) as unit:
            session = unit.acquire(write=True)
            while not session.has_word():  # type: ignore[attr-defined]
                pass
            ground.add(unit, "a")

        assert ground.keys() == []

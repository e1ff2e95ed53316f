"""Keeps a private PostgreSQL server for a parent process and stops it when that process is gone, however it ended.

Run as a script with one JSON argument; it prints one JSON line when the server is ready and then obeys `stop`,
`start` and `restart` lines. The end of its standard input, which a killed parent brings about too, ends everything.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

START_SECONDS = 60.0
STOP_SECONDS = 20.0
STATUS_LINE = 7  # where the server writes its state into its pid file


class Server:
    """The server's process and its folder."""

    def __init__(self, plan: dict[str, Any]) -> None:
        """Take the plan that the parent made."""
        self.plan = plan
        self.folder = Path(plan["folder"])
        self.data = self.folder / "data"
        self.groups: list[str | int] | None = None if plan["uid"] is None else []
        self.process: subprocess.Popen[bytes] | None = None

    def initialise(self) -> None:
        """Create the cluster."""
        made = subprocess.run(  # noqa: S603 - the parent chose the binaries
            [*self.plan["initdb"], "-D", str(self.data)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            check=False,
            user=self.plan["uid"],
            group=self.plan["gid"],
            extra_groups=self.groups,
        )
        if made.returncode != 0:
            raise RuntimeError(made.stderr.decode(errors="replace").strip()[-1000:])

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        log = self.folder / "log"
        with log.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603 - the parent chose the binaries
                [*self.plan["postgres"], "-D", str(self.data)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                user=self.plan["uid"],
                group=self.plan["gid"],
                extra_groups=self.groups,
            )
        self.process = process
        deadline = time.monotonic() + START_SECONDS
        while not self._ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text(errors="replace").strip()[-1000:])
            time.sleep(0.01)

    def _ready(self) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"

    def stop(self) -> None:
        """Stop the server at once; the connections are cut."""
        process, self.process = self.process, None
        if process is None:
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            process.send_signal(number)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            return


def lines_until_parent_ends(parent: int) -> Iterator[str]:
    """Yield the parent's commands; end with its pipe, or when it is no longer the parent of this process."""
    waiting = bytearray()
    while True:
        # A process forked from the parent may hold the pipe open after the parent's end: ask for the parent too.
        readable = select.select([0], [], [], 1.0)[0]
        if not readable:
            if os.getppid() != parent:
                return
            continue
        chunk = os.read(0, 4096)
        if not chunk:
            return
        waiting += chunk
        while (end := waiting.find(b"\n")) >= 0:
            line = waiting[:end].decode().strip()
            del waiting[: end + 1]
            yield line


def answer(**values: Any) -> None:
    """Tell the parent, if it still listens."""
    try:
        os.write(1, json.dumps(values).encode() + b"\n")
    except OSError:
        return


def main() -> int:
    """Start the server, obey, clean up."""
    parent = os.getppid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    server = Server(json.loads(sys.argv[1]))
    try:
        server.initialise()
        server.start()
        answer(ready=True)
        for command in lines_until_parent_ends(parent):
            if command in {"stop", "restart"}:
                server.stop()
            if command in {"start", "restart"}:
                server.start()
            answer(done=command)
    except (OSError, RuntimeError) as error:
        answer(error=str(error))
        return 1
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

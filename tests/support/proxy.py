"""A loopback proxy in front of a PostgreSQL server that cuts a connection at a chosen moment."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Literal, Self

__all__ = ["CuttingProxy"]


class CuttingProxy:
    """Passes bytes on in both directions until a client sends certain ones; then the connection breaks.

    `before` breaks it without passing them on; `after` passes them on and breaks it when the server has answered, so
    that what was asked for is done and nobody hears of it. Both look the same to the client.
    """

    def __init__(self, port: int) -> None:
        """Stand in front of the server on `port` of this machine."""
        self._server_port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._guard = threading.Lock()
        self._cut: tuple[bytes, Literal["before", "after"], int] | None = None
        self.cuts = 0
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def cut_at(self, text: bytes, when: Literal["before", "after"], times: int = 1) -> None:
        """Break the next connections that send `text`."""
        with self._guard:
            self._cut = (text, when, times)

    def _start(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._server_port))
                self._sockets += [client, server]
                answered = threading.Event()
                self._start(self._to_server, client, server, answered)
                self._start(self._to_client, client, server, answered)

    def _due(self, data: bytes) -> str | None:
        with self._guard:
            if self._cut is None or self._cut[0] not in data:
                return None
            text, when, times = self._cut
            self._cut = (text, when, times - 1) if times > 1 else None
            self.cuts += 1
            return when

    def _to_server(self, client: socket.socket, server: socket.socket, answered: threading.Event) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                when = self._due(data)
                if when == "before":
                    break
                if when == "after":
                    answered.set()
                    server.sendall(data)
                    return
                server.sendall(data)
        self._break(client, server)

    def _to_client(self, client: socket.socket, server: socket.socket, answered: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if answered.is_set():
                    break
                client.sendall(data)
        self._break(client, server)

    @staticmethod
    def _break(*ends: socket.socket) -> None:
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Break everything."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._break(*self._sockets)
        for thread in self._threads:
            thread.join(30)
        for end in self._sockets:
            end.close()

    def __enter__(self) -> Self:
        """Give the running proxy."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close it."""
        self.close()

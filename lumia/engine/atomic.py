"""Makes several statements one, for sessions that are not inside a transaction already."""

from __future__ import annotations

from typing import Protocol

from lumia.errors import LumiaError

__all__ = ["AllOrNothing"]


class _Transactional(Protocol):
    may_write: bool

    def begin(self, *, write: bool) -> None: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...


class AllOrNothing:
    """A transaction round the block where none is open; inside one it adds nothing."""

    def __init__(self, session: _Transactional, *, idle: bool) -> None:
        """Guard statements of `session`; `idle` says that it is in no transaction."""
        self._session = session
        self._own = idle

    def __enter__(self) -> None:
        """Open the transaction."""
        if self._own:
            self._session.begin(write=self._session.may_write)

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        """Commit, or roll back when the block or COMMIT failed."""
        if not self._own:
            return
        if kind is not None:
            self._session.rollback()
            return
        try:
            self._session.commit()
        except LumiaError:
            self._session.rollback()
            raise

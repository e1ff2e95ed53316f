"""The queries of sessions, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lumia.dto.accounts import Session, SessionCustomer

__all__ = ["SessionsQueries"]


class SessionsQueries(Protocol):
    """The queries of sessions.sql."""

    def delete_dead_sessions(self, *, customer_id: int, seen_after: datetime, now: datetime) -> None:
        """Remove a customer's sessions that have run out.

        sessions.sql:1
        """
        ...

    def get_session_customer(self, *, token_hash: bytes, seen_after: datetime, now: datetime) -> SessionCustomer | None:
        """The active customer of a session that has not ended.

        sessions.sql:12
        """
        ...

    def insert_session(
        self, *, customer_id: int, token_hash: bytes, expires_at: datetime, now: datetime
    ) -> Session | None:
        """Begin a session of an active customer, whose row is locked.

        sessions.sql:46
        """
        ...

    def mark_session_seen(self, *, session_id: int, now: datetime) -> None:
        """Let a session last longer that was not revoked meanwhile.

        sessions.sql:80
        """
        ...

    def revoke_session(self, *, token_hash: bytes, now: datetime) -> None:
        """End a session.

        sessions.sql:94
        """
        ...

    def revoke_sessions(self, *, customer_id: int, seen_after: datetime, now: datetime) -> int:
        """End every session of a customer that has not ended.

        sessions.sql:107
        """
        ...

"""The queries of audit, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lumia.dto.audit import AuditEntryRow
from lumia.typedsql import UNSET, Unset

__all__ = ["AuditQueries"]


class AuditQueries(Protocol):
    """The queries of audit.sql."""

    def list_entries(
        self,
        *,
        table_name: str | Unset = UNSET,
        row_key: str | Unset = UNSET,
        actor: str | Unset = UNSET,
        changed_from: datetime | Unset = UNSET,
        changed_to: datetime | Unset = UNSET,
        after_id: int | Unset = UNSET,
        max_rows: int,
    ) -> list[AuditEntryRow]:
        """One page of the audit log, newest first.

        audit.sql:1
        """
        ...

    def set_actor(self, *, actor: str | None, actor_customer_id: int | None) -> str:
        """Say who acts from here to the end of the transaction, or with NULL that it is the system; gives the
        name.

        audit.postgresql.sql:1 and audit.sqlite.sql:1
        """
        ...

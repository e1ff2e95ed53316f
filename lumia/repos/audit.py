"""The audit log: who changed what of that which staff change. Triggers write it; here it is only read."""

from __future__ import annotations

from datetime import datetime

from lumia.dto.audit import AuditEntry, AuditQuery
from lumia.dto.base import validated
from lumia.repos.base import Repository, given, key_of, page_of, page_rows
from lumia.typedsql import compose
from lumia.types import Page

__all__ = ["Audit"]


class Audit(Repository):
    """What was changed in settings, catalogue, delivery, coupons, reviews' moderation and customers' flags.

    The actor is who `Shop.transaction(actor=...)` named, else `system`; on PostgreSQL it is the role of whoever wrote
    past Lumia.
    """

    def list(
        self,
        *,
        table_name: str | None = None,
        row_key: int | str | None = None,
        actor: str | None = None,
        changed_from: datetime | None = None,
        changed_to: datetime | None = None,
        limit: int = 50,
        after: int | None = None,
    ) -> Page[AuditEntry]:
        """List changes, newest first, `limit` (1 to 500) at a time.

        Each filter that is given narrows the list down: a table, one row of it by its key, whoever acted, and the time,
        `changed_from` included, `changed_to` not. `after` is the last page's `next`. Raises `InvalidValue`. One
        statement.
        """
        key = str(row_key) if type(row_key) is int else row_key
        wanted = validated(
            AuditQuery,
            table_name=table_name,
            row_key=key,
            actor=actor,
            changed_from=changed_from,
            changed_to=changed_to,
        )
        rows = self._context.q.audit.list_entries(
            table_name=given(wanted.table_name),
            row_key=given(wanted.row_key),
            actor=given(wanted.actor),
            changed_from=given(wanted.changed_from),
            changed_to=given(wanted.changed_to),
            after_id=key_of(after),
            max_rows=page_rows(limit),
        )
        return page_of([compose(AuditEntry, row) for row in rows], limit, _audit_log_id)


def _audit_log_id(row: AuditEntry) -> int:
    return row.audit_log_id

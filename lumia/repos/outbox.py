"""Events that wait for other systems."""

from __future__ import annotations

from lumia.dto.outbox import OutboxEvent
from lumia.repos.base import Repository, key_after, page_of, page_rows
from lumia.types import Page

__all__ = ["Outbox"]


class Outbox(Repository):
    """The outbox of a shop: each event was written with its change, in the same transaction."""

    def pending(self, *, limit: int = 50, after: int | None = None) -> Page[OutboxEvent]:
        """List the events that nobody has acknowledged, oldest first, `limit` (1 to 500) at a time.

        `after` is the last page's `next`. Raises `InvalidValue`. One statement.
        """
        rows = self._context.q.outbox.list_pending_events(after_id=key_after(after), max_rows=page_rows(limit))
        return page_of(rows, limit, _outbox_id)


def _outbox_id(row: OutboxEvent) -> int:
    return row.outbox_id

"""Events that other systems must hear of, as they wait in the outbox."""

from __future__ import annotations

from lumia.dto.base import FrozenRow
from lumia.types import UtcDatetime

__all__ = ["OutboxEvent"]


class OutboxEvent(FrozenRow):
    """One event: what happened (`kind`), to whom (`subject`), and its JSON payload as text, numbers with all digits."""

    outbox_id: int
    kind: str
    subject: str
    payload: str
    created_at: UtcDatetime

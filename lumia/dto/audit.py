"""The audit log as it is read: who changed which row, and what it was before and after."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.fields import Actor
from lumia.types import AuditAction, Id, Instant, SafeText, UtcDatetime

__all__ = ["Acting", "AuditEntry", "AuditEntryRow", "AuditQuery"]


class AuditEntryRow(FrozenRow):
    """One entry as it is stored: `before` and `after` are JSON objects as text."""

    audit_log_id: int
    table_name: str
    row_key: str
    action: AuditAction
    actor: str
    actor_customer_id: int | None
    before: str | None
    after: str | None
    changed_at: UtcDatetime


class AuditEntry(AuditEntryRow):
    """One change of one row.

    `before` and `after` hold the columns that changed: all that are audited for an insert, which has no `before`, and
    for a delete, which has no `after`. Columns that tell of a person are named, their values left out: null.
    """

    def old(self) -> dict[str, Any]:
        """Give the values before: numbers as int or Decimal, instants as text; {} for an insert."""
        return _values(self.before)

    def new(self) -> dict[str, Any]:
        """Give the values after: numbers as int or Decimal, instants as text; {} for a delete."""
        return _values(self.after)


class AuditQuery(InputModel):
    """Which entries to list; None does not filter."""

    table_name: Annotated[SafeText, Field(min_length=1, max_length=63)] | None = None
    row_key: Annotated[SafeText, Field(min_length=1, max_length=100)] | None = None
    actor: Actor | None = None
    changed_from: Instant | None = None
    changed_to: Instant | None = None


class Acting(InputModel):
    """Who acts in a transaction; a customer's own change names the customer too."""

    actor: Actor
    customer_id: Annotated[Id, Field(strict=True)] | None = None


def _values(text: str | None) -> dict[str, Any]:
    values: dict[str, Any] = {} if text is None else json.loads(text, parse_float=Decimal)
    return values

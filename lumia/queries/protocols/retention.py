"""The queries of retention, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypedDict

from lumia.dto.retention import FoldableStock

__all__ = ["DeleteAbandonedCartsRow", "FoldStockRowsRow", "RetentionQueries"]


class DeleteAbandonedCartsRow(TypedDict):
    """One row of arguments for retention.delete_abandoned_carts."""

    cart_id: int
    before: datetime


class FoldStockRowsRow(TypedDict):
    """One row of arguments for retention.fold_stock_rows."""

    variant_id: int
    location_id: int
    folding_to: int


class RetentionQueries(Protocol):
    """The queries of retention.sql."""

    def count_abandoned_carts(self, *, before: datetime, now: datetime) -> int:
        """How many carts no order came of, nobody touched since an instant, and nothing is on hold for.

        retention.sql:1
        """
        ...

    def count_acknowledged_events(self, *, before: datetime) -> int:
        """How many events were acknowledged before an instant.

        retention.sql:19
        """
        ...

    def count_audit_entries(self, *, before: datetime) -> int:
        """How many entries of the audit log are older than an instant.

        retention.sql:28
        """
        ...

    def count_dead_account_tokens(self, *, before: datetime) -> int:
        """How many tokens were used or ran out before an instant.

        retention.sql:37
        """
        ...

    def count_dead_reservations(self, *, before: datetime) -> int:
        """How many holds were dead before an instant.

        retention.sql:48
        """
        ...

    def count_dead_sessions(self, *, before: datetime, idle_before: datetime) -> int:
        """How many sessions ended before an instant: they ran out, were ended, or were left alone.

        retention.sql:57
        """
        ...

    def count_idempotency_keys(self, *, before: datetime) -> int:
        """How many idempotency keys were claimed before an instant.

        retention.sql:70
        """
        ...

    def delete_abandoned_carts(self, rows: Iterable[DeleteAbandonedCartsRow]) -> int:
        """Take carts away with all that lies in them, unless somebody touched them meanwhile.

        retention.sql:80
        """
        ...

    def delete_acknowledged_events(self, *, before: datetime, max_rows: int) -> int:
        """Take away events that were acknowledged before an instant, a batch at a time.

        retention.sql:91
        """
        ...

    def delete_audit_entries(self, *, before: datetime, max_rows: int) -> int:
        """Take away entries of the audit log that are older than an instant, a batch at a time.

        retention.sql:108
        """
        ...

    def delete_dead_account_tokens(self, *, before: datetime, max_rows: int) -> int:
        """Take away tokens that were used or ran out before an instant, a batch at a time.

        retention.sql:125
        """
        ...

    def delete_dead_reservations(self, *, before: datetime, max_rows: int) -> int:
        """Take away holds that were dead before an instant, a batch at a time.

        retention.sql:142
        """
        ...

    def delete_dead_sessions(self, *, before: datetime, idle_before: datetime, max_rows: int) -> int:
        """Take away sessions that ended before an instant, a batch at a time: they ran out, were ended, or were
        left alone.

        retention.sql:164
        """
        ...

    def delete_idempotency_keys(self, *, before: datetime, max_rows: int) -> int:
        """Take away idempotency keys that were claimed before an instant, a batch at a time, oldest first.

        retention.sql:183
        """
        ...

    def fold_stock_rows(self, rows: Iterable[FoldStockRowsRow]) -> int:
        """Fold the movements of stock rows up to a number into one opening row each; the balance stays.

        retention.sql:200
        """
        ...

    def list_abandoned_carts(self, *, before: datetime, now: datetime, after_id: int, max_rows: int) -> list[int]:
        """Carts that no order came of, nobody touched since an instant, and nothing is on hold for: a batch of
        their keys.

        retention.sql:212
        """
        ...

    def list_foldable_stock(
        self, *, before: datetime, after_variant_id: int, after_location_id: int, max_movements: int, max_rows: int
    ) -> list[FoldableStock]:
        """What can be folded before an instant, stock row by stock row: how many movements, and up to which one.

        retention.sql:234
        """
        ...

    def set_audit_begin(self, *, before: datetime) -> int:
        """Say from when on the audit log is complete: what is older may go.

        retention.sql:295
        """
        ...

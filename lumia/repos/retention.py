"""What may be forgotten is taken away in small steps, beside a shop that goes on selling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from lumia.dto.base import validated
from lumia.dto.retention import FoldableStock, RetentionRequest
from lumia.errors import InvalidValue
from lumia.repos.base import Repository
from lumia.types import MAX_ID

if TYPE_CHECKING:
    from lumia.repos.context import Context

__all__ = ["Progress", "Retention"]

Progress = Callable[[int], object]
"""Is told after each batch how many rows have gone so far."""


_STOCK_ROWS: Final = 50


class Retention(Repository):
    """Rows that nobody needs any more.

    Each method takes `before`, an instant in the past: what ended before it goes, what ended at it or later stays.
    `batch` rows (2 to 500) go in each unit of work, so that nobody waits long; what a run that was interrupted took
    away stays away, and the next one goes on. `dry_run` counts and takes nothing. `progress` is called after each
    batch with the number so far. Every method returns how many rows went, or would go, and raises `InvalidValue`. A
    batch that finds nothing ends a run, and counts among its statements.
    """

    def account_tokens(
        self, *, before: datetime, batch: int = 500, dry_run: bool = False, progress: Progress | None = None
    ) -> int:
        """Take away tokens that were used or ran out. Two statements for a batch, one statement for a dry run."""
        asked = self._asked(before, batch)
        if dry_run:
            return self._context.q.retention.count_dead_account_tokens(before=asked.before)
        return self._in_batches(
            lambda unit: unit.q.retention.delete_dead_account_tokens(before=asked.before, max_rows=asked.batch),
            progress,
        )

    def audit_log(
        self, *, before: datetime, batch: int = 500, dry_run: bool = False, progress: Progress | None = None
    ) -> int:
        """Take away old entries of the audit log, which says from then on that it begins there.

        Four statements for a batch, one statement for a dry run.
        """
        asked = self._asked(before, batch)
        if dry_run:
            return self._context.q.retention.count_audit_entries(before=asked.before)

        def step(unit: Context) -> int:
            # The log says where it begins before anything older goes: its guard asks for that.
            unit.q.retention.set_audit_begin(before=asked.before)
            return unit.q.retention.delete_audit_entries(before=asked.before, max_rows=asked.batch)

        return self._in_batches(step, progress)

    def carts(
        self, *, before: datetime, batch: int = 500, dry_run: bool = False, progress: Progress | None = None
    ) -> int:
        """Take away carts that no order came of and nobody touched since, with all that lies in them.

        One that something is on hold for stays. Two statements a batch, one statement for a dry run.
        """
        asked = self._asked(before, batch)
        if dry_run:
            return self._context.q.retention.count_abandoned_carts(before=asked.before, now=self._context.now())
        gone, after, more = 0, 0, True
        while more:
            with self._context.unit(write=True) as unit:
                q = unit.q.retention
                keys = q.list_abandoned_carts(before=asked.before, now=unit.now(), after_id=after, max_rows=asked.batch)
                if keys:
                    gone += q.delete_abandoned_carts({"cart_id": key, "before": asked.before} for key in keys)
                    after = keys[-1]
                more = len(keys) == asked.batch
            _tell(progress, gone)
        return gone

    def idempotency_keys(
        self, *, before: datetime, batch: int = 500, dry_run: bool = False, progress: Progress | None = None
    ) -> int:
        """Take away keys that were claimed long ago: a call repeated under one of them would be a new call.

        Keep them for longer than any caller repeats. Two statements for a batch, one statement for a dry run.
        """
        asked = self._asked(before, batch)
        if dry_run:
            return self._context.q.retention.count_idempotency_keys(before=asked.before)
        return self._in_batches(
            lambda unit: unit.q.retention.delete_idempotency_keys(before=asked.before, max_rows=asked.batch),
            progress,
        )

    def outbox(
        self, *, before: datetime, batch: int = 500, dry_run: bool = False, progress: Progress | None = None
    ) -> int:
        """Take away events that were acknowledged; what is pending stays for ever.

        Two statements for a batch, one statement for a dry run.
        """
        asked = self._asked(before, batch)
        if dry_run:
            return self._context.q.retention.count_acknowledged_events(before=asked.before)
        return self._in_batches(
            lambda unit: unit.q.retention.delete_acknowledged_events(before=asked.before, max_rows=asked.batch),
            progress,
        )

    def reservations(
        self, *, before: datetime, batch: int = 500, dry_run: bool = False, progress: Progress | None = None
    ) -> int:
        """Take away holds that are dead: they count for nothing already.

        Two statements for a batch, one statement for a dry run.
        """
        asked = self._asked(before, batch)
        if dry_run:
            return self._context.q.retention.count_dead_reservations(before=asked.before)
        return self._in_batches(
            lambda unit: unit.q.retention.delete_dead_reservations(before=asked.before, max_rows=asked.batch),
            progress,
        )

    def sessions(
        self, *, before: datetime, batch: int = 500, dry_run: bool = False, progress: Progress | None = None
    ) -> int:
        """Take away sessions that ended: ran out, were ended, or were left alone too long.

        Two statements for a batch, one statement for a dry run.
        """
        asked = self._asked(before, batch)
        idle_before = asked.before - self._context.accounts.session_idle
        if dry_run:
            return self._context.q.retention.count_dead_sessions(before=asked.before, idle_before=idle_before)
        return self._in_batches(
            lambda unit: unit.q.retention.delete_dead_sessions(
                before=asked.before, idle_before=idle_before, max_rows=asked.batch
            ),
            progress,
        )

    def stock_ledger(
        self, *, before: datetime, batch: int = 500, dry_run: bool = False, progress: Progress | None = None
    ) -> int:
        """Fold each stock row's movements into one opening row with the same balance, and return how many rows went.

        Movements of orders that are neither delivered, cancelled nor refunded stay. The counters do not change, and the
        ledger still comes to them. Two statements for each page of 50 stock rows, one statement of a dry run.
        """
        asked = self._asked(before, batch)
        # A dry run looks at each row once, so that it must see all of its movements.
        most = MAX_ID if dry_run else asked.batch
        gone, after, more = 0, (0, 0), True
        while more:
            with self._context.unit(write=not dry_run) as unit:
                q = unit.q.retention
                rows = q.list_foldable_stock(
                    before=asked.before,
                    after_variant_id=after[0],
                    after_location_id=after[1],
                    max_movements=most,
                    max_rows=_STOCK_ROWS,
                )
                chosen, after, more = _chosen(rows, asked.batch, most, after)
                if chosen and not dry_run:
                    q.fold_stock_rows(
                        {"variant_id": row.variant_id, "location_id": row.location_id, "folding_to": row.folding_to}
                        for row in chosen
                        if row.folding_to is not None
                    )
                gone += sum(row.movements - 1 for row in chosen)
            _tell(progress, gone)
        return gone

    def _asked(self, before: datetime, batch: int) -> RetentionRequest:
        asked = validated(RetentionRequest, before=before, batch=batch)
        if asked.before > self._context.now():
            message = "before: give an instant in the past"
            raise InvalidValue(message)
        return asked

    def _in_batches(self, step: Callable[[Context], int], progress: Progress | None) -> int:
        gone, last = 0, 1
        while last:
            with self._context.unit(write=True) as unit:
                last = step(unit)
            gone += last
            _tell(progress, gone)
        return gone


def _chosen(
    rows: Sequence[FoldableStock], batch: int, most: int, after: tuple[int, int]
) -> tuple[list[FoldableStock], tuple[int, int], bool]:
    # The stock rows of one unit of work, the key of the last one that is done, and whether there are more.
    chosen: list[FoldableStock] = []
    for row in rows:
        if chosen and sum(each.movements for each in chosen) + row.movements > batch and most == batch:
            return chosen, after, True
        if row.movements > 1:
            chosen.append(row)
        if row.movements == most:
            # It may have more: it is looked at again, with a balance in the place of these.
            return chosen, after, True
        after = (row.variant_id, row.location_id)
    return chosen, after, len(rows) == _STOCK_ROWS


def _tell(progress: Progress | None, gone: int) -> None:
    if progress is not None:
        progress(gone)

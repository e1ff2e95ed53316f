"""Events that wait for other systems, and the leases with which consumers take them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from lumia.dto.base import checked_items, validated
from lumia.dto.outbox import FailedEvent, HandledEvents, Lease, LeasedEvent, LeaseRequest, OutboxEvent, ReleasedLease
from lumia.errors import IllegalTransition
from lumia.repos.base import Repository, key_after, page_of, page_rows
from lumia.types import Page

__all__ = ["Outbox"]


class Outbox(Repository):
    """The outbox of a shop: each event was written with its change, in the same transaction.

    Consumers take events with a lease, handle them and acknowledge them. Each event is given at least once, and again
    when a lease runs out: handle an event that was handled before without harm. The events of one subject come in
    order, and while one of them is held or put off, no later one is given to anybody; other subjects go on.
    """

    def lease(self, limit: int = 50, seconds: int = 60, *, consumer: str = "consumer") -> Lease:
        """Take up to `limit` (1 to 500) events, oldest first, for `seconds` (1 to 86,400).

        A batch may hold several events of one subject, in order. Who asks at the same time gets other subjects and
        does not wait. Raises `InvalidValue`. Two statements, one where nothing waits.

        Args:
            limit: the most events.
            seconds: how long nobody else is given them; handle and acknowledge them within that.
            consumer: who asks (1 to 100 characters), for people who look at the table.
        """
        asked = validated(LeaseRequest, limit=limit, seconds=seconds, consumer=consumer)
        with self._context.unit(write=True) as unit:
            now, lease_id = unit.now(), unit.new_uuid()
            until = now + timedelta(seconds=asked.seconds)
            q = unit.q.outbox
            # Whoever locks a subject's earliest event has the subject; what follows it is read once that is so.
            heads = q.lock_event_heads(now=now, max_rows=asked.limit)
            events: list[LeasedEvent] = []
            if heads:
                events = q.lease_events(
                    head_ids=tuple(heads),
                    lease_id=lease_id,
                    consumer=asked.consumer,
                    now=now,
                    until=until,
                    max_rows=asked.limit,
                )
            return Lease(
                lease_id=lease_id,
                consumer=asked.consumer,
                until=until,
                events=tuple(sorted(events, key=_outbox_id)),
            )

    def acknowledge(self, lease_id: UUID, outbox_ids: Iterable[int]) -> None:
        """Write down that events (1 to 500) were handled, all of them or none; they are never given again.

        A repeated call changes nothing. A lease that ran out is good for as long as nobody else took the event. Two
        statements.

        Raises:
            IllegalTransition: an event is not held by this lease (any more), for it ran out and somebody else has or
                had it, it was given back, or it is gone; or an earlier event of its subject is not acknowledged.
            InvalidValue: no keys, too many, or what can be none.
        """
        handled = validated(HandledEvents, lease_id=lease_id, outbox_ids=checked_items("outbox_ids", outbox_ids))
        keys = tuple(sorted(set(handled.outbox_ids)))
        with self._context.unit(write=True) as unit:
            q = unit.q.outbox
            q.acknowledge_events(lease_id=handled.lease_id, outbox_ids=keys, now=unit.now())
            states = q.list_event_states(lease_id=handled.lease_id, outbox_ids=keys)
            lost = set(keys).difference(state.outbox_id for state in states if state.is_handled)
            if lost:
                message = f"the lease does not hold event {min(lost)} any more: others may have handled it as well"
                raise IllegalTransition(message)
            early = [state.outbox_id for state in states if state.is_early]
            if early:
                message = f"event {early[0]} is not the next of its subject: acknowledge what came before it first"
                raise IllegalTransition(message)

    def fail(self, lease_id: UUID, outbox_id: int, *, delay: int = 60) -> None:
        """Put off an event that could not be handled: it is given again after `delay` seconds (0 to 86,400).

        Later events of its subject wait for it, and those of them that the lease holds are given back: do not handle
        them. Raises `IllegalTransition` when the lease does not hold the event (any more), and `InvalidValue`. One
        statement.
        """
        failed = validated(FailedEvent, lease_id=lease_id, outbox_id=outbox_id, delay=delay)
        with self._context.unit(write=True) as unit:
            until = unit.now() + timedelta(seconds=failed.delay)
            put_off = unit.q.outbox.fail_event(lease_id=failed.lease_id, outbox_id=failed.outbox_id, until=until)
            if failed.outbox_id not in put_off:
                message = f"the lease does not hold event {failed.outbox_id} any more"
                raise IllegalTransition(message)

    def release(self, lease_id: UUID) -> int:
        """Give back at once all that a lease still holds, and return how many events that were. One statement.

        A lease that holds nothing gives back nothing. Raises `InvalidValue`.
        """
        request = validated(ReleasedLease, lease_id=lease_id)
        with self._context.unit(write=True) as unit:
            return unit.q.outbox.release_lease(lease_id=request.lease_id)

    def pending(self, *, limit: int = 50, after: int | None = None) -> Page[OutboxEvent]:
        """List the events that nobody has acknowledged, oldest first, `limit` (1 to 500) at a time.

        `after` is the last page's `next`. Raises `InvalidValue`. One statement.
        """
        rows = self._context.q.outbox.list_pending_events(after_id=key_after(after), max_rows=page_rows(limit))
        return page_of(rows, limit, _outbox_id)


def _outbox_id(row: OutboxEvent) -> int:
    return row.outbox_id

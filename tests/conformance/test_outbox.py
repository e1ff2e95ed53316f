"""The outbox: events are leased in the order of their subject, at least once, and acknowledged by who holds them."""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest

from lumia import Shop, connect
from lumia.dto.outbox import Lease, LeasedEvent
from lumia.errors import IllegalTransition, InvalidValue
from tests.support.steady import LASTING, SteppingClock

SOMEBODY = UUID(int=7 << 76 | 2 << 62 | 99)


def tell(shop: Shop, *subjects: str) -> list[int]:
    """Write an event for each subject and give the keys of all that is pending."""
    with shop.transaction() as tx:
        now = shop.clock()
        tx.q.outbox.insert_events(
            {"kind": "test.happened", "subject": subject, "payload": f'{{"at":{at}}}', "now": now}
            for at, subject in enumerate(subjects)
        )
    return [event.outbox_id for event in shop.outbox.pending(limit=500).items]


def keys(lease: Lease) -> list[int]:
    """The keys of the events of a lease."""
    return [event.outbox_id for event in lease.events]


def test_a_lease_gives_the_oldest_events_with_all_that_they_say(shop: Shop, clock: SteppingClock) -> None:
    """What was written comes back, oldest first, and tells how often it was given."""
    first, second, _ = tell(shop, "a", "b", "c")

    lease = shop.outbox.lease(2, 30, consumer="mailer")

    assert keys(lease) == [first, second]
    assert (lease.consumer, lease.until) == ("mailer", clock.now + timedelta(seconds=30))
    assert [(event.kind, event.subject, event.payload, event.attempts) for event in lease.events] == [
        ("test.happened", "a", '{"at":0}', 1),
        ("test.happened", "b", '{"at":1}', 1),
    ]


def test_an_empty_outbox_gives_an_empty_lease(shop: Shop) -> None:
    """Nothing waits, so nothing is held."""
    assert shop.outbox.lease().events == ()


def test_what_somebody_holds_is_given_to_nobody_else(shop: Shop) -> None:
    """The second consumer gets what the first one left."""
    first, second = tell(shop, "a", "b")

    assert keys(shop.outbox.lease(1)) == [first]
    assert keys(shop.outbox.lease()) == [second]
    assert keys(shop.outbox.lease()) == []


def test_a_batch_holds_several_events_of_a_subject_in_order(shop: Shop) -> None:
    """One consumer may take a whole subject."""
    told = tell(shop, "a", "b", "a", "a")

    assert keys(shop.outbox.lease()) == told


def test_a_later_event_waits_while_an_earlier_one_of_its_subject_is_held(shop: Shop) -> None:
    """Only other subjects go on."""
    first, later, other = tell(shop, "a", "a", "b")
    held = shop.outbox.lease(1)

    assert keys(shop.outbox.lease()) == [other]

    shop.outbox.acknowledge(held.lease_id, [first])
    assert keys(shop.outbox.lease()) == [later]


def test_a_lease_that_ran_out_is_given_again_from_its_end_on(shop: Shop, clock: SteppingClock) -> None:
    """One microsecond before its end it still holds."""
    (event,) = tell(shop, "a")
    clock.step = timedelta(microseconds=1)
    lease = shop.outbox.lease(seconds=60)

    clock.now = lease.until - timedelta(microseconds=2)
    assert keys(shop.outbox.lease()) == []
    again = shop.outbox.lease()

    assert keys(again) == [event]
    assert again.events[0].attempts == 2
    assert again.lease_id != lease.lease_id


def test_what_was_acknowledged_is_never_given_again(shop: Shop, clock: SteppingClock) -> None:
    """Not even when the lease has run out."""
    (event,) = tell(shop, "a")
    lease = shop.outbox.lease()

    shop.outbox.acknowledge(lease.lease_id, [event])
    clock.advance(timedelta(days=1))

    assert keys(shop.outbox.lease()) == []
    assert shop.outbox.pending().items == ()


def test_acknowledging_twice_changes_nothing(shop: Shop) -> None:
    """A consumer whose call got lost may repeat it."""
    (event,) = tell(shop, "a")
    lease = shop.outbox.lease()

    shop.outbox.acknowledge(lease.lease_id, [event])
    shop.outbox.acknowledge(lease.lease_id, [event, event])

    assert shop.outbox.pending().items == ()


def test_a_late_acknowledgement_counts_as_long_as_nobody_else_took_the_event(shop: Shop, clock: SteppingClock) -> None:
    """The work was done once, and once is enough."""
    (event,) = tell(shop, "a")
    lease = shop.outbox.lease(seconds=1)
    clock.advance(timedelta(hours=1))

    shop.outbox.acknowledge(lease.lease_id, [event])

    assert shop.outbox.pending().items == ()


def test_an_acknowledgement_after_another_took_over_is_refused(shop: Shop, clock: SteppingClock) -> None:
    """Whoever was too late learns of it, and the holder's lease stands."""
    first, second = tell(shop, "a", "b")
    late = shop.outbox.lease(1, 1)
    clock.advance(timedelta(hours=1))
    holder = shop.outbox.lease(1)

    with pytest.raises(IllegalTransition):
        shop.outbox.acknowledge(late.lease_id, [first])

    assert [event.outbox_id for event in shop.outbox.pending().items] == [first, second]
    shop.outbox.acknowledge(holder.lease_id, [first])
    with pytest.raises(IllegalTransition):
        shop.outbox.acknowledge(late.lease_id, [first])


def test_an_acknowledgement_is_whole_or_nothing(shop: Shop) -> None:
    """One event that is not held, and none of the call is kept."""
    first, second = tell(shop, "a", "b")
    lease = shop.outbox.lease(1)

    with pytest.raises(IllegalTransition):
        shop.outbox.acknowledge(lease.lease_id, [first, second])

    assert [event.outbox_id for event in shop.outbox.pending().items] == [first, second]


def test_an_event_cannot_be_acknowledged_before_what_came_before_it(shop: Shop) -> None:
    """Else the earlier one would come back after it."""
    first, second = tell(shop, "a", "a")
    lease = shop.outbox.lease()

    with pytest.raises(IllegalTransition):
        shop.outbox.acknowledge(lease.lease_id, [second])

    shop.outbox.acknowledge(lease.lease_id, [second, first])
    assert shop.outbox.pending().items == ()


def test_an_event_that_failed_comes_again_after_its_delay_and_blocks_its_subject(
    shop: Shop, clock: SteppingClock
) -> None:
    """What follows it in its subject was given back with it, and waits for it."""
    first, second, other, third = tell(shop, "a", "a", "b", "a")
    lease = shop.outbox.lease()

    shop.outbox.fail(lease.lease_id, first, delay=60)

    assert keys(shop.outbox.lease()) == []
    with pytest.raises(IllegalTransition):
        shop.outbox.acknowledge(lease.lease_id, [second])
    shop.outbox.acknowledge(lease.lease_id, [other])
    clock.advance(timedelta(seconds=60))
    again = shop.outbox.lease()
    assert keys(again) == [first, second, third]
    assert [event.attempts for event in again.events] == [2, 2, 2]


def test_a_batch_ends_before_an_event_that_was_put_off(shop: Shop, clock: SteppingClock) -> None:
    """What failed behind an event whose lease then ran out is not handed out with it."""
    first, second, _ = tell(shop, "a", "a", "a")
    lease = shop.outbox.lease(seconds=1)

    shop.outbox.fail(lease.lease_id, second, delay=3600)
    clock.advance(timedelta(minutes=1))

    assert keys(shop.outbox.lease()) == [first]


def test_failing_what_is_not_held_is_refused(shop: Shop) -> None:
    """Neither a stranger nor the former holder can put an event off."""
    (event,) = tell(shop, "a")
    lease = shop.outbox.lease()
    shop.outbox.fail(lease.lease_id, event, delay=0)

    for stranger in (SOMEBODY, lease.lease_id):
        with pytest.raises(IllegalTransition):
            shop.outbox.fail(stranger, event)

    assert keys(shop.outbox.lease()) == [event]


def test_release_gives_back_at_once_what_is_left(shop: Shop) -> None:
    """What was acknowledged stays acknowledged."""
    first, second, third = tell(shop, "a", "b", "c")
    lease = shop.outbox.lease()
    shop.outbox.acknowledge(lease.lease_id, [first])

    assert shop.outbox.release(lease.lease_id) == 2
    assert shop.outbox.release(lease.lease_id) == 0
    assert keys(shop.outbox.lease()) == [second, third]


@pytest.mark.parametrize(
    "asked",
    [{"limit": 0}, {"limit": 501}, {"seconds": 0}, {"seconds": 86_401}, {"consumer": " "}, {"consumer": "x" * 101}],
    ids=str,
)
def test_a_lease_beyond_its_bounds_is_refused(shop: Shop, asked: dict[str, object]) -> None:
    """Nothing is held by a call that cannot be meant."""
    tell(shop, "a")

    with pytest.raises(InvalidValue):
        shop.outbox.lease(**asked)  # type: ignore[arg-type]

    assert len(shop.outbox.lease(500, 86_400, consumer="x" * 100).events) == 1


@pytest.mark.parametrize("outbox_ids", [[], [0], list(range(1, 502)), [True]], ids=["none", "no-key", "501", "bool"])
def test_an_acknowledgement_of_no_events_is_refused(shop: Shop, outbox_ids: Iterable[int]) -> None:
    """Keys are whole numbers from 1 on, 500 at most."""
    with pytest.raises((InvalidValue, IllegalTransition)):
        shop.outbox.acknowledge(SOMEBODY, outbox_ids)


def test_a_large_history_is_not_read(shop: Shop) -> None:
    """What was acknowledged is in none of the indexes that a lease uses."""
    for _ in range(10):
        tell(shop, *(f"s{number}" for number in range(500)))
        lease = shop.outbox.lease(500)
        shop.outbox.acknowledge(lease.lease_id, keys(lease))
    (event,) = tell(shop, "a")

    assert keys(shop.outbox.lease()) == [event]


def test_crashing_consumers_lose_nothing_and_keep_the_order_of_each_subject(url: str) -> None:
    """Several threads take, fail, give up and crash at random: every event arrives, each subject's in order."""
    subjects, each, consumers = 12, 8, 4
    handled: dict[str, list[int]] = defaultdict(list)
    clock = SteppingClock(step=timedelta(milliseconds=50))
    guard, errors = threading.Lock(), []

    def handle(shop: Shop, lease: Lease, event: LeasedEvent, fate: float) -> bool:
        with guard:
            handled[event.subject].append(event.outbox_id)
        if fate < 0.1:
            shop.outbox.release(lease.lease_id)
        elif fate < 0.2:
            shop.outbox.fail(lease.lease_id, event.outbox_id, delay=1)
        elif fate > 0.35:
            shop.outbox.acknowledge(lease.lease_id, [event.outbox_id])
        # In between it crashed with the lease in hand, which runs out.
        return fate > 0.35

    def consume(shop: Shop, number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - which consumer crashes when
        try:
            while shop.outbox.pending(limit=1).items:
                lease = shop.outbox.lease(chance.randint(1, 6), 1, consumer=f"consumer-{number}")
                with suppress(IllegalTransition):
                    all(handle(shop, lease, event, chance.random()) for event in lease.events)
        except BaseException as error:
            errors.append(error)
            raise

    with connect(url, clock=clock, accounts=LASTING) as shop:
        told = tell(shop, *(f"order:{number % subjects}" for number in range(subjects * each)))
        threads = [threading.Thread(target=consume, args=(shop, number)) for number in range(consumers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert errors == []
    firsts = {subject: list(dict.fromkeys(seen)) for subject, seen in handled.items()}
    assert sorted(key for seen in firsts.values() for key in seen) == told
    assert all(seen == sorted(seen) for seen in firsts.values())

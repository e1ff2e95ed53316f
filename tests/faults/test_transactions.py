"""Faults inside a caller's transaction: what a savepoint can undo is undone, what it cannot is never committed."""

from __future__ import annotations

from contextlib import suppress

import pytest

from lumia import Shop
from lumia.errors import LumiaError
from tests.faults.test_writes import WRITING, by_name
from tests.support.arena import Arena, Stage
from tests.support.calls import Call
from tests.support.digests import changed_tables
from tests.support.faults import Plan
from tests.support.strikes import FAULTS, Fault

UNDONE = [(engine, fault) for fault in FAULTS if fault.name in {"constraint", "interrupt"} for engine in fault.engines]
LOST = [("sqlite", "cancelled"), ("sqlite", "full"), ("sqlite", "killed"), ("postgresql", "killed")]


class StopError(Exception):
    """Ends a transaction that was only a trial."""


def trace_inside(arena: Arena, call: Call) -> list[str]:
    """List the kinds of the statements of a call that runs in a transaction, its savepoint included."""
    with suppress(StopError), arena.shop.transaction() as tx:
        assert arena.attempt(lambda: call.run(tx, arena.world)) is None
        raise StopError
    return [statement.kind for statement in arena.probe.trace]


def plans_inside(kinds: list[str], fault: Fault) -> list[Plan]:
    """List every place between the savepoint and its release; an interrupt may come while they are set, too."""
    first = kinds.index("savepoint") + (fault.name != "interrupt")
    # A method that works in batches has a savepoint for each: the first stands for all, between two there is none.
    kinds = kinds[: kinds.index("release") + 1]
    return [
        Plan(index, after, fault)
        for index in range(first, len(kinds))
        for after in (False, True)
        if index + after < len(kinds)
    ]


@pytest.mark.parametrize(("stage", "fault"), UNDONE, ids=by_name, indirect=["stage"])
@pytest.mark.parametrize("call", WRITING, ids=by_name)
def test_failed_call_leaves_the_transaction_usable(own_arena: Arena, call: Call, fault: Fault) -> None:
    """A call that fails at any of its statements is undone alone: what the caller did before and does after is kept."""
    kinds = trace_inside(own_arena, call)
    before = own_arena.digest()

    with own_arena.shop.transaction() as tx:
        for plan in plans_inside(kinds, fault):
            error = own_arena.attempt(lambda: call.run(tx, own_arena.world), plan)
            assert type(error) is fault.error(own_arena.probe.where, at_commit=False), f"{plan.index}: {error!r}"
        tx.customers.deactivate(own_arena.world.cartless_customer_id)

    # Whoever was deactivated, and the audit's word of it.
    assert changed_tables(before, own_arena.digest()) == ["audit_log (+1)", "customers (+0)"]


@pytest.mark.parametrize(("stage", "name"), LOST, indirect=["stage"])
@pytest.mark.parametrize("call", WRITING, ids=by_name)
def test_lost_transaction_is_never_committed(stage: Stage, arena: Arena, call: Call, name: str) -> None:
    """Where the engine gave the whole transaction up, swallowing the error does not commit what comes after it."""
    del stage
    (fault,) = (fault for fault in FAULTS if fault.name == name)
    before = arena.digest()

    with pytest.raises(LumiaError), arena.shop.transaction() as tx:
        tx.customers.deactivate(arena.world.cartless_customer_id)
        error = arena.attempt(lambda: call.run(tx, arena.world), Plan(1, after=True, fault=fault))
        assert isinstance(error, LumiaError)
        with suppress(LumiaError):
            tx.customers.deactivate(arena.world.customer_id)

    assert changed_tables(before, arena.digest()) == []
    arena.check_usable(call)


def test_shop_goes_on_after_a_fault_in_its_only_connection(arena: Arena) -> None:
    """Sixty faults in a row cost no connection: the pool has one, and it is there for the next call."""
    shop: Shop = arena.shop
    faults = [fault for fault in FAULTS if arena.probe.where.engine in fault.engines]

    for fault in faults * 10:
        error = arena.attempt(lambda: shop.settings.update(time_zone="Asia/Tokyo"), Plan(1, after=False, fault=fault))
        assert error is not None

    assert shop.settings.get().time_zone == "Europe/London"

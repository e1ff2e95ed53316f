"""Every writing call, struck at each of its statements by every kind of fault: all of it is kept, or nothing."""

from __future__ import annotations

import pytest

from lumia.errors import TransactionError
from tests.support.arena import Arena, CleanRun, Stage
from tests.support.calls import CALLS, Call
from tests.support.digests import changed_tables
from tests.support.faults import Plan, Probe
from tests.support.strikes import FAULTS, Fault

WRITING = [call for call in CALLS if call.writes]
STRIKES = [(engine, fault) for fault in FAULTS for engine in fault.engines]


def by_name(item: Call | Fault | str) -> str:
    """Name a case in the test's id."""
    return item if isinstance(item, str) else item.name.replace(": ", "-").replace(" ", "-")


def plans_before_commit(run: CleanRun, fault: Fault) -> list[Plan]:
    """List every place at which the fault strikes while nothing is kept yet."""
    # A loss that nobody notices is the same after one statement as before the next.
    moments = (False,) if fault.unseen else (False, True)
    return [
        Plan(index, after, fault)
        for index in range(run.committed + 1)
        for after in moments
        if not (after and index == run.committed)
    ]


def expected(plan: Plan, probe: Probe) -> type[BaseException]:
    """Tell the class that the caller must get: a lost connection shows at the last statement that was tried."""
    where, text = probe.where, plan.fault.statement(probe.where) or ""
    if where.engine == "sqlite" and text.startswith("INSERT") and not probe.trace[plan.index].writes:
        # A connection that only reads refuses to write before any constraint is asked.
        return TransactionError
    return plan.fault.error(probe.where, at_commit=probe.trace[-1].kind == "commit")


@pytest.mark.parametrize(("stage", "fault"), STRIKES, ids=by_name, indirect=["stage"])
@pytest.mark.parametrize("call", WRITING, ids=by_name)
def test_fault_before_commit_changes_nothing(stage: Stage, arena: Arena, call: Call, fault: Fault) -> None:
    """Whatever strikes wherever: the right error, no row changed, no transaction or connection left, and it works."""
    run = stage.clean(call)
    before = arena.digest()

    for plan in plans_before_commit(run, fault):
        error = arena.attempt(lambda: call.run(arena.shop, arena.world), plan)

        place = f"{'after' if plan.after else 'before'} {plan.index} ({run.trace[plan.index]})"
        wanted = expected(plan, arena.probe)
        assert type(error) is wanted, f"{place}: {error!r} instead of {wanted.__name__}"
        assert changed_tables(before, arena.digest()) == [], place
        arena.check_usable(call)

    assert changed_tables(before, arena.digest()) == []


@pytest.mark.parametrize(
    ("stage", "fault"),
    [(engine, fault) for engine, fault in STRIKES if fault.after_commit],
    ids=by_name,
    indirect=["stage"],
)
@pytest.mark.parametrize("call", WRITING, ids=by_name)
def test_fault_after_commit_keeps_everything(stage: Stage, own_arena: Arena, call: Call, fault: Fault) -> None:
    """What the database has committed stays, whether or not the caller heard of it, and the shop goes on."""
    run = stage.clean(call)

    error = own_arena.attempt(
        lambda: call.run(own_arena.shop, own_arena.world), Plan(run.committed, after=True, fault=fault)
    )

    assert error is None or type(error) is KeyboardInterrupt
    assert {table: item.rows for table, item in own_arena.digest().items()} == run.rows
    own_arena.shop.settings.update(order_expiry_minutes=7)
    assert own_arena.shop.settings.get().order_expiry_minutes == 7

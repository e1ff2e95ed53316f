"""The list of calls is complete and true: a new method without a case, or with a wrong one, is told here."""

from __future__ import annotations

import pytest

from lumia import Shop
from lumia.repos.base import Repository
from tests.faults.test_writes import WRITING, by_name
from tests.support.arena import Arena, Stage
from tests.support.calls import CALLS, Call, methods_of, repositories_of
from tests.support.digests import changed_tables

EMPTY_LAST = {
    f"retention.{part}"
    for part in ("account_tokens", "audit_log", "idempotency_keys", "outbox", "reservations", "sessions")
}
"""Work in batches, a unit for each; the one that finds nothing is the last."""


@pytest.fixture
def methods(shop: Shop) -> set[str]:
    """Every public method of every repository, as callers write it."""
    return {f"{name}.{method}" for name, repository in repositories_of(shop) for method in methods_of(repository)}


def test_every_method_has_a_case(methods: set[str]) -> None:
    """Whoever adds a method adds a call of it, and with it faults at each of its statements."""
    assert sorted(methods - {call.method for call in CALLS}) == []


def test_every_case_has_a_method(methods: set[str]) -> None:
    """A method that is gone or renamed takes its cases with it."""
    assert sorted({call.method for call in CALLS} - methods) == []


def test_every_repository_belongs_to_a_shop(shop: Shop) -> None:
    """A repository that no attribute of a shop leads to would be missed by the search for methods."""
    offered = {base for _, repository in repositories_of(shop) for base in repository.__mro__}

    assert [cls.__name__ for cls in Repository.__subclasses__() if cls not in offered] == []


@pytest.mark.parametrize("call", [call for call in CALLS if not call.writes], ids=by_name)
def test_reading_call_changes_nothing(arena: Arena, call: Call) -> None:
    """What is listed as reading borrows no right to write and leaves every row as it was."""
    before = arena.digest()

    assert arena.attempt(lambda: call.run(arena.shop, arena.world)) is None

    assert changed_tables(before, arena.digest()) == []
    assert not any(statement.writes for statement in arena.probe.trace)


@pytest.mark.parametrize("call", WRITING, ids=by_name)
def test_writing_call_is_one_unit(stage: Stage, call: Call) -> None:
    """What is listed as writing changes something, in one transaction from which no writing statement stays out."""
    run = stage.clean(call)

    kinds = [statement.kind for statement in run.trace if statement.writes]
    units = 2 if call.name in EMPTY_LAST else 1
    assert run.changed != ()
    assert (kinds[0], kinds.count("begin"), kinds.count("commit"), kinds[-1]) == ("begin", units, units, "commit")

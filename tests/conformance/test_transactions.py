"""Units of work keep all or nothing, on both engines alike."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from lumia.errors import AlreadyExists, InvalidReference, InvalidValue, TransactionError
from tests.support.notes import Ground, notes_ground


@pytest.fixture
def ground(empty_url: str) -> Iterator[Ground]:
    """An engine with the tables of `notes`."""
    with notes_ground(empty_url) as made:
        yield made


def test_the_end_of_the_block_keeps_everything(ground: Ground) -> None:
    """What a caller saw succeed must be there for everybody."""
    with ground.unit() as unit:
        ground.add(unit, "a")
        ground.add(unit, "b")

    assert ground.keys() == ["a", "b"]


def test_nothing_is_seen_outside_before_the_end(ground: Ground) -> None:
    """Half of an order must never be visible."""
    with ground.unit() as unit:
        ground.add(unit, "a")

        seen = ground.keys()

    assert seen == []


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_an_exception_of_any_kind_keeps_nothing(ground: Ground, error: type[BaseException]) -> None:
    """A unit that did not reach its end is undone, also by Ctrl-C."""
    with pytest.raises(error), ground.unit() as unit:
        ground.add(unit, "a")
        raise error

    assert ground.keys() == []
    ground.add(ground.engine, "after")


def test_a_swallowed_error_keeps_nothing_and_says_so(ground: Ground) -> None:
    """SQLite would keep the rest and PostgreSQL would silently keep nothing: both refuse aloud."""
    ground.add(ground.engine, "taken")

    with pytest.raises(TransactionError, match="caught inside the transaction"), ground.unit() as unit:
        ground.add(unit, "a")
        with pytest.raises(AlreadyExists):
            ground.add(unit, "taken")

    assert ground.keys() == ["taken"]


def test_after_an_error_nothing_more_runs(ground: Ground) -> None:
    """A statement after a failed one would be half of something."""
    with pytest.raises(TransactionError, match="caught inside"), ground.unit() as unit:
        with pytest.raises(InvalidValue):
            ground.add(unit, "a", size=0)

        with pytest.raises(TransactionError, match="an error happened"):
            ground.add(unit, "b")
        with pytest.raises(TransactionError, match="an error happened"):
            ground.keys(unit)
        with pytest.raises(TransactionError, match="an error happened"):
            unit.savepoint().__enter__()

    assert ground.keys() == []


def test_the_refusal_names_the_error_that_was_swallowed(ground: Ground) -> None:
    """Whoever reads the traceback must find the cause without guessing."""
    with pytest.raises(TransactionError) as refused, ground.unit() as unit, contextlib.suppress(InvalidValue):
        ground.add(unit, "a", size=0)

    assert isinstance(refused.value.__cause__, InvalidValue)
    assert refused.value.__cause__.constraint == "notes_size_range"


def test_an_error_in_a_savepoint_leaves_the_rest(ground: Ground) -> None:
    """A refused part is undone alone when its error is caught outside of it."""
    with ground.unit() as unit:
        ground.add(unit, "before")
        with pytest.raises(AlreadyExists), unit.savepoint() as inner:
            ground.add(inner, "part")
            ground.add(inner, "before")
        ground.add(unit, "after")

    assert ground.keys() == ["after", "before"]


def test_a_savepoint_that_reaches_its_end_is_kept_with_the_whole(ground: Ground) -> None:
    """A nested unit is a part: kept if all is kept."""
    with ground.unit() as unit:
        with unit.savepoint() as inner:
            ground.add(inner, "part")
        ground.add(unit, "whole")

    assert ground.keys() == ["part", "whole"]


def test_a_savepoint_is_undone_with_the_whole(ground: Ground) -> None:
    """A nested unit is a part: undone if all is undone."""
    with pytest.raises(RuntimeError), ground.unit() as unit:
        with unit.savepoint() as inner:
            ground.add(inner, "part")
        raise RuntimeError

    assert ground.keys() == []


def test_savepoints_nest(ground: Ground) -> None:
    """Each level is undone on its own."""
    with ground.unit() as unit, unit.savepoint() as middle:
        ground.add(middle, "middle")
        with pytest.raises(InvalidValue), unit.savepoint() as inner, unit.savepoint() as innermost:
            ground.add(innermost, "innermost")
            ground.add(inner, "inner", size=0)
        ground.add(middle, "more")

    assert ground.keys() == ["middle", "more"]


def test_an_error_swallowed_in_a_savepoint_undoes_the_savepoint_and_says_so(ground: Ground) -> None:
    """The rule of the whole holds for its parts; the whole stays usable."""
    with ground.unit() as unit:
        ground.add(unit, "whole")
        with pytest.raises(TransactionError, match="caught inside"), unit.savepoint() as inner:
            ground.add(inner, "part")
            with pytest.raises(InvalidValue):
                ground.add(inner, "bad", size=0)

    assert ground.keys() == ["whole"]


def test_nothing_runs_between_an_error_and_the_end_of_its_savepoint(ground: Ground) -> None:
    """PostgreSQL refuses it, so SQLite must not go on either."""
    with ground.unit() as unit:
        with pytest.raises(TransactionError, match="caught inside"), unit.savepoint() as inner:
            with pytest.raises(InvalidValue):
                ground.add(inner, "bad", size=0)
            with pytest.raises(TransactionError, match="an error happened"):
                ground.add(inner, "part")
        ground.add(unit, "whole")

    assert ground.keys() == ["whole"]


def test_a_caught_error_of_a_savepoint_may_be_any_exception(ground: Ground) -> None:
    """Also what the shop's own rules refuse undoes the part."""
    with ground.unit() as unit:
        with pytest.raises(RuntimeError), unit.savepoint() as inner:
            ground.add(inner, "part")
            raise RuntimeError
        ground.add(unit, "whole")

    assert ground.keys() == ["whole"]


def test_a_constraint_checked_at_commit_keeps_nothing(ground: Ground) -> None:
    """A refused COMMIT is known to have kept nothing, and the connection goes on."""
    with pytest.raises(InvalidReference), ground.unit() as unit:
        ground.add(unit, "a", folder=5)

    assert ground.keys() == []
    ground.add(ground.engine, "after")
    assert ground.keys() == ["after"]


def test_after_its_end_a_unit_refuses(ground: Ground) -> None:
    """A forgotten reference must not run statements in somebody else's transaction."""
    with ground.unit() as unit:
        pass
    with ground.unit() as other:
        with pytest.raises(TransactionError, match="has ended"):
            ground.add(unit, "a")
        ground.add(other, "b")

    assert ground.keys() == ["b"]


def test_after_its_end_a_savepoint_refuses(ground: Ground) -> None:
    """What would run after a part's end is no longer undone with it."""
    with ground.unit() as unit:
        with unit.savepoint() as inner:
            pass
        with pytest.raises(TransactionError, match="has ended"):
            ground.add(inner, "a")


def test_a_unit_is_entered_once_at_a_time(ground: Ground) -> None:
    """Entered twice, the first transaction would be lost with its connection."""
    unit = ground.unit()
    with unit, pytest.raises(TransactionError, match="open already"):
        unit.__enter__()

    with unit:
        ground.add(unit, "again")
    assert ground.keys() == ["again"]


def test_a_reading_unit_refuses_to_write(ground: Ground) -> None:
    """The unit's own word is enough, without asking the engine."""
    with ground.unit(write=False) as unit:
        with pytest.raises(TransactionError, match="read-only"):
            ground.add(unit, "a")
        keys = ground.keys(unit)

    assert keys == []


def test_a_reading_unit_is_kept_read_only_by_the_engine(ground: Ground) -> None:
    """A statement that writes without saying so is refused by the database, with the same error."""
    sql = "INSERT INTO notes (note_key, size) VALUES ('a', 1)"

    with pytest.raises(TransactionError, match="read-only"), ground.unit(write=False) as unit:
        ground.call(unit, lambda session: session.execute(sql, ()), write=False)

    assert ground.keys() == []
    ground.add(ground.engine, "after")


def test_a_reading_unit_sees_one_moment(ground: Ground) -> None:
    """A report adds up only if its parts are of one moment."""
    ground.add(ground.engine, "before")
    with ground.unit(write=False) as unit:
        first = ground.keys(unit)
        ground.add(ground.engine, "meanwhile")
        second = ground.keys(unit)

    assert first == second == ["before"]
    assert ground.keys() == ["before", "meanwhile"]


def test_a_connection_is_writable_again_after_a_reading_unit(ground: Ground) -> None:
    """What a unit set on its connection must not reach the next borrower."""
    for _ in range(10):
        with ground.unit(write=False) as unit:
            ground.keys(unit)
        with contextlib.suppress(RuntimeError), ground.unit(write=False) as unit:
            raise RuntimeError

    ground.add(ground.engine, "a")
    assert ground.keys() == ["a"]

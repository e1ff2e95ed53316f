"""Both engines with the ground laid, and ways to try a case on one of them and take it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from lumia.errors import LumiaError
from tests.support.cases import Case
from tests.support.databases import ENGINES, Databases
from tests.support.ground import lay_ground
from tests.support.raw import Raw, RawPostgresql, RawSqlite, open_raw, undone
from tests.support.rows import Step

__all__ = ["Grounds", "attempt", "lay_grounds", "lift", "try_case"]

Grounds = tuple[RawSqlite, RawPostgresql]

_ON: Final = {"sqlite": "", "postgresql": " ON {table}"}


@contextmanager
def lay_grounds(databases: Databases, folder: Path) -> Iterator[Grounds]:
    """A bare connection to each engine, both holding the ground; what a test does to them it takes back."""
    with ExitStack() as stack:
        raws: list[RawSqlite | RawPostgresql] = []
        for engine in ENGINES:
            raw = open_raw(engine, stack.enter_context(databases.migrated(engine, folder)))
            stack.callback(raw.close)
            lay_ground(raw)
            raws.append(raw)
        lite, server = raws
        assert isinstance(lite, RawSqlite)
        assert isinstance(server, RawPostgresql)
        yield lite, server


def lift(raw: Raw, trigger: str) -> None:
    """Take a trigger away, given as `table.trigger`, if this engine has it."""
    table, name = trigger.split(".")
    raw.run(f"DROP TRIGGER IF EXISTS {name}{_ON[raw.engine].format(table=table)}")


def attempt(raw: Raw, *steps: Step) -> LumiaError | None:
    """How the last step is refused, None if it is accepted; every step before it must be."""
    for sql, params in steps[:-1]:
        raw.run(sql, params)
    try:
        raw.run(*steps[-1])
    except LumiaError as error:
        return error
    return None


def try_case(raw: Raw, case: Case) -> LumiaError | None:
    """How the case's last step is refused on the ground, which is left as it was."""
    with undone(raw):
        for trigger in case.lifted:
            lift(raw, trigger)
        return attempt(raw, *case.steps)

"""A laid-out shop to be harmed: copied for each test, watched by a probe and by an observer of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lumia import PoolOptions, RetryPolicy, Shop, connect
from tests.support.calls import Call
from tests.support.databases import Databases
from tests.support.digests import Digest, Observer, changed_tables, observe
from tests.support.faults import FaultyEngine, Plan, Probe, Statement
from tests.support.pgserver import PgServer
from tests.support.steady import LASTING, SeededUuids, SteppingClock
from tests.support.strikes import ground
from tests.support.world import World, lay_out

__all__ = ["Arena", "CleanRun", "Stage"]

_POOLS = {
    "sqlite": PoolOptions(size=1, timeout=5, lock_timeout=0.005),
    "postgresql": PoolOptions(size=1, timeout=5),
}
"""One connection: one that is not given back is missed. SQLite waits no longer than needed for what is locked."""

_LATER = datetime(2026, 6, 1, tzinfo=UTC)
"""Months after the shop was laid out: what could expire has expired."""


@dataclass(frozen=True)
class CleanRun:
    """What a call does when nothing goes wrong.

    Its statements, the tables that it changes, and how many rows each table has afterwards.
    """

    trace: tuple[Statement, ...]
    changed: tuple[str, ...]
    rows: dict[str, int]

    @property
    def committed(self) -> int:
        """Index of the statement that makes the change last: the first COMMIT of a unit that may write.

        There is one in every call. One that works in batches has a second, of the batch that found nothing.
        """
        return next(
            index for index, statement in enumerate(self.trace) if statement.kind == "commit" and statement.writes
        )


@dataclass
class Arena:
    """One copy of the laid-out database with a Shop on it whose statements can be struck."""

    shop: Shop
    world: World
    probe: Probe
    observer: Observer

    def attempt(self, call: Callable[[], Any], plan: Plan | None = None) -> BaseException | None:
        """Make a call under a plan and give what it raised."""
        self.probe.watch(plan)
        try:
            call()
        except BaseException as error:  # noqa: BLE001 - an interrupt is one of the faults
            return error
        finally:
            fired, self.probe.plan = self.probe.fired, None
        assert plan is None or fired, "the call ended before its fault"
        return None

    def digest(self) -> Digest:
        """Read all tables, from outside."""
        return self.observer.digest()

    def check_usable(self, call: Call) -> None:
        """Read and make a call on the shop's one connection, and take what it wrote back."""
        self.shop.settings.get()
        with suppress(_TakenBackError), self.shop.transaction() as tx:
            call.run(tx, self.world)
            raise _TakenBackError


class _TakenBackError(Exception):
    """Ends a transaction that was only a trial."""


class Stage:
    """The laid-out database of one engine, which arenas are copies of."""

    def __init__(self, engine: str, databases: Databases, server: Callable[[], PgServer], folder: Path) -> None:
        """Lay the shop out once."""
        self.engine = engine
        self._server = server
        self._folder = folder
        self._clean: dict[str, CleanRun] = {}
        self._keep = ExitStack()
        self._url = self._keep.enter_context(databases.migrated(engine, folder))
        with connect(self._url, clock=SteppingClock(), uuids=SeededUuids(1), accounts=LASTING) as shop:
            self.world = lay_out(shop)
        # Closed by now: nobody's locks are lost by reading it as a file.
        self._file = Path(self._url.removeprefix("sqlite:///")).read_bytes() if engine == "sqlite" else b""

        self._shared: tuple[Arena, Digest, ExitStack] | None = None
        self._count = 0

    def close(self) -> None:
        """Drop the database and what was copied from it."""
        self._discard()
        self._keep.close()

    def shared(self) -> Arena:
        """Give a copy that is used as long as nobody has changed it."""
        if self._shared is None:
            closing = ExitStack()
            arena = closing.enter_context(self.arena(self._new_folder()))
            self._shared = (arena, arena.digest(), closing)
        return self._shared[0]

    def check_shared(self) -> None:
        """Look whether the shared copy is as it was; else the next test gets another one."""
        if self._shared is None:
            return
        arena, before, _ = self._shared
        try:
            same = arena.digest() == before
        except AssertionError:
            same = False
        if not same:
            self._discard()

    def _discard(self) -> None:
        if self._shared is not None:
            self._shared[2].close()
            self._shared = None

    def _new_folder(self) -> Path:
        self._count += 1
        folder = self._folder / f"copy-{self._count}"
        folder.mkdir()
        return folder

    @contextmanager
    def arena(self, folder: Path) -> Iterator[Arena]:
        """Open a fresh copy; `folder` is empty and the caller's own."""
        with self._copy(folder) as url, ground(self.engine, url, folder) as where, observe(url) as observer:
            probe = Probe(where)
            with connect(url, pool=_POOLS[self.engine], clock=SteppingClock(_LATER), uuids=SeededUuids(2)) as plain:
                faulty: Any = FaultyEngine(plain.engine, probe)
                shop = Shop(
                    faulty,
                    plain.query_set,
                    clock=plain.clock,
                    uuids=SeededUuids(3),
                    retry=RetryPolicy(sleep=lambda _: None),
                    accounts=LASTING,
                )
                yield Arena(shop, self.world, probe, observer)

    @contextmanager
    def _copy(self, folder: Path) -> Iterator[str]:
        if self.engine == "sqlite":
            path = folder / "shop.db"
            path.write_bytes(self._file)
            yield f"sqlite:///{path}"
            return
        server = self._server()
        name = server.create_database(self._url.split("?")[0].rpartition("/")[2])
        try:
            yield server.url(name)
        finally:
            server.drop_soon(name)

    def clean(self, call: Call) -> CleanRun:
        """Run a call once on a copy of its own and remember what it did."""
        if call.name not in self._clean:
            with self.arena(self._new_folder()) as arena:
                before = arena.digest()
                error = arena.attempt(lambda: call.run(arena.shop, arena.world))
                if error is not None:
                    raise error
                after = arena.digest()
            self._clean[call.name] = CleanRun(
                tuple(arena.probe.trace),
                tuple(changed_tables(before, after)),
                {table: item.rows for table, item in after.items()},
            )
        return self._clean[call.name]

"""Contexts: what repositories run on, a shop's connections or one transaction's."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

import lumia.dto
import lumia.types
from lumia.engine import Engine, Savepoint, UnitOfWork
from lumia.errors import TransactionError
from lumia.repos.context import Context
from lumia.repos.passwords import AccountOptions
from lumia.typedsql import POSTGRESQL, SQLITE, QuerySet, SessionSource, TypeRegistry
from lumia.typedsql.own import load_own
from lumia.types import Clock, UuidSource

if TYPE_CHECKING:
    from lumia.queries.protocols import Queries

__all__ = ["DIALECTS", "BaseContext", "Opened", "Parts", "ShopContext", "UnitContext"]

DIALECTS: Final = {dialect.name: dialect for dialect in (POSTGRESQL, SQLITE)}
"""The dialect of each engine, by its name."""


class Parts:
    """What every context of one shop shares."""

    def __init__(
        self,
        engine: Engine,
        queries: QuerySet,
        clock: Clock,
        uuids: UuidSource,
        schema: str,
        *,
        accounts: AccountOptions,
    ) -> None:
        """Hold them; `schema` is the digest of the schema's migrations."""
        self.engine = engine
        self.queries = queries
        self.clock = clock
        self.uuids = uuids
        self.accounts = accounts
        self._schema = schema
        self._own: dict[tuple[Path, tuple[ModuleType, ...]], QuerySet] = {}

    def own(self, folder: Path | str, dtos: tuple[ModuleType, ...]) -> QuerySet:
        """Load an embedder's folder, once for the shop."""
        folder = Path(folder)
        key = folder.absolute(), dtos
        found = self._own.get(key)
        if found is None:
            registry = TypeRegistry.of(*dtos).beside(TypeRegistry.of(lumia.dto, lumia.types))
            found = load_own(folder, DIALECTS[self.engine.name], registry, schema=self._schema)
            self._own[key] = found
        return found


class BaseContext:
    """A context on a source of sessions."""

    def __init__(self, parts: Parts, source: SessionSource) -> None:
        """Bind the queries to whoever lends the sessions."""
        self._parts = parts
        self._source = source
        self._q = cast("Queries", parts.queries.bind(source))

    @property
    def q(self) -> Queries:
        """The queries on this context's connections."""
        return self._q

    @property
    def accounts(self) -> AccountOptions:
        """How passwords are hashed, and how long sessions and tokens last."""
        return self._parts.accounts

    def own(self, folder: Path | str, dtos: tuple[ModuleType, ...]) -> Any:
        """An embedder's queries on this context's connections."""
        return self._parts.own(folder, dtos).bind(self._source)

    def now(self) -> datetime:
        """The present instant."""
        return self._parts.clock()

    def new_uuid(self) -> UUID:
        """A new UUIDv7."""
        return self._parts.uuids()


class ShopContext(BaseContext):
    """Each query borrows a connection for itself; a unit is a transaction."""

    def __init__(self, parts: Parts) -> None:
        """Let the engine lend a connection to each query."""
        super().__init__(parts, parts.engine)

    @property
    def may_write(self) -> bool:
        """Always: each unit says for itself."""
        return True

    def acting(self, actor: str, customer_id: int | None = None) -> AbstractContextManager[None]:
        """Refuse: nobody acts outside a unit of work."""
        message = f"{actor!r} acts in a unit of work only" if customer_id is None else "customers act in a unit only"
        raise TransactionError(message)

    def settle(self) -> bool:
        """Have the engine clean its logs."""
        return self._parts.engine.settle()

    def unit(self, *, write: bool = True) -> AbstractContextManager[Context]:
        """A transaction of its own."""
        return Opened(UnitOfWork(self._parts.engine, write=write), self._parts)


class UnitContext(BaseContext):
    """Every query runs on the unit's connection; a writing unit inside it is a savepoint."""

    def __init__(self, parts: Parts, unit: UnitOfWork, source: SessionSource) -> None:
        """Run on `source`: the unit itself, or a savepoint of it."""
        super().__init__(parts, source)
        self._unit = unit

    @property
    def may_write(self) -> bool:
        """Whether the transaction was opened for writing."""
        return self._unit.may_write

    def unit(self, *, write: bool = True) -> AbstractContextManager[Context]:
        """A savepoint of the transaction, or for reading the transaction itself."""
        return _Joined(self._unit.savepoint(), self) if write else nullcontext(self)

    def settle(self) -> bool:
        """Not before the transaction has ended."""
        return False

    @contextmanager
    def acting(self, actor: str, customer_id: int | None = None) -> Generator[None]:
        """Name who acts in the block; what fails in it undoes that too, with its savepoint or transaction."""
        before = self._unit.acting
        self._unit.acting = self._set_actor(actor, customer_id)
        try:
            yield
            self._set_actor(*before)
        finally:
            self._unit.acting = before

    def _set_actor(self, actor: str | None, customer_id: int | None) -> tuple[str | None, int | None]:
        self.q.audit.set_actor(actor=actor, actor_customer_id=customer_id)
        return actor, customer_id

    def savepoint(self) -> AbstractContextManager[UnitContext]:
        """A savepoint with a context of its own, which ends with it."""
        return Opened(self._unit.savepoint(), self._parts, self._unit)


class Opened:
    """Enters a unit or a savepoint and gives a new context on it."""

    def __init__(self, scope: UnitOfWork | Savepoint, parts: Parts, unit: UnitOfWork | None = None) -> None:
        """Keep what to enter; a savepoint comes with its unit."""
        self._scope = scope
        self._parts = parts
        self._unit = unit

    def __enter__(self) -> UnitContext:
        """Begin it."""
        scope = self._scope.__enter__()
        unit = scope if isinstance(scope, UnitOfWork) else self._unit
        assert unit is not None  # noqa: S101 - for the type checker: a savepoint is made with its unit
        return UnitContext(self._parts, unit, scope)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._scope.__exit__(kind, error, trace)


class _Joined:
    """Enters a savepoint and goes on with the context there is; a repository's method ends before it does."""

    def __init__(self, scope: Savepoint, context: UnitContext) -> None:
        self._scope = scope
        self._context = context

    def __enter__(self) -> UnitContext:
        self._scope.__enter__()
        return self._context

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scope.__exit__(kind, error, trace)

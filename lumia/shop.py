"""connect(), Shop and transaction(): the repositories on a pool of connections or on one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self, TypeVar
from uuid import UUID

from uuid_utils.compat import uuid7

import lumia.dto
import lumia.types
from lumia.engine import Engine, PoolOptions, RetryPolicy, Savepoint, StrictClock, UnitOfWork, open_engine
from lumia.engine.clock import system_clock
from lumia.errors import ConfigurationError, LumiaError
from lumia.migrations import check as check_schema
from lumia.migrations import load_migrations
from lumia.migrations import migrate as run_migrations
from lumia.repos.carts import Carts
from lumia.repos.catalog import Catalog
from lumia.repos.checkout import Checkout
from lumia.repos.context import Context
from lumia.repos.customers import Customers
from lumia.repos.delivery import Delivery
from lumia.repos.orders import Orders
from lumia.repos.outbox import Outbox
from lumia.repos.reports import Reports
from lumia.repos.settings import Settings
from lumia.repos.stock import Stock
from lumia.typedsql import POSTGRESQL, SQLITE, QuerySet, SessionSource, TypeRegistry, load_queries
from lumia.typedsql.rowmaker import validates_rows
from lumia.types import Clock, UuidSource

__all__ = ["Repositories", "Shop", "Transaction", "connect"]

T = TypeVar("T")

QUERIES: Final = Path(__file__).parent / "queries"
"""Where Lumia's own queries lie."""

_DIALECTS: Final = {dialect.name: dialect for dialect in (POSTGRESQL, SQLITE)}


class _Parts:
    """What every context of one shop shares."""

    def __init__(self, engine: Engine, queries: QuerySet, clock: Clock, uuids: UuidSource) -> None:
        self.engine = engine
        self.queries = queries
        self.clock = clock
        self.uuids = uuids


class _BaseContext:
    """A context on a source of sessions."""

    def __init__(self, parts: _Parts, source: SessionSource) -> None:
        self._parts = parts
        self._q: Any = parts.queries.bind(source)

    @property
    def q(self) -> Any:
        """The queries on this context's connections."""
        return self._q

    def now(self) -> datetime:
        """The present instant."""
        return self._parts.clock()

    def new_uuid(self) -> UUID:
        """A new UUIDv7."""
        return self._parts.uuids()


class _ShopContext(_BaseContext):
    """Each query borrows a connection for itself; a unit is a transaction."""

    def __init__(self, parts: _Parts) -> None:
        super().__init__(parts, parts.engine)

    def unit(self, *, write: bool = True) -> AbstractContextManager[Context]:
        """A transaction of its own."""
        return _Opened(UnitOfWork(self._parts.engine, write=write), self._parts)


class _UnitContext(_BaseContext):
    """Every query runs on the unit's connection; a writing unit inside it is a savepoint."""

    def __init__(self, parts: _Parts, unit: UnitOfWork, source: SessionSource) -> None:
        super().__init__(parts, source)
        self._unit = unit

    def unit(self, *, write: bool = True) -> AbstractContextManager[Context]:
        """A savepoint of the transaction, or for reading the transaction itself."""
        return _Joined(self._unit.savepoint(), self) if write else nullcontext(self)

    def savepoint(self) -> AbstractContextManager[_UnitContext]:
        """A savepoint with a context of its own, which ends with it."""
        return _Opened(self._unit.savepoint(), self._parts, self._unit)


class _Opened:
    """Enters a unit or a savepoint and gives a new context on it."""

    def __init__(self, scope: UnitOfWork | Savepoint, parts: _Parts, unit: UnitOfWork | None = None) -> None:
        self._scope = scope
        self._parts = parts
        self._unit = unit

    def __enter__(self) -> _UnitContext:
        scope = self._scope.__enter__()
        unit = scope if isinstance(scope, UnitOfWork) else self._unit
        assert unit is not None  # noqa: S101 - for the type checker: a savepoint is made with its unit
        return _UnitContext(self._parts, unit, scope)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scope.__exit__(kind, error, trace)


class _Joined:
    """Enters a savepoint and goes on with the context there is; a repository's method ends before it does."""

    def __init__(self, scope: Savepoint, context: _UnitContext) -> None:
        self._scope = scope
        self._context = context

    def __enter__(self) -> _UnitContext:
        self._scope.__enter__()
        return self._context

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scope.__exit__(kind, error, trace)


class Repositories:
    """The repositories on one context; a new one is one more line here.

    Attributes:
        carts: baskets and what lies in them.
        catalog: categories, products, options, variants and prices.
        checkout: quotes and the placing of orders.
        customers: who buys, and their addresses.
        delivery: shipping methods and tax rates.
        orders: what was bought and its life cycle.
        outbox: events for other systems.
        reports: what was sold, by month, country, product and customer.
        settings: the shop's own settings.
        stock: locations, counters and the ledger of movements.
    """

    def __init__(self, context: Context) -> None:
        """Put every repository on `context`."""
        self.carts = Carts(context)
        self.catalog = Catalog(context)
        self.checkout = Checkout(context)
        self.customers = Customers(context)
        self.delivery = Delivery(context)
        self.orders = Orders(context)
        self.outbox = Outbox(context)
        self.reports = Reports(context)
        self.settings = Settings(context)
        self.stock = Stock(context)
        self.q: Any = context.q
        """The bound queries themselves: `q.orders.get_order(order_id=1)`."""


class Transaction(Repositories):
    """The repositories on one connection: all of it is kept, or nothing. Belongs to one thread."""

    def __init__(self, context: _UnitContext) -> None:
        """Put every repository on the transaction's context."""
        super().__init__(context)
        self._context = context

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin a savepoint: what fails in the block is undone alone, and its error can be caught outside of it.

        Raises:
            TransactionError: the transaction has ended or failed before; or the block swallowed a database error.
        """
        return _Scope(self._context.savepoint())


class _Scope:
    """Gives a transaction's repositories and ends it with the block."""

    def __init__(self, scope: AbstractContextManager[_UnitContext]) -> None:
        self._scope = scope

    def __enter__(self) -> Transaction:
        return Transaction(self._scope.__enter__())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scope.__exit__(kind, error, trace)


class Shop(Repositories):
    """A shop's data: safe to share between threads, not across a fork; close it, or use it as a context manager."""

    def __init__(
        self, engine: Engine, queries: QuerySet, *, clock: Clock, uuids: UuidSource, retry: RetryPolicy
    ) -> None:
        """Bind the repositories; `connect` is the way to make a shop.

        Args:
            engine: the database, of the right schema.
            queries: the queries for its dialect.
            clock: gives strictly increasing instants.
            uuids: gives new UUIDv7s.
            retry: how often `run` repeats.
        """
        self._parts = _Parts(engine, queries, clock, uuids)
        self._retry = retry
        super().__init__(_ShopContext(self._parts))

    @property
    def engine(self) -> Engine:
        """The database underneath."""
        return self._parts.engine

    @property
    def queries(self) -> QuerySet:
        """The queries of the shop's engine."""
        return self._parts.queries

    @property
    def clock(self) -> Clock:
        """The strictly increasing clock that stamps every row."""
        return self._parts.clock

    @property
    def uuids(self) -> UuidSource:
        """The source of every public id."""
        return self._parts.uuids

    def transaction(self, *, read_only: bool = False) -> AbstractContextManager[Transaction]:
        """Open a transaction on one connection; the end of the block commits, an exception rolls back.

        Args:
            read_only: True: nothing can be written and everything read is of one moment.

        Raises:
            TransactionError: the block swallowed a database error; nothing was kept.
            CommitOutcomeUnknown: the connection broke during COMMIT.
            Conflict: another transaction was in the way; `run` repeats for you.
            PoolExhausted: no connection became free in time.
        """
        return _Scope(_Opened(UnitOfWork(self._parts.engine, write=not read_only), self._parts))

    def run(self, callback: Callable[[Transaction], T], *, read_only: bool = False) -> T:
        """Run `callback` in a transaction, and again from the start where that is safe.

        Repeated are conflicts with other transactions and connections lost before COMMIT, at most five runs or two
        seconds with random pauses; so `callback` must have no effect outside the transaction.

        Args:
            callback: gets the transaction; its result is returned.
            read_only: as in `transaction`.

        Raises:
            CommitOutcomeUnknown: never repeated; ask with the idempotency key.
            LumiaError: whatever the last run raised.
        """
        state = self._retry.start()
        while True:
            try:
                with self.transaction(read_only=read_only) as tx:
                    return callback(tx)
            except LumiaError as error:
                state.pause_or_raise(error)

    def close(self) -> None:
        """Close every connection; closing twice is fine."""
        self._parts.engine.close()

    def __enter__(self) -> Self:
        """Give the shop itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()


@cache
def _queries(engine: str, *, validate: bool) -> QuerySet:
    # The files are part of the code: they are read once in a process, however many shops it opens.
    registry = TypeRegistry.of(lumia.dto, lumia.types)
    return load_queries(QUERIES, _DIALECTS[engine], registry, validate_rows=validate)


def connect(
    url: str,
    *,
    create: bool = False,
    migrate: bool = False,
    check: Literal["fast", "full"] = "fast",
    schema: str | None = None,
    pool: PoolOptions | None = None,
    clock: Clock | None = None,
    uuids: UuidSource | None = None,
    replicas: Sequence[str] = (),
    retry: RetryPolicy | None = None,
) -> Shop:
    """Open a shop.

    Args:
        url: `sqlite:///shop.db`, `sqlite:////absolute/shop.db`, `sqlite:///:memory:` (created and migrated) or
            `postgresql://user:password@host/database`.
        create: make the SQLite file or the PostgreSQL schema if it is missing, and migrate.
        migrate: run pending migrations.
        check: `fast` compares the recorded migrations with the code's, `full` the schema itself too.
        schema: the PostgreSQL schema that holds the shop; None: what the role's search_path says.
        pool: settings of the connections.
        clock: gives aware instants; made strictly increasing. None: the system's.
        uuids: gives UUIDv7s. None: random ones of the present time.
        replicas: reserved for read replicas; must be empty.
        retry: how often `Shop.run` repeats.

    Returns:
        The shop, to be closed.

    Raises:
        InvalidUrl: the URL has an unknown scheme or cannot be read.
        FileRefused: the path is a directory or cannot be opened.
        DatabaseNotFound: there is no such file, database or schema.
        NotALumiaDatabase: what is there is empty, foreign, damaged or changed by something else.
        MigrationsPending: it is older than this Lumia.
        SchemaTooNew: it is newer than this Lumia.
        ServerUnreachable: no server answered in time.
        AuthenticationFailed: the server refused the role or its password.
        ConfigurationError: an option cannot be used.
    """
    if check not in {"fast", "full"}:
        message = "check is 'fast' or 'full'"
        raise ConfigurationError(message)
    if replicas:
        message = "read replicas are not supported yet; leave replicas empty"
        raise ConfigurationError(message)
    engine = open_engine(url, pool, schema=schema)
    strict = StrictClock(clock or system_clock)
    try:
        steps = load_migrations(engine.name)
        target = engine.migrations()
        if create or migrate or engine.ephemeral:
            run_migrations(target, steps, clock=strict, create=create or engine.ephemeral)
        check_schema(target, steps, full=check == "full")
        queries = _queries(engine.name, validate=validates_rows())
    except BaseException:
        engine.close()
        raise
    return Shop(engine, queries, clock=strict, uuids=uuids or uuid7, retry=retry or RetryPolicy())

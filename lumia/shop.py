"""connect(), Shop and transaction(): the repositories on a pool of connections or on one transaction."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeVar

from uuid_utils.compat import uuid7

import lumia.dto
import lumia.types
from lumia.contexts import DIALECTS, Opened, Parts, ShopContext, UnitContext
from lumia.dto.audit import Acting
from lumia.dto.base import validated
from lumia.engine import Engine, PoolOptions, RetryPolicy, StrictClock, UnitOfWork, open_engine
from lumia.engine.clock import system_clock
from lumia.errors import ConfigurationError, InvalidValue, LumiaError
from lumia.migrations import check as check_schema
from lumia.migrations import load_migrations, schema_digest
from lumia.migrations import migrate as run_migrations
from lumia.repos.audit import Audit
from lumia.repos.carts import Carts
from lumia.repos.catalog import Catalog
from lumia.repos.checkout import Checkout
from lumia.repos.coupons import Coupons
from lumia.repos.customers import Customers
from lumia.repos.delivery import Delivery
from lumia.repos.orders import Orders
from lumia.repos.outbox import Outbox
from lumia.repos.passwords import AccountOptions
from lumia.repos.payments import Payments
from lumia.repos.privacy import Privacy
from lumia.repos.reports import Reports
from lumia.repos.retention import Retention
from lumia.repos.reviews import Reviews
from lumia.repos.settings import Settings
from lumia.repos.stock import Stock
from lumia.repos.verify import Verify
from lumia.repos.wishlists import Wishlists
from lumia.typedsql import QuerySet, TypeRegistry, load_queries
from lumia.typedsql.rowmaker import validates_rows
from lumia.types import Clock, UuidSource

if TYPE_CHECKING:
    from lumia.queries.protocols import Queries

__all__ = ["Repositories", "Shop", "Transaction", "connect"]

T = TypeVar("T")

QUERIES: Final = Path(__file__).parent / "queries"
"""Where Lumia's own queries lie."""


class Repositories:
    """The repositories on one context; a new one is one more line here.

    Attributes:
        audit: who changed what.
        carts: baskets and what lies in them.
        catalog: categories, products, options, variants and prices.
        checkout: quotes and the placing of orders.
        coupons: what the shop gives out, and who redeemed it.
        customers: who buys, and their addresses.
        delivery: shipping methods and tax rates.
        orders: what was bought and its life cycle.
        outbox: events for other systems.
        payments: how orders are paid, and what goes back.
        privacy: what is held about a person, and its erasure.
        reports: what was sold, by month, country, product and customer.
        retention: what may be forgotten.
        reviews: what customers say about what they bought.
        settings: the shop's own settings.
        stock: locations, counters and the ledger of movements.
        verify: whether all that is stored fits together.
        wishlists: what customers put aside and share.
    """

    def __init__(self, context: ShopContext | UnitContext) -> None:
        """Put every repository on `context`."""
        self._own = context.own
        self.audit = Audit(context)
        self.carts = Carts(context)
        self.catalog = Catalog(context)
        self.checkout = Checkout(context)
        self.coupons = Coupons(context)
        self.customers = Customers(context)
        self.delivery = Delivery(context)
        self.orders = Orders(context)
        self.outbox = Outbox(context)
        self.payments = Payments(context)
        self.privacy = Privacy(context)
        self.reports = Reports(context)
        self.retention = Retention(context)
        self.reviews = Reviews(context)
        self.settings = Settings(context)
        self.stock = Stock(context)
        self.verify = Verify(context)
        self.wishlists = Wishlists(context)
        self.q: Queries = context.q
        """The bound queries themselves: `q.orders.get_order(order_id=1)`."""

    def queries(self, folder: Path | str, *dtos: ModuleType) -> Any:
        """Give queries of your own, from `.sql` files like Lumia's; on a transaction they are part of it.

        `lumia sql check --queries FOLDER --dto MODULE --write` proves them on both engines and writes `contract.json`
        and the package `protocols` beside them: annotate the result with its `Queries`. While the contract does not
        fit the files, the DTOs and the schema, every row is validated with its DTO.

        Args:
            folder: the query files; they are read once for each shop.
            dtos: modules with the DTOs and enums that the files name; they may name Lumia's as well.

        Returns:
            The bound queries: `mine.namespace.query(argument=…)`.

        Raises:
            FileRefused: there is no such folder.
            QueryFileError: a file breaks a rule; file and line are said.
            TypedSqlError: two classes of one name, or a contract that cannot be read.
        """
        return self._own(folder, dtos)


class Transaction(Repositories):
    """The repositories on one connection: all of it is kept, or nothing. Belongs to one thread."""

    def __init__(self, context: UnitContext) -> None:
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

    def __init__(self, scope: AbstractContextManager[UnitContext]) -> None:
        self._scope = scope

    def __enter__(self) -> Transaction:
        return Transaction(self._scope.__enter__())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scope.__exit__(kind, error, trace)


@contextmanager
def _acted(opened: Opened, who: Acting) -> Generator[Transaction]:
    with opened as context, context.acting(who.actor, who.customer_id):
        yield Transaction(context)


class Shop(Repositories):
    """A shop's data: safe to share between threads, not across a fork; close it, or use it as a context manager."""

    def __init__(
        self,
        engine: Engine,
        queries: QuerySet,
        *,
        clock: Clock,
        uuids: UuidSource,
        retry: RetryPolicy,
        schema: str = "",
        accounts: AccountOptions | None = None,
    ) -> None:
        """Bind the repositories; `connect` is the way to make a shop.

        Args:
            engine: the database, of the right schema.
            queries: the queries for its dialect.
            clock: gives strictly increasing instants.
            uuids: gives new UUIDv7s.
            retry: how often `run` repeats.
            schema: the digest of the schema's migrations, for which queries of one's own may be proven.
            accounts: how passwords are hashed, and how long sessions and tokens last; None: the defaults.
        """
        self._parts = Parts(engine, queries, clock, uuids, schema, accounts=accounts or AccountOptions())
        self._retry = retry
        super().__init__(ShopContext(self._parts))

    @property
    def engine(self) -> Engine:
        """The database underneath."""
        return self._parts.engine

    @property
    def query_set(self) -> QuerySet:
        """Lumia's own queries for the shop's engine, not bound to it."""
        return self._parts.queries

    @property
    def clock(self) -> Clock:
        """The strictly increasing clock that stamps every row."""
        return self._parts.clock

    @property
    def uuids(self) -> UuidSource:
        """The source of every public id."""
        return self._parts.uuids

    def transaction(
        self, *, read_only: bool = False, actor: str | None = None, customer_id: int | None = None
    ) -> AbstractContextManager[Transaction]:
        """Open a transaction on one connection; the end of the block commits, an exception rolls back.

        Args:
            read_only: True: nothing can be written and everything read is of one moment.
            actor: who acts, for the audit log: a user's key or a program's name. None: the system, at no cost.
            customer_id: the customer who acts, if it is one; goes with `actor`.

        Raises:
            InvalidValue: `actor` has not 1 to 100 characters, or comes with `read_only`, or `customer_id` without it.
            TransactionError: the block swallowed a database error; nothing was kept.
            CommitOutcomeUnknown: the connection broke during COMMIT.
            Conflict: another transaction was in the way; `run` repeats for you.
            PoolExhausted: no connection became free in time.
        """
        opened = Opened(UnitOfWork(self._parts.engine, write=not read_only), self._parts)
        if actor is None and customer_id is None:
            return _Scope(opened)
        if read_only:
            message = "nobody acts in a transaction that only reads: leave the actor out"
            raise InvalidValue(message)
        return _acted(opened, validated(Acting, actor=actor, customer_id=customer_id))

    def run(
        self,
        callback: Callable[[Transaction], T],
        *,
        read_only: bool = False,
        actor: str | None = None,
        customer_id: int | None = None,
    ) -> T:
        """Run `callback` in a transaction, and again from the start where that is safe.

        Repeated are conflicts with other transactions and connections lost before COMMIT, at most five runs or two
        seconds with random pauses; so `callback` must have no effect outside the transaction.

        Args:
            callback: gets the transaction; its result is returned.
            read_only: as in `transaction`.
            actor: as in `transaction`.
            customer_id: as in `transaction`.

        Raises:
            CommitOutcomeUnknown: never repeated; ask with the idempotency key.
            LumiaError: whatever the last run raised.
        """
        state = self._retry.start()
        while True:
            try:
                with self.transaction(read_only=read_only, actor=actor, customer_id=customer_id) as tx:
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
    return load_queries(QUERIES, DIALECTS[engine], registry, validate_rows=validate)


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
    migrations: Path | None = None,
    accounts: AccountOptions | None = None,
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
        migrations: a folder with migrations of yours, numbered from 5000 on, for tables beside Lumia's.
        accounts: how passwords are hashed, and how long sessions and tokens last. None: the defaults.

    Returns:
        The shop, to be closed.

    Raises:
        InvalidUrl: the URL has an unknown scheme or cannot be read.
        FileRefused: the path is a directory or cannot be opened; or `migrations` is no folder.
        MigrationError: a file of `migrations` is misnamed, was edited after it ran, or is refused.
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
        steps = load_migrations(engine.name, own=migrations)
        target = engine.migrations()
        if create or migrate or engine.ephemeral:
            run_migrations(target, steps, clock=strict, create=create or engine.ephemeral)
        check_schema(target, steps, full=check == "full")
        queries = _queries(engine.name, validate=validates_rows())
        digest = schema_digest(steps)
    except BaseException:
        engine.close()
        raise
    return Shop(
        engine,
        queries,
        clock=strict,
        uuids=uuids or uuid7,
        retry=retry or RetryPolicy(),
        schema=digest,
        accounts=accounts,
    )

"""What a repository works with: bound queries, a clock, a source of ids, and units of work."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from lumia.queries.protocols import Queries
    from lumia.repos.passwords import AccountOptions

__all__ = ["Context"]


class Context(Protocol):
    """A shop's context, on which each query runs for itself, or that of a transaction."""

    @property
    def q(self) -> Queries:
        """The queries, bound to whoever lends the connection: `q.orders.get_order(order_id=1)`."""
        ...

    @property
    def accounts(self) -> AccountOptions:
        """How passwords are hashed, and how long sessions and tokens last."""
        ...

    @property
    def may_write(self) -> bool:
        """Whether something can be written here: False in a read-only transaction."""
        ...

    def now(self) -> datetime:
        """The present instant, aware and in UTC; each call in the process gives a later one."""
        ...

    def new_uuid(self) -> UUID:
        """A new UUIDv7 for a `public_id`."""
        ...

    def acting(self, actor: str, customer_id: int | None = None) -> AbstractContextManager[None]:
        """Name who acts in the block, for the audit log; only in a writing unit, which fails where the block does.

        Args:
            actor: a user's key or a program's name, 1 to 100 characters.
            customer_id: the customer, if it is one.

        Raises:
            TransactionError: there is no unit, or it has ended.
        """
        ...

    def settle(self) -> bool:
        """Take what was overwritten out of the database's logs; False where something is in the way just now."""
        ...

    def unit(self, *, write: bool = True) -> AbstractContextManager[Context]:
        """Open a unit of work and give its context.

        On a shop it is a transaction of its own, retried by nobody. Inside a transaction a writing unit is a savepoint,
        so that what is refused in it leaves the caller's transaction usable, and a reading one simply joins.

        Args:
            write: False opens a read-only transaction that sees one moment throughout.

        Raises:
            TransactionError: the unit swallowed a database error, or its transaction has ended.
            CommitOutcomeUnknown: the connection broke during COMMIT.
            DatabaseError: the engine refused to begin or to commit.
        """
        ...

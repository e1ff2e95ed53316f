"""A shop to log in to: its clock moves a microsecond at each look, and one customer has a password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from lumia import AccountOptions, Shop, connect
from lumia.dto.accounts import NewSession
from lumia.dto.customers import Customer, NewCustomer
from tests.support.steady import SeededTokens, SeededUuids, SteppingClock

__all__ = ["NEW", "PASSWORD", "QUICK", "TICK", "WRONG", "Desk", "open_desk"]

PASSWORD: Final = "correct horse battery staple"  # noqa: S105 - a test's
NEW: Final = "another horse"
WRONG: Final = "wrong horse battery staple"
TICK: Final = timedelta(microseconds=1)

QUICK: Final = AccountOptions(time_cost=1, memory_kib=8, parallelism=1)
"""Hashes that cost nothing; everything lasts as long as it does by default."""


@dataclass
class Desk:
    """A shop whose clock stands still until it is moved, and a customer with a password."""

    shop: Shop
    clock: SteppingClock
    ada: Customer

    def log_in(self, password: str = PASSWORD, email: str = "ada@example.com") -> NewSession:
        """Begin a session."""
        return self.shop.customers.authenticate(email, password)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Read past the repositories."""
        session = self.shop.engine.acquire(write=False)
        try:
            return session.fetch_all(sql, ())
        finally:
            self.shop.engine.release(session, failed=False)

    def write(self, sql: str) -> None:
        """Write past the repositories."""
        session = self.shop.engine.acquire(write=True)
        try:
            session.execute(sql, ())
        finally:
            self.shop.engine.release(session, failed=False)


@contextmanager
def open_desk(url: str) -> Iterator[Desk]:
    """Open a shop on a fresh database; its tokens are those of `SeededTokens()`."""
    clock = SteppingClock(step=TICK)
    options = replace(QUICK, tokens=SeededTokens())
    with connect(url, clock=clock, uuids=SeededUuids(), accounts=options) as shop:
        ada = shop.customers.register(NewCustomer(email="Ada@Example.com"), password=PASSWORD)
        yield Desk(shop, clock, ada)

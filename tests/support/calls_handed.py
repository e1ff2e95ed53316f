"""Calls of the outbox, of retention and of the check of everything, as `calls.py` lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Any, Final

from tests.support.world import World

__all__ = ["HANDED_READS", "HANDED_WRITES"]

Run = Callable[[Any, World], object]

PARTS: Final = (
    "account_tokens",
    "audit_log",
    "carts",
    "idempotency_keys",
    "outbox",
    "reservations",
    "sessions",
    "stock_ledger",
)


def _retention(part: str, *, dry_run: bool) -> Run:
    return lambda shop, at: getattr(shop.retention, part)(before=at.handed.before, dry_run=dry_run)


def _reads() -> Iterator[tuple[str, Run]]:
    yield "outbox.pending", lambda shop, _: shop.outbox.pending()
    for part in PARTS:
        yield f"retention.{part}: counted", _retention(part, dry_run=True)
    yield "verify.run", lambda shop, _: shop.verify.run()
    yield "verify.steps", lambda shop, _: list(shop.verify.steps())


def _writes() -> Iterator[tuple[str, Run]]:
    yield (
        "outbox.acknowledge",
        lambda shop, at: shop.outbox.acknowledge(at.handed.lease_id, [at.handed.event_id]),
    )
    yield "outbox.fail", lambda shop, at: shop.outbox.fail(at.handed.lease_id, at.handed.event_id)
    yield "outbox.lease", lambda shop, _: shop.outbox.lease(5, 60, consumer="mailer")
    yield "outbox.release", lambda shop, at: shop.outbox.release(at.handed.lease_id)
    for part in PARTS:
        yield f"retention.{part}", _retention(part, dry_run=False)


HANDED_READS: Final = MappingProxyType(dict(_reads()))
"""Calls that change nothing."""

HANDED_WRITES: Final = MappingProxyType(dict(_writes()))
"""Calls that change something."""

"""One good call of every repository method, in the shop that `world.py` lays out.

A method may have several cases, named `repository.method` or `repository.method: what is special`. Whoever adds a
public method adds a case to the file of its theme, `calls_*.py`; a test compares this list with the repositories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from lumia.repos.base import Repository
from tests.support.calls_catalog import CATALOG_READS, CATALOG_WRITES
from tests.support.calls_handed import HANDED_READS, HANDED_WRITES
from tests.support.calls_orders import ORDERS_READS, ORDERS_WRITES
from tests.support.calls_people import PEOPLE_READS, PEOPLE_WRITES
from tests.support.world import World

__all__ = ["CALLS", "Call", "methods_of", "repositories_of"]

Run = Callable[[Any, World], object]


@dataclass(frozen=True)
class Call:
    """A call that succeeds: `run(shop, world)`, on a Shop as on a transaction."""

    name: str
    run: Run
    writes: bool

    @property
    def method(self) -> str:
        """Repository and method, without the case."""
        return self.name.split(":")[0]


_READS: Final = CATALOG_READS | HANDED_READS | ORDERS_READS | PEOPLE_READS
"""Calls that change nothing."""

_WRITES: Final = CATALOG_WRITES | HANDED_WRITES | ORDERS_WRITES | PEOPLE_WRITES
"""Calls that change something."""

CALLS: Final = tuple(
    Call(name, run, writes)
    for cases, writes in ((_READS, False), (_WRITES, True))
    for name, run in sorted(cases.items())
)
"""Every case."""


def repositories_of(shop: Any) -> Iterator[tuple[str, type[Repository]]]:
    """Find the repositories that a shop offers, by the name that callers use."""
    for name in dir(shop):
        if not name.startswith("_") and isinstance(found := getattr(shop, name), Repository):
            yield name, type(found)


def methods_of(repository: type[Repository]) -> Iterator[str]:
    """Name a repository's public methods, inherited ones too."""
    for name in dir(repository):
        if not name.startswith("_") and callable(getattr(repository, name)):
            yield name

"""How connections are opened, pooled and limited in time."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from lumia.errors import ConfigurationError

__all__ = ["PoolOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolOptions:
    """Settings of an engine's connections; every time is in seconds.

    Attributes:
        size: most connections at once, 1 to 1000. More than about twice the server's cores lose throughput.
        timeout: how long a caller waits for a free connection before `PoolExhausted`.
        connect_timeout: how long one attempt to reach a server may take, at least 2.
        statement_timeout: longest statement on PostgreSQL before `StatementInterrupted`; 0 is no limit.
        lock_timeout: longest wait for a lock before `Conflict`, on SQLite for the right to write.
        idle_timeout: longest pause inside a transaction on PostgreSQL before the server ends it; 0 is no limit.
        check_after: a PostgreSQL connection that was unused for longer is asked for a sign of life before it is lent.
        synchronous: SQLite's durability. FULL keeps every acknowledged commit through a power cut; NORMAL is
            faster and may lose the latest commits then, but never damages the file.
        prepare: keep prepared statements on the server. False behind a transaction pooler that does not know them.
    """

    size: int = 8
    timeout: float = 10.0
    connect_timeout: float = 5.0
    statement_timeout: float = 60.0
    lock_timeout: float = 10.0
    idle_timeout: float = 60.0
    check_after: float = 5.0
    synchronous: Literal["FULL", "NORMAL"] = "FULL"
    prepare: bool = True

    def __post_init__(self) -> None:
        """Refuse sizes and times outside their ranges (`ConfigurationError`)."""
        limits = {"size": (1, 1000), "connect_timeout": (2, 600)}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, (str, bool)):
                continue
            low, high = limits.get(field.name, (0, 86_400))
            if not low <= value <= high:
                message = f"the pool option {field.name} must lie between {low} and {high}, it is {value}"
                raise ConfigurationError(message)
        if self.synchronous not in {"FULL", "NORMAL"}:
            message = "the pool option synchronous is FULL or NORMAL"
            raise ConfigurationError(message)

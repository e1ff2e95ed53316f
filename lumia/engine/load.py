"""Loading a whole history in one transaction: what an import asks of an engine, and the choice of the engine's way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from lumia.engine.load_postgresql import PostgresqlLoader
from lumia.engine.load_sqlite import SqliteLoader
from lumia.engine.postgresql_session import PostgresqlSession
from lumia.engine.sqlite_session import SqliteSession
from lumia.errors import ConfigurationError
from lumia.typedsql.session import Session

__all__ = ["Loader", "open_loader"]


class Loader(Protocol):
    """Fills one large table whose parents are known only when all its rows are read.

    The order of calls: `alone`, `begin`, `fill` as often as need be, `add` for each parent table, `finish`, `close`.
    """

    def alone(self, table: str) -> None:
        """Wait until nobody else writes to a table that only loads write to, and keep it so until the end.

        What is read afterwards holds everything that an earlier load brought.

        Raises:
            LumiaError: as any statement does; an earlier load is waited for without limit.
        """
        ...

    def part(self, kinds: Sequence[str], values: Sequence[Any]) -> Any:
        """Encode neighbouring columns once, for all the rows that share them.

        Args:
            kinds: `int`, `text` or `money` for each value.
            values: ints, strings without NUL, money as whole ten-thousandths; instants are text of 27 characters.
        """
        ...

    def reserve(self, table: str, key: str, count: int) -> Iterator[int]:
        """Take `count` new values of a table's generated key, which nobody else gets; never while `fill` runs."""
        ...

    def add(
        self,
        table: str,
        columns: Sequence[tuple[str, str]],
        rows: Iterable[Sequence[Any]],
        *,
        constants: Mapping[str, int | str],
    ) -> int:
        """Write rows of a smaller table at once; give their number.

        Args:
            table: its name.
            columns: name and kind of each value of a row; the kinds are those of `part`, `text?` may be None.
            rows: the values, as `part` takes them; a bool is of the kind `bool`.
            constants: as in `fill`.
        """
        ...

    def begin(self, table: str, parent: str) -> None:
        """Make the table ready; it and the parent may lose keys and indexes until `finish` if they are empty."""
        ...

    def fill(
        self,
        table: str,
        columns: Sequence[str],
        batches: Iterable[Sequence[Sequence[Any]]],
        *,
        constants: Mapping[str, int | str],
    ) -> None:
        """Add rows, given in batches as sequences of parts that cover the columns in order.

        Args:
            table: its name; its generated key is left out and made by the engine.
            columns: the columns that the parts of a row cover together.
            batches: read while the engine works; an exception in it ends the transaction.
            constants: columns with one value for all rows: a bool, an int, a text, or 0 for money and rates.
        """
        ...

    def finish(self) -> None:
        """Have every row and every key there; the parents' rows must be.

        Raises:
            InvalidReference: a row refers to a parent that is missing.
            AlreadyExists: two rows have the same unique key.
            InvalidValue: a row breaks another rule of the table.
        """
        ...

    def close(self) -> None:
        """Give back what is not the transaction's; to be called in any case, before the transaction ends."""
        ...


def open_loader(session: Session) -> Loader:
    """Give the loader of a session's engine; the session must be inside a writing transaction.

    Raises:
        ConfigurationError: the session is of no engine of Lumia's.
    """
    if isinstance(session, PostgresqlSession):
        return PostgresqlLoader(session)
    if isinstance(session, SqliteSession):
        return SqliteLoader(session)
    message = "only the sessions of Lumia's own engines can load in bulk"
    raise ConfigurationError(message)

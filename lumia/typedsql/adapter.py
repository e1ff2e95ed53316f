"""The aiosql adapter: one statement text means one thing on both engines, and nothing is fetched lazily."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NoReturn

from aiosql.types import SQLOperationType

from lumia.errors import TypedSqlError
from lumia.typedsql.dialects import Dialect
from lumia.typedsql.session import Params, Row, Session
from lumia.typedsql.statement import SourceQuery
from lumia.typedsql.variants import Variant

__all__ = ["SessionAdapter"]


class SessionAdapter:
    """Runs aiosql's operations on a `Session`, which takes the place of a driver's connection.

    aiosql hands over every argument of a call as it got it: here, the encoded values in the order of the list.
    """

    def __init__(self, dialect: Dialect) -> None:
        """Start without queries; the loader makes each statement known before it asks for its text."""
        self.dialect = dialect
        self.sources: dict[str, SourceQuery] = {}
        self.statements: dict[str, Variant] = {}

    def process_sql(self, query_name: str, op_type: SQLOperationType, sql: str) -> str:  # noqa: ARG002 - aiosql's form
        """Return the text for the server: the statement's name as a constant comment, then the rendered statement.

        A statement of a query with markers names its variant too: `orders.list_orders [status; -placed_at]`. The text
        is put together from the checked pieces, because aiosql's own reading knows no types for the casts.
        """
        statement = self.statements[query_name]
        return f"/* {query_name} */ {self.dialect.render(statement.pieces, statement.params)}"

    def select(
        self,
        conn: Session,
        query_name: str,  # noqa: ARG002 - aiosql's form
        sql: str,
        parameters: Params,
        record_class: object = None,  # noqa: ARG002 - aiosql's form
    ) -> list[Row]:
        """Run the statement at once and return all rows; a generator would run it only if somebody iterates."""
        return conn.fetch_all(sql, parameters)

    def select_one(
        self,
        conn: Session,
        query_name: str,  # noqa: ARG002 - aiosql's form
        sql: str,
        parameters: Params,
        record_class: object = None,  # noqa: ARG002 - aiosql's form
    ) -> Row | None:
        """Run the statement to its end and return its first row, or None."""
        return conn.fetch_one(sql, parameters)

    def select_value(self, conn: Session, query_name: str, sql: str, parameters: Params) -> Row | None:  # noqa: ARG002
        """Run the statement and return its first row whole: the call tells no row from a NULL."""
        return conn.fetch_one(sql, parameters)

    def select_cursor(self, conn: Session, query_name: str, sql: str, parameters: Params) -> NoReturn:  # noqa: ARG002
        """Refuse: a cursor would hand out untyped rows."""
        message = f"{query_name} has no cursor: use .stream(size=…)"
        raise TypedSqlError(message)

    def insert_update_delete(self, conn: Session, query_name: str, sql: str, parameters: Params) -> int:  # noqa: ARG002
        """Run the statement and return the number of affected rows."""
        return conn.execute(sql, parameters)

    def insert_update_delete_many(
        self,
        conn: Session,
        query_name: str,  # noqa: ARG002 - aiosql's form
        sql: str,
        parameters: Iterable[Params],
    ) -> int:
        """Run the statement once per parameter row and return the number of affected rows of all."""
        return conn.execute_many(sql, parameters)

    def insert_returning(self, conn: Session, query_name: str, sql: str, parameters: Params) -> NoReturn:  # noqa: ARG002
        """Refuse: on SQLite this is the last row id, which may belong to another table."""
        message = f"{query_name}: `<!` is refused"
        raise TypedSqlError(message)

    def execute_script(self, conn: Session, sql: str) -> NoReturn:  # noqa: ARG002
        """Refuse: on SQLite a script commits the open transaction."""
        message = "`#` scripts are refused"
        raise TypedSqlError(message)

    def stream(self, conn: Session, sql: str, parameters: Params, *, size: int) -> Iterator[list[Row]]:
        """Run the statement and yield its rows in batches: the explicit path for results too large to hold."""
        return conn.stream(sql, parameters, size=size)

    def pipeline(self, conn: Session, statements: Sequence[tuple[str, Params]]) -> list[list[Row]]:
        """Run the statements in order, in one round trip where the engine can."""
        return conn.pipeline(statements)

"""The queries of one engine, and what binding them to a source of sessions gives: `bound.orders.get_order(…)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lumia.errors import TypedSqlError
from lumia.typedsql.adapter import SessionAdapter
from lumia.typedsql.annotations import Param, Returns
from lumia.typedsql.calls import CallMaker, PreparedCall
from lumia.typedsql.choosing import ChoosingMaker
from lumia.typedsql.dialects import Dialect
from lumia.typedsql.session import SessionSource

__all__ = ["BoundQueries", "Namespace", "Query", "QuerySet", "UnknownQueryError"]


class UnknownQueryError(TypedSqlError, AttributeError):
    """There is no query or namespace of that name; an AttributeError too, so that hasattr() works."""


@dataclass(frozen=True, slots=True)
class Query:
    """One query on one engine.

    `operation` is the mark behind the list: ^ one row, none rows, $ one value, ! affected rows, *! many parameter rows.
    `sql` is what the server gets: of a query with markers, the statement with every filter of its default order.
    `optional` names the parameters that a call may leave out, `orders` the labels that it may ask for, the default
    first; `variant(given, order)` gives the query as that one statement, with its own `params`, `sql` and `run`, and
    raises TypedSqlError for one that does not exist. `writes` says whether a call needs a session that may change data.
    `differs`, `only` and `scan` are the reasons that the file gives.
    """

    name: str
    namespace: str
    operation: str
    params: tuple[Param, ...]
    returns: Returns
    doc: str
    sql: str
    path: Path
    line: int
    portable: bool
    differs: str | None
    only: str | None
    scan: str | None
    writes: bool
    run: Callable[..., Any] = field(repr=False, compare=False)
    optional: tuple[str, ...]
    orders: tuple[str, ...]
    variant: Callable[..., Query] = field(repr=False, compare=False)

    @property
    def full_name(self) -> str:
        """Namespace and name: `orders.get_order`."""
        return f"{self.namespace}.{self.name}"


class Namespace:
    """The queries of one file, bound to a source of sessions; each query is compiled when it is first called."""

    _queries: QuerySet
    _name: str

    def __init__(self, source: SessionSource) -> None:
        """Keep the source that lends a session to each call."""
        self._source = source

    def __getattr__(self, name: str) -> Any:
        """Compile the query, keep it on the class for every later call, and return it bound."""
        cls = type(self)
        member = cls._queries.compile(cls._name, name)
        setattr(cls, name, member)
        return getattr(self, name)

    def __dir__(self) -> list[str]:
        """List the queries."""
        prefix = f"{self._name}."
        return [name.removeprefix(prefix) for name in self._queries.names if name.startswith(prefix)]


class BoundQueries:
    """All namespaces of a query set, bound to a source of sessions: `bound.orders.get_order(order_id=1)`."""

    __slots__ = ("_source",)
    _queries: QuerySet

    def __init__(self, source: SessionSource) -> None:
        """Keep the source; namespaces are made when they are first used, so binding costs next to nothing."""
        self._source = source

    def __getattr__(self, name: str) -> Any:
        """Make the namespace and keep it."""
        namespace = self._queries.namespace(name)(self._source)
        setattr(self, name, namespace)
        return namespace

    def __dir__(self) -> list[str]:
        """List the namespaces and `pipeline`."""
        return [*self._queries.namespaces, "pipeline"]

    def pipeline(self, calls: Sequence[PreparedCall[Any]]) -> tuple[Any, ...]:
        """Run prepared calls in order on one session, in one round trip where the engine can.

        Returns each call's typed result: a DTO or None for ^, a list for no mark, a value for $, None for ! with
        `@returns: none`. Raises TypedSqlError before anything runs if a call counts rows, which a pipeline cannot
        tell. Outside of a transaction each statement stands for itself.
        """
        for call in calls:
            call.check_pipeline()
        adapter = self._queries.adapter
        session = self._source.acquire(write=any(call.writes for call in calls))
        try:
            results = adapter.pipeline(session, [(call.sql, call.params) for call in calls])
        except BaseException:
            self._source.release(session, failed=True)
            raise
        self._source.release(session, failed=False)
        return tuple(call.finish(rows) for call, rows in zip(calls, results, strict=True))


class QuerySet(Mapping[str, Query]):
    """Every query of a folder for one engine, by full name: `queries["orders.get_order"]`."""

    def __init__(
        self,
        dialect: Dialect,
        adapter: SessionAdapter,
        queries: Iterable[Query],
        namespaces: Sequence[str],
        elsewhere: Mapping[str, str],
        *,
        validate: bool,
    ) -> None:
        """Keep the queries; `elsewhere` holds the names that only the other engine has."""
        self.dialect = dialect
        self.adapter = adapter
        self.validate_rows = validate
        self.namespaces = tuple(namespaces)
        self._queries = {query.full_name: query for query in sorted(queries, key=lambda query: query.full_name)}
        self._elsewhere = elsewhere
        self._classes: dict[str, type[Namespace]] = {
            name: type(f"{name.title()}Queries", (Namespace,), {"_queries": self, "_name": name})
            for name in self.namespaces
        }
        self._bound: type[BoundQueries] = type(
            "BoundQueries", (BoundQueries,), {"__slots__": self.namespaces, "_queries": self}
        )

    @property
    def names(self) -> list[str]:
        """All full names, sorted."""
        return list(self._queries)

    def __getitem__(self, name: str) -> Query:
        """Return the query of that full name; raises KeyError."""
        return self._queries[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the full names, sorted."""
        return iter(self._queries)

    def __len__(self) -> int:
        """Count the queries."""
        return len(self._queries)

    def bind(self, source: SessionSource) -> BoundQueries:
        """Bind all queries to a source of sessions; cheap enough to be done for each unit of work."""
        return self._bound(source)

    def namespace(self, name: str) -> type[Namespace]:
        """Return the class that a namespace is bound through; raises UnknownQueryError."""
        found = self._classes.get(name)
        if found is None:
            message = f"there is no namespace {name}; there are: {', '.join(self.namespaces) or 'none'}"
            raise UnknownQueryError(message)
        return found

    def compile(self, namespace: str, name: str) -> Any:
        """Compile what a namespace class holds for a query; raises UnknownQueryError."""
        full_name = f"{namespace}.{name}"
        query = self._queries.get(full_name)
        if query is None:
            engine = self._elsewhere.get(full_name)
            where = f"it exists on {engine} only" if engine else f"see {namespace}.sql and its overrides"
            message = f"there is no query {full_name} on {self.dialect.name}: {where}"
            raise UnknownQueryError(message)
        maker = ChoosingMaker if query.optional or query.orders else CallMaker
        return maker(query, self.adapter, self.dialect, validate=self.validate_rows).member()

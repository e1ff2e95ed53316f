"""What a bound query is when it is called: one generated function per query, from arguments to typed result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from lumia.errors import TypedSqlError
from lumia.typedsql.codegen import Scope, Source
from lumia.typedsql.encoders import Encoder
from lumia.typedsql.rowmaker import RowMaker
from lumia.typedsql.session import Params, Row, SessionSource

if TYPE_CHECKING:
    from lumia.typedsql.adapter import SessionAdapter
    from lumia.typedsql.dialects import Dialect
    from lumia.typedsql.queryset import Namespace, Query

__all__ = ["CallMaker", "PreparedCall", "RowsQuery"]

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class PreparedCall(Generic[ResultT]):
    """A query with checked and encoded arguments, to be run by `BoundQueries.pipeline`."""

    query: Query
    params: Params
    finish: Callable[[list[Row]], ResultT]

    @property
    def sql(self) -> str:
        """The statement's text for the server."""
        return self.query.sql

    @property
    def writes(self) -> bool:
        """Whether the statement may change data."""
        return self.query.writes

    def check_pipeline(self) -> None:
        """Raise TypedSqlError if the call's result cannot be told in a pipeline."""
        if self.query.operation == "*!" or (self.query.operation == "!" and self.query.returns.value is not None):
            message = (
                f"{self.query.full_name} counts affected rows, which a pipeline cannot tell: "
                "say `@returns: none`, or give it RETURNING"
            )
            raise TypedSqlError(message)


class CallMaker:
    """Compiles one query's functions, each when it is first needed."""

    def __init__(
        self,
        query: Query,
        adapter: SessionAdapter,
        dialect: Dialect,
        *,
        validate: bool,
        whole: CallMaker | None = None,
    ) -> None:
        """Keep what the code is written from; `whole` is the maker of the query that this one is a statement of."""
        self.query = query
        self.adapter = adapter
        self.dialect = dialect
        self.validate = validate
        self.encoder: Encoder = Encoder(
            query.full_name, query.params, dialect, whole=whole.encoder if whole is not None else None
        )
        self.maker: RowMaker | None = None
        if whole is not None:
            self.maker = whole.maker
        elif query.operation not in {"!", "*!"}:
            self.maker = RowMaker(query.full_name, query.returns, dialect, validate=validate)

    def member(self) -> Any:
        """Return what stands on the namespace class: a plain function is the cheapest thing to call."""
        if self.query.operation == "":
            members = {**self._members(), "__call__": self.function}
            return _Descriptor(type("RowsQuery", (RowsQuery,), members), self.query.name)
        if self.query.operation == "*!":
            return _Descriptor(type("ManyQuery", (ManyQuery,), self._members()), self.query.name)
        function: Any = self.function
        function.query = self.query
        function.call = self.call
        return function

    def _members(self) -> dict[str, Any]:
        return {"__slots__": (), "__doc__": self.query.doc, "maker": self, "query": self.query}

    @cached_property
    def encode(self) -> Callable[..., tuple[Any, ...]]:
        """Turns keyword arguments into the parameter tuple."""
        return self.encoder.one()

    @cached_property
    def encode_rows(self) -> Callable[[Iterable[Mapping[str, Any]]], list[Params]]:
        """Turns rows of arguments into parameter tuples."""
        return self.encoder.many()

    @cached_property
    def make_all(self) -> Callable[[Sequence[Row]], list[Any]]:
        """Turns rows into DTOs or values."""
        return self.maker.all() if self.maker is not None else list

    def call(self, *args: Any, **arguments: Any) -> PreparedCall[Any]:
        """Check and encode the arguments for a pipeline; raises what the call itself would."""
        maker, params = self.prepared(*args, **arguments)
        return PreparedCall(maker.query, params, self.finish)

    def prepared(self, *args: Any, **arguments: Any) -> tuple[CallMaker, Params]:
        """Check and encode the arguments; give the maker of the statement to run, too."""
        return self, self.encode(*args, **arguments)

    def finish(self, rows: list[Row]) -> Any:
        """Turn all rows of a pipelined statement into the typed result."""
        operation = self.query.operation
        if operation == "":
            return self.make_all(rows)
        if operation == "^":
            return self.make_all(rows[:1])[0] if rows else None
        if operation == "$":
            return self.make_all(rows[:1])[0] if rows else self.no_row()
        return None

    def no_row(self) -> None:
        """Return None for an optional value; raises TypedSqlError if the query promises one."""
        value = self.query.returns.value
        if value is not None and not value.optional:
            message = f"{self.query.full_name} gave no row: a value that may be missing is annotated {value}?"
            raise TypedSqlError(message)

    @cached_property
    def function(self) -> Callable[..., Any]:
        """The call itself: check, encode, borrow a session, run through aiosql, give back, make the result."""
        source, scope = Source(), Scope()
        name = self.query.name
        source.open(f"def {name}(_self, {self.encoder.signature}):")
        values = self.encoder.write(source, scope)
        run = scope.name("run", self.query.run)
        source.add("_source = _self._source", f"_session = _source.acquire(write={self.query.writes})")
        source.open("try:")
        source.add(f"_rows = {run}(_session{', ' if values else ''}{values})")
        source.close()
        source.open("except BaseException:")
        source.add("_source.release(_session, failed=True)", "raise")
        source.close()
        source.add("_source.release(_session, failed=False)")
        self._write_result(source, scope)
        function = source.build(name, f"query {self.query.full_name}", scope)
        function.__doc__ = self.query.doc
        function.__qualname__ = self.query.full_name
        return function

    def _write_result(self, source: Source, scope: Scope) -> None:
        if self.maker is None:
            if self.query.returns.value is not None:
                source.add("return _rows")
            return
        if self.query.operation == "":
            self.maker.write_list(source, scope)
            source.add("return _result")
            return
        source.open("if _rows is None:")
        source.add("return None" if self.query.operation == "^" else f"return {scope.name('no_row', self.no_row)}()")
        source.close()
        inner = Source()
        target = self.maker.write(inner, scope)
        source.open("try:")
        source.add(f"{target}= _rows", *inner.lines)
        source.close()
        self.maker.write_misfit(source, scope, "[_rows]")
        if self.query.operation == "$" and not self._may_be_null():
            source.open("if _made is None:")
            source.add(f"{scope.name('no_row', self.no_row)}()")
            source.close()
        source.add("return _made")

    def _may_be_null(self) -> bool:
        value = self.query.returns.value
        return value is None or value.optional


class _Descriptor:
    """Binds a query object to a namespace on first use and leaves it there."""

    def __init__(self, cls: type[RowsQuery | ManyQuery], name: str) -> None:
        self._cls = cls
        self._name = name

    def __get__(self, namespace: Namespace | None, owner: type) -> Any:
        if namespace is None:
            return self
        bound = self._cls(namespace.__dict__["_source"])
        # The descriptor sets nothing itself, so the namespace's own entry wins from now on.
        namespace.__dict__[self._name] = bound
        return bound


class RowsQuery:
    """A bound query that gives rows: call it for a list, `.stream(…)` for a result too large to hold."""

    __slots__ = ("_source",)
    maker: CallMaker
    query: Query

    def __init__(self, source: SessionSource) -> None:
        """Keep the source of sessions."""
        self._source = source

    def call(self, *args: Any, **arguments: Any) -> PreparedCall[list[Any]]:
        """Check and encode the arguments for a pipeline."""
        return self.maker.call(*args, **arguments)

    def stream(self, /, *args: Any, size: int = 1000, **arguments: Any) -> Iterator[Any]:
        """Yield the rows one by one, read in batches of `size`; arguments are checked at once, not at the first row.

        The session stays borrowed until the iterator is used up or closed.
        """
        if type(size) is not int or size < 1 or any(param.name == "size" for param in self.query.params):
            message = f"{self.query.full_name}: stream(size=…) takes a batch size of 1 or more, as no parameter does"
            raise TypedSqlError(message)
        return self._stream(*self.maker.prepared(*args, **arguments), size)

    def _stream(self, maker: CallMaker, params: Params, size: int) -> Iterator[Any]:
        session = self._source.acquire(write=self.query.writes)
        failed = True
        try:
            for rows in maker.adapter.stream(session, maker.query.sql, params, size=size):
                yield from maker.make_all(rows)
            failed = False
        except GeneratorExit:
            failed = False
            raise
        finally:
            self._source.release(session, failed=failed)


class ManyQuery:
    """A bound query that runs once per row of arguments: call it with an iterable of mappings."""

    __slots__ = ("_source",)
    maker: CallMaker
    query: Query

    def __init__(self, source: SessionSource) -> None:
        """Keep the source of sessions."""
        self._source = source

    def __call__(self, rows: Iterable[Mapping[str, Any]]) -> int | None:
        """Run the statement for each row and return the number of affected rows, None with `@returns: none`.

        Every row is checked and encoded before the first is sent, so feed millions in parts.
        """
        encoded = self.maker.encode_rows(rows)
        source = self._source
        session = source.acquire(write=True)
        try:
            count: int = self.query.run(session, encoded)
        except BaseException:
            source.release(session, failed=True)
            raise
        source.release(session, failed=False)
        return count if self.query.returns.value is not None else None

    def many(self, rows: Iterable[Mapping[str, Any]]) -> int | None:
        """Do the same as calling the query."""
        return self(rows)

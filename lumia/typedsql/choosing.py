"""What a bound query with markers is when it is called: a function that picks the statement, then that one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from lumia.errors import TypedSqlError
from lumia.typedsql.calls import CallMaker
from lumia.typedsql.codegen import Scope, Source
from lumia.typedsql.encoders import MISSING
from lumia.typedsql.session import Params
from lumia.typedsql.unset import UNSET

__all__ = ["ChoosingMaker"]


class ChoosingMaker(CallMaker):
    """Compiles a query with markers: each of its statements once, when it is first asked for."""

    @cached_property
    def _makers(self) -> dict[tuple[Any, ...], CallMaker]:
        # By what is given, and the order. Only statements that exist come in, so their number is its bound. Two threads
        # that ask for the same one at once compile it twice and keep one: no lock is needed.
        return {}

    @cached_property
    def function(self) -> Callable[..., Any]:
        """The call itself: choose the statement by what is given, then do what its own function does."""
        function = self._picker(self.query.name, "_self, ", "_maker.function(_self, {names})")
        function.__doc__ = self.query.doc
        function.__qualname__ = self.query.full_name
        return function

    @cached_property
    def _prepare(self) -> Callable[..., tuple[CallMaker, Params]]:
        return self._picker("prepare", "", "_maker, _maker.encode({names})")

    def prepared(self, *args: Any, **arguments: Any) -> tuple[CallMaker, Params]:
        """Choose the statement, check and encode the arguments; give its maker, too."""
        return self._prepare(*args, **arguments)

    def _picker(self, name: str, first: str, then: str) -> Callable[..., Any]:
        """Compile a function of all arguments that finds the maker of their statement and returns `then`."""
        source, scope = Source(), Scope()
        unset, makers = scope.name("unset", UNSET), scope.name("makers", self._makers)
        scope.name("missing", MISSING)
        query = self.query
        names = [param.name for param in query.params]
        arguments = [f"{name}={unset if name in query.optional else '_missing'}" for name in names]
        arguments += [f"order={query.orders[0]!r}"] if query.orders else []
        given = "".join(f"{name} is not {unset}, " for name in query.optional)
        # Another type may have no hash, or compare in its own way.
        strange = f" or order.__class__ is not {scope.name('str', str)}" if query.orders else ""
        order = "order" if query.orders else "None"
        slashed = f"{first}/, " if first else ""
        source.open(f"def {name}({slashed}{''.join(f'{part}, ' for part in ['*_args', *arguments])}**_extra):")
        source.add(f"_maker = None if _args or _extra{strange} else {makers}.get(({given}{order}))")
        source.open("if _maker is None:")
        source.add(f"_maker = {scope.name('choose', self._choose)}(_args, _extra, ({given}), {order})")
        source.close()
        source.add(f"return {then.format(names=', '.join(names))}")
        return source.build(name, f"choice of {query.full_name}", scope)

    def _choose(
        self, args: tuple[Any, ...], extra: Mapping[str, Any], given: tuple[bool, ...], order: object
    ) -> CallMaker:
        """Make the maker of a statement that is asked for the first time, or say why there is none."""
        query = self.query
        self.encoder.admit_names(args, extra, self._takes())
        if query.orders and not (isinstance(order, str) and order in query.orders):
            message = f"{query.full_name}: argument order is one of {', '.join(query.orders)}"
            raise TypedSqlError(message)
        names = [name for name, is_given in zip(query.optional, given, strict=True) if is_given]
        label = next((label for label in query.orders if label == order), None)
        key = (*given, label)
        if key not in self._makers:
            statement = query.variant(names, label)
            maker = CallMaker(statement, self.adapter, self.dialect, validate=self.validate, whole=self)
            self._makers.setdefault(key, maker)
        return self._makers[key]

    def _takes(self) -> str:
        optional = self.query.optional
        names = [f"{param.name}{' (optional)' * (param.name in optional)}" for param in self.query.params]
        return ", ".join([*names, *(["order"] if self.query.orders else [])]) or "no arguments"

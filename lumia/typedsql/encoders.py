"""Parameter encoders: generated code that checks names and types of the arguments and puts them into a tuple."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from lumia.errors import InvalidValue, TypedSqlError
from lumia.typedsql.annotations import Param
from lumia.typedsql.codegen import Scope, Source
from lumia.typedsql.dialects import Dialect
from lumia.typedsql.session import Params
from lumia.typedsql.unset import UNSET
from lumia.typedsql.values import accepts, admit

__all__ = ["MISSING", "Encoder"]

MISSING: Final = object()
"""Stands for an argument that the caller left out; no parameter's type accepts it."""


class Encoder:
    """Writes the part of a call that turns keyword arguments into the statement's parameters."""

    def __init__(self, name: str, params: tuple[Param, ...], dialect: Dialect, *, whole: Encoder | None = None) -> None:
        """Keep what the code is written from; `name` is the query's full name and stands in errors.

        `whole` is the encoder of the query that these parameters are one statement's of.
        """
        self.name = name
        self.params = params
        self.dialect = dialect
        self.whole = whole

    @property
    def signature(self) -> str:
        """The generated function's own arguments: keywords alone, everything else is caught and refused by name.

        For one statement of several they are all parameters of the query by position: whoever chose it has sorted them.
        """
        if self.whole is not None:
            return ", ".join(param.name for param in self.whole.params)
        names = "".join(f", {param.name}=_missing" for param in self.params)
        return f"/, *_args{names}, **_extra"

    def write(self, source: Source, scope: Scope) -> str:
        """Append the checks and conversions; return the parameter values as a comma-separated expression list.

        The arguments stay on the fast path as long as they have the exact type; the slow path converts or raises.
        """
        scope.name("missing", MISSING)
        names = "".join(f"{param.name}, " for param in self.params)
        tests = [f"({accepts(param.type, param.name, scope)})" for param in self.params]
        others = ["_args", "_extra"] if self.whole is None else []
        slow = f"{scope.name('admit', self.admit)}({'_args, _extra' if others else '(), {}'}, ({names}))"
        if others or tests:
            source.open(f"if {' or '.join([*others, *(f'not {test}' for test in tests)])}:")
            source.add(f"{names}= {slow}" if names else slow)
            source.close()
        values = [self.dialect.encoded(param.type, param.name, scope) for param in self.params]
        if not any(param.type.kind in {"money", "rate"} for param in self.params):
            return ", ".join(values)
        source.open("try:")
        source.add(f"{names}= {''.join(f'{value}, ' for value in values)}")
        source.close()
        source.open("except (ValueError, ArithmeticError):")
        source.add(slow, "raise")
        source.close()
        return ", ".join(param.name for param in self.params)

    def admit(self, args: tuple[Any, ...], extra: Mapping[str, Any], values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Check the arguments of a call one by one and return them in the form that encodes.

        Raises TypedSqlError for wrong, missing or positional arguments and wrong types, InvalidValue for a value out
        of its type's range; both name query and parameter, never the value.
        """
        takes = ", ".join(param.name for param in self.params) or "no arguments"
        self.admit_names(args, extra, takes)
        left_out = [param.name for param, value in zip(self.params, values, strict=True) if value is MISSING]
        if left_out:
            message = f"{self.name} misses {', '.join(left_out)}; it takes: {takes}"
            raise TypedSqlError(message)
        return tuple(self._admit(param, value) for param, value in zip(self.params, values, strict=True))

    def admit_names(self, args: tuple[Any, ...], extra: Mapping[str, Any], takes: str) -> None:
        """Raise TypedSqlError for arguments by position and for names that nothing has; `takes` says what there is."""
        if args:
            message = f"{self.name} takes keyword arguments only: {takes}"
            raise TypedSqlError(message)
        if extra:
            message = f"{self.name} has no parameter {', '.join(sorted(extra))}; it takes: {takes}"
            raise TypedSqlError(message)

    def _admit(self, param: Param, value: Any) -> Any:
        if value is UNSET:
            message = (
                f"{self.name}: parameter {param.name} is required: give a value, UNSET leaves out optional ones only"
            )
            raise TypedSqlError(message)
        try:
            return admit(param.type, value)
        except TypeError as error:
            message = f"{self.name}: parameter {param.name} {error}"
            raise TypedSqlError(message) from None
        except ValueError as error:
            message = f"{self.name}: parameter {param.name}: {error}"
            raise InvalidValue(message) from None

    def one(self) -> Callable[..., tuple[Any, ...]]:
        """Compile the function that turns keyword arguments into the parameter tuple."""
        source, scope = Source(), Scope()
        source.open(f"def encode({self.signature.removeprefix('/, ')}):")
        values = self.write(source, scope)
        source.add(f"return ({values}{',' if values else ''})")
        return source.build("encode", f"encoder of {self.name}", scope)

    def many(self) -> Callable[[Iterable[Mapping[str, Any]]], list[Params]]:
        """Compile the function that turns rows of arguments into parameter tuples, all before the first is sent."""
        encode = self.one()
        name = self.name

        def encode_rows(rows: Iterable[Mapping[str, Any]]) -> list[Params]:
            try:
                return [encode(**row) for row in rows]
            except TypeError:
                message = f"{name} takes an iterable of mappings from parameter names to values"
                raise TypedSqlError(message) from None

        return encode_rows

"""Row makers: generated code that builds frozen DTOs from tuples without validation, and `compose` for richer ones."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final, TypeVar, cast

from pydantic import BaseModel, ValidationError

from lumia.errors import TypedSqlError
from lumia.typedsql.annotations import Returns
from lumia.typedsql.codegen import Scope, Source
from lumia.typedsql.dialects import Dialect
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.registry import Column, RowShape
from lumia.typedsql.session import Row

__all__ = ["MISFITS", "Composer", "RowMaker", "compose", "validates_rows"]

ModelT = TypeVar("ModelT", bound=BaseModel)

MISFITS: Final = (TypeError, ValueError, KeyError, ArithmeticError, AttributeError)
"""What decoding raises for a value that is not of its column's type."""

# The slots' own setters: a frozen model refuses its __setattr__, and these are the fastest way past it.
_SLOTS: Final[dict[str, Callable[[Any, Any], None]]] = {
    name: vars(BaseModel)[name].__set__
    for name in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
}
_set_dict: Final = _SLOTS["__dict__"]
_set_fields: Final = _SLOTS["__pydantic_fields_set__"]
_set_extra: Final = _SLOTS["__pydantic_extra__"]
_set_private: Final = _SLOTS["__pydantic_private__"]


def validates_rows() -> bool:
    """Tell whether every row is to be validated as well: LUMIA_VALIDATE_ROWS is 1."""
    return os.environ.get("LUMIA_VALIDATE_ROWS") == "1"


class RowMaker:
    """Writes the part of a call that turns the driver's tuples into DTOs or plain values."""

    def __init__(self, name: str, returns: Returns, dialect: Dialect, *, validate: bool) -> None:
        """Keep what the code is written from; `name` is the query's full name and stands in errors."""
        self.name = name
        self.shape: RowShape | None = returns.shape
        self.dialect = dialect
        self.validate = validate
        # One value is a row of one column, whose name no DTO gives.
        self.columns = (
            returns.shape.columns if returns.shape else (Column("value", cast("LogicalType", returns.value)),)
        )

    def write(self, source: Source, scope: Scope) -> str:
        """Append the code that makes `_made` from the columns' variables; return the target that unpacks a row."""
        decoded = [self.dialect.decoded(column.type, f"_c{i}", scope) for i, column in enumerate(self.columns)]
        if self.shape is None:
            source.add(f"_made = {decoded[0]}")
            if self.validate:
                source.add(f"{scope.name('check_value', self.check_value)}(_made)")
        else:
            pairs = ", ".join(f"{c.name!r}: {value}" for c, value in zip(self.columns, decoded, strict=True))
            new, cls = scope.name("new", object.__new__), scope.name("dto", self.shape.dto)
            fields = scope.name("fields", set(self.shape.dto.model_fields))
            source.add(
                f"_made = {new}({cls})",
                f"{scope.name('set_dict', _set_dict)}(_made, {{{pairs}}})",
                f"{scope.name('set_fields', _set_fields)}(_made, {fields})",
                f"{scope.name('set_extra', _set_extra)}(_made, None)",
                f"{scope.name('set_private', _set_private)}(_made, None)",
            )
            if self.validate:
                source.add(f"{scope.name('check_dto', self.check_dto)}(_made)")
        return "".join(f"_c{i}, " for i in range(len(self.columns)))

    def all(self) -> Callable[[Sequence[Row]], list[Any]]:
        """Compile the function that turns rows into a list."""
        source, scope = Source(), Scope()
        source.open("def make_all(_rows):")
        self.write_list(source, scope)
        source.add("return _result")
        return source.build("make_all", f"row maker of {self.name}", scope)

    def write_list(self, source: Source, scope: Scope) -> None:
        """Append the code that makes the list `_result` from `_rows`."""
        inner = Source()
        target = self.write(inner, scope)
        source.add("_result = []", "_append = _result.append")
        source.open("try:")
        source.open(f"for {target}in _rows:")
        source.add(*inner.lines, "_append(_made)")
        source.close()
        source.close()
        self.write_misfit(source, scope, "_rows")

    def write_misfit(self, source: Source, scope: Scope, rows: str) -> None:
        """Append the handler that explains which column does not fit."""
        source.open(f"except {scope.name('misfits', MISFITS)}:")
        source.add(f"raise {scope.name('misfit', self.misfit)}({rows}) from None")
        source.close()

    def misfit(self, rows: Sequence[Row]) -> TypedSqlError:
        """Find the first value that does not fit its column and say which column that is, without the value."""
        wanted = ", ".join(column.name for column in self.columns)
        for row in rows:
            if len(row) != len(self.columns):
                message = f"{self.name}: a row has {len(row)} columns, not {len(self.columns)} ({wanted})"
                return TypedSqlError(message)
            for column, value in zip(self.columns, row, strict=True):
                try:
                    self._decoder(column)(value)
                except MISFITS:
                    kind = type(value).__name__
                    message = f"{self.name}: column {column.name} holds a {kind} that is no {column.type}"
                    return TypedSqlError(message)
        return TypedSqlError(f"{self.name}: a row does not fit its columns ({wanted})")

    def _decoder(self, column: Column) -> Callable[[Any], Any]:
        source, scope = Source(), Scope()
        source.open("def decode(_c0):")
        source.add(f"return {self.dialect.decoded(column.type, '_c0', scope)}")
        return source.build("decode", f"column {column.name} of {self.name}", scope)

    def check_dto(self, made: BaseModel) -> None:
        """Validate a made row strictly; raises TypedSqlError if the DTO refuses or changes a value."""
        _check(made, self.name)

    def check_value(self, made: object) -> None:
        """Check a plain value's class; raises TypedSqlError."""
        logical = self.columns[0].type
        if not _fits(logical, made):
            message = f"{self.name}: the value is a {type(made).__name__}, not {logical}"
            raise TypedSqlError(message)


def _fits(logical: LogicalType, value: object) -> bool:
    if value is None:
        return logical.optional
    if logical.array:
        return type(value) is tuple and all(_fits(logical.element, item) for item in cast("tuple[object, ...]", value))
    return type(value) is logical.python_class


def _check(made: BaseModel, name: str) -> None:
    cls = type(made)
    try:
        validated = cls.model_validate(dict(made), strict=True)
    except ValidationError as error:
        places = ", ".join(
            f"{'.'.join(str(part) for part in entry['loc'])} ({entry['type']})"
            for entry in error.errors(include_url=False, include_context=False, include_input=False)
        )
        message = f"{name}: a row is no valid {cls.__name__}: {places}"
        raise TypedSqlError(message) from None
    if validated != made:
        changed = ", ".join(field for field, value in dict(validated).items() if value != getattr(made, field))
        message = f"{name}: {cls.__name__} would change a row's {changed} when it validates it"
        raise TypedSqlError(message)


class Composer:
    """Builds DTOs of one class from a flat DTO and more fields, without validation."""

    def __init__(self, cls: type[BaseModel], *, validate: bool) -> None:
        """Keep the class; `validate` checks each result strictly as well."""
        self._cls = cls
        self._names = tuple(cls.model_fields)
        self._fields = set(self._names)
        self._validate = validate

    def __call__(self, base: BaseModel, more: dict[str, Any]) -> BaseModel:
        """Return the DTO; raises TypedSqlError if base and more together are not exactly its fields."""
        values = {**base.__dict__, **more}
        if values.keys() != self._fields:
            message = (
                f"{self._cls.__name__} cannot be composed: missing {sorted(self._fields - values.keys())}, "
                f"unknown {sorted(values.keys() - self._fields)}"
            )
            raise TypedSqlError(message)
        made = object.__new__(self._cls)
        _set_dict(made, {name: values[name] for name in self._names})
        _set_fields(made, self._fields)
        _set_extra(made, None)
        _set_private(made, None)
        if self._validate:
            _check(made, "compose")
        return made


@cache
def _composer(cls: type[BaseModel]) -> Composer:
    return Composer(cls, validate=validates_rows())


def compose(cls: type[ModelT], base: BaseModel, **more: Any) -> ModelT:
    """Build a `cls` from a flat DTO's fields and more of them, such as a list of items that another query read.

    The values are trusted, because rows are; with LUMIA_VALIDATE_ROWS=1 at the class's first use they are validated
    strictly as well. Raises TypedSqlError if the fields together are not exactly those of `cls`.
    """
    return cast("ModelT", _composer(cls)(base, more))

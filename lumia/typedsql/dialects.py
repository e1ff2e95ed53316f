"""What differs between engines inside typed SQL: placeholders, casts, and how a value is written and read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lumia.typedsql.annotations import Param
from lumia.typedsql.codegen import Scope
from lumia.typedsql.logical import LogicalType

__all__ = ["Dialect", "Write"]

Write = Callable[[LogicalType, str, Scope], str]
"""Writes a Python expression for a value of a logical type that is not NULL, held by a variable."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One engine's table of placeholders, encoders and decoders; `name` is also the file suffix `x.<name>.sql`.

    `placeholder(number, type)` writes the n-th placeholder, with the cast that it needs; `bare(number)` without one.
    `encode` and `decode` write expressions that turn a Python value into the driver's and back. The variable itself
    as the answer means that nothing is to be done.
    """

    name: str
    placeholder: Callable[[int, LogicalType], str]
    bare: Callable[[int], str]
    encode: Write
    decode: Write

    def render(self, pieces: Sequence[str], params: Sequence[Param], *, casts: bool = True) -> str:
        """Put the pieces of a statement together: SQL text and, at every other place, a parameter's name."""
        spelt = {
            param.name: self.placeholder(number, param.type) if casts else self.bare(number)
            for number, param in enumerate(params, 1)
        }
        return "".join(spelt[piece] if index % 2 else piece for index, piece in enumerate(pieces))

    def encoded(self, logical: LogicalType, variable: str, scope: Scope) -> str:
        """Write the expression that encodes a value that may be None."""
        return _optional(logical, variable, self.encode(logical, variable, scope))

    def decoded(self, logical: LogicalType, variable: str, scope: Scope) -> str:
        """Write the expression that decodes a value that may be NULL."""
        return _optional(logical, variable, self.decode(logical, variable, scope))


def _optional(logical: LogicalType, variable: str, expression: str) -> str:
    if not logical.optional or expression == variable:
        return expression
    return f"(None if {variable} is None else {expression})"

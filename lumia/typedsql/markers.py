"""What the markers at the end of a line say: when the line stands, and which orders rows may come in."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

__all__ = ["Condition", "Ordering", "Term", "parse_condition", "parse_ordering"]

_TERM: Final = re.compile(
    r"(?P<column>[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?)(?:\s+(?P<way>ASC|DESC))?(?:\s+NULLS\s+(?P<nulls>FIRST|LAST))?"
)
_ORDER_BY: Final = re.compile(r"(?P<margin>\s*)ORDER BY\s+(?P<terms>.*\S)\s*")


@dataclass(frozen=True, slots=True)
class Condition:
    """When a line with `--@if` stands: every one of `names` is given, and the order is one of `orders` if it has any.

    `binds` are the parameters that the line itself uses; `line` is the line of the file.
    """

    line: int
    names: tuple[str, ...]
    orders: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()

    def holds(self, given: Collection[str], order: str | None) -> bool:
        """Whether the line stands in a statement."""
        return self.suits(order) and all(name in given for name in self.names)

    def suits(self, order: str | None) -> bool:
        """Whether the line can stand in an order at all."""
        return not self.orders or order in self.orders


@dataclass(frozen=True, slots=True)
class Term:
    """One term of an ORDER BY line; `nulls` is FIRST, LAST or empty."""

    column: str
    descends: bool
    nulls: str

    @property
    def name(self) -> str:
        """The column without the table's name."""
        return self.column.rpartition(".")[2]

    @property
    def label(self) -> str:
        """The label of an order that begins with this term."""
        return f"-{self.name}" if self.descends else self.name

    def write(self, *, flipped: bool) -> str:
        """Write the term, the other way round if `flipped`; where NULL comes is left as it is."""
        way = " DESC" if self.descends != flipped else ""
        return f"{self.column}{way}{f' NULLS {self.nulls}' if self.nulls else ''}"


@dataclass(frozen=True, slots=True)
class Ordering:
    """The line with `--@order`: its labels, the default first, and the terms that it is written with."""

    line: int
    labels: tuple[str, ...]
    margin: str
    terms: tuple[Term, ...]

    def write(self, label: str) -> str:
        """Write the line for a label; the terms behind the first turn round with it, and none is there twice."""
        first, *ties = self.terms
        name, descends = label.removeprefix("-"), label.startswith("-")
        asked = next((term for term in self.terms if term.name == name), Term(name, descends, first.nulls))
        head = Term(asked.column, descends, asked.nulls)
        rest = [tie.write(flipped=descends != first.descends) for tie in ties if tie.column != head.column]
        return f"{self.margin}ORDER BY {', '.join([head.write(flipped=False), *rest])}"


def parse_condition(marker: str, line: int) -> Condition:
    """Take `--@if a, b for x|-x` apart; the lexer has checked its form."""
    names, _, labels = marker.removeprefix("--@if ").partition(" for ")
    return Condition(line, tuple(names.split(", ")), tuple(labels.split("|")) if labels else ())


def parse_ordering(marker: str, line: int, text: str) -> Ordering | None:
    """Take `--@order a|-b` and its line apart; None if the line is no ORDER BY of plain columns."""
    found = _ORDER_BY.fullmatch(text)
    terms = [_TERM.fullmatch(term.strip()) for term in found["terms"].split(",")] if found else []
    if found is None or None in terms:
        return None
    return Ordering(
        line,
        tuple(marker.removeprefix("--@order ").split("|")),
        found["margin"],
        tuple(Term(term["column"], term["way"] == "DESC", term["nulls"] or "") for term in terms if term is not None),
    )

"""What a check of query files says: findings with file, line and remedy, and the figures of the folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["CheckReport", "Finding"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong: where, in which query (empty for a whole file), and a sentence that says how to mend it.

    `engine` is the engine that refuses, or empty if neither was needed to see it.
    """

    path: str
    line: int
    query: str
    message: str
    engine: str = ""

    def __str__(self) -> str:
        """Write it as compilers do: `file:line: query: message`."""
        name = f"{self.query}: " if self.query else ""
        return f"{self.path}:{self.line}: {name}{self.message}"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The outcome of a check.

    `queries` counts names, `portable` those that are one text on both engines, `overrides` those in a pair of
    override files, `single` those that exist on one engine only. `engines` names those that the queries were proven on.

    `variants` counts the statements that were proven, each on every engine it is for. Of the result columns,
    `claims` may not be NULL; `asserted` of these by `@column name!`, the others by proof; the probe refuted
    `refuted`, and saw rows of `probed` queries; `unseen` names those that give rows and never gave it one, of which
    nothing is refuted. `described` is what each engine said of each query, for the contract. `seconds` tells how long
    each part took.
    """

    findings: tuple[Finding, ...]
    queries: int
    portable: int
    overrides: int
    single: int
    engines: tuple[str, ...]
    variants: int = 0
    claims: int = 0
    asserted: int = 0
    refuted: int = 0
    probed: int = 0
    unseen: tuple[str, ...] = ()
    described: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(
        default_factory=dict[str, Mapping[str, Mapping[str, Any]]], compare=False
    )
    seconds: Mapping[str, float] = field(default_factory=dict[str, float], compare=False)

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def portable_share(self) -> float:
        """The share of names that are portable, between 0 and 1; 1 for an empty folder."""
        return self.portable / self.queries if self.queries else 1.0

"""Holds what the engines' plans read whole against `-- @scan: why` and the small tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from lumia.typedsql.findings import Finding
from lumia.typedsql.prove.facts import SchemaFacts
from lumia.typedsql.statement import SourceQuery
from lumia.typedsql.variants import Variant

__all__ = ["scan_findings"]


class Planner(Protocol):
    """One engine that tells what a plan reads whole."""

    name: str
    facts: SchemaFacts

    def scans(self, variant: Variant) -> frozenset[str]:
        """Name the tables."""
        ...


def scan_findings(
    work: Sequence[tuple[SourceQuery, Sequence[Variant]]], planners: Sequence[Planner]
) -> Iterator[Finding]:
    """Yield the scans that no `@scan` explains, and each `@scan` that explains none on any engine."""
    needed: set[str] = set()
    noted: dict[str, SourceQuery] = {}
    for query, variants in work:
        if query.header.scan is not None:
            noted.setdefault(query.full_name, query)
        for planner in planners:
            if query.engine not in {None, planner.name}:
                continue
            found = list(_scans(query, variants, planner))
            needed.update(finding.query for finding in found)
            if query.header.scan is None:
                yield from found
    if {planner.name for planner in planners} == {"postgresql", "sqlite"}:
        for name, query in noted.items():
            if name not in needed:
                message = "@scan is not needed: no engine's plan reads a whole table, take the line away"
                yield Finding(query.path, query.header.lines["scan"], name, message)


def _scans(query: SourceQuery, variants: Sequence[Variant], planner: Planner) -> Iterator[Finding]:
    told: set[str] = set()
    for number, variant in enumerate(variants):
        for table in sorted(planner.scans(variant) - planner.facts.small - told):
            told.add(table)
            shown = f"variant {variant.label}: " if number and variant.label else ""
            message = (
                f"{shown}the plan reads the whole table {table}: give its condition an index, or say why with "
                f"`-- @scan: why`, or `-- @small {table}: why` if it never grows"
            )
            yield Finding(query.path, _line(variant, table), query.full_name, message, planner.name)


def _line(variant: Variant, table: str) -> int:
    pattern = re.compile(rf"\b{table}\b")
    for number, text in zip(variant.lines, variant.text.split("\n"), strict=True):
        if pattern.search(text):
            return number
    return variant.lines[0]

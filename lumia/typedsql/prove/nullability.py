"""Tells of each result column of a statement whether it provably cannot be NULL, and if not, why it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lumia.typedsql.annotations import Param
from lumia.typedsql.prove.facts import SchemaFacts
from lumia.typedsql.prove.model import Context, Relation
from lumia.typedsql.prove.relations import Unprovable, context_of, parse, prove

__all__ = ["ColumnProof", "nullability", "proof_context"]


@dataclass(frozen=True, slots=True)
class ColumnProof:
    """One result column: `not_null` is a proof, `reason` says why it may be NULL (empty if it cannot)."""

    name: str
    not_null: bool
    reason: str


@lru_cache(maxsize=8)
def _views(_facts: SchemaFacts) -> dict[str, Relation]:
    return {}


def proof_context(facts: SchemaFacts, params: Sequence[Param]) -> Context:
    """Make the context in which a statement is proven; what is proven of views is kept for the next one."""
    return context_of(facts, {param.name: param.type for param in params}, _views(facts))


def nullability(text: str, facts: SchemaFacts, params: Sequence[Param]) -> tuple[ColumnProof, ...]:
    """Prove each result column of a statement, whose parameters are written `:name`.

    The facts tell the engine. A statement that cannot be proven gives no proofs at all: nothing is claimed of it.
    """
    try:
        relation = prove(parse(text, facts.engine), proof_context(facts, params))
    except (Unprovable, RecursionError):
        return ()
    return tuple(ColumnProof(column.name, not column.reason, column.reason) for column in relation.columns)

"""What a contract keeps of an engine's description: parameters and columns in words, `!` where NULL is ruled out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lumia.typedsql.prove.facts import SchemaFacts
from lumia.typedsql.prove.findings import proven_columns
from lumia.typedsql.variants import Variant

__all__ = ["Shape", "shape_of"]

Shape = Mapping[str, Sequence[str]]
"""`params` and `columns`, each in order."""


def shape_of(
    variant: Variant, facts: SchemaFacts, columns: Sequence[tuple[str, str]], params: Iterable[object] = ()
) -> Shape:
    """Put an engine's description of a statement into words: `order_id: int8!`.

    Args:
        variant: the statement.
        facts: the engine's schema, which tells where NULL is ruled out.
        columns: name and type of each result column; the type is empty where the engine tells none.
        params: the types of the parameters, where the engine tells them.
    """
    proofs = proven_columns(variant, facts) if columns else ()
    known = len(proofs) == len(columns)
    words = [
        f"{name}: {kind or 'untyped'}{'!' if known and not proofs[place].reason else ''}"
        for place, (name, kind) in enumerate(columns)
    ]
    shape: dict[str, Sequence[str]] = {"columns": words}
    types = [str(kind) for kind in params]
    if types:
        shape["params"] = types
    return shape

"""Equal results, before anything is timed: rows of the bare driver, models of the ORM and Lumia's objects compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel

from benchmarks.recording import Step

__all__ = ["same_model", "same_rows", "told"]


def told(value: Any) -> Any:
    """Read a label that a driver without a loader for its enum type gives as bytes."""
    return value.decode() if isinstance(value, bytes) else value


def same_rows(steps: Iterable[Step], answers: Sequence[Sequence[Sequence[Any]]]) -> None:
    """Assert that the bare driver got the rows that Lumia's session got for the same statements."""
    recorded: list[Any] = []
    for step in steps:
        if step.kind == "one":
            recorded.append(step.answer)
        elif step.kind == "pipeline":
            recorded.extend(step.answer)
    assert len(recorded) == len(answers)
    for place, (ours, theirs) in enumerate(zip(recorded, answers, strict=True)):
        assert [[told(value) for value in row] for row in ours] == [[told(value) for value in row] for row in theirs], (
            f"statement {place} gave the bare driver other rows"
        )


def same_model(dto: Any, entity: Any, *, but: frozenset[str] = frozenset(), path: str = "") -> None:
    """Assert that an entity has every field of a DTO with an equal value, nested ones too, but for those in `but`."""
    if isinstance(dto, BaseModel):
        for name in type(dto).model_fields:
            if name not in but:
                same_model(getattr(dto, name), getattr(entity, name), but=but, path=f"{path}.{name}")
    elif isinstance(dto, tuple):
        assert len(dto) == len(entity), f"{path}: {len(dto)} against {len(entity)}"
        for place, (mine, other) in enumerate(zip(dto, entity, strict=True)):
            same_model(mine, other, but=but, path=f"{path}[{place}]")
    else:
        assert dto == entity, f"{path}: {dto!r} against {entity!r}"

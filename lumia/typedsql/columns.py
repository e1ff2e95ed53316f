"""Compares the result columns that an engine describes with the DTO, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lumia.typedsql.registry import Column
from lumia.typedsql.statement import SourceQuery

__all__ = ["expected_columns", "name_findings"]


def expected_columns(query: SourceQuery) -> tuple[Column, ...]:
    """The columns that the query must give, in order; a plain value's column has no name of its own."""
    returns = query.returns
    if returns.shape is not None:
        return returns.shape.columns
    if returns.value is not None and query.operator not in {"!", "*!"}:
        return (Column("", returns.value),)
    return ()


def name_findings(query: SourceQuery, names: Sequence[str]) -> Iterator[str]:
    """Yield, in words, how the described columns' names and order differ from the expected ones."""
    wanted = [column.name for column in expected_columns(query)]
    if len(wanted) == 1 and not wanted[0]:
        if len(names) != 1:
            yield f"@returns: {query.returns} is one value, but the statement gives {len(names)} columns: select one"
        return
    missing = [name for name in wanted if name not in names]
    unknown = [name for name in names if name not in wanted]
    dto = query.returns
    if missing:
        yield f"{dto} needs {', '.join(missing)}, which the statement does not give: select it, or take it off the DTO"
    if unknown:
        yield f"{dto} has no {', '.join(unknown)}: name the column with AS as its field, or do not select it"
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        yield f"{', '.join(twice)} stands in the result more than once: select it once"
    if missing or unknown or twice:
        return
    for position, (name, want) in enumerate(zip(names, wanted, strict=True), 1):
        if name != want:
            yield f"column {position} is {name}, but {dto} has {want} there: select the columns in the DTO's order"
            return

"""Arguments to try a statement with: values that stand in the database, together as one row has them, and extremes."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, cast

from lumia.typedsql.annotations import Param
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.prove.facts import SchemaFacts
from lumia.typedsql.statement import SourceQuery
from lumia.typedsql.variants import Variant

__all__ = ["arguments_for"]

Sample = Mapping[str, Sequence[Mapping[str, Any]]]
"""Some rows of each table, by column; on PostgreSQL every value is text."""

# From below everything to above everything: `id > low` and `placed_at < high` let all rows through.
_EXTREMES: Final[dict[str, dict[str, tuple[Any, ...]]]] = {
    "sqlite": {
        "int": (0, 1_000_000_000, 1, -1),
        "bool": (0, 1),
        "money": (0, 10_000_000_000, -1),
        "rate": (0, 1_000_000),
        "text": ("", "\U0010ffff", "a"),
        "timestamp": ("1970-01-01T00:00:00.000000Z", "9998-12-31T23:59:59.999999Z"),
        "date": ("1970-01-01", "9998-12-31"),
        "uuid": ("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        "bytes": (b"", b"\xff" * 32),
        "json": ("{}",),
    },
    "postgresql": {
        "int": ("0", "1000000000", "1", "-1"),
        "bool": ("false", "true"),
        "money": ("0", "1000000", "-0.0001"),
        "rate": ("0", "1"),
        "text": ("", "\U0010ffff", "a"),
        "timestamp": ("1970-01-01T00:00:00Z", "9998-12-31T23:59:59.999999Z"),
        "date": ("1970-01-01", "9998-12-31"),
        "uuid": ("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        "bytes": ("\\x", "\\xff"),
        "json": ("{}",),
    },
}
_PAGE: Final = {"sqlite": 500, "postgresql": "500"}
_COMPARED: Final = (
    r"(?:\b\w+\.)?\b(\w+)\s*(=|<>|<=|>=|<|>|\bIN\b)\s*[^\s\w:]*(?:ANY\s*\(|\(SELECT \w*\.?value FROM json_each\()?:{}\b"
)


def arguments_for(
    query: SourceQuery, variant: Variant, facts: SchemaFacts, sample: Sample, tries: int
) -> Iterator[tuple[Any, ...]]:
    """Give up to `tries` tuples of arguments, the same in every run.

    The first let as many rows through as possible; the others take their values from one row of the table that has the
    most columns named like parameters, or at random from what fits by name, by comparison and by type.
    """
    rng = random.Random(query.full_name)  # noqa: S311 - not a secret
    text = variant.text
    rows = _aligned_rows(query, variant, text, sample)
    pools = {param.name: _pool(query, param, text, facts, sample) for param in variant.params}
    for number in range(tries if variant.params else 1):
        row: Mapping[str, Any] = rows[number % len(rows)] if rows else {}
        yield tuple(
            _argument(param, text, facts.engine, row, pools[param.name], rng, number) for param in variant.params
        )


def _argument(  # noqa: PLR0917 - one value takes all of them
    param: Param, text: str, engine: str, row: Mapping[str, Any], pool: Sequence[Any], rng: random.Random, number: int
) -> Any:
    if re.search(rf"\bLIMIT\s+:{param.name}\b", text):
        return _PAGE[engine]
    if param.type.array:
        picked = [] if number == 1 or not pool else list(pool) if number % 2 == 0 else [rng.choice(pool)]
        return _array(picked, engine, param.type)
    if param.type.optional and number % 3 == 2:  # noqa: PLR2004 - one in three
        return None
    extremes = _extremes(param.type, engine)
    sign = _comparison(param.name, text)
    if number % 2 == 0 and sign in {"<", "<=", ">", ">="} and extremes:
        return extremes[0] if sign[0] == ">" else extremes[min(1, len(extremes) - 1)]
    if number % 4 != 3:  # noqa: PLR2004 - one in four is left to chance
        for column in _names(param.name, text):
            if row.get(column) is not None:
                return row[column]
    return rng.choice(pool) if pool else None


def _pool(query: SourceQuery, param: Param, text: str, facts: SchemaFacts, sample: Sample) -> list[Any]:
    found: dict[Any, None] = {}
    names = _names(param.name, text)
    near = [table for table in sample if table.upper() in query.words]
    for tables in (near, list(sample)):
        for table in tables:
            for row in sample[table]:
                for column in names:
                    if row.get(column) is not None:
                        found[row[column]] = None
        if found:
            break
    for extreme in _extremes(param.type, facts.engine):
        found[extreme] = None
    return list(found)[:60]


def _names(name: str, text: str) -> list[str]:
    """Columns whose values fit: what the parameter is compared with, its own name, and its name without a prefix."""
    compared = [column for column, _ in re.findall(_COMPARED.format(name), text)]
    singular = [name[:-1]] if name.endswith("s") else []
    tails = [name.partition("_")[2]] if "_" in name else []
    return [*compared, name, *singular, *tails]


def _comparison(name: str, text: str) -> str:
    found = re.search(_COMPARED.format(name), text)
    return found[2] if found else ""


def _extremes(logical: LogicalType, engine: str) -> tuple[Any, ...]:
    if logical.kind == "enum":
        return tuple(label.value for label in cast("type[StrEnum]", logical.python_class))
    return _EXTREMES[engine][logical.kind]


def _array(items: Sequence[Any], engine: str, logical: LogicalType) -> str:
    if engine == "sqlite":
        return json.dumps([item for item in items if not isinstance(item, bytes)])
    if logical.kind in {"text", "enum", "json"}:
        return "{" + ",".join('"' + str(item).replace("\\", "\\\\").replace('"', '\\"') + '"' for item in items) + "}"
    return "{" + ",".join(f'"{item}"' for item in items) + "}"


def _aligned_rows(query: SourceQuery, variant: Variant, text: str, sample: Sample) -> Sequence[Mapping[str, Any]]:
    best: Sequence[Mapping[str, Any]] = ()
    most = 0
    for table, rows in sample.items():
        if not rows or table.upper() not in query.words:
            continue
        fits = sum(any(name in rows[0] for name in _names(param.name, text)) for param in variant.params)
        if fits > most:
            best, most = rows, fits
    return best

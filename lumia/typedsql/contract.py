"""The contract of a folder of queries: what was proven, in one file, so that whatever drifts is seen offline."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, cast

from pydantic import BaseModel

from lumia.errors import TypedSqlError
from lumia.typedsql.findings import Finding
from lumia.typedsql.logical import LogicalType
from lumia.typedsql.registry import row_shape
from lumia.typedsql.source import SourceFile
from lumia.typedsql.statement import SourceQuery
from lumia.typedsql.variants import variants_of

__all__ = ["CONTRACT", "Contract", "Described", "contract_of", "drift", "read_contract", "statement_digest"]

CONTRACT: Final = "contract.json"
"""The contract's name, in the folder of the queries."""

_FORMAT: Final = 1
_WORDS: Final = re.compile(r"'(?:[^']|'')*'|:?\w+|[<>=!|]+|[^\s\w]", re.ASCII)
_MEND: Final = "prove it and write the contract anew: lumia sql check --write"
_COUNTS: Final = frozenset({"!", "*!"})

Described = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""What the engines said: query, engine, then `params` and `columns` as lists of words."""


@dataclass(frozen=True, slots=True)
class Contract:
    """What was proven of a folder.

    `schema` holds each engine's digest of the schema, `types` every DTO, enum and model that the queries name, and
    `queries` each query by its full name: purpose, mark, parameters, result, digests of its statements, and the shapes
    that the engines described.
    """

    schema: Mapping[str, str] = field(default_factory=dict[str, str])
    types: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    queries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    def text(self) -> str:
        """Write it as its file holds it: sorted, one fact per line, so that a change is a small difference."""
        whole = {"format": _FORMAT, "schema": self.schema, "types": self.types, "queries": self.queries}
        return json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_contract(path: Path) -> Contract | None:
    """Read a contract; None if there is no such file.

    Raises TypedSqlError if the file is no contract that this version can read.
    """
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        parts = (whole["schema"], whole["types"], whole["queries"])
        if whole["format"] == _FORMAT and all(_is_table(part) for part in parts[1:]) and isinstance(parts[0], dict):
            return Contract(*parts)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        pass
    message = f"{path} is no contract of this version; {_MEND}"
    raise TypedSqlError(message)


def _is_table(part: object) -> bool:
    return isinstance(part, dict) and all(isinstance(entry, dict) for entry in cast("dict[str, object]", part).values())


def contract_of(
    files: Iterable[SourceFile], *, schema: Mapping[str, str], described: Described | None = None
) -> Contract:
    """Say what a folder of checked files promises.

    Args:
        files: as `read_folder` gives them.
        schema: each engine's digest of the schema that the queries are for.
        described: what the engines said of each query; left out, the contract has no shapes of theirs.
    """
    sources: dict[str, list[SourceQuery]] = {}
    for file in files:
        for query in file.queries:
            sources.setdefault(query.full_name, []).append(query)
    types: dict[str, dict[str, Any]] = {}
    queries: dict[str, dict[str, Any]] = {}
    for name in sorted(sources):
        _note_types(sources[name][0], types)
        queries[name] = _entry(sources[name], (described or {}).get(name, {}))
    return Contract(dict(schema), dict(sorted(types.items())), queries)


def statement_digest(query: SourceQuery) -> str:
    """Digest every statement that a query can be, without its white space and comments."""
    digest = hashlib.sha256()
    for variant in variants_of(query):
        words = _WORDS.findall(variant.text)
        digest.update("\0".join([variant.label, *words]).encode() + b"\n")
    return digest.hexdigest()[:32]


def _entry(sources: Sequence[SourceQuery], described: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    first = sources[0]
    entry: dict[str, Any] = {
        "purpose": first.header.doc.partition("\n")[0],
        "mark": first.operator,
        "params": [f"{param.name}: {param.type}" for param in first.params],
        "returns": str(first.returns),
        "statements": {source.engine or "both": statement_digest(source) for source in sources},
    }
    if getattr(first, "optional", ()):
        entry["optional"] = list(first.optional)
    if getattr(first, "orders", ()):
        entry["orders"] = list(first.orders)
    if getattr(first, "optional", ()) or getattr(first, "orders", ()):
        entry["variants"] = len(variants_of(first))
    answers = {source.engine or "both": _answers(source) for source in sources}
    if any(answers.values()):
        entry["answers"] = {engine: said for engine, said in answers.items() if said}
    if described:
        entry["described"] = {engine: dict(shape) for engine, shape in sorted(described.items())}
    return entry


def _answers(query: SourceQuery) -> list[str]:
    """The findings that the header answers: without them the proof would have failed."""
    header = query.header
    notes = {"all": header.all, "scan": header.scan, "ties": header.ties}
    return [*(tag for tag, why in notes.items() if why), *sorted(f"{entry.name}!" for entry in header.asserted)]


def _note_types(query: SourceQuery, types: dict[str, dict[str, Any]]) -> None:
    for param in query.params:
        _note_target(param.type, types)
    if query.returns.value is not None:
        _note_target(query.returns.value, types)
    if query.returns.shape is not None:
        _note_row(query.returns.shape.dto, types)


def _note_row(dto: type[BaseModel], types: dict[str, dict[str, Any]]) -> None:
    if dto.__name__ in types:
        return
    columns = row_shape(dto).columns
    types[dto.__name__] = {
        "module": dto.__module__,
        "columns": [f"{column.name}: {column.type}" for column in columns],
    }
    for column in columns:
        _note_target(column.type, types)


def _note_target(logical: LogicalType, types: dict[str, dict[str, Any]]) -> None:
    target = logical.target
    if target is None or target.__name__ in types:
        return
    entry: dict[str, Any] = {"module": target.__module__}
    if issubclass(target, StrEnum):
        entry["labels"] = [label.value for label in target]
    elif issubclass(target, BaseModel):
        schema = json.dumps(target.model_json_schema(), sort_keys=True)
        entry["schema"] = hashlib.sha256(schema.encode()).hexdigest()[:32]
    types[target.__name__] = entry


# --- drift ------------------------------------------------------------------------------------------------------------


def drift(old: Contract | None, new: Contract, folder: Path, files: Iterable[SourceFile]) -> Iterator[Finding]:
    """Yield what differs between the contract that stands in the file and what the sources say now.

    Args:
        old: what the file says; None if there is none.
        new: of the sources as they are; what it does not describe is not compared.
        folder: where the file lies.
        files: the sources, for the lines.
    """
    path = str(folder / CONTRACT)
    if old is None:
        yield Finding(path, 1, "", f"there is no contract: {_MEND}")
        return
    for engine in sorted(set(old.schema) | set(new.schema)):
        if old.schema.get(engine) != new.schema.get(engine):
            message = (
                f"the schema for {engine} is another than the queries were proven on (with --migrations, if they have "
                f"tables of their own): {_MEND}"
            )
            yield Finding(path, 1, "", message)
    for name in sorted(set(old.types) | set(new.types)):
        words = _type_drift(old.types.get(name), new.types.get(name))
        if words:
            yield Finding(path, 1, "", f"{name} {words}: {_MEND}")
    places = {query.full_name: (query.path, query.line) for file in files for query in file.queries}
    for name in sorted(set(old.queries) | set(new.queries)):
        for words in _query_drift(old.queries.get(name), new.queries.get(name)):
            where, line = places.get(name, (path, 1))
            yield Finding(where, line, name, f"{words}: {_MEND}")


def _type_drift(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> str:
    if old is None or new is None or old == new:
        return "" if old == new else "is new to the contract" if old is None else "is in the contract and used no more"
    for key in ("columns", "labels"):
        differing = sorted(set(old.get(key, ())) ^ set(new.get(key, ())))
        if differing:
            return f"changed in {', '.join(differing)}"
        if old.get(key) != new.get(key):
            return "has another order of fields"
    return "moved to another module" if old.get("module") != new.get("module") else "changed"


_FACTS: Final = {
    "mark": "the mark behind its parameters",
    "params": "its parameters",
    "returns": "its result",
    "optional": "its optional parameters",
    "orders": "its orders",
    "variants": "its variants",
    "answers": "what its header answers (@all, @scan, @ties, @column)",
    "purpose": "its purpose",
}


def _query_drift(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[str]:
    if old is None or new is None:
        yield "the query is not in the contract" if old is None else "the contract has a query that is gone"
        return
    for key, words in _FACTS.items():
        if old.get(key) != new.get(key):
            yield f"{words} changed from {_shown(old.get(key))} to {_shown(new.get(key))}"
    before, now = old.get("statements", {}), new.get("statements", {})
    for engine in sorted(set(before) | set(now)):
        if before.get(engine) != now.get(engine):
            yield f"the statement{'' if engine == 'both' else f' for {engine}'} changed"
    if "described" in new:
        for engine, shape in new["described"].items():
            if old.get("described", {}).get(engine) != shape:
                yield f"{engine} describes another shape than before"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        said = cast("dict[str, Any]", value)
        return "; ".join(f"{engine}: {_shown(words)}" for engine, words in said.items()) or "nothing"
    if isinstance(value, list):
        return f"({', '.join(str(part) for part in cast('list[object]', value))})"
    return "nothing" if value is None or value == "" else str(value)

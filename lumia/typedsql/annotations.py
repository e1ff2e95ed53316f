"""Reads a query's header: its purpose and the `-- @` lines under it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lumia.errors import QueryFileError
from lumia.typedsql.logical import LogicalType, parse_logical
from lumia.typedsql.registry import RowShape, TypeRegistry, row_shape

__all__ = ["Annotations", "Asserted", "Param", "Returns", "read_annotations"]

_TAG: Final = re.compile(r"--\s*@(?P<tag>\w*)(?P<rest>.*)")
_PARAM: Final = re.compile(r"\s+(?P<name>\w+)\s*(?::\s*(?P<type>\S.*)?)?")
_TEXT: Final = re.compile(r"\s*:\s*(?P<text>\S.*)")
_COLUMN: Final = re.compile(r"\s+(?P<name>\w+)!\s*:\s*(?P<text>\S.*)")
_TAGS: Final = "@param, @returns, @column, @differs, @only, @scan, @all and @ties"
_ONLY: Final = re.compile(r"\s+(?P<engine>\w+)\s*:\s*(?P<text>\S.*)")

ENGINES: Final = ("postgresql", "sqlite")


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: its name and logical type, and the line of its annotation."""

    name: str
    type: LogicalType
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Returns:
    """What a query gives: rows of a DTO (`shape`), plain values (`value`), or nothing (both None)."""

    shape: RowShape | None = None
    value: LogicalType | None = None
    line: int = field(default=0, compare=False)

    def __str__(self) -> str:
        """Spell it as a query file does."""
        if self.shape is not None:
            return self.shape.dto.__name__
        return "none" if self.value is None else str(self.value)


@dataclass(frozen=True, slots=True)
class Asserted:
    """A result column that is never NULL because its author says so: its name and the reason."""

    name: str
    why: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Annotations:
    """A query's header: purpose and free text, parameters in the list's order, result, and the notes for reviewers.

    `scan` is why a whole table is read, `all` why a list has no LIMIT, `ties` why no two rows tie, `asserted` which
    columns are never NULL though no rule shows it; `lines` tells in which line each note stands.
    """

    doc: str
    params: tuple[Param, ...]
    returns: Returns
    differs: str | None
    only: str | None
    scan: str | None
    all: str | None = None
    ties: str | None = None
    asserted: tuple[Asserted, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict[str, int], compare=False)


class _Header:
    """Collects the annotations of one query while its header is read line by line."""

    def __init__(self, path: str, registry: TypeRegistry) -> None:
        self.path = path
        self.registry = registry
        self.words: list[str] = []
        self.params: dict[str, Param] = {}
        self.returns: Returns | None = None
        self.notes: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.asserted: dict[str, Asserted] = {}

    def refuse(self, message: str, line: int) -> QueryFileError:
        """Make the error that names file and line."""
        return QueryFileError(message, path=self.path, line=line)

    def read(self, text: str, line: int) -> None:
        """Read one line of the header."""
        match = _TAG.fullmatch(text)
        if match is None:
            self.words.append(text.removeprefix("--").strip())
            return
        tag, rest = match["tag"], match["rest"].rstrip()
        if tag == "param":
            self.read_param(rest, line)
        elif tag == "returns":
            self.read_returns(rest, line)
        elif tag == "only":
            self.read_only(rest, line)
        elif tag == "column":
            self.read_column(rest, line)
        elif tag in {"differs", "scan", "all", "ties"}:
            self.note(tag, rest, line)
        else:
            message = f"unknown annotation @{tag}; the annotations are {_TAGS}"
            raise self.refuse(message, line)

    def read_param(self, rest: str, line: int) -> None:
        """Read `-- @param name: type`."""
        match = _PARAM.fullmatch(rest)
        if match is None:
            message = "write `-- @param name: type`"
            raise self.refuse(message, line)
        name = match["name"]
        if match["type"] is None:
            message = f"parameter {name} has no type: write `-- @param {name}: type`"
            raise self.refuse(message, line)
        if name in self.params:
            message = f"parameter {name} is annotated twice"
            raise self.refuse(message, line)
        self.params[name] = Param(name, self.read_type(match["type"], line), line)

    def read_type(self, text: str, line: int) -> LogicalType:
        """Read a type; the error names the line."""
        try:
            return parse_logical(text, self.registry.types)
        except ValueError as error:
            raise self.refuse(str(error), line) from None

    def read_returns(self, rest: str, line: int) -> None:
        """Read `-- @returns: …`."""
        match = _TEXT.fullmatch(rest)
        if match is None:
            message = "write `-- @returns: Dto`, `-- @returns: type` or `-- @returns: none`"
            raise self.refuse(message, line)
        if self.returns is not None:
            message = "@returns stands here a second time"
            raise self.refuse(message, line)
        text = match["text"]
        if text == "none":
            self.returns = Returns(line=line)
        elif text[0].isupper():
            self.returns = Returns(shape=self.read_shape(text, line), line=line)
        else:
            self.returns = Returns(value=self.read_type(text, line), line=line)

    def read_shape(self, name: str, line: int) -> RowShape:
        """Look the DTO up and take its columns."""
        dto = self.registry.dto(name)
        if dto is None:
            message = f"no DTO called `{name}` is known; write the class name of a frozen pydantic model alone"
            raise self.refuse(message, line)
        try:
            return row_shape(dto)
        except ValueError as error:
            raise self.refuse(str(error), line) from None

    def read_only(self, rest: str, line: int) -> None:
        """Read `-- @only engine: why`."""
        match = _ONLY.fullmatch(rest)
        if match is None or match["engine"] not in ENGINES:
            message = "write `-- @only postgresql: why` or `-- @only sqlite: why`"
            raise self.refuse(message, line)
        self.put("only", match["engine"], line)

    def read_column(self, rest: str, line: int) -> None:
        """Read `-- @column name!: why`."""
        match = _COLUMN.fullmatch(rest)
        if match is None:
            message = "write `-- @column name!: why it is never NULL`"
            raise self.refuse(message, line)
        name = match["name"]
        if name in self.asserted:
            message = f"column {name} is asserted twice"
            raise self.refuse(message, line)
        self.asserted[name] = Asserted(name, match["text"], line)

    def note(self, tag: str, rest: str, line: int) -> None:
        """Read a tag that is a reason alone."""
        match = _TEXT.fullmatch(rest)
        if match is None:
            message = f"@{tag} needs its reason: write `-- @{tag}: why`"
            raise self.refuse(message, line)
        self.put(tag, match["text"], line)

    def put(self, tag: str, text: str, line: int) -> None:
        """Keep a note; there is one of each."""
        if tag in self.notes:
            message = f"@{tag} stands here a second time"
            raise self.refuse(message, line)
        self.notes[tag] = text
        self.lines[tag] = line


def read_annotations(
    header: Sequence[tuple[int, str]], names: Sequence[str], path: str, line: int, registry: TypeRegistry
) -> Annotations:
    """Read the comment lines of a header, each with its line number; `names` is the query's parameter list.

    Raises QueryFileError for an unknown tag, a missing or unknown type, a parameter that the list does not name, a
    parameter without annotation, a column that is not in the result, a missing purpose and a missing @returns.
    """
    found = _Header(path, registry)
    for number, text in header:
        found.read(text, number)
    _check_names(found, names, line)
    if found.returns is None:
        message = "the result is missing: add `-- @returns: Dto`, a type or none"
        raise found.refuse(message, line)
    if not found.words or not found.words[0]:
        message = "the purpose is missing: say in one line, under the name, what the query is for"
        raise found.refuse(message, line)
    _check_asserted(found, found.returns)
    return Annotations(
        doc="\n".join(found.words).rstrip(),
        params=tuple(found.params[name] for name in names),
        returns=found.returns,
        differs=found.notes.get("differs"),
        only=found.notes.get("only"),
        scan=found.notes.get("scan"),
        all=found.notes.get("all"),
        ties=found.notes.get("ties"),
        asserted=tuple(found.asserted.values()),
        lines=found.lines,
    )


def _check_asserted(found: _Header, returns: Returns) -> None:
    for asserted in found.asserted.values():
        if returns.shape is None:
            message = f"@column {asserted.name}!: only the columns of a DTO have names; a value's type says `?` or not"
            raise found.refuse(message, asserted.line)
        column = next((column for column in returns.shape.columns if column.name == asserted.name), None)
        if column is None:
            message = f"@column {asserted.name}! is not a column of {returns}: correct the name, or take the line away"
            raise found.refuse(message, asserted.line)
        if column.type.optional:
            message = f"@column {asserted.name}!: {returns}.{asserted.name} may be None: take the line away"
            raise found.refuse(message, asserted.line)


def _check_names(found: _Header, names: Sequence[str], line: int) -> None:
    for param in found.params.values():
        if param.name not in names:
            message = f"@param {param.name} is not in the parameter list ({', '.join(names)})"
            raise found.refuse(message, param.line)
    for name in names:
        if name not in found.params:
            message = f"parameter {name} has no annotation: add `-- @param {name}: type`"
            raise found.refuse(message, line)

"""Reads a query's header: its purpose and the @param, @returns, @differs, @only and @scan lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from lumia.errors import QueryFileError
from lumia.typedsql.logical import LogicalType, parse_logical
from lumia.typedsql.registry import RowShape, TypeRegistry, row_shape

__all__ = ["Annotations", "Param", "Returns", "read_annotations"]

_TAG: Final = re.compile(r"--\s*@(?P<tag>\w*)(?P<rest>.*)")
_PARAM: Final = re.compile(r"\s+(?P<name>\w+)\s*(?::\s*(?P<type>\S.*)?)?")
_TEXT: Final = re.compile(r"\s*:\s*(?P<text>\S.*)")
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
class Annotations:
    """A query's header: purpose and free text, parameters in the list's order, result, and the notes for reviewers."""

    doc: str
    params: tuple[Param, ...]
    returns: Returns
    differs: str | None
    only: str | None
    scan: str | None


class _Header:
    """Collects the annotations of one query while its header is read line by line."""

    def __init__(self, path: str, registry: TypeRegistry) -> None:
        self.path = path
        self.registry = registry
        self.words: list[str] = []
        self.params: dict[str, Param] = {}
        self.returns: Returns | None = None
        self.notes: dict[str, str] = {}

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
        elif tag in {"differs", "scan"}:
            self.note(tag, rest, line)
        else:
            message = f"unknown annotation @{tag}; the annotations are @param, @returns, @differs, @only and @scan"
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


def read_annotations(
    header: Sequence[tuple[int, str]], names: Sequence[str], path: str, line: int, registry: TypeRegistry
) -> Annotations:
    """Read the comment lines of a header, each with its line number; `names` is the query's parameter list.

    Raises QueryFileError for an unknown tag, a missing or unknown type, a parameter that the list does not name, a
    parameter without annotation, a missing purpose and a missing @returns.
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
    return Annotations(
        doc="\n".join(found.words).rstrip(),
        params=tuple(found.params[name] for name in names),
        returns=found.returns,
        differs=found.notes.get("differs"),
        only=found.notes.get("only"),
        scan=found.notes.get("scan"),
    )


def _check_names(found: _Header, names: Sequence[str], line: int) -> None:
    for param in found.params.values():
        if param.name not in names:
            message = f"@param {param.name} is not in the parameter list ({', '.join(names)})"
            raise found.refuse(message, param.line)
    for name in names:
        if name not in found.params:
            message = f"parameter {name} has no annotation: add `-- @param {name}: type`"
            raise found.refuse(message, line)

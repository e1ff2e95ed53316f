"""Reads one query file into checked statements: name, parameters, result, and the pieces of its SQL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from keyword import iskeyword
from pathlib import Path
from typing import Final

from lumia.errors import QueryFileError
from lumia.typedsql.annotations import ENGINES, read_annotations
from lumia.typedsql.lexer import Token, check_lines, tokens_of
from lumia.typedsql.marking import with_markers
from lumia.typedsql.registry import TypeRegistry
from lumia.typedsql.statement import OPERATORS, SourceQuery, check_params, check_result

__all__ = ["SourceFile", "parse_source", "read_source"]

# What the loader underneath takes for the start of a query, wherever it stands.
_SPLITS: Final = re.compile(r"--\s*name\s*:")
_DEFINITION: Final = re.compile(r"-- name: (?P<name>\w+)(?:\((?P<params>[^()]*)\))?(?P<operator>[^\w\s()]*)", re.ASCII)
_IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9_]*")
_WORD: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_TAKEN: Final = frozenset({"pipeline"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One query file: its namespace, the engine that it is for (None means both), its text and queries."""

    namespace: str
    engine: str | None
    path: str
    text: str
    queries: tuple[SourceQuery, ...]


def read_source(path: Path, registry: TypeRegistry) -> SourceFile:
    """Read and check one query file; the file's name tells namespace and engine.

    Raises QueryFileError with file and line for everything that breaks a rule.
    """
    shown = str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        message = "the file is not UTF-8"
        raise QueryFileError(message, path=shown, line=1) from None
    return parse_source(text, shown, registry)


def parse_source(text: str, path: str, registry: TypeRegistry) -> SourceFile:
    """Check the text of one query file; `path` tells namespace and engine and stands in errors."""
    namespace, engine = _namespace(path)
    check_lines(text, path)
    lines = text.split("\n")
    starts = _starts(text, lines, path)
    _check_preamble(lines[: starts[0] if starts else len(lines)], path)
    queries = tuple(
        _query(lines[start:end], start + 1, (namespace, engine, path), registry)
        for start, end in pairwise([*starts, len(lines)])
    )
    _check_order(queries)
    return SourceFile(namespace, engine, path, text, queries)


def _namespace(path: str) -> tuple[str, str | None]:
    namespace, *engine = Path(path).name.removesuffix(".sql").split(".")
    if _IDENTIFIER.fullmatch(namespace) is None or iskeyword(namespace) or namespace in _TAKEN:
        message = f"`{namespace}` cannot be a namespace: use a lower-case word that Python and Lumia leave free"
        raise QueryFileError(message, path=path, line=1)
    if not engine:
        return namespace, None
    if len(engine) > 1 or engine[0] not in ENGINES:
        message = (
            f"unknown engine `{'.'.join(engine)}`; files are x.sql, {', '.join(f'x.{name}.sql' for name in ENGINES)}"
        )
        raise QueryFileError(message, path=path, line=1)
    return namespace, engine[0]


def _starts(text: str, lines: Sequence[str], path: str) -> list[int]:
    starts: list[int] = []
    offset = number = 0
    for match in _SPLITS.finditer(text):
        number += text.count("\n", offset, match.start())
        offset = match.start()
        if not lines[number].startswith("-- name:") or (starts and starts[-1] == number):
            message = "`-- name:` starts a query wherever it stands, also inside a comment or a string: reword it"
            raise QueryFileError(message, path=path, line=number + 1)
        starts.append(number)
    return starts


def _check_preamble(lines: Sequence[str], path: str) -> None:
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("--"):
            message = "this stands before the first `-- name:` and belongs to no query"
            raise QueryFileError(message, path=path, line=number)


def _check_order(queries: Sequence[SourceQuery]) -> None:
    for before, query in pairwise(queries):
        if query.name == before.name:
            message = f"this name stands in the file twice, first in line {before.line}: the last would win silently"
            raise query.refuse(message)
        if query.name < before.name:
            message = f"queries are sorted by name within their file: move it before {before.name}"
            raise query.refuse(message)


def _query(lines: Sequence[str], line: int, place: tuple[str, str | None, str], registry: TypeRegistry) -> SourceQuery:
    namespace, engine, path = place
    name, names, operator = _definition(lines[0], line, path)
    size = next((i for i, text in enumerate(lines[1:], 1) if not text.startswith("--")), len(lines))
    header = read_annotations([(line + i, lines[i].rstrip()) for i in range(1, size)], names, path, line, registry)
    tokens = _body(lines[size:], line + size, path, name, brackets=engine == "postgresql")
    pieces, numbers = _pieces(tokens)
    query = SourceQuery(
        namespace=namespace,
        name=name,
        operator=operator,
        header=header,
        pieces=pieces,
        path=path,
        line=line,
        engine=engine,
        lines=numbers,
        words=frozenset(
            word.upper() for token in tokens if token.kind == "plain" for word in _WORD.findall(token.text)
        ),
    )
    check_params(query, tokens)
    check_result(query)
    return with_markers(query, tokens)


def _definition(text: str, line: int, path: str) -> tuple[str, list[str], str]:
    match = _DEFINITION.fullmatch(text.rstrip())
    if match is None:
        message = "write `-- name: verb_entity(first, second)` and one of ^ $ ! *! or nothing, without types"
        raise QueryFileError(message, path=path, line=line)
    name, operator = match["name"], match["operator"]
    if operator not in OPERATORS:
        reasons = {
            "<!": "`<!` gives another table's row id on SQLite after DO NOTHING: use ^ with RETURNING",
            "#": "`#` scripts commit the open transaction on SQLite: scripts belong into migrations",
        }
        message = reasons.get(operator, f"unknown operator `{operator}`; the operators are ^ $ ! *! and none")
        raise QueryFileError(message, path=path, line=line)
    if match["params"] is None:
        message = f"the parameter list is missing: write {name}(…){operator}, or {name}(){operator} if it takes none"
        raise QueryFileError(message, path=path, line=line)
    names = [word.strip() for word in match["params"].split(",")] if match["params"].strip() else []
    for word in (name, *names):
        if _IDENTIFIER.fullmatch(word) is None or iskeyword(word):
            message = f"`{word}` is not a name: use lower-case words joined by _, no Python keyword and no type"
            raise QueryFileError(message, path=path, line=line)
    if len(set(names)) != len(names):
        message = "a parameter stands twice in the list"
        raise QueryFileError(message, path=path, line=line)
    return name, names, operator


def _body(lines: Sequence[str], line: int, path: str, name: str, *, brackets: bool) -> list[Token]:
    tokens = tokens_of("\n".join(lines), path, line, brackets=brackets)
    for token in tokens:
        if token.kind == "comment" and re.match(r"--\s*@", token.text):
            message = "annotations stand in the header, above the statement"
            raise QueryFileError(message, path=path, line=token.line)
    while tokens and tokens[-1].kind == "plain" and not tokens[-1].text.strip():
        tokens.pop()
    if not any(token.kind == "plain" and token.text.strip() for token in tokens):
        message = f"{name} has no statement"
        raise QueryFileError(message, path=path, line=line - 1)
    if tokens[-1].kind != "end":
        message = "the statement must end with `;`, and nothing may stand between it and the next query"
        last = tokens[-1].text.rstrip()
        raise QueryFileError(message, path=path, line=tokens[-1].line + last.count("\n"))
    tokens.pop()
    for token in tokens:
        if token.kind == "end":
            message = "one query is one statement: a second `;` stands here"
            raise QueryFileError(message, path=path, line=token.line)
    return tokens


def _pieces(tokens: Sequence[Token]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Put the whole statement together without comments and the blank lines that they leave; tell which lines stay."""
    # No file holds a NUL, so it can stand around the parameters' names until the lines are sorted out.
    text = "".join(
        f"\0{token.text[1:]}\0" if token.kind == "param" else token.text
        for token in tokens
        if token.kind not in {"comment", "marker"}
    )
    first = tokens[0].line
    kept = [(number, line) for number, line in enumerate(text.split("\n"), first) if line.strip()]
    pieces = "\n".join(line.rstrip() for _, line in kept).strip().split("\0")
    return tuple(pieces), tuple(number for number, _ in kept)

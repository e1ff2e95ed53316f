"""What a check sees in the text alone: constructs that no engine refuses and that one of them takes differently."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lumia.typedsql.findings import Finding
from lumia.typedsql.statement import SourceQuery

__all__ = ["style_findings"]

_STRINGS: Final = re.compile(r"'(?:[^']|'')*'")
_RULES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), message)
    for pattern, message in (
        (
            r"\b(?:SELECT|DISTINCT|ALL|RETURNING)\s+\*|[,.]\s*\*",
            "list the columns, one per line in the DTO's order: `*` changes with the table",
        ),
        (r"\bOFFSET\b", "page by key: OFFSET reads and throws away, and skips rows while others write"),
        (
            r"\b(?:now|datetime|clock_timestamp|statement_timestamp)\s*\(|\bCURRENT_(?:TIMESTAMP|DATE|TIME)\b",
            "time comes in as a parameter: the clock is the caller's",
        ),
        (
            r"\bREPLACE\s+INTO\b|\bINSERT\s+OR\b",
            "write ON CONFLICT … DO UPDATE or DO NOTHING: REPLACE deletes the row first and fires ON DELETE CASCADE",
        ),
        (r"\b(?:NOCASE|ILIKE|lower\s*\(|upper\s*\()", "fold case in Python: SQLite folds ASCII only"),
    )
)


def style_findings(query: SourceQuery) -> Iterator[Finding]:
    """Yield what the text alone shows to be wrong."""
    text = _STRINGS.sub("''", query.text)
    for pattern, message in _RULES:
        match = pattern.search(text)
        if match is not None:
            line = query.lines[text.count("\n", 0, match.end())]
            yield Finding(query.path, line, query.full_name, message)

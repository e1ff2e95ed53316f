"""Reads SQL text into pieces with line numbers and refuses whatever would not mean the same on both engines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from lumia.errors import QueryFileError

__all__ = ["Token", "check_lines", "tokens_of"]

# Plain SQL is one long token: what needs a look are the few characters that start something else.
_TOKEN: Final = re.compile(
    r"""
      (?P<plain>(?:[^'"`:;%$@?\[/-]|-(?!-)|/(?!\*)|@(?![A-Za-z0-9_]))+)
    | (?P<param>:[A-Za-z_]\w*)
    | (?P<string>'(?:[^']|'')*')
    | (?P<comment>--[^\n]*)
    | (?P<end>;)
    | (?P<bracket>\[)
    | (?P<block>/\*)
    | (?P<openstring>')
    | (?P<quoted>["`])
    | (?P<cast>::)
    | (?P<colon>:)
    | (?P<percent>%)
    | (?P<bind>.)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)

_NAME: Final = "[a-z][a-z0-9_]*"
_LABELS: Final = rf"-?{_NAME}(?:\|-?{_NAME})*"
_MARKER: Final = re.compile(rf"--@if {_NAME}(?:, {_NAME})*(?: for {_LABELS})?|--@order {_LABELS}")

_REFUSED: Final = {
    "block": "`/* */` is dropped without a word by the loader underneath: write whole lines that start with --",
    "openstring": "this string is never closed",
    "quoted": "quoted identifiers and backticks are refused: SQLite reads a misspelt one as a string",
    "cast": "write CAST(x AS t) instead of x::t, which SQLite does not know",
    "percent": "a literal % is refused: one driver takes it for a placeholder, the other does not",
    "bind": "`?`, `$n` and `@n` are placeholders to a driver: name a parameter with a colon",
    "colon": "a colon only starts a parameter: array slices and `: name` are refused",
}


class Token(NamedTuple):
    """A piece of SQL: its kind (plain, string, param, comment, marker, bracket, end), text and first line."""

    kind: str
    text: str
    line: int


def check_lines(text: str, path: str) -> None:
    r"""Refuse line breaks that only some readers see (\r, form feed, U+2028, …), because they shift statements."""
    lines = text.split("\n")
    if len(text.splitlines()) == len(lines) - (not lines[-1]) and "\0" not in text:
        return
    for number, line in enumerate(lines, 1):
        if len(line.splitlines()) > 1 or line.splitlines() not in ([], [line]) or "\0" in line:
            message = "this line holds a control character that some readers take for a line break"
            raise QueryFileError(message, path=path, line=number)


def tokens_of(text: str, path: str, first_line: int, *, brackets: bool) -> list[Token]:
    """Split one statement into tokens.

    `brackets` allows `[`, which only PostgreSQL reads as arrays. Raises QueryFileError with file and line for
    everything that the two engines, or the loader underneath, would read differently.
    """
    tokens: list[Token] = []
    line = first_line
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "bind"
        token = Token(kind, match[0], line)
        if kind == "plain":
            if not token.text.isascii():
                _refuse_non_ascii(token, path)
            line += token.text.count("\n")
        elif kind == "comment":
            token = _comment(token, path, whole_line=_is_line_start(tokens))
        elif kind != "end":
            before = text[match.start() - 1] if match.start() else "\n"
            refused = _REFUSED.get(kind) or _context_refusal(token, before, brackets=brackets)
            if refused is not None:
                raise QueryFileError(refused, path=path, line=line)
        tokens.append(token)
    return tokens


def _is_line_start(tokens: Sequence[Token]) -> bool:
    if not tokens:
        return True
    last = tokens[-1].text
    before = last.rstrip(" \t")
    return tokens[-1].kind == "plain" and (before.endswith("\n") or (not before and len(tokens) == 1))


def _refuse_non_ascii(token: Token, path: str) -> None:
    found = re.search(r"[^\x00-\x7f]", token.text)
    if found is not None:
        message = f"`{found[0]}` stands outside of strings and comments, where SQL is plain ASCII"
        raise QueryFileError(message, path=path, line=token.line + token.text.count("\n", 0, found.start()))


def _context_refusal(token: Token, before: str, *, brackets: bool) -> str | None:
    joined = before.isalnum() or before in "_)]'"
    if token.kind == "string":
        return _string_refusal(token, joined=joined)
    if token.kind == "param" and joined:
        return "a parameter stands apart from what is before it: array slices such as a[1:n] are refused"
    if token.kind == "bracket" and not brackets:
        return "`[` means an array to PostgreSQL and a quoted name to SQLite: write an override pair"
    return None


def _string_refusal(token: Token, *, joined: bool) -> str | None:
    if "\n" in token.text:
        return "a string must end on its line: the loader underneath strips the line's end"
    if "%" in token.text:
        return "a literal % is refused, also in strings: pass the text as a parameter"
    if joined:
        return "strings with a prefix (E'', x'', U&'') are read differently by the engines"
    return None


def _comment(token: Token, path: str, *, whole_line: bool) -> Token:
    is_marker = token.text.startswith("--@")
    if whole_line and not is_marker:
        return token
    if whole_line:
        message = "a marker stands at the end of the line that it belongs to"
        raise QueryFileError(message, path=path, line=token.line)
    if _MARKER.fullmatch(token.text.rstrip()) is None:
        message = (
            "comments are whole lines: only `--@if a, b`, `--@if a for x|-x` and `--@order x|-x` may end a line, "
            "because an apostrophe or a colon in a comment there corrupts the parameters"
        )
        raise QueryFileError(message, path=path, line=token.line)
    return Token("marker", token.text.rstrip(), token.line)

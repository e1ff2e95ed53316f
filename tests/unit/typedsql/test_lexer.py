"""SQL text: what is refused because two readers would not see the same, and what must get through untouched."""

from __future__ import annotations

import pytest

from lumia.errors import QueryFileError
from lumia.typedsql.lexer import check_lines, tokens_of


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("SELECT 1\n/* why */", 2, "`/* */` is dropped"),
        ("SELECT 'open", 1, "never closed"),
        ("SELECT 'two\nlines'", 1, "must end on its line"),
        ('SELECT "title"', 1, "quoted identifiers"),
        ("SELECT `title`", 1, "quoted identifiers"),
        ("SELECT 1\n, x::int", 2, "write CAST"),
        ("SELECT [title]", 1, "override pair"),
        ("SELECT 5 % 3", 1, "literal %"),
        ("SELECT ?", 1, "placeholders to a driver"),
        ("SELECT $1", 1, "placeholders to a driver"),
        ("SELECT $$text$$", 1, "placeholders to a driver"),
        ("SELECT @name", 1, "placeholders to a driver"),
        ("SELECT : name", 1, "a colon only starts a parameter"),
        ("SELECT 1:2", 1, "a colon only starts a parameter"),
        ("SELECT x:y", 1, "stands apart"),
        ("SELECT (x):y", 1, "stands apart"),
        ("SELECT E'\\n'", 1, "strings with a prefix"),
        ("SELECT x'00'", 1, "strings with a prefix"),
        ("SELECT größe", 1, "plain ASCII"),
        ("SELECT 1 -- why", 1, "comments are whole lines"),
        ("SELECT 1 --@if the_name: x", 1, "comments are whole lines"),
        ("SELECT 1 --@when x", 1, "comments are whole lines"),
        ("SELECT 1\n--@if title\n", 2, "stands at the end of the line"),
    ],
)
def test_text_that_readers_take_differently_is_refused(text: str, line: int, words: str) -> None:
    """Each refusal names file and line and says what to write instead."""
    with pytest.raises(QueryFileError) as caught:
        tokens_of(text, "x.sql", 1, brackets=False)

    assert caught.value.line == line
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 'it''s -- no comment, no :name; 12:30' AS a",
        '-- why it\'s so: see :x, /* and */ "y" and `z`\nSELECT 1',
        "SELECT a\n    -- indented, don't mind\n    , b",
        "SELECT a WHERE b = :b --@if b",
        "SELECT a ORDER BY a --@order a|-a|long_name",
        "SELECT (:a), CAST(:a AS int), -:a, coalesce(:a,:b)",
        "SELECT a @> b, a <@ b, a || b, a <> b",
        "SELECT '' AS empty, 1.5e3, 'größe' AS text",
    ],
)
def test_ordinary_text_comes_through_whole(text: str) -> None:
    """Tokens put together again are the text."""
    tokens = tokens_of(text, "x.sql", 1, brackets=False)

    assert "".join(token.text for token in tokens) == text


def test_only_parameters_outside_of_strings_and_comments_are_parameters() -> None:
    """A colon in a string or comment starts nothing."""
    text = "-- :a\nSELECT ':b', '12:c' AS x\nWHERE y = :d"

    tokens = tokens_of(text, "x.sql", 1, brackets=False)

    assert [(token.text, token.line) for token in tokens if token.kind == "param"] == [(":d", 3)]


def test_brackets_are_arrays_on_postgresql() -> None:
    """An override for PostgreSQL may build arrays, also of parameters; slices stay refused."""
    tokens_of("SELECT ARRAY[:a, :b], a[1]", "x.postgresql.sql", 1, brackets=True)

    with pytest.raises(QueryFileError, match="array slices"):
        tokens_of("SELECT a[1:2]", "x.postgresql.sql", 1, brackets=True)


@pytest.mark.parametrize("separator", ["\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\0"])
def test_hidden_line_breaks_are_refused(separator: str) -> None:
    """A control character that only some readers take for a line break would shift statements and line numbers."""
    with pytest.raises(QueryFileError, match=r"x\.sql:2: .*control character"):
        check_lines(f"SELECT 1\nFROM a{separator}b\n", "x.sql")

"""Markers that are refused when a file is read: each with its line, and a sentence that says what to write."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lumia.errors import QueryFileError
from lumia.typedsql import QuerySet

Load = Callable[..., QuerySet]

HEAD = """\
-- name: some({params}){mark}
-- A query.
{types}
-- @returns: {result}
"""


def file(body: str, *params: str, mark: str = "", result: str = "int") -> str:
    """A file of one query whose statement begins in the line behind the header."""
    types = "\n".join(f"-- @param {param}: int" for param in params) or "--"
    return HEAD.format(params=", ".join(params), mark=mark, types=types, result=result) + body


SELECT = "SELECT k\nFROM t\nWHERE TRUE\n"
REFUSED = [
    (
        "a marker that names no parameter",
        file(SELECT + "    AND a = :a --@if b\n;", "a"),
        (8, "`--@if b` names no parameter b: the list is (a)"),
    ),
    (
        "one of several names that is no parameter",
        file(SELECT + "    AND a = :a --@if a, b\n;", "a"),
        (8, "names no parameter b"),
    ),
    (
        "a name twice in one marker",
        file(SELECT + "    AND a = :a --@if a, a\n;", "a"),
        (8, "names a twice"),
    ),
    (
        "a parameter on a marked line that does not ask for it",
        file(SELECT + "    AND a = :a AND b = :b --@if a\n;", "a", "b"),
        (9, "parameter b is used on lines with `--@if` only, and this line does not ask for it: write `--@if a, b`"),
    ),
    (
        "an optional parameter on another marked line that does not ask for it",
        file(SELECT + "    AND a = :a --@if a\n    AND b IN (:a, :b) --@if b\n;", "a", "b"),
        (10, "parameter a is optional, and this line does not ask for it: write `--@if b, a`"),
    ),
    (
        "an optional parameter on a line that always stands",
        file(SELECT + "    AND a = :a --@if a\n    AND b > :a\n;", "a"),
        (8, "parameter a is needed in line 9, which has no `--@if a`"),
    ),
    (
        "an order on another line",
        file("SELECT k --@order k|-k\nFROM t\nORDER BY k;"),
        (5, "`--@order` stands on a whole `ORDER BY column"),
    ),
    (
        "an order of an expression",
        file("SELECT k\nFROM t\nORDER BY abs(k), k --@order k|-k\n;"),
        (7, "plain columns each, on one line"),
    ),
    (
        "an order of several lines",
        file("SELECT k\nFROM t\nORDER BY --@order k|-k\n    k\n;"),
        (7, "on one line"),
    ),
    (
        "an order that goes on in the next line",
        file("SELECT k\nFROM t\nORDER BY k --@order k|-k\n    , a\n;"),
        (7, "on one line"),
    ),
    (
        "a second order",
        file(
            "SELECT k\nFROM (\n    SELECT k FROM t\n    ORDER BY k --@order k|-k\n) AS u\nORDER BY k --@order k|-k\n;"
        ),
        (10, "stands here a second time, after line 8"),
    ),
    (
        "a first label that is not what the line says",
        file("SELECT k\nFROM t\nORDER BY k --@order -k|k\n;"),
        (7, "begin with k"),
    ),
    (
        "a first label of another column",
        file("SELECT k\nFROM t\nORDER BY t.a DESC, k --@order k|-k\n;"),
        (7, "begin with -a"),
    ),
    (
        "a label twice",
        file("SELECT k\nFROM t\nORDER BY k --@order k|-k|k\n;"),
        (7, "`--@order` lists k twice"),
    ),
    (
        "a parameter called order",
        file("SELECT k\nFROM t\nWHERE k > :order\nORDER BY k --@order k|-k\n;", "order"),
        (1, "a parameter cannot be called order beside `--@order`"),
    ),
    (
        "a condition on the order",
        file("SELECT k\nFROM t\nWHERE k > :a\nORDER BY k --@if a\n;", "a"),
        (8, "an ORDER BY line always stands"),
    ),
    (
        "a condition for an order that is not listed",
        file(SELECT + "    AND a = :a --@if a for -k|a\nORDER BY k --@order k|-k\n;", "a"),
        (8, "`for a` is no order of this query: `--@order` lists k|-k"),
    ),
    (
        "a condition for an order where there is none",
        file(SELECT + "    AND a = :a --@if a for k\nORDER BY k;", "a"),
        (8, "`for k` is no order of this query: the query has no `--@order`"),
    ),
    (
        "a condition for an order twice",
        file(SELECT + "    AND a = :a --@if a for k|k\nORDER BY k --@order k|-k\n;", "a"),
        (8, "`for` lists k twice"),
    ),
    (
        "a statement of marked lines alone",
        file("SELECT :a --@if a\n;", "a"),
        (1, "every line has an `--@if`"),
    ),
    (
        "markers where a statement runs many times",
        file("DELETE FROM t\nWHERE TRUE\n    AND a = :a --@if a\n;", "a", mark="*!"),
        (7, "`*!` runs one statement for all its rows"),
    ),
    (
        "a marker on a line without SQL",
        file(SELECT + "    AND a = :a\n  --@if a\n;", "a"),
        (9, "a marker stands at the end of the line"),
    ),
    (
        "a marker beside the end of the statement",
        file(SELECT + "    AND a = :a\n; --@if a", "a"),
        (9, "the statement must end with `;`"),
    ),
    (
        "two markers on a line",
        file(SELECT + "    AND a = :a --@if a --@if a\n;", "a"),
        (8, "comments are whole lines"),
    ),
    (
        "a condition without a name",
        file(SELECT + "    AND a = :a --@if for k\n;", "a"),
        (8, "comments are whole lines"),
    ),
]


@pytest.mark.parametrize(("text", "found"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_marker_that_breaks_a_rule_is_refused_with_its_line(load: Load, text: str, found: tuple[int, str]) -> None:
    """The error names file and line, and says what to write."""
    line, words = found

    with pytest.raises(QueryFileError) as refusal:
        load(books=text)

    assert words in str(refusal.value)
    assert (refusal.value.line, refusal.value.path.endswith("books.sql")) == (line, True)


def test_a_parameter_may_be_called_order_where_no_order_is_chosen(load: Load) -> None:
    """Nothing else wants the name there."""
    queries = load(books=file("SELECT k\nFROM t\nWHERE k > :order\nORDER BY k;", "order"))

    assert [param.name for param in queries["books.some"].params] == ["order"]


def test_a_required_parameter_may_stand_on_a_marked_line(load: Load) -> None:
    """It is there anyway, so the line need not ask for it."""
    body = SELECT + "    AND k > :least\n    AND a BETWEEN :least AND :a --@if a\n;"

    query = load(books=file(body, "least", "a"))["books.some"]

    assert (query.optional, query.orders) == (("a",), ())


PAIRS = [
    ("    AND a = :a --@if a\n    AND b = :b --@if b\n;", "    AND b = :b --@if b\n    AND :a = a\n;"),
    ("    AND a = :a --@if a\n    AND b = :b --@if b\n;", "    AND a = :a AND :b = b --@if a, b\n;"),
    (
        "    AND a = :a AND b > :b --@if a, b\nORDER BY k --@order k|-k\n;",
        "    AND a = :a AND b < :b --@if a, b\nORDER BY k --@order k|a\n;",
    ),
    (
        "    AND a = :a AND b > :b --@if a, b for k\nORDER BY k --@order k|-k\n;",
        "    AND a = :a AND b > :b --@if a, b for -k\nORDER BY k --@order k|-k\n;",
    ),
]


@pytest.mark.parametrize(("postgresql", "sqlite"), PAIRS)
def test_overrides_take_the_same_arguments(load: Load, postgresql: str, sqlite: str) -> None:
    """A call that one engine takes must not be refused on the other."""
    files = {
        f"books_{engine}": file(SELECT + body, "a", "b").replace("-- A query.", "-- A query.\n-- @differs: why")
        for engine, body in (("postgresql", postgresql), ("sqlite", sqlite))
    }

    with pytest.raises(QueryFileError, match="mark, parameters, markers and result must equal those in"):
        load(**files)


def test_overrides_may_have_their_markers_on_other_lines(load: Load) -> None:
    """What counts is which arguments go together, not how many lines an engine needs."""
    header = "-- A query.\n-- @differs: why"
    one = file(SELECT + "    AND a = :a --@if a\n;", "a").replace("-- A query.", header)
    two = file(SELECT + "    AND ( --@if a\n    a = :a --@if a\n    ) --@if a\n;", "a").replace("-- A query.", header)

    assert load(books_postgresql=one, books_sqlite=two)["books.some"].optional == ("a",)

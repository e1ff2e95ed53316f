"""The statements of a query with markers: which there are, what each of them says, and how they are named."""

from __future__ import annotations

import sqlite3
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumia.errors import TypedSqlError
from lumia.typedsql import SQLITE
from lumia.typedsql.source import parse_source
from lumia.typedsql.statement import SourceQuery
from lumia.typedsql.variants import MOST_VARIANTS, first_variant, variant_of, variants_of
from tests.support.typed_ground import REGISTRY

BOOKS = """\
-- name: list_books(genre, least, most, after_title, after_price, after_id, max_rows)
-- Books, filtered and sorted.
--
-- @param genre: text
-- @param least: int
-- @param most: int
-- @param after_title: text
-- @param after_price: int
-- @param after_id: int
-- @param max_rows: int
-- @returns: int
SELECT book_id
FROM books
WHERE TRUE
    -- A comment between the lines changes no line's number.
    AND genre = :genre --@if genre
    AND price BETWEEN :least AND :most --@if least, most
    AND (title, book_id) > (:after_title, :after_id) --@if after_title, after_id for title
    AND (title, book_id) < (:after_title, :after_id) --@if after_title, after_id for -title
    AND (price, book_id) > (:after_price, :after_id) --@if after_price, after_id for price
ORDER BY title, book_id --@order title|-title|price
LIMIT :max_rows;
"""


def query_of(text: str) -> SourceQuery:
    """The one query of a file."""
    (query,) = parse_source(text, "books.sql", REGISTRY).queries
    return query


def statement(name: str, body: str, *params: str, mark: str = "") -> str:
    """A query of int parameters that gives ints."""
    lines = [f"-- @param {param}: int" for param in params]
    return "\n".join([f"-- name: {name}({', '.join(params)}){mark}", "-- A query.", *lines, "-- @returns: int", body])


def test_a_query_without_markers_is_one_statement_without_a_label() -> None:
    """Nothing changes for it: its only variant is the query itself."""
    query = query_of(statement("one", "SELECT a\nFROM t\nWHERE a = :a;", "a"))

    (variant,) = variants_of(query)

    assert (variant.label, variant.pieces, variant.lines, variant.params) == (
        "",
        query.pieces,
        query.lines,
        query.params,
    )
    assert (query.optional, query.orders, query.marked) == ((), (), False)


def test_the_file_stays_the_whole_statement() -> None:
    """Every marked line is in the text, the first order is the written one, and all parameters are there."""
    query = query_of(BOOKS)

    assert query.text.count("AND (") == 3
    assert "ORDER BY title, book_id\nLIMIT" in query.text
    assert query.optional == ("genre", "least", "most", "after_title", "after_price", "after_id")
    assert query.orders == ("title", "-title", "price")
    assert [param.name for param in query.params] == [*query.optional, "max_rows"]


def test_a_variant_is_the_lines_that_hold_and_nothing_else() -> None:
    """Lines, their numbers and the parameters belong to that statement alone."""
    query = query_of(BOOKS)

    variant = variant_of(query, ["genre", "after_id", "after_title"], "-title")

    assert variant.text == (
        "SELECT book_id\nFROM books\nWHERE TRUE\n    AND genre = :genre\n"
        "    AND (title, book_id) < (:after_title, :after_id)\nORDER BY title DESC, book_id DESC\nLIMIT :max_rows"
    )
    assert variant.lines == (12, 13, 14, 16, 19, 21, 22)
    assert [param.name for param in variant.params] == ["genre", "after_title", "after_id", "max_rows"]
    assert variant.label == "[genre, after_title, after_id; -title]"


def test_parameters_of_the_same_lines_are_one_switch_and_impossible_ones_are_left_out() -> None:
    """Genre, the price range and the key are given or not, in three orders: eight statements each."""
    variants = variants_of(query_of(BOOKS))

    genre, prices = [(), ("genre",)], [(), ("least", "most")]
    expected = {
        (order, one + two + three)
        for order, key in (("title", "after_title"), ("-title", "after_title"), ("price", "after_price"))
        for one, two, three in product(genre, prices, [(), (key, "after_id")])
    }
    assert {(variant.order, variant.given) for variant in variants} == expected
    assert len(variants) == len({variant.text for variant in variants}) == len({variant.label for variant in variants})
    assert variants[0] == first_variant(query_of(BOOKS))
    assert variants[0].label == "[genre, least, most, after_title, after_id; title]"


def test_the_bare_statement_is_named_too() -> None:
    """A label that is empty would mean a query without other statements."""
    query = query_of(statement("one", "SELECT a\nFROM t\nWHERE a = :a --@if a\n;", "a"))

    assert [variant.label for variant in variants_of(query)] == ["[a]", "[]"]
    assert [variant.label for variant in variants_of(query_of(BOOKS))][-1] == "[; price]"


def test_a_line_may_ask_for_a_parameter_that_another_line_uses() -> None:
    """A join stands only while its filter does."""
    body = "SELECT a\nFROM t\nINNER JOIN u ON u.a = t.a --@if b\nWHERE t.c = :c\n    AND u.b = :b --@if b\n;"
    query = query_of(statement("one", body, "b", "c"))

    assert ["JOIN" in variant.text for variant in variants_of(query)] == [True, False]
    assert query.optional == ("b",)


@pytest.mark.parametrize(
    ("line", "label", "written"),
    [
        ("title, book_id --@order title|-title", "-title", "title DESC, book_id DESC"),
        ("title DESC, book_id --@order -title|title", "title", "title, book_id DESC"),
        ("title DESC, book_id --@order -title|price", "price", "price, book_id DESC"),
        ("title NULLS LAST, book_id --@order title|-title", "-title", "title DESC NULLS LAST, book_id DESC"),
        ("title DESC NULLS FIRST, book_id ASC --@order -title|title", "title", "title NULLS FIRST, book_id DESC"),
        ("b.title, b.book_id --@order title|-title", "-title", "b.title DESC, b.book_id DESC"),
        ("b.title, b.book_id --@order title|-book_id", "-book_id", "b.book_id DESC"),
        ("title, price, book_id --@order title|price", "price", "price, book_id"),
        ("title NULLS LAST, price, book_id --@order title|price", "price", "price, book_id"),
        ("title NULLS LAST, book_id --@order title|price", "price", "price NULLS LAST, book_id"),
        ("title, book_id --@order title|-price", "-price", "price DESC, book_id DESC"),
        ("  title ASC,book_id --@order title|-title", "title", "title, book_id"),
    ],
)
def test_an_order_turns_every_term_round_and_leaves_nulls_where_they_are(line: str, label: str, written: str) -> None:
    """The label's column comes first, the tie-breakers follow it, and none stands there twice."""
    query = query_of(statement("one", f"SELECT book_id\nFROM books AS b\nORDER BY {line}\n;"))

    assert variant_of(query, (), label).text.split("\n")[-1] == f"ORDER BY {written}"


def test_many_switches_give_the_stated_subset() -> None:
    """Beyond the limit: for each order all, every pair, each alone, and none."""
    names = [f"p{number}" for number in range(7)]
    lines = "".join(f"\n    AND c{name} = :{name} --@if {name}" for name in names)
    query = query_of(statement("one", f"SELECT a\nFROM t\nWHERE TRUE{lines}\nORDER BY a --@order a|-a\n;", *names))

    variants = variants_of(query)

    sizes = [len(variant.given) for variant in variants if variant.order == "-a"]
    assert sizes == [7, *[2] * 21, *[1] * 7, 0]
    assert len(variants) == 2 * len(sizes) < 2 * 2**7
    assert MOST_VARIANTS < 2 * 2**7
    assert len({variant.label for variant in variants}) == len(variants)


def test_parameters_that_go_together_are_one_switch_of_the_subset_too() -> None:
    """Three that stand on one line are never alone: the line is a switch like any other."""
    names = [f"p{number}" for number in range(6)]
    lines = "".join(f"\n    AND c{name} = :{name} --@if {name}" for name in names)
    lines += "\n    AND (x, y, z) > (:x, :y, :z) --@if x, y, z"
    query = query_of(statement("one", f"SELECT a\nFROM t\nWHERE TRUE{lines}\n;", *names, "x", "y", "z"))

    given = [variant.given for variant in variants_of(query)]

    assert ("x", "y", "z") in given
    assert [len(found) for found in given].count(4) == 6
    assert len(given) == 1 + 21 + 7 + 1


def test_as_many_switches_as_the_limit_allows_are_all_listed() -> None:
    """Six switches are sixty-four statements, seven are too many, and twenty are not even tried one by one."""

    def count(number: int) -> int:
        names = [f"p{at}" for at in range(number)]
        lines = "".join(f"\n    AND c{name} = :{name} --@if {name}" for name in names)
        return len(variants_of(query_of(statement("one", f"SELECT a\nFROM t\nWHERE TRUE{lines}\n;", *names))))

    assert [count(6), count(7), count(20)] == [64, 1 + 21 + 7 + 1, 1 + 190 + 20 + 1]


@pytest.mark.parametrize(
    ("names", "order", "words"),
    [
        ((), "pages", "books.list_books has no such order; the orders are: title, -title, price"),
        (("max_rows",), None, "no optional parameter max_rows"),
        (("nothing",), None, "no optional parameter nothing"),
        (("least",), None, "uses least only together with most"),
        (("after_id",), None, "uses after_id only together with after_title"),
        (("after_title", "after_id"), "price", r"does not use after_title in the order price.*\(title, -title\)"),
    ],
)
def test_a_statement_that_does_not_exist_says_why(names: tuple[str, ...], order: str | None, words: str) -> None:
    """Nothing that a caller gives is dropped without a word."""
    with pytest.raises(TypedSqlError, match=words):
        variant_of(query_of(BOOKS), names, order)


def test_an_order_of_a_query_that_has_none_is_refused() -> None:
    """The message tells that from a misspelt label."""
    with pytest.raises(TypedSqlError, match=r"books\.one has no such order; its rows come in one order only"):
        variant_of(query_of(statement("one", "SELECT 1;")), (), "a")


# --- any query --------------------------------------------------------------------------------------------------------

NAMES = ("a", "b", "c", "d")
LABELS = ("x", "-x", "y")


@st.composite
def queries(draw: st.DrawFn) -> SourceQuery:
    """A query over a table t with drawn optional lines, each with one parameter or two, for some orders or for all."""
    orders = draw(st.sampled_from([(), LABELS]))
    lines: list[str] = []
    used: set[str] = set()
    for _ in range(draw(st.integers(1, 6))):
        names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))
        labels = draw(st.lists(st.sampled_from(orders), max_size=2, unique=True)) if orders else []
        marker = f"--@if {', '.join(names)}" + (f" for {'|'.join(labels)}" if labels else "")
        lines.append(f"    AND x IN ({', '.join(f':{name}' for name in names)}) {marker}")
        used.update(names)
    order = f"ORDER BY x, k --@order {'|'.join(orders)}" if orders else "ORDER BY x, k"
    body = "\n".join(["SELECT k", "FROM t", "WHERE x > :least", *lines, order, ";"])
    return query_of(statement("any", body, "least", *sorted(used)))


@given(queries())
def test_every_listed_statement_compiles_and_is_the_one_that_a_call_would_build(query: SourceQuery) -> None:
    """Whatever the markers say: SQLite takes each text, its parameters are its own, and no two are the same."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (k INTEGER PRIMARY KEY, x INTEGER, y INTEGER)")

    variants = variants_of(query)

    for variant in variants:
        assert variant == variant_of(query, variant.given, variant.order)
        sql = SQLITE.render(variant.pieces, variant.params)
        connection.execute(sql, [1] * len(variant.params)).close()
        assert len(variant.lines) == len(variant.text.split("\n"))
        assert [param.name for param in variant.params] == ["least", *variant.given]
    connection.close()
    assert len({variant.text for variant in variants}) == len(variants)


@given(queries(), st.sets(st.sampled_from(NAMES)), st.sampled_from(LABELS))
def test_what_a_call_may_build_is_listed(query: SourceQuery, names: set[str], label: str) -> None:
    """There is no statement at run time that a check has not seen, as long as the query is below the limit."""
    order = label if query.orders else None

    try:
        variant = variant_of(query, names, order)
    except TypedSqlError:
        listed = {(frozenset(found.given), found.order) for found in variants_of(query)}
        assert (frozenset(names), order) not in listed
    else:
        assert variant in variants_of(query)

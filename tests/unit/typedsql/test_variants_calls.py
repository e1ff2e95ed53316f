"""Calls of queries with markers: which statement runs, what it gives on both engines, and what is refused."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import chain, combinations
from threading import Barrier
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lumia.errors import InvalidValue, TypedSqlError
from lumia.typedsql import POSTGRESQL, UNSET, BoundQueries, Unset
from tests.support.sample_dtos import Genre, Label
from tests.support.typed_ground import Ground
from tests.support.typed_sessions import Lender

FILE = """\
-- name: count_books(genre, least)$
-- How many there are.
-- @param genre: enum:Genre
-- @param least: money
-- @returns: int
SELECT count(*)
FROM books
WHERE TRUE
    AND genre = :genre --@if genre
    AND price >= :least --@if least
;

-- name: drop_books(kept_id, isbn)!
-- Removes all but one, or those with one number.
-- @param kept_id: int
-- @param isbn: text?
-- @returns: int
DELETE FROM books
WHERE book_id <> :kept_id
    AND isbn = :isbn --@if isbn
;

-- name: list_titles(genre, least, isbn, after_title, after_price, after_id, max_rows)
-- Titles, filtered and sorted.
-- @param genre: enum:Genre
-- @param least: money
-- @param isbn: text?
-- @param after_title: text
-- @param after_price: money
-- @param after_id: int
-- @param max_rows: int
-- @returns: Label
SELECT title AS label
FROM books
WHERE TRUE
    AND genre = :genre --@if genre
    AND price >= :least --@if least
    AND isbn IS NOT DISTINCT FROM :isbn --@if isbn
    AND (title, book_id) > (:after_title, :after_id) --@if after_title, after_id for title
    AND (title, book_id) < (:after_title, :after_id) --@if after_title, after_id for -title
    AND (price, book_id) > (:after_price, :after_id) --@if after_price, after_id for price
    AND (price, book_id) < (:after_price, :after_id) --@if after_price, after_id for -price
ORDER BY title, book_id --@order title|-title|price|-price
LIMIT :max_rows;
"""
BOOKS = [
    (1, "Emma", Decimal("8.0000"), Genre.NOVEL, None),
    (2, "Emma", Decimal("9.5000"), Genre.NOVEL, "111"),
    (3, "Knots", Decimal("8.0000"), Genre.HOW_TO, "222"),
    (4, "Bread", Decimal("12.2500"), Genre.HOW_TO, None),
    (5, "Middlemarch", Decimal("9.5000"), Genre.NOVEL, "333"),
]


@pytest.fixture
def lender(ground: Ground) -> Lender:
    """A few books in a database, and who lends the session."""
    ground.run(
        "CREATE TABLE books (book_id INTEGER PRIMARY KEY, title TEXT, price INTEGER, genre TEXT, isbn TEXT)",
        'CREATE TABLE books (book_id bigint, title text COLLATE "C", price numeric, genre genre, isbn text)',
    )
    for book_id, title, price, genre, isbn in BOOKS:
        shown = "NULL" if isbn is None else f"'{isbn}'"
        label = genre.value.replace("'", "''")
        for units in [price if ground.dialect is POSTGRESQL else int(price * 10_000)]:
            ground.run(f"INSERT INTO books VALUES ({book_id}, '{title}', {units}, '{label}', {shown})")
    return Lender(ground.session)


@pytest.fixture
def bound(ground: Ground, lender: Lender) -> BoundQueries:
    """The queries, bound to the session."""
    return ground.load(books=FILE).bind(lender)


@pytest.fixture
def seen(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Every statement that is fetched, with its parameters."""
    statements: list[tuple[str, Any]] = []
    fetch_all = ground.session.fetch_all

    def noting(sql: str, params: Any) -> Any:
        statements.append((sql, tuple(params)))
        return fetch_all(sql, params)

    monkeypatch.setattr(ground.session, "fetch_all", noting)
    return statements


def in_python(filters: dict[str, Any], order: str) -> list[Label]:
    """What the query shall give, filtered and sorted here."""
    rows = [
        row
        for row in BOOKS
        if row[3] is filters.get("genre", row[3])
        and row[2] >= filters.get("least", row[2])
        and row[4] == filters.get("isbn", row[4])
    ]
    rows.sort(key=lambda row: (row[1 if "title" in order else 2], row[0]), reverse=order.startswith("-"))
    return [Label(label=row[1]) for row in rows]


FILTERS: dict[str, Any] = {"genre": Genre.NOVEL, "least": Decimal("8.5"), "isbn": None}
SUBSETS = list(chain.from_iterable(combinations(FILTERS, size) for size in range(len(FILTERS) + 1)))


@pytest.mark.parametrize("order", ["title", "-title", "price", "-price"])
@pytest.mark.parametrize("names", SUBSETS, ids=lambda names: "+".join(names) or "none")
def test_every_filter_and_order_gives_what_python_gives(
    bound: BoundQueries, names: tuple[str, ...], order: str
) -> None:
    """Alone and together, on both engines; None is a value that is looked for, not a filter that is left out."""
    filters = {name: FILTERS[name] for name in names}

    found = bound.books.list_titles(**filters, order=order, max_rows=100)

    assert found == in_python(filters, order)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    filters=st.fixed_dictionaries(
        {},
        optional={
            "genre": st.sampled_from(Genre),
            "least": st.decimals(0, 20, places=2),
            "isbn": st.sampled_from([None, "111", "333", "x"]),
        },
    ),
    order=st.sampled_from(["title", "-title", "price", "-price"]),
)
def test_any_filters_give_what_python_gives(bound: BoundQueries, filters: dict[str, Any], order: str) -> None:
    """Drawn values, both as a list and as a stream."""
    expected = in_python(filters, order)

    assert bound.books.list_titles(**filters, order=order, max_rows=9) == expected
    assert list(bound.books.list_titles.stream(**filters, order=order, max_rows=9, size=2)) == expected


@pytest.mark.parametrize("order", ["title", "-title", "price", "-price"])
def test_pages_by_key_give_every_row_once(bound: BoundQueries, order: str) -> None:
    """Ties of the sorted column are told apart by the key, in both directions."""
    place = 1 if "title" in order else 2
    rows = sorted(BOOKS, key=lambda row: (row[place], row[0]), reverse=order.startswith("-"))
    name = "after_title" if "title" in order else "after_price"

    pages = [
        bound.books.list_titles(**{name: row[place]}, after_id=row[0], order=order, max_rows=1) for row in rows[:-1]
    ]

    assert pages == [[Label(label=row[1])] for row in rows[1:]]


def test_the_default_order_is_the_written_one_and_what_is_left_out_is_unset(bound: BoundQueries) -> None:
    """Leaving an argument out, giving UNSET, and naming the default order are one statement."""
    books = bound.books

    found = [
        books.list_titles(max_rows=2),
        books.list_titles(genre=UNSET, least=UNSET, isbn=UNSET, max_rows=2),
        books.list_titles(order="title", max_rows=2),
    ]

    assert found == [in_python({}, "title")[:2]] * 3


def test_the_server_sees_the_statement_alone_and_its_name(
    ground: Ground, bound: BoundQueries, seen: list[tuple[str, Any]]
) -> None:
    """Placeholders and casts are numbered by the statement's own parameters; what is left out is not there."""
    bound.books.list_titles(isbn=None, max_rows=7, order="-title")
    bound.books.list_titles(genre=Genre.NOVEL, max_rows=7)
    bound.books.count_books()

    on_postgresql = ground.dialect is POSTGRESQL
    isbn, rows = ("$1::text", "$2::bigint") if on_postgresql else ("?1", "?2")
    genre = "$1::genre" if on_postgresql else "?1"
    head = "SELECT title AS label\nFROM books\nWHERE TRUE\n    AND"
    by_isbn = f"{head} isbn IS NOT DISTINCT FROM {isbn}\nORDER BY title DESC, book_id DESC"
    of_genre = f"{head} genre = {genre}\nORDER BY title, book_id"
    assert seen == [
        (f"/* books.list_titles [isbn; -title] */ {by_isbn}\nLIMIT {rows}", (None, 7)),
        (f"/* books.list_titles [genre; title] */ {of_genre}\nLIMIT {rows}", ("novel", 7)),
        ("/* books.count_books [] */ SELECT count(*)\nFROM books\nWHERE TRUE", ()),
    ]


def test_values_and_counts_have_variants_too(bound: BoundQueries, lender: Lender) -> None:
    """`$` gives one value and `!` counts, each through the statement that was chosen."""
    books = bound.books

    counts = [books.count_books(), books.count_books(genre=Genre.NOVEL), books.count_books(least=Decimal("9.5"))]
    dropped = [books.drop_books(kept_id=1, isbn="222"), books.drop_books(kept_id=1, isbn=None)]
    rest = books.drop_books(kept_id=1)

    assert (counts, dropped, rest) == ([5, 3, 3], [1, 0], 3)
    assert lender.acquired == [False] * 3 + [True] * 3
    assert lender.failures == [False] * 6


def test_a_pipeline_takes_variants(bound: BoundQueries) -> None:
    """Prepared calls hold the statement that their arguments chose, two of one query side by side."""
    books = bound.books

    found = bound.pipeline(
        [
            books.count_books.call(genre=Genre.HOW_TO),
            books.count_books.call(),
            books.list_titles.call(least=Decimal(9), order="-price", max_rows=2),
        ]
    )

    assert found == (2, 5, in_python({"least": Decimal(9)}, "-price")[:2])


class Loud(str):
    """A text that is not quite a str."""

    __slots__ = ()


WRONG: list[tuple[Callable[[Any], object], type[Exception], str]] = [
    (lambda it: it.list_titles(order="pages", max_rows=1), TypedSqlError, "argument order is one of title, -title, "),
    (lambda it: it.list_titles(order=None, max_rows=1), TypedSqlError, "argument order is one of"),
    (lambda it: it.list_titles(order=UNSET, max_rows=1), TypedSqlError, "argument order is one of"),
    (lambda it: it.list_titles(order=["title"], max_rows=1), TypedSqlError, "argument order is one of"),
    (lambda it: it.list_titles(order="title; --", max_rows=1), TypedSqlError, "argument order is one of"),
    (lambda it: it.list_titles(), TypedSqlError, "books.list_titles misses max_rows"),
    (lambda it: it.list_titles(max_rows=UNSET), TypedSqlError, "parameter max_rows is required: give a value"),
    (lambda it: it.list_titles(max_rows=None), TypedSqlError, "parameter max_rows expects int, not None"),
    (lambda it: it.list_titles(genre=None, max_rows=1), TypedSqlError, "parameter genre expects enum:Genre, not None"),
    (lambda it: it.list_titles(genre="novel", max_rows=1), TypedSqlError, "parameter genre expects enum:Genre"),
    (lambda it: it.list_titles(least=Decimal("0.12345"), max_rows=1), InvalidValue, "parameter least"),
    (lambda it: it.list_titles(after_id=4, max_rows=1), TypedSqlError, "uses after_id only together with after_title"),
    (
        lambda it: it.list_titles(after_title="secret", after_id=4, order="price", max_rows=1),
        TypedSqlError,
        "books.list_titles does not use after_title in the order price: leave it out, or ask for one of the orders",
    ),
    (lambda it: it.list_titles(1), TypedSqlError, "takes keyword arguments only: genre (optional), least (optional)"),
    (lambda it: it.list_titles(title="secret", max_rows=1), TypedSqlError, "has no parameter title; it takes: genre"),
    (lambda it: it.count_books(order="title"), TypedSqlError, "has no parameter order; it takes: genre (optional)"),
    (lambda it: it.drop_books(isbn="1"), TypedSqlError, "books.drop_books misses kept_id"),
]


@pytest.mark.parametrize(("call", "error", "words"), WRONG, ids=[case[2] for case in WRONG])
def test_a_wrong_call_is_refused_before_anything_is_borrowed(
    bound: BoundQueries, lender: Lender, call: Callable[[Any], object], error: type[Exception], words: str
) -> None:
    """By the call, as a prepared call and as a stream; the message names query and argument, and no value."""
    with pytest.raises(error) as refusal:
        call(bound.books)

    assert words in str(refusal.value)
    assert "secret" not in str(refusal.value)
    assert lender.acquired == []


def test_prepared_calls_and_streams_refuse_at_once_too(bound: BoundQueries, lender: Lender) -> None:
    """Nobody has to run them to learn that the call is wrong."""
    for use in (bound.books.list_titles.call, bound.books.list_titles.stream):
        with pytest.raises(TypedSqlError, match="argument order is one of"):
            use(order="pages", max_rows=1)
        with pytest.raises(TypedSqlError, match="uses after_id only together with"):
            use(after_id=1, max_rows=1)
        with pytest.raises(TypedSqlError, match="misses max_rows"):
            use()

    assert lender.acquired == []


def test_a_plain_query_refuses_unset(sqlite_ground: Ground) -> None:
    """Nothing of it can be left out, and the message says so."""
    text = "-- name: one(a)$\n-- A query.\n-- @param a: int?\n-- @returns: int?\nSELECT :a;"
    books = sqlite_ground.bind(books=text).books

    with pytest.raises(TypedSqlError, match=r"books\.one: parameter a is required"):
        books.one(a=UNSET)


def test_a_label_of_another_class_is_taken_for_what_it_says(bound: BoundQueries) -> None:
    """An enum of labels is a str as well."""
    assert bound.books.list_titles(order=Loud("-title"), max_rows=9) == in_python({}, "-title")


def test_each_statement_is_compiled_once(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often and however wrongly a query is called, no more is kept than it has statements."""
    queries = ground.load(books=FILE)
    ground.run(
        "CREATE TABLE books (book_id INTEGER PRIMARY KEY, title TEXT, price INTEGER, genre TEXT, isbn TEXT)",
        "CREATE TABLE books (book_id bigint, title text, price numeric, genre genre, isbn text)",
    )
    books = queries.bind(Lender(ground.session)).books
    maker = books.list_titles.maker
    start = Barrier(4)

    def first() -> object:
        start.wait()
        return maker.prepared(genre=Genre.NOVEL, max_rows=1)[0]

    with ThreadPoolExecutor(4) as pool:
        makers = {id(future.result()) for future in [pool.submit(first) for _ in range(4)]}
    rendered: list[str] = []
    process = queries.adapter.process_sql

    def noting(name: str, *more: Any) -> str:
        rendered.append(name)
        return process(name, *more)

    monkeypatch.setattr(queries.adapter, "process_sql", noting)
    for _ in range(3):
        books.list_titles(order=Loud("price"), max_rows=1)
        books.list_titles(order="price", max_rows=1)
        for wrong in ({"order": "pages"}, {"after_id": 1}, {"max_rows": None}, {"nothing": 1}):
            with pytest.raises(TypedSqlError):
                books.list_titles(**{"max_rows": 1, **wrong})

    assert len(makers) == 1
    assert rendered == ["books.list_titles [; price]", "books.list_titles [; title]"]
    assert sorted(made.query.sql.split("*/")[0] for made in maker._makers.values()) == [
        "/* books.list_titles [; price] ",
        "/* books.list_titles [; title] ",
        "/* books.list_titles [genre; title] ",
    ]


def test_a_query_says_what_may_be_left_out_and_chosen(ground: Ground) -> None:
    """A set of queries shows its variants to whoever explains or generates code from them."""
    queries = ground.load(books=FILE)

    whole = queries["books.list_titles"]
    one = whole.variant(("genre",), "-price")

    assert whole.optional == ("genre", "least", "isbn", "after_title", "after_price", "after_id")
    assert whole.orders == ("title", "-title", "price", "-price")
    assert whole.sql.startswith("/* books.list_titles [genre, least, isbn, after_title, after_id; title] */ SELECT")
    assert [param.name for param in one.params] == ["genre", "max_rows"]
    assert one.sql.startswith("/* books.list_titles [genre; -price] */ SELECT")
    assert cast("Any", one.run).sql == one.sql
    with pytest.raises(TypedSqlError, match="no such order"):
        whole.variant((), "pages")


def test_a_plain_query_keeps_its_one_function(sqlite_ground: Ground) -> None:
    """Without markers nothing chooses anything: the call is the generated function itself."""
    text = "-- name: one(a)$\n-- A query.\n-- @param a: int\n-- @returns: int\nSELECT :a;"
    queries = sqlite_ground.load(books=text)
    books = queries.bind(Lender(sqlite_ground.session)).books

    assert list(inspect.signature(books.one).parameters) == ["_args", "a", "_extra"]
    assert "_maker" not in books.one.__code__.co_varnames
    assert queries["books.one"].sql == "/* books.one */ SELECT ?1"


def test_unset_reads_well() -> None:
    """It stands in signatures and generated protocols, and is one object."""
    assert repr(UNSET) == "UNSET"
    assert [*Unset] == [UNSET]

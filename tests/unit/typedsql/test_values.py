"""Values on their way to an engine and back: equal on both, exact, and refused in words when they do not fit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumia.errors import InvalidValue, TypedSqlError
from tests.support.profiles import examples
from tests.support.sample_dtos import Everything, Genre, Note
from tests.support.typed_ground import Ground

FIELDS: Final = {
    "an_int": "int",
    "a_text": "text",
    "a_bool": "bool",
    "a_money": "money",
    "a_rate": "rate",
    "a_timestamp": "timestamp",
    "a_date": "date",
    "a_uuid": "uuid",
    "a_bytes": "bytes",
    "an_enum": "enum:Genre",
    "a_json": "json:Note",
    "maybe_int": "int?",
    "maybe_money": "money?",
    "maybe_bool": "bool?",
    "maybe_uuid": "uuid?",
    "maybe_enum": "enum:Genre?",
    "ints": "int[]",
    "texts": "text?[]",
    "bools": "bool[]",
    "moneys": "money[]",
    "rates": "rate[]",
    "timestamps": "timestamp[]",
    "dates": "date[]",
    "uuids": "uuid[]",
    "enums": "enum:Genre[]",
    "jsons": "json:Note[]",
    "maybe_ints": "int[]?",
}
ECHO: Final = "\n".join(
    [
        f"-- name: echo({', '.join(FIELDS)})^",
        "-- Gives back what it gets.",
        "--",
        *(f"-- @param {name}: {logical}" for name, logical in FIELDS.items()),
        "-- @returns: Everything",
        "SELECT",
        ",\n".join(f"    :{name} AS {name}" for name in FIELDS),
        ";",
    ]
)

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ints = st.integers(-(2**63), 2**63 - 1)
money = st.integers(-999_999_999_999_999, 999_999_999_999_999).map(lambda units: Decimal(units).scaleb(-4))
rate = st.integers(0, 1_000_000).map(lambda units: Decimal(units).scaleb(-6))
instants = st.datetimes(datetime(1970, 1, 1), datetime(9998, 12, 31, 23), timezones=st.just(UTC))  # noqa: DTZ001
genres = st.sampled_from(Genre)
notes = st.builds(Note, text=text, price=money)


def rows(element: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Short tuples, the empty one among them."""
    return st.lists(element, max_size=3).map(tuple)


everything = st.builds(
    Everything,
    an_int=ints,
    a_text=text,
    a_bool=st.booleans(),
    a_money=money,
    a_rate=rate,
    a_timestamp=instants,
    a_date=st.dates(),
    a_uuid=st.uuids(),
    a_bytes=st.binary(max_size=20),
    an_enum=genres,
    a_json=notes,
    maybe_int=st.none() | ints,
    maybe_money=st.none() | money,
    maybe_bool=st.none() | st.booleans(),
    maybe_uuid=st.none() | st.uuids(),
    maybe_enum=st.none() | genres,
    ints=rows(ints),
    texts=rows(st.none() | text),
    bools=rows(st.booleans()),
    moneys=rows(money),
    rates=rows(rate),
    timestamps=rows(instants),
    dates=rows(st.dates()),
    uuids=rows(st.uuids()),
    enums=rows(genres),
    jsons=rows(notes),
    maybe_ints=st.none() | rows(ints),
)


@settings(max_examples=examples(60))
@given(data=st.data())
def test_every_value_comes_back_equal(ground: Ground, data: st.DataObject) -> None:
    """What went in comes out: same value, same class, on both engines, arrays and NULLs included."""
    sent = data.draw(everything)
    books = ground.bind(books=ECHO).books

    found = books.echo(**dict(sent))

    assert found == sent
    for name in Everything.model_fields:
        assert type(getattr(found, name)) is type(getattr(sent, name))


@pytest.mark.parametrize("spelt", ["0", "-0", "1.5", "1E+2", "99999999999.9999", "-0.0001", "12.3400"])
def test_a_decimal_has_one_spelling_on_both_engines(ground: Ground, spelt: str) -> None:
    """Money comes back with four decimals and rates with six, whatever the engine stores or the caller wrote."""
    sql = "-- name: echo(a)$\n-- Echo.\n-- @param a: money\n-- @returns: money\nSELECT :a AS a;\n"

    found = ground.bind(books=sql).books.echo(a=Decimal(spelt))

    assert str(found) == f"{Decimal(spelt) + 0:.4f}"


def test_money_is_exact_whatever_the_callers_context_rounds_to(ground: Ground) -> None:
    """A thread that rounds its own decimals to three digits gets all digits of the database's."""
    sql = "-- name: echo(a)$\n-- Echo.\n-- @param a: money\n-- @returns: money\nSELECT :a AS a;\n"
    echo = ground.bind(books=sql).books.echo

    with localcontext() as context:
        context.prec = 3
        found = echo(a=Decimal("99999999999.9999"))

    assert str(found) == "99999999999.9999"


def test_a_numeric_with_more_decimals_is_refused_rather_than_rounded(ground: Ground) -> None:
    """A statement that yields thousandths of a cent is wrong; the row maker says so instead of rounding."""
    ground.run("CREATE TABLE t (a REAL)", "CREATE TABLE t (a numeric)")
    ground.run("INSERT INTO t VALUES (0.00001)")
    sql = "-- name: get_a()$\n-- One.\n-- @returns: money\nSELECT a FROM t;\n"

    with pytest.raises(TypedSqlError, match=r"books\.get_a: column value holds a \w+ that is no money"):
        ground.bind(books=sql).books.get_a()


def test_an_instant_of_another_zone_is_stored_in_utc(ground: Ground) -> None:
    """Any aware instant may be passed; what comes back is the same instant in UTC."""
    sql = "-- name: echo(a)$\n-- Echo.\n-- @param a: timestamp\n-- @returns: timestamp\nSELECT :a AS a;\n"
    sent = datetime(2024, 3, 31, 1, 30, 0, 5, tzinfo=timezone(timedelta(hours=2)))

    found = ground.bind(books=sql).books.echo(a=sent)

    assert found == sent
    assert found.tzinfo is UTC


def test_instants_are_text_of_one_width_on_sqlite(sqlite_ground: Ground) -> None:
    """Text of 27 characters sorts by time; without the zeros `…00Z` would sort after `…00.5Z`."""
    sql = "-- name: echo(a)$\n-- Echo.\n-- @param a: timestamp\n-- @returns: text\nSELECT :a AS a;\n"
    echo = sqlite_ground.bind(books=sql).books.echo

    assert echo(a=datetime(1970, 1, 2, 3, 4, 5, tzinfo=UTC)) == "1970-01-02T03:04:05.000000Z"


WRONG: Final[list[tuple[str, object, type[Exception], str]]] = [
    ("int", True, TypedSqlError, "expects int (int), not bool"),
    ("int", 1.0, TypedSqlError, "expects int (int), not float"),
    ("int", "1", TypedSqlError, "expects int (int), not str"),
    ("int", None, TypedSqlError, "expects int, not None"),
    ("int", 2**63, InvalidValue, "outside of 64 bits"),
    ("int", -(2**63) - 1, InvalidValue, "outside of 64 bits"),
    ("text", b"x", TypedSqlError, "expects text (str), not bytes"),
    ("text", Genre.NOVEL, TypedSqlError, "expects text (str), not Genre"),
    ("text", "se\0cret", InvalidValue, "NUL"),
    ("text", "se\ud800cret", InvalidValue, "lone surrogates"),
    ("bool", 1, TypedSqlError, "expects bool (bool), not int"),
    ("money", 1, TypedSqlError, "expects money (Decimal), not int"),
    ("money", 1.5, TypedSqlError, "expects money (Decimal), not float"),
    ("money", Decimal("0.00001"), InvalidValue, "at most four decimals"),
    ("money", 10 * Decimal(10**10), InvalidValue, "lies within"),
    ("money", Decimal("NaN"), InvalidValue, "at most four decimals"),
    ("money", Decimal("sNaN"), InvalidValue, "at most four decimals"),
    ("money", Decimal("-Infinity"), InvalidValue, "at most four decimals"),
    ("rate", Decimal("1.000001"), InvalidValue, "between 0 and 1"),
    ("rate", Decimal("-0.1"), InvalidValue, "between 0 and 1"),
    ("rate", Decimal("0.0000001"), InvalidValue, "at most six decimals"),
    ("timestamp", datetime(2024, 1, 1), InvalidValue, "needs a time zone"),  # noqa: DTZ001
    ("timestamp", datetime(1969, 12, 31, 23, 59, tzinfo=UTC), InvalidValue, "years 1970 to 9998"),
    ("timestamp", datetime(9999, 1, 1, tzinfo=UTC), InvalidValue, "years 1970 to 9998"),
    ("timestamp", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9))), InvalidValue, "years 1970 to 9998"),
    ("timestamp", date(2024, 1, 1), TypedSqlError, "expects timestamp (datetime), not date"),
    ("date", datetime(2024, 1, 1, tzinfo=UTC), TypedSqlError, "expects date (date), not datetime"),
    ("uuid", "0190", TypedSqlError, "expects uuid (UUID), not str"),
    ("bytes", "x", TypedSqlError, "expects bytes (bytes), not str"),
    ("enum:Genre", "novel", TypedSqlError, "expects enum:Genre (Genre), not str"),
    ("json:Note", {"text": "x"}, TypedSqlError, "expects json:Note (Note), not dict"),
    ("int[]", {1, 2}, TypedSqlError, "as a tuple or a list, not set"),
    ("int[]", (1, True), TypedSqlError, "expects int (int), not bool"),
    ("int[]", (1, None), TypedSqlError, "expects int, not None"),
    ("money[]", [Decimal("0.00001")], InvalidValue, "at most four decimals"),
]


@pytest.mark.parametrize(("logical", "value", "error", "words"), WRONG)
def test_a_wrong_value_names_query_and_parameter_and_never_the_value(
    ground: Ground, logical: str, value: object, error: type[Exception], words: str
) -> None:
    """A value of another type is a wrong call, one out of range an invalid value, alike on both engines."""
    sql = f"-- name: echo(a)$\n-- Echo.\n-- @param a: {logical}\n-- @returns: text?\nSELECT CAST(:a AS text) AS a;\n"
    books = ground.bind(books=sql).books

    with pytest.raises(error) as caught:
        books.echo(a=value)

    assert type(caught.value) is error
    assert str(caught.value).startswith("books.echo: parameter a")
    assert words in str(caught.value)
    assert "cret" not in str(caught.value)


class _LateUuid(UUID):
    """A UUID of another library."""


class _LateInstant(datetime):
    """A datetime of another library."""


def test_subclasses_that_only_add_behaviour_are_taken_as_what_they_are(ground: Ground) -> None:
    """Identifiers and instants of other libraries go in as plain ones."""
    sql = (
        "-- name: echo(a, b)$\n-- Echo.\n-- @param a: uuid\n-- @param b: timestamp\n-- @returns: bool\n"
        "SELECT :a = :a AND :b = :b;\n"
    )
    books = ground.bind(books=sql).books

    assert books.echo(a=_LateUuid(int=5), b=_LateInstant(2024, 1, 1, tzinfo=UTC)) is True


def test_an_empty_list_finds_nothing(ground: Ground) -> None:
    """A list parameter is an override pair, and both engines find no row for an empty one."""
    header = "-- name: find(ids)\n-- Those.\n-- @differs: lists\n-- @param ids: int[]\n-- @returns: int\n"
    ground.run("CREATE TABLE t (a INTEGER)", "CREATE TABLE t (a bigint)")
    ground.run("INSERT INTO t VALUES (1), (2), (3)")
    books = ground.bind(
        books_sqlite=f"{header}SELECT a FROM t WHERE a IN (SELECT value FROM json_each(:ids)) ORDER BY a;\n",
        books_postgresql=f"{header}SELECT a FROM t WHERE a = ANY(:ids) ORDER BY a;\n",
    ).books

    assert books.find(ids=[]) == []
    assert books.find(ids=(3, 1, 7)) == [1, 3]


def test_an_aggregated_array_comes_back_as_a_tuple(ground: Ground) -> None:
    """A statement may return arrays: JSON text on SQLite, an array on PostgreSQL, a tuple in Python."""
    header = "-- name: collect()$\n-- All.\n-- @differs: arrays\n-- @returns: enum:Genre[]?\n"
    ground.run("CREATE TABLE t (a INTEGER, g TEXT)", "CREATE TABLE t (a bigint, g genre)")
    ground.run("INSERT INTO t VALUES (1, 'novel'), (2, 'how, \"to\"')")
    books = ground.bind(
        books_sqlite=header + "SELECT json_group_array(g) FROM (SELECT g FROM t ORDER BY a);\n",
        books_postgresql=header + "SELECT array_agg(g ORDER BY a) FROM t;\n",
    ).books

    assert books.collect() == (Genre.NOVEL, Genre.HOW_TO)

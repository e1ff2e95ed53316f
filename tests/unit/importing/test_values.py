"""Reading the fields of a line: exact numbers, both forms of a date, and refusals that never show the value."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumia.importing.values import FieldError, read_moment, read_price, read_quantity, read_reference


@pytest.mark.parametrize(
    ("text", "quantity"),
    [("6", 6), ("-1", -1), ("+2", 2), ("6.0", 6), ("-80995", -80995), ("007", 7), ("0", 0), ("1000000.000", 1_000_000)],
)
def test_a_quantity_is_a_whole_number(text: str, quantity: int) -> None:
    """Spreadsheets write a whole number with a point."""
    assert read_quantity(text) == quantity


@pytest.mark.parametrize("text", ["", " 6", "6 ", "1.5", "1e3", "six", "--1", "1000001", "-1000001", "٣", "9" * 5000])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    """A line whose quantity is guessed would make every sum wrong."""
    with pytest.raises(FieldError, match="quantity"):
        read_quantity(text)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("2.55", 25_500),
        ("3", 30_000),
        ("3.0", 30_000),
        ("0.001", 10),
        ("-11062.06", -110_620_600),
        ("38970", 389_700_000),
        ("1.23450000000", 12_345),
        ("2.", 20_000),
        ("99999999999.9999", 999_999_999_999_999),
        ("000000000000000001", 10_000),
        ("-0.0", 0),
    ],
)
def test_a_price_is_exact_ten_thousandths(text: str, units: int) -> None:
    """No float comes between the text and the database."""
    assert read_price(text) == units


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,5",
        "£5",
        "1e3",
        ".",
        "NaN",
        "Infinity",
        "1.23456",
        "1234567890123456789",
        "100000000000",
        "٣",
        "9" * 10**6,
    ],
)
def test_what_is_no_price_is_refused(text: str) -> None:
    """A price of nineteen digits, or with more decimals than money has, is no price."""
    with pytest.raises(FieldError, match="price"):
        read_price(text)


@given(st.decimals(-99_999_999_999, 99_999_999_999, places=4))
def test_every_price_reads_as_the_decimal_that_it_is(price: Decimal) -> None:
    """Against the standard library's own arithmetic."""
    assert read_price(str(price)) == int(price.scaleb(4))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("12/1/2010 8:26", "2010-12-01T08:26:00.000000Z"),
        ("1/31/2011 17:05:09", "2011-01-31T17:05:09.000000Z"),
        ("2/29/2012", "2012-02-29T00:00:00.000000Z"),
        ("2010-12-01 08:26:00", "2010-12-01T08:26:00.000000Z"),
        ("2010-12-01T08:26", "2010-12-01T08:26:00.000000Z"),
        ("2010-12-01", "2010-12-01T00:00:00.000000Z"),
        ("2010-12-01T08:26:00.5", "2010-12-01T08:26:00.500000Z"),
        ("2010-12-01T08:26:00Z", "2010-12-01T08:26:00.000000Z"),
        ("2011-01-01T00:30:00+01:00", "2010-12-31T23:30:00.000000Z"),
    ],
)
def test_a_moment_is_read_in_both_forms(text: str, moment: str) -> None:
    """A time without a zone is used as given; its text has one width, so that text order is time order."""
    assert read_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "13/1/2010 8:26",
            "2/30/2011 8:00",
            "2/29/2011 8:00",
            "12/1/2010 24:00",
            "12/1/2010 8:60",
            "0/1/2010 1:00",
        ),
        *(
            "2010-13-01",
            "2010-02-30 00:00:00",
            "1/1/1969 0:00",
            "1/1/9999 0:00",
            "12-1-2010",
            "12/1/10 8:26",
            "tomorrow",
        ),
        *("1970-01-01T00:30:00+01:00", "12/1/2010  8:26", "٣/1/2010 8:26", "2010-12-01T08:26:00+25:00"),
    ],
)
def test_an_impossible_moment_is_refused(text: str) -> None:
    """The thirtieth of February is told, not moved to March."""
    with pytest.raises(FieldError, match="date"):
        read_moment(text)


@pytest.mark.parametrize(
    ("text", "reference"),
    [("17850", "17850"), ("17850.0", "17850"), ("A7.0", "A7.0"), ("", ""), ("0.5", "0.5"), ("007.00", "007")],
)
def test_a_customer_number_is_what_the_source_means(text: str, reference: str) -> None:
    """The point that spreadsheets add is dropped; everything else stays byte for byte."""
    assert read_reference(text) == reference

"""The arithmetic of the reports: quotients rounded once, months of a time zone, sums that stay within money."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumia.errors import ConfigurationError, InvalidValue
from lumia.reports import REPORTS, report_named
from lumia.repos.figures import bounded, month_name, month_starts, quotient
from lumia.types import MONEY_LIMIT


@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [
        (2845, 4338, "0.655832"),
        (Decimal("10655622.4840"), 19_959, "533.875569"),
        (1, 3, "0.333333"),
        (2, 3, "0.666667"),
        (1, 2_000_000, "0.000000"),
        (3, 2_000_000, "0.000002"),
        (-3, 2_000_000, "-0.000002"),
        (0, 7, "0.000000"),
        (7, 1, "7.000000"),
    ],
)
def test_a_quotient_is_rounded_once_half_even(numerator: Decimal | int, denominator: int, text: str) -> None:
    """A tie goes to the even sixth decimal."""
    assert str(quotient(numerator, denominator)) == text


@given(st.decimals(-(10**14), 10**14, places=4), st.integers(1, 10**12))
def test_a_quotient_is_what_unlimited_precision_gives(numerator: Decimal, denominator: int) -> None:
    """Whatever the caller's own decimal context is."""
    with localcontext() as context:
        context.prec = 3
        found = quotient(numerator, denominator)

    with localcontext() as context:
        context.prec = 200
        assert found == (numerator / denominator).quantize(Decimal("0.000001"), rounding=ROUND_HALF_EVEN)


def test_nothing_is_divided_by_nothing() -> None:
    """An empty shop has no average."""
    assert quotient(5, 0) is None


def test_months_begin_when_the_zone_says() -> None:
    """In summer London is an hour ahead, so that its months begin an hour earlier in UTC."""
    zone = ZoneInfo("Europe/London")

    starts = list(month_starts(datetime(2011, 3, 31, 22, tzinfo=UTC), datetime(2011, 4, 30, 23, 30, tzinfo=UTC), zone))

    assert starts == [
        datetime(2011, 3, 1, tzinfo=UTC),
        datetime(2011, 3, 31, 23, tzinfo=UTC),
        datetime(2011, 4, 30, 23, tzinfo=UTC),
        datetime(2011, 5, 31, 23, tzinfo=UTC),
    ]
    assert [month_name(start, zone) for start in starts] == ["2011-03", "2011-04", "2011-05", "2011-06"]


def test_a_year_turns_between_two_months() -> None:
    """December is followed by January of the next year, and the end lies behind the last instant."""
    new_year = datetime(2012, 1, 1, tzinfo=UTC)

    starts = list(month_starts(datetime(2011, 12, 9, tzinfo=UTC), new_year, ZoneInfo("UTC")))

    assert starts == [datetime(2011, 12, 1, tzinfo=UTC), new_year, datetime(2012, 2, 1, tzinfo=UTC)]


def test_the_first_month_of_all_begins_where_time_begins() -> None:
    """No instant before 1970 can be stored or asked for."""
    first = datetime(1970, 1, 1, tzinfo=UTC)

    starts = list(month_starts(first, first, ZoneInfo("America/New_York")))

    assert starts[0] == first
    assert starts[1] == datetime(1970, 1, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize("total", [MONEY_LIMIT, -MONEY_LIMIT, Decimal(0)])
def test_a_sum_within_the_limit_is_given_back(total: Decimal) -> None:
    """The limit itself is an amount."""
    assert bounded(total) is total


@pytest.mark.parametrize("total", [MONEY_LIMIT + Decimal("0.0001"), -MONEY_LIMIT - Decimal("0.0001")])
def test_a_sum_beyond_the_limit_is_refused(total: Decimal) -> None:
    """SQLite's integers would overflow later than money does, PostgreSQL's numbers never."""
    with pytest.raises(InvalidValue, match="lies beyond"):
        bounded(total)


def test_every_report_has_a_name_that_finds_it() -> None:
    """The names are those of the command line."""
    assert list(REPORTS) == [
        *("summary", "sales-by-month", "sales-by-country", "top-products", "top-customers", "repeat-rate"),
        "average-order-value",
    ]
    assert all(report_named(name).name == name for name in REPORTS)


def test_an_unknown_report_is_refused_with_those_there_are() -> None:
    """A typing error costs one look."""
    with pytest.raises(ConfigurationError, match="sales-by-month"):
        report_named("sales")

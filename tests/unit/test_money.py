"""Money arithmetic: rounding, minor units, and splitting a sum without losing or making a cent."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumia.errors import InvalidValue
from lumia.money import largest_remainder, line_amount, minor_unit, minor_units, round_half_up, split_money, sum_money
from lumia.types import MONEY_LIMIT

CURRENCIES = ("EUR", "JPY", "KWD", "CLF")

amounts = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=6)
prices = st.decimals(min_value=0, max_value=10_000, places=4)
weights = st.lists(st.integers(min_value=0, max_value=10**15), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("GBP", 2), ("EUR", 2), ("JPY", 0), ("KRW", 0), ("ISK", 0), ("KWD", 3), ("TND", 3), ("CLF", 4), ("XTS", 2)],
)
def test_each_currency_has_its_number_of_decimals(currency: str, decimals: int) -> None:
    """Yen have no cents and dinars have thousandths: a price rounded wrongly cannot be paid."""
    assert minor_units(currency) == decimals
    assert minor_unit(currency) == Decimal(10) ** -decimals


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "EU", "E1R", "EUR\n", "\uff25\uff35\uff32"])
def test_what_is_no_currency_code_is_refused(currency: str) -> None:
    """A typing error must not silently become a currency with two decimals."""
    with pytest.raises(InvalidValue, match="currency"):
        minor_units(currency)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", "EUR", "0.01"),
        ("0.00499999", "EUR", "0.00"),
        ("-0.005", "EUR", "-0.01"),
        ("2.5", "JPY", "3"),
        ("-2.5", "JPY", "-3"),
        ("1.0005", "KWD", "1.001"),
        ("99999999999.9949", "EUR", "99999999999.99"),
    ],
)
def test_ties_are_rounded_away_from_zero(amount: str, currency: str, rounded: str) -> None:
    """Half-up is what invoices use; half-even would differ by a cent on every second tie."""
    assert str(round_half_up(Decimal(amount), currency)) == rounded


@given(amounts, st.sampled_from(CURRENCIES))
def test_rounding_gives_the_nearest_multiple_once_and_for_all(amount: Decimal, currency: str) -> None:
    """The rounded amount can be paid, is at most half a unit away, and is not moved by rounding again."""
    unit = minor_unit(currency)

    rounded = round_half_up(amount, currency)

    assert rounded % unit == 0
    assert abs(Fraction(rounded) - Fraction(amount)) <= Fraction(unit) / 2
    assert round_half_up(rounded, currency) == rounded


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity", "100000000000", "1e400", "-1e30"])
def test_what_money_cannot_hold_is_refused(amount: str) -> None:
    """An overflow is an error of the input, not of the database three calls later."""
    with pytest.raises(InvalidValue, match="amount"):
        round_half_up(Decimal(amount), "EUR")


def test_rounding_up_over_the_limit_is_refused() -> None:
    """The bound holds for the result too, not only for what came in."""
    with pytest.raises(InvalidValue, match="amount"):
        round_half_up(MONEY_LIMIT, "EUR")

    assert round_half_up(MONEY_LIMIT, "CLF") == MONEY_LIMIT


@given(prices, st.integers(min_value=1, max_value=1_000_000))
def test_a_line_is_exact_until_it_is_rounded_once(unit_price: Decimal, quantity: int) -> None:
    """Rounding the unit price first would charge half a cent per unit too much."""
    exact = Fraction(unit_price) * quantity

    amount = line_amount(unit_price, quantity, "EUR")

    assert abs(Fraction(amount) - exact) <= Fraction(1, 200)


@given(prices, st.integers(min_value=1, max_value=1000), st.lists(prices, max_size=10))
def test_a_callers_decimal_context_changes_nothing(unit_price: Decimal, quantity: int, others: list[Decimal]) -> None:
    """A program that computes with few digits elsewhere must not get other invoices."""
    expected = (line_amount(unit_price, quantity, "EUR"), sum_money(others))

    with localcontext(Context(prec=3)):
        found = (line_amount(unit_price, quantity, "EUR"), sum_money(others))

    assert found == expected


@given(st.lists(prices, max_size=50))
def test_a_sum_is_exact(parts: list[Decimal]) -> None:
    """The order of the lines cannot matter, and no digit is lost."""
    assert Fraction(sum_money(parts)) == sum((Fraction(part) for part in parts), Fraction(0))


def test_a_sum_beyond_the_limit_is_refused() -> None:
    """The database would refuse it later, without saying which cart it was."""
    with pytest.raises(InvalidValue, match="amount"):
        sum_money([MONEY_LIMIT, Decimal("0.0001")])


@given(st.integers(min_value=0, max_value=10**15), weights)
def test_shares_add_up_and_stay_next_to_their_quota(total: int, given_weights: list[int]) -> None:
    """Nothing is lost, and no share is further than one unit from what it is due."""
    whole = sum(given_weights)
    if whole == 0:
        total = 0

    shares = largest_remainder(total, given_weights)

    assert sum(shares) == total
    for share, weight in zip(shares, given_weights, strict=True):
        quota = Fraction(total * weight, whole) if whole else Fraction(0)
        assert quota - 1 < share < quota + 1


@given(weights, st.data())
def test_no_share_exceeds_its_weight(given_weights: list[int], data: st.DataObject) -> None:
    """A discount can never be larger than the line that it is taken from, and a line of nothing gets nothing."""
    total = data.draw(st.integers(min_value=0, max_value=sum(given_weights)))

    shares = largest_remainder(total, given_weights)

    assert all(0 <= share <= weight for share, weight in zip(shares, given_weights, strict=True))


def test_a_tie_goes_to_the_lower_position() -> None:
    """The same cart must split the same way on every run and both engines."""
    assert largest_remainder(2, [1, 1, 1]) == (1, 1, 0)
    assert largest_remainder(100, [1, 1, 1]) == (34, 33, 33)
    assert largest_remainder(1, [0, 5, 5]) == (0, 1, 0)


@pytest.mark.parametrize(("total", "bad"), [(-1, [1]), (1, [1, -1]), (1, [0, 0]), (1, [])])
def test_what_cannot_be_split_is_refused(total: int, bad: list[int]) -> None:
    """A share of nothing, or a negative one, is a mistake of the caller."""
    with pytest.raises(InvalidValue):
        largest_remainder(total, bad)


def test_nothing_is_split_into_nothing() -> None:
    """An empty discount over an empty cart is no error."""
    assert largest_remainder(0, []) == ()
    assert largest_remainder(0, [0, 0]) == (0, 0)


@given(st.lists(prices, min_size=1, max_size=20), st.sampled_from(CURRENCIES), st.data())
def test_split_money_can_be_paid_and_adds_up(parts: list[Decimal], currency: str, data: st.DataObject) -> None:
    """Each share is a whole number of minor units, and together they are the total."""
    unit = minor_unit(currency)
    most = int(sum_money(parts) / unit)
    total = data.draw(st.integers(min_value=0, max_value=most)) * unit

    shares = split_money(total, parts, currency)

    assert sum_money(shares) == total
    assert all(share % unit == 0 and share >= 0 for share in shares)


def test_a_total_that_cannot_be_paid_is_not_split() -> None:
    """Half a cent has no share."""
    with pytest.raises(InvalidValue, match="minor unit"):
        split_money(Decimal("0.005"), [Decimal(1)], "EUR")

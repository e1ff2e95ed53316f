"""A bundle's price over its parts: exact for any prices, quantities and currencies."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from lumia.dto.bundles import BundlePart
from lumia.repos.bundles import allocate

DECIMALS = {"GBP": 2, "JPY": 0, "KWD": 3, "CLF": 4}
MOST = 99_999_999_999_9999

small = st.integers(0, 30_000)
amounts = st.one_of(small, st.integers(0, MOST))
quantities = st.one_of(st.integers(1, 4), st.integers(1, 1_000_000))


@st.composite
def bundles(draw: st.DrawFn) -> tuple[str, Fraction, list[tuple[Fraction, int]]]:
    """A currency, a price that can be paid in it, and parts as price and quantity; few values, so that many tie."""
    currency = draw(st.sampled_from(sorted(DECIMALS)))
    unit = 10 ** (4 - DECIMALS[currency])
    price = Fraction(draw(amounts) // unit * unit, 10_000)
    parts = draw(st.lists(st.tuples(st.one_of(amounts, st.sampled_from([0, 10_000])), quantities), min_size=1))
    return currency, price, [(Fraction(amount, 10_000), quantity) for amount, quantity in parts]


def expected(currency: str, price: Fraction, parts: list[tuple[Fraction, int]]) -> list[Fraction]:
    """Hand out whole minor units, the odd ones to the largest remainders, ties to the lower position."""
    unit = Fraction(1, 10 ** DECIMALS[currency])
    weights = [cost * quantity for cost, quantity in parts]
    if sum(weights) == 0:
        weights = [Fraction(quantity) for _, quantity in parts]
    quotas = [price / unit * weight / sum(weights) for weight in weights]
    whole = [quota.numerator // quota.denominator for quota in quotas]
    odd = price / unit - sum(whole)
    ranked = sorted(range(len(parts)), key=lambda at: (whole[at] - quotas[at], at))
    return [(units + (1 if ranked.index(at) < odd else 0)) * unit for at, units in enumerate(whole)]


def decimal(value: Fraction) -> Decimal:
    """The same number, exactly: it has at most four decimals."""
    return Decimal(int(value * 10_000)).scaleb(-4)


@given(bundles())
def test_shares_add_up_and_are_those_of_an_exact_reference(
    drawn: tuple[str, Fraction, list[tuple[Fraction, int]]],
) -> None:
    """The sum is the price to the last minor unit, no share is negative, and each is what fractions say."""
    currency, price, parts = drawn
    rows = [
        BundlePart(
            bundle_id=1, position=at, variant_id=at + 1, quantity=quantity, sku="X", unit_price=decimal(unit_price)
        )
        for at, (unit_price, quantity) in enumerate(parts)
    ]

    found = [Fraction(share) for share in allocate(decimal(price), rows, currency)]

    assert sum(found) == price
    assert all(0 <= share <= price for share in found)
    assert found == expected(currency, price, parts)

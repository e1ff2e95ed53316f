"""What a cart comes to: each amount, tax and shipping charge at its borders, and against exact fractions."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal, localcontext
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumia.dto.checkout import CheckoutLine, CheckoutShipping, CheckoutTaxRate
from lumia.errors import InvalidValue
from lumia.repos.pricing import Place, choose_tax_rate, line_tax, price_lines, shipping_charge, total_up
from lumia.types import MONEY_LIMIT, ProductStatus

LONDON = Place("GB", "ENG")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
LATELY = datetime(2020, 1, 1, tzinfo=UTC)


def a_line(**changes: Any) -> CheckoutLine:
    """Make a cart's line that costs 10.00 a piece."""
    values: dict[str, Any] = {
        "variant_id": 1,
        "product_id": 1,
        "sku": "MUG",
        "name": "Mug",
        "category_id": 7,
        "category_name": "Kitchen",
        "unit_price": Decimal("10.00"),
        "quantity": 1,
        "is_active": True,
        "product_status": ProductStatus.ACTIVE,
        "bundle_id": None,
        "bundle_sku": None,
        "bundle_price": None,
        "bundle_is_active": None,
        "things": 1,
        "part_position": None,
        "part_quantity": None,
        "cart_things": 1,
    }
    return CheckoutLine(**{**values, **changes})


def a_rate(rate: str = "0.2", **changes: Any) -> CheckoutTaxRate:
    """Make a tax rate of the whole of GB for every category."""
    values: dict[str, Any] = {
        "tax_rate_id": 1,
        "country_code": "GB",
        "region": "",
        "category_id": None,
        "rate": Decimal(rate),
        "valid_from": LONG_AGO,
    }
    return CheckoutTaxRate(**{**values, **changes})


def a_method(price: str = "4.95", free_from: str | None = None) -> CheckoutShipping:
    """Make a shipping method that serves everywhere."""
    return CheckoutShipping(
        shipping_method_id=1,
        code="post",
        price=Decimal(price),
        free_from=None if free_from is None else Decimal(free_from),
        countries=(),
        is_active=True,
    )


@pytest.mark.parametrize(
    ("taxable", "rate", "currency", "tax"),
    [
        ("0.02", "0.2", "GBP", "0.00"),
        ("0.025", "0.2", "GBP", "0.01"),
        ("0.03", "0.2", "GBP", "0.01"),
        ("12.34", "0.175", "GBP", "2.16"),
        ("1.30", "0.05", "GBP", "0.07"),
        ("5", "0.1", "JPY", "1"),
        ("4", "0.1", "JPY", "0"),
        ("0.005", "0.1", "KWD", "0.001"),
        ("10.00", "0", "GBP", "0.00"),
        ("10.00", "1", "GBP", "10.00"),
    ],
)
def test_tax_on_top_is_rounded_once_half_up(taxable: str, rate: str, currency: str, tax: str) -> None:
    """A tie goes away from zero, in whatever minor unit the currency has."""
    result = line_tax(Decimal(taxable), Decimal(rate), currency, included=False)

    assert result == Decimal(tax)


@pytest.mark.parametrize(
    ("taxable", "rate", "currency", "tax"),
    [
        ("12.00", "0.2", "GBP", "2.00"),
        ("0.03", "0.2", "GBP", "0.01"),
        ("0.02", "0.2", "GBP", "0.00"),
        ("9.99", "0.2", "GBP", "1.67"),
        ("110", "0.1", "JPY", "10"),
        ("0.01", "1", "GBP", "0.01"),
        ("10.00", "0", "GBP", "0.00"),
    ],
)
def test_tax_within_a_price_is_rounded_once_half_up(taxable: str, rate: str, currency: str, tax: str) -> None:
    """The tax that a price contains is the price's share `rate / (1 + rate)`, 0.005 of a pound a whole penny."""
    result = line_tax(Decimal(taxable), Decimal(rate), currency, included=True)

    assert result == Decimal(tax)


@given(
    pence=st.integers(min_value=0, max_value=10**15),
    millionths=st.integers(min_value=0, max_value=10**6),
    included=st.booleans(),
)
def test_tax_equals_exact_fractions_rounded_half_up(pence: int, millionths: int, included: bool) -> None:  # noqa: FBT001 - drawn
    """No tie is made or lost on the way: the same as fractions of integers give, in whatever decimal context."""
    taxable, rate = Fraction(pence, 100), Fraction(millionths, 10**6)
    exact = taxable * rate / (1 + rate) if included else taxable * rate
    expected = Fraction(floor(exact * 100 + Fraction(1, 2)), 100)

    with localcontext(prec=3, rounding=ROUND_DOWN):
        if expected > Fraction(MONEY_LIMIT):
            with pytest.raises(InvalidValue):
                line_tax(Decimal(pence).scaleb(-2), Decimal(millionths).scaleb(-6), "GBP", included=included)
            return
        result = line_tax(Decimal(f"{pence}e-2"), Decimal(f"{millionths}e-6"), "GBP", included=included)

    assert Fraction(result) == expected


@pytest.mark.parametrize(
    ("rates", "rate", "reason"),
    [
        ([], "0", "no rate for GB"),
        ([a_rate("0.2", country_code="FR")], "0", "no rate for GB"),
        ([a_rate("0.2", region="SCT")], "0", "no rate for GB"),
        ([a_rate("0.2", category_id=8)], "0", "no rate for GB"),
        ([a_rate("0.2")], "0.2", "GB"),
        ([a_rate("0.2"), a_rate("0.1", region="ENG")], "0.1", "GB/ENG"),
        ([a_rate("0.1", region="ENG"), a_rate("0.05", category_id=7)], "0.05", "GB, for the category"),
        (
            [a_rate("0.05", category_id=7), a_rate("0.01", category_id=7, region="ENG")],
            "0.01",
            "GB/ENG, for the category",
        ),
        ([a_rate("0.19", valid_from=LATELY), a_rate("0.2")], "0.19", "GB"),
        ([a_rate("0.2"), a_rate("0.19", valid_from=LATELY)], "0.19", "GB"),
        ([a_rate("0.19", valid_from=LATELY), a_rate("0.1", region="ENG")], "0.1", "GB/ENG"),
    ],
)
def test_the_closest_tax_rate_wins(rates: list[CheckoutTaxRate], rate: str, reason: str) -> None:
    """A category's own goes first, then a region's own, then the one that began last; without one there is none."""
    result = choose_tax_rate(rates, category_id=7, place=LONDON)

    assert result == (Decimal(rate), reason)


def test_a_place_without_region_gets_the_countrys_rate() -> None:
    """An empty region is no region of its own: the country's rate is reasoned as the country's."""
    result = choose_tax_rate([a_rate("0.2")], category_id=7, place=Place("GB", ""))

    assert result == (Decimal("0.2"), "GB")


def test_lines_are_priced_each_by_itself() -> None:
    """Two lines whose taxes end in half a penny are rounded apart, not as a sum."""
    lines = [a_line(unit_price=Decimal("0.33"), quantity=1), a_line(unit_price=Decimal("0.1111"), quantity=3)]

    priced = price_lines(lines, [a_rate("0.05")], place=LONDON, currency="GBP", prices_include_tax=False)

    assert [(line.amount, line.tax, line.line_total) for line in priced] == [
        (Decimal("0.33"), Decimal("0.02"), Decimal("0.35")),
        (Decimal("0.33"), Decimal("0.02"), Decimal("0.35")),
    ]


def test_tax_that_prices_include_is_no_part_of_the_sum() -> None:
    """An inclusive price is what the customer pays; its tax is told beside it."""
    (line,) = price_lines(
        [a_line(unit_price=Decimal("12.00"))], [a_rate()], place=LONDON, currency="GBP", prices_include_tax=True
    )

    assert (line.tax, line.tax_included, line.line_total) == (Decimal(0), Decimal("2.00"), Decimal("12.00"))


@pytest.mark.parametrize(
    ("free_from", "subtotal", "charge"),
    [(None, "1000000", "4.95"), ("50.00", "49.99", "4.95"), ("50.00", "50.00", "0"), ("0", "0.00", "0")],
)
def test_shipping_is_free_from_its_threshold_on(free_from: str | None, subtotal: str, charge: str) -> None:
    """The threshold itself is free already; without a threshold shipping is never free."""
    result = shipping_charge(a_method(free_from=free_from), Decimal(subtotal), "GBP")

    assert result == Decimal(charge)


def test_a_shipping_price_of_four_decimals_is_rounded_half_up() -> None:
    """What a customer is asked to pay is a multiple of the minor unit."""
    result = shipping_charge(a_method("4.9450"), Decimal(1), "GBP")

    assert result == Decimal("4.95")


@given(
    prices=st.lists(st.tuples(st.integers(0, 10**8), st.integers(1, 1000)), min_size=1, max_size=8),
    rate=st.integers(0, 10**6),
    included=st.booleans(),
    shipping=st.integers(0, 10**4),
)
def test_an_order_adds_up(prices: list[tuple[int, int]], rate: int, included: bool, shipping: int) -> None:  # noqa: FBT001 - drawn
    """The total is what the lines, the shipping and the tax on top come to, and every part is a whole penny."""
    lines = [a_line(unit_price=Decimal(price).scaleb(-4), quantity=quantity) for price, quantity in prices]
    rates = [a_rate(str(Decimal(rate).scaleb(-6)))]

    priced = price_lines(lines, rates, place=LONDON, currency="GBP", prices_include_tax=included)
    totals = total_up(priced, Decimal(shipping).scaleb(-2))

    assert totals.total == sum((line.line_total for line in priced), start=totals.shipping_total)
    assert totals.total == totals.subtotal - totals.discount_total + totals.shipping_total + totals.tax_total
    assert totals.tax_included_total == sum(line.tax_included for line in priced)
    assert included is False or totals.tax_total == 0
    assert all(part == part.quantize(Decimal("0.01")) for part in (totals.total, totals.tax_total, totals.subtotal))
    assert all(abs(line.amount - line.line.unit_price * line.line.quantity) <= Decimal("0.005") for line in priced)


def test_an_amount_beyond_the_limit_is_refused() -> None:
    """The largest price times the largest quantity is a typed error, not a silent overflow."""
    line = a_line(unit_price=MONEY_LIMIT, quantity=1_000_000)

    with pytest.raises(InvalidValue, match="amount"):
        price_lines([line], [], place=LONDON, currency="GBP", prices_include_tax=True)


def test_a_total_beyond_the_limit_is_refused() -> None:
    """Lines that fit one by one may not fit together."""
    lines = price_lines(
        [a_line(unit_price=Decimal("99999999999.00"))] * 2, [], place=LONDON, currency="GBP", prices_include_tax=True
    )

    with pytest.raises(InvalidValue, match="amount"):
        total_up(lines, Decimal(0))

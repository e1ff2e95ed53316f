"""What a cart comes to: amounts, tax and shipping as pure functions over exact decimals, each rounded once, half-up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import groupby
from operator import attrgetter
from typing import Final

from lumia.dto.checkout import CheckoutLine, CheckoutShipping, CheckoutTaxRate
from lumia.money import line_amount, minor_unit, round_half_up, sum_money
from lumia.repos.bundles import allocate

__all__ = [
    "Place",
    "PricedLine",
    "Shares",
    "Totals",
    "choose_tax_rate",
    "line_amounts",
    "line_tax",
    "price_lines",
    "shipping_charge",
    "total_up",
    "unit_shares",
]

# Wide enough for the tax within an amount: no tie is made or lost before the one rounding.
_EXACT: Final = Context(prec=100)
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where goods go, as far as tax and delivery care: ISO 3166-1 alpha-2 code and region, empty for none."""

    country_code: str
    region: str


@dataclass(frozen=True, slots=True)
class Shares:
    """What each unit has of a line's total: the first `odd_units` have `odd_share` more than `unit_share`."""

    unit_share: Decimal
    odd_units: int
    odd_share: Decimal


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A cart's line with what it comes to; `line_total` is `amount - discount + tax`."""

    line: CheckoutLine
    amount: Decimal
    discount: Decimal
    tax_rate: Decimal
    tax_reason: str
    tax: Decimal
    tax_included: Decimal
    line_total: Decimal
    shares: Shares


@dataclass(frozen=True, slots=True)
class Totals:
    """What an order comes to; `total` is `subtotal - discount_total + shipping_total + tax_total`."""

    subtotal: Decimal
    discount_total: Decimal
    shipping_total: Decimal
    tax_total: Decimal
    tax_included_total: Decimal
    total: Decimal


def choose_tax_rate(rates: Iterable[CheckoutTaxRate], *, category_id: int, place: Place) -> tuple[Decimal, str]:
    """Give the closest rate in force with its reason; zero when no rate fits.

    A rate of the category itself goes before one for all categories, then the region's own before the country's, then
    the one that began last. `rates` are those in force; of them only the place's count.
    """
    fitting = [
        rate
        for rate in rates
        if rate.country_code == place.country_code
        and rate.region in ("", place.region)
        and rate.category_id in (None, category_id)
    ]
    if not fitting:
        return _ZERO, f"no rate for {place.country_code}"
    best = max(fitting, key=lambda rate: (rate.category_id is not None, rate.region != "", rate.valid_from))
    where = f"{best.country_code}/{best.region}" if best.region else best.country_code
    return best.rate, where if best.category_id is None else f"{where}, for the category"


def line_tax(taxable: Decimal, rate: Decimal, currency: str, *, included: bool) -> Decimal:
    """Give the tax on an amount, or within it where prices include tax, rounded once half-up to the minor unit.

    Raises `InvalidValue` when the tax is beyond `MONEY_LIMIT`.
    """
    tax = _EXACT.multiply(taxable, rate)
    if included:
        tax = _EXACT.divide(tax, _EXACT.add(rate, 1))
    return round_half_up(tax, currency)


def line_amounts(lines: Sequence[CheckoutLine], currency: str) -> tuple[Decimal, ...]:
    """Give what each line comes to before discount: unit price times quantity, or a part's share of its bundles' price.

    The shares of a bundle's parts add up to its price times how many of it there are. Raises `InvalidValue` when an
    amount is beyond `MONEY_LIMIT`.
    """
    amounts: list[Decimal] = []
    # A bundle lies in a cart once, and its parts stand side by side.
    for bundle_id, group in groupby(lines, key=attrgetter("bundle_id")):
        members: tuple[CheckoutLine, ...] = tuple(group)
        price = members[0].bundle_price
        if bundle_id is None or price is None:
            amounts += (line_amount(line.unit_price, line.quantity, currency) for line in members)
        else:
            amounts += allocate(_EXACT.multiply(price, members[0].things), members, currency)
    return tuple(amounts)


def unit_shares(line_total: Decimal, quantity: int, currency: str) -> Shares:
    """Split what a line comes to over its units, in whole minor units, the odd ones to the first of them."""
    unit = minor_unit(currency)
    each, odd = divmod(int(_EXACT.divide(line_total, unit)), quantity)
    return Shares(_EXACT.multiply(unit, each), odd, unit if odd else _ZERO)


def price_lines(
    lines: Sequence[CheckoutLine],
    rates: Sequence[CheckoutTaxRate],
    *,
    place: Place,
    currency: str,
    prices_include_tax: bool,
    discounts: Sequence[Decimal] | None = None,
) -> tuple[PricedLine, ...]:
    """Price each line in the order given: amount, then tax on what is left after its discount.

    `discounts` has one for each line, a multiple of the minor unit and at most the line's amount; None: no discount.
    Raises `InvalidValue` when an amount is beyond `MONEY_LIMIT`.
    """
    priced: list[PricedLine] = []
    amounts = line_amounts(lines, currency)
    for line, amount, discount in zip(lines, amounts, discounts or (_ZERO,) * len(lines), strict=True):
        taxable = _EXACT.subtract(amount, discount)
        rate, reason = choose_tax_rate(rates, category_id=line.category_id, place=place)
        tax = line_tax(taxable, rate, currency, included=prices_include_tax)
        added, contained = (_ZERO, tax) if prices_include_tax else (tax, _ZERO)
        line_total = sum_money((taxable, added))
        priced.append(
            PricedLine(
                line=line,
                amount=amount,
                discount=discount,
                tax_rate=rate,
                tax_reason=reason,
                tax=added,
                tax_included=contained,
                line_total=line_total,
                shares=unit_shares(line_total, line.quantity, currency),
            )
        )
    return tuple(priced)


def shipping_charge(method: CheckoutShipping, discounted_subtotal: Decimal, currency: str) -> Decimal:
    """Give what shipping costs: nothing from the method's `free_from` on, else its price, rounded half-up.

    Shipping carries no tax of its own: its price is what the customer pays.
    """
    if method.free_from is not None and discounted_subtotal >= method.free_from:
        return _ZERO
    return round_half_up(method.price, currency)


def total_up(lines: Sequence[PricedLine], shipping_total: Decimal) -> Totals:
    """Add the lines and the shipping. Raises `InvalidValue` when a sum is beyond `MONEY_LIMIT`."""
    subtotal = sum_money(line.amount for line in lines)
    discount_total = sum_money(line.discount for line in lines)
    tax_total = sum_money(line.tax for line in lines)
    return Totals(
        subtotal=subtotal,
        discount_total=discount_total,
        shipping_total=shipping_total,
        tax_total=tax_total,
        tax_included_total=sum_money(line.tax_included for line in lines),
        total=sum_money((subtotal, discount_total.copy_negate(), shipping_total, tax_total)),
    )

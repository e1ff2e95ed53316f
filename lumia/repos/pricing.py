"""What a cart comes to: amounts, tax and shipping as pure functions over exact decimals, each rounded once, half-up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Final

from lumia.dto.checkout import CheckoutLine, CheckoutShipping, CheckoutTaxRate
from lumia.money import line_amount, round_half_up, sum_money

__all__ = ["Place", "PricedLine", "Totals", "choose_tax_rate", "line_tax", "price_lines", "shipping_charge", "total_up"]

# Wide enough for the tax within an amount: no tie is made or lost before the one rounding.
_EXACT: Final = Context(prec=100)
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where goods go, as far as tax and delivery care: ISO 3166-1 alpha-2 code and region, empty for none."""

    country_code: str
    region: str


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


def price_lines(
    lines: Sequence[CheckoutLine],
    rates: Sequence[CheckoutTaxRate],
    *,
    place: Place,
    currency: str,
    prices_include_tax: bool,
) -> tuple[PricedLine, ...]:
    """Price each line by itself, in the order given: amount, then tax on what is left after discount.

    Raises `InvalidValue` when an amount is beyond `MONEY_LIMIT`.
    """
    return tuple(_price_line(line, rates, place, currency, included=prices_include_tax) for line in lines)


def _price_line(
    line: CheckoutLine, rates: Sequence[CheckoutTaxRate], place: Place, currency: str, *, included: bool
) -> PricedLine:
    amount = line_amount(line.unit_price, line.quantity, currency)
    discount = _ZERO
    taxable = _EXACT.subtract(amount, discount)
    rate, reason = choose_tax_rate(rates, category_id=line.category_id, place=place)
    tax = line_tax(taxable, rate, currency, included=included)
    added, contained = (_ZERO, tax) if included else (tax, _ZERO)
    return PricedLine(
        line=line,
        amount=amount,
        discount=discount,
        tax_rate=rate,
        tax_reason=reason,
        tax=added,
        tax_included=contained,
        line_total=sum_money((taxable, added)),
    )


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

"""Exact money arithmetic: minor units of currencies, rounding half-up, and splitting a sum without losing a cent.

Everything here is pure and independent of the caller's decimal context. Half-up rounds ties away from zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from types import MappingProxyType
from typing import Final

from lumia.errors import InvalidValue
from lumia.types import MONEY_LIMIT

__all__ = [
    "largest_remainder",
    "line_amount",
    "minor_unit",
    "minor_units",
    "round_half_up",
    "split_money",
    "subtract_money",
    "sum_money",
]

# ISO 4217: every currency that has not two decimals.
_EXCEPTIONS: Final[Mapping[str, int]] = MappingProxyType(
    {
        code: decimals
        for decimals, codes in (
            (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
            (3, "BHD IQD JOD KWD LYD OMR TND"),
            (4, "CLF UYW"),
        )
        for code in codes.split()
    }
)
_USUAL: Final = 2
_CODE: Final = re.compile(r"[A-Z]{3}")
# Wide enough for any product of an amount and a quantity, so that nothing is rounded but on purpose.
_EXACT: Final = 100


def minor_units(currency: str) -> int:
    """Give the number of decimals that amounts of an ISO 4217 currency are paid with: GBP 2, JPY 0, KWD 3.

    A code that the standard gives no exception for has two. Raises `InvalidValue` for what is no currency code.
    """
    if _CODE.fullmatch(currency) is None:
        message = "currency: give an ISO 4217 code, three capital letters"
        raise InvalidValue(message)
    return _EXCEPTIONS.get(currency, _USUAL)


def minor_unit(currency: str) -> Decimal:
    """Give the smallest amount that can be paid in a currency: 0.01 for GBP, 1 for JPY, 0.001 for KWD."""
    return Context(prec=_EXACT).scaleb(Decimal(1), -minor_units(currency))


def round_half_up(amount: Decimal, currency: str) -> Decimal:
    """Round an exact amount once, half-up, to the currency's minor unit.

    Raises `InvalidValue` for a NaN, an infinity, or an amount beyond `MONEY_LIMIT`.
    """
    if not amount.is_finite() or amount.adjusted() > MONEY_LIMIT.adjusted():
        raise _overflow()
    return _bounded(amount.quantize(minor_unit(currency), rounding=ROUND_HALF_UP, context=Context(prec=_EXACT)))


def line_amount(unit_price: Decimal, quantity: int, currency: str) -> Decimal:
    """Give `unit_price` times `quantity`, rounded once half-up to the currency's minor unit.

    Raises `InvalidValue` when the amount is beyond `MONEY_LIMIT`.
    """
    return round_half_up(Context(prec=_EXACT).multiply(unit_price, quantity), currency)


def sum_money(amounts: Iterable[Decimal]) -> Decimal:
    """Add amounts exactly; zero for none. Raises `InvalidValue` when the sum is beyond `MONEY_LIMIT`."""
    context = Context(prec=_EXACT)
    total = Decimal(0)
    for amount in amounts:
        total = context.add(total, amount)
    return _bounded(total)


def subtract_money(amount: Decimal, off: Decimal) -> Decimal:
    """Take one amount off another exactly. Raises `InvalidValue` when what is left is beyond `MONEY_LIMIT`."""
    return sum_money((amount, off.copy_negate()))


def largest_remainder(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split a whole number over weights: the shares add up to `total` exactly, ties go to the lower position.

    Each share is the exact quota rounded down or up; it never exceeds its weight while `total` does not exceed their
    sum, and a weight of zero gets nothing. Raises `InvalidValue` for a negative argument, or for a total that is not
    zero over weights that are all zero.
    """
    if total < 0 or any(weight < 0 for weight in weights):
        message = "total, weights: neither may be negative"
        raise InvalidValue(message)
    whole = sum(weights)
    if whole == 0:
        if total:
            message = "weights: at least one must be above zero to split a total that is not zero"
            raise InvalidValue(message)
        return (0,) * len(weights)
    quotas = [divmod(total * weight, whole) for weight in weights]
    shares = [share for share, _ in quotas]
    left = total - sum(shares)
    # sorted() is stable: equal remainders keep their order, which is the tie rule.
    for position in sorted(range(len(weights)), key=lambda index: -quotas[index][1])[:left]:
        shares[position] += 1
    return tuple(shares)


def split_money(total: Decimal, weights: Sequence[Decimal], currency: str) -> tuple[Decimal, ...]:
    """Split an amount over weights by largest remainder, in whole minor units of the currency.

    `total` must be a multiple of the minor unit; weights are amounts of any precision up to four decimals. Raises
    `InvalidValue` as `largest_remainder` does, and for a total that cannot be paid in the currency.
    """
    unit = minor_unit(currency)
    if round_half_up(total, currency) != total:
        message = "total: must be a multiple of the currency's minor unit"
        raise InvalidValue(message)
    context = Context(prec=_EXACT)
    shares = largest_remainder(
        int(context.divide(total, unit)), [int(context.scaleb(context.plus(weight), 4)) for weight in weights]
    )
    return tuple(context.multiply(unit, share) for share in shares)


def _bounded(amount: Decimal) -> Decimal:
    if not MONEY_LIMIT.copy_negate() <= amount <= MONEY_LIMIT:
        raise _overflow()
    return amount


def _overflow() -> InvalidValue:
    return InvalidValue(f"amount: must lie between -{MONEY_LIMIT} and {MONEY_LIMIT}")

"""Exact decimals: money and rates to and from whole units, with one spelling on both engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Final

from lumia.types import MONEY_LIMIT, MONEY_QUANTUM, RATE_QUANTUM

__all__ = ["MONEY", "RATE", "Exact"]

# A context of its own: the caller's may round to six digits, and this one refuses to round at all.
_EXACT: Final = Context(prec=40, traps=[Inexact, InvalidOperation])


@dataclass(frozen=True, slots=True)
class Exact:
    """How one kind of decimal is kept exact: its quantum (0.0001), its range, and the words for a value outside."""

    quantum: Decimal
    low: Decimal
    high: Decimal
    rule: str

    def checked(self, value: Decimal) -> Decimal:
        """Return the value with the quantum's number of decimals; raises ValueError if it is not exact or in range."""
        try:
            if self.low <= value <= self.high:
                return _EXACT.quantize(value, self.quantum)
        except (Inexact, InvalidOperation):
            pass
        raise ValueError(self.rule)

    def to_units(self) -> Callable[[Decimal], int]:
        """Give the function that turns a decimal into whole units; it raises ValueError or ArithmeticError."""
        low, high, rule = self.low, self.high, self.rule
        quantum, places = self.quantum, -int(self.quantum.as_tuple().exponent)
        quantize, scale = _EXACT.quantize, _EXACT.scaleb

        def units(value: Decimal) -> int:
            if low <= value <= high:
                return int(scale(quantize(value, quantum), places))
            raise ValueError(rule)

        return units

    def to_exact(self) -> Callable[[Decimal], Decimal]:
        """Give the function that checks a decimal and gives it all its decimals; raises ValueError, ArithmeticError."""
        low, high, rule, quantum, quantize = self.low, self.high, self.rule, self.quantum, _EXACT.quantize

        def exact(value: Decimal) -> Decimal:
            if low <= value <= high:
                return quantize(value, quantum)
            raise ValueError(rule)

        return exact


MONEY: Final = Exact(
    MONEY_QUANTUM,
    MONEY_LIMIT.copy_negate(),
    MONEY_LIMIT,
    f"money has at most four decimals and lies within {MONEY_LIMIT}",
)
"""Money: ten-thousandths."""

RATE: Final = Exact(RATE_QUANTUM, Decimal(0), Decimal(1), "a rate has at most six decimals and lies between 0 and 1")
"""Rates: millionths."""

MULTIPLY: Final = _EXACT.multiply
"""Units times quantum: the fastest exact way from an int to a Decimal with a fixed number of decimals."""

QUANTIZE: Final = _EXACT.quantize
"""Gives a Decimal its quantum's number of decimals; raises Inexact rather than round."""

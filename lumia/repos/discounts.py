"""What coupons take off a cart: exact rules over whole minor units; nothing here reads a database or a clock.

- The class decides the order: product (fixed_unit, buy_x_get_y), then order (percent, percent_capped, fixed_order,
  tiered), then shipping (free_shipping); within a class the lower key goes first. Each takes from what the ones
  before it left.
- A minimum and the tiers are measured on the amounts of the eligible lines before any discount, so that whether a
  coupon applies does not depend on the coupons beside it.
- Product coupons are reckoned line by line, each line's discount rounded once half-up: fixed_unit takes its value times
  the quantity; buy_x_get_y looks at the eligible units of all lines together, and of every x + y of them (of an
  incomplete group those beyond x) reduces the cheapest by its percentage: those of the line whose amount is the least
  for a unit, and of equal ones the first.
- Order coupons are reckoned on the sum of what remains of the eligible lines, rounded once half-up, capped (a cap is
  cut down to the minor unit), and split over these lines by largest remainder with what remains of them as weights.
- free_shipping takes the whole charge that is due once the lines are discounted.
- No line is ever reduced below zero.
- Two coupons stand together only if each lists the other's class. Among all sets that may stand together, in which
  every coupon takes something off, stays within what is left of its budget, and the order costs less than without, the
  one that saves most wins; equal savings go to the lower keys. What is saved counts the shipping too, with what the
  discounted sum does to its charge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from itertools import combinations
from typing import Final

from lumia.dto.coupons import COUPON_CLASSES, AppliedCoupon, CouponClass, CouponReason, RefusedCoupon
from lumia.errors import InvalidValue
from lumia.money import largest_remainder, minor_units, sum_money
from lumia.types import CouponKind

__all__ = ["MAX_CODES", "CouponTerms", "DiscountLine", "Discounts", "apply_coupons"]

MAX_CODES: Final = 8
"""How many coupons may be asked for at once: every combination of them is tried."""

_DECIMALS: Final = 4
_PERCENT_WHOLE: Final = 100 * 10**_DECIMALS
_ORDER_OF_CLASSES: Final = (CouponClass.PRODUCT, CouponClass.ORDER, CouponClass.SHIPPING)
_EXACT: Final = Context(prec=100)

ShippingCharge = Callable[[Decimal], Decimal]
"""Gives what shipping costs for a discounted subtotal: a multiple of the minor unit, not negative."""


@dataclass(frozen=True, slots=True)
class DiscountLine:
    """A line to discount: `amount` is what its units come to together, a multiple of the minor unit."""

    variant_id: int
    quantity: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CouponTerms:
    """What a coupon promises, and what of that the database has decided already.

    Attributes:
        coupon_id: its key.
        code: as the shop writes it.
        kind: what it takes off.
        value: percent points or an amount, as the kind says.
        cap: the most that percent_capped takes off.
        buy_quantity: buy_x_get_y's x.
        get_quantity: buy_x_get_y's y.
        minimum: what its eligible lines must come to; None: nothing.
        budget_left: the most that it may still take off; None: no budget.
        combines_with: the classes that it may stand beside.
        tiers: (minimum, percent) of tiered, in any order.
        eligible: the variants in the cart that it applies to.
        reasons: why it does not apply whatever the lines come to.
    """

    coupon_id: int
    code: str
    kind: CouponKind
    value: Decimal
    cap: Decimal | None = None
    buy_quantity: int | None = None
    get_quantity: int | None = None
    minimum: Decimal | None = None
    budget_left: Decimal | None = None
    combines_with: frozenset[str] = frozenset()
    tiers: tuple[tuple[Decimal, Decimal], ...] = ()
    eligible: frozenset[int] = frozenset()
    reasons: tuple[CouponReason, ...] = ()

    @property
    def coupon_class(self) -> CouponClass:
        """On what it is reckoned."""
        return COUPON_CLASSES[self.kind]


@dataclass(frozen=True, slots=True)
class Discounts:
    """What a cart's coupons do to it.

    Attributes:
        line_discounts: for each line, in the order given; 0 <= discount <= amount.
        shipping_total: what shipping costs after all.
        applied: what each coupon that counts takes off, in the order in which they were reckoned; of these the amounts
            less the shipping amounts add up to the lines' discounts.
        outbid: codes that apply, but not beside the ones that save more.
        refused: codes that do not apply, with every reason.
    """

    line_discounts: tuple[Decimal, ...]
    shipping_total: Decimal
    applied: tuple[AppliedCoupon, ...] = ()
    outbid: tuple[str, ...] = ()
    refused: tuple[RefusedCoupon, ...] = ()


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a set of coupons comes to, in minor units; `taken` and `off_shipping` follow `coupons`."""

    coupons: tuple[CouponTerms, ...]
    discounts: tuple[int, ...]
    charge: int
    taken: tuple[int, ...]
    off_shipping: tuple[int, ...]
    saving: int

    @property
    def keys(self) -> tuple[int, ...]:
        return tuple(sorted(coupon.coupon_id for coupon in self.coupons))


def apply_coupons(
    lines: Sequence[DiscountLine], coupons: Sequence[CouponTerms], *, currency: str, shipping: ShippingCharge
) -> Discounts:
    """Find the best that the coupons can do for the lines, by the rules at the top of this file.

    Args:
        lines: in the order of their positions, each amount a multiple of the currency's minor unit.
        coupons: each once, at most `MAX_CODES`.
        currency: of all the amounts.
        shipping: what shipping costs for a discounted subtotal.

    Raises:
        InvalidValue: too many coupons, one of them twice, an amount that cannot be paid in the currency, or a sum
            beyond `MONEY_LIMIT`.
    """
    return _Cart(lines, currency, shipping).judge(coupons)


class _Cart:
    """A cart in minor units, on which sets of coupons are tried."""

    def __init__(self, lines: Sequence[DiscountLine], currency: str, shipping: ShippingCharge) -> None:
        self._lines = lines
        self._decimals = minor_units(currency)
        # Ten-thousandths in a minor unit: what values of coupons are rounded to.
        self._unit: int = 10 ** (_DECIMALS - self._decimals)
        self._shipping = shipping
        self._amounts = [self._payable(line.amount) for line in lines]
        # Bounded: every sum below is a part of it.
        self._subtotal = self._payable(sum_money(line.amount for line in lines))
        self._full_price = self._subtotal + self._charge(self._subtotal)

    def judge(self, coupons: Sequence[CouponTerms]) -> Discounts:
        if len(coupons) > MAX_CODES:
            message = f"coupon_codes: at most {MAX_CODES} at once"
            raise InvalidValue(message)
        if len({coupon.coupon_id for coupon in coupons}) < len(coupons):
            message = "coupon_codes: each coupon once"
            raise InvalidValue(message)
        known = {coupon.coupon_id: self._reasons(coupon) for coupon in coupons}
        candidates = sorted((c for c in coupons if not known[c.coupon_id]), key=lambda c: c.coupon_id)
        outcomes = [
            outcome
            for group in _groups(candidates)
            for outcome in (self._outcome(group),)
            if not any(self._faults(outcome, at) for at in range(len(group)))
        ]
        best = min(outcomes, key=lambda outcome: (-outcome.saving, outcome.keys), default=self._outcome(()))
        able = {key for outcome in outcomes for key in outcome.keys}
        return Discounts(
            line_discounts=tuple(self._money(discount) for discount in best.discounts),
            shipping_total=self._money(best.charge),
            applied=tuple(
                AppliedCoupon(
                    coupon_id=coupon.coupon_id,
                    code=coupon.code,
                    amount=self._money(best.taken[at]),
                    shipping_amount=self._money(best.off_shipping[at]),
                )
                for at, coupon in enumerate(best.coupons)
            ),
            outbid=tuple(c.code for c in coupons if c.coupon_id in able and c.coupon_id not in best.keys),
            refused=tuple(
                RefusedCoupon(code=c.code, reasons=known[c.coupon_id] or self._faults(self._outcome((c,)), 0))
                for c in coupons
                if c.coupon_id not in able
            ),
        )

    def _reasons(self, coupon: CouponTerms) -> tuple[CouponReason, ...]:
        reasons = list(coupon.reasons)
        eligible = [at for at, line in enumerate(self._lines) if line.variant_id in coupon.eligible]
        base = self._ten_thousandths(sum(self._amounts[at] for at in eligible))
        thresholds = [_whole(minimum) for minimum, _ in coupon.tiers] if coupon.kind is CouponKind.TIERED else [0]
        reached = base >= max(
            min(thresholds, default=base + 1), 0 if coupon.minimum is None else _whole(coupon.minimum)
        )
        if not eligible:
            reasons.append(CouponReason.NO_ELIGIBLE_LINE)
        elif not reached:
            reasons.append(CouponReason.BELOW_MINIMUM)
        elif reasons:
            # It is out already, and what else is wrong with it shall be known as well.
            reasons += self._faults(self._outcome((coupon,)), 0)
        return tuple(dict.fromkeys(reasons))

    def _faults(self, outcome: _Outcome, at: int) -> tuple[CouponReason, ...]:
        left, taken = outcome.coupons[at].budget_left, outcome.taken[at]
        faults: list[CouponReason] = []
        if left is not None and self._ten_thousandths(taken) > _whole(left):
            faults.append(CouponReason.OVER_BUDGET)
        if taken == 0 or outcome.saving <= 0:
            faults.append(CouponReason.NO_SAVING)
        return tuple(faults)

    def _outcome(self, coupons: Sequence[CouponTerms]) -> _Outcome:
        ordered = tuple(sorted(coupons, key=lambda c: (_ORDER_OF_CLASSES.index(c.coupon_class), c.coupon_id)))
        remaining = list(self._amounts)
        taken: list[int] = []
        for coupon in ordered:
            cuts = self._cuts(coupon, remaining)
            remaining = [rest - cut for rest, cut in zip(remaining, cuts, strict=True)]
            taken.append(sum(cuts))
        charge = self._charge(sum(remaining))
        off_shipping = [0] * len(ordered)
        for at, coupon in enumerate(ordered):
            if coupon.kind is CouponKind.FREE_SHIPPING:
                taken[at] = off_shipping[at] = charge
                charge = 0
        discounts = tuple(amount - rest for amount, rest in zip(self._amounts, remaining, strict=True))
        saving = self._full_price - sum(remaining) - charge
        return _Outcome(ordered, discounts, charge, tuple(taken), tuple(off_shipping), saving)

    def _cuts(self, coupon: CouponTerms, remaining: Sequence[int]) -> list[int]:
        if coupon.kind is CouponKind.FREE_SHIPPING:
            return [0] * len(remaining)
        eligible = [line.variant_id in coupon.eligible for line in self._lines]
        weights = [rest if counts else 0 for rest, counts in zip(remaining, eligible, strict=True)]
        if coupon.kind is CouponKind.FIXED_UNIT:
            value = _whole(coupon.value)
            return [
                min(weight, _half_up(value * line.quantity, self._unit))
                for line, weight in zip(self._lines, weights, strict=True)
            ]
        if coupon.kind is CouponKind.BUY_X_GET_Y:
            percent = _whole(coupon.value)
            return [
                _half_up(weight * units * percent, line.quantity * _PERCENT_WHOLE)
                for line, weight, units in zip(self._lines, weights, self._gifts(coupon, eligible), strict=True)
            ]
        return list(largest_remainder(self._off_the_sum(coupon, sum(weights), eligible), weights))

    def _off_the_sum(self, coupon: CouponTerms, whole: int, eligible: Sequence[bool]) -> int:
        if coupon.kind is CouponKind.FIXED_ORDER:
            return min(whole, _half_up(_whole(coupon.value), self._unit))
        percent = _whole(coupon.value)
        if coupon.kind is CouponKind.TIERED:
            base = self._ten_thousandths(
                sum(amount for amount, counts in zip(self._amounts, eligible, strict=True) if counts)
            )
            _, percent = max(
                (_whole(minimum), _whole(value)) for minimum, value in coupon.tiers if base >= _whole(minimum)
            )
        off = _half_up(whole * percent, _PERCENT_WHOLE)
        return off if coupon.cap is None else min(off, _whole(coupon.cap) // self._unit)

    def _gifts(self, coupon: CouponTerms, eligible: Sequence[bool]) -> list[int]:
        """How many units of each line are reduced: the cheapest of all that are eligible."""
        buy, get = coupon.buy_quantity or 0, coupon.get_quantity or 0
        groups, rest = divmod(
            sum(line.quantity for line, counts in zip(self._lines, eligible, strict=True) if counts), buy + get
        )
        left = groups * get + max(0, rest - buy)
        gifts = [0] * len(self._lines)
        prices = {
            at: Fraction(self._amounts[at], self._lines[at].quantity) for at, counts in enumerate(eligible) if counts
        }
        # sorted() is stable: equal prices keep their order.
        for at in sorted(prices, key=prices.__getitem__):
            gifts[at] = min(left, self._lines[at].quantity)
            left -= gifts[at]
        return gifts

    def _charge(self, subtotal: int) -> int:
        return self._payable(self._shipping(self._money(subtotal)))

    def _money(self, units: int) -> Decimal:
        return _EXACT.scaleb(Decimal(units), -self._decimals)

    def _ten_thousandths(self, units: int) -> int:
        return units * self._unit

    def _payable(self, amount: Decimal) -> int:
        units, rest = divmod(_whole(amount), self._unit)
        if rest or units < 0:
            message = "amounts must be multiples of the currency's minor unit, and not negative"
            raise InvalidValue(message)
        return units


def _groups(candidates: Sequence[CouponTerms]) -> Iterator[tuple[CouponTerms, ...]]:
    """Every set, not empty, of coupons that may all stand together."""
    for size in range(1, len(candidates) + 1):
        for group in combinations(candidates, size):
            if all(_stand_together(one, other) for one, other in combinations(group, 2)):
                yield group


def _stand_together(one: CouponTerms, other: CouponTerms) -> bool:
    return one.coupon_class in other.combines_with and other.coupon_class in one.combines_with


def _whole(amount: Decimal) -> int:
    whole: int = int(_EXACT.scaleb(amount, _DECIMALS))
    return whole


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)

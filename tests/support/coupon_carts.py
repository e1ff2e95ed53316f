"""Random carts with coupons, reckoned by the code and by the reference, and what the comparison covered."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final

from lumia.dto.coupons import CouponReason
from lumia.repos.discounts import CouponTerms, DiscountLine, Discounts, apply_coupons
from lumia.types import CouponKind
from tests.support.coupon_reference import Answer, Line, Offer, reckon

__all__ = ["DECIMALS", "Covered", "compare_carts"]

DECIMALS: Final = {"GBP": 2, "JPY": 0, "KWD": 3}
"""Currencies of two, none and three decimals."""

_WHOLE: Final = 10_000


@dataclass
class Covered:
    """What was compared; every figure counts, `largest_deviation` is in the currency's main unit."""

    carts: int = 0
    lines: int = 0
    coupons: int = 0
    applied: int = 0
    outbid: int = 0
    refused: int = 0
    combinations: int = 0
    several: int = 0
    currencies: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    largest_deviation: Fraction = Fraction(0)

    def told(self) -> dict[str, object]:
        """The figures as they are recorded."""
        return {
            name: dict(sorted(value.items())) if isinstance(value, Counter) else str(value)
            for name, value in vars(self).items()
        }


@dataclass(frozen=True)
class _Cart:
    currency: str
    lines: list[DiscountLine]
    coupons: list[CouponTerms]
    price: Decimal
    free_from: Decimal | None

    def charge(self, subtotal: Decimal) -> Decimal:
        return Decimal(0) if self.free_from is not None and subtotal >= self.free_from else self.price

    def charge_of(self, subtotal: Fraction) -> Fraction:
        free = self.free_from is not None and subtotal >= Fraction(self.free_from)
        return Fraction(0) if free else Fraction(self.price)


def compare_carts(seed: int, carts: int, tell: Callable[[str], None] = lambda _: None) -> Covered:
    """Reckon so many carts both ways; raise `AssertionError` with the seed and the cart at the first difference."""
    covered = Covered()
    draw = random.Random(seed)  # noqa: S311 - examples, no secrets
    for number in range(carts):
        cart = _draw_cart(draw)
        coin = Fraction(1, 10 ** DECIMALS[cart.currency])
        discounts = apply_coupons(cart.lines, cart.coupons, currency=cart.currency, shipping=cart.charge)
        answer = reckon(map(_line, cart.lines), map(_offer, cart.coupons), coin, cart.charge_of)
        deviation = _deviation(discounts, answer)
        _count(covered, cart, discounts, answer, deviation)
        if deviation or _verdicts(discounts) != _expected_verdicts(answer):
            message = f"seed {seed}, cart {number}: {cart}\n{discounts}\n{answer}"
            raise AssertionError(message)
        if number % 10_000 == 9_999:
            tell(f"{number + 1:,} carts")
    return covered


def _deviation(discounts: Discounts, answer: Answer) -> Fraction:
    pairs = [*zip(map(Fraction, discounts.line_discounts), answer.off, strict=True)]
    pairs.append((Fraction(discounts.shipping_total), answer.charge))
    for applied in discounts.applied:
        amount, shipping = answer.applied.get(applied.coupon_id, (Fraction(0), Fraction(0)))
        pairs += [(Fraction(applied.amount), amount), (Fraction(applied.shipping_amount), shipping)]
    lines = sum((Fraction(discount) for discount in discounts.line_discounts), Fraction(0))
    claims = sum((Fraction(applied.amount - applied.shipping_amount) for applied in discounts.applied), Fraction(0))
    pairs.append((lines, claims))
    return max(abs(one - other) for one, other in pairs)


def _verdicts(discounts: Discounts) -> tuple[object, ...]:
    return (
        {applied.code for applied in discounts.applied},
        set(discounts.outbid),
        {refused.code: frozenset(refused.reasons) for refused in discounts.refused},
    )


def _expected_verdicts(answer: Answer) -> tuple[object, ...]:
    return (
        {str(key) for key in answer.applied},
        {str(key) for key in answer.outbid},
        {str(key): reasons for key, reasons in answer.refused.items()},
    )


def _count(covered: Covered, cart: _Cart, discounts: Discounts, answer: Answer, deviation: Fraction) -> None:
    covered.carts += 1
    covered.lines += len(cart.lines)
    covered.coupons += len(cart.coupons)
    covered.applied += len(discounts.applied)
    covered.several += len(discounts.applied) > 1
    covered.outbid += len(discounts.outbid)
    covered.refused += len(discounts.refused)
    covered.combinations += answer.sets
    covered.currencies[cart.currency] += 1
    kinds = {coupon.coupon_id: coupon.kind for coupon in cart.coupons}
    covered.kinds.update(kinds[applied.coupon_id].value for applied in discounts.applied)
    covered.reasons.update(reason.value for refused in discounts.refused for reason in refused.reasons)
    covered.largest_deviation = max(covered.largest_deviation, deviation)


def _line(line: DiscountLine) -> Line:
    return Line(line.variant_id, line.quantity, Fraction(line.amount))


def _offer(coupon: CouponTerms) -> Offer:
    return Offer(
        key=coupon.coupon_id,
        kind=coupon.kind.value,
        value=Fraction(coupon.value),
        cap=None if coupon.cap is None else Fraction(coupon.cap),
        buy=coupon.buy_quantity or 0,
        get=coupon.get_quantity or 0,
        minimum=None if coupon.minimum is None else Fraction(coupon.minimum),
        left=None if coupon.budget_left is None else Fraction(coupon.budget_left),
        beside=frozenset(coupon.combines_with),
        tiers=tuple((Fraction(minimum), Fraction(value)) for minimum, value in coupon.tiers),
        variants=coupon.eligible,
        reasons=tuple(reason.value for reason in coupon.reasons),
    )


def _draw_cart(draw: random.Random) -> _Cart:
    currency = draw.choice(list(DECIMALS))
    # Few coins make ties and small remainders, many make long quotas.
    most = draw.choice((3, 40, 2_000, 300_000, 10**10))
    lines = [
        DiscountLine(draw.randint(1, 6), draw.choice((1, 1, 2, 3, 4, 7, 12)), _coins(draw.randint(0, most), currency))
        for _ in range(draw.choice((1, 1, 2, 2, 3, 4, 6)))
    ]
    whole = sum((line.amount for line in lines), Decimal(0))
    coupons = [
        _draw_coupon(draw, key, currency, whole) for key in range(1, draw.choice((0, 1, 1, 1, 2, 2, 2, 3, 3, 4)) + 1)
    ]
    draw.shuffle(coupons)
    return _Cart(
        currency,
        lines,
        coupons,
        price=_coins(draw.choice((0, 1, 300, 495)), currency),
        free_from=draw.choice((None, whole, _near(draw, whole, currency))),
    )


def _draw_coupon(draw: random.Random, key: int, currency: str, whole: Decimal) -> CouponTerms:
    kind = draw.choice(list(CouponKind))
    gift = kind is CouponKind.BUY_X_GET_Y
    percents = (
        Decimal(100),
        Decimal(50),
        Decimal("33.3333"),
        Decimal("12.5"),
        Decimal("0.0001"),
        Decimal(draw.randint(1, 10**6)).scaleb(-4),
    )
    value = draw.choice(percents)
    if kind in {CouponKind.FIXED_ORDER, CouponKind.FIXED_UNIT}:
        # Values by raw SQL may have four decimals: they are rounded once.
        value = draw.choice((_near(draw, whole, currency), Decimal(draw.randint(1, 50_000)).scaleb(-4), Decimal("0.5")))
    everything = frozenset(range(1, 7))
    tiers = {_near(draw, whole, currency): draw.choice(percents) for _ in range(draw.randint(1, 3))}
    return CouponTerms(
        coupon_id=key,
        code=str(key),
        kind=kind,
        value=value,
        cap=_near(draw, whole, currency) + draw.choice((Decimal(0), Decimal("0.0005")))
        if kind is CouponKind.PERCENT_CAPPED
        else None,
        buy_quantity=draw.randint(1, 3) if gift else None,
        get_quantity=draw.randint(1, 3) if gift else None,
        minimum=draw.choice((None, None, None, None, whole, _near(draw, whole, currency))),
        budget_left=draw.choice((None, None, None, None, None, Decimal(0), whole, _near(draw, whole, currency))),
        combines_with=frozenset(
            draw.choice(
                (
                    (),
                    ("order",),
                    ("product", "order"),
                    ("product", "order", "shipping"),
                    ("product", "order", "shipping"),
                )
            )
        ),
        tiers=tuple(tiers.items()) if kind is CouponKind.TIERED else (),
        eligible=draw.choice(
            (everything, everything, everything, frozenset(draw.sample(range(1, 7), draw.randint(0, 4))))
        ),
        reasons=draw.choice(((),) * 24 + ((CouponReason.EXPIRED,), (CouponReason.INACTIVE, CouponReason.USED_UP))),
    )


def _near(draw: random.Random, amount: Decimal, currency: str) -> Decimal:
    """Some of an amount: all of it, a coin more or less, or any part."""
    coins = int(amount.scaleb(DECIMALS[currency]))
    return _coins(max(0, draw.choice((coins, coins - 1, coins + 1, draw.randint(0, coins + 1), coins // 2))), currency)


def _coins(count: int, currency: str) -> Decimal:
    return Decimal(count).scaleb(-DECIMALS[currency])

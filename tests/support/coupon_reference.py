"""What coupons take off a cart, reckoned by another route than the code: exact fractions, single units, single coins.

Amounts are fractions of the currency's main unit; nothing of `lumia` but names of kinds and reasons is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

__all__ = ["Answer", "Line", "Offer", "reckon"]

_CLASS: Final = {
    "fixed_unit": "product",
    "buy_x_get_y": "product",
    "percent": "order",
    "percent_capped": "order",
    "fixed_order": "order",
    "tiered": "order",
    "free_shipping": "shipping",
}


@dataclass(frozen=True)
class Line:
    """What lies in the cart."""

    variant: int
    quantity: int
    amount: Fraction


@dataclass(frozen=True)
class Offer:
    """A coupon."""

    key: int
    kind: str
    value: Fraction
    cap: Fraction | None
    buy: int
    get: int
    minimum: Fraction | None
    left: Fraction | None
    beside: frozenset[str]
    tiers: tuple[tuple[Fraction, Fraction], ...]
    variants: frozenset[int]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What the cart comes to: coins off each line, the charge, per coupon all it took and its part off the shipping."""

    off: tuple[Fraction, ...]
    charge: Fraction
    applied: dict[int, tuple[Fraction, Fraction]]
    outbid: frozenset[int]
    refused: dict[int, frozenset[str]]
    sets: int


@dataclass
class _Till:
    """One set of coupons rung up on one cart."""

    coin: Fraction
    lines: tuple[Line, ...]
    owed: list[Fraction]
    took: dict[int, tuple[Fraction, Fraction]] = field(default_factory=dict)

    def nearest(self, amount: Fraction) -> Fraction:
        """The nearest whole number of coins, up from the middle."""
        coins = amount / self.coin
        below = coins.numerator // coins.denominator
        return (below + 1 if coins - below >= Fraction(1, 2) else below) * self.coin

    def ring(self, offer: Offer) -> None:
        """Take a coupon of products or of the order off what is owed."""
        places = [at for at, line in enumerate(self.lines) if line.variant in offer.variants]
        off = dict.fromkeys(places, Fraction(0))
        if offer.kind == "fixed_unit":
            for at in places:
                off[at] = min(self.owed[at], self.nearest(offer.value * self.lines[at].quantity))
        elif offer.kind == "buy_x_get_y":
            for at, count in self.gifts(offer, places).items():
                off[at] = self.nearest(self.owed[at] * count / self.lines[at].quantity * offer.value / 100)
        else:
            off = self.hand_out(self.order_discount(offer, places), places)
        for at in places:
            self.owed[at] -= off[at]
        self.took[offer.key] = (sum(off.values(), Fraction(0)), Fraction(0))

    def gifts(self, offer: Offer, places: list[int]) -> dict[int, int]:
        """Count the gifts by laying every unit on the table: x are paid, y are gifts, x are paid, and so on."""
        units = [
            (self.lines[at].amount / self.lines[at].quantity, at)
            for at in places
            for _ in range(self.lines[at].quantity)
        ]
        free, round_of = 0, offer.buy + offer.get
        for number in range(len(units)):
            free += number % round_of >= offer.buy
        found: dict[int, int] = {}
        for _, at in sorted(units)[:free]:
            found[at] = found.get(at, 0) + 1
        return found

    def order_discount(self, offer: Offer, places: list[int]) -> Fraction:
        """What is taken off the sum of what is owed."""
        owed = sum((self.owed[at] for at in places), Fraction(0))
        if offer.kind == "fixed_order":
            return min(self.nearest(offer.value), owed)
        percent = offer.value
        if offer.kind == "tiered":
            whole = sum((self.lines[at].amount for at in places), Fraction(0))
            for minimum, value in sorted(offer.tiers):
                if minimum <= whole:
                    percent = value
        off = self.nearest(owed * percent / 100)
        if offer.cap is not None:
            while off > offer.cap:
                off = offer.cap - offer.cap % self.coin
        return off

    def hand_out(self, total: Fraction, places: list[int]) -> dict[int, Fraction]:
        """Give each its whole coins, then coin by coin to who is furthest below their quota, the first of equals."""
        owed = sum((self.owed[at] for at in places), Fraction(0))
        if owed == 0:
            return dict.fromkeys(places, Fraction(0))
        quota = {at: total * self.owed[at] / owed for at in places}
        given = {at: quota[at] - quota[at] % self.coin for at in places}
        served: set[int] = set()
        while sum(given.values()) < total:
            at = max((at for at in places if at not in served), key=lambda at: (quota[at] - given[at], -at))
            given[at] += self.coin
            served.add(at)
        return given


def reckon(
    lines: Iterable[Line], offers: Iterable[Offer], coin: Fraction, charge: Callable[[Fraction], Fraction]
) -> Answer:
    """Try every subset of the coupons, one bit for each, and keep the cheapest order."""
    lines, offers = tuple(lines), sorted(offers, key=lambda offer: offer.key)
    plain = sum((line.amount for line in lines), Fraction(0))
    before = plain + charge(plain)
    out = {offer.key: _outright(offer, lines) for offer in offers}
    results: dict[int, tuple[_Till, Fraction, frozenset[str]]] = {}
    for bits in range(1, 1 << len(offers)):
        chosen = [offer for at, offer in enumerate(offers) if bits >> at & 1]
        alone = len(chosen) == 1
        if not alone and (any(out[offer.key] for offer in chosen) or not _friends(chosen)):
            continue
        if alone and {"no_eligible_line", "below_minimum"} & out[chosen[0].key]:
            continue
        till, fee = _ring_up(lines, chosen, coin, charge)
        cost = sum(till.owed, Fraction(0)) + fee
        results[bits] = (till, fee, _wrong(chosen, till, saves=cost < before))
    good = {
        bits for bits, (_, _, wrong) in results.items() if not wrong and not any(out[o.key] for o in _of(bits, offers))
    }
    ranked = sorted(
        good, key=lambda bits: (sum(results[bits][0].owed) + results[bits][1], [o.key for o in _of(bits, offers)])
    )
    able = {offer.key for bits in good for offer in _of(bits, offers)}
    refused = {
        offer.key: frozenset(out[offer.key]) | (results[1 << at][2] if 1 << at in results else frozenset())
        for at, offer in enumerate(offers)
        if offer.key not in able
    }
    if not ranked:
        return Answer(tuple(Fraction(0) for _ in lines), charge(plain), {}, frozenset(), refused, len(results))
    till, fee, _ = results[ranked[0]]
    off = tuple(line.amount - owed for line, owed in zip(lines, till.owed, strict=True))
    return Answer(off, fee, till.took, frozenset(able - till.took.keys()), refused, len(results))


def _of(bits: int, offers: list[Offer]) -> list[Offer]:
    return [offer for at, offer in enumerate(offers) if bits >> at & 1]


def _outright(offer: Offer, lines: tuple[Line, ...]) -> set[str]:
    """What stands against a coupon before anything is taken off."""
    wrong = set(offer.reasons)
    mine = [line.amount for line in lines if line.variant in offer.variants]
    enough = offer.minimum is None or sum(mine) >= offer.minimum
    if offer.kind == "tiered":
        enough = enough and any(sum(mine) >= minimum for minimum, _ in offer.tiers)
    if not mine:
        wrong.add("no_eligible_line")
    elif not enough:
        wrong.add("below_minimum")
    return wrong


def _friends(chosen: list[Offer]) -> bool:
    """Whether each of them lists the class of each other one."""
    return all(_CLASS[other.kind] in offer.beside for offer in chosen for other in chosen if offer.key != other.key)


def _ring_up(
    lines: tuple[Line, ...], chosen: list[Offer], coin: Fraction, charge: Callable[[Fraction], Fraction]
) -> tuple[_Till, Fraction]:
    """Products, then the order, then the shipping."""
    till = _Till(coin, lines, [line.amount for line in lines])
    for wanted in ("product", "order"):
        for offer in chosen:
            if _CLASS[offer.kind] == wanted:
                till.ring(offer)
    fee = charge(sum(till.owed, Fraction(0)))
    for offer in chosen:
        if offer.kind == "free_shipping":
            till.took[offer.key] = (fee, fee)
            fee = Fraction(0)
    return till, fee


def _wrong(chosen: list[Offer], till: _Till, *, saves: bool) -> frozenset[str]:
    """What stands against a set once it is rung up."""
    wrong = set()
    for offer in chosen:
        amount, _ = till.took[offer.key]
        if offer.left is not None and amount > offer.left:
            wrong.add("over_budget")
        if amount == 0:
            wrong.add("no_saving")
    if not saves:
        wrong.add("no_saving")
    return frozenset(wrong)

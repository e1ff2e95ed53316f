"""What a back office should do, in plain Python: orders with their goods, and the shelves, coupon and books they share.

Of `lumia` only the names of errors are used. A step that is not allowed raises its error, and changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from math import floor

from lumia.errors import (
    CouponRefused,
    IdempotencyConflict,
    IllegalTransition,
    InsufficientStock,
    InvalidValue,
    NotFound,
)
from tests.support.back_office_money import OPEN, Accounts
from tests.support.back_office_rows import Fill, Line, Parcel, Payment, Refund, Refused, SentBack, Shelves, Told

__all__ = ["FREE_FROM", "PATIENCE", "TAX", "ModelOrder", "Office"]

TAX = Fraction(20, 100)
FREE_FROM = 5000
PATIENCE = timedelta(minutes=30)


@dataclass(slots=True, eq=False)
class ModelOrder(Accounts):
    """An order with all that hangs on it."""

    # --- cancelling ---------------------------------------------------------------------------------------------------

    def cancel(self) -> None:
        """The whole order is off."""
        if self.status == "cancelled":
            return
        was_paid = self.status == "paid"
        if self.sent or not (was_paid or (self.status == "pending" and not self.kept_money)):
            raise Refused(IllegalTransition)
        self.expires = None
        self.enter("cancelled")
        for payment in self.payments:
            if payment.status in OPEN:
                payment.told.append(Told("", "voided"))
                self.events.append("payment.voided")
        if was_paid:
            self.write([Refund(row, self.room(row)) for row in self.payments if self.room(row)])
        for line in self.lines:
            line.cancelled = line.quantity
            for fill in line.fills:
                self._release(line, fill, fill.left)

    def _release(self, line: Line, fill: Fill, units: int) -> None:
        fill.released += units
        self.shelves.allocated[line.variant, fill.location] -= units

    def cancel_items(self, items: Mapping[int, int]) -> None:
        """Some units are off."""
        if any(units > self.lines[at].unsent for at, units in items.items()):
            raise Refused(IllegalTransition)
        is_all = all(items.get(at, 0) == line.unsent for at, line in enumerate(self.lines))
        if is_all and not self.sent and self.status != "refunded":
            self.cancel()
            return
        if self.status == "pending":
            if self.captured:
                raise Refused(IllegalTransition)
            for at, units, amount in self.units_worth(items):
                self.lines[at].waived.append((units, amount))
        else:
            self.write(self.spread(self.payments, self._owed(items)))
        for at, units in items.items():
            self.lines[at].cancelled += units
            left = units
            for fill in sorted(self.lines[at].fills, key=lambda fill: -fill.location):
                part = min(left, fill.left)
                left -= part
                self._release(self.lines[at], fill, part)
        self.events.append("items.cancelled")
        self.advance()

    def _owed(self, items: Mapping[int, int]) -> list[tuple[int, int, int]]:
        owed = {}
        for at, units in items.items():
            # Units that were refunded by hand and are not back go first: nobody pays for them twice.
            early = self.settled(at)[0] - self.lines[at].cancelled - self.lines[at].returned
            if units > max(0, early):
                owed[at] = units - max(0, early)
        left, due = self.kept_money, []
        for at, units, amount in self.units_worth(owed):
            due.append((at, units, min(amount, left)))
            left -= min(amount, left)
        return due

    # --- goods --------------------------------------------------------------------------------------------------------

    def ship(self, items: Mapping[int, int] | None, location: int | None) -> None:
        """Units leave."""
        whole = self.fulfillment_status in {"shipped", "delivered"}
        if items is None and whole and self.status in {"shipped", "delivered"}:
            return
        if self.status not in {"paid", "shipped"}:
            raise Refused(IllegalTransition)
        parts = self._packed(items, [location] if location is not None else [0, 1])
        out: Counter[tuple[int, int]] = Counter()
        for at, fill, units in parts:
            out[self.lines[at].variant, fill.location] += units
        if any(units > self.shelves.on_hand[row] for row, units in out.items()):
            raise Refused(InsufficientStock)
        for at, fill, units in parts:
            fill.shipped += units
            self.lines[at].shipped += units
        self.shelves.on_hand.subtract(out)
        self.shelves.allocated.subtract(out)
        for place in sorted({fill.location for _, fill, _ in parts}):
            packed = {at: units for at, fill, units in parts if fill.location == place}
            self.parcels.append(Parcel(place, packed))
            self.events.append("shipment.shipped")
        self.advance()

    def _packed(self, items: Mapping[int, int] | None, places: Sequence[int]) -> list[tuple[int, Fill, int]]:
        parts = []
        for at, line in enumerate(self.lines):
            left = line.quantity if items is None else items.get(at, 0)
            for fill in sorted(line.fills, key=lambda fill: fill.location):
                units = min(left, fill.left) if fill.location in places else 0
                left -= units
                parts += [(at, fill, units)] if units else []
            if items is not None and left:
                raise Refused(IllegalTransition)
        if not parts:
            raise Refused(IllegalTransition)
        return parts

    def deliver(self, parcel: Parcel | None) -> None:
        """What is on its way arrives."""
        if not self.parcels:
            raise Refused(IllegalTransition)
        arrived = [row for row in self.parcels if (parcel is None or parcel is row) and not row.arrived]
        for row in arrived:
            row.arrived = True
            self.events.append("shipment.delivered")
        if arrived:
            self.advance()

    # --- what comes back ----------------------------------------------------------------------------------------------

    def out(self, at: int) -> int:
        """Units of a line that can be sent back."""
        asked = sum(row.items.get(at, 0) for row in self.returns if row.status in {"requested", "approved"})
        return self.lines[at].shipped - self.lines[at].returned - asked

    def ask_back(self, items: Mapping[int, int]) -> None:
        """A customer wants to send units back."""
        if any(units > self.out(at) for at, units in items.items()):
            raise Refused(IllegalTransition)
        self.returns.append(SentBack(dict(items)))
        self.events.append("return.requested")

    def decide(self, back: SentBack, status: str) -> None:
        """The shop agrees, or does not."""
        if back.status == status:
            return
        if back.status not in {"requested", *(["approved"] if status == "rejected" else [])}:
            raise Refused(IllegalTransition)
        back.status = status
        self.events.append(f"return.{status}")

    def receive(self, back: SentBack, location: int, came: Mapping[int, tuple[int, int]] | None) -> None:
        """What was sent back is there, fit to be sold again or damaged."""
        if back.status == "received":
            return
        if back.status != "approved":
            raise Refused(IllegalTransition)
        came = {at: (units, 0) for at, units in back.items.items()} if came is None else came
        if any(at not in back.items for at in came):
            raise Refused(NotFound)
        if any(sum(units) > back.items[at] for at, units in came.items()) or not any(map(sum, came.values())):
            raise Refused(InvalidValue)
        for at, (fit, damaged) in came.items():
            self.lines[at].returned += fit + damaged
            self.shelves.on_hand[self.lines[at].variant, location] += fit
        back.came, back.location = {at: units for at, units in came.items() if sum(units)}, location
        back.status = "received"
        self.events.append("return.received")


@dataclass(slots=True)
class Office:
    """A shop's orders, its shelves at two locations, one coupon, and the invoices that it wrote."""

    prices: list[int] = field(default_factory=list)
    postage: int = 0
    include_tax: bool = False
    percent: int = 0
    limit: int = 0
    last_invoice: int = 0
    shelves: Shelves = field(default_factory=Shelves)
    orders: list[ModelOrder] = field(default_factory=list)
    told: dict[str, tuple[Payment, Told]] = field(default_factory=dict)
    paid: list[int] = field(default_factory=list)

    @property
    def redeemed(self) -> list[ModelOrder]:
        """The orders that hold the coupon."""
        return [order for order in self.orders if order.has_coupon and order.status != "cancelled"]

    def free(self, variant: int, location: int) -> int:
        """Units that a location can still promise."""
        return self.shelves.on_hand[variant, location] - self.shelves.allocated[variant, location]

    def total(self, wanted: Mapping[int, int], *, coupon: bool) -> int:
        """What a cart comes to."""
        totals, shipping, _ = self._priced(wanted, coupon=coupon)
        return sum(totals) + shipping

    def _priced(self, wanted: Mapping[int, int], *, coupon: bool) -> tuple[list[int], int, int]:
        amounts = [self.prices[variant] * units for variant, units in wanted.items()]
        whole = sum(amounts)
        off = floor(Fraction(whole * self.percent, 100) + Fraction(1, 2)) if coupon else 0
        cuts = [off * amount // whole if whole else 0 for amount in amounts]
        # The pennies that are left go to whoever lost most by rounding down.
        lost = sorted(range(len(amounts)), key=lambda at: (-(off * amounts[at] % whole if whole else 0), at))
        for at in lost[: off - sum(cuts)]:
            cuts[at] += 1
        rest = [amount - cut for amount, cut in zip(amounts, cuts, strict=True)]
        taxes = [0 if self.include_tax else floor(amount * TAX + Fraction(1, 2)) for amount in rest]
        return [a + t for a, t in zip(rest, taxes, strict=True)], self._shipping(whole - off), off

    def _shipping(self, goods: int) -> int:
        return 0 if goods >= FREE_FROM else self.postage

    def place(self, wanted: Mapping[int, int], now: datetime, *, coupon: bool) -> None:
        """A customer orders."""
        totals, shipping, off = self._priced(wanted, coupon=coupon)
        if coupon:
            goods = sum(self.prices[variant] * units for variant, units in wanted.items())
            saved = off + self._shipping(goods) - shipping
            if len(self.redeemed) >= self.limit or not off or saved <= 0:
                raise Refused(CouponRefused)
        if any(units > self.free(variant, 0) + self.free(variant, 1) for variant, units in wanted.items()):
            raise Refused(InsufficientStock)
        lines = [
            Line(variant, units, total, self._fills(variant, units))
            for (variant, units), total in zip(wanted.items(), totals, strict=True)
        ]
        order = ModelOrder(self.shelves, lines, sum(totals) + shipping, off, coupon, now + PATIENCE)
        self.orders.append(order)
        order.advance()

    def _fills(self, variant: int, units: int) -> list[Fill]:
        whole = [place for place in (0, 1) if self.free(variant, place) >= units]
        fills = []
        for place in whole[:1] or (0, 1):
            part = max(0, min(units, self.free(variant, place)))
            units -= part
            self.shelves.allocated[variant, place] += part
            fills += [Fill(place, part)] if part else []
        return fills

    def lose(self, variant: int, location: int, units: int) -> None:
        """Goods are gone, also some that were promised."""
        if units > self.shelves.on_hand[variant, location]:
            raise Refused(InsufficientStock)
        self.shelves.on_hand[variant, location] -= units

    def knows(self, payment: Payment, told: Told) -> bool:
        """Whether something was told before; another thing under the same key is refused."""
        if told.event not in self.told:
            return False
        known, before = self.told[told.event]
        same = known is payment and (before.kind, before.reference) == (told.kind, told.reference)
        if not same or told.amount not in {None, before.amount}:
            raise Refused(IdempotencyConflict)
        return True

    def step(self, order: ModelOrder, payment: Payment, told: Told) -> None:
        """The shop tells what became of a payment."""
        if self.knows(payment, told):
            return
        before = len(payment.told)
        order.step(payment, told.kind, told.amount, told.event)
        if len(payment.told) > before and told.event:
            self.told[told.event] = payment, payment.told[before]

    def hear(self, order: ModelOrder, payment: Payment, told: Told) -> None:
        """The provider tells what became of a payment, or of a refund."""
        if self.knows(payment, told):
            return
        order.take(payment, told)
        self.told[told.event] = payment, told

    def expire(self, now: datetime) -> list[int]:
        """Whoever has not paid in time loses the order."""
        late = [
            number
            for number, order in enumerate(self.orders)
            if order.status == "pending" and order.expires and order.expires <= now and not order.kept_money
        ]
        for number in late:
            self.orders[number].cancel()
        return late

    def note_paid(self) -> None:
        """Remember in which order the orders were paid; at most one is paid at a step."""
        self.paid += [
            number for number, order in enumerate(self.orders) if "paid" in order.history and number not in self.paid
        ]

    def invoices(self, most: int) -> list[tuple[int, int]]:
        """Give numbers to orders that were paid, in the order of their payment."""
        waiting = [number for number in self.paid if self.orders[number].invoice is None][:most]
        for number in waiting:
            self.last_invoice += 1
            self.orders[number].invoice = self.last_invoice
        return [(number, self.orders[number].invoice or 0) for number in waiting]

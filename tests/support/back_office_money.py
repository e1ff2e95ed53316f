"""What may become of an order and its money, in plain Python with whole pennies: its rules, written a second time.

Of `lumia` only the names of errors are used. A step that is not allowed raises its error, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lumia.errors import AlreadyExists, IllegalTransition, InvalidValue
from tests.support.back_office_rows import Line, Parcel, Payment, Refund, Refused, SentBack, Shelves, Told

__all__ = ["OPEN", "Accounts"]

OPEN = ("pending", "authorized")
FINAL = ("cancelled", "refunded")


@dataclass(slots=True, eq=False)
class Accounts:
    """An order with all that hangs on it: where it stands, and its money."""

    shelves: Shelves
    lines: list[Line]
    total: int
    discount: int
    has_coupon: bool
    expires: datetime | None
    status: str = "pending"
    payments: list[Payment] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    returns: list[SentBack] = field(default_factory=list)
    history: list[str] = field(default_factory=lambda: ["pending"])
    events: list[str] = field(default_factory=lambda: ["order.placed"])
    invoice: int | None = None
    public_id: str = ""

    # --- where it stands ----------------------------------------------------------------------------------------------

    def given_back(self, payment: Payment) -> int:
        """What goes back of a payment."""
        return sum(row.amount for row in self.refunds if row.payment is payment and row.status != "failed")

    def room(self, payment: Payment) -> int:
        """What a payment can still give back."""
        return payment.captured - self.given_back(payment)

    @property
    def captured(self) -> int:
        """What came in."""
        return sum(payment.captured for payment in self.payments)

    @property
    def kept_money(self) -> int:
        """What came in and does not go back."""
        return sum(self.room(payment) for payment in self.payments)

    @property
    def due(self) -> int:
        """What was to be paid."""
        return self.total - sum(amount for line in self.lines for _, amount in line.waived)

    @property
    def sent(self) -> int:
        """Units that left."""
        return sum(line.shipped for line in self.lines)

    @property
    def payment_status(self) -> str:
        """Where its money stands."""
        states = {payment.status for payment in self.payments}
        if self.captured and not self.kept_money:
            return "refunded"
        if self.kept_money < self.captured:
            return "partially_refunded"
        if self.captured >= self.due:
            return "paid"
        if self.captured:
            return "partially_paid"
        if "authorized" in states:
            return "authorized"
        return "voided" if "voided" in states and "pending" not in states else "none"

    @property
    def fulfillment_status(self) -> str:
        """Where its units are."""
        kept = sum(line.quantity - line.cancelled for line in self.lines)
        there = sum(units for parcel in self.parcels if parcel.arrived for units in parcel.items.values())
        if not self.sent:
            return "unfulfilled"
        if there == kept:
            return "delivered"
        if there:
            return "partially_delivered"
        return "shipped" if self.sent == kept else "partially_shipped"

    def _due_status(self) -> str:
        if self.status in FINAL:
            return self.status
        back = sum(refund.amount for refund in self.refunds if refund.status == "succeeded")
        if back == self.captured > 0 and self.status != "pending":
            return "refunded"
        if self.fulfillment_status == "delivered":
            return "delivered"
        if self.sent:
            return "shipped"
        counts = self.captured if self.status == "paid" else self.kept_money
        return "paid" if counts >= self.due else "pending"

    def advance(self) -> None:
        """Take the step that what happened calls for, if it calls for one."""
        promised = sum(row.amount for row in self.payments if row.status == "authorized" and row.at_shipment)
        if self.status == "pending" and self.kept_money + promised >= self.due:
            self.expires = None
        if (status := self._due_status()) != self.status:
            self.enter(status)

    def enter(self, status: str) -> None:
        """Take a step of its life."""
        self.status = status
        self.history.append(status)
        self.events.append(f"order.{status}")

    def _tell(self, kind: str, amount: int) -> None:
        self.events.append(f"{kind} {amount}")

    # --- payments -----------------------------------------------------------------------------------------------------

    def record(self, payment: Payment) -> None:
        """Somebody means to pay."""
        if self.status in FINAL:
            raise Refused(IllegalTransition)
        if payment.amount > self.total:
            raise Refused(InvalidValue)
        self.payments.append(payment)
        self.advance()

    def step(self, payment: Payment, kind: str, amount: int | None, event: str) -> None:
        """The shop tells what became of a payment."""
        done = payment.captured == payment.amount and amount is None if kind == "captured" else payment.status == kind
        if done:
            return
        possible = {"authorized": ("pending",), "captured": (payment.status,)}.get(kind, OPEN)
        if payment.status not in possible:
            raise Refused(IllegalTransition)
        if kind == "captured" and amount is None:
            amount = payment.amount - payment.captured
        self.take(payment, Told(event, kind, amount))

    def take(self, payment: Payment, told: Told) -> None:
        """Something is told for the first time."""
        if told.kind in {"refunded", "refund_failed"}:
            payment.waiting.append(told)
            self.settle(payment)
            return
        if told.kind == "captured" and payment.captured + (told.amount or 0) > payment.amount:
            raise Refused(InvalidValue)
        payment.told.append(told)
        if told.amount is None:
            self.events.append(f"payment.{told.kind}")
        else:
            self._tell(f"payment.{told.kind}", told.amount)
        self.advance()
        if told.kind == "captured":
            over = told.amount if self.status in FINAL else min(told.amount or 0, self.kept_money - self.due)
            if over and over > 0:
                self._tell("refund_due", over)
            self.settle(payment)

    # --- refunds ------------------------------------------------------------------------------------------------------

    def settled(self, at: int) -> tuple[int, int]:
        """Units of a line that were waived or refunded, and for how much."""
        waived = self.lines[at].waived
        items = [item for row in self.refunds if row.status != "failed" for item in row.items if item[0] == at]
        units = sum(units for units, amount in waived if amount) + sum(units for _, units, _ in items)
        return units, sum(amount for _, amount in waived) + sum(amount for _, _, amount in items)

    def units_worth(self, items: Mapping[int, int]) -> list[tuple[int, int, int]]:
        """What is still to be given back for further units: line, units, amount."""
        due = []
        for at, units in sorted(items.items()):
            before, amount = self.settled(at)
            if before + units > self.lines[at].quantity:
                raise Refused(InvalidValue)
            due.append((at, units, max(0, self.lines[at].worth(before + units) - amount)))
        return due

    def spread(self, payments: Iterable[Payment], due: Iterable[tuple[int, int, int]]) -> list[Refund]:
        """Take what units come to from payments, one after the other."""
        left = [item for item in due if item[2]]
        drafts = []
        for payment in payments:
            draft = Refund(payment, 0)
            while left and draft.amount < self.room(payment):
                at, units, amount = left.pop(0)
                part = min(amount, self.room(payment) - draft.amount)
                draft.items.append((at, units, part))
                draft.amount += part
                if part < amount:
                    left.insert(0, (at, 0, amount - part))
            if draft.items:
                drafts.append(draft)
        if left:
            raise Refused(InvalidValue)
        return drafts

    def write(self, drafts: Iterable[Refund]) -> None:
        """Ask for refunds."""
        for draft in drafts:
            self.refunds.append(draft)
            self._tell("refund.requested", draft.amount)

    def refund(self, payment: Payment, amount: int) -> None:
        """Part of a payment goes back."""
        if amount > self.room(payment):
            raise Refused(InvalidValue)
        self.write([Refund(payment, amount)])
        self.advance()

    def refund_units(self, payment: Payment, items: Mapping[int, int]) -> None:
        """What was paid for units goes back."""
        drafts = self.spread([payment], self.units_worth(items))
        if not drafts:
            raise Refused(InvalidValue)
        self.write(drafts)
        self.advance()

    def end_refund(self, refund: Refund, status: str, reference: str | None) -> None:
        """The shop tells what became of a refund."""
        if refund.status not in {"pending", status}:
            raise Refused(IllegalTransition)
        if reference is not None and refund.reference not in {None, reference}:
            raise Refused(InvalidValue)
        named = reference is not None and refund.reference is None
        if named and any(row.reference == reference for row in self.refunds if row.payment is refund.payment):
            raise Refused(AlreadyExists)
        if named:
            refund.reference = reference
        if refund.status != status:
            self._become(refund, status)
        elif not named:
            return
        self.settle(refund.payment)

    def _become(self, refund: Refund, status: str) -> None:
        refund.status = status
        self._tell(f"refund.{status}", refund.amount)
        self.advance()

    def settle(self, payment: Payment) -> None:
        """What was told about refunds too early takes effect as soon as it can."""
        while any([self._settles(payment, told) for told in list(payment.waiting)]):  # noqa: C419 - each of them
            pass

    def _settles(self, payment: Payment, told: Told) -> bool:
        named = [
            row
            for row in self.refunds
            if row.payment is payment and told.reference in {row.reference, row.public_id or None}
        ]
        amount = told.amount or 0
        if not named and told.kind == "refunded":
            # Its key is not known yet: what was asked for and is of this amount is meant.
            named = [row for row in self.refunds if row.payment is payment and row.status == "pending"]
            named = [row for row in named if row.reference is None and row.amount == amount][:1]
            for row in named:
                row.reference = told.reference
        if not named:
            if told.kind == "refund_failed" or amount > self.room(payment):
                return False
            refund = Refund(payment, amount, status="failed", reference=told.reference)
            self.refunds.append(refund)
            self._become(refund, "succeeded")
        elif told.kind == "refund_failed":
            if named[0].status == "pending":
                self._become(named[0], "failed")
        elif not self._succeeds(named[0], amount):
            return False
        payment.waiting.remove(told)
        return True

    def _succeeds(self, refund: Refund, amount: int) -> bool:
        if refund.amount != amount:
            return False
        if refund.status == "failed":
            units = {at: self.settled(at)[0] + units for at, units, _ in refund.items}
            if amount > self.room(refund.payment) or any(n > self.lines[at].quantity for at, n in units.items()):
                return False
        if refund.status != "succeeded":
            self._become(refund, "succeeded")
        return True

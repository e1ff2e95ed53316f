"""The parts of a model order: lines and where their units are, payments, refunds, parcels and returns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from lumia.errors import LumiaError

__all__ = ["Fill", "Line", "Parcel", "Payment", "Refund", "Refused", "SentBack", "Shelves", "Told"]

WEIGHTS = ("pending", "authorized", "failed", "voided", "captured")
"""What is told about a payment, by how much it counts."""


class Refused(Exception):
    """What may not be done."""

    def __init__(self, error: type[LumiaError]) -> None:
        """Name the error."""
        self.error = error
        super().__init__(error)


@dataclass(slots=True)
class Shelves:
    """Counters by variant and location, which all orders share."""

    on_hand: Counter[tuple[int, int]] = field(default_factory=Counter)
    allocated: Counter[tuple[int, int]] = field(default_factory=Counter)


@dataclass(slots=True)
class Fill:
    """Units of a line that a location was asked for."""

    location: int
    quantity: int
    released: int = 0
    shipped: int = 0

    @property
    def left(self) -> int:
        """Units that wait there."""
        return self.quantity - self.released - self.shipped


@dataclass(slots=True)
class Line:
    """A line with what it comes to and where its units are."""

    variant: int
    quantity: int
    total: int
    fills: list[Fill]
    waived: list[tuple[int, int]] = field(default_factory=list)
    cancelled: int = 0
    shipped: int = 0
    returned: int = 0
    key: int = -1

    @property
    def unsent(self) -> int:
        """Units that can still be sent, or cancelled."""
        return self.quantity - self.cancelled - self.shipped

    def worth(self, units: int) -> int:
        """What the first so many units come to, penny by penny: the odd pennies went to the first ones."""
        return sum(len(range(unit, self.total, self.quantity)) for unit in range(units))


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was told about a payment."""

    event: str
    kind: str
    amount: int | None = None
    reference: str | None = None


@dataclass(slots=True, eq=False)
class Payment:
    """A payment: where it stands is what was told about it, whatever the order."""

    amount: int
    at_shipment: bool
    reference: str
    told: list[Told] = field(default_factory=list)
    waiting: list[Told] = field(default_factory=list)
    key: int = -1

    @property
    def captured(self) -> int:
        """What came in."""
        return sum(told.amount or 0 for told in self.told if told.kind == "captured")

    @property
    def status(self) -> str:
        """What weighs most."""
        return max((told.kind for told in self.told), key=WEIGHTS.index, default="pending")


@dataclass(slots=True, eq=False)
class Refund:
    """Money that goes back, and for which units: line, units, amount."""

    payment: Payment
    amount: int
    items: list[tuple[int, int, int]] = field(default_factory=list)
    status: str = "pending"
    reference: str | None = None
    public_id: str = ""
    key: int = -1


@dataclass(slots=True)
class Parcel:
    """What left a location."""

    location: int
    items: dict[int, int]
    arrived: bool = False
    key: int = -1


@dataclass(slots=True)
class SentBack:
    """A return: what was asked for, and what came, fit and damaged."""

    items: dict[int, int]
    status: str = "requested"
    came: dict[int, tuple[int, int]] = field(default_factory=dict)
    location: int | None = None
    key: int = -1

"""What a shop should do, in plain Python with whole pennies: the model that property tests compare with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

__all__ = ["FREE_FROM", "POSTAGE", "TAX", "ModelOrder", "ShopModel"]

TAX = Fraction(20, 100)
POSTAGE = 495
FREE_FROM = 5000


@dataclass(slots=True)
class ModelOrder:
    """An order: what was bought at which price, what came from where, and whether it is still open."""

    customer: int
    lines: list[tuple[int, int, int]]
    fills: list[tuple[int, int, int]]
    total: int
    status: str = "pending"


@dataclass(slots=True)
class ShopModel:
    """Prices in pennies, counters by variant and location, carts by customer; everything is named by its rank."""

    prices: list[int] = field(default_factory=list)
    on_hand: Counter[tuple[int, int]] = field(default_factory=Counter)
    allocated: Counter[tuple[int, int]] = field(default_factory=Counter)
    carts: dict[int, dict[int, int]] = field(default_factory=dict)
    holds: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)
    orders: list[ModelOrder] = field(default_factory=list)
    locations: int = 2
    include_tax: bool = False

    def reserved(self, variant: int, location: int, but: int | None = None) -> int:
        """Units on hold for all customers but one."""
        return sum(
            units
            for customer, holds in self.holds.items()
            for held, place, units in holds
            if customer != but and (held, place) == (variant, location)
        )

    def free(self, variant: int, location: int, customer: int | None = None) -> int:
        """Units that one location can still promise to a customer, whose own holds never block."""
        on_hand, allocated = self.on_hand[variant, location], self.allocated[variant, location]
        return on_hand - allocated - self.reserved(variant, location, customer)

    def available(self, variant: int, customer: int | None = None) -> int:
        """Units that can be sold: what a location owes is missing from the whole."""
        return sum(self.free(variant, location, customer) for location in range(self.locations))

    def short(self, customer: int) -> list[tuple[int, int, int]]:
        """Variants of which a cart wants more than there is: variant, wanted, available."""
        return [
            (variant, wanted, max(0, self.available(variant, customer)))
            for variant, wanted in sorted(self.carts[customer].items())
            if wanted > self.available(variant, customer)
        ]

    def total(self, customer: int) -> int:
        """What a cart comes to, in pennies: tax rounded half-up line by line, postage under fifty pounds of goods."""
        amounts = [self.prices[variant] * quantity for variant, quantity in self.carts[customer].items()]
        tax = 0 if self.include_tax else sum(floor(amount * TAX + Fraction(1, 2)) for amount in amounts)
        return sum(amounts) + tax + (0 if sum(amounts) >= FREE_FROM else POSTAGE)

    def place(self, customer: int) -> ModelOrder:
        """Order a cart that nothing is short of."""
        lines = [(variant, quantity, self.prices[variant]) for variant, quantity in self.carts[customer].items()]
        fills = self._fills_of(customer)
        self.holds.pop(customer, None)
        order = ModelOrder(customer, lines, fills, self.total(customer))
        for variant, location, quantity in fills:
            self.allocated[variant, location] += quantity
        self.carts[customer] = {}
        self.orders.append(order)
        return order

    def reserve(self, customer: int) -> None:
        """Put what is in a cart that nothing is short of on hold."""
        self.holds[customer] = self._fills_of(customer)

    def _fills_of(self, customer: int) -> list[tuple[int, int, int]]:
        wanted = self.carts[customer].items()
        return [fill for variant, quantity in wanted for fill in self._fills(customer, variant, quantity)]

    def _fills(self, customer: int, variant: int, quantity: int) -> list[tuple[int, int, int]]:
        for location in range(self.locations):
            if self.free(variant, location, customer) >= quantity:
                return [(variant, location, quantity)]
        fills = []
        for location in range(self.locations):
            units = max(0, min(self.free(variant, location, customer), quantity))
            quantity -= units
            if units:
                fills.append((variant, location, units))
        return fills

    def cancel(self, order: ModelOrder) -> None:
        """Give the units of an open order back."""
        if order.status == "pending":
            order.status = "cancelled"
            for variant, location, quantity in order.fills:
                self.allocated[variant, location] -= quantity

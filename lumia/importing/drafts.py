"""What a file's lines add up to before anything of it is written: variants, buyers and orders, each known once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lumia.dto.imports import RejectReason

__all__ = ["AmountDraft", "BuyerDraft", "Ids", "NameDraft", "OrderDraft", "VariantDraft"]


class VariantDraft:
    """A stock code: its variant's keys, and how it was sold under each of its descriptions."""

    __slots__ = ("is_new", "names", "product_id", "sku", "variant_id")

    def __init__(self, sku: str, variant_id: int, product_id: int, *, is_new: bool) -> None:
        """Begin with no sale."""
        self.sku = sku
        self.variant_id = variant_id
        self.product_id = product_id
        self.is_new = is_new
        self.names: list[NameDraft] = []

    def product_name(self) -> str:
        """The description with most sold lines, ties to the smallest in byte order; the stock code if none has text."""
        named = [(-draft.lines, draft.name) for draft in self.names if draft.name]
        # Code points sort as their UTF-8 bytes do.
        return min(named)[1] if named else self.sku

    def price(self) -> int:
        """The price of its last line, in ten-thousandths."""
        return max(self.names, key=lambda draft: draft.last_line).price


class NameDraft:
    """A stock code under one description: the columns that all its lines share, and the last of them."""

    __slots__ = ("last_line", "lines", "name", "part", "price")

    def __init__(self, name: str, part: Any) -> None:
        """Begin with no line."""
        self.name = name
        self.part = part
        self.lines = 0
        self.last_line = 0
        self.price = 0


class AmountDraft:
    """A price and a quantity: the columns that all lines with both share, or why such a line is no sale."""

    __slots__ = ("part", "price", "reason", "units")

    def __init__(self, price: int, units: int, part: Any, reason: RejectReason | None) -> None:
        """Hold the price and its product with the quantity, both in ten-thousandths."""
        self.price = price
        self.units = units
        self.part = part
        self.reason = reason


class BuyerDraft:
    """A customer, known by a number or a guest of one invoice, and their addresses by country as written."""

    __slots__ = ("addresses", "customer_id", "email", "is_new", "reference")

    def __init__(self, customer_id: int, reference: str | None, email: str, *, is_new: bool) -> None:
        """Begin without addresses."""
        self.customer_id = customer_id
        self.reference = reference
        """The customer's number in the source, None for a guest."""
        self.email = email
        self.is_new = is_new
        self.addresses: dict[str, int | None] = {}
        """The key of the address in each country; None until it is written."""


class OrderDraft:
    """An invoice: what its lines share and what they add up to; an order once it has a line that is a sale."""

    __slots__ = ("buyer", "country", "customer", "first", "invoice", "lines", "order_id", "part", "reason", "units")

    buyer: BuyerDraft

    def __init__(self, invoice: str, customer: str, country: str, reason: RejectReason | None) -> None:
        """Begin without a line; `reason` says why none can be a sale."""
        self.invoice = invoice
        self.customer = customer
        self.country = country
        self.reason = reason
        self.order_id = 0
        self.part: Any = None
        self.lines = 0
        self.units = 0
        self.first = ""
        """The earliest line's instant, as text."""


class Ids:
    """New keys of one table, drawn ahead in blocks that grow; the gaps that are left over do no harm."""

    def __init__(self, reserve: Callable[[int], Iterator[int]]) -> None:
        """Draw from `reserve`, which gives as many new keys as it is asked for."""
        self._reserve = reserve
        self._keys: list[int] = []
        self._block = 1024

    def has(self, count: int) -> bool:
        """Whether so many can be taken without drawing."""
        return len(self._keys) >= count

    def draw(self, count: int) -> None:
        """Make sure that at least `count` can be taken."""
        if not self.has(count):
            self._block = max(count, min(2 * self._block, 65_536))
            self._keys = [*reversed(list(self._reserve(self._block))), *self._keys]

    def take(self) -> int:
        """Give the next key; `IndexError` if none was drawn."""
        return self._keys.pop()

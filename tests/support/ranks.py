"""Two engines give the same thing different keys: values with every key replaced by its rank, so that they compare."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel

__all__ = ["Ranks"]

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "address_id": "address",
        "billing_address_id": "address",
        "cart_id": "cart",
        "cart_item_id": "cart item",
        "category_id": "category",
        "customer_id": "customer",
        "location_id": "location",
        "order_id": "order",
        "order_item_id": "order item",
        "order_number": "order number",
        "order_status_history_id": "step",
        "outbox_id": "event",
        "product_id": "product",
        "shipping_address_id": "address",
        "stock_movement_id": "movement",
        "variant_id": "variant",
    }
)
"""Which field holds whose key."""


class Ranks:
    """The keys of one engine in the order in which they were first seen."""

    def __init__(self) -> None:
        """Start with none."""
        self._seen: dict[str, dict[int, int]] = {}

    def of(self, kind: str, key: int) -> int:
        """Give the rank of a key; a new key gets the next one."""
        seen = self._seen.setdefault(kind, {})
        return seen.setdefault(key, len(seen))

    def key(self, kind: str, rank: int) -> int:
        """Give the key of a rank."""
        return list(self._seen[kind])[rank]

    def keys(self, kind: str) -> list[int]:
        """Give all keys of a kind, by rank."""
        return list(self._seen.get(kind, {}))

    def by_key(self) -> dict[str, list[int]]:
        """Give the ranks of each kind in the order of their keys: what sorts first on one engine does on the other."""
        return {kind: [seen[key] for key in sorted(seen)] for kind, seen in self._seen.items()}

    def without_keys(self, value: Any) -> Any:
        """Give a value as plain data in which ranks stand for keys."""
        if isinstance(value, BaseModel):
            return {
                name: self.of(KINDS[name], part) if name in KINDS and part is not None else self.without_keys(part)
                for name, part in value
            }
        if isinstance(value, list | tuple):
            return [self.without_keys(part) for part in value]
        return value

"""The value of an optional argument that is left out; None is a value of its own."""

from __future__ import annotations

from enum import Enum
from typing import Final

__all__ = ["UNSET", "Unset"]


class Unset(Enum):
    """The type of `UNSET`: write `status: OrderStatus | Unset = UNSET`."""

    UNSET = "unset"

    def __repr__(self) -> str:
        """Read well in a signature."""
        return self.name


UNSET: Final = Unset.UNSET
"""Leaves an optional filter out of a call; compare with `is`."""

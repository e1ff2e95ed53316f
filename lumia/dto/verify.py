"""What a check of a shop's stored invariants found."""

from __future__ import annotations

from lumia.dto.base import FrozenRow

__all__ = ["VerifyFault", "VerifyLine", "VerifyReport"]


class VerifyFault(FrozenRow):
    """A row that breaks a rule: its key as text, parts of a key separated by `/`, and how many such rows there are."""

    row_key: str
    faults: int


class VerifyLine(FrozenRow):
    """What one line of the check found.

    Attributes:
        name: the line's name.
        rule: what holds of every row, in one sentence.
        invariants: the invariants of the domain that it is about, by number; () for one that has none.
        keys_of: which key the offending rows are named by, such as `order_id` or `variant_id/location_id`.
        faults: how many rows break the rule, all of them counted.
        keys: the first of them.
    """

    name: str
    rule: str
    invariants: tuple[int, ...]
    keys_of: str
    faults: int
    keys: tuple[str, ...]


class VerifyReport(FrozenRow):
    """What a whole check found, line by line, read at one moment."""

    lines: tuple[VerifyLine, ...]

    @property
    def faults(self) -> int:
        """How many rows break a rule, over all lines."""
        return sum(line.faults for line in self.lines)

    @property
    def is_clean(self) -> bool:
        """Whether every rule holds."""
        return self.faults == 0

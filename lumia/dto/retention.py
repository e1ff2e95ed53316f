"""What retention asks for, and the stock rows whose ledger it folds."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from lumia.dto.base import FrozenRow, InputModel
from lumia.types import Instant

__all__ = ["FoldableStock", "RetentionRequest"]

MAX_BATCH: Final = 500


class FoldableStock(FrozenRow):
    """A stock row's movements that one balance can stand for.

    Attributes:
        variant_id: the variant.
        location_id: where it lies.
        movements: how many there are, at most a batch of them.
        folding_to: the last of them, None where there are none.
    """

    variant_id: int
    location_id: int
    movements: int
    folding_to: int | None


class RetentionRequest(InputModel):
    """What may go: everything that ended before an instant, `batch` rows in each unit of work."""

    before: Instant
    batch: Annotated[int, Field(strict=True, ge=2, le=MAX_BATCH)]

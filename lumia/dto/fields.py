"""Field types that several input models share: texts with their lengths, slugs, SKUs and phone numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from lumia.types import SafeText

__all__ = ["Actor", "FullLabel", "Length", "Note", "Phone", "ShortLabel", "Sku", "Slug", "Trimmed", "WholeNumber"]

MAX_STOCK: Final = 1_000_000_000
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Length:
    """Bounds a text's length in code points, counted after normalisation as the databases count it."""

    least: int
    most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check after everything that stands to the left of this marker."""
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def _checked(self, value: str) -> str:
        if not self.least <= len(value) <= self.most:
            message = f"needs {self.least} to {self.most} characters"
            raise ValueError(message)
        return value


def _checked_slug(value: str) -> str:
    if _SLUG.fullmatch(value) is None:
        message = "a slug has lower-case letters a-z, digits and single hyphens between them"
        raise ValueError(message)
    return value


def _checked_sku(value: str) -> str:
    if value != value.strip():
        message = "a SKU has no blank at its ends"
        raise ValueError(message)
    return value


Trimmed = Annotated[SafeText, AfterValidator(str.strip)]
"""Text whose blanks at both ends nobody meant."""

FullLabel = Annotated[Trimmed, Length(1, 200)]
"""A name that people read: of a product, a category, a shipping method; a recipient or an address line."""

ShortLabel = Annotated[Trimmed, Length(1, 100)]
"""A short name: of an option, a value, a location, a city."""

Slug = Annotated[SafeText, Length(1, 200), AfterValidator(_checked_slug)]
"""The readable part of a URL: a-z, 0-9 and single hyphens."""

Sku = Annotated[SafeText, Length(1, 64), AfterValidator(_checked_sku)]
"""A stock keeping unit as the shop writes it, compared byte by byte."""

Phone = Annotated[Trimmed, Length(1, 40)]
"""A phone number as typed."""

Note = Annotated[Trimmed, Length(0, 500)]
"""Why something was done, in a person's words; may be empty."""

Actor = Annotated[Trimmed, Length(1, 100)]
"""Who did it: a user's key or a program's name."""

WholeNumber = Annotated[int, Field(strict=True, ge=0, le=MAX_STOCK)]
"""A count of units, from none to a thousand million."""

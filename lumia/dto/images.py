"""Images: of products, and of single variants."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.fields import Length, Trimmed
from lumia.types import Id, SafeText, UtcDatetime

__all__ = ["ImageOrder", "ImageUpdate", "NewImage", "ProductImage"]

# A path has no colon before its first slash: what looks like another scheme is none of ours. Nor does it begin with two
# slashes, which a browser takes for another host.
_ADDRESS: Final = re.compile(r"(?:https?://[^\s/\\\x00-\x1f\x7f]|(?!//|[^/]*:))[^\s\\\x00-\x1f\x7f]+")


def _checked_url(value: str) -> str:
    if _ADDRESS.fullmatch(value) is None:
        message = "give an http or https URL, or a path, without blanks"
        raise ValueError(message)
    return value


def _each_once(values: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(values)) < len(values):
        message = "each image may stand once"
        raise ValueError(message)
    return values


ImageUrl = Annotated[SafeText, Length(1, 2000), AfterValidator(_checked_url)]
"""Where an image is fetched from: an http or https URL, or a path."""

AltText = Annotated[Trimmed, Length(0, 500)]
"""What an image shows, in words; empty for one that only decorates."""


class ProductImage(FrozenRow):
    """An image of a product; `variant_id` is None where it shows no variant in particular."""

    product_image_id: int
    product_id: int
    variant_id: int | None
    url: str
    alt_text: str
    position: int
    """Orders the product's images; places may be left free between them."""
    created_at: UtcDatetime
    updated_at: UtcDatetime


class NewImage(InputModel):
    """An image to add."""

    url: ImageUrl
    alt_text: AltText = ""
    variant_id: Annotated[Id, Field(strict=True)] | None = None


class ImageUpdate(InputModel):
    """What to change; None leaves a field as it is, but for the variant, which it takes away where it is set."""

    url: ImageUrl | None = None
    alt_text: AltText | None = None
    variant_id: Annotated[Id, Field(strict=True)] | None = None


class ImageOrder(InputModel):
    """The images of a product in the order in which they are to stand."""

    image_ids: Annotated[
        tuple[Annotated[Id, Field(strict=True)], ...], Field(max_length=100), AfterValidator(_each_once)
    ]

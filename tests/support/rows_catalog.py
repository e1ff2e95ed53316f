"""Builders of valid rows of what belongs to products: options, values, images and bundles."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tests.support.rows import Row, stamped

__all__ = ["a_bundle", "a_part", "a_value", "an_image", "an_option"]


def an_option(number: int, product: int, at: datetime) -> Row:
    """An option of a product."""
    return stamped(at, product_option_id=number, product_id=product, name=f"Option {number}", position=number)


def a_value(number: int, option: int, at: datetime, product: int = 1) -> Row:
    """A value of an option."""
    return stamped(
        at,
        option_value_id=number,
        product_option_id=option,
        product_id=product,
        value=f"Value {number}",
        position=number,
    )


def an_image(number: int, product: int, variant: int | None, at: datetime) -> Row:
    """An image of a product, or of one of its variants."""
    return stamped(
        at,
        product_image_id=number,
        product_id=product,
        variant_id=variant,
        url=f"https://example.com/{number}.jpg",
        alt_text="A teapot",
        position=number,
    )


def a_bundle(number: int, at: datetime) -> Row:
    """A bundle on sale, without its parts."""
    return stamped(
        at,
        bundle_id=number,
        public_id=UUID(int=7 << 76 | 2 << 62 | number),
        sku=f"SET-{number}",
        slug=f"set-{number}",
        name="Tea set",
        price=Decimal("20.00"),
        is_active=True,
    )


def a_part(bundle: int, position: int, variant: int, at: datetime) -> Row:
    """A part of a bundle."""
    return stamped(at, bundle_id=bundle, position=position, variant_id=variant, quantity=2)

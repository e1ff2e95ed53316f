"""Shipping methods and tax rates."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.fields import FullLabel, Length, Trimmed
from lumia.types import CountryCode, Id, Instant, Money, Price, Rate, UtcDatetime

__all__ = ["NewShippingMethod", "NewTaxRate", "ShippingMethod", "ShippingMethodUpdate", "TaxCountry", "TaxRate"]

Countries = Annotated[tuple[CountryCode, ...], Field(max_length=300)]
"""ISO 3166-1 alpha-2 codes that a method delivers to; empty means everywhere."""


class ShippingMethod(FrozenRow):
    """A way to send an order, with its price."""

    shipping_method_id: int
    code: str
    name: str
    price: Money
    free_from: Money | None
    """Free when the discounted subtotal reaches this; None: never."""
    countries: tuple[str, ...]
    """Countries that it delivers to; empty means everywhere."""
    is_active: bool
    created_at: UtcDatetime
    updated_at: UtcDatetime


class NewShippingMethod(InputModel):
    """A shipping method to create; `code` is unique."""

    code: Annotated[Trimmed, Length(1, 64)]
    name: FullLabel
    price: Price
    free_from: Price | None = None
    countries: Countries = ()
    is_active: bool = True


class ShippingMethodUpdate(InputModel):
    """What to change; None leaves a field as it is, `free_from` is emptied when it is set to None."""

    name: FullLabel | None = None
    price: Price | None = None
    free_from: Price | None = None
    countries: Countries | None = None
    is_active: bool | None = None


class TaxRate(FrozenRow):
    """A rate for a place and a category in a window of time."""

    tax_rate_id: int
    country_code: str
    region: str
    """Empty: the whole country."""
    category_id: int | None
    """None: every category."""
    rate: Rate
    """A share of one: 0.2 is twenty percent."""
    valid_from: UtcDatetime
    valid_to: UtcDatetime | None
    """The first instant at which it no longer holds; None: open."""
    created_at: UtcDatetime
    updated_at: UtcDatetime


class TaxCountry(InputModel):
    """A country to list the rates of."""

    country_code: CountryCode


class NewTaxRate(InputModel):
    """A tax rate to add; one per country, region, category and start."""

    country_code: CountryCode
    region: Annotated[Trimmed, Length(0, 100)] = ""
    category_id: Id | None = None
    rate: Rate
    valid_from: Instant
    valid_to: Instant | None = None

    @model_validator(mode="after")
    def _window_is_open(self) -> Self:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            message = "valid_to must lie after valid_from"
            raise ValueError(message)
        return self

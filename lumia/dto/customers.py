"""Customers and their addresses."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.emails import EmailAddress, StorableEmail
from lumia.dto.fields import FullLabel, Length, Phone, ShortLabel, Trimmed
from lumia.types import CountryCode, Id, UtcDatetime

__all__ = [
    "Address",
    "AddressKind",
    "Customer",
    "CustomerFilter",
    "CustomerSort",
    "DefaultAddress",
    "EmailLookup",
    "ImportedCustomer",
    "NewAddress",
    "NewCustomer",
    "ProfileUpdate",
    "PublicId",
]

PersonName = Annotated[Trimmed, Length(0, 100)]
"""A part of a person's name; may be empty."""


class AddressKind(StrEnum):
    """What a default address is for."""

    SHIPPING = "shipping"
    BILLING = "billing"


class Customer(FrozenRow):
    """Somebody who buys: registered, or a guest of one order."""

    customer_id: int
    public_id: UUID
    email: str
    """As typed."""
    first_name: str
    last_name: str
    name: str
    """First and last name joined; the database keeps it."""
    phone: str | None
    external_reference: str | None
    """The customer's number in the system that an import came from."""
    is_guest: bool
    is_active: bool
    is_verified: bool
    erased_at: UtcDatetime | None
    created_at: UtcDatetime
    updated_at: UtcDatetime


CustomerSort = Literal["customer_id", "-customer_id"]
"""The orders that a list of customers comes in: oldest or newest first."""


class CustomerFilter(InputModel):
    """Which customers to list, and how; None does not filter."""

    is_active: bool | None = None
    is_guest: bool | None = None
    order: CustomerSort = "customer_id"


class NewCustomer(InputModel):
    """A customer who registers; the e-mail address must be one that mail could be sent to."""

    email: EmailAddress
    first_name: PersonName = ""
    last_name: PersonName = ""
    phone: Phone | None = None


class ImportedCustomer(InputModel):
    """A customer from another system, whose address may be a placeholder of the reserved `.invalid` domain."""

    email: StorableEmail
    first_name: PersonName = ""
    last_name: PersonName = ""
    phone: Phone | None = None
    external_reference: ShortLabel | None = None
    is_guest: bool = False


class EmailLookup(InputModel):
    """An address to look a customer up by."""

    email: StorableEmail


class PublicId(InputModel):
    """A key from a URL to look something up by."""

    public_id: UUID


class ProfileUpdate(InputModel):
    """What to change; None leaves a field as it is, `phone` is emptied when it is set to None."""

    first_name: PersonName | None = None
    last_name: PersonName | None = None
    phone: Phone | None = None


class Address(FrozenRow):
    """Where a customer gets goods or bills; never edited once written, only archived."""

    address_id: int
    customer_id: int
    recipient: str
    company: str | None
    line1: str
    line2: str | None
    city: str
    region: str
    postal_code: str
    country_code: str
    """ISO 3166-1 alpha-2; ZZ where an import's source does not say."""
    country_name: str | None
    """The country as an import's source wrote it."""
    phone: str | None
    is_default_shipping: bool
    is_default_billing: bool
    archived_at: UtcDatetime | None
    created_at: UtcDatetime
    updated_at: UtcDatetime


class NewAddress(InputModel):
    """An address to add, or to put in another's place."""

    recipient: FullLabel
    company: FullLabel | None = None
    line1: FullLabel
    line2: FullLabel | None = None
    city: ShortLabel
    region: Annotated[Trimmed, Length(0, 100)] = ""
    postal_code: Annotated[Trimmed, Length(0, 20)] = ""
    country_code: CountryCode
    country_name: ShortLabel | None = None
    phone: Phone | None = None


class DefaultAddress(InputModel):
    """Which address shall be the default for what."""

    address_id: Id
    kind: AddressKind

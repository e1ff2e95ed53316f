"""What an import of order lines reports: its progress, why lines were left out, and what came of it."""

from __future__ import annotations

from enum import StrEnum

from lumia.dto.base import FrozenRow
from lumia.types import UtcDatetime

__all__ = [
    "ImportProgress",
    "ImportRecord",
    "ImportSummary",
    "ImportedAddress",
    "KnownCustomer",
    "KnownVariant",
    "RejectReason",
]


class RejectReason(StrEnum):
    """Why a well-formed line is no sale; the first that fits is told."""

    ALREADY_IMPORTED = "already_imported"
    """The invoice came with an earlier import of the same preset."""
    CANCELLATION = "cancellation"
    """The invoice number says that it takes an earlier sale back."""
    BAD_DEBT_ADJUSTMENT = "bad_debt_adjustment"
    """The invoice number says that it is bookkeeping."""
    UNKNOWN_INVOICE_KIND = "unknown_invoice_kind"
    """The invoice number has a form that the preset does not know."""
    STOCK_ADJUSTMENT = "stock_adjustment"
    """The quantity is negative: something was damaged, lost or counted anew."""
    ZERO_QUANTITY = "zero_quantity"
    NEGATIVE_PRICE = "negative_price"
    ZERO_PRICE = "zero_price"
    """A gift or an adjustment."""


class ImportProgress(FrozenRow):
    """How far an import is; `bytes_total` is None where the source does not tell its size."""

    rows: int
    """Lines read so far."""
    bytes_read: int
    """Bytes of the file as it lies there, packed if it is packed."""
    bytes_total: int | None
    finishing: bool
    """Every line is read; keys are checked and the transaction is committed."""


class ImportRecord(FrozenRow):
    """One import as the database remembers it."""

    import_id: int
    kind: str
    preset: str
    rows_read: int
    rows_imported: int
    rows_rejected: int
    imported_at: UtcDatetime


class ImportSummary(FrozenRow):
    """What came of an import; `rows_read` is always `rows_imported` plus `rows_rejected`."""

    import_id: int
    preset: str
    already_imported: bool
    """The same content was imported before: nothing was changed, and the counts of rows are those of that time."""
    rows_read: int
    rows_imported: int
    rows_rejected: int
    by_reason: dict[RejectReason, int]
    """Rejected lines by reason, the reasons that occurred only; empty if the content was imported before."""
    orders: int
    """New orders."""
    customers: int
    """New customers that the source knows by a number."""
    guests: int
    """New guest customers, one for each invoice without a customer."""
    variants: int
    """New variants, each of a product of its own."""


class KnownVariant(FrozenRow):
    """A variant that an import can use again."""

    variant_id: int
    product_id: int
    sku: str


class KnownCustomer(FrozenRow):
    """A customer whom an earlier import brought."""

    customer_id: int
    email: str
    external_reference: str


class ImportedAddress(FrozenRow):
    """An address that an earlier import brought: in a country as the source wrote it, None where it told none."""

    address_id: int
    customer_id: int
    country_name: str | None

"""Presets: what a source calls its columns, which lines are sales, and which codes are goods."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lumia.dto.imports import RejectReason
from lumia.errors import ConfigurationError

__all__ = ["DEFAULT_PRESET", "FIELDS", "PRESETS", "Preset", "columns_of", "preset_named"]

FIELDS: Final = ("invoice", "sku", "name", "quantity", "sold_at", "unit_price", "customer", "country")
"""What a line tells, in the order in which the importer works on it."""

_ANYTHING: Final = re.compile(r"(?s:.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """The rules of one kind of source.

    Attributes:
        name: how it is called, also in the `imports` table.
        columns: the source's column for each field.
        optional: fields that a source may lack; they count as empty.
        sale_invoice: an invoice number of this form may be a sale.
        other_invoices: what invoice numbers of other forms mean, tried in order.
        goods: a stock code of this form is an article, any other a fee, a voucher or postage.
    """

    name: str
    columns: Mapping[str, str]
    optional: frozenset[str] = frozenset()
    sale_invoice: re.Pattern[str] = _ANYTHING
    other_invoices: tuple[tuple[re.Pattern[str], RejectReason], ...] = ()
    goods: re.Pattern[str] = _ANYTHING

    def invoice_reason(self, invoice: str) -> RejectReason | None:
        """Tell why no line of an invoice can be a sale; None if its number does not say so."""
        for pattern, reason in self.other_invoices:
            if pattern.fullmatch(invoice):
                return reason
        return None if self.sale_invoice.fullmatch(invoice) else RejectReason.UNKNOWN_INVOICE_KIND


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.ASCII | re.DOTALL)


_ORDER_LINES: Final = Preset(
    name="order-lines",
    columns=MappingProxyType({field: field for field in FIELDS}),
    optional=frozenset({"name", "customer", "country"}),
)

_ONLINE_RETAIL: Final = Preset(
    name="online-retail",
    columns=MappingProxyType(
        {
            "invoice": "InvoiceNo",
            "sku": "StockCode",
            "name": "Description",
            "quantity": "Quantity",
            "sold_at": "InvoiceDate",
            "unit_price": "UnitPrice",
            "customer": "CustomerID",
            "country": "Country",
        }
    ),
    sale_invoice=_pattern(r"[0-9]{6}"),
    other_invoices=(
        (_pattern(r"C.*"), RejectReason.CANCELLATION),
        (_pattern(r"A.*"), RejectReason.BAD_DEBT_ADJUSTMENT),
    ),
    goods=_pattern(r"[0-9]{5}[A-Za-z]*"),
)

DEFAULT_PRESET: Final = _ORDER_LINES.name
"""The preset of a file whose columns are named like the fields, or mapped to them."""

PRESETS: Final[Mapping[str, Preset]] = MappingProxyType(
    {preset.name: preset for preset in (_ONLINE_RETAIL, _ORDER_LINES)}
)
"""Every preset by name: `online-retail` is the UCI data set's form, `order-lines` any other."""


def preset_named(name: str | None) -> Preset:
    """Give the preset of a name, the default for None; raise `ConfigurationError` for an unknown one."""
    preset = PRESETS.get(DEFAULT_PRESET if name is None else name)
    if preset is None:
        message = f"there is no preset of that name; the presets are {', '.join(sorted(PRESETS))}"
        raise ConfigurationError(message)
    return preset


def columns_of(preset: Preset, mapping: Mapping[str, str] | None) -> dict[str, str]:
    """Give the source's column for each field: the preset's, overridden by `mapping` from column to field.

    Raises:
        ConfigurationError: `mapping` names an unknown field, or two columns for one field.
    """
    columns = dict(preset.columns)
    given: dict[str, str] = {}
    for column, field in (mapping or {}).items():
        if field not in columns:
            message = f"a column cannot be mapped to {field!r}; the fields are {', '.join(FIELDS)}"
            raise ConfigurationError(message)
        if field in given:
            message = f"two columns are mapped to {field}; map one of them"
            raise ConfigurationError(message)
        given[field] = column
    return columns | given

"""Presets and mappings: which column is which field, what an invoice number says, and which codes are goods."""

from __future__ import annotations

import pytest

from lumia.dto.imports import RejectReason
from lumia.errors import ConfigurationError, ImportRefused
from lumia.importing.countries import country_code
from lumia.importing.order_lines import selector
from lumia.importing.presets import FIELDS, PRESETS, columns_of, preset_named

RETAIL = PRESETS["online-retail"]
PLAIN = PRESETS["order-lines"]


@pytest.mark.parametrize(
    ("invoice", "reason"),
    [
        ("536365", None),
        ("C536379", RejectReason.CANCELLATION),
        ("A563185", RejectReason.BAD_DEBT_ADJUSTMENT),
        ("53636", RejectReason.UNKNOWN_INVOICE_KIND),
        ("5363650", RejectReason.UNKNOWN_INVOICE_KIND),
        ("c536379", RejectReason.UNKNOWN_INVOICE_KIND),
        ("536365\n", RejectReason.UNKNOWN_INVOICE_KIND),
        ("٥٣٦٣٦٥", RejectReason.UNKNOWN_INVOICE_KIND),
    ],
)
def test_an_invoice_number_says_what_its_lines_are(invoice: str, reason: RejectReason | None) -> None:
    """A sale has exactly six digits."""
    assert RETAIL.invoice_reason(invoice) is reason


@pytest.mark.parametrize(
    ("code", "goods"),
    [
        *(("85123A", True), ("22423", True), ("15056bl", True), ("POST", False), ("DOT", False), ("2242", False)),
        *(("224233", False), ("22423-A", False), ("22423A\n", False), ("gift_0001_20", False)),
    ],
)
def test_goods_are_five_digits_and_letters(code: str, goods: bool) -> None:  # noqa: FBT001 - a table of cases
    """Postage, fees and vouchers are sold but are no goods."""
    assert (RETAIL.goods.fullmatch(code) is not None) is goods


def test_without_a_preset_columns_are_named_like_the_fields() -> None:
    """A file of one's own needs no preset."""
    assert preset_named(None) is PLAIN
    assert columns_of(PLAIN, None) == {field: field for field in FIELDS}


def test_a_mapping_overrides_the_preset() -> None:
    """What is not mapped stays as the preset has it."""
    columns = columns_of(RETAIL, {"Customer ID": "customer", "Invoice": "invoice"})

    assert columns["customer"] == "Customer ID"
    assert columns["invoice"] == "Invoice"
    assert columns["sku"] == "StockCode"


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [({"Price": "price"}, "cannot be mapped to 'price'"), ({"A": "sku", "B": "sku"}, "two columns")],
)
def test_a_mapping_that_cannot_be_is_refused(mapping: dict[str, str], problem: str) -> None:
    """The refusal names the fields there are."""
    with pytest.raises(ConfigurationError, match=problem):
        columns_of(RETAIL, mapping)


def test_an_unknown_preset_is_refused_with_those_there_are() -> None:
    """Nobody has to look into the manual for a typing error."""
    with pytest.raises(ConfigurationError, match="online-retail, order-lines"):
        preset_named("online_retail")


def test_fields_are_found_wherever_their_columns_stand() -> None:
    """Columns in another order and columns that nobody needs do no harm."""
    columns = columns_of(PLAIN, None)
    header = ["extra", *reversed(FIELDS)]

    select = selector(header, PLAIN, columns)

    assert select is not None
    assert select(["x", *(f"<{field}>" for field in reversed(FIELDS))]) == tuple(f"<{field}>" for field in FIELDS)
    assert selector(list(FIELDS), PLAIN, columns) is None


def test_an_optional_field_may_be_missing() -> None:
    """A source without customers or descriptions counts them as empty."""
    header = ["invoice", "sku", "quantity", "sold_at", "unit_price"]

    select = selector(header, PLAIN, columns_of(PLAIN, None))

    assert select is not None
    assert tuple(select(["1", "A", "2", "now", "3"])) == ("1", "A", "", "2", "now", "3", "", "")


def test_a_missing_column_is_named() -> None:
    """The refusal says what is missing and how to get it."""
    with pytest.raises(ImportRefused, match=r"no column InvoiceDate, UnitPrice; .*map its columns"):
        selector(["InvoiceNo", "StockCode", "Quantity", "Description", "CustomerID", "Country"], RETAIL, RETAIL.columns)


def test_a_column_that_is_there_twice_is_refused() -> None:
    """Nobody knows which of the two is meant."""
    with pytest.raises(ImportRefused, match="sku twice"):
        selector([*FIELDS, "sku"], PLAIN, columns_of(PLAIN, None))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(("United Kingdom", "GB"), ("EIRE", "IE"), ("RSA", "ZA"), ("USA", "US"), ("Unspecified", "ZZ"), ("", "ZZ")),
        *(("European Community", "ZZ"), (" germany ", "DE")),
    ],
)
def test_known_countries_have_their_code(name: str, code: str) -> None:
    """What is not known is ZZ; the name is kept beside it anyway."""
    assert country_code(name) == code

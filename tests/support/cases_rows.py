"""Cases of CHECKs over several columns of one row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from tests.support.cases import Case, accepted, refused
from tests.support.rows import LATER, imported

__all__ = ["ROW_CASES"]

CENT: Final = Decimal("0.01")
PIP: Final = Decimal("0.0001")
ZERO: Final = Decimal(0)


def _row_cases() -> Iterator[Case]:
    """CHECKs over several columns of one row."""
    yield accepted("shop_settings_one_row", "the-one", "shop_settings")
    yield refused("shop_settings_one_row", "a-second", "shop_settings", {"shop_settings_id": 2})
    rule = "addresses_archived_no_default"
    yield accepted(rule, "plain", "addresses", {"archived_at": LATER})
    for kind in ("shipping", "billing"):
        yield refused(rule, kind, "addresses", {"customer_id": 2, "archived_at": LATER, f"is_default_{kind}": True})
    yield accepted("tax_rates_window", "shortest", "tax_rates", {"valid_to": LATER + timedelta(microseconds=1)})
    yield refused("tax_rates_window", "empty", "tax_rates", {"valid_to": LATER})
    yield accepted("carts_holder", "customer", "carts", {"customer_id": 2, "token_hash": None})
    yield refused("carts_holder", "nobody", "carts", {"customer_id": None, "token_hash": None})
    rule = "imports_rows_add_up"
    yield accepted(rule, "nothing", "imports", {"rows_read": 0, "rows_imported": 0, "rows_rejected": 0})
    yield refused(rule, "one-missing", "imports", {"rows_read": 4})
    yield refused(rule, "negative-import", "imports", {"rows_read": 0, "rows_imported": -1, "rows_rejected": 1})
    yield refused(rule, "negative-reject", "imports", {"rows_read": 0, "rows_imported": 1, "rows_rejected": -1})
    yield accepted("product_variants_combination_key_length", "none", "product_variants", {"combination_key": ""})
    yield refused(
        "product_variants_combination_key_length",
        "too-long",
        "product_variants",
        {"combination_key": "1" * 1001},
        guards=("product_variants_combination_key_length", "product_variants_combination_insert"),
    )


def _order_cases() -> Iterator[Case]:
    rule = "orders_parts_not_negative"
    free = dict.fromkeys(("subtotal", "discount_total", "shipping_total", "tax_total", "total"), ZERO)
    yield accepted(rule, "free", "orders", free)
    for column, others in (
        ("subtotal", {"discount_total": -PIP, "total": ZERO}),
        ("discount_total", {"total": PIP}),
        ("shipping_total", {"total": -PIP}),
        ("tax_total", {"total": -PIP}),
        ("tax_included_total", {}),
    ):
        yield refused(rule, column, "orders", {**free, **others, column: -PIP})
    yield accepted(rule, "all-off", "orders", {**free, "subtotal": CENT, "discount_total": CENT})
    yield refused(
        rule, "more-than-all-off", "orders", {**free, "subtotal": CENT, "discount_total": CENT + PIP, "total": -PIP}
    )
    for label, total in (("more", Decimal("31.9001")), ("less", Decimal("31.8999"))):
        yield refused("orders_total_sum", label, "orders", {"total": total})
    rule = "orders_origin_import"
    brought = imported(100, LATER)
    yield accepted(rule, "imported", "orders", brought)
    yield refused(rule, "live-with-import", "orders", {"import_id": 1})
    yield refused(rule, "imported-without", "orders", {**brought, "import_id": None})
    yield refused("orders_origin_cart", "live-without", "orders", {"cart_id": None})
    rule = "orders_expiry_pending"
    yield accepted(rule, "soonest", "orders", {"expires_at": LATER + timedelta(microseconds=1)})
    yield accepted(rule, "never", "orders", {"expires_at": None})
    yield refused(rule, "at-once", "orders", {"expires_at": LATER})

    rule = "order_items_amounts_range"
    free = dict.fromkeys(("unit_price", "amount", "discount", "tax", "tax_included", "line_total"), ZERO)
    yield accepted(rule, "free", "order_items", free)
    yield refused(rule, "unit_price", "order_items", {**free, "unit_price": -PIP})
    yield refused(rule, "amount", "order_items", {**free, "amount": -PIP, "discount": -PIP})
    yield refused(rule, "discount", "order_items", {**free, "discount": -PIP, "line_total": PIP})
    yield refused(rule, "tax", "order_items", {**free, "tax": -PIP, "line_total": -PIP})
    yield refused(rule, "tax_included", "order_items", {"tax_included": -PIP})
    yield accepted(rule, "all-off", "order_items", {"discount": Decimal("37.5"), "line_total": Decimal("4.5")})
    more = Decimal("37.5001")
    yield refused(rule, "more-than-all-off", "order_items", {"discount": more, "line_total": Decimal("4.4999")})
    rule = "order_items_amount_near_price"
    for label, amount, ok in (
        ("half-above", Decimal(38), True),
        ("half-below", Decimal(37), True),
        ("over-half-above", Decimal("38.0001"), False),
        ("over-half-below", Decimal("36.9999"), False),
    ):
        make = accepted if ok else refused
        yield make(rule, label, "order_items", {"amount": amount, "line_total": amount + 2})
    # On SQLite this product leaves 64 bits and becomes a float: it is refused all the same.
    most = Decimal("99999999999.9999")
    yield refused(
        rule,
        "overflow",
        "order_items",
        {"quantity": 1_000_000, "unit_price": most, "amount": most, "discount": ZERO, "tax": ZERO, "line_total": most},
    )
    for label, total in (("more", Decimal("39.5001")), ("less", Decimal("39.4999"))):
        yield refused("order_items_line_total_sum", label, "order_items", {"line_total": total})
    rule = "order_items_quantities_fit"
    names = ("cancelled_quantity", "shipped_quantity", "returned_quantity")
    for label, counts in (("all-cancelled", (3, 0, 0)), ("all-returned", (0, 3, 3)), ("some", (1, 2, 1))):
        yield accepted(rule, label, "order_items", dict(zip(names, counts, strict=True)))
    for label, counts in (
        ("negative-cancelled", (-1, 0, 0)),
        ("negative-returned", (0, 0, -1)),
        ("negative-shipped", (0, -1, -1)),
        ("more-returned-than-shipped", (0, 1, 2)),
        ("more-shipped-than-ordered", (0, 4, 0)),
        ("shipped-and-cancelled", (1, 3, 0)),
        ("more-cancelled-than-ordered", (4, 0, 0)),
    ):
        yield refused(rule, label, "order_items", dict(zip(names, counts, strict=True)))


def _bundle_cases() -> Iterator[Case]:
    rule, bundle = "cart_items_one_thing", {"variant_id": None, "bundle_id": 1}
    yield accepted(rule, "a-bundle", "cart_items", bundle)
    yield refused(rule, "nothing", "cart_items", {"variant_id": None})
    yield refused(rule, "both", "cart_items", {"bundle_id": 1})
    less: dict[str, Any] = {"amount": Decimal(30), "line_total": Decimal(32)}
    yield accepted("order_items_amount_near_price", "in-a-bundle", "order_items", {**less, "bundle_id": 1})


def _share_cases() -> Iterator[Case]:
    rule = "order_items_shares_sum"
    shares: dict[str, Any] = {"unit_share": Decimal("13.16"), "odd_units": 2, "odd_share": CENT}
    yield accepted(rule, "all-of-it", "order_items", shares)
    for label, change in (
        ("more", {"unit_share": Decimal("13.1601")}),
        ("less", {"unit_share": Decimal("13.1599")}),
        ("a-larger-odd-share", {"odd_share": CENT + PIP}),
        ("an-odd-unit-less", {"odd_units": 1}),
    ):
        yield refused(rule, label, "order_items", {**shares, **change})
    # On SQLite this product leaves 64 bits and becomes a float: it is refused all the same.
    most = Decimal("99999999999.9999")
    yield refused(
        rule, "overflow", "order_items", {**shares, "quantity": 1_000_000, "unit_share": most, "bundle_id": 1}
    )

    rule = "order_items_odd_units_range"
    total = {"amount": Decimal("37.75"), "line_total": Decimal("39.75"), "odd_share": Decimal("0.25")}
    yield accepted(
        rule, "none", "order_items", {"quantity": 1, "unit_price": Decimal("37.5"), "unit_share": Decimal("39.5")}
    )
    yield accepted(
        rule,
        "all-but-one",
        "order_items",
        {**total, "line_total": Decimal("39.50"), "amount": Decimal("37.5"), "unit_share": Decimal(13), "odd_units": 2},
    )
    yield refused(rule, "every-unit", "order_items", {**total, "unit_share": Decimal(13), "odd_units": 3})
    yield refused(
        rule,
        "negative",
        "order_items",
        {"unit_share": Decimal("13.25"), "odd_units": -1, "odd_share": Decimal("0.25")},
        guards=(rule, "order_items_shares_whole"),
    )

    rule = "order_items_shares_whole"
    for label, shared in (
        ("an-odd-share-of-no-unit", {"odd_share": CENT}),
        ("odd-units-without-a-share", {"odd_units": 1}),
        ("odd-units-of-nothing", {"odd_units": 1, "odd_share": CENT}),
        ("negative-odd-share", {"odd_units": 1, "odd_share": -CENT}),
        ("negative-unit-share", {"unit_share": Decimal(-1), "odd_units": 2, "odd_share": Decimal("21.25")}),
    ):
        yield refused(rule, label, "order_items", shared)


ROW_CASES: Final[tuple[Case, ...]] = (*_row_cases(), *_order_cases(), *_bundle_cases(), *_share_cases())
"""Every case of a row's own sums and relations."""

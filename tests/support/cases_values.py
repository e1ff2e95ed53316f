"""Cases of single values: ranges, and what the column types say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from tests.support.cases import Case, accepted, refused
from tests.support.fresh import FRESH
from tests.support.raw import Foreign, Share
from tests.support.rows import LATER

__all__ = ["VALUE_CASES"]

COUNTERS: Final[dict[str, tuple[str, int, int]]] = {
    "shop_settings_order_expiry_range": ("shop_settings.order_expiry_minutes", 1, 527040),
    "credentials_failed_attempts_range": ("credentials.failed_attempts", 0, 2**63 - 1),
    "categories_position_range": ("categories.position", 0, 1_000_000),
    "product_options_position_range": ("product_options.position", 0, 1000),
    "option_values_position_range": ("option_values.position", 0, 1000),
    "product_variants_weight_grams_range": ("product_variants.weight_grams", 0, 100_000_000),
    "product_images_position_range": ("product_images.position", 0, 1_000_000_000),
    "bundle_items_position_range": ("bundle_items.position", 0, 1000),
    "bundle_items_quantity_range": ("bundle_items.quantity", 1, 1_000_000),
    "locations_priority_range": ("locations.priority", 0, 1_000_000),
    "inventory_reorder_point_range": ("inventory.reorder_point", 0, 1_000_000_000),
    "inventory_backorder_limit_range": ("inventory.backorder_limit", 0, 1_000_000_000),
    "cart_items_quantity_range": ("cart_items.quantity", 1, 1_000_000),
    "reservations_quantity_range": ("reservations.quantity", 1, 1_000_000),
    "carts_version_range": ("carts.version", 0, 2**63 - 1),
    "orders_order_number_range": ("orders.order_number", 1, 2**63 - 1),
    "orders_invoice_number_range": ("orders.invoice_number", 1, 2**63 - 1),
    "orders_version_range": ("orders.version", 0, 2**63 - 1),
    "order_items_position_range": ("order_items.position", 1, 1_000_000),
    "order_allocations_quantity_range": ("order_allocations.quantity", 0, 1_000_000),
    "reviews_rating_range": ("reviews.rating", 1, 5),
    "reviews_version_range": ("reviews.version", 0, 2**63 - 1),
}
"""The smallest and the largest number of each column."""

BOOLS: Final = (
    "shop_settings.prices_include_tax",
    "customers.is_guest",
    "customers.is_active",
    "customers.is_verified",
    "addresses.is_default_shipping",
    "addresses.is_default_billing",
    "product_variants.is_goods",
    "product_variants.is_active",
    "bundles.is_active",
    "locations.is_active",
    "shipping_methods.is_active",
)
UUIDS: Final = (
    "customers.public_id",
    "products.public_id",
    "product_variants.public_id",
    "bundles.public_id",
    "carts.public_id",
    "reviews.public_id",
    "wishlists.public_id",
)
ENUMS: Final = (
    "account_tokens.kind",
    "products.status",
    "stock_movements.kind",
    "carts.status",
    "orders.origin",
    "orders.status",
    "orders.payment_status",
    "orders.fulfillment_status",
    "order_status_transitions.from_status",
    "order_status_transitions.to_status",
    "order_status_history.from_status",
    "order_status_history.to_status",
    "reviews.status",
)

ONWARDS: Final[dict[str, tuple[str, ...]]] = {
    # A trigger carries the value on into a column of the same type, which would refuse it in its place.
    "product_variants.price": ("price_history_price_type",),
    "product_variants.created_at": ("price_history_valid_from_type",),
    "stock_movements.moved_at": ("inventory_updated_at_type",),
    "cart_items.updated_at": ("carts_updated_at_type",),
    "orders.status_at": ("order_status_history_changed_at_type",),
}

MOST: Final = Decimal("99999999999.9999")
OVER: Final = Decimal(100_000_000_000)
_NONE: Final = Decimal(0)
_ONE: Final = Decimal(1)
_BARE: Final = dict.fromkeys(("subtotal", "discount_total", "shipping_total", "tax_total", "total"), _NONE)
_PLAIN: Final = {"quantity": 1, "discount": _NONE, "tax": _NONE}

MONEY: Final[dict[str, tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]]] = {
    "product_variants.price": ({"price": MOST}, {"price": OVER}, ()),
    "product_variants.compare_at_price": ({"compare_at_price": MOST}, {"compare_at_price": OVER}, ()),
    "price_history.price": ({"price": MOST}, {"price": OVER}, ()),
    "cart_items.unit_price_seen": ({"unit_price_seen": MOST}, {"unit_price_seen": OVER}, ()),
    "bundles.price": ({"price": MOST}, {"price": OVER}, ()),
    "shipping_methods.price": ({"price": MOST}, {"price": OVER}, ()),
    "shipping_methods.free_from": ({"free_from": MOST}, {"free_from": OVER}, ()),
    "orders.subtotal": (
        {**_BARE, "subtotal": MOST, "total": MOST},
        {**_BARE, "subtotal": OVER, "discount_total": _ONE, "total": OVER - 1},
        (),
    ),
    # A discount is at most the subtotal, and the total at least any of its parts.
    "orders.discount_total": (
        {**_BARE, "subtotal": MOST, "discount_total": MOST},
        {**_BARE, "subtotal": OVER, "discount_total": OVER},
        ("orders_subtotal_type",),
    ),
    "orders.shipping_total": (
        {**_BARE, "shipping_total": MOST, "total": MOST},
        {**_BARE, "shipping_total": OVER, "total": OVER},
        ("orders_total_type",),
    ),
    "orders.tax_total": (
        {**_BARE, "tax_total": MOST, "total": MOST},
        {**_BARE, "tax_total": OVER, "total": OVER},
        ("orders_total_type",),
    ),
    "orders.tax_included_total": ({"tax_included_total": MOST}, {"tax_included_total": OVER}, ()),
    "orders.total": (
        {**_BARE, "tax_total": MOST, "total": MOST},
        {**_BARE, "tax_total": MOST, "shipping_total": _ONE, "total": MOST + 1},
        (),
    ),
    "order_items.unit_price": (
        {**_PLAIN, "unit_price": MOST, "amount": MOST, "line_total": MOST},
        {**_PLAIN, "unit_price": OVER, "amount": MOST, "line_total": MOST},
        (),
    ),
    "order_items.amount": (
        {**_PLAIN, "unit_price": MOST, "amount": MOST, "line_total": MOST},
        {**_PLAIN, "unit_price": MOST, "amount": OVER, "discount": _ONE, "line_total": OVER - 1},
        (),
    ),
    "order_items.discount": (
        {**_PLAIN, "unit_price": MOST, "amount": MOST, "discount": MOST, "line_total": _NONE},
        {**_PLAIN, "unit_price": MOST, "amount": OVER, "discount": OVER, "line_total": _NONE},
        ("order_items_amount_type",),
    ),
    "order_items.tax": (
        {**_PLAIN, "unit_price": _NONE, "amount": _NONE, "tax": MOST, "line_total": MOST},
        {**_PLAIN, "unit_price": _NONE, "amount": _NONE, "tax": OVER, "line_total": OVER},
        ("order_items_line_total_type",),
    ),
    "order_items.tax_included": ({"tax_included": MOST}, {"tax_included": OVER}, ()),
    "order_items.line_total": (
        {**_PLAIN, "unit_price": MOST, "amount": MOST, "line_total": MOST},
        {**_PLAIN, "unit_price": MOST, "amount": MOST, "tax": _ONE, "line_total": MOST + 1},
        (),
    ),
}
"""For each amount a row at the border, one beyond it, and what else of its row must then be too large."""

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(9998, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)

INSTANTS: Final[dict[str, tuple[datetime | None, dict[str, Any]]]] = {
    # What must follow another instant cannot be the first there is: its earliest is one after the other's.
    "tax_rates.valid_to": (None, {"valid_from": EARLIEST}),
    "orders.expires_at": (None, {"placed_at": EARLIEST}),
    "addresses.archived_at": (EARLIEST, {"is_default_shipping": False, "is_default_billing": False}),
    "orders.placed_at": (EARLIEST, {"expires_at": None}),
    "tax_rates.valid_from": (EARLIEST, {"valid_to": None}),
    "customers.erased_at": (EARLIEST, {}),
    "credentials.locked_until": (EARLIEST, {}),
    "sessions.last_seen_at": (EARLIEST, {}),
    "sessions.expires_at": (EARLIEST, {}),
    "sessions.revoked_at": (EARLIEST, {}),
    "account_tokens.expires_at": (EARLIEST, {}),
    "account_tokens.used_at": (EARLIEST, {}),
    "price_history.valid_from": (EARLIEST, {}),
    "search_documents.indexed_at": (EARLIEST, {}),
    "stock_movements.moved_at": (EARLIEST, {}),
    "reservations.expires_at": (EARLIEST, {}),
    "imports.imported_at": (EARLIEST, {}),
    "orders.status_at": (EARLIEST, {}),
    "order_items.sold_at": (EARLIEST, {}),
    "order_status_history.changed_at": (EARLIEST, {}),
    "outbox.leased_until": (EARLIEST, {}),
    "reviews.moderated_at": (EARLIEST, {"status": "published"}),
    "review_votes.voted_at": (EARLIEST, {}),
    "wishlist_items.added_at": (EARLIEST, {}),
    "outbox.acknowledged_at": (EARLIEST, {}),
    **{
        f"{table}.{column}": (EARLIEST, {})
        for table, row in FRESH.items()
        for column in ("created_at", "updated_at")
        if column in row
    },
}
"""The earliest instant of each column, and what else the row must say for it."""


def _whole(rule: str, place: str, low: int, high: int) -> Iterator[Case]:
    table, column = place.split(".")
    for label, value in (("lowest", low), ("highest", high)):
        yield accepted(rule, label, table, {column: value})
    yield refused(rule, "below", table, {column: low - 1})
    if high < 2**63 - 1:
        yield refused(rule, "above", table, {column: high + 1})
    # Beyond 64 bits no guard of ours is asked.
    yield refused(rule, "huge", table, {column: 2**63}, sqlite=None, postgresql=None, guards=())


def _range_cases() -> Iterator[Case]:
    for rule, (place, low, high) in COUNTERS.items():
        yield from _whole(rule, place, low, high)
    fits = {"cancelled_quantity": 0, "shipped_quantity": 0, "returned_quantity": 0}
    rule = "order_items_quantity_range"
    for label, quantity in (("lowest", 1), ("highest", 1_000_000)):
        price = Decimal("12.50") * quantity
        yield accepted(
            rule,
            label,
            "order_items",
            {"quantity": quantity, "amount": price, "discount": _NONE, "tax": _NONE, "line_total": price},
        )
    nothing = {"unit_price": 0, "amount": 0, "discount": 0, "tax": 0, "line_total": _NONE}
    yield refused(rule, "below", "order_items", {**fits, **nothing, "quantity": 0})
    yield refused(rule, "above", "order_items", {**fits, **nothing, "quantity": 1_000_001})
    for table, column, checked in (
        ("product_variants", "price", "product_variants_price_range"),
        ("product_variants", "compare_at_price", "product_variants_compare_at_price_range"),
        ("price_history", "price", "price_history_price_range"),
        ("cart_items", "unit_price_seen", "cart_items_unit_price_seen_range"),
        ("bundles", "price", "bundles_price_range"),
        ("shipping_methods", "price", "shipping_methods_price_range"),
        ("shipping_methods", "free_from", "shipping_methods_free_from_range"),
    ):
        also = ("price_history_price_range",) if checked == "product_variants_price_range" else ()
        yield accepted(checked, "zero", table, {column: Decimal(0)})
        yield refused(checked, "negative", table, {column: Decimal("-0.0001")}, guards=(checked, *also))


def _type_cases() -> Iterator[Case]:
    for place in BOOLS:
        yield from _not_of_type(place, ("two", Foreign(2, "2")), ("minus-one", Foreign(-1, "-1")))
    for place in (*UUIDS, "orders.public_id"):
        yield from _not_of_type(
            place,
            ("no-uuid", "x" * 36),
            ("too-short", "00000000-0000-7000-8000-00000000000"),
            ("too-long", "00000000-0000-7000-8000-0000000000001"),
            ("dashes", "0-000000-0000-7000-8000-000000000001"),
        )
    for place in ENUMS:
        yield from _not_of_type(place, ("unknown", "nonsense"), ("empty", ""), ("upper-case", "PAID"))
    yield from _not_of_type("shipping_methods.countries", ("no-array", Foreign('{"DE":1}', '"DE"')))
    for place, (border, beyond, also) in MONEY.items():
        table, column = place.split(".")
        name = f"{table}_{column}_type"
        yield accepted(name, "largest", table, border)
        yield refused(
            name,
            "too-large",
            table,
            beyond,
            sqlite=_first(table, name, *also),
            postgresql="money_amount_check",
            guards={"sqlite": (name, *also, *ONWARDS.get(place, ())), "postgresql": ("money_amount_check",)},
        )
        for label, value in (("fifth-decimal", "0.00001"), ("nan", "NaN"), ("infinity", "Infinity")):
            # SQLite's INTEGER takes no fraction and no text, whatever the CHECKs say.
            yield refused(
                name, label, table, {column: Decimal(value)}, sqlite=None, postgresql="money_amount_check", guards=()
            )
    for place in ("tax_rates.rate", "order_items.tax_rate"):
        table, column = place.split(".")
        name = f"{table}_{column}_type"
        guards = {"sqlite": (name,), "postgresql": ("rate_fraction_check",)}
        for label, text in (("zero", "0"), ("one", "1"), ("sixth-decimal", "0.000001")):
            yield accepted(name, label, table, {column: Share(text)})
        for label, text in (("negative", "-0.000001"), ("above-one", "1.000001")):
            yield refused(name, label, table, {column: Share(text)}, postgresql="rate_fraction_check", guards=guards)
        yield refused(
            name,
            "seventh-decimal",
            table,
            {column: Share("0.0000001")},
            sqlite=None,
            postgresql="rate_fraction_check",
            guards=(),
        )
    for place, (first, extra) in INSTANTS.items():
        yield from _instant_cases(place, first, extra)


def _first(table: str, *checks: str) -> str:
    """The check of the column that stands first: the engines look at the columns in order."""
    return min(checks, key=lambda check: list(FRESH[table]).index(check.removeprefix(f"{table}_")[: -len("_type")]))


def _not_of_type(place: str, *values: tuple[str, Any]) -> Iterator[Case]:
    table, column = place.split(".")
    rule = f"{table}_{column}_type"
    related = {
        # What the row's other rules would say of a label that they do not know.
        "stock_movements.kind": ("stock_movements_kind_deltas",),
        "orders.origin": ("orders_origin_import",),
        "orders.status": (
            "order_status_history_to_status_type",
            "order_status_history_transition",
            "order_status_history_transition_fkey",
        ),
        "order_status_history.from_status": ("order_status_history_transition", "order_status_history_transition_fkey"),
        "order_status_history.to_status": ("order_status_history_transition", "order_status_history_transition_fkey"),
        "shipping_methods.countries": ("shipping_methods_countries_form",),
        "reviews.status": ("reviews_moderated",),
    }.get(place, ())
    for label, value in values:
        yield refused(
            rule,
            label,
            table,
            {**({"customer_id": 2} if table == "addresses" else {}), column: value},
            postgresql=None,
            guards={"sqlite": (rule, *related), "postgresql": ()},
        )


def _instant_cases(place: str, first: datetime | None, extra: dict[str, Any]) -> Iterator[Case]:
    table, column = place.split(".")
    rule = f"{table}_{column}_type"
    guards = {"sqlite": (rule, *ONWARDS.get(place, ())), "postgresql": ("utc_timestamp_check",)}
    yield accepted(rule, "first", table, {**extra, column: first or EARLIEST + _TICK})
    yield accepted(rule, "last", table, {**extra, column: LATEST})
    if first:
        yield refused(
            rule, "before", table, {**extra, column: first - _TICK}, postgresql="utc_timestamp_check", guards=guards
        )
    for label, later in (("after", LATEST + _TICK), ("infinity", Foreign("infinity", "infinity"))):
        yield refused(rule, label, table, {**extra, column: later}, postgresql="utc_timestamp_check", guards=guards)
    written = LATER.strftime("%Y-%m-%dT%H:%M:%S.000000Z")
    for label, text in (
        ("no-such-day", "2026-02-30T12:00:00.000000Z"),
        ("hour-25", "2026-03-01T25:00:00.000000Z"),
        ("month-13", "2026-13-01T12:00:00.000000Z"),
        ("day-0", "2026-03-00T12:00:00.000000Z"),
        ("minute-60", "2026-03-01T12:60:00.000000Z"),
        ("words", "yesterday morning, at about"),
    ):
        yield refused(
            rule,
            label,
            table,
            {**extra, column: text},
            postgresql=None,
            guards={"sqlite": guards["sqlite"], "postgresql": ()},
        )
    yield accepted(rule, "as-written", table, {**extra, column: Foreign(written, written)})


VALUE_CASES: Final[tuple[Case, ...]] = (
    *_range_cases(),
    *_type_cases(),
)
"""Every case of a single value."""

"""Cases of single values: ranges, and what the column types say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from tests.support.cases import Case, accepted, refused
from tests.support.cases_money import MONEY
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
    "refund_items_quantity_range": ("refund_items.quantity", 0, 1_000_000),
    "coupons_usage_limit_range": ("coupons.usage_limit", 1, 1_000_000_000),
    "coupons_per_customer_limit_range": ("coupons.per_customer_limit", 1, 1_000_000_000),
    "coupons_used_count_range": ("coupons.used_count", 0, 2**63 - 1),
    "order_item_cancellations_quantity_range": ("order_item_cancellations.quantity", 1, 1_000_000),
    "shipment_items_quantity_range": ("shipment_items.quantity", 1, 1_000_000),
    "return_items_quantity_range": ("return_items.quantity", 1, 1_000_000),
    "invoice_counters_last_number_range": ("invoice_counters.last_number", 0, 2**63 - 1),
    "reviews_rating_range": ("reviews.rating", 1, 5),
    "outbox_attempts_range": ("outbox.attempts", 0, 2**63 - 1),
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
    "coupons.is_active",
)
UUIDS: Final = (
    "customers.public_id",
    "products.public_id",
    "product_variants.public_id",
    "bundles.public_id",
    "carts.public_id",
    "outbox.lease_id",
    "payments.public_id",
    "refunds.public_id",
    "shipments.public_id",
    "returns.public_id",
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
    "payments.status",
    "payments.capture_at",
    "payment_events.kind",
    "refunds.status",
    "returns.status",
    "reviews.status",
    "coupons.kind",
    "coupon_targets.kind",
    "audit_log.action",
)

ONWARDS: Final[dict[str, tuple[str, ...]]] = {
    # A trigger carries the value on into a column of the same type, which would refuse it in its place.
    "product_variants.price": ("price_history_price_type",),
    "product_variants.created_at": ("price_history_valid_from_type",),
    "stock_movements.moved_at": ("inventory_updated_at_type",),
    "cart_items.updated_at": ("carts_updated_at_type",),
    "orders.status_at": ("order_status_history_changed_at_type",),
    "refunds.updated_at": ("payments_updated_at_type",),
    **{
        f"{table}.updated_at": ("audit_log_changed_at_type",)
        for table in (
            "shop_settings",
            "categories",
            "bundles",
            "locations",
            "shipping_methods",
            "tax_rates",
            "coupons",
        )
    },
}

BESIDE: Final[dict[str, tuple[str, ...]]] = {
    # A rule of the row that refuses the same value.
    "order_allocations.quantity": ("order_allocations_settled_fits",),
    "shipments.delivered_at": ("shipments_delivered_later",),
    "coupon_redemptions.redeemed_at": ("coupon_redemptions_freed_later",),
    "coupon_redemptions.freed_at": ("coupon_redemptions_freed_later",),
}

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(9998, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)

INSTANTS: Final[dict[str, tuple[datetime | None, dict[str, Any]]]] = {
    # What must follow another instant cannot be the first there is: its earliest is one after the other's.
    "tax_rates.valid_to": (None, {"valid_from": EARLIEST}),
    "orders.expires_at": (None, {"placed_at": EARLIEST}),
    "orders.paid_at": (EARLIEST, {}),
    "order_item_cancellations.cancelled_at": (EARLIEST, {}),
    "shipments.shipped_at": (EARLIEST, {"delivered_at": None}),
    "shipments.delivered_at": (EARLIEST, {"shipped_at": EARLIEST}),
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
    "outbox.held_until": (EARLIEST, {}),
    "payment_events.occurred_at": (EARLIEST, {}),
    "payment_events.applied_at": (EARLIEST, {}),
    "coupons.valid_from": (EARLIEST, {}),
    "coupons.valid_to": (None, {"valid_from": EARLIEST}),
    "coupon_redemptions.redeemed_at": (EARLIEST, {"freed_at": LATEST}),
    "coupon_redemptions.freed_at": (EARLIEST, {"redeemed_at": EARLIEST}),
    "reviews.moderated_at": (EARLIEST, {"status": "published"}),
    "review_votes.voted_at": (EARLIEST, {}),
    "wishlist_items.added_at": (EARLIEST, {}),
    "audit_log.changed_at": (EARLIEST, {}),
    "audit_state.complete_from": (EARLIEST, {}),
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
    yield refused(rule, "below", table, {column: low - 1}, guards=(rule, *BESIDE.get(place, ())))
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
            {"quantity": quantity, "amount": price, "discount": Decimal(0), "tax": Decimal(0), "line_total": price},
        )
    nothing = {"unit_price": 0, "amount": 0, "discount": 0, "tax": 0, "line_total": Decimal(0)}
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
    yield from _not_of_type("coupons.combines_with", ("no-array", Foreign('{"order":1}', '"order"')))
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
        "coupons.combines_with": ("coupons_combines_with_form",),
        "coupons.kind": ("coupons_value_fits_kind",),
        "payment_events.kind": ("payment_events_refund_named",),
        "reviews.status": ("reviews_moderated",),
        "audit_log.action": ("audit_log_sides",),
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
    beside = BESIDE.get(place, ())
    guards = {"sqlite": (rule, *beside, *ONWARDS.get(place, ())), "postgresql": ("utc_timestamp_check", *beside)}
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

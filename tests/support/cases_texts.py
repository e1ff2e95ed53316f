"""Cases of texts and bytes: lengths, forms and codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.support.cases import Case, accepted, refused
from tests.support.raw import Foreign

__all__ = ["BYTES", "CODES", "LENGTHS", "TEXT_CASES"]

LENGTHS: Final[dict[str, tuple[int, int]]] = {
    "shop_settings.time_zone": (1, 64),
    "customers.email": (3, 254),
    "customers.email_key": (3, 254),
    "customers.first_name": (0, 100),
    "customers.last_name": (0, 100),
    "customers.phone": (1, 40),
    "customers.external_reference": (1, 100),
    "account_tokens.email_key": (3, 254),
    "addresses.recipient": (1, 200),
    "addresses.company": (1, 200),
    "addresses.line1": (1, 200),
    "addresses.line2": (1, 200),
    "addresses.city": (1, 100),
    "addresses.region": (0, 100),
    "addresses.postal_code": (0, 20),
    "addresses.country_name": (1, 100),
    "addresses.phone": (1, 40),
    "categories.slug": (1, 200),
    "categories.name": (1, 200),
    "products.slug": (1, 200),
    "products.name": (1, 200),
    "products.description": (0, 20000),
    "product_options.name": (1, 100),
    "option_values.value": (1, 100),
    "product_variants.sku": (1, 64),
    "product_variants.barcode": (1, 64),
    "product_images.url": (1, 2000),
    "product_images.alt_text": (0, 500),
    "bundles.sku": (1, 64),
    "bundles.slug": (1, 200),
    "bundles.name": (1, 200),
    "locations.name": (1, 100),
    "stock_movements.reason": (0, 500),
    "stock_movements.actor": (1, 100),
    "shipping_methods.code": (1, 64),
    "shipping_methods.name": (1, 200),
    "tax_rates.region": (0, 100),
    "carts.guest_email": (3, 254),
    "carts.guest_email_key": (3, 254),
    "imports.kind": (1, 64),
    "imports.preset": (1, 64),
    "orders.external_reference": (1, 100),
    "orders.status_actor": (1, 100),
    "orders.status_reason": (0, 500),
    "orders.shipping_method_code": (1, 64),
    "orders.email": (3, 254),
    "order_items.sku": (1, 64),
    "order_items.name": (0, 200),
    "order_items.category_name": (0, 200),
    "order_items.tax_reason": (0, 200),
    "audit_log.table_name": (1, 63),
    "audit_log.row_key": (1, 100),
    "audit_log.actor": (1, 100),
    "audit_state.actor": (1, 100),
    "order_status_history.actor": (1, 100),
    "order_status_history.reason": (0, 500),
    "idempotency_keys.operation": (1, 64),
    "idempotency_keys.scope": (1, 100),
    "idempotency_keys.key": (1, 255),
    "outbox.kind": (1, 64),
    "order_item_cancellations.actor": (1, 100),
    "order_item_cancellations.reason": (0, 500),
    "shipments.carrier": (1, 100),
    "shipments.tracking_number": (1, 100),
    "shipments.actor": (1, 100),
    "returns.reason": (0, 500),
    "returns.actor": (1, 100),
    "returns.note": (0, 500),
    "payments.provider_reference": (1, 255),
    "payments.method": (1, 40),
    "payments.card_brand": (1, 40),
    "payment_events.provider_event_id": (1, 255),
    "payment_events.refund_reference": (1, 255),
    "payment_events.payload": (2, 100_000),
    "refunds.provider_reference": (1, 255),
    "refunds.reason": (0, 500),
    "refunds.actor": (1, 100),
    "coupons.code": (1, 64),
    "coupons.code_key": (1, 200),
    "coupon_redemptions.email_key": (3, 254),
    "search_trigrams.trigram": (3, 3),
    "search_trigrams.word": (3, 64),
    "reviews.title": (0, 200),
    "reviews.body": (0, 10_000),
    "reviews.moderation_note": (0, 500),
    "wishlists.name": (1, 100),
    "outbox.subject": (1, 100),
    "outbox.consumer": (1, 100),
    "outbox.payload": (2, 1_000_000),
}
"""Fewest and most code points of each text."""

BYTES: Final = (
    "account_tokens.token_hash",
    "sessions.token_hash",
    "carts.token_hash",
    "imports.content_sha256",
    "idempotency_keys.request_hash",
    "search_documents.digest",
    "wishlists.token_hash",
)
"""Blocks of exactly 32 bytes."""

CODES: Final = {
    "shop_settings_currency_code": ("shop_settings.currency", "EUR"),
    "carts_currency_code": ("carts.currency", "EUR"),
    "coupons_currency_code": ("coupons.currency", "EUR"),
    "payments_currency_code": ("payments.currency", "EUR"),
    "orders_currency_code": ("orders.currency", "EUR"),
    "addresses_country_code_form": ("addresses.country_code", "GB"),
    "tax_rates_country_code_form": ("tax_rates.country_code", "GB"),
}
"""Codes of upper-case ASCII letters."""


def _length_cases() -> Iterator[Case]:
    for place, (low, high) in LENGTHS.items():
        table, column = place.split(".")
        rule = f"{table}_{column}_length"
        # Four bytes a letter: code points count, not bytes.
        yield accepted(rule, "shortest", table, {column: "é" * low})
        yield accepted(rule, "longest", table, {column: "\N{GRINNING FACE}" * high})
        if low:
            yield refused(rule, "too-short", table, {column: "é" * (low - 1)}, guards=_echoed(table, column, rule))
        yield refused(rule, "too-long", table, {column: "x" * (high + 1)}, guards=_echoed(table, column, rule))
        # The driver refuses it for PostgreSQL.
        guards = {"sqlite": _echoed(table, column, rule), "postgresql": ()}
        for label, text in (("nul-inside", "abc\0def"), ("nul-first", "\0abc"), ("nul-last", "abc\0")):
            yield refused(rule, label, table, {column: text}, postgresql=None, guards=guards)
        yield refused(rule, "surrogate", table, {column: "abc\ud800"}, sqlite=None, postgresql=None, guards=())


def _echoed(table: str, column: str, rule: str) -> tuple[str, ...]:
    # The history's trigger copies these two.
    copies = {
        "orders.status_actor": "order_status_history_actor_length",
        "orders.status_reason": "order_status_history_reason_length",
    }
    copy = copies.get(f"{table}.{column}")
    return (rule, copy) if copy else (rule,)


def _form_cases() -> Iterator[Case]:
    for place in BYTES:
        table, column = place.split(".")
        rule = f"{table}_{column}_length"
        yield accepted(rule, "exact", table, {column: b"\0\xff" * 16})
        yield refused(rule, "too-short", table, {column: bytes(31)})
        yield refused(rule, "too-long", table, {column: bytes(33)})
    for rule, (place, code) in CODES.items():
        table, column = place.split(".")
        for label, text in (("first", "A" * len(code)), ("last", "Z" * len(code))):
            yield accepted(rule, label, table, {column: text})
        for label, text in (
            ("lower-case", code.lower()),
            ("not-ascii", code[:-1] + "Ä"),
            ("digit", code[:-1] + "1"),
            ("blank", code[:-1] + " "),
            ("too-short", code[:-1]),
            ("too-long", code + "A"),
            ("line-end", code + "\n"),
            ("empty", ""),
        ):
            yield refused(rule, label, table, {column: text})
        yield refused(
            rule, "nul", table, {column: code + "\0"}, postgresql=None, guards={"sqlite": (rule,), "postgresql": ()}
        )
    rule = "shipping_methods_countries_form"
    for label, codes in (("none", ()), ("one", ("DE",)), ("many", ("AA", "ZZ", "GB"))):
        yield accepted(rule, label, "shipping_methods", {"countries": codes})
    for label, bad in (
        ("lower-case", ("de",)),
        ("one-letter", ("D",)),
        ("three-letters", ("DEU",)),
        ("empty-code", ("",)),
        ("joined", ("DE,FR",)),
        ("one-and-three", ("D", "EFR")),
        ("null", (None,)),
        ("not-ascii", ("DÄ",)),
    ):
        yield refused(rule, label, "shipping_methods", {"countries": bad})
    yield refused(rule, "nested", "shipping_methods", {"countries": Foreign('[["DE"]]', [["DE"]])})


TEXT_CASES: Final[tuple[Case, ...]] = (*_length_cases(), *_form_cases())
"""Every case of a text or of bytes."""

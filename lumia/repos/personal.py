"""Which columns hold personal data or secrets, and how an erasure ends each; a test compares this with the schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

__all__ = ["COLUMNS", "Column", "Kind"]


class Kind(StrEnum):
    """What a column is to a person."""

    DELETED = "deleted"
    """Personal; the row goes."""
    OVERWRITTEN = "overwritten"
    """Personal; a placeholder, an empty text or NULL takes its place."""
    SECRET = "secret"  # noqa: S105 - a kind of column, no password
    """Proves somebody's identity; never shown, and its row goes or it is of no use to anybody."""
    HARMLESS = "harmless"
    """Not personal."""


@dataclass(frozen=True)
class Column:
    """One text, list of texts or bytes: what it is, and how it is erased or why it need not be."""

    kind: Kind
    note: str


def _gone(note: str) -> Column:
    return Column(Kind.DELETED, note)


def _over(note: str) -> Column:
    return Column(Kind.OVERWRITTEN, note)


def _secret(note: str) -> Column:
    return Column(Kind.SECRET, note)


def _free(note: str) -> Column:
    return Column(Kind.HARMLESS, note)


_CATALOGUE: Final = _free("the shop's own catalogue")
_CODE: Final = _free("a code that the shop chose")
_CURRENCY: Final = _free("a currency")
_ACTOR: Final = _free("a user's key or a program's name, never a customer's words")
_STOCK: Final = _free("the shop's own words about its stock")
_TABLE: Final = _free("names and keys of the schema")
_MACHINE: Final = _free("made by the machine")
_EMPTY: Final = _over("emptied")
_NULL: Final = _over("NULL")
_WORD: Final = _over("the word erased")
_MAIL: Final = _over("erased-<key>@erased.invalid")
_WITH_CUSTOMER: Final = _gone("with what was kept of the customer")

COLUMNS: Final[Mapping[tuple[str, str], Column]] = MappingProxyType(
    {
        ("account_tokens", "email_key"): _WITH_CUSTOMER,
        ("account_tokens", "token_hash"): _secret("deleted; the hash of a random token"),
        ("addresses", "city"): _WORD,
        ("addresses", "company"): _NULL,
        ("addresses", "country_code"): _free("a country alone names nobody, and taxes go by it"),
        ("addresses", "country_name"): _free("a country alone names nobody, and reports go by it"),
        ("addresses", "line1"): _WORD,
        ("addresses", "line2"): _NULL,
        ("addresses", "phone"): _NULL,
        ("addresses", "postal_code"): _EMPTY,
        ("addresses", "recipient"): _WORD,
        ("addresses", "region"): _EMPTY,
        ("audit_log", "actor"): _over("the word erased, where a customer was the actor; else a user's key"),
        ("audit_log", "after"): _free("written without values of personal columns and without secrets"),
        ("audit_log", "before"): _free("written without values of personal columns and without secrets"),
        ("audit_log", "row_key"): _TABLE,
        ("audit_log", "table_name"): _TABLE,
        ("audit_state", "actor"): _free("holds something inside a transaction only"),
        ("bundles", "name"): _CATALOGUE,
        ("bundles", "sku"): _CATALOGUE,
        ("bundles", "slug"): _CATALOGUE,
        ("carts", "currency"): _CURRENCY,
        ("carts", "guest_email"): _over("NULL, and the row goes where no order came of it"),
        ("carts", "guest_email_key"): _over("NULL, and the row goes where no order came of it"),
        ("carts", "token_hash"): _secret("the hash of a random token of one browser"),
        ("categories", "name"): _CATALOGUE,
        ("categories", "slug"): _CATALOGUE,
        ("coupon_redemptions", "email_key"): _NULL,
        ("coupons", "code"): _CODE,
        ("coupons", "code_key"): _CODE,
        ("coupons", "combines_with"): _free("labels"),
        ("coupons", "currency"): _CURRENCY,
        ("credentials", "password_hash"): _secret("deleted"),
        ("customers", "email"): _MAIL,
        ("customers", "email_key"): _MAIL,
        ("customers", "external_reference"): _NULL,
        ("customers", "first_name"): _EMPTY,
        ("customers", "last_name"): _EMPTY,
        ("customers", "name"): _over("computed of both names"),
        ("customers", "phone"): _NULL,
        ("idempotency_keys", "key"): _gone("a client chose it, and nobody knows what it holds"),
        ("idempotency_keys", "operation"): _CODE,
        ("idempotency_keys", "request_hash"): _gone("a digest of what was asked for, an address too"),
        ("idempotency_keys", "scope"): _TABLE,
        ("imports", "content_sha256"): _MACHINE,
        ("imports", "kind"): _CODE,
        ("imports", "preset"): _CODE,
        ("locations", "name"): _free("the shop's own shelves"),
        ("option_values", "value"): _CATALOGUE,
        ("order_item_cancellations", "actor"): _ACTOR,
        ("order_item_cancellations", "reason"): _EMPTY,
        ("order_items", "category_name"): _CATALOGUE,
        ("order_items", "name"): _CATALOGUE,
        ("order_items", "sku"): _CATALOGUE,
        ("order_items", "tax_reason"): _CODE,
        ("order_status_history", "actor"): _ACTOR,
        ("order_status_history", "reason"): _EMPTY,
        ("orders", "currency"): _CURRENCY,
        ("orders", "email"): _MAIL,
        ("orders", "external_reference"): _free("the order's number in the books that it came from"),
        ("orders", "shipping_method_code"): _CODE,
        ("orders", "status_actor"): _ACTOR,
        ("orders", "status_reason"): _EMPTY,
        ("outbox", "consumer"): _free("a program's name"),
        ("outbox", "kind"): _CODE,
        ("outbox", "payload"): _free("keys and amounts; no event tells of a person, but for the order that it names"),
        ("outbox", "subject"): _TABLE,
        ("payment_events", "payload"): _NULL,
        ("payment_events", "provider"): _CODE,
        ("payment_events", "provider_event_id"): _free("the provider's number, which the books need"),
        ("payment_events", "refund_reference"): _free("the provider's number, which the books need"),
        ("payments", "card_brand"): _NULL,
        ("payments", "card_last4"): _NULL,
        ("payments", "currency"): _CURRENCY,
        ("payments", "method"): _CODE,
        ("payments", "provider"): _CODE,
        ("payments", "provider_reference"): _free("the provider's number, which the books need"),
        ("product_images", "alt_text"): _CATALOGUE,
        ("product_images", "url"): _CATALOGUE,
        ("product_options", "name"): _CATALOGUE,
        ("product_variants", "barcode"): _CATALOGUE,
        ("product_variants", "combination_key"): _CATALOGUE,
        ("product_variants", "sku"): _CATALOGUE,
        ("products", "description"): _CATALOGUE,
        ("products", "name"): _CATALOGUE,
        ("products", "slug"): _CATALOGUE,
        ("refunds", "actor"): _ACTOR,
        ("refunds", "provider_reference"): _free("the provider's number, which the books need"),
        ("refunds", "reason"): _EMPTY,
        ("returns", "actor"): _ACTOR,
        ("returns", "note"): _EMPTY,
        ("returns", "reason"): _EMPTY,
        ("reviews", "body"): _EMPTY,
        ("reviews", "moderation_note"): _EMPTY,
        ("reviews", "title"): _EMPTY,
        ("search_documents", "digest"): _CATALOGUE,
        ("search_documents", "words"): _CATALOGUE,
        ("search_trigrams", "trigram"): _CATALOGUE,
        ("search_trigrams", "word"): _CATALOGUE,
        ("sessions", "token_hash"): _secret("deleted; the hash of a random token"),
        ("shipments", "actor"): _ACTOR,
        ("shipments", "carrier"): _CODE,
        ("shipments", "tracking_number"): _NULL,
        ("shipping_methods", "code"): _CODE,
        ("shipping_methods", "countries"): _free("where the shop delivers to"),
        ("shipping_methods", "name"): _CATALOGUE,
        ("shop_settings", "currency"): _CURRENCY,
        ("shop_settings", "time_zone"): _free("the shop's own"),
        ("stock_movements", "actor"): _ACTOR,
        ("stock_movements", "reason"): _STOCK,
        ("tax_rates", "country_code"): _free("a law's"),
        ("tax_rates", "region"): _free("a law's"),
        ("wishlists", "name"): _WITH_CUSTOMER,
        ("wishlists", "token_hash"): _secret("deleted; the hash of a random token"),
    }
)
"""Every text, list of texts and bytes of the schema, by table and column."""

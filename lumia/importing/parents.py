"""Writes what an import's lines hang on: products with their variants, customers with addresses, and orders."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from lumia.engine.load import Loader
from lumia.errors import ImportRefused
from lumia.importing.countries import country_code
from lumia.importing.drafts import BuyerDraft, OrderDraft, VariantDraft
from lumia.importing.presets import Preset
from lumia.importing.values import MAX_UNITS
from lumia.types import FulfillmentStatus, OrderOrigin, OrderStatus, PaymentStatus, ProductStatus, UuidSource

__all__ = ["ParentWriter", "country_of"]

Constants = dict[str, int | str]

_ACTOR: Final = "import"
_UNKNOWN: Final = "unknown"

_PRODUCTS: Final = (("product_id", "int"), ("public_id", "text"), ("slug", "text"), ("name", "text"))
_VARIANTS: Final = (
    *(("variant_id", "int"), ("public_id", "text"), ("product_id", "int"), ("sku", "text")),
    *(("price", "money"), ("is_goods", "bool")),
)
_CUSTOMERS: Final = (
    *(("customer_id", "int"), ("public_id", "text"), ("email", "text"), ("email_key", "text")),
    ("external_reference", "text?"),
)
_ADDRESSES: Final = (
    *(("address_id", "int"), ("customer_id", "int"), ("recipient", "text")),
    *(("country_code", "text"), ("country_name", "text?")),
)
_ORDERS: Final = (
    *(("order_id", "int"), ("public_id", "text"), ("order_number", "int"), ("external_reference", "text")),
    *(("customer_id", "int"), ("status_at", "text"), ("subtotal", "money"), ("total", "money")),
    *(("shipping_address_id", "int"), ("billing_address_id", "int"), ("email", "text"), ("placed_at", "text")),
)


class ParentWriter:
    """Writes the rows that an import's order items refer to, all with one instant as their creation."""

    def __init__(self, loader: Loader, new_uuid: UuidSource, now: datetime) -> None:
        """Write through an import's loader.

        Args:
            loader: inside the import's transaction.
            new_uuid: gives the public ids.
            now: when the rows were created, in UTC.
        """
        self._loader = loader
        self._new_uuid = new_uuid
        instant = now.isoformat(timespec="microseconds")[:26] + "Z"
        self._created: Constants = {"created_at": instant, "updated_at": instant}

    def variants(self, drafts: Iterable[VariantDraft], category_id: int, preset: Preset) -> int:
        """Write the new variants, each of a product of its own that is for sale; give their number."""
        new = [draft for draft in drafts if draft.is_new]
        self._loader.add(
            "products",
            _PRODUCTS,
            (
                (draft.product_id, self._public_id(), f"{_slug(name)}-{draft.product_id}", name)
                for draft in new
                for name in (draft.product_name(),)
            ),
            constants={**self._created, "category_id": category_id, "description": "", "status": ProductStatus.ACTIVE},
        )
        return self._loader.add(
            "product_variants",
            _VARIANTS,
            (
                (
                    *(draft.variant_id, self._public_id(), draft.product_id, draft.sku, draft.price()),
                    preset.goods.fullmatch(draft.sku) is not None,
                )
                for draft in new
            ),
            constants={**self._created, "combination_key": "", "is_active": True},
        )

    def buyers(self, known: Iterable[BuyerDraft], guests: Iterable[BuyerDraft]) -> tuple[int, int]:
        """Write the new customers and guests; give the number of each."""
        customers = self._buyers((draft for draft in known if draft.is_new), is_guest=False)
        return customers, self._buyers(guests, is_guest=True)

    def _buyers(self, drafts: Iterable[BuyerDraft], *, is_guest: bool) -> int:
        constants: Constants = {
            **self._created,
            "first_name": "",
            "last_name": "",
            "is_guest": is_guest,
            "is_active": True,
            "is_verified": False,
        }
        return self._loader.add(
            "customers",
            _CUSTOMERS,
            # These addresses are in small letters and ASCII: they are their own keys.
            ((draft.customer_id, self._public_id(), draft.email, draft.email, draft.reference) for draft in drafts),
            constants=constants,
        )

    def addresses(self, buyers: Iterable[BuyerDraft]) -> None:
        """Write an address for each country in which a buyer has none; the source tells nothing else of it."""
        missing = [
            (buyer, country) for buyer in buyers for country, address in buyer.addresses.items() if address is None
        ]
        for (buyer, country), key in zip(
            missing, self._loader.reserve("addresses", "address_id", len(missing)), strict=True
        ):
            buyer.addresses[country] = key
        self._loader.add(
            "addresses",
            _ADDRESSES,
            (
                (buyer.addresses[country], buyer.customer_id, _recipient(buyer), country_code(country), country or None)
                for buyer, country in missing
            ),
            constants={
                **self._created,
                "line1": _UNKNOWN,
                "city": _UNKNOWN,
                "region": "",
                "postal_code": "",
                "is_default_shipping": False,
                "is_default_billing": False,
            },
        )

    def orders(self, drafts: Sequence[OrderDraft], numbers: Iterable[int], import_id: int, currency: str) -> None:
        """Write the orders: delivered, paid, placed when their earliest line was sold.

        Raises:
            ImportRefused: an order's total is beyond what money can hold.
        """
        if any(draft.units > MAX_UNITS for draft in drafts):
            message = "an invoice's total is beyond 99,999,999,999.9999; nothing was imported"
            raise ImportRefused(message)
        constants: Constants = {
            **self._created,
            "origin": OrderOrigin.IMPORTED,
            "import_id": import_id,
            "currency": currency,
            "status": OrderStatus.DELIVERED,
            "payment_status": PaymentStatus.PAID,
            "fulfillment_status": FulfillmentStatus.DELIVERED,
            "status_actor": _ACTOR,
            "status_reason": "",
            "discount_total": 0,
            "shipping_total": 0,
            "tax_total": 0,
            "tax_included_total": 0,
        }
        self._loader.add(
            "orders",
            _ORDERS,
            (
                (
                    *(draft.order_id, self._public_id(), number, draft.invoice, draft.buyer.customer_id),
                    *(draft.first, draft.units, draft.units, address, address, draft.buyer.email, draft.first),
                )
                for draft, number in zip(drafts, numbers, strict=True)
                for address in (draft.buyer.addresses[draft.country],)
            ),
            constants=constants,
        )

    def _public_id(self) -> str:
        return str(self._new_uuid())


def country_of(written: str | None) -> str:
    """Give the key of an address among a buyer's addresses: the country as written, empty where there is none."""
    return written or ""


def _recipient(buyer: BuyerDraft) -> str:
    return f"Customer {buyer.reference}" if buyer.reference else "Guest"


def _slug(name: str) -> str:
    """The readable part of a web address: letters without marks and digits, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:160] or "product"

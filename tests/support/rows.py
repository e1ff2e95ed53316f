"""Builders of valid rows, one for each table that has more than one in the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tests.support.raw import Share

__all__ = [
    "LATER",
    "NOON",
    "Row",
    "Step",
    "a_cart",
    "a_category",
    "a_change",
    "a_customer",
    "a_key",
    "a_method",
    "a_movement",
    "a_product",
    "a_rate",
    "a_reservation",
    "a_review",
    "a_stock",
    "a_variant",
    "a_wishlist",
    "an_address",
    "an_event",
    "an_import",
    "an_item",
    "an_order",
    "imported",
    "insert",
    "stamped",
]

NOON: Final = datetime(2024, 3, 1, 12, tzinfo=UTC)
"""When everything in the ground was written."""

LATER: Final = NOON + timedelta(hours=1)
"""When everything fresh is written."""

Row = dict[str, Any]
Step = tuple[str, Sequence[Any]]


def insert(table: str, row: Mapping[str, Any]) -> Step:
    """The INSERT of a row, with `?` placeholders."""
    marks = ", ".join("?" * len(row))
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())


def stamped(at: datetime, **row: Any) -> Row:
    """Add when a row was made and changed."""
    return {**row, "created_at": at, "updated_at": at}


def _uuid(number: int) -> UUID:
    return UUID(int=7 << 76 | 2 << 62 | number)


def a_customer(number: int, at: datetime, *, is_guest: bool = False) -> Row:
    """A registered customer, or a guest."""
    return stamped(
        at,
        customer_id=number,
        public_id=_uuid(number),
        email=f"Person{number}@example.com",
        email_key=f"person{number}@example.com",
        first_name="Ada",
        last_name="Byron",
        phone="+44 20 7946 0000",
        external_reference=f"C{number}",
        is_guest=is_guest,
        is_active=True,
        is_verified=False,
        erased_at=None,
    )


def an_address(number: int, customer: int, at: datetime) -> Row:
    """A customer's address; number 1 is the default for everything."""
    return stamped(
        at,
        address_id=number,
        customer_id=customer,
        recipient="Ada Byron",
        company="Engines Ltd",
        line1="12 Mill Lane",
        line2="Flat 3",
        city="Leeds",
        region="",
        postal_code="LS1 1AA",
        country_code="GB",
        country_name="United Kingdom",
        phone="+44 20 7946 0000",
        is_default_shipping=number == 1,
        is_default_billing=number == 1,
        archived_at=None,
    )


def a_category(number: int, parent: int | None, at: datetime) -> Row:
    """A category below another, or at the top."""
    return stamped(at, category_id=number, parent_id=parent, slug=f"category-{number}", name="Tea", position=number)


def a_change(number: int, at: datetime, customer: int | None = None) -> Row:
    """What the audit log says of a new location, made by a customer."""
    return {
        "audit_log_id": number,
        "table_name": "locations",
        "row_key": "1",
        "action": "insert",
        "actor": "anna",
        "actor_customer_id": customer,
        "before": None,
        "after": "{}",
        "changed_at": at,
    }


def a_product(number: int, at: datetime) -> Row:
    """A product that can be sold."""
    return stamped(
        at,
        product_id=number,
        public_id=_uuid(number),
        category_id=2,
        slug=f"product-{number}",
        name="Teapot",
        description="Holds tea.",
        status="active",
    )


def a_variant(number: int, product: int, key: str, at: datetime) -> Row:
    """A product's variant with the option values that `key` names."""
    return stamped(
        at,
        variant_id=number,
        public_id=_uuid(number),
        product_id=product,
        sku=f"SKU-{number}",
        combination_key=key,
        price=Decimal("12.50"),
        compare_at_price=Decimal(15),
        weight_grams=750,
        barcode="4006381333931",
        is_goods=True,
        is_active=True,
    )


def a_movement(number: int, variant: int, kind: str, deltas: tuple[int, int], at: datetime) -> Row:
    """A movement of a variant at the first location."""
    return {
        "stock_movement_id": number,
        "variant_id": variant,
        "location_id": 1,
        "kind": kind,
        "on_hand_delta": deltas[0],
        "allocated_delta": deltas[1],
        "order_item_id": None,
        "reason": "delivery",
        "actor": "test",
        "moved_at": at,
    }


def a_cart(number: int, customer: int | None, at: datetime, status: str = "active") -> Row:
    """A customer's cart, or a guest's."""
    return stamped(
        at,
        cart_id=number,
        public_id=_uuid(number),
        customer_id=customer,
        token_hash=number.to_bytes(32),
        guest_email="guest@example.com",
        guest_email_key="guest@example.com",
        currency="EUR",
        status=status,
    )


def an_order(number: int, at: datetime, **changes: Any) -> Row:
    """A live order of customer 1, just placed."""
    order = stamped(
        at,
        order_id=number,
        public_id=_uuid(number),
        order_number=number + 10,
        invoice_number=None,
        origin="live",
        import_id=None,
        external_reference=None,
        customer_id=1,
        cart_id=number,
        currency="EUR",
        status="pending",
        payment_status="none",
        fulfillment_status="unfulfilled",
        status_actor="checkout",
        status_reason="",
        status_at=at,
        subtotal=Decimal("25.00"),
        discount_total=Decimal("2.50"),
        shipping_total=Decimal("4.90"),
        tax_total=Decimal("4.50"),
        tax_included_total=Decimal(0),
        total=Decimal("31.90"),
        shipping_method_id=1,
        shipping_method_code="post",
        shipping_address_id=1,
        billing_address_id=1,
        email="Person1@example.com",
        placed_at=at,
        expires_at=at + timedelta(hours=1),
        paid_at=at,
        version=0,
    )
    return {**order, **changes}


def imported(number: int, at: datetime) -> Row:
    """An order as an import writes it."""
    return an_order(
        number,
        at,
        origin="imported",
        import_id=1,
        external_reference=f"I{number}",
        cart_id=None,
        status="delivered",
        payment_status="paid",
        fulfillment_status="delivered",
        expires_at=None,
    )


def an_item(number: int, order: int, at: datetime) -> Row:
    """A line of an order; `number` is its key and gives its place."""
    return {
        "order_item_id": number,
        "order_id": order,
        "customer_id": 1,
        "product_id": 1,
        "variant_id": 1,
        "bundle_id": None,
        "position": number + 10,
        "sku": "SKU-1",
        "name": "Teapot",
        "category_name": "Tea",
        "unit_price": Decimal("12.50"),
        "quantity": 3,
        "amount": Decimal("37.50"),
        "discount": Decimal("2.50"),
        "tax_rate": Share("0.2"),
        "tax_reason": "GB standard",
        "tax": Decimal("4.50"),
        "tax_included": Decimal(0),
        "line_total": Decimal("39.50"),
        "unit_share": None,
        "odd_units": 0,
        "odd_share": Decimal(0),
        "cancelled_quantity": 0,
        "shipped_quantity": 0,
        "returned_quantity": 0,
        "sold_at": at,
    }


def an_import(number: int, at: datetime) -> Row:
    """A file that was imported."""
    return {
        "import_id": number,
        "kind": "order_lines",
        "preset": "online-retail",
        "content_sha256": number.to_bytes(32),
        "rows_read": 3,
        "rows_imported": 2,
        "rows_rejected": 1,
        "imported_at": at,
    }


def a_key(number: int, at: datetime) -> Row:
    """A claimed idempotency key."""
    return {
        "idempotency_key_id": number,
        "operation": "place",
        "scope": "customer:1",
        "key": f"key-{number}",
        "request_hash": bytes(32),
        "result_id": number,
        "created_at": at,
    }


def an_event(number: int, at: datetime) -> Row:
    """An event that nobody has fetched."""
    return {
        "outbox_id": number,
        "kind": "order.placed",
        "subject": "order:1",
        "payload": "{}",
        "created_at": at,
        "attempts": 0,
        "held_until": None,
        "lease_id": None,
        "consumer": None,
        "acknowledged_at": None,
    }


def a_method(number: int, code: str, at: datetime) -> Row:
    """A way of delivery."""
    return stamped(
        at,
        shipping_method_id=number,
        code=code,
        name="Post",
        price=Decimal("4.90"),
        free_from=Decimal(50),
        countries=("DE", "GB"),
        is_active=True,
    )


def a_rate(number: int, region: str, at: datetime) -> Row:
    """A tax rate for one category."""
    return stamped(
        at,
        tax_rate_id=number,
        country_code="GB",
        region=region,
        category_id=1,
        rate=Share("0.2"),
        valid_from=NOON,
        valid_to=None,
    )


def a_reservation(cart: int, variant: int, location: int, at: datetime, *, until: datetime | None = None) -> Row:
    """A unit on hold for a cart; dead from the beginning unless it says until when."""
    return {
        "cart_id": cart,
        "variant_id": variant,
        "location_id": location,
        "quantity": 1,
        "created_at": at,
        "expires_at": until or at,
    }


def a_stock(variant: int, location: int, at: datetime) -> Row:
    """The stock of a variant at a location, still empty."""
    return stamped(at, variant_id=variant, location_id=location, reorder_point=2, backorder_limit=0)


def a_review(number: int, at: datetime) -> Row:
    """A review of what customer 1 bought with order 2, which nobody has looked at."""
    return stamped(
        at,
        review_id=number,
        public_id=_uuid(number),
        order_item_id=2,
        product_id=1,
        customer_id=1,
        rating=5,
        title="Fine",
        body="Holds tea.",
        status="pending",
        moderation_note="",
        moderated_at=None,
        helpful_votes=0,
        version=0,
    )


def a_wishlist(number: int, customer: int, at: datetime) -> Row:
    """A customer's list, with a link."""
    return stamped(
        at,
        wishlist_id=number,
        public_id=_uuid(number),
        customer_id=customer,
        name="Birthday",
        token_hash=number.to_bytes(32),
    )

"""A made-up shop year, the same on every run and on both engines: who bought what, when, at which price."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, inspect, select

from benchmarks import models
from lumia.types import FulfillmentStatus, MovementKind, OrderOrigin, OrderStatus, PaymentStatus, ProductStatus

__all__ = ["FULL", "NEW_YEAR", "QUICK", "YEAR", "Scale", "fill"]

YEAR = 2024
NEW_YEAR = datetime(YEAR + 1, 1, 1, tzinfo=UTC)
_START = datetime(YEAR, 1, 1, tzinfo=UTC)
_HOURS = (NEW_YEAR - _START) // timedelta(hours=1)
_CATEGORIES = 12
_IMPORT_ID = 1

type_of_row = dict[str, Any]


@dataclass(frozen=True)
class Scale:
    """How large the shop is; a tenth of the orders are customer 1's, who has pages to turn."""

    customers: int
    products: int
    orders: int


FULL = Scale(customers=2_000, products=500, orders=12_000)
QUICK = Scale(customers=60, products=20, orders=600)


def _public_id(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


def _moment(random: Random) -> datetime:
    return _START + timedelta(hours=random.randrange(_HOURS), microseconds=random.randrange(3_600_000_000))


def _people(scale: Scale, random: Random) -> Iterator[tuple[type[models.Base], list[type_of_row]]]:
    stamps = {"created_at": _START, "updated_at": _START}
    ids = range(1, scale.customers + 1)
    yield (
        models.Customer,
        [
            {
                "customer_id": item,
                "public_id": _public_id(random),
                "email": f"Buyer{item}@shop.invalid",
                "email_key": f"buyer{item}@shop.invalid",
                "first_name": f"First{item % 97}",
                "last_name": f"Last{item % 499}",
                "phone": None,
                "external_reference": None,
                "is_guest": False,
                "is_active": True,
                "is_verified": item % 3 == 0,
                "erased_at": None,
                **stamps,
            }
            for item in ids
        ],
    )
    yield (
        models.Address,
        [
            {
                "address_id": item,
                "customer_id": item,
                "recipient": f"First{item % 97} Last{item % 499}",
                "company": None,
                "line1": f"{item} Mill Lane",
                "line2": None,
                "city": "Leeds",
                "region": "",
                "postal_code": f"LS{item % 20} 1AA",
                "country_code": "GB",
                "country_name": None,
                "phone": None,
                "is_default_shipping": True,
                "is_default_billing": True,
                "archived_at": None,
                **stamps,
            }
            for item in ids
        ],
    )


def _goods(scale: Scale, random: Random) -> Iterator[tuple[type[models.Base], list[type_of_row]]]:
    stamps = {"created_at": _START, "updated_at": _START}
    categories = [
        {"category_id": item, "parent_id": None, "slug": f"group-{item}", "name": f"Group {item}", "position": item}
        for item in range(1, _CATEGORIES + 1)
    ]
    yield models.Category, [{**row, **stamps} for row in categories]
    ids = range(1, scale.products + 1)
    yield (
        models.Product,
        [
            {
                "product_id": item,
                "public_id": _public_id(random),
                "category_id": 1 + item % _CATEGORIES,
                "slug": f"thing-{item}",
                "name": f"Thing {item}",
                "description": f"A thing, the {item}th of its kind.",
                "status": ProductStatus.ACTIVE,
                **stamps,
            }
            for item in ids
        ],
    )
    yield (
        models.Variant,
        [
            {
                "variant_id": item,
                "public_id": _public_id(random),
                "product_id": item,
                "sku": f"T-{item:05d}",
                "combination_key": "",
                "price": _price(item),
                "compare_at_price": None,
                "weight_grams": 250,
                "barcode": None,
                "is_goods": True,
                "is_active": True,
                **stamps,
            }
            for item in ids
        ],
    )
    yield models.Location, [{"location_id": 1, "name": "Main", "priority": 1, "is_active": True, **stamps}]
    yield (
        models.Inventory,
        [
            {
                "variant_id": item,
                "location_id": 1,
                "on_hand": 0,
                "allocated": 0,
                "reorder_point": 0,
                "backorder_limit": 0,
                "last_movement_id": None,
                **stamps,
            }
            for item in ids
        ],
    )
    yield (
        models.StockMovement,
        [
            {
                "variant_id": item,
                "location_id": 1,
                "kind": MovementKind.OPENING,
                "on_hand_delta": 900_000_000,
                "allocated_delta": 0,
                "order_item_id": None,
                "reason": "",
                "actor": "set-up",
                "moved_at": _START,
            }
            for item in ids
        ],
    )


def _price(variant_id: int) -> Decimal:
    return Decimal(95 + variant_id * 37 % 4_900) / 100


def _lines(order: type_of_row, scale: Scale, random: Random) -> list[type_of_row]:
    chosen = random.sample(range(1, scale.products + 1), random.randrange(1, 9))
    lines = []
    for position, variant_id in enumerate(chosen, start=1):
        quantity = random.randrange(1, 7)
        amount = _price(variant_id) * quantity
        lines.append(
            {
                "order_id": order["order_id"],
                "customer_id": order["customer_id"],
                "product_id": variant_id,
                "variant_id": variant_id,
                "position": position,
                "sku": f"T-{variant_id:05d}",
                "name": f"Thing {variant_id}",
                "category_name": f"Group {1 + variant_id % _CATEGORIES}",
                "unit_price": _price(variant_id),
                "quantity": quantity,
                "amount": amount,
                "discount": Decimal(0),
                "tax_rate": Decimal(0),
                "tax_reason": "imported",
                "tax": Decimal(0),
                "tax_included": Decimal(0),
                "line_total": amount,
                "cancelled_quantity": 0,
                "shipped_quantity": quantity,
                "returned_quantity": 0,
                "sold_at": order["placed_at"],
            }
        )
    return lines


def _sales(scale: Scale, random: Random) -> Iterator[tuple[type[models.Base], list[type_of_row]]]:
    orders, items = [], []
    for order_id, placed_at in enumerate(sorted(_moment(random) for _ in range(scale.orders)), start=1):
        customer_id = 1 if order_id % 10 == 0 else random.randrange(2, scale.customers + 1)
        order = {"order_id": order_id, "customer_id": customer_id, "placed_at": placed_at}
        lines = _lines(order, scale, random)
        total = sum((line["amount"] for line in lines), Decimal(0))
        items.extend(lines)
        orders.append(
            {
                **order,
                "public_id": _public_id(random),
                "order_number": order_id,
                "invoice_number": None,
                "origin": OrderOrigin.IMPORTED,
                "import_id": _IMPORT_ID,
                "external_reference": f"R{order_id}",
                "cart_id": None,
                "currency": "GBP",
                "status": OrderStatus.DELIVERED,
                "payment_status": PaymentStatus.PAID,
                "fulfillment_status": FulfillmentStatus.DELIVERED,
                "status_actor": "import",
                "status_reason": "",
                "status_at": placed_at,
                "subtotal": total,
                "discount_total": Decimal(0),
                "shipping_total": Decimal(0),
                "tax_total": Decimal(0),
                "tax_included_total": Decimal(0),
                "total": total,
                "shipping_method_id": None,
                "shipping_method_code": None,
                "shipping_address_id": customer_id,
                "billing_address_id": customer_id,
                "email": f"Buyer{customer_id}@shop.invalid",
                "expires_at": None,
                "version": 0,
                "created_at": placed_at,
                "updated_at": placed_at,
            }
        )
    counts = {"rows_read": len(items), "rows_imported": len(items), "rows_rejected": 0}
    source = {"kind": "order_lines", "preset": "made-up", "content_sha256": bytes(32), "imported_at": NEW_YEAR}
    yield models.Import, [{"import_id": _IMPORT_ID, **source, **counts}]
    yield models.Order, orders
    yield models.OrderItem, items


_IDENTITIES: tuple[type[models.Base], ...] = (
    models.Customer,
    models.Address,
    models.Category,
    models.Product,
    models.Variant,
    models.Location,
    models.Import,
    models.Order,
)


def fill(connection: Connection, scale: Scale) -> None:
    """Write the whole year into an empty migrated database, through the tables themselves, in one transaction.

    Raises:
        sqlalchemy.exc.IntegrityError: the database is not empty.
    """
    random = Random(20240101)  # noqa: S311 - made-up data must be the same on every run
    for part in (_people, _goods, _sales):
        for model, rows in part(scale, random):
            connection.execute(insert(model), rows)
    if connection.dialect.name == "postgresql":
        # Rows that bring their own key leave the sequence behind where it was.
        for model in _IDENTITIES:
            (column,) = inspect(model).primary_key
            sequence = func.pg_get_serial_sequence(model.__tablename__, column.name)
            connection.execute(select(func.setval(sequence, func.max(column))))
        connection.execute(select(func.setval("order_number_seq", func.max(models.Order.order_number))))

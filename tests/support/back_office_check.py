"""What two engines show of a back office, with ranks for keys, compared with what the model holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel

from lumia import Shop
from lumia.dto.customers import NewCustomer
from tests.support.back_office_model import FREE_FROM, TAX, ModelOrder, Office
from tests.support.back_office_rows import Line, Parcel, Payment, SentBack
from tests.support.ranks import KINDS, Ranks
from tests.support.scene import HOME

__all__ = [
    "LOCATIONS",
    "VARIANTS",
    "OfficeRanks",
    "check_levels",
    "check_order",
    "finish_earlier",
    "new_events",
    "open_office",
    "pounds",
]

VARIANTS: Final = 3
LOCATIONS: Final = 2

ALL_KINDS: Final = MappingProxyType(
    {
        **KINDS,
        "coupon_id": "coupon",
        "payment_id": "payment",
        "refund_id": "refund",
        "return_id": "return",
        "shipment_id": "shipment",
    }
)
"""Which field holds whose key: what the back office adds."""


class OfficeRanks(Ranks):
    """The keys of one engine in the order in which they were first seen, and the last event that was read."""

    def __init__(self, last_event: int | None = None) -> None:
        """Start with no keys, behind an event."""
        super().__init__()
        self.last_event = last_event

    def without_keys(self, value: Any) -> Any:
        """Give a value as plain data in which ranks stand for keys."""
        if isinstance(value, BaseModel):
            return {
                name: self.of(ALL_KINDS[name], part)
                if name in ALL_KINDS and part is not None
                else self.without_keys(part)
                for name, part in value
            }
        return super().without_keys(value)


def pounds(pennies: int) -> Decimal:
    """Give an amount of pennies as money."""
    return Decimal(pennies).scaleb(-2)


def _pennies(amount: Decimal) -> int:
    whole = amount.scaleb(2)
    assert whole == int(whole)
    return int(whole)


def open_office(shop: Shop, name: str, office: Office) -> list[object]:
    """Set up two locations, a taxed category, a way to send, a few variants, a coupon and a customer."""
    shop.settings.update(currency="GBP", prices_include_tax=office.include_tax, order_expiry_minutes=30)
    shop.delivery.create_shipping_method(
        code=name, name="Post", price=pounds(office.postage), free_from=pounds(FREE_FROM)
    )
    category = shop.catalog.create_category(name="Kitchen", slug=name)
    shop.delivery.add_tax_rate(
        country_code="GB", category_id=category.category_id, rate=Decimal(TAX.numerator) / Decimal(TAX.denominator)
    )
    made: list[object] = [shop.stock.add_location(name=f"{name} {at}", priority=at) for at in range(LOCATIONS)]
    for at, price in enumerate(office.prices):
        slug = f"{name}-{at}"
        product = shop.catalog.create_product(category_id=category.category_id, slug=slug, name=f"Thing {at}")
        variant = shop.catalog.create_variant(product.product_id, sku=slug.upper(), price=pounds(price))
        shop.catalog.publish(product.product_id)
        made.append(variant)
    customer = shop.customers.register(NewCustomer(email=f"{name}@example.org"))
    made += [customer, shop.customers.add_address(customer.customer_id, address=HOME)]
    return made


def finish_earlier(shop: Shop) -> int:
    """End what earlier histories left open, so that nothing of it turns up later; give the last invoice's number."""
    while shop.orders.expire_pending(limit=500):
        pass
    last = 0
    while rows := shop.orders.assign_invoices(limit=500):
        last = rows[-1].invoice_number
    return last


def check_levels(office: Office, variant: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Compare the counters of a variant with the model's."""
    assert {row["location_id"]: (row["on_hand"], row["allocated"], row["reserved"]) for row in rows} == {
        place: (office.shelves.on_hand[variant, place], office.shelves.allocated[variant, place], 0)
        for place in range(LOCATIONS)
    }
    assert all(row["on_hand"] >= 0 and row["allocated"] >= 0 for row in rows)


def check_order(order: ModelOrder, seen: Mapping[str, Any], refunds: Sequence[Mapping[str, Any]]) -> None:
    """Compare an order with the model's, and learn the keys of what is new."""
    order.public_id = str(seen["public_id"])
    groups: tuple[tuple[Sequence[Line | Payment | Parcel | SentBack], str, str], ...] = (
        (order.lines, "items", "order_item_id"),
        (order.payments, "payments", "payment_id"),
        (order.parcels, "shipments", "shipment_id"),
        (order.returns, "returns", "return_id"),
    )
    for parts, name, key in groups:
        for part, row in zip(parts, seen[name], strict=True):
            part.key = row[key]
    for refund, row in zip(order.refunds, refunds, strict=True):
        refund.key, refund.public_id = row["refund_id"], str(row["public_id"])
    assert _seen(seen) == _head(order)
    assert list(_seen_goods(seen)) == list(_goods(order))
    assert list(_seen_money(seen, refunds)) == list(_money(order))


def _seen(seen: Mapping[str, Any]) -> dict[str, Any]:
    names = ("status", "payment_status", "fulfillment_status", "expires_at", "invoice_number")
    amounts = {name: _pennies(seen[name]) for name in ("total", "discount_total")}
    return {
        **{name: seen[name] for name in names},
        **amounts,
        "history": [step["to_status"] for step in seen["history"]],
        "from": [step["from_status"] for step in seen["history"]],
    }


def _head(order: ModelOrder) -> dict[str, Any]:
    return {
        "status": order.status,
        "payment_status": order.payment_status,
        "fulfillment_status": order.fulfillment_status,
        "expires_at": order.expires,
        "invoice_number": order.invoice,
        "total": order.total,
        "discount_total": order.discount,
        "history": order.history,
        "from": ["new", *order.history[:-1]],
    }


def _seen_goods(seen: Mapping[str, Any]) -> Iterator[object]:
    for row in seen["items"]:
        yield row["order_item_id"], row["variant_id"], row["quantity"], _pennies(row["line_total"])
        yield row["cancelled_quantity"], row["shipped_quantity"], row["returned_quantity"]
    yield sorted(
        (row["order_item_id"], row["location_id"], row["quantity"], row["released_quantity"], row["shipped_quantity"])
        for row in seen["allocations"]
    )
    for row in seen["shipments"]:
        yield row["location_id"], row["delivered_at"] is not None
        yield {item["order_item_id"]: item["quantity"] for item in row["items"]}
    for row in seen["returns"]:
        yield row["status"], row["location_id"]
        yield {
            item["order_item_id"]: (item["quantity"], item["accepted_quantity"], item["damaged_quantity"])
            for item in row["items"]
        }


def _goods(order: ModelOrder) -> Iterator[object]:
    for line in order.lines:
        yield line.key, line.variant, line.quantity, line.total
        yield line.cancelled, line.shipped, line.returned
    yield sorted(
        (line.key, fill.location, fill.quantity, fill.released, fill.shipped)
        for line in order.lines
        for fill in line.fills
    )
    for parcel in order.parcels:
        yield parcel.location, parcel.arrived
        yield {order.lines[at].key: units for at, units in parcel.items.items()}
    for back in order.returns:
        yield back.status, back.location
        yield {order.lines[at].key: (units, *back.came.get(at, (0, 0))) for at, units in back.items.items()}


def _seen_money(seen: Mapping[str, Any], refunds: Sequence[Mapping[str, Any]]) -> Iterator[object]:
    for row in seen["payments"]:
        assert 0 <= row["refunded_amount"] <= row["captured_amount"] <= row["amount"]
        yield row["status"], row["provider_reference"]
        yield tuple(_pennies(row[name]) for name in ("amount", "captured_amount", "refunded_amount"))
    for row in refunds:
        yield row["payment_id"], _pennies(row["amount"]), row["status"], row["provider_reference"]
        yield [(item["order_item_id"], item["quantity"], _pennies(item["amount"])) for item in row["items"]]


def _money(order: ModelOrder) -> Iterator[object]:
    for payment in order.payments:
        yield payment.status, payment.reference
        yield payment.amount, payment.captured, order.given_back(payment)
    for refund in order.refunds:
        yield refund.payment.key, refund.amount, refund.status, refund.reference
        yield [(order.lines[at].key, units, amount) for at, units, amount in refund.items]


def new_events(shop: Shop, ranks: Ranks) -> list[object]:
    """Read the events since the last time: subject, what happened and its amount in pennies, and the payload."""
    assert isinstance(ranks, OfficeRanks)
    events: list[object] = []
    while True:
        page = shop.outbox.pending(limit=500, after=ranks.last_event)
        for row in page.items:
            ranks.last_event = row.outbox_id
            payload = json.loads(row.payload)
            if "items" in payload:
                pairs = [pair.split(":") for pair in payload["items"].split(",")]
                payload["items"] = [(ranks.of("order item", int(key)), units) for key, units in pairs]
            amount = f" {_pennies(Decimal(payload['amount']))}" if "amount" in payload else ""
            events.append([row.subject, row.kind + amount, json.dumps(payload, sort_keys=True)])
        if page.next is None:
            return events

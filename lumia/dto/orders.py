"""Orders as they come back: the order with its parts, one line of a list, and one step of its life."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.customers import Address
from lumia.dto.fields import Actor, Note
from lumia.dto.payments import Payment
from lumia.dto.returns import Return
from lumia.dto.shipments import Shipment
from lumia.types import (
    FulfillmentStatus,
    Id,
    Instant,
    Money,
    OrderOrigin,
    OrderStatus,
    OrderStatusFrom,
    PaymentStatus,
    Rate,
    UtcDatetime,
)

__all__ = [
    "AfterPlaced",
    "AfterTotal",
    "AssignedInvoice",
    "LockedOrder",
    "OpenLine",
    "Order",
    "OrderAllocation",
    "OrderHead",
    "OrderItem",
    "OrderQuery",
    "OrderSort",
    "OrderState",
    "OrderStep",
    "OrderSummary",
    "StatusNote",
]


class OrderHead(FrozenRow):
    """An order's own row: who bought, what it comes to and where it stands."""

    order_id: int
    public_id: UUID
    order_number: int
    invoice_number: int | None
    origin: OrderOrigin
    external_reference: str | None
    customer_id: int
    cart_id: int | None
    currency: str
    status: OrderStatus
    payment_status: PaymentStatus
    fulfillment_status: FulfillmentStatus
    subtotal: Money
    discount_total: Money
    shipping_total: Money
    tax_total: Money
    tax_included_total: Money
    total: Money
    shipping_method_code: str | None
    shipping_address_id: int
    billing_address_id: int
    email: str
    placed_at: UtcDatetime
    expires_at: UtcDatetime | None
    version: int


class OrderItem(FrozenRow):
    """One line of an order, with what was true when it was sold: name, price, tax rate and its reason.

    `amount` is unit price times quantity; of a line that was sold in a bundle it is the part's share of the bundle's
    price, while `unit_price` stays what one costs by itself. `line_total` is `amount - discount + tax`. `tax_included`
    is the tax that the price contains where prices include it, for the invoice, and no part of the sum.

    Every unit has a share of `line_total`: the first `odd_units` of them `unit_share + odd_share`, all others
    `unit_share`; together they are `line_total` exactly. An imported line has no shares.
    """

    order_item_id: int
    order_id: int
    product_id: int
    variant_id: int
    bundle_id: int | None
    position: int
    sku: str
    name: str
    category_name: str
    unit_price: Money
    quantity: int
    amount: Money
    discount: Money
    tax_rate: Rate
    tax_reason: str
    tax: Money
    tax_included: Money
    line_total: Money
    unit_share: Money | None
    odd_units: int
    odd_share: Money
    cancelled_quantity: int
    shipped_quantity: int
    returned_quantity: int
    sold_at: UtcDatetime


class OrderAllocation(FrozenRow):
    """How many units of an order's line one location was asked to send, and what became of them."""

    order_item_id: int
    location_id: int
    quantity: int
    released_quantity: int
    """Given back to the stock: cancelled."""
    shipped_quantity: int


class OrderStep(FrozenRow):
    """One step of an order's life: from where, to where, by whom, why and when."""

    order_status_history_id: int
    from_status: OrderStatusFrom
    to_status: OrderStatus
    actor: str
    reason: str
    changed_at: UtcDatetime


class Order(OrderHead):
    """A whole order: lines by position, both addresses, allocations; by age history, payments, shipments, returns."""

    items: tuple[OrderItem, ...]
    shipping_address: Address
    billing_address: Address
    allocations: tuple[OrderAllocation, ...]
    history: tuple[OrderStep, ...]
    payments: tuple[Payment, ...]
    shipments: tuple[Shipment, ...]
    returns: tuple[Return, ...]


class OrderSummary(FrozenRow):
    """One line of a list of orders."""

    order_id: int
    public_id: UUID
    order_number: int
    customer_id: int
    status: OrderStatus
    payment_status: PaymentStatus
    fulfillment_status: FulfillmentStatus
    currency: str
    total: Money
    placed_at: UtcDatetime


class AssignedInvoice(FrozenRow):
    """An order with the invoice number that it was given."""

    order_id: int
    invoice_number: int


class OpenLine(FrozenRow):
    """How many units of a line are where."""

    order_item_id: int
    quantity: int
    cancelled_quantity: int
    shipped_quantity: int
    returned_quantity: int


class LockedOrder(FrozenRow):
    """An order with where it stands, which nobody else may change until the unit of work ends."""

    order_id: int
    public_id: UUID
    customer_id: int
    currency: str
    origin: OrderOrigin
    status: OrderStatus
    payment_status: PaymentStatus
    fulfillment_status: FulfillmentStatus
    total: Money
    expires_at: UtcDatetime | None
    version: int


class OrderState(FrozenRow):
    """Where a live order stands by its payments, shipments and lines, as the labels of its three status columns.

    `is_covered`: what is due was captured and not given back, or will be when the goods leave. `surplus`: what was
    captured and not given back, less what is due; below zero where money is missing.
    """

    order_id: int
    status: str
    payment_status: str
    fulfillment_status: str
    is_covered: bool
    surplus: Money


OrderSort = Literal["-placed_at", "placed_at", "-total", "total"]
"""The orders that a list of orders comes in: newest, oldest, largest or smallest first; equal ones by their key."""


class OrderQuery(InputModel):
    """Which orders to list, and how; None does not filter."""

    customer_id: Annotated[Id, Field(strict=True)] | None = None
    status: OrderStatus | None = None
    payment_status: PaymentStatus | None = None
    placed_from: Instant | None = None
    placed_to: Instant | None = None
    order: OrderSort = "-placed_at"


class AfterPlaced(InputModel):
    """Where a page of orders by time begins: behind the order with this time and key."""

    after: tuple[Instant, Id]


class AfterTotal(InputModel):
    """Where a page of orders by total begins: behind the order with this total and key."""

    after: tuple[Annotated[Money, Field(strict=True)], Id]


class StatusNote(InputModel):
    """Who makes a step of an order's life, and why."""

    actor: Actor
    reason: Note = ""

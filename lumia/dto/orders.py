"""Orders as they come back: the order with its parts, one line of a list, and one step of its life."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.customers import Address
from lumia.dto.fields import Actor, Note
from lumia.types import (
    FulfillmentStatus,
    Id,
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
    "CancelledOrder",
    "Order",
    "OrderAllocation",
    "OrderHead",
    "OrderItem",
    "OrderQuery",
    "OrderSort",
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

    `amount` is unit price times quantity; `line_total` is `amount - discount + tax`. `tax_included` is the tax that
    the price contains where prices include it, for the invoice, and no part of the sum.
    """

    order_item_id: int
    order_id: int
    product_id: int
    variant_id: int
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
    cancelled_quantity: int
    shipped_quantity: int
    returned_quantity: int
    sold_at: UtcDatetime


class OrderAllocation(FrozenRow):
    """How many units of an order's line one location was asked to send."""

    order_item_id: int
    location_id: int
    quantity: int


class OrderStep(FrozenRow):
    """One step of an order's life: from where, to where, by whom, why and when."""

    order_status_history_id: int
    from_status: OrderStatusFrom
    to_status: OrderStatus
    actor: str
    reason: str
    changed_at: UtcDatetime


class Order(OrderHead):
    """A whole order: lines by position, both addresses, allocations and history, oldest step first."""

    items: tuple[OrderItem, ...]
    shipping_address: Address
    billing_address: Address
    allocations: tuple[OrderAllocation, ...]
    history: tuple[OrderStep, ...]


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


class CancelledOrder(FrozenRow):
    """An order that a statement has just cancelled."""

    order_id: int
    public_id: UUID


OrderSort = Literal["-placed_at", "placed_at", "-total", "total"]
"""The orders that a list of orders comes in: newest, oldest, largest or smallest first; equal ones by their key."""


class OrderQuery(InputModel):
    """Which orders to list, and how; None does not filter."""

    customer_id: Annotated[Id, Field(strict=True)] | None = None
    status: OrderStatus | None = None
    payment_status: PaymentStatus | None = None
    placed_from: UtcDatetime | None = None
    placed_to: UtcDatetime | None = None
    order: OrderSort = "-placed_at"


class AfterPlaced(InputModel):
    """Where a page of orders by time begins: behind the order with this time and key."""

    after: tuple[Annotated[UtcDatetime, Field(strict=True)], Id]


class AfterTotal(InputModel):
    """Where a page of orders by total begins: behind the order with this total and key."""

    after: tuple[Annotated[Money, Field(strict=True)], Id]


class StatusNote(InputModel):
    """Who makes a step of an order's life, and why."""

    actor: Actor
    reason: Note = ""

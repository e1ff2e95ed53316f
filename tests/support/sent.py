"""Orders that are paid, on their way and on their way back: what the calls of an order's steps work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lumia.dto.customers import NewAddress, NewCustomer
from lumia.dto.orders import Order
from tests.support.liked import buy

__all__ = ["Sent", "lay_out_sent"]


@dataclass(frozen=True)
class Sent:
    """Keys of orders and returns.

    Attributes:
        paid_id: an order of two lines with a unit each, captured, nothing of it sent.
        paid_item_id: its first line.
        open_id: an order like it that nobody has paid.
        open_item_id: its first line.
        shipped_id: an order like it of which everything is on its way.
        shipped_item_id: its first line.
        shipment_id: its shipment.
        requested_id: a return of its second line that nobody has decided on.
        approved_id: a return of an arrived order that was agreed to.
    """

    paid_id: int
    paid_item_id: int
    open_id: int
    open_item_id: int
    shipped_id: int
    shipped_item_id: int
    shipment_id: int
    requested_id: int
    approved_id: int


def lay_out_sent(shop: Any, variant_ids: tuple[int, ...], address: NewAddress) -> Sent:
    """Let a new customer buy two variants four times; one order stays open, one is paid, two are sent."""
    customer = shop.customers.register(NewCustomer(email="dora@example.com", first_name="Dora"))
    unpaid, paid, shipped, arrived = (
        buy(shop, customer.customer_id, variant_ids, address, shipping_method="post") for _ in range(4)
    )
    for order in (paid, shipped, arrived):
        _pay(shop, order)
    sent = shop.orders.ship(shipped.order_id, carrier="Post", tracking_number="T-1", actor="packer")
    requested = shop.orders.request_return(
        shipped.order_id, {shipped.items[1].order_item_id: 1}, reason="too small", actor="customer"
    )
    shop.orders.ship(arrived.order_id, carrier="Post", actor="packer")
    shop.orders.deliver(arrived.order_id, actor="postman")
    approved = shop.orders.request_return(
        arrived.order_id, {item.order_item_id: 1 for item in arrived.items}, actor="customer"
    )
    shop.orders.approve_return(approved.return_id, actor="clerk")
    return Sent(
        paid_id=paid.order_id,
        paid_item_id=paid.items[0].order_item_id,
        open_id=unpaid.order_id,
        open_item_id=unpaid.items[0].order_item_id,
        shipped_id=shipped.order_id,
        shipped_item_id=shipped.items[0].order_item_id,
        shipment_id=sent.shipments[0].shipment_id,
        requested_id=requested.return_id,
        approved_id=approved.return_id,
    )


def _pay(shop: Any, order: Order) -> None:
    payment = shop.payments.record(order.order_id, provider="cash", method="till", amount=order.total, actor="till")
    shop.payments.capture(payment.payment_id, actor="till")

"""An order that is paid in part: what the calls of the payments repository work on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lumia.dto.customers import NewAddress, NewCustomer
from tests.support.liked import buy

__all__ = ["Settled", "lay_out_settled"]


@dataclass(frozen=True)
class Settled:
    """Keys of an order's payments.

    Attributes:
        order_id: the order, of one unit for 1.50 and the post for 3.00.
        item_id: its line.
        open_id: a payment of 0.50, recorded only, which its provider knows as `pi_1`.
        captured_id: a payment of 4.00 that came in.
        refund_id: a refund of 0.50 of it that is under way.
    """

    order_id: int
    item_id: int
    open_id: int
    captured_id: int
    refund_id: int


def lay_out_settled(shop: Any, variant_id: int, address: NewAddress) -> Settled:
    """Let a new customer buy a variant, pay most of it and get some of it back."""
    customer = shop.customers.register(NewCustomer(email="cleo@example.com", first_name="Cleo"))
    order = buy(shop, customer.customer_id, (variant_id,), address, shipping_method="post")
    opened, captured = (
        shop.payments.record(
            order.order_id, provider="stripe", method="card", amount=amount, provider_reference=key, actor="till"
        ).payment_id
        for amount, key in ((Decimal("0.50"), "pi_1"), (Decimal(4), "pi_2"))
    )
    shop.payments.capture(captured, actor="till")
    refund = shop.payments.refund(captured, Decimal("0.50"), actor="till")
    return Settled(order.order_id, order.items[0].order_item_id, opened, captured, refund.refund_id)

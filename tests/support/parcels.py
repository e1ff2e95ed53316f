"""Orders of a scene on their way: paid, sent, and what their rows say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from lumia.dto.orders import Order
from lumia.dto.returns import Return
from tests.support.scene import Scene

__all__ = ["REACHED", "Parcels"]


class Parcels:
    """The steps of a scene's orders, with arguments that only matter to some tests filled in."""

    def __init__(self, scene: Scene) -> None:
        """Work on the scene's shop."""
        self.scene = scene

    @property
    def shop(self) -> Any:
        """The scene's shop, or transaction."""
        return self.scene.shop

    def ordered(self, *units: int) -> Order:
        """Place an order of so many units of the first variant, the second, and so on."""
        wanted = {key: count for key, count in zip(self.scene.variant_ids, units or (1,), strict=False) if count}
        return self.scene.place(self.scene.cart(wanted))

    def paid(self, *units: int) -> Order:
        """Place an order and capture all of it."""
        order = self.ordered(*units)
        self.pay(order)
        return self.get(order)

    def pay(self, order: Order, amount: Decimal | None = None, *, captured: Decimal | None = None) -> int:
        """Record a payment of an order, of its total by default, and capture it; give its key."""
        whole = order.total if amount is None else amount
        payment = self.shop.payments.record(
            order.order_id, provider="test", method="card", amount=whole, actor="customer"
        )
        key: int = payment.payment_id
        self.shop.payments.capture(key, amount=captured, actor="shop")
        return key

    def authorize(self, order: Order, *, capture_at: str = "placement") -> int:
        """Record a payment of an order's total and let it be promised; give its key."""
        payment = self.shop.payments.record(
            order.order_id, provider="test", method="card", amount=order.total, capture_at=capture_at, actor="customer"
        )
        key: int = payment.payment_id
        self.shop.payments.authorize(key, actor="shop")
        return key

    def refund(self, order: Order) -> Order:
        """Give back all that was captured of an order, and let it arrive: only then is the order refunded."""
        for payment in self.shop.payments.of_order(order.order_id):
            left = payment.captured_amount - payment.refunded_amount
            if left:
                refund = self.shop.payments.refund(payment.payment_id, amount=left, actor="shop", reason="sorry")
                self.shop.payments.settle_refund(refund.refund_id, actor="shop")
        return self.get(order)

    def ship(self, order: Order, *units: int, **changes: Any) -> Order:
        """Send so many units of the first line, the second, and so on; without numbers all that is left."""
        items = self.items(order, *units) if units else None
        shipped: Order = self.shop.orders.ship(
            order.order_id, **{"items": items, "carrier": "Post", "actor": "packer", **changes}
        )
        return shipped

    def deliver(self, order: Order, **changes: Any) -> Order:
        """Let everything arrive."""
        delivered: Order = self.shop.orders.deliver(order.order_id, **{"actor": "postman", **changes})
        return delivered

    def cancel(self, order: Order) -> Order:
        """Cancel an order."""
        cancelled: Order = self.shop.orders.cancel(order.order_id, actor="clerk", reason="changed mind")
        return cancelled

    def cancel_items(self, order: Order, *units: int, **changes: Any) -> Order:
        """Cancel so many units of the first line, the second, and so on."""
        after: Order = self.shop.orders.cancel_items(
            order.order_id, self.items(order, *units), **{"actor": "clerk", **changes}
        )
        return after

    def asked_back(self, order: Order, *units: int, **changes: Any) -> Return:
        """Ask to send units back."""
        asked: Return = self.shop.orders.request_return(
            order.order_id, self.items(order, *units), **{"actor": "customer", "reason": "too small", **changes}
        )
        return asked

    def approved(self, order: Order, *units: int) -> Return:
        """Ask to send units back, and let it be agreed to."""
        asked: Return = self.shop.orders.approve_return(self.asked_back(order, *units).return_id, actor="clerk")
        return asked

    def get(self, order: Order) -> Order:
        """Read an order anew."""
        after: Order = self.shop.orders.get(order.order_id)
        return after

    def items(self, order: Order, *units: int) -> Mapping[int, int]:
        """Name units of lines by position."""
        return {item.order_item_id: count for item, count in zip(order.items, units, strict=False) if count}

    def events(self, order: Order) -> list[str]:
        """List the kinds of an order's events, oldest first."""
        page = self.shop.outbox.pending(limit=500)
        return [event.kind for event in page.items if event.subject == f"order:{order.public_id}"]


def _walk(*steps: str) -> Callable[[Parcels], Order]:
    def walk(parcels: Parcels) -> Order:
        order = parcels.ordered(2)
        for step in steps:
            order = _STEPS[step](parcels, order)
        return order

    return walk


def _paid(parcels: Parcels, order: Order) -> Order:
    parcels.pay(order)
    return parcels.get(order)


_STEPS: Final[dict[str, Callable[[Parcels, Order], Order]]] = {
    "paid": _paid,
    "shipped": Parcels.ship,
    "delivered": Parcels.deliver,
    "cancelled": Parcels.cancel,
    "refunded": Parcels.refund,
}

REACHED: Final = MappingProxyType(
    {
        ("new", "pending"): _walk(),
        ("pending", "paid"): _walk("paid"),
        ("pending", "cancelled"): _walk("cancelled"),
        ("paid", "cancelled"): _walk("paid", "cancelled"),
        ("paid", "shipped"): _walk("paid", "shipped"),
        ("shipped", "delivered"): _walk("paid", "shipped", "delivered"),
        ("paid", "refunded"): _walk("paid", "refunded"),
        ("shipped", "refunded"): _walk("paid", "shipped", "refunded"),
        ("delivered", "refunded"): _walk("paid", "shipped", "delivered", "refunded"),
    }
)
"""How each legal step is made through the public API: the walk that ends with it."""

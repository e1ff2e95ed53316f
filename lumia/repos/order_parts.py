"""An order read whole: its own row and all that hangs on it, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lumia.dto.orders import Order
from lumia.dto.returns import Return, ReturnHead, ReturnItem
from lumia.dto.shipments import Shipment, ShipmentHead, ShipmentItem
from lumia.repos.base import found
from lumia.typedsql.rowmaker import compose
from lumia.typedsql.using import prepare

if TYPE_CHECKING:
    from lumia.queries.protocols import Queries

__all__ = ["existing_order", "no_order", "read_new_order", "read_order"]


def read_order(q: Queries, order_id: int) -> Order | None:
    """Read an order with all its parts in ten queries, sent together; None when there is none."""
    head, items, addresses, allocations, history, payments, shipments, shipped, returns, returned = q.pipeline(
        (
            prepare(q.orders.get_order, order_id=order_id),
            prepare(q.orders.list_order_items, order_id=order_id),
            prepare(q.orders.list_order_addresses, order_id=order_id),
            prepare(q.orders.list_order_allocations, order_id=order_id),
            prepare(q.orders.list_order_history, order_id=order_id),
            prepare(q.payments.list_payments_of_order, order_id=order_id),
            prepare(q.shipments.list_shipments, order_id=order_id),
            prepare(q.shipments.list_shipment_items, order_id=order_id),
            prepare(q.returns.list_returns, order_id=order_id),
            prepare(q.returns.list_return_items, order_id=order_id),
        )
    )
    if head is None:
        return None
    by_key = {address.address_id: address for address in addresses}
    return compose(
        Order,
        head,
        items=tuple(items),
        shipping_address=by_key[head.shipping_address_id],
        billing_address=by_key[head.billing_address_id],
        allocations=tuple(allocations),
        history=tuple(history),
        payments=tuple(payments),
        shipments=_shipments(shipments, shipped),
        returns=_returns(returns, returned),
    )


def read_new_order(q: Queries, order_id: int) -> Order | None:
    """Read an order that was placed a moment ago, of which nothing was paid: five queries, sent together."""
    head, items, addresses, allocations, history = q.pipeline(
        (
            prepare(q.orders.get_order, order_id=order_id),
            prepare(q.orders.list_order_items, order_id=order_id),
            prepare(q.orders.list_order_addresses, order_id=order_id),
            prepare(q.orders.list_order_allocations, order_id=order_id),
            prepare(q.orders.list_order_history, order_id=order_id),
        )
    )
    if head is None:
        return None
    by_key = {address.address_id: address for address in addresses}
    return compose(
        Order,
        head,
        items=tuple(items),
        shipping_address=by_key[head.shipping_address_id],
        billing_address=by_key[head.billing_address_id],
        allocations=tuple(allocations),
        history=tuple(history),
        payments=(),
        shipments=(),
        returns=(),
    )


def existing_order(q: Queries, order_id: int) -> Order:
    """Read an order with all its parts in ten queries. Raises `NotFound`."""
    return found(read_order(q, order_id), no_order(order_id))


def no_order(order_id: int) -> str:
    """Say that there is no such order."""
    return f"there is no order {order_id}: orders.list lists them"


def _shipments(heads: Iterable[ShipmentHead], items: Iterable[ShipmentItem]) -> tuple[Shipment, ...]:
    of: dict[int, list[ShipmentItem]] = defaultdict(list)
    for item in items:
        of[item.shipment_id].append(item)
    return tuple(compose(Shipment, head, items=tuple(of[head.shipment_id])) for head in heads)


def _returns(heads: Iterable[ReturnHead], items: Iterable[ReturnItem]) -> tuple[Return, ...]:
    of: dict[int, list[ReturnItem]] = defaultdict(list)
    for item in items:
        of[item.return_id].append(item)
    return tuple(compose(Return, head, items=tuple(of[head.return_id])) for head in heads)

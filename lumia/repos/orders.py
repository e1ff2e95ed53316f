"""Orders after they were placed: read whole or in pages, and taken from step to step."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from lumia.dto.base import checked_id, validated
from lumia.dto.customers import PublicId
from lumia.dto.orders import (
    AfterPlaced,
    AfterTotal,
    Order,
    OrderQuery,
    OrderSort,
    OrderStep,
    OrderSummary,
)
from lumia.repos.base import found, given, key_before, page_of, page_rows
from lumia.repos.cancelling import Cancelling
from lumia.repos.invoices import Invoicing
from lumia.repos.order_parts import no_order, read_order
from lumia.repos.returns import Returning
from lumia.repos.shipments import Shipping
from lumia.typedsql.unset import UNSET
from lumia.typedsql.using import prepare
from lumia.types import OrderStatus, Page, PaymentStatus

__all__ = ["Orders"]


class Orders(Cancelling, Shipping, Returning, Invoicing):
    """The orders of a shop, and the steps of their lives.

    Each step locks its order first and is one unit of work: what it writes, where the order stands then, its history
    and its events are kept together or not at all.
    """

    def get(self, order_id: int) -> Order:
        """Read an order with all its parts, from items to payments, shipments and returns. Raises `NotFound`.

        Ten statements. The parts are read one after the other; inside `shop.transaction(read_only=True)` they are of
        one moment.
        """
        order = read_order(self._context.q, checked_id("order_id", order_id))
        return found(order, no_order(order_id))

    def by_public_id(self, public_id: UUID) -> Order:
        """Read the whole order of a public id. Raises `NotFound`. 11 statements."""
        key = validated(PublicId, public_id=public_id).public_id
        order_id: int | None = self._context.q.orders.get_order_id_by_public_id(public_id=key)
        return self.get(found(order_id, "no order has this public id"))

    def by_number(self, order_number: int) -> Order:
        """Read the whole order of an order number. Raises `NotFound`. 11 statements."""
        order_id: int | None = self._context.q.orders.get_order_id_by_number(
            order_number=checked_id("order_number", order_number)
        )
        return self.get(found(order_id, f"no order has the number {order_number}"))

    def of_customer(self, customer_id: int, *, limit: int = 50, after: int | None = None) -> Page[OrderSummary]:
        """List a customer's orders, newest first, `limit` (1 to 500) at a time; `after` is the last page's `next`.

        A customer that does not exist has none. Raises `InvalidValue`. One statement.
        """
        rows = self._context.q.orders.list_orders_of_customer(
            customer_id=checked_id("customer_id", customer_id), before_id=key_before(after), max_rows=page_rows(limit)
        )
        return page_of(rows, limit, _order_id)

    def list(
        self,
        *,
        customer_id: int | None = None,
        status: OrderStatus | str | None = None,
        payment_status: PaymentStatus | str | None = None,
        placed_from: datetime | None = None,
        placed_to: datetime | None = None,
        order: OrderSort = "-placed_at",
        limit: int = 50,
        after: tuple[datetime | Decimal, int] | None = None,
    ) -> Page[OrderSummary]:
        """List orders, `limit` (1 to 500) at a time: newest, oldest, largest or smallest first, as `order` says.

        Each filter that is given narrows the list down; orders placed at `placed_from` are in, those at `placed_to` are
        not. `after` is the last page's `next`, the time or total, and the key, of its last order: it goes with the
        same `order` and filters. Raises `InvalidValue`, also for an order that is none of the four. One statement.
        """
        wanted = validated(
            OrderQuery,
            customer_id=customer_id,
            status=status,
            payment_status=payment_status,
            placed_from=placed_from,
            placed_to=placed_to,
            order=order,
        )
        by_total = wanted.order in {"-total", "total"}
        placed = None if after is None or by_total else validated(AfterPlaced, after=after).after
        total = validated(AfterTotal, after=after).after if after is not None and by_total else None
        last = placed or total
        rows = self._context.q.orders.list_orders(
            customer_id=given(wanted.customer_id),
            status=given(wanted.status),
            payment_status=given(wanted.payment_status),
            placed_from=given(wanted.placed_from),
            placed_to=given(wanted.placed_to),
            after_placed_at=placed[0] if placed else UNSET,
            after_total=total[0] if total else UNSET,
            after_id=last[1] if last else UNSET,
            order=wanted.order,
            max_rows=page_rows(limit),
        )
        return page_of(rows, limit, _total_and_id if by_total else _time_and_id)

    def search(
        self,
        *,
        status: OrderStatus | str | None = None,
        placed_from: datetime | None = None,
        placed_to: datetime | None = None,
        limit: int = 50,
        after: tuple[datetime, int] | None = None,
    ) -> Page[OrderSummary]:
        """List the orders placed from `placed_from` on and before `placed_to`, newest first, in one status or in any.

        What `list` gives in its first order: `limit` is 1 to 500 at a time; `after` is the last page's `next`, the time
        and key of its last order. Raises `InvalidValue`, also for instants without a time zone. One statement.
        """
        return self.list(status=status, placed_from=placed_from, placed_to=placed_to, limit=limit, after=after)

    def history(self, order_id: int) -> tuple[OrderStep, ...]:
        """List the steps of an order's life, oldest first; an imported order brought none. Raises `NotFound`.

        Two statements.
        """
        q = self._context.q
        checked_id("order_id", order_id)
        head, steps = q.pipeline(
            (prepare(q.orders.get_order, order_id=order_id), prepare(q.orders.list_order_history, order_id=order_id))
        )
        found(head, no_order(order_id))
        return tuple(steps)


def _order_id(row: OrderSummary) -> int:
    return row.order_id


def _time_and_id(row: OrderSummary) -> tuple[datetime, int]:
    return row.placed_at, row.order_id


def _total_and_id(row: OrderSummary) -> tuple[Decimal, int]:
    return row.total, row.order_id

"""Orders after they were placed: read whole or in pages, cancelled by hand or because nobody paid in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from lumia.dto.base import checked_id, validated
from lumia.dto.customers import PublicId
from lumia.dto.orders import (
    AfterPlaced,
    AfterTotal,
    CancelledOrder,
    Order,
    OrderQuery,
    OrderSort,
    OrderStep,
    OrderSummary,
    StatusNote,
)
from lumia.errors import IllegalTransition
from lumia.repos.base import Repository, found, given, key_before, page_of, page_rows
from lumia.repos.events import ORDER_CANCELLED, order_event
from lumia.typedsql.rowmaker import compose
from lumia.typedsql.unset import UNSET
from lumia.typedsql.using import prepare
from lumia.types import OrderStatus, Page, PaymentStatus

if TYPE_CHECKING:
    from lumia.queries.protocols import Queries
    from lumia.repos.context import Context

__all__ = ["Orders", "read_order"]


class Orders(Repository):
    """The orders of a shop."""

    def get(self, order_id: int) -> Order:
        """Read an order with its items, addresses, allocations and history. Raises `NotFound`. Five statements.

        The parts are read one after the other; inside `shop.transaction(read_only=True)` they are of one moment.
        """
        order = read_order(self._context.q, checked_id("order_id", order_id))
        return found(order, _no_order(order_id))

    def by_public_id(self, public_id: UUID) -> Order:
        """Read the whole order of a public id. Raises `NotFound`. Six statements."""
        key = validated(PublicId, public_id=public_id).public_id
        order_id: int | None = self._context.q.orders.get_order_id_by_public_id(public_id=key)
        return self.get(found(order_id, "no order has this public id"))

    def by_number(self, order_number: int) -> Order:
        """Read the whole order of an order number. Raises `NotFound`. Six statements."""
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
        found(head, _no_order(order_id))
        return tuple(steps)

    def cancel(self, order_id: int, *, actor: str, reason: str = "") -> Order:
        """Cancel an order of which nothing has shipped, and give its units back to the stock. Nine statements.

        Cancelling a cancelled order changes nothing and gives the same answer, in six statements.

        Raises:
            NotFound: there is no such order.
            IllegalTransition: something has shipped, or the order was refunded.
            InvalidValue: the actor or the reason is too long, or there is no actor.
        """
        note = validated(StatusNote, actor=actor, reason=reason)
        with self._context.unit(write=True) as unit:
            cancelled = unit.q.orders.cancel_order(
                order_id=checked_id("order_id", order_id), actor=note.actor, reason=note.reason, now=unit.now()
            )
            if cancelled is not None:
                _follow_up(unit, [cancelled], note)
            order = found(read_order(unit.q, order_id), _no_order(order_id))
            if order.status is not OrderStatus.CANCELLED:
                message = (
                    f"order {order_id} is {order.status.value}, {order.fulfillment_status.value}: too late to cancel"
                )
                raise IllegalTransition(message)
            return order

    def expire_pending(self, *, limit: int = 100, actor: str = "expiry") -> tuple[int, ...]:
        """Cancel up to `limit` unpaid orders whose time is over, the longest overdue first; give their keys.

        An order that is paid meanwhile stays: the statement that cancels asks for its condition again. Raises
        `InvalidValue` for a limit outside 1 to 500. Four statements.
        """
        note = validated(StatusNote, actor=actor, reason="not paid in time")
        page_rows(limit)
        with self._context.unit(write=True) as unit:
            expired: list[CancelledOrder] = unit.q.orders.expire_orders(
                now=unit.now(), actor=note.actor, reason=note.reason, max_rows=limit
            )
            expired.sort(key=lambda order: order.order_id)
            if expired:
                _follow_up(unit, expired, note)
            return tuple(order.order_id for order in expired)


def read_order(q: Queries, order_id: int) -> Order | None:
    """Read an order with all its parts in five queries, sent together; None when there is none."""
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
    )


def _follow_up(unit: Context, cancelled: Sequence[CancelledOrder], note: StatusNote) -> None:
    now = unit.now()
    unit.q.orders.release_stock_of_orders(
        order_ids=tuple(order.order_id for order in cancelled),
        reason="order cancelled",
        actor=note.actor,
        now=now,
    )
    unit.q.orders.cancel_items_of_order({"order_id": order.order_id} for order in cancelled)
    unit.q.outbox.insert_events(order_event(ORDER_CANCELLED, order.public_id, now) for order in cancelled)


def _order_id(row: OrderSummary) -> int:
    return row.order_id


def _time_and_id(row: OrderSummary) -> tuple[datetime, int]:
    return row.placed_at, row.order_id


def _total_and_id(row: OrderSummary) -> tuple[Decimal, int]:
    return row.total, row.order_id


def _no_order(order_id: int) -> str:
    return f"there is no order {order_id}: orders.list lists them"

"""The queries of orders, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol, TypedDict
from uuid import UUID

from lumia.dto.customers import Address
from lumia.dto.orders import LockedOrder, OrderAllocation, OrderHead, OrderItem, OrderState, OrderStep, OrderSummary
from lumia.typedsql import UNSET, Unset
from lumia.types import FulfillmentStatus, OrderStatus, PaymentStatus

__all__ = ["AdvanceOrderRow", "ExpireOrderRow", "OrdersQueries"]


class AdvanceOrderRow(TypedDict):
    """One row of arguments for orders.advance_order."""

    order_id: int
    status: OrderStatus
    payment_status: PaymentStatus
    fulfillment_status: FulfillmentStatus
    is_covered: bool
    actor: str
    reason: str
    now: datetime


class ExpireOrderRow(TypedDict):
    """One row of arguments for orders.expire_order."""

    order_id: int
    actor: str
    reason: str
    now: datetime


class OrdersQueries(Protocol):
    """The queries of orders.sql."""

    def advance_order(self, rows: Iterable[AdvanceOrderRow]) -> None:
        """Write where an order stands; who did it, why and when go with a step of its status.

        orders.sql:1
        """
        ...

    def cancel_order(self, *, order_id: int, actor: str, reason: str, now: datetime) -> LockedOrder | None:
        """Cancel an order that this transaction has locked and may be cancelled.

        orders.sql:27
        """
        ...

    def expire_order(self, rows: Iterable[ExpireOrderRow]) -> int:
        """Cancel an order that was not paid in time; no row when it was paid or cancelled meanwhile.

        orders.sql:58
        """
        ...

    def get_order(self, *, order_id: int) -> OrderHead | None:
        """An order's own row.

        orders.sql:80
        """
        ...

    def get_order_id_by_number(self, *, order_number: int) -> int | None:
        """The key of the order with a number.

        orders.sql:114
        """
        ...

    def get_order_id_by_public_id(self, *, public_id: UUID) -> int | None:
        """The key of the order with a public id.

        orders.sql:123
        """
        ...

    def list_order_addresses(self, *, order_id: int) -> list[Address]:
        """The one or two addresses of an order.

        orders.sql:132
        """
        ...

    def list_order_allocations(self, *, order_id: int) -> list[OrderAllocation]:
        """Which location sends how many units of each line of an order.

        orders.sql:160
        """
        ...

    def list_order_history(self, *, order_id: int) -> list[OrderStep]:
        """The steps of an order's life, oldest first.

        orders.sql:178
        """
        ...

    def list_order_items(self, *, order_id: int) -> list[OrderItem]:
        """The lines of an order.

        orders.sql:194
        """
        ...

    def list_order_states(self, *, order_ids: tuple[int, ...] | list[int]) -> list[OrderState]:
        """Where live orders stand by their children.

        orders.postgresql.sql:1 and orders.sqlite.sql:1
        """
        ...

    def list_orders(
        self,
        *,
        customer_id: int | Unset = UNSET,
        status: OrderStatus | Unset = UNSET,
        payment_status: PaymentStatus | Unset = UNSET,
        placed_from: datetime | Unset = UNSET,
        placed_to: datetime | Unset = UNSET,
        after_placed_at: datetime | Unset = UNSET,
        after_total: Decimal | Unset = UNSET,
        after_id: int | Unset = UNSET,
        max_rows: int,
        order: Literal["-placed_at", "placed_at", "-total", "total"] = "-placed_at",
    ) -> list[OrderSummary]:
        """One page of orders, by time or by total.

        orders.sql:229
        """
        ...

    def list_orders_of_customer(self, *, customer_id: int, before_id: int, max_rows: int) -> list[OrderSummary]:
        """One page of a customer's orders, newest first.

        orders.sql:268
        """
        ...

    def lock_due_orders(self, *, now: datetime, max_rows: int) -> list[LockedOrder]:
        """Lock unpaid orders whose time is over, the longest overdue first.

        orders.postgresql.sql:18 and orders.sqlite.sql:20
        """
        ...

    def lock_order(self, *, order_id: int) -> LockedOrder | None:
        """An order with where it stands, locked until the transaction ends: every step of its life begins here.

        orders.postgresql.sql:47 and orders.sqlite.sql:48
        """
        ...

    def pay_free_order(self, *, order_id: int, actor: str, now: datetime) -> None:
        """Mark an order that costs nothing as paid.

        orders.sql:292
        """
        ...

    def release_stock_of_orders(
        self, *, order_ids: tuple[int, ...] | list[int], reason: str, actor: str, now: datetime
    ) -> None:
        """Give back what the lines of cancelled orders still wait for, stock row by stock row in ascending key
        order.

        orders.postgresql.sql:69 and orders.sqlite.sql:69
        """
        ...

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
from lumia.dto.orders import CancelledOrder, OrderAllocation, OrderHead, OrderItem, OrderStep, OrderSummary
from lumia.typedsql import UNSET, Unset
from lumia.types import OrderStatus, PaymentStatus

__all__ = ["CancelItemsOfOrderRow", "OrdersQueries"]


class CancelItemsOfOrderRow(TypedDict):
    """One row of arguments for orders.cancel_items_of_order."""

    order_id: int


class OrdersQueries(Protocol):
    """The queries of orders.sql."""

    def cancel_items_of_order(self, rows: Iterable[CancelItemsOfOrderRow]) -> None:
        """Cancel every unit of an order that is not on its way.

        orders.sql:1
        """
        ...

    def cancel_order(self, *, order_id: int, actor: str, reason: str, now: datetime) -> CancelledOrder | None:
        """Cancel an order of which nothing has shipped; no row when it is past that or cancelled already.

        orders.sql:10
        """
        ...

    def expire_orders(self, *, now: datetime, actor: str, reason: str, max_rows: int) -> list[CancelledOrder]:
        """Cancel unpaid orders whose time is over, the longest overdue first; the condition is asked again of each
        row written.

        orders.postgresql.sql:1 and orders.sqlite.sql:1
        """
        ...

    def get_order(self, *, order_id: int) -> OrderHead | None:
        """An order's own row.

        orders.sql:34
        """
        ...

    def get_order_id_by_number(self, *, order_number: int) -> int | None:
        """The key of the order with a number.

        orders.sql:68
        """
        ...

    def get_order_id_by_public_id(self, *, public_id: UUID) -> int | None:
        """The key of the order with a public id.

        orders.sql:77
        """
        ...

    def list_order_addresses(self, *, order_id: int) -> list[Address]:
        """The one or two addresses of an order.

        orders.sql:86
        """
        ...

    def list_order_allocations(self, *, order_id: int) -> list[OrderAllocation]:
        """Which location sends how many units of each line of an order.

        orders.sql:114
        """
        ...

    def list_order_history(self, *, order_id: int) -> list[OrderStep]:
        """The steps of an order's life, oldest first.

        orders.sql:130
        """
        ...

    def list_order_items(self, *, order_id: int) -> list[OrderItem]:
        """The lines of an order.

        orders.sql:146
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

        orders.sql:177
        """
        ...

    def list_orders_of_customer(self, *, customer_id: int, before_id: int, max_rows: int) -> list[OrderSummary]:
        """One page of a customer's orders, newest first.

        orders.sql:216
        """
        ...

    def pay_free_order(self, *, order_id: int, actor: str, now: datetime) -> None:
        """Mark an order that costs nothing as paid.

        orders.sql:240
        """
        ...

    def release_stock_of_orders(
        self, *, order_ids: tuple[int, ...] | list[int], reason: str, actor: str, now: datetime
    ) -> None:
        """Give back what the lines of cancelled orders were promised, stock row by stock row in ascending key
        order.

        orders.postgresql.sql:39 and orders.sqlite.sql:38
        """
        ...

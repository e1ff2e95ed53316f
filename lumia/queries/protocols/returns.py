"""The queries of returns, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypedDict
from uuid import UUID

from lumia.dto.returns import ReturnHead, ReturnItem, UnitsOfItem
from lumia.types import ReturnStatus

__all__ = ["InsertReturnItemRow", "ReceiveReturnItemRow", "ReturnsQueries"]


class InsertReturnItemRow(TypedDict):
    """One row of arguments for returns.insert_return_item."""

    return_id: int
    order_item_id: int
    quantity: int


class ReceiveReturnItemRow(TypedDict):
    """One row of arguments for returns.receive_return_item."""

    return_id: int
    order_item_id: int
    accepted_quantity: int
    damaged_quantity: int


class ReturnsQueries(Protocol):
    """The queries of returns.sql."""

    def get_order_id_of_return(self, *, return_id: int) -> int | None:
        """The key of the order that a return is of.

        returns.sql:1
        """
        ...

    def get_return(self, *, return_id: int) -> ReturnHead | None:
        """A return's own row.

        returns.sql:10
        """
        ...

    def insert_return(self, *, public_id: UUID, order_id: int, reason: str, actor: str, now: datetime) -> int:
        """Write down that a customer wants to send something back.

        returns.sql:29
        """
        ...

    def insert_return_item(self, rows: Iterable[InsertReturnItemRow]) -> None:
        """Write down what a return is of.

        returns.sql:60
        """
        ...

    def list_expected_returns(self, *, order_id: int) -> list[UnitsOfItem]:
        """How many units of each line of an order are asked back and have not come in, by line.

        returns.sql:78
        """
        ...

    def list_items_of_return(self, *, return_id: int) -> list[ReturnItem]:
        """What a return is of.

        returns.sql:93
        """
        ...

    def list_return_items(self, *, order_id: int) -> list[ReturnItem]:
        """What the returns of an order are of.

        returns.sql:110
        """
        ...

    def list_returns(self, *, order_id: int) -> list[ReturnHead]:
        """The returns of an order, oldest first.

        returns.sql:130
        """
        ...

    def receive_return_item(self, rows: Iterable[ReceiveReturnItemRow]) -> None:
        """Write down what came in of a line of a return.

        returns.sql:150
        """
        ...

    def step_return(
        self, *, return_id: int, status: ReturnStatus, location_id: int | None, actor: str, note: str, now: datetime
    ) -> None:
        """Take a return a step on.

        returns.sql:165
        """
        ...

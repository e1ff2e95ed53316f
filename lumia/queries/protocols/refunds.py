"""The queries of refunds, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypedDict
from uuid import UUID

from lumia.dto.payments import RefundItemRow, RefundRow, SettledUnits
from lumia.types import RefundStatus

__all__ = ["InsertRefundItemsRow", "InsertRefundsRow", "RefundsQueries"]


class InsertRefundItemsRow(TypedDict):
    """One row of arguments for refunds.insert_refund_items."""

    public_id: UUID
    order_item_id: int
    quantity: int
    amount: Decimal


class InsertRefundsRow(TypedDict):
    """One row of arguments for refunds.insert_refunds."""

    public_id: UUID
    payment_id: int
    provider_reference: str | None
    amount: Decimal
    status: RefundStatus
    reason: str
    actor: str
    now: datetime


class RefundsQueries(Protocol):
    """The queries of refunds.sql."""

    def get_refund(self, *, refund_id: int) -> RefundRow | None:
        """A refund's own row.

        refunds.sql:1
        """
        ...

    def get_refund_id(self, *, public_id: UUID) -> int | None:
        """The key of the refund with a public id.

        refunds.sql:20
        """
        ...

    def insert_refund_items(self, rows: Iterable[InsertRefundItemsRow]) -> None:
        """Write down which units refunds pay back, refund by refund.

        refunds.sql:29
        """
        ...

    def insert_refunds(self, rows: Iterable[InsertRefundsRow]) -> None:
        """Write down that money goes back, payment by payment; the refunds' trigger refuses more than was
        captured.

        refunds.sql:51
        """
        ...

    def list_refund_items_of_order(self, *, order_id: int) -> list[RefundItemRow]:
        """Which units the refunds of an order pay back.

        refunds.sql:86
        """
        ...

    def list_refunds_of_order(self, *, order_id: int) -> list[RefundRow]:
        """The refunds of an order, oldest first.

        refunds.sql:105
        """
        ...

    def list_settled_units(self, *, order_id: int) -> list[SettledUnits]:
        """How many units of each line of an order were waived or refunded so far, and for how much.

        refunds.sql:127
        """
        ...

    def set_refund_status(
        self, *, refund_id: int, status: RefundStatus, provider_reference: str | None, now: datetime
    ) -> None:
        """Write down what became of a refund, and the key that the provider knows it under where it was not known.

        refunds.sql:156
        """
        ...

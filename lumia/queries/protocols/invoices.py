"""The queries of invoices, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypedDict

__all__ = ["InvoicesQueries", "SetInvoiceNumberRow"]


class SetInvoiceNumberRow(TypedDict):
    """One row of arguments for invoices.set_invoice_number."""

    order_id: int
    invoice_number: int
    now: datetime


class InvoicesQueries(Protocol):
    """The queries of invoices.sql."""

    def list_uninvoiced_orders(self, *, max_rows: int) -> list[int]:
        """The orders that were paid and have no invoice number yet, in the order of their payment.

        invoices.sql:3
        """
        ...

    def lock_invoice_counter(self) -> int:
        """The last invoice number that was given; nobody else gives one until the transaction ends.

        invoices.sql:17
        """
        ...

    def set_invoice_counter(self, *, last_number: int) -> None:
        """Write down the last invoice number that was given.

        invoices.sql:26
        """
        ...

    def set_invoice_number(self, rows: Iterable[SetInvoiceNumberRow]) -> None:
        """Give an order its invoice number.

        invoices.sql:35
        """
        ...

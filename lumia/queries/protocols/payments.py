"""The queries of payments, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypedDict
from uuid import UUID

from lumia.dto.payments import LockedPayment, Payment, PaymentEvent
from lumia.types import CaptureTime, PaymentEventKind

__all__ = ["InsertEventsRow", "PaymentsQueries"]


class InsertEventsRow(TypedDict):
    """One row of arguments for payments.insert_events."""

    payment_id: int
    provider: str
    provider_event_id: str
    kind: PaymentEventKind
    amount: Decimal | None
    refund_reference: str | None
    payload: str | None
    occurred_at: datetime
    applied_at: datetime | None
    now: datetime


class PaymentsQueries(Protocol):
    """The queries of payments.sql."""

    def apply_event(self, *, payment_event_id: int, now: datetime) -> None:
        """Write down that an event which waited has taken effect.

        payments.sql:1
        """
        ...

    def get_event(self, *, provider: str, provider_event_id: str) -> PaymentEvent | None:
        """What a provider told under a key of its own.

        payments.sql:12
        """
        ...

    def get_payment(self, *, payment_id: int) -> Payment | None:
        """A payment's own row.

        payments.sql:34
        """
        ...

    def get_payment_by_reference(self, *, provider: str, provider_reference: str) -> Payment | None:
        """The payment that a provider knows under a key of its own.

        payments.sql:59
        """
        ...

    def insert_events(self, rows: Iterable[InsertEventsRow]) -> None:
        """Write down what happened to payments; the events' trigger brings each payment's row to where its events
        say it is.

        payments.sql:86
        """
        ...

    def insert_payment(
        self,
        *,
        public_id: UUID,
        order_id: int,
        provider: str,
        provider_reference: str | None,
        method: str,
        card_brand: str | None,
        card_last4: str | None,
        amount: Decimal,
        currency: str,
        capture_at: CaptureTime,
        now: datetime,
    ) -> int:
        """Write down that an order shall be paid; nothing of it has come in yet.

        payments.sql:125
        """
        ...

    def list_events_of_payment(self, *, payment_id: int) -> list[PaymentEvent]:
        """What was told about a payment, in the order of its arrival.

        payments.sql:172
        """
        ...

    def list_payments_of_order(self, *, order_id: int) -> list[Payment]:
        """The payments of an order, oldest first.

        payments.sql:194
        """
        ...

    def list_waiting_events(self, *, payment_id: int) -> list[PaymentEvent]:
        """The refunds' events that have not taken effect yet, in the order of their arrival.

        payments.sql:221
        """
        ...

    def lock_payments_of_orders(self, *, order_ids: tuple[int, ...] | list[int]) -> list[LockedPayment]:
        """Lock the payments of orders, in ascending key order, with what an event about one is called by.

        payments.postgresql.sql:1 and payments.sqlite.sql:1
        """
        ...

    def set_payment_reference(self, *, payment_id: int, provider_reference: str, now: datetime) -> None:
        """Add the key that the provider knows a payment under; one that has a key keeps it.

        payments.sql:244
        """
        ...

"""The queries of personal_orders, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from typing import Protocol

from lumia.dto.privacy import (
    ExportedCancellation,
    ExportedOrder,
    ExportedOrderItem,
    ExportedOrderStep,
    ExportedPayment,
    ExportedPaymentEvent,
    ExportedRedemption,
    ExportedRefund,
    ExportedReturn,
    ExportedReturnItem,
    ExportedShipment,
)

__all__ = ["PersonalOrdersQueries"]


class PersonalOrdersQueries(Protocol):
    """The queries of personal_orders.sql."""

    def list_cancellations(self, *, customer_id: int) -> list[ExportedCancellation]:
        """What was taken off a person's orders, and why.

        personal_orders.sql:1
        """
        ...

    def list_order_items(self, *, customer_id: int) -> list[ExportedOrderItem]:
        """The lines of a person's orders.

        personal_orders.sql:19
        """
        ...

    def list_order_steps(self, *, customer_id: int) -> list[ExportedOrderStep]:
        """The steps of a person's orders.

        personal_orders.sql:47
        """
        ...

    def list_orders(self, *, customer_id: int) -> list[ExportedOrder]:
        """A person's orders.

        personal_orders.sql:63
        """
        ...

    def list_payment_events(self, *, customer_id: int) -> list[ExportedPaymentEvent]:
        """What providers told about a person's payments.

        personal_orders.sql:95
        """
        ...

    def list_payments(self, *, customer_id: int) -> list[ExportedPayment]:
        """A person's payments; of a card no more than its last four digits.

        personal_orders.sql:114
        """
        ...

    def list_redemptions(self, *, customer_id: int) -> list[ExportedRedemption]:
        """The coupons that a person used.

        personal_orders.sql:138
        """
        ...

    def list_refunds(self, *, customer_id: int) -> list[ExportedRefund]:
        """What was given back to a person.

        personal_orders.sql:157
        """
        ...

    def list_return_items(self, *, customer_id: int) -> list[ExportedReturnItem]:
        """The units that a person sent back.

        personal_orders.sql:176
        """
        ...

    def list_returns(self, *, customer_id: int) -> list[ExportedReturn]:
        """What a person sends back.

        personal_orders.sql:195
        """
        ...

    def list_shipments(self, *, customer_id: int) -> list[ExportedShipment]:
        """What was sent to a person.

        personal_orders.sql:214
        """
        ...

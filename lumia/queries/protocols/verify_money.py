"""The queries of verify_money, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from typing import Protocol

from lumia.dto.verify import VerifyFault

__all__ = ["VerifyMoneyQueries"]


class VerifyMoneyQueries(Protocol):
    """The queries of verify_money.sql."""

    def list_coupon_customer_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Active redemptions by which a customer, by key or by address, used a coupon more often than each may.

        verify_money.sql:1
        """
        ...

    def list_coupon_use_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Coupons whose counters are not what their active redemptions come to, or are beyond their limits.

        verify_money.sql:30
        """
        ...

    def list_discount_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Orders whose lines do not share exactly what was taken off, or whose coupons took off something else.

        verify_money.sql:56
        """
        ...

    def list_invoice_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Orders whose invoice number leaves a gap before it, or that were never paid; and the counter, if it says
        another number.

        verify_money.sql:87
        """
        ...

    def list_net_sales_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Lines that sales by day, product, category or customer would not count all, or as another's: then these
        sums differ.

        verify_money.sql:117
        """
        ...

    def list_order_total_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Orders whose total is not its parts, or whose parts are not what their lines come to: a line was added
        or taken away.

        verify_money.sql:148
        """
        ...

    def list_payment_state_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Payments that do not stand where their events say: what was taken weighs most, then a void, a failure, a
        promise.

        verify_money.sql:176
        """
        ...

    def list_refund_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Payments of which more was given back than was taken, or whose sums are not those of their events and
        refunds.

        verify_money.sql:211
        """
        ...

    def list_refund_unit_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Lines of which more units or more money was waived and given back than they have.

        verify_money.sql:245
        """
        ...

    def list_unit_share_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Lines of live orders whose units do not share exactly what the line comes to.

        verify_money.sql:283
        """
        ...

"""The queries of verify, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from typing import Protocol

from lumia.dto.verify import VerifyFault

__all__ = ["VerifyQueries"]


class VerifyQueries(Protocol):
    """The queries of verify.sql."""

    def list_allocation_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Stock rows whose allocated units are not what the orders' allocations still wait for.

        verify.sql:1
        """
        ...

    def list_category_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Categories that no way up from leads to the top.

        verify.sql:42
        """
        ...

    def list_line_allocation_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Lines of live orders of which not every unit is allocated, or whose allocations gave back or sent other
        units than they.

        verify.sql:66
        """
        ...

    def list_line_progress_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Lines of live orders whose cancelled, shipped and returned units are not what cancellations, shipments
        and returns say.

        verify.sql:96
        """
        ...

    def list_line_quantity_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Lines of which more came back than was shipped, or more was shipped than was left.

        verify.sql:128
        """
        ...

    def list_order_history_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Live orders whose history does not lead from the first state to the present one, each step a legal one.

        verify.sql:145
        """
        ...

    def list_order_state_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Live orders that do not stand where their payments, shipments and cancellations say. The view takes the
        two ends as.

        verify.sql:187
        """
        ...

    def list_paid_at_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Live orders that do not say when they were paid as their history does.

        verify.sql:267
        """
        ...

    def list_price_history_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Variants whose price is not the last one of their history.

        verify.sql:293
        """
        ...

    def list_stock_replay_faults(self, *, max_rows: int) -> list[VerifyFault]:
        """Stock rows whose counters are not what their movements come to.

        verify.sql:316
        """
        ...

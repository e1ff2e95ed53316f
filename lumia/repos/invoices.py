"""Invoice numbers: without gaps, given in batches to orders that were paid."""

from __future__ import annotations

from lumia.dto.orders import AssignedInvoice
from lumia.repos.base import Repository, made, page_rows

__all__ = ["Invoicing"]


class Invoicing(Repository):
    """The numbers of a shop's invoices."""

    def assign_invoices(self, *, limit: int = 100) -> tuple[AssignedInvoice, ...]:
        """Give up to `limit` (1 to 500) orders their invoice numbers, in the order of their payment.

        The numbers follow the last one that was given, without a gap, also where several callers do this at once: each
        waits for the one before. An order keeps its number, whatever becomes of it. Nobody who places or pays an order
        waits. Raises `InvalidValue`. Four statements, two where there is nothing to do.
        """
        page_rows(limit)
        with self._context.unit(write=True) as unit:
            invoices = unit.q.invoices
            last: int = made(invoices.lock_invoice_counter())
            numbers = {
                order_id: number
                for number, order_id in enumerate(invoices.list_uninvoiced_orders(max_rows=limit), last + 1)
            }
            if numbers:
                now = unit.now()
                # Several orders are locked in ascending order, whichever number each of them gets.
                invoices.set_invoice_number(
                    {"order_id": order_id, "invoice_number": number, "now": now}
                    for order_id, number in sorted(numbers.items())
                )
                invoices.set_invoice_counter(last_number=last + len(numbers))
            return tuple(
                AssignedInvoice(order_id=order_id, invoice_number=number) for order_id, number in numbers.items()
            )

"""The invariants of a shop's stored data, proven on the rows themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lumia.dto.base import checked_items
from lumia.dto.verify import VerifyFault, VerifyLine, VerifyReport
from lumia.errors import InvalidValue
from lumia.repos.base import Repository, page_rows

if TYPE_CHECKING:
    from lumia.queries.protocols import Queries
    from lumia.repos.context import Context

__all__ = ["LINES", "Line", "Verify"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the check: name, rule, the invariants it is about, what its keys are, and its query."""

    name: str
    rule: str
    invariants: tuple[int, ...]
    keys_of: str
    ask: Callable[[Queries, int], list[VerifyFault]]

    def found(self, context: Context, most: int) -> VerifyLine:
        """Ask the database. One statement."""
        rows = self.ask(context.q, most)
        return VerifyLine(
            name=self.name,
            rule=self.rule,
            invariants=self.invariants,
            keys_of=self.keys_of,
            faults=rows[0].faults if rows else 0,
            keys=tuple(row.row_key for row in rows),
        )


_STOCK: Final = "variant_id/location_id"

LINES: Final = (
    Line(
        "stock_replay",
        "the movements of a stock row come to its counters",
        (2,),
        _STOCK,
        lambda q, most: q.verify.list_stock_replay_faults(max_rows=most),
    ),
    Line(
        "allocation",
        "what is allocated is what allocations still wait for",
        (3,),
        _STOCK,
        lambda q, most: q.verify.list_allocation_faults(max_rows=most),
    ),
    Line(
        "line_allocation",
        "every unit of a live order is allocated, released or sent",
        (3,),
        "order_item_id",
        lambda q, most: q.verify.list_line_allocation_faults(max_rows=most),
    ),
    Line(
        "line_quantity",
        "returned <= shipped <= quantity - cancelled",
        (5,),
        "order_item_id",
        lambda q, most: q.verify.list_line_quantity_faults(max_rows=most),
    ),
    Line(
        "line_progress",
        "a line's units are those of its cancellations, shipments, returns",
        (5,),
        "order_item_id",
        lambda q, most: q.verify.list_line_progress_faults(max_rows=most),
    ),
    Line(
        "coupon_use",
        "active redemptions = used <= limit, and spent <= budget",
        (6,),
        "coupon_id",
        lambda q, most: q.verify_money.list_coupon_use_faults(max_rows=most),
    ),
    Line(
        "coupon_customer",
        "nobody used a coupon more often than each may",
        (6,),
        "coupon_redemption_id",
        lambda q, most: q.verify_money.list_coupon_customer_faults(max_rows=most),
    ),
    Line(
        "refund",
        "0 <= refunded <= captured, the sums of refunds and events",
        (9,),
        "payment_id",
        lambda q, most: q.verify_money.list_refund_faults(max_rows=most),
    ),
    Line(
        "payment_state",
        "a payment stands where its events say",
        (9,),
        "payment_id",
        lambda q, most: q.verify_money.list_payment_state_faults(max_rows=most),
    ),
    Line(
        "refund_unit",
        "no line waives and gives back more than it has",
        (9,),
        "order_item_id",
        lambda q, most: q.verify_money.list_refund_unit_faults(max_rows=most),
    ),
    Line(
        "discount",
        "the shares of lines are the discount, and what coupons took off",
        (10,),
        "order_id",
        lambda q, most: q.verify_money.list_discount_faults(max_rows=most),
    ),
    Line(
        "unit_share",
        "the shares of units are the line's total",
        (10,),
        "order_item_id",
        lambda q, most: q.verify_money.list_unit_share_faults(max_rows=most),
    ),
    Line(
        "order_total",
        "total = lines - discounts + shipping + tax",
        (11,),
        "order_id",
        lambda q, most: q.verify_money.list_order_total_faults(max_rows=most),
    ),
    Line(
        "net_sales",
        "sales by day, product, category and customer count every line once",
        (12,),
        "order_item_id",
        lambda q, most: q.verify_money.list_net_sales_faults(max_rows=most),
    ),
    Line(
        "order_state",
        "an order stands where its children say",
        (13,),
        "order_id",
        lambda q, most: q.verify.list_order_state_faults(max_rows=most),
    ),
    Line(
        "order_history",
        "history leads from the first state to the present one, step by legal step",
        (13,),
        "order_id",
        lambda q, most: q.verify.list_order_history_faults(max_rows=most),
    ),
    Line(
        "paid_at",
        "an order says when it was paid, as its history does",
        (13,),
        "order_id",
        lambda q, most: q.verify.list_paid_at_faults(max_rows=most),
    ),
    Line(
        "category",
        "the categories are a forest",
        (14,),
        "category_id",
        lambda q, most: q.verify.list_category_faults(max_rows=most),
    ),
    Line(
        "price_history",
        "a variant's price is the last one of its history",
        (15,),
        "variant_id",
        lambda q, most: q.verify.list_price_history_faults(max_rows=most),
    ),
    Line(
        "invoice",
        "invoice numbers have no gap, stand on paid orders, and are counted",
        (),
        "order_id, or the counter",
        lambda q, most: q.verify_money.list_invoice_faults(max_rows=most),
    ),
)
"""Every line, in the order of the invariants. Imported orders have no children: what is about those leaves them out."""


class Verify(Repository):
    """A check of everything that the stored rows must fulfil together, whoever wrote them."""

    def run(self, *, only: Iterable[str] | None = None, keys: int = 10) -> VerifyReport:
        """Check every line, or those named in `only`, at one moment, and report up to `keys` (1 to 500) rows of each.

        Nothing is written or locked. 20 statements, one for each line. Raises `InvalidValue` for a line that does not
        exist.
        """
        most = page_rows(keys) - 1
        chosen = tuple(_chosen(only))
        with self._context.unit(write=False) as unit:
            return VerifyReport(lines=tuple(line.found(unit, most) for line in chosen))

    def steps(self, *, keys: int = 10) -> Iterator[VerifyLine]:
        """Check line by line, each as soon as it is asked for, all at one moment; see `run`. 20 statements."""
        most = page_rows(keys) - 1
        with self._context.unit(write=False) as unit:
            for line in LINES:
                yield line.found(unit, most)


def _chosen(only: Iterable[str] | None) -> Iterator[Line]:
    if only is None:
        yield from LINES
        return
    by_name = {line.name: line for line in LINES}
    for name in checked_items("only", only):
        if type(name) is not str or name not in by_name:
            message = f"there is no line {name!r}: the lines are {', '.join(by_name)}"
            raise InvalidValue(message)
        yield by_name[name]

"""What is measured, by the name that the table shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from benchmarks.measure import Variant
from benchmarks.reading import page_of_orders, read_customer, read_order, sales_by_month
from benchmarks.stage import Stage
from benchmarks.writing import load_order_lines, place_order, receive_delivery

__all__ = ["OPERATIONS", "OTHERS"]

OPERATIONS: Final[Mapping[str, Callable[[Stage], list[Variant]]]] = MappingProxyType(
    {
        "read one row": read_customer,
        "page of 50 orders": page_of_orders,
        "order with items": read_order,
        "sales by month": sales_by_month,
        "place an order": place_order,
        "book a delivery": receive_delivery,
        "load 1,000 lines": load_order_lines,
    }
)
"""Each makes the three variants on a stage, after it has asserted that they give equal results."""

OTHERS: Final = ("lumia", "sqlalchemy")
"""The variants that are compared with the bare driver."""

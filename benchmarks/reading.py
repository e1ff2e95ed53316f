"""Operations that read: one row, a page, an order with its items, a report."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from benchmarks.agreeing import same_model, same_rows
from benchmarks.bare import replay
from benchmarks.measure import BASE, Variant
from benchmarks.recording import record
from benchmarks.stage import Stage
from benchmarks.writing import filled_cart, place
from lumia import Shop

__all__ = ["page_of_orders", "read_customer", "read_order", "sales_by_month"]

_PAGE = 50


def _variants(
    stage: Stage, lumia: Callable[[Shop], Any], orm: Callable[[], Any], agree: Callable[[Any, Any], None]
) -> list[Variant]:
    """Compare the three ways to read the same, then give them."""
    result, steps = record(stage.shop, lumia)
    run = replay(stage.bare, steps)
    same_rows(steps, run({}))
    agree(result, orm())
    shop = stage.shop
    return [
        Variant(BASE, lambda _: run({})),
        Variant("lumia", lambda _: lumia(shop)),
        Variant("sqlalchemy", lambda _: orm()),
    ]


def read_customer(stage: Stage) -> list[Variant]:
    """Read one row by key."""
    key = stage.scale.customers // 2
    return _variants(stage, lambda shop: shop.customers.get(key), lambda: stage.orm.read_customer(key), same_model)


def page_of_orders(stage: Stage) -> list[Variant]:
    """Read 50 orders of one customer, newest first."""
    return _variants(
        stage,
        lambda shop: shop.orders.of_customer(1, limit=_PAGE),
        lambda: stage.orm.page_of_orders(1, _PAGE),
        lambda page, entities: same_model(page.items, entities),
    )


def read_order(stage: Stage) -> list[Variant]:
    """Read an order of five lines with its items, addresses, allocations and history."""
    key = place(stage.shop, filled_cart(stage)).order_id
    return _variants(stage, lambda shop: shop.orders.get(key), lambda: stage.orm.read_order(key), same_model)


def sales_by_month(stage: Stage) -> list[Variant]:
    """Sum a year's sales by month."""

    def agree(months: Any, rows: list[tuple[str, Decimal, int, int, int]]) -> None:
        assert [(month.month, month.amount, month.rows, month.invoices, month.quantity) for month in months] == rows

    return _variants(stage, lambda shop: shop.reports.sales_by_month(), stage.orm.sales_by_month, agree)

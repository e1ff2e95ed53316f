"""Operations that write: an order placed, a delivery booked, order lines loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from uuid_utils.compat import uuid7

from benchmarks.agreeing import same_model
from benchmarks.bare import Values, replay, templated
from benchmarks.measure import BASE, Variant
from benchmarks.recording import record
from benchmarks.stage import Stage
from lumia import Shop
from lumia.dto.orders import Order
from lumia.dto.stock import Receipt
from lumia.engine import UnitOfWork
from lumia.engine.bulk import sqlite_rows

__all__ = ["filled_cart", "load_order_lines", "place", "place_order", "receive_delivery"]

_LINES: Final = 5
_ROWS: Final = 1000


@dataclass(frozen=True)
class Basket:
    """A customer's cart that is ready to be ordered; the customer's address has the customer's key."""

    cart_id: int
    customer_id: int
    email: str
    total: Decimal
    key: str


def filled_cart(stage: Stage) -> Basket:
    """Fill the next customer's cart with the same five things as everybody's."""
    customer_id = next(stage.customers)
    cart_id = stage.shop.carts.for_customer(customer_id).cart_id
    for variant_id in range(1, _LINES + 1):
        stage.shop.carts.set_item(cart_id, variant_id=variant_id, quantity=variant_id)
    quote = stage.shop.checkout.quote(cart_id, shipping_method="post", shipping_address=customer_id)
    email = f"Buyer{customer_id}@shop.invalid"
    return Basket(cart_id, customer_id, email, quote.total, f"key-{next(stage.numbers)}")


def place(shop: Shop, basket: Basket) -> Order:
    """Order a cart through Lumia."""
    return shop.checkout.place(
        basket.cart_id,
        shipping_address=basket.customer_id,
        shipping_method="post",
        expected_total=basket.total,
        idempotency_key=basket.key,
    )


_LEARNS: Final = {
    "idempotency.claim_key_of_cart": "idempotency_key_id",
    "checkout.next_order_number": "order_number",
    "checkout.insert_order": "order_id",
    "checkout.place_order_at_once": "order_id",
}
"""What a checkout hears from one statement and says in a later one."""

_OF_A_BASKET: Final = frozenset(
    {"address_id", "billing_address_id", "cart_id", "customer_id", "email", "key", "public_id", "shipping_address_id"}
)

_OWN: Final = frozenset(
    {
        *("order_id", "order_item_id", "order_status_history_id", "public_id", "order_number", "customer_id"),
        *("cart_id", "email", "address_id", "shipping_address_id", "billing_address_id", "recipient", "line1"),
        *("postal_code", "placed_at", "expires_at", "sold_at", "changed_at"),
    }
)
"""What differs between two orders of the same things."""


def place_order(stage: Stage) -> list[Variant]:
    """Order a cart of five lines, with its idempotency key, stock guard, history and event."""
    names = {query.full_name: [param.name for param in query.params] for query in stage.shop.query_set.values()}
    first = filled_cart(stage)
    order, steps = record(stage.shop, lambda shop: place(shop, first))
    slots = _OF_A_BASKET | set(_LEARNS.values()) | {"result_id"}
    run = replay(stage.bare, templated(steps, names, slots), _LEARNS)

    def values(basket: Basket) -> Values:
        public_id = uuid7()
        return {
            "cart_id": basket.cart_id,
            "key": basket.key,
            "email": basket.email,
            "public_id": str(public_id) if stage.engine == "sqlite" else public_id,
            **dict.fromkeys(
                ("customer_id", "address_id", "shipping_address_id", "billing_address_id"), basket.customer_id
            ),
        }

    def bare(given: Values) -> int:
        run(given)
        order_id: int = given["order_id"]
        return order_id

    def orm(basket: Basket) -> int:
        return stage.orm.place_order(basket.cart_id, basket.customer_id, basket.total, basket.key)

    for order_id in (bare(_Learning(values(filled_cart(stage)))), orm(filled_cart(stage))):
        same_model(order, stage.shop.orders.get(order_id), but=_OWN)
    return [
        Variant(BASE, bare, lambda: _Learning(values(filled_cart(stage)))),
        Variant("lumia", lambda basket: place(stage.shop, basket), lambda: filled_cart(stage)),
        Variant("sqlalchemy", orm, lambda: filled_cart(stage)),
    ]


class _Learning(dict[str, Any]):
    """The values of a replay; the key that an answer is kept under is the order's."""

    def __missing__(self, name: str) -> Any:
        if name == "result_id":
            return self["order_id"]
        raise KeyError(name)


def receive_delivery(stage: Stage) -> list[Variant]:
    """Book a delivery of up to 1,000 things: one row of the ledger each, whose trigger moves the counter."""
    variants = range(1, min(_ROWS, stage.scale.products) + 1)
    receipts = [Receipt(variant_id=variant_id, location_id=1, quantity=1) for variant_id in variants]
    plain = [(variant_id, 1, 1) for variant_id in variants]

    def on_hand() -> list[int]:
        return [stage.shop.stock.levels(variant_id).items[0].on_hand for variant_id in variants]

    before = on_hand()
    _, steps = record(stage.shop, lambda shop: shop.stock.receive_many(receipts))
    run = replay(stage.bare, steps)
    run({})
    stage.orm.receive(plain)
    assert on_hand() == [units + 3 for units in before]
    return [
        Variant(BASE, lambda _: run({})),
        Variant("lumia", lambda _: stage.shop.stock.receive_many(receipts)),
        Variant("sqlalchemy", lambda _: stage.orm.receive(plain)),
    ]


_COLUMNS: Final = (
    *(("order_id", "int"), ("customer_id", "int"), ("product_id", "int"), ("variant_id", "int"), ("position", "int")),
    *(("sku", "text"), ("name", "text"), ("category_name", "text"), ("unit_price", "money"), ("quantity", "int")),
    *(("amount", "money"), ("discount", "money"), ("tax_rate", "rate"), ("tax_reason", "text"), ("tax", "money")),
    *(("tax_included", "money"), ("line_total", "money"), ("cancelled_quantity", "int")),
    *(("shipped_quantity", "int"), ("returned_quantity", "int"), ("sold_at", "timestamp")),
)
_NAMES: Final = tuple(name for name, _ in _COLUMNS)
_SOLD_AT: Final = datetime(2024, 7, 1, tzinfo=UTC)
_READ_LINES: Final = (
    "SELECT count(*), sum(quantity), sum(amount), sum(line_total), min(sold_at), max(sold_at), min(sku), max(sku)"
    " FROM order_items WHERE order_id = 1 AND position BETWEEN {} AND {}"
)


def _lines(stage: Stage) -> list[tuple[Any, ...]]:
    """Make 1,000 lines more for the first order, whose customer the year's data says."""
    start = next(stage.numbers) * _ROWS
    ((customer_id,),) = stage.bare.one("SELECT customer_id FROM orders WHERE order_id = 1", ())
    zero, price = Decimal(0), Decimal("1.25")
    return [
        (
            *(1, customer_id, 1, 1, start + place, "T-00001", "Thing 1", "Group 2", price, 2, price * 2, zero, zero),
            *("", zero, zero, price * 2, 0, 2, 0, _SOLD_AT),
        )
        for place in range(_ROWS)
    ]


def load_order_lines(stage: Stage) -> list[Variant]:
    """Load 1,000 order lines in one transaction, by the engine's fastest way where the layer offers it."""

    def lumia(rows: list[tuple[Any, ...]]) -> None:
        with UnitOfWork(stage.shop.engine, write=True) as unit:
            session: Any = unit.acquire(write=True)
            session.copy_rows("order_items", _COLUMNS, rows)

    def encoded() -> list[Any]:
        rows = _lines(stage)
        return [tuple(row) for row in sqlite_rows(_COLUMNS, rows)] if stage.engine == "sqlite" else rows

    def bare(rows: list[Any]) -> None:
        stage.bare.begin(write=True)
        stage.bare.copy("order_items", _NAMES, rows)
        stage.bare.control("COMMIT")

    def entities() -> list[dict[str, Any]]:
        return [dict(zip(_NAMES, row, strict=True)) for row in _lines(stage)]

    variants = [
        Variant(BASE, bare, encoded),
        Variant("lumia", lumia, lambda: _lines(stage)),
        Variant("sqlalchemy", stage.orm.load_lines, entities),
    ]
    found = []
    for variant in variants:
        rows = variant.prepare()
        variant.run(rows)
        start = rows[0]["position"] if isinstance(rows[0], dict) else rows[0][_NAMES.index("position")]
        found.append(stage.bare.one(_READ_LINES.format(start, start + _ROWS - 1), ()))
    assert found[0] == found[1] == found[2]
    assert found[0][0][0] == _ROWS
    return variants

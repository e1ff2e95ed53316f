"""What the triggers do besides refusing: steps on the ground, and a question whose answer shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tests.support.cases_audit import AUDIT_EFFECTS
from tests.support.cases_coupons import COUPON_EFFECTS
from tests.support.cases_outbox import FOLDING_EFFECTS
from tests.support.cases_payments import PAID_EFFECTS
from tests.support.cases_reviews import RATING_EFFECTS
from tests.support.fresh import fresh
from tests.support.raw import Raw
from tests.support.rows import LATER, NOON, Step, imported, insert
from tests.support.search import SPELLING_EFFECTS

__all__ = ["EFFECTS", "Effect"]

CHEAPER: Final = Decimal("9.99")
CHEAPEST: Final = Decimal("8.88")


@dataclass(frozen=True)
class Effect:
    """What a trigger must have done after the steps.

    Attributes:
        name: what it does.
        triggers: the ones without which the answer would be another, as `table.trigger`; () where none can be missing.
        steps: what is run, all of it accepted.
        question: a query, the same on both engines.
        answer: its rows.
    """

    name: str
    triggers: tuple[str, ...]
    steps: tuple[Step, ...]
    question: Step
    answer: list[tuple[Any, ...]]

    def asked(self, raw: Raw) -> list[tuple[Any, ...]]:
        """Run the steps and ask."""
        for sql, params in self.steps:
            raw.run(sql, params)
        return [tuple(row) for row in raw.run(*self.question)]


TOUCHED: Final = {
    "shop_settings": "shop_settings_id = 1",
    "customers": "customer_id = 1",
    "addresses": "address_id = 1",
    "credentials": "customer_id = 2",
    "sessions": "session_id = 1",
    "categories": "category_id = 1",
    "products": "product_id = 1",
    "product_options": "product_option_id = 1",
    "option_values": "option_value_id = 1",
    "product_variants": "variant_id = 1",
    "product_images": "product_image_id = 1",
    "bundles": "bundle_id = 1",
    "bundle_items": "bundle_id = 1",
    "locations": "location_id = 1",
    "inventory": "variant_id = 1",
    "shipping_methods": "shipping_method_id = 1",
    "tax_rates": "tax_rate_id = 1",
    "carts": "cart_id = 1",
    "cart_items": "cart_item_id = 1",
    "orders": "order_id = 1",
    "payments": "payment_id = 1",
    "refunds": "refund_id = 1",
    "shipments": "shipment_id = 1",
    "returns": "return_id = 1",
    "coupons": "coupon_id = 1",
    "reviews": "review_id = 1",
    "wishlists": "wishlist_id = 1",
}
"""A row of each table that has an updated_at."""


def _touches() -> Iterator[Effect]:
    for table, where in TOUCHED.items():
        forgetful = (f"UPDATE {table} SET created_at = created_at WHERE {where}", ())
        yield Effect(
            f"{table} is dated by a write that forgets to",
            (f"{table}.{table}_touch",),
            (forgetful,),
            (f"SELECT count(*) FROM {table} WHERE {where} AND updated_at > ?", (LATER,)),
            [(1,)],
        )
        dated = (f"UPDATE {table} SET updated_at = ? WHERE {where}", (LATER,))
        yield Effect(
            f"{table} keeps the instant that a write gives it",
            (),
            (dated,),
            (f"SELECT count(*) FROM {table} WHERE {where} AND updated_at = ?", (LATER,)),
            [(1,)],
        )
        ahead = LATER.replace(year=9000)
        yield Effect(
            f"{table} is never dated back by a write that forgets to",
            (),
            ((f"UPDATE {table} SET updated_at = ? WHERE {where}", (ahead,)), forgetful),
            (f"SELECT count(*) FROM {table} WHERE {where} AND updated_at = ?", (ahead,)),
            [(1,)],
        )


def _price(price: Decimal, at: Any) -> Step:
    return "UPDATE product_variants SET price = ?, updated_at = ? WHERE variant_id = 1", (price, at)


_PERIODS: Final = """
SELECT count(*) FROM price_periods
WHERE variant_id = 1
    AND (price = ? AND valid_from = ? AND valid_to = ? OR price = ? AND valid_from = ? AND valid_to IS NULL)
"""
_DATED_ALIKE: Final = """
SELECT count(*) FROM price_history AS h
INNER JOIN product_variants AS v ON h.variant_id = v.variant_id AND h.price = v.price AND h.valid_from = v.updated_at
WHERE v.variant_id = 1
"""
_PRICES: Final = (
    "SELECT count(*), count(valid_to) FROM price_periods WHERE variant_id = 1 AND (price = ? OR price = ?)",
    (Decimal("12.50"), CHEAPER),
)


def _prices() -> Iterator[Effect]:
    update = ("product_variants.product_variants_price_update",)
    yield Effect(
        "a new variant's price is in force from its creation on",
        ("product_variants.product_variants_price_insert",),
        fresh("product_variants", price=CHEAPER),
        (
            "SELECT count(*) FROM price_history WHERE variant_id = 100 AND price = ? AND valid_from = ?",
            (CHEAPER, LATER),
        ),
        [(1,)],
    )
    yield Effect(
        "a change of price ends the price before it",
        update,
        (_price(CHEAPER, LATER),),
        (_PERIODS, (Decimal("12.50"), NOON, LATER, CHEAPER, LATER)),
        [(2,)],
    )
    yield Effect(
        "a write that keeps the price adds no row",
        (),
        (_price(Decimal("12.50"), LATER),),
        ("SELECT count(*) FROM price_history WHERE variant_id = 1", ()),
        [(1,)],
    )
    yield Effect(
        "of two changes in one instant the last one stays",
        update,
        (_price(CHEAPEST, LATER), _price(CHEAPER, LATER)),
        _PRICES,
        [(2, 1)],
    )
    yield Effect(
        "a change dated before the last one is still the price in force",
        update,
        (_price(CHEAPEST, LATER), _price(CHEAPER, NOON + timedelta(minutes=1))),
        _PRICES,
        [(2, 1)],
    )
    yield Effect(
        "a change that forgets its instant is dated like its row",
        update,
        (("UPDATE product_variants SET price = ? WHERE variant_id = 1", (CHEAPER,)),),
        (_DATED_ALIKE, ()),
        [(1,)],
    )


def _combinations() -> Iterator[Effect]:
    question = "SELECT product_option_id, option_value_id FROM variant_option_values WHERE variant_id = ? ORDER BY 1"
    yield Effect(
        "a variant's option values follow from its key",
        ("product_variants.product_variants_combination_insert",),
        fresh("product_variants", combination_key="2/4"),
        (question, (100,)),
        [(1, 2), (2, 4)],
    )
    for key, answer in (("1/4", [(1, 1), (2, 4)]), ("2/4", [(1, 2), (2, 4)]), ("3", [(2, 3)]), ("", [])):
        yield Effect(
            f"a variant's option values follow when its key becomes '{key}'",
            ("product_variants.product_variants_combination_update",),
            (("UPDATE product_variants SET combination_key = ?, updated_at = ? WHERE variant_id = 1", (key, LATER)),),
            (question, (1,)),
            answer,
        )
    # On the way to 1/4 a variant that was built up value by value would have been 1 for a moment.
    yield Effect(
        "a combination collides with nothing on the way to it",
        ("product_variants.product_variants_combination_insert",),
        (
            *fresh("product_variants", combination_key="1"),
            *fresh(
                "product_variants",
                variant_id=101,
                public_id=UUID(int=7 << 76 | 2 << 62 | 101),
                sku="SKU-101",
                combination_key="1/4",
            ),
        ),
        (question, (101,)),
        [(1, 1), (2, 4)],
    )
    yield Effect(
        "a row that the key made already can be spelt out",
        (),
        (
            insert(
                "variant_option_values",
                {"variant_id": 1, "product_option_id": 2, "option_value_id": 3, "product_id": 1},
            ),
        ),
        (question, (1,)),
        [(1, 1), (2, 3)],
    )


def _stock() -> Iterator[Effect]:
    moved: dict[str, Any] = {"kind": "shipped", "on_hand_delta": -2, "allocated_delta": -2}
    yield Effect(
        "a movement changes the counters by its deltas",
        ("stock_movements.stock_movements_apply",),
        fresh("stock_movements", **moved),
        ("SELECT on_hand, allocated, last_movement_id FROM inventory WHERE variant_id = 1", ()),
        [(9, 1, 100)],
    )
    yield Effect(
        "a movement dates the counters",
        ("stock_movements.stock_movements_apply",),
        (
            *fresh("stock_movements"),
            *fresh("stock_movements", stock_movement_id=101),
        ),
        ("SELECT count(*) FROM inventory WHERE variant_id = 1 AND updated_at = ?", (LATER,)),
        [(1,)],
    )
    yield Effect(
        "a movement leaves the other stock rows alone",
        (),
        fresh("stock_movements", **moved),
        ("SELECT on_hand, allocated FROM inventory WHERE variant_id = 3", ()),
        [(0, 0)],
    )


def _carts() -> Iterator[Effect]:
    version = "SELECT version FROM carts WHERE cart_id = ?"
    insert_, update, delete = (f"cart_items.cart_items_cart_{way}" for way in ("insert", "update", "delete"))
    yield Effect("a new line bumps the cart", (insert_,), fresh("cart_items"), (version, (2,)), [(2,)])
    yield Effect(
        "a new line dates the cart",
        (insert_,),
        fresh("cart_items"),
        ("SELECT count(*) FROM carts WHERE cart_id = 2 AND updated_at = ?", (LATER,)),
        [(1,)],
    )
    yield Effect(
        "two lines of one instant leave it as the cart's",
        (),
        (*fresh("cart_items"), *fresh("cart_items", cart_item_id=101, variant_id=3)),
        ("SELECT version FROM carts WHERE cart_id = 2 AND updated_at = ?", (LATER,)),
        [(3,)],
    )
    more = ("UPDATE cart_items SET quantity = 5, updated_at = ? WHERE cart_item_id = 1", (LATER,))
    yield Effect("a changed line bumps the cart", (update,), (more,), (version, (2,)), [(2,)])
    forgetful = ("UPDATE cart_items SET quantity = 5 WHERE cart_item_id = 1", ())
    yield Effect(
        "a line changed without its date bumps the cart once", (update,), (forgetful,), (version, (2,)), [(2,)]
    )
    same = ("UPDATE cart_items SET quantity = quantity, updated_at = ? WHERE cart_item_id = 1", (LATER,))
    yield Effect("a line that stays as it is leaves the cart's version", (), (same,), (version, (2,)), [(1,)])
    away = ("UPDATE cart_items SET cart_id = 4, updated_at = ? WHERE cart_item_id = 1", (LATER,))
    both = "SELECT version FROM carts WHERE cart_id IN (2, 4) ORDER BY cart_id"
    yield Effect("a line that moves bumps both carts", (update,), (away,), (both, ()), [(2,), (1,)])
    gone = ("DELETE FROM cart_items WHERE cart_item_id = 1", ())
    yield Effect("a removed line bumps the cart", (delete,), (gone,), (version, (2,)), [(2,)])
    unsold = (*fresh("cart_items", variant_id=3), ("DELETE FROM product_variants WHERE variant_id = 3", ()))
    yield Effect("a deleted variant bumps the carts it lay in", (delete,), unsold, (version, (2,)), [(3,)])
    yield Effect("a deleted variant bumps closed carts too", (delete,), unsold, (version, (5,)), [(2,)])
    apart = (("DELETE FROM bundles WHERE bundle_id = 1", ()),)
    yield Effect("a deleted bundle bumps the carts it lay in", (delete,), apart, (version, (6,)), [(2,)])
    given_up = ("UPDATE carts SET status = 'abandoned', updated_at = ? WHERE cart_id = 6", (LATER,))
    yield Effect("a deleted bundle bumps closed carts too", (delete,), (given_up, *apart), (version, (6,)), [(2,)])
    other = ("UPDATE cart_items SET variant_id = NULL, bundle_id = 1, updated_at = ? WHERE cart_item_id = 1", (LATER,))
    yield Effect("a line that becomes a bundle bumps the cart", (update,), (other,), (version, (2,)), [(2,)])


def _history() -> Iterator[Effect]:
    question = (
        "SELECT CAST(from_status AS text), CAST(to_status AS text), actor, reason FROM order_status_history "
        "WHERE order_id = ? ORDER BY order_status_history_id"
    )
    first = ("new", "pending", "checkout", "")
    yield Effect(
        "a live order's history begins with its first state",
        ("orders.orders_status_insert",),
        fresh("orders"),
        (question, (100,)),
        [first],
    )
    step = "UPDATE orders SET status = ?, status_actor = ?, status_reason = ?, status_at = ?, updated_at = ? "
    paid = (f"{step}WHERE order_id = 1", ("paid", "till", "captured", LATER, LATER))
    yield Effect(
        "every step is written down with who made it and why",
        ("orders.orders_status_update",),
        (paid,),
        (question, (1,)),
        [first, ("pending", "paid", "till", "captured")],
    )
    yield Effect(
        "every step is dated as the order says",
        ("orders.orders_status_update",),
        (paid,),
        ("SELECT count(*) FROM order_status_history WHERE order_id = 1 AND changed_at = ?", (LATER,)),
        [(1,)],
    )
    same = ("UPDATE orders SET status = 'pending', updated_at = ? WHERE order_id = 1", (LATER,))
    yield Effect("a status that stays writes no history", (), (same,), (question, (1,)), [first])
    brought = fresh("orders", **imported(100, LATER))
    yield Effect("an imported order comes without a history", (), brought, (question, (100,)), [])
    refund = (f"{step}WHERE order_id = 2", ("refunded", "till", "", LATER, LATER))
    yield Effect(
        "an imported order's later steps are written down",
        ("orders.orders_status_update",),
        (refund,),
        (question, (2,)),
        [("delivered", "refunded", "till", "")],
    )


def _names() -> Iterator[Effect]:
    for first, last, name in (("Ada", "Byron", "Ada Byron"), ("", "Byron", "Byron"), ("Ada", "", "Ada"), ("", "", "")):
        yield Effect(
            f"the name of '{first}' '{last}' is '{name}'",
            (),
            fresh("customers", first_name=first, last_name=last),
            ("SELECT name FROM customers WHERE customer_id = 100", ()),
            [(name,)],
        )


EFFECTS: Final[tuple[Effect, ...]] = (
    *_touches(),
    *_prices(),
    *_combinations(),
    *_stock(),
    *_carts(),
    *_history(),
    *_names(),
    *(Effect(*each) for each in FOLDING_EFFECTS),
    *(Effect(*each) for each in RATING_EFFECTS),
    *(Effect(*each) for each in SPELLING_EFFECTS),
    *(Effect(*each) for each in PAID_EFFECTS),
    *(Effect(*each) for each in COUPON_EFFECTS),
    *(Effect(*each) for each in AUDIT_EFFECTS),
)
"""Every effect."""

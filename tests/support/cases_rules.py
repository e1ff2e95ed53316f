"""Cases of rules between rows: stock, combinations, prices and carts, and those of placed orders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from lumia.errors import IllegalTransition, InsufficientStock
from tests.support.cases import Case, accepted, refused
from tests.support.cases_accounts import ACCOUNT_CASES
from tests.support.cases_audit import AUDIT_CASES
from tests.support.cases_coupons import COUPON_CASES, COUPON_ROW_CASES
from tests.support.cases_erased import ERASED_CASES
from tests.support.cases_orders import ORDER_CASES, append_only, changed
from tests.support.cases_outbox import OUTBOX_CASES
from tests.support.cases_payments import PAID_CASES
from tests.support.cases_reviews import LIKED_CASES
from tests.support.cases_sent import SENT_CASES
from tests.support.fresh import fresh
from tests.support.rows import LATER, NOON, Step, insert

__all__ = ["RULE_CASES"]

CENT: Final = Decimal("0.01")


KINDS: Final[dict[str, tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]]] = {
    "opening": (((0, 0), (1, 1)), ((-1, 0), (0, -1))),
    "received": (((1, 0),), ((0, 0), (-1, 0), (1, 1))),
    "allocated": (((0, 1),), ((0, 0), (0, -1), (1, 1))),
    "released": (((0, -1),), ((0, 0), (0, 1), (-1, -1))),
    "shipped": (((-1, -1),), ((0, 0), (1, 1), (-1, 0), (-2, -1))),
    "returned": (((1, 0),), ((0, 0), (-1, 0), (1, 1))),
    "adjusted": (((1, 0), (-1, 0)), ((0, 0), (1, 1))),
    "damaged": (((-1, 0),), ((0, 0), (1, 0), (-1, -1))),
    "transferred": (((1, 0), (-1, 0)), ((0, 0), (1, 1))),
}
"""For each kind the closest deltas (on hand, allocated) that it may have, and may not."""


def _moved(kind: str, on_hand: int, allocated: int) -> dict[str, Any]:
    return {"kind": kind, "on_hand_delta": on_hand, "allocated_delta": allocated}


def _stock_cases() -> Iterator[Case]:
    rule, table = "stock_movements_kind_deltas", "stock_movements"
    for kind, (right, wrong) in KINDS.items():
        for deltas in right:
            yield accepted(rule, f"{kind}{deltas}", table, _moved(kind, *deltas))
        for deltas in wrong:
            yield refused(rule, f"{kind}{deltas}", table, _moved(kind, *deltas))
    rule, limit = "stock_movements_deltas_range", 1_000_000_000
    empty = {"variant_id": 3, "location_id": 2}
    yield accepted(rule, "most", table, {**empty, **_moved("opening", limit, limit)})
    for label, deltas, also in (
        ("on-hand", (limit + 1, 0), "inventory_on_hand_limit"),
        ("allocated", (0, limit + 1), "inventory_allocated_limit"),
    ):
        yield refused(rule, label, table, {**empty, **_moved("opening", *deltas)}, guards=(rule, also))
    apply = {"sqlite": ("inventory_enough",), "postgresql": ("stock_movements_apply",)}
    # The ground holds 11, of which 3 are promised.
    for rule, error, guards, right_move, wrong_move in (
        ("inventory_on_hand_not_negative", InsufficientStock, None, ("adjusted", -11, 0), ("adjusted", -12, 0)),
        ("inventory_on_hand_limit", None, None, ("received", limit - 11, 0), ("received", limit - 10, 0)),
        ("inventory_allocated_not_negative", None, None, ("released", 0, -3), ("released", 0, -4)),
        ("inventory_allocated_limit", None, None, ("opening", 0, limit - 3), ("opening", 0, limit - 2)),
        ("inventory_enough", InsufficientStock, apply, ("allocated", 0, 8), ("allocated", 0, 9)),
    ):
        yield accepted(rule, "border", table, _moved(*right_move))
        named: dict[str, Any] = {"error": error} if error else {}
        yield refused(rule, "beyond", table, _moved(*wrong_move), guards=guards, **named)
    more = changed("inventory", "variant_id = 1", backorder_limit=2)
    yield accepted("inventory_enough", "backorder", steps=(*more, *fresh(table, **_moved("allocated", 0, 10))))
    yield refused(
        "inventory_enough",
        "beyond-backorder",
        steps=(*more, *fresh(table, **_moved("allocated", 0, 11))),
        error=InsufficientStock,
        guards=apply,
    )
    yield accepted("inventory_enough", "damage-found-later", table, _moved("damaged", -9, 0))
    yield accepted("inventory_enough", "opening-balance", table, _moved("opening", 0, 50))

    rule = "inventory_starts_empty"
    for column in ("on_hand", "allocated", "last_movement_id"):
        yield refused(rule, column, "inventory", {column: 1})
    rule = "inventory_ledger_only"
    for label, setting in (
        ("on-hand", "on_hand = on_hand + 1"),
        ("allocated", "allocated = allocated - 1"),
        ("replay", "on_hand = on_hand + 10, last_movement_id = 1"),
        ("replay-of-the-last", "on_hand = on_hand + 1, last_movement_id = 3"),
        ("no-such-movement", "on_hand = on_hand + 1, last_movement_id = 999"),
        ("no-movement", "last_movement_id = NULL"),
        ("wrong-movement", "last_movement_id = 2"),
    ):
        steps = ((f"UPDATE inventory SET {setting}, updated_at = ? WHERE variant_id = 1", (LATER,)),)
        yield refused(rule, label, steps=steps)
    same = changed("inventory", "variant_id = 1", reorder_point=5, on_hand=11, allocated=3)
    yield accepted(rule, "the-same-counters", steps=same)
    yield from append_only("stock_movements", "stock_movement_id = 3", {"reason": "other"})


def _reservation_cases() -> Iterator[Case]:
    """The ground has 8 units of variant 1 that nobody was promised."""
    soon = LATER + timedelta(microseconds=1)

    def held(cart: int, quantity: int, until: datetime = soon) -> Step:
        return fresh("reservations", cart_id=cart, quantity=quantity, expires_at=until)[-1]

    promised = fresh("stock_movements", **_moved("allocated", 0, 1))
    all_promised = fresh("stock_movements", **_moved("allocated", 0, 8))
    rule = "reservations_enough"
    yield accepted(rule, "all-there-is", steps=(held(4, 8),))
    yield accepted(rule, "two-carts", steps=(held(4, 5), held(5, 3)))
    yield accepted(rule, "after-one-that-is-dead", steps=(held(4, 8, LATER), held(5, 8)))
    more = changed("inventory", "variant_id = 1", backorder_limit=2)
    yield accepted(rule, "backorder", steps=(*more, held(4, 10)))
    for label, steps in (
        ("beyond", (held(4, 9),)),
        ("two-carts-beyond", (held(4, 5), held(5, 4))),
        ("what-is-promised", (*all_promised, held(4, 1))),
        ("beyond-backorder", (*more, held(4, 11))),
    ):
        yield refused(rule, label, steps=steps, error=InsufficientStock)
    rule = "inventory_enough"
    apply = {"sqlite": ("inventory_enough",), "postgresql": ("stock_movements_apply",)}
    yield accepted(rule, "beside-a-hold", steps=(held(4, 7), *promised))
    yield accepted(rule, "after-a-hold", steps=(held(4, 8, LATER), *all_promised))
    yield refused(rule, "on-hold", steps=(held(4, 8), *promised), error=InsufficientStock, guards=apply)
    lost = fresh("stock_movements", **_moved("damaged", -9, 0))
    yield accepted(rule, "damage-to-what-is-on-hold", steps=(held(4, 8), *lost))
    change: Step = ("UPDATE reservations SET quantity = 2 WHERE cart_id = 2 AND variant_id = 1", ())
    yield refused("reservations_frozen", "quantity", steps=(change,))


def _catalogue_cases() -> Iterator[Case]:
    rule = "categories_no_cycle"
    yield accepted(rule, "move-up", steps=changed("categories", "category_id = 3", parent_id=1))
    yield accepted(rule, "to-the-top", steps=changed("categories", "category_id = 2", parent_id=None))
    for label, moved, parent in (("under-a-grandchild", 1, 3), ("under-a-child", 2, 3), ("under-itself", 1, 1)):
        steps = changed("categories", f"category_id = {moved}", parent_id=parent)
        yield refused(rule, label, steps=steps, guards=("categories_no_cycle_update",))
    yield refused(rule, "born-under-itself", "categories", {"parent_id": 100}, guards=("categories_no_cycle_insert",))

    rule = "product_variants_combination_matches"
    both = ("insert", "update")
    for label, key, ok in (
        ("one-option", "1", True),
        ("both-options", "1/4", True),
        ("unsorted", "4/1", False),
        ("two-of-one-option", "1/2", False),
        ("twice", "1/1", False),
        ("of-another-product", "5", False),
        ("unknown", "999", False),
        ("words", "red", False),
        ("leading-zero", "01", False),
        ("trailing-slash", "1/", False),
        ("leading-slash", "/1", False),
        ("blank", " 1", False),
        ("longest", "1" * 1000, False),
    ):
        steps_of = {
            "insert": fresh("product_variants", combination_key=key),
            "update": changed("product_variants", "variant_id = 1", combination_key=key),
        }
        for way in both:
            if ok:
                yield accepted(rule, f"{label}-{way}", steps=steps_of[way])
            else:
                guards = (f"product_variants_combination_{way}",)
                yield refused(rule, f"{label}-{way}", steps=steps_of[way], guards=guards)
    spelt: dict[str, Any] = {"variant_id": 1, "product_option_id": 2, "option_value_id": 3, "product_id": 1}
    yield accepted(rule, "spelt-out", steps=(insert("variant_option_values", spelt),))
    uncalled = {**spelt, "variant_id": 2}
    yield refused(
        rule,
        "row-uncalled-for",
        steps=(insert("variant_option_values", uncalled),),
        guards=("variant_option_values_follow_insert",),
    )
    one = "variant_id = 1 AND product_option_id = 2"
    yield refused(
        rule,
        "row-removed",
        steps=((f"DELETE FROM variant_option_values WHERE {one}", ()),),
        guards=("variant_option_values_follow_delete",),
    )
    yield refused(
        rule,
        "row-changed",
        steps=changed("variant_option_values", one, option_value_id=4),
        guards=("variant_option_values_follow_update",),
    )


def _price_cases() -> Iterator[Case]:
    rule, now = "price_history_follows_variant", Decimal("12.50")
    cheaper = changed("product_variants", "variant_id = 1", price=CENT)
    for label, row in (
        ("another-price", {}),
        ("the-price-again", {"price": now}),
        ("before-the-first", {"price": now, "valid_from": NOON - timedelta(hours=1)}),
        ("ahead", {"price": now, "valid_from": LATER + timedelta(hours=1)}),
    ):
        yield refused(rule, label, steps=fresh("price_history", **row))
    between = fresh("price_history", price=CENT, valid_from=NOON + timedelta(minutes=1))
    yield refused(rule, "the-new-price-earlier", steps=(*cheaper, *between))
    yield from append_only("price_history", "variant_id = 1", {"price": CENT})
    rule = "price_history_append_only"
    for label, change in (
        ("the-same", {"price": now}),
        ("another-date", {"valid_from": LATER}),
        ("another-variant", {"variant_id": 2, "valid_from": LATER}),
    ):
        steps = changed("price_history", "variant_id = 1", **change)
        yield refused(rule, label, steps=steps, guards=(f"{rule}_update",))
    older = changed("price_history", "variant_id = 1 AND price > 1", price=CENT)
    yield refused(rule, "an-older-row", steps=(*cheaper, *older), guards=(f"{rule}_update",))


def _cart_cases() -> Iterator[Case]:
    rule = "carts_converted_final"
    for status in ("active", "abandoned"):
        steps = changed("carts", "cart_id = 1", status=status, customer_id=2)
        yield refused(rule, status, steps=steps, error=IllegalTransition)
    yield accepted(rule, "as-it-was", steps=changed("carts", "cart_id = 1", status="converted"))
    yield accepted(rule, "given-up", steps=changed("carts", "cart_id = 2", status="abandoned"))
    yield accepted(rule, "taken-up-again", steps=changed("carts", "cart_id = 5", status="active"))
    yield accepted(rule, "turned-into-an-order", steps=changed("carts", "cart_id = 2", status="converted"))

    rule = "cart_items_cart_active"
    yield refused(
        rule, "insert", "cart_items", {"cart_id": 1}, error=IllegalTransition, guards=("cart_items_cart_insert",)
    )
    for label, where, change in (
        ("quantity", "cart_item_id = 2", {"quantity": 2}),
        ("into-a-closed-cart", "cart_item_id = 1", {"cart_id": 1}),
        ("out-of-a-closed-cart", "cart_item_id = 2", {"cart_id": 4}),
    ):
        steps = changed("cart_items", where, **change)
        yield refused(rule, label, steps=steps, error=IllegalTransition, guards=("cart_items_cart_update",))
    steps = (("DELETE FROM cart_items WHERE cart_item_id = 2", ()),)
    yield refused(rule, "delete", steps=steps, error=IllegalTransition, guards=("cart_items_cart_delete",))
    closed = ("UPDATE carts SET status = 'abandoned', updated_at = ? WHERE cart_id = 6", (LATER,))
    steps = (closed, ("DELETE FROM cart_items WHERE cart_item_id = 3", ()))
    yield refused(rule, "delete-a-bundle", steps=steps, error=IllegalTransition, guards=("cart_items_cart_delete",))
    yield accepted(rule, "cart-deleted", steps=(("DELETE FROM carts WHERE cart_id = 5", ()),))
    gone = (("DELETE FROM product_variants WHERE variant_id = 3", ()),)
    yield accepted(rule, "variant-deleted", steps=gone)


RULE_CASES: Final[tuple[Case, ...]] = (
    *_stock_cases(),
    *_reservation_cases(),
    *_catalogue_cases(),
    *_price_cases(),
    *_cart_cases(),
    *ORDER_CASES,
    *OUTBOX_CASES,
    *PAID_CASES,
    *LIKED_CASES,
    *ACCOUNT_CASES,
    *AUDIT_CASES,
    *ERASED_CASES,
    *SENT_CASES,
    *COUPON_CASES,
    *COUPON_ROW_CASES,
)
"""Every case of a rule between values or rows."""

"""`shop.verify` finds every forgery that was made behind the constraints, names it, and finds nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from lumia import Shop
from lumia.errors import InvalidValue
from lumia.repos.verify import LINES
from tests.support.forged import a_lived_in_shop, unguarded
from tests.support.raw import Raw, open_raw

ITEM: Final = "(SELECT min(order_item_id) FROM order_items)"
LAST_ORDER: Final = "(SELECT max(order_id) FROM orders)"
ORDER: Final = "(SELECT min(order_id) FROM orders)"

CANCELLED: Final = "SELECT max(order_item_id) FROM order_items WHERE cancelled_quantity > 0"
ALLOCATED: Final = (
    "SELECT CAST(i.variant_id AS text) || '/' || CAST(a.location_id AS text) FROM order_allocations AS a"
    " INNER JOIN order_items AS i ON i.order_item_id = a.order_item_id WHERE a.order_item_id = 1"
)

ENDED: Final = "SELECT order_id FROM orders WHERE status = 'cancelled'"

FORGERIES: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "stock_replay": (
        (
            "a counter was changed",
            "UPDATE inventory SET on_hand = on_hand + 1 WHERE variant_id = 1",
            "SELECT '1/' || CAST(location_id AS text) FROM inventory WHERE variant_id = 1",
        ),
        (
            "a movement was taken away",
            "DELETE FROM stock_movements WHERE stock_movement_id = 1",
            "SELECT '1/' || CAST(location_id AS text) FROM inventory WHERE variant_id = 1",
        ),
    ),
    "allocation": (
        (
            "an allocation waits for more than is allocated",
            "UPDATE order_allocations SET quantity = quantity + 1 WHERE order_item_id = 1",
            ALLOCATED,
        ),
    ),
    "line_allocation": (
        (
            "an allocation is missing",
            "DELETE FROM order_allocations WHERE order_item_id = 1",
            "SELECT '1'",
        ),
        (
            "more was given back than cancelled",
            "UPDATE order_allocations SET released_quantity = released_quantity + 1 WHERE order_item_id = 1",
            "SELECT '1'",
        ),
    ),
    "line_quantity": (
        (
            "more came back than was sent",
            "UPDATE order_items SET returned_quantity = shipped_quantity + 1 WHERE order_item_id = 1",
            "SELECT '1'",
        ),
        (
            "more was sent than was left",
            "UPDATE order_items SET shipped_quantity = quantity + 1 WHERE order_item_id = 1",
            "SELECT '1'",
        ),
    ),
    "line_progress": (
        (
            "a parcel's line was taken away",
            "DELETE FROM shipment_items WHERE order_item_id = 1",
            "SELECT '1'",
        ),
        (
            "a cancellation was taken away",
            f"DELETE FROM order_item_cancellations WHERE order_item_id = ({CANCELLED})",
            f"SELECT CAST(({CANCELLED}) AS text)",
        ),
        (
            "a return was taken away",
            "DELETE FROM return_items",
            "SELECT CAST(order_item_id AS text) FROM order_items WHERE returned_quantity > 0",
        ),
    ),
    "coupon_use": (
        ("a use was left out", "UPDATE coupons SET used_count = used_count - 1", "SELECT '1'"),
        ("more was spent than counted", "UPDATE coupon_redemptions SET amount = amount + 1", "SELECT '1'"),
        ("a limit was lowered", "UPDATE coupons SET usage_limit = 1", "SELECT '1'"),
    ),
    "coupon_customer": (
        (
            "a customer's limit was lowered",
            "UPDATE coupons SET per_customer_limit = 1",
            "SELECT CAST(max(coupon_redemption_id) AS text) FROM coupon_redemptions",
        ),
    ),
    "refund": (
        (
            "more was given back than taken",
            "UPDATE payments SET refunded_amount = captured_amount + 1 WHERE payment_id = 1",
            "SELECT '1'",
        ),
        ("an event was taken away", "DELETE FROM payment_events WHERE payment_id = 1", "SELECT '1'"),
        ("a refund of nothing was added", "UPDATE refunds SET amount = 0 WHERE payment_id = 1", "SELECT '1'"),
    ),
    "payment_state": (
        (
            "a payment says less than its events",
            "UPDATE payments SET status = 'authorized' WHERE payment_id = 1",
            "SELECT '1'",
        ),
        (
            "a payment says more than its events",
            "DELETE FROM payment_events WHERE kind = 'captured' AND payment_id = 1",
            "SELECT '1'",
        ),
    ),
    "refund_unit": (
        (
            "more was waived and given back than the line comes to",
            "UPDATE order_item_cancellations SET waived_amount = 99999",
            "SELECT CAST(order_item_id AS text) FROM order_item_cancellations",
        ),
        (
            "more units were given back than there are",
            "UPDATE refund_items SET quantity = 1000 WHERE order_item_id = 1",
            "SELECT '1'",
        ),
    ),
    "discount": (
        (
            "a share is wrong",
            f"UPDATE order_items SET discount = discount + 1, amount = amount + 1 WHERE order_item_id = {ITEM}",
            f"SELECT CAST({ORDER} AS text)",
        ),
        (
            "a share is larger than its line",
            "UPDATE order_items SET amount = 0 WHERE order_item_id = 1",
            f"SELECT CAST({ORDER} AS text)",
        ),
    ),
    "unit_share": (
        ("a unit's share is wrong", "UPDATE order_items SET unit_share = 0 WHERE order_item_id = 1", "SELECT '1'"),
        ("shares are missing", "UPDATE order_items SET unit_share = NULL WHERE order_item_id = 1", "SELECT '1'"),
    ),
    "order_total": (
        (
            "a total was changed",
            f"UPDATE orders SET total = total + 1 WHERE order_id = {ORDER}",
            f"SELECT CAST({ORDER} AS text)",
        ),
        (
            "a line was taken away",
            f"DELETE FROM order_items WHERE order_item_id = {ITEM}",
            f"SELECT CAST({ORDER} AS text)",
        ),
        (
            "a line was added",
            f"UPDATE order_items SET order_id = {LAST_ORDER}, position = 99 WHERE order_item_id = 1",
            f"SELECT CAST({LAST_ORDER} AS text)",
        ),
    ),
    "net_sales": (
        ("a category was taken away", "DELETE FROM categories WHERE category_id = 1", "SELECT '1'"),
        (
            "a customer was taken away",
            "DELETE FROM customers WHERE customer_id = (SELECT customer_id FROM orders WHERE order_id = 1)",
            "SELECT '1'",
        ),
        (
            "a refund stands with another order's line",
            "UPDATE refund_items SET order_item_id = (SELECT max(order_item_id) FROM order_items)",
            "SELECT CAST(max(order_item_id) AS text) FROM order_items",
        ),
    ),
    "order_state": (
        (
            "an order says more than its parcels",
            "UPDATE orders SET status = 'pending' WHERE order_id = 1",
            "SELECT '1'",
        ),
        (
            "an order says more than its payments",
            "UPDATE orders SET payment_status = 'none' WHERE order_id = 1",
            "SELECT '1'",
        ),
        (
            "an order is said to have arrived",
            "UPDATE orders SET fulfillment_status = 'unfulfilled' WHERE order_id = 1",
            "SELECT '1'",
        ),
        (
            "an order is said to be cancelled and holds its stock",
            "UPDATE orders SET status = 'cancelled' WHERE status = 'pending'",
            "SELECT CAST(order_id AS text) FROM orders WHERE order_id > 3 AND status = 'cancelled'",
        ),
        (
            "a cancelled order's stock is still promised",
            "UPDATE order_allocations SET released_quantity = 0",
            "SELECT CAST(order_id AS text) FROM orders WHERE status = 'cancelled'",
        ),
        (
            "a cancelled order's coupon is still used",
            f"UPDATE coupon_redemptions SET freed_at = NULL, order_id = ({ENDED}) WHERE coupon_redemption_id = 1",
            "SELECT CAST(order_id AS text) FROM orders WHERE status = 'cancelled'",
        ),
        (
            "an order of which nothing is left goes on",
            "UPDATE order_items SET cancelled_quantity = quantity WHERE order_id = 1",
            "SELECT '1'",
        ),
        (
            "an order is said to be refunded and no money went back",
            "UPDATE orders SET status = 'refunded' WHERE status = 'pending'",
            "SELECT CAST(order_id AS text) FROM orders WHERE status = 'refunded'",
        ),
        (
            "an order is said to be refunded and part of its money went back",
            "UPDATE orders SET status = 'refunded' WHERE order_id = 1",
            "SELECT '1'",
        ),
        (
            "a refund was only asked for",
            "UPDATE orders SET status = 'refunded', payment_status = 'partially_refunded' WHERE order_id = 2",
            "SELECT '2'",
        ),
    ),
    "order_history": (
        (
            "a step was taken away",
            "DELETE FROM order_status_history WHERE order_id = 1 AND to_status = 'paid'",
            "SELECT '1'",
        ),
        (
            "the first step was taken away",
            "DELETE FROM order_status_history WHERE order_id = 1 AND from_status = 'new'",
            "SELECT '1'",
        ),
        (
            "the last step was taken away",
            "DELETE FROM order_status_history WHERE order_id = 1 AND to_status = 'delivered'",
            "SELECT '1'",
        ),
        ("there is no history", "DELETE FROM order_status_history WHERE order_id = 1", "SELECT '1'"),
        (
            "a step is none of the life cycle",
            "DELETE FROM order_status_transitions WHERE from_status = 'shipped' AND to_status = 'delivered'",
            "SELECT '1'",
        ),
    ),
    "paid_at": (
        ("a paid order does not say when", "UPDATE orders SET paid_at = NULL WHERE order_id = 1", "SELECT '1'"),
        (
            "an order says another instant",
            "UPDATE orders SET paid_at = placed_at WHERE order_id = 1",
            "SELECT '1'",
        ),
        (
            "an order that nobody paid says when",
            "UPDATE orders SET paid_at = placed_at WHERE status = 'pending'",
            "SELECT CAST(order_id AS text) FROM orders WHERE status = 'pending'",
        ),
    ),
    "category": (
        (
            "a category is its own grandparent",
            "UPDATE categories SET parent_id = 3 - category_id",
            "SELECT CAST(category_id AS text) FROM categories",
        ),
    ),
    "price_history": (
        ("a price left no trace", "UPDATE product_variants SET price = price + 1 WHERE variant_id = 1", "SELECT '1'"),
        ("a history was taken away", "DELETE FROM price_history WHERE variant_id = 1", "SELECT '1'"),
    ),
    "invoice": (
        (
            "a number was left out",
            "UPDATE orders SET invoice_number = 7 WHERE invoice_number = 2",
            "SELECT CAST(order_id AS text) FROM orders WHERE invoice_number = 7",
        ),
        (
            "the counter says another",
            "UPDATE invoice_counters SET last_number = 9",
            "SELECT 'counter'",
        ),
        (
            "the counter ran on where no order has a number",
            "UPDATE orders SET invoice_number = NULL",
            "SELECT 'counter'",
        ),
        (
            "an order that nobody paid has a number",
            "UPDATE orders SET paid_at = NULL WHERE invoice_number = 2",
            "SELECT CAST(order_id AS text) FROM orders WHERE invoice_number = 2",
        ),
    ),
}
"""For each line what is forged, how, and the query that gives the keys that must be named."""


@pytest.fixture
def raw(engine_name: str, url: str, shop: Shop) -> Iterator[Raw]:
    """A bare connection to a shop that has lived, without any guard."""
    a_lived_in_shop(shop)
    opened = open_raw(engine_name, url)
    yield opened
    opened.close()


def test_a_shop_that_has_lived_is_clean(shop: Shop, raw: Raw) -> None:
    """Orders in every state, and no line finds a fault."""
    assert raw is not None
    report = shop.verify.run()

    assert [(line.name, line.keys) for line in report.lines if line.faults] == []
    assert report.is_clean
    assert [line.name for line in report.lines] == [line.name for line in LINES]


def test_an_empty_shop_is_clean(shop: Shop) -> None:
    """Where nothing is, nothing is wrong."""
    assert shop.verify.run().is_clean


@pytest.mark.parametrize(
    ("name", "forged"),
    [(name, forged) for name, all_of in FORGERIES.items() for forged in all_of],
    ids=[f"{name}: {forged[0]}" for name, all_of in FORGERIES.items() for forged in all_of],
)
def test_a_forgery_is_named_with_its_key(shop: Shop, raw: Raw, name: str, forged: tuple[str, str, str]) -> None:
    """The line that is about it finds it, although no constraint was left to refuse it."""
    _, forgery, asked = forged
    unguarded(raw)
    raw.run(forgery)

    (line,) = shop.verify.run(only=[name]).lines

    expected = {key for (key,) in raw.run(asked)}
    assert expected
    assert set(line.keys) >= expected
    assert line.faults == len(line.keys)


def test_only_so_many_keys_are_named_and_all_are_counted(shop: Shop, raw: Raw) -> None:
    """A shop that is broken all over does not fill the screen."""
    unguarded(raw)
    raw.run("UPDATE product_variants SET price = price + 1")

    (line,) = shop.verify.run(only=["price_history"], keys=2).lines

    assert (line.faults, line.keys) == (3, ("1", "2"))


def test_a_line_that_does_not_exist_is_refused(shop: Shop) -> None:
    """A misspelt name must not pass as clean."""
    for only in (["stock"], "refund", 5, [5], [["refund"]]):
        with pytest.raises(InvalidValue):
            shop.verify.run(only=only)  # type: ignore[arg-type]
    for keys in (0, 501):
        with pytest.raises(InvalidValue):
            shop.verify.run(keys=keys)


def test_every_line_has_a_forgery() -> None:
    """No line is believed to see what it was never shown."""
    assert list(FORGERIES) == [line.name for line in LINES]

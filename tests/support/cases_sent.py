"""Cases of cancelled units, shipments, returns and invoices: what their guards are asked."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from lumia.errors import AlreadyExists, IllegalTransition, InvalidReference
from tests.support.cases import Case, accepted, refused
from tests.support.cases_orders import append_only, changed
from tests.support.fresh import fresh
from tests.support.rows import LATER, NOON, Step, an_item, imported, insert
from tests.support.rows_sent import a_cancellation, a_returned_item, a_sent_item

__all__ = ["SENT_CASES", "SENT_ORPHANS", "SENT_TAKEN", "SENT_UNDELETABLE"]

_FIRST: Final = UUID(int=7 << 76 | 2 << 62 | 1)
_OTHER: Final = UUID(int=7 << 76 | 2 << 62 | 777)

SENT_TAKEN: Final = MappingProxyType[str, tuple[str, dict[str, Any]]](
    {
        "order_item_cancellations_pkey": ("order_item_cancellations", {"order_item_cancellation_id": 1}),
        "shipments_pkey": ("shipments", {"shipment_id": 1}),
        "shipments_public_id_key": ("shipments", {"public_id": _FIRST}),
        "shipment_items_pkey": ("shipment_items", {"shipment_id": 1}),
        "returns_pkey": ("returns", {"return_id": 1}),
        "returns_public_id_key": ("returns", {"public_id": _FIRST}),
        "return_items_pkey": ("return_items", {"return_id": 1}),
    }
)
SENT_ORPHANS: Final = MappingProxyType[str, tuple[str, dict[str, Any]]](
    {
        "order_item_cancellations_order_item_id_fkey": ("order_item_cancellations", {"order_item_id": 999}),
        "shipments_order_id_fkey": ("shipments", {"order_id": 999}),
        "shipments_location_id_fkey": ("shipments", {"location_id": 999}),
        "shipment_items_shipment_id_fkey": ("shipment_items", {"shipment_id": 999}),
        "shipment_items_order_item_id_fkey": ("shipment_items", {"order_item_id": 999}),
        "returns_order_id_fkey": ("returns", {"order_id": 999}),
        "returns_location_id_fkey": ("returns", {"status": "received", "location_id": 999}),
        "return_items_return_id_fkey": ("return_items", {"return_id": 999}),
        "return_items_order_item_id_fkey": ("return_items", {"order_item_id": 999}),
    }
)
SENT_UNDELETABLE: Final = MappingProxyType[str, tuple[Step, ...]](
    {
        "shipment_items_shipment_id_fkey": (("DELETE FROM shipments WHERE shipment_id = 1", ()),),
        "return_items_return_id_fkey": (("DELETE FROM returns WHERE return_id = 1", ()),),
        "shipments_location_id_fkey": (
            *fresh("shipments", location_id=3),
            ("DELETE FROM locations WHERE location_id = 3", ()),
        ),
        "returns_location_id_fkey": (
            *fresh("returns", status="received", location_id=3),
            ("DELETE FROM locations WHERE location_id = 3", ()),
        ),
        "shipments_order_id_fkey": (
            *fresh("orders", **imported(100, LATER)),
            *fresh("shipments", order_id=100),
            ("DELETE FROM orders WHERE order_id = 100", ()),
        ),
        "returns_order_id_fkey": (
            *fresh("orders", **imported(100, LATER)),
            *fresh("returns", order_id=100),
            ("DELETE FROM orders WHERE order_id = 100", ()),
        ),
        "order_item_cancellations_order_item_id_fkey": (
            insert("order_items", an_item(100, 1, LATER)),
            *fresh("order_item_cancellations", order_item_id=100),
            ("DELETE FROM order_items WHERE order_item_id = 100", ()),
        ),
        "shipment_items_order_item_id_fkey": (
            insert("order_items", an_item(100, 1, LATER)),
            *fresh("shipment_items", order_item_id=100),
            ("DELETE FROM order_items WHERE order_item_id = 100", ()),
        ),
        "return_items_order_item_id_fkey": (
            insert("order_items", an_item(100, 1, LATER)),
            *fresh("return_items", order_item_id=100),
            ("DELETE FROM order_items WHERE order_item_id = 100", ()),
        ),
    }
)


def _rows() -> Iterator[Case]:
    rule, table = "order_allocations_settled_fits", "order_allocations"
    most = {"quantity": 3, "released_quantity": 1, "shipped_quantity": 2}
    yield accepted(rule, "all-of-it", table, most)
    yield refused(rule, "one-more", table, {**most, "shipped_quantity": 3})
    for column in ("released_quantity", "shipped_quantity"):
        yield refused(rule, f"{column}-below", table, {column: -1})
    rule = "shipments_delivered_later"
    yield accepted(rule, "at-once", "shipments", {"delivered_at": LATER})
    yield refused(rule, "before", "shipments", {"delivered_at": NOON})
    rule = "returns_received_somewhere"
    yield accepted(rule, "received", "returns", {"status": "received", "location_id": 1})
    yield refused(rule, "nowhere", "returns", {"status": "received"})
    yield refused(rule, "too-early", "returns", {"status": "approved", "location_id": 1})
    rule, all_of_it = "return_items_received_fits", {"quantity": 3, "accepted_quantity": 1, "damaged_quantity": 2}
    yield accepted(rule, "all-of-it", "return_items", all_of_it)
    yield refused(rule, "one-more", "return_items", {**all_of_it, "accepted_quantity": 2})
    for column in ("accepted_quantity", "damaged_quantity"):
        yield refused(rule, f"{column}-below", "return_items", {column: -1})
    rule, same = "invoice_counters_pkey", insert("invoice_counters", {"invoice_counter_id": 1, "last_number": 0})
    yield refused(rule, "taken", steps=(same,), error=AlreadyExists)
    rule, table = "order_item_cancellations_waived_amount_range", "order_item_cancellations"
    yield accepted(rule, "nothing", table, {"waived_amount": Decimal(0)})
    yield refused(rule, "below", table, {"waived_amount": Decimal("-0.0001")})
    # A line comes to 39.50; the ground cancelled one unit of it, for which nothing was waived.
    rule, whole = "order_item_cancellations_waived", Decimal("39.50")

    def waived(key: int, amount: Decimal) -> Step:
        row = {**a_cancellation(key, LATER), "waived_amount": amount}
        return insert("order_item_cancellations", row)

    yield accepted(rule, "all-of-it", steps=(waived(100, whole),))
    yield refused(rule, "more-than-it", steps=(waived(100, whole + Decimal("0.0001")),))
    yield refused(rule, "in-two-goes", steps=(waived(100, whole), waived(101, Decimal("0.0001"))))
    numbered = {"invoice_number": 1, "paid_at": LATER}
    yield accepted("orders_invoice_paid", "paid", "orders", numbered)
    yield refused("orders_invoice_paid", "unpaid", "orders", {**numbered, "paid_at": None})
    yield refused("invoice_counters_one_row", "another", "invoice_counters", {"invoice_counter_id": 2})


def _rules() -> Iterator[Case]:
    steps: tuple[Step, ...]
    one = "order_item_cancellation_id = 1"
    yield from append_only("order_item_cancellations", one, {"reason": "other"})

    rule, one = "orders_invoice_final", "order_id = 1"
    numbered = changed("orders", one, invoice_number=5)
    yield accepted(rule, "given", steps=numbered)
    yield accepted(rule, "alike", steps=(*numbered, *numbered))
    for number in (6, None):
        steps = (*numbered, *changed("orders", one, invoice_number=number))
        yield refused(rule, str(number), steps=steps, error=IllegalTransition)

    rule = "shipments_frozen"
    sent = fresh("shipments", delivered_at=None)
    frozen: dict[str, Any] = {
        "shipment_id": 999,
        "public_id": _OTHER,
        "order_id": 2,
        "location_id": 2,
        "shipped_at": NOON,
        "actor": "other",
        "created_at": NOON,
    }
    for column, value in frozen.items():
        yield refused(rule, column, steps=(*sent, *changed("shipments", "shipment_id = 100", **{column: value})))
    arrived = changed("shipments", "shipment_id = 100", delivered_at=LATER)
    yield accepted(rule, "arrived", steps=(*sent, *arrived))
    yield refused(
        rule, "not-arrived", steps=(*sent, *arrived, *changed("shipments", "shipment_id = 100", delivered_at=None))
    )
    yield accepted(
        rule, "corrected", steps=changed("shipments", "shipment_id = 1", carrier="Courier", tracking_number=None)
    )

    rule, one = "shipment_items_frozen", "shipment_id = 1"
    steps = (("UPDATE shipment_items SET quantity = 2 WHERE shipment_id = 1", ()),)
    yield refused(rule, "update", steps=steps, guards=(f"{rule}_update",))
    steps = (("DELETE FROM shipment_items WHERE shipment_id = 1", ()),)
    yield refused(rule, "delete", steps=steps, guards=(f"{rule}_delete",))

    rule = "returns_frozen"
    for column, value in {
        "return_id": 999,
        "public_id": _OTHER,
        "order_id": 2,
        "reason": "other",
        "created_at": LATER,
    }.items():
        steps = (*fresh("returns", created_at=NOON), *changed("returns", "return_id = 100", **{column: value}))
        yield refused(rule, column, steps=steps)
    rule, states = "returns_transition", ("requested", "approved", "rejected", "received")
    legal = {
        ("requested", "approved"),
        ("requested", "rejected"),
        ("approved", "rejected"),
        ("approved", "received"),
    }
    for before in states:
        for after in states:
            steps = (
                *fresh("returns", status=before, location_id=1 if before == "received" else None),
                *changed("returns", "return_id = 100", status=after, location_id=1 if after == "received" else None),
            )
            if before == after or (before, after) in legal:
                yield accepted(rule, f"{before}-{after}", steps=steps)
            else:
                yield refused(rule, f"{before}-{after}", steps=steps, error=IllegalTransition)

    rule, one = "return_items_frozen", "return_id = 1"
    for column, value in {"return_id": 2, "order_item_id": 2, "quantity": 3}.items():
        steps = ((f"UPDATE return_items SET {column} = {value} WHERE {one}", ()),)
        yield refused(rule, column, steps=steps, guards=(f"{rule}_update",))
    came: Step = (f"UPDATE return_items SET accepted_quantity = 1, damaged_quantity = 1 WHERE {one}", ())
    yield accepted(rule, "came-in", steps=(came,))
    yield refused(rule, "came-in-again", steps=(came, came), guards=(f"{rule}_update",))
    steps = ((f"DELETE FROM return_items WHERE {one}", ()),)
    yield refused(rule, "delete", steps=steps, guards=(f"{rule}_delete",))

    for table, row in (("shipment_items", a_sent_item(1, 2)), ("return_items", a_returned_item(1, 2))):
        rule = f"{table}_order"
        yield refused(rule, "another-orders-line", steps=(insert(table, row),), error=InvalidReference)
        own = (insert("order_items", an_item(100, 1, LATER)), insert(table, {**row, "order_item_id": 100}))
        yield accepted(rule, "its-own-line", steps=own)


SENT_CASES: Final[tuple[Case, ...]] = (*_rows(), *_rules())
"""Every case of what becomes of an order."""

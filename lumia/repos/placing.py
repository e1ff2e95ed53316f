"""The guarded write of a checkout: an order is written whole, or not at all if what it was computed from changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

from lumia.dto.emails import email_key
from lumia.errors import CouponRefused
from lumia.repos.allocation import Fill
from lumia.repos.events import ORDER_PLACED, order_event
from lumia.repos.quoting import Priced
from lumia.repos.redeeming import claim_rows, lock_coupons
from lumia.typedsql import prepare

if TYPE_CHECKING:
    from lumia.queries.protocols import Queries
    from lumia.queries.protocols.checkout import InsertAllocationMovementRow, InsertOrderItemRow
    from lumia.queries.protocols.outbox import InsertEventsRow
    from lumia.repos.context import Context

__all__ = ["OrderDraft", "write_order", "write_order_step_by_step"]


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order as it shall be written, with what it was computed from."""

    priced: Priced
    fills: tuple[Fill, ...]
    idempotency_key_id: int
    public_id: UUID
    customer_id: int
    shipping_address_id: int
    billing_address_id: int
    email: str
    placed_at: datetime
    expires_at: datetime
    actor: str


class _Line(TypedDict):
    """A line's own columns; an order item has its order's besides."""

    position: int
    product_id: int
    variant_id: int
    bundle_id: int
    sku: str
    name: str
    category_name: str
    unit_price: Decimal
    quantity: int
    amount: Decimal
    discount: Decimal
    tax_rate: Decimal
    tax_reason: str
    tax: Decimal
    tax_included: Decimal
    line_total: Decimal
    unit_share: Decimal
    odd_units: int
    odd_share: Decimal
    bundle_price: Decimal
    bundle_parts: int
    part_position: int
    part_quantity: int


class _Fill(TypedDict):
    """What one location gives for one line."""

    position: int
    variant_id: int
    location_id: int
    quantity: int


class _Changed(Exception):
    """Something that the order was computed from is not as it was read."""


def write_order(unit: Context, draft: OrderDraft) -> int | None:
    """Lock the cart's stock rows, then write the order if everything is as it was read, and claim its coupons.

    Returns the order's key, or None when nothing was written; the locks are held either way until the unit ends. Needs
    an open unit of work, which must end with it when `CouponRefused` is raised: a coupon has no slot left.
    """
    checkout = unit.q.checkout
    if not hasattr(checkout, "place_order_at_once"):
        return write_order_step_by_step(unit, draft)
    # Two statements: one that waited for a lock reads only the locked rows anew, all others as they were before.
    order_id: int | None
    _, order_id = unit.q.pipeline(
        (
            prepare(unit.q.reservations.lock_stock_of_cart, cart_id=draft.priced.cart.cart_id),
            prepare(
                checkout.place_order_at_once,
                idempotency_key_id=draft.idempotency_key_id,
                **_guards(draft),
                **_head(draft),
                **_columns("line", _lines(draft)),
                **_columns("fill", _fills(draft)),
                **_columns_of_event(draft),
            ),
        )
    )
    if order_id is not None:
        _claim_coupons(unit.q, draft, order_id)
    return order_id


def write_order_step_by_step(unit: Context, draft: OrderDraft) -> int | None:
    """Do what `write_order` does with one statement for each table; any of them that finds a change undoes the rest."""
    # Before the savepoint: what is undone would give the locks back.
    unit.q.reservations.lock_stock_of_cart(cart_id=draft.priced.cart.cart_id)
    try:
        with unit.unit(write=True) as steps:
            return _steps(steps.q, draft)
    except _Changed:
        return None


def _steps(q: Queries, draft: OrderDraft) -> int:
    if q.checkout.convert_cart(**_guards(draft), now=draft.placed_at) != 1:
        raise _Changed
    q.reservations.delete_reservations(cart_id=draft.priced.cart.cart_id)
    order_id: int = q.checkout.insert_order(
        order_number=q.checkout.next_order_number(),
        cart_id=draft.priced.cart.cart_id,
        currency=draft.priced.cart.currency,
        shipping_method_id=draft.priced.shipping.shipping_method_id,
        **_head(draft),
    )
    lines, fills = _lines(draft), _fills(draft)
    items: list[InsertOrderItemRow] = [
        {"order_id": order_id, "customer_id": draft.customer_id, "sold_at": draft.placed_at, **line} for line in lines
    ]
    if q.checkout.insert_order_item(items) != len(lines):
        raise _Changed
    movements: list[InsertAllocationMovementRow] = [
        {"order_id": order_id, "actor": draft.actor, "now": draft.placed_at, **fill} for fill in fills
    ]
    if q.checkout.insert_allocation_movement(movements) != len(fills):
        raise _Changed
    q.checkout.insert_order_allocation(
        {
            "order_id": order_id,
            "position": fill["position"],
            "location_id": fill["location_id"],
            "quantity": fill["quantity"],
        }
        for fill in fills
    )
    _claim_coupons(q, draft, order_id)
    q.outbox.insert_events([_placed_event(draft)])
    q.idempotency.finish_key(idempotency_key_id=draft.idempotency_key_id, result_id=order_id)
    return order_id


def _claim_coupons(q: Queries, draft: OrderDraft, order_id: int) -> None:
    discounts = draft.priced.discounts
    if not discounts.applied:
        return
    # After the stock rows, as whoever frees them does.
    q.pipeline((lock_coupons(q, discounts),))
    rows = claim_rows(
        discounts,
        order_id=order_id,
        customer_id=draft.customer_id,
        email_key=email_key(draft.email),
        now=draft.placed_at,
    )
    if q.coupons.claim_coupons(rows) != len(rows):
        codes = ", ".join(applied.code for applied in discounts.applied)
        message = f"coupon_codes: of {codes} one was used up or ended while the order was written; quote again"
        raise CouponRefused(message)


def _guards(draft: OrderDraft) -> dict[str, Any]:
    cart, shipping = draft.priced.cart, draft.priced.shipping
    return {
        "cart_id": cart.cart_id,
        "version": cart.version,
        "currency": cart.currency,
        "prices_include_tax": cart.prices_include_tax,
        "shipping_method_id": shipping.shipping_method_id,
        "shipping_price": shipping.price,
        "shipping_free_from": shipping.free_from,
    }


def _head(draft: OrderDraft) -> dict[str, Any]:
    totals = draft.priced.totals
    return {
        "public_id": draft.public_id,
        "customer_id": draft.customer_id,
        "shipping_method_code": draft.priced.shipping.code,
        "shipping_address_id": draft.shipping_address_id,
        "billing_address_id": draft.billing_address_id,
        "email": draft.email,
        "subtotal": totals.subtotal,
        "discount_total": totals.discount_total,
        "shipping_total": totals.shipping_total,
        "tax_total": totals.tax_total,
        "tax_included_total": totals.tax_included_total,
        "total": totals.total,
        "placed_at": draft.placed_at,
        "expires_at": draft.expires_at,
        "actor": draft.actor,
    }


def _lines(draft: OrderDraft) -> list[_Line]:
    # The bundle as it was read, for the write to compare; 0 where there is none.
    parts = Counter(entry.line.bundle_id for entry in draft.priced.lines)
    return [
        {
            "position": position,
            "product_id": entry.line.product_id,
            "variant_id": entry.line.variant_id,
            "bundle_id": entry.line.bundle_id or 0,
            "sku": entry.line.sku,
            "name": entry.line.name,
            "category_name": entry.line.category_name,
            "unit_price": entry.line.unit_price,
            "quantity": entry.line.quantity,
            "amount": entry.amount,
            "discount": entry.discount,
            "tax_rate": entry.tax_rate,
            "tax_reason": entry.tax_reason,
            "tax": entry.tax,
            "tax_included": entry.tax_included,
            "line_total": entry.line_total,
            "unit_share": entry.shares.unit_share,
            "odd_units": entry.shares.odd_units,
            "odd_share": entry.shares.odd_share,
            "bundle_price": entry.line.bundle_price or Decimal(0),
            "bundle_parts": parts[entry.line.bundle_id],
            "part_position": entry.line.part_position or 0,
            "part_quantity": entry.line.part_quantity or 0,
        }
        for position, entry in enumerate(draft.priced.lines, 1)
    ]


def _fills(draft: OrderDraft) -> list[_Fill]:
    return [
        {
            "position": fill.position,
            "variant_id": fill.variant_id,
            "location_id": fill.location_id,
            "quantity": fill.quantity,
        }
        for fill in draft.fills
    ]


def _columns(prefix: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {f"{prefix}_{name}": tuple(row[name] for row in rows) for name in rows[0]}


def _columns_of_event(draft: OrderDraft) -> dict[str, Any]:
    event = _placed_event(draft)
    return {"event_kind": event["kind"], "event_subject": event["subject"], "event_payload": event["payload"]}


def _placed_event(draft: OrderDraft) -> InsertEventsRow:
    return order_event(
        ORDER_PLACED,
        draft.public_id,
        draft.placed_at,
        currency=draft.priced.cart.currency,
        total=format(draft.priced.totals.total, "f"),
    )

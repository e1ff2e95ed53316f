"""Which Lumia error each violated constraint becomes; one table for both engines."""

from __future__ import annotations

import re
from typing import Final

from lumia.errors import (
    AlreadyExists,
    CouponRefused,
    DatabaseError,
    IllegalTransition,
    InsufficientStock,
    InvalidReference,
    InvalidValue,
)

__all__ = ["CONSTRAINT_ERRORS", "constraint_error", "named_in"]

CONSTRAINT_ERRORS: Final[dict[str, type[DatabaseError]]] = {
    "account_tokens_used_final": IllegalTransition,
    "cart_items_cart_active": IllegalTransition,
    "carts_converted_final": IllegalTransition,
    "coupon_redemptions_currency": CouponRefused,
    "coupon_redemptions_in_force": CouponRefused,
    "coupon_redemptions_per_customer": CouponRefused,
    "coupons_spent_within_budget": CouponRefused,
    "coupons_used_within_limit": CouponRefused,
    "customers_erased_final": IllegalTransition,
    "inventory_on_hand_not_negative": InsufficientStock,
    "inventory_enough": InsufficientStock,
    "reservations_enough": InsufficientStock,
    "order_status_history_transition_fkey": IllegalTransition,
    "orders_invoice_final": IllegalTransition,
    "refunds_steps": IllegalTransition,
    "return_items_order": InvalidReference,
    "returns_transition": IllegalTransition,
    "reviews_delivered": IllegalTransition,
    "sessions_revoked_final": IllegalTransition,
    "shipment_items_order": InvalidReference,
    # SQLite's triggers name these, to keep INSERT OR REPLACE from deleting a row of a ledger or a sold line.
    "audit_log_pkey": AlreadyExists,
    "coupon_redemptions_order_key": AlreadyExists,
    "coupon_redemptions_pkey": AlreadyExists,
    "order_item_cancellations_pkey": AlreadyExists,
    "order_items_pkey": AlreadyExists,
    "order_items_position_key": AlreadyExists,
    "order_status_history_pkey": AlreadyExists,
    "payment_events_pkey": AlreadyExists,
    "payment_events_provider_event_key": AlreadyExists,
    "payments_pkey": AlreadyExists,
    "payments_provider_reference_key": AlreadyExists,
    "payments_public_id_key": AlreadyExists,
    "refund_items_pkey": AlreadyExists,
    "refunds_pkey": AlreadyExists,
    "refunds_provider_reference_key": AlreadyExists,
    "refunds_public_id_key": AlreadyExists,
    "return_items_pkey": AlreadyExists,
    "reviews_customer_key": AlreadyExists,
    "reviews_pkey": AlreadyExists,
    "reviews_public_id_key": AlreadyExists,
    "shipment_items_pkey": AlreadyExists,
    "stock_movements_pkey": AlreadyExists,
}
"""The constraints that mean more than their kind; every other one follows its kind."""

_SENTENCES: Final[dict[type[DatabaseError], str]] = {
    AlreadyExists: "the key is taken",
    InvalidReference: "the row that is referred to does not exist, or this row is still referred to",
    InvalidValue: "a value is outside its type, range or format",
    CouponRefused: "the coupon does not apply here, or nothing of it is left",
    InsufficientStock: "there is not enough stock",
    IllegalTransition: "the life cycle has no such step from the present state",
}

_RAISED = re.compile(r"\Alumia:([a-z][a-z0-9_]*)\b")


def named_in(message: str) -> str | None:
    """The constraint that a trigger names in `lumia:<constraint>`, None in any other message."""
    found = _RAISED.match(message)
    return found.group(1) if found else None


def constraint_error(constraint: str | None, kind: type[DatabaseError], *, column: str | None = None) -> DatabaseError:
    """Make the error of a violated constraint; its message holds names only, never a value.

    Args:
        constraint: its name, None where the engine does not tell.
        kind: the class for constraints of its kind.
        column: `table.column` where the engine names that instead.

    Returns:
        An error of the class that `CONSTRAINT_ERRORS` gives, else of `kind`; not raised.
    """
    error = CONSTRAINT_ERRORS.get(constraint or "", kind)
    sentence = _SENTENCES.get(error, "the database refused the change")
    where = constraint or column
    return error(f"{sentence} ({where})" if where else sentence, constraint=constraint)

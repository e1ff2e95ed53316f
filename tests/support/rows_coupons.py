"""Rows of coupons, their targets and their redemptions, for both engines."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from tests.support.rows import NOON, Row, stamped

__all__ = ["COUPON_GROUND", "a_coupon", "a_redemption", "a_target"]


def a_coupon(number: int, at: datetime, currency: str = "EUR") -> Row:
    """Ten percent off everything, without limits."""
    return stamped(
        at,
        coupon_id=number,
        code=f"Code {number}",
        code_key=f"code {number}",
        kind="percent",
        value=Decimal(10),
        cap=None,
        buy_quantity=None,
        get_quantity=None,
        minimum=None,
        currency=currency,
        valid_from=at,
        valid_to=None,
        usage_limit=None,
        per_customer_limit=None,
        budget=None,
        combines_with=(),
        is_active=True,
        used_count=0,
        spent=Decimal(0),
        last_redemption_id=None,
    )


def a_target(number: int, **thing: int) -> Row:
    """What coupon 3 applies to."""
    nothing: Row = {"product_id": None, "variant_id": None, "category_id": None}
    return {"coupon_target_id": number, "coupon_id": 3, "kind": "include", **nothing, **thing}


def a_redemption(number: int, order: int, at: datetime, amount: int) -> Row:
    """A slot of coupon 1 for an order of the customer with the same number."""
    return {
        "coupon_redemption_id": number,
        "coupon_id": 1,
        "order_id": order,
        "customer_id": order,
        "email_key": f"c{order}@example.com",
        "amount": Decimal(amount),
        "shipping_amount": Decimal(0),
        "redeemed_at": at,
        "freed_at": None,
    }


COUPON_GROUND: Final[tuple[tuple[str, Row], ...]] = (
    # Coupon 1 was redeemed; coupon 2 has a tier; coupon 3, in another currency, has targets; coupon 4 has nothing.
    ("coupons", a_coupon(1, NOON)),
    ("coupons", {**a_coupon(2, NOON), "kind": "tiered", "value": Decimal(0)}),
    ("coupons", a_coupon(3, NOON, "GBP")),
    ("coupons", a_coupon(4, NOON)),
    ("coupon_tiers", {"coupon_id": 2, "minimum": Decimal(20), "value": Decimal(5)}),
    ("coupon_targets", a_target(1, product_id=1)),
    ("coupon_targets", a_target(2, variant_id=1)),
    ("coupon_targets", a_target(3, category_id=2)),
    ("coupon_redemptions", a_redemption(1, 1, NOON, 2)),
)

"""Coupons where they meet an order: read with a cart, claimed under their lock, and given back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from lumia.dto.checkout import CheckoutLine
from lumia.dto.coupons import (
    CouponEligibility,
    CouponReason,
    CouponTermsRow,
    CouponTierRow,
    RefusedCoupon,
    coupon_key,
)
from lumia.errors import CouponRefused
from lumia.money import subtract_money
from lumia.repos.discounts import CouponTerms, DiscountLine, Discounts, apply_coupons
from lumia.repos.pricing import line_amounts
from lumia.typedsql import PreparedCall, prepare

if TYPE_CHECKING:
    from lumia.queries.protocols import Queries
    from lumia.queries.protocols.coupons import ClaimCouponsRow
    from lumia.repos.context import Context

__all__ = [
    "AskedCoupons",
    "CouponCalls",
    "CouponResults",
    "check_all_apply",
    "claim_rows",
    "coupon_calls",
    "discount_cart",
    "free_slots",
    "lock_coupons",
    "terms_of",
]

CouponCalls = tuple[
    PreparedCall[list[CouponTermsRow]],
    PreparedCall[list[CouponTierRow]],
    PreparedCall[list[CouponEligibility]],
]
"""The reads of `terms_of`, and below what they give."""

CouponResults = tuple[list[CouponTermsRow], list[CouponTierRow], list[CouponEligibility]]


@dataclass(frozen=True, slots=True)
class AskedCoupons:
    """What became of the codes that a customer gave: coupons, and codes that no coupon has."""

    terms: tuple[CouponTerms, ...] = ()
    unknown: tuple[str, ...] = ()


def coupon_calls(q: Queries, *, cart_id: int, codes: Sequence[str], email_key: str | None = None) -> CouponCalls:
    """Prepare the three reads of `terms_of`: the same number whatever is asked for.

    `email_key` is the key of the address that the order will have, if it is known by now; the cart's customer counts
    anyway.
    """
    keys = tuple(_spellings(codes))
    return (
        prepare(q.coupons.list_coupon_terms, cart_id=cart_id, code_keys=keys, email_key=email_key),
        prepare(q.coupons.list_tiers_of_codes, code_keys=keys),
        prepare(q.coupons.list_coupon_eligibility, cart_id=cart_id, code_keys=keys),
    )


def terms_of(results: CouponResults, *, codes: Sequence[str], now: datetime) -> AskedCoupons:
    """Judge what `coupon_calls` read of the same codes: what holds against each coupon whatever the lines come to.

    Several spellings of one code are one coupon. The coupons come in ascending order of their keys.
    """
    rows, tiers, eligibility = results
    spellings = _spellings(codes)
    terms = tuple(
        CouponTerms(
            coupon_id=row.coupon_id,
            code=row.code,
            kind=row.kind,
            value=row.value,
            cap=row.cap,
            buy_quantity=row.buy_quantity,
            get_quantity=row.get_quantity,
            minimum=row.minimum,
            budget_left=None if row.budget is None else subtract_money(row.budget, row.spent),
            combines_with=frozenset(row.combines_with),
            tiers=tuple((tier.minimum, tier.value) for tier in tiers if tier.coupon_id == row.coupon_id),
            eligible=frozenset(hit.variant_id for hit in eligibility if hit.coupon_id == row.coupon_id),
            reasons=_reasons(row, now),
        )
        for row in rows
    )
    known = {row.code_key for row in rows}
    return AskedCoupons(terms, tuple(code for key, code in spellings.items() if key not in known))


def discount_cart(
    asked: AskedCoupons,
    lines: Sequence[CheckoutLine],
    *,
    currency: str,
    shipping: Callable[[Decimal], Decimal],
) -> Discounts:
    """Find what the codes that were asked for do to a cart, and name the unknown ones as well.

    `shipping` gives the charge for a discounted subtotal. Raises `InvalidValue` as `apply_coupons` does.
    """
    amounts = line_amounts(lines, currency)
    discounts = apply_coupons(
        [DiscountLine(line.variant_id, line.quantity, amount) for line, amount in zip(lines, amounts, strict=True)],
        asked.terms,
        currency=currency,
        shipping=shipping,
    )
    unknown = tuple(RefusedCoupon(code=code, reasons=(CouponReason.UNKNOWN,)) for code in asked.unknown)
    return replace(discounts, refused=discounts.refused + unknown)


def check_all_apply(discounts: Discounts) -> None:
    """Raise `CouponRefused` with the reasons of every code that does not apply.

    Codes that others outbid are no fault: the quote told of them. The message names the shop's own codes and none that
    is unknown: whoever mistyped may have typed anything.
    """
    if discounts.refused:
        told = "; ".join(
            f"{'a code' if CouponReason.UNKNOWN in refused.reasons else refused.code}: {', '.join(refused.reasons)}"
            for refused in discounts.refused
        )
        message = f"coupon_codes: not all apply ({told}); checkout.quote tells what the order comes to without them"
        raise CouponRefused(message)


def claim_rows(
    discounts: Discounts, *, order_id: int, customer_id: int, email_key: str, now: datetime
) -> list[ClaimCouponsRow]:
    """Make the rows for `coupons.claim_coupons`, one for each coupon applied, in ascending order of their keys.

    It must write as many rows as these: with fewer, a coupon has no slot left and the order must not be written. A
    customer's own limit raises `CouponRefused` from the statement.
    """
    return [
        {
            "order_id": order_id,
            "coupon_id": applied.coupon_id,
            "customer_id": customer_id,
            "email_key": email_key,
            "amount": applied.amount,
            "shipping_amount": applied.shipping_amount,
            "now": now,
        }
        for applied in sorted(discounts.applied, key=lambda applied: applied.coupon_id)
    ]


def lock_coupons(q: Queries, discounts: Discounts) -> PreparedCall[list[int]]:
    """Prepare the statement that locks the coupons applied, in ascending order of their keys, until the unit ends."""
    keys = tuple(sorted(applied.coupon_id for applied in discounts.applied))
    return prepare(q.coupons.lock_coupons, coupon_ids=keys)


def free_slots(unit: Context, order_ids: Sequence[int]) -> int:
    """Give back what orders hold of coupons, and the budgets with it; what is free already stays so. Two statements.

    Needs an open unit of work that holds the locks of the orders and of their stock rows.

    Returns:
        How many slots were freed.
    """
    keys = tuple(order_ids)
    unit.q.coupons.lock_coupons_of_orders(order_ids=keys)
    freed: int = unit.q.coupons.free_redemptions(order_ids=keys, now=unit.now())
    return freed


def _spellings(codes: Sequence[str]) -> dict[str, str]:
    spellings: dict[str, str] = {}
    for code in codes:
        spellings.setdefault(coupon_key(code), code)
    return spellings


def _reasons(row: CouponTermsRow, now: datetime) -> tuple[CouponReason, ...]:
    found = {
        CouponReason.INACTIVE: not row.is_active,
        CouponReason.NOT_STARTED: now < row.valid_from,
        CouponReason.EXPIRED: row.valid_to is not None and now >= row.valid_to,
        CouponReason.OTHER_CURRENCY: row.currency != row.cart_currency,
        CouponReason.USED_UP: row.usage_limit is not None and row.used_count >= row.usage_limit,
        CouponReason.USED_BY_CUSTOMER: row.per_customer_limit is not None
        and row.customer_uses >= row.per_customer_limit,
    }
    return tuple(reason for reason, holds in found.items() if holds)

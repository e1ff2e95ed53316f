"""Coupons: what the shop gives out, what was redeemed of it, and why a code does not apply to a cart."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from lumia.dto.base import checked_id, rechecked, validated
from lumia.dto.coupons import (
    AskedCode,
    Coupon,
    CouponCheck,
    CouponReason,
    CouponRedemption,
    CouponRow,
    NewCoupon,
    coupon_key,
)
from lumia.dto.emails import email_key
from lumia.errors import IllegalTransition
from lumia.money import minor_unit, sum_money
from lumia.repos.base import Repository, found, key_before, made, page_of, page_rows
from lumia.repos.redeeming import coupon_calls, discount_cart, terms_of
from lumia.typedsql import prepare
from lumia.types import CartStatus, Page

if TYPE_CHECKING:
    from lumia.queries.protocols.coupons import InsertCouponTargetsRow, InsertCouponTiersRow
    from lumia.repos.context import Context

__all__ = ["Coupons"]

_ZERO: Final = Decimal(0)


class Coupons(Repository):
    """What the shop gives out; `checkout` takes the codes.

    A coupon's terms never change once it is given out: another offer is another coupon.
    """

    def create(self, coupon: NewCoupon) -> Coupon:
        """Give out a coupon with its tiers and targets. Three statements, one more for tiers and for targets each.

        Raises:
            AlreadyExists: another coupon has this code, in whatever spelling.
            InvalidReference: a target does not exist.
            InvalidValue: a field does not fit the kind, or an amount is no multiple of the currency's minor unit.
        """
        new = rechecked(NewCoupon, coupon)
        with self._context.unit(write=True) as unit:
            now = unit.now()
            row: CouponRow = made(
                unit.q.coupons.insert_coupon(
                    code_key=coupon_key(new.code),
                    valid_from=new.valid_from or now,
                    combines_with=tuple(sorted(item.value for item in new.combines_with)),
                    **new.model_dump(include=_COLUMNS),
                    now=now,
                )
            )
            if new.tiers:
                tiers: list[InsertCouponTiersRow] = [
                    {"coupon_id": row.coupon_id, "minimum": tier.minimum, "value": tier.value} for tier in new.tiers
                ]
                unit.q.coupons.insert_coupon_tiers(tiers)
            if new.targets:
                targets: list[InsertCouponTargetsRow] = [
                    {
                        "coupon_id": row.coupon_id,
                        "kind": target.kind,
                        "product_id": target.product_id,
                        "variant_id": target.variant_id,
                        "category_id": target.category_id,
                    }
                    for target in new.targets
                ]
                unit.q.coupons.insert_coupon_targets(targets)
            return _whole(unit, row)

    def get(self, coupon_id: int) -> Coupon:
        """Read a coupon with its tiers and targets. Three statements. Raises `NotFound` and `InvalidValue`."""
        return _read(self._context, checked_id("coupon_id", coupon_id))

    def by_code(self, code: str) -> Coupon:
        """Read a coupon by any spelling of its code. Three statements. Raises `NotFound` and `InvalidValue`."""
        key = coupon_key(validated(AskedCode, code=code).code)
        row = self._context.q.coupons.get_coupon_by_key(code_key=key)
        return _whole(self._context, found(row, "code: no coupon has it; coupons.list lists them"))

    def list(self, *, limit: int = 50, after: int | None = None) -> Page[CouponRow]:
        """List all coupons without tiers and targets, newest first, 1 to 500 of them. One statement.

        Raises `InvalidValue`.
        """
        rows = self._context.q.coupons.list_coupons(before_id=key_before(after), max_rows=page_rows(limit))
        return page_of(rows, limit, lambda row: row.coupon_id)

    def disable(self, coupon_id: int) -> Coupon:
        """End a coupon; orders that used it keep what it took off. Again, it changes nothing. Four statements.

        Raises `NotFound` and `InvalidValue`.
        """
        checked_id("coupon_id", coupon_id)
        with self._context.unit(write=True) as unit:
            unit.q.coupons.disable_coupon(coupon_id=coupon_id, now=unit.now())
            return _read(unit, coupon_id)

    def redemptions(self, coupon_id: int, *, limit: int = 50, after: int | None = None) -> Page[CouponRedemption]:
        """List a coupon's uses, the latest order first, freed ones too, 1 to 500 of them. One statement.

        A coupon that does not exist has none. Raises `InvalidValue`.
        """
        rows = self._context.q.coupons.list_coupon_redemptions(
            coupon_id=checked_id("coupon_id", coupon_id), before_order_id=key_before(after), max_rows=page_rows(limit)
        )
        return page_of(rows, limit, lambda row: row.order_id)

    def check(self, code: str, cart_id: int) -> CouponCheck:
        """Tell every reason why a code does not apply to a cart by itself; none: it applies. Five statements.

        Nothing is claimed, and only `checkout.place` decides in the end. How it combines with others and what it does
        to the shipping is for `checkout.quote` to say, which knows them. A guest counts by the address that was left
        with the cart.

        Raises:
            NotFound: the cart does not exist.
            IllegalTransition: the cart was ordered or given up.
            InvalidValue: an argument is malformed, or an amount is beyond its limit.
        """
        asked_code = validated(AskedCode, code=code).code
        checked_id("cart_id", cart_id)
        with self._context.unit(write=False) as unit:
            q, now = unit.q, unit.now()
            cart, lines = q.pipeline(
                (
                    prepare(q.quoting.get_checkout_cart, cart_id=cart_id),
                    prepare(q.quoting.list_checkout_lines, cart_id=cart_id),
                )
            )
            cart = found(cart, f"there is no cart {cart_id}: carts.create_guest or carts.for_customer open one")
            if cart.status is not CartStatus.ACTIVE:
                message = f"cart {cart_id} is {cart.status} and cannot be ordered: open a new one"
                raise IllegalTransition(message)
            email = cart.customer_email or cart.guest_email
            key = None if email is None else email_key(email)
            results = q.pipeline(coupon_calls(q, cart_id=cart_id, codes=(asked_code,), email_key=key))
        # A charge of the least that can be paid: no method is chosen yet, and whatever one costs can be taken off.
        asked = terms_of(results, codes=(asked_code,), now=now)
        discounts = discount_cart(asked, lines, currency=cart.currency, shipping=lambda _: minor_unit(cart.currency))
        known = asked.terms[0] if asked.terms else None
        reasons: tuple[CouponReason, ...] = discounts.refused[0].reasons if discounts.refused else ()
        return CouponCheck(
            code=asked_code if known is None else known.code,
            coupon_id=None if known is None else known.coupon_id,
            reasons=reasons,
            amount=_ZERO if reasons else sum_money(discounts.line_discounts),
        )


_COLUMNS: Final = {
    "code",
    "kind",
    "value",
    "cap",
    "buy_quantity",
    "get_quantity",
    "minimum",
    "currency",
    "valid_to",
    "usage_limit",
    "per_customer_limit",
    "budget",
}


def _read(context: Context, coupon_id: int) -> Coupon:
    q = context.q
    row, tiers, targets = q.pipeline(
        (
            prepare(q.coupons.get_coupon, coupon_id=coupon_id),
            prepare(q.coupons.list_coupon_tiers, coupon_id=coupon_id),
            prepare(q.coupons.list_coupon_targets, coupon_id=coupon_id),
        )
    )
    row = found(row, f"there is no coupon {coupon_id}: coupons.list lists them")
    return Coupon(**dict(row), tiers=tuple(tiers), targets=tuple(targets))


def _whole(context: Context, row: CouponRow) -> Coupon:
    q = context.q
    tiers, targets = q.pipeline(
        (
            prepare(q.coupons.list_coupon_tiers, coupon_id=row.coupon_id),
            prepare(q.coupons.list_coupon_targets, coupon_id=row.coupon_id),
        )
    )
    return Coupon(**dict(row), tiers=tuple(tiers), targets=tuple(targets))

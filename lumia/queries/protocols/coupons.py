"""The queries of coupons, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypedDict

from lumia.dto.coupons import (
    CouponEligibility,
    CouponRedemption,
    CouponRow,
    CouponTarget,
    CouponTermsRow,
    CouponTierRow,
)
from lumia.types import CouponKind, CouponTargetKind

__all__ = ["ClaimCouponsRow", "CouponsQueries", "InsertCouponTargetsRow", "InsertCouponTiersRow"]


class ClaimCouponsRow(TypedDict):
    """One row of arguments for coupons.claim_coupons."""

    order_id: int
    coupon_id: int
    customer_id: int
    email_key: str
    amount: Decimal
    shipping_amount: Decimal
    now: datetime


class InsertCouponTargetsRow(TypedDict):
    """One row of arguments for coupons.insert_coupon_targets."""

    coupon_id: int
    kind: CouponTargetKind
    product_id: int | None
    variant_id: int | None
    category_id: int | None


class InsertCouponTiersRow(TypedDict):
    """One row of arguments for coupons.insert_coupon_tiers."""

    coupon_id: int
    minimum: Decimal
    value: Decimal


class CouponsQueries(Protocol):
    """The queries of coupons.sql."""

    def claim_coupons(self, rows: Iterable[ClaimCouponsRow]) -> int:
        """Take a slot of a coupon for an order; no row when it is not in force any more, or nothing is left of its
        limits.

        coupons.sql:1
        """
        ...

    def disable_coupon(self, *, coupon_id: int, now: datetime) -> None:
        """End a coupon; what was redeemed stays, and one that ended before is left as it was.

        coupons.sql:38
        """
        ...

    def free_redemptions(self, *, order_ids: tuple[int, ...] | list[int], now: datetime) -> int:
        """Give back what orders claimed of coupons, once; the triggers count.

        coupons.postgresql.sql:1 and coupons.sqlite.sql:1
        """
        ...

    def get_coupon(self, *, coupon_id: int) -> CouponRow | None:
        """A coupon without its tiers and targets.

        coupons.sql:51
        """
        ...

    def get_coupon_by_key(self, *, code_key: str) -> CouponRow | None:
        """A coupon by its folded code, without its tiers and targets.

        coupons.sql:80
        """
        ...

    def insert_coupon(
        self,
        *,
        code: str,
        code_key: str,
        kind: CouponKind,
        value: Decimal,
        cap: Decimal | None,
        buy_quantity: int | None,
        get_quantity: int | None,
        minimum: Decimal | None,
        currency: str,
        valid_from: datetime,
        valid_to: datetime | None,
        usage_limit: int | None,
        per_customer_limit: int | None,
        budget: Decimal | None,
        combines_with: tuple[str, ...] | list[str],
        now: datetime,
    ) -> CouponRow | None:
        """Write a coupon.

        coupons.sql:109
        """
        ...

    def insert_coupon_targets(self, rows: Iterable[InsertCouponTargetsRow]) -> None:
        """Write down what a coupon applies to or spares.

        coupons.sql:191
        """
        ...

    def insert_coupon_tiers(self, rows: Iterable[InsertCouponTiersRow]) -> None:
        """Write the tiers of a coupon.

        coupons.sql:215
        """
        ...

    def list_coupon_eligibility(
        self, *, cart_id: int, code_keys: tuple[str, ...] | list[str]
    ) -> list[CouponEligibility]:
        """Which variants in a cart each coupon applies to: to all if it includes nothing, and never to what it
        excludes.

        coupons.postgresql.sql:13 and coupons.sqlite.sql:13
        """
        ...

    def list_coupon_redemptions(self, *, coupon_id: int, before_order_id: int, max_rows: int) -> list[CouponRedemption]:
        """One page of a coupon's uses, the latest order first; freed ones too.

        coupons.sql:233
        """
        ...

    def list_coupon_targets(self, *, coupon_id: int) -> list[CouponTarget]:
        """What a coupon applies to and what it spares.

        coupons.sql:255
        """
        ...

    def list_coupon_terms(
        self, *, cart_id: int, code_keys: tuple[str, ...] | list[str], email_key: str | None
    ) -> list[CouponTermsRow]:
        """The coupons with these codes, as a cart meets them: how often its holder, or this address, used each.

        coupons.postgresql.sql:102 and coupons.sqlite.sql:102
        """
        ...

    def list_coupon_tiers(self, *, coupon_id: int) -> list[CouponTierRow]:
        """The tiers of a coupon, lowest first.

        coupons.sql:271
        """
        ...

    def list_coupons(self, *, before_id: int, max_rows: int) -> list[CouponRow]:
        """One page of all coupons, the newest first, without tiers and targets.

        coupons.sql:285
        """
        ...

    def list_tiers_of_codes(self, *, code_keys: tuple[str, ...] | list[str]) -> list[CouponTierRow]:
        """The tiers of the coupons with these codes.

        coupons.postgresql.sql:149 and coupons.sqlite.sql:149
        """
        ...

    def lock_coupons(self, *, coupon_ids: tuple[int, ...] | list[int]) -> list[int]:
        """Lock coupons in ascending key order until the transaction ends.

        coupons.postgresql.sql:167 and coupons.sqlite.sql:167
        """
        ...

    def lock_coupons_of_orders(self, *, order_ids: tuple[int, ...] | list[int]) -> list[int]:
        """Lock the coupons that orders hold slots of, in ascending key order until the transaction ends.

        coupons.postgresql.sql:180 and coupons.sqlite.sql:179
        """
        ...

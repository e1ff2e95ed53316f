"""Coupons and their redemptions: their rows in the ground, fresh ones, and what their guards are asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from lumia.errors import CouponRefused
from tests.support.cases import Case, accepted, refused
from tests.support.cases_orders import changed
from tests.support.fresh import fresh
from tests.support.rows import LATER, Step, imported, insert

__all__ = [
    "COUPON_CASCADES",
    "COUPON_CASES",
    "COUPON_EFFECTS",
    "COUPON_NEXT_TO",
    "COUPON_ORPHANS",
    "COUPON_ROW_CASES",
    "COUPON_TAKEN",
    "COUPON_UNDELETABLE",
]

PIP: Final = Decimal("0.0001")

COUPON_TAKEN: Final = MappingProxyType[str, tuple[str, dict[str, Any]]](
    {
        "coupons_pkey": ("coupons", {"coupon_id": 1}),
        "coupons_code_key_key": ("coupons", {"code_key": "code 1"}),
        "coupon_tiers_pkey": ("coupon_tiers", {"minimum": Decimal(20)}),
        "coupon_targets_pkey": ("coupon_targets", {"coupon_target_id": 1}),
        "coupon_targets_product_key": ("coupon_targets", {"product_id": 1}),
        "coupon_targets_variant_key": ("coupon_targets", {"product_id": None, "variant_id": 1}),
        "coupon_targets_category_key": ("coupon_targets", {"product_id": None, "category_id": 2}),
        "coupon_redemptions_pkey": ("coupon_redemptions", {"coupon_redemption_id": 1}),
        "coupon_redemptions_order_key": ("coupon_redemptions", {"order_id": 1, "customer_id": 1}),
    }
)
COUPON_NEXT_TO: Final = MappingProxyType[str, tuple[str, dict[str, Any]]](
    {
        "coupon_targets_product_key": ("coupon_targets", {"coupon_id": 2, "product_id": 1}),
        "coupon_targets_variant_key": ("coupon_targets", {"coupon_id": 2, "product_id": None, "variant_id": 1}),
        "coupon_targets_category_key": ("coupon_targets", {"coupon_id": 2, "product_id": None, "category_id": 2}),
    }
)
COUPON_ORPHANS: Final = MappingProxyType[str, tuple[str, dict[str, Any]]](
    {
        "coupon_tiers_coupon_id_fkey": ("coupon_tiers", {"coupon_id": 999}),
        "coupon_targets_coupon_id_fkey": ("coupon_targets", {"coupon_id": 999}),
        "coupon_targets_product_id_fkey": ("coupon_targets", {"product_id": 999}),
        "coupon_targets_variant_id_fkey": ("coupon_targets", {"product_id": None, "variant_id": 999}),
        "coupon_targets_category_id_fkey": ("coupon_targets", {"product_id": None, "category_id": 999}),
        "coupon_redemptions_coupon_id_fkey": ("coupon_redemptions", {"coupon_id": 999}),
        # The order is another customer's.
        "coupon_redemptions_order_id_fkey": ("coupon_redemptions", {"customer_id": 2}),
    }
)
COUPON_UNDELETABLE: Final = MappingProxyType[str, tuple[Step, ...]](
    {
        "coupon_targets_product_id_fkey": (
            *fresh("coupon_targets", product_id=3),
            ("DELETE FROM products WHERE product_id = 3", ()),
        ),
        "coupon_targets_variant_id_fkey": (
            *fresh("coupon_targets", product_id=None, variant_id=3),
            ("DELETE FROM product_variants WHERE variant_id = 3", ()),
        ),
        "coupon_targets_category_id_fkey": (
            *fresh("categories"),
            *fresh("coupon_targets", product_id=None, category_id=100),
            ("DELETE FROM categories WHERE category_id = 100", ()),
        ),
        "coupon_redemptions_coupon_id_fkey": (("DELETE FROM coupons WHERE coupon_id = 1", ()),),
        "coupon_redemptions_order_id_fkey": (
            # Imported: it has no history, which nobody may delete.
            insert("orders", imported(100, LATER)),
            *fresh("coupon_redemptions", order_id=100, customer_id=imported(100, LATER)["customer_id"]),
            ("DELETE FROM orders WHERE order_id = 100", ()),
        ),
    }
)
COUPON_CASCADES: Final = MappingProxyType[str, tuple[str, str]](
    {
        "coupon_tiers_coupon_id_fkey": (
            "DELETE FROM coupons WHERE coupon_id = 2",
            "SELECT count(*) FROM coupon_tiers WHERE coupon_id = 2",
        ),
        "coupon_targets_coupon_id_fkey": (
            "DELETE FROM coupons WHERE coupon_id = 3",
            "SELECT count(*) FROM coupon_targets WHERE coupon_id = 3",
        ),
    }
)


def _rows() -> Iterator[Case]:
    rule = "coupons_value_fits_kind"
    gift = {"kind": "buy_x_get_y", "buy_quantity": 1, "get_quantity": 1}
    capped = {"kind": "percent_capped", "cap": Decimal(5)}
    for label, shape in (("percent", {}), ("capped", capped), ("gift", gift)):
        yield accepted(rule, f"{label}-least", "coupons", {**shape, "value": PIP})
        yield accepted(rule, f"{label}-most", "coupons", {**shape, "value": Decimal(100)})
        yield refused(rule, f"{label}-nothing", "coupons", {**shape, "value": Decimal(0)})
        yield refused(rule, f"{label}-too-much", "coupons", {**shape, "value": 100 + PIP})
    for kind in ("fixed_order", "fixed_unit"):
        yield accepted(rule, kind, "coupons", {"kind": kind, "value": 100 + PIP})
        yield refused(rule, f"{kind}-nothing", "coupons", {"kind": kind, "value": Decimal(0)})
    for kind in ("free_shipping", "tiered"):
        yield accepted(rule, kind, "coupons", {"kind": kind, "value": Decimal(0)})
        yield refused(rule, f"{kind}-with-a-value", "coupons", {"kind": kind, "value": PIP})
    yield refused("coupons_cap_fits_kind", "missing", "coupons", {"kind": "percent_capped"})
    yield refused("coupons_cap_fits_kind", "with-percent", "coupons", {"cap": Decimal(5)})
    yield accepted("coupons_cap_range", "least", "coupons", {**capped, "cap": PIP})
    yield refused("coupons_cap_range", "nothing", "coupons", {**capped, "cap": Decimal(0)})
    rule = "coupons_quantities_fit_kind"
    yield refused(rule, "no-x", "coupons", {**gift, "buy_quantity": None})
    yield refused(rule, "no-y", "coupons", {**gift, "get_quantity": None})
    yield refused(rule, "x-with-percent", "coupons", {"buy_quantity": 1})
    yield refused(rule, "y-with-percent", "coupons", {"get_quantity": 1})
    for column in ("buy_quantity", "get_quantity"):
        for label, count, make in (
            ("least", 1, accepted),
            ("most", 1_000_000, accepted),
            ("none", 0, refused),
            ("more", 1_000_001, refused),
        ):
            yield make(f"coupons_{column}_range", label, "coupons", {**gift, column: count})
    yield accepted("coupons_minimum_range", "none", "coupons", {"minimum": Decimal(0)})
    yield refused("coupons_minimum_range", "negative", "coupons", {"minimum": -PIP})
    yield accepted("coupons_budget_range", "least", "coupons", {"budget": PIP})
    yield refused("coupons_budget_range", "nothing", "coupons", {"budget": Decimal(0)})
    yield accepted("coupons_spent_range", "none", "coupons", {"spent": Decimal(0)})
    yield refused("coupons_spent_range", "negative", "coupons", {"spent": -PIP})
    yield accepted("coupons_window", "shortest", "coupons", {"valid_to": LATER + timedelta(microseconds=1)})
    yield refused("coupons_window", "empty", "coupons", {"valid_to": LATER})
    rule = "coupons_combines_with_form"
    yield accepted(rule, "all", "coupons", {"combines_with": ("order", "product", "shipping")})
    yield accepted(rule, "two", "coupons", {"combines_with": ("order", "shipping")})
    for label, classes in (
        ("unsorted", ("product", "order")),
        ("twice", ("order", "order")),
        ("unknown", ("all",)),
        ("capital", ("Order",)),
    ):
        yield refused(rule, label, "coupons", {"combines_with": classes})


def _child_rows() -> Iterator[Case]:
    rule = "coupon_tiers_value_range"
    yield accepted(rule, "least", "coupon_tiers", {"value": PIP})
    yield accepted(rule, "most", "coupon_tiers", {"value": Decimal(100)})
    yield refused(
        "coupon_tiers_value_type",
        "too-large",
        "coupon_tiers",
        {"value": Decimal(100_000_000_000)},
        postgresql="money_amount_check",
        guards={
            "sqlite": ("coupon_tiers_value_type", rule),
            "postgresql": ("money_amount_check", rule),
        },
    )
    yield refused(rule, "nothing", "coupon_tiers", {"value": Decimal(0)})
    yield refused(rule, "too-much", "coupon_tiers", {"value": 100 + PIP})
    yield accepted("coupon_tiers_minimum_range", "none", "coupon_tiers", {"minimum": Decimal(0)})
    yield refused("coupon_tiers_minimum_range", "negative", "coupon_tiers", {"minimum": -PIP})
    rule = "coupon_targets_one_thing"
    yield refused(rule, "nothing", "coupon_targets", {"product_id": None})
    yield refused(rule, "two", "coupon_targets", {"variant_id": 2})
    rule = "coupon_redemptions_amounts_range"
    yield accepted(rule, "all-of-it-shipping", "coupon_redemptions", {"amount": PIP, "shipping_amount": PIP})
    yield refused(rule, "nothing", "coupon_redemptions", {"amount": Decimal(0), "shipping_amount": Decimal(0)})
    yield refused(rule, "negative-shipping", "coupon_redemptions", {"shipping_amount": -PIP})
    yield refused(rule, "more-shipping", "coupon_redemptions", {"amount": PIP, "shipping_amount": 2 * PIP})
    rule = "coupon_redemptions_freed_later"
    yield accepted(rule, "at-once", "coupon_redemptions", {"freed_at": LATER})
    yield refused(rule, "before", "coupon_redemptions", {"freed_at": LATER - timedelta(microseconds=1)})


def _claimed(**limits: Any) -> tuple[Step, ...]:
    """Limit coupon 1, of which order 1 has a slot, and let order 3 claim another."""
    return (*changed("coupons", "coupon_id = 1", **limits), *fresh("coupon_redemptions"))


def _rules() -> Iterator[Case]:
    for rule, column, enough, little in (
        ("coupons_used_within_limit", "usage_limit", 2, 1),
        ("coupons_spent_within_budget", "budget", Decimal("3.00"), Decimal("2.9999")),
    ):
        yield accepted(rule, "border", steps=_claimed(**{column: enough}))
        yield refused(rule, "beyond", steps=_claimed(**{column: little}), error=CouponRefused)
    yield accepted("coupon_redemptions_per_customer", "border", steps=_claimed(per_customer_limit=1))
    yield refused(
        "coupon_redemptions_per_customer",
        "by-address",
        steps=(
            *changed("coupons", "coupon_id = 1", per_customer_limit=1),
            *fresh("coupon_redemptions", email_key="c1@example.com"),
        ),
        error=CouponRefused,
        guards=("coupon_redemptions_claim",),
    )
    rule = "coupon_redemptions_in_force"
    windows: dict[str, dict[str, Any]] = {
        "disabled": {"is_active": False},
        "not-yet": {"valid_from": LATER + timedelta(microseconds=1)},
        "not-any-more": {"valid_to": LATER},
    }
    for label, row in windows.items():
        yield refused(rule, label, steps=_claimed(**row), error=CouponRefused, guards=("coupon_redemptions_claim",))
    yield accepted(rule, "at-its-begin", steps=_claimed(valid_from=LATER))
    yield accepted(rule, "just-before-its-end", steps=_claimed(valid_to=LATER + timedelta(microseconds=1)))
    yield refused(
        "coupon_redemptions_currency",
        "other",
        steps=fresh("coupon_redemptions", coupon_id=3),
        error=CouponRefused,
        guards=("coupon_redemptions_claim",),
    )
    yield refused("coupon_tiers_kind", "of-percent", "coupon_tiers", {"coupon_id": 1})
    rule = "coupons_frozen"
    for column, value in (
        ("coupon_id", 50),
        ("code", "other"),
        ("code_key", "other"),
        ("value", Decimal(11)),
        ("minimum", Decimal(1)),
        ("currency", "GBP"),
        ("combines_with", ("order",)),
        ("created_at", LATER),
    ):
        # Coupon 4 has neither targets nor redemptions.
        yield refused(rule, column, steps=changed("coupons", "coupon_id = 4", **{column: value}))
    for column, value in (("is_active", False), ("valid_to", LATER), ("usage_limit", 9), ("per_customer_limit", 9)):
        yield accepted(rule, column, steps=changed("coupons", "coupon_id = 1", **{column: value}))
    rule = "coupons_counted"
    for column in ("used_count", "spent", "last_redemption_id"):
        yield refused(
            rule, f"{column}-first", steps=fresh("coupons", **{column: 1}), guards=("coupons_counted_insert",)
        )
    counts: dict[str, dict[str, Any]] = {
        "more": {"used_count": 2},
        "less": {"used_count": 0},
        "cheaper": {"spent": Decimal(1)},
        "replay": {"used_count": 2, "spent": Decimal(4), "last_redemption_id": 1},
        "no-such": {"used_count": 2, "spent": Decimal(4), "last_redemption_id": 999},
        "forgotten": {"last_redemption_id": None},
    }
    for label, row in counts.items():
        yield refused(rule, label, steps=changed("coupons", "coupon_id = 1", **row), guards=("coupons_counted_update",))
    yield refused("coupon_tiers_frozen", "value", steps=changed("coupon_tiers", "coupon_id = 2", value=Decimal(1)))
    yield refused(
        "coupon_targets_frozen", "kind", steps=changed("coupon_targets", "coupon_target_id = 1", kind="exclude")
    )


def _redemption_rules() -> Iterator[Case]:
    rule, where = "coupon_redemptions_frozen", "coupon_redemption_id = 1"
    freed = changed("coupon_redemptions", where, freed_at=LATER)
    update = ("coupon_redemptions_frozen_update",)
    yield accepted(rule, "freed", steps=freed)
    yield accepted(rule, "freed-alike", steps=(*freed, *changed("coupon_redemptions", where, freed_at=LATER)))
    yield accepted(rule, "address-erased", steps=changed("coupon_redemptions", where, email_key=None))
    again = LATER + timedelta(seconds=1)
    yield refused(
        rule, "freed-again", steps=(*freed, *changed("coupon_redemptions", where, freed_at=again)), guards=update
    )
    yield refused(
        rule, "taken-back", steps=(*freed, *changed("coupon_redemptions", where, freed_at=None)), guards=update
    )
    for column, value in (
        ("amount", Decimal(1)),
        ("shipping_amount", Decimal(1)),
        ("redeemed_at", LATER),
        ("email_key", "x@y"),
    ):
        yield refused(rule, column, steps=changed("coupon_redemptions", where, **{column: value}), guards=update)
    yield refused(
        rule,
        "deleted",
        steps=((f"DELETE FROM coupon_redemptions WHERE {where}", ()),),
        guards=("coupon_redemptions_frozen_delete",),
    )


COUPON_ROW_CASES: Final = (*_rows(), *_child_rows())
COUPON_CASES: Final = (*_rules(), *_redemption_rules())


_COUNTED: Final = "SELECT used_count, last_redemption_id FROM coupons WHERE coupon_id = 1 AND spent = ?"


def _effects() -> Iterator[tuple[str, tuple[str, ...], tuple[Step, ...], Step, list[tuple[Any, ...]]]]:
    claim, free = "coupon_redemptions.coupon_redemptions_claim", "coupon_redemptions.coupon_redemptions_free"
    claimed = fresh("coupon_redemptions")
    yield "a redemption is counted", (claim,), claimed, (_COUNTED, (Decimal(3),)), [(2, 100)]
    given_back = fresh("coupon_redemptions", freed_at=LATER)
    yield "a redemption that comes freed is not counted", (), given_back, (_COUNTED, (Decimal(2),)), [(1, 1)]
    freed = changed("coupon_redemptions", "coupon_redemption_id = 1", freed_at=LATER)
    yield "a freed redemption is counted off", (free,), freed, (_COUNTED, (Decimal(0),)), [(0, 1)]
    yield "it is counted off once", (free,), (*freed, *freed), (_COUNTED, (Decimal(0),)), [(0, 1)]
    dated: Step = ("SELECT count(*) FROM coupons WHERE coupon_id = 1 AND updated_at < ?", (LATER,))
    yield "a redemption does not date the coupon", (), (*claimed, *freed), dated, [(1,)]


COUPON_EFFECTS: Final = tuple(_effects())
"""Name, triggers, steps, question and answer of each effect."""

"""Coupons as the shop gives them out: stored as given, found by any spelling, ended once, on both engines."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lumia import Shop
from lumia.dto.coupons import CouponTier, NewCoupon, NewCouponTarget, coupon_key
from lumia.errors import AlreadyExists, InvalidReference, InvalidValue, NotFound
from lumia.types import CouponKind, CouponTargetKind
from tests.support.paging import walked
from tests.support.scene import Scene, a_scene
from tests.support.steady import SteppingClock


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """A small shop in pounds."""
    return a_scene(shop)


def ten_percent(code: str = "TEN", **changes: Any) -> NewCoupon:
    """Ten percent off everything, with changes."""
    return NewCoupon(**{"code": code, "kind": "percent", "value": Decimal(10), "currency": "GBP", **changes})


def test_a_coupon_is_stored_as_given(scene: Scene, clock: SteppingClock) -> None:
    """Every field comes back, with its targets in the order in which they were named."""
    start, end = clock() + timedelta(days=1), clock() + timedelta(days=2)

    made = scene.shop.coupons.create(
        ten_percent(
            " Été 10 ",
            kind="percent_capped",
            cap=Decimal("5.00"),
            minimum=Decimal("20.00"),
            valid_from=start,
            valid_to=end,
            usage_limit=3,
            per_customer_limit=1,
            budget=Decimal("100.00"),
            combines_with={"shipping", "product"},
            targets=(
                NewCouponTarget(product_id=scene.product_id),
                NewCouponTarget(kind=CouponTargetKind.EXCLUDE, variant_id=scene.variant_ids[0]),
                NewCouponTarget(category_id=scene.category_id),
            ),
        )
    )

    assert (made.code, made.kind, made.value, made.cap) == ("Été 10", CouponKind.PERCENT_CAPPED, 10, 5)
    assert (made.minimum, made.currency, made.valid_from, made.valid_to) == (20, "GBP", start, end)
    assert (made.usage_limit, made.per_customer_limit, made.budget) == (3, 1, 100)
    assert (made.combines_with, made.is_active, made.used_count, made.spent) == (("product", "shipping"), True, 0, 0)
    assert [(target.kind, target.product_id, target.variant_id, target.category_id) for target in made.targets] == [
        ("include", scene.product_id, None, None),
        ("exclude", None, scene.variant_ids[0], None),
        ("include", None, None, scene.category_id),
    ]
    assert made.created_at == made.updated_at
    assert scene.shop.coupons.get(made.coupon_id) == made


def test_a_tiered_coupon_keeps_its_tiers_in_order(scene: Scene) -> None:
    """Whatever order they were given in."""
    tiers = (CouponTier(minimum=Decimal(50), value=Decimal(10)), CouponTier(minimum=Decimal(20), value=Decimal("2.5")))

    made = scene.shop.coupons.create(NewCoupon(code="MORE", kind="tiered", currency="GBP", tiers=tiers))

    assert [(tier.minimum, tier.value) for tier in made.tiers] == [(20, Decimal("2.5")), (50, 10)]
    assert made.valid_to is None
    assert made.valid_from == made.created_at


@pytest.mark.parametrize("spelling", ["straße", "STRASSE", " Stra\u00dfe  ", "strasse"])
def test_a_code_is_found_and_taken_by_any_spelling(scene: Scene, spelling: str) -> None:
    """Case and blanks do not matter; a second coupon of the same key is refused."""
    made = scene.shop.coupons.create(ten_percent("Straße"))

    assert scene.shop.coupons.by_code(spelling) == made
    with pytest.raises(AlreadyExists):
        scene.shop.coupons.create(ten_percent(spelling))


def test_accents_are_one_however_they_were_typed() -> None:
    """Composed and decomposed forms share a key."""
    assert coupon_key("e\u0301te\u0301") == coupon_key("ÉTÉ") == "été"


def test_what_does_not_exist_is_not_found(scene: Scene) -> None:
    """By key and by code; the message does not repeat what was typed."""
    for call in (scene.shop.coupons.get, scene.shop.coupons.disable):
        with pytest.raises(NotFound, match="no coupon 9"):
            call(9)
    with pytest.raises(NotFound) as caught:
        scene.shop.coupons.by_code("ada@example.org")

    assert "ada" not in str(caught.value)


@pytest.mark.parametrize("target", ["product_id", "variant_id", "category_id"])
def test_a_target_must_exist_and_stays(scene: Scene, target: str) -> None:
    """Nothing of the coupon is kept when one of its targets is not there."""
    with pytest.raises(InvalidReference):
        scene.shop.coupons.create(ten_percent(targets=(NewCouponTarget(**{target: 999}),)))

    assert scene.shop.coupons.list().items == ()


def test_coupons_are_listed_newest_first_page_by_page(scene: Scene) -> None:
    """Every one once, whatever the page's size."""
    made = [scene.shop.coupons.create(ten_percent(f"C{number}")).coupon_id for number in range(5)]

    for size in (1, 2, 5, 6):
        pages = walked(lambda after, size=size: scene.shop.coupons.list(limit=size, after=after))  # type: ignore[misc]
        assert [row.coupon_id for page in pages for row in page.items] == made[::-1]


def test_a_coupon_ends_once(scene: Scene) -> None:
    """The second call changes nothing, not even the date."""
    made = scene.shop.coupons.create(ten_percent())

    ended = scene.shop.coupons.disable(made.coupon_id)
    again = scene.shop.coupons.disable(made.coupon_id)

    assert (ended.is_active, again) == (False, ended)
    assert ended.updated_at > made.updated_at


def test_the_redemptions_of_no_coupon_are_none(scene: Scene) -> None:
    """As of a coupon that nobody used."""
    assert scene.shop.coupons.redemptions(9).items == ()


PERCENT = {"code": "C", "kind": "percent", "value": Decimal(10), "currency": "GBP"}
TIER = {"minimum": Decimal(1), "value": Decimal(1)}


@pytest.mark.parametrize(
    "changes",
    [
        {"code": " "},
        {"code": "x" * 65},
        {"code": "a\x00b"},
        {"kind": "half"},
        {"value": Decimal(0)},
        {"value": Decimal("100.0001")},
        {"value": Decimal("0.00001")},
        {"value": 0.5},
        {"cap": Decimal(1)},
        {"kind": "percent_capped"},
        {"kind": "percent_capped", "cap": Decimal(0)},
        {"kind": "percent_capped", "cap": Decimal("0.001")},
        {"kind": "fixed_order", "value": Decimal(0)},
        {"kind": "fixed_order", "value": Decimal("0.001")},
        {"kind": "fixed_unit", "value": Decimal("0.5"), "currency": "JPY"},
        {"kind": "free_shipping"},
        {"kind": "buy_x_get_y", "buy_quantity": 1},
        {"kind": "buy_x_get_y", "get_quantity": 1},
        {"kind": "buy_x_get_y", "buy_quantity": 0, "get_quantity": 1},
        {"kind": "buy_x_get_y", "buy_quantity": 1, "get_quantity": 1_000_001},
        {"buy_quantity": 1, "get_quantity": 1},
        {"kind": "tiered", "value": Decimal(0)},
        {"kind": "tiered", "tiers": (TIER,)},
        {"kind": "tiered", "value": Decimal(0), "tiers": (TIER, {**TIER, "value": Decimal(2)})},
        {"kind": "tiered", "value": Decimal(0), "tiers": ({**TIER, "value": Decimal(101)},)},
        {"kind": "tiered", "value": Decimal(0), "tiers": ({**TIER, "minimum": Decimal("0.001")},)},
        {"tiers": (TIER,)},
        {"minimum": Decimal(-1)},
        {"minimum": Decimal("0.001")},
        {"currency": "gbp"},
        {"usage_limit": 0},
        {"usage_limit": True},
        {"usage_limit": 1_000_000_001},
        {"per_customer_limit": 0},
        {"budget": Decimal(0)},
        {"combines_with": {"everything"}},
        {"targets": ({"product_id": 1, "variant_id": 1},)},
        {"targets": ({},)},
        {"targets": ({"product_id": 1}, {"product_id": 1, "kind": "exclude"})},
        {"targets": ({"product_id": True},)},
    ],
)
def test_a_malformed_coupon_is_refused_before_the_database(changes: dict[str, Any]) -> None:
    """One field at a time."""
    with pytest.raises(InvalidValue):
        NewCoupon(**{**PERCENT, **changes})


def test_a_window_must_not_be_empty(scene: Scene, clock: SteppingClock) -> None:
    """Whether both ends are given, or only the second."""
    now = clock()

    with pytest.raises(InvalidValue):
        ten_percent(valid_from=now, valid_to=now)
    with pytest.raises(InvalidValue):
        scene.shop.coupons.create(ten_percent(valid_to=now))

"""Why a coupon does not apply to a cart: every reason, and no reason where it does, on both engines."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lumia import Shop
from lumia.dto.coupons import CouponReason, NewCoupon, NewCouponTarget
from lumia.errors import IllegalTransition, InvalidValue, NotFound
from lumia.types import CouponTargetKind
from tests.support.scene import Scene, a_scene
from tests.support.steady import SteppingClock

EXCLUDE = CouponTargetKind.EXCLUDE


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """A small shop in pounds, with variants at 10.00, 2.50 and 0.99."""
    return a_scene(shop)


def coupon(scene: Scene, code: str = "C", **changes: Any) -> int:
    """Give out a coupon: ten percent off everything, with changes."""
    fields = {"code": code, "kind": "percent", "value": Decimal(10), "currency": "GBP", **changes}
    return int(scene.shop.coupons.create(NewCoupon(**fields)).coupon_id)


def reasons(scene: Scene, cart_id: int, code: str = "c") -> list[str]:
    """Check a code."""
    return [reason.value for reason in scene.shop.coupons.check(code, cart_id).reasons]


def test_a_coupon_that_applies_says_what_it_takes_off(scene: Scene) -> None:
    """By any spelling, for the cart as it is."""
    key = coupon(scene, "Ten")

    found = scene.shop.coupons.check(" tEN", scene.cart({scene.variant_ids[0]: 2}))

    assert (found.applies, found.code, found.coupon_id, found.amount) == (True, "Ten", key, 2)


def test_free_shipping_applies_before_a_method_is_chosen(scene: Scene) -> None:
    """What it takes off is known with the method only."""
    coupon(scene, kind="free_shipping", value=Decimal(0))

    assert scene.shop.coupons.check("c", scene.cart()).amount == 0
    assert reasons(scene, scene.cart()) == []


def test_an_unknown_code_is_told(scene: Scene) -> None:
    """It is an answer, no error."""
    found = scene.shop.coupons.check("nothing", scene.cart())

    assert (found.reasons, found.coupon_id, found.applies) == ((CouponReason.UNKNOWN,), None, False)


def test_every_reason_is_told_not_only_the_first(scene: Scene, clock: SteppingClock) -> None:
    """A coupon that everything is wrong with says all of it."""
    key = coupon(scene, valid_to=clock() + timedelta(hours=1), currency="EUR", minimum=Decimal("10.01"), usage_limit=1)
    scene.shop.coupons.disable(key)
    clock.advance(timedelta(hours=2))

    assert reasons(scene, scene.cart()) == ["inactive", "expired", "other_currency", "below_minimum"]


def test_a_window_is_open_at_its_begin_and_closed_at_its_end(scene: Scene, clock: SteppingClock) -> None:
    """To the microsecond."""
    cart = scene.cart()
    begin = clock() + timedelta(days=1)
    coupon(scene, valid_from=begin, valid_to=begin + timedelta(days=1))

    found = []
    for at in (
        begin - timedelta(microseconds=1),
        begin,
        begin + timedelta(days=1, microseconds=-1),
        begin + timedelta(days=1),
    ):
        clock.now = at - clock.step
        found.append(reasons(scene, cart))

    assert found == [["not_started"], [], [], ["expired"]]


@pytest.mark.parametrize(("minimum", "expected"), [("10.00", []), ("10.01", ["below_minimum"])])
def test_a_minimum_is_reached_to_the_penny_by_what_is_eligible(scene: Scene, minimum: str, expected: list[str]) -> None:
    """What the coupon does not apply to does not help."""
    first, second, _ = scene.variant_ids
    coupon(scene, minimum=Decimal(minimum), targets=(NewCouponTarget(variant_id=first),))

    assert reasons(scene, scene.cart({first: 1, second: 4})) == expected


@pytest.mark.parametrize(("budget", "expected"), [("1.00", []), ("0.99", ["over_budget"])])
def test_a_budget_must_hold_all_that_is_taken_off(scene: Scene, budget: str, expected: list[str]) -> None:
    """To the penny: nothing is taken off in part."""
    coupon(scene, budget=Decimal(budget))

    assert reasons(scene, scene.cart()) == expected


def test_what_takes_nothing_off_does_not_apply(scene: Scene) -> None:
    """Half of a penny's half is nothing."""
    coupon(scene, value=Decimal("0.01"))

    assert reasons(scene, scene.cart({scene.variant_ids[2]: 1})) == ["no_saving"]


def test_nothing_applies_to_an_empty_cart(scene: Scene) -> None:
    """Nor does it fail."""
    coupon(scene)
    cart, _ = scene.shop.carts.create_guest()

    assert reasons(scene, cart.cart_id) == ["no_eligible_line"]


def amount(scene: Scene, cart_id: int, *targets: NewCouponTarget) -> Decimal:
    """What a coupon with these targets takes off a cart; zero where nothing is eligible."""
    code = f"t{len(scene.shop.coupons.list(limit=500).items)}"
    coupon(scene, code, targets=targets)
    return Decimal(scene.shop.coupons.check(code, cart_id).amount)


def test_targets_include_and_exclude_products_variants_and_categories(scene: Scene) -> None:
    """Nothing included means everything; what is excluded is never eligible; a category counts with all below it."""
    shop, (first, second, _) = scene.shop, scene.variant_ids
    below = shop.catalog.create_category(name="Pots", slug="pots", parent_id=scene.category_id)
    beside = shop.catalog.create_category(name="Garden", slug="garden")
    pot = shop.catalog.create_product(category_id=below.category_id, slug="pot", name="Pot")
    big = shop.catalog.create_variant(pot.product_id, sku="POT", price=Decimal("100.00"))
    shop.catalog.publish(pot.product_id)
    cart = scene.cart({first: 1, second: 2, big.variant_id: 1})
    product, variant = NewCouponTarget(product_id=scene.product_id), NewCouponTarget(variant_id=first)
    category = NewCouponTarget(category_id=scene.category_id)
    lower = NewCouponTarget(category_id=below.category_id)
    other = NewCouponTarget(category_id=beside.category_id)

    found = {
        "everything": amount(scene, cart),
        "a product": amount(scene, cart, product),
        "a variant": amount(scene, cart, variant),
        "a category with all below": amount(scene, cart, category),
        "the category below": amount(scene, cart, lower),
        "another category": amount(scene, cart, other),
        "two that overlap": amount(scene, cart, product, variant),
        "all but a variant": amount(scene, cart, variant.model_copy(update={"kind": EXCLUDE})),
        "all but a category": amount(scene, cart, category.model_copy(update={"kind": EXCLUDE})),
        "a category but the one below": amount(scene, cart, category, lower.model_copy(update={"kind": EXCLUDE})),
        "a product but a variant": amount(scene, cart, product, variant.model_copy(update={"kind": EXCLUDE})),
        "a variant whose product is out": amount(scene, cart, variant, product.model_copy(update={"kind": EXCLUDE})),
    }

    assert {label: str(value) for label, value in found.items()} == {
        "everything": "11.50",
        "a product": "1.50",
        "a variant": "1.00",
        "a category with all below": "11.50",
        "the category below": "10.00",
        "another category": "0",
        "two that overlap": "1.50",
        "all but a variant": "10.50",
        "all but a category": "0",
        "a category but the one below": "1.50",
        "a product but a variant": "0.50",
        "a variant whose product is out": "0",
    }


def test_the_parts_of_a_bundle_are_eligible_as_what_they_are(scene: Scene) -> None:
    """A tenth of the part's share of the bundle's price, for a coupon on that part alone."""
    first, second, _ = scene.variant_ids
    bundle = scene.shop.catalog.create_bundle(
        sku="SET", slug="set", name="Set", price=Decimal("10.00"), items=((first, 1), (second, 2))
    )
    cart, _ = scene.shop.carts.create_guest()
    scene.shop.carts.set_bundle(cart.cart_id, bundle_id=bundle.bundle_id, quantity=3)

    assert amount(scene, cart.cart_id, NewCouponTarget(variant_id=first)) == Decimal("2.00")


def test_only_open_carts_are_checked(scene: Scene) -> None:
    """One that was ordered, and one that does not exist, are no carts to check."""
    coupon(scene)
    ordered = scene.cart()
    scene.place(ordered)

    with pytest.raises(IllegalTransition):
        scene.shop.coupons.check("c", ordered)
    with pytest.raises(NotFound):
        scene.shop.coupons.check("c", 999)
    with pytest.raises(InvalidValue):
        scene.shop.coupons.check("", ordered)

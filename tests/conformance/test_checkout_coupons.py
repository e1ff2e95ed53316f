"""Coupons at checkout: what the quote tells is what the order takes off, and a slot is claimed once or refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import lumia.repos.checkout
from lumia.dto.checkout import Quote
from lumia.dto.coupons import Coupon, CouponClass, CouponReason, NewCoupon, NewCouponTarget
from lumia.dto.orders import Order
from lumia.errors import CouponRefused, IdempotencyConflict, InvalidValue, TotalChanged
from lumia.repos.checkout import Checkout
from lumia.repos.discounts import MAX_CODES
from lumia.repos.placing import write_order, write_order_step_by_step
from lumia.types import CouponKind, OrderStatus, PaymentStatus
from tests.conformance.test_checkout_guards import Interrupted
from tests.support.counting import counting_shop
from tests.support.digests import changed_tables, observe
from tests.support.scene import HOME, Scene, a_scene
from tests.support.together import together


@pytest.fixture
def scene(shop: Any) -> Scene:
    """A shop that is ready to sell: ten each of a mug for 10.00, a saucer for 2.50 and a spoon for 0.99."""
    return a_scene(shop)


@pytest.fixture(params=[write_order, write_order_step_by_step], ids=["as the engine can", "step by step"])
def writer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each form of the guarded write in turn."""
    monkeypatch.setattr(lumia.repos.checkout, "write_order", request.param)


def coupon(scene: Scene, code: str = "TEN", **terms: Any) -> Coupon:
    """Give out a coupon; by default ten percent off."""
    fields: dict[str, Any] = {"kind": CouponKind.PERCENT, "value": Decimal(10), "currency": "GBP", **terms}
    made: Coupon = scene.shop.coupons.create(NewCoupon(code=code, **fields))
    return made


def quoted(scene: Scene, cart_id: int, *codes: str) -> Quote:
    """What a cart comes to with codes."""
    quote: Quote = scene.shop.checkout.quote(cart_id, shipping_method="post", country_code="GB", coupon_codes=codes)
    return quote


def place(scene: Scene, cart_id: int, *codes: str, **changes: Any) -> Order:
    """Order a cart with codes for what it is quoted at."""
    total = changes.pop("expected_total", None) or quoted(scene, cart_id, *codes).total
    return scene.place(cart_id, coupon_codes=codes, expected_total=total, **changes)


# --- what the codes do ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("writer")
def test_a_discount_is_taken_off_before_tax_and_recorded(scene: Scene) -> None:
    """10 % of 25.96, once, over the lines; tax on what is left; the redemption is what the order lost."""
    mug, saucer, spoon = scene.variant_ids
    ten = coupon(scene)
    cart_id = scene.cart({mug: 2, saucer: 2, spoon: 1})

    quote = quoted(scene, cart_id, " ten ")
    order = place(scene, cart_id, " ten ")

    assert quote.subtotal == Decimal("25.99")
    assert quote.discount_total == Decimal("2.60")
    assert [line.discount for line in quote.lines] == [Decimal("2.00"), Decimal("0.50"), Decimal("0.10")]
    assert [(item.discount, item.tax) for item in order.items] == [
        (Decimal("2.00"), Decimal("3.60")),
        (Decimal("0.50"), Decimal("0.90")),
        (Decimal("0.10"), Decimal("0.18")),
    ]
    assert (order.discount_total, order.total) == (Decimal("2.60"), quote.total)
    (redemption,) = scene.shop.coupons.redemptions(ten.coupon_id).items
    assert (redemption.order_id, redemption.amount) == (order.order_id, Decimal("2.60"))
    assert redemption.shipping_amount == 0
    now = scene.shop.coupons.get(ten.coupon_id)
    assert (now.used_count, now.spent) == (1, Decimal("2.60"))
    for item in order.items:
        assert item.unit_share is not None
        assert item.quantity * item.unit_share + item.odd_units * item.odd_share == item.line_total


def test_shipping_is_reckoned_on_what_remains(scene: Scene) -> None:
    """50.00 would be sent for nothing; with 10 % off they are not, and a coupon for the shipping takes it off again."""
    mug, saucer, _ = scene.variant_ids
    coupon(scene, combines_with=frozenset({CouponClass.SHIPPING}))
    free = coupon(
        scene,
        "POST",
        kind=CouponKind.FREE_SHIPPING,
        value=Decimal(0),
        combines_with=frozenset({CouponClass.ORDER}),
    )
    cart_id = scene.cart({mug: 4, saucer: 4})

    plain, less, both = quoted(scene, cart_id), quoted(scene, cart_id, "TEN"), quoted(scene, cart_id, "POST", "TEN")
    order = place(scene, cart_id, "POST", "TEN")

    assert [quote.shipping_total for quote in (plain, less, both)] == [0, Decimal("4.95"), 0]
    assert [applied.code for applied in both.applied] == ["TEN", "POST"]
    assert (order.discount_total, order.shipping_total) == (Decimal("5.00"), Decimal(0))
    (redemption,) = scene.shop.coupons.redemptions(free.coupon_id).items
    assert (redemption.amount, redemption.shipping_amount) == (Decimal("4.95"), Decimal("4.95"))


def test_a_code_that_is_outbid_is_told_and_claims_nothing(scene: Scene) -> None:
    """Of two that do not combine the better one counts; the other is no reason to refuse."""
    coupon(scene)
    five = coupon(scene, "FIVE", value=Decimal(5))
    cart_id = scene.cart()

    quote = quoted(scene, cart_id, "FIVE", "TEN")
    order = place(scene, cart_id, "FIVE", "TEN")

    assert ([applied.code for applied in quote.applied], quote.outbid, quote.refused) == (["TEN"], ("FIVE",), ())
    assert order.discount_total == Decimal("1.00")
    assert scene.shop.coupons.get(five.coupon_id).used_count == 0


def test_a_coupon_counts_the_parts_of_a_bundle(scene: Scene) -> None:
    """Its target is a part's variant: of 20.00 the mug has 13.33 and the saucers 6.67."""
    mug, saucer, _ = scene.variant_ids
    made = scene.shop.catalog.create_bundle(
        sku="SET", slug="set", name="Set", price=Decimal(20), items=[(mug, 1), (saucer, 2)]
    )
    coupon(scene, targets=(NewCouponTarget(variant_id=saucer),))
    cart = scene.shop.carts.for_customer(scene.customer_id)
    scene.shop.carts.set_bundle(cart.cart_id, bundle_id=made.bundle_id, quantity=1)

    order = place(scene, cart.cart_id, "TEN")

    assert [(item.amount, item.discount) for item in order.items] == [
        (Decimal("13.33"), Decimal("0.00")),
        (Decimal("6.67"), Decimal("0.67")),
    ]


def test_a_whole_order_can_be_taken_off(scene: Scene) -> None:
    """What is left costs nothing and is paid at once."""
    coupon(scene, value=Decimal(100), combines_with=frozenset({CouponClass.SHIPPING}))
    coupon(
        scene,
        "POST",
        kind=CouponKind.FREE_SHIPPING,
        value=Decimal(0),
        combines_with=frozenset({CouponClass.ORDER}),
    )
    cart_id = scene.cart({scene.variant_ids[0]: 3})

    order = scene.place(cart_id, coupon_codes=("TEN", "POST"), expected_total=Decimal(0))

    assert order.total == 0
    assert (order.status, order.payment_status) == (OrderStatus.PAID, PaymentStatus.PAID)
    assert order.items[0].unit_share == 0


# --- what is refused --------------------------------------------------------------------------------------------------


def test_every_reason_is_told_and_the_order_refused(scene: Scene, url: str) -> None:
    """A quote tells why; an order is refused whole, with nothing left behind, whatever else applies."""
    coupon(scene)
    coupon(scene, "RICH", minimum=Decimal(100))
    gone = coupon(scene, "GONE")
    scene.shop.coupons.disable(gone.coupon_id)
    cart_id = scene.cart()

    quote = quoted(scene, cart_id, "RICH", "TEN", "NEVER", "GONE")

    reasons = {refused.code: refused.reasons for refused in quote.refused}
    assert reasons == {
        "RICH": (CouponReason.BELOW_MINIMUM,),
        "NEVER": (CouponReason.UNKNOWN,),
        "GONE": (CouponReason.INACTIVE,),
    }
    assert quote.discount_total == Decimal("1.00")
    for code in reasons:
        with observe(url) as observer:
            before = observer.digest()
            with pytest.raises(CouponRefused):
                scene.place(cart_id, coupon_codes=("TEN", code), expected_total=quote.total)
            assert changed_tables(before, observer.digest()) == []


def test_a_quote_knows_a_guest_by_the_address_left_with_the_cart(scene: Scene) -> None:
    """Without an account the address is all that tells who used a coupon up; the order would be refused then."""
    coupon(scene, per_customer_limit=1)
    first, second = (scene.guest_cart({scene.variant_ids[0]: 1}, email="Guest@example.org") for _ in range(2))
    place(scene, first, "TEN", shipping_address=HOME)

    quote = quoted(scene, second, "TEN")

    assert [refused.reasons for refused in quote.refused] == [(CouponReason.USED_BY_CUSTOMER,)]
    assert quote.discount_total == 0


@pytest.mark.parametrize("codes", [("",), ("x" * 65,), tuple(f"C{at}" for at in range(MAX_CODES + 1))])
def test_malformed_codes_are_refused(scene: Scene, codes: tuple[str, ...]) -> None:
    """Empty and overlong codes, and more of them than can be weighed against each other."""
    cart_id = scene.cart()

    with pytest.raises(InvalidValue):
        quoted(scene, cart_id, *codes)
    with pytest.raises(InvalidValue):
        scene.place(cart_id, coupon_codes=codes)


ENDS: dict[str, dict[str, Any]] = {
    "disabled": {},
    "used up": {"usage_limit": 1},
    "budget spent": {"budget": Decimal("1.50")},
    "used by the customer": {"per_customer_limit": 1},
}


@pytest.mark.usefixtures("writer")
@pytest.mark.parametrize("end", ENDS)
def test_a_coupon_that_ends_while_the_order_is_written_refuses_it(
    scene: Scene, end: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the reading and the claim somebody ends it, or takes what was left of it: nothing is written."""
    monkeypatch.setattr("tests.conformance.test_checkout_guards.READING", "coupons.list_coupon_terms")
    ten = coupon(scene, **ENDS[end])
    mine, theirs = (scene.guest_cart(email="ada@example.com") for _ in range(2))
    total = quoted(scene, mine, "TEN").total

    def change(tx: Any) -> object:
        if end == "disabled":
            return tx.coupons.disable(ten.coupon_id)
        email = "ada@example.com" if end == "used by the customer" else "grace@example.com"
        return tx.checkout.place(theirs, **guest_order(total, "theirs"), email=email)

    context: Any = Interrupted(scene.shop.carts._context, change)
    with observe(url) as observer:
        before = observer.digest()
        with pytest.raises(CouponRefused):
            Checkout(context).place(mine, **guest_order(total, "mine"))
        # The other's order was part of the same unit, and is gone with it.
        assert changed_tables(before, observer.digest()) == []


def test_the_last_slot_goes_to_one(scene: Scene) -> None:
    """Eight buyers at once: one order with the discount, seven refusals, and no order without it."""
    ten = coupon(scene, usage_limit=1)
    carts = [scene.guest_cart(email=f"guest-{at}@example.com") for at in range(8)]
    total = quoted(scene, carts[0], "TEN").total

    def buy(_: int, at: int) -> Order | CouponRefused:
        try:
            order: Order = scene.shop.checkout.place(carts[at], **guest_order(total, f"k-{at}"))
        except CouponRefused as error:
            return error
        return order

    (outcomes,) = together(8, [0], buy)

    assert sum(isinstance(outcome, Order) for outcome in outcomes) == 1
    assert scene.shop.coupons.get(ten.coupon_id).used_count == 1
    assert len(scene.shop.orders.search(limit=10).items) == 1


def test_another_total_is_told_before_anything_is_claimed(scene: Scene) -> None:
    """The total without the coupon is not the one with it."""
    ten = coupon(scene)
    cart_id = scene.cart()

    with pytest.raises(TotalChanged):
        scene.place(cart_id, coupon_codes=("TEN",), expected_total=quoted(scene, cart_id).total)

    assert scene.shop.coupons.get(ten.coupon_id).used_count == 0


# --- once -------------------------------------------------------------------------------------------------------------


def test_the_codes_belong_to_the_request(scene: Scene) -> None:
    """In another order, spelling or number they are the same request; other codes are another."""
    ten = coupon(scene)
    five = coupon(scene, "FIVE", value=Decimal(5))
    cart_id = scene.cart()
    first = place(scene, cart_id, "TEN", "FIVE", idempotency_key="k")

    again = scene.place(cart_id, coupon_codes=("five", "Ten ", "FIVE"), expected_total=first.total, idempotency_key="k")

    assert again == first
    with pytest.raises(IdempotencyConflict):
        scene.place(cart_id, coupon_codes=("TEN",), expected_total=first.total, idempotency_key="k")
    used = [scene.shop.coupons.get(key).used_count for key in (ten.coupon_id, five.coupon_id)]
    assert used == [1, 0]


def test_coupons_cost_a_constant_number_of_statements(scene: Scene, engine_name: str) -> None:
    """Three to read them, two to claim them, however many; without a code an order sends none of them."""
    plain = {"postgresql": 15, "sqlite": 23}[engine_name]
    both = frozenset({CouponClass.ORDER, CouponClass.PRODUCT})
    coupon(scene, combines_with=both)
    coupon(scene, "UNIT", kind=CouponKind.FIXED_UNIT, value=Decimal("0.5"), combines_with=both)
    shop, counter = counting_shop(scene.shop)
    counts = []
    for codes in ((), ("TEN",), ("TEN", "UNIT")):
        cart_id = scene.cart(dict.fromkeys(scene.variant_ids, 1))
        total = quoted(scene, cart_id, *codes).total
        before = len(counter.names)
        scene.place(cart_id, on=shop, coupon_codes=codes, expected_total=total)
        counts.append(len(counter.names) - before)

    assert counts == [plain, plain + 5, plain + 5]


def guest_order(total: Decimal, key: str) -> dict[str, Any]:
    """A guest's order with the coupon, at a total."""
    return {
        "shipping_address": HOME,
        "shipping_method": "post",
        "coupon_codes": ("TEN",),
        "expected_total": total,
        "idempotency_key": key,
    }

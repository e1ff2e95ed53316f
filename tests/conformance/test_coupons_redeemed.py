"""Coupons on orders: claimed with the order, counted, limited per coupon and per customer, and given back once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lumia import PoolOptions, Shop, connect
from lumia.dto.coupons import Coupon, NewCoupon
from lumia.dto.customers import NewCustomer
from lumia.dto.orders import Order
from lumia.errors import CouponRefused, LumiaError
from tests.support.paging import walked
from tests.support.scene import HOME, Scene, a_scene
from tests.support.steady import SteppingClock
from tests.support.together import together

RIVALS = 100
THREADS = 20


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """A small shop in pounds with enough of everything."""
    return a_scene(shop, stock=1000)


def coupon(shop: Shop, code: str = "TEN", **changes: Any) -> Coupon:
    """Give out a coupon: ten percent off everything, with changes."""
    fields = {"code": code, "kind": "percent", "value": Decimal(10), "currency": "GBP", **changes}
    return shop.coupons.create(NewCoupon(**fields))


def placed(scene: Scene, cart_id: int, *codes: str, **changes: Any) -> Order:
    """Order a cart with codes at what they make of it."""
    email = changes.get("email")
    quote = scene.shop.checkout.quote(cart_id, shipping_method="post", country_code="GB", coupon_codes=codes)
    assert email is None or quote.total > 0
    return scene.place(cart_id, coupon_codes=codes, expected_total=quote.total, **changes)


def used(scene: Scene, made: Coupon) -> tuple[int, str]:
    """How often a coupon counts as used, and what it cost."""
    found = scene.shop.coupons.get(made.coupon_id)
    return found.used_count, str(found.spent.quantize(Decimal("0.01")))


def test_an_order_takes_a_slot_and_what_came_off(scene: Scene) -> None:
    """The redemption says how much of it was shipping."""
    order_class = coupon(scene.shop, combines_with={"shipping"})
    shipping = coupon(scene.shop, "POST", kind="free_shipping", value=Decimal(0), combines_with={"order"})

    order = placed(scene, scene.cart(), "ten", "post")

    assert (used(scene, order_class), used(scene, shipping)) == ((1, "1.00"), (1, "4.95"))
    (redemption,) = scene.shop.coupons.redemptions(shipping.coupon_id).items
    assert (redemption.order_id, redemption.customer_id) == (order.order_id, order.customer_id)
    assert (redemption.amount, redemption.shipping_amount) == (Decimal("4.95"), Decimal("4.95"))
    assert (redemption.redeemed_at, redemption.freed_at) == (order.placed_at, None)
    assert (order.discount_total, order.shipping_total) == (Decimal(1), Decimal(0))


def test_an_order_that_is_undone_takes_no_slot(scene: Scene) -> None:
    """All of it or nothing."""
    made = coupon(scene.shop, usage_limit=1)
    cart = scene.cart()
    total = scene.shop.checkout.quote(cart, shipping_method="post", country_code="GB", coupon_codes=("ten",)).total

    scene.place_and_undo(cart, coupon_codes=("ten",), expected_total=total)

    assert used(scene, made) == (0, "0.00")
    placed(scene, cart, "ten")
    assert used(scene, made) == (1, "1.00")


def test_redemptions_are_listed_latest_first_page_by_page(scene: Scene) -> None:
    """Every one once, whatever the page's size."""
    made = coupon(scene.shop)
    orders = [placed(scene, scene.cart(), "ten").order_id for _ in range(4)]

    for size in (1, 3, 4, 5):
        pages = walked(
            lambda after, size=size: scene.shop.coupons.redemptions(made.coupon_id, limit=size, after=after)  # type: ignore[misc]
        )
        assert [redemption.order_id for page in pages for redemption in page.items] == orders[::-1]


def test_a_cancelled_order_gives_its_slot_back_once(scene: Scene) -> None:
    """With its part of the budget; the coupon can be used again, and the redemption says when it ended."""
    made = coupon(scene.shop, usage_limit=1, budget=Decimal("1.00"), per_customer_limit=1)
    order = placed(scene, scene.cart(), "ten")
    cart = scene.cart()
    with pytest.raises(CouponRefused, match="used_up, used_by_customer, over_budget"):
        scene.place(cart, coupon_codes=("ten",), expected_total=Decimal(1))

    for _ in range(2):
        scene.shop.orders.cancel(order.order_id, actor="shop", reason="changed mind")

    assert used(scene, made) == (0, "0.00")
    assert scene.shop.coupons.redemptions(made.coupon_id).items[0].freed_at is not None
    placed(scene, cart, "ten")
    assert used(scene, made) == (1, "1.00")


def test_an_order_that_expires_gives_its_slot_back(scene: Scene, clock: SteppingClock) -> None:
    """The sweeper does what a cancellation does."""
    made = coupon(scene.shop)
    placed(scene, scene.cart(), "ten")

    clock.advance(timedelta(days=1))
    scene.shop.orders.expire_pending()

    assert used(scene, made) == (0, "0.00")


def test_a_customers_limit_counts_by_key_and_by_address(scene: Scene) -> None:
    """A guest with the customer's address is the customer; whoever has another address is not."""
    made = coupon(scene.shop, per_customer_limit=1)
    placed(scene, scene.cart(), "ten")

    assert scene.shop.coupons.check("ten", scene.cart()).reasons == ("used_by_customer",)
    assert scene.shop.coupons.check("ten", scene.guest_cart(email="ADA@Example.org")).reasons == ("used_by_customer",)
    for email in ("ADA@example.org", "ada@EXAMPLE.org"):
        with pytest.raises(CouponRefused):
            placed(scene, scene.guest_cart(), "ten", shipping_address=HOME, email=email)
    placed(scene, scene.guest_cart(), "ten", shipping_address=HOME, email="grace@example.org")
    assert used(scene, made) == (2, "2.00")


def test_a_guests_limit_counts_by_the_address_left_with_the_cart(scene: Scene) -> None:
    """Known before the order is written or only then: it is refused, and nothing is left behind."""
    made = coupon(scene.shop, per_customer_limit=1)
    placed(scene, scene.guest_cart(email="grace@example.org"), "ten", shipping_address=HOME)

    again = scene.guest_cart(email="Grace@Example.org")
    with pytest.raises(CouponRefused):
        scene.place(again, coupon_codes=("ten",), shipping_address=HOME, expected_total=Decimal("15.75"))

    assert used(scene, made) == (1, "1.00")
    assert scene.shop.orders.list().items[0].total == Decimal("15.75")


def rivals(scene: Scene, url: str, carts: list[int], code: str, **changes: Any) -> list[object]:
    """Order all the carts with one code, as many at once as there are threads; give the orders and the errors."""
    total = scene.shop.checkout.quote(carts[0], shipping_method="post", country_code="GB", coupon_codes=(code,)).total
    rounds = [carts[at : at + THREADS] for at in range(0, len(carts), THREADS)]
    with connect(url, pool=PoolOptions(size=8, lock_timeout=120, statement_timeout=0, timeout=120)) as shop:

        def order(row: list[int], number: int) -> object:
            try:
                return shop.checkout.place(
                    row[number],
                    shipping_address=HOME,
                    shipping_method="post",
                    coupon_codes=(code,),
                    expected_total=total,
                    idempotency_key="once",
                    **changes,
                )
            except LumiaError as error:
                return error

        return [answer for row in together(THREADS, rounds, order) for answer in row]


def winners(answers: list[object]) -> int:
    """How many ordered; everybody else was told that the coupon is used up."""
    refused = [answer for answer in answers if isinstance(answer, LumiaError)]
    assert {type(error) for error in refused} == {CouponRefused}, refused
    return len(answers) - len(refused)


@pytest.mark.slow
@pytest.mark.parametrize("limit", [{"usage_limit": 1}, {"budget": Decimal("1.99")}], ids=["last-slot", "last-money"])
def test_of_100_who_want_the_last_of_a_coupon_one_gets_it(scene: Scene, url: str, limit: dict[str, Any]) -> None:
    """Each from a cart and with an address of their own; the others' orders are not written."""
    made = coupon(scene.shop, **limit)
    carts = [scene.guest_cart(email=f"guest{number}@example.org") for number in range(RIVALS)]

    answers = rivals(scene, url, carts, "ten")

    assert winners(answers) == 1
    assert used(scene, made) == (1, "1.00")
    assert len(scene.shop.orders.list().items) == 1


@pytest.mark.slow
def test_of_100_orders_of_one_address_one_gets_the_customers_slot(scene: Scene, url: str) -> None:
    """Guests are one customer by their address, however it is spelt, and however many of them order at once."""
    made = coupon(scene.shop, per_customer_limit=1)
    carts = [scene.guest_cart(email="grace@example.org" if at % 2 else "GRACE@example.org") for at in range(RIVALS)]

    answers = rivals(scene, url, carts, "ten")

    assert winners(answers) == 1
    assert used(scene, made) == (1, "1.00")


def test_a_slot_that_is_freed_by_many_is_freed_once(scene: Scene, url: str) -> None:
    """Cancelling at the same moment counts it back once."""
    made = coupon(scene.shop)
    kept = placed(scene, scene.cart(), "ten")
    order = placed(scene, scene.cart(), "ten")
    with connect(url, pool=PoolOptions(size=8, lock_timeout=120)) as shop:
        together(8, [order.order_id], lambda key, _: shop.orders.cancel(key, actor="shop"))

    assert used(scene, made) == (1, "1.00")
    assert [found.freed_at is None for found in scene.shop.coupons.redemptions(made.coupon_id).items] == [False, True]
    assert kept.order_id == scene.shop.coupons.redemptions(made.coupon_id).items[1].order_id


def test_who_orders_under_another_address_is_still_the_same_customer(scene: Scene) -> None:
    """The key of the customer counts beside the address of the order."""
    made = coupon(scene.shop, per_customer_limit=1)
    placed(scene, scene.cart(), "ten", email="ada.at.work@example.org")
    other = scene.shop.customers.register(NewCustomer(email="ada.at.work@example.org"))
    address = scene.shop.customers.add_address(other.customer_id, address=HOME)

    assert scene.shop.coupons.check("ten", scene.cart()).reasons == ("used_by_customer",)
    with pytest.raises(CouponRefused):
        placed(scene, scene.cart(customer_id=other.customer_id), "ten", shipping_address=address.address_id)
    assert used(scene, made) == (1, "1.00")

"""What checkout refuses on both engines, with which error, and that a refusal leaves nothing behind."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lumia.dto.customers import NewCustomer
from lumia.errors import (
    CouponRefused,
    IllegalTransition,
    InsufficientStock,
    InvalidValue,
    LumiaError,
    NotFound,
    TotalChanged,
    UnavailableItem,
)
from tests.support.digests import changed_tables, observe
from tests.support.scene import HOME, OFFICE, Scene, a_scene


@pytest.fixture
def scene(shop: Any) -> Scene:
    """A shop that is ready to sell."""
    return a_scene(shop)


def test_an_oversell_is_refused_with_skus_and_units(scene: Scene) -> None:
    """Whoever wants more than there is learns of what and how much is left."""
    mug, cup, _ = scene.variant_ids
    cart_id = scene.cart({mug: 11, cup: 10})

    with pytest.raises(InsufficientStock, match=r"MUG-0 \(wanted 11, available 10\)$"):
        scene.place(cart_id)


def test_every_short_variant_is_named(scene: Scene) -> None:
    """One message for all of them, so that the customer corrects the cart once."""
    mug, cup, spoon = scene.variant_ids
    cart_id = scene.cart({mug: 11, cup: 1, spoon: 12})

    with pytest.raises(
        InsufficientStock, match=r"MUG-0 \(wanted 11, available 10\), MUG-2 \(wanted 12, available 10\)"
    ):
        scene.place(cart_id)


def test_units_at_an_inactive_location_cannot_be_sold(scene: Scene) -> None:
    """A location that is closed promises nothing."""
    scene.shop.stock.update_location(scene.main_id, is_active=False)

    with pytest.raises(InsufficientStock, match="available 0"):
        scene.place(scene.cart())


def test_another_total_than_the_expected_one_is_refused_with_both(scene: Scene) -> None:
    """The customer who agreed to a total pays that or nothing."""
    cart_id = scene.cart()

    with pytest.raises(TotalChanged, match=r"the total is 16\.95 GBP, not 16\.94"):
        scene.place(cart_id, expected_total=Decimal("16.94"))


def test_a_price_that_changed_after_the_quote_refuses_the_order(scene: Scene) -> None:
    """Neither the old nor the new price is taken behind the customer's back."""
    cart_id = scene.cart()
    total = scene.total(cart_id)
    scene.shop.catalog.set_price(scene.variant_ids[0], price=Decimal("9.00"))

    with pytest.raises(TotalChanged):
        scene.place(cart_id, expected_total=total)


def test_settings_that_changed_after_the_quote_refuse_the_order(scene: Scene) -> None:
    """Prices that include tax from now on come to another total."""
    cart_id = scene.cart()
    total = scene.total(cart_id)
    scene.shop.settings.update(prices_include_tax=True)

    with pytest.raises(TotalChanged):
        scene.place(cart_id, expected_total=total)


def test_a_cart_in_a_currency_that_the_shop_left_cannot_be_ordered(scene: Scene) -> None:
    """Its prices would be read as amounts of another currency."""
    cart_id = scene.cart()
    scene.shop.settings.update(currency="EUR")

    with pytest.raises(IllegalTransition, match="EUR"):
        scene.place(cart_id, expected_total=Decimal("16.95"))


@pytest.mark.parametrize("retire", ["variant", "product"])
def test_what_is_no_longer_for_sale_is_refused_by_sku(scene: Scene, retire: str) -> None:
    """A retired variant, or one of an archived product, is named."""
    cart_id = scene.cart()
    total = scene.total(cart_id)
    if retire == "variant":
        scene.shop.catalog.update_variant(scene.variant_ids[0], is_active=False)
    else:
        scene.shop.catalog.archive(scene.product_id)

    with pytest.raises(UnavailableItem, match="MUG-0"):
        scene.place(cart_id, expected_total=total)


def test_a_cart_is_ordered_once(scene: Scene) -> None:
    """A second order of the same cart under another key is no replay."""
    cart_id = scene.cart()
    total = scene.total(cart_id)
    scene.place(cart_id, expected_total=total)

    with pytest.raises(IllegalTransition, match="converted"):
        scene.place(cart_id, expected_total=total)


def test_a_customer_who_is_not_active_cannot_order(scene: Scene) -> None:
    """A deactivated customer's open cart stays unordered."""
    cart_id = scene.cart()
    total = scene.total(cart_id)
    scene.shop.customers.deactivate(scene.customer_id)

    with pytest.raises(IllegalTransition, match="not active"):
        scene.place(cart_id, expected_total=total)


def test_a_coupon_code_is_refused_and_never_dropped(scene: Scene) -> None:
    """An order without the discount that the customer counts on is the wrong order."""
    cart_id = scene.cart()

    with pytest.raises(CouponRefused):
        scene.place(cart_id, coupon_codes=("SPRING",))


def test_addresses_of_others_and_archived_ones_are_refused(scene: Scene) -> None:
    """An order goes to an address that its customer has now, for shipping as for billing."""
    other = scene.shop.customers.register(NewCustomer(email="grace@example.org"))
    theirs = scene.shop.customers.add_address(other.customer_id, address=HOME)
    old = scene.shop.customers.add_address(scene.customer_id, address=OFFICE)
    scene.shop.customers.archive_address(scene.customer_id, address_id=old.address_id)
    cart_id = scene.cart()

    for address_id in (theirs.address_id, old.address_id, 10**9):
        with pytest.raises(NotFound, match="address"):
            scene.place(cart_id, shipping_address=address_id)
        with pytest.raises(NotFound, match="address"):
            scene.place(cart_id, billing_address=address_id)


def test_a_guest_needs_an_e_mail_address_and_a_new_postal_one(scene: Scene) -> None:
    """Without either nobody could be told, and nothing sent; a stored address belongs to somebody else."""
    cart_id = scene.guest_cart()

    with pytest.raises(InvalidValue, match="email"):
        scene.place(cart_id, shipping_address=HOME)
    with pytest.raises(NotFound, match="address"):
        scene.place(cart_id, email="grace@example.org")


@pytest.mark.parametrize("method", ["gone", "retired", "elsewhere"])
def test_a_way_to_send_that_is_not_offered_is_refused(scene: Scene, method: str) -> None:
    """Unknown, retired, or not serving the country: each is an error before anything is written."""
    retired = scene.shop.delivery.create_shipping_method(code="retired", name="Old", price=Decimal(1))
    scene.shop.delivery.update_shipping_method(retired.shipping_method_id, is_active=False)
    scene.shop.delivery.create_shipping_method(code="elsewhere", name="FR", price=Decimal(1), countries=("FR",))
    cart_id = scene.cart()

    with pytest.raises((NotFound, InvalidValue), match="shipping_method"):
        scene.place(cart_id, shipping_method=method, expected_total=Decimal("13.00"))


def refusals(scene: Scene) -> dict[str, dict[str, Any]]:
    """Make one request for each kind of refusal, each of a cart of its own."""
    mug = scene.variant_ids[0]
    other = scene.shop.customers.register(NewCustomer(email="grace@example.org"))
    return {
        "short": {"cart_id": scene.guest_cart({mug: 11}), "shipping_address": HOME, "email": "a@example.org"},
        "total": {"cart_id": scene.cart(), "expected_total": Decimal(1)},
        "empty": {"cart_id": scene.shop.carts.for_customer(other.customer_id).cart_id, "expected_total": Decimal(1)},
        "no e-mail": {"cart_id": scene.guest_cart(), "shipping_address": HOME},
        "address": {"cart_id": scene.guest_cart(), "billing_address": HOME},
        "no cart": {"cart_id": 10**9, "expected_total": Decimal(1)},
    }


@pytest.mark.parametrize("kind", ["short", "total", "empty", "no e-mail", "address", "no cart"])
def test_a_refused_order_leaves_every_table_as_it_was(scene: Scene, url: str, kind: str) -> None:
    """No key is used up, no customer or address made, no unit taken: the customer may correct and try again."""
    request = refusals(scene)[kind]
    if "expected_total" not in request:
        request["expected_total"] = scene.total(request["cart_id"])
    with observe(url) as observer:
        before = observer.digest()

        with pytest.raises(LumiaError):
            scene.place(**request)

        assert changed_tables(before, observer.digest()) == []


def test_a_refused_order_leaves_the_callers_transaction_usable(scene: Scene) -> None:
    """Inside a transaction the refusal is a savepoint's: what came before stays, and more can follow."""
    mug, cup, _ = scene.variant_ids
    short, fine = scene.guest_cart({mug: 11}), scene.cart({cup: 1})
    total = scene.total(short)

    with scene.shop.transaction() as tx:
        tx.catalog.set_price(cup, price=Decimal("3.00"))
        with pytest.raises(InsufficientStock):
            scene.place(short, on=tx, shipping_address=HOME, email="grace@example.org", expected_total=total)
        order = scene.place(fine, on=tx, expected_total=Decimal("8.55"))

    assert scene.shop.orders.get(order.order_id) == order
    assert scene.levels(mug) == {scene.main_id: (10, 0)}

"""What is no key, number, text or instant is refused by name, instead of being taken for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal, Inexact, localcontext
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from lumia.dto.carts import PricedCart
from lumia.dto.coupons import NewCoupon
from lumia.errors import InvalidValue
from lumia.types import CouponKind, Instant, UtcDatetime
from tests.support.reviewed import lay_reviewed
from tests.support.scene import Scene, a_scene

Attempt = Callable[[Any, Scene], object]

NUMBERS: dict[str, Attempt] = {
    "True for a variant": lambda shop, at: shop.carts.set_item(at.cart(), variant_id=True, quantity=1),
    "a text for a variant": lambda shop, at: shop.carts.set_item(at.cart(), variant_id="1", quantity=1),
    "True for a quantity": lambda shop, at: shop.carts.set_item(at.cart(), variant_id=1, quantity=True),
    "a text for a quantity": lambda shop, at: shop.carts.set_item(at.cart(), variant_id=1, quantity="2"),
    "True for a location": lambda shop, _: shop.stock.receive(1, location_id=True, quantity=1),
    "True for units": lambda shop, at: shop.stock.receive(1, location_id=at.main_id, quantity=True),
    "True for a delta": lambda shop, at: shop.stock.adjust(1, location_id=at.main_id, delta=True, reason="x"),
    "True for a level": lambda shop, at: shop.stock.set_levels(1, location_id=at.main_id, backorder_limit=True),
    "True for a priority": lambda shop, at: shop.stock.update_location(at.main_id, priority=True),
    "True among variants": lambda shop, _: shop.stock.available([True]),
    "True for a customer": lambda shop, _: shop.carts.merge("x", customer_id=True),
    "True for a wishlist's customer": lambda shop, _: shop.wishlists.create(customer_id=True, name="a"),
    "True for a review's customer": lambda shop, _: shop.reviews.write(customer_id=True, order_item_id=1, rating=5),
    "True for a category": lambda shop, _: shop.catalog.create_product(category_id=True, slug="z", name="z"),
    "True for days": lambda shop, _: shop.catalog.lowest_price(1, days=True),
    "True for minutes": lambda shop, _: shop.settings.update(order_expiry_minutes=True),
}

OTHERS: dict[str, Attempt] = {
    "a number for an instant": lambda shop, at: shop.stock.reserve(at.cart(), until=4102444800),
    "a text for an instant": lambda shop, at: shop.stock.reserve(at.cart(), until="2099-01-01T00:00:00Z"),
    "a date without a zone": lambda shop, at: shop.stock.reserve(at.cart(), until=datetime(2099, 1, 1)),  # noqa: DTZ001
    "zero for an instant": lambda shop, _: shop.carts.abandoned(before=0),
    "bytes for a slug": lambda shop, _: shop.catalog.by_slug(b"mug"),
    "bytes for a SKU": lambda shop, _: shop.catalog.variant_by_sku(b"MUG-0"),
    "None for a SKU": lambda shop, _: shop.catalog.variant_by_sku(None),
    "bytes for a token": lambda shop, _: shop.carts.by_token(b"x"),
    "an int for variants": lambda shop, _: shop.stock.available(5),
    "None for variants": lambda shop, _: shop.stock.available(None),
    "a text for variants": lambda shop, _: shop.stock.available("12"),
    "None for receipts": lambda shop, _: shop.stock.receive_many(None),
    "None for images": lambda shop, at: shop.catalog.reorder_images(at.product_id, None),
    "None for parts": lambda shop, _: shop.catalog.create_bundle(sku="b", slug="b", name="b", price=1, items=None),
    "a text for values": lambda shop, at: shop.catalog.add_option(at.product_id, name="x", values="abc"),
    "None for values": lambda shop, at: shop.catalog.add_option(at.product_id, name="x", values=None),
    "a text for countries": lambda shop, _: shop.delivery.create_shipping_method(
        code="x", name="x", price=1, countries="GB"
    ),
    "another host for a path": lambda shop, at: shop.catalog.add_image(at.product_id, url="//evil.example/x"),
    "another host behind a slash": lambda shop, at: shop.catalog.add_image(at.product_id, url="///evil.example/x"),
}


@pytest.fixture
def scene(shop: Any) -> Scene:
    """A shop that is ready to sell."""
    return a_scene(shop)


@pytest.mark.parametrize("what", NUMBERS)
def test_neither_true_nor_a_text_is_a_number(scene: Scene, what: str) -> None:
    """True meant row 1 or one unit, and a text of digits whatever it spelt."""
    with pytest.raises(InvalidValue):
        NUMBERS[what](scene.shop, scene)


@pytest.mark.parametrize("what", OTHERS)
def test_what_is_of_another_type_is_refused(scene: Scene, what: str) -> None:
    """Some were taken for something else; others escaped as a TypeError, or as an error of the queries."""
    with pytest.raises(InvalidValue):
        OTHERS[what](scene.shop, scene)


def test_an_instant_is_read_from_json_but_never_from_a_number() -> None:
    """1700000000 may be seconds or milliseconds: it was guessed; text is how JSON has instants, and bodies too."""
    kept, given = TypeAdapter[datetime](UtcDatetime), TypeAdapter[datetime](Instant)
    text, moment = "2026-01-31T13:00:00+01:00", datetime(2026, 1, 31, 12, tzinfo=UTC)

    coupon = NewCoupon(code="X", kind=CouponKind.FIXED_ORDER, value=Decimal(1), currency="GBP", valid_from=text)

    assert coupon.valid_from == kept.validate_python(text) == kept.validate_json(f'"{text}"') == moment
    assert given.validate_python(moment) == given.validate_json(f'"{text}"') == moment
    for adapter in (kept, given):
        for document in ("1700000000", '"1700000000"', "true"):
            with pytest.raises(ValidationError):
                adapter.validate_json(document)
        for wrong in (1700000000, "1700000000", True, moment.replace(tzinfo=None)):
            with pytest.raises(ValidationError):
                adapter.validate_python(wrong)
    with pytest.raises(ValidationError):
        given.validate_python(text)


def test_what_was_written_as_json_is_read_back(scene: Scene) -> None:
    """Strict input is for what callers hand in: a client still reads what a service gave out, from text or a dict."""
    cart = scene.shop.carts.get(scene.cart({scene.variant_ids[0]: 2}))

    text = cart.model_dump_json()

    assert PricedCart.model_validate_json(text) == cart
    assert PricedCart.model_validate(cart.model_dump(mode="json")) == cart


@pytest.mark.parametrize("text", ["1E+1000000", "-1E+999999", "1E-1000000", "1e11"])
def test_a_number_far_out_of_range_is_refused(scene: Scene, text: str) -> None:
    """The check itself overflowed: `decimal.Overflow` came instead of `InvalidValue`."""
    with pytest.raises(InvalidValue):
        scene.shop.catalog.set_price(scene.variant_ids[0], price=Decimal(text))
    with pytest.raises(InvalidValue):
        scene.shop.delivery.add_tax_rate(country_code="FR", rate=Decimal(text))


def test_an_average_is_rounded_once_whatever_the_callers_context(shop: Any) -> None:
    """It was divided in the caller's context: with two digits 3.67 became 3.70."""
    reviewed = lay_reviewed(shop)
    for number, rating in enumerate((5, 4, 2), 1):
        reviewed.shown(number, rating)

    with localcontext(Context(prec=2)):
        average = shop.reviews.summary(reviewed.product_id).average

    assert average == Decimal("3.67")


def test_the_callers_decimal_context_changes_nothing(scene: Scene) -> None:
    """Money and rates were checked in it: with few digits good prices were refused, and rows that were read."""
    shop, variant_id = scene.shop, scene.variant_ids[0]

    with localcontext(Context(prec=2, traps=[Inexact])):
        price = shop.catalog.set_price(variant_id, price=Decimal("12345.67")).price
        read = shop.carts.get(scene.cart({variant_id: 3})).subtotal
        rate = shop.delivery.add_tax_rate(
            country_code="FR", rate=Decimal("0.055125"), valid_from=datetime.now(UTC) + timedelta(days=1)
        ).rate

    assert (price, read, rate) == (Decimal("12345.67"), Decimal("37037.01"), Decimal("0.055125"))

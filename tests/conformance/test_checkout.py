"""Checkout on both engines: what a quote says, what an order becomes, and what is written beside it."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lumia.errors import IllegalTransition, InvalidValue, NotFound
from lumia.types import CartStatus, FulfillmentStatus, OrderStatus, OrderStatusFrom, PaymentStatus
from tests.support.scene import HOME, OFFICE, Scene, a_scene


@pytest.fixture
def scene(shop: Any) -> Scene:
    """A shop that is ready to sell."""
    return a_scene(shop)


def test_a_quote_shows_every_line_and_adds_up(scene: Scene) -> None:
    """A customer sees what each line costs, with tax and its reason, and what all of it comes to."""
    mug, cup, _ = scene.variant_ids
    cart_id = scene.cart({mug: 2, cup: 3})

    quote = scene.shop.checkout.quote(cart_id, shipping_method="post", country_code="GB")

    assert [(line.sku, line.name, line.quantity, line.unit_price) for line in quote.lines] == [
        ("MUG-0", "Mug", 2, Decimal("10.00")),
        ("MUG-1", "Mug", 3, Decimal("2.50")),
    ]
    assert [(line.amount, line.discount, line.tax, line.line_total) for line in quote.lines] == [
        (Decimal("20.00"), Decimal(0), Decimal("4.00"), Decimal("24.00")),
        (Decimal("7.50"), Decimal(0), Decimal("1.50"), Decimal("9.00")),
    ]
    assert {(line.tax_rate, line.tax_reason) for line in quote.lines} == {(Decimal("0.2"), "GB")}
    assert (quote.subtotal, quote.shipping_total, quote.tax_total, quote.total) == (
        Decimal("27.50"),
        Decimal("4.95"),
        Decimal("5.50"),
        Decimal("37.95"),
    )
    assert (quote.discount_total, quote.tax_included_total, quote.currency) == (Decimal(0), Decimal(0), "GBP")
    assert quote.cart_version == scene.shop.carts.get(cart_id).version
    assert quote.available


def test_a_quote_with_inclusive_prices_tells_the_tax_beside_the_sum(shop: Any) -> None:
    """Where prices include tax, the customer pays the price, and the invoice needs the tax within it."""
    scene = a_scene(shop, prices=("12.00",), include_tax=True)
    cart_id = scene.cart()

    quote = scene.shop.checkout.quote(cart_id, shipping_method="post", country_code="GB")

    assert (quote.tax_total, quote.tax_included_total, quote.total) == (Decimal(0), Decimal("2.00"), Decimal("16.95"))


def test_a_quote_for_an_address_equals_one_for_its_place(scene: Scene) -> None:
    """Tax and delivery look at the country and region, wherever they come from."""
    cart_id = scene.cart()

    by_address = scene.shop.checkout.quote(cart_id, shipping_method="post", shipping_address=scene.address_id)

    assert by_address == scene.shop.checkout.quote(cart_id, shipping_method="post", country_code="GB")


def test_a_quote_says_which_line_stock_does_not_cover(scene: Scene) -> None:
    """The customer learns before the order which line to take back."""
    mug, cup, _ = scene.variant_ids
    cart_id = scene.cart({mug: 11, cup: 10})

    quote = scene.shop.checkout.quote(cart_id, shipping_method="post", country_code="GB")

    assert [line.available for line in quote.lines] == [False, True]
    assert not quote.available


def test_a_quote_marks_a_line_that_is_not_for_sale(scene: Scene) -> None:
    """A variant that was retired after it went into the cart cannot be ordered, and says so."""
    cart_id = scene.cart()
    scene.shop.catalog.update_variant(scene.variant_ids[0], is_active=False)

    quote = scene.shop.checkout.quote(cart_id, shipping_method="post", country_code="GB")

    assert [line.available for line in quote.lines] == [False]


def test_shipping_is_free_once_the_goods_reach_the_threshold(scene: Scene) -> None:
    """Fifty pounds of goods ship for nothing, a penny less does not."""
    mug, _, spoon = scene.variant_ids
    below = scene.cart({mug: 4, spoon: 10})
    quote_below = scene.shop.checkout.quote(below, shipping_method="post", country_code="GB")

    scene.fill(below, {mug: 5, spoon: 1})
    quote_above = scene.shop.checkout.quote(below, shipping_method="post", country_code="GB")

    assert (quote_below.subtotal, quote_below.shipping_total) == (Decimal("49.90"), Decimal("4.95"))
    assert (quote_above.subtotal, quote_above.shipping_total) == (Decimal("50.99"), Decimal(0))


def test_the_closest_tax_rate_counts_at_its_time(scene: Scene) -> None:
    """A category's own rate goes before the country's, and a rate counts from its start to its end."""
    now = scene.shop.carts.for_customer(scene.customer_id).created_at
    scene.shop.delivery.add_tax_rate(
        country_code="GB", rate=Decimal("0.05"), category_id=scene.category_id, valid_from=now - timedelta(days=2)
    )
    scene.shop.delivery.add_tax_rate(
        country_code="IE", rate=Decimal("0.23"), valid_from=now - timedelta(days=2), valid_to=now - timedelta(days=1)
    )
    cart_id = scene.cart()

    at_home = scene.shop.checkout.quote(cart_id, shipping_method="post", country_code="GB")
    abroad = scene.shop.checkout.quote(cart_id, shipping_method="post", country_code="IE")

    assert [(line.tax_rate, line.tax_reason) for line in at_home.lines] == [(Decimal("0.05"), "GB, for the category")]
    assert [(line.tax_rate, line.tax_reason) for line in abroad.lines] == [(Decimal(0), "no rate for IE")]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"shipping_method": "pigeon", "country_code": "GB"}, NotFound),
        ({"shipping_method": "post", "country_code": "FR"}, InvalidValue),
        ({"shipping_method": "post", "country_code": "gb"}, InvalidValue),
        ({"shipping_method": "post"}, InvalidValue),
        ({"shipping_method": "post", "country_code": "GB", "shipping_address": 1}, InvalidValue),
        ({"shipping_method": "post", "shipping_address": 10**9}, NotFound),
        ({"shipping_method": "post", "shipping_address": True}, InvalidValue),
        ({"shipping_method": "", "country_code": "GB"}, InvalidValue),
    ],
)
def test_a_quote_refuses_a_way_to_send_that_does_not_exist(
    scene: Scene, arguments: dict[str, Any], error: type[Exception]
) -> None:
    """An unknown method, a country that it does not serve, a missing or malformed destination each have their error."""
    cart_id = scene.cart()

    with pytest.raises(error):
        scene.shop.checkout.quote(cart_id, **arguments)


def test_a_quote_needs_an_active_cart_with_lines(scene: Scene) -> None:
    """An unknown cart, an empty one and an ordered one have no quote."""
    empty = scene.shop.carts.create_guest()[0].cart_id
    ordered = scene.cart()
    scene.place(ordered)

    with pytest.raises(NotFound):
        scene.shop.checkout.quote(10**9, shipping_method="post", country_code="GB")
    with pytest.raises(InvalidValue):
        scene.shop.checkout.quote(empty, shipping_method="post", country_code="GB")
    with pytest.raises(IllegalTransition):
        scene.shop.checkout.quote(ordered, shipping_method="post", country_code="GB")


def test_an_order_is_what_was_quoted(scene: Scene) -> None:
    """Every amount of the order is the quote's, line by line, and the order keeps what was true when it was sold."""
    mug, cup, _ = scene.variant_ids
    cart_id = scene.cart({mug: 2, cup: 3})
    quote = scene.shop.checkout.quote(cart_id, shipping_method="post", shipping_address=scene.address_id)

    order = scene.place(cart_id, expected_total=quote.total)

    names = ("variant_id", "sku", "name", "unit_price", "quantity", "amount", "discount", "tax_rate", "tax_reason")
    more = ("tax", "tax_included", "line_total")
    assert [{name: getattr(item, name) for name in names + more} for item in order.items] == [
        {name: getattr(line, name) for name in names + more} for line in quote.lines
    ]
    totals = ("subtotal", "discount_total", "shipping_total", "tax_total", "tax_included_total", "total", "currency")
    assert {name: getattr(order, name) for name in totals} == {name: getattr(quote, name) for name in totals}
    assert [(item.position, item.category_name, item.product_id) for item in order.items] == [
        (1, "Kitchen", scene.product_id),
        (2, "Kitchen", scene.product_id),
    ]
    assert {item.sold_at for item in order.items} == {order.placed_at}
    assert order.shipping_method_code == "post"


def test_a_placed_order_waits_for_its_payment(scene: Scene) -> None:
    """A new order is pending, unpaid and unfulfilled, and expires after the shop's time for that."""
    order = scene.place(scene.cart())

    assert (order.status, order.payment_status, order.fulfillment_status) == (
        OrderStatus.PENDING,
        PaymentStatus.NONE,
        FulfillmentStatus.UNFULFILLED,
    )
    assert order.expires_at == order.placed_at + timedelta(minutes=30)
    assert [(step.from_status, step.to_status, step.actor) for step in order.history] == [
        (OrderStatusFrom.NEW, OrderStatus.PENDING, "customer")
    ]
    assert order.history[0].changed_at == order.placed_at
    assert (order.customer_id, order.email) == (scene.customer_id, "ada@example.org")
    assert order == scene.shop.orders.get(order.order_id)


def test_an_order_takes_its_units_out_of_what_can_be_sold(scene: Scene) -> None:
    """The ledger gets one row per line and location, the counters follow, and nothing leaves the shelf yet."""
    mug, cup, _ = scene.variant_ids

    order = scene.place(scene.cart({mug: 2, cup: 3}), actor="till 4")

    assert scene.levels(mug) == {scene.main_id: (10, 2)}
    assert scene.levels(cup) == {scene.main_id: (10, 3)}
    assert [row.available for row in scene.shop.stock.available([mug, cup])] == [8, 7]
    assert [(entry.location_id, entry.quantity) for entry in order.allocations] == [
        (scene.main_id, 2),
        (scene.main_id, 3),
    ]
    newest = scene.shop.stock.movements(variant_id=mug).items[0]
    assert (newest.kind.value, newest.on_hand_delta, newest.allocated_delta) == ("allocated", 0, 2)
    assert (newest.order_item_id, newest.actor) == (order.items[0].order_item_id, "till 4")
    assert newest.moved_at == order.placed_at


def test_a_line_is_split_over_locations_only_when_it_must_be(scene: Scene) -> None:
    """Twelve are only there together, eleven of another lie in the annex whole."""
    mug, cup, _ = scene.variant_ids
    scene.stocked(mug, 5, annex=True)
    scene.stocked(cup, 11, annex=True)

    order = scene.place(scene.cart({mug: 12, cup: 11}))

    assert [(entry.order_item_id, entry.location_id, entry.quantity) for entry in order.allocations] == [
        (order.items[0].order_item_id, scene.main_id, 10),
        (order.items[0].order_item_id, scene.annex_id, 2),
        (order.items[1].order_item_id, scene.annex_id, 11),
    ]
    assert scene.levels(mug) == {scene.main_id: (10, 10), scene.annex_id: (5, 2)}


def test_back_orders_may_be_sold_up_to_their_limit(scene: Scene) -> None:
    """A shop that says so sells units that are still to come."""
    mug = scene.variant_ids[0]
    scene.shop.stock.set_levels(mug, location_id=scene.main_id, backorder_limit=5)

    scene.place(scene.cart({mug: 15}))

    assert scene.levels(mug) == {scene.main_id: (10, 15)}


def test_an_order_closes_its_cart_and_the_next_one_is_new(scene: Scene) -> None:
    """What was ordered is no longer in a cart that could be ordered again."""
    cart_id = scene.cart()

    order = scene.place(cart_id)

    assert order.cart_id == cart_id
    assert scene.shop.carts.get(cart_id).status is CartStatus.CONVERTED
    assert scene.shop.carts.for_customer(scene.customer_id).cart_id != cart_id


def test_an_order_is_told_to_other_systems_in_its_own_transaction(scene: Scene) -> None:
    """The event carries the public id and the exact total as text, and no personal data."""
    order = scene.place(scene.cart())

    (event,) = scene.shop.outbox.pending().items
    assert (event.kind, event.subject) == ("order.placed", f"order:{order.public_id}")
    assert json.loads(event.payload) == {"currency": "GBP", "order": str(order.public_id), "total": "16.95"}
    assert event.created_at == order.placed_at


def test_a_free_order_is_paid_at_once(shop: Any) -> None:
    """Nothing to pay: two steps of history, two events, and no time that could run out."""
    scene = a_scene(shop, prices=("0.00",))
    scene.shop.delivery.create_shipping_method(code="pickup", name="Pick-up", price=Decimal(0))

    order = scene.place(scene.cart(), shipping_method="pickup", expected_total=Decimal(0))

    assert (order.status, order.payment_status, order.expires_at) == (OrderStatus.PAID, PaymentStatus.PAID, None)
    assert [(step.from_status.value, step.to_status.value) for step in order.history] == [
        ("new", "pending"),
        ("pending", "paid"),
    ]
    assert [event.kind for event in scene.shop.outbox.pending().items] == ["order.placed", "order.paid"]


def test_order_numbers_grow_and_no_two_are_equal(scene: Scene) -> None:
    """Each order has a number of its own, larger than those before."""
    numbers = [scene.place(scene.cart({scene.variant_ids[0]: 1})).order_number for _ in range(3)]

    assert numbers == sorted(set(numbers))


def test_a_customer_may_give_new_addresses(scene: Scene) -> None:
    """New addresses are stored with the order; the billing address may differ."""
    order = scene.place(scene.cart(), shipping_address=OFFICE, billing_address=HOME)

    assert (order.shipping_address.recipient, order.billing_address.recipient) == (OFFICE.recipient, HOME.recipient)
    stored = scene.shop.customers.addresses(scene.customer_id).items
    assert {order.shipping_address.address_id, order.billing_address.address_id} < {row.address_id for row in stored}


def test_a_guest_becomes_a_guest_customer_with_the_order(scene: Scene) -> None:
    """A guest needs no account: the order brings the customer row, the e-mail and the address."""
    cart_id = scene.guest_cart(email="grace@example.org")

    order = scene.place(cart_id, shipping_address=HOME)

    customer = scene.shop.customers.get(order.customer_id)
    assert (customer.is_guest, customer.email, customer.name) == (True, "grace@example.org", HOME.recipient)
    assert order.email == "grace@example.org"
    assert order.shipping_address == order.billing_address
    assert order.shipping_address.customer_id == order.customer_id


def test_the_e_mail_given_with_the_order_goes_before_the_carts(scene: Scene) -> None:
    """The guest who corrects the address at the last step gets the confirmation there."""
    cart_id = scene.guest_cart(email="typo@example.org")

    order = scene.place(cart_id, shipping_address=HOME, email="grace@example.org")

    assert order.email == "grace@example.org"


def test_two_guests_may_share_an_e_mail_address(scene: Scene) -> None:
    """A guest who comes back has no account that the address would belong to."""
    first = scene.place(scene.guest_cart(), shipping_address=HOME, email="grace@example.org")
    second = scene.place(scene.guest_cart(), shipping_address=HOME, email="grace@example.org")

    assert first.customer_id != second.customer_id


def test_an_order_inside_a_transaction_goes_with_it(scene: Scene) -> None:
    """A caller's transaction that is rolled back takes the order, the stock and the events along."""
    cart_id = scene.cart()

    order = scene.place_and_undo(cart_id)

    with pytest.raises(NotFound):
        scene.shop.orders.get(order.order_id)
    assert scene.levels(scene.variant_ids[0]) == {scene.main_id: (10, 0)}
    assert scene.shop.outbox.pending().items == ()
    assert scene.shop.carts.get(cart_id).status is CartStatus.ACTIVE

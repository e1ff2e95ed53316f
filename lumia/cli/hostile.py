"""Awkward rows for the probe of a check: every table filled, what may be NULL both ways, parents without children."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from lumia.dto.coupons import CouponClass, CouponTier, NewCoupon, NewCouponTarget
from lumia.dto.customers import ImportedCustomer, NewAddress, NewCustomer
from lumia.engine import StrictClock
from lumia.errors import LoginRefused
from lumia.importing import import_order_lines
from lumia.importing.synthetic import SYNTHETIC_PRESET, write_shop_year
from lumia.repos.passwords import AccountOptions
from lumia.shop import Shop, connect
from lumia.types import CouponKind, CouponTargetKind

__all__ = ["fill_hostile"]

_BARE: Final = NewAddress(recipient="A", line1="1", city="X", country_code="ZZ")
_FULL: Final = NewAddress(
    recipient="Ada Byron",
    company="Analytical & Sons",
    line1="12 St James's Square",
    line2="Attic",
    city="London",
    region="Greater London",
    postal_code="SW1Y 4JH",
    country_code="GB",
    country_name="United Kingdom",
    phone="+44 20 7946 0000",
)
_TOP: Final = Decimal("99999999999.9999")


def fill_hostile(url: str) -> None:
    """Fill a fresh, migrated database with the rows of a shop that has everything, and lacks everything, somewhere.

    The same calls on either engine, so that both hold equal rows. Raises what `connect` raises.
    """
    clock = StrictClock()
    # Nobody logs in to these rows with what took time to hash.
    quick = AccountOptions(time_cost=1, memory_kib=8, parallelism=1)
    with connect(url, clock=clock, accounts=quick) as shop:
        shop.settings.update(currency="GBP", prices_include_tax=False, time_zone="Europe/London")
        _customers(shop)
        _accounts(shop)
        _catalogue(shop)
        _deliveries(shop)
        _orders(shop)
        _payments(shop)
        _parcels(shop)
        _import(shop)
        _reviews(shop)
        _wishlists(shop)
        _coupons(shop)
        _erased(shop)
        _events(shop)


def _customers(shop: Shop) -> None:
    ada = shop.customers.register(
        NewCustomer(email="ada@example.com", first_name="Ada", last_name="Byron", phone="0113 496 0000")
    )
    shop.customers.add_address(ada.customer_id, address=_FULL, default_shipping=True, default_billing=True)
    shop.customers.add_address(ada.customer_id, address=_BARE)
    gone = shop.customers.add_address(ada.customer_id, address=_FULL)
    shop.customers.archive_address(ada.customer_id, address_id=gone.address_id)
    nobody = shop.customers.register(NewCustomer(email="nobody@example.com"))
    shop.customers.deactivate(nobody.customer_id)
    shop.customers.add_imported(ImportedCustomer(email="99001@shop.invalid", external_reference="99001", is_guest=True))


def _accounts(shop: Shop) -> None:
    password, wrong = "correct horse", "wrong horse"
    ada = shop.customers.by_email("ada@example.com")
    shop.customers.verify_email(shop.customers.start_email_verification(ada.customer_id))
    shop.customers.start_password_reset(ada.email)
    shop.customers.set_password(ada.customer_id, password)
    shop.customers.log_out(shop.customers.authenticate(ada.email, password).token)
    shop.customers.authenticate(ada.email, password)
    shop.customers.start_password_reset(ada.email)
    bob = shop.customers.register(NewCustomer(email="bob@example.com"), password=password)
    for _ in range(5):
        with suppress(LoginRefused):
            shop.customers.authenticate(bob.email, wrong)


def _catalogue(shop: Shop) -> None:
    tea = shop.catalog.create_category(name="Tea", slug="tea")
    green = shop.catalog.create_category(name="Green tea", slug="green-tea", parent_id=tea.category_id)
    shop.catalog.create_category(name="Nothing in it", slug="nothing-in-it")
    sencha = shop.catalog.create_product(category_id=green.category_id, slug="sencha", name="Sencha", description="d")
    mug = shop.catalog.create_product(category_id=tea.category_id, slug="mug", name="Mug")
    for slug, publish in (("tin", False), ("lid", True)):
        product = shop.catalog.create_product(category_id=tea.category_id, slug=slug, name=slug)
        if publish:
            shop.catalog.publish(product.product_id)
            shop.catalog.archive(product.product_id)
    plain = shop.catalog.create_variant(sencha.product_id, sku="SENCHA", price=Decimal("4.5001"))
    shop.catalog.set_price(plain.variant_id, price=Decimal("4.25"))
    shop.catalog.add_option(mug.product_id, name="Size", values=("S", "L"))
    shop.catalog.add_option(mug.product_id, name="Colour", values=("red", "blue"))
    mugs = shop.catalog.create_variants(mug.product_id, sku_prefix="MUG", price=Decimal("7.5"))
    first, second = mugs[0].variant_id, mugs[1].variant_id
    shop.catalog.update_variant(first, compare_at_price=_TOP, weight_grams=0, barcode="4006381333931", is_goods=False)
    shop.catalog.update_variant(second, is_active=False)
    for product_id in (sencha.product_id, mug.product_id):
        shop.catalog.publish(product_id)
    _images_and_bundles(shop, sencha.product_id, plain.variant_id, first)
    main = shop.stock.add_location(name="Main")
    spare = shop.stock.add_location(name="Spare", priority=1)
    shop.stock.add_location(name="Empty", priority=2, is_active=False)
    for variant_id in (plain.variant_id, first, second):
        shop.stock.receive(variant_id, location_id=main.location_id, quantity=1000)
    shop.stock.transfer(first, from_location_id=main.location_id, to_location_id=spare.location_id, quantity=1000)
    # A stock row that no movement ever touched, and one that is low.
    shop.stock.set_levels(second, location_id=spare.location_id, reorder_point=10, backorder_limit=5)
    shop.stock.adjust(second, location_id=main.location_id, delta=-1000, reason="broken")


def _images_and_bundles(shop: Shop, product_id: int, variant_id: int, other_id: int) -> None:
    shop.catalog.add_image(product_id, url="/sencha.jpg")
    shop.catalog.add_image(product_id, url="https://example.com/1.jpg", alt_text="A tin", variant_id=variant_id)
    shop.catalog.create_bundle(
        sku="SET", slug="set", name="Set", price=Decimal(9), items=((variant_id, 2), (other_id, 1))
    )
    free = shop.catalog.create_bundle(sku="FREE", slug="free", name="Free", price=Decimal(0), items=((other_id, 1),))
    shop.catalog.archive_bundle(free.bundle_id)


def _deliveries(shop: Shop) -> None:
    shop.delivery.create_shipping_method(code="post", name="Post", price=Decimal(3))
    shop.delivery.create_shipping_method(
        code="bike", name="Bicycle", price=Decimal(0), free_from=_TOP, countries=("GB", "IE"), is_active=False
    )
    category = shop.catalog.category_tree()[0].category_id
    now = datetime.now(UTC)
    shop.delivery.add_tax_rate(country_code="GB", rate=Decimal("0.2"))
    shop.delivery.add_tax_rate(
        country_code="GB",
        rate=Decimal(0),
        region="X",
        category_id=category,
        valid_from=now,
        valid_to=now + timedelta(1),
    )


def _orders(shop: Shop) -> None:
    sencha = shop.catalog.variant_by_sku("SENCHA").variant_id
    ada = shop.customers.by_email("ada@example.com")
    addresses = shop.customers.addresses(ada.customer_id).items
    home = next(address for address in addresses if address.is_default_shipping)
    for number in range(3):
        cart = shop.carts.for_customer(ada.customer_id)
        shop.carts.set_item(cart.cart_id, variant_id=sencha, quantity=2 + number)
        order = shop.checkout.place(
            cart.cart_id,
            shipping_address=home.address_id,
            shipping_method="post",
            expected_total=_total(shop, cart.cart_id),
            idempotency_key=f"order-{number}",
        )
        if number == 1:
            shop.orders.cancel(order.order_id, actor="shop", reason="changed mind")
    guest, _ = shop.carts.create_guest(email="guest@example.com")
    shop.carts.set_item(guest.cart_id, variant_id=sencha, quantity=1)
    shop.checkout.place(
        guest.cart_id,
        shipping_address=_FULL,
        billing_address=_BARE,
        email="guest@example.com",
        shipping_method="post",
        expected_total=_total(shop, guest.cart_id),
        idempotency_key="guest-order",
    )
    shop.carts.create_guest()
    _bundled(shop, ada.customer_id, home.address_id)
    filled = shop.carts.for_customer(ada.customer_id)
    shop.carts.set_item(filled.cart_id, variant_id=sencha, quantity=9)
    shop.stock.reserve(filled.cart_id, until=datetime.now(UTC) + timedelta(1))
    left, token = shop.carts.create_guest()
    shop.carts.set_item(left.cart_id, variant_id=sencha, quantity=1)
    shop.carts.merge(token, ada.customer_id)


def _payments(shop: Shop) -> None:
    # Each order's payment ends in another way, with every column filled or empty.
    for number, summary in enumerate(shop.orders.search(status="pending", limit=10).items):
        bare = shop.payments.record(
            summary.order_id, provider="bank", method="transfer", amount=Decimal("0.01"), actor="shop"
        )
        shop.payments.void(bare.payment_id, actor="shop")
        full = shop.payments.record(
            summary.order_id,
            provider="stripe",
            method="card",
            amount=summary.total,
            provider_reference=f"pi_{number}",
            card_brand="visa",
            card_last4="4242",
            capture_at="shipment",
            actor="shop",
            idempotency_key=f"payment-{number}",
        )
        shop.payments.authorize(full.payment_id, actor="shop", payload={"id": number})
        if not number:
            continue
        shop.payments.apply_event("stripe", f"evt_{number}", provider_reference=f"pi_{number}", kind="captured")
        item = shop.orders.get(summary.order_id).items[0]
        refund = shop.payments.refund(
            full.payment_id, items={item.order_item_id: 1}, actor="shop", reason="" if number % 2 else "broken"
        )
        shop.payments.settle_refund(refund.refund_id, actor="shop", provider_reference=f"re_{number}")
        shop.payments.refund(full.payment_id, Decimal("0.01"), actor="shop")
        shop.payments.apply_event(
            "stripe",
            f"late_{number}",
            provider_reference=f"pi_{number}",
            kind="refund_failed",
            refund_reference="unknown",
            payload="{}",
        )


def _parcels(shop: Shop) -> None:
    # One parcel has arrived and comes back in every way, one is on its way without a number, and a unit is cancelled.
    paid = (shop.orders.get(row.order_id) for row in shop.orders.search(status="paid", limit=10).items)
    first = max(paid, key=lambda order: order.items[0].quantity)
    line = first.items[0]
    one = {line.order_item_id: 1}
    shop.orders.ship(first.order_id, items=one, carrier="Post", tracking_number="T-1", actor="shop", reason="first")
    shop.orders.deliver(first.order_id, actor="shop")
    asked = shop.orders.request_return(first.order_id, one, reason="too small", actor="customer")
    shop.orders.approve_return(asked.return_id, actor="shop", note="fine")
    location = shop.stock.locations(limit=1).items[0].location_id
    shop.orders.receive_return(
        asked.return_id, location_id=location, items={line.order_item_id: {"damaged": 1}}, actor="shop"
    )
    shop.orders.ship(first.order_id, items=one, carrier="Post", actor="shop")
    shop.orders.request_return(first.order_id, one, actor="customer")
    shop.orders.assign_invoices(limit=1)
    pending = shop.orders.search(status="pending", limit=1).items[0]
    waiting = shop.orders.get(pending.order_id).items[0]
    shop.orders.cancel_items(pending.order_id, {waiting.order_item_id: 1}, actor="shop", reason="too many")


def _bundled(shop: Shop, customer_id: int, address_id: int) -> None:
    bundle = next(bundle for bundle in shop.catalog.list_bundles(is_active=True).items if bundle.sku == "SET")
    cart = shop.carts.for_customer(customer_id)
    shop.carts.set_bundle(cart.cart_id, bundle_id=bundle.bundle_id, quantity=1)
    shop.checkout.place(
        cart.cart_id,
        shipping_address=address_id,
        shipping_method="post",
        expected_total=_total(shop, cart.cart_id),
        idempotency_key="bundle-order",
    )
    shop.carts.set_bundle(shop.carts.for_customer(customer_id).cart_id, bundle_id=bundle.bundle_id, quantity=2)


def _total(shop: Shop, cart_id: int) -> Decimal:
    return shop.checkout.quote(cart_id, shipping_method="post", country_code="GB").total


def _import(shop: Shop) -> None:
    with tempfile.TemporaryDirectory(prefix="lumia-check-") as folder:
        path = Path(folder) / "lines.csv"
        write_shop_year(path, orders=40)
        import_order_lines(shop, path, preset=SYNTHETIC_PRESET)


def _reviews(shop: Shop) -> None:
    # Only what was imported has arrived. Each status is there, with votes and without.
    items: dict[tuple[int, int], int] = {}
    for summary in shop.orders.search(status="delivered", limit=10).items:
        order = shop.orders.get(summary.order_id)
        items.update({(order.customer_id, item.product_id): item.order_item_id for item in order.items})
    ada = shop.customers.by_email("ada@example.com").customer_id
    for number, ((customer_id, _), item_id) in enumerate(sorted(items.items())[:20]):
        title, body = ("Fine", "Would buy again.") if number % 2 else ("", "")
        review = shop.reviews.write(customer_id, item_id, rating=1 + number % 5, title=title, body=body)
        if number % 4:
            shop.reviews.publish(review.review_id, note="fine" if number % 3 else "")
            shop.reviews.vote(ada, review.review_id)
        if number % 4 == 2:  # noqa: PLR2004 - some of those that were shown
            shop.reviews.reject(review.review_id)
        if number % 8 == 3:  # noqa: PLR2004 - some of those that are shown
            shop.reviews.edit(customer_id, review.review_id, rating=5)


def _wishlists(shop: Shop) -> None:
    ada = shop.customers.by_email("ada@example.com").customer_id
    shared = shop.wishlists.create(ada, name="Shared").wishlist_id
    shop.wishlists.create(ada, name="Empty")
    shop.wishlists.share(shared)
    shop.wishlists.add(shared, variant_id=shop.catalog.variant_by_sku("SENCHA").variant_id)


def _events(shop: Shop) -> None:
    # One is handled, one was put off, one is held; the others wait.
    lease = shop.outbox.lease(3, 3600, consumer="mailer")
    handled, put_off, _ = (event.outbox_id for event in lease.events)
    shop.outbox.acknowledge(lease.lease_id, [handled])
    shop.outbox.fail(lease.lease_id, put_off)


def _coupons(shop: Shop) -> None:
    sencha = shop.catalog.variant_by_sku("SENCHA")
    category = shop.catalog.category_tree()[0].category_id
    shop.coupons.create(NewCoupon(code="ALL", kind=CouponKind.PERCENT, value=Decimal(1), currency="GBP"))
    shop.coupons.create(
        NewCoupon(
            code="Everything",
            kind=CouponKind.PERCENT_CAPPED,
            value=Decimal(100),
            cap=_TOP,
            minimum=Decimal(0),
            currency="CLF",
            valid_from=datetime(1970, 1, 1, tzinfo=UTC),
            valid_to=datetime(2100, 1, 1, tzinfo=UTC),
            usage_limit=1,
            per_customer_limit=1,
            budget=_TOP,
            combines_with=frozenset(CouponClass),
            targets=(
                NewCouponTarget(product_id=sencha.product_id),
                NewCouponTarget(variant_id=sencha.variant_id),
                NewCouponTarget(kind=CouponTargetKind.EXCLUDE, category_id=category),
            ),
        )
    )
    shop.coupons.create(
        NewCoupon(
            code="2+1", kind=CouponKind.BUY_X_GET_Y, value=Decimal(50), buy_quantity=2, get_quantity=1, currency="GBP"
        )
    )
    tiers = (CouponTier(minimum=Decimal(0), value=Decimal(1)), CouponTier(minimum=Decimal(9), value=Decimal(2)))
    shop.coupons.create(NewCoupon(code="More", kind=CouponKind.TIERED, currency="GBP", tiers=tiers))
    for at in range(2):
        cart, _ = shop.carts.create_guest(email="grace@example.com")
        shop.carts.set_item(cart.cart_id, variant_id=sencha.variant_id, quantity=3)
        quote = shop.checkout.quote(cart.cart_id, shipping_method="post", country_code="GB", coupon_codes=("ALL",))
        order = shop.checkout.place(
            cart.cart_id,
            shipping_address=_FULL,
            shipping_method="post",
            coupon_codes=("ALL",),
            expected_total=quote.total,
            idempotency_key="with-coupon",
        )
        if at:
            shop.orders.cancel(order.order_id, actor="shop")
            shop.privacy.erase(order.customer_id, actor="shop")
    shop.coupons.disable(shop.coupons.by_code("2+1").coupon_id)


def _erased(shop: Shop) -> None:
    gone = shop.customers.register(NewCustomer(email="gone@example.com")).customer_id
    with shop.transaction(actor="gone", customer_id=gone) as tx:
        tx.settings.update(order_expiry_minutes=61)
    shop.privacy.erase(gone, actor="shop", reason="asked for it")

"""A small shop with one of everything, built through the repositories: what the calls of `calls.py` work on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lumia.dto.coupons import NewCoupon
from lumia.dto.customers import NewAddress, NewCustomer
from tests.support.handed import Handed, lay_out_handed
from tests.support.liked import Liked, lay_out_liked
from tests.support.ready import Ready, lay_out_ready
from tests.support.sent import Sent, lay_out_sent
from tests.support.settled import Settled, lay_out_settled

if TYPE_CHECKING:
    from lumia.queries.protocols.search import PutSearchDocumentsRow

__all__ = ["FAR_OFF", "HOME", "PASSWORD", "World", "lay_out"]

FAR_OFF = datetime(2100, 1, 1, tzinfo=UTC)
"""After everything that happens in the world."""

HOME = NewAddress(
    recipient="Ada Byron",
    line1="12 Mill Lane",
    city="Leeds",
    postal_code="LS1 1AA",
    country_code="GB",
)
"""An address to deliver to."""

PASSWORD = "correct horse battery staple"  # noqa: S105 - a test's
"""What Ada logs in with."""


@dataclass(frozen=True)
class World:
    """Keys of what `lay_out` made, named by what they are good for."""

    customer_id: int
    customer_public_id: UUID
    cartless_customer_id: int
    session_token: str
    old_session_token: str
    verification_token: str
    reset_token: str
    home_id: int
    office_id: int
    category_id: int
    child_category_id: int
    product_id: int
    draft_product_id: int
    optional_product_id: int
    option_id: int
    option_value_ids: tuple[int, ...]
    variant_id: int
    other_variant_id: int
    sku: str
    location_id: int
    spare_location_id: int
    shipping_method_id: int
    cart_id: int
    cart_total: Decimal
    image_ids: tuple[int, ...]
    bundle_id: int
    guest_cart_id: int
    guest_token: str
    guest_total: Decimal
    order_id: int
    order_number: int
    order_public_id: UUID
    coupon_id: int
    liked: Liked
    handed: Handed
    settled: Settled
    sent: Sent
    ready: Ready


def lay_out(shop: Any) -> World:
    """Fill an empty shop.

    Two customers, one with two addresses, a filled cart and a pending order; a guest with a cart on hold, and one
    whose hold ends with that order; a published product with two images, two plain variants in stock at two
    locations, a bundle of both, a draft, and a product with an option and no variants; tax on top of the prices. What
    there is of the first variant is what the filled cart asks for.
    """
    shop.settings.update(currency="GBP", prices_include_tax=False, time_zone="Europe/London", order_expiry_minutes=1)
    category = shop.catalog.create_category(name="Tea", slug="tea")
    child = shop.catalog.create_category(name="Green tea", slug="green-tea", parent_id=category.category_id)
    product = shop.catalog.create_product(category_id=child.category_id, slug="sencha", name="Sencha")
    optional = shop.catalog.create_product(category_id=category.category_id, slug="mug", name="Mug")
    draft = shop.catalog.create_product(category_id=category.category_id, slug="tin", name="Tin")
    sencha = shop.catalog.create_variant(product.product_id, sku="SENCHA", price=Decimal("4.50"))
    lid = shop.catalog.create_product(category_id=category.category_id, slug="lid", name="Lid")
    other = shop.catalog.create_variant(lid.product_id, sku="LID", price=Decimal("1.25"))
    option = shop.catalog.add_option(optional.product_id, name="Size", values=("S", "L"))
    images = [shop.catalog.add_image(product.product_id, url=f"/sencha-{at}.jpg") for at in range(2)]
    bundle = shop.catalog.create_bundle(
        sku="SET",
        slug="tea-set",
        name="Tea set",
        price=Decimal("5.50"),
        items=((sencha.variant_id, 1), (other.variant_id, 2)),
    )
    for ready in (product, optional, lid):
        shop.catalog.publish(ready.product_id)
    # As if an earlier release had indexed it.
    stale: PutSearchDocumentsRow = {
        "product_id": draft.product_id,
        "digest": bytes(32),
        "words": "nold",
        "now": draft.created_at,
    }
    with shop.transaction() as tx:
        tx.q.search.put_search_documents([stale])
    main, spare = shop.stock.add_location(name="Main"), shop.stock.add_location(name="Spare", priority=1)
    for variant in (sencha, other):
        shop.stock.receive(variant.variant_id, location_id=main.location_id, quantity=104)
    shop.stock.receive(sencha.variant_id, location_id=spare.location_id, quantity=3)
    method = shop.delivery.create_shipping_method(code="post", name="Post", price=Decimal("3.00"), countries=("GB",))
    shop.delivery.add_tax_rate(country_code="GB", rate=Decimal("0.2"))

    coupon = shop.coupons.create(NewCoupon(code="TEN", kind="percent", value=Decimal(10), currency="GBP"))

    ada = shop.customers.register(NewCustomer(email="ada@example.com", first_name="Ada", last_name="Byron"))
    bob = shop.customers.register(NewCustomer(email="bob@example.com", first_name="Bob"))
    shop.customers.set_password(ada.customer_id, PASSWORD)
    session, old_session = (shop.customers.authenticate(ada.email, PASSWORD) for _ in range(2))
    _leave_alone(shop, old_session.session_id)
    home = shop.customers.add_address(ada.customer_id, address=HOME, default_shipping=True, default_billing=True)
    office = shop.customers.add_address(ada.customer_id, address=HOME.model_copy(update={"line1": "1 High Street"}))

    ordered = shop.carts.for_customer(ada.customer_id)
    shop.carts.set_item(ordered.cart_id, variant_id=sencha.variant_id, quantity=2)
    order = shop.checkout.place(
        ordered.cart_id,
        shipping_address=home.address_id,
        shipping_method="post",
        expected_total=_total(shop, ordered.cart_id),
        idempotency_key="laid-out",
    )
    liked = lay_out_liked(shop, ada.customer_id, bob.customer_id, sencha.variant_id, other.variant_id, HOME)
    cart = shop.carts.for_customer(ada.customer_id)
    shop.carts.set_item(cart.cart_id, variant_id=sencha.variant_id, quantity=99)
    shop.carts.set_item(cart.cart_id, variant_id=other.variant_id, quantity=4)
    guest, token = shop.carts.create_guest(email="guest@example.com")
    shop.carts.set_item(guest.cart_id, variant_id=other.variant_id, quantity=1)
    shop.stock.reserve(guest.cart_id, until=order.placed_at + timedelta(days=1))
    passer_by, _ = shop.carts.create_guest()
    shop.carts.set_item(passer_by.cart_id, variant_id=other.variant_id, quantity=1)
    shop.stock.reserve(passer_by.cart_id, until=order.expires_at)
    return World(
        customer_id=ada.customer_id,
        customer_public_id=ada.public_id,
        cartless_customer_id=bob.customer_id,
        session_token=session.token,
        old_session_token=old_session.token,
        verification_token=shop.customers.start_email_verification(ada.customer_id),
        reset_token=shop.customers.start_password_reset(ada.email),
        home_id=home.address_id,
        office_id=office.address_id,
        category_id=category.category_id,
        child_category_id=child.category_id,
        product_id=product.product_id,
        draft_product_id=draft.product_id,
        optional_product_id=optional.product_id,
        option_id=option.product_option_id,
        option_value_ids=tuple(value.option_value_id for value in option.values),
        variant_id=sencha.variant_id,
        other_variant_id=other.variant_id,
        sku=sencha.sku,
        location_id=main.location_id,
        spare_location_id=spare.location_id,
        shipping_method_id=method.shipping_method_id,
        cart_id=cart.cart_id,
        cart_total=_total(shop, cart.cart_id),
        image_ids=tuple(image.product_image_id for image in images),
        bundle_id=bundle.bundle_id,
        guest_cart_id=guest.cart_id,
        guest_token=token,
        guest_total=_total(shop, guest.cart_id),
        order_id=order.order_id,
        order_number=order.order_number,
        order_public_id=order.public_id,
        coupon_id=coupon.coupon_id,
        liked=liked,
        sent=lay_out_sent(shop, (sencha.variant_id, other.variant_id), HOME),
        settled=lay_out_settled(shop, other.variant_id, HOME),
        ready=lay_out_ready(
            shop,
            cart_id=cart.cart_id,
            bundle_id=bundle.bundle_id,
            variant_id=other.variant_id,
            address=HOME,
        ),
        handed=lay_out_handed(shop, other.variant_id),
    )


def _leave_alone(shop: Any, session_id: int) -> None:
    # For years, which is as nothing to a session of the tests, but long enough to be written down when it ends.
    session = shop.engine.acquire(write=True)
    session.execute(
        f"UPDATE sessions SET last_seen_at = '2020-01-01T00:00:00.000000Z' WHERE session_id = {session_id}", ()
    )
    shop.engine.release(session, failed=False)


def _total(shop: Any, cart_id: int) -> Decimal:
    quote = shop.checkout.quote(cart_id, shipping_method="post", country_code="GB")
    total: Decimal = quote.total
    return total

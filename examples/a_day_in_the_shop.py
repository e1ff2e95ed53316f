"""A shop's day, from the first customer to the last check: `python -m examples.a_day_in_the_shop [--url URL]`.

It prints the same on SQLite and on PostgreSQL, wants a database without a shop's goods, and ends with 0 if `verify`
finds nothing to object to.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import lumia
from lumia import Shop
from lumia.dto import NewAddress, NewCoupon, NewCustomer, Order, Payment, SearchPage, SessionCustomer, VariantDetail
from lumia.errors import CouponRefused, IllegalTransition, LoginRefused
from lumia.types import CouponKind, PaymentEventKind

HOME = NewAddress(recipient="Ada Lovelace", line1="12 St James's Square", city="London", country_code="GB")
PASSWORD = "correct horse battery staple"  # noqa: S105 - an example's


@dataclass(frozen=True)
class Goods:
    """What the shop sells: two mugs and a teapot, and where they lie."""

    mugs: tuple[VariantDetail, ...]
    teapot: int
    warehouse: int


def pounds(amount: Decimal | None) -> str:
    """Write an amount as the shop's customers read it: amounts are exact, and stored with four decimals."""
    return "more than money can hold" if amount is None else f"£{amount:.2f}"


def say(topic: str, text: object) -> None:
    """Print one line of the day."""
    print(f"{topic:<13} {text}")


def open_up(shop: Shop) -> Goods:
    """Fill the shelves, say how goods are sent and taxed, and give out a coupon: all of it, or nothing."""
    with shop.transaction() as tx:
        tx.settings.update(currency="GBP", prices_include_tax=True, order_expiry_minutes=60)
        tx.delivery.add_tax_rate(country_code="GB", rate=Decimal("0.2"))
        tx.delivery.create_shipping_method(code="post", name="Post", price=Decimal("4.00"), free_from=Decimal(100))
        warehouse = tx.stock.add_location(name="Warehouse").location_id
        kitchen = tx.catalog.create_category(name="Kitchen", slug="kitchen").category_id
        mug = tx.catalog.create_product(
            category_id=kitchen, slug="mug", name="Mug", description="For tea, for coffee, for pencils."
        )
        tx.catalog.add_option(mug.product_id, name="colour", values=("blue", "white"))
        mugs = tx.catalog.create_variants(mug.product_id, sku_prefix="MUG", price=Decimal("12.50"))
        pot = tx.catalog.create_product(category_id=kitchen, slug="teapot", name="Teapot", description="For tea.")
        teapot = tx.catalog.create_variant(pot.product_id, sku="POT", price=Decimal("29.99")).variant_id
        for variant_id, quantity in [*((mug.variant_id, 10) for mug in mugs), (teapot, 3)]:
            tx.stock.receive(variant_id, location_id=warehouse, quantity=quantity, reason="first delivery")
        for product in (mug, pot):
            tx.catalog.publish(product.product_id)
        tx.coupons.create(
            NewCoupon(
                code="SPRING",
                kind=CouponKind.PERCENT,
                value=Decimal(10),
                currency="GBP",
                minimum=Decimal(20),
                per_customer_limit=1,
            )
        )
    say("shop", "2 products, 3 variants, 23 units, coupon SPRING")
    return Goods(mugs, teapot, warehouse)


def come_in(shop: Shop) -> tuple[SessionCustomer, str]:
    """Register, prove the address, log in; whoever only guesses stays outside."""
    customer = shop.customers.register(
        NewCustomer(email="Ada@Example.com", first_name="Ada", last_name="Lovelace"), password=PASSWORD
    )
    shop.customers.verify_email(shop.customers.start_email_verification(customer.customer_id))
    try:
        shop.customers.authenticate("ada@example.com", "password1")
    except LoginRefused as refusal:
        say("guess", refusal)
    token = shop.customers.authenticate("ada@example.com", PASSWORD).token
    known = shop.customers.by_session(token)
    say("log-in", f"{known.name}, {'verified' if known.is_verified else 'not verified'}")
    return known, token


def look_around(shop: Shop) -> None:
    """Search with a filter, with accents, and with a typing error."""
    for text in ("tea", "MÚG blue", "teapt"):
        found: SearchPage = shop.catalog.search(text, in_stock=True)
        hint = f"; did you mean {found.corrected}?" if found.corrected else ""
        say("search", f"{text}: {', '.join(item.slug for item in found.items) or 'nothing'}{hint}")


def fill_a_cart(shop: Shop, goods: Goods, customer: SessionCustomer) -> int:
    """Choose as a guest, log in, and find the choice in the customer's cart; put it on hold."""
    guest, token = shop.carts.create_guest()
    shop.carts.set_item(guest.cart_id, variant_id=goods.mugs[0].variant_id, quantity=2)
    cart = shop.carts.merge(token, customer.customer_id)
    cart = shop.carts.set_item(cart.cart_id, variant_id=goods.teapot, quantity=1)
    shop.stock.reserve(cart.cart_id, until=shop.clock() + timedelta(minutes=30))
    (pots,) = shop.stock.available([goods.teapot])
    say("cart", f"{len(cart.lines)} lines, {pounds(cart.subtotal)}; teapots left for others: {pots.available}")
    return cart.cart_id


def order(shop: Shop, cart_id: int) -> Order:
    """Ask what it comes to with the coupon, and order for exactly that; a repeated call is the same order."""
    quote = shop.checkout.quote(cart_id, shipping_method="post", country_code="GB", coupon_codes=("spring",))
    goods, off, post = map(pounds, (quote.subtotal, quote.discount_total, quote.shipping_total))
    say("quote", f"{goods} of goods - {off} coupon + {post} post = {pounds(quote.total)}")

    def place() -> Order:
        return shop.checkout.place(
            cart_id,
            shipping_address=HOME,
            shipping_method="post",
            coupon_codes=("spring",),
            expected_total=quote.total,
            idempotency_key="ada-1",
        )

    placed = place()
    is_same = place() == placed
    say(
        "order",
        f"{placed.order_number}: {pounds(placed.total)}, {placed.status}; placed again it is the same: {is_same}",
    )
    return placed


def pay(shop: Shop, placed: Order) -> Payment:
    """Hear from the payment provider, twice and in the wrong order: it comes to the same."""
    payment = shop.payments.record(
        placed.order_id,
        provider="acme",
        method="card",
        card_brand="visa",
        card_last4="4242",
        amount=placed.total,
        provider_reference="pay_1",
        actor="checkout",
    )
    captured = ("evt_2", PaymentEventKind.CAPTURED, placed.total)
    events = [captured, ("evt_1", PaymentEventKind.AUTHORIZED, None), captured]
    for event_id, kind, amount in events:
        payment = shop.payments.apply_event("acme", event_id, provider_reference="pay_1", kind=kind, amount=amount)
    paid = shop.orders.get(placed.order_id)
    (invoice,) = shop.orders.assign_invoices()
    say(
        "payment",
        f"{pounds(payment.captured_amount)} {payment.status}; order {paid.status}; invoice {invoice.invoice_number}",
    )
    return payment


def send(shop: Shop, placed: Order) -> None:
    """Send the teapot today and the mugs tomorrow; what has left can no longer be cancelled."""
    mugs, pot = placed.items
    first = shop.orders.ship(
        placed.order_id, carrier="Post", tracking_number="P1", items={pot.order_item_id: 1}, actor="warehouse"
    )
    say("shipment", f"teapot: {first.status}, {first.fulfillment_status}")
    try:
        shop.orders.cancel(placed.order_id, actor="ada")
    except IllegalTransition:
        say("cancel", "too late for the whole order")
    second = shop.orders.ship(placed.order_id, carrier="Post", tracking_number="P2", actor="warehouse")
    say("shipment", f"{mugs.quantity} mugs: {second.status}, {second.fulfillment_status}")
    arrived = shop.orders.deliver(placed.order_id, actor="post")
    say("delivery", f"{arrived.status}, {arrived.fulfillment_status}")


def take_back(shop: Shop, goods: Goods, placed: Order, payment: Payment) -> None:
    """Take one mug back, put it on the shelf again, and give back exactly what was paid for it."""
    mugs = placed.items[0].order_item_id
    wanted = shop.orders.request_return(placed.order_id, {mugs: 1}, reason="one is enough", actor="ada")
    shop.orders.approve_return(wanted.return_id, actor="desk")
    back = shop.orders.receive_return(wanted.return_id, location_id=goods.warehouse, actor="warehouse")
    say("return", f"{back.items[0].accepted_quantity} mug, {back.status}")

    def refund() -> Decimal:
        made = shop.payments.refund(payment.payment_id, items={mugs: 1}, actor="desk", idempotency_key="refund-1")
        shop.payments.settle_refund(made.refund_id, actor="acme")
        return made.amount

    amount = refund()
    left = shop.orders.get(placed.order_id)
    both = placed.items[0].line_total
    say(
        "refund", f"{pounds(amount)} of {pounds(both)} for both; asked again: {pounds(refund())}; {left.payment_status}"
    )


def use_the_coupon_again(shop: Shop, goods: Goods, customer: SessionCustomer) -> None:
    """Try the coupon a second time: it is refused with a reason, and not dropped without a word."""
    cart = shop.carts.for_customer(customer.customer_id)
    cart = shop.carts.set_item(cart.cart_id, variant_id=goods.mugs[1].variant_id, quantity=2)
    quote = shop.checkout.quote(cart.cart_id, shipping_method="post", country_code="GB")
    try:
        shop.checkout.place(
            cart.cart_id,
            shipping_address=HOME,
            shipping_method="post",
            coupon_codes=("SPRING",),
            expected_total=quote.total,
            idempotency_key="ada-2",
        )
    except CouponRefused as refusal:
        say("coupon", refusal)
    shop.carts.clear(cart.cart_id)


def praise(shop: Shop, customer: SessionCustomer, placed: Order) -> None:
    """Review what was bought: a purchase that was delivered is a key, not a claim."""
    pot = placed.items[1]
    review = shop.reviews.write(
        customer.customer_id, pot.order_item_id, rating=5, title="Pours well", body="Ada Lovelace approves."
    )
    shop.reviews.publish(review.review_id)
    summary = shop.reviews.summary(pot.product_id)
    say("review", f"{summary.average} of 5")


def tell_others(shop: Shop) -> None:
    """Hand the day's events to whoever wants them, in their order, and tick them off."""
    kinds: list[str] = []
    while (lease := shop.outbox.lease(limit=100, seconds=60)).events:
        kinds += [event.kind for event in lease.events]
        shop.outbox.acknowledge(lease.lease_id, [event.outbox_id for event in lease.events])
    say("outbox", ", ".join(kinds))


def forget(shop: Shop, customer: SessionCustomer, placed: Order) -> None:
    """Give Ada all that is known of her, then forget her; the books keep their totals."""
    document = shop.privacy.export(customer.customer_id).model_dump_json()
    shop.privacy.erase(customer.customer_id, actor="desk")
    forgotten = shop.orders.get(placed.order_id)
    say("export", f"knows her name: {'Lovelace' in document}")
    say(
        "erasure",
        f"order still {pounds(forgotten.total)}, sent to {forgotten.shipping_address.recipient!r}",
    )


def main() -> int:
    """Open a shop, spend a day in it, and check the books at night."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--url", default=os.environ.get("LUMIA_URL", "sqlite:///:memory:"))
    with lumia.connect(parser.parse_args().url, create=True) as shop:
        if shop.catalog.list_products(limit=1).items:
            print("error: this shop has goods already; give the URL of an empty database", file=sys.stderr)
            return 2
        goods = open_up(shop)
        customer, _ = come_in(shop)
        look_around(shop)
        placed = order(shop, fill_a_cart(shop, goods, customer))
        payment = pay(shop, placed)
        send(shop, placed)
        take_back(shop, goods, placed, payment)
        use_the_coupon_again(shop, goods, customer)
        praise(shop, customer, placed)
        tell_others(shop)
        forget(shop, customer, placed)
        report = shop.verify.run()
        say("verify", "clean" if report.is_clean else report)
        return 0 if report.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())

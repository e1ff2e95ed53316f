"""The routes: each takes a request apart, calls Lumia in one unit, and gives back what Lumia says.

Endpoints are plain functions: FastAPI runs them in threads, where a driver that waits stops nobody else.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, SecretStr

from examples.fastapi_shop.units import (
    Bearer,
    CartOf,
    Customer,
    IdempotencyKey,
    ReadOf,
    ShopOf,
    UnitOf,
    WhoAsks,
)
from lumia import Transaction
from lumia.dto import (
    NewAddress,
    NewCustomer,
    NewSession,
    Order,
    OrderSummary,
    PricedCart,
    ProductDetail,
    Quote,
    SearchPage,
    SessionCustomer,
)
from lumia.errors import NotFound
from lumia.types import Page, PaymentEventKind, PaymentState

__all__ = ["router"]

router = APIRouter()


class Body(BaseModel):
    """A request's body: what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid")


class Credentials(Body):
    """Who logs in; a guest's cart may come along."""

    email: str
    password: SecretStr
    cart_token: str | None = None


class Registration(Credentials):
    """Who registers."""

    first_name: str = ""
    last_name: str = ""


class GuestCart(Body):
    """A guest's cart to open."""

    email: str | None = None


class OpenedCart(BaseModel):
    """A guest's cart and its token, which is shown only now."""

    cart: PricedCart
    token: str


class Quantity(Body):
    """How many the cart shall hold."""

    quantity: int


class Delivery(Body):
    """How and where to: enough for a quote."""

    shipping_method: str
    country_code: str
    region: str = ""
    coupon_codes: tuple[str, ...] = ()


class Placement(Body):
    """What is ordered: the cart that was quoted, for the total that the customer has seen."""

    cart_id: int
    shipping_method: str
    shipping_address: NewAddress
    billing_address: NewAddress | None = None
    email: str | None = None
    coupon_codes: tuple[str, ...] = ()
    expected_total: Decimal


class ProviderEvent(Body):
    """What a payment provider tells of a payment, in the words of its own."""

    event_id: str
    payment: str
    kind: PaymentEventKind
    amount: Decimal | None = None
    refund: str | None = None


class PaymentStanding(BaseModel):
    """Where a payment stands."""

    status: PaymentState
    captured: Decimal
    refunded: Decimal


# --- catalogue --------------------------------------------------------------------------------------------------------


@router.get("/products")
def search(unit: ReadOf, text: str, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> SearchPage:
    """Find products."""
    return unit(lambda tx: tx.catalog.search(text, limit=limit))


@router.get("/products/{slug}")
def product(unit: ReadOf, slug: str) -> ProductDetail:
    """Show a product with its variants, and what is available of each."""
    return unit(lambda tx: tx.catalog.by_slug(slug))


# --- customers --------------------------------------------------------------------------------------------------------


@router.post("/customers", status_code=201)
def register(unit: UnitOf, body: Registration) -> NewSession:
    """Register and log in, in one unit: there is an account with a session, or neither."""
    new = NewCustomer(email=body.email, first_name=body.first_name, last_name=body.last_name)

    def work(tx: Transaction) -> NewSession:
        customer = tx.customers.register(new, password=body.password)
        session = tx.customers.authenticate(body.email, body.password)
        if body.cart_token is not None:
            tx.carts.merge(body.cart_token, customer.customer_id)
        return session

    return unit(work)


@router.post("/sessions", status_code=201)
def log_in(shop: ShopOf, unit: UnitOf, body: Credentials) -> NewSession:
    """Log in; what a guest chose comes into the customer's cart."""
    # Not in the request's unit: a refusal would undo it, and the count of wrong passwords with it.
    session = shop.customers.authenticate(body.email, body.password)
    if body.cart_token is not None:
        token = body.cart_token
        unit(lambda tx: tx.carts.merge(token, session.customer_id))
    return session


@router.delete("/sessions", status_code=204)
def log_out(shop: ShopOf, bearer: Bearer) -> None:
    """End the session; one that is over stays so."""
    if bearer is not None:
        shop.customers.log_out(bearer.credentials)


@router.get("/me")
def me(customer: Customer) -> SessionCustomer:
    """Tell who is logged in."""
    return customer


# --- carts ------------------------------------------------------------------------------------------------------------


@router.post("/carts", status_code=201)
def open_cart(unit: UnitOf, body: GuestCart) -> OpenedCart:
    """Open a guest's cart."""

    def work(tx: Transaction) -> OpenedCart:
        cart, token = tx.carts.create_guest(email=body.email)
        return OpenedCart(cart=tx.carts.get(cart.cart_id), token=token)

    return unit(work)


@router.get("/cart")
def show_cart(unit: ReadOf, cart: CartOf) -> PricedCart:
    """Show the cart at the present prices."""
    return unit(lambda tx: tx.carts.get(cart.cart_id))


@router.put("/cart/items/{variant_id}")
def set_item(unit: UnitOf, cart: CartOf, variant_id: int, body: Quantity) -> PricedCart:
    """Let the cart hold so many of a variant."""
    return unit(lambda tx: tx.carts.set_item(cart.cart_id, variant_id=variant_id, quantity=body.quantity))


@router.delete("/cart/items/{variant_id}")
def remove_item(unit: UnitOf, cart: CartOf, variant_id: int) -> PricedCart:
    """Take a variant out of the cart."""
    return unit(lambda tx: tx.carts.remove_item(cart.cart_id, variant_id=variant_id))


@router.post("/cart/quote")
def quote(unit: ReadOf, cart: CartOf, body: Delivery) -> Quote:
    """Tell what the cart comes to."""
    return unit(lambda tx: tx.checkout.quote(cart.cart_id, **body.model_dump()))


# --- orders -----------------------------------------------------------------------------------------------------------


@router.post("/orders", status_code=201)
def place(
    unit: UnitOf, visitor: WhoAsks, body: Placement, idempotency_key: IdempotencyKey, response: Response
) -> Order:
    """Order a cart: once per Idempotency-Key, however often it is sent.

    The quote said which cart it was for. After the order the customer's cart is another, empty one: a client that did
    not hear the answer still means the first.
    """

    def work(tx: Transaction) -> Order:
        if not visitor.owns(tx.carts.get(body.cart_id)):
            message = "there is no such cart"
            raise NotFound(message)
        return tx.checkout.place(
            body.cart_id,
            shipping_address=body.shipping_address,
            billing_address=body.billing_address,
            email=body.email,
            shipping_method=body.shipping_method,
            coupon_codes=body.coupon_codes,
            expected_total=body.expected_total,
            idempotency_key=idempotency_key,
        )

    order = unit(work)
    response.headers["Location"] = f"/orders/{order.public_id}"
    return order


@router.post("/payments/{provider}/events")
def payment_event(unit: UnitOf, provider: str, body: ProviderEvent) -> PaymentStanding:
    """Take in what a payment provider tells, as often and in whatever order it likes to tell it.

    A real shop proves the provider's signature here, before it believes a word.
    """
    payment = unit(
        lambda tx: tx.payments.apply_event(
            provider,
            body.event_id,
            provider_reference=body.payment,
            kind=body.kind,
            amount=body.amount,
            refund_reference=body.refund,
        )
    )
    return PaymentStanding(status=payment.status, captured=payment.captured_amount, refunded=payment.refunded_amount)


@router.get("/orders")
def orders(unit: ReadOf, customer: Customer, limit: int = 20, after: int | None = None) -> Page[OrderSummary]:
    """List the customer's orders, newest first."""
    return unit(lambda tx: tx.orders.of_customer(customer.customer_id, limit=limit, after=after))


@router.get("/orders/{public_id}")
def order(unit: ReadOf, customer: Customer, public_id: UUID) -> Order:
    """Show one of the customer's orders; those of others are not there."""
    found = unit(lambda tx: tx.orders.by_public_id(public_id))
    if found.customer_id != customer.customer_id:
        message = "no order has this public id"
        raise NotFound(message)
    return found

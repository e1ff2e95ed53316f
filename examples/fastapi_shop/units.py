"""What a request brings along: one unit of work, who asks, and the cart that is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Protocol, TypeVar, cast

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from lumia import Shop, Transaction
from lumia.dto import Cart, SessionCustomer
from lumia.errors import LoginRefused, NotFound

__all__ = ["Bearer", "CartOf", "Customer", "IdempotencyKey", "ReadOf", "ShopOf", "Unit", "UnitOf", "WhoAsks"]

T = TypeVar("T")

_BEARER = HTTPBearer(auto_error=False, description="the token of POST /sessions")


class Unit(Protocol):
    """Runs a function in the request's unit of work: all that it writes is kept, or nothing."""

    def __call__(self, work: Callable[[Transaction], T], /) -> T:
        """Run it, again from the start where a conflict with somebody else makes that the right thing to do."""


def _shop(request: Request) -> Shop:
    return cast("Shop", request.app.state.shop)


ShopOf = Annotated[Shop, Depends(_shop)]


def _unit(shop: ShopOf) -> Unit:
    # A transaction belongs to one thread, and FastAPI may end a dependency in another one than it ran the request in.
    # So the endpoint hands over what to do, and gets the retries of Shop.run with it.
    return shop.run


def _read(shop: ShopOf) -> Unit:
    # Everything that a page shows is of one moment, and a reader never waits for a writer.
    return partial(shop.run, read_only=True)


UnitOf = Annotated[Unit, Depends(_unit)]
ReadOf = Annotated[Unit, Depends(_read)]

Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
GuestToken = Annotated[str | None, Header(alias="Cart-Token", description="the token of POST /carts, for guests")]
IdempotencyKey = Annotated[str, Header(min_length=1, max_length=255, description="one for each order that is meant")]


@dataclass(frozen=True)
class Visitor:
    """Who asks: a customer with a session, or a guest with the cart of a token; else nobody that is known."""

    customer: SessionCustomer | None
    guest_cart: Cart | None

    def owns(self, cart: Cart) -> bool:
        """Tell whether a cart is the visitor's own."""
        if self.customer is not None:
            return cart.customer_id == self.customer.customer_id
        return self.guest_cart is not None and cart.cart_id == self.guest_cart.cart_id


def _visitor(shop: ShopOf, bearer: Bearer, cart_token: GuestToken = None) -> Visitor:
    if bearer is None:
        return Visitor(None, None if cart_token is None else shop.carts.by_token(cart_token))
    try:
        return Visitor(shop.customers.by_session(bearer.credentials), None)
    except NotFound:
        message = "this session is over: POST /sessions gives a new token"
        raise LoginRefused(message) from None


WhoAsks = Annotated[Visitor, Depends(_visitor)]


def _customer(visitor: WhoAsks) -> SessionCustomer:
    if visitor.customer is None:
        message = "log in first: POST /sessions gives a token, send it as a bearer token"
        raise LoginRefused(message)
    return visitor.customer


Customer = Annotated[SessionCustomer, Depends(_customer)]


def _cart(shop: ShopOf, visitor: WhoAsks) -> Cart:
    if visitor.customer is not None:
        return shop.carts.for_customer(visitor.customer.customer_id)
    if visitor.guest_cart is None:
        message = "no cart: log in, or open one with POST /carts and send its token as Cart-Token"
        raise NotFound(message)
    return visitor.guest_cart


CartOf = Annotated[Cart, Depends(_cart)]

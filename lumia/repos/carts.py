"""Carts: a guest's by token, a customer's one active cart, and their lines at present prices."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final

from lumia.dto.base import checked_id, validated
from lumia.dto.carts import (
    AbandonedCarts,
    Cart,
    CartBundle,
    CartBundleChange,
    CartItemChange,
    CartLine,
    CartLineRow,
    CartToken,
    CartVariant,
    GuestMerge,
    NewGuestCart,
    PricedCart,
)
from lumia.dto.emails import email_key
from lumia.errors import IllegalTransition, InvalidReference, InvalidValue, UnavailableItem
from lumia.money import line_amount, sum_money
from lumia.repos.base import Repository, found, key_after, page_of, page_rows
from lumia.repos.variants import no_variant
from lumia.typedsql import PreparedCall, compose, prepare
from lumia.types import CartStatus, Page

if TYPE_CHECKING:
    from lumia.repos.context import Context

__all__ = ["MAX_LINES", "Carts", "new_token"]

MAX_LINES: Final = 500
"""How many different variants and bundles a cart may hold."""

MAX_QUANTITY: Final = 1_000_000
"""How many of a variant or a bundle a line may hold."""

_TOKEN_BYTES: Final = 32


def new_token() -> str:
    """Make a guest's token: 256 random bits, safe in a URL or a cookie."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


class Carts(Repository):
    """What customers and guests mean to buy.

    Reading works for every cart; changing one that was ordered or abandoned raises `IllegalTransition`.
    """

    def __init__(self, context: Context, *, tokens: Callable[[], str] = new_token) -> None:
        """Keep the context, and where guests' tokens come from."""
        super().__init__(context)
        self._tokens = tokens

    def create_guest(self, *, email: str | None = None) -> tuple[Cart, str]:
        """Open a cart for a guest and return it with its token, which is shown only now: its hash is all that is kept.

        `email` is where the order's confirmation goes and may come later. Raises `InvalidValue`. One statement.
        """
        new = validated(NewGuestCart, email=email)
        token = self._tokens()
        with self._context.unit(write=True) as unit:
            row: Cart | None = unit.q.carts.insert_guest_cart(
                public_id=unit.new_uuid(),
                token_hash=_hash(token),
                guest_email=new.email,
                guest_email_key=None if new.email is None else email_key(new.email),
                now=unit.now(),
            )
            return found(row, "the shop has no settings: restore the database or migrate a new one"), token

    def for_customer(self, customer_id: int) -> Cart:
        """Give a customer's active cart; open one where there is none. Several callers at once get the same one.

        Raises `NotFound` for a customer that does not exist. One statement, two when the cart is opened.
        """
        checked_id("customer_id", customer_id)
        cart: Cart | None = self._context.q.carts.get_active_cart(customer_id=customer_id)
        if cart is not None:
            return cart
        with self._context.unit(write=True) as unit:
            return _opened(unit, customer_id)

    def by_token(self, token: str) -> Cart:
        """Read the cart of a guest's token. Raises `NotFound`. One statement."""
        key = validated(CartToken, token=token).token
        row: Cart | None = self._context.q.carts.get_cart_by_token_hash(token_hash=_hash(key))
        return found(row, "no cart has this token: open a new one with carts.create_guest")

    def get(self, cart_id: int) -> PricedCart:
        """Read a cart with its lines at present prices and what is available of each. Two statements, one round trip.

        A line tells whether its price changed since it was last set, and whether it can be ordered as it is; what is on
        hold for the cart itself is available to it. Its amount is its unit price times its quantity, rounded once
        half-up to the currency's minor unit. An amount beyond what money can hold is None, and so is the subtotal then:
        such a cart cannot be ordered, but lines can be lowered or taken out. Raises `NotFound`.
        """
        checked_id("cart_id", cart_id)
        cart, lines = self._context.q.pipeline(_read_calls(self._context, cart_id))
        return _priced(found(cart, _no_cart(cart_id)), lines)

    def set_item(self, cart_id: int, *, variant_id: int, quantity: int) -> PricedCart:
        """Let a cart hold `quantity` (1 to 1,000,000) of a variant, whatever it held before. Five statements.

        Stock is not asked: the line tells what is available. Raises `NotFound`, `InvalidReference` for a variant that
        does not exist, `UnavailableItem` for one that is not for sale, `IllegalTransition` for a cart that is not
        active, `InvalidValue`, also beyond 500 lines.
        """
        change = validated(CartItemChange, variant_id=variant_id, quantity=quantity)
        checked_id("cart_id", cart_id)
        with self._context.unit(write=True) as unit:
            _, variant, _, cart, lines = unit.q.pipeline(
                (
                    # The cart before its lines, as everybody does who changes lines: nobody waits in a circle.
                    prepare(unit.q.carts.lock_cart, cart_id=cart_id),
                    prepare(unit.q.carts.get_cart_variant, variant_id=change.variant_id),
                    prepare(unit.q.carts.put_cart_item, cart_id=cart_id, **dict(change), now=unit.now()),
                    *_read_calls(unit, cart_id),
                )
            )
            cart = _active(cart, cart_id)
            _check_for_sale(variant, change.variant_id)
            return _priced(cart, _few(lines, cart_id))

    def set_bundle(self, cart_id: int, *, bundle_id: int, quantity: int) -> PricedCart:
        """Let a cart hold `quantity` (1 to 1,000,000) of a bundle, whatever it held before. Five statements.

        Its parts are no lines of their own, and stand beside a line of the same variant. Stock is not asked: the line
        tells what is available. Raises `NotFound`, `InvalidReference` for a bundle that does not exist,
        `UnavailableItem` for one that is not for sale with all its parts, `IllegalTransition` for a cart that is not
        active, `InvalidValue`, also beyond 500 lines.
        """
        change = validated(CartBundleChange, bundle_id=bundle_id, quantity=quantity)
        checked_id("cart_id", cart_id)
        with self._context.unit(write=True) as unit:
            _, bundle, _, cart, lines = unit.q.pipeline(
                (
                    prepare(unit.q.carts.lock_cart, cart_id=cart_id),
                    prepare(unit.q.cart_bundles.get_cart_bundle, bundle_id=change.bundle_id),
                    prepare(unit.q.cart_bundles.put_cart_bundle, cart_id=cart_id, **dict(change), now=unit.now()),
                    *_read_calls(unit, cart_id),
                )
            )
            cart = _active(cart, cart_id)
            _check_bundle_for_sale(bundle, change.bundle_id)
            return _priced(cart, _few(lines, cart_id))

    def remove_item(self, cart_id: int, *, variant_id: int) -> PricedCart:
        """Take a variant out of a cart. Five statements; four for one that is not in it, which changes nothing.

        Raises `NotFound`, `IllegalTransition` for a cart that is not active, `InvalidValue`.
        """
        checked_id("variant_id", variant_id)
        checked_id("cart_id", cart_id)
        with self._context.unit(write=True) as unit:
            return _without(
                unit, cart_id, prepare(unit.q.carts.delete_cart_item, cart_id=cart_id, variant_id=variant_id)
            )

    def remove_bundle(self, cart_id: int, *, bundle_id: int) -> PricedCart:
        """Take a bundle out of a cart. Five statements; four for one that is not in it, which changes nothing.

        Raises `NotFound`, `IllegalTransition` for a cart that is not active, `InvalidValue`.
        """
        checked_id("bundle_id", bundle_id)
        checked_id("cart_id", cart_id)
        with self._context.unit(write=True) as unit:
            return _without(
                unit, cart_id, prepare(unit.q.cart_bundles.delete_cart_bundle, cart_id=cart_id, bundle_id=bundle_id)
            )

    def clear(self, cart_id: int) -> PricedCart:
        """Empty a cart. Five statements; four for an empty one, which stays as it is.

        Raises `NotFound`, `IllegalTransition` for a cart that is not active, `InvalidValue`.
        """
        checked_id("cart_id", cart_id)
        with self._context.unit(write=True) as unit:
            return _without(unit, cart_id, prepare(unit.q.carts.delete_cart_items, cart_id=cart_id))

    def merge(self, token: str, customer_id: int) -> PricedCart:
        """Put what a guest chose into the active cart of the customer who has logged in, and give the guest's cart up.

        Quantities are summed by variant, and by bundle after them, up to 1,000,000 a line and 500 lines; what is beyond
        stays out. Stock is not asked, and what was on hold for the guest's cart is given back. Called again it changes
        nothing: the guest's cart is not active any more. The customer's cart is opened where there is none. A line
        tells of a price that changed since either of the two was set; no amount is too large for it. Eight statements,
        five when there is nothing to merge, one more when the cart is opened.

        Raises `NotFound` when no cart has the token or the customer does not exist, and `InvalidValue`.
        """
        request = validated(GuestMerge, token=token, customer_id=customer_id)
        with self._context.unit(write=True) as unit:
            q, now, token_hash = unit.q, unit.now(), _hash(request.token)
            # The guest's cart first: of several callers one closes it, the others wait for that and find it closed.
            guest_id, guest, own_id = q.pipeline(
                (
                    prepare(q.cart_merging.close_guest_cart, token_hash=token_hash, now=now),
                    prepare(q.carts.get_cart_by_token_hash, token_hash=token_hash),
                    prepare(q.carts.lock_active_cart, customer_id=request.customer_id),
                )
            )
            found(guest, "no cart has this token: there is nothing to merge")
            cart_id = _opened(unit, request.customer_id).cart_id if own_id is None else own_id
            if guest_id is not None:
                q.cart_merging.merge_cart_items(
                    from_cart_id=guest_id, cart_id=cart_id, max_lines=MAX_LINES, max_quantity=MAX_QUANTITY, now=now
                )
                q.cart_merging.merge_cart_bundles(
                    from_cart_id=guest_id, cart_id=cart_id, max_lines=MAX_LINES, max_quantity=MAX_QUANTITY, now=now
                )
                q.reservations.delete_reservations(cart_id=guest_id)
            cart, lines = q.pipeline(_read_calls(unit, cart_id))
            return _priced(found(cart, _no_cart(cart_id)), lines)

    def abandoned(self, *, before: datetime, limit: int = 50, after: int | None = None) -> Page[Cart]:
        """List the active carts with something in them that did not change since `before`, oldest cart first.

        Whether to remind their holders is the caller's choice: nothing is changed. `limit` is 1 to 500; `after` is the
        last page's `next`. Raises `InvalidValue`, also for a `before` without a time zone. One statement.
        """
        since = validated(AbandonedCarts, before=before).before
        rows = self._context.q.carts.list_abandoned_carts(
            before=since, after_id=key_after(after), max_rows=page_rows(limit)
        )
        return page_of(rows, limit, lambda row: row.cart_id)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _read_calls(context: Context, cart_id: int) -> tuple[PreparedCall[Cart | None], PreparedCall[list[CartLineRow]]]:
    carts = context.q.carts
    return (
        prepare(carts.get_cart, cart_id=cart_id),
        # One more than a cart may hold shows that it holds too many.
        prepare(carts.list_cart_lines, cart_id=cart_id, now=context.now(), max_rows=MAX_LINES + 1),
    )


def _opened(unit: Context, customer_id: int) -> Cart:
    row: Cart | None = unit.q.carts.open_customer_cart(
        public_id=unit.new_uuid(), customer_id=customer_id, now=unit.now()
    )
    return found(row, _no_customer(customer_id))


def _without(unit: Context, cart_id: int, removal: PreparedCall[int | None] | PreparedCall[list[int]]) -> PricedCart:
    _, removed = unit.q.pipeline((prepare(unit.q.carts.lock_cart, cart_id=cart_id), removal))
    if removed:
        # The trigger dates a removal by the server's clock, for a deleted row says no time: the shop's goes over it.
        unit.q.carts.touch_cart(cart_id=cart_id, now=unit.now())
    cart, lines = unit.q.pipeline(_read_calls(unit, cart_id))
    return _priced(_active(cart, cart_id), lines)


def _active(cart: Cart | None, cart_id: int) -> Cart:
    cart = found(cart, _no_cart(cart_id))
    if cart.status is not CartStatus.ACTIVE:
        message = f"cart {cart_id} is {cart.status} and cannot change: open a new one"
        raise IllegalTransition(message)
    return cart


def _check_for_sale(variant: CartVariant | None, variant_id: int) -> None:
    if variant is None:
        raise InvalidReference(no_variant(variant_id))
    if not variant.is_for_sale:
        message = f"variant {variant_id} is not for sale: publish its product and activate it"
        raise UnavailableItem(message)


def _check_bundle_for_sale(bundle: CartBundle | None, bundle_id: int) -> None:
    if bundle is None:
        message = f"there is no bundle {bundle_id}: catalog.list_bundles lists them"
        raise InvalidReference(message)
    if not bundle.is_for_sale:
        message = f"bundle {bundle_id} is not for sale: publish it and all its parts"
        raise UnavailableItem(message)


def _few(lines: Sequence[CartLineRow], cart_id: int) -> Sequence[CartLineRow]:
    if len(lines) > MAX_LINES:
        message = f"cart {cart_id} would hold more than {MAX_LINES} different variants and bundles"
        raise InvalidValue(message)
    return lines


def _priced(cart: Cart, rows: Sequence[CartLineRow]) -> PricedCart:
    amounts = [_held(partial(line_amount, row.unit_price, row.quantity, cart.currency)) for row in rows]
    lines = tuple(
        compose(
            CartLine,
            row,
            amount=amount,
            price_changed=row.price_then is not None and row.price_then != row.unit_price,
            is_unavailable=not row.is_for_sale or row.available < row.quantity,
        )
        for row, amount in zip(rows, amounts, strict=True)
    )
    known = [amount for amount in amounts if amount is not None]
    subtotal = _held(partial(sum_money, known)) if len(known) == len(amounts) else None
    return compose(PricedCart, cart, lines=lines, subtotal=subtotal)


def _held(amount: Callable[[], Decimal]) -> Decimal | None:
    # Nobody could lower what a cart holds if looking at it were refused.
    try:
        return amount()
    except InvalidValue:
        return None


def _no_cart(cart_id: int) -> str:
    return f"there is no cart {cart_id}: open one with carts.create_guest or carts.for_customer"


def _no_customer(customer_id: int) -> str:
    return f"there is no customer {customer_id}: customers.list gives the keys"

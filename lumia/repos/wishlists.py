"""Wishlists: things that customers put aside, share by a link and move to a cart."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from lumia.dto.base import checked_id, validated
from lumia.dto.carts import PricedCart
from lumia.dto.wishlists import (
    NewWishlist,
    PricedWishlist,
    SharedWishlist,
    Wishlist,
    WishlistLine,
    WishlistLineRow,
    WishlistName,
    WishlistSummary,
    WishlistToken,
)
from lumia.errors import IllegalTransition, InvalidReference, InvalidValue, UnavailableItem
from lumia.repos.base import Repository, found, given, made
from lumia.repos.carts import MAX_LINES, Carts, new_token
from lumia.repos.variants import no_variant
from lumia.typedsql import PreparedCall, compose, prepare
from lumia.types import CartStatus

if TYPE_CHECKING:
    from lumia.repos.context import Context

__all__ = ["MAX_ITEMS", "MAX_WISHLISTS", "Wishlists"]

MAX_ITEMS: Final = 500
"""How many different variants a list may hold."""

MAX_WISHLISTS: Final = 50
"""How many lists a customer may have."""


class Wishlists(Repository):
    """What customers would like to have some day.

    A list has one of each thing; whether it can be bought is told, and never keeps it off the list once it is on it.
    """

    def __init__(self, context: Context, *, tokens: Callable[[], str] = new_token) -> None:
        """Keep the context, and where the tokens of links come from."""
        super().__init__(context)
        self._tokens = tokens

    def create(self, customer_id: int, *, name: str) -> Wishlist:
        """Open a list for a customer, who may have 50, each with a name (1 to 100 characters) of its own.

        Raises `NotFound` for a customer that does not exist, `AlreadyExists` when one of their lists has the name,
        `InvalidValue`, also beyond 50 lists. Three statements.
        """
        new = validated(NewWishlist, customer_id=customer_id, name=name)
        with self._context.unit(write=True) as unit:
            # The lock first: whoever counts after it has been given sees every other list.
            customer, lists, wishlist = unit.q.pipeline(
                (
                    prepare(unit.q.customers.lock_customer, customer_id=new.customer_id),
                    prepare(unit.q.wishlists.count_wishlists, customer_id=new.customer_id),
                    prepare(unit.q.wishlists.insert_wishlist, public_id=unit.new_uuid(), **dict(new), now=unit.now()),
                )
            )
            found(customer, f"there is no customer {new.customer_id}: customers.list gives the keys")
            if lists >= MAX_WISHLISTS:
                message = f"customer {new.customer_id} would have more than {MAX_WISHLISTS} wishlists"
                raise InvalidValue(message)
            return made(wishlist)

    def of_customer(self, customer_id: int) -> tuple[WishlistSummary, ...]:
        """List a customer's lists, oldest first, with how much is on each; at most 50. One statement.

        A customer that does not exist has none. Raises `InvalidValue`.
        """
        rows = self._context.q.wishlists.list_wishlists(
            customer_id=checked_id("customer_id", customer_id), max_rows=MAX_WISHLISTS
        )
        return tuple(rows)

    def get(self, wishlist_id: int) -> PricedWishlist:
        """Read a list with what is on it: present prices, and what is available of each. Two statements.

        Raises `NotFound`.
        """
        checked_id("wishlist_id", wishlist_id)
        wishlist, lines = self._context.q.pipeline(
            (
                prepare(self._context.q.wishlists.get_wishlist, wishlist_id=wishlist_id),
                _lines_call(self._context, wishlist_id),
            )
        )
        return _priced(found(wishlist, _no_wishlist(wishlist_id)), lines)

    def rename(self, wishlist_id: int, *, name: str) -> Wishlist:
        """Give a list another name. One statement.

        Raises `NotFound`, `AlreadyExists` when another list of the customer has the name, and `InvalidValue`.
        """
        new = validated(WishlistName, name=name).name
        with self._context.unit(write=True) as unit:
            wishlist = unit.q.wishlists.rename_wishlist(
                wishlist_id=checked_id("wishlist_id", wishlist_id), name=new, now=unit.now()
            )
            return found(wishlist, _no_wishlist(wishlist_id))

    def delete(self, wishlist_id: int) -> None:
        """Delete a list with everything on it; its link leads nowhere then. Raises `NotFound`. One statement."""
        with self._context.unit(write=True) as unit:
            deleted = unit.q.wishlists.delete_wishlist(wishlist_id=checked_id("wishlist_id", wishlist_id))
            found(deleted or None, _no_wishlist(wishlist_id))

    def add(self, wishlist_id: int, *, variant_id: int) -> PricedWishlist:
        """Put a variant on a list; one that is on it stays where it is. Four statements.

        Stock is not asked: the line tells what is available. Raises `NotFound`, `InvalidReference` for a variant that
        does not exist, `UnavailableItem` for one that is not for sale, `InvalidValue`, also beyond 500 variants.
        """
        checked_id("wishlist_id", wishlist_id)
        checked_id("variant_id", variant_id)
        with self._context.unit(write=True) as unit:
            now = unit.now()
            # The list's row first: who adds beside us waits for it, so nobody counts too few.
            wishlist, variant, _, lines = unit.q.pipeline(
                (
                    prepare(unit.q.wishlists.touch_wishlist, wishlist_id=wishlist_id, now=now),
                    prepare(unit.q.carts.get_cart_variant, variant_id=variant_id),
                    prepare(
                        unit.q.wishlists.insert_wishlist_item,
                        wishlist_id=wishlist_id,
                        variant_id=variant_id,
                        now=now,
                    ),
                    _lines_call(unit, wishlist_id),
                )
            )
            wishlist = found(wishlist, _no_wishlist(wishlist_id))
            if variant is None:
                raise InvalidReference(no_variant(variant_id))
            if not variant.is_for_sale:
                message = f"variant {variant_id} is not for sale: publish its product and activate it"
                raise UnavailableItem(message)
            if len(lines) > MAX_ITEMS:
                message = f"wishlist {wishlist_id} would hold more than {MAX_ITEMS} different variants"
                raise InvalidValue(message)
            return _priced(wishlist, lines)

    def remove(self, wishlist_id: int, *, variant_id: int) -> PricedWishlist:
        """Take a variant off a list; one that is not on it changes nothing there. Three statements.

        Raises `NotFound` for a list that does not exist, and `InvalidValue`.
        """
        checked_id("wishlist_id", wishlist_id)
        checked_id("variant_id", variant_id)
        with self._context.unit(write=True) as unit:
            q = unit.q.wishlists
            wishlist, _, lines = unit.q.pipeline(
                (
                    prepare(q.touch_wishlist, wishlist_id=wishlist_id, now=unit.now()),
                    prepare(q.delete_wishlist_item, wishlist_id=wishlist_id, variant_id=variant_id),
                    _lines_call(unit, wishlist_id),
                )
            )
            return _priced(found(wishlist, _no_wishlist(wishlist_id)), lines)

    def share(self, wishlist_id: int) -> str:
        """Make a link's token and return it: it is shown only now, for its hash is all that is kept. One statement.

        Whoever has it can see the list, not change it. A token that was given before leads nowhere from now on. Raises
        `NotFound`.
        """
        checked_id("wishlist_id", wishlist_id)
        token = self._tokens()
        with self._context.unit(write=True) as unit:
            wishlist = unit.q.wishlists.set_wishlist_token(
                wishlist_id=wishlist_id, token_hash=_hash(token), now=unit.now()
            )
            found(wishlist, _no_wishlist(wishlist_id))
            return token

    def unshare(self, wishlist_id: int) -> Wishlist:
        """Let no link lead to a list any more; one that was not shared stays so. Raises `NotFound`. One statement."""
        with self._context.unit(write=True) as unit:
            wishlist = unit.q.wishlists.set_wishlist_token(
                wishlist_id=checked_id("wishlist_id", wishlist_id), token_hash=None, now=unit.now()
            )
            return found(wishlist, _no_wishlist(wishlist_id))

    def shared(self, token: str) -> SharedWishlist:
        """Read the list that a link's token shows, at present prices, without whose it is. Two statements.

        Raises `NotFound` for a token that leads nowhere (any more), and `InvalidValue` for what can be none.
        """
        key = validated(WishlistToken, token=token).token
        q = self._context.q
        wishlist = found(
            q.wishlists.get_shared_wishlist(token_hash=_hash(key)),
            "no wishlist is shared by this token: ask for a new link",
        )
        (lines,) = q.pipeline((_lines_call(self._context, wishlist.wishlist_id),))
        return SharedWishlist(public_id=wishlist.public_id, name=wishlist.name, lines=_lines(lines))

    def move_to_cart(
        self, wishlist_id: int, *, cart_id: int | None = None, variant_id: int | None = None
    ) -> PricedCart:
        """Move everything on a list that is for sale, or one variant of it, to a cart, and return that cart.

        Without a `cart_id` it is the active cart of the list's customer. One of each is put into it; what lies in it
        keeps its quantity and leaves the list all the same. What is not for sale stays on the list. Six statements;
        seven statements for the customer's own cart, and one more where it has to be opened.

        Raises:
            NotFound: there is no such list or cart.
            IllegalTransition: the cart is not active.
            InvalidValue: the cart would hold more than 500 different variants.
        """
        checked_id("wishlist_id", wishlist_id)
        if cart_id is not None:
            checked_id("cart_id", cart_id)
        only = None if variant_id is None else checked_id("variant_id", variant_id)
        with self._context.unit(write=True) as unit:
            now = unit.now()
            q, carts = unit.q.wishlists, Carts(unit)
            wishlist = found(q.touch_wishlist(wishlist_id=wishlist_id, now=now), _no_wishlist(wishlist_id))
            into = carts.for_customer(wishlist.customer_id).cart_id if cart_id is None else cart_id
            unit.q.pipeline(
                (
                    # The cart before its lines, as everybody does who changes lines: nobody waits in a circle.
                    prepare(unit.q.carts.lock_cart, cart_id=into),
                    prepare(
                        q.copy_wishlist_to_cart,
                        wishlist_id=wishlist_id,
                        cart_id=into,
                        variant_id=given(only),
                        now=now,
                    ),
                    prepare(
                        q.delete_wishlist_items_in_cart,
                        wishlist_id=wishlist_id,
                        cart_id=into,
                        variant_id=given(only),
                    ),
                )
            )
            cart = carts.get(into)
            if cart.status is not CartStatus.ACTIVE:
                message = f"cart {into} is {cart.status.value} and cannot change: open a new one"
                raise IllegalTransition(message)
            if len(cart.lines) > MAX_LINES:
                message = f"cart {into} would hold more than {MAX_LINES} different variants"
                raise InvalidValue(message)
            return cart


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _lines_call(context: Context, wishlist_id: int) -> PreparedCall[list[WishlistLineRow]]:
    # One more than a list may hold shows that it holds too many.
    return prepare(
        context.q.wishlists.list_wishlist_lines,
        wishlist_id=wishlist_id,
        now=context.now(),
        max_rows=MAX_ITEMS + 1,
    )


def _lines(rows: Sequence[WishlistLineRow]) -> tuple[WishlistLine, ...]:
    return tuple(compose(WishlistLine, row, is_unavailable=not row.is_for_sale or row.available < 1) for row in rows)


def _priced(wishlist: Wishlist, rows: Sequence[WishlistLineRow]) -> PricedWishlist:
    return compose(PricedWishlist, wishlist, lines=_lines(rows))


def _no_wishlist(wishlist_id: int) -> str:
    return f"there is no wishlist {wishlist_id}: wishlists.of_customer lists them"

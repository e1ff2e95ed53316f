"""Checkout: what a cart comes to, and its order, placed once for the total that the customer agreed to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from decimal import Context as DecimalContext
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from lumia.dto.base import validated
from lumia.dto.checkout import IdempotentAnswer, NewOrder, Quote, QuoteRequest
from lumia.dto.coupons import coupon_key
from lumia.dto.customers import NewAddress
from lumia.dto.emails import email_key
from lumia.dto.orders import Order
from lumia.errors import Conflict, IdempotencyConflict, InvalidValue, TotalChanged
from lumia.repos.base import Repository
from lumia.repos.events import ORDER_PAID, order_event
from lumia.repos.order_parts import read_new_order, read_order
from lumia.repos.placing import OrderDraft, write_order
from lumia.repos.pricing import Place
from lumia.repos.quoting import (
    Destination,
    Priced,
    Snapshot,
    SnapshotCalls,
    SnapshotResults,
    check_sellable,
    fills_of,
    price_snapshot,
    quote_of,
    read_coupons,
    snapshot_calls,
)
from lumia.repos.redeeming import check_all_apply
from lumia.typedsql import prepare
from lumia.types import MONEY_QUANTUM

if TYPE_CHECKING:
    from lumia.repos.context import Context

__all__ = ["Checkout"]

_OPERATION: Final = "checkout.place"
_EXACT: Final = DecimalContext(prec=100)


class Checkout(Repository):
    """From cart to order."""

    def quote(
        self,
        cart_id: int,
        *,
        shipping_method: str,
        shipping_address: int | None = None,
        country_code: str | None = None,
        region: str = "",
        coupon_codes: tuple[str, ...] = (),
    ) -> Quote:
        """Tell what a cart comes to now, sent by a method to an address of its customer or to a place.

        Every line says whether stock covers it, what is on hold for the cart itself included; nothing is reserved. A
        bundle comes as a line for each of its parts. Of up to 8 coupon codes the best that may stand together apply;
        the quote tells of every other why it does not. Six statements, nine statements with coupon codes.

        Raises:
            NotFound: the cart, the shipping method, or the address among those of the cart's customer does not exist.
            IllegalTransition: the cart was ordered or given up, its customer is not active, or the shop's currency
                changed.
            InvalidValue: the cart is empty, the method is not offered there, an argument is malformed, or an amount
                is beyond its limit.
        """
        request = validated(
            QuoteRequest,
            cart_id=cart_id,
            shipping_method=shipping_method,
            shipping_address=shipping_address,
            country_code=country_code,
            region=region,
            coupon_codes=coupon_codes,
        )
        to = Destination(request.shipping_address or Place(request.country_code or "", request.region))
        q, now = self._context.q, self._context.now()
        calls = snapshot_calls(q, cart_id=request.cart_id, shipping_method=request.shipping_method, to=to, now=now)
        results = q.pipeline(calls)
        coupons = read_coupons(q, results[0], request.coupon_codes, email=None, now=now)
        return quote_of(price_snapshot(Snapshot.of(results, coupons), to))

    def place(
        self,
        cart_id: int,
        *,
        shipping_address: int | NewAddress,
        billing_address: int | NewAddress | None = None,
        email: str | None = None,
        shipping_method: str,
        coupon_codes: tuple[str, ...] = (),
        expected_total: Decimal,
        idempotency_key: str,
        actor: str = "customer",
    ) -> Order:
        """Order a cart for exactly `expected_total`, once per idempotency key; a refusal leaves nothing behind.

        Called again with the same key and request, by whomever and however often, it gives the order that the first
        call made. The key counts within the cart's customer, or within a guest's cart. Addresses are keys of the
        customer's own or new ones, which are stored with the order; without a billing address the shipping address is
        billed. A guest's cart makes a guest customer and needs an e-mail address, here or left with the cart.
        An order that costs nothing is paid at once. What is on hold for the cart is dropped with it, and what is on
        hold for others cannot be ordered. A bundle becomes a line for each of its parts. Of the coupon codes the best
        that may stand together apply, and each takes its slot; one that does not apply refuses the order.

        15 statements where one can write it all, 23 where each table needs its own, whatever lies in the cart; one more
        for each new address and for a guest, two for an order that costs nothing, three for coupon codes and two more
        to claim them.

        Raises:
            TotalChanged: the order comes to another total now; quote again.
            InsufficientStock: less is available than the cart holds; the message names SKUs and units.
            UnavailableItem: a variant or a bundle in the cart is not for sale any more.
            IdempotencyConflict: the key was used for another request.
            CouponRefused: a coupon code was given that does not apply, or was used up while the order was written.
            NotFound: the cart, the shipping method, or an address among those of the cart's customer does not exist.
            IllegalTransition: the cart was ordered under another key or given up, its customer is not active, or the
                shop's currency changed.
            Conflict: the cart kept changing while it was ordered; call again.
            InvalidValue: the cart is empty, the method is not offered there, a guest's e-mail address is missing, an
                argument is malformed, or an amount is beyond its limit.
        """
        request = validated(
            NewOrder,
            cart_id=cart_id,
            shipping_address=shipping_address,
            billing_address=billing_address,
            email=email,
            shipping_method=shipping_method,
            coupon_codes=coupon_codes,
            expected_total=expected_total,
            idempotency_key=idempotency_key,
            actor=actor,
        )
        with self._context.unit(write=True) as unit:
            return _Placement(unit, request).run()


class _Placement:
    """One attempt to order a cart, inside an open unit of work."""

    def __init__(self, unit: Context, request: NewOrder) -> None:
        self._unit = unit
        self._request = request
        self._now = unit.now()
        self._to = _destination(request)
        self._digest = _digest(request)

    def run(self) -> Order:
        q, request = self._unit.q, self._request
        # The key first: a second caller waits here until the first one's outcome is final, before it reads a thing.
        answers = q.pipeline(
            (
                prepare(
                    q.idempotency.claim_key_of_cart,
                    operation=_OPERATION,
                    cart_id=request.cart_id,
                    key=request.idempotency_key,
                    request_hash=self._digest,
                    now=self._now,
                ),
                prepare(
                    q.idempotency.get_answer_of_cart,
                    operation=_OPERATION,
                    cart_id=request.cart_id,
                    key=request.idempotency_key,
                ),
                *self._calls(),
            )
        )
        key_id, answer = answers[:2]
        if key_id is None and answer is not None:
            return self._replay(answer)
        priced = self._judge(answers[2:])
        draft = self._draft(priced, key_id)
        order_id = write_order(self._unit, draft)
        if order_id is None:
            order_id = self._write_again(draft)
        if priced.totals.total == 0:
            self._pay_nothing(order_id, draft)
        return self._found(read_new_order(self._unit.q, order_id), order_id)

    def _calls(self) -> SnapshotCalls:
        return snapshot_calls(
            self._unit.q,
            cart_id=self._request.cart_id,
            shipping_method=self._request.shipping_method,
            to=self._to,
            now=self._now,
        )

    def _replay(self, answer: IdempotentAnswer) -> Order:
        if answer.request_hash != self._digest:
            message = "idempotency_key: it was used for another request; take a new key for a new order"
            raise IdempotencyConflict(message)
        if answer.result_id is None:
            message = "idempotency_key: its order was never finished"
            raise Conflict(message)
        return self._found(read_order(self._unit.q, answer.result_id), answer.result_id)

    def _judge(self, results: SnapshotResults) -> Priced:
        request = self._request
        coupons = read_coupons(self._unit.q, results[0], request.coupon_codes, email=request.email, now=self._now)
        priced = price_snapshot(Snapshot.of(results, coupons), self._to)
        check_sellable(priced)
        check_all_apply(priced.discounts)
        expected, total = request.expected_total, priced.totals.total
        if expected != total:
            message = f"the total is {total:f} {priced.cart.currency}, not {expected:f}: quote again"
            raise TotalChanged(message)
        return priced

    def _draft(self, priced: Priced, key_id: int | None) -> OrderDraft:
        if key_id is None:
            message = "idempotency_key: it was freed while this call read its answer; call again"
            raise Conflict(message)
        fills = fills_of(priced)
        email = self._request.email or priced.cart.customer_email or priced.cart.guest_email
        if email is None:
            message = "email: a guest's order needs an address for its confirmation"
            raise InvalidValue(message)
        customer_id = priced.cart.customer_id or self._insert_guest(email)
        shipping = self._address(customer_id, self._request.shipping_address)
        billing = self._request.billing_address
        return OrderDraft(
            priced=priced,
            fills=fills,
            idempotency_key_id=key_id,
            public_id=self._unit.new_uuid(),
            customer_id=customer_id,
            shipping_address_id=shipping,
            billing_address_id=shipping if billing is None else self._address(customer_id, billing),
            email=email,
            placed_at=self._now,
            expires_at=self._now + timedelta(minutes=priced.cart.order_expiry_minutes),
            actor=self._request.actor,
        )

    def _insert_guest(self, email: str) -> int:
        address = self._request.shipping_address
        guest: int = self._unit.q.customers.insert_customer(
            public_id=self._unit.new_uuid(),
            email=email,
            email_key=email_key(email),
            first_name="",
            last_name=address.recipient[:100] if isinstance(address, NewAddress) else "",
            phone=None,
            external_reference=None,
            is_guest=True,
            now=self._now,
        )
        return guest

    def _address(self, customer_id: int, address: int | NewAddress) -> int:
        if isinstance(address, int):
            return address
        stored: int = self._unit.q.addresses.insert_address(
            customer_id=customer_id, is_default_shipping=False, is_default_billing=False, now=self._now, **dict(address)
        )
        return stored

    def _write_again(self, draft: OrderDraft) -> int:
        # The locks are held now: whatever changed since the first reading is read anew, and judged by the same rules.
        priced = self._judge(self._unit.q.pipeline(self._calls()))
        order_id = write_order(self._unit, replace(draft, priced=priced, fills=fills_of(priced)))
        if order_id is None:
            message = f"cart {self._request.cart_id} kept changing while it was ordered; call again"
            raise Conflict(message)
        return order_id

    def _pay_nothing(self, order_id: int, draft: OrderDraft) -> None:
        now = self._unit.now()
        self._unit.q.orders.pay_free_order(order_id=order_id, actor=draft.actor, now=now)
        self._unit.q.outbox.insert_events([order_event(ORDER_PAID, draft.public_id, now)])

    @staticmethod
    def _found(order: Order | None, order_id: int) -> Order:
        if order is None:
            message = f"order {order_id} is gone"
            raise Conflict(message)
        return order


def _destination(request: NewOrder) -> Destination:
    shipping, billing = request.shipping_address, request.billing_address
    return Destination(
        shipping if isinstance(shipping, int) else Place(shipping.country_code, shipping.region),
        billing if isinstance(billing, int) else None,
    )


def _digest(request: NewOrder) -> bytes:
    content = request.model_dump(mode="json", exclude={"actor", "expected_total", "idempotency_key"})
    # However often and in whatever order and spelling its codes are given: one request.
    content["coupon_codes"] = sorted({coupon_key(code) for code in request.coupon_codes})
    # 12.5 and 12.50 are one request.
    content["expected_total"] = str(request.expected_total.quantize(MONEY_QUANTUM, context=_EXACT))
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).digest()

"""What a cart comes to now and whether it can be ordered: one reading of all that it depends on, judged in Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from lumia.dto.checkout import (
    CheckoutAddress,
    CheckoutCart,
    CheckoutLine,
    CheckoutShipping,
    CheckoutStock,
    CheckoutTaxRate,
    Quote,
    QuoteLine,
)
from lumia.dto.emails import email_key
from lumia.errors import IllegalTransition, InsufficientStock, InvalidValue, NotFound, UnavailableItem
from lumia.money import sum_money
from lumia.repos.allocation import Demand, Fill, Plan, plan_allocation
from lumia.repos.base import found
from lumia.repos.discounts import Discounts
from lumia.repos.pricing import Place, PricedLine, Totals, line_amounts, price_lines, shipping_charge, total_up
from lumia.repos.redeeming import AskedCoupons, coupon_calls, discount_cart, terms_of
from lumia.typedsql import PreparedCall, prepare
from lumia.types import CartStatus, ProductStatus

if TYPE_CHECKING:
    from lumia.queries.protocols import Queries

__all__ = [
    "Destination",
    "Priced",
    "Snapshot",
    "check_sellable",
    "fills_of",
    "price_snapshot",
    "quote_of",
    "read_coupons",
    "snapshot_calls",
]

_NO_ADDRESS: Final = 0
_ZERO: Final = Decimal(0)
_NO_COUPONS: Final = AskedCoupons()
MAX_UNITS: Final = 1_000_000
"""How many units a line of an order may have."""

SnapshotCalls = tuple[
    PreparedCall[CheckoutCart | None],
    PreparedCall[list[CheckoutLine]],
    PreparedCall[list[CheckoutStock]],
    PreparedCall[CheckoutShipping | None],
    PreparedCall[list[CheckoutTaxRate]],
    PreparedCall[list[CheckoutAddress]],
]
"""The reads of a `Snapshot`, and below what they give."""

SnapshotResults = tuple[
    CheckoutCart | None,
    list[CheckoutLine],
    list[CheckoutStock],
    CheckoutShipping | None,
    list[CheckoutTaxRate],
    list[CheckoutAddress],
]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an order goes: `shipping` is the key of a stored address or a place, `billing` a key to look up as well."""

    shipping: int | Place
    billing: int | None = None

    @property
    def keys(self) -> tuple[int, ...]:
        """The stored addresses that are asked for."""
        return tuple(key for key in (self.shipping, self.billing) if isinstance(key, int))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that an order depends on, as it was read; a cart or shipping method that does not exist is None."""

    cart: CheckoutCart | None
    lines: tuple[CheckoutLine, ...]
    stock: tuple[CheckoutStock, ...]
    shipping: CheckoutShipping | None
    rates: tuple[CheckoutTaxRate, ...]
    addresses: tuple[CheckoutAddress, ...]
    coupons: AskedCoupons = _NO_COUPONS

    @classmethod
    def of(cls, results: SnapshotResults, coupons: AskedCoupons) -> Snapshot:
        """Take the results of `snapshot_calls`, in their order, and of `read_coupons`."""
        cart, lines, stock, shipping, rates, addresses = results
        return cls(cart, tuple(lines), tuple(stock), shipping, tuple(rates), tuple(addresses), coupons)


@dataclass(frozen=True, slots=True)
class Priced:
    """An active cart with its lines priced for a destination."""

    cart: CheckoutCart
    shipping: CheckoutShipping
    lines: tuple[PricedLine, ...]
    totals: Totals
    allocation: Plan
    discounts: Discounts


def snapshot_calls(q: Queries, *, cart_id: int, shipping_method: str, to: Destination, now: datetime) -> SnapshotCalls:
    """Prepare the six reads of a `Snapshot`: the same number whatever lies in the cart."""
    if isinstance(to.shipping, int):
        rates = prepare(q.quoting.list_checkout_tax_rates_at_address, address_id=to.shipping, now=now)
    else:
        rates = prepare(
            q.quoting.list_checkout_tax_rates,
            country_code=to.shipping.country_code,
            region=to.shipping.region,
            now=now,
        )
    return (
        prepare(q.quoting.get_checkout_cart, cart_id=cart_id),
        prepare(q.quoting.list_checkout_lines, cart_id=cart_id),
        prepare(q.reservations.list_stock_for_cart, cart_id=cart_id, now=now),
        prepare(q.quoting.get_checkout_shipping, code=shipping_method),
        rates,
        prepare(
            q.quoting.list_checkout_addresses,
            cart_id=cart_id,
            shipping_address_id=to.shipping if isinstance(to.shipping, int) else _NO_ADDRESS,
            billing_address_id=to.billing or _NO_ADDRESS,
        ),
    )


def read_coupons(
    q: Queries, cart: CheckoutCart | None, codes: Sequence[str], *, email: str | None, now: datetime
) -> AskedCoupons:
    """Read the coupons that are asked for of a cart: three statements, none without a code.

    `email` is the address that the order is to have; None: the one that the cart's holder gave.
    """
    if cart is None or not codes:
        return _NO_COUPONS
    address = email or cart.customer_email or cart.guest_email
    calls = coupon_calls(
        q, cart_id=cart.cart_id, codes=codes, email_key=None if address is None else email_key(address)
    )
    return terms_of(q.pipeline(calls), codes=codes, now=now)


def price_snapshot(snapshot: Snapshot, to: Destination) -> Priced:
    """Price an active cart for a destination.

    Raises:
        NotFound: the cart, the shipping method, or an address among those of the cart's customer does not exist.
        IllegalTransition: the cart was ordered or given up, its customer is not active, or the shop's currency changed.
        UnavailableItem: a bundle in the cart has no parts any more.
        InvalidValue: the cart is empty, the method is not offered there, or an amount is beyond its limit.
    """
    cart = _active(snapshot.cart)
    if not snapshot.lines:
        message = f"cart {cart.cart_id} is empty"
        raise InvalidValue(message)
    _check_whole(snapshot.lines, cart.cart_id)
    for line in snapshot.lines:
        if line.quantity > MAX_UNITS:
            message = f"cart {cart.cart_id} holds more than {MAX_UNITS:,} units of {line.sku} in a bundle"
            raise InvalidValue(message)
    place = _place(snapshot, to)
    shipping = _offered(snapshot.shipping, place)
    discounts = _discounts(snapshot, shipping, cart.currency)
    lines = price_lines(
        snapshot.lines,
        snapshot.rates,
        place=place,
        currency=cart.currency,
        prices_include_tax=cart.prices_include_tax,
        discounts=discounts.line_discounts,
    )
    demands = [Demand(at, line.variant_id, line.quantity) for at, line in enumerate(snapshot.lines, 1)]
    return Priced(
        cart=cart,
        shipping=shipping,
        lines=lines,
        totals=total_up(lines, discounts.shipping_total),
        allocation=plan_allocation(demands, snapshot.stock),
        discounts=discounts,
    )


def _discounts(snapshot: Snapshot, shipping: CheckoutShipping, currency: str) -> Discounts:
    subtotal = sum_money(line_amounts(snapshot.lines, currency))
    if snapshot.coupons == _NO_COUPONS:
        return Discounts((_ZERO,) * len(snapshot.lines), shipping_charge(shipping, subtotal, currency))
    return discount_cart(
        snapshot.coupons,
        snapshot.lines,
        currency=currency,
        shipping=lambda remaining: shipping_charge(shipping, remaining, currency),
    )


def quote_of(priced: Priced) -> Quote:
    """Give the quote of a priced cart."""
    short = {shortage.variant_id for shortage in priced.allocation.shortages}
    lines = tuple(
        QuoteLine(
            variant_id=entry.line.variant_id,
            bundle_id=entry.line.bundle_id,
            sku=entry.line.sku,
            name=entry.line.name,
            unit_price=entry.line.unit_price,
            quantity=entry.line.quantity,
            amount=entry.amount,
            discount=entry.discount,
            tax_rate=entry.tax_rate,
            tax_reason=entry.tax_reason,
            tax=entry.tax,
            tax_included=entry.tax_included,
            line_total=entry.line_total,
            available=_is_sold(entry.line) and entry.line.variant_id not in short,
        )
        for entry in priced.lines
    )
    totals = priced.totals
    return Quote(
        cart_id=priced.cart.cart_id,
        cart_version=priced.cart.version,
        currency=priced.cart.currency,
        lines=lines,
        subtotal=totals.subtotal,
        discount_total=totals.discount_total,
        shipping_total=totals.shipping_total,
        tax_total=totals.tax_total,
        tax_included_total=totals.tax_included_total,
        total=totals.total,
        shipping_method=priced.shipping.code,
        available=all(line.available for line in lines),
        applied=priced.discounts.applied,
        outbid=priced.discounts.outbid,
        refused=priced.discounts.refused,
    )


def check_sellable(priced: Priced) -> None:
    """Raise `UnavailableItem` with the SKUs of variants and bundles that are not for sale, as they lie in the cart."""
    retired = [entry.line.bundle_sku or entry.line.sku for entry in priced.lines if not _is_sold(entry.line)]
    if retired:
        message = f"not for sale: {', '.join(dict.fromkeys(retired))}; take them out of the cart"
        raise UnavailableItem(message)


def fills_of(priced: Priced) -> tuple[Fill, ...]:
    """Give what each location sends; raise `InsufficientStock` with SKUs and available units when it falls short."""
    if priced.allocation.shortages:
        skus = {entry.line.variant_id: entry.line.sku for entry in priced.lines}
        missing = ", ".join(
            f"{skus[short.variant_id]} (wanted {short.wanted}, available {short.available})"
            for short in priced.allocation.shortages
        )
        message = f"not enough stock: {missing}"
        raise InsufficientStock(message)
    return priced.allocation.fills


def _active(cart: CheckoutCart | None) -> CheckoutCart:
    cart = found(cart, "there is no such cart: open one with carts.create_guest or carts.for_customer")
    if cart.status is not CartStatus.ACTIVE:
        message = f"cart {cart.cart_id} is {cart.status} and cannot be ordered: open a new one"
        raise IllegalTransition(message)
    if cart.customer_is_active is False:
        message = f"customer {cart.customer_id} is not active and cannot order"
        raise IllegalTransition(message)
    if cart.currency != cart.shop_currency:
        message = (
            f"cart {cart.cart_id} is in {cart.currency}, the shop sells in {cart.shop_currency} now: open a new one"
        )
        raise IllegalTransition(message)
    return cart


def _check_whole(lines: Sequence[CheckoutLine], cart_id: int) -> None:
    # A bundle comes as lines of its parts: one whose parts were deleted comes as none, and must not go unnoticed.
    seen = {(line.bundle_id, line.variant_id if line.bundle_id is None else None) for line in lines}
    if len(seen) < lines[0].cart_things:
        message = f"cart {cart_id} holds a bundle that has no parts any more: take it out, carts.get shows which it is"
        raise UnavailableItem(message)


def _place(snapshot: Snapshot, to: Destination) -> Place:
    known = {address.address_id: address for address in snapshot.addresses}
    for key in to.keys:
        if key not in known:
            message = f"address {key} is no address in use of the cart's customer: customers.addresses lists them"
            raise NotFound(message)
    if isinstance(to.shipping, Place):
        return to.shipping
    address = known[to.shipping]
    return Place(address.country_code, address.region)


def _offered(method: CheckoutShipping | None, place: Place) -> CheckoutShipping:
    method = found(method, "shipping_method: no method has this code")
    if not method.is_active:
        message = f"shipping_method: {method.code} is not offered any more"
        raise InvalidValue(message)
    if method.countries and place.country_code not in method.countries:
        message = f"shipping_method: {method.code} does not deliver to {place.country_code}"
        raise InvalidValue(message)
    return method


def _is_sold(line: CheckoutLine) -> bool:
    return line.is_active and line.product_status is ProductStatus.ACTIVE and line.bundle_is_active is not False

"""All that a shop holds about one person, and what was done to erase it."""

from __future__ import annotations

from uuid import UUID

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.customers import Customer
from lumia.dto.fields import Actor, Note
from lumia.types import (
    AccountTokenKind,
    CartStatus,
    FulfillmentStatus,
    Money,
    OrderStatus,
    PaymentEventKind,
    PaymentState,
    PaymentStatus,
    Rate,
    RefundStatus,
    ReturnStatus,
    ReviewStatus,
    UtcDatetime,
)

__all__ = [
    "Erasable",
    "Erasure",
    "ErasureNote",
    "ExportedAddress",
    "ExportedCancellation",
    "ExportedCart",
    "ExportedCartItem",
    "ExportedLogin",
    "ExportedOrder",
    "ExportedOrderItem",
    "ExportedOrderStep",
    "ExportedPayment",
    "ExportedPaymentEvent",
    "ExportedRedemption",
    "ExportedRefund",
    "ExportedReturn",
    "ExportedReturnItem",
    "ExportedReview",
    "ExportedSession",
    "ExportedShipment",
    "ExportedToken",
    "ExportedVote",
    "ExportedWishlist",
    "ExportedWishlistItem",
    "PersonalData",
]


class ExportedAddress(FrozenRow):
    """An address, archived or not."""

    address_id: int
    recipient: str
    company: str | None
    line1: str
    line2: str | None
    city: str
    region: str
    postal_code: str
    country_code: str
    country_name: str | None
    phone: str | None
    is_default_shipping: bool
    is_default_billing: bool
    archived_at: UtcDatetime | None
    created_at: UtcDatetime


class ExportedCancellation(FrozenRow):
    """Units of an order's line that were cancelled."""

    order_id: int
    position: int
    quantity: int
    reason: str
    cancelled_at: UtcDatetime


class ExportedCartItem(FrozenRow):
    """A line of a cart."""

    cart_id: int
    sku: str | None
    quantity: int
    created_at: UtcDatetime


class ExportedCart(FrozenRow):
    """A cart."""

    cart_id: int
    public_id: UUID
    guest_email: str | None
    currency: str
    status: CartStatus
    created_at: UtcDatetime
    updated_at: UtcDatetime


class ExportedLogin(FrozenRow):
    """That there is a password, and since when."""

    failed_attempts: int
    locked_until: UtcDatetime | None
    created_at: UtcDatetime
    updated_at: UtcDatetime


class ExportedOrderItem(FrozenRow):
    """A line of an order."""

    order_id: int
    position: int
    sku: str
    name: str
    category_name: str
    unit_price: Money
    quantity: int
    amount: Money
    discount: Money
    tax_rate: Rate
    tax: Money
    tax_included: Money
    line_total: Money
    cancelled_quantity: int
    shipped_quantity: int
    returned_quantity: int
    sold_at: UtcDatetime


class ExportedOrderStep(FrozenRow):
    """A step of an order's life."""

    order_id: int
    to_status: OrderStatus
    reason: str
    changed_at: UtcDatetime


class ExportedOrder(FrozenRow):
    """An order."""

    order_id: int
    public_id: UUID
    order_number: int
    invoice_number: int | None
    external_reference: str | None
    email: str
    status: OrderStatus
    payment_status: PaymentStatus
    fulfillment_status: FulfillmentStatus
    status_reason: str
    currency: str
    subtotal: Money
    discount_total: Money
    shipping_total: Money
    tax_total: Money
    tax_included_total: Money
    total: Money
    shipping_method_code: str | None
    shipping_address_id: int
    billing_address_id: int
    placed_at: UtcDatetime


class ExportedPaymentEvent(FrozenRow):
    """What a provider told about a payment, its JSON as text."""

    order_id: int
    provider: str
    kind: PaymentEventKind
    amount: Money | None
    payload: str | None
    occurred_at: UtcDatetime


class ExportedPayment(FrozenRow):
    """A payment."""

    order_id: int
    public_id: UUID
    provider: str
    method: str
    card_brand: str | None
    card_last4: str | None
    amount: Money
    currency: str
    status: PaymentState
    captured_amount: Money
    refunded_amount: Money
    created_at: UtcDatetime


class ExportedRedemption(FrozenRow):
    """A coupon that was used on an order."""

    order_id: int
    code: str
    email_key: str | None
    amount: Money
    redeemed_at: UtcDatetime
    freed_at: UtcDatetime | None


class ExportedRefund(FrozenRow):
    """A refund."""

    order_id: int
    public_id: UUID
    amount: Money
    status: RefundStatus
    reason: str
    created_at: UtcDatetime


class ExportedReturnItem(FrozenRow):
    """Units of a return."""

    return_id: int
    position: int
    quantity: int
    accepted_quantity: int
    damaged_quantity: int


class ExportedReturn(FrozenRow):
    """A return."""

    return_id: int
    order_id: int
    public_id: UUID
    status: ReturnStatus
    reason: str
    note: str
    created_at: UtcDatetime


class ExportedReview(FrozenRow):
    """A review."""

    public_id: UUID
    product_name: str
    rating: int
    title: str
    body: str
    status: ReviewStatus
    moderation_note: str
    created_at: UtcDatetime
    updated_at: UtcDatetime


class ExportedSession(FrozenRow):
    """A session's times."""

    created_at: UtcDatetime
    last_seen_at: UtcDatetime
    expires_at: UtcDatetime
    revoked_at: UtcDatetime | None


class ExportedShipment(FrozenRow):
    """A shipment."""

    order_id: int
    public_id: UUID
    carrier: str
    tracking_number: str | None
    shipped_at: UtcDatetime
    delivered_at: UtcDatetime | None


class ExportedToken(FrozenRow):
    """A token that was mailed; never the token itself."""

    kind: AccountTokenKind
    email_key: str
    created_at: UtcDatetime
    expires_at: UtcDatetime
    used_at: UtcDatetime | None


class ExportedVote(FrozenRow):
    """A vote for a review."""

    review: UUID
    voted_at: UtcDatetime


class ExportedWishlistItem(FrozenRow):
    """A thing on a wishlist."""

    wishlist_id: int
    sku: str
    added_at: UtcDatetime


class ExportedWishlist(FrozenRow):
    """A wishlist."""

    wishlist_id: int
    public_id: UUID
    name: str
    is_shared: bool
    created_at: UtcDatetime


class Erasable(FrozenRow):
    """Who is to be erased, with the row locked."""

    customer_id: int
    public_id: UUID
    email: str
    email_key: str
    erased_at: UtcDatetime | None


class PersonalData(FrozenRow):
    """All that the shop holds about a person, each list by key: `model_dump_json()` gives the document.

    Lines, payments, shipments and so on name their order by `order_id`, lines of carts and wishlists theirs. Secrets
    are not in it: of a password and of tokens only that they exist, of a card its last four digits.
    """

    customer: Customer
    addresses: tuple[ExportedAddress, ...]
    orders: tuple[ExportedOrder, ...]
    order_items: tuple[ExportedOrderItem, ...]
    order_steps: tuple[ExportedOrderStep, ...]
    cancellations: tuple[ExportedCancellation, ...]
    payments: tuple[ExportedPayment, ...]
    payment_events: tuple[ExportedPaymentEvent, ...]
    refunds: tuple[ExportedRefund, ...]
    shipments: tuple[ExportedShipment, ...]
    returns: tuple[ExportedReturn, ...]
    return_items: tuple[ExportedReturnItem, ...]
    carts: tuple[ExportedCart, ...]
    cart_items: tuple[ExportedCartItem, ...]
    wishlists: tuple[ExportedWishlist, ...]
    wishlist_items: tuple[ExportedWishlistItem, ...]
    reviews: tuple[ExportedReview, ...]
    votes: tuple[ExportedVote, ...]
    redemptions: tuple[ExportedRedemption, ...]
    logins: tuple[ExportedLogin, ...]
    sessions: tuple[ExportedSession, ...]
    tokens: tuple[ExportedToken, ...]


class Erasure(FrozenRow):
    """That a person was erased.

    Attributes:
        customer_id: the customer, whose row stays for the books.
        erased_at: when it was first done.
        is_settled: what was overwritten has left the logs beside the tables too; else call `privacy.settle` later.
    """

    customer_id: int
    erased_at: UtcDatetime
    is_settled: bool


class ErasureNote(InputModel):
    """Who erases a person, and why."""

    actor: Actor
    reason: Note = ""

"""SQLAlchemy models of orders and what belongs to them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Sequence, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from benchmarks.columns import Labels
from benchmarks.models_shop import Address
from benchmarks.tables import Amount, At, Base, Int, Key, Share, Str, Uid
from lumia.types import FulfillmentStatus, OrderOrigin, OrderStatus, OrderStatusFrom, PaymentStatus

__all__ = [
    "ORDER_NUMBERS",
    "IdempotencyKey",
    "Import",
    "Order",
    "OrderAllocation",
    "OrderItem",
    "OrderStep",
    "Outbox",
]

ORDER_NUMBERS = Sequence("order_number_seq")


class Import(Base):
    """A file that was imported."""

    __tablename__ = "imports"

    import_id: Mapped[Key]
    kind: Mapped[Str]
    preset: Mapped[Str]
    content_sha256: Mapped[bytes]
    rows_read: Mapped[Int]
    rows_imported: Mapped[Int]
    rows_rejected: Mapped[Int]
    imported_at: Mapped[At]


class Order(Base):
    """An order; its history rows are written by a trigger."""

    __tablename__ = "orders"

    order_id: Mapped[Key]
    public_id: Mapped[Uid]
    order_number: Mapped[Int]
    invoice_number: Mapped[Int | None]
    origin: Mapped[OrderOrigin] = mapped_column(Labels(OrderOrigin, "order_origin"))
    import_id: Mapped[Int | None]
    external_reference: Mapped[Str | None]
    customer_id: Mapped[Int] = mapped_column(ForeignKey("customers.customer_id"))
    cart_id: Mapped[Int | None]
    currency: Mapped[Str]
    status: Mapped[OrderStatus] = mapped_column(Labels(OrderStatus, "order_status"))
    payment_status: Mapped[PaymentStatus] = mapped_column(Labels(PaymentStatus, "payment_status"))
    fulfillment_status: Mapped[FulfillmentStatus] = mapped_column(Labels(FulfillmentStatus, "fulfillment_status"))
    status_actor: Mapped[Str]
    status_reason: Mapped[Str]
    status_at: Mapped[At]
    subtotal: Mapped[Amount]
    discount_total: Mapped[Amount]
    shipping_total: Mapped[Amount]
    tax_total: Mapped[Amount]
    tax_included_total: Mapped[Amount]
    total: Mapped[Amount]
    shipping_method_id: Mapped[Int | None]
    shipping_method_code: Mapped[Str | None]
    shipping_address_id: Mapped[Int] = mapped_column(ForeignKey("addresses.address_id"))
    billing_address_id: Mapped[Int] = mapped_column(ForeignKey("addresses.address_id"))
    email: Mapped[Str]
    placed_at: Mapped[At]
    expires_at: Mapped[At | None]
    version: Mapped[Int]
    created_at: Mapped[At]
    updated_at: Mapped[At]

    items: Mapped[list[OrderItem]] = relationship(order_by="OrderItem.position", back_populates="order")
    history: Mapped[list[OrderStep]] = relationship(order_by="OrderStep.order_status_history_id", viewonly=True)
    shipping_address: Mapped[Address] = relationship(foreign_keys=[shipping_address_id], viewonly=True)
    billing_address: Mapped[Address] = relationship(foreign_keys=[billing_address_id], viewonly=True)
    payments: Mapped[list[Payment]] = relationship(viewonly=True)
    shipments: Mapped[list[Shipment]] = relationship(viewonly=True)
    returns: Mapped[list[Return]] = relationship(viewonly=True)

    @property
    def allocations(self) -> list[OrderAllocation]:
        """What its lines' units come from, by line and location."""
        found = [allocation for item in self.items for allocation in item.allocations]
        return sorted(found, key=lambda row: (row.order_item_id, row.location_id))


class OrderItem(Base):
    """One line of an order with what was true when it was sold."""

    __tablename__ = "order_items"
    __table_args__ = (
        ForeignKeyConstraint(["order_id", "customer_id"], ["orders.order_id", "orders.customer_id"]),
        UniqueConstraint("order_id", "position"),
    )

    order_item_id: Mapped[Key]
    order_id: Mapped[Int]
    customer_id: Mapped[Int]
    product_id: Mapped[Int]
    variant_id: Mapped[Int]
    bundle_id: Mapped[Int | None]
    position: Mapped[Int]
    sku: Mapped[Str]
    name: Mapped[Str]
    category_name: Mapped[Str]
    unit_price: Mapped[Amount]
    quantity: Mapped[Int]
    amount: Mapped[Amount]
    discount: Mapped[Amount]
    tax_rate: Mapped[Share]
    tax_reason: Mapped[Str]
    tax: Mapped[Amount]
    tax_included: Mapped[Amount]
    line_total: Mapped[Amount]
    unit_share: Mapped[Amount | None]
    odd_units: Mapped[Int]
    odd_share: Mapped[Amount]
    cancelled_quantity: Mapped[Int]
    shipped_quantity: Mapped[Int]
    returned_quantity: Mapped[Int]
    sold_at: Mapped[At]

    order: Mapped[Order] = relationship(back_populates="items")
    allocations: Mapped[list[OrderAllocation]] = relationship()


class OrderAllocation(Base):
    """Where a line's units come from."""

    __tablename__ = "order_allocations"

    order_item_id: Mapped[Int] = mapped_column(ForeignKey("order_items.order_item_id"), primary_key=True)
    location_id: Mapped[Int] = mapped_column(primary_key=True)
    quantity: Mapped[Int]
    released_quantity: Mapped[Int]
    shipped_quantity: Mapped[Int]


# The measured orders have none of these: both sides ask, and get no row whose columns could differ.


class Payment(Base):
    """A payment of an order."""

    __tablename__ = "payments"

    payment_id: Mapped[Key]
    order_id: Mapped[Int] = mapped_column(ForeignKey("orders.order_id"))


class Shipment(Base):
    """What left a location in one go."""

    __tablename__ = "shipments"

    shipment_id: Mapped[Key]
    order_id: Mapped[Int] = mapped_column(ForeignKey("orders.order_id"))


class Return(Base):
    """What a customer sends back."""

    __tablename__ = "returns"

    return_id: Mapped[Key]
    order_id: Mapped[Int] = mapped_column(ForeignKey("orders.order_id"))


class OrderStep(Base):
    """One step of an order's life, written by a trigger."""

    __tablename__ = "order_status_history"

    order_status_history_id: Mapped[Key]
    order_id: Mapped[Int] = mapped_column(ForeignKey("orders.order_id"))
    from_status: Mapped[OrderStatusFrom] = mapped_column(Labels(OrderStatusFrom, "order_status_from"))
    to_status: Mapped[OrderStatus] = mapped_column(Labels(OrderStatus, "order_status"))
    actor: Mapped[Str]
    reason: Mapped[Str]
    changed_at: Mapped[At]


class IdempotencyKey(Base):
    """The claim that makes a repeated call safe."""

    __tablename__ = "idempotency_keys"

    idempotency_key_id: Mapped[Key]
    operation: Mapped[Str]
    scope: Mapped[Str]
    key: Mapped[Str]
    request_hash: Mapped[bytes]
    result_id: Mapped[Int | None]
    created_at: Mapped[At]


class Outbox(Base):
    """What other systems must hear of."""

    __tablename__ = "outbox"

    outbox_id: Mapped[Key]
    kind: Mapped[Str]
    subject: Mapped[Str]
    payload: Mapped[Str]
    created_at: Mapped[At]
    acknowledged_at: Mapped[At | None]

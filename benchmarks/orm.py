"""The operations by SQLAlchemy's ORM, as a careful program would write them: a session per unit, no lazy loading."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import Engine, and_, create_engine, event, func, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload, load_only, selectinload, sessionmaker
from uuid_utils.compat import uuid7

from benchmarks import models as m
from lumia.types import CartStatus, FulfillmentStatus, MovementKind, OrderOrigin, OrderStatus, PaymentStatus

__all__ = ["Orm", "sqlalchemy_engine"]

_CENT = Decimal("0.01")
_SUMMARY = (
    m.Order.order_id,
    m.Order.public_id,
    m.Order.order_number,
    m.Order.customer_id,
    m.Order.status,
    m.Order.payment_status,
    m.Order.fulfillment_status,
    m.Order.currency,
    m.Order.total,
    m.Order.placed_at,
)
_SOLD = (OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.REFUNDED)
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def sqlalchemy_engine(url: str) -> Engine:
    """Open an engine with the settings that Lumia uses; a writing unit asks for the right to write at its start."""
    if not url.startswith("sqlite"):
        address = url.replace("postgresql://", "postgresql+psycopg://", 1)
        return create_engine(address, connect_args={"options": "-c TimeZone=UTC", "prepare_threshold": 0})
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for setting in ("foreign_keys = ON", "synchronous = FULL", "journal_mode = WAL"):
            connection.execute(f"PRAGMA {setting}").fetchall()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


class Orm:
    """The operations on one engine."""

    def __init__(self, engine: Engine) -> None:
        """Make the session factories."""
        self._dialect = engine.dialect.name
        self._reading = sessionmaker(engine, expire_on_commit=False)
        self._writing = sessionmaker(engine.execution_options(writes=True), expire_on_commit=False)

    def read_customer(self, customer_id: int) -> m.Customer:
        """Read one row by key."""
        with self._reading() as session:
            return session.get_one(m.Customer, customer_id)

    def page_of_orders(self, customer_id: int, limit: int) -> Sequence[m.Order]:
        """Read a page of a customer's orders, newest first, and whether another follows."""
        query = (
            select(m.Order)
            .options(load_only(*_SUMMARY))
            .where(m.Order.customer_id == customer_id)
            .order_by(m.Order.order_id.desc())
            .limit(limit + 1)
        )
        with self._reading() as session:
            return session.scalars(query).all()[:limit]

    def read_order(self, order_id: int) -> m.Order:
        """Read an order with its items, addresses, allocations and history."""
        query = (
            select(m.Order)
            .options(
                selectinload(m.Order.items).selectinload(m.OrderItem.allocations),
                selectinload(m.Order.history),
                selectinload(m.Order.payments),
                selectinload(m.Order.shipments),
                selectinload(m.Order.returns),
                joinedload(m.Order.shipping_address),
                joinedload(m.Order.billing_address),
            )
            .where(m.Order.order_id == order_id)
        )
        with self._reading() as session:
            return session.scalars(query).one()

    def place_order(self, cart_id: int, address_id: int, expected_total: Decimal, key: str) -> int:
        """Order a cart at the total that was agreed; give the order's key."""
        now = datetime.now(UTC)
        with self._writing() as session, session.begin():
            cart = session.scalars(
                select(m.Cart)
                .options(
                    selectinload(m.Cart.items)
                    .joinedload(m.CartItem.variant)
                    .joinedload(m.Variant.product)
                    .joinedload(m.Product.category)
                )
                .where(m.Cart.cart_id == cart_id, m.Cart.status == CartStatus.ACTIVE)
                .with_for_update(of=m.Cart)
            ).one()
            claim = m.IdempotencyKey(
                operation="checkout.place",
                scope=f"customer:{cart.customer_id}",
                key=key,
                request_hash=bytes(32),
                created_at=now,
            )
            session.add(claim)
            order = self._priced(session, cart, address_id, now)
            if order.total != expected_total:
                message = "the total changed"
                raise ValueError(message)
            session.add(order)
            session.flush()
            claim.result_id = order.order_id
            cart.status = CartStatus.CONVERTED
            self._take_stock(session, order, now)
            self._tell(session, order, now)
        return order.order_id

    def _priced(self, session: Session, cart: m.Cart, address_id: int, now: datetime) -> m.Order:
        settings = session.get_one(m.ShopSettings, 1)
        method = session.scalars(select(m.ShippingMethod).where(m.ShippingMethod.code == "post")).one()
        address = session.get_one(m.Address, address_id)
        customer = session.get_one(m.Customer, cart.customer_id)
        rates = session.scalars(
            select(m.TaxRate).where(
                m.TaxRate.country_code == address.country_code,
                m.TaxRate.region.in_(["", address.region]),
                and_(m.TaxRate.valid_from <= now, or_(m.TaxRate.valid_to.is_(None), m.TaxRate.valid_to > now)),
            )
        ).all()
        order = m.Order(
            public_id=uuid7(),
            order_number=self._next_number(session),
            origin=OrderOrigin.LIVE,
            customer_id=customer.customer_id,
            cart_id=cart.cart_id,
            currency=settings.currency,
            status=OrderStatus.PENDING,
            payment_status=PaymentStatus.NONE,
            fulfillment_status=FulfillmentStatus.UNFULFILLED,
            status_actor="customer",
            status_reason="",
            status_at=now,
            discount_total=Decimal(0),
            shipping_total=method.price,
            tax_included_total=Decimal(0),
            shipping_method_id=method.shipping_method_id,
            shipping_method_code=method.code,
            shipping_address_id=address.address_id,
            billing_address_id=address.address_id,
            email=customer.email,
            placed_at=now,
            expires_at=now + timedelta(minutes=settings.order_expiry_minutes),
            version=0,
            created_at=now,
            updated_at=now,
        )
        order.items = [
            self._line(item, position, rates, customer.customer_id, now) for position, item in enumerate(cart.items, 1)
        ]
        order.subtotal = sum((item.amount for item in order.items), Decimal(0))
        order.tax_total = sum((item.tax for item in order.items), Decimal(0))
        order.total = order.subtotal + order.shipping_total + order.tax_total
        return order

    def _next_number(self, session: Session) -> int:
        if self._dialect == "postgresql":
            number: int = session.scalars(select(m.ORDER_NUMBERS.next_value())).one()
        else:
            number = session.scalars(select(func.coalesce(func.max(m.Order.order_number), 0) + 1)).one()
        return number

    @staticmethod
    def _line(
        item: m.CartItem, position: int, rates: Sequence[m.TaxRate], customer_id: int, now: datetime
    ) -> m.OrderItem:
        variant, product = item.variant, item.variant.product
        fitting = [rate for rate in rates if rate.category_id in (None, product.category_id)]
        best = max(fitting, key=lambda rate: (rate.category_id is not None, rate.region != "", rate.valid_from))
        amount = _cents(variant.price * item.quantity)
        tax = _cents(amount * best.rate)
        share, odd_units = divmod(int((amount + tax) * 100), item.quantity)
        return m.OrderItem(
            customer_id=customer_id,
            product_id=product.product_id,
            variant_id=variant.variant_id,
            position=position,
            sku=variant.sku,
            name=product.name,
            category_name=product.category.name,
            unit_price=variant.price,
            quantity=item.quantity,
            amount=amount,
            discount=Decimal(0),
            tax_rate=best.rate,
            tax_reason=best.country_code,
            tax=tax,
            tax_included=Decimal(0),
            line_total=amount + tax,
            unit_share=Decimal(share).scaleb(-2),
            odd_units=odd_units,
            odd_share=Decimal("0.01") if odd_units else Decimal(0),
            cancelled_quantity=0,
            shipped_quantity=0,
            returned_quantity=0,
            sold_at=now,
        )

    @staticmethod
    def _take_stock(session: Session, order: m.Order, now: datetime) -> None:
        wanted = {item.variant_id: item for item in order.items}
        rows = session.scalars(
            select(m.Inventory)
            .where(m.Inventory.variant_id.in_(wanted))
            .order_by(m.Inventory.variant_id, m.Inventory.location_id)
            .with_for_update()
        ).all()
        for row in rows:
            item = wanted[row.variant_id]
            if row.on_hand - row.allocated + row.backorder_limit < item.quantity:
                message = "not enough stock"
                raise ValueError(message)
            item.allocations = [
                m.OrderAllocation(
                    location_id=row.location_id, quantity=item.quantity, released_quantity=0, shipped_quantity=0
                )
            ]
            session.add(
                m.StockMovement(
                    variant_id=row.variant_id,
                    location_id=row.location_id,
                    kind=MovementKind.ALLOCATED,
                    on_hand_delta=0,
                    allocated_delta=item.quantity,
                    order_item_id=item.order_item_id,
                    reason="order placed",
                    actor="customer",
                    moved_at=now,
                )
            )

    @staticmethod
    def _tell(session: Session, order: m.Order, now: datetime) -> None:
        payload = {"currency": order.currency, "order": str(order.public_id), "total": f"{order.total:f}"}
        session.add(
            m.Outbox(
                kind="order.placed",
                subject=f"order:{order.public_id}",
                payload=json.dumps(payload, separators=(",", ":")),
                created_at=now,
            )
        )

    def receive(self, receipts: Sequence[tuple[int, int, int]]) -> None:
        """Book a delivery: variant, location and units of each receipt."""
        now = datetime.now(UTC)
        stamps = {"created_at": now, "updated_at": now}
        ground = {"on_hand": 0, "allocated": 0, "reorder_point": 0, "backorder_limit": 0, "last_movement_id": None}
        rows = [{"variant_id": variant, "location_id": place, **ground, **stamps} for variant, place, _ in receipts]
        moves = [
            {
                "variant_id": variant,
                "location_id": place,
                "kind": MovementKind.RECEIVED,
                "on_hand_delta": units,
                "allocated_delta": 0,
                "order_item_id": None,
                "reason": "",
                "actor": "shop",
                "moved_at": now,
            }
            for variant, place, units in receipts
        ]
        with self._writing() as session, session.begin():
            session.execute(_INSERT[self._dialect](m.Inventory).on_conflict_do_nothing(), rows)
            session.execute(insert(m.StockMovement), moves)

    def load_lines(self, rows: Sequence[dict[str, Any]]) -> None:
        """Write order lines in bulk."""
        with self._writing() as session, session.begin():
            session.execute(insert(m.OrderItem), rows)

    def sales_by_month(self) -> list[tuple[str, Decimal, int, int, int]]:
        """Sum the sales of each calendar month in UTC: month, amount, lines, orders, units."""
        sold_at = m.OrderItem.sold_at
        month = (func.substr(sold_at, 1, 7) if self._dialect == "sqlite" else func.to_char(sold_at, "YYYY-MM")).label(
            "month"
        )
        query = (
            select(
                month,
                func.sum(m.OrderItem.amount),
                func.count(),
                func.count(m.OrderItem.order_id.distinct()),
                func.sum(m.OrderItem.quantity - m.OrderItem.cancelled_quantity),
            )
            .join(m.OrderItem.order)
            .where(m.Order.status.in_(_SOLD), m.OrderItem.quantity > m.OrderItem.cancelled_quantity)
            .group_by(month)
            .order_by(month)
        )
        with self._reading() as session:
            return [tuple(row) for row in session.execute(query)]

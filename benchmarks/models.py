"""SQLAlchemy models of the tables that the benchmarks touch, mapped to the schema that Lumia's migrations made."""

from __future__ import annotations

from benchmarks.models_orders import (
    ORDER_NUMBERS,
    IdempotencyKey,
    Import,
    Order,
    OrderAllocation,
    OrderItem,
    OrderStep,
    Outbox,
)
from benchmarks.models_shop import (
    Address,
    Cart,
    CartItem,
    Category,
    Customer,
    Inventory,
    Location,
    Product,
    ShippingMethod,
    ShopSettings,
    StockMovement,
    TaxRate,
    Variant,
)
from benchmarks.tables import Base

__all__ = [
    "ORDER_NUMBERS",
    "Address",
    "Base",
    "Cart",
    "CartItem",
    "Category",
    "Customer",
    "IdempotencyKey",
    "Import",
    "Inventory",
    "Location",
    "Order",
    "OrderAllocation",
    "OrderItem",
    "OrderStep",
    "Outbox",
    "Product",
    "ShippingMethod",
    "ShopSettings",
    "StockMovement",
    "TaxRate",
    "Variant",
]

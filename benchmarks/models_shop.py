"""SQLAlchemy models of settings, customers, the catalogue, stock, delivery and carts."""

from __future__ import annotations

from sqlalchemy import Computed, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from benchmarks.columns import Codes, Labels
from benchmarks.tables import Amount, At, Base, Int, Key, Share, Str, Uid
from lumia.types import CartStatus, MovementKind, ProductStatus

__all__ = [
    "Address",
    "Cart",
    "CartItem",
    "Category",
    "Customer",
    "Inventory",
    "Location",
    "Product",
    "ShippingMethod",
    "ShopSettings",
    "StockMovement",
    "TaxRate",
    "Variant",
]


class ShopSettings(Base):
    """The shop's one row of settings."""

    __tablename__ = "shop_settings"

    shop_settings_id: Mapped[Int] = mapped_column(primary_key=True)
    currency: Mapped[Str]
    prices_include_tax: Mapped[bool]
    time_zone: Mapped[Str]
    order_expiry_minutes: Mapped[Int]
    created_at: Mapped[At]
    updated_at: Mapped[At]


class Customer(Base):
    """Whoever buys."""

    __tablename__ = "customers"

    customer_id: Mapped[Key]
    public_id: Mapped[Uid]
    email: Mapped[Str]
    email_key: Mapped[Str]
    first_name: Mapped[Str]
    last_name: Mapped[Str]
    name: Mapped[Str] = mapped_column(Computed("trim(first_name || ' ' || last_name)"))
    phone: Mapped[Str | None]
    external_reference: Mapped[Str | None]
    is_guest: Mapped[bool]
    is_active: Mapped[bool]
    is_verified: Mapped[bool]
    erased_at: Mapped[At | None]
    created_at: Mapped[At]
    updated_at: Mapped[At]


class Address(Base):
    """Where an order goes, or its bill."""

    __tablename__ = "addresses"

    address_id: Mapped[Key]
    customer_id: Mapped[Int] = mapped_column(ForeignKey("customers.customer_id"))
    recipient: Mapped[Str]
    company: Mapped[Str | None]
    line1: Mapped[Str]
    line2: Mapped[Str | None]
    city: Mapped[Str]
    region: Mapped[Str]
    postal_code: Mapped[Str]
    country_code: Mapped[Str]
    country_name: Mapped[Str | None]
    phone: Mapped[Str | None]
    is_default_shipping: Mapped[bool]
    is_default_billing: Mapped[bool]
    archived_at: Mapped[At | None]
    created_at: Mapped[At]
    updated_at: Mapped[At]


class Category(Base):
    """A node of the category forest."""

    __tablename__ = "categories"

    category_id: Mapped[Key]
    parent_id: Mapped[Int | None] = mapped_column(ForeignKey("categories.category_id"))
    slug: Mapped[Str]
    name: Mapped[Str]
    position: Mapped[Int]
    created_at: Mapped[At]
    updated_at: Mapped[At]


class Product(Base):
    """What is offered."""

    __tablename__ = "products"

    product_id: Mapped[Key]
    public_id: Mapped[Uid]
    category_id: Mapped[Int] = mapped_column(ForeignKey("categories.category_id"))
    slug: Mapped[Str]
    name: Mapped[Str]
    description: Mapped[Str]
    status: Mapped[ProductStatus] = mapped_column(Labels(ProductStatus, "product_status"))
    created_at: Mapped[At]
    updated_at: Mapped[At]

    category: Mapped[Category] = relationship()


class Variant(Base):
    """What is sold, stocked and priced."""

    __tablename__ = "product_variants"

    variant_id: Mapped[Key]
    public_id: Mapped[Uid]
    product_id: Mapped[Int] = mapped_column(ForeignKey("products.product_id"))
    sku: Mapped[Str]
    combination_key: Mapped[Str]
    price: Mapped[Amount]
    compare_at_price: Mapped[Amount | None]
    weight_grams: Mapped[Int | None]
    barcode: Mapped[Str | None]
    is_goods: Mapped[bool]
    is_active: Mapped[bool]
    created_at: Mapped[At]
    updated_at: Mapped[At]

    product: Mapped[Product] = relationship()


class Location(Base):
    """Where stock lies."""

    __tablename__ = "locations"

    location_id: Mapped[Key]
    name: Mapped[Str]
    priority: Mapped[Int]
    is_active: Mapped[bool]
    created_at: Mapped[At]
    updated_at: Mapped[At]


class Inventory(Base):
    """How much of a variant lies at a location; written by the ledger's trigger only."""

    __tablename__ = "inventory"

    variant_id: Mapped[Int] = mapped_column(ForeignKey("product_variants.variant_id"), primary_key=True)
    location_id: Mapped[Int] = mapped_column(primary_key=True)
    on_hand: Mapped[Int]
    allocated: Mapped[Int]
    reorder_point: Mapped[Int]
    backorder_limit: Mapped[Int]
    last_movement_id: Mapped[Int | None]
    created_at: Mapped[At]
    updated_at: Mapped[At]


class StockMovement(Base):
    """One row of the stock ledger."""

    __tablename__ = "stock_movements"

    stock_movement_id: Mapped[Key]
    variant_id: Mapped[Int]
    location_id: Mapped[Int]
    kind: Mapped[MovementKind] = mapped_column(Labels(MovementKind, "movement_kind"))
    on_hand_delta: Mapped[Int]
    allocated_delta: Mapped[Int]
    order_item_id: Mapped[Int | None]
    reason: Mapped[Str]
    actor: Mapped[Str]
    moved_at: Mapped[At]


class ShippingMethod(Base):
    """How an order travels."""

    __tablename__ = "shipping_methods"

    shipping_method_id: Mapped[Key]
    code: Mapped[Str]
    name: Mapped[Str]
    price: Mapped[Amount]
    free_from: Mapped[Amount | None]
    countries: Mapped[tuple[str, ...]] = mapped_column(Codes)
    is_active: Mapped[bool]
    created_at: Mapped[At]
    updated_at: Mapped[At]


class TaxRate(Base):
    """A tax rate of a country, region and category in a window of time."""

    __tablename__ = "tax_rates"

    tax_rate_id: Mapped[Key]
    country_code: Mapped[Str]
    region: Mapped[Str]
    category_id: Mapped[Int | None]
    rate: Mapped[Share]
    valid_from: Mapped[At]
    valid_to: Mapped[At | None]
    created_at: Mapped[At]
    updated_at: Mapped[At]


class Cart(Base):
    """A cart and its lines."""

    __tablename__ = "carts"

    cart_id: Mapped[Key]
    public_id: Mapped[Uid]
    customer_id: Mapped[Int | None] = mapped_column(ForeignKey("customers.customer_id"))
    guest_email: Mapped[Str | None]
    currency: Mapped[Str]
    status: Mapped[CartStatus] = mapped_column(Labels(CartStatus, "cart_status"))
    version: Mapped[Int]
    created_at: Mapped[At]
    updated_at: Mapped[At]

    items: Mapped[list[CartItem]] = relationship(order_by="CartItem.cart_item_id", viewonly=True)


class CartItem(Base):
    """One line of a cart."""

    __tablename__ = "cart_items"

    cart_item_id: Mapped[Key]
    cart_id: Mapped[Int] = mapped_column(ForeignKey("carts.cart_id"))
    variant_id: Mapped[Int] = mapped_column(ForeignKey("product_variants.variant_id"))
    quantity: Mapped[Int]
    created_at: Mapped[At]
    updated_at: Mapped[At]

    variant: Mapped[Variant] = relationship()

"""The queries of checkout, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypedDict
from uuid import UUID

__all__ = ["CheckoutQueries", "InsertAllocationMovementRow", "InsertOrderAllocationRow", "InsertOrderItemRow"]


class InsertAllocationMovementRow(TypedDict):
    """One row of arguments for checkout.insert_allocation_movement."""

    order_id: int
    position: int
    variant_id: int
    location_id: int
    quantity: int
    actor: str
    now: datetime


class InsertOrderAllocationRow(TypedDict):
    """One row of arguments for checkout.insert_order_allocation."""

    order_id: int
    position: int
    location_id: int
    quantity: int


class InsertOrderItemRow(TypedDict):
    """One row of arguments for checkout.insert_order_item."""

    order_id: int
    customer_id: int
    position: int
    product_id: int
    variant_id: int
    bundle_id: int
    sku: str
    name: str
    category_name: str
    unit_price: Decimal
    quantity: int
    amount: Decimal
    discount: Decimal
    tax_rate: Decimal
    tax_reason: str
    tax: Decimal
    tax_included: Decimal
    line_total: Decimal
    unit_share: Decimal
    odd_units: int
    odd_share: Decimal
    bundle_price: Decimal
    bundle_parts: int
    part_position: int
    part_quantity: int
    sold_at: datetime


class CheckoutQueries(Protocol):
    """The queries of checkout.sql."""

    def convert_cart(
        self,
        *,
        cart_id: int,
        version: int,
        currency: str,
        prices_include_tax: bool,
        shipping_method_id: int,
        shipping_price: Decimal,
        shipping_free_from: Decimal | None,
        now: datetime,
    ) -> int:
        """Close a cart for its order; no row when the cart, the shop's settings or the delivery changed since they
        were read.

        checkout.sql:1
        """
        ...

    def insert_allocation_movement(self, rows: Iterable[InsertAllocationMovementRow]) -> int:
        """Take units for one line from one stock row; no row when it, or all active locations together, cannot
        promise them.

        checkout.sql:37
        """
        ...

    def insert_order(
        self,
        *,
        order_number: int,
        public_id: UUID,
        customer_id: int,
        cart_id: int,
        currency: str,
        subtotal: Decimal,
        discount_total: Decimal,
        shipping_total: Decimal,
        tax_total: Decimal,
        tax_included_total: Decimal,
        total: Decimal,
        shipping_method_id: int,
        shipping_method_code: str,
        shipping_address_id: int,
        billing_address_id: int,
        email: str,
        actor: str,
        placed_at: datetime,
        expires_at: datetime,
    ) -> int:
        """Write the row of a new order.

        checkout.sql:95
        """
        ...

    def insert_order_allocation(self, rows: Iterable[InsertOrderAllocationRow]) -> None:
        """Write down which location sends how many units of a new order's line.

        checkout.sql:178
        """
        ...

    def insert_order_item(self, rows: Iterable[InsertOrderItemRow]) -> int:
        """Write one line of a new order; no row when its variant or its bundle has another price by now, is not
        for sale, or.

        checkout.sql:199
        """
        ...

    def next_order_number(self) -> int:
        """The number of the next order.

        checkout.postgresql.sql:1 and checkout.sqlite.sql:1
        """
        ...

    def place_order_at_once(
        self,
        *,
        cart_id: int,
        version: int,
        idempotency_key_id: int,
        currency: str,
        prices_include_tax: bool,
        shipping_method_id: int,
        shipping_method_code: str,
        shipping_price: Decimal,
        shipping_free_from: Decimal | None,
        public_id: UUID,
        customer_id: int,
        shipping_address_id: int,
        billing_address_id: int,
        email: str,
        subtotal: Decimal,
        discount_total: Decimal,
        shipping_total: Decimal,
        tax_total: Decimal,
        tax_included_total: Decimal,
        total: Decimal,
        placed_at: datetime,
        expires_at: datetime,
        actor: str,
        event_kind: str,
        event_subject: str,
        event_payload: str,
        line_position: tuple[int, ...] | list[int],
        line_product_id: tuple[int, ...] | list[int],
        line_variant_id: tuple[int, ...] | list[int],
        line_bundle_id: tuple[int, ...] | list[int],
        line_sku: tuple[str, ...] | list[str],
        line_name: tuple[str, ...] | list[str],
        line_category_name: tuple[str, ...] | list[str],
        line_unit_price: tuple[Decimal, ...] | list[Decimal],
        line_quantity: tuple[int, ...] | list[int],
        line_amount: tuple[Decimal, ...] | list[Decimal],
        line_discount: tuple[Decimal, ...] | list[Decimal],
        line_tax_rate: tuple[Decimal, ...] | list[Decimal],
        line_tax_reason: tuple[str, ...] | list[str],
        line_tax: tuple[Decimal, ...] | list[Decimal],
        line_tax_included: tuple[Decimal, ...] | list[Decimal],
        line_line_total: tuple[Decimal, ...] | list[Decimal],
        line_unit_share: tuple[Decimal, ...] | list[Decimal],
        line_odd_units: tuple[int, ...] | list[int],
        line_odd_share: tuple[Decimal, ...] | list[Decimal],
        line_bundle_price: tuple[Decimal, ...] | list[Decimal],
        line_bundle_parts: tuple[int, ...] | list[int],
        line_part_position: tuple[int, ...] | list[int],
        line_part_quantity: tuple[int, ...] | list[int],
        fill_position: tuple[int, ...] | list[int],
        fill_variant_id: tuple[int, ...] | list[int],
        fill_location_id: tuple[int, ...] | list[int],
        fill_quantity: tuple[int, ...] | list[int],
    ) -> int | None:
        """The guarded write of a checkout in one statement: everything is written, or nothing and no value comes
        back.

        checkout.postgresql.sql:8
        """
        ...

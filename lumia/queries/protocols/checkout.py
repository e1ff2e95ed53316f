"""The queries of checkout, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypedDict
from uuid import UUID

from lumia.dto.checkout import CheckoutAddress, CheckoutCart, CheckoutLine, CheckoutShipping, CheckoutTaxRate

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

    def get_checkout_cart(self, *, cart_id: int) -> CheckoutCart | None:
        """A cart with its holder and the settings that decide what it comes to.

        checkout.sql:37
        """
        ...

    def get_checkout_shipping(self, *, code: str) -> CheckoutShipping | None:
        """A shipping method with its price and whom it serves.

        checkout.sql:59
        """
        ...

    def insert_allocation_movement(self, rows: Iterable[InsertAllocationMovementRow]) -> int:
        """Take units for one line from one stock row; no row when it, or all active locations together, cannot
        promise them.

        checkout.sql:74
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

        checkout.sql:132
        """
        ...

    def insert_order_allocation(self, rows: Iterable[InsertOrderAllocationRow]) -> None:
        """Write down which location sends how many units of a new order's line.

        checkout.sql:215
        """
        ...

    def insert_order_item(self, rows: Iterable[InsertOrderItemRow]) -> int:
        """Write one line of a new order; no row when its variant has another price by now or is not for sale.

        checkout.sql:236
        """
        ...

    def list_checkout_addresses(
        self, *, cart_id: int, shipping_address_id: int, billing_address_id: int
    ) -> list[CheckoutAddress]:
        """Where the addresses lie that the holder of a cart chose, of those that are the holder's own and not
        archived.

        checkout.sql:305
        """
        ...

    def list_checkout_lines(self, *, cart_id: int) -> list[CheckoutLine]:
        """The lines of a cart at their present prices, in the order in which they were added.

        checkout.sql:323
        """
        ...

    def list_checkout_tax_rates(self, *, country_code: str, region: str, now: datetime) -> list[CheckoutTaxRate]:
        """The tax rates in force at a place.

        checkout.sql:346
        """
        ...

    def list_checkout_tax_rates_at_address(self, *, address_id: int, now: datetime) -> list[CheckoutTaxRate]:
        """The tax rates in force where an address lies.

        checkout.sql:368
        """
        ...

    def lock_stock_of_cart(self, *, cart_id: int) -> list[int]:
        """Lock every stock row of the variants in a cart, in ascending key order, until the transaction ends.

        checkout.postgresql.sql:1 and checkout.sqlite.sql:1
        """
        ...

    def next_order_number(self) -> int:
        """The number of the next order.

        checkout.postgresql.sql:19 and checkout.sqlite.sql:18
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
        fill_position: tuple[int, ...] | list[int],
        fill_variant_id: tuple[int, ...] | list[int],
        fill_location_id: tuple[int, ...] | list[int],
        fill_quantity: tuple[int, ...] | list[int],
    ) -> int | None:
        """The guarded write of a checkout in one statement: everything is written, or nothing and no value comes
        back.

        checkout.postgresql.sql:26
        """
        ...

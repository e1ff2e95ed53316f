"""Stock on hold for carts, and the order lines that wait for stock."""

from __future__ import annotations

from datetime import datetime

from lumia.dto.base import checked_id, validated
from lumia.dto.stock import CartDemand, Hold, PromisedLine, Reservation, StockCursor
from lumia.errors import IllegalTransition, InsufficientStock, InvalidValue
from lumia.repos.allocation import Demand, Plan, plan_allocation
from lumia.repos.base import Repository, found, page_of, page_rows
from lumia.typedsql import prepare
from lumia.types import CartStatus, Page

__all__ = ["Reservations"]


class Reservations(Repository):
    """Holds: what is available to others is less by them until they expire, whether or not they were swept away."""

    def reserve(self, cart_id: int, *, until: datetime) -> tuple[Reservation, ...]:
        """Put all that a cart holds on hold until an instant, and return the holds by variant and location.

        Whatever was on hold for the cart before is replaced, and never stands in its own way. Locations give by
        priority, and a line is split only when no location can fill it whole. Lines that change afterwards are not on
        hold before the cart is reserved anew; its order drops the holds. Six statements, five for an empty cart.

        Raises:
            InsufficientStock: less is available than the cart holds; the message names SKUs and units, the holds of
                before stay.
            NotFound: there is no such cart.
            IllegalTransition: the cart was ordered or given up.
            InvalidValue: `until` is no aware datetime in the future.
        """
        request = validated(Hold, cart_id=cart_id, until=until)
        with self._context.unit(write=True) as unit:
            now = unit.now()
            if request.until <= now:
                message = "until: give an instant in the future"
                raise InvalidValue(message)
            q = unit.q
            # Stock before the cart, as a checkout takes its locks; each statement then sees what others committed.
            _, status, _, demands, stock = q.pipeline(
                (
                    prepare(q.reservations.lock_stock_of_cart, cart_id=request.cart_id),
                    prepare(q.reservations.lock_cart, cart_id=request.cart_id, now=now),
                    prepare(q.reservations.delete_reservations, cart_id=request.cart_id),
                    prepare(q.reservations.list_cart_demands, cart_id=request.cart_id),
                    prepare(q.reservations.list_stock_for_cart, cart_id=request.cart_id, now=now),
                )
            )
            _check_active(status, request.cart_id)
            wanted = [Demand(at, demand.variant_id, demand.quantity) for at, demand in enumerate(demands, 1)]
            plan = plan_allocation(wanted, stock)
            _check_covered(plan, demands)
            holds = tuple(
                Reservation(
                    cart_id=request.cart_id,
                    variant_id=fill.variant_id,
                    location_id=fill.location_id,
                    quantity=fill.quantity,
                    created_at=now,
                    expires_at=request.until,
                )
                for fill in plan.fills
            )
            if holds:
                q.reservations.insert_reservations(
                    {
                        "cart_id": hold.cart_id,
                        "variant_id": hold.variant_id,
                        "location_id": hold.location_id,
                        "quantity": hold.quantity,
                        "now": hold.created_at,
                        "until": hold.expires_at,
                    }
                    for hold in holds
                )
            return holds

    def release(self, cart_id: int) -> None:
        """Give back what is on hold for a cart; where nothing is, nothing happens. One statement.

        Raises `InvalidValue`.
        """
        checked_id("cart_id", cart_id)
        with self._context.unit(write=True) as unit:
            unit.q.reservations.delete_reservations(cart_id=cart_id)

    def reservations(self, cart_id: int) -> tuple[Reservation, ...]:
        """Tell what is on hold for a cart now, by variant and location. Raises `InvalidValue`. One statement."""
        checked_id("cart_id", cart_id)
        return tuple(self._context.q.reservations.list_reservations(cart_id=cart_id, now=self._context.now()))

    def sweep_reservations(self, limit: int = 500) -> int:
        """Delete up to `limit` (1 to 500) holds that are dead, longest dead first, and return how many there were.

        Only room is won: a dead hold counts for nothing before. Raises `InvalidValue`. One statement.
        """
        rows = page_rows(limit) - 1
        with self._context.unit(write=True) as unit:
            return unit.q.reservations.delete_dead_reservations(now=unit.now(), max_rows=rows)

    def backorders(
        self, variant_id: int, *, limit: int = 50, after: tuple[int, int] | None = None
    ) -> Page[PromisedLine]:
        """List the order lines that a variant's stock is still owed to, oldest first, with what is there for each now.

        What is on hand at a location goes to its oldest line first: a line of which fewer are `covered` than promised
        waits for the rest. `limit` is 1 to 500; `after` is the last page's `next`, a pair of order item and location.
        Raises `InvalidValue`. One statement.
        """
        checked_id("variant_id", variant_id)
        start = validated(StockCursor, after=(0, 0) if after is None else after).after
        rows = self._context.q.backorders.list_promised_lines(
            variant_id=variant_id,
            after_order_item_id=start[0],
            after_location_id=start[1],
            max_rows=page_rows(limit),
        )
        return page_of(rows, limit, lambda row: (row.order_item_id, row.location_id))


def _check_active(status: CartStatus | None, cart_id: int) -> None:
    status = found(status, f"there is no cart {cart_id}: open one with carts.create_guest or carts.for_customer")
    if status is not CartStatus.ACTIVE:
        message = f"cart {cart_id} is {status} and cannot be reserved: open a new one"
        raise IllegalTransition(message)


def _check_covered(plan: Plan, demands: list[CartDemand]) -> None:
    if plan.shortages:
        skus = {demand.variant_id: demand.sku for demand in demands}
        missing = ", ".join(
            f"{skus[short.variant_id]} (wanted {short.wanted}, available {short.available})" for short in plan.shortages
        )
        message = f"not enough stock: {missing}"
        raise InsufficientStock(message)

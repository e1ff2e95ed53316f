"""The queries of reservations, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypedDict

from lumia.dto.checkout import CheckoutStock
from lumia.dto.stock import CartDemand, Reservation
from lumia.types import CartStatus

__all__ = ["InsertReservationsRow", "ReservationsQueries"]


class InsertReservationsRow(TypedDict):
    """One row of arguments for reservations.insert_reservations."""

    cart_id: int
    variant_id: int
    location_id: int
    quantity: int
    now: datetime
    until: datetime


class ReservationsQueries(Protocol):
    """The queries of reservations.sql."""

    def delete_dead_reservations(self, *, now: datetime, max_rows: int) -> int:
        """Sweep away holds that count for nothing any more, longest dead first.

        reservations.sql:1
        """
        ...

    def delete_reservations(self, *, cart_id: int) -> None:
        """Give back what is on hold for a cart.

        reservations.sql:23
        """
        ...

    def insert_reservations(self, rows: Iterable[InsertReservationsRow]) -> None:
        """Put units of a stock row on hold for a cart; a trigger refuses what is not available.

        reservations.sql:31
        """
        ...

    def list_cart_demands(self, *, cart_id: int) -> list[CartDemand]:
        """What a cart wants, by variant: of its own and as parts of its bundles together.

        reservations.sql:58
        """
        ...

    def list_reservations(self, *, cart_id: int, now: datetime) -> list[Reservation]:
        """What is on hold for a cart at an instant.

        reservations.sql:76
        """
        ...

    def list_stock_for_cart(self, *, cart_id: int, now: datetime) -> list[CheckoutStock]:
        """What each active location can still promise of each variant in a cart and its bundles; what is on hold
        for the cart itself counts as free.

        reservations.sql:97
        """
        ...

    def lock_cart(self, *, cart_id: int, now: datetime) -> CartStatus | None:
        """Keep a cart from being changed, ordered or merged until the transaction ends, and tell its state.

        reservations.sql:125
        """
        ...

    def lock_stock_of_cart(self, *, cart_id: int) -> list[int]:
        """Lock every stock row of the variants in a cart and in its bundles, in ascending key order, until the
        transaction ends.

        reservations.postgresql.sql:1 and reservations.sqlite.sql:1
        """
        ...

"""The queries of this folder, as types: what `q` is.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar, overload

from lumia.typedsql import PreparedCall

from .accounts import AccountsQueries
from .addresses import AddressesQueries
from .backorders import BackordersQueries
from .bundles import BundlesQueries
from .carts import CartsQueries
from .categories import CategoriesQueries
from .checkout import CheckoutQueries
from .customers import CustomersQueries
from .delivery import DeliveryQueries
from .idempotency import IdempotencyQueries
from .images import ImagesQueries
from .imports import ImportsQueries
from .options import OptionsQueries
from .orders import OrdersQueries
from .outbox import OutboxQueries
from .prices import PricesQueries
from .products import ProductsQueries
from .reports import ReportsQueries
from .reservations import ReservationsQueries
from .reviews import ReviewsQueries
from .search import SearchQueries
from .settings import SettingsQueries
from .stock import StockQueries
from .variants import VariantsQueries
from .wishlists import WishlistsQueries

__all__ = ["Queries"]

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
G = TypeVar("G")
H = TypeVar("H")


class Queries(Protocol):
    """Every query, by namespace, bound to whoever lends the connection."""

    @property
    def accounts(self) -> AccountsQueries:
        """The queries of accounts.sql."""
        ...

    @property
    def addresses(self) -> AddressesQueries:
        """The queries of addresses.sql."""
        ...

    @property
    def backorders(self) -> BackordersQueries:
        """The queries of backorders.sql."""
        ...

    @property
    def bundles(self) -> BundlesQueries:
        """The queries of bundles.sql."""
        ...

    @property
    def carts(self) -> CartsQueries:
        """The queries of carts.sql."""
        ...

    @property
    def categories(self) -> CategoriesQueries:
        """The queries of categories.sql."""
        ...

    @property
    def checkout(self) -> CheckoutQueries:
        """The queries of checkout.sql."""
        ...

    @property
    def customers(self) -> CustomersQueries:
        """The queries of customers.sql."""
        ...

    @property
    def delivery(self) -> DeliveryQueries:
        """The queries of delivery.sql."""
        ...

    @property
    def idempotency(self) -> IdempotencyQueries:
        """The queries of idempotency.sql."""
        ...

    @property
    def images(self) -> ImagesQueries:
        """The queries of images.sql."""
        ...

    @property
    def imports(self) -> ImportsQueries:
        """The queries of imports.sql."""
        ...

    @property
    def options(self) -> OptionsQueries:
        """The queries of options.sql."""
        ...

    @property
    def orders(self) -> OrdersQueries:
        """The queries of orders.sql."""
        ...

    @property
    def outbox(self) -> OutboxQueries:
        """The queries of outbox.sql."""
        ...

    @property
    def prices(self) -> PricesQueries:
        """The queries of prices.sql."""
        ...

    @property
    def products(self) -> ProductsQueries:
        """The queries of products.sql."""
        ...

    @property
    def reports(self) -> ReportsQueries:
        """The queries of reports.sql."""
        ...

    @property
    def reservations(self) -> ReservationsQueries:
        """The queries of reservations.sql."""
        ...

    @property
    def reviews(self) -> ReviewsQueries:
        """The queries of reviews.sql."""
        ...

    @property
    def search(self) -> SearchQueries:
        """The queries of search.sql."""
        ...

    @property
    def settings(self) -> SettingsQueries:
        """The queries of settings.sql."""
        ...

    @property
    def stock(self) -> StockQueries:
        """The queries of stock.sql."""
        ...

    @property
    def variants(self) -> VariantsQueries:
        """The queries of variants.sql."""
        ...

    @property
    def wishlists(self) -> WishlistsQueries:
        """The queries of wishlists.sql."""
        ...

    @overload
    def pipeline(self, calls: tuple[PreparedCall[A],]) -> tuple[A]: ...

    @overload
    def pipeline(self, calls: tuple[PreparedCall[A], PreparedCall[B]]) -> tuple[A, B]: ...

    @overload
    def pipeline(self, calls: tuple[PreparedCall[A], PreparedCall[B], PreparedCall[C]]) -> tuple[A, B, C]: ...

    @overload
    def pipeline(
        self, calls: tuple[PreparedCall[A], PreparedCall[B], PreparedCall[C], PreparedCall[D]]
    ) -> tuple[A, B, C, D]: ...

    @overload
    def pipeline(
        self, calls: tuple[PreparedCall[A], PreparedCall[B], PreparedCall[C], PreparedCall[D], PreparedCall[E]]
    ) -> tuple[A, B, C, D, E]: ...

    @overload
    def pipeline(
        self,
        calls: tuple[
            PreparedCall[A],
            PreparedCall[B],
            PreparedCall[C],
            PreparedCall[D],
            PreparedCall[E],
            PreparedCall[F],
        ],
    ) -> tuple[A, B, C, D, E, F]: ...

    @overload
    def pipeline(
        self,
        calls: tuple[
            PreparedCall[A],
            PreparedCall[B],
            PreparedCall[C],
            PreparedCall[D],
            PreparedCall[E],
            PreparedCall[F],
            PreparedCall[G],
        ],
    ) -> tuple[A, B, C, D, E, F, G]: ...

    @overload
    def pipeline(
        self,
        calls: tuple[
            PreparedCall[A],
            PreparedCall[B],
            PreparedCall[C],
            PreparedCall[D],
            PreparedCall[E],
            PreparedCall[F],
            PreparedCall[G],
            PreparedCall[H],
        ],
    ) -> tuple[A, B, C, D, E, F, G, H]: ...

    @overload
    def pipeline(self, calls: Sequence[PreparedCall[Any]]) -> Sequence[Any]: ...

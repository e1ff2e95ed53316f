"""The queries of this folder, as types: what `q` is.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar, overload

from lumia.typedsql import PreparedCall

from .accounts import AccountsQueries
from .addresses import AddressesQueries
from .audit import AuditQueries
from .backorders import BackordersQueries
from .bundles import BundlesQueries
from .cart_bundles import CartBundlesQueries
from .cart_merging import CartMergingQueries
from .carts import CartsQueries
from .categories import CategoriesQueries
from .checkout import CheckoutQueries
from .coupons import CouponsQueries
from .customers import CustomersQueries
from .delivery import DeliveryQueries
from .idempotency import IdempotencyQueries
from .images import ImagesQueries
from .imports import ImportsQueries
from .invoices import InvoicesQueries
from .options import OptionsQueries
from .order_units import OrderUnitsQueries
from .orders import OrdersQueries
from .outbox import OutboxQueries
from .payments import PaymentsQueries
from .personal import PersonalQueries
from .personal_orders import PersonalOrdersQueries
from .prices import PricesQueries
from .privacy import PrivacyQueries
from .products import ProductsQueries
from .quoting import QuotingQueries
from .refunds import RefundsQueries
from .reports import ReportsQueries
from .reservations import ReservationsQueries
from .retention import RetentionQueries
from .returns import ReturnsQueries
from .reviews import ReviewsQueries
from .search import SearchQueries
from .search_spelling import SearchSpellingQueries
from .sessions import SessionsQueries
from .settings import SettingsQueries
from .shipments import ShipmentsQueries
from .stock import StockQueries
from .variants import VariantsQueries
from .verify import VerifyQueries
from .verify_money import VerifyMoneyQueries
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
    def audit(self) -> AuditQueries:
        """The queries of audit.sql."""
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
    def cart_bundles(self) -> CartBundlesQueries:
        """The queries of cart_bundles.sql."""
        ...

    @property
    def cart_merging(self) -> CartMergingQueries:
        """The queries of cart_merging.sql."""
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
    def coupons(self) -> CouponsQueries:
        """The queries of coupons.sql."""
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
    def invoices(self) -> InvoicesQueries:
        """The queries of invoices.sql."""
        ...

    @property
    def options(self) -> OptionsQueries:
        """The queries of options.sql."""
        ...

    @property
    def order_units(self) -> OrderUnitsQueries:
        """The queries of order_units.sql."""
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
    def payments(self) -> PaymentsQueries:
        """The queries of payments.sql."""
        ...

    @property
    def personal(self) -> PersonalQueries:
        """The queries of personal.sql."""
        ...

    @property
    def personal_orders(self) -> PersonalOrdersQueries:
        """The queries of personal_orders.sql."""
        ...

    @property
    def prices(self) -> PricesQueries:
        """The queries of prices.sql."""
        ...

    @property
    def privacy(self) -> PrivacyQueries:
        """The queries of privacy.sql."""
        ...

    @property
    def products(self) -> ProductsQueries:
        """The queries of products.sql."""
        ...

    @property
    def quoting(self) -> QuotingQueries:
        """The queries of quoting.sql."""
        ...

    @property
    def refunds(self) -> RefundsQueries:
        """The queries of refunds.sql."""
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
    def retention(self) -> RetentionQueries:
        """The queries of retention.sql."""
        ...

    @property
    def returns(self) -> ReturnsQueries:
        """The queries of returns.sql."""
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
    def search_spelling(self) -> SearchSpellingQueries:
        """The queries of search_spelling.sql."""
        ...

    @property
    def sessions(self) -> SessionsQueries:
        """The queries of sessions.sql."""
        ...

    @property
    def settings(self) -> SettingsQueries:
        """The queries of settings.sql."""
        ...

    @property
    def shipments(self) -> ShipmentsQueries:
        """The queries of shipments.sql."""
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
    def verify(self) -> VerifyQueries:
        """The queries of verify.sql."""
        ...

    @property
    def verify_money(self) -> VerifyMoneyQueries:
        """The queries of verify_money.sql."""
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

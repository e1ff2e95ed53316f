"""The command that shows a shop's day: a year of orders, a cart that becomes an order, a refused oversell, a report."""

from __future__ import annotations

import shutil
import sys
import textwrap
import time
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

import lumia
from lumia.cli.options import Json
from lumia.cli.output import amount, bars, print_json, printer, table_of
from lumia.cli.seed import import_made_up_year
from lumia.dto import NewAddress, NewCustomer, Order, StockLevel, Variant
from lumia.dto.reports import RowSet
from lumia.engine.url import DatabaseUrl, SqliteUrl, parse_url
from lumia.errors import (
    ConfigurationError,
    DatabaseNotFound,
    FileRefused,
    InsufficientStock,
    MigrationsPending,
    NotALumiaDatabase,
)
from lumia.shop import Shop

__all__ = ["commands"]

commands = typer.Typer()

_DEFAULT_NAME: Final = "lumia-demo.db"
_DEFAULT: Final = f"sqlite:///{_DEFAULT_NAME}"
_WAREHOUSE: Final = "Demo warehouse"
_ORDERS: Final = 4_000
_RECEIVED: Final = (12, 5, 2)
_WANTED: Final = (2, 1, 2)
_METHOD: Final = "post"
_WIDTH: Final = 74


@commands.command()
def demo(
    context: typer.Context,
    url: Annotated[
        str | None,
        typer.Option(
            "--url",
            envvar="LUMIA_URL",
            metavar="URL",
            help="Where the demo's shop goes: a SQLite file of its own, made anew each time, or an empty database on a"
            f" PostgreSQL server; {_DEFAULT} if nothing says so.",
        ),
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="Short for --url sqlite:///FILE.")] = None,
    as_json: Json = False,
) -> None:
    """Show a shop's day on an embedded SQLite file, in under a minute: import, order, refused oversell, report."""
    began = time.monotonic()
    chosen = _chosen(context, url, file)
    place = _made_room(chosen)
    show = _Show(printer(), quiet=as_json)
    with lumia.connect(chosen, create=True) as shop:
        show.title(place)
        warehouse = shop.stock.add_location(name=_WAREHOUSE).location_id
        show.year(shop)
        goods = _goods(shop)
        show.stock(shop, goods, warehouse)
        order = show.order(shop, goods, warehouse)
        refusal = show.oversell(shop, goods[-1], warehouse, order)
        show.months(shop)
    show.end(place, time.monotonic() - began)
    if as_json:
        facts = {
            "url": str(place),
            "file": _file_of(place),
            "order_number": order.order_number,
            "total": order.total,
            "refused": refusal,
        }
        print_json(facts)


def _chosen(context: typer.Context, url: str | None, file: Path | None) -> str:
    """The URL that was asked for; what stands on the command line goes before the environment."""
    if file is None:
        return url or _DEFAULT
    source = context.get_parameter_source("url")
    if source is not None and source.name == "COMMANDLINE":
        message = "--url and --file both say where the demo goes; give one of them"
        raise ConfigurationError(message)
    return f"sqlite:///{file}"


def _file_of(place: DatabaseUrl) -> Path | None:
    return Path(place.path) if isinstance(place, SqliteUrl) and place.path is not None else None


def _made_room(url: str) -> DatabaseUrl:
    """Remove the file of a demo before; whatever else is there stays, and is refused."""
    place = parse_url(url)
    file = _file_of(place)
    if file is not None:
        _remove_own(file, url)
    elif isinstance(place, SqliteUrl):
        message = "a demo in memory is gone when it ends; name a file: --url sqlite:///demo.db"
        raise ConfigurationError(message)
    else:
        _refuse_used(place, url)
    return place


def _remove_own(file: Path, url: str) -> None:
    if not file.exists():
        return
    try:
        with lumia.connect(url) as shop:
            # A demo that was stopped at its very beginning has left an empty shop.
            own = _WAREHOUSE in _locations(shop) or _is_empty(shop)
    except MigrationsPending:
        own = file.name == _DEFAULT_NAME
    if not own:
        message = (
            f"{file} is a shop of its own; the demo replaces only its own file: choose another with --url or --file"
        )
        raise FileRefused(message)
    for path in (file, *(file.with_name(file.name + suffix) for suffix in ("-wal", "-shm"))):
        path.unlink(missing_ok=True)


def _refuse_used(place: DatabaseUrl, url: str) -> None:
    """Nothing on a server is ever removed, a demo before neither: it may have become somebody's shop."""
    try:
        with lumia.connect(url) as shop:
            used = not _is_empty(shop)
    except (DatabaseNotFound, NotALumiaDatabase):
        # No shop yet, or nothing that could hold one: making it tells them apart.
        return
    if used:
        message = f"{place} holds a shop, and the demo replaces nothing on a server: give an empty database with --url"
        raise ConfigurationError(message)


def _locations(shop: Shop) -> list[str]:
    return [location.name for location in shop.stock.locations().items]


def _is_empty(shop: Shop) -> bool:
    """Whether nobody has begun to use the shop; a product needs a category, an order a customer."""
    return not (
        _locations(shop)
        or shop.customers.list(limit=1).items
        or shop.catalog.category_tree()
        or shop.delivery.shipping_methods(include_inactive=True, limit=1).items
        or shop.delivery.tax_rates(limit=1).items
    )


def _goods(shop: Shop) -> list[Variant]:
    """The three variants that sold best."""
    top = shop.reports.top_products(RowSet.SALES_GOODS, limit=len(_RECEIVED))
    return [shop.catalog.variant_by_sku(row.stock_code) for row in top]


class _Show:
    """Does one step after the other and tells of it."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self._console = console
        self._console.quiet = quiet
        self._step = 0

    def title(self, place: DatabaseUrl) -> None:
        """Say what is shown, and on which engine."""
        where = "an embedded SQLite file" if isinstance(place, SqliteUrl) else "a PostgreSQL server"
        self._console.print(Text(f"Lumia: a shop's day on {where}", style="bold"))

    def _head(self, words: str) -> None:
        self._step += 1
        self._console.print(Text(f"\n{self._step}  {words}", style="bold cyan"))

    def _say(self, words: str, style: str = "") -> None:
        for line in textwrap.wrap(words, width=_WIDTH, break_long_words=False, break_on_hyphens=False) or [""]:
            self._console.print(Text(f"   {line}", style=style))

    def _table(self, columns: Sequence[str], rows: Sequence[Sequence[object]], numbers: Sequence[int] = ()) -> None:
        table = table_of(columns, rows, numbers=numbers)
        self._console.print()
        with self._console.capture() as captured:
            self._console.print(table)
        for line in captured.get().splitlines():
            self._console.print(Text.from_ansi(f"   {line.rstrip()}"))

    def year(self, shop: Shop) -> None:
        """Import a made-up year."""
        self._head("A year of order lines is imported, whole or not at all")
        summary = import_made_up_year(shop, orders=_ORDERS, seed=2024, year=2024)
        by_count = sorted(summary.by_reason.items(), key=lambda item: -item[1])
        left_out = ", ".join(f"{count:,} {reason.replace('_', ' ')}" for reason, count in by_count)
        self._say(
            f"{summary.rows_imported:,} of {summary.rows_read:,} lines were sales: {summary.orders:,} orders of"
            f" {summary.customers:,} customers and {summary.guests:,} guests, {summary.variants:,} variants."
            f" The others were left out, each with its reason: {left_out}."
        )

    def stock(self, shop: Shop, goods: Sequence[Variant], warehouse: int) -> None:
        """Receive the three best sellers."""
        self._head("The three best sellers are received")
        for variant, units in zip(goods, _RECEIVED, strict=True):
            shop.stock.receive(variant.variant_id, location_id=warehouse, quantity=units, reason="demo delivery")
        shop.delivery.create_shipping_method(code=_METHOD, name="Post", price=Decimal("3.90"))
        self._table(
            ("sku", "name", "price", "on hand"),
            [
                (variant.sku, shop.catalog.get_product(variant.product_id).name, variant.price, level.on_hand)
                for variant, level in zip(goods, _levels(shop, goods, warehouse), strict=True)
            ],
        )

    def order(self, shop: Shop, goods: Sequence[Variant], warehouse: int) -> Order:
        """Let a customer fill a cart and place the order, twice with one key."""
        self._head("A customer fills a cart and places an order")
        before = _levels(shop, goods, warehouse)
        ada = shop.customers.register(NewCustomer(email="ada@example.com", first_name="Ada", last_name="Lovelace"))
        home = shop.customers.add_address(
            ada.customer_id,
            address=NewAddress(
                recipient="Ada Lovelace", line1="12 St James's Square", city="London", country_code="GB"
            ),
        )
        cart = shop.carts.for_customer(ada.customer_id)
        for variant, units in zip(goods, _WANTED, strict=True):
            shop.carts.set_item(cart.cart_id, variant_id=variant.variant_id, quantity=units)
        quote = shop.checkout.quote(cart.cart_id, shipping_method=_METHOD, shipping_address=home.address_id)
        self._table(
            ("line", "quantity", "unit price", "amount"),
            [
                *((line.name, line.quantity, line.unit_price, line.amount) for line in quote.lines),
                ("Post", "", "", quote.shipping_total),
                (f"Total in {quote.currency}", "", "", quote.total),
            ],
            numbers=(1, 2, 3),
        )

        def place() -> Order:
            return shop.checkout.place(
                cart.cart_id,
                shipping_address=home.address_id,
                shipping_method=_METHOD,
                expected_total=quote.total,
                idempotency_key="demo-order-1",
            )

        order, again = place(), place()
        self._say("")
        self._say(f"Order {order.order_number} over {amount(order.total)} {order.currency} is {order.status}.")
        self._say(f"Sent again with the same key: order {again.order_number}, nothing is done twice.")
        self._say("Stock moved with it:")
        after = _levels(shop, goods, warehouse)
        self._table(
            ("sku", "on hand", "promised", "available"),
            [
                (
                    variant.sku,
                    _change(old.on_hand, new.on_hand),
                    _change(old.allocated, new.allocated),
                    _change(old.on_hand - old.allocated, new.on_hand - new.allocated),
                )
                for variant, old, new in zip(goods, before, after, strict=True)
            ],
            numbers=(1, 2, 3),
        )
        return order

    def oversell(self, shop: Shop, variant: Variant, warehouse: int, order: Order) -> str:
        """Let a guest want what is sold out."""
        self._head(f"Another customer wants one more {variant.sku}, of which none is left")
        before = _levels(shop, [variant], warehouse)
        cart, _ = shop.carts.create_guest(email="bob@example.com")
        shop.carts.set_item(cart.cart_id, variant_id=variant.variant_id, quantity=1)
        quote = shop.checkout.quote(cart.cart_id, shipping_method=_METHOD, country_code="GB")
        refusal = "nothing was refused"
        try:
            shop.checkout.place(
                cart.cart_id,
                shipping_address=NewAddress(
                    recipient="Bob",
                    line1="1 High Street",
                    city="Leeds",
                    country_code=order.shipping_address.country_code,
                ),
                shipping_method=_METHOD,
                expected_total=quote.total,
                idempotency_key="demo-order-2",
            )
        except InsufficientStock as error:
            refusal = f"{type(error).__name__}: {error}"
        self._say(refusal, style="red")
        same = "unchanged" if _levels(shop, [variant], warehouse) == before else "changed"
        self._say(f"The order left nothing behind: stock is {same}.")
        return refusal

    def months(self, shop: Shop) -> None:
        """Print the imported year by month."""
        self._head("Sales by month")
        months = shop.reports.sales_by_month()
        drawn = bars([month.amount for month in months], width=24)
        self._table(
            ("month", "sales", "orders", "units", ""),
            [
                (month.month, month.amount, month.invoices, month.quantity, bar)
                for month, bar in zip(months, drawn, strict=True)
            ],
        )

    def end(self, place: DatabaseUrl, seconds: float) -> None:
        """Say where it lies and what to try next."""
        file = _file_of(place)
        where = f"{file} ({file.stat().st_size / 2**20:.0f} MiB)" if file is not None and file.exists() else str(place)
        self._head(f"Done in {seconds:.0f} seconds; the shop is {where}")
        command = sys.argv[0] if sys.argv[0].endswith("/lumia") and not shutil.which("lumia") else "lumia"
        # A server's URL may hold a password, which has no business on a screen.
        url = str(place) if file is not None else "URL"
        self._say("Try next:" if file is not None else "Try next, with the demo's own URL:")
        for words in ("report top-products", "report sales-by-country", "report repeat-rate --json", "status"):
            self._console.print(Text(f"     {command} {words} --url {url}", style="green"), soft_wrap=True)
        self._say("and examples/first_order.py for the same from Python.")


def _levels(shop: Shop, goods: Sequence[Variant], warehouse: int) -> list[StockLevel]:
    found = [shop.stock.levels(variant.variant_id).items for variant in goods]
    return [level for levels in found for level in levels if level.location_id == warehouse]


def _change(old: int, new: int) -> str:
    return f"{old} -> {new}" if old != new else f"{new}"

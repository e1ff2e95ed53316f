"""One engine made ready to be measured: a database with the year in it, a Shop, a bare connection and an ORM on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, cycle
from pathlib import Path

import psycopg

from benchmarks.bare import Driver, PostgresqlDriver, SqliteDriver
from benchmarks.dataset import Scale, fill
from benchmarks.orm import Orm, sqlalchemy_engine
from lumia import Shop, connect
from lumia.engine.private_server import PrivateServer

__all__ = ["ENGINES", "Stage", "opened", "versions"]

ENGINES = ("sqlite", "postgresql")


@dataclass
class Stage:
    """The same data three ways; `customers` are asked to buy in turn, `numbers` gives what must be new each time."""

    engine: str
    scale: Scale
    shop: Shop
    bare: Driver
    orm: Orm
    customers: Iterator[int]
    numbers: Iterator[int]


@contextmanager
def opened(engine: str, scale: Scale, folder: Path) -> Iterator[Stage]:
    """Make a database in `folder`, or on a server that is started for it, fill it and open it three ways."""
    with ExitStack() as keep:
        if engine == "sqlite":
            url = f"sqlite:///{folder / 'bench.db'}"
        else:
            server = PrivateServer()
            keep.callback(server.close)
            url = server.url()
        shop = keep.enter_context(connect(url, create=True))
        if shop.query_set.validate_rows:
            message = "LUMIA_VALIDATE_ROWS is set: what it checks would be measured; unset it"
            raise SystemExit(message)
        engine_of_orm = sqlalchemy_engine(url)
        keep.callback(engine_of_orm.dispose)
        with engine_of_orm.execution_options(writes=True).begin() as connection:
            fill(connection, scale)
        bare: Driver = SqliteDriver(url.removeprefix("sqlite:///")) if engine == "sqlite" else PostgresqlDriver(url)
        keep.enter_context(closing(bare))
        # Statistics as they would be in a shop that has run for a year, and no background work while it is measured.
        bare.control("ANALYZE" if engine == "sqlite" else "VACUUM ANALYZE")
        _settle(shop)
        customers = cycle(range(2, scale.customers + 1))
        yield Stage(engine, scale, shop, bare, Orm(engine_of_orm), customers, count(1))


def _settle(shop: Shop) -> None:
    shop.settings.update(currency="GBP", prices_include_tax=False, time_zone="UTC")
    shop.delivery.create_shipping_method(code="post", name="Post", price=Decimal("3.00"), countries=("GB",))
    shop.delivery.add_tax_rate(country_code="GB", rate=Decimal("0.2"))


def versions(stage: Stage) -> str:
    """Name the engine's version."""
    asked = "SELECT sqlite_version()" if stage.engine == "sqlite" else "SHOW server_version"
    ((version,),) = stage.bare.one(asked, ())
    driver = "" if stage.engine == "sqlite" else f", psycopg {psycopg.__version__}"
    return f"{stage.engine} {version}{driver}"

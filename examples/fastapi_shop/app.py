"""The application: a shop that opens with it and closes with it, the routes, and the errors' table."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI

import lumia
from examples.fastapi_shop.problems import add_problems
from examples.fastapi_shop.routes import router
from lumia import Shop

__all__ = ["create_app"]


def create_app(url: str, *, prepare: Callable[[Shop], None] = lambda _: None) -> FastAPI:
    """Make the application of the shop at `url`, which is created if it is missing; `prepare` sees it first."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with lumia.connect(url, create=True) as shop:
            prepare(shop)
            app.state.shop = shop
            yield

    app = FastAPI(title="A shop on Lumia", lifespan=lifespan)
    app.include_router(router)
    add_problems(app)
    return app

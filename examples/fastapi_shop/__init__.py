"""A small web shop on Lumia: `create_app(url)` gives the FastAPI application."""

from examples.fastapi_shop.app import create_app

__all__ = ["create_app"]

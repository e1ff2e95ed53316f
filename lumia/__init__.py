"""Lumia: an e-commerce data layer that a Python program embeds, on SQLite and on PostgreSQL."""

from __future__ import annotations

from lumia._version import __version__
from lumia.engine.options import PoolOptions
from lumia.engine.retry import RetryPolicy
from lumia.repos.passwords import AccountOptions
from lumia.shop import Shop, Transaction, connect

__all__ = ["AccountOptions", "PoolOptions", "RetryPolicy", "Shop", "Transaction", "__version__", "connect"]

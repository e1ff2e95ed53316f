"""The catalogue's repository: categories, products, options, variants and prices in one place."""

from __future__ import annotations

from lumia.repos.categories import Categories
from lumia.repos.prices import Prices
from lumia.repos.products import Products
from lumia.repos.variants import Variants

__all__ = ["Catalog"]


class Catalog(Categories, Products, Variants, Prices):
    """What the shop shows and sells."""

"""The catalogue: categories, products, options, variants, images, prices, bundles and search in one repository."""

from __future__ import annotations

from lumia.repos.bundles import Bundles
from lumia.repos.categories import Categories
from lumia.repos.images import Images
from lumia.repos.prices import Prices
from lumia.repos.products import Products
from lumia.repos.search import Search
from lumia.repos.variants import Variants

__all__ = ["Catalog"]


class Catalog(Categories, Products, Variants, Images, Prices, Bundles, Search):
    """What the shop shows and sells."""

"""The data objects: what repositories take (validated when built) and return (frozen).

Every public name of the modules below, but for the field types of `fields`.
"""

from __future__ import annotations

from lumia.dto import (
    accounts,
    audit,
    base,
    bundles,
    cards,
    carts,
    catalog,
    checkout,
    coupons,
    customers,
    delivery,
    emails,
    images,
    imports,
    orders,
    outbox,
    payments,
    privacy,
    reports,
    retention,
    returns,
    reviews,
    search,
    settings,
    shipments,
    stock,
    verify,
    wishlists,
)
from lumia.dto.accounts import *
from lumia.dto.audit import *
from lumia.dto.base import *
from lumia.dto.bundles import *
from lumia.dto.cards import *
from lumia.dto.carts import *
from lumia.dto.catalog import *
from lumia.dto.checkout import *
from lumia.dto.coupons import *
from lumia.dto.customers import *
from lumia.dto.delivery import *
from lumia.dto.emails import *
from lumia.dto.images import *
from lumia.dto.imports import *
from lumia.dto.orders import *
from lumia.dto.outbox import *
from lumia.dto.payments import *
from lumia.dto.privacy import *
from lumia.dto.reports import *
from lumia.dto.retention import *
from lumia.dto.returns import *
from lumia.dto.reviews import *
from lumia.dto.search import *
from lumia.dto.settings import *
from lumia.dto.shipments import *
from lumia.dto.stock import *
from lumia.dto.verify import *
from lumia.dto.wishlists import *

__all__: list[str] = []
__all__ += accounts.__all__
__all__ += audit.__all__
__all__ += base.__all__
__all__ += bundles.__all__
__all__ += cards.__all__
__all__ += carts.__all__
__all__ += catalog.__all__
__all__ += checkout.__all__
__all__ += coupons.__all__
__all__ += customers.__all__
__all__ += delivery.__all__
__all__ += emails.__all__
__all__ += images.__all__
__all__ += imports.__all__
__all__ += orders.__all__
__all__ += outbox.__all__
__all__ += payments.__all__
__all__ += privacy.__all__
__all__ += reports.__all__
__all__ += retention.__all__
__all__ += returns.__all__
__all__ += reviews.__all__
__all__ += search.__all__
__all__ += settings.__all__
__all__ += shipments.__all__
__all__ += stock.__all__
__all__ += verify.__all__
__all__ += wishlists.__all__

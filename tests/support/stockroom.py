"""A stock room to work in: two variants, two active locations and a closed one, all empty."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lumia import Shop
from lumia.dto.stock import StockMovement

__all__ = ["Place", "a_stock_room"]

AT = "2030-01-01T00:00:00.000000Z"


@dataclass(frozen=True)
class Place:
    """A shop with two variants, an active location before another, and a closed one."""

    shop: Shop
    one: int
    other: int
    main: int
    spare: int
    closed: int

    def on_hand(self, variant_id: int | None = None) -> dict[int, int]:
        """What lies where."""
        page = self.shop.stock.levels(self.one if variant_id is None else variant_id)
        return {row.location_id: row.on_hand for row in page.items}

    def available(self, *variant_ids: int) -> list[int]:
        """What can be sold."""
        return [row.available for row in self.shop.stock.available(variant_ids or (self.one,))]

    def ledger(self) -> list[StockMovement]:
        """All movements, oldest first."""
        return list(self.shop.stock.movements(limit=500).items[::-1])

    def promise(self, location_id: int, quantity: int) -> None:
        """Let an order wait for units of the first variant, with the ledger row that a checkout writes."""
        session = self.shop.engine.acquire(write=True)
        session.execute(
            "INSERT INTO stock_movements "
            "(variant_id, location_id, kind, on_hand_delta, allocated_delta, reason, actor, moved_at) "
            f"VALUES ({self.one}, {location_id}, 'allocated', 0, {quantity}, '', 'test', '{AT}')",
            (),
        )
        self.shop.engine.release(session, failed=False)


def a_stock_room(shop: Shop) -> Place:
    """An empty stock room."""
    category = shop.catalog.create_category(name="Tea", slug="tea")
    variants = []
    for slug in ("one", "other"):
        product = shop.catalog.create_product(category_id=category.category_id, slug=slug, name=slug)
        variants.append(shop.catalog.create_variant(product.product_id, sku=slug, price=Decimal(1)).variant_id)
    locations = [
        shop.stock.add_location(name=name, priority=at, is_active=name != "Closed").location_id
        for at, name in enumerate(("Main", "Spare", "Closed"))
    ]
    return Place(shop, *variants, *locations)

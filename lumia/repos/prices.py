"""What variants cost: the present price, the history that a trigger keeps, and the lowest price of a window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from lumia.dto.base import checked_id, validated
from lumia.dto.catalog import PriceCursor, PricePeriod, PriceWindow, Variant, VariantPrice
from lumia.repos.base import Repository, found, page_of, page_rows
from lumia.repos.variants import no_variant
from lumia.types import Page

__all__ = ["Prices"]

_END_OF_TIME: Final = datetime(9998, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)


class Prices(Repository):
    """The part of the catalogue's repository that keeps prices."""

    def set_price(self, variant_id: int, *, price: Decimal) -> Variant:
        """Set what a variant costs from now on, in the shop's currency; the history keeps what it cost before.

        The price that it has already writes no history. Raises `NotFound`, and `InvalidValue` for a negative price or
        one of more than four decimals. One statement.
        """
        new = validated(VariantPrice, price=price)
        checked_id("variant_id", variant_id)
        with self._context.unit(write=True) as unit:
            row: Variant | None = unit.q.variants.set_variant_price(
                variant_id=variant_id, price=new.price, now=unit.now()
            )
            return found(row, no_variant(variant_id))

    def price_history(self, variant_id: int, *, limit: int = 50, after: datetime | None = None) -> Page[PricePeriod]:
        """List what a variant cost and when, newest first, `limit` (1 to 500) at a time; `after` is the last `next`.

        A variant that does not exist has none. Raises `InvalidValue`. One statement.
        """
        before = _END_OF_TIME if after is None else validated(PriceCursor, after=after).after
        rows: list[PricePeriod] = self._context.q.prices.list_price_periods(
            variant_id=checked_id("variant_id", variant_id), before=before, max_rows=page_rows(limit)
        )
        return page_of(rows, limit, lambda row: row.valid_from)

    def lowest_price(self, variant_id: int, *, days: int) -> Decimal:
        """Tell the lowest price of the last `days` (1 to 3,660) times 24 hours, up to now.

        The price that was in force when the window opened counts, also when it was set long before. Raises `NotFound`
        for a variant that does not exist, and `InvalidValue`. One statement.
        """
        window = validated(PriceWindow, days=days)
        since = max(self._context.now() - timedelta(days=window.days), datetime(1970, 1, 1, tzinfo=UTC))
        lowest: Decimal | None = self._context.q.prices.get_lowest_price(
            variant_id=checked_id("variant_id", variant_id), since=since
        )
        return found(lowest, no_variant(variant_id))

"""Bundles: created, priced, listed and taken off sale, each with its price allocated to its parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Context as Arithmetic
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from lumia.dto.base import checked_id, checked_items, validated
from lumia.dto.bundles import (
    Bundle,
    BundleFilter,
    BundleItem,
    BundlePart,
    BundlePrice,
    BundleRow,
    BundleShare,
    NewBundle,
)
from lumia.dto.catalog import SlugLookup
from lumia.dto.checkout import CheckoutLine
from lumia.errors import InvalidValue, UnavailableItem
from lumia.money import round_half_up, split_money
from lumia.repos.base import Repository, found, given, key_of, made, page_of, page_rows
from lumia.typedsql import compose, prepare
from lumia.types import Page

if TYPE_CHECKING:
    from lumia.repos.context import Context

__all__ = ["MAX_PARTS", "Bundles", "allocate"]

MAX_PARTS: Final = 100
"""How many parts a bundle may have."""

# Wide enough for any price times any quantity.
_EXACT: Final = Arithmetic(prec=100)
_PAIR: Final = 2
_NO_SETTINGS: Final = "the shop has no settings: the database is damaged, restore it or migrate a new one"


class Bundles(Repository):
    """The part of the catalogue's repository that keeps bundles."""

    def create_bundle(
        self, *, sku: str, slug: str, name: str, price: Decimal, items: Sequence[BundleItem | tuple[int, int]]
    ) -> Bundle:
        """Add a bundle of 1 to 100 variants, on sale at once at a price for all of them together. Four statements.

        `items` are `BundleItem`s, or pairs of variant and quantity (1 to 1,000,000); each variant stands once. `price`
        is in the shop's currency, a multiple of its minor unit. Raises `InvalidValue`, `InvalidReference` for a variant
        that does not exist, `AlreadyExists` when another bundle has the SKU or the slug.
        """
        new = validated(NewBundle, sku=sku, slug=slug, name=name, price=price, items=_items(items))
        with self._context.unit(write=True) as unit:
            currency = _currency(unit)
            _check_payable(new.price, currency)
            now = unit.now()
            row = made(
                unit.q.bundles.insert_bundle(
                    public_id=unit.new_uuid(), sku=new.sku, slug=new.slug, name=new.name, price=new.price, now=now
                )
            )
            unit.q.bundles.insert_bundle_items(
                {
                    "bundle_id": row.bundle_id,
                    "position": position,
                    "variant_id": item.variant_id,
                    "quantity": item.quantity,
                    "now": now,
                }
                for position, item in enumerate(new.items)
            )
            return _assembled(row, _parts(unit, row.bundle_id), currency)

    def get_bundle(self, bundle_id: int) -> Bundle:
        """Read a bundle with its parts and their shares of its price. Three statements, one round trip.

        Raises `NotFound`, and `UnavailableItem` for one that is on sale but lost its parts, by a DELETE of theirs.
        """
        checked_id("bundle_id", bundle_id)
        q = self._context.q
        row, parts, settings = q.pipeline(
            (
                prepare(q.bundles.get_bundle, bundle_id=bundle_id),
                prepare(q.bundles.list_bundle_parts, bundle_id=bundle_id, max_rows=MAX_PARTS),
                prepare(q.settings.get_settings),
            )
        )
        return _assembled(found(row, _no_bundle(bundle_id)), parts, found(settings, _NO_SETTINGS).currency)

    def bundle_by_slug(self, slug: str) -> Bundle:
        """Read a bundle by its slug, as `get_bundle` does. Raises `NotFound`. Three statements."""
        key = validated(SlugLookup, slug=slug).slug
        q = self._context.q
        row = found(q.bundles.get_bundle_by_slug(slug=key), "no bundle has this slug: catalog.list_bundles lists them")
        parts, settings = q.pipeline(
            (
                prepare(q.bundles.list_bundle_parts, bundle_id=row.bundle_id, max_rows=MAX_PARTS),
                prepare(q.settings.get_settings),
            )
        )
        return _assembled(row, parts, found(settings, _NO_SETTINGS).currency)

    def list_bundles(self, *, is_active: bool | None = None, limit: int = 50, after: int | None = None) -> Page[Bundle]:
        """List bundles with their parts, oldest first, `limit` (1 to 500) at a time; `after` is the last `next`.

        `is_active` keeps those on sale, or those that are not; one that lost all its parts is left out. Raises
        `InvalidValue`. Three statements.
        """
        active = given(validated(BundleFilter, is_active=is_active).is_active)
        q = self._context.q
        rows = q.bundles.list_bundles(is_active=active, after_id=key_of(after), max_rows=page_rows(limit))
        page = page_of(rows, limit, lambda row: row.bundle_id)
        first, last = (page.items[0].bundle_id, page.items[-1].bundle_id) if page.items else (0, 0)
        parts, settings = q.pipeline(
            (
                prepare(
                    q.bundles.list_parts_of_bundles,
                    first_id=first,
                    last_id=last,
                    is_active=active,
                    max_rows=limit * MAX_PARTS,
                ),
                prepare(q.settings.get_settings),
            )
        )
        currency = found(settings, _NO_SETTINGS).currency
        by_bundle: defaultdict[int, list[BundlePart]] = defaultdict(list)
        for part in parts:
            by_bundle[part.bundle_id].append(part)
        # A bundle that was put on sale or taken off between the two statements comes with the next look at it.
        bundles = tuple(
            _assembled(row, by_bundle[row.bundle_id], currency) for row in page.items if by_bundle[row.bundle_id]
        )
        return Page(items=bundles, next=page.next)

    def set_bundle_price(self, bundle_id: int, *, price: Decimal) -> Bundle:
        """Set what a bundle costs from now on, and allocate it anew. Three statements.

        Raises `NotFound`, and `InvalidValue` for what is no price or no multiple of the currency's minor unit.
        """
        new = validated(BundlePrice, price=price)
        checked_id("bundle_id", bundle_id)
        with self._context.unit(write=True) as unit:
            currency = _currency(unit)
            _check_payable(new.price, currency)
            row: BundleRow | None = unit.q.bundles.set_bundle_price(
                bundle_id=bundle_id, price=new.price, now=unit.now()
            )
            return _assembled(found(row, _no_bundle(bundle_id)), _parts(unit, bundle_id), currency)

    def archive_bundle(self, bundle_id: int) -> Bundle:
        """Take a bundle off sale, for good or until it is published again. Raises `NotFound`. Three statements."""
        return self._set_activity(bundle_id, is_active=False)

    def publish_bundle(self, bundle_id: int) -> Bundle:
        """Put a bundle on sale again. Raises `NotFound`. Three statements."""
        return self._set_activity(bundle_id, is_active=True)

    def _set_activity(self, bundle_id: int, *, is_active: bool) -> Bundle:
        checked_id("bundle_id", bundle_id)
        with self._context.unit(write=True) as unit:
            row: BundleRow | None = unit.q.bundles.set_bundle_activity(
                bundle_id=bundle_id, is_active=is_active, now=unit.now()
            )
            row = found(row, _no_bundle(bundle_id))
            return _assembled(row, _parts(unit, bundle_id), _currency(unit))


def allocate(price: Decimal, parts: Sequence[BundlePart | CheckoutLine], currency: str) -> tuple[Decimal, ...]:
    """Split a bundle's price over its parts by largest remainder, in whole minor units of the currency.

    A part weighs its units times what one costs by itself; where all cost nothing, its units. Equal remainders go to
    the part that stands first. The shares add up to `price`, rounded half-up where the currency has fewer decimals than
    when the price was set. Raises `InvalidValue` for a negative price, or one over no parts.
    """
    weights = [_EXACT.multiply(part.unit_price, part.quantity) for part in parts]
    if not any(weights):
        weights = [Decimal(part.quantity) for part in parts]
    return split_money(round_half_up(price, currency), weights, currency)


def _assembled(row: BundleRow, parts: Sequence[BundlePart], currency: str) -> Bundle:
    if not parts:
        if not row.is_active:
            return compose(Bundle, row, shares=())
        message = (
            f"bundle {row.bundle_id} has no parts any more, they were deleted beside the catalogue: archive it with"
            " catalog.archive_bundle and create another"
        )
        raise UnavailableItem(message)
    shares = allocate(row.price, parts, currency)
    return compose(
        Bundle,
        row,
        shares=tuple(compose(BundleShare, part, share=share) for part, share in zip(parts, shares, strict=True)),
    )


def _items(items: Sequence[BundleItem | tuple[int, int]]) -> tuple[object, ...]:
    # What is neither is left for the model to refuse.
    return tuple(
        {"variant_id": item[0], "quantity": item[1]} if isinstance(item, tuple) and len(item) == _PAIR else item
        for item in checked_items("items", items)
    )


def _parts(unit: Context, bundle_id: int) -> list[BundlePart]:
    return unit.q.bundles.list_bundle_parts(bundle_id=bundle_id, max_rows=MAX_PARTS)


def _currency(unit: Context) -> str:
    return found(unit.q.settings.get_settings(), _NO_SETTINGS).currency


def _check_payable(price: Decimal, currency: str) -> None:
    # What a customer is asked to pay is a multiple of the minor unit, and so is every share of it.
    if round_half_up(price, currency) != price:
        message = f"price: must be a multiple of the smallest amount that can be paid in {currency}"
        raise InvalidValue(message)


def _no_bundle(bundle_id: int) -> str:
    return f"there is no bundle {bundle_id}: catalog.list_bundles lists them"

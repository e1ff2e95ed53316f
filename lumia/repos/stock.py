"""Stock: where things lie, how many can be sold, and every change of it as a row of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from lumia.dto.base import checked_id, checked_items, validated
from lumia.dto.stock import (
    Adjustment,
    Availability,
    CountedStock,
    Location,
    LocationUpdate,
    NewLocation,
    Receipt,
    Receipts,
    StockCursor,
    StockKey,
    StockLevel,
    StockLevelUpdate,
    StockMovement,
    Transfer,
    VariantIds,
    WriteOff,
)
from lumia.errors import Conflict, InsufficientStock
from lumia.repos.base import found, key_after, key_before, made, page_of, page_rows
from lumia.repos.reservations import Reservations
from lumia.types import MovementKind, Page

if TYPE_CHECKING:
    from lumia.repos.context import Context

__all__ = ["Stock"]

SHOP: Final = "shop"
"""Who made a movement when the caller does not say."""


class _Move(NamedTuple):
    variant_id: int
    location_id: int
    delta: int


class Stock(Reservations):
    """Locations, stock levels and movements, and what is on hold for carts.

    The ledger is the only writer of what is on hand: each method that changes it writes movements, and stock rows are
    touched in ascending order of variant and location. A stock row is made when it is first needed.
    """

    # --- locations ----------------------------------------------------------------------------------------------------

    def add_location(self, *, name: str, priority: int = 0, is_active: bool = True) -> Location:
        """Add a location; orders are filled from the lowest `priority` (0 to 1,000,000) first. One statement.

        Raises `InvalidValue`, and `AlreadyExists` when the name is taken.
        """
        new = validated(NewLocation, name=name, priority=priority, is_active=is_active)
        with self._context.unit(write=True) as unit:
            return made(unit.q.stock.insert_location(**dict(new), now=unit.now()))

    def update_location(
        self, location_id: int, *, name: str | None = None, priority: int | None = None, is_active: bool | None = None
    ) -> Location:
        """Change what is given; what lies at an inactive location is not available. One statement.

        Raises `NotFound`, and what `add_location` raises.
        """
        change = validated(LocationUpdate, name=name, priority=priority, is_active=is_active)
        checked_id("location_id", location_id)
        with self._context.unit(write=True) as unit:
            row: Location | None = unit.q.stock.update_location(location_id=location_id, **dict(change), now=unit.now())
            return found(row, f"there is no location {location_id}: stock.locations lists them")

    def locations(self, *, limit: int = 50, after: int | None = None) -> Page[Location]:
        """List locations, oldest first, `limit` (1 to 500) at a time; `after` is the last page's `next`.

        Raises `InvalidValue`. One statement.
        """
        rows: list[Location] = self._context.q.stock.list_locations(
            after_id=key_after(after), max_rows=page_rows(limit)
        )
        return page_of(rows, limit, lambda row: row.location_id)

    # --- changes ------------------------------------------------------------------------------------------------------

    def set_levels(
        self,
        variant_id: int,
        *,
        location_id: int,
        reorder_point: int | None = None,
        backorder_limit: int | None = None,
    ) -> StockLevel:
        """Set from how few free units on to order anew, and how many units may be sold that are not there.

        Both are 0 to 1,000,000,000 units; None leaves one as it is. Raises `InvalidValue`, and `InvalidReference` for
        a variant or location that does not exist. One statement.
        """
        change = validated(StockLevelUpdate, reorder_point=reorder_point, backorder_limit=backorder_limit)
        checked_id("variant_id", variant_id)
        checked_id("location_id", location_id)
        with self._context.unit(write=True) as unit:
            return made(
                unit.q.stock.set_stock_levels(
                    variant_id=variant_id, location_id=location_id, **dict(change), now=unit.now()
                )
            )

    def receive(
        self, variant_id: int, *, location_id: int, quantity: int, reason: str = "", actor: str = SHOP
    ) -> StockLevel:
        """Book goods that came in, 1 to 1,000,000,000 units. Three statements.

        Raises `InvalidValue`, also beyond 1,000,000,000 units on hand, and `InvalidReference` for a variant or
        location that does not exist.
        """
        receipt = Receipt(variant_id=variant_id, location_id=location_id, quantity=quantity)
        note = validated(Receipts, receipts=(receipt,), reason=reason, actor=actor)
        move = _Move(receipt.variant_id, receipt.location_id, receipt.quantity)
        with self._context.unit(write=True) as unit:
            _write(unit, MovementKind.RECEIVED, [move], reason=note.reason, actor=note.actor)
            return _level(unit, move)

    def receive_many(self, receipts: Iterable[Receipt], *, reason: str = "", actor: str = SHOP) -> int:
        """Book a whole delivery at once and return how many stock rows it touched. Two statements, run per row.

        Several receipts of one variant at one location become one movement. All or nothing; raises what `receive`
        raises.
        """
        delivery = validated(Receipts, receipts=checked_items("receipts", receipts), reason=reason, actor=actor)
        totals: dict[tuple[int, int], int] = {}
        for receipt in delivery.receipts:
            key = (receipt.variant_id, receipt.location_id)
            totals[key] = totals.get(key, 0) + receipt.quantity
        moves = [_Move(*key, quantity) for key, quantity in sorted(totals.items())]
        if moves:
            with self._context.unit(write=True) as unit:
                _write(unit, MovementKind.RECEIVED, moves, reason=delivery.reason, actor=delivery.actor)
        return len(moves)

    def adjust(self, variant_id: int, *, location_id: int, delta: int, reason: str, actor: str = SHOP) -> StockLevel:
        """Correct what is on hand by `delta` units, up or down, and say why. Three statements.

        Raises `InsufficientStock` when less than nothing would be left, `InvalidValue`, and `InvalidReference` for a
        variant or location that does not exist.
        """
        adjustment = validated(
            Adjustment, variant_id=variant_id, location_id=location_id, delta=delta, reason=reason, actor=actor
        )
        move = _Move(adjustment.variant_id, adjustment.location_id, adjustment.delta)
        with self._context.unit(write=True) as unit:
            _write(unit, MovementKind.ADJUSTED, [move], reason=adjustment.reason, actor=adjustment.actor)
            return _level(unit, move)

    def write_off(
        self, variant_id: int, *, location_id: int, quantity: int, reason: str, actor: str = SHOP
    ) -> StockLevel:
        """Take units off that are broken or gone, and say why; also what orders wait for. Three statements.

        More may be allocated than is left then: nothing more can be sold before it is made up for. Raises
        `InsufficientStock` when there are fewer than `quantity` (1 to 1,000,000,000), `InvalidValue`, and
        `InvalidReference` for a variant or location that does not exist.
        """
        loss = validated(
            WriteOff, variant_id=variant_id, location_id=location_id, quantity=quantity, reason=reason, actor=actor
        )
        move = _Move(loss.variant_id, loss.location_id, -loss.quantity)
        with self._context.unit(write=True) as unit:
            _write(unit, MovementKind.DAMAGED, [move], reason=loss.reason, actor=loss.actor)
            return _level(unit, move)

    def set_on_hand(
        self, variant_id: int, *, location_id: int, expected: int, new: int, reason: str = "", actor: str = SHOP
    ) -> StockLevel:
        """Set what was counted, if the counter still says what it was `expected` to say. Three or four statements.

        The difference becomes an adjustment in the ledger; where there is none nothing is written. Raises `Conflict`
        when the counter says something else: read `levels` and decide again; `InvalidValue`, and `InvalidReference`
        for a variant or location that does not exist.
        """
        counted = validated(
            CountedStock,
            variant_id=variant_id,
            location_id=location_id,
            expected=expected,
            new=new,
            reason=reason,
            actor=actor,
        )
        move = _Move(counted.variant_id, counted.location_id, counted.new - counted.expected)
        with self._context.unit(write=True) as unit:
            _make_rows(unit, [move])
            # The statement waits for whoever changes the row and then looks at it anew: nobody comes in between.
            locked: int | None = unit.q.stock.lock_counted_stock(
                variant_id=move.variant_id, location_id=move.location_id, expected=counted.expected, now=unit.now()
            )
            if locked is None:
                message = (
                    f"variant {move.variant_id} at location {move.location_id} has not the expected units on hand: "
                    "read stock.levels and decide again"
                )
                raise Conflict(message)
            if move.delta:
                _write_ledger(unit, MovementKind.ADJUSTED, [move], reason=counted.reason, actor=counted.actor)
            return _level(unit, move)

    def transfer(
        self,
        variant_id: int,
        *,
        from_location_id: int,
        to_location_id: int,
        quantity: int,
        reason: str = "",
        actor: str = SHOP,
    ) -> tuple[StockLevel, StockLevel]:
        """Bring units from one location to another and return the levels there: from, to. Four statements.

        Only what no order waits for and no cart has on hold can leave. Raises `InsufficientStock` when that is less
        than `quantity`, `InvalidValue`, and `InvalidReference` for a variant or location that does not exist.
        """
        transfer = validated(
            Transfer,
            variant_id=variant_id,
            from_location_id=from_location_id,
            to_location_id=to_location_id,
            quantity=quantity,
            reason=reason,
            actor=actor,
        )
        source = _Move(transfer.variant_id, transfer.from_location_id, -transfer.quantity)
        target = _Move(transfer.variant_id, transfer.to_location_id, transfer.quantity)
        with self._context.unit(write=True) as unit:
            _write(
                unit,
                MovementKind.TRANSFERRED,
                sorted((source, target)),
                reason=transfer.reason,
                actor=transfer.actor,
            )
            # Looked at after the write: the row is ours by now, so what it says holds until the unit ends.
            left = _level(unit, source)
            if left.on_hand < left.allocated + left.reserved:
                message = (
                    f"variant {source.variant_id} at location {source.location_id} has fewer free units than are to "
                    "leave: transfer fewer, cancel orders that wait for them, or wait until no cart has them on hold"
                )
                raise InsufficientStock(message)
            return left, _level(unit, target)

    # --- questions ----------------------------------------------------------------------------------------------------

    def available(self, variant_ids: Sequence[int]) -> tuple[Availability, ...]:
        """Tell what of each variant can be sold now, in ascending order of key; keys that are no variants are left out.

        On hand less allocated less what is on hold for carts plus the back-order limit, over active locations; at most
        500 keys. Raises `InvalidValue`. One statement.
        """
        wanted = validated(VariantIds, variant_ids=checked_items("variant_ids", variant_ids))
        rows: list[Availability] = self._context.q.stock.list_available(
            variant_ids=wanted.variant_ids, now=self._context.now()
        )
        return tuple(rows)

    def levels(self, variant_id: int, *, limit: int = 50, after: int | None = None) -> Page[StockLevel]:
        """List what of a variant lies where, by location, `limit` (1 to 500) at a time; `after` is the last `next`.

        A variant without stock rows, or that does not exist, has none. Raises `InvalidValue`. One statement.
        """
        rows: list[StockLevel] = self._context.q.stock.list_stock_levels(
            variant_id=checked_id("variant_id", variant_id),
            after_id=key_after(after),
            now=self._context.now(),
            max_rows=page_rows(limit),
        )
        return page_of(rows, limit, lambda row: row.location_id)

    def movements(
        self,
        *,
        variant_id: int | None = None,
        location_id: int | None = None,
        limit: int = 50,
        after: int | None = None,
    ) -> Page[StockMovement]:
        """List the ledger newest first: of all stock, of a variant, or of a variant at a location. One statement.

        `limit` is 1 to 500, `after` the last page's `next`. Raises `InvalidValue`, also for a location without a
        variant.
        """
        key = validated(StockKey, variant_id=variant_id, location_id=location_id)
        window = {"before_id": key_before(after), "max_rows": page_rows(limit)}
        q = self._context.q.stock
        rows: list[StockMovement]
        if key.variant_id is None:
            rows = q.list_movements(**window)
        elif key.location_id is None:
            rows = q.list_movements_of_variant(variant_id=key.variant_id, **window)
        else:
            rows = q.list_movements_of_stock_row(variant_id=key.variant_id, location_id=key.location_id, **window)
        return page_of(rows, limit, lambda row: row.stock_movement_id)

    def low_stock(self, *, limit: int = 50, after: tuple[int, int] | None = None) -> Page[StockLevel]:
        """List the stock rows of active locations whose free units are down at their reorder point, by key.

        Free is what is neither allocated nor on hold for a cart.
        Rows with a reorder point of 0 are never listed. `limit` is 1 to 500; `after` is the last page's `next`, a pair
        of variant and location. Raises `InvalidValue`. One statement.
        """
        start = validated(StockCursor, after=(0, 0) if after is None else after).after
        rows: list[StockLevel] = self._context.q.stock.list_low_stock(
            after_variant_id=start[0],
            after_location_id=start[1],
            now=self._context.now(),
            max_rows=page_rows(limit),
        )
        return page_of(rows, limit, lambda row: (row.variant_id, row.location_id))


def _write(unit: Context, kind: MovementKind, moves: Sequence[_Move], *, reason: str, actor: str) -> None:
    _make_rows(unit, moves)
    _write_ledger(unit, kind, moves, reason=reason, actor=actor)


def _make_rows(unit: Context, moves: Sequence[_Move]) -> None:
    now = unit.now()
    unit.q.stock.insert_inventory(
        {"variant_id": move.variant_id, "location_id": move.location_id, "now": now} for move in moves
    )


def _write_ledger(unit: Context, kind: MovementKind, moves: Sequence[_Move], *, reason: str, actor: str) -> None:
    now = unit.now()
    unit.q.stock.insert_movements(
        {
            "variant_id": move.variant_id,
            "location_id": move.location_id,
            "on_hand_delta": move.delta,
            "kind": kind,
            "reason": reason,
            "actor": actor,
            "now": now,
        }
        for move in moves
    )


def _level(unit: Context, move: _Move) -> StockLevel:
    row: StockLevel | None = unit.q.stock.get_stock_level(
        variant_id=move.variant_id, location_id=move.location_id, now=unit.now()
    )
    return found(row, f"variant {move.variant_id} has no stock row at location {move.location_id}")

"""How goods come back: asked for, agreed to or not, and received, fit to be sold again or damaged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from lumia.dto.base import checked_id, validated
from lumia.dto.orders import LockedOrder, StatusNote
from lumia.dto.returns import NewReturn, ReceivedReturn, ReceivedUnits, Return, ReturnHead
from lumia.dto.shipments import OpenAllocation
from lumia.errors import IllegalTransition, InvalidValue, NotFound
from lumia.repos.base import Repository, found
from lumia.repos.cancelling import move_units, open_lines, units_text
from lumia.repos.events import order_event
from lumia.repos.once import claim_once
from lumia.repos.progress import lock_live_order
from lumia.typedsql.rowmaker import compose
from lumia.types import MovementKind, ReturnStatus

if TYPE_CHECKING:
    from lumia.repos.context import Context

__all__ = ["Returning"]

_BEFORE: Final = {
    ReturnStatus.APPROVED: (ReturnStatus.REQUESTED,),
    ReturnStatus.REJECTED: (ReturnStatus.REQUESTED, ReturnStatus.APPROVED),
    ReturnStatus.RECEIVED: (ReturnStatus.APPROVED,),
}


class Returning(Repository):
    """The steps of a return. None of them moves money: `payments.refund` does."""

    def get_return(self, return_id: int) -> Return:
        """Read a return with what it is of. Raises `NotFound`. Two statements."""
        checked_id("return_id", return_id)
        return _read(self._context, return_id)

    def request_return(
        self,
        order_id: int,
        items: Mapping[int, int],
        *,
        reason: str = "",
        actor: str,
        idempotency_key: str | None = None,
    ) -> Return:
        """Ask to send units back that have shipped: `items` says how many of which order item.

        Units that other returns ask for, or brought back, cannot be asked for again; those of a rejected one can. With
        a key a repeated call makes nothing new and gives the return that the first one made. Eight statements, two more
        with a key.

        Raises:
            NotFound: there is no such order, or no such item in it.
            IllegalTransition: fewer units are out, or the order was imported.
            IdempotencyConflict: the key was used for another request.
            InvalidValue: there is no item or actor, a number is below 1, or a text is too long.
        """
        new = validated(NewReturn, items=items, reason=reason, actor=actor, idempotency_key=idempotency_key)
        with self._context.unit(write=True) as unit:
            order = lock_live_order(unit, order_id)
            claim = claim_once(unit, "orders.request_return", f"order:{order_id}", new.idempotency_key, new)
            if claim.result_id is not None:
                return _read(unit, claim.result_id)
            _check_out(unit, order, new.items)
            now, public_id = unit.now(), unit.new_uuid()
            return_id: int = unit.q.returns.insert_return(
                public_id=public_id, order_id=order_id, reason=new.reason, actor=new.actor, now=now
            )
            unit.q.returns.insert_return_item(
                {"return_id": return_id, "order_item_id": key, "quantity": units}
                for key, units in sorted(new.items.items())
            )
            event = order_event(
                "return.requested", order.public_id, now, items=units_text(new.items), **{"return": str(public_id)}
            )
            unit.q.outbox.insert_events([event])
            claim.finish(unit, return_id)
            return _read(unit, return_id)

    def approve_return(self, return_id: int, *, actor: str, note: str = "") -> Return:
        """Agree to a return that was asked for. Agreeing again changes nothing and gives the same answer.

        Eight statements.

        Raises `NotFound`, `IllegalTransition` when it was rejected or received, and `InvalidValue`.
        """
        return self._decide(return_id, ReturnStatus.APPROVED, actor, note)

    def reject_return(self, return_id: int, *, actor: str, note: str = "") -> Return:
        """Refuse a return, or give one up that was agreed to and never came. Repeating it changes nothing.

        Its units may be asked for again. Eight statements. Raises `NotFound`, `IllegalTransition` when it was received,
        and `InvalidValue`.
        """
        return self._decide(return_id, ReturnStatus.REJECTED, actor, note)

    def receive_return(
        self,
        return_id: int,
        *,
        location_id: int,
        items: Mapping[int, ReceivedUnits | Mapping[str, int]] | None = None,
        actor: str,
        note: str = "",
    ) -> Return:
        """Write down what came in of a return that was agreed to, and put it into the stock of a location.

        `items` says for each order item how many units are accepted and how many are damaged; what it leaves out did
        not come. None: everything came, as good as new. Damaged units are booked in and written off. Receiving it again
        changes nothing and gives the same answer. Twelve statements, one more where something is damaged.

        Raises:
            NotFound: there is no such return, or no such item in it.
            IllegalTransition: nobody agreed to it, or it was rejected.
            InvalidValue: nothing came, more came than was agreed to, or a text does not fit.
            InvalidReference: there is no such location.
        """
        came = validated(ReceivedReturn, location_id=location_id, items=items, actor=actor, note=note)
        checked_id("return_id", return_id)
        with self._context.unit(write=True) as unit:
            order, before = _locked(unit, return_id)
            if before.status is not ReturnStatus.RECEIVED:
                _check_step(before, ReturnStatus.RECEIVED)
                _take_in(unit, order, before, came)
            return _read(unit, return_id)

    def _decide(self, return_id: int, status: ReturnStatus, actor: str, reason: str) -> Return:
        note = validated(StatusNote, actor=actor, reason=reason)
        checked_id("return_id", return_id)
        with self._context.unit(write=True) as unit:
            order, before = _locked(unit, return_id)
            if before.status is not status:
                _check_step(before, status)
                _step(unit, order, before, status, note)
            return _read(unit, return_id)


def _locked(unit: Context, return_id: int) -> tuple[LockedOrder, Return]:
    # Whose return it is never changes: that much may be read before the lock.
    order_id: int | None = unit.q.returns.get_order_id_of_return(return_id=return_id)
    order = lock_live_order(unit, found(order_id, _no_return(return_id)))
    return order, _read(unit, return_id)


def _read(unit: Context, return_id: int) -> Return:
    head: ReturnHead = found(unit.q.returns.get_return(return_id=return_id), _no_return(return_id))
    return compose(Return, head, items=tuple(unit.q.returns.list_items_of_return(return_id=return_id)))


def _no_return(return_id: int) -> str:
    return f"there is no return {return_id}"


def _check_out(unit: Context, order: LockedOrder, items: Mapping[int, int]) -> None:
    lines = open_lines(unit, order, items)
    expected = {
        row.order_item_id: row.quantity for row in unit.q.returns.list_expected_returns(order_id=order.order_id)
    }
    for key, units in items.items():
        out = lines[key].shipped_quantity - lines[key].returned_quantity - expected.get(key, 0)
        if units > out:
            message = f"order item {key} has {out} units that can be sent back, not {units}"
            raise IllegalTransition(message)


def _check_step(before: Return, status: ReturnStatus) -> None:
    if before.status not in _BEFORE[status]:
        message = f"return {before.return_id} is {before.status.value}: it cannot become {status.value}"
        raise IllegalTransition(message)


def _step(
    unit: Context,
    order: LockedOrder,
    before: Return,
    status: ReturnStatus,
    note: StatusNote,
    *,
    location_id: int | None = None,
) -> None:
    now = unit.now()
    unit.q.returns.step_return(
        return_id=before.return_id,
        status=status,
        location_id=location_id,
        actor=note.actor,
        note=note.reason,
        now=now,
    )
    event = order_event(f"return.{status.value}", order.public_id, now, **{"return": str(before.public_id)})
    unit.q.outbox.insert_events([event])


def _take_in(unit: Context, order: LockedOrder, before: Return, came: ReceivedReturn) -> None:
    asked = {item.order_item_id: item for item in before.items}
    units = came.items or {key: ReceivedUnits(accepted=item.quantity) for key, item in asked.items()}
    for key, counted in units.items():
        if key not in asked:
            message = f"return {before.return_id} has no item {key}"
            raise NotFound(message)
        if counted.accepted + counted.damaged > asked[key].quantity:
            message = f"items: more than the {asked[key].quantity} units of item {key} that were agreed to"
            raise InvalidValue(message)
    note = StatusNote(actor=came.actor, reason=came.note)
    sums = {key: counted.accepted + counted.damaged for key, counted in units.items()}
    broken = {key: counted.damaged for key, counted in units.items()}
    booked, written_off = (
        [
            OpenAllocation(
                order_item_id=key, variant_id=asked[key].variant_id, location_id=came.location_id, quantity=count
            )
            for key, count in sorted(counts.items())
            if count
        ]
        for counts in (sums, broken)
    )
    if not booked:
        message = "items: nothing came; reject the return instead"
        raise InvalidValue(message)
    now = unit.now()
    unit.q.stock.insert_inventory(
        {"variant_id": variant_id, "location_id": came.location_id, "now": now}
        for variant_id in sorted({part.variant_id for part in booked})
    )
    move_units(unit, MovementKind.RETURNED, booked, actor=note.actor, on_hand=1, allocated=0)
    if written_off:
        move_units(unit, MovementKind.DAMAGED, written_off, actor=note.actor, on_hand=-1, allocated=0)
    unit.q.order_units.take_back_units_of_item(
        {"order_item_id": part.order_item_id, "quantity": part.quantity} for part in booked
    )
    unit.q.returns.receive_return_item(
        {
            "return_id": before.return_id,
            "order_item_id": part.order_item_id,
            "accepted_quantity": units[part.order_item_id].accepted,
            "damaged_quantity": units[part.order_item_id].damaged,
        }
        for part in booked
    )
    _step(unit, order, before, ReturnStatus.RECEIVED, note, location_id=came.location_id)

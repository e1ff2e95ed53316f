"""Events and the folding of the ledger: what their guards are asked, and what a folding does."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from tests.support.cases import Case, accepted, refused
from tests.support.rows import LATER, NOON, Step

__all__ = ["FOLDING_EFFECTS", "OUTBOX_CASES"]

_OTHER: Final = UUID(int=7 << 76 | 2 << 62 | 777)
_FREE: Final[dict[str, Any]] = {"lease_id": None, "consumer": None, "held_until": None}


def _set(where: str, **changes: Any) -> tuple[Step, ...]:
    settings = ", ".join(f"{column} = ?" for column in changes)
    return ((f"UPDATE outbox SET {settings} WHERE {where}", tuple(changes.values())),)


_TOLD: Final[dict[str, Any]] = {
    "outbox_id": 999,
    "kind": "other",
    "subject": "other",
    "payload": "[]",
    "created_at": LATER,
}
_DONE: Final = _set("outbox_id = 1", acknowledged_at=NOON)

OUTBOX_CASES: Final[tuple[Case, ...]] = (
    accepted("outbox_lease_whole", "neither", "outbox", _FREE),
    refused("outbox_lease_whole", "no-consumer", "outbox", {"consumer": None}),
    refused("outbox_lease_whole", "no-lease", "outbox", {"lease_id": None}),
    accepted("outbox_lease_ends", "put-off", "outbox", {**_FREE, "held_until": LATER}),
    refused("outbox_lease_ends", "for-ever", "outbox", {"held_until": None}),
    *(
        refused("outbox_frozen", column, steps=_set("outbox_id = 1", **{column: value}))
        for column, value in _TOLD.items()
    ),
    accepted("outbox_frozen", "acknowledged", steps=_DONE),
    refused("outbox_frozen", "told-again", steps=(*_DONE, *_set("outbox_id = 1", acknowledged_at=None))),
    refused("outbox_frozen", "acknowledged-later", steps=(*_DONE, *_set("outbox_id = 1", acknowledged_at=LATER))),
    accepted("outbox_frozen", "forgotten", steps=(("DELETE FROM outbox WHERE outbox_id = 1", ()),)),
    refused("inventory_starts_empty", "folding_to", "inventory", {"folding_to": 1}),
)
"""Cases of the outbox, and of the mark that folds a ledger."""

# Movement 1 received 10, movement 2 allocated 3; movement 3 belongs to a pending order's line.
_FOLD: Final = ("UPDATE inventory SET folding_to = 3 WHERE variant_id = 1 AND location_id = 1", ())
_ASKED: Final = (
    "SELECT CAST(stock_movement_id AS text), CAST(kind AS text), CAST(on_hand_delta AS text),"
    " CAST(allocated_delta AS text) FROM stock_movements WHERE variant_id = 1 ORDER BY stock_movement_id"
)
_MOVEMENTS: Final = (_ASKED, ())

FOLDING_EFFECTS: Final = (
    (
        "a folding leaves the balance in the last movement, and what an open order moved",
        ("inventory.inventory_fold",),
        (_FOLD,),
        _MOVEMENTS,
        [("2", "opening", "10", "3"), ("3", "received", "1", "0")],
    ),
    (
        "a folding changes no counter and leaves no mark",
        ("inventory.inventory_fold",),
        (_FOLD,),
        ("SELECT count(*) FROM inventory WHERE on_hand = 11 AND allocated = 3 AND folding_to IS NULL", ()),
        [(1,)],
    ),
)
"""What the trigger of a folding does: name, triggers, steps, question and answer."""

"""Cases of customers who were erased: what would bring their data back, and what an erasure itself may do."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final

from lumia.errors import IllegalTransition
from tests.support.cases import Case, accepted, refused
from tests.support.cases_orders import changed
from tests.support.fresh import fresh
from tests.support.rows import LATER, NOON, Step

__all__ = ["ERASED_CASES"]

_RULE: Final = "customers_erased_final"
_MAIL: Final = "erased-1@erased.invalid"

_ADDED: Final = (
    "account_tokens", "addresses", "carts", "credentials", "orders", "returns", "reviews", "sessions", "wishlists",
)  # fmt: skip
"""Tables that take no new row of an erased customer."""

_CHANGED: Final = MappingProxyType[str, tuple[str, tuple[tuple[str, Any, Any], ...]]](
    {
        "customers": (
            "customer_id = 1",
            (
                ("email", "other@example.com", _MAIL),
                ("email_key", "other@example.com", _MAIL),
                ("first_name", "other", ""),
                ("last_name", "other", ""),
                ("phone", "other", None),
                ("external_reference", "other", None),
                ("is_active", True, False),
                ("is_verified", True, False),
                ("erased_at", None, LATER),
                ("erased_at", NOON, LATER),
            ),
        ),
        "addresses": (
            "address_id = 2",
            (
                ("recipient", "other", "erased"),
                ("company", "other", None),
                ("line1", "other", "erased"),
                ("line2", "other", None),
                ("city", "other", "erased"),
                ("region", "other", ""),
                ("postal_code", "other", ""),
                ("phone", "other", None),
                ("customer_id", 2, 1),
            ),
        ),
        "carts": (
            "cart_id = 1",
            (
                ("guest_email", "other@example.com", None),
                ("guest_email_key", "other@example.com", None),
                ("customer_id", 2, 1),
            ),
        ),
        "orders": ("order_id = 1", (("email", "other@example.com", _MAIL),)),
        "reviews": ("review_id = 1", (("title", "other", ""), ("body", "other", ""), ("moderation_note", "other", ""))),
        "wishlists": ("wishlist_id = 1", (("name", "other", None), ("customer_id", 1, None))),
    }
)
"""For each table a row of a customer, and by column what it may not become and what an erasure makes of it."""


_EMPTIED: Final = {
    ("customers", "phone"), ("customers", "external_reference"), ("addresses", "company"), ("addresses", "line2"),
    ("addresses", "phone"), ("carts", "guest_email"), ("carts", "guest_email_key"),
}  # fmt: skip
"""Columns that an erasure leaves without a value."""


def _erased(*, closed: bool = True) -> Step:
    values = (LATER, not closed, not closed, LATER)
    return "UPDATE customers SET erased_at = ?, is_active = ?, is_verified = ?, updated_at = ?", values


def _cases() -> Iterator[Case]:
    for table in _ADDED:
        steps = (_erased(), *fresh(table, **({"customer_id": 3} if table == "carts" else {})))
        guards = (f"{table}_erased_insert",)
        yield refused(_RULE, f"{table}-added", steps=steps, error=IllegalTransition, guards=guards)
    for table, (one, columns) in _CHANGED.items():
        guards = (_RULE if table == "customers" else f"{table}_erased_update",)
        for column, filled, overwritten in columns:
            label = f"{table}-{column}-{'emptied' if filled is None else 'filled'}"
            steps = (_erased(), *changed(table, one, **{column: filled}))
            yield refused(_RULE, label, steps=steps, error=IllegalTransition, guards=guards)
            if overwritten is not None or (table, column) in _EMPTIED:
                # A customer who was not closed yet can be closed afterwards.
                steps = (_erased(closed=False), *changed(table, one, **{column: overwritten}))
                yield accepted(_RULE, f"{label}-overwritten", steps=steps)
    guest = (_erased(), *fresh("carts"))
    yield accepted(_RULE, "a-guests-cart", steps=guest)


ERASED_CASES: Final[tuple[Case, ...]] = tuple(_cases())
"""Every case of a row of an erased customer."""

"""What the law gives to a person: all that is held about them, and its erasure by the map in `personal.py`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from lumia.dto.base import checked_id, validated
from lumia.dto.privacy import Erasable, Erasure, ErasureNote, PersonalData
from lumia.errors import IllegalTransition
from lumia.repos.base import Repository, found
from lumia.typedsql import prepare

if TYPE_CHECKING:
    from datetime import datetime

    from lumia.repos.context import Context

__all__ = ["Privacy"]

_SHOWN: Final = 20
"""How many orders an error names."""


class Privacy(Repository):
    """Export and erasure of one customer, registered or guest."""

    def export(self, customer_id: int) -> PersonalData:
        """Read all that the shop holds about a customer, of one moment. 22 statements, however much there is.

        `model_dump_json()` of the result is the document, its keys always in the same order. Secrets are not in it.
        Raises `NotFound`, `InvalidValue`.
        """
        checked_id("customer_id", customer_id)
        with self._context.unit(write=False) as unit:
            q, ordered = unit.q.personal, unit.q.personal_orders
            customer = found(unit.q.customers.get_customer(customer_id=customer_id), _unknown(customer_id))
            return PersonalData(
                customer=customer,
                addresses=tuple(q.list_addresses(customer_id=customer_id)),
                orders=tuple(ordered.list_orders(customer_id=customer_id)),
                order_items=tuple(ordered.list_order_items(customer_id=customer_id)),
                order_steps=tuple(ordered.list_order_steps(customer_id=customer_id)),
                cancellations=tuple(ordered.list_cancellations(customer_id=customer_id)),
                payments=tuple(ordered.list_payments(customer_id=customer_id)),
                payment_events=tuple(ordered.list_payment_events(customer_id=customer_id)),
                refunds=tuple(ordered.list_refunds(customer_id=customer_id)),
                shipments=tuple(ordered.list_shipments(customer_id=customer_id)),
                returns=tuple(ordered.list_returns(customer_id=customer_id)),
                return_items=tuple(ordered.list_return_items(customer_id=customer_id)),
                carts=tuple(q.list_carts(customer_id=customer_id)),
                cart_items=tuple(q.list_cart_items(customer_id=customer_id)),
                wishlists=tuple(q.list_wishlists(customer_id=customer_id)),
                wishlist_items=tuple(q.list_wishlist_items(customer_id=customer_id)),
                reviews=tuple(q.list_reviews(customer_id=customer_id)),
                votes=tuple(q.list_votes(customer_id=customer_id)),
                redemptions=tuple(ordered.list_redemptions(customer_id=customer_id)),
                logins=tuple(q.list_logins(customer_id=customer_id)),
                sessions=tuple(q.list_sessions(customer_id=customer_id)),
                tokens=tuple(q.list_tokens(customer_id=customer_id)),
            )

    def erase(self, customer_id: int, *, actor: str, reason: str = "") -> Erasure:
        """Erase a customer's personal data and keep the books: no amount, count or status changes. 29 statements.

        The customer's row stays without a name, closed and marked as erased, with the orders, payments and ratings that
        the books are made of. Password, sessions, tokens, wishlists and carts that became no order are deleted, and
        every text that could tell of the person is overwritten, as `lumia.repos.personal.COLUMNS` says. The first time
        an event `customer.erased` tells other systems, with `actor` and `reason`; doing it again changes nothing that
        is erased already, and erases what has come since.

        On SQLite the write-ahead log is emptied afterwards, which a reader at work can prevent, and a transaction of
        yours does until it ends: `is_settled` is False then, and `settle` repeats it.

        Raises `NotFound`, `InvalidValue`, and `IllegalTransition` naming the orders that are under way: deliver or
        cancel them first, for they need the address.
        """
        checked_id("customer_id", customer_id)
        note = validated(ErasureNote, actor=actor, reason=reason)
        with self._context.unit(write=True) as unit, unit.acting(note.actor):
            now, q = unit.now(), unit.q.privacy
            q.lock_carts(customer_id=customer_id)
            q.lock_orders(customer_id=customer_id)
            person = found(q.lock_person(customer_id=customer_id), _unknown(customer_id))
            _refuse_open(customer_id, q.list_open_orders(customer_id=customer_id))
            _erase(unit, person, now)
            if person.erased_at is None:
                _tell(unit, person, note, now)
        return Erasure(customer_id=customer_id, erased_at=person.erased_at or now, is_settled=self._context.settle())

    def settle(self) -> bool:
        """Take what was overwritten out of the logs beside the tables; False while somebody reads them. No statement.

        On SQLite the write-ahead log is folded into the file and emptied; a PostgreSQL server keeps its log by its own
        rules. False inside a transaction.
        """
        return self._context.settle()


def _unknown(customer_id: int) -> str:
    return f"there is no customer {customer_id}: customers.list gives the keys"


def _refuse_open(customer_id: int, order_ids: list[int]) -> None:
    if order_ids:
        named = ", ".join(str(key) for key in order_ids[:_SHOWN])
        more = f" and {len(order_ids) - _SHOWN} more" if len(order_ids) > _SHOWN else ""
        message = f"customer {customer_id} has orders under way that need the address: {named}{more}; end them first"
        raise IllegalTransition(message)


def _erase(unit: Context, person: Erasable, now: datetime) -> None:
    q, key = unit.q.privacy, person.customer_id
    email = f"erased-{key}@erased.invalid"
    unit.q.pipeline(
        (
            # Marked first: only an erased customer's records may be overwritten, and nothing can be added to them.
            prepare(q.erase_customer, customer_id=key, email=email, now=now),
            prepare(q.delete_account_tokens, customer_id=key),
            prepare(q.delete_credentials, customer_id=key),
            prepare(q.delete_sessions, customer_id=key),
            prepare(q.delete_wishlists, customer_id=key),
            prepare(q.delete_open_carts, customer_id=key),
            prepare(q.delete_guest_carts, email=person.email, email_key=person.email_key),
            prepare(q.delete_keys, customer_id=key),
            prepare(q.erase_acts, customer_id=key),
            prepare(q.erase_addresses, customer_id=key, now=now),
            prepare(q.erase_carts, customer_id=key),
            prepare(q.erase_orders, customer_id=key, email=email, now=now),
            prepare(q.erase_order_steps, customer_id=key),
            prepare(q.erase_cancellations, customer_id=key),
            prepare(q.erase_payments, customer_id=key, now=now),
            prepare(q.erase_payment_events, customer_id=key),
            prepare(q.erase_refunds, customer_id=key, now=now),
            prepare(q.erase_shipments, customer_id=key, now=now),
            prepare(q.erase_return_reasons, customer_id=key),
            prepare(q.erase_return_notes, customer_id=key),
            prepare(q.erase_reviews, customer_id=key, now=now),
            prepare(q.erase_redemptions, customer_id=key),
        )
    )


def _tell(unit: Context, person: Erasable, note: ErasureNote, now: datetime) -> None:
    payload = json.dumps(
        {"customer_id": person.customer_id, "actor": note.actor, "reason": note.reason}, separators=(",", ":")
    )
    subject = f"customer:{person.public_id}"
    unit.q.outbox.insert_events(({"kind": "customer.erased", "subject": subject, "payload": payload, "now": now},))

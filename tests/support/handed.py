"""Events that somebody holds, and things that ended: what the calls of outbox and retention work on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lumia.dto.customers import NewCustomer

__all__ = ["Handed", "lay_out_handed"]

_SECONDS = 3600


@dataclass(frozen=True)
class Handed:
    """What is held and what is over, named by what it is good for.

    Attributes:
        lease_id: a lease that holds the event.
        event_id: an event that is held, the first of its subject.
        before: an instant before which something of every kind has ended.
    """

    lease_id: UUID
    event_id: int
    before: datetime


def lay_out_handed(shop: Any, variant_id: int) -> Handed:
    """Let a cart be left, a hold die, a session end, a token be used, an event be acknowledged and one be held."""
    (first, _), (cart, _) = shop.carts.create_guest(), shop.carts.create_guest()
    shop.carts.set_item(cart.cart_id, variant_id=variant_id, quantity=1)
    tick = cart.created_at - first.created_at
    shop.stock.reserve(cart.cart_id, until=cart.created_at + 6 * tick)
    password = "a long gone horse"  # noqa: S105 - a test's
    bea = shop.customers.register(NewCustomer(email="bea@example.com"), password=password)
    shop.customers.log_out(shop.customers.authenticate(bea.email, password).token)
    shop.customers.verify_email(shop.customers.start_email_verification(bea.customer_id))
    for name in ("Beatrice", "Bea"):
        shop.customers.update_profile(bea.customer_id, first_name=name)
    done = shop.outbox.lease(1, _SECONDS)
    shop.outbox.acknowledge(done.lease_id, [done.events[0].outbox_id])
    held = shop.outbox.lease(1, _SECONDS)
    return Handed(
        lease_id=held.lease_id,
        event_id=held.events[0].outbox_id,
        before=held.until - timedelta(seconds=_SECONDS),
    )

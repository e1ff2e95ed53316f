"""Any order and any repetition of a set of provider events come to one state, the same on both engines.

But one thing is decided by the order of their arrival: whether the money was ever there that pays the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lumia.types import FulfillmentStatus, OrderStatus, PaymentState, PaymentStatus, RefundStatus
from tests.support.paid import Paid, a_payment

TOTAL: Final = 1695
WEIGHTS: Final = ("captured", "voided", "failed", "authorized")


@dataclass(frozen=True)
class Event:
    """What the provider tells; `amount` in pennies."""

    kind: str
    amount: int | None = None
    reference: str | None = None


@dataclass(frozen=True)
class State:
    """What it comes to, without the keys and instants that arrival decides."""

    payment: tuple[PaymentState, Decimal, Decimal]
    order: tuple[OrderStatus, PaymentStatus, FulfillmentStatus]
    refunds: frozenset[tuple[str | None, Decimal, RefundStatus]]
    waiting: frozenset[Event]


class _Undone(Exception):
    """Ends a transaction that is not to be kept."""


@st.composite
def event_sets(draw: st.DrawFn) -> tuple[Event, ...]:
    """A history that a provider could tell: it never refunds more than it captured."""
    captures = draw(st.lists(st.sampled_from([1, 500, 695, 1000, TOTAL]), max_size=3).filter(lambda x: sum(x) <= TOTAL))
    events = [Event("captured", amount) for amount in captures]
    events += [Event(kind) for kind in draw(st.lists(st.sampled_from(WEIGHTS[1:]), max_size=3))]
    room = sum(captures)
    for number in range(draw(st.integers(0, 3))):
        amount = draw(st.integers(1, TOTAL))
        made = draw(st.booleans()) and amount <= room
        if made:
            room -= amount
            events.append(Event("refunded", amount, f"re_{number}"))
        if draw(st.booleans()):
            events.append(Event("refund_failed", None, f"re_{number}"))
    if room and draw(st.booleans()):
        events.append(Event("refunded", room, "re_rest"))
    return tuple(events)


def _status(arrived: Sequence[Event]) -> OrderStatus:
    """Where events bring an order one after the other: paid once all was there, refunded once all of it went back."""
    status = OrderStatus.PENDING
    captured = refunded = 0
    waiting: list[Event] = []
    for event in arrived:
        captured += (event.amount or 0) if event.kind == "captured" else 0
        waiting += [event] if event.kind == "refunded" else []
        if captured - refunded == TOTAL:
            status = OrderStatus.PAID
        while fitting := [told for told in waiting if (told.amount or 0) <= captured - refunded]:
            waiting.remove(fitting[0])
            refunded += fitting[0].amount or 0
        if status is OrderStatus.PAID and refunded == captured:
            status = OrderStatus.REFUNDED
    return status


def _expected(events: Sequence[Event], arrived: Sequence[Event]) -> State:
    """What the set comes to, worked out without a database."""
    captured = sum(event.amount or 0 for event in events if event.kind == "captured")
    made = {event.reference: event.amount or 0 for event in events if event.kind == "refunded"}
    refunded = sum(made.values())
    kinds = {event.kind for event in events}
    state = PaymentState(next((kind for kind in WEIGHTS if kind in kinds), "pending"))
    if captured and refunded == captured:
        axis = PaymentStatus.REFUNDED
    elif refunded:
        axis = PaymentStatus.PARTIALLY_REFUNDED
    elif captured:
        axis = PaymentStatus.PAID if captured == TOTAL else PaymentStatus.PARTIALLY_PAID
    elif state in {PaymentState.AUTHORIZED, PaymentState.VOIDED}:
        axis = PaymentStatus(state.value)
    else:
        axis = PaymentStatus.NONE
    return State(
        (state, _pounds(captured), _pounds(refunded)),
        (_status(arrived), axis, FulfillmentStatus.UNFULFILLED),
        frozenset((key, _pounds(amount), RefundStatus.SUCCEEDED) for key, amount in made.items()),
        frozenset(event for event in events if event.kind == "refund_failed" and event.reference not in made),
    )


def _pounds(pennies: int) -> Decimal:
    return Decimal(pennies) / 100


def _played(paid: Paid, events: Sequence[Event], arrivals: Sequence[int]) -> State:
    """Tell the events in the order of `arrivals`, read the state, and take everything back."""
    state: State | None = None
    with suppress(_Undone), paid.shop.transaction() as tx:
        for at in arrivals:
            event = events[at]
            tx.payments.apply_event(
                "stripe",
                f"evt_{at}",
                provider_reference="pi_1",
                kind=event.kind,
                amount=None if event.amount is None else _pounds(event.amount),
                refund_reference=event.reference,
            )
        state = _state(tx, paid)
        raise _Undone
    assert state is not None
    return state


def _state(tx: Any, paid: Paid) -> State:
    payment = tx.payments.get(paid.payment_id)
    order = tx.orders.get(paid.order.order_id)
    return State(
        (payment.status, payment.captured_amount, payment.refunded_amount),
        (order.status, order.payment_status, order.fulfillment_status),
        frozenset(
            (refund.provider_reference, refund.amount, refund.status) for refund in tx.payments.refunds(order.order_id)
        ),
        frozenset(
            Event(event.kind.value, None, event.refund_reference)
            for event in tx.payments.events(payment.payment_id)
            if event.applied_at is None
        ),
    )


@pytest.fixture
def paid(shop: Any) -> Paid:
    """An order of 16.95 whose payment is recorded."""
    return a_payment(shop)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_repetition_of_events_comes_to_one_state(paid: Paid, data: st.DataObject) -> None:
    """The state is a function of the set of the events, and the order's of what was there, as the model says it."""
    events = data.draw(event_sets())
    once = data.draw(st.permutations(range(len(events))))
    again = data.draw(st.lists(st.sampled_from(range(len(events))), max_size=4)) if events else []
    arrivals = [*once]
    for at in again:
        arrivals.insert(data.draw(st.integers(0, len(arrivals))), at)

    state = _played(paid, events, arrivals)

    assert state == _expected(events, [events[at] for at in dict.fromkeys(arrivals)])

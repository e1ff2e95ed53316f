"""What providers tell about payments, on both engines: once or often, in order or not, it comes to one state."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from lumia.errors import IdempotencyConflict, InvalidValue, NotFound
from lumia.types import PaymentEventKind, PaymentState, RefundStatus
from tests.support.paid import Paid, a_payment

TOTAL = Decimal("16.95")
CENT = Decimal("0.01")
CARD = "4111 1111 1111 1111"


@pytest.fixture
def paid(shop: Any) -> Paid:
    """An order of 16.95 whose payment is recorded."""
    return a_payment(shop)


def test_a_provider_pays_an_order(paid: Paid) -> None:
    """Webhooks alone bring an order from pending to paid."""
    paid.tell("evt_1", "authorized")
    authorised = paid.axes()

    payment = paid.tell("evt_2", "captured", occurred_at=datetime(2026, 1, 1, tzinfo=UTC))

    assert authorised == ("pending", "authorized", "unfulfilled")
    assert (payment.status, payment.captured_amount) == (PaymentState.CAPTURED, TOTAL)
    assert paid.axes() == ("paid", "paid", "unfulfilled")
    kinds = [(event.kind, event.amount) for event in paid.shop.payments.events(paid.payment_id)]
    assert kinds == [(PaymentEventKind.AUTHORIZED, None), (PaymentEventKind.CAPTURED, TOTAL)]
    assert paid.shop.orders.history(paid.order.order_id)[-1].actor == "provider:stripe"


def test_a_repeated_event_changes_nothing_and_gives_the_same_answer(paid: Paid) -> None:
    """Providers send again until they are heard."""
    first = paid.tell("evt_1", "captured", amount=Decimal(10))
    told = paid.shop.outbox.pending(limit=500)

    again = [paid.tell("evt_1", "captured", amount=Decimal("10.00")) for _ in range(3)]

    assert again == [first] * 3
    assert paid.shop.outbox.pending(limit=500) == told
    assert len(paid.shop.payments.events(paid.payment_id)) == 1


@pytest.mark.parametrize(
    "other", [{"kind": "voided"}, {"kind": "captured", "amount": Decimal(9)}, {"kind": "captured", "amount": TOTAL}]
)
def test_another_event_under_a_known_key_is_refused(paid: Paid, other: dict[str, Any]) -> None:
    """One key is one event; whoever mixes them up must hear of it."""
    paid.tell("evt_1", "captured", amount=Decimal(10))

    with pytest.raises(IdempotencyConflict):
        paid.tell("evt_1", **other)

    assert paid.money() == ("captured", Decimal(10), 0)


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        (("captured", "voided", "failed", "authorized"), "captured"),
        (("voided", "failed", "authorized"), "voided"),
        (("failed", "authorized"), "failed"),
        (("authorized",), "authorized"),
    ],
)
def test_what_weighs_more_decides(paid: Paid, kinds: tuple[str, ...], state: str) -> None:
    """Money that came in is there, whatever else was told before or after."""
    for at, kind in enumerate(kinds):
        paid.tell(f"evt_{at}", kind)

    assert paid.money()[0] == state


def test_captures_beyond_the_payment_are_refused(paid: Paid) -> None:
    """A provider that takes too much is not written down as if nothing were wrong."""
    paid.tell("evt_1", "captured")

    with pytest.raises(InvalidValue, match="cannot be captured"):
        paid.tell("evt_2", "captured", amount=CENT)

    assert paid.money() == ("captured", TOTAL, 0)


def test_a_capture_after_the_cancellation_is_due_back(paid: Paid) -> None:
    """The order stays cancelled; somebody must send the money back, and is told how much."""
    paid.shop.orders.cancel(paid.order.order_id, actor="clerk")

    payment = paid.tell("evt_1", "captured", amount=Decimal(10))

    assert payment.captured_amount == 10
    assert paid.axes()[0] == "cancelled"
    assert paid.told("refund_due") == [{"kind": "refund_due", "amount": "10.00", "currency": "GBP"}]
    paid.tell("evt_1", "captured", amount=Decimal(10))
    assert len(paid.told("refund_due")) == 1
    refund = paid.shop.payments.refund(paid.payment_id, Decimal(10), actor="clerk")
    assert refund.amount == 10
    assert paid.axes()[:2] == ("cancelled", "refunded")


def test_a_refund_made_at_the_providers_desk_is_recorded(paid: Paid) -> None:
    """The books hold what went back, whoever sent it."""
    paid.captured()

    paid.tell("evt_1", "refunded", amount=Decimal(5), refund_reference="re_1")

    (refund,) = paid.shop.payments.refunds(paid.order.order_id)
    assert (refund.amount, refund.status, refund.provider_reference) == (5, RefundStatus.SUCCEEDED, "re_1")
    assert (refund.actor, refund.items) == ("provider:stripe", ())
    assert paid.money() == ("captured", TOTAL, 5)
    assert paid.axes() == ("paid", "partially_refunded", "unfulfilled")


@pytest.mark.parametrize("name", ["public_id", "provider_reference"])
def test_a_refund_asked_for_here_is_settled_by_its_provider(paid: Paid, name: str) -> None:
    """Known by the key that Lumia gave it, or by the provider's."""
    refund = paid.captured().shop.payments.refund(paid.payment_id, TOTAL, actor="clerk")
    reference = str(refund.public_id)
    if name == "provider_reference":
        reference = "re_1"
        paid.shop.q.refunds.set_refund_status(
            refund_id=refund.refund_id, status=RefundStatus.PENDING, provider_reference="re_1", now=refund.updated_at
        )

    paid.tell("evt_1", "refunded", amount=TOTAL, refund_reference=reference)
    paid.tell("evt_2", "refund_failed", refund_reference=reference)

    (found,) = paid.shop.payments.refunds(paid.order.order_id)
    assert (found.refund_id, found.status) == (refund.refund_id, RefundStatus.SUCCEEDED)
    assert paid.axes() == ("refunded", "refunded", "unfulfilled")
    assert all(event.applied_at for event in paid.shop.payments.events(paid.payment_id))


def test_a_refund_that_failed_frees_its_amount(paid: Paid) -> None:
    """What did not go back can be refunded again."""
    refund = paid.captured().shop.payments.refund(paid.payment_id, Decimal(5), actor="clerk")

    paid.tell("evt_1", "refund_failed", refund_reference=str(refund.public_id))

    assert paid.money() == ("captured", TOTAL, 0)
    assert paid.told("refund.failed") == [{"kind": "refund.failed", "amount": "5.00", "currency": "GBP"}]
    assert paid.shop.payments.refund(paid.payment_id, TOTAL, actor="clerk").amount == TOTAL


def test_a_refund_waits_for_its_capture(paid: Paid) -> None:
    """Told first, it takes effect when the money is there; the order goes through paid to refunded."""
    paid.tell("evt_2", "refunded", amount=TOTAL, refund_reference="re_1")
    waiting = paid.shop.payments.events(paid.payment_id)
    before = (paid.money(), paid.axes(), paid.shop.payments.refunds(paid.order.order_id))

    paid.tell("evt_1", "captured")

    assert [event.applied_at for event in waiting] == [None]
    assert before == (("pending", 0, 0), ("pending", "none", "unfulfilled"), ())
    assert paid.money() == ("captured", TOTAL, TOTAL)
    assert paid.axes() == ("refunded", "refunded", "unfulfilled")
    steps = [step.to_status.value for step in paid.shop.orders.history(paid.order.order_id)]
    assert steps == ["pending", "paid", "refunded"]
    assert all(event.applied_at for event in paid.shop.payments.events(paid.payment_id))


@pytest.mark.parametrize("arrivals", [*permutations(("webhook", "again", "settle")), ("webhook", "settle", "settle")])
def test_a_refund_that_is_told_before_it_is_settled_is_made_once(paid: Paid, arrivals: tuple[str, ...]) -> None:
    """The provider's word about a refund that was asked for here, come first, was adopted as a second refund."""
    refund = paid.captured().shop.payments.refund(paid.payment_id, Decimal(5), actor="clerk")
    payments = paid.shop.payments
    steps: dict[str, Callable[[], object]] = {
        "webhook": lambda: paid.tell("evt_1", "refunded", amount=Decimal(5), refund_reference="re_1"),
        "again": lambda: paid.tell("evt_2", "refunded", amount=Decimal(5), refund_reference="re_1"),
        "settle": lambda: payments.settle_refund(refund.refund_id, actor="till", provider_reference="re_1"),
    }

    for step in arrivals:
        steps[step]()

    (only,) = payments.refunds(paid.order.order_id)
    assert (only.refund_id, only.status, only.provider_reference) == (refund.refund_id, RefundStatus.SUCCEEDED, "re_1")
    assert paid.money() == ("captured", TOTAL, 5)
    assert len(paid.told("refund.succeeded")) == 1
    assert payments.settle_refund(refund.refund_id, actor="till") == only
    assert all(event.applied_at for event in payments.events(paid.payment_id))


def test_the_oldest_refund_of_the_amount_is_the_one_meant(paid: Paid) -> None:
    """Refunds of one amount are taken one after the other; one of another amount or with a key of its own is not."""
    payments = paid.captured().shop.payments
    known, other, first, second = (
        payments.refund(paid.payment_id, Decimal(amount), actor="clerk").refund_id for amount in (4, 3, 4, 4)
    )
    paid.shop.q.refunds.set_refund_status(
        refund_id=known, status=RefundStatus.PENDING, provider_reference="re_0", now=paid.order.placed_at
    )

    for key in ("re_1", "re_2"):
        paid.tell(f"evt_{key}", "refunded", amount=Decimal(4), refund_reference=key)
    paid.tell("evt_3", "refunded", amount=Decimal("4.00"), refund_reference="re_3")

    rows = payments.refunds(paid.order.order_id)
    assert [(row.refund_id, row.provider_reference, row.status.value) for row in rows] == [
        (known, "re_0", "pending"),
        (other, None, "pending"),
        (first, "re_1", "succeeded"),
        (second, "re_2", "succeeded"),
    ]
    # Too much for what is left, and it is told of no refund that was asked for.
    assert payments.events(paid.payment_id)[-1].applied_at is None


def test_a_failure_that_is_told_first_does_not_hide_the_refund(paid: Paid) -> None:
    """Whichever order the two words about a key come in, money that went back weighs more."""
    refund = paid.captured().shop.payments.refund(paid.payment_id, Decimal(5), actor="clerk")

    paid.tell("evt_1", "refund_failed", refund_reference="re_1")
    paid.tell("evt_2", "refunded", amount=Decimal(5), refund_reference="re_1")

    (only,) = paid.shop.payments.refunds(paid.order.order_id)
    assert (only.refund_id, only.status) == (refund.refund_id, RefundStatus.SUCCEEDED)
    assert all(event.applied_at for event in paid.shop.payments.events(paid.payment_id))


def test_a_refund_of_another_amount_than_asked_for_waits(paid: Paid) -> None:
    """Nobody guesses which of both is right."""
    refund = paid.captured().shop.payments.refund(paid.payment_id, Decimal(5), actor="clerk")

    paid.tell("evt_1", "refunded", amount=Decimal(6), refund_reference=str(refund.public_id))

    assert paid.shop.payments.refunds(paid.order.order_id)[0].status is RefundStatus.PENDING
    assert paid.shop.payments.events(paid.payment_id)[-1].applied_at is None


def test_what_failed_and_went_through_after_all_counts_where_there_is_room(paid: Paid) -> None:
    """A refund that was made instead keeps its money; the late word waits until it fails."""
    first = paid.captured().shop.payments.refund(paid.payment_id, TOTAL, actor="clerk")
    paid.shop.payments.fail_refund(first.refund_id, actor="clerk")
    second = paid.shop.payments.refund(paid.payment_id, TOTAL, actor="clerk")
    paid.tell("evt_1", "refunded", amount=TOTAL, refund_reference=str(first.public_id))
    between = [refund.status for refund in paid.shop.payments.refunds(paid.order.order_id)]

    paid.shop.payments.fail_refund(second.refund_id, actor="clerk")

    assert between == [RefundStatus.FAILED, RefundStatus.PENDING]
    assert [refund.status for refund in paid.shop.payments.refunds(paid.order.order_id)] == [
        RefundStatus.SUCCEEDED,
        RefundStatus.FAILED,
    ]
    assert paid.money() == ("captured", TOTAL, TOTAL)


def test_a_payload_is_kept_without_card_numbers(paid: Paid) -> None:
    """As text or as objects: numbers keep their digits, strings and keys lose card numbers."""
    raw = '{"id": 4111111111111111, "total": 16.950, "card": "' + CARD + '", "' + CARD + '": 1}'

    paid.tell("evt_1", "authorized", payload=raw)
    paid.tell("evt_2", "captured", payload={"card": [{"number": CARD}], "at": 1732308153000})

    first, second = (event.payload for event in paid.shop.payments.events(paid.payment_id))
    assert first == raw.replace(CARD, "**** **** **** 1111")
    assert json.loads(second) == {"card": [{"number": "**** **** **** 1111"}], "at": 1732308153000}


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "unknown"},
        {"kind": "refunded"},
        {"kind": "refund_failed"},
        {"kind": "captured", "refund_reference": "re_1"},
        {"kind": "captured", "amount": Decimal(0)},
        {"kind": "captured", "amount": Decimal("0.001")},
        {"kind": "captured", "payload": "no JSON"},
        {"kind": "captured", "payload": {"a": {1}}},
        {"kind": "captured", "payload": 1},
        {"kind": "captured", "occurred_at": datetime(2026, 1, 1)},  # noqa: DTZ001 - what is refused
        {"kind": "captured", "event_id": "lumia:1"},
        {"kind": "captured", "event_id": ""},
        {"kind": "captured", "event_id": "e" * 256},
    ],
    ids=str,
)
def test_an_event_that_does_not_fit_is_refused(paid: Paid, wrong: dict[str, Any]) -> None:
    """Half an event is none."""
    arguments = {"event_id": "evt_1", **wrong}

    with pytest.raises(InvalidValue):
        paid.tell(**arguments)

    assert paid.shop.payments.events(paid.payment_id) == ()


def test_an_event_of_a_payment_that_nobody_recorded_is_not_found(paid: Paid) -> None:
    """The provider sends it again, and by then it may be there."""
    with pytest.raises(NotFound):
        paid.shop.payments.apply_event("adyen", "evt_1", provider_reference="pi_1", kind="captured")

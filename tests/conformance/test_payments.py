"""Payments on both engines: recorded, authorised, captured, voided and failed by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lumia.errors import AlreadyExists, IdempotencyConflict, IllegalTransition, InvalidValue, NotFound
from lumia.types import CaptureTime, OrderStatus, PaymentState
from tests.support.paid import Paid, a_payment

TOTAL = Decimal("16.95")
CENT = Decimal("0.01")


@pytest.fixture
def paid(shop: Any) -> Paid:
    """An order of 16.95 whose payment is recorded."""
    return a_payment(shop)


def test_a_payment_begins_with_nothing(paid: Paid) -> None:
    """What is recorded is a promise: nothing is captured, and the order waits."""
    payment = paid.payment

    assert payment.status is PaymentState.PENDING
    assert (payment.captured_amount, payment.refunded_amount) == (Decimal(0), Decimal(0))
    assert (payment.amount, payment.currency, payment.provider) == (TOTAL, "GBP", "stripe")
    assert (payment.provider_reference, payment.method, payment.capture_at) == ("pi_1", "card", CaptureTime.PLACEMENT)
    assert paid.axes() == ("pending", "none", "unfulfilled")
    assert paid.shop.payments.of_order(paid.order.order_id) == (payment,)
    assert paid.shop.payments.events(paid.payment_id) == ()


def test_an_authorised_payment_is_captured_and_the_order_is_paid(paid: Paid) -> None:
    """The usual way: the amount is set aside, then it comes in."""
    authorised = paid.shop.payments.authorize(paid.payment_id, actor="till")
    before = paid.axes()

    captured = paid.shop.payments.capture(paid.payment_id, actor="till", reason="shipped")

    assert authorised.status is PaymentState.AUTHORIZED
    assert before == ("pending", "authorized", "unfulfilled")
    assert (captured.status, captured.captured_amount) == (PaymentState.CAPTURED, TOTAL)
    assert paid.axes() == ("paid", "paid", "unfulfilled")
    assert paid.shop.orders.get(paid.order.order_id).expires_at is None
    assert paid.told("payment.authorized", "payment.captured", "order.paid") == [
        {"kind": "payment.authorized"},
        {"kind": "payment.captured", "amount": "16.95", "currency": "GBP"},
        {"kind": "order.paid"},
    ]
    steps = [(step.to_status, step.actor, step.reason) for step in paid.shop.orders.history(paid.order.order_id)]
    assert steps[1:] == [(OrderStatus.PAID, "till", "shipped")]


def test_captures_add_up_to_the_amount_and_no_further(paid: Paid) -> None:
    """A payment may come in by parts; the order is paid with the last cent, and one cent more is refused."""
    first = paid.shop.payments.capture(paid.payment_id, TOTAL - CENT, actor="till")
    between = paid.axes()
    paid.shop.payments.capture(paid.payment_id, CENT, actor="till")

    with pytest.raises(InvalidValue, match="more than that cannot be captured"):
        paid.shop.payments.capture(paid.payment_id, CENT, actor="till")

    assert first.captured_amount == TOTAL - CENT
    assert between == ("pending", "partially_paid", "unfulfilled")
    assert paid.money() == ("captured", TOTAL, 0)
    assert paid.axes() == ("paid", "paid", "unfulfilled")


def test_a_capture_without_an_amount_takes_what_is_left(paid: Paid) -> None:
    """Nobody has to compute the rest."""
    paid.shop.payments.capture(paid.payment_id, Decimal(6), actor="till")

    payment = paid.shop.payments.capture(paid.payment_id, actor="till")

    assert payment.captured_amount == TOTAL


@pytest.mark.parametrize("step", ["authorize", "capture", "void", "fail"])
def test_a_repeated_step_changes_nothing_and_gives_the_same_answer(paid: Paid, step: str) -> None:
    """Whoever is not sure whether a call arrived makes it again."""
    call = getattr(paid.shop.payments, step)
    first = call(paid.payment_id, actor="till")
    told = paid.shop.outbox.pending(limit=500)

    second = call(paid.payment_id, actor="till")

    assert second == first
    assert paid.shop.outbox.pending(limit=500) == told
    assert len(paid.shop.payments.events(paid.payment_id)) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("capture", "authorize"),
        ("capture", "void"),
        ("capture", "fail"),
        ("void", "authorize"),
        ("void", "fail"),
        ("fail", "authorize"),
        ("fail", "void"),
    ],
)
def test_a_step_that_does_not_follow_is_refused(paid: Paid, before: str, after: str) -> None:
    """By hand no promise comes after a void or a failure, and what came in is refunded, not voided."""
    getattr(paid.shop.payments, before)(paid.payment_id, actor="till")
    stood = paid.money()

    with pytest.raises(IllegalTransition, match=f"payment {paid.payment_id} is"):
        getattr(paid.shop.payments, after)(paid.payment_id, actor="till")

    assert paid.money() == stood


@pytest.mark.parametrize("step", ["void", "fail"])
def test_money_that_comes_in_after_all_is_written_down(paid: Paid, step: str) -> None:
    """A capture by hand after a void or a failure was refused, and money that was there was in no book."""
    getattr(paid.shop.payments, step)(paid.payment_id, actor="till")

    paid.shop.payments.capture(paid.payment_id, actor="till")

    assert paid.money() == ("captured", TOTAL, 0)
    assert paid.axes() == ("paid", "paid", "unfulfilled")
    assert paid.told("refund_due") == []


@pytest.mark.parametrize("amount", [None, Decimal(10)])
def test_money_that_comes_in_by_hand_after_the_cancellation_is_due_back(paid: Paid, amount: Decimal | None) -> None:
    """The cancellation voids what was promised: the capture that came all the same was refused as illegal."""
    paid.shop.payments.authorize(paid.payment_id, actor="till")
    paid.shop.orders.cancel(paid.order.order_id, actor="clerk")

    payment = paid.shop.payments.capture(paid.payment_id, amount, actor="till", event_id="evt_1")

    assert payment.captured_amount == (amount or TOTAL)
    assert paid.axes()[0] == "cancelled"
    due = "16.95" if amount is None else "10.00"
    assert paid.told("refund_due") == [{"kind": "refund_due", "amount": due, "currency": "GBP"}]


def _another(paid: Paid, amount: Decimal) -> int:
    key: int = paid.shop.payments.record(
        paid.order.order_id, provider="adyen", method="card", amount=amount, actor="till"
    ).payment_id
    return key


def test_what_went_back_does_not_pay_an_order(paid: Paid) -> None:
    """Half paid, given back and half paid again was `paid`: half of the money bought all of the goods."""
    half = Decimal("8.00")
    paid.shop.payments.capture(paid.payment_id, half, actor="till")
    refund = paid.shop.payments.refund(paid.payment_id, half, actor="clerk")
    rest = _another(paid, TOTAL)

    paid.shop.payments.capture(rest, TOTAL - half, actor="till")
    requested = paid.axes()
    paid.shop.payments.settle_refund(refund.refund_id, actor="till")
    settled = paid.axes()
    paid.shop.payments.capture(rest, half, actor="till")

    assert requested == settled == ("pending", "partially_refunded", "unfulfilled")
    assert paid.axes() == ("paid", "partially_refunded", "unfulfilled")
    assert paid.told("refund_due") == []


def test_a_refund_that_fails_may_pay_its_order(paid: Paid) -> None:
    """What was on its way back and stayed counts again."""
    paid.shop.payments.capture(paid.payment_id, Decimal(8), actor="till")
    refund = paid.shop.payments.refund(paid.payment_id, Decimal(8), actor="clerk")
    paid.shop.payments.capture(paid.payment_id, TOTAL - 8, actor="till")

    paid.shop.payments.fail_refund(refund.refund_id, actor="till")

    assert paid.axes() == ("paid", "paid", "unfulfilled")


def test_an_order_that_was_paid_stays_paid(paid: Paid) -> None:
    """A refund of a part does not take the step back."""
    paid.captured().shop.payments.refund(paid.payment_id, TOTAL - CENT, actor="clerk")

    assert paid.axes() == ("paid", "partially_refunded", "unfulfilled")


def test_a_promise_does_not_cover_what_went_back(shop: Any) -> None:
    """A part that was given back and a promise of the rest ended the wait, and nobody was going to pay the part."""
    paid = a_payment(shop)
    promised = shop.payments.record(
        paid.order.order_id, provider="adyen", method="card", amount=TOTAL - 8, capture_at="shipment", actor="till"
    ).payment_id
    shop.payments.capture(paid.payment_id, Decimal(8), actor="till")
    shop.payments.refund(paid.payment_id, Decimal(8), actor="clerk")

    shop.payments.authorize(promised, actor="till")

    assert shop.orders.get(paid.order.order_id).expires_at is not None


def test_what_is_paid_twice_is_due_back(paid: Paid) -> None:
    """A second payment of a paid order came in, and nobody was told to give it back."""
    second = _another(paid, TOTAL)
    paid.captured()
    before = paid.told("refund_due")

    paid.shop.payments.capture(second, Decimal(10), actor="till")
    paid.shop.payments.capture(second, actor="till")

    assert before == []
    assert [row["amount"] for row in paid.told("refund_due")] == ["10.00", "6.95"]


def test_only_what_is_above_the_due_is_due_back(shop: Any) -> None:
    """A capture of all that was promised, after units were taken off the order, kept their money."""
    paid = a_payment(shop, {0: 2})
    shop.payments.authorize(paid.payment_id, actor="till")
    shop.orders.cancel_items(paid.order.order_id, {paid.order.items[0].order_item_id: 1}, actor="clerk")

    paid.captured()

    assert paid.axes()[:2] == ("paid", "paid")
    assert [row["amount"] for row in paid.told("refund_due")] == ["12.00"]


def test_what_comes_in_for_a_refunded_order_is_due_back(paid: Paid) -> None:
    """A late capture of a refunded order was recorded in silence."""
    late = _another(paid, TOTAL)
    refund = paid.captured().shop.payments.refund(paid.payment_id, TOTAL, actor="clerk")
    paid.shop.payments.settle_refund(refund.refund_id, actor="till")

    paid.shop.payments.capture(late, actor="till")

    assert paid.axes()[0] == "refunded"
    assert [row["amount"] for row in paid.told("refund_due")] == ["16.95"]


@pytest.mark.parametrize(("step", "axis"), [("void", "voided"), ("fail", "none")])
def test_an_order_shows_that_its_payment_came_to_nothing(paid: Paid, step: str, axis: str) -> None:
    """A voided payment can be told from one that was declined; the next one opens the order again."""
    getattr(paid.shop.payments, step)(paid.payment_id, actor="till")
    after = paid.axes()
    paid.shop.payments.record(paid.order.order_id, provider="paypal", method="wallet", amount=TOTAL, actor="till")

    assert after == ("pending", axis, "unfulfilled")
    assert paid.axes() == ("pending", "none", "unfulfilled")


def test_an_event_id_makes_the_providers_own_word_a_repetition(paid: Paid) -> None:
    """What a call reported is not counted again when the webhook about the same thing arrives."""
    paid.shop.payments.capture(paid.payment_id, Decimal(10), actor="till", event_id="evt_1")
    paid.shop.payments.capture(paid.payment_id, Decimal(10), actor="till", event_id="evt_1")

    paid.tell("evt_1", "captured", amount=Decimal(10))

    assert paid.money() == ("captured", Decimal(10), 0)
    with pytest.raises(IdempotencyConflict):
        paid.tell("evt_1", "captured", amount=Decimal(5))
    with pytest.raises(IdempotencyConflict):
        paid.shop.payments.authorize(paid.payment_id, actor="till", event_id="evt_1")


def test_the_providers_reference_is_added_once(shop: Any) -> None:
    """Many providers give their key with the authorisation; afterwards it stays."""
    paid = a_payment(shop, provider_reference=None)
    with pytest.raises(NotFound):
        paid.tell("evt_1", "captured")

    payment = shop.payments.authorize(paid.payment_id, actor="till", provider_reference="pi_1")

    assert payment.provider_reference == "pi_1"
    assert shop.payments.capture(paid.payment_id, actor="till", provider_reference="pi_1").captured_amount == TOTAL
    with pytest.raises(InvalidValue, match="has another one"):
        shop.payments.capture(paid.payment_id, actor="till", provider_reference="pi_2")


def test_a_reference_belongs_to_one_payment_of_a_provider(paid: Paid) -> None:
    """Another provider may use the same key."""
    arguments = {"method": "card", "amount": CENT, "provider_reference": "pi_1", "actor": "till"}

    with pytest.raises(AlreadyExists):
        paid.shop.payments.record(paid.order.order_id, provider="stripe", **arguments)

    assert paid.shop.payments.record(paid.order.order_id, provider="adyen", **arguments).provider_reference == "pi_1"


def test_one_key_records_one_payment(paid: Paid) -> None:
    """A repeated request with its key gives the first payment; another request with it is refused."""
    arguments = {"provider": "adyen", "method": "card", "actor": "till", "idempotency_key": "k"}
    first = paid.shop.payments.record(paid.order.order_id, amount=Decimal(5), **arguments)

    again = paid.shop.payments.record(paid.order.order_id, amount=Decimal("5.00"), **arguments)

    assert again == first
    assert len(paid.shop.payments.of_order(paid.order.order_id)) == 2
    with pytest.raises(IdempotencyConflict):
        paid.shop.payments.record(paid.order.order_id, amount=Decimal(6), **arguments)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": Decimal(0)},
        {"amount": Decimal(-1)},
        {"amount": TOTAL + CENT},
        {"amount": Decimal("1.001")},
        {"provider": "Stripe"},
        {"provider": ""},
        {"provider": "a" * 33},
        {"method": ""},
        {"method": "m" * 41},
        {"method": "4111 1111 1111 1111"},
        {"method": "1" * 13},
        {"card_brand": "4111-1111-1111-1111"},
        {"card_last4": "11111"},
        {"card_last4": "111"},
        {"card_last4": "11a1"},
        {"provider_reference": ""},
        {"provider_reference": "r" * 256},
        {"capture_at": "never"},
        {"actor": ""},
        {"actor": "clerk 4111111111111111"},
        {"idempotency_key": ""},
    ],
    ids=str,
)
def test_a_payment_that_does_not_fit_is_refused(paid: Paid, wrong: dict[str, Any]) -> None:
    """Bad input never reaches the database, and no card number does."""
    arguments = {"provider": "adyen", "method": "card", "amount": CENT, "actor": "till", **wrong}

    with pytest.raises(InvalidValue):
        paid.shop.payments.record(paid.order.order_id, **arguments)

    assert len(paid.shop.payments.of_order(paid.order.order_id)) == 1


def test_the_longest_values_fit(paid: Paid) -> None:
    """The borders of every field are its last good values; a key of the provider's may look like a card number."""
    payment = paid.shop.payments.record(
        paid.order.order_id,
        provider="a" * 32,
        method="m" * 40,
        amount=TOTAL,
        provider_reference="4111111111111111" + "r" * 239,
        card_brand="b" * 40,
        card_last4="0000",
        capture_at="shipment",
        actor="a" * 100,
    )

    assert (payment.card_last4, payment.capture_at) == ("0000", CaptureTime.SHIPMENT)


def test_an_authorisation_for_the_shipment_stops_the_clock(shop: Any) -> None:
    """Who waits for the goods to leave does not let the order expire."""
    paid = a_payment(shop, capture_at="shipment")

    shop.payments.authorize(paid.payment_id, actor="till")

    assert shop.orders.get(paid.order.order_id).expires_at is None
    assert paid.axes() == ("pending", "authorized", "unfulfilled")


def test_a_cancelled_order_takes_no_further_payment(paid: Paid) -> None:
    """Only what comes in all the same is written down."""
    paid.shop.orders.cancel(paid.order.order_id, actor="clerk")

    with pytest.raises(IllegalTransition, match="takes no further payment"):
        paid.shop.payments.record(paid.order.order_id, provider="adyen", method="card", amount=CENT, actor="till")


@pytest.mark.parametrize("step", ["authorize", "capture", "void", "fail", "get"])
def test_a_payment_that_does_not_exist_is_not_found(paid: Paid, step: str) -> None:
    """A typo in a key is told as such."""
    arguments = {} if step == "get" else {"actor": "till"}

    with pytest.raises(NotFound, match="no payment 99"):
        getattr(paid.shop.payments, step)(99, **arguments)

    with pytest.raises(NotFound, match="no order 99"):
        paid.shop.payments.record(99, provider="adyen", method="card", amount=CENT, actor="till")


@pytest.mark.parametrize("amount", [Decimal("0.001"), Decimal(0), Decimal(-1)])
def test_what_cannot_be_paid_in_the_currency_cannot_be_captured(paid: Paid, amount: Decimal) -> None:
    """There is no tenth of a penny."""
    with pytest.raises(InvalidValue):
        paid.shop.payments.capture(paid.payment_id, amount, actor="till")

    assert paid.money() == ("pending", 0, 0)

"""Refunds on both engines: by amount and by unit, never above what was captured, and once for each key."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from lumia.dto.orders import StatusNote
from lumia.dto.payments import Refund
from lumia.errors import AlreadyExists, IdempotencyConflict, IllegalTransition, InvalidValue, NotFound
from lumia.repos.progress import advance, lock_order
from lumia.repos.refunding import refund_captured, refund_units, void_authorisations
from lumia.types import RefundStatus
from tests.support.paid import Paid, a_payment
from tests.support.together import together

TOTAL = Decimal("16.95")
CENT = Decimal("0.01")
NOTE = StatusNote(actor="clerk", reason="broken")


@pytest.fixture
def paid(shop: Any) -> Paid:
    """A paid order of 16.95: one mug of 12.00 with its tax, and the post."""
    return a_payment(shop).captured()


@pytest.fixture
def odd(shop: Any) -> Paid:
    """A paid order whose second line of seven units at 0.99 has a tax that no unit share divides."""
    return a_payment(shop, {0: 1, 2: 7}).captured()


def test_a_refund_is_asked_for_and_settled(paid: Paid) -> None:
    """It counts as given back from the beginning, and its end is told."""
    refund = paid.shop.payments.refund(paid.payment_id, Decimal(5), actor="clerk", reason="late")
    between = paid.axes()

    settled = paid.shop.payments.settle_refund(refund.refund_id, actor="till", provider_reference="re_1")

    assert (refund.amount, refund.status, refund.reason, refund.actor) == (5, RefundStatus.PENDING, "late", "clerk")
    assert refund.items == ()
    assert between == ("paid", "partially_refunded", "unfulfilled")
    assert (settled.status, settled.provider_reference) == (RefundStatus.SUCCEEDED, "re_1")
    assert paid.shop.payments.refunds(paid.order.order_id) == (settled,)
    assert paid.shop.payments.settle_refund(refund.refund_id, actor="till") == settled
    assert paid.told("refund.requested", "refund.succeeded") == [
        {"kind": "refund.requested", "amount": "5.00", "currency": "GBP"},
        {"kind": "refund.succeeded", "amount": "5.00", "currency": "GBP"},
    ]


def test_all_that_was_captured_and_no_cent_more_can_go_back(paid: Paid) -> None:
    """The last cent refunds the order, once it is back; one more is refused."""
    first = paid.shop.payments.refund(paid.payment_id, TOTAL - CENT, actor="clerk")
    between = paid.axes()
    last = paid.shop.payments.refund(paid.payment_id, CENT, actor="clerk")
    paid.shop.payments.settle_refund(first.refund_id, actor="till")
    requested = paid.axes()
    paid.shop.payments.settle_refund(last.refund_id, actor="till")

    with pytest.raises(InvalidValue, match="left to refund"):
        paid.shop.payments.refund(paid.payment_id, CENT, actor="clerk")

    assert between == ("paid", "partially_refunded", "unfulfilled")
    assert requested == ("paid", "refunded", "unfulfilled")
    assert paid.axes() == ("refunded", "refunded", "unfulfilled")
    assert paid.money() == ("captured", TOTAL, TOTAL)


def test_nothing_goes_back_before_it_came_in(shop: Any) -> None:
    """An authorisation is voided, not refunded."""
    paid = a_payment(shop)
    shop.payments.authorize(paid.payment_id, actor="till")

    with pytest.raises(InvalidValue, match="left to refund"):
        shop.payments.refund(paid.payment_id, CENT, actor="clerk")


def test_a_failed_refund_can_be_asked_for_again(paid: Paid) -> None:
    """What ended stays ended: a failed refund cannot be settled, a settled one cannot fail."""
    failed = paid.shop.payments.refund(paid.payment_id, TOTAL, actor="clerk")

    paid.shop.payments.fail_refund(failed.refund_id, actor="till", reason="account closed")
    again = paid.shop.payments.refund(paid.payment_id, TOTAL, actor="clerk")
    paid.shop.payments.settle_refund(again.refund_id, actor="till")

    assert paid.money() == ("captured", TOTAL, TOTAL)
    assert paid.shop.payments.fail_refund(failed.refund_id, actor="till").status is RefundStatus.FAILED
    with pytest.raises(IllegalTransition, match="final"):
        paid.shop.payments.settle_refund(failed.refund_id, actor="till")
    with pytest.raises(IllegalTransition, match="final"):
        paid.shop.payments.fail_refund(again.refund_id, actor="till")


def test_an_order_whose_refund_fails_lives_on(paid: Paid) -> None:
    """A requested refund of all moved the order to its end; when it failed the order was dead with its money kept."""
    refund = paid.shop.payments.refund(paid.payment_id, TOTAL, actor="clerk")
    requested = paid.axes()

    paid.shop.payments.fail_refund(refund.refund_id, actor="till", reason="account closed")

    assert requested == ("paid", "refunded", "unfulfilled")
    assert paid.axes() == ("paid", "paid", "unfulfilled")
    items = {paid.order.items[0].order_item_id: 1}
    assert paid.shop.orders.cancel_items(paid.order.order_id, items, actor="clerk").status.value == "cancelled"
    assert paid.money() == ("captured", TOTAL, TOTAL)


def test_the_providers_key_of_a_refund_is_added_once(paid: Paid) -> None:
    """Two refunds of a payment have two keys."""
    first, second = (paid.shop.payments.refund(paid.payment_id, CENT, actor="clerk").refund_id for _ in range(2))
    paid.shop.payments.settle_refund(first, actor="till")

    known = paid.shop.payments.settle_refund(first, actor="till", provider_reference="re_1")

    assert known.provider_reference == "re_1"
    with pytest.raises(InvalidValue, match="another one"):
        paid.shop.payments.settle_refund(first, actor="till", provider_reference="re_2")
    with pytest.raises(AlreadyExists):
        paid.shop.payments.settle_refund(second, actor="till", provider_reference="re_1")


@pytest.mark.parametrize("steps", [*permutations((1, 2, 4)), (7,), (1,) * 7])
def test_all_units_together_give_back_the_line_to_the_last_penny(odd: Paid, steps: tuple[int, ...]) -> None:
    """However they are grouped."""
    line = odd.order.items[1]

    refunds = [
        odd.shop.payments.refund(odd.payment_id, items={line.order_item_id: units}, actor="clerk") for units in steps
    ]

    assert sum(refund.amount for refund in refunds) == line.line_total
    assert [(refund.items[0].quantity, refund.items[0].amount) for refund in refunds] == [
        (units, refund.amount) for units, refund in zip(steps, refunds, strict=True)
    ]
    with pytest.raises(InvalidValue, match="0 units left"):
        odd.shop.payments.refund(odd.payment_id, items={line.order_item_id: 1}, actor="clerk")


def test_units_of_a_failed_refund_are_refunded_anew(odd: Paid) -> None:
    """And what they are worth is then worth it again."""
    line = odd.order.items[1]
    failed = odd.shop.payments.refund(odd.payment_id, items={line.order_item_id: 3}, actor="clerk")
    odd.shop.payments.fail_refund(failed.refund_id, actor="till")

    refund = odd.shop.payments.refund(odd.payment_id, items={line.order_item_id: 7}, actor="clerk")

    assert refund.amount == line.line_total


def test_units_of_several_lines_are_one_refund(odd: Paid) -> None:
    """What comes back in one parcel is paid back in one go."""
    items = {line.order_item_id: line.quantity for line in odd.order.items}

    refund = odd.shop.payments.refund(odd.payment_id, items=items, actor="clerk")

    assert refund.amount == sum(line.line_total for line in odd.order.items)
    assert {item.order_item_id: item.quantity for item in refund.items} == items


def test_one_key_makes_one_refund(paid: Paid) -> None:
    """A repeated request gives the first refund; another request with its key is refused."""
    first = paid.shop.payments.refund(paid.payment_id, Decimal(5), actor="clerk", idempotency_key="k")

    again = paid.shop.payments.refund(paid.payment_id, Decimal("5.00"), actor="other", idempotency_key="k")

    assert again == first
    assert paid.money() == ("captured", TOTAL, 5)
    with pytest.raises(IdempotencyConflict):
        paid.shop.payments.refund(paid.payment_id, Decimal(6), actor="clerk", idempotency_key="k")


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"amount": CENT, "items": {1: 1}},
        {"items": {}},
        {"items": {1: 0}},
        {"items": {1: True}},
        {"items": {0: 1}},
        {"amount": Decimal(0)},
        {"amount": Decimal("0.001")},
        {"amount": CENT, "reason": "r" * 501},
        {"amount": CENT, "reason": "back to 4111-1111-1111-1111"},
        {"amount": CENT, "actor": ""},
        {"amount": CENT, "idempotency_key": ""},
    ],
    ids=str,
)
def test_a_refund_that_does_not_fit_is_refused(paid: Paid, wrong: dict[str, Any]) -> None:
    """Bad input never reaches the database, and no card number does."""
    with pytest.raises(InvalidValue):
        paid.shop.payments.refund(paid.payment_id, **{"actor": "clerk", **wrong})

    assert paid.money() == ("captured", TOTAL, 0)


def test_what_does_not_exist_is_not_found(paid: Paid) -> None:
    """Neither a payment, nor a line, nor a refund."""
    calls: tuple[Callable[[], object], ...] = (
        lambda: paid.shop.payments.refund(99, CENT, actor="clerk"),
        lambda: paid.shop.payments.refund(paid.payment_id, items={99: 1}, actor="clerk"),
        lambda: paid.shop.payments.settle_refund(99, actor="clerk"),
        lambda: paid.shop.payments.fail_refund(99, actor="clerk"),
    )
    for call in calls:
        with pytest.raises(NotFound):
            call()


def test_units_are_paid_back_from_the_oldest_payment_first(shop: Any) -> None:
    """The units stand with the first refund, and what it cannot pay with the next."""
    paid = a_payment(shop, amount=Decimal(10)).captured()
    rest = shop.payments.record(
        paid.order.order_id, provider="adyen", method="card", amount=TOTAL - 10, actor="till"
    ).payment_id
    shop.payments.capture(rest, actor="till")
    item = paid.order.items[0].order_item_id

    with shop.transaction() as tx:
        unit = tx._context
        order = lock_order(unit, paid.order.order_id)
        amount = refund_units(unit, order, {item: 1}, NOTE)
        advance(unit, order, NOTE)

    refunds = shop.payments.refunds(paid.order.order_id)
    assert amount == 12
    assert [(refund.payment_id, refund.amount) for refund in refunds] == [(paid.payment_id, 10), (rest, 2)]
    assert [refund.items[0].quantity for refund in refunds] == [1, 0]
    assert paid.axes()[1] == "partially_refunded"


def _twice_paid(shop: Any, **quantities: int) -> tuple[Paid, int]:
    """An order that was paid by two payments: the first of 10.00, and one of the rest."""
    units = {0: 1} | {int(key.removeprefix("line_")): count for key, count in quantities.items()}
    paid = a_payment(shop, units, amount=Decimal(10)).captured()
    rest = shop.payments.record(
        paid.order.order_id, provider="adyen", method="card", amount=paid.order.total - 10, actor="till"
    ).payment_id
    shop.payments.capture(rest, actor="till")
    return paid, rest


def test_units_that_two_payments_paid_for_are_refunded(shop: Any) -> None:
    """Neither payment alone had the money of the unit, and there was no way to pay it back."""
    paid, rest = _twice_paid(shop)
    item = paid.order.items[0].order_item_id
    with pytest.raises(InvalidValue, match="less of what was captured is left"):
        shop.payments.refund(paid.payment_id, items={item: 1}, actor="clerk")

    refunds = shop.payments.refund_items(paid.order.order_id, {item: 1}, actor="clerk", reason="broken")

    assert refunds == shop.payments.refunds(paid.order.order_id)
    assert [(row.payment_id, row.amount, row.reason, row.actor) for row in refunds] == [
        (paid.payment_id, 10, "broken", "clerk"),
        (rest, 2, "broken", "clerk"),
    ]
    assert [[(part.order_item_id, part.quantity) for part in row.items] for row in refunds] == [
        [(item, 1)],
        [(item, 0)],
    ]
    assert paid.axes() == ("paid", "partially_refunded", "unfulfilled")
    assert [row["amount"] for row in paid.told("refund.requested")] == ["10.00", "2.00"]


def test_one_key_refunds_units_once(shop: Any) -> None:
    """A repeated call gives all refunds that the first one made, as they stand, and none that came after."""
    paid, rest = _twice_paid(shop, line_1=1)
    item, other = (line.order_item_id for line in paid.order.items)
    refund_items = shop.payments.refund_items
    first = refund_items(paid.order.order_id, {item: 1}, actor="clerk", idempotency_key="k")
    refund_items(paid.order.order_id, {other: 1}, actor="clerk")
    shop.payments.settle_refund(first[1].refund_id, actor="till")

    again = refund_items(paid.order.order_id, {item: 1}, actor="clerk", idempotency_key="k")

    assert [refund.refund_id for refund in again] == [refund.refund_id for refund in first]
    assert [refund.payment_id for refund in again] == [paid.payment_id, rest]
    assert again[1].status is RefundStatus.SUCCEEDED
    assert len(shop.payments.refunds(paid.order.order_id)) == 3
    with pytest.raises(IdempotencyConflict):
        refund_items(paid.order.order_id, {other: 1}, actor="clerk", idempotency_key="k")


def test_units_that_cannot_be_paid_back_are_refused(shop: Any) -> None:
    """Not more units than are left, not more money, no strange line or order, and no malformed request."""
    paid, rest = _twice_paid(shop)
    item = paid.order.items[0].order_item_id
    wrong: tuple[tuple[dict[int, int], dict[str, Any]], ...] = (
        ({item: 2}, {}),
        ({}, {}),
        ({item: 0}, {}),
        ({item: 1}, {"actor": ""}),
        ({item: 1}, {"reason": "4111 1111 1111 1111"}),
        ({item: 1}, {"idempotency_key": ""}),
    )
    for items, changes in wrong:
        with pytest.raises(InvalidValue):
            shop.payments.refund_items(paid.order.order_id, items, **{"actor": "clerk", **changes})
    for order_id, strange in ((99, item), (paid.order.order_id, 99)):
        with pytest.raises(NotFound):
            shop.payments.refund_items(order_id, {strange: 1}, actor="clerk")
    shop.payments.refund(rest, TOTAL - 10, actor="clerk")
    with pytest.raises(InvalidValue, match="less of what was captured is left"):
        shop.payments.refund_items(paid.order.order_id, {item: 1}, actor="clerk")

    assert len(shop.payments.refunds(paid.order.order_id)) == 1


def test_a_cancellation_refunds_what_came_in_and_voids_what_was_promised(shop: Any) -> None:
    """Each payment by itself, and twice is once."""
    paid = a_payment(shop, amount=Decimal(10)).captured()
    promised = shop.payments.record(
        paid.order.order_id, provider="adyen", method="card", amount=Decimal(5), actor="till"
    ).payment_id
    shop.payments.refund(paid.payment_id, Decimal(4), actor="clerk")

    for _ in range(2):
        with shop.transaction() as tx:
            refund_captured(tx._context, [paid.order.order_id], NOTE)
            void_authorisations(tx._context, [paid.order.order_id], NOTE)

    assert [refund.amount for refund in shop.payments.refunds(paid.order.order_id)] == [4, 6]
    assert shop.payments.get(promised).status.value == "voided"
    assert len(paid.told("payment.voided")) == 1


def test_many_at_once_never_refund_more_than_was_captured(paid: Paid) -> None:
    """Eight clerks, twice three pounds each: five of them fit, and not one more."""

    def work(_: int, __: int) -> Refund | None:
        try:
            refund: Refund = paid.shop.payments.refund(paid.payment_id, Decimal(3), actor="clerk")
        except InvalidValue:
            return None
        return refund

    results = [refund for answers in together(8, [0, 1], work) for refund in answers]

    assert sum(1 for refund in results if refund) == 5
    assert paid.money() == ("captured", TOTAL, 15)
    assert len(paid.shop.payments.refunds(paid.order.order_id)) == 5


def test_many_at_once_with_one_key_make_one_refund(paid: Paid) -> None:
    """Whoever asks in parallel gets the same answer."""

    def work(key: str, _: int) -> Refund:
        refund: Refund = paid.shop.payments.refund(paid.payment_id, Decimal(1), actor="clerk", idempotency_key=key)
        return refund

    results = together(6, ["a", "b", "c"], work)

    assert all(len({refund.refund_id for refund in answers}) == 1 for answers in results)
    assert all(refund == answers[0] for answers in results for refund in answers)
    assert paid.money() == ("captured", TOTAL, 3)

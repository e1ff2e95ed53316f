"""Invoice numbers on both engines: without gaps, in the order of payment, given once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from lumia.errors import IllegalTransition, InvalidValue
from tests.support.parcels import Parcels
from tests.support.raw import open_raw
from tests.support.scene import a_scene


@pytest.fixture
def parcels(shop: Any) -> Parcels:
    """A shop with plenty of everything."""
    return Parcels(a_scene(shop, stock=100))


def numbers(parcels: Parcels, limit: int = 100) -> list[tuple[int, int]]:
    """Give numbers, and tell which order got which."""
    given = parcels.shop.orders.assign_invoices(limit=limit)
    return [(row.order_id, row.invoice_number) for row in given]


def test_paid_orders_are_numbered_in_the_order_of_their_payment(parcels: Parcels) -> None:
    """Whatever was placed first; pending ones wait, and nobody is numbered twice."""
    first, second, third, pending = (parcels.ordered(1) for _ in range(4))
    for order in (third, first, second):
        parcels.pay(order)

    given = [numbers(parcels, 2), numbers(parcels, 2), numbers(parcels, 2)]

    assert given == [[(third.order_id, 1), (first.order_id, 2)], [(second.order_id, 3)], []]
    assert parcels.get(third).invoice_number == 1
    assert parcels.get(pending).invoice_number is None


def test_what_was_paid_once_has_an_invoice(parcels: Parcels) -> None:
    """Also when it was cancelled or refunded since; what never was has none."""
    cancelled, refunded = parcels.cancel(parcels.paid(1)), parcels.refund(parcels.paid(1))
    parcels.cancel(parcels.ordered(1))

    assert numbers(parcels) == [(cancelled.order_id, 1), (refunded.order_id, 2)]


def test_a_batch_that_is_undone_leaves_no_gap(parcels: Parcels) -> None:
    """The counter goes back with the numbers."""
    order = parcels.paid(1)

    class UndoneError(Exception):
        pass

    with pytest.raises(UndoneError), parcels.shop.transaction() as tx:
        tx.orders.assign_invoices()
        raise UndoneError

    assert numbers(parcels) == [(order.order_id, 1)]


def test_an_invoice_keeps_its_number(parcels: Parcels, url: str, engine_name: str) -> None:
    """The database refuses another one, and none."""
    parcels.paid(1)
    numbers(parcels)
    raw = open_raw(engine_name, url)
    try:
        for number in (7, None):
            with pytest.raises(IllegalTransition) as refusal:
                raw.run("UPDATE orders SET invoice_number = ?", (number,))
            assert refusal.value.constraint == "orders_invoice_final"
    finally:
        raw.close()


def test_clerks_at_once_leave_no_gap_and_give_no_number_twice(parcels: Parcels) -> None:
    """Four clerks with small batches number twelve orders from one to twelve."""
    orders = [parcels.paid(1) for _ in range(12)]
    start = Barrier(4)

    def work(_: int) -> list[tuple[int, int]]:
        start.wait()
        return [row for _ in range(4) for row in numbers(parcels, 2)]

    with ThreadPoolExecutor(4) as pool:
        given = [row for rows in pool.map(work, range(4)) for row in rows]

    assert sorted(number for _, number in given) == list(range(1, 13))
    assert sorted(key for key, _ in given) == [order.order_id for order in orders]


@pytest.mark.parametrize("limit", [0, 501, True])
def test_a_batch_has_a_sensible_limit(parcels: Parcels, limit: Any) -> None:
    """A batch is bounded."""
    with pytest.raises(InvalidValue, match="limit"):
        numbers(parcels, limit)

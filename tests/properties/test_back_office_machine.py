"""Random histories of a back office, on both engines side by side and against a model: equal values, equal errors."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lumia import Shop, connect
from lumia.dto.coupons import NewCoupon
from lumia.dto.customers import NewCustomer
from lumia.errors import IdempotencyConflict
from lumia.types import CouponKind
from tests.support.back_office_check import (
    LOCATIONS,
    VARIANTS,
    finish_earlier,
    new_events,
    open_office,
    pounds,
)
from tests.support.back_office_model import Office
from tests.support.back_office_rows import Told
from tests.support.back_office_steps import BackOfficeSteps, Items, chosen, part_of
from tests.support.databases import ENGINES, Databases
from tests.support.profiles import examples
from tests.support.ranks import Ranks
from tests.support.sides import Side

MOST_ORDERS = 4
WHICH = st.integers(0, 59)
UNITS = st.integers(1, 4)
PRICES = st.sampled_from([0, 1, 99, 333, 1000, 2501])
WANTED = st.dictionaries(st.integers(0, VARIANTS - 1), UNITS, min_size=1)
REACHED = st.sampled_from(["pending", "paid", "paid", "shipped", "delivered"])
SHARES = st.sampled_from(["all", "all", "half", "one", "more"])
PICKS = st.dictionaries(st.integers(0, VARIANTS - 1), SHARES, min_size=1)
"""Of what there is to do something with: most often what can be done."""
REFERENCES = st.integers(0, 2)


class BackOfficeMachine(BackOfficeSteps):
    """Takes each step on both engines, and says beforehand what becomes of it."""

    # --- both engines at once -----------------------------------------------------------------------------------------

    # --- the shop and its orders --------------------------------------------------------------------------------------

    @initialize(
        include_tax=st.booleans(),
        postage=st.sampled_from([495, 0]),
        prices=st.lists(PRICES, min_size=VARIANTS, max_size=VARIANTS),
        percent=st.sampled_from([10, 33, 50, 100]),
        limit=st.integers(1, 2),
        stock=st.lists(st.integers(2, 6), min_size=VARIANTS * LOCATIONS, max_size=VARIANTS * LOCATIONS),
        wanted=WANTED,
        reached=REACHED,
    )
    def open_shop(
        self,
        *,
        include_tax: bool,
        postage: int,
        prices: list[int],
        percent: int,
        limit: int,
        stock: list[int],
        wanted: Items,
        reached: str,
    ) -> None:
        """Set up the shop with a coupon and a little stock, and order something."""
        self.is_sound = False
        if last := self.both(lambda shop, _: finish_earlier(shop)):
            BackOfficeSteps.last_invoice = last
        self.office = Office(prices, postage, include_tax, percent, limit, BackOfficeSteps.last_invoice)
        coupon = NewCoupon(
            code=self.name, kind=CouponKind.PERCENT, value=Decimal(percent), currency="GBP", usage_limit=limit
        )
        self.both(lambda shop, _: [*open_office(shop, self.name, self.office), shop.coupons.create(coupon)])
        self.both(new_events)
        for row, units in enumerate(stock):
            self.receive(row // LOCATIONS, row % LOCATIONS, units)
        self.place(wanted, coupon=False, reached=reached)

    @rule(variant=st.integers(0, VARIANTS - 1), location=st.integers(0, LOCATIONS - 1), units=UNITS)
    def receive(self, variant: int, location: int, units: int) -> None:
        """Goods come in."""
        self.office.shelves.on_hand[variant, location] += units
        self.both(
            lambda shop, ranks: shop.stock.receive(
                ranks.key("variant", variant), location_id=ranks.key("location", location), quantity=units
            )
        )

    @rule(variant=st.integers(0, VARIANTS - 1), location=st.integers(0, LOCATIONS - 1), units=st.integers(1, 2))
    def lose(self, variant: int, location: int, units: int) -> None:
        """Goods are gone, also some that were promised."""
        self.act(
            None,
            lambda: self.office.lose(variant, location, units),
            lambda shop, ranks: shop.stock.adjust(
                ranks.key("variant", variant), location_id=ranks.key("location", location), delta=-units, reason="lost"
            ),
        )

    @precondition(lambda self: len(self.office.orders) < MOST_ORDERS)
    @rule(wanted=WANTED, coupon=st.booleans(), reached=REACHED)
    def place(self, wanted: Items, *, coupon: bool, reached: str) -> None:
        """A customer orders, perhaps with the coupon, whether or not there is enough, and may get it at once."""
        before = len(self.office.orders)
        self.buy(wanted, coupon=coupon)
        for order in self.office.orders[before:]:
            if reached != "pending" and order.due:
                self.pay_in(order, "all")
            if reached in {"shipped", "delivered"}:
                self.send(order, None, None, with_key=False)
                self.look()
            if reached == "delivered":
                self.arrive(order, None)

    # --- money --------------------------------------------------------------------------------------------------------

    @rule(which=WHICH, share=SHARES, at_shipment=st.booleans(), with_key=st.booleans())
    def record(self, which: int, *, share: str, at_shipment: bool, with_key: bool) -> None:
        """Somebody means to pay."""
        order = self.order(which, lambda order: order.status == "pending")
        self.promise(order, part_of(share, order.total), at_shipment=at_shipment, with_key=with_key)

    @rule(which=WHICH, share=st.sampled_from(["all", "half"]))
    def pay(self, which: int, share: str) -> None:
        """A customer pays, at once or in two parts."""
        order = self.order(which, lambda order: order.status == "pending")
        self.pay_in(order, share)

    @precondition(lambda self: any(order.payments for order in self.office.orders))
    @rule(
        which=WHICH,
        kind=st.sampled_from(["authorized", "captured", "captured", "voided", "failed"]),
        share=st.none() | SHARES,
        event=st.sampled_from(["own", "own", "new", "known"]),
    )
    def step(self, which: int, kind: str, share: str | None, event: str) -> None:
        """The shop tells what became of a payment, perhaps once more, perhaps under the key of another event."""
        order, payment = self.payment(which, lambda _, payment: payment.status in {"pending", "authorized"})
        amount = part_of(share, payment.amount - payment.captured) if share and kind == "captured" else None
        known = list(self.office.told)
        key = {"own": "", "new": self.event(), "known": known[which % len(known)] if known else ""}[event]
        self.tell(order, payment, kind, amount, key)

    @precondition(lambda self: any(order.payments for order in self.office.orders))
    @rule(
        which=WHICH,
        kind=st.sampled_from(["authorized", "captured", "captured", "voided", "failed"]),
        share=st.none() | SHARES,
    )
    def provider_tells(self, which: int, kind: str, share: str | None) -> None:
        """The provider tells what became of a payment, whatever became of it before."""
        order, payment = self.payment(which, lambda _, payment: payment.captured < payment.amount)
        amount = part_of(share, payment.amount - payment.captured) if share and kind == "captured" else None
        told = Told(self.event(), kind, payment.amount if kind == "captured" and amount is None else amount)
        self.hear(order, payment, told, amount)

    @precondition(lambda self: any(order.payments for order in self.office.orders))
    @rule(which=WHICH, ok=st.booleans(), share=SHARES, reference=st.none() | st.integers(0, 5))
    def provider_refunds(self, which: int, *, ok: bool, share: str, reference: int | None) -> None:
        """The provider tells what became of a refund, perhaps of one that it made itself, perhaps too early."""
        order, payment = self.payment(which, lambda order, payment: order.room(payment) > 0)
        amount = part_of(share, order.room(payment))
        event = self.event()
        name = (event if ok else "nobody") if reference is None else f"re {reference % 3}"
        mine = [refund for refund in order.refunds if refund.payment is payment]
        if reference is not None and reference > 2 and mine:
            refund = mine[which % len(mine)]
            name, amount = refund.public_id, refund.amount + (share == "more")
        told = Told(event, "refunded" if ok else "refund_failed", amount if ok else None, name)
        self.hear(order, payment, told, told.amount)

    @precondition(lambda self: self.office.told)
    @rule(which=WHICH, changed=st.sampled_from([False, False, True]))
    def provider_repeats(self, which: int, *, changed: bool) -> None:
        """The provider tells something again, or something else under the same key."""
        payment, told = list(self.office.told.values())[which % len(self.office.told)]
        order = next(order for order in self.office.orders if payment in order.payments)
        if changed:
            told = replace(told, kind="voided" if told.kind == "failed" else "failed", amount=None, reference=None)
        self.hear(order, payment, told, told.amount)

    @precondition(lambda self: any(order.payments for order in self.office.orders))
    @rule(which=WHICH, share=SHARES, with_key=st.booleans())
    def refund(self, which: int, *, share: str, with_key: bool) -> None:
        """Part of a payment goes back."""
        order, payment = self.payment(which, lambda order, payment: order.room(payment) > 0)
        amount = part_of(share, order.room(payment))
        self.give_back(order, payment, lambda: order.refund(payment, amount), with_key=with_key, amount=pounds(amount))

    @precondition(lambda self: any(order.payments for order in self.office.orders))
    @rule(which=WHICH, picks=PICKS, with_key=st.booleans())
    def refund_units(self, which: int, *, picks: dict[int, str], with_key: bool) -> None:
        """What was paid for units goes back."""
        order, payment = self.payment(which, lambda order, payment: order.room(payment) > 0)
        items = self.units(order, picks, lambda at, line: line.quantity - order.settled(at)[0])
        self.give_back(order, payment, lambda: order.refund_units(payment, items), with_key=with_key, items=items)

    @precondition(lambda self: any(order.refunds for order in self.office.orders))
    @rule(which=WHICH, ok=st.booleans(), reference=st.none() | REFERENCES)
    def end_refund(self, which: int, *, ok: bool, reference: int | None) -> None:
        """The shop tells what became of a refund, perhaps once more."""
        pairs = [(order, refund) for order in self.office.orders for refund in order.refunds]
        order, refund = chosen(which, pairs, lambda pair: pair[1].status == "pending")
        name = None if reference is None else f"re {reference}"
        self.act(
            order,
            lambda: order.end_refund(refund, "succeeded" if ok else "failed", name),
            lambda shop, ranks: (shop.payments.settle_refund if ok else shop.payments.fail_refund)(
                ranks.key("refund", refund.key), actor="till", provider_reference=name
            ),
        )

    # --- goods --------------------------------------------------------------------------------------------------------

    @precondition(lambda self: any(order.status != "pending" for order in self.office.orders))
    @rule(
        which=WHICH,
        picks=st.none() | PICKS,
        location=st.sampled_from([None, None, *range(LOCATIONS)]),
        with_key=st.booleans(),
    )
    def ship(self, which: int, *, picks: dict[int, str] | None, location: int | None, with_key: bool) -> None:
        """An order, or some of its units, leave."""
        order = self.order(which, lambda order: order.status in {"paid", "shipped"} and self.left(order) > 0)
        items = None if picks is None else self.units(order, picks, lambda _, line: line.unsent)
        self.send(order, items, location, with_key=with_key)

    @precondition(lambda self: any(order.sent for order in self.office.orders))
    @rule(which=WHICH, one=st.booleans())
    def deliver(self, which: int, *, one: bool) -> None:
        """What is on its way arrives, perhaps for the second time."""
        order = self.order(which, lambda order: any(not parcel.arrived for parcel in order.parcels))
        parcel = order.parcels[which % len(order.parcels)] if one and order.parcels else None
        self.arrive(order, parcel)

    @precondition(lambda self: len(self.office.orders) > 1)
    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        """An order is cancelled, perhaps for the second time; most often one that is too far."""
        over = [order for order in self.office.orders if order.sent or order.status in {"cancelled", "refunded"}]
        order = chosen(which, over or self.office.orders[-1:]) if which % 3 else self.order(which)
        self.act(
            order,
            order.cancel,
            lambda shop, ranks: shop.orders.cancel(ranks.key("order", self.number(order)), actor="clerk"),
        )

    @rule(which=WHICH, picks=PICKS, with_key=st.booleans())
    def cancel_items(self, which: int, *, picks: dict[int, str], with_key: bool) -> None:
        """Units that were not sent are cancelled."""
        order = self.order(which, lambda order: self.left(order) > 0)
        items = self.units(order, picks, lambda _, line: line.unsent)

        def call(shop: Shop, ranks: Ranks, **more: Any) -> object:
            wanted = self.keyed(ranks, order, items)
            return shop.orders.cancel_items(ranks.key("order", self.number(order)), wanted, actor="clerk", **more)

        self.once(order, lambda: order.cancel_items(items), call, with_key=with_key)

    @precondition(lambda self: any(order.sent for order in self.office.orders))
    @rule(which=WHICH, picks=PICKS, with_key=st.booleans())
    def ask_back(self, which: int, *, picks: dict[int, str], with_key: bool) -> None:
        """A customer wants to send units back."""
        order = self.order(which, lambda order: order.sent > 0)
        items = self.units(order, picks, lambda at, _: order.out(at))

        def call(shop: Shop, ranks: Ranks, **more: Any) -> object:
            wanted = self.keyed(ranks, order, items)
            return shop.orders.request_return(ranks.key("order", self.number(order)), wanted, actor="customer", **more)

        def read(answer: Any) -> Callable[[Shop, Ranks], object]:
            return lambda shop, ranks: shop.orders.get_return(ranks.key("return", answer["return_id"]))

        self.once(order, lambda: order.ask_back(items), call, with_key=with_key, read=read)

    @precondition(lambda self: any(order.returns for order in self.office.orders))
    @rule(which=WHICH, ok=st.sampled_from([True, True, False]))
    def decide(self, which: int, *, ok: bool) -> None:
        """The shop agrees to a return, or does not, perhaps for the second time."""
        pairs = [(order, back) for order in self.office.orders for back in order.returns]
        order, back = chosen(which, pairs, lambda pair: pair[1].status == "requested")
        self.act(
            order,
            lambda: order.decide(back, "approved" if ok else "rejected"),
            lambda shop, ranks: (shop.orders.approve_return if ok else shop.orders.reject_return)(
                ranks.key("return", back.key), actor="clerk"
            ),
        )

    @precondition(lambda self: any(order.returns for order in self.office.orders))
    @rule(
        which=WHICH,
        location=st.integers(0, LOCATIONS - 1),
        came=st.none() | st.dictionaries(st.integers(0, VARIANTS - 1), st.tuples(SHARES, st.booleans()), min_size=1),
    )
    def take_in(self, which: int, location: int, came: dict[int, tuple[str, bool]] | None) -> None:
        """What was sent back is there, fit or damaged, perhaps for the second time."""
        pairs = [(order, back) for order in self.office.orders for back in order.returns]
        order, back = chosen(which, pairs, lambda pair: pair[1].status == "approved")
        units: dict[int, tuple[int, int]] | None = None
        if came is not None:
            units = {}
            for at, (share, is_fit) in came.items():
                line = sorted(back.items)[at % len(back.items)] if which % 5 else at % len(order.lines)
                count = part_of(share, back.items.get(line, 0))
                units[line] = (count, 0) if is_fit else (count // 2, count - count // 2)

        def call(shop: Shop, ranks: Ranks) -> object:
            counted = {at: {"accepted": fit, "damaged": bad} for at, (fit, bad) in (units or {}).items()}
            return shop.orders.receive_return(
                ranks.key("return", back.key),
                location_id=ranks.key("location", location),
                items=None if units is None else self.keyed(ranks, order, counted),
                actor="packer",
            )

        self.act(order, lambda: order.receive(back, location, units), call)

    # --- time, books, repetitions -------------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 10, 31]))
    def wait_and_expire(self, minutes: int) -> None:
        """Time passes, and whoever has not paid in time loses the order."""
        for side in self.sides:
            side.clock.advance(timedelta(minutes=minutes))
        late = self.office.expire(self.sides[0].clock.now + self.sides[0].clock.step)
        self.touched += [self.office.orders[number] for number in late]
        assert late == self.both(lambda shop, ranks: [ranks.of("order", key) for key in shop.orders.expire_pending()])

    @precondition(lambda self: self.office.paid)
    @rule(most=st.integers(1, 3))
    def invoice(self, most: int) -> None:
        """Orders that were paid get their invoice numbers."""
        given = self.office.invoices(most)
        rows = self.both(lambda shop, _: shop.orders.assign_invoices(limit=most))
        BackOfficeSteps.last_invoice = self.office.last_invoice
        assert [(row["order_id"], row["invoice_number"]) for row in rows] == given
        self.touched += [self.office.orders[number] for number, _ in given]

    @precondition(lambda self: self.keys)
    @rule(which=WHICH, changed=st.sampled_from([False, False, True]))
    def use_a_key_again(self, which: int, *, changed: bool) -> None:
        """The same call under the same key changes nothing and gives what it made, as it stands; another is refused."""
        order, call, read, other = self.keys[which % len(self.keys)]
        self.touched.append(order)
        if changed:
            assert self.both(lambda shop, ranks: call(shop, ranks, **other))[0] is IdempotencyConflict
        else:
            assert self.both(call) == self.both(read)

    # --- what must hold -----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_both_engines_do_what_the_model_does(databases: Databases, tmp_path: Path) -> None:
    """Whatever the history: the same values, the same errors, and orders, shelves and money as in the model."""
    with ExitStack() as stack:
        sides = []
        for engine in ENGINES:
            url = stack.enter_context(databases.migrated(engine, tmp_path))
            side = Side()
            side.shop = stack.enter_context(connect(url, clock=side.clock, uuids=side.next_uuid))
            sides.append(side)
        # Keys that differ show whether a key is ever taken for a rank.
        sides[0].shop.customers.register(NewCustomer(email="nobody@example.org"))

        class Bound(BackOfficeMachine):
            pass

        Bound.sides = tuple(sides)
        run_state_machine_as_test(
            Bound,
            settings=settings(
                max_examples=examples(10),
                stateful_step_count=50,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                print_blob=True,
            ),
        )

"""How a random history of a back office is made: each step on two engines and in the model, then all are compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, TypeVar

from hypothesis.stateful import RuleBasedStateMachine, invariant

from lumia import Shop
from tests.support.back_office_check import VARIANTS, OfficeRanks, check_levels, check_order, new_events, pounds
from tests.support.back_office_model import ModelOrder, Office
from tests.support.back_office_rows import Line, Parcel, Payment, Refused, Told
from tests.support.ranks import Ranks
from tests.support.sides import Side, begin_history, same_answer

__all__ = ["BackOfficeSteps", "Items", "chosen", "part_of"]

T = TypeVar("T")
Items = dict[int, int]


def part_of(share: str, whole: int) -> int:
    """Choose so much of a whole, at least one."""
    return max(1, {"all": whole, "half": whole // 2, "one": 1, "more": whole + 1}[share])


def chosen(which: int, things: Sequence[T], is_fitting: Callable[[T], bool] = lambda _: True) -> T:
    """Choose one of the things, most often a fitting one."""
    fitting = [thing for thing in things if is_fitting(thing)] if which % 5 else []
    among = fitting or things
    return among[which % len(among)]


class BackOfficeSteps(RuleBasedStateMachine):
    """Takes each step on both engines, and says beforehand what becomes of it."""

    sides: ClassVar[tuple[Side, ...]]
    histories: ClassVar[int] = 0
    last_invoice: ClassVar[int] = 0

    def __init__(self) -> None:
        """Begin a history of its own in shops that earlier histories have used: their keys differ, ours are ranks."""
        super().__init__()
        BackOfficeSteps.histories += 1
        self.name = f"h{BackOfficeSteps.histories}"
        read = [getattr(side.ranks, "last_event", None) for side in self.sides]
        begin_history(self.sides, BackOfficeSteps.histories)
        for side, last_event in zip(self.sides, read, strict=True):
            side.ranks = OfficeRanks(last_event)
        self.office = Office()
        self.touched: list[ModelOrder] = []
        self.keys: list[tuple[ModelOrder, Callable[..., object], Callable[[Shop, Ranks], object], dict[str, Any]]] = []
        self.is_sound = True
        self.told = 0

    def both(self, call: Callable[[Shop, Ranks], object]) -> Any:
        """Make a call on each engine and give the one answer, or the error's class and words."""
        return same_answer(self.sides, call)

    def act(self, order: ModelOrder | None, step: Callable[[], object], call: Callable[[Shop, Ranks], object]) -> Any:
        """Take a step in the model, then on both engines, and give the one answer; None where all of them refuse."""
        self.is_sound = False
        self.touched += [order] if order else []
        error = None
        try:
            step()
        except Refused as refused:
            error = refused.error
        self.office.note_paid()
        answer = self.both(call)
        found = answer[0] if isinstance(answer, tuple) else None
        assert found is error, answer
        return None if error else answer

    def once(
        self,
        order: ModelOrder,
        step: Callable[[], object],
        call: Callable[..., object],
        *,
        with_key: bool,
        read: Callable[[Any], Callable[[Shop, Ranks], object]] | None = None,
        other: Mapping[str, Any] | None = None,
    ) -> None:
        """Take a step under a key of its own, or under none; keep what `use_a_key_again` needs."""
        keyed = partial(call, idempotency_key=f"{self.name} {len(self.keys)}" if with_key else None)
        answer = self.act(order, step, keyed)
        if answer is not None and with_key:
            again = self.reader(order) if read is None else read(answer)
            self.keys.append((order, keyed, again, dict(other or {"reason": "another"})))

    def number(self, order: ModelOrder) -> int:
        """Give an order's rank."""
        return self.office.orders.index(order)

    def reader(self, order: ModelOrder) -> Callable[[Shop, Ranks], object]:
        """How to read an order."""
        number = self.number(order)
        return lambda shop, ranks: shop.orders.get(ranks.key("order", number))

    def order(self, which: int, is_fitting: Callable[[ModelOrder], bool] = lambda _: True) -> ModelOrder:
        """Choose an order."""
        return chosen(which, self.office.orders, is_fitting)

    def payment(self, which: int, is_fitting: Callable[[ModelOrder, Payment], bool]) -> tuple[ModelOrder, Payment]:
        """Choose a payment."""
        pairs = [(order, payment) for order in self.office.orders for payment in order.payments]
        return chosen(which, pairs, lambda pair: is_fitting(*pair))

    @staticmethod
    def units(order: ModelOrder, picks: Mapping[int, str], left: Callable[[int, Line], int]) -> Items:
        """Choose units of an order's lines."""
        lines = {at % len(order.lines): share for at, share in picks.items()}
        return {at: part_of(share, left(at, order.lines[at])) for at, share in sorted(lines.items())}

    @staticmethod
    def keyed(ranks: Ranks, order: ModelOrder, items: Mapping[int, T]) -> dict[int, T]:
        """Name lines as one engine does."""
        return {ranks.key("order item", order.lines[at].key): value for at, value in items.items()}

    def buy(self, wanted: Items, *, coupon: bool) -> None:
        """Order a new cart, perhaps with the coupon."""

        def fill(shop: Shop, ranks: Ranks) -> object:
            cart_id = shop.carts.for_customer(ranks.key("customer", 0)).cart_id
            shop.carts.clear(cart_id)
            for variant, units in wanted.items():
                shop.carts.set_item(cart_id, variant_id=ranks.key("variant", variant), quantity=units)
            return shop.carts.get(cart_id)

        cart = self.both(fill)
        request: dict[str, Any] = {
            "shipping_method": self.name,
            "expected_total": pounds(self.office.total(wanted, coupon=coupon)),
            "idempotency_key": f"{self.name} {cart['cart_id']} {self.sides[0].clock.now}",
            "coupon_codes": (self.name,) if coupon else (),
        }
        now = self.sides[0].clock.now + self.sides[0].clock.step
        before = len(self.office.orders)
        self.act(
            None,
            lambda: self.office.place(wanted, now, coupon=coupon),
            lambda shop, ranks: shop.checkout.place(
                ranks.key("cart", cart["cart_id"]), shipping_address=ranks.key("address", 0), **request
            ),
        )
        self.touched += self.office.orders[before:]
        self.look()

    def promise(self, order: ModelOrder, amount: int, *, at_shipment: bool, with_key: bool) -> None:
        """Somebody means to pay so much of an order."""
        payment = Payment(amount, at_shipment, f"{self.name} pi {self.told}")
        self.told += 1

        def call(shop: Shop, ranks: Ranks, **more: Any) -> object:
            request = {"method": "card", "provider": "test", "actor": "till", "amount": pounds(payment.amount), **more}
            return shop.payments.record(
                ranks.key("order", self.number(order)),
                provider_reference=payment.reference,
                capture_at="shipment" if at_shipment else "placement",
                **request,
            )

        self.once(
            order,
            lambda: order.record(payment),
            call,
            with_key=with_key,
            read=lambda _: lambda shop, ranks: shop.payments.get(ranks.key("payment", payment.key)),
            other={"method": "cash"},
        )
        self.look()

    def pay_in(self, order: ModelOrder, share: str) -> None:
        """Pay what is due of an order in one part or two."""
        for part in (share, "all"):
            if order.status == "pending" and order.kept_money < order.due:
                self.promise(order, part_of(part, order.due - order.kept_money), at_shipment=False, with_key=False)
                self.tell(order, order.payments[-1], "captured", None, "")

    def tell(self, order: ModelOrder, payment: Payment, kind: str, amount: int | None, event: str) -> None:
        """The shop tells what became of a payment."""
        method = {"authorized": "authorize", "captured": "capture", "voided": "void", "failed": "fail"}[kind]
        more: dict[str, Any] = {"event_id": event} if event else {}
        more |= {"amount": pounds(amount)} if amount is not None else {}
        self.act(
            order,
            lambda: self.office.step(order, payment, Told(event, kind, amount)),
            lambda shop, ranks: getattr(shop.payments, method)(ranks.key("payment", payment.key), actor="till", **more),
        )

    def event(self) -> str:
        """Give the next key of an event."""
        self.told += 1
        return f"{self.name} ev {self.told}"

    def hear(self, order: ModelOrder, payment: Payment, told: Told, amount: int | None) -> None:
        """The provider tells something."""
        self.act(
            order,
            lambda: self.office.hear(order, payment, told),
            lambda shop, _: shop.payments.apply_event(
                "test",
                told.event,
                provider_reference=payment.reference,
                kind=told.kind,
                amount=None if amount is None else pounds(amount),
                refund_reference=told.reference,
            ),
        )

    def give_back(
        self, order: ModelOrder, payment: Payment, step: Callable[[], object], *, with_key: bool, **what: Any
    ) -> None:
        """Ask for a refund."""
        number = self.number(order)

        def call(shop: Shop, ranks: Ranks, **more: Any) -> object:
            request = {**what, "items": self.keyed(ranks, order, what["items"])} if "items" in what else what
            return shop.payments.refund(ranks.key("payment", payment.key), actor="till", **request, **more)

        def read(answer: Any) -> Callable[[Shop, Ranks], object]:
            def found(shop: Shop, ranks: Ranks) -> object:
                rows = shop.payments.refunds(ranks.key("order", number))
                return next(row for row in rows if row.refund_id == ranks.key("refund", answer["refund_id"]))

            return found

        self.once(order, step, call, with_key=with_key, read=read)

    def send(self, order: ModelOrder, items: Items | None, location: int | None, *, with_key: bool) -> None:
        """Let an order, or some of its units, leave."""

        def call(shop: Shop, ranks: Ranks, **more: Any) -> object:
            return shop.orders.ship(
                ranks.key("order", self.number(order)),
                carrier="Post",
                items=None if items is None else self.keyed(ranks, order, items),
                location_id=None if location is None else ranks.key("location", location),
                actor="packer",
                **more,
            )

        self.once(order, lambda: order.ship(items, location), call, with_key=with_key)

    def arrive(self, order: ModelOrder, parcel: Parcel | None) -> None:
        """Let an order, or a parcel of it, arrive."""
        self.act(
            order,
            lambda: order.deliver(parcel),
            lambda shop, ranks: shop.orders.deliver(
                ranks.key("order", self.number(order)),
                shipment_id=None if parcel is None else ranks.key("shipment", parcel.key),
                actor="postman",
            ),
        )

    @staticmethod
    def left(order: ModelOrder) -> int:
        """Units of an order that wait."""
        return sum(line.unsent for line in order.lines)

    @invariant()
    def look(self) -> None:
        """Each order that was touched, the counters and the coupon are what the model says."""
        if not self.office.prices:
            return
        self.is_sound = False
        for variant in range(VARIANTS):
            rows = self.both(lambda shop, ranks: shop.stock.levels(ranks.key("variant", variant)).items)  # noqa: B023
            check_levels(self.office, variant, rows)
        coupon = self.both(lambda shop, ranks: shop.coupons.get(ranks.key("coupon", 0)))
        assert coupon["used_count"] == len(self.office.redeemed) <= self.office.limit
        assert coupon["spent"] == pounds(sum(order.discount for order in self.office.redeemed))
        for order in dict.fromkeys(self.touched):
            self.check(order)
        self.touched = []
        self.is_sound = True

    def check(self, order: ModelOrder) -> None:
        """Compare an order with the model's."""
        number = self.number(order)
        refunds = self.both(lambda shop, ranks: shop.payments.refunds(ranks.key("order", number)))
        check_order(order, self.both(self.reader(order)), refunds)

    def teardown(self) -> None:
        """Pay units back one by one, and compare what the history left behind: all orders, their events, every rule."""
        if not self.office.orders or not self.is_sound:
            return
        for order in [order for order in self.office.orders if order.kept_money][:1]:
            self.pay_back(order)
        for order in self.office.orders:
            self.check(order)
        rows = self.both(new_events)
        for order in self.office.orders:
            assert [kind for subject, kind, _ in rows if subject == f"order:{order.public_id}"] == order.events
        assert self.both(lambda shop, _: shop.verify.run().is_clean) is True
        assert self.sides[0].ranks.by_key() == self.sides[1].ranks.by_key()

    def pay_back(self, order: ModelOrder) -> None:
        """Pay a line back unit by unit, as far as its money is there: in the end it is the line's total exactly."""
        failed = any(refund.status == "failed" for refund in order.refunds)
        for at, line in enumerate(order.lines):
            for _ in range(line.quantity - order.settled(at)[0]):
                payment = max(order.payments, key=order.room)
                step = partial(order.refund_units, payment, {at: 1})
                self.give_back(order, payment, step, with_key=False, items={at: 1})
            units, amount = order.settled(at)
            assert units < line.quantity or failed or amount == line.total

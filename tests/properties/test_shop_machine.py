"""Random histories of a shop, on both engines side by side and against a small model: equal values, equal errors."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lumia import Shop, connect
from lumia.dto.customers import NewCustomer
from lumia.errors import IdempotencyConflict, InsufficientStock, InvalidValue, TotalChanged
from tests.support.databases import ENGINES, Databases
from tests.support.profiles import examples
from tests.support.ranks import Ranks
from tests.support.scene import HOME
from tests.support.shop_model import FREE_FROM, POSTAGE, TAX, ModelOrder, ShopModel
from tests.support.sides import Side, begin_history, events_of_orders, every_movement, same_answer

VARIANTS = 3
MOST_CUSTOMERS = 3
PRICES = st.integers(min_value=0, max_value=4000)
UNITS = st.integers(min_value=1, max_value=8)
WHICH = st.integers(min_value=0, max_value=7)
WANTED = st.dictionaries(st.integers(0, VARIANTS - 1), UNITS, min_size=1)
"""Small numbers meet each other: shelves run empty, thresholds are crossed, the same thing is chosen again."""
FOR_LONG = timedelta(days=365)


def pounds(pennies: int) -> Decimal:
    """Give an amount of pennies as money."""
    return Decimal(pennies).scaleb(-2)


class ShopMachine(RuleBasedStateMachine):
    """Calls each method on both engines, and says beforehand what it should answer."""

    sides: ClassVar[tuple[Side, ...]]
    histories: ClassVar[int] = 0

    def __init__(self) -> None:
        """Begin a history of its own in shops that earlier histories have used: their keys differ, ours are ranks."""
        super().__init__()
        ShopMachine.histories += 1
        self.name = f"h{ShopMachine.histories}"
        begin_history(self.sides, ShopMachine.histories)
        self.model = ShopModel()
        self.placed: list[tuple[int, int, dict[str, Any]]] = []

    # --- both engines at once -----------------------------------------------------------------------------------------

    def both(self, call: Callable[[Shop, Ranks], object]) -> Any:
        """Make a call on each engine and give the one answer, or the error's class and words."""
        return same_answer(self.sides, call)

    def about(self, kind: str, rank: int, call: Callable[[Shop, int], object]) -> Any:
        """Make a call about one thing, which each engine has under a key of its own."""
        return self.both(lambda shop, ranks: call(shop, ranks.key(kind, rank)))

    def cart_of(self, shop: Shop, ranks: Ranks, customer: int) -> int:
        """Give the key of a customer's active cart."""
        return shop.carts.for_customer(ranks.key("customer", customer)).cart_id

    def customer(self, which: int) -> int:
        """Choose one of the customers there are."""
        return which % len(self.model.carts)

    # --- the shop and its goods ---------------------------------------------------------------------------------------

    @initialize(include_tax=st.booleans(), prices=st.lists(PRICES, min_size=VARIANTS, max_size=VARIANTS), units=UNITS)
    def open_shop(self, include_tax: bool, prices: list[int], units: int) -> None:  # noqa: FBT001 - drawn
        """Set up two locations, a taxed category, a way to send, a few variants, a little stock and a customer."""
        name = self.name
        self.model.include_tax, self.model.prices = include_tax, list(prices)

        def call(shop: Shop, _: Ranks) -> object:
            shop.settings.update(currency="GBP", prices_include_tax=include_tax, order_expiry_minutes=30)
            shop.delivery.create_shipping_method(
                code=name, name="Post", price=pounds(POSTAGE), free_from=pounds(FREE_FROM)
            )
            category = shop.catalog.create_category(name="Kitchen", slug=name)
            shop.delivery.add_tax_rate(
                country_code="GB",
                category_id=category.category_id,
                rate=Decimal(TAX.numerator) / Decimal(TAX.denominator),
            )
            made: list[object] = [shop.stock.add_location(name=f"{name} {at}", priority=at) for at in range(2)]
            for at, price in enumerate(prices):
                slug = f"{name}-{at}"
                product = shop.catalog.create_product(category_id=category.category_id, slug=slug, name=f"Thing {at}")
                made.append(shop.catalog.create_variant(product.product_id, sku=slug.upper(), price=pounds(price)))
                shop.catalog.publish(product.product_id)
            return made

        self.both(call)
        self.register()
        for variant in range(VARIANTS):
            self.receive(variant, variant % 2, 4 * units)

    @precondition(lambda self: len(self.model.carts) < MOST_CUSTOMERS)
    @rule()
    def register(self) -> None:
        """A new customer with one address and an empty cart."""
        number = len(self.model.carts)

        def call(shop: Shop, _: Ranks) -> object:
            customer = shop.customers.register(NewCustomer(email=f"{self.name}.{number}@example.org"))
            return customer, shop.customers.add_address(customer.customer_id, address=HOME)

        self.both(call)
        self.model.carts[number] = {}

    @rule(variant=st.integers(0, VARIANTS - 1), price=PRICES)
    def change_price(self, variant: int, price: int) -> None:
        """A variant costs something else from now on."""
        self.about("variant", variant, lambda shop, key: shop.catalog.set_price(key, price=pounds(price)))
        self.model.prices[variant] = price

    @rule(variant=st.integers(0, VARIANTS - 1), location=st.integers(0, 1), units=UNITS)
    def receive(self, variant: int, location: int, units: int) -> None:
        """Goods come in."""
        self.both(
            lambda shop, ranks: shop.stock.receive(
                ranks.key("variant", variant), location_id=ranks.key("location", location), quantity=units
            )
        )
        self.model.on_hand[variant, location] += units

    @rule(variant=st.integers(0, VARIANTS - 1), location=st.integers(0, 1), units=UNITS)
    def find_missing(self, variant: int, location: int, units: int) -> None:
        """Goods are gone, also some that were promised; more than there are cannot be."""
        answer = self.both(
            lambda shop, ranks: shop.stock.adjust(
                ranks.key("variant", variant), location_id=ranks.key("location", location), delta=-units, reason="lost"
            )
        )
        if units > self.model.on_hand[variant, location]:
            assert answer[0] is InsufficientStock
        else:
            self.model.on_hand[variant, location] -= units

    # --- carts and orders ---------------------------------------------------------------------------------------------

    @rule(which=WHICH, variant=st.integers(0, VARIANTS - 1), units=UNITS)
    def put(self, which: int, variant: int, units: int) -> None:
        """A customer wants some of a variant, whatever there is."""
        customer = self.customer(which)
        cart = self.both(
            lambda shop, ranks: shop.carts.set_item(
                self.cart_of(shop, ranks, customer), variant_id=ranks.key("variant", variant), quantity=units
            )
        )
        self.model.carts[customer][variant] = units
        self.check_cart(customer, cart)

    @rule(which=WHICH, variant=st.integers(0, VARIANTS - 1))
    def take_out(self, which: int, variant: int) -> None:
        """A customer changes their mind."""
        customer = self.customer(which)
        cart = self.both(
            lambda shop, ranks: shop.carts.remove_item(
                self.cart_of(shop, ranks, customer), variant_id=ranks.key("variant", variant)
            )
        )
        self.model.carts[customer].pop(variant, None)
        self.check_cart(customer, cart)

    @rule(which=WHICH)
    def reserve(self, which: int) -> None:
        """A customer's cart is put on hold, perhaps for the second time; what is short leaves the hold of before."""
        customer = self.customer(which)

        # Before either side's clock goes on.
        until = self.sides[0].clock.now + FOR_LONG

        answer = self.both(lambda shop, ranks: shop.stock.reserve(self.cart_of(shop, ranks, customer), until=until))

        short = self.model.short(customer)
        if short:
            assert answer == (InsufficientStock, f"not enough stock: {self.words(short)}")
        else:
            self.model.reserve(customer)
            holds = [(hold["variant_id"], hold["location_id"], hold["quantity"]) for hold in answer]
            assert sorted(holds) == sorted(self.model.holds[customer])

    @rule(which=WHICH)
    def release(self, which: int) -> None:
        """A customer's hold is given back, if there is one."""
        customer = self.customer(which)
        self.both(lambda shop, ranks: shop.stock.release(self.cart_of(shop, ranks, customer)))
        self.model.holds.pop(customer, None)

    def words(self, short: list[tuple[int, int, int]]) -> str:
        """Name what is short as a refusal does."""
        return ", ".join(f"{self.name.upper()}-{variant} (wanted {w}, available {a})" for variant, w, a in short)

    def place(self, customer: int, cart: int | None, request: dict[str, Any]) -> Any:
        """Order a cart, by rank an earlier one, else the customer's own."""
        return self.both(
            lambda shop, ranks: shop.checkout.place(
                self.cart_of(shop, ranks, customer) if cart is None else ranks.key("cart", cart),
                shipping_address=ranks.key("address", customer),
                shipping_method=self.name,
                **request,
            )
        )

    @rule(which=WHICH, wanted=WANTED)
    def order(self, which: int, wanted: dict[int, int]) -> None:
        """A customer orders, whether or not there is enough."""
        customer = self.customer(which)
        for variant, units in wanted.items():
            self.put(customer, variant, units)
        request = self.request(self.model.total(customer))

        answer = self.place(customer, None, request)

        short = self.model.short(customer)
        if short:
            assert answer == (InsufficientStock, f"not enough stock: {self.words(short)}")
        else:
            self.check(self.model.place(customer), answer)
            self.placed.append((customer, answer["cart_id"], request))

    @rule(which=WHICH, off_by=st.sampled_from([1, 100]))
    def order_for_another_total(self, which: int, off_by: int) -> None:
        """A customer agrees to what the cart does not come to, or orders an empty cart."""
        customer = self.customer(which)
        total = self.model.total(customer)

        answer = self.place(customer, None, self.request(total + off_by))

        if self.model.carts[customer]:
            words = f"the total is {pounds(total)} GBP, not {pounds(total + off_by)}: quote again"
            assert answer == (TotalChanged, words)
        else:
            assert answer[0] is InvalidValue

    def request(self, total: int) -> dict[str, Any]:
        """Make a request under the next key."""
        return {"expected_total": pounds(total), "idempotency_key": f"{self.name} {len(self.placed)}"}

    @precondition(lambda self: self.placed)
    @rule(which=WHICH)
    def order_again(self, which: int) -> None:
        """The same request under the same key gives the order as it stands now, and makes no other."""
        number = which % len(self.placed)

        answer = self.place(*self.placed[number])

        assert answer["order_id"] == number
        self.check(self.model.orders[number], answer)

    @precondition(lambda self: self.placed)
    @rule(which=WHICH, mine=st.booleans())
    def use_a_key_again(self, which: int, mine: bool) -> None:  # noqa: FBT001 - drawn
        """A key that was used is refused for another total, and for the customer's next cart."""
        customer, cart, request = self.placed[which % len(self.placed)]
        other = {**request, "expected_total": request["expected_total"] + (0 if mine else 1)}

        answer = self.place(customer, None if mine else cart, other)

        assert answer[0] is IdempotencyConflict

    @precondition(lambda self: self.placed)
    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        """An order is cancelled, perhaps for the second time."""
        number = which % len(self.placed)
        self.model.cancel(self.model.orders[number])

        answer = self.about("order", number, lambda shop, key: shop.orders.cancel(key, actor="shop"))

        self.check(self.model.orders[number], answer)

    @rule(minutes=st.sampled_from([1, 10, 31]))
    def wait_and_expire(self, minutes: int) -> None:
        """Time passes, and whoever has not paid in time loses the order."""
        for side in self.sides:
            side.clock.advance(timedelta(minutes=minutes))

        for number in self.both(self.expire):
            assert self.model.orders[number].status == "pending"
            self.model.cancel(self.model.orders[number])

    @staticmethod
    def expire(shop: Shop, ranks: Ranks) -> list[int]:
        """Expire orders and give their ranks; those of earlier histories are gone since this one's first day."""
        return [ranks.of("order", key) for key in shop.orders.expire_pending()]

    # --- what must hold -----------------------------------------------------------------------------------------------

    def check(self, order: ModelOrder, answer: dict[str, Any]) -> None:
        """Compare an order with the model's."""
        assert answer["status"] == order.status
        assert answer["total"] == pounds(order.total)
        assert answer["customer_id"] == order.customer
        lines = [(item["variant_id"], item["quantity"], item["unit_price"]) for item in answer["items"]]
        assert lines == [(variant, quantity, pounds(price)) for variant, quantity, price in order.lines]
        line_of = {item["order_item_id"]: item["variant_id"] for item in answer["items"]}
        fills = [(line_of[row["order_item_id"]], row["location_id"], row["quantity"]) for row in answer["allocations"]]
        assert sorted(fills) == sorted(order.fills)
        assert answer["history"][-1]["to_status"] == order.status
        assert answer["items"] == [] or {item["order_id"] for item in answer["items"]} == {answer["order_id"]}

    def check_cart(self, customer: int, cart: dict[str, Any]) -> None:
        """Compare a cart with the model's: its lines in the order in which they were added, at the present prices."""
        assert [(line["variant_id"], line["quantity"], line["unit_price"]) for line in cart["lines"]] == [
            (variant, units, pounds(self.model.prices[variant]))
            for variant, units in self.model.carts[customer].items()
        ]

    @invariant()
    def counters_are_the_models(self) -> None:
        """On hand and allocated are what the model says, at every location, and never negative."""
        for variant in range(len(self.model.prices)):
            levels = self.about("variant", variant, lambda shop, key: shop.stock.levels(key).items)
            for row in levels:
                key = (variant, row["location_id"])
                assert row["on_hand"] == self.model.on_hand[key] >= 0
                assert row["allocated"] == self.model.allocated[key] >= 0
                assert row["reserved"] == self.model.reserved(*key)

    def check_ledger(self) -> None:
        """Compare what the ledger adds up to with the model's counters."""
        for variant in range(VARIANTS):
            moves = self.about("variant", variant, lambda shop, key: list(every_movement(shop, key)))
            for location in range(2):
                rows = [row for row in moves if row["location_id"] == location]
                assert sum(row["on_hand_delta"] for row in rows) == self.model.on_hand[variant, location]
                assert sum(row["allocated_delta"] for row in rows) == self.model.allocated[variant, location]

    def teardown(self) -> None:
        """Compare what the history left behind: ledger, orders, events, and the order in which keys sort."""
        if not self.model.prices:
            return
        self.check_ledger()
        for customer in self.model.carts:
            page = self.about("customer", customer, lambda shop, key: shop.orders.of_customer(key).items)
            assert sorted(row["order_id"] for row in page) == [
                number for number, (owner, _, _) in enumerate(self.placed) if owner == customer
            ]
        for number, order in enumerate(self.model.orders):
            self.check(order, self.about("order", number, lambda shop, key: shop.orders.get(key)))
        self.both(events_of_orders)
        assert self.sides[0].ranks.by_key() == self.sides[1].ranks.by_key()
        for side in self.sides:
            side.clock.advance(timedelta(days=1))
            while side.shop.orders.expire_pending(limit=500):
                pass


@pytest.mark.slow
def test_both_engines_do_what_the_model_does(databases: Databases, tmp_path: Path) -> None:
    """Whatever the history: the same values, the same errors and the same counters on both engines as in the model."""
    with ExitStack() as stack:
        sides = []
        for engine in ENGINES:
            url = stack.enter_context(databases.migrated(engine, tmp_path))
            side = Side()
            side.shop = stack.enter_context(connect(url, clock=side.clock, uuids=side.next_uuid))
            sides.append(side)
        # Keys that differ show whether a key is ever taken for a rank.
        sides[0].shop.customers.register(NewCustomer(email="nobody@example.org"))

        class Bound(ShopMachine):
            pass

        Bound.sides = tuple(sides)
        run_state_machine_as_test(
            Bound,
            settings=settings(
                max_examples=examples(25),
                stateful_step_count=30,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                print_blob=True,
            ),
        )

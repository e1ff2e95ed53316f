"""Export and erasure: all of a person, and afterwards nothing, while the books stay as they were."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lumia import Shop, connect
from lumia.dto.customers import NewCustomer
from lumia.errors import IllegalTransition, InvalidValue, LoginRefused, NotFound
from tests.support.marked import PASSWORD, Marked, files_with, lay_marked, money_sums, tables_with
from tests.support.parcels import Parcels
from tests.support.raw import Raw, open_raw
from tests.support.scene import HOME, Scene, a_scene
from tests.support.steady import LASTING, SeededUuids, SteppingClock

MARK = "zzmarkzz"


@pytest.fixture
def raw(url: str, engine_name: str) -> Iterator[Raw]:
    """The same database past Lumia."""
    opened = open_raw(engine_name, url)
    yield opened
    opened.close()


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """A shop that is ready to sell."""
    return a_scene(shop)


@pytest.fixture
def person(scene: Scene, raw: Raw) -> Marked:
    """Somebody who did everything."""
    return lay_marked(scene, raw, MARK)


def test_nothing_of_an_erased_person_is_left(shop: Shop, raw: Raw, url: str, engine_name: str, person: Marked) -> None:
    """Neither in any column of any table nor, on SQLite, in the file and the logs beside it."""
    assert len(tables_with(raw, MARK)) >= 15

    erasure = shop.privacy.erase(person.customer_id, actor="anna", reason="asked for it")

    assert tables_with(raw, MARK) == []
    assert erasure.is_settled
    if engine_name == "sqlite":
        assert files_with(url, MARK) == []


def test_the_books_stay(shop: Shop, raw: Raw, person: Marked) -> None:
    """No sum of money, no rating and no status changes."""
    sums, rating = money_sums(raw), shop.reviews.get(person.review_id).rating
    before = [shop.orders.get(key) for key in person.order_ids]

    shop.privacy.erase(person.customer_id, actor="anna")

    after = [shop.orders.get(key) for key in person.order_ids]
    assert money_sums(raw) == sums
    assert len(sums) > 30
    assert [(o.status, o.total, o.items) for o in after] == [(o.status, o.total, o.items) for o in before]
    assert shop.reviews.get(person.review_id).rating == rating


def test_others_keep_their_data(shop: Shop, scene: Scene, raw: Raw, person: Marked) -> None:
    """An erasure touches one person only."""
    other = lay_marked(scene, raw, "yyotheryy", number=2)
    export = shop.privacy.export(other.customer_id)

    shop.privacy.erase(person.customer_id, actor="anna")

    assert shop.privacy.export(other.customer_id) == export


@pytest.mark.usefixtures("raw")
def test_erasing_again_changes_nothing(shop: Shop, person: Marked) -> None:
    """The same answer, no second event, and the same document."""
    first = shop.privacy.erase(person.customer_id, actor="anna")
    export = shop.privacy.export(person.customer_id)

    again = shop.privacy.erase(person.customer_id, actor="anna")

    events = [row for row in shop.outbox.pending(limit=500).items if row.kind == "customer.erased"]
    assert again == first
    assert [json.loads(event.payload)["actor"] for event in events] == ["anna"]
    after = shop.privacy.export(person.customer_id)
    assert after.orders == export.orders
    assert after.customer.erased_at == export.customer.erased_at


def test_an_erased_person_cannot_log_in(shop: Shop, person: Marked) -> None:
    """The account is closed, its address free for somebody else."""
    shop.privacy.erase(person.customer_id, actor="anna")

    with pytest.raises(LoginRefused):
        shop.customers.authenticate(f"{MARK}@example.com", PASSWORD)
    with pytest.raises(NotFound):
        shop.customers.by_email(f"{MARK}@example.com")


def test_the_log_says_who_erased(shop: Shop, person: Marked) -> None:
    """The audit log has the actor and the columns, and no name of the customer as an actor."""
    shop.privacy.erase(person.customer_id, actor="anna")

    entries = shop.audit.list(table_name="customers", row_key=person.customer_id).items
    assert entries[0].actor == "anna"
    assert {"email", "first_name", "erased_at"} <= set(entries[0].new())
    assert [entry.actor for entry in entries if entry.actor_customer_id is not None] == ["erased"]


def test_guests_are_erased_too(shop: Shop, scene: Scene, raw: Raw) -> None:
    """The address that a guest gave goes from the cart and from the order."""
    cart = scene.guest_cart(email=f"{MARK}@example.com")
    address = HOME.model_copy(update={"recipient": MARK})
    order = scene.place(cart, shipping_address=address, billing_address=address, idempotency_key=MARK)
    shop.orders.cancel(order.order_id, actor="shop")

    shop.privacy.erase(order.customer_id, actor="anna")

    assert tables_with(raw, MARK) == []


@pytest.mark.usefixtures("raw")
def test_orders_under_way_refuse(shop: Shop, scene: Scene) -> None:
    """An order that needs the address is named, and nothing is erased."""
    order = scene.place(scene.cart())
    export = shop.privacy.export(scene.customer_id)

    with pytest.raises(IllegalTransition, match=rf"under way that need the address: {order.order_id};"):
        shop.privacy.erase(scene.customer_id, actor="anna")

    assert shop.privacy.export(scene.customer_id) == export


def test_a_transaction_settles_later(shop: Shop, person: Marked, raw: Raw) -> None:
    """Inside a transaction nothing can leave the logs; `settle` does it afterwards."""
    with shop.transaction() as tx:
        inside = tx.privacy.erase(person.customer_id, actor="anna")
        settled_inside = tx.privacy.settle()

    assert (inside.is_settled, settled_inside) == (False, False)
    assert shop.privacy.settle()
    assert tables_with(raw, MARK) == []


def test_a_reader_at_work_delays_settling(shop: Shop, person: Marked, raw: Raw, engine_name: str) -> None:
    """On SQLite a reader of the old state keeps the log; the erasure itself is done."""
    raw.run("BEGIN")
    raw.run("SELECT count(*) FROM customers")

    erasure = shop.privacy.erase(person.customer_id, actor="anna")

    raw.run("ROLLBACK")
    assert erasure.is_settled == (engine_name == "postgresql")
    assert shop.privacy.settle()


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("order_status_history", "reason = 'other'"),
        ("order_status_history", "reason = ''"),
        ("order_item_cancellations", "reason = ''"),
        ("returns", "reason = ''"),
        ("payment_events", "payload = NULL"),
    ],
)
@pytest.mark.usefixtures("shop", "person")
def test_only_an_erasure_may_empty_the_words(raw: Raw, table: str, change: str) -> None:
    """The records of somebody who was not erased stay as they are."""
    with pytest.raises(InvalidValue):
        raw.run(f"UPDATE {table} SET {change}")


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("order_status_history", "reason = 'other'"),
        ("order_status_history", "actor = 'other'"),
        ("order_item_cancellations", "quantity = 7"),
        ("returns", "reason = 'other'"),
        ("payment_events", "amount = 1"),
        ("payment_events", "payload = '{}'"),
    ],
)
def test_an_erasure_empties_and_writes_nothing(shop: Shop, person: Marked, raw: Raw, table: str, change: str) -> None:
    """Also the records of an erased customer take no other change."""
    shop.privacy.erase(person.customer_id, actor="anna")

    with pytest.raises(InvalidValue):
        raw.run(f"UPDATE {table} SET {change}")


def test_an_export_has_everything_but_secrets(shop: Shop, person: Marked) -> None:
    """Each part of the document is filled, in a fixed order, and no hash or token is in it."""
    export = shop.privacy.export(person.customer_id)

    document = json.loads(export.model_dump_json())
    assert list(document) == list(type(export).model_fields)
    assert {name for name, part in document.items() if not part} == {"return_items", "votes"}
    assert document["customer"]["email"] == f"{MARK}@example.com"
    assert not any(word in export.model_dump_json() for word in ("token_hash", "password_hash", "argon2"))
    assert shop.privacy.export(person.customer_id).model_dump_json() == export.model_dump_json()


def test_unknown_customers(shop: Shop) -> None:
    """Nobody can be exported or erased who does not exist, and no key is guessed."""
    with pytest.raises(NotFound):
        shop.privacy.export(99)
    with pytest.raises(NotFound):
        shop.privacy.erase(99, actor="anna")
    with pytest.raises(InvalidValue):
        shop.privacy.erase(0, actor="anna")
    with pytest.raises(InvalidValue):
        shop.privacy.erase(1, actor="")


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(word=st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=8, max_size=19))
def test_no_word_survives(databases, engine_name, tmp_path_factory, word: str) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    """Whatever the word is that a person left everywhere, an erasure takes the last of it."""
    mark = f"x{word}"
    with (
        databases.migrated(engine_name, tmp_path_factory.mktemp("erased")) as url,
        connect(url, clock=SteppingClock(), uuids=SeededUuids(), accounts=LASTING) as shop,
    ):
        raw = open_raw(engine_name, url)
        person = lay_marked(a_scene(shop), raw, mark)

        shop.privacy.erase(person.customer_id, actor="anna")

        assert tables_with(raw, mark) == []
        assert engine_name == "postgresql" or files_with(url, mark) == []
        raw.close()


def test_no_word_of_a_step_stays_in_the_stock_ledger(shop: Shop, scene: Scene, raw: Raw) -> None:
    """The bug: cancel_items, ship and receive_return copied their reason into the ledger, which nobody may change."""
    parcels = Parcels(scene)
    order = parcels.paid(4)
    (payment,) = shop.payments.of_order(order.order_id)
    item, key = order.items[0].order_item_id, order.order_id
    shop.orders.cancel_items(key, {item: 1}, actor="clerk", reason=f"{MARK} items", idempotency_key=f"{MARK}-1")
    shop.orders.ship(
        key, carrier="Post", tracking_number=MARK, actor="clerk", reason=f"{MARK} sent", idempotency_key=f"{MARK}-2"
    )
    shop.orders.deliver(key, actor="clerk", reason=f"{MARK} arrived")
    asked = shop.orders.request_return(
        key, {item: 2}, actor="ada", reason=f"{MARK} why", idempotency_key=f"{MARK}-3"
    ).return_id
    shop.orders.approve_return(asked, actor="clerk", note=f"{MARK} yes")
    broken = {item: {"accepted": 1, "damaged": 1}}
    shop.orders.receive_return(asked, location_id=scene.main_id, items=broken, actor="clerk", note=f"{MARK} came")
    refund = shop.payments.refund(
        payment.payment_id, items={item: 1}, actor="clerk", reason=f"{MARK} money", idempotency_key=f"{MARK}-4"
    )
    shop.payments.fail_refund(refund.refund_id, actor="clerk", reason=f"{MARK} closed")
    other = parcels.ordered(1)
    shop.payments.void(parcels.authorize(other), actor="clerk", reason=f"{MARK} void")
    shop.orders.cancel(other.order_id, actor="clerk", reason=f"{MARK} no more")
    assert len(tables_with(raw, MARK)) >= 6

    shop.privacy.erase(scene.customer_id, actor="anna")

    assert tables_with(raw, MARK) == []
    reasons = {reason for (reason,) in raw.run("SELECT reason FROM stock_movements WHERE order_item_id IS NOT NULL")}
    assert reasons >= {"units cancelled", "sent", "returned", "returned damaged"}


def test_nothing_comes_back_to_an_erased_customer(shop: Shop, scene: Scene, raw: Raw) -> None:
    """The bug: addresses, wishlists, carts, names, reviews and returns could be added after the erasure."""
    parcels = Parcels(scene)
    order = parcels.paid(2)
    parcels.ship(order)
    parcels.deliver(order)
    key, item = scene.customer_id, order.items[0].order_item_id
    address = HOME.model_copy(update={"recipient": MARK})
    _, token = shop.carts.create_guest()
    shop.privacy.erase(key, actor="anna")

    for attempt in (
        lambda: shop.customers.add_address(key, address=address),
        lambda: shop.customers.update_profile(key, first_name=MARK),
        lambda: shop.customers.reactivate(key),
        lambda: shop.carts.for_customer(key),
        lambda: shop.carts.merge(token, key),
        lambda: shop.wishlists.create(key, name=MARK),
        lambda: shop.reviews.write(key, item, rating=5, title=MARK, body=MARK),
        lambda: shop.orders.request_return(order.order_id, {item: 1}, actor="ada", reason=MARK),
    ):
        with pytest.raises(IllegalTransition):
            attempt()

    assert tables_with(raw, MARK) == []
    assert shop.privacy.erase(key, actor="anna").erased_at is not None


@pytest.mark.parametrize("number", range(5))
def test_what_waited_for_an_erasure_is_refused(shop: Shop, scene: Scene, raw: Raw, url: str, number: int) -> None:
    """The bug: a call that waited for the erasure's lock wrote its words silently when that was done."""
    key, address = scene.customer_id, HOME.model_copy(update={"recipient": MARK})
    arrived = _arrived(scene)
    calls = (
        lambda other: other.customers.add_address(key, address=address),
        lambda other: other.customers.update_profile(key, first_name=MARK),
        lambda other: other.wishlists.create(key, name=MARK),
        lambda other: other.carts.for_customer(key),
        lambda other: other.orders.request_return(arrived[0], {arrived[1]: 1}, actor="ada", reason=MARK),
    )
    with connect(url) as other, ThreadPoolExecutor(1) as pool:
        with shop.transaction() as tx:
            tx.privacy.erase(key, actor="anna")
            waiting = pool.submit(calls[number], other)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
        with pytest.raises(IllegalTransition):
            waiting.result(timeout=20)

    assert tables_with(raw, MARK) == []


def _arrived(scene: Scene) -> tuple[int, int]:
    """An order that has arrived, and its line."""
    parcels = Parcels(scene)
    order = parcels.paid(2)
    parcels.ship(order)
    parcels.deliver(order)
    return order.order_id, order.items[0].order_item_id


def test_guest_carts_go_however_the_address_was_spelt(shop: Shop, scene: Scene, raw: Raw) -> None:
    """The bug: a guest's cart under another spelling stayed, and so did the address on a cart that was merged."""
    person = shop.customers.register(NewCustomer(email=f"{MARK}@example.com", first_name="A", last_name="B"))
    spelt = scene.guest_cart(email=f"{MARK.upper()}@Example.COM")
    merged, token = shop.carts.create_guest(email=f"{MARK}@elsewhere.example")
    scene.fill(merged.cart_id)
    shop.carts.merge(token, person.customer_id)
    assert not raw.run("SELECT 1 FROM carts WHERE guest_email LIKE '%elsewhere%'")
    export = shop.privacy.export(person.customer_id)
    assert spelt in {cart.cart_id for cart in export.carts}
    assert spelt in {line.cart_id for line in export.cart_items}

    shop.privacy.erase(person.customer_id, actor="anna")

    assert tables_with(raw, MARK) == []

"""The audit log: what staff change is written down by the database itself, with who did it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lumia import Shop
from lumia.dto.audit import AuditEntry
from lumia.dto.customers import NewCustomer
from lumia.errors import InvalidValue
from tests.support.raw import open_raw
from tests.support.scene import Scene, a_scene

SECRET_WORDS = ("ada@", "Lovelace", "0113")


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """A shop that is ready to sell."""
    return a_scene(shop)


def _last(shop: Shop, table: str) -> AuditEntry:
    return shop.audit.list(table_name=table, limit=1).items[0]


def test_an_update_tells_only_what_changed(shop: Shop, scene: Scene) -> None:
    """The old and the new values of the changed columns, and nothing else."""
    shop.catalog.set_price(scene.variant_ids[0], price=Decimal("4.5"))

    entry = _last(shop, "product_variants")
    assert (entry.row_key, entry.action, entry.actor) == (str(scene.variant_ids[0]), "update", "system")
    assert (entry.before, entry.after) == ('{"price":10}', '{"price":4.5}')
    assert (entry.old(), entry.new()) == ({"price": 10}, {"price": Decimal("4.5")})


@pytest.mark.usefixtures("scene")
def test_an_insert_has_no_before(shop: Shop) -> None:
    """A new row is told whole, in the columns' own order."""
    shop.delivery.create_shipping_method(code="bike", name="B", price=Decimal("99999999999.9999"), countries=("GB",))

    entry = _last(shop, "shipping_methods")
    assert (entry.action, entry.before) == ("insert", None)
    assert entry.after == (
        '{"code":"bike","name":"B","price":99999999999.9999,"free_from":null,"countries":["GB"],"is_active":true}'
    )


@pytest.mark.parametrize("amount", ["0", "0.0001", "0.1", "100", "12345678901.2345", "99999999999.9999"])
def test_money_is_told_to_its_last_digit(shop: Shop, scene: Scene, amount: str) -> None:
    """An amount comes back from the log as it was, from the smallest to the largest."""
    shop.catalog.set_price(scene.variant_ids[0], price=Decimal(amount))

    assert Decimal(_last(shop, "product_variants").new()["price"]) == Decimal(amount)


@pytest.mark.usefixtures("scene")
def test_a_delete_has_no_after(shop: Shop, url: str, engine_name: str) -> None:
    """A deleted row leaves what it was, whoever deleted it."""
    shop.delivery.create_shipping_method(code="bike", name="B", price=Decimal(1))
    raw = open_raw(engine_name, url)

    raw.run("DELETE FROM shipping_methods WHERE code = 'bike'")

    entry = _last(shop, "shipping_methods")
    assert (entry.action, entry.after, entry.old()["code"]) == ("delete", None, "bike")
    raw.close()


@pytest.mark.usefixtures("scene")
def test_raw_writers_are_written_down_too(shop: Shop, url: str, engine_name: str) -> None:
    """Nobody goes round the log; on PostgreSQL it says which role it was."""
    raw = open_raw(engine_name, url)
    role = raw.run("SELECT session_user")[0][0] if engine_name == "postgresql" else "system"

    raw.run("UPDATE categories SET name = 'Other'")

    entry = _last(shop, "categories")
    assert (entry.actor, entry.new()) == (role, {"name": "Other"})
    raw.close()


@pytest.mark.usefixtures("scene")
def test_what_changes_nothing_is_not_written(shop: Shop) -> None:
    """An update to the same values leaves no entry."""
    before = shop.audit.list().items[0]

    shop.settings.update(order_expiry_minutes=shop.settings.get().order_expiry_minutes)

    assert shop.audit.list().items[0] == before


@pytest.mark.usefixtures("scene")
def test_imports_of_the_catalogue_are_not_slowed(shop: Shop) -> None:
    """New products and variants leave no entry: they are made in bulk."""
    entries = shop.audit.list(table_name="products").items + shop.audit.list(table_name="product_variants").items

    assert {entry.action for entry in entries} == {"update"}


def test_people_are_named_by_column_only(shop: Shop, scene: Scene) -> None:
    """Of a customer the log tells flags, and which columns changed, never what is in them."""
    shop.customers.update_profile(scene.customer_id, phone="0113 496 0000")
    shop.customers.deactivate(scene.customer_id)

    closed, profile = shop.audit.list(table_name="customers").items[:2]
    assert (profile.before, profile.after) == ('{"phone":null}', '{"phone":null}')
    assert (closed.before, closed.after) == ('{"is_active":true}', '{"is_active":false}')
    assert not any(word in str(shop.audit.list(limit=500)) for word in SECRET_WORDS)


def test_the_actor_of_a_transaction_stands_in_every_entry(shop: Shop, scene: Scene) -> None:
    """Whoever the transaction names did it, with the customer's key where it was one."""
    with shop.transaction(actor="anna", customer_id=scene.customer_id) as tx:
        tx.settings.update(order_expiry_minutes=77)
        with tx.transaction() as inner:
            inner.catalog.rename_category(scene.category_id, name="Kitchenware")
    shop.settings.update(order_expiry_minutes=78)

    system, category, settings = shop.audit.list().items[:3]
    assert (settings.actor, category.actor, system.actor) == ("anna", "anna", "system")
    assert (category.actor_customer_id, system.actor_customer_id) == (scene.customer_id, None)


@pytest.mark.usefixtures("scene")
def test_run_names_the_actor_as_well(shop: Shop) -> None:
    """A repeated unit acts in the same name."""
    shop.run(lambda tx: tx.settings.update(order_expiry_minutes=77), actor="bob")

    assert shop.audit.list(actor="bob").items[0].table_name == "shop_settings"


@pytest.mark.usefixtures("scene")
def test_an_actor_ends_with_its_transaction(shop: Shop) -> None:
    """Neither a commit nor a rollback leaves a name for whoever comes next."""
    with pytest.raises(ZeroDivisionError), shop.transaction(actor="anna") as tx:
        tx.settings.update(order_expiry_minutes=77)
        _ = 1 // 0
    shop.settings.update(order_expiry_minutes=79)

    assert shop.audit.list().items[0].actor == "system"
    assert shop.audit.list(actor="anna").items == ()


@pytest.mark.parametrize("arguments", [{"actor": ""}, {"actor": "a" * 101}, {"customer_id": 1}])
def test_bad_actors_are_refused(shop: Shop, arguments: dict[str, Any]) -> None:
    """An actor has a name of 1 to 100 characters; a customer is no name."""
    with pytest.raises(InvalidValue):
        shop.transaction(**arguments)


def test_nobody_acts_where_nothing_is_written(shop: Shop) -> None:
    """A read-only transaction takes no actor."""
    with pytest.raises(InvalidValue):
        shop.transaction(read_only=True, actor="anna")


@pytest.mark.usefixtures("scene")
def test_lists_filter_and_page(shop: Shop) -> None:
    """By row, by time and by key, newest first."""
    for minutes in (70, 71, 72):
        shop.settings.update(order_expiry_minutes=minutes)
    rows = shop.audit.list(table_name="shop_settings", row_key=1).items

    first = shop.audit.list(table_name="shop_settings", limit=1)
    rest = shop.audit.list(table_name="shop_settings", limit=500, after=first.next)
    assert (*first.items, *rest.items) == rows
    assert shop.audit.list(changed_from=rows[1].changed_at, changed_to=rows[0].changed_at).items == (rows[1],)


@pytest.mark.usefixtures("shop", "scene")
def test_the_log_is_append_only(url: str, engine_name: str) -> None:
    """No entry can be changed or deleted, nor replaced."""
    raw = open_raw(engine_name, url)

    for sql in (
        "UPDATE audit_log SET actor = 'nobody'",
        "UPDATE audit_log SET changed_at = '2020-01-01T00:00:00.000000Z'",
        "DELETE FROM audit_log",
    ):
        with pytest.raises(InvalidValue) as caught:
            raw.run(sql)
        assert caught.value.constraint == "audit_log_append_only"
    raw.close()


@pytest.mark.usefixtures("scene")
def test_retention_deletes_what_it_said_it_would(shop: Shop, url: str, engine_name: str) -> None:
    """What is older than the log is complete from may go, and nothing else."""
    shop.settings.update(order_expiry_minutes=77)
    newest = shop.audit.list().items[0]
    raw = open_raw(engine_name, url)
    raw.run("UPDATE audit_state SET complete_from = ?", (newest.changed_at,))

    raw.run("DELETE FROM audit_log WHERE audit_log_id < ?", (newest.audit_log_id,))

    with pytest.raises(InvalidValue):
        raw.run("DELETE FROM audit_log")
    assert shop.audit.list().items == (newest,)
    raw.close()


@pytest.mark.usefixtures("scene")
def test_a_deleted_customer_leaves_the_entries(shop: Shop, url: str, engine_name: str) -> None:
    """What a customer did stays, without the key."""
    eve = shop.customers.register(NewCustomer(email="eve@example.com"))
    with shop.transaction(actor="eve", customer_id=eve.customer_id) as tx:
        tx.settings.update(order_expiry_minutes=77)
    raw = open_raw(engine_name, url)

    raw.run("DELETE FROM customers WHERE customer_id = ?", (eve.customer_id,))

    entry = shop.audit.list(table_name="shop_settings").items[0]
    assert (entry.actor, entry.actor_customer_id) == ("eve", None)
    assert _last(shop, "customers").action == "delete"
    raw.close()

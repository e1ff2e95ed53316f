"""How many statements each method of the storefront's repositories sends, however much there is."""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import pytest

from lumia import Shop
from lumia.dto.stock import Receipt
from tests.support.calls import CALLS, Call, methods_of, repositories_of
from tests.support.counting import Counter, counting_shop
from tests.support.grown import grow
from tests.support.world import World, lay_out

COUNTS: Final = MappingProxyType(
    {
        "audit.list": 1,
        "audit.list: filtered": 1,
        "carts.abandoned": 1,
        "carts.by_token": 1,
        "carts.clear": 5,
        "carts.create_guest": 1,
        "carts.for_customer": 2,
        "carts.for_customer: who has one": 1,
        "carts.get": 2,
        "carts.merge": 8,
        "carts.remove_bundle": 5,
        "carts.remove_item": 5,
        "carts.set_bundle": 5,
        "carts.set_item": 5,
        "catalog.add_image": 3,
        "catalog.add_option": 7,
        "catalog.add_option_value": 5,
        "catalog.archive": 1,
        "catalog.archive_bundle": 3,
        "catalog.bundle_by_slug": 3,
        "catalog.by_slug": 6,
        "catalog.category_descendants": 1,
        "catalog.category_tree": 1,
        "catalog.create_bundle": 4,
        "catalog.create_category": 1,
        "catalog.create_product": 3,
        "catalog.create_variant": 8,
        "catalog.create_variants": 11,
        "catalog.get_bundle": 3,
        "catalog.get_category": 1,
        "catalog.get_product": 6,
        "catalog.get_variant": 1,
        "catalog.list_bundles": 3,
        "catalog.list_bundles: on sale": 3,
        "catalog.list_products": 1,
        "catalog.list_products: filtered, newest first": 1,
        "catalog.list_products: in stock at a price, by name": 1,
        "catalog.list_products: of a category": 1,
        "catalog.lowest_price": 1,
        "catalog.move_category": 1,
        "catalog.price_history": 1,
        "catalog.publish": 1,
        "catalog.publish_bundle": 3,
        "catalog.reindex": 3,
        "catalog.remove_image": 1,
        "catalog.rename_category": 1,
        "catalog.reorder_images": 4,
        "catalog.search": 2,
        "catalog.search: filtered": 3,
        "catalog.search: misspelt": 4,
        "catalog.search: misspelt and filtered": 5,
        "catalog.set_bundle_price": 3,
        "catalog.set_price": 1,
        "catalog.suggest": 1,
        "catalog.update_image": 1,
        "catalog.update_product": 3,
        "catalog.update_variant": 1,
        "catalog.update_variant: another SKU": 4,
        "catalog.variant_by_sku": 1,
        "checkout.place": 15,
        "checkout.place: a guest": 18,
        "checkout.place: for nothing": 22,
        "checkout.place: with a bundle": 17,
        "checkout.place: with a coupon code": 20,
        "checkout.quote": 6,
        "checkout.quote: with a bundle": 6,
        "checkout.quote: with coupon codes": 9,
        "coupons.by_code": 3,
        "coupons.check": 5,
        "coupons.create": 3,
        "coupons.create: with tiers and targets": 5,
        "coupons.disable": 4,
        "coupons.get": 3,
        "coupons.list": 1,
        "coupons.redemptions": 1,
        "customers.add_address": 5,
        "customers.add_imported": 2,
        "customers.addresses": 1,
        "customers.archive_address": 2,
        "customers.authenticate": 5,
        "customers.by_email": 1,
        "customers.by_public_id": 1,
        "customers.by_session": 1,
        "customers.by_session: seen long ago": 2,
        "customers.change_password": 5,
        "customers.deactivate": 2,
        "customers.get": 1,
        "customers.list": 1,
        "customers.list: filtered, newest first": 1,
        "customers.log_out": 1,
        "customers.log_out_everywhere": 1,
        "customers.reactivate": 1,
        "customers.register": 2,
        "customers.register: with a password": 3,
        "customers.replace_address": 5,
        "customers.reset_password": 6,
        "customers.set_default_address": 3,
        "customers.set_password": 4,
        "customers.start_email_verification": 3,
        "customers.start_password_reset": 3,
        "customers.update_profile": 1,
        "customers.verify_email": 4,
        "delivery.add_tax_rate": 1,
        "delivery.create_shipping_method": 1,
        "delivery.get_shipping_method": 1,
        "delivery.shipping_methods": 1,
        "delivery.tax_rates": 1,
        "delivery.update_shipping_method": 1,
        "orders.approve_return": 8,
        "orders.assign_invoices": 4,
        "orders.by_number": 11,
        "orders.by_public_id": 11,
        "orders.cancel": 21,
        "orders.cancel: a paid order": 25,
        "orders.cancel_items": 20,
        "orders.cancel_items: of a paid order, with a key": 28,
        "orders.deliver": 17,
        "orders.deliver: one shipment": 17,
        "orders.expire_pending": 11,
        "orders.get": 10,
        "orders.get_return": 2,
        "orders.history": 2,
        "orders.list": 1,
        "orders.list: filtered, largest first": 1,
        "orders.of_customer": 1,
        "orders.receive_return": 12,
        "orders.reject_return": 8,
        "orders.request_return": 8,
        "orders.request_return: with a key": 10,
        "orders.search": 1,
        "orders.ship": 21,
        "orders.ship: one line, with a key": 24,
        "payments.apply_event": 9,
        "payments.apply_event: a refund": 14,
        "payments.authorize": 7,
        "payments.capture": 8,
        "payments.capture: with the provider's key of it": 9,
        "payments.events": 1,
        "payments.fail": 7,
        "payments.fail_refund": 12,
        "payments.get": 1,
        "payments.of_order": 1,
        "payments.record": 4,
        "payments.record: with a key": 6,
        "payments.refund": 11,
        "payments.refund: units": 11,
        "payments.refund_items": 10,
        "payments.refund_items: with a key": 12,
        "payments.refunds": 2,
        "payments.settle_refund": 11,
        "payments.void": 7,
        "privacy.erase": 29,
        "privacy.export": 22,
        "privacy.settle": 0,
        "reports.average_order_value": 1,
        "reports.repeat_rate": 2,
        "reports.sales_by_country": 1,
        "reports.sales_by_month": 3,
        "reports.summary": 1,
        "reports.top_customers": 1,
        "reports.top_products": 1,
        "reports.top_products: by quantity": 1,
        "reviews.edit": 1,
        "reviews.get": 1,
        "reviews.of_product": 1,
        "reviews.of_product: most helpful first, with five stars": 1,
        "reviews.pending": 1,
        "reviews.publish": 1,
        "reviews.reject": 1,
        "reviews.summary": 1,
        "reviews.unvote": 2,
        "reviews.vote": 2,
        "reviews.write": 1,
        "settings.get": 1,
        "settings.update": 1,
        "stock.add_location": 1,
        "stock.adjust": 3,
        "stock.available": 1,
        "stock.backorders": 1,
        "stock.levels": 1,
        "stock.locations": 1,
        "stock.low_stock": 1,
        "stock.movements": 1,
        "stock.receive": 3,
        "stock.receive_many": 2,
        "stock.release": 1,
        "stock.reservations": 1,
        "stock.reserve": 6,
        "stock.set_levels": 1,
        "stock.set_on_hand": 4,
        "stock.sweep_reservations": 1,
        "stock.transfer": 4,
        "stock.update_location": 1,
        "stock.write_off": 3,
        "verify.run": 20,
        "verify.steps": 20,
        "wishlists.add": 4,
        "wishlists.create": 3,
        "wishlists.delete": 1,
        "wishlists.get": 2,
        "wishlists.move_to_cart": 6,
        "wishlists.move_to_cart: one to the customer's own": 7,
        "wishlists.of_customer": 1,
        "wishlists.remove": 3,
        "wishlists.rename": 1,
        "wishlists.share": 1,
        "wishlists.shared": 2,
        "wishlists.unshare": 1,
        "outbox.acknowledge": 2,
        "outbox.fail": 1,
        "outbox.lease": 2,
        "outbox.pending": 1,
        "outbox.release": 1,
        "retention.account_tokens": 2,
        "retention.account_tokens: counted": 1,
        "retention.audit_log": 4,
        "retention.audit_log: counted": 1,
        "retention.carts": 2,
        "retention.carts: counted": 1,
        "retention.idempotency_keys": 2,
        "retention.idempotency_keys: counted": 1,
        "retention.outbox": 2,
        "retention.outbox: counted": 1,
        "retention.reservations": 2,
        "retention.reservations: counted": 1,
        "retention.sessions": 2,
        "retention.sessions: counted": 1,
        "retention.stock_ledger": 2,
        "retention.stock_ledger: counted": 1,
    }
)
"""What each docstring says; a statement that runs once per parameter row counts once."""

TABLE_BY_TABLE: Final = MappingProxyType(
    {name: count + 8 for name, count in COUNTS.items() if name.startswith("checkout.place")}
)
"""What it is where no statement can write a whole order: on SQLite."""

REPOSITORIES: Final = frozenset(name.split(".")[0] for name in COUNTS)


WORDS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
"""Longer numbers are written in digits."""


class _UndoneError(Exception):
    """Ends a transaction without keeping anything of it."""


def counts(shop: Shop, counter: Counter, world: World) -> dict[str, int]:
    """Count each call's statements, each from the same state."""
    found = {}
    for call in CALLS:
        if call.name in COUNTS:
            with pytest.raises(_UndoneError), shop.transaction() as tx:
                found[call.name] = counter.of(lambda call=call, tx=tx: call.run(tx, world))  # type: ignore[misc]
                raise _UndoneError
    return found


def test_the_number_of_statements_does_not_grow_with_the_data(shop: Shop, engine_name: str) -> None:
    """A page of five hundred costs as many round trips as a page of one."""
    counted, counter = counting_shop(shop)
    world = lay_out(counted)

    small = counts(counted, counter, world)
    large = counts(counted, counter, grow(counted, world, 20))

    expected = COUNTS | TABLE_BY_TABLE if engine_name == "sqlite" else COUNTS
    assert small == expected
    assert large == expected


def test_a_shop_and_a_transaction_send_the_same_statements(shop: Shop) -> None:
    """A savepoint instead of a transaction is the only difference."""
    counted, counter = counting_shop(shop)
    world = lay_out(counted)
    reads: list[Call] = [call for call in CALLS if call.name in COUNTS and not call.writes]

    found = {call.name: counter.of(lambda call=call: call.run(counted, world)) for call in reads}  # type: ignore[misc]

    assert found == {call.name: COUNTS[call.name] for call in reads}


def test_products_and_carts_are_read_alike_with_one_part_and_with_many(shop: Shop) -> None:
    """Options, values, variants and lines come set by set, never one by one."""
    counted, counter = counting_shop(shop)
    world = lay_out(counted)
    for name in ("A", "B", "C"):
        counted.catalog.add_option(world.draft_product_id, name=name, values=["1", "2", "3"])

    made = counter.of(lambda: counted.catalog.create_variants(world.draft_product_id, sku_prefix="X", price=Decimal(1)))
    read = counter.of(lambda: counted.catalog.get_product(world.draft_product_id))

    assert len(counted.catalog.get_product(world.draft_product_id).variants) == 27
    assert (made, read) == (COUNTS["catalog.create_variants"], COUNTS["catalog.get_product"])


def test_a_delivery_is_booked_by_two_statements_however_long_it_is(shop: Shop) -> None:
    """Each runs once per stock row, in one go."""
    counted, counter = counting_shop(shop)
    world = lay_out(counted)
    delivery = [
        Receipt(variant_id=variant_id, location_id=location_id, quantity=1)
        for variant_id in (world.variant_id, world.other_variant_id)
        for location_id in (world.location_id, world.spare_location_id)
    ]

    found = [counter.of(lambda size=size: counted.stock.receive_many(delivery * size)) for size in (1, 100)]  # type: ignore[misc]

    assert found == [COUNTS["stock.receive_many"]] * 2


def number_of(word: str) -> int | None:
    """Read a number, None for any other word."""
    return int(word) if word.isdecimal() else WORDS.index(word) if word in WORDS else None


def says(text: str, count: int) -> bool:
    """Tell whether a docstring names a number of statements, or a range that it is in, by words or in digits."""
    for least, most in re.findall(r"\b(?:(\w+) (?:to|or) )?(\w+) statements?\b", text):
        last = number_of(most)
        first = number_of(least)
        if last is not None and (last if first is None else first) <= count <= last:
            return True
    return False


def test_every_docstring_says_how_many(shop: Shop) -> None:
    """Whoever plans a page reads its cost where the method is described; what is special may cost some more."""
    repositories = dict(repositories_of(shop))

    silent = []
    for name, count in COUNTS.items():
        called, _, special = name.partition(": ")
        repository, method = called.split(".")
        text = " ".join((getattr(repositories[repository], method).__doc__ or "").lower().split())
        adds_up = special and " more" in text
        if not (says(text, count) or adds_up or (name == "carts.for_customer" and "one statement, two when" in text)):
            silent.append(f"{name}: {count}")

    assert silent == []


def test_every_method_is_counted(shop: Shop) -> None:
    """A new method states how many statements it sends."""
    methods = {
        f"{name}.{method}"
        for name, repository in repositories_of(shop)
        if name in REPOSITORIES
        for method in methods_of(repository)
    }

    assert {name.split(":")[0] for name in COUNTS} == methods

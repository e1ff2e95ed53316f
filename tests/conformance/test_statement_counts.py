"""How many statements each method of the storefront's repositories sends, however much there is."""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import pytest

from lumia import Shop
from lumia.dto.customers import NewCustomer
from lumia.dto.stock import Receipt
from tests.support.calls import CALLS, Call, methods_of, repositories_of
from tests.support.counting import Counter, counting_shop
from tests.support.world import HOME, World, lay_out

COUNTS: Final = MappingProxyType(
    {
        "carts.abandoned": 1,
        "carts.by_token": 1,
        "carts.clear": 4,
        "carts.create_guest": 1,
        "carts.for_customer": 2,
        "carts.for_customer: who has one": 1,
        "carts.get": 2,
        "carts.merge": 7,
        "carts.remove_item": 4,
        "carts.set_item": 4,
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
        "catalog.search: filtered": 2,
        "catalog.set_bundle_price": 3,
        "catalog.set_price": 1,
        "catalog.suggest": 1,
        "catalog.update_image": 1,
        "catalog.update_product": 3,
        "catalog.update_variant": 1,
        "catalog.update_variant: another SKU": 4,
        "catalog.variant_by_sku": 1,
        "customers.add_address": 5,
        "customers.add_imported": 2,
        "customers.addresses": 1,
        "customers.archive_address": 1,
        "customers.authenticate": 4,
        "customers.by_email": 1,
        "customers.by_public_id": 1,
        "customers.by_session": 1,
        "customers.by_session: seen long ago": 2,
        "customers.change_password": 4,
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
        "customers.reset_password": 5,
        "customers.set_default_address": 3,
        "customers.set_password": 3,
        "customers.start_email_verification": 2,
        "customers.start_password_reset": 2,
        "customers.update_profile": 1,
        "customers.verify_email": 2,
        "delivery.add_tax_rate": 1,
        "delivery.create_shipping_method": 1,
        "delivery.get_shipping_method": 1,
        "delivery.shipping_methods": 1,
        "delivery.tax_rates": 1,
        "delivery.update_shipping_method": 1,
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
        "wishlists.add": 4,
        "wishlists.create": 3,
        "wishlists.delete": 1,
        "wishlists.get": 2,
        "wishlists.move_to_cart": 5,
        "wishlists.move_to_cart: one to the customer's own": 6,
        "wishlists.of_customer": 1,
        "wishlists.remove": 3,
        "wishlists.rename": 1,
        "wishlists.share": 1,
        "wishlists.shared": 2,
        "wishlists.unshare": 1,
    }
)
"""What each docstring says; a statement that runs once per parameter row counts once."""

REPOSITORIES: Final = frozenset(name.split(".")[0] for name in COUNTS)


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


def grow(shop: Shop, world: World, size: int) -> None:
    """Add so many of everything, also to what the calls look at."""
    for at in range(size):
        shop.customers.register(NewCustomer(email=f"c{at}@example.com"))
        shop.customers.add_address(world.customer_id, address=HOME)
        shop.catalog.create_category(name="X", slug=f"x-{at}", parent_id=world.category_id)
        shop.delivery.create_shipping_method(code=f"m{at}", name="X", price=Decimal(1))
        shop.delivery.add_tax_rate(country_code="GB", region=f"R{at}", rate=Decimal(0))
        shop.catalog.set_price(world.variant_id, price=Decimal(at + 1))
        location = shop.stock.add_location(name=f"L{at}", priority=5)
        shop.stock.receive(world.variant_id, location_id=location.location_id, quantity=1)
        product = shop.catalog.create_product(category_id=world.category_id, slug=f"p-{at}", name="X")
        variant = shop.catalog.create_variant(product.product_id, sku=f"P{at}", price=Decimal(1))
        shop.catalog.add_image(world.optional_product_id, url="/x.jpg")
        shop.catalog.create_bundle(
            sku=f"SET-{at}", slug=f"set-{at}", name=f"Set {at}", price=Decimal(1), items=((variant.variant_id, 1),)
        )
        shop.catalog.publish(product.product_id)
        shop.carts.set_item(world.cart_id, variant_id=variant.variant_id, quantity=1)
        shop.wishlists.create(world.customer_id, name=f"W{at}")
        shop.wishlists.add(world.liked.wishlist_id, variant_id=variant.variant_id)


def test_the_number_of_statements_does_not_grow_with_the_data(shop: Shop) -> None:
    """A page of five hundred costs as many round trips as a page of one."""
    counted, counter = counting_shop(shop)
    world = lay_out(counted)

    small = counts(counted, counter, world)
    grow(counted, world, 20)
    large = counts(counted, counter, world)

    assert small == COUNTS
    assert large == COUNTS


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


def test_every_docstring_says_how_many(shop: Shop) -> None:
    """Whoever plans a page reads its cost where the method is described."""
    repositories = dict(repositories_of(shop))
    words = dict(
        enumerate(
            ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=1
        )
    )

    silent = []
    for name, count in COUNTS.items():
        repository, method = name.split(":")[0].split(".")
        text = " ".join((getattr(repositories[repository], method).__doc__ or "").lower().split())
        said = re.search(
            rf"\b{words[count]}(?: to \w+| or \w+)? statements?\b|\b(?:to|or) {words[count]} statements\b", text
        )
        if not said and not (name == "carts.for_customer" and "one statement, two when" in text):
            silent.append(name)

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

"""Products: their life from draft to archive, and the lists of them, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest

from lumia import Shop
from lumia.dto.catalog import Category, Product
from lumia.errors import AlreadyExists, InvalidReference, InvalidValue, NotFound
from lumia.repos.catalog import Catalog
from lumia.types import Page, ProductStatus


def shelf(shop: Shop, name: str, parent: Category | None = None) -> Category:
    """A category called by one word."""
    return shop.catalog.create_category(
        name=name.title(), slug=name, parent_id=None if parent is None else parent.category_id
    )


def product(shop: Shop, category: Category, slug: str) -> Product:
    """A draft called by its slug."""
    return shop.catalog.create_product(category_id=category.category_id, slug=slug, name=slug.title())


def test_a_product_begins_as_a_draft(shop: Shop) -> None:
    """Nobody buys what is not finished."""
    tea = shelf(shop, "tea")

    sencha = shop.catalog.create_product(
        category_id=tea.category_id, slug="sencha", name=" Sencha ", description="Green.\n\nSteamed."
    )

    assert (sencha.name, sencha.slug, sencha.description) == ("Sencha", "sencha", "Green.\n\nSteamed.")
    assert (sencha.status, sencha.category_id) == (ProductStatus.DRAFT, tea.category_id)
    assert sencha.created_at == sencha.updated_at


def test_a_product_is_published_archived_and_published_again(shop: Shop) -> None:
    """Each step may be repeated and changes nothing but the status."""
    sencha = product(shop, shelf(shop, "tea"), "sencha")

    steps = [
        shop.catalog.publish(sencha.product_id),
        shop.catalog.publish(sencha.product_id),
        shop.catalog.archive(sencha.product_id),
        shop.catalog.publish(sencha.product_id),
    ]

    active, archived = ProductStatus.ACTIVE, ProductStatus.ARCHIVED
    assert [step.status for step in steps] == [active, active, archived, active]
    assert steps[-1].model_copy(update={"status": sencha.status, "updated_at": sencha.updated_at}) == sencha


def test_a_product_changes_where_it_is_told_to(shop: Shop) -> None:
    """What is not mentioned stays; an empty description is a description."""
    tea, food = shelf(shop, "tea"), shelf(shop, "food")
    sencha = product(shop, tea, "sencha")
    key = sencha.product_id

    described = shop.catalog.update_product(key, description="x" * 20_000)
    moved = shop.catalog.update_product(key, category_id=food.category_id, slug="sencha-2", name="Sencha II")
    emptied = shop.catalog.update_product(key, description="")

    assert (len(described.description), described.name) == (20_000, "Sencha")
    assert (moved.category_id, moved.slug, moved.name) == (food.category_id, "sencha-2", "Sencha II")
    assert moved.description == described.description
    assert (emptied.description, emptied.name) == ("", "Sencha II")


def test_a_product_is_read_with_everything_that_belongs_to_it(shop: Shop) -> None:
    """Options and values in their order, variants with their values and what is available of each."""
    tea = shelf(shop, "tea")
    tin, other = product(shop, tea, "tin"), product(shop, tea, "other")
    size = shop.catalog.add_option(tin.product_id, name="Size", values=["L", "S"])
    colour = shop.catalog.add_option(tin.product_id, name="Colour", values=["red"])
    shop.catalog.add_option(other.product_id, name="Size", values=["S"])
    large, small = (
        shop.catalog.create_variant(
            tin.product_id,
            sku=f"TIN-{value.value}",
            price=Decimal("2.5"),
            option_value_ids=[colour.values[0].option_value_id, value.option_value_id],
        )
        for value in size.values
    )
    shop.catalog.create_variants(other.product_id, sku_prefix="OTHER", price=Decimal(1))
    main, spare = shop.stock.add_location(name="Main"), shop.stock.add_location(name="Spare")
    closed = shop.stock.add_location(name="Closed", is_active=False)
    for location in (main, spare, closed):
        shop.stock.receive(small.variant_id, location_id=location.location_id, quantity=4)

    detail = shop.catalog.get_product(tin.product_id)

    assert detail.slug == "tin"
    assert detail.options == (size, colour)
    assert [option.position for option in detail.options] == [0, 1]
    assert [value.value for value in detail.options[0].values] == ["L", "S"]
    assert [variant.sku for variant in detail.variants] == [large.sku, small.sku]
    assert [variant.available for variant in detail.variants] == [0, 8]
    assert [variant.option_value_ids for variant in detail.variants] == [
        tuple(sorted((value.option_value_id, colour.values[0].option_value_id))) for value in size.values
    ]
    assert detail.variants[0].model_dump(exclude={"available", "option_value_ids"}) == large.model_dump()
    assert shop.catalog.by_slug("tin") == detail


def test_a_product_without_anything_is_read_too(shop: Shop) -> None:
    """A draft begins with neither options nor variants."""
    tin = product(shop, shelf(shop, "tea"), "tin")

    detail = shop.catalog.get_product(tin.product_id)

    assert (detail.options, detail.variants) == ((), ())
    assert shop.catalog.by_slug("tin") == detail


def slugs(page: Page[Product]) -> list[str]:
    """What a page lists."""
    return [row.slug for row in page.items]


def test_products_are_listed_by_category_with_all_below_it_and_by_status(shop: Shop) -> None:
    """The filters work each alone and together; a category without products lists none."""
    tea, food = shelf(shop, "tea"), shelf(shop, "food")
    green = shelf(shop, "green", tea)
    sencha = shelf(shop, "sencha", green)
    rows = {
        slug: product(shop, category, slug)
        for slug, category in (("a", tea), ("b", green), ("c", sencha), ("d", food), ("e", sencha))
    }
    shop.catalog.publish(rows["b"].product_id)
    shop.catalog.publish(rows["e"].product_id)
    shop.catalog.archive(rows["d"].product_id)
    listed = shop.catalog.list_products

    assert slugs(listed()) == ["a", "b", "c", "d", "e"]
    assert slugs(listed(category_id=tea.category_id)) == ["a", "b", "c", "e"]
    assert slugs(listed(category_id=green.category_id)) == ["b", "c", "e"]
    assert slugs(listed(category_id=food.category_id)) == ["d"]
    assert slugs(listed(status="active")) == ["b", "e"]
    assert slugs(listed(status=ProductStatus.ARCHIVED)) == ["d"]
    assert slugs(listed(category_id=sencha.category_id, status="active")) == ["e"]
    assert slugs(listed(category_id=food.category_id, status="active")) == []
    assert slugs(listed(category_id=10**9)) == []


def test_every_list_of_products_goes_page_by_page(shop: Shop) -> None:
    """A product appears once, whichever filter the pages are cut from."""
    tea = shelf(shop, "tea")
    green = shelf(shop, "green", tea)
    for at in range(5):
        shop.catalog.publish(product(shop, green if at % 2 else tea, f"p-{at}").product_id)

    for category_id in (None, tea.category_id):
        for status in (None, "active"):
            listed = partial(shop.catalog.list_products, category_id=category_id, status=status, limit=2)
            first = listed()
            second = listed(after=first.next)
            third = listed(after=second.next)

            assert slugs(first) + slugs(second) + slugs(third) == [f"p-{at}" for at in range(5)]
            assert third.next is None


REFUSED: list[tuple[type[Exception], str, Callable[[Catalog, Product], object]]] = [
    (AlreadyExists, "taken", lambda it, tin: it.create_product(category_id=tin.category_id, slug="tin", name="T")),
    (AlreadyExists, "taken", lambda it, tin: it.update_product(tin.product_id, slug="pot")),
    (InvalidReference, "referred to", lambda it, _: it.create_product(category_id=99, slug="x", name="X")),
    (InvalidReference, "referred to", lambda it, tin: it.update_product(tin.product_id, category_id=99)),
    (NotFound, "99", lambda it, _: it.get_product(99)),
    (NotFound, "slug", lambda it, _: it.by_slug("nothing")),
    (NotFound, "99", lambda it, _: it.update_product(99, name="X")),
    (NotFound, "99", lambda it, _: it.publish(99)),
    (NotFound, "99", lambda it, _: it.archive(99)),
    (InvalidValue, "product_id", lambda it, _: it.get_product(-1)),
    (InvalidValue, "slug", lambda it, _: it.by_slug("a\0b")),
    (InvalidValue, "name", lambda it, tin: it.update_product(tin.product_id, name="")),
    (InvalidValue, "description", lambda it, tin: it.update_product(tin.product_id, description="x" * 20_001)),
    (InvalidValue, "status", lambda it, _: it.list_products(status="sold")),
    (InvalidValue, "category_id", lambda it, _: it.list_products(category_id=0)),
    (InvalidValue, "limit", lambda it, _: it.list_products(limit=501)),
]


def test_what_does_not_fit_is_refused_by_name(shop: Shop) -> None:
    """The same class on both engines, the argument or key in the message, and nothing changed."""
    tea = shelf(shop, "tea")
    tin = product(shop, tea, "tin")
    product(shop, tea, "pot")
    before = shop.catalog.list_products()

    for error, word, call in REFUSED:
        with pytest.raises(error, match=word):
            call(shop.catalog, tin)

    assert shop.catalog.list_products() == before

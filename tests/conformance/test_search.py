"""Search on both engines: terms, tiers, filters, facets, snippets, pages, suggestions, and text that means no well."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lumia import Shop
from lumia.dto.catalog import Product
from lumia.dto.search import CategoryCount, OptionCount, Snippet, Suggestion
from lumia.errors import InvalidValue
from tests.support.search_year import HOSTILE


def add(shop: Shop, category_id: int, name: str, description: str = "", price: str = "10") -> Product:
    """A product on sale with one plain variant that is not in stock."""
    number = len(shop.catalog.list_products(limit=500).items)
    product = shop.catalog.create_product(
        category_id=category_id, slug=f"p-{number}", name=name, description=description
    )
    shop.catalog.create_variant(product.product_id, sku=f"SKU{number}", price=Decimal(price))
    return shop.catalog.publish(product.product_id)


@pytest.fixture
def tea(shop: Shop) -> int:
    """A category to put products into."""
    return shop.catalog.create_category(name="Tea", slug="tea").category_id


def found(shop: Shop, text: str, **filters: Any) -> list[str]:
    """The names of what a search gives, in its order."""
    return [item.name.text for item in shop.catalog.search(text, **filters).items]


def tiers(shop: Shop, text: str) -> list[tuple[str, int]]:
    """The names with their tiers."""
    return [(item.name.text, item.tier) for item in shop.catalog.search(text).items]


def test_a_product_is_found_by_every_word_that_it_has(shop: Shop, tea: int) -> None:
    """All terms must be there, wherever they stand; case and accents do not matter."""
    add(shop, tea, "Crème bowl", "For two")
    add(shop, tea, "Red bowl", "For one")

    assert found(shop, "BOWL") == ["Crème bowl", "Red bowl"]
    assert found(shop, "creme two") == ["Crème bowl"]
    assert found(shop, "cre\u0300me") == ["Crème bowl"]
    assert found(shop, "red two") == []


def test_a_phrase_is_found_where_its_words_stand_next_to_each_other(shop: Shop, tea: int) -> None:
    """In their order and in one text: not from the name into the description."""
    add(shop, tea, "Red tea pot", "Holds a pint")
    add(shop, tea, "Tea, red")

    assert found(shop, '"red tea"') == ["Red tea pot"]
    assert found(shop, '"tea red"') == ["Tea, red"]
    assert found(shop, '"pot holds"') == []
    assert found(shop, '"red te') == ["Red tea pot"]
    assert found(shop, '"red te"') == []


def test_a_begin_is_found_with_a_star_or_at_the_end(shop: Shop, tea: int) -> None:
    """Any other word is a whole one."""
    add(shop, tea, "Teapot red")

    assert found(shop, "tea") == ["Teapot red"]
    assert found(shop, "tea* red") == ["Teapot red"]
    assert found(shop, "tea red") == []
    assert found(shop, "pot") == []


def test_name_comes_before_option_before_description_and_exact_before_begin(shop: Shop, tea: int) -> None:
    """The worst term decides, ties are in the order of keys."""
    add(shop, tea, "A", "redness")
    add(shop, tea, "B", "red")
    for name, value in (("C", "redwood"), ("D", "red")):
        option = shop.catalog.add_option(add(shop, tea, name).product_id, name="Wood", values=[value])
        assert option.values
    add(shop, tea, "Redden")
    add(shop, tea, "Red one")
    add(shop, tea, "Red two", "A pot")

    assert tiers(shop, "red") == [
        ("Red one", 0), ("Red two", 0), ("Redden", 1), ("D", 2), ("C", 3), ("B", 4), ("A", 5),
    ]  # fmt: skip
    assert tiers(shop, "red pot") == [("Red two", 4)]


def test_only_products_on_sale_with_an_active_variant_are_found(shop: Shop, tea: int) -> None:
    """A draft, an archived product and one that cannot be bought are nobody's hit."""
    product = add(shop, tea, "Pot")
    variant_id = shop.catalog.get_product(product.product_id).variants[0].variant_id
    shop.catalog.create_product(category_id=tea, slug="draft", name="Pot")

    assert found(shop, "pot") == ["Pot"]
    shop.catalog.update_variant(variant_id, is_active=False)
    assert found(shop, "pot") == []
    shop.catalog.update_variant(variant_id, is_active=True)
    shop.catalog.archive(product.product_id)
    assert found(shop, "pot") == []


def test_a_category_holds_what_stands_in_it_and_below(shop: Shop, tea: int) -> None:
    """Of one that does not exist there is nothing."""
    green = shop.catalog.create_category(name="Green", slug="green", parent_id=tea).category_id
    other = shop.catalog.create_category(name="Mugs", slug="mugs").category_id
    add(shop, tea, "Pot one")
    add(shop, green, "Pot two")
    add(shop, other, "Pot three")

    assert found(shop, "pot", category_id=tea) == ["Pot one", "Pot two"]
    assert found(shop, "pot", category_id=green) == ["Pot two"]
    assert found(shop, "pot", category_id=999) == []


def test_a_price_range_has_both_its_ends(shop: Shop, tea: int) -> None:
    """To the ten-thousandth."""
    add(shop, tea, "Pot", price="9.9999")

    assert found(shop, "pot", price_from=Decimal("9.9999"), price_to=Decimal("9.9999")) == ["Pot"]
    assert found(shop, "pot", price_from=Decimal(10)) == []
    assert found(shop, "pot", price_to=Decimal("9.9998")) == []


def test_one_variant_must_fit_all_filters(shop: Shop, tea: int) -> None:
    """A red one at a low price and a blue one in stock make no red one in stock."""
    product = shop.catalog.create_product(category_id=tea, slug="pot", name="Pot")
    option = shop.catalog.add_option(product.product_id, name="Colour", values=["red", "blue"])
    red, blue = (
        shop.catalog.create_variant(
            product.product_id, sku=value.value, price=Decimal(price), option_value_ids=[value.option_value_id]
        )
        for value, price in zip(option.values, (5, 9), strict=True)
    )
    shop.catalog.publish(product.product_id)
    place = shop.stock.add_location(name="Main").location_id
    shop.stock.receive(blue.variant_id, location_id=place, quantity=1)

    assert found(shop, "pot", in_stock=True, options={"Colour": "blue"}) == ["Pot"]
    assert found(shop, "pot", in_stock=True, options={"Colour": "red"}) == []
    assert found(shop, "pot", in_stock=False, options={"Colour": ["red", "green"]}) == ["Pot"]
    assert found(shop, "pot", in_stock=True, price_to=Decimal(6)) == []
    assert found(shop, "pot", options={"Colour": "red", "Size": "L"}) == []
    assert found(shop, "pot", options={"colour": "red"}) == []
    item = shop.catalog.search("pot", options={"Colour": "red"}).items[0]
    assert (item.price_from, item.is_in_stock) == (red.price, False)
    assert shop.catalog.search("pot").items[0].is_in_stock


def test_what_is_on_hold_for_a_cart_is_not_in_stock(shop: Shop, tea: int) -> None:
    """Available means the same here as everywhere."""
    product = add(shop, tea, "Pot")
    variant_id = shop.catalog.get_product(product.product_id).variants[0].variant_id
    shop.stock.receive(variant_id, location_id=shop.stock.add_location(name="Main").location_id, quantity=1)
    cart, _ = shop.carts.create_guest()
    shop.carts.set_item(cart.cart_id, variant_id=variant_id, quantity=1)

    assert shop.catalog.search("pot", in_stock=True).facets.in_stock == 1
    shop.stock.reserve(cart.cart_id, until=product.updated_at + timedelta(minutes=10))

    assert shop.catalog.search("pot", in_stock=True).facets.total == 0
    assert not shop.catalog.search("pot").items[0].is_in_stock


def test_facets_count_products_over_all_pages(shop: Shop, tea: int) -> None:
    """Each product once, with the filters that are given; the largest figures first, ties by name."""
    green = shop.catalog.create_category(name="Green", slug="green", parent_id=tea).category_id
    place = shop.stock.add_location(name="Main").location_id
    for number, (category, values) in enumerate([(tea, ["red", "blue"]), (green, ["red"]), (green, [])]):
        product = shop.catalog.create_product(category_id=category, slug=f"pot-{number}", name="Pot")
        if values:
            shop.catalog.add_option(product.product_id, name="Colour", values=values)
            shop.catalog.create_variants(product.product_id, sku_prefix=f"P{number}", price=Decimal(number + 1))
        else:
            variant = shop.catalog.create_variant(product.product_id, sku="PLAIN", price=Decimal(3))
            shop.stock.receive(variant.variant_id, location_id=place, quantity=1)
        shop.catalog.publish(product.product_id)

    whole = shop.catalog.search("pot", limit=1).facets
    dear = shop.catalog.search("pot", price_from=Decimal(2)).facets

    assert (whole.total, whole.in_stock) == (3, 1)
    assert whole.categories == (
        CategoryCount(category_id=green, name="Green", products=2),
        CategoryCount(category_id=tea, name="Tea", products=1),
    )
    assert whole.options == (
        OptionCount(name="Colour", value="red", products=2),
        OptionCount(name="Colour", value="blue", products=1),
    )
    assert (dear.total, dear.options) == (2, (OptionCount(name="Colour", value="red", products=1),))


def test_a_hit_shows_its_words_in_name_and_description(shop: Shop, tea: int) -> None:
    """As places in the text as it was written, so that nothing in it becomes markup."""
    add(shop, tea, "Crème <b>bowl</b>", "many words " * 50 + "a BOWL at last")

    item = shop.catalog.search("bow").items[0]

    assert item.name == Snippet(text="Crème <b>bowl</b>", marks=((9, 13),))
    assert item.snippet.text.startswith("…")
    assert [item.snippet.text[start:end] for start, end in item.snippet.marks] == ["BOWL"]


def test_pages_go_on_behind_the_last_hit(shop: Shop, tea: int) -> None:
    """Across tiers, each hit once."""
    for name, description in (("A", "pot"), ("Pot", ""), ("B", "pot"), ("Potter", ""), ("Pot", "again")):
        add(shop, tea, name, description)
    whole = [(item.tier, item.product_id) for item in shop.catalog.search("pot").items]

    for limit in (1, 2, 5):
        page, keys = shop.catalog.search("pot", limit=limit), []
        keys += [(item.tier, item.product_id) for item in page.items]
        while page.next is not None:
            page = shop.catalog.search("pot", limit=limit, after=page.next)
            keys += [(item.tier, item.product_id) for item in page.items]

        assert keys == whole
        assert len(keys) == 5


def test_suggestions_are_names_that_go_on_like_what_was_typed(shop: Shop, tea: int) -> None:
    """Whole words first; descriptions and options are not asked."""
    add(shop, tea, "Potter")
    pot = add(shop, tea, "Red pot")
    add(shop, tea, "Cup", "pot")

    assert [suggestion.name for suggestion in shop.catalog.suggest("POT")] == ["Red pot", "Potter"]
    assert shop.catalog.suggest("po re*", limit=1) == ()
    assert shop.catalog.suggest("red po", limit=1) == (
        Suggestion(product_id=pot.product_id, slug=pot.slug, name=pot.name),
    )
    assert shop.catalog.suggest(" ") == ()


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_text_finds_what_its_words_find(shop: Shop, tea: int, number: int) -> None:
    """Signs of query languages mean nothing, and nothing is raised."""
    add(shop, tea, "Red tea")

    page = shop.catalog.search(HOSTILE[number])

    assert page.facets.total == len(page.items) <= 1
    assert len(shop.catalog.suggest(HOSTILE[number])) <= 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), max_size=80) | st.text("red tea\"*-&|'<>:()\0\ud800", max_size=80))
def test_any_text_can_be_searched_for(shop: Shop, text: str) -> None:
    """A shop's visitors type anything."""
    assert shop.catalog.search(text).items == ()
    assert shop.catalog.suggest(text) == ()


@pytest.mark.parametrize(
    "filters",
    [
        {"limit": 0},
        {"limit": 501},
        {"after": (6, 1)},
        {"after": (0, 0)},
        {"after": 7},
        {"category_id": 0},
        {"category_id": "1"},
        {"price_from": Decimal(-1)},
        {"price_to": 1.5},
        {"in_stock": 1},
        {"options": {"Colour": []}},
        {"options": {"Colour": "\0"}},
        {"options": {str(at): "x" for at in range(11)}},
    ],
    ids=repr,
)
def test_a_bad_filter_is_refused_before_the_database_is_asked(shop: Shop, filters: dict[str, Any]) -> None:
    """As everywhere; the text alone may be anything."""
    with pytest.raises(InvalidValue):
        shop.catalog.search("pot", **filters)


@pytest.mark.parametrize("text", [None, 7, b"pot"])
def test_what_is_no_text_is_refused(shop: Shop, text: Any) -> None:
    """By search and by suggest."""
    with pytest.raises(InvalidValue):
        shop.catalog.search(text)
    with pytest.raises(InvalidValue):
        shop.catalog.suggest(text)

"""What a search offers in place of a misspelt query: the nearest words of what is on sale, on both engines alike."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lumia import Shop
from lumia.dto.catalog import Product
from tests.support.raw import open_raw
from tests.support.search_year import HOSTILE


@pytest.fixture
def pot(shop: Shop) -> Product:
    """A product on sale with a description and an option."""
    tea = shop.catalog.create_category(name="Tea", slug="tea").category_id
    return add(shop, tea, "Crème teapot retrospot", "Holds a quart of water")


def add(shop: Shop, category_id: int, name: str, description: str = "") -> Product:
    """A product on sale with one variant."""
    number = len(shop.catalog.list_products(limit=500).items)
    product = shop.catalog.create_product(
        category_id=category_id, slug=f"p-{number}", name=name, description=description
    )
    shop.catalog.create_variant(product.product_id, sku=f"AB{number}", price=Decimal(10))
    return shop.catalog.publish(product.product_id)


def corrected(shop: Shop, text: str, **filters: Any) -> str | None:
    """What is offered."""
    return shop.catalog.search(text, **filters).corrected


@pytest.mark.usefixtures("pot")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("taepot", "teapot"),
        ("teapto", "teapot"),
        ("tepot", "teapot"),
        ("teeapot", "teapot"),
        ("teaxot", "teapot"),
        ("teqqot", "teapot"),
        ("teppt", None),
        ("Red teapot", None),
        ("crèma", "creme"),
        ("CRE\u0300MEE", "creme"),
        ("crxmx", None),
        ("quatr", "quart"),
        ('"creme taepot" wter', '"creme teapot" water'),
        ('"teapot creme" wter', None),
        ("retorspot* teapot", "retrospot* teapot"),
        ("crème, taepot!", "crème, teapot!"),
        ("tepaot\0retrospot", "teapot retrospot"),
        ("\ud800tepaot", "teapot"),
        ("tepaot retropsot qaurt watre", "teapot retrospot quart water"),
        ("tepaot retropsot qaurt watre hodls", None),
        ("tepaot teapot", "teapot teapot"),
        ("AB1", None),
        ("ab9", None),
        ("te", None),
        ("teapot", None),
        ("teap", None),
        ("", None),
    ],
)
def test_misspelt_words_are_exchanged_for_the_nearest_ones(shop: Shop, typed: str, meant: str | None) -> None:
    """One slip in a short word, two in a longer one; what else was typed stays as it is."""
    assert corrected(shop, typed) == meant
    assert meant is None or shop.catalog.search(meant).facets.total == 1


def test_the_nearest_word_comes_first_and_ties_have_an_order(shop: Shop, pot: Product) -> None:
    """Fewest slips, then most trigrams in common, then the order of letters."""
    for name in ("lantern", "lanterns", "bunting", "banting", "benting"):
        add(shop, pot.category_id, name)

    assert corrected(shop, "lantren ") == "lantern"
    assert corrected(shop, "lantrens") == "lanterns"
    assert corrected(shop, "binting") == "banting"


def test_another_word_is_taken_where_the_nearest_finds_nothing(shop: Shop, pot: Product) -> None:
    """The query as a whole must find a product on sale."""
    add(shop, pot.category_id, "teapod")

    assert corrected(shop, "teapog") == "teapod"
    assert corrected(shop, "retrospot teapog") == "retrospot teapot"


def test_filters_that_leave_nothing_are_no_typo(shop: Shop, pot: Product) -> None:
    """What the query finds without them is spelt well; what it does not is corrected, whatever the filters leave."""
    assert corrected(shop, "teapot", price_from=Decimal(99)) is None
    assert corrected(shop, "taepot", price_from=Decimal(99)) == "teapot"
    assert corrected(shop, "taepot", category_id=pot.category_id) == "teapot"


def test_words_of_products_that_are_gone_are_never_offered_and_are_no_words(shop: Shop, pot: Product) -> None:
    """Neither those of a draft, an archived product or an old name."""
    wrong = add(shop, pot.category_id, "Taepto")
    shop.catalog.create_product(category_id=pot.category_id, slug="draft", name="lantern")
    gone = add(shop, pot.category_id, "bunting")
    shop.catalog.archive(gone.product_id)

    assert corrected(shop, "taepto") is None
    shop.catalog.update_product(wrong.product_id, name="Cup")

    assert corrected(shop, "taepto") == "teapot"
    assert corrected(shop, "lantenr") is None
    assert corrected(shop, "buntnig") is None


@pytest.mark.usefixtures("pot")
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_text_raises_nothing_and_what_is_offered_finds_something(shop: Shop, number: int) -> None:
    """Alone and with a typo behind it."""
    for text in (HOSTILE[number], f"{HOSTILE[number]} tepaot"):
        offered = corrected(shop, text)

        assert offered is None or shop.catalog.search(offered).facets.total == 1


def test_a_word_s_trigrams_are_kept_once_and_numbers_have_none(shop: Shop, engine_name: str, url: str) -> None:
    """Whichever fields and documents it stands in; with two blanks before it and one behind it."""
    tea = shop.catalog.create_category(name="Tea", slug="tea").category_id
    product, _ = [add(shop, tea, "Tea 2024 of anana", "tea") for _ in range(2)]
    shop.catalog.update_product(product.product_id, description="tea of")
    raw = open_raw(engine_name, url)

    kept = raw.run("SELECT word, trigram FROM search_trigrams ORDER BY word, trigram")
    raw.close()

    assert [(word, trigram) for word, trigram in kept] == [
        *(("anana", trigram) for trigram in ("  a", " an", "ana", "na ", "nan")),
        *(("tea", trigram) for trigram in ("  t", " te", "ea ", "tea")),
    ]


def test_reindexing_fills_what_an_older_index_lacks(shop: Shop, pot: Product, engine_name: str, url: str) -> None:
    """Documents of another form are stale, and their words are taken in with them."""
    raw = open_raw(engine_name, url)
    raw.run("DELETE FROM search_trigrams")
    raw.run("UPDATE search_documents SET digest = ? WHERE product_id = ?", (bytes(32), pot.product_id))
    raw.close()
    assert corrected(shop, "taepot") is None

    assert shop.catalog.reindex().written == 1

    assert corrected(shop, "taepot") == "teapot"

"""The index follows every change of what a product is found by, and can be built anew."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from lumia import Shop
from lumia.dto.catalog import Product
from lumia.errors import AlreadyExists, InvalidValue
from lumia.importing import import_order_lines
from lumia.importing.synthetic import SYNTHETIC_PRESET, write_shop_year
from lumia.text import words_of
from tests.support.raw import open_raw


@pytest.fixture
def pot(shop: Shop) -> Product:
    """A product on sale with a variant."""
    category = shop.catalog.create_category(name="Tea", slug="tea")
    product = shop.catalog.create_product(category_id=category.category_id, slug="pot", name="Pot", description="Old")
    shop.catalog.create_variant(product.product_id, sku="POT1", price=Decimal(1))
    return shop.catalog.publish(product.product_id)


def finds(shop: Shop, text: str) -> bool:
    """Whether a search for whole words finds the product."""
    return bool(shop.catalog.search(f'"{text}"').items)


def test_a_changed_name_or_description_is_found_and_the_old_one_no_more(shop: Shop, pot: Product) -> None:
    """In the transaction that changes it."""
    with shop.transaction() as tx:
        tx.catalog.update_product(pot.product_id, name="Jug", description="New")
        assert tx.catalog.search("jug new").items

    assert not finds(shop, "pot")
    assert not finds(shop, "old")


def test_a_new_option_a_new_value_and_new_variants_are_found(shop: Shop, pot: Product) -> None:
    """By the option's name, the value, and the SKU."""
    assert finds(shop, "pot1")
    option = shop.catalog.add_option(pot.product_id, name="Colour", values=["Red"])
    shop.catalog.add_option_value(option.product_option_id, value="Blue")
    shop.catalog.create_variants(pot.product_id, sku_prefix="JUG", price=Decimal(1))

    assert all(finds(shop, text) for text in ("colour", "red", "blue", "jug blue", "jug red"))
    assert not finds(shop, "red blue")


@pytest.mark.usefixtures("pot")
def test_a_changed_sku_is_found_and_the_old_one_no_more(shop: Shop) -> None:
    """Another change of a variant leaves the index alone."""
    variant = shop.catalog.variant_by_sku("POT1")

    shop.catalog.update_variant(variant.variant_id, weight_grams=5)
    assert finds(shop, "pot1")
    shop.catalog.update_variant(variant.variant_id, sku="JUG1")

    assert finds(shop, "jug1")
    assert not finds(shop, "pot1")


def test_what_is_refused_leaves_the_index_as_it_was(shop: Shop, pot: Product) -> None:
    """The document goes back with the row."""
    shop.catalog.create_product(category_id=pot.category_id, slug="jug", name="Jug")

    with pytest.raises(AlreadyExists):
        shop.catalog.update_product(pot.product_id, name="Cup", slug="jug")
    with pytest.raises(AlreadyExists):
        shop.catalog.create_variant(pot.product_id, sku="POT1", price=Decimal(1))

    assert finds(shop, "pot")
    assert not finds(shop, "cup")


def test_reindexing_writes_what_is_missing_or_stale_and_nothing_else(shop: Shop, pot: Product) -> None:
    """Rows that came past the repositories are found afterwards; a second time there is nothing to do."""
    with shop.transaction() as tx:
        tx.q.products.update_product(
            product_id=pot.product_id, category_id=None, slug=None, name="Jug", description=None, now=pot.created_at
        )
        for number in range(3):
            tx.q.products.insert_product(
                public_id=UUID(int=number),
                category_id=pot.category_id,
                slug=f"raw-{number}",
                name="Raw",
                description="",
                now=pot.created_at,
            )
    assert not finds(shop, "jug")

    first = shop.catalog.reindex(limit=3)
    second = shop.catalog.reindex(limit=3, after=first.next)
    again = shop.catalog.reindex()

    assert (first.checked, first.written) == (3, 3)
    assert (second.checked, second.written, second.next) == (1, 1, None)
    assert (again.checked, again.written, again.next) == (4, 0, None)
    assert finds(shop, "jug")
    assert shop.catalog.reindex(after=10**6).checked == 0


@pytest.mark.parametrize(("limit", "after"), [(0, None), (501, None), (1, -1), (True, None), (1, "1")])
def test_reindexing_refuses_what_is_no_page(shop: Shop, limit: int, after: int) -> None:
    """Before the database is asked."""
    with pytest.raises(InvalidValue):
        shop.catalog.reindex(limit=limit, after=after)


def test_an_import_indexes_what_it_brings(shop: Shop, tmp_path: Path) -> None:
    """In its own transaction, so that nothing is there that cannot be found."""
    path = tmp_path / "lines.csv"
    write_shop_year(path, orders=30)
    import_order_lines(shop, path, preset=SYNTHETIC_PRESET)
    products = shop.catalog.list_products(limit=500).items

    step = shop.catalog.reindex()

    assert (step.checked, step.written) == (len(products), 0)
    assert len(products) > 10
    assert finds(shop, products[0].name)


def every_word() -> list[str]:
    """Each letter and digit that there is, folded, as a word of the index that goes on with a mark."""
    letters = {word.text for code in range(sys.maxunicode + 1) for word in words_of(chr(code))}
    return sorted(f"n{letter}\u0903" for letter in letters)


def test_the_index_keeps_every_letter_as_it_is(engine_name: str, url: str) -> None:
    """No tokenizer, parser or dictionary of the engine changes, splits or drops one of our words."""
    raw = open_raw(engine_name, url)
    words = every_word()
    found: list[str] = []
    for at in range(0, len(words), 10_000):
        some = words[at : at + 10_000]
        if engine_name == "sqlite":
            raw.run("INSERT INTO search_index (rowid, words) VALUES (?, ?)", (at + 1, " ".join(some)))
        else:
            text = " ".join(f"'{word}':{place}" for place, word in enumerate(some, 1))
            found += [word for (word,) in raw.run("SELECT unnest(tsvector_to_array(CAST(? AS tsvector)))", (text,))]
    if engine_name == "sqlite":
        raw.run("CREATE VIRTUAL TABLE temp.seen USING fts5vocab(main, search_index, row)")
        found = [word for (word,) in raw.run("SELECT term FROM seen")]
    raw.close()

    assert sorted(found) == words
    assert len(words) > 100_000

"""`lumia reindex`: the search's index built anew from the command line, batch by batch."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lumia import connect
from tests.support.raw import open_raw
from tests.unit.cli.conftest import Lumia


@pytest.fixture
def stale(engine_name: str, url: str) -> str:
    """A shop of seven products of which the index knows none."""
    with connect(url) as shop:
        tea = shop.catalog.create_category(name="Tea", slug="tea").category_id
        for number in range(7):
            product = shop.catalog.create_product(category_id=tea, slug=f"p{number}", name=f"Teapot {number}")
            shop.catalog.create_variant(product.product_id, sku=f"S{number}", price=Decimal(1))
            shop.catalog.publish(product.product_id)
    raw = open_raw(engine_name, url)
    raw.run("DELETE FROM search_documents")
    raw.run("DELETE FROM search_trigrams")
    raw.close()
    return url


@pytest.mark.parametrize("batch", [1, 3, 7, 500])
def test_everything_is_indexed_in_batches_of_any_size(lumia: Lumia, stale: str, batch: int) -> None:
    """Afterwards all is found, misspelt words too; a second time there is nothing to do."""
    first = lumia("reindex", "--url", stale, "--batch", batch, "--json")
    second = lumia("reindex", "--url", stale, "--batch", batch, "--json")

    assert first.data == {"checked": 7, "written": 7}
    assert second.data == {"checked": 7, "written": 0}
    with connect(stale) as shop:
        assert shop.catalog.search("teapot").facets.total == 7
        assert shop.catalog.search("taepot").corrected == "teapot"


def test_it_says_in_words_what_it_did(lumia: Lumia, stale: str) -> None:
    """One line, and nothing on stderr for work this short."""
    ran = lumia("reindex", "--url", stale)

    assert (ran.code, ran.out, ran.err) == (0, "7 products checked, 7 indexed\n", "")


def test_an_empty_shop_has_nothing_to_index(lumia: Lumia, url: str) -> None:
    """And that is no error."""
    assert lumia("reindex", "--url", url, "--json").data == {"checked": 0, "written": 0}


@pytest.mark.parametrize("batch", ["0", "-1", "501", "1.5", "many", "", "9" * 30])
def test_a_batch_that_is_none_is_refused_before_anything_is_opened(lumia: Lumia, batch: str) -> None:
    """With the option's name; no database is there to be asked."""
    ran = lumia("reindex", "--batch", batch)

    assert "--batch" in ran.refusal()
    assert ran.code == 2

"""A real shop's descriptions and 2,000 queries: both engines find the same in the same order as a plain reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Final, NamedTuple

import pytest

from lumia import Shop, connect
from lumia.dto.search import SearchPage
from tests.support import real_year, search_year
from tests.support.databases import ENGINES, Databases
from tests.support.raw import open_raw
from tests.support.reasons import skip
from tests.support.search_year import Naive

pytestmark = pytest.mark.slow

QUERIES: Final = 2_000
SEED: Final = 20_260_101
PAGE: Final = 20
TYPOS: Final = 600
TOGETHER: Final = 3


class Stalls(NamedTuple):
    """The same catalogue on both engines, and a plain reading of it."""

    shops: tuple[Shop, ...]
    naive: Naive
    texts: list[str]

    def search(self, query: tuple[str, dict[str, Any]]) -> tuple[SearchPage, ...]:
        """The first page of each engine."""
        text, filters = query
        return tuple(shop.catalog.search(text, **filters, limit=PAGE) for shop in self.shops)


@pytest.fixture(scope="module")
def stalls(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stalls]:
    """Products of every distinct description, written past the repositories and then indexed."""
    if not real_year.is_there():
        skip("no-real-year")
    texts = search_year.descriptions()
    items = search_year.catalogue(texts)
    with ExitStack() as keep:
        shops = []
        for engine in ENGINES:
            url = keep.enter_context(databases.migrated(engine, tmp_path_factory.mktemp(f"search-{engine}")))
            raw = open_raw(engine, url)
            search_year.write_catalogue(raw, items)
            shop = keep.enter_context(connect(url))
            index(shop)
            # A server does so by itself a minute later; until then it plans for empty tables, and takes seconds.
            raw.run("ANALYZE")
            raw.close()
            shops.append(shop)
        yield Stalls(tuple(shops), Naive(items), texts)


def index(shop: Shop) -> None:
    """Index everything, a batch at a time."""
    after = None
    while (step := shop.catalog.reindex(after=after)).next is not None:
        after = step.next


def everything(shop: Shop, text: str, filters: dict[str, Any]) -> list[tuple[int, int]]:
    """Every hit with its tier, page by page."""
    page = shop.catalog.search(text, **filters, limit=PAGE)
    hits = ranked(page)
    while page.next is not None:
        page = shop.catalog.search(text, **filters, limit=PAGE, after=page.next)
        hits += ranked(page)
    return hits


def ranked(page: SearchPage) -> list[tuple[int, int]]:
    """Tier and key of each hit."""
    return [(item.tier, item.product_id) for item in page.items]


def test_the_catalogue_is_the_real_shops(stalls: Stalls) -> None:
    """Of 4,223 distinct descriptions each became a product that is indexed."""
    for shop in stalls.shops:
        step = shop.catalog.reindex(limit=500)

        assert (step.checked, step.written) == (500, 0)
    assert len(stalls.texts) == 4_223


def test_both_engines_find_what_a_plain_reading_finds_in_its_order(stalls: Stalls) -> None:
    """Set, order, tiers, prices, snippets and facets of each query's first page are equal."""
    found = 0
    asked = list(search_year.queries(stalls.texts, QUERIES, SEED))
    with ThreadPoolExecutor(TOGETHER) as pool:
        answers = list(pool.map(stalls.search, asked))
    for (text, filters), (lite, server) in zip(asked, answers, strict=True):
        expected = stalls.naive.find(text, filters)

        assert lite == server, (text[:200], filters)
        assert ranked(lite) == expected[:PAGE], (text[:200], filters)
        assert lite.facets.total == len(expected), (text[:200], filters)
        found += bool(expected)
    # Most of what is asked can be found, or nothing would be compared.
    assert found > QUERIES // 2


def test_pages_give_every_hit_once_in_order(stalls: Stalls) -> None:
    """From the first to the last, also where a tier goes over many pages."""
    some: list[tuple[str, dict[str, Any]]] = [
        ("w", {}),
        ("red", {}),
        ("co* he*", {"in_stock": True}),
        ("set of", {"category_id": 1}),
    ]
    for text, filters in some:
        expected = stalls.naive.find(text, filters)

        for shop in stalls.shops:
            assert everything(shop, text, filters) == expected, text
        assert len(expected) > PAGE, text


def test_suggestions_are_equal_and_are_the_names_that_a_plain_reading_finds(stalls: Stalls) -> None:
    """For begins of every length."""
    for text, _ in search_year.queries(stalls.texts, 200, SEED + 1):
        typed = text[:40]
        expected = [key for tier, key in stalls.naive.find(typed, {}) if tier < 2]

        lite, server = (shop.catalog.suggest(typed, limit=20) for shop in stalls.shops)

        assert lite == server, typed
        assert [suggestion.product_id for suggestion in lite] == expected[:20], typed


def test_both_engines_correct_typos_alike_and_mostly_well(stalls: Stalls) -> None:
    """Of 600 slips in the shop's words more than nine in ten become the word again, the first time."""
    typos = list(search_year.typos(stalls.naive, TYPOS, SEED))
    with ThreadPoolExecutor(TOGETHER) as pool:
        answers = list(pool.map(stalls.search, ((typo.text, {}) for typo in typos)))
    right: Counter[str] = Counter()
    for typo, (lite, server) in zip(typos, answers, strict=True):
        assert lite == server, typo
        assert lite.corrected is None or not lite.items, typo
        right[typo.kind] += lite.corrected == typo.meant

    assert len(typos) == TYPOS
    # Letters doubled leave every trigram of the word where it was; three letters less one leave hardly any.
    assert right["double"] >= TYPOS / 4 * 0.98, right
    assert min(right.values()) >= TYPOS / 4 * 0.85, right
    assert right.total() >= TYPOS * 0.90, right


def test_what_is_offered_finds_something(stalls: Stalls) -> None:
    """On either engine, and nothing is offered in its place."""
    for typo in search_year.typos(stalls.naive, 60, SEED + 2):
        for shop in stalls.shops:
            corrected = shop.catalog.search(typo.text).corrected

            assert corrected is not None, typo
            page = shop.catalog.search(corrected, limit=1)
            assert page.facets.total > 0, typo
            assert page.corrected is None, typo

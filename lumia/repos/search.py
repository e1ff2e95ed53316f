"""Search and suggestions: the same products in the same order on either engine, with snippets and facets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from lumia.dto.base import validated
from lumia.dto.search import (
    CategoryCount,
    OptionCount,
    ReindexBatch,
    SearchCount,
    SearchCursor,
    SearchFacets,
    SearchFilter,
    SearchHit,
    SearchItem,
    SearchPage,
    Snippet,
    Suggestion,
)
from lumia.errors import InvalidValue
from lumia.repos.base import Repository, given, key_after, page_of, page_rows
from lumia.repos.search_index import index_batch
from lumia.repos.search_spelling import MAX_NEAR, MAX_ROWS, MAX_UNKNOWN, asked_of, level_of, meant
from lumia.repos.search_text import Query, parse_query
from lumia.text import snippet_of
from lumia.typedsql import UNSET, prepare

__all__ = ["MAX_FACETS", "Search"]

MAX_FACETS: Final = 1_000
"""How many categories and option values are counted, those of most products first."""

_NAME_LEVELS: Final = 2
_NOTHING: Final = SearchFacets(total=0, in_stock=0, categories=(), options=())


class Search(Repository):
    """The part of the catalogue's repository that finds products."""

    def search(
        self,
        text: str,
        *,
        category_id: int | None = None,
        price_from: Decimal | None = None,
        price_to: Decimal | None = None,
        in_stock: bool | None = None,
        options: Mapping[str, str | Sequence[str]] | None = None,
        limit: int = 20,
        after: tuple[int, int] | None = None,
    ) -> SearchPage:
        """Find the products on sale that have every term of `text`, `limit` (1 to 500) at a time.

        A term is a word, a `"phrase"`, or a begin of a word: `begin*`, and always the last word. Case and accents do
        not matter. Names, options with their values and SKUs, and descriptions are looked into; the worst term decides
        a product's tier, lower tiers come first, ties by key. Any text may be given: one without a letter or digit
        finds nothing, and of a very long one the first 1,000 code points and 32 terms count.

        A product is found if one active variant fits all of the filters: a price from `price_from` to `price_to`, both
        included; available now (`in_stock` True) or not (False); of each option named in `options` one of the values.
        `category_id` keeps those of a category and of everything below it. The facets count what the filters leave, on
        all pages. `after` is the last page's `next`. Raises `InvalidValue` for a bad filter, limit or `after`.

        Where nothing is found, with or without the filters, and some words are in no product on sale, `corrected` is
        the query with the nearest words instead, if that finds something on sale.

        Two statements; where nothing is found three or four statements, with filters up to five statements.
        """
        wanted = validated(
            SearchFilter,
            category_id=category_id,
            price_from=price_from,
            price_to=price_to,
            in_stock=in_stock,
            options=dict(options or {}),
        )
        last = None if after is None else validated(SearchCursor, after=after).after
        rows, query = page_rows(limit), _query(text)
        if not query.terms:
            return SearchPage(items=(), facets=_NOTHING)
        pairs = [(name, value) for name, values in wanted.options.items() for value in values]
        names = given([name for name, _ in pairs] or None)
        values = given([value for _, value in pairs] or None)
        now = self._context.now()
        hits, counts = self._context.q.pipeline(
            (
                prepare(
                    self._context.q.search.list_search_hits,
                    levels=query.texts(),
                    step=query.step,
                    category_id=given(wanted.category_id),
                    price_from=given(wanted.price_from),
                    price_to=given(wanted.price_to),
                    in_stock=given(wanted.in_stock),
                    option_names=names,
                    option_values=values,
                    now=now,
                    after_tier=last[0] if last else UNSET,
                    after_id=last[1] if last else UNSET,
                    max_rows=rows,
                ),
                prepare(
                    self._context.q.search.count_search_facets,
                    levels=query.texts(),
                    step=query.step,
                    category_id=given(wanted.category_id),
                    price_from=given(wanted.price_from),
                    price_to=given(wanted.price_to),
                    in_stock=given(wanted.in_stock),
                    option_names=names,
                    option_values=values,
                    now=now,
                    max_rows=MAX_FACETS,
                ),
            )
        )
        page = page_of(hits, limit, lambda hit: (hit.tier, hit.product_id))
        facets = _facets(counts)
        # What the filters alone keep away is spelt well.
        is_misspelt = not facets.total and not (wanted.model_dump(exclude_defaults=True) and self._finds(query, now))
        return SearchPage(
            items=tuple(_item(hit, query) for hit in page.items),
            facets=facets,
            next=page.next,
            corrected=self._corrected(text, query, now) if is_misspelt else None,
        )

    def suggest(self, prefix: str, *, limit: int = 10) -> tuple[Suggestion, ...]:
        """Tell products on sale whose name has all of the words typed, the last as a begin: at most `limit` (to 500).

        Whole words come first, ties by key. Any text may be given. Raises `InvalidValue` for a bad limit. One
        statement.
        """
        rows, query = page_rows(limit), _query(prefix)
        if not query.terms:
            return ()
        hits = self._context.q.search.list_search_hits(
            levels=query.texts(_NAME_LEVELS), step=query.step, now=self._context.now(), max_rows=rows - 1
        )
        return tuple(Suggestion(product_id=hit.product_id, slug=hit.slug, name=hit.name) for hit in hits)

    def reindex(self, *, limit: int = 500, after: int | None = None) -> ReindexBatch:
        """Index the next `limit` (1 to 500) products anew where their documents are missing or stale. Three statements.

        The repositories keep the index true; this is for rows that came past them, by an import or another program,
        and for an index of an older release. Start without `after` and go on with each step's `next` until it is None.
        The products of a step are locked until it is committed. Raises `InvalidValue`.
        """
        rows, start = page_rows(limit), key_after(after)
        with self._context.unit(write=True) as unit:
            return index_batch(unit.q, unit.now(), after_id=start, limit=rows - 1)

    def _finds(self, query: Query, now: datetime) -> bool:
        found = self._context.q.search.list_search_hits(levels=query.texts()[-1:], step=1, now=now, max_rows=1)
        return bool(found)

    def _corrected(self, text: str, query: Query, now: datetime) -> str | None:
        asked = asked_of(query)
        if asked is None:
            return None
        spellings = self._context.q.search_spelling.list_search_spellings(
            words=asked.words,
            levels=asked.levels,
            owners=asked.owners,
            trigrams=asked.trigrams,
            max_words=MAX_UNKNOWN,
            max_near=MAX_NEAR,
            max_rows=MAX_ROWS,
        )
        texts = meant(text, asked, spellings)
        if not texts:
            return None
        # Each text stands where a query's levels do, so that the best tier names the first text that finds anything.
        levels = tuple(level_of(text) for text in texts)
        best = self._context.q.search.list_search_hits(levels=levels, step=1, now=now, max_rows=1)
        return texts[best[0].tier] if best else None


def _query(text: object) -> Query:
    if not isinstance(text, str):
        message = f"text: give a str, not a {type(text).__name__}"
        raise InvalidValue(message)
    return parse_query(text)


def _item(hit: SearchHit, query: Query) -> SearchItem:
    return SearchItem(
        product_id=hit.product_id,
        tier=hit.tier,
        category_id=hit.category_id,
        slug=hit.slug,
        name=_snippet(hit.name, query),
        snippet=_snippet(hit.description, query),
        price_from=hit.price_from,
        is_in_stock=hit.is_in_stock,
    )


def _snippet(text: str, query: Query) -> Snippet:
    piece, marks = snippet_of(text, query.wants, most=200)
    return Snippet(text=piece, marks=marks)


def _facets(counts: Sequence[SearchCount]) -> SearchFacets:
    figures = {row.kind: row.products for row in counts if row.kind in {"total", "in_stock"}}
    return SearchFacets(
        total=figures["total"],
        in_stock=figures["in_stock"],
        categories=tuple(
            CategoryCount(category_id=row.category_id, name=row.name, products=row.products)
            for row in counts
            if row.kind == "category"
        ),
        options=tuple(
            OptionCount(name=row.name, value=row.value, products=row.products) for row in counts if row.kind == "option"
        ),
    )

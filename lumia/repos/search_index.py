"""Keeps the search's index true: a product's document is written together with what the product is found by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from lumia.dto.search import ReindexBatch, SearchText
from lumia.repos.base import page_of
from lumia.repos.search_text import Document, document_of

if TYPE_CHECKING:
    from lumia.queries.protocols import Queries
    from lumia.repos.context import Context

__all__ = ["index_batch", "index_from", "index_product"]

_NAME: Final = 0
_DESCRIPTION: Final = 4
_BATCH: Final = 500


def index_product(unit: Context, product_id: int) -> None:
    """Index a product by its present name, options, values, SKUs and description. Two statements.

    Whoever calls holds the product's row, so that two who change one product index it one after the other.
    """
    _put(unit.q, _documents(unit.q, product_id - 1, product_id), unit.now())


def index_batch(q: Queries, now: datetime, *, after_id: int, limit: int = _BATCH) -> ReindexBatch:
    """Index the next `limit` products whose documents are missing or stale. Three statements, in a transaction.

    `next` is the key to go on after, None behind the last product; the products stay locked until the commit.
    """
    page = page_of(
        q.search.lock_search_products(after_id=after_id, max_rows=limit + 1), limit, lambda product: product.product_id
    )
    until = page.items[-1].product_id if page.items else after_id
    documents = _documents(q, after_id, until)
    known = {product.product_id: product.digest for product in page.items}
    # What is not among them was made since, and its maker indexes it.
    stale = {key: documents[key] for key, digest in known.items() if documents[key].digest != digest}
    _put(q, stale, now)
    return ReindexBatch(checked=len(known), written=len(stale), next=page.next)


def index_from(q: Queries, now: datetime, product_ids: Iterable[int]) -> None:
    """Index every product from the smallest of some keys on, batch by batch, within a transaction; none if none."""
    first_id = min(product_ids, default=None)
    after_id = None if first_id is None else first_id - 1
    while after_id is not None:
        after_id = index_batch(q, now, after_id=after_id).next


def _documents(q: Queries, after_id: int, until_id: int) -> dict[int, Document]:
    texts: defaultdict[int, list[SearchText]] = defaultdict(list)
    for row in q.search.list_search_texts(after_id=after_id, until_id=until_id):
        texts[row.product_id].append(row)
    return {product_id: _document(rows) for product_id, rows in texts.items()}


def _document(rows: Iterable[SearchText]) -> Document:
    names: list[str] = []
    options: list[str] = []
    descriptions: list[str] = []
    for row in rows:
        (names if row.field == _NAME else descriptions if row.field == _DESCRIPTION else options).append(row.text)
    return document_of(names, options, descriptions)


def _put(q: Queries, documents: Mapping[int, Document], now: datetime) -> None:
    q.search.put_search_documents(
        {"product_id": product_id, "digest": document.digest, "words": document.words, "now": now}
        for product_id, document in documents.items()
    )

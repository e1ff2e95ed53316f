"""What the search's triggers do: SQLite's index of words beside the documents, and the trigrams on either engine."""

from __future__ import annotations

from typing import Any, Final

from tests.support.rows import LATER, Step, insert

__all__ = ["INDEX_TRIGGERS", "SPELLING_EFFECTS"]

INDEX_TRIGGERS: Final = (
    "search_documents_index_delete",
    "search_documents_index_insert",
    "search_documents_index_update",
)
"""Triggers of search_documents; PostgreSQL keeps a GIN index by itself."""

_NEW: Final = {"product_id": 3, "digest": bytes(32), "words": "nred nblue n85a", "indexed_at": LATER}
_RED: Final[list[tuple[Any, ...]]] = [("  r",), (" re",), ("ed ",), ("red",)]
_QUESTION: Final[Step] = ("SELECT trigram FROM search_trigrams WHERE word NOT IN ('blue', 'pot') ORDER BY trigram", ())

SPELLING_EFFECTS: Final = (
    (
        "the trigrams of a new document's words are kept",
        ("search_documents.search_documents_trigrams_insert",),
        (insert("search_documents", _NEW),),
        _QUESTION,
        _RED,
    ),
    (
        "the trigrams of a changed document's words are kept",
        ("search_documents.search_documents_trigrams_update",),
        (("UPDATE search_documents SET words = 'nred nblue n85a' WHERE product_id = 1", ()),),
        _QUESTION,
        _RED,
    ),
)
"""Name, triggers, steps, question and answer of each effect."""

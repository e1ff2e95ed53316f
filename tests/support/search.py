"""What only SQLite needs to keep its index of words beside the documents."""

from __future__ import annotations

from typing import Final

__all__ = ["INDEX_TRIGGERS"]

INDEX_TRIGGERS: Final = (
    "search_documents_index_delete",
    "search_documents_index_insert",
    "search_documents_index_update",
)
"""Triggers of search_documents; PostgreSQL keeps a GIN index by itself."""

"""Walks a list page by page, and gives up on one that never ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from lumia.types import Page

__all__ = ["walked"]

ItemT = TypeVar("ItemT")

MOST = 50


def walked(page_after: Callable[[Any], Page[ItemT]]) -> list[Page[ItemT]]:
    """Call for the first page with None and for each further one with the `next` of the page before."""
    pages = [page_after(None)]
    while pages[-1].next is not None:
        assert len(pages) < MOST, "the list goes on and on"
        pages.append(page_after(pages[-1].next))
    return pages

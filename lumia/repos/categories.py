"""The category tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from lumia.dto.base import checked_id, validated
from lumia.dto.catalog import Category, CategoryNode, CategoryPlace, CategoryUpdate, NewCategory
from lumia.errors import InvalidValue
from lumia.repos.base import Repository, found, made

__all__ = ["MAX_CATEGORIES", "Categories", "in_tree_order"]

MAX_CATEGORIES: Final = 100_000
"""The largest tree that is read in one call."""


class Categories(Repository):
    """The part of the catalogue's repository that keeps categories."""

    def create_category(self, *, name: str, slug: str, parent_id: int | None = None, position: int = 0) -> Category:
        """Add a category under `parent_id`, or at the top. One statement.

        Siblings stand in the order of `position` (0 to 1,000,000), ties by key. Raises `InvalidValue`,
        `AlreadyExists` when the slug is taken, `InvalidReference` for a parent that does not exist.
        """
        new = validated(NewCategory, name=name, slug=slug, parent_id=parent_id, position=position)
        with self._context.unit(write=True) as unit:
            return made(unit.q.categories.insert_category(**dict(new), now=unit.now()))

    def get_category(self, category_id: int) -> Category:
        """Read one category. Raises `NotFound`. One statement."""
        row: Category | None = self._context.q.categories.get_category(
            category_id=checked_id("category_id", category_id)
        )
        return found(row, _no_category(category_id))

    def rename_category(self, category_id: int, *, name: str | None = None, slug: str | None = None) -> Category:
        """Change a category's name, slug or both. One statement.

        Raises `NotFound`, `InvalidValue`, and `AlreadyExists` when the slug is taken.
        """
        change = validated(CategoryUpdate, name=name, slug=slug)
        checked_id("category_id", category_id)
        with self._context.unit(write=True) as unit:
            row: Category | None = unit.q.categories.rename_category(
                category_id=category_id, **dict(change), now=unit.now()
            )
            return found(row, _no_category(category_id))

    def move_category(self, category_id: int, *, parent_id: int | None, position: int | None = None) -> Category:
        """Hang a category, with everything below it, under another one, or at the top (None). One statement.

        A `position` that is None stays as it is. Raises `NotFound`, `InvalidReference` for a parent that does not
        exist, `InvalidValue` for a parent that is the category itself or lies below it, and `Conflict` where another
        move at the same time stands against it: `shop.run` repeats it.
        """
        place = validated(CategoryPlace, parent_id=parent_id, position=position)
        checked_id("category_id", category_id)
        with self._context.unit(write=True) as unit:
            row: Category | None = unit.q.categories.move_category(
                category_id=category_id, **dict(place), now=unit.now()
            )
            return found(row, _no_category(category_id))

    def category_tree(self) -> tuple[CategoryNode, ...]:
        """Read the whole tree: each category before its children, siblings in their order, with its depth.

        Raises `InvalidValue` for a tree of more than 100,000 categories. One statement.
        """
        rows: list[Category] = self._context.q.categories.list_categories(max_rows=MAX_CATEGORIES + 1)
        if len(rows) > MAX_CATEGORIES:
            message = f"the tree has more than {MAX_CATEGORIES} categories: read them one by one"
            raise InvalidValue(message)
        return in_tree_order(rows)

    def category_descendants(self, category_id: int) -> tuple[CategoryNode, ...]:
        """Read a category and everything below it, as `category_tree` gives it; the category itself has depth 0.

        Raises `NotFound`, and `InvalidValue` for more than 100,000 categories. One statement.
        """
        checked_id("category_id", category_id)
        rows: list[Category] = self._context.q.categories.list_descendants(
            category_id=category_id, max_rows=MAX_CATEGORIES + 1
        )
        if len(rows) > MAX_CATEGORIES:
            message = f"category {category_id} has more than {MAX_CATEGORIES} below it: read them one by one"
            raise InvalidValue(message)
        root = found(
            next((row for row in rows if row.category_id == category_id), None),
            _no_category(category_id),
        )
        return in_tree_order(rows, root=root)


def in_tree_order(rows: Iterable[Category], *, root: Category | None = None) -> tuple[CategoryNode, ...]:
    """Put each category before its children, siblings as they come, and say how deep each one is below the root.

    Without a root the tree begins with those that have no parent.
    """
    children: defaultdict[int | None, list[Category]] = defaultdict(list)
    for row in rows:
        children[row.parent_id].append(row)
    # A stack instead of recursion: a tree may be deeper than Python's own.
    nodes: list[CategoryNode] = []
    stack = [(row, 0) for row in reversed(children[None] if root is None else [root])]
    while stack:
        row, depth = stack.pop()
        nodes.append(
            CategoryNode(
                category_id=row.category_id,
                parent_id=row.parent_id,
                slug=row.slug,
                name=row.name,
                position=row.position,
                depth=depth,
            )
        )
        stack.extend((child, depth + 1) for child in reversed(children[row.category_id]))
    return tuple(nodes)


def _no_category(category_id: int) -> str:
    return f"there is no category {category_id}: catalog.category_tree shows them all"

"""How flat category rows become a tree in reading order."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from lumia.dto.catalog import Category
from lumia.repos.categories import in_tree_order

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def row(category_id: int, parent_id: int | None) -> Category:
    """A category's row."""
    return Category(
        category_id=category_id,
        parent_id=parent_id,
        slug=f"c-{category_id}",
        name="C",
        position=0,
        created_at=NOW,
        updated_at=NOW,
    )


def test_a_tree_may_be_deeper_than_a_programs_stack() -> None:
    """Reading a tree must not depend on recursion."""
    deepest = 20_000
    rows = [row(key, key - 1 or None) for key in range(1, deepest + 1)]
    random.Random(1).shuffle(rows)  # noqa: S311 - an order, not a secret

    nodes = in_tree_order(rows)

    assert [node.depth for node in nodes] == list(range(deepest))
    assert [node.category_id for node in nodes] == list(range(1, deepest + 1))


@given(st.lists(st.integers(min_value=0, max_value=30), max_size=30))
def test_every_category_stands_behind_its_parent_one_level_deeper(links: list[int]) -> None:
    """Nothing is lost or doubled, and whatever lies between parent and child is the parent's too."""
    rows = [row(at + 1, min(link, at) or None) for at, link in enumerate(links)]

    nodes = in_tree_order(rows)

    assert sorted(node.category_id for node in nodes) == [entry.category_id for entry in rows]
    path: list[int | None] = []
    for node in nodes:
        del path[node.depth :]
        assert node.parent_id == (path[-1] if path else None)
        assert len(path) == node.depth
        path.append(node.category_id)


@given(st.permutations([row(1, None), row(2, None), row(3, 1), row(4, 1), row(5, 2)]))
def test_siblings_keep_the_order_in_which_they_come(rows: list[Category]) -> None:
    """The statement has sorted them already."""
    nodes = [node.category_id for node in in_tree_order(rows)]

    for siblings in ({1, 2}, {3, 4}):
        given_order = [entry.category_id for entry in rows if entry.category_id in siblings]
        assert [key for key in nodes if key in siblings] == given_order

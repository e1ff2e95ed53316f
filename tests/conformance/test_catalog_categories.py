"""The category tree, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from lumia import Shop
from lumia.dto.catalog import Category
from lumia.errors import AlreadyExists, Conflict, InvalidReference, InvalidValue, NotFound
from lumia.repos.catalog import Catalog
from tests.support.together import together


def shelf(shop: Shop, name: str, parent: Category | None = None, position: int = 0) -> Category:
    """A category called by one word."""
    return shop.catalog.create_category(
        name=name.title(), slug=name, parent_id=None if parent is None else parent.category_id, position=position
    )


def outline(shop: Shop) -> list[tuple[int, str]]:
    """The tree as depths and slugs."""
    return [(node.depth, node.slug) for node in shop.catalog.category_tree()]


def test_a_category_is_stored_as_given(shop: Shop) -> None:
    """At the top or below another one."""
    tea = shelf(shop, "tea")
    green = shelf(shop, "green", tea, position=1_000_000)

    assert (tea.parent_id, tea.name, tea.slug, tea.position) == (None, "Tea", "tea", 0)
    assert (green.parent_id, green.position) == (tea.category_id, 1_000_000)
    assert green.created_at == green.updated_at
    assert shop.catalog.get_category(green.category_id) == green


def test_a_shop_without_categories_has_an_empty_tree(shop: Shop) -> None:
    """Nothing is not an error."""
    assert shop.catalog.category_tree() == ()


def test_the_tree_lists_parents_before_children_in_their_order(shop: Shop) -> None:
    """A menu is drawn from it line by line; equal positions go by key."""
    food, tea = shelf(shop, "food", position=2), shelf(shop, "tea", position=1)
    green = shelf(shop, "green", tea, position=5)
    shelf(shop, "black", tea, position=5)
    shelf(shop, "white", tea, position=4)
    shelf(shop, "sencha", green)
    shelf(shop, "bread", food)

    tree = outline(shop)

    assert tree == [
        (0, "tea"),
        (1, "white"),
        (1, "green"),
        (2, "sencha"),
        (1, "black"),
        (0, "food"),
        (1, "bread"),
    ]


def test_a_tree_is_read_to_any_depth(shop: Shop) -> None:
    """Forty levels are as much one statement as two."""
    with shop.transaction() as tx:
        parent: Category | None = None
        for depth in range(40):
            parent = tx.catalog.create_category(
                name="X", slug=f"s-{depth}", parent_id=None if parent is None else parent.category_id
            )

    assert outline(shop) == [(depth, f"s-{depth}") for depth in range(40)]


def test_what_is_below_a_category_is_read_alone(shop: Shop) -> None:
    """The category itself comes first with depth 0, then everything below it in the tree's order."""
    tea, food = shelf(shop, "tea"), shelf(shop, "food")
    green = shelf(shop, "green", tea, position=2)
    shelf(shop, "black", tea, position=1)
    sencha = shelf(shop, "sencha", green)
    shelf(shop, "bread", food)

    found = {
        row.slug: [(node.depth, node.slug) for node in shop.catalog.category_descendants(row.category_id)]
        for row in (tea, green, sencha)
    }

    assert found == {
        "tea": [(0, "tea"), (1, "black"), (1, "green"), (2, "sencha")],
        "green": [(0, "green"), (1, "sencha")],
        "sencha": [(0, "sencha")],
    }
    assert shop.catalog.category_descendants(green.category_id)[0].parent_id == tea.category_id


def test_a_category_moves_with_everything_below_it(shop: Shop) -> None:
    """Its children stay its children; the position changes only when it is said."""
    tea, food = shelf(shop, "tea"), shelf(shop, "food")
    green = shelf(shop, "green", tea, position=3)
    shelf(shop, "sencha", green)

    moved = shop.catalog.move_category(green.category_id, parent_id=food.category_id)
    under_food = outline(shop)
    top = shop.catalog.move_category(green.category_id, parent_id=None, position=0)

    assert (moved.parent_id, moved.position) == (food.category_id, 3)
    assert under_food == [(0, "tea"), (0, "food"), (1, "green"), (2, "sencha")]
    assert (top.parent_id, top.position) == (None, 0)
    assert tea.updated_at < moved.updated_at < top.updated_at
    assert outline(shop) == [(0, "tea"), (0, "food"), (0, "green"), (1, "sencha")]


def test_a_category_cannot_hang_below_itself(shop: Shop) -> None:
    """A ring would be reachable from nowhere and read forever; nothing changes."""
    tea = shelf(shop, "tea")
    green = shelf(shop, "green", tea)
    sencha = shelf(shop, "sencha", green)
    before = outline(shop)

    for parent in (tea, green, sencha):
        with pytest.raises(InvalidValue, match="categories_no_cycle"):
            shop.catalog.move_category(tea.category_id, parent_id=parent.category_id)

    assert outline(shop) == before


def test_two_moves_at_once_close_no_ring(shop: Shop) -> None:
    """Each alone is legal; together they would hang both categories below each other."""
    for turn in range(5):
        one, other = shelf(shop, f"one-{turn}"), shelf(shop, f"other-{turn}")

        def move(pair: tuple[Category, Category]) -> bool:
            try:
                shop.catalog.move_category(pair[0].category_id, parent_id=pair[1].category_id)
            except (InvalidValue, Conflict):
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            moved = list(pool.map(move, [(one, other), (other, one)]))

        assert sorted(moved) == [False, True]
    assert len(outline(shop)) == 10


def test_three_moves_at_once_close_no_ring(shop: Shop) -> None:
    """No two of them touch the same parent; all three together would hang each below the next."""
    rings = []
    for turn in range(4):
        ring = [shelf(shop, f"{name}-{turn}") for name in ("a", "b", "c")]
        # One step deeper, so that the ring closes through a category that nobody moves.
        rings.append([(row, shelf(shop, f"below-{row.slug}", row)) for row in ring])

    def move(ring: list[tuple[Category, Category]], at: int) -> bool:
        try:
            shop.catalog.move_category(ring[at][0].category_id, parent_id=ring[(at + 1) % 3][1].category_id)
        except (InvalidValue, Conflict):
            return False
        return True

    outcomes = together(3, rings, move)

    assert [sum(moved) for moved in outcomes] == [2] * 4
    assert len(outline(shop)) == 24


def test_a_renamed_category_keeps_what_is_not_mentioned(shop: Shop) -> None:
    """Name and slug change each for itself."""
    tea = shelf(shop, "tea", position=7)

    named = shop.catalog.rename_category(tea.category_id, name="Teas")
    slugged = shop.catalog.rename_category(tea.category_id, slug="teas")

    assert (named.name, named.slug, named.position) == ("Teas", "tea", 7)
    assert (slugged.name, slugged.slug) == ("Teas", "teas")


REFUSED: list[tuple[type[Exception], str, Callable[[Catalog, Category], object]]] = [
    (AlreadyExists, "taken", lambda it, _: it.create_category(name="Tea", slug="tea")),
    (AlreadyExists, "taken", lambda it, food: it.rename_category(food.category_id, slug="tea")),
    (InvalidReference, "referred to", lambda it, _: it.create_category(name="A", slug="a", parent_id=99)),
    (InvalidReference, "referred to", lambda it, food: it.move_category(food.category_id, parent_id=99)),
    (NotFound, "99", lambda it, _: it.get_category(99)),
    (NotFound, "99", lambda it, _: it.category_descendants(99)),
    (InvalidValue, "category_id", lambda it, _: it.category_descendants(0)),
    (NotFound, "99", lambda it, _: it.rename_category(99, name="A")),
    (NotFound, "99", lambda it, _: it.move_category(99, parent_id=None)),
    (InvalidValue, "name", lambda it, _: it.create_category(name=" ", slug="a")),
    (InvalidValue, "slug", lambda it, _: it.create_category(name="A", slug="A")),
    (InvalidValue, "parent_id", lambda it, _: it.create_category(name="A", slug="a", parent_id=0)),
    (InvalidValue, "position", lambda it, _: it.create_category(name="A", slug="a", position=-1)),
    (InvalidValue, "position", lambda it, food: it.move_category(food.category_id, parent_id=None, position=1_000_001)),
    (InvalidValue, "category_id", lambda it, _: it.get_category(0)),
]


def test_what_does_not_fit_is_refused_by_name(shop: Shop) -> None:
    """The same class on both engines, the argument or key in the message, and nothing changed."""
    shelf(shop, "tea")
    food = shelf(shop, "food")
    before = shop.catalog.category_tree()

    for error, word, call in REFUSED:
        with pytest.raises(error, match=word):
            call(shop.catalog, food)

    assert shop.catalog.category_tree() == before


def test_a_refused_category_leaves_the_callers_transaction_usable(shop: Shop) -> None:
    """A program can try the next free slug."""
    shelf(shop, "tea")

    with shop.transaction() as tx:
        with pytest.raises(AlreadyExists):
            tx.catalog.create_category(name="Tea", slug="tea")
        tx.catalog.create_category(name="Tea", slug="tea-2")

    assert outline(shop) == [(0, "tea"), (0, "tea-2")]

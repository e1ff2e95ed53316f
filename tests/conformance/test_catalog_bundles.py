"""Bundles and the shares of their parts, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from lumia import Shop
from lumia.dto.bundles import Bundle, BundleItem
from lumia.dto.catalog import Variant
from lumia.errors import AlreadyExists, InvalidReference, InvalidValue, NotFound, UnavailableItem
from lumia.repos.catalog import Catalog
from tests.support.paging import walked
from tests.support.raw import open_raw


def priced(shop: Shop, *prices: str) -> list[Variant]:
    """A variant for each price, each of a product of its own."""
    category = shop.catalog.create_category(name="Tea", slug="tea")
    made = []
    for at, price in enumerate(prices):
        product = shop.catalog.create_product(category_id=category.category_id, slug=f"p-{at}", name="P")
        made.append(shop.catalog.create_variant(product.product_id, sku=f"P{at}", price=Decimal(price)))
    return made


def bundle(shop: Shop, slug: str, price: str, *items: tuple[Variant, int]) -> Bundle:
    """A bundle called by its slug."""
    pairs = [(variant.variant_id, quantity) for variant, quantity in items]
    return shop.catalog.create_bundle(sku=slug.upper(), slug=slug, name="Set", price=Decimal(price), items=pairs)


def shares(found: Bundle) -> list[str]:
    """What each part gets of the price."""
    return [format(part.share.normalize(), "f") for part in found.shares]


def test_a_bundle_is_stored_as_given(shop: Shop) -> None:
    """Every field comes back, with the parts in the order in which they were named."""
    first, second = priced(shop, "4.5", "1.25")

    made = shop.catalog.create_bundle(
        sku="SET 1",
        slug="tea-set",
        name=" Tea set ",
        price=Decimal("5.50"),
        items=[BundleItem(variant_id=second.variant_id, quantity=2), (first.variant_id, 1)],
    )

    assert (made.sku, made.slug, made.name, made.price) == ("SET 1", "tea-set", "Tea set", Decimal("5.5"))
    assert (made.is_active, made.created_at) == (True, made.updated_at)
    assert [(part.position, part.variant_id, part.quantity, part.sku, part.unit_price) for part in made.shares] == [
        (0, second.variant_id, 2, "P1", Decimal("1.25")),
        (1, first.variant_id, 1, "P0", Decimal("4.5")),
    ]
    assert shop.catalog.get_bundle(made.bundle_id) == made
    assert shop.catalog.bundle_by_slug("tea-set") == made


def test_a_bundles_price_is_shared_out_by_what_its_parts_cost(shop: Shop) -> None:
    """To the cent: the largest remainder gets the odd one, of equal remainders the one that stands first."""
    a, b, c, free = priced(shop, "1", "1", "2", "0")

    found = {
        "thirds": shares(bundle(shop, "thirds", "10", (a, 1), (b, 1), (c, 0 + 1), (free, 5))),
        "tie": shares(bundle(shop, "tie", "0.01", (b, 1), (a, 1))),
        "quantity": shares(bundle(shop, "quantity", "1", (a, 2), (c, 2))),
        "dearer": shares(bundle(shop, "dearer", "99", (c, 1), (a, 1))),
        "nothing": shares(bundle(shop, "nothing", "0", (a, 1), (b, 1))),
        "free-parts": shares(bundle(shop, "free-parts", "5", (free, 3))),
    }

    assert found == {
        "thirds": ["2.5", "2.5", "5", "0"],
        "tie": ["0.01", "0"],
        "quantity": ["0.33", "0.67"],
        "dearer": ["66", "33"],
        "nothing": ["0", "0"],
        "free-parts": ["5"],
    }


def test_the_shares_follow_the_prices(shop: Shop) -> None:
    """Of the bundle and of its parts; only the bundle's own row changes with its own price."""
    a, b = priced(shop, "1", "3")
    made = bundle(shop, "set", "3", (a, 1), (b, 1))

    dearer = shop.catalog.set_bundle_price(made.bundle_id, price=Decimal("3.99"))
    shop.catalog.set_price(a.variant_id, price=Decimal(3))
    now = shop.catalog.get_bundle(made.bundle_id)

    assert (shares(made), shares(dearer), shares(now)) == (["0.75", "2.25"], ["1", "2.99"], ["2", "1.99"])
    assert (dearer.price, dearer.updated_at > made.updated_at) == (Decimal("3.99"), True)
    assert now.updated_at == dearer.updated_at


@pytest.mark.parametrize(
    ("currency", "price", "expected"), [("JPY", "10", ["3", "7"]), ("KWD", "1.001", ["0.334", "0.667"])]
)
def test_shares_are_whole_minor_units_of_the_shops_currency(
    shop: Shop, currency: str, price: str, expected: list[str]
) -> None:
    """A currency without decimals has none in its shares either."""
    shop.settings.update(currency=currency)
    a, b = priced(shop, "1", "2")

    assert shares(bundle(shop, "set", price, (a, 1), (b, 1))) == expected


def test_a_bundle_outlives_a_change_of_the_currency(shop: Shop) -> None:
    """A price that can no longer be paid exactly is shared out as it is asked for: rounded."""
    a, b = priced(shop, "1", "2")
    made = bundle(shop, "set", "9.50", (a, 1), (b, 1))

    shop.settings.update(currency="JPY")

    assert shares(shop.catalog.get_bundle(made.bundle_id)) == ["3", "7"]
    with pytest.raises(InvalidValue, match="JPY"):
        shop.catalog.set_bundle_price(made.bundle_id, price=Decimal("9.5"))


def test_a_bundle_that_lost_its_parts_says_so_and_can_be_archived(shop: Shop, engine_name: str, url: str) -> None:
    """It could neither be read nor taken off sale: `weights: at least one must be above zero` was all there was."""
    made = bundle(shop, "set", "3", (priced(shop, "1")[0], 1))
    raw = open_raw(engine_name, url)
    raw.run("DELETE FROM bundle_items WHERE bundle_id = ?", (made.bundle_id,))
    raw.close()

    with pytest.raises(UnavailableItem, match="archive_bundle"):
        shop.catalog.get_bundle(made.bundle_id)
    with pytest.raises(UnavailableItem, match="archive_bundle"):
        shop.catalog.bundle_by_slug(made.slug)
    archived = shop.catalog.archive_bundle(made.bundle_id)

    assert (archived.is_active, archived.shares) == (False, ())
    assert shop.catalog.get_bundle(made.bundle_id) == archived
    assert shop.catalog.list_bundles().items == ()
    with pytest.raises(UnavailableItem, match="no parts"):
        shop.catalog.publish_bundle(made.bundle_id)


def test_a_bundle_is_taken_off_sale_and_put_back(shop: Shop) -> None:
    """Each step may be repeated and changes nothing but that."""
    made = bundle(shop, "set", "3", (priced(shop, "1")[0], 1))

    archive, publish = shop.catalog.archive_bundle, shop.catalog.publish_bundle
    steps = [step(made.bundle_id) for step in (archive, archive, publish, publish)]

    assert [step.is_active for step in steps] == [False, False, True, True]
    assert steps[-1].model_copy(update={"updated_at": made.updated_at}) == made


def test_bundles_are_listed_with_their_parts_page_by_page(shop: Shop) -> None:
    """All of them, or those on sale, or those that are not; each with its own parts only."""
    a, b = priced(shop, "1", "3")
    rows = [bundle(shop, f"set-{at}", "3", (a, at + 1), (b, 1)) for at in range(5)]
    rows = [shop.catalog.archive_bundle(row.bundle_id) if at % 2 else row for at, row in enumerate(rows)]

    for active in (None, True, False):
        expected = [row for row in rows if active in {None, row.is_active}]
        pages = walked(lambda after, active=active: shop.catalog.list_bundles(is_active=active, limit=2, after=after))  # type: ignore[misc]

        assert [row for page in pages for row in page.items] == expected
    assert shop.catalog.list_bundles(after=rows[-1].bundle_id).items == ()


def test_a_bundle_of_a_hundred_parts_is_whole(shop: Shop) -> None:
    """The most that there may be; one more is refused."""
    parts = [(variant, 1) for variant in priced(shop, *["0.0001"] * 101)]

    made = bundle(shop, "set", "99999999999.99", *parts[:100])
    with pytest.raises(InvalidValue, match="items"):
        bundle(shop, "more", "1", *parts)

    assert sum(part.share for part in made.shares) == made.price
    assert shop.catalog.get_bundle(made.bundle_id) == made


Attempt = Callable[[Catalog, int, int], object]


def attempt(**changes: object) -> Attempt:
    """The creation of a bundle that differs from a good one."""

    def create(it: Catalog, variant_id: int, _: int) -> object:
        good: dict[str, object] = {
            "sku": "N",
            "slug": "n",
            "name": "N",
            "price": Decimal(1),
            "items": [(variant_id, 1)],
        }
        return it.create_bundle(**{**good, **changes})  # type: ignore[arg-type] # wrong on purpose

    return create


REFUSED: list[tuple[type[Exception], str, Attempt]] = [
    (AlreadyExists, "taken", attempt(sku="SET")),
    (AlreadyExists, "taken", attempt(slug="set")),
    (InvalidReference, "referred to", attempt(items=[(99, 1)])),
    (NotFound, "99", lambda it, _, __: it.get_bundle(99)),
    (NotFound, "slug", lambda it, _, __: it.bundle_by_slug("nothing")),
    (NotFound, "99", lambda it, _, __: it.set_bundle_price(99, price=Decimal(1))),
    (NotFound, "99", lambda it, _, __: it.archive_bundle(99)),
    (NotFound, "99", lambda it, _, __: it.publish_bundle(99)),
    (InvalidValue, "sku", attempt(sku=" ")),
    (InvalidValue, "slug", attempt(slug="N")),
    (InvalidValue, "name", attempt(name="")),
    (InvalidValue, "price", attempt(price=Decimal("-0.01"))),
    (InvalidValue, "price", attempt(price=Decimal("0.001"))),
    (InvalidValue, "price", attempt(price=0.5)),
    (InvalidValue, "items", attempt(items=[])),
    (InvalidValue, "items", attempt(items=[(1, 1), (1, 2)])),
    (InvalidValue, "quantity", attempt(items=[(1, 0)])),
    (InvalidValue, "quantity", attempt(items=[(1, 1_000_001)])),
    (InvalidValue, "quantity", attempt(items=[(1, True)])),
    (InvalidValue, "variant_id", attempt(items=[(0, 1)])),
    (InvalidValue, "items", attempt(items=[(1,)])),
    (InvalidValue, "items", attempt(items=[1])),
    (InvalidValue, "bundle_id", lambda it, _, __: it.get_bundle(0)),
    (InvalidValue, "price", lambda it, _, key: it.set_bundle_price(key, price=Decimal("0.001"))),
    (InvalidValue, "is_active", lambda it, _, __: it.list_bundles(is_active="yes")),  # type: ignore[arg-type]
    (InvalidValue, "limit", lambda it, _, __: it.list_bundles(limit=0)),
    (InvalidValue, "after", lambda it, _, __: it.list_bundles(after=-1)),
]


def test_what_does_not_fit_is_refused_by_name(shop: Shop) -> None:
    """The same class on both engines, the argument or key in the message, and nothing changed."""
    variant = priced(shop, "1")[0]
    key = bundle(shop, "set", "3", (variant, 1)).bundle_id
    before = shop.catalog.list_bundles()

    for error, word, call in REFUSED:
        with pytest.raises(error, match=word):
            call(shop.catalog, variant.variant_id, key)

    assert shop.catalog.list_bundles() == before

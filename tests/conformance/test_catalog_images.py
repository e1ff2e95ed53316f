"""Images of products and variants, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import permutations

import pytest

from lumia import Shop
from lumia.dto.catalog import Product
from lumia.dto.images import ProductImage
from lumia.errors import InvalidReference, InvalidValue, NotFound
from lumia.repos.catalog import Catalog
from tests.support.together import together


def tin(shop: Shop, slug: str = "tin") -> Product:
    """A product in a category of its own."""
    category = shop.catalog.create_category(name="Tea", slug=f"of-{slug}")
    return shop.catalog.create_product(category_id=category.category_id, slug=slug, name="Tin")


def image(shop: Shop, product: Product, name: str) -> ProductImage:
    """An image called by one word."""
    return shop.catalog.add_image(product.product_id, url=f"/{name}.jpg")


def urls(shop: Shop, product: Product) -> list[str]:
    """A product's images in their order."""
    return [row.url for row in shop.catalog.get_product(product.product_id).images]


def test_an_image_is_stored_as_given_behind_the_others(shop: Shop) -> None:
    """Every field comes back, and a product is read with its images."""
    product, other = tin(shop), tin(shop, "other")
    variant = shop.catalog.create_variant(product.product_id, sku="TIN", price=Decimal(1))

    plain = shop.catalog.add_image(product.product_id, url="img/a.png")
    full = shop.catalog.add_image(
        product.product_id, url="https://example.com/b.png?w=1", alt_text=" A tin ", variant_id=variant.variant_id
    )
    image(shop, other, "x")

    assert (plain.url, plain.alt_text, plain.variant_id, plain.position) == ("img/a.png", "", None, 0)
    assert (full.url, full.alt_text) == ("https://example.com/b.png?w=1", "A tin")
    assert (full.variant_id, full.position, full.product_id) == (variant.variant_id, 1, product.product_id)
    assert full.created_at == full.updated_at
    assert shop.catalog.get_product(product.product_id).images == (plain, full)
    assert shop.catalog.by_slug("tin") == shop.catalog.get_product(product.product_id)


def test_an_image_changes_where_it_is_told_to(shop: Shop) -> None:
    """What is not mentioned stays, and an image can be taken from its variant."""
    product = tin(shop)
    variant = shop.catalog.create_variant(product.product_id, sku="TIN", price=Decimal(1))
    first = image(shop, product, "a")

    shown = shop.catalog.update_image(first.product_image_id, variant_id=variant.variant_id)
    said = shop.catalog.update_image(first.product_image_id, alt_text="A tin")
    moved = shop.catalog.update_image(first.product_image_id, url="/b.jpg", variant_id=None)

    assert (shown.variant_id, shown.url, shown.alt_text) == (variant.variant_id, "/a.jpg", "")
    assert (said.variant_id, said.alt_text) == (variant.variant_id, "A tin")
    assert (moved.variant_id, moved.url, moved.alt_text, moved.position) == (None, "/b.jpg", "A tin", 0)
    assert first.updated_at < shown.updated_at < said.updated_at < moved.updated_at


def test_the_others_keep_their_order_when_an_image_is_removed(shop: Shop) -> None:
    """The next one goes behind them all."""
    product = tin(shop)
    _, gone, _ = (image(shop, product, name) for name in "abc")

    shop.catalog.remove_image(gone.product_image_id)
    image(shop, product, "d")

    assert urls(shop, product) == ["/a.jpg", "/c.jpg", "/d.jpg"]
    with pytest.raises(NotFound):
        shop.catalog.remove_image(gone.product_image_id)


def test_images_stand_in_any_order_that_is_asked_for(shop: Shop) -> None:
    """Each of all orders follows from each other one, though no two images share a place at any moment."""
    product, other = tin(shop), tin(shop, "other")
    keys = [image(shop, product, name).product_image_id for name in "abc"]
    image(shop, other, "x")

    for wanted in (*permutations(keys), keys):
        given = shop.catalog.reorder_images(product.product_id, wanted)

        assert [row.product_image_id for row in given] == list(wanted)
        assert shop.catalog.get_product(product.product_id).images == given
        assert given[-1].position < 6
    assert urls(shop, other) == ["/x.jpg"]


def test_images_are_rearranged_after_some_were_removed_and_added(shop: Shop) -> None:
    """Places that were left free are no obstacle, nor is the order that is there already."""
    product = tin(shop)
    keys = [image(shop, product, name).product_image_id for name in "abcd"]
    shop.catalog.remove_image(keys[0])
    shop.catalog.reorder_images(product.product_id, keys[:0:-1])
    added = image(shop, product, "e").product_image_id

    wanted = [keys[2], added, keys[1], keys[3]]
    twice = [shop.catalog.reorder_images(product.product_id, wanted) for _ in range(2)]

    assert [[row.product_image_id for row in given] for given in twice] == [wanted, wanted]


def test_a_product_without_images_has_none_to_rearrange(shop: Shop) -> None:
    """Nothing in its order is nothing."""
    assert shop.catalog.reorder_images(tin(shop).product_id, []) == ()


def test_images_end_at_a_hundred(shop: Shop) -> None:
    """What still fits can be turned round as a whole, one more is refused."""
    product = tin(shop)
    with shop.transaction() as tx:
        keys = [tx.catalog.add_image(product.product_id, url=f"/{at}").product_image_id for at in range(100)]

    with pytest.raises(InvalidValue, match="100 images"):
        image(shop, product, "more")
    turned = shop.catalog.reorder_images(product.product_id, keys[::-1])

    assert [row.product_image_id for row in turned] == keys[::-1]


def test_images_added_and_rearranged_at_once_lose_nothing(shop: Shop) -> None:
    """An order that misses an image added meanwhile is refused, and no two claim one place."""
    product = tin(shop)
    keys = [image(shop, product, name).product_image_id for name in "ab"]

    def act(what: str, at: int) -> bool:
        try:
            if what == "add":
                image(shop, product, f"n{at}")
            else:
                shop.catalog.reorder_images(product.product_id, keys[:: -1 if at % 2 else 1])
        except InvalidValue:
            return False
        return True

    outcomes = together(3, ["add", "turn"], act)

    rows = shop.catalog.get_product(product.product_id).images
    assert len(rows) == 5
    assert len({row.position for row in rows}) == 5
    assert sum(done for outcome in outcomes for done in outcome) >= 3


REFUSED: list[tuple[type[Exception], str, Callable[[Catalog, ProductImage, int], object]]] = [
    (NotFound, "99", lambda it, _, __: it.add_image(99, url="/a")),
    (NotFound, "99", lambda it, _, __: it.update_image(99, alt_text="a")),
    (NotFound, "99", lambda it, _, __: it.remove_image(99)),
    (NotFound, "99", lambda it, _, __: it.reorder_images(99, [])),
    (
        InvalidReference,
        "referred to",
        lambda it, one, foreign: it.add_image(one.product_id, url="/a", variant_id=foreign),
    ),
    (InvalidReference, "referred to", lambda it, one, _: it.add_image(one.product_id, url="/a", variant_id=99)),
    (
        InvalidReference,
        "referred to",
        lambda it, one, foreign: it.update_image(one.product_image_id, variant_id=foreign),
    ),
    (InvalidValue, "product_id", lambda it, _, __: it.add_image(0, url="/a")),
    (InvalidValue, "variant_id", lambda it, one, _: it.add_image(one.product_id, url="/a", variant_id=0)),
    (InvalidValue, "variant_id", lambda it, one, _: it.update_image(one.product_image_id, variant_id=True)),
    (InvalidValue, "alt_text", lambda it, one, _: it.add_image(one.product_id, url="/a", alt_text="x" * 501)),
    (InvalidValue, "url", lambda it, one, _: it.add_image(one.product_id, url="/" + "x" * 2000)),
    (InvalidValue, "url", lambda it, one, _: it.update_image(one.product_image_id, url="")),
    (InvalidValue, "product_image_id", lambda it, _, __: it.remove_image(0)),
    (InvalidValue, "image_ids", lambda it, one, _: it.reorder_images(one.product_id, [])),
    (InvalidValue, "image_ids", lambda it, one, _: it.reorder_images(one.product_id, [one.product_image_id] * 2)),
    (InvalidValue, "image_ids", lambda it, one, _: it.reorder_images(one.product_id, [one.product_image_id, 99])),
    (InvalidValue, "image_ids", lambda it, one, _: it.reorder_images(one.product_id, list(range(1, 102)))),
    *(
        (InvalidValue, "url", lambda it, one, _, url=url: it.add_image(one.product_id, url=url))
        for url in ("javascript:alert(1)", "data:x", "a b", "http://", "https:///a", "\n", "ftp://a/b", "a\\b")
    ),
]


def test_what_does_not_fit_is_refused_by_name(shop: Shop) -> None:
    """The same class on both engines, the argument or key in the message, and nothing changed."""
    product, other = tin(shop), tin(shop, "other")
    foreign = shop.catalog.create_variant(other.product_id, sku="OTHER", price=Decimal(1))
    one = image(shop, product, "a")
    before = shop.catalog.get_product(product.product_id).images

    for error, word, call in REFUSED:
        with pytest.raises(error, match=word):
            call(shop.catalog, one, foreign.variant_id)

    assert shop.catalog.get_product(product.product_id).images == before

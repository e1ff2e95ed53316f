"""Options, variants and all combinations of them, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from lumia import Shop
from lumia.dto.catalog import Product, ProductOption, Variant
from lumia.errors import AlreadyExists, InvalidReference, InvalidValue, NotFound
from lumia.repos.catalog import Catalog
from tests.support.together import together

ONE = Decimal(1)


def tin(shop: Shop, slug: str = "tin") -> Product:
    """A product in a category of its own."""
    category = shop.catalog.create_category(name="Tea", slug=f"of-{slug}")
    return shop.catalog.create_product(category_id=category.category_id, slug=slug, name="Tin")


def option(shop: Shop, product: Product, name: str, *values: str) -> ProductOption:
    """An option with values."""
    return shop.catalog.add_option(product.product_id, name=name, values=values)


def keys(option: ProductOption) -> list[int]:
    """The keys of an option's values."""
    return [value.option_value_id for value in option.values]


# --- options ----------------------------------------------------------------------------------------------------------


def test_an_option_keeps_the_order_of_its_values(shop: Shop) -> None:
    """XS stands before S because the shop says so."""
    product = tin(shop)

    size = option(shop, product, "Size", "XS", " S ", "M")
    colour = option(shop, product, "Colour", "red")

    assert (size.name, size.position, size.product_id) == ("Size", 0, product.product_id)
    assert [(value.value, value.position) for value in size.values] == [("XS", 0), ("S", 1), ("M", 2)]
    assert {value.product_option_id for value in size.values} == {size.product_option_id}
    assert (colour.position, [value.value for value in colour.values]) == (1, ["red"])
    assert shop.catalog.get_product(product.product_id).options == (size, colour)


def test_a_value_is_added_behind_the_others(shop: Shop) -> None:
    """No variant has it until its combinations are created."""
    product, other = tin(shop), tin(shop, "other")
    size, colour = option(shop, product, "Size", "S", "L"), option(shop, product, "Colour", "red")
    option(shop, other, "Size", "XL")
    shop.catalog.create_variants(product.product_id, sku_prefix="T", price=ONE)

    added = shop.catalog.add_option_value(size.product_option_id, value=" XL ")
    made = shop.catalog.create_variants(product.product_id, sku_prefix="T", price=ONE)

    assert (added.value, added.position, added.product_option_id) == ("XL", 2, size.product_option_id)
    assert (added.product_id, added.created_at) == (product.product_id, added.updated_at)
    detail = shop.catalog.get_product(product.product_id)
    assert detail.options == (size.model_copy(update={"values": (*size.values, added)}), colour)
    assert [row.sku for row in made] == ["T-XL-red"]
    assert detail.updated_at > product.updated_at


def test_a_value_that_does_not_fit_is_refused(shop: Shop) -> None:
    """One that is there, one too many, one that is none, and one of no option; nothing is added."""
    product = tin(shop)
    size = option(shop, product, "Size", *(str(at) for at in range(99)))
    shop.catalog.add_option_value(size.product_option_id, value="last")
    before = shop.catalog.get_product(product.product_id).options

    with pytest.raises(InvalidValue, match="100 values"):
        shop.catalog.add_option_value(size.product_option_id, value="more")
    with pytest.raises(InvalidValue, match="value"):
        shop.catalog.add_option_value(size.product_option_id, value=" ")
    with pytest.raises(InvalidValue, match="product_option_id"):
        shop.catalog.add_option_value(0, value="a")
    with pytest.raises(NotFound, match="99"):
        shop.catalog.add_option_value(99, value="a")
    colour = option(shop, product, "Colour", "red")
    with pytest.raises(AlreadyExists):
        shop.catalog.add_option_value(colour.product_option_id, value="red")

    assert shop.catalog.get_product(product.product_id).options == (*before, colour)


def test_options_end_at_ten_and_values_at_a_hundred(shop: Shop) -> None:
    """What still fits is kept, one more is refused."""
    product = tin(shop)
    longest = option(shop, product, "N" * 100, *(f"{at:0>100}" for at in range(100)))
    for at in range(9):
        option(shop, product, f"o{at}", "a")

    with pytest.raises(InvalidValue, match="10 options"):
        option(shop, product, "o10", "a")

    assert len(longest.values) == 100
    assert len(shop.catalog.get_product(product.product_id).options) == 10


def test_options_added_at_once_stand_one_behind_the_other(shop: Shop) -> None:
    """Each sees the ones before it, so that no two claim one place."""
    product = tin(shop)

    made = [
        one
        for outcome in together(4, ["A", "B"], lambda name, at: option(shop, product, f"{name}{at}", "a", "b"))
        for one in outcome
    ]

    assert sorted(one.position for one in made) == list(range(8))
    assert {len(one.values) for one in made} == {2}


# --- single variants --------------------------------------------------------------------------------------------------


def test_a_variant_is_stored_as_given(shop: Shop) -> None:
    """Every field comes back, and the shortest call has sensible ones."""
    product, other = tin(shop), tin(shop, "other")

    full = shop.catalog.create_variant(
        product.product_id,
        sku="TIN 1a",
        price=Decimal("99999999999.9999"),
        compare_at_price=Decimal("0.0001"),
        weight_grams=100_000_000,
        barcode="4006381333931",
        is_goods=False,
        is_active=False,
    )
    plain = shop.catalog.create_variant(other.product_id, sku="tin 1A", price=Decimal(0))

    assert (full.sku, full.price, full.compare_at_price) == ("TIN 1a", Decimal("99999999999.9999"), Decimal("0.0001"))
    assert (full.weight_grams, full.barcode) == (100_000_000, "4006381333931")
    assert (full.is_goods, full.is_active, full.product_id) == (False, False, product.product_id)
    assert (plain.price, plain.compare_at_price, plain.weight_grams, plain.barcode) == (Decimal(0), None, None, None)
    assert (plain.is_goods, plain.is_active) == (True, True)
    assert shop.catalog.get_variant(full.variant_id) == full
    assert shop.catalog.variant_by_sku("TIN 1a") == full
    assert shop.catalog.variant_by_sku("tin 1A") == plain


def test_a_variant_has_one_value_of_each_option(shop: Shop) -> None:
    """In whatever order they are given, the same combination exists once."""
    product = tin(shop)
    size, colour = option(shop, product, "Size", "S", "L"), option(shop, product, "Colour", "red", "blue")
    values = [keys(colour)[1], keys(size)[0]]

    made = shop.catalog.create_variant(product.product_id, sku="A", price=ONE, option_value_ids=values)
    with pytest.raises(AlreadyExists):
        shop.catalog.create_variant(product.product_id, sku="B", price=ONE, option_value_ids=values[::-1])

    detail = shop.catalog.get_product(product.product_id)
    assert [(row.variant_id, row.option_value_ids) for row in detail.variants] == [
        (made.variant_id, tuple(sorted(values)))
    ]


def test_an_incomplete_or_foreign_combination_is_refused(shop: Shop) -> None:
    """A variant of half a size could not be chosen by anybody."""
    product, other = tin(shop), tin(shop, "other")
    size, colour = option(shop, product, "Size", "S", "L"), option(shop, product, "Colour", "red")
    foreign = option(shop, other, "Size", "S")
    wrong: list[tuple[type[Exception], list[int]]] = [
        (InvalidValue, []),
        (InvalidValue, keys(size)[:1]),
        (InvalidValue, keys(size)),
        (InvalidValue, [*keys(size), *keys(colour)]),
        (InvalidValue, [*keys(size)[:1], *keys(size)[:1], *keys(colour)]),
        (InvalidReference, [*keys(size)[:1], *keys(foreign)]),
        (InvalidReference, [*keys(size)[:1], 10**9]),
    ]

    for error, values in wrong:
        with pytest.raises(error, match="option_value_ids"):
            shop.catalog.create_variant(product.product_id, sku="A", price=ONE, option_value_ids=values)

    assert shop.catalog.get_product(product.product_id).variants == ()


def test_a_product_without_options_has_one_variant(shop: Shop) -> None:
    """A second one could not be told from the first."""
    product = tin(shop)
    shop.catalog.create_variant(product.product_id, sku="A", price=ONE)

    with pytest.raises(AlreadyExists):
        shop.catalog.create_variant(product.product_id, sku="B", price=ONE)


def test_a_sku_is_taken_once_in_the_shop(shop: Shop) -> None:
    """Byte by byte: another case is another SKU."""
    shop.catalog.create_variant(tin(shop).product_id, sku="A", price=ONE)
    other = tin(shop, "other")

    with pytest.raises(AlreadyExists):
        shop.catalog.create_variant(other.product_id, sku="A", price=ONE)

    assert shop.catalog.create_variant(other.product_id, sku="a", price=ONE).sku == "a"


# --- all combinations -------------------------------------------------------------------------------------------------


def test_all_combinations_are_created_in_one_call(shop: Shop) -> None:
    """In the order of options and values, each once, and what exists already is left alone."""
    product = tin(shop)
    size, colour = option(shop, product, "Size", "S", "L"), option(shop, product, "Colour", "Dark Blue", "red")
    present = shop.catalog.create_variant(
        product.product_id, sku="OWN", price=Decimal(9), option_value_ids=[keys(size)[0], keys(colour)[1]]
    )

    made = shop.catalog.create_variants(product.product_id, sku_prefix="TIN", price=Decimal("2.50"), weight_grams=100)
    again = shop.catalog.create_variants(product.product_id, sku_prefix="TIN", price=ONE)

    assert [variant.sku for variant in made] == ["TIN-S-DarkBlue", "TIN-L-DarkBlue", "TIN-L-red"]
    assert {variant.price for variant in made} == {Decimal("2.50")}
    assert {variant.weight_grams for variant in made} == {100}
    assert [variant.option_value_ids for variant in made] == [
        (keys(size)[0], keys(colour)[0]),
        (keys(size)[1], keys(colour)[0]),
        (keys(size)[1], keys(colour)[1]),
    ]
    assert again == ()
    detail = shop.catalog.get_product(product.product_id)
    assert detail.variants[1:] == made
    assert detail.variants[0].variant_id == present.variant_id
    assert shop.catalog.price_history(made[0].variant_id).items[0].price == Decimal("2.50")


def test_combinations_end_at_a_thousand(shop: Shop) -> None:
    """A slip of the hand must not fill the shop; nothing is created then."""
    product, huge = tin(shop), tin(shop, "huge")
    option(shop, product, "A", *(str(at) for at in range(100)))
    option(shop, product, "B", *(str(at) for at in range(10)))
    for name in "ABCDEFGHIJ":
        option(shop, huge, name, *(str(at) for at in range(100)))

    made = shop.catalog.create_variants(product.product_id, sku_prefix="X", price=ONE)
    option(shop, product, "C", "1")
    with pytest.raises(InvalidValue, match="1000"):
        shop.catalog.create_variants(product.product_id, sku_prefix="Y", price=ONE)
    with pytest.raises(InvalidValue, match="1000"):
        shop.catalog.create_variants(huge.product_id, sku_prefix="Z", price=ONE)

    assert len(made) == 1000
    assert len(shop.catalog.get_product(product.product_id).variants) == 1000
    assert shop.catalog.get_product(huge.product_id).variants == ()


def test_a_taken_sku_refuses_all_combinations(shop: Shop) -> None:
    """Half a set of variants would be hard to find and to undo."""
    product = tin(shop)
    option(shop, product, "Size", "S", "L")
    shop.catalog.create_variant(tin(shop, "other").product_id, sku="TIN-L", price=ONE)

    with pytest.raises(AlreadyExists):
        shop.catalog.create_variants(product.product_id, sku_prefix="TIN", price=ONE)

    assert shop.catalog.get_product(product.product_id).variants == ()


# --- changes ----------------------------------------------------------------------------------------------------------


def test_a_variant_changes_where_it_is_told_to(shop: Shop) -> None:
    """What is not mentioned stays; what may be empty is emptied when None is said."""
    made = shop.catalog.create_variant(
        tin(shop).product_id, sku="A", price=ONE, compare_at_price=Decimal(2), weight_grams=5, barcode="1"
    )
    key = made.variant_id

    renamed = shop.catalog.update_variant(key, sku="B", is_active=False)
    emptied = shop.catalog.update_variant(key, compare_at_price=None, barcode=None)
    refilled = shop.catalog.update_variant(key, weight_grams=0, barcode="2", is_goods=False, is_active=True)

    same = {"compare_at_price": Decimal(2), "weight_grams": 5, "barcode": "1", "price": ONE, "is_goods": True}
    assert renamed.model_dump(include=set(same)) == same
    assert (renamed.sku, renamed.is_active) == ("B", False)
    assert (emptied.sku, emptied.compare_at_price, emptied.weight_grams, emptied.barcode) == ("B", None, 5, None)
    assert (refilled.weight_grams, refilled.barcode, refilled.is_goods, refilled.is_active) == (0, "2", False, True)
    assert shop.catalog.get_variant(key) == refilled


REFUSED: list[tuple[type[Exception], str, Callable[[Catalog, Variant], object]]] = [
    (AlreadyExists, "taken", lambda it, one: it.update_variant(one.variant_id, sku="OTHER")),
    (AlreadyExists, "taken", lambda it, one: it.add_option(one.product_id, name="Size", values=["S"])),
    (NotFound, "99", lambda it, _: it.get_variant(99)),
    (NotFound, "SKU", lambda it, _: it.variant_by_sku("nothing")),
    (NotFound, "99", lambda it, _: it.update_variant(99, sku="X")),
    (NotFound, "99", lambda it, _: it.add_option(99, name="X", values=["a"])),
    (NotFound, "99", lambda it, _: it.create_variant(99, sku="X", price=ONE)),
    (NotFound, "99", lambda it, _: it.create_variants(99, sku_prefix="X", price=ONE)),
    (InvalidValue, "no options", lambda it, _: it.create_variants(2, sku_prefix="X", price=ONE)),
    (InvalidValue, "sku", lambda it, one: it.create_variants(one.product_id, sku_prefix="x" * 64, price=ONE)),
    (InvalidValue, "price", lambda it, one: it.create_variant(one.product_id, sku="X", price=Decimal(-1))),
    (InvalidValue, "price", lambda it, one: it.create_variant(one.product_id, sku="X", price=1.5)),  # type: ignore[arg-type]
    (InvalidValue, "weight_grams", lambda it, one: it.update_variant(one.variant_id, weight_grams=-1)),
    (InvalidValue, "barcode", lambda it, one: it.update_variant(one.variant_id, barcode="")),
    (InvalidValue, "values", lambda it, one: it.add_option(one.product_id, name="X", values=["a", "a"])),
    (InvalidValue, "values", lambda it, one: it.add_option(one.product_id, name="X", values=[])),
    (InvalidValue, "sku", lambda it, _: it.variant_by_sku("a\0b")),
    (InvalidValue, "variant_id", lambda it, _: it.get_variant(0)),
]


def test_what_does_not_fit_is_refused_by_name(shop: Shop) -> None:
    """The same class on both engines, the argument or key in the message, and nothing changed."""
    product, other = tin(shop), tin(shop, "other")
    option(shop, product, "Size", "S", "L")
    one = shop.catalog.create_variants(product.product_id, sku_prefix="TIN", price=ONE)[0]
    option(shop, product, "Colour", "red")
    shop.catalog.create_variant(other.product_id, sku="OTHER", price=ONE)
    before = [shop.catalog.get_product(row.product_id).variants for row in (product, other)]

    for error, word, call in REFUSED:
        with pytest.raises(error, match=word):
            call(shop.catalog, shop.catalog.get_variant(one.variant_id))

    assert [shop.catalog.get_product(row.product_id).variants for row in (product, other)] == before

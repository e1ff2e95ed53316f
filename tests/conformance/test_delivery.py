"""Shipping methods and tax rates, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from lumia import Shop
from lumia.dto.delivery import ShippingMethod, TaxRate
from lumia.errors import AlreadyExists, InvalidReference, InvalidValue, NotFound

NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)


def posted(shop: Shop, code: str = "post", *, is_active: bool = True) -> ShippingMethod:
    """A shipping method for 4.95."""
    return shop.delivery.create_shipping_method(
        code=code, name=code.title(), price=Decimal("4.95"), is_active=is_active
    )


# --- shipping methods -------------------------------------------------------------------------------------------------


def test_a_shipping_method_is_stored_as_given(shop: Shop) -> None:
    """Lists and optional amounts come back as they went in."""
    full = shop.delivery.create_shipping_method(
        code="air", name="By air", price=Decimal("12.5"), free_from=Decimal("0.0001"), countries=["GB", "IE"]
    )
    plain = posted(shop)

    assert (full.price, full.free_from, full.countries) == (Decimal("12.5"), Decimal("0.0001"), ("GB", "IE"))
    assert (plain.free_from, plain.countries, plain.is_active) == (None, (), True)
    assert shop.delivery.get_shipping_method(full.shipping_method_id) == full
    assert shop.delivery.shipping_methods().items == (full, plain)


def test_a_code_is_taken_once(shop: Shop) -> None:
    """Orders name their method by it."""
    posted(shop)

    with pytest.raises(AlreadyExists):
        posted(shop)


def test_a_shipping_method_changes_where_it_is_told_to(shop: Shop) -> None:
    """What is not mentioned stays; free shipping ends only when None is said."""
    post = shop.delivery.create_shipping_method(
        code="post", name="Post", price=Decimal("4.95"), free_from=Decimal(50), countries=("GB",)
    )
    key = post.shipping_method_id

    dearer = shop.delivery.update_shipping_method(key, price=Decimal("5.95"))
    never_free = shop.delivery.update_shipping_method(key, free_from=None, name="Royal post")
    anywhere = shop.delivery.update_shipping_method(key, countries=(), is_active=False)

    assert (dearer.price, dearer.free_from, dearer.countries) == (Decimal("5.95"), Decimal(50), ("GB",))
    assert (never_free.free_from, never_free.name, never_free.price) == (None, "Royal post", Decimal("5.95"))
    assert (anywhere.countries, anywhere.is_active, anywhere.code) == ((), False, "post")
    assert post.updated_at < dearer.updated_at < anywhere.updated_at
    assert shop.delivery.get_shipping_method(key) == anywhere


def test_inactive_methods_are_listed_when_asked_for(shop: Shop) -> None:
    """A customer chooses among the active ones, a shopkeeper sees all, page by page."""
    rows = [posted(shop, f"m{at}", is_active=at != 1) for at in range(4)]

    active = shop.delivery.shipping_methods(limit=2)
    rest = shop.delivery.shipping_methods(limit=2, after=active.next)
    everything = shop.delivery.shipping_methods(include_inactive=True, limit=3)
    last = shop.delivery.shipping_methods(include_inactive=True, limit=3, after=everything.next)

    assert active.items == (rows[0], rows[2])
    assert (rest.items, rest.next) == ((rows[3],), None)
    assert everything.items + last.items == tuple(rows)
    assert last.next is None


# --- tax rates --------------------------------------------------------------------------------------------------------


def taxed(shop: Shop, country: str = "GB", **more: object) -> TaxRate:
    """A rate of twenty percent."""
    return shop.delivery.add_tax_rate(country_code=country, rate=Decimal("0.2"), **more)  # type: ignore[arg-type]


def test_a_tax_rate_is_stored_as_given(shop: Shop) -> None:
    """Six decimals, a window and a category come back exactly."""
    tea = shop.catalog.create_category(name="Tea", slug="tea")

    rate = shop.delivery.add_tax_rate(
        country_code="US",
        region="CA",
        rate=Decimal("0.072525"),
        category_id=tea.category_id,
        valid_from=NOON,
        valid_to=NOON + timedelta(microseconds=1),
    )

    assert (rate.country_code, rate.region, rate.rate) == ("US", "CA", Decimal("0.072525"))
    assert (rate.category_id, rate.valid_from) == (tea.category_id, NOON)
    assert rate.valid_to == NOON + timedelta(microseconds=1)
    assert shop.delivery.tax_rates().items == (rate,)


def test_a_rate_without_dates_holds_from_now_on(shop: Shop) -> None:
    """The usual call needs no clock of the caller's."""
    rate = taxed(shop)

    assert rate.valid_from == rate.created_at
    assert (rate.valid_to, rate.category_id, rate.region) == (None, None, "")


def test_an_instant_in_another_zone_is_the_same_instant(shop: Shop) -> None:
    """What comes back is in UTC on both engines."""
    zone_time = NOON.astimezone(tz=None)

    rate = taxed(shop, valid_from=zone_time)

    assert rate.valid_from == NOON
    assert rate.valid_from.utcoffset() == timedelta(0)


def test_a_place_and_category_have_one_rate_per_start(shop: Shop) -> None:
    """Two answers to one question would be a coin toss; no category is a scope of its own."""
    tea = shop.catalog.create_category(name="Tea", slug="tea")
    taxed(shop, valid_from=NOON)
    taxed(shop, valid_from=NOON, category_id=tea.category_id)
    taxed(shop, valid_from=NOON, region="Wales")
    taxed(shop, valid_from=NOON + timedelta(microseconds=1))

    with pytest.raises(AlreadyExists):
        taxed(shop, valid_from=NOON)
    with pytest.raises(AlreadyExists):
        taxed(shop, valid_from=NOON, category_id=tea.category_id)


def test_tax_rates_are_listed_page_by_page(shop: Shop) -> None:
    """Of a country, or of all."""
    rows = [taxed(shop, country) for country in ("GB", "DE", "GB", "DE")]

    first = shop.delivery.tax_rates(limit=3)
    second = shop.delivery.tax_rates(limit=3, after=first.next)
    german = shop.delivery.tax_rates(country_code="DE", limit=1)
    more = shop.delivery.tax_rates(country_code="DE", limit=1, after=german.next)

    assert first.items + second.items == tuple(rows)
    assert second.next is None
    assert german.items + more.items == (rows[1], rows[3])
    assert more.next is None
    assert shop.delivery.tax_rates(country_code="FR").items == ()


REFUSED: list[tuple[type[Exception], str, Callable[[Shop], object]]] = [
    (NotFound, "9", lambda shop: shop.delivery.get_shipping_method(9)),
    (NotFound, "9", lambda shop: shop.delivery.update_shipping_method(9, name="X")),
    (InvalidReference, "referred to", lambda shop: taxed(shop, category_id=9)),
    (InvalidValue, "shipping_method_id", lambda shop: shop.delivery.get_shipping_method(0)),
    (InvalidValue, "price", lambda shop: shop.delivery.update_shipping_method(1, price=Decimal("-0.0001"))),
    (InvalidValue, "free_from", lambda shop: shop.delivery.update_shipping_method(1, free_from=Decimal(-1))),
    (InvalidValue, "code", lambda shop: posted(shop, "x" * 65)),
    (InvalidValue, "country_code", lambda shop: taxed(shop, "gb")),
    (InvalidValue, "country_code", lambda shop: shop.delivery.tax_rates(country_code="GBR")),
    (InvalidValue, "valid_from", lambda shop: taxed(shop, valid_from=datetime(2030, 1, 1))),  # noqa: DTZ001
    (InvalidValue, "valid_from", lambda shop: taxed(shop, valid_from=datetime(1969, 12, 31, tzinfo=UTC))),
    (InvalidValue, "valid_to", lambda shop: taxed(shop, valid_from=NOON, valid_to=NOON)),
    (InvalidValue, "limit", lambda shop: shop.delivery.tax_rates(limit=501)),
    (InvalidValue, "limit", lambda shop: shop.delivery.shipping_methods(limit=0)),
]


def test_what_does_not_fit_is_refused_by_name(shop: Shop) -> None:
    """The same class on both engines, and the argument or key in the message."""
    for error, word, call in REFUSED:
        with pytest.raises(error, match=word):
            call(shop)


def test_rates_reach_from_nothing_to_everything(shop: Shop) -> None:
    """The bounds belong to the range."""
    free, full = (
        shop.delivery.add_tax_rate(country_code=country, rate=Decimal(rate))
        for country, rate in (("AA", "0"), ("BB", "1"))
    )

    assert (free.rate, full.rate) == (Decimal(0), Decimal(1))

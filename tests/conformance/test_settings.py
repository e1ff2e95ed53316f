"""The shop's settings, on both engines."""

from __future__ import annotations

import pytest

from lumia import Shop
from lumia.errors import InvalidValue


def test_a_new_shop_has_settings(shop: Shop) -> None:
    """A shop can sell before anybody configured it."""
    settings = shop.settings.get()

    assert (settings.currency, settings.prices_include_tax) == ("EUR", True)
    assert (settings.time_zone, settings.order_expiry_minutes) == ("UTC", 60)


def test_settings_change_one_by_one(shop: Shop) -> None:
    """What is not mentioned stays, and False is a value, not an absence."""
    before = shop.settings.get()

    first = shop.settings.update(currency="GBP", prices_include_tax=False)
    second = shop.settings.update(time_zone="Europe/London", order_expiry_minutes=1)

    assert (first.currency, first.prices_include_tax, first.time_zone) == ("GBP", False, before.time_zone)
    assert (second.currency, second.prices_include_tax) == ("GBP", False)
    assert (second.time_zone, second.order_expiry_minutes) == ("Europe/London", 1)
    assert before.updated_at < first.updated_at < second.updated_at
    assert second.created_at == before.created_at
    assert shop.settings.get() == second


def test_an_update_of_nothing_changes_nothing(shop: Shop) -> None:
    """A form sent back as it was is no error."""
    before = shop.settings.get()

    after = shop.settings.update()

    assert after.model_copy(update={"updated_at": before.updated_at}) == before


def test_expiry_reaches_from_a_minute_to_a_year(shop: Shop) -> None:
    """The bounds belong to the range."""
    found = [shop.settings.update(order_expiry_minutes=minutes).order_expiry_minutes for minutes in (1, 527_040)]

    assert found == [1, 527_040]


REFUSED: list[tuple[str, object]] = [
    ("currency", "eur"),
    ("currency", "EURO"),
    ("time_zone", "Mars/Olympus"),
    ("time_zone", ""),
    ("order_expiry_minutes", 0),
    ("order_expiry_minutes", 527_041),
    ("order_expiry_minutes", 1.5),
    ("prices_include_tax", "perhaps"),
]


def test_what_is_no_setting_is_refused_by_name(shop: Shop) -> None:
    """Nothing changes then."""
    before = shop.settings.get()

    for field, value in REFUSED:
        with pytest.raises(InvalidValue, match=field):
            shop.settings.update(**{field: value})  # type: ignore[arg-type]

    assert shop.settings.get() == before

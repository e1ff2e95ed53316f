"""The example that spends a day in a shop: the same lines on both engines, and books that are clean at night."""

from __future__ import annotations

import sys

import pytest

from examples import a_day_in_the_shop
from lumia import connect
from tools.gen_life import DAY, output_of_the_day


def test_the_day_ends_clean_and_is_the_one_of_the_page(
    empty_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From registration to erasure each step does what the page shows, and `verify` finds nothing."""
    monkeypatch.setattr(sys, "argv", ["a_day_in_the_shop", "--url", empty_url])

    code = a_day_in_the_shop.main()
    printed = capsys.readouterr().out

    assert code == 0
    assert printed.endswith("clean\n")
    assert printed == output_of_the_day(DAY.read_text(encoding="utf-8"))


def test_a_shop_that_sells_already_is_left_alone(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever names a shop with goods is told so, and nothing is written into it."""
    with connect(url) as shop:
        kitchen = shop.catalog.create_category(name="Kitchen", slug="kitchen")
        shop.catalog.create_product(category_id=kitchen.category_id, slug="pan", name="Pan")
    monkeypatch.setattr(sys, "argv", ["a_day_in_the_shop", "--url", url])

    code = a_day_in_the_shop.main()

    assert code == 2
    assert "empty database" in capsys.readouterr().err
    with connect(url) as shop:
        assert [product.slug for product in shop.catalog.list_products().items] == ["pan"]

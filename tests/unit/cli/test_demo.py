"""`lumia demo`: the first thing that anybody sees works, also the second time."""

from __future__ import annotations

from pathlib import Path

import pytest

import lumia as library
from lumia.cli import demo
from tests.unit.cli.conftest import Lumia


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A smaller year than people see."""
    monkeypatch.setattr(demo, "_ORDERS", 60)


def test_the_demo_shows_every_step(lumia: Lumia) -> None:
    """Import, cart, order, stock, refusal, months, and where to go on."""
    ran = lumia("demo")

    assert ran.code == 0, ran.err
    assert "lines were sales" in ran.out
    assert "Order 61 over" in ran.out
    assert "the same key: order 61" in ran.out
    assert "2 -> 0" in ran.out
    assert "InsufficientStock: not enough stock" in ran.out
    assert "stock is unchanged" in ran.out
    assert "2024-12" in ran.out
    assert "--url sqlite:///lumia-demo.db" in ran.out
    assert max(len(line) for line in ran.out.splitlines()) <= 80


def test_what_the_demo_suggests_works(lumia: Lumia) -> None:
    """A suggestion that fails is worse than none."""
    out = lumia("demo").out
    suggested = [line.split()[1:] for line in out.splitlines() if "--url sqlite:///lumia-demo.db" in line]

    codes = [lumia(*words).code for words in suggested]

    assert len(codes) == 4
    assert set(codes) == {0}


def test_the_demo_begins_anew_each_time(lumia: Lumia) -> None:
    """Twice is as good as once."""
    first = lumia("demo", "--json").data

    second = lumia("demo", "--json").data

    assert first == second
    assert first["file"] == "lumia-demo.db"
    assert first["refused"].startswith("InsufficientStock")


def test_the_demo_lies_where_it_is_told_to(lumia: Lumia, tmp_path: Path) -> None:
    """Also in a folder whose name has a blank, and again."""
    folder = tmp_path / "a folder"
    folder.mkdir()

    codes = [lumia("demo", "--file", folder / "x.db").code for _ in range(2)]

    assert codes == [0, 0]
    assert [path.name for path in folder.iterdir()] == ["x.db"]


def test_the_demo_never_replaces_a_shop(lumia: Lumia) -> None:
    """A path that was mistyped must not cost anybody their data."""
    with library.connect("sqlite:///real.db", create=True) as shop:
        shop.stock.add_location(name="Warehouse")
    before = Path("real.db").read_bytes()

    ran = lumia("demo", "--file", "real.db")

    assert "shop of its own" in ran.refusal()
    assert ran.code == 2
    assert Path("real.db").read_bytes() == before


def test_the_demo_never_replaces_another_programs_file(lumia: Lumia) -> None:
    """Neither does the default name make a file the demo's."""
    Path("lumia-demo.db").write_text("my diary, of all names", encoding="utf-8")

    ran = lumia("demo")

    assert "lumia-demo.db" in ran.refusal()
    assert ran.code == 2
    assert Path("lumia-demo.db").read_text(encoding="utf-8") == "my diary, of all names"


def test_a_demo_that_was_stopped_at_its_beginning_is_begun_anew(lumia: Lumia) -> None:
    """It left an empty shop, which nobody misses."""
    assert lumia("init", "--url", "sqlite:///lumia-demo.db").code == 0

    assert lumia("demo").code == 0

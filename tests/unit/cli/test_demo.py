"""`lumia demo`: the first thing that anybody sees works, also the second time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import lumia as library
from lumia.cli import demo
from lumia.dto import NewCustomer
from tests.support.digests import Observer, changed_tables, observe
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


def test_the_demo_takes_a_url_like_every_command(lumia: Lumia, tmp_path: Path) -> None:
    """`--file` is short for it."""
    data = lumia("demo", "--url", f"sqlite:///{tmp_path}/by-url.db", "--json").data

    assert data["url"] == f"sqlite:///{tmp_path}/by-url.db"
    assert [path.name for path in tmp_path.iterdir()] == ["by-url.db"]


def test_a_url_and_a_file_together_are_refused(lumia: Lumia, tmp_path: Path) -> None:
    """One of them would be ignored."""
    ran = lumia("demo", "--url", "sqlite:///one.db", "--file", "two.db")

    assert "give one of them" in ran.refusal()
    assert ran.code == 2
    assert list(tmp_path.iterdir()) == []


def test_the_demo_goes_where_the_environment_says(
    lumia: Lumia, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands on the command line goes before it."""
    monkeypatch.setenv("LUMIA_URL", "sqlite:///of-environment.db")

    found = [lumia("demo", *words, "--json").data["file"] for words in ((), ("--file", "other.db"))]

    assert found == ["of-environment.db", "other.db"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["of-environment.db", "other.db"]


def test_a_demo_in_memory_is_refused(lumia: Lumia) -> None:
    """Nothing that it suggests could be tried."""
    assert "name a file" in lumia("demo", "--url", "sqlite:///:memory:").refusal()


@pytest.fixture(params=["category", "customer", "location", "shipping method", "tax rate"])
def used_url(url: str, request: pytest.FixtureRequest) -> str:
    """A shop that somebody has begun to use in one way."""
    with library.connect(url) as shop:
        ways: dict[str, Callable[[], object]] = {
            "category": lambda: shop.catalog.create_category(slug="tea", name="Tea"),
            "customer": lambda: shop.customers.register(NewCustomer(email="ada@example.com")),
            "location": lambda: shop.stock.add_location(name="Cellar"),
            "shipping method": lambda: shop.delivery.create_shipping_method(code="x", name="X", price=Decimal(1)),
            "tax rate": lambda: shop.delivery.add_tax_rate(country_code="GB", rate=Decimal("0.2")),
        }
        ways[request.param]()
    return url


@pytest.fixture
def observer(used_url: str) -> Iterator[Observer]:
    """Watches that shop from outside."""
    with observe(used_url) as watching:
        yield watching


@pytest.mark.parametrize("way", ["option", "environment"])
def test_a_shop_that_was_begun_stays_as_it_is(
    lumia: Lumia, used_url: str, observer: Observer, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """However little is in it, and whoever names it: a URL that lies in the environment is no wish to lose a shop."""
    monkeypatch.setenv("LUMIA_URL", used_url if way == "environment" else "")
    before = observer.digest()

    ran = lumia("demo", *(("--url", used_url) if way == "option" else ()))

    assert "the demo replaces" in ran.refusal()
    assert "--url" in ran.err
    assert ran.code == 2
    assert changed_tables(before, observer.digest()) == []


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_the_demo_runs_on_a_server(lumia: Lumia, empty_url: str) -> None:
    """In an empty database or an empty shop, once: nothing on a server is removed, not even a demo."""
    ran = lumia("demo", "--url", empty_url)
    again = lumia("demo", "--url", empty_url)

    assert ran.code == 0, ran.err
    assert "a PostgreSQL server" in ran.out
    assert "InsufficientStock: not enough stock" in ran.out
    assert "Order 61 over" in ran.out
    assert empty_url not in ran.out
    assert "holds a shop" in again.refusal()
    assert lumia("report", "top-products", "--url", empty_url).code == 0


def test_an_empty_shop_takes_the_demo(lumia: Lumia, url: str) -> None:
    """Tables without a row are nobody's loss."""
    assert lumia("demo", "--url", url, "--json").data["refused"].startswith("InsufficientStock")

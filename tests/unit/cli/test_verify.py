"""`lumia verify`: a table or JSON, a code of its own for faults, and nothing but reading."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lumia import connect
from lumia.repos.verify import LINES
from tests.support.scene import a_scene
from tests.unit.cli.conftest import Lumia


@pytest.fixture
def shop_file(lumia: Lumia, tmp_path: Path) -> Path:
    """A small shop with an order."""
    path = tmp_path / "shop.db"
    assert lumia("init", "--url", f"sqlite:///{path}").code == 0
    with connect(f"sqlite:///{path}") as shop:
        scene = a_scene(shop)
        scene.place(scene.cart())
    return path


def forge(path: Path) -> None:
    """Change the prices of three variants behind their triggers, which are put back."""
    with closing(sqlite3.connect(path)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'product_variants'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE product_variants SET price = price + 1")
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()


def test_a_clean_shop_ends_with_zero(lumia: Lumia, shop_file: Path) -> None:
    """Every line is shown with what it proves."""
    ran = lumia("verify", "--url", f"sqlite:///{shop_file}")

    assert ran.code == 0
    assert all(line.name in ran.out and line.rule in ran.out for line in LINES)
    assert f"{len(LINES)} lines, no fault" in ran.out


def test_a_fault_has_a_code_of_its_own_and_is_named(lumia: Lumia, shop_file: Path) -> None:
    """The first keys, and how many more there are."""
    forge(shop_file)

    ran = lumia("verify", "--url", f"sqlite:///{shop_file}", "--keys", 2)

    assert ran.code == 8
    assert "price_history: variant_id 1, 2 and 1 more" in ran.out
    assert f"{len(LINES)} lines, 3 faults" in ran.out


def test_programs_read_json(lumia: Lumia, shop_file: Path) -> None:
    """The same code, and each line with its counts and keys."""
    url = f"sqlite:///{shop_file}"
    clean = lumia("verify", "--json", "--url", url)
    forge(shop_file)

    ran = lumia("verify", "--json", "--url", url)

    assert (clean.code, clean.data["is_clean"], clean.data["faults"]) == (0, True, 0)
    assert (ran.code, ran.data["is_clean"], ran.data["faults"]) == (8, False, 3)
    (line,) = [line for line in ran.data["lines"] if line["faults"]]
    assert (line["name"], line["keys"], line["keys_of"], line["invariants"]) == (
        "price_history",
        ["1", "2", "3"],
        "variant_id",
        [15],
    )


def test_a_database_that_is_not_there_is_no_fault(lumia: Lumia, tmp_path: Path) -> None:
    """A wrong call has another code than a broken shop."""
    ran = lumia("verify", "--url", f"sqlite:///{tmp_path / 'none.db'}")

    assert ran.code == 2
    assert ran.refusal()

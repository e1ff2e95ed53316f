"""`lumia seed`, `import` and `report`: a year goes in, exact numbers come out, on both engines alike."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from lumia.reports import REPORTS
from tests.unit.cli.conftest import Lumia

YEAR = ("--orders", "40", "--seed", "7")


@pytest.fixture
def filled(lumia: Lumia, url: str) -> str:
    """A shop with a small made-up year."""
    assert lumia("seed", *YEAR, "--url", url).code == 0
    return url


def test_seed_writes_the_same_file_for_the_same_numbers(lumia: Lumia) -> None:
    """A benchmark or a bug report can be repeated anywhere."""
    first = lumia("seed", *YEAR, "--file", "a.csv", "--json")
    second = lumia("seed", *YEAR, "--file", "b.csv.gz")

    assert first.data["preset"] == "online-retail"
    assert "--preset online-retail" in second.out
    with Path("a.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == first.data["lines"] + 1
    assert lumia("seed", *YEAR, "--file", "c.csv").code == 0
    assert Path("a.csv").read_bytes() == Path("c.csv").read_bytes()


def test_a_seeded_file_can_be_imported_and_nothing_is_lost(lumia: Lumia, url: str) -> None:
    """Imported and rejected lines are all lines, and each rejected one has its number and reason."""
    written = lumia("seed", *YEAR, "--file", "year.csv.gz", "--json").data

    ran = lumia(
        *("import", "order-lines", "year.csv.gz", "--preset", "online-retail", "--rejects", "rejects.csv"),
        *("--url", url, "--json"),
    )

    assert ran.code == 0, ran.err
    assert ran.data["rows_read"] == written["lines"]
    assert ran.data["rows_imported"] + ran.data["rows_rejected"] == written["lines"]
    with Path("rejects.csv").open(encoding="utf-8", newline="") as file:
        rejects = list(csv.DictReader(file))
    assert len(rejects) == ran.data["rows_rejected"]
    assert {row["reason"] for row in rejects} == set(ran.data["by_reason"])
    assert sum(ran.data["by_reason"].values()) == ran.data["rows_rejected"]


def test_the_same_file_twice_doubles_nothing(lumia: Lumia, filled: str) -> None:
    """Whoever is not sure whether an import ran simply runs it again."""
    before = lumia("report", "summary", "--url", filled, "--json").data

    ran = lumia("seed", *YEAR, "--url", filled)

    assert ran.code == 0
    assert "nothing was changed" in ran.out
    assert lumia("report", "summary", "--url", filled, "--json").data == before


def test_columns_of_another_name_are_mapped(lumia: Lumia, url: str) -> None:
    """A file need not be renamed to be read; a column's name may hold an equals sign."""
    Path("mine.csv").write_text(
        "no,code,n=units,when,price\n1,A,2,2026-01-01 10:00,1.25\n1,B,1,2026-01-01 10:00,0.50\n", encoding="utf-8"
    )
    pairs = {"no": "invoice", "code": "sku", "n=units": "quantity", "when": "sold_at", "price": "unit_price"}
    mapping = [word for column, field in pairs.items() for word in ("--map", f"{column}={field}")]

    ran = lumia("import", "order-lines", "mine.csv", *mapping, "--url", url)

    assert ran.code == 0, ran.err
    assert "2 of 2 lines were sales" in ran.out
    found = lumia("report", "summary", "--url", url, "--json").data["rows"][0]
    assert Decimal(found["amount"]) == Decimal("3.00")
    assert isinstance(found["amount"], str)


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_prints_for_people_and_for_programs(lumia: Lumia, filled: str, name: str) -> None:
    """The same rows, once as a table and once exact."""
    people = lumia("report", name, "--url", filled)
    programs = lumia("report", name, "--url", filled, "--json")

    assert people.code == programs.code == 0
    assert REPORTS[name].title in people.out
    assert programs.data["report"] == name
    assert programs.data["row_set"] == REPORTS[name].rows
    assert programs.data["rows"]


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_of_an_empty_shop_is_no_error(lumia: Lumia, url: str, name: str) -> None:
    """A new shop has sold nothing, and says so."""
    people = lumia("report", name, "--url", url)

    assert people.code == 0, people.err
    assert REPORTS[name].title in people.out


def test_the_reports_agree_with_each_other(lumia: Lumia, filled: str) -> None:
    """What the months add up to is what the countries add up to is the summary."""

    def total(name: str, *options: str) -> Decimal:
        rows = lumia("report", name, *options, "--url", filled, "--json").data["rows"]
        return sum((Decimal(row["amount"]) for row in rows), Decimal(0))

    whole = total("summary")

    assert whole > 0
    assert total("sales-by-month") == total("sales-by-country") == total("top-products", "--limit", "500") == whole
    assert total("top-customers", "--limit", "500") == total("summary", "--rows", "sales_customer") < whole


def test_a_limit_cuts_a_top_list(lumia: Lumia, filled: str) -> None:
    """And what is left is its top, by the chosen measure."""
    rows = lumia("report", "top-products", "--by", "quantity", "--limit", "3", "--url", filled, "--json").data["rows"]

    assert len(rows) == 3
    assert [row["quantity"] for row in rows] == sorted((row["quantity"] for row in rows), reverse=True)


def test_a_report_with_fixed_rows_says_so(lumia: Lumia, filled: str) -> None:
    """An option that would be ignored is refused."""
    ran = lumia("report", "repeat-rate", "--rows", "sales_goods", "--url", filled)

    assert "always counts" in ran.refusal()
    assert ran.code == 2

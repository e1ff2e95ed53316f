"""`lumia retention`: one part or all, counted or taken away, for people and for programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumia import connect
from lumia.dto.customers import NewCustomer
from tests.unit.cli.conftest import Lumia

PARTS = {
    "account-tokens",
    "audit-log",
    "carts",
    "idempotency-keys",
    "outbox",
    "reservations",
    "sessions",
    "stock-ledger",
}


@pytest.fixture
def used(lumia: Lumia, tmp_path: Path) -> str:
    """The URL of a shop with two sessions that were ended."""
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    assert lumia("init", "--url", url).code == 0
    with connect(url) as shop:
        password = "correct horse"  # noqa: S105 - a test's
        ada = shop.customers.register(NewCustomer(email="ada@example.org"), password=password)
        for _ in range(2):
            shop.customers.log_out(shop.customers.authenticate(ada.email, password).token)
    return url


def test_a_dry_run_counts_and_takes_nothing(lumia: Lumia, used: str) -> None:
    """Asked twice, it says the same."""
    for _ in range(2):
        ran = lumia("retention", "all", "--days", 0, "--dry-run", "--url", used, "--json")

        assert ran.code == 0
        assert ran.data["dry_run"] is True
        assert set(ran.data["rows"]) == PARTS
        assert ran.data["rows"]["sessions"] == 2


def test_one_part_is_taken_away(lumia: Lumia, used: str) -> None:
    """The second run finds nothing left."""
    first = lumia("retention", "sessions", "--days", 0, "--batch", 2, "--url", used, "--json")
    second = lumia("retention", "sessions", "--days", 0, "--url", used, "--json")

    assert (first.data["rows"], second.data["rows"]) == ({"sessions": 2}, {"sessions": 0})


def test_people_read_a_table(lumia: Lumia, used: str) -> None:
    """It says what went, and before when."""
    ran = lumia("retention", "sessions", "--before", "2020-01-01", "--url", used)

    assert ran.code == 0
    assert "before 2020-01-01 00:00 UTC" in ran.out
    assert "sessions" in ran.out
    assert "rows that went" in ran.out


@pytest.mark.parametrize(
    "words",
    [(), ("--days", 1, "--before", "2020-01-01"), ("--days", -1), ("--batch", 1, "--days", 1), ("--before", "soon")],
    ids=str,
)
def test_a_call_without_one_clear_instant_is_refused(lumia: Lumia, used: str, words: tuple[object, ...]) -> None:
    """A wrong call is one line and takes nothing away."""
    ran = lumia("retention", "sessions", *words, "--url", used)

    assert ran.code == 2
    assert ran.refusal()


def test_an_instant_in_the_future_is_refused(lumia: Lumia, used: str) -> None:
    """What is not over cannot be meant."""
    ran = lumia("retention", "sessions", "--before", "2999-01-01", "--url", used)

    assert ran.code == 6
    assert "in the past" in ran.refusal()

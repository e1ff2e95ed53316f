"""`lumia init`, `migrate` and `status`: what they do to a database and what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumia.migrations import load_migrations
from tests.unit.cli.conftest import Lumia

NEWEST = load_migrations("sqlite")[-1]


def test_init_makes_a_shop_and_leaves_one_that_is_there(lumia: Lumia, empty_url: str) -> None:
    """A second `init` is no accident that costs data."""
    first = lumia("init", "--url", empty_url)

    second = lumia("init", "--url", empty_url)

    assert (first.code, second.code) == (0, 0)
    assert f"at {NEWEST.label}" in first.out
    assert f"up to date at {NEWEST.label}" in second.out


def test_the_default_is_a_file_in_the_present_folder(lumia: Lumia) -> None:
    """Whoever names no database gets one where they stand."""
    ran = lumia("init")

    assert ran.code == 0
    assert Path("lumia.db").exists()
    assert lumia("status").code == 0


def test_the_environment_names_the_database(lumia: Lumia, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole session works on one shop without repeating its URL."""
    monkeypatch.setenv("LUMIA_URL", url)

    ran = lumia("status", "--json")

    assert ran.code == 0
    assert ran.data["applied"][-1]["version"] == NEWEST.version
    assert not Path("lumia.db").exists()


def test_status_lists_what_ran_and_what_is_pending(lumia: Lumia, empty_url: str) -> None:
    """Before and after: first everything is pending, then nothing."""
    lumia("init", "--url", empty_url)

    ran = lumia("status", "--url", empty_url)

    assert ran.code == 0
    assert f"{NEWEST.version:04}  {NEWEST.name}" in ran.out
    assert "pending" not in ran.out
    data = lumia("status", "--url", empty_url, "--json").data
    assert [row["version"] for row in data["applied"]] == list(range(1, NEWEST.version + 1))
    assert data["pending"] == []


@pytest.fixture
def baselined(lumia: Lumia, empty_url: str) -> str:
    """An existing, empty database whose first two steps are recorded as done."""
    path = empty_url.removeprefix("sqlite:///")
    if path != empty_url:
        Path(path).touch()
    assert lumia("migrate", "--baseline", "2", "--url", empty_url).code == 0
    return empty_url


def test_baseline_records_without_running(lumia: Lumia, baselined: str) -> None:
    """A schema that was made in another way is taken over at its version."""
    ran = lumia("status", "--url", baselined, "--json")

    assert [row["version"] for row in ran.data["applied"]] == [1, 2]
    assert ran.data["pending"][0]["version"] == 3
    assert f"{NEWEST.version - 2} pending: run lumia migrate" in lumia("status", "--url", baselined).out


def test_a_dry_run_says_what_would_run_and_runs_nothing(lumia: Lumia, baselined: str) -> None:
    """Whoever is careful looks first."""
    before = lumia("status", "--url", baselined, "--json").data

    ran = lumia("migrate", "--dry-run", "--url", baselined)

    assert ran.code == 0
    assert "would run 0003" in ran.out
    assert "would run 0002" not in ran.out
    assert lumia("status", "--url", baselined, "--json").data == before


def test_migrate_says_that_nothing_is_left_to_do(lumia: Lumia, url: str) -> None:
    """A deployment may run it every time."""
    ran = lumia("migrate", "--url", url)

    assert ran.code == 0
    assert "up to date" in ran.out
    assert lumia("migrate", "--url", url, "--json").data["ran"] == []


def test_a_failing_migration_has_its_own_code(lumia: Lumia, baselined: str) -> None:
    """Later steps need the tables of the steps that were only recorded; the one that failed is not kept."""
    ran = lumia("migrate", "--url", baselined)

    file = ran.refusal().split(":")[0]
    assert file.endswith(".sql")
    assert ran.code == 3
    applied = [row["version"] for row in lumia("status", "--url", baselined, "--json").data["applied"]]
    assert int(file.split("_")[0]) == len(applied) + 1

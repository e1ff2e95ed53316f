"""An embedder's own migrations: beside Lumia's, numbered from 5000 on, in either order of growing."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lumia.engine import StrictClock, open_engine
from lumia.errors import MigrationError, MigrationsPending, SchemaTooNew
from lumia.migrations import check, load_migrations, migrate, status

AHEAD = datetime(2999, 1, 1, tzinfo=UTC)


class Ground:
    """A folder that stands for Lumia's, one of an embedder's own, and an empty database."""

    def __init__(self, url: str, folder: Path) -> None:
        """Make both folders."""
        self.url = url
        self.lumia, self.own = folder / "lumia", folder / "own"
        self.lumia.mkdir()
        self.own.mkdir()

    def write(self, *names: str) -> None:
        """Write a step that makes a table of its name, into the folder that its number belongs to."""
        for name in names:
            folder = self.lumia if name < "5000" else self.own
            (folder / f"{name}.sql").write_text(f"CREATE TABLE made_{name} (a INTEGER NOT NULL);\n")

    def run(self, *, own: bool = True) -> list[str]:
        """Migrate, with the embedder's folder or without it, and give the steps that ran."""
        with closing(open_engine(self.url)) as engine:
            steps = load_migrations(engine.name, self.lumia, own=self.own if own else None)
            ran = migrate(engine.migrations(), steps, clock=StrictClock(), create=True)
            check(engine.migrations(), steps, full=True)
            return [f"{step.version:04}" for step in ran]

    def pending(self, *, own: bool = True) -> list[int]:
        """What is still to run."""
        with closing(open_engine(self.url)) as engine:
            steps = load_migrations(engine.name, self.lumia, own=self.own if own else None)
            return [step.version for step in status(engine.migrations(), steps).pending]


@pytest.fixture
def ground(empty_url: str, tmp_path: Path) -> Ground:
    """Two steps of Lumia's and one own, which have run."""
    made = Ground(empty_url, tmp_path)
    made.write("0001_a", "0002_b", "5001_mine")
    assert made.run() == ["0001", "0002", "5001"]
    return made


def test_both_kinds_run_once(ground: Ground) -> None:
    """A second run finds nothing to do."""
    assert ground.run() == []
    assert ground.pending() == []


def test_a_newer_lumia_runs_behind_own_steps(ground: Ground) -> None:
    """An upgrade brings 0003 to a database that has 5001: the numbers are two series, not one."""
    ground.write("0003_c")

    assert ground.run() == ["0003"]
    assert ground.run() == []


def test_own_steps_run_behind_a_newer_lumia(ground: Ground) -> None:
    """Then the embedder goes on with 5002."""
    ground.write("0003_c", "5002_more")

    assert ground.run() == ["0003", "5002"]


def test_the_step_that_ran_last_says_what_the_schema_is_like(ground: Ground) -> None:
    """Also when the clock of whoever migrated before was ahead: times are recorded in the order of the steps."""
    ground.write("5002_more")
    with closing(open_engine(ground.url)) as engine:
        steps = load_migrations(engine.name, ground.lumia, own=ground.own)
        migrate(engine.migrations(), steps, clock=StrictClock(lambda: AHEAD))
    ground.write("0003_c")

    assert ground.run() == ["0003"]


def test_without_the_folder_own_steps_are_left_alone(ground: Ground) -> None:
    """The command line and other programs open the shop too."""
    ground.write("0003_c")

    assert ground.run(own=False) == ["0003"]
    assert ground.pending(own=False) == []


def test_a_pending_own_step_is_told(ground: Ground) -> None:
    """A program that needs its table does not start without it."""
    ground.write("5002_more")

    with closing(open_engine(ground.url)) as engine, pytest.raises(MigrationsPending, match="5002 more"):
        check(engine.migrations(), load_migrations(engine.name, ground.lumia, own=ground.own), full=False)


def test_an_own_step_of_the_future_is_told(ground: Ground) -> None:
    """An old program on a database that a newer one has changed."""
    ground.write("5002_more")
    ground.run()
    (ground.own / "5002_more.sql").unlink()

    with pytest.raises(SchemaTooNew, match="step 5002, your folder ends at 5001"):
        ground.run()


def test_an_edited_own_step_is_told(ground: Ground) -> None:
    """What ran is history."""
    (ground.own / "5001_mine.sql").write_text("CREATE TABLE other (a INTEGER);\n")

    with pytest.raises(MigrationError, match=r"5001_mine\.sql was edited"):
        ground.run()


def test_own_steps_keep_their_order(ground: Ground) -> None:
    """5000 cannot come when 5001 ran."""
    ground.write("5000_late")

    with pytest.raises(MigrationError, match=r"5000_late\.sql is out of order: 5001"):
        ground.run()


@pytest.mark.parametrize(
    ("folder", "name", "words"),
    [
        ("own", "4999_mine", r"4999_mine\.sql: number your own migrations from 5000 on"),
        ("own", "0001_mine", r"0001_mine\.sql: number your own migrations from 5000 on"),
        ("lumia", "5000_ours", r"5000_ours\.sql: numbers from 5000 on belong to those who embed Lumia"),
    ],
)
def test_each_folder_has_its_numbers(ground: Ground, folder: str, name: str, words: str) -> None:
    """So that an upgrade of either never takes the other's number."""
    (getattr(ground, folder) / f"{name}.sql").write_text("SELECT 1;\n")

    with pytest.raises(MigrationError, match=words):
        load_migrations("sqlite", ground.lumia, own=ground.own)

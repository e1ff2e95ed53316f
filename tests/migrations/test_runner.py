"""The migration runner on both engines: each step once, in order, whole, and never on a database that is not ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lumia.engine import open_engine
from lumia.errors import (
    DatabaseNotFound,
    LumiaError,
    MigrationError,
    MigrationsPending,
    NotALumiaDatabase,
    SchemaTooNew,
)
from lumia.shop import connect
from tests.support.steps import Steps


@pytest.fixture
def steps(empty_url: str, tmp_path: Path) -> Steps:
    """A folder with two steps, and an empty database."""
    made = Steps(tmp_path / "steps", empty_url)
    made.write(_0001_first=made.table("one"), _0002_second=made.table("two"))
    return made


def test_pending_steps_run_in_order_and_once(steps: Steps) -> None:
    """A second run finds nothing to do."""
    first, second = steps.migrate(), steps.migrate()

    assert first == ["first", "second"]
    assert second == []
    assert steps.query("SELECT count(*) FROM one") == steps.query("SELECT count(*) FROM two") == [(0,)]


def test_later_steps_run_on_what_is_there(steps: Steps) -> None:
    """A database grows with the code."""
    steps.migrate()
    steps.write(_0003_third="INSERT INTO one (a) VALUES (7);\n")

    ran = steps.migrate(create=False)

    assert ran == ["third"]
    assert steps.query("SELECT a FROM one") == [(7,)]


def test_each_step_is_recorded_with_its_checksum_and_time(steps: Steps) -> None:
    """Whoever looks at a database must see how it came to be."""
    steps.migrate()

    found = steps.status()

    assert [(row.version, row.name) for row in found.applied] == [(1, "first"), (2, "second")]
    assert [row.checksum for row in found.applied] == [step.checksum for step in steps.load()]
    assert found.applied[0].applied_at < found.applied[1].applied_at
    assert found.pending == ()


def test_a_failing_step_keeps_nothing_of_itself_and_all_before_it(steps: Steps) -> None:
    """Half a step would leave a schema that no code knows."""
    steps.write(_0003_third=steps.table("three") + "INSERT INTO one (a) VALUES (1), (1);\n" + steps.table("four"))

    with pytest.raises(MigrationError, match=r"0003_third\.sql"):
        steps.migrate()

    assert [row.name for row in steps.status().applied] == ["first", "second"]
    assert steps.query("SELECT a FROM one") == []
    with pytest.raises(LumiaError, match="three"):
        steps.query("SELECT a FROM three")


def test_a_failing_step_can_be_corrected(steps: Steps) -> None:
    """It never ran, so its file may change."""
    steps.write(_0003_third="INSERT INTO nowhere (a) VALUES (1);\n")
    with pytest.raises(MigrationError, match=r"0003_third\.sql:1"):
        steps.migrate()

    steps.write(_0003_third="INSERT INTO one (a) VALUES (1);\n")

    assert steps.migrate() == ["third"]


def test_a_file_that_was_edited_after_it_ran_is_refused(steps: Steps) -> None:
    """The database would not be what the file says."""
    steps.migrate()
    steps.write(_0001_first=steps.table("one") + "-- one more thought\n")

    for action in (steps.migrate, steps.status, steps.check):
        with pytest.raises(MigrationError, match=r"0001_first\.sql was edited"):
            action()


def test_line_ends_do_not_count_as_an_edit(steps: Steps) -> None:
    """A checkout on Windows is the same code."""
    steps.migrate()
    path = steps.folder / "0001_first.sql"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert steps.migrate() == []


def test_a_file_whose_step_ran_and_that_is_gone_is_refused(steps: Steps) -> None:
    """A branch without it must not go on as if nothing were."""
    steps.migrate()
    (steps.folder / "0001_first.sql").unlink()

    with pytest.raises(MigrationError, match="0001 first, whose file is gone"):
        steps.migrate()


def test_a_file_with_a_number_before_the_last_is_refused(steps: Steps) -> None:
    """Two branches took numbers: the one that comes later must come later everywhere."""
    (steps.folder / "0001_first.sql").unlink()
    steps.migrate()
    steps.write(_0001_first=steps.table("one"))

    for action in (steps.migrate, steps.status, steps.check):
        with pytest.raises(MigrationError, match="out of order"):
            action()


def test_a_database_of_newer_code_is_refused(steps: Steps) -> None:
    """Old code does not know what the new columns mean."""
    steps.migrate()
    (steps.folder / "0002_second.sql").unlink()

    for action in (steps.migrate, steps.status, steps.check):
        with pytest.raises(SchemaTooNew, match="newer Lumia"):
            action()


def test_a_database_of_older_code_says_how_to_go_on(steps: Steps) -> None:
    """The command to type stands in the message."""
    steps.migrate()
    steps.write(_0003_third=steps.table("three"))

    with pytest.raises(MigrationsPending, match=r"0003 third.*`lumia migrate`"):
        steps.check()


def test_the_status_changes_nothing(steps: Steps) -> None:
    """It is the dry run."""
    steps.migrate()
    steps.write(_0003_third=steps.table("three"))

    assert [step.name for step in steps.status().pending] == ["third"]
    assert [step.name for step in steps.status().pending] == ["third"]
    with pytest.raises(LumiaError, match="three"):
        steps.query("SELECT a FROM three")


def test_each_step_is_told_after_its_commit(steps: Steps) -> None:
    """A progress bar shows what cannot be undone any more."""
    seen: list[tuple[str, int]] = []

    steps.migrate(on_applied=lambda step: seen.append((step.name, len(steps.status().applied))))

    assert seen == [("first", 1), ("second", 2)]


@pytest.mark.parametrize("action", [Steps.check, lambda steps: steps.migrate(create=False)])
def test_an_empty_database_is_not_made_a_shop_unasked(steps: Steps, action: Callable[[Steps], object]) -> None:
    """A typing mistake in the URL must not create anything."""
    expected = DatabaseNotFound if steps.engine_name == "sqlite" else NotALumiaDatabase

    with pytest.raises(expected, match="`lumia init`"):
        action(steps)

    with pytest.raises(expected, match="`lumia init`"):
        action(steps)


def test_a_baseline_records_without_running(steps: Steps) -> None:
    """A schema that was restored from a dump has its tables already."""
    steps.migrate()
    steps.query("DROP TABLE schema_migrations")
    if steps.engine_name == "sqlite":
        # A dump keeps neither.
        steps.query("PRAGMA application_id = 0")
        steps.query("PRAGMA user_version = 0")
    steps.write(_0003_third="INSERT INTO one (a) VALUES (3);\n")

    assert steps.baseline(2) == ["first", "second"]
    assert steps.migrate(create=False) == ["third"]
    assert steps.query("SELECT a FROM one") == [(3,)]


def test_a_baseline_is_refused_where_steps_are_recorded(steps: Steps) -> None:
    """It would hide a step that never ran."""
    steps.migrate()

    with pytest.raises(MigrationError, match="records its steps already"):
        steps.baseline(2)


def test_a_baseline_names_a_step_that_exists(steps: Steps) -> None:
    """A wrong number must not record more or less than was meant."""
    steps.migrate()

    with pytest.raises(MigrationError, match="no step 0007"):
        steps.baseline(7)


@pytest.mark.parametrize("control", ["COMMIT;", "BEGIN;", "ROLLBACK;"])
def test_a_step_controls_no_transaction(steps: Steps, control: str) -> None:
    """After a COMMIT in its midst a failing step could not be undone."""
    steps.write(_0003_third=f"INSERT INTO one (a) VALUES (1);\n{control}\nINSERT INTO one (a) VALUES (2);\n")

    with pytest.raises(MigrationError, match=r"0003_third\.sql:2: a migration controls no transaction"):
        steps.migrate()

    assert steps.query("SELECT a FROM one") == []


def test_the_errors_of_a_step_hold_no_data(steps: Steps) -> None:
    """A migration moves people's data, and its error ends in a log."""
    steps.write(_0003_third="INSERT INTO one (a) VALUES (424242);\nINSERT INTO one (a) VALUES (424242);\n")

    with pytest.raises(MigrationError, match="one_a_key") as refused:
        steps.migrate()

    assert "424242" not in str(refused.value)


def test_a_foreign_change_of_the_schema_is_found(steps: Steps) -> None:
    """Someone who adds a column by hand will meet a migration that adds it too."""
    steps.migrate()
    steps.check(full=True)
    steps.query("ALTER TABLE one ADD COLUMN b text")

    with pytest.raises(NotALumiaDatabase, match="changed by something other than"):
        steps.check(full=True)


def test_a_shop_opens_on_what_the_runner_made(empty_url: str) -> None:
    """`create=True` once, nothing afterwards."""
    with connect(empty_url, create=True) as shop:
        first = shop.settings.get()
    with connect(empty_url, check="full") as shop:
        assert shop.settings.get() == first
    with connect(empty_url, create=True, migrate=True) as shop:
        assert shop.settings.get() == first


def test_the_bookkeeping_has_the_same_names_on_both_engines(steps: Steps) -> None:
    """Whoever reads it need not know which engine it is."""
    steps.migrate()

    rows = steps.query("SELECT version, name, checksum, applied_at, schema_digest FROM schema_migrations ORDER BY 1")

    assert [row[:2] for row in rows] == [(1, "first"), (2, "second")]
    engine = open_engine(steps.url)
    session = engine.acquire(write=True)
    with pytest.raises(LumiaError, match="schema_migrations_pkey"):
        session.execute("INSERT INTO schema_migrations SELECT * FROM schema_migrations", ())
    engine.release(session, failed=True)
    engine.close()

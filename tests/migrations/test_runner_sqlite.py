"""SQLite files: whose they are, how statements are split, and tables that are made anew without losing a row."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest

from lumia.engine.sqlite_migrations import APPLICATION_ID, split_statements
from lumia.errors import FileRefused, MigrationError, NotALumiaDatabase
from lumia.migrations import Migration
from lumia.shop import connect
from tests.support.steps import Steps

PARENTS = """
CREATE TABLE parents (a INTEGER NOT NULL, CONSTRAINT parents_pkey PRIMARY KEY (a)) STRICT;
CREATE TABLE children (
    a INTEGER NOT NULL,
    CONSTRAINT children_a_fkey FOREIGN KEY (a) REFERENCES parents (a) ON DELETE CASCADE
) STRICT;
INSERT INTO parents (a) VALUES (1), (2), (3);
INSERT INTO children (a) VALUES (1), (2), (3);
"""

REBUILD = """-- lumia: rebuild
CREATE TABLE new_parents (a INTEGER NOT NULL, b TEXT, CONSTRAINT parents_pkey PRIMARY KEY (a)) STRICT;
INSERT INTO new_parents (a) SELECT a FROM parents{where};
DROP TABLE parents;
ALTER TABLE new_parents RENAME TO parents;
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is made."""
    return tmp_path / "shop.db"


@pytest.fixture
def steps(path: Path, tmp_path: Path) -> Steps:
    """A folder with a parent and three children."""
    made = Steps(tmp_path / "steps", f"sqlite:///{path}")
    made.write(_0001_family=PARENTS)
    return made


def raw(path: Path, *statements: str) -> None:
    """Do something to a file behind Lumia's back."""
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_a_lumia_file_is_marked_and_numbered(steps: Steps, path: Path) -> None:
    """`file shop.db` and every tool can tell whose it is."""
    steps.migrate()

    connection = sqlite3.connect(path)
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    connection.close()

    assert (owner, version, mode) == (APPLICATION_ID, 1, "wal")
    assert owner.to_bytes(4, "big") == b"Lumi"


def test_a_new_file_is_its_owners_alone(steps: Steps, path: Path) -> None:
    """It holds people's addresses, and so do its log and index files."""
    steps.migrate()
    with steps.engine() as engine:
        session = engine.acquire(write=True)
        session.execute("INSERT INTO parents (a) VALUES (9)", ())
        engine.release(session, failed=False)

        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob("shop.db*")}

    assert modes == dict.fromkeys(("shop.db", "shop.db-wal", "shop.db-shm"), 0o600)


def test_making_a_table_anew_loses_no_row(steps: Steps) -> None:
    """With foreign keys on, DROP TABLE would empty the children."""
    steps.migrate()
    steps.write(_0002_more=REBUILD.format(where=""))

    steps.migrate()

    assert steps.query("SELECT count(*), count(b) FROM parents") == [(3, 0)]
    assert steps.query("SELECT count(*) FROM children") == [(3,)]
    assert steps.query("SELECT \"table\" FROM pragma_foreign_key_list('children')") == [("parents",)]


def test_making_a_table_anew_without_saying_so_is_seen_in_the_children(steps: Steps) -> None:
    """The promise above hangs on the directive: this is what it guards against."""
    steps.migrate()
    steps.write(_0002_more=REBUILD.format(where="").replace("-- lumia: rebuild", ""))

    steps.migrate()

    assert steps.query("SELECT count(*) FROM children") == [(0,)]


def test_a_rebuild_that_loses_rows_is_undone(steps: Steps) -> None:
    """Row counts are compared before COMMIT."""
    steps.migrate()
    steps.write(_0002_more=REBUILD.format(where=" WHERE a < 3"))

    with pytest.raises(MigrationError, match="left 2 rows in parents that had 3"):
        steps.migrate()

    assert steps.query("SELECT count(*) FROM parents") == [(3,)]


def test_a_rebuild_that_breaks_a_reference_is_undone(steps: Steps) -> None:
    """References are checked before COMMIT, for nobody checked them meanwhile."""
    steps.migrate()
    steps.write(_0002_more="-- lumia: rebuild\nUPDATE parents SET a = 30 WHERE a = 3;\n")

    with pytest.raises(MigrationError, match="children that refer to missing rows of parents"):
        steps.migrate()

    assert steps.query("SELECT max(a) FROM parents") == [(3,)]


def test_foreign_keys_are_on_again_after_a_rebuild(steps: Steps) -> None:
    """The step after it must be checked."""
    steps.write(_0002_more=REBUILD.format(where=""), _0003_bad="INSERT INTO children (a) VALUES (99);\n")

    with pytest.raises(MigrationError, match=r"0003_bad\.sql:1"):
        steps.migrate()


@pytest.mark.parametrize(
    "pragma", ["PRAGMA foreign_keys = OFF;", "pragma user_version = 7;", "VACUUM;", "ATTACH ':memory:' AS x;"]
)
def test_a_step_changes_no_settings(steps: Steps, pragma: str) -> None:
    """Inside a transaction most of them do nothing and say nothing."""
    steps.write(_0002_more=f"-- why\n{pragma}\n")

    with pytest.raises(MigrationError, match=r"0002_more\.sql:1: a migration controls"):
        steps.migrate()


def test_statements_are_split_where_sqlite_splits_them() -> None:
    """A trigger's body holds semicolons, and so may strings and comments."""
    sql = (
        "-- one; two\nCREATE TABLE a (b TEXT DEFAULT ';');\n\n/* ; */\n"
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n    DELETE FROM a WHERE b = ';';\n    SELECT 1;\nEND;\n"
        "INSERT INTO a VALUES ('x'); INSERT INTO a VALUES ('y');;\n-- the end;\n"
    )
    step = Migration(version=1, name="x", filename="0001_x.sql", checksum="", sql=sql)

    split = list(split_statements(step))

    assert [text.split("\n")[-1] for _, text in split] == [
        "CREATE TABLE a (b TEXT DEFAULT ';');",
        "END;",
        "INSERT INTO a VALUES ('x');",
        "INSERT INTO a VALUES ('y');",
    ]


@pytest.mark.parametrize(
    "end", ["SELECT 1", "SELECT 'x;", "/* x;", "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;"]
)
def test_a_statement_without_an_end_is_refused(end: str) -> None:
    """It would be left out without a word."""
    step = Migration(version=1, name="x", filename="0001_x.sql", checksum="", sql=f"SELECT 0;\n{end}\n")

    with pytest.raises(MigrationError, match=r"0001_x\.sql:\d: the last statement has no semicolon"):
        list(split_statements(step))


def test_another_programs_file_is_refused_and_left_alone(path: Path) -> None:
    """Somebody's mail or browser database is one typing mistake away."""
    raw(path, "CREATE TABLE mails (a)")
    before = path.read_bytes()

    ways: list[dict[str, Any]] = [{}, {"create": True}, {"migrate": True}, {"check": "full"}]
    for options in ways:
        with pytest.raises(NotALumiaDatabase, match="another program"):
            connect(f"sqlite:///{path}", **options)

    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["shop.db"]


def test_a_marked_file_of_another_program_is_refused(path: Path) -> None:
    """Others mark their files, too."""
    raw(path, "PRAGMA application_id = 252006673", "CREATE TABLE x (a)")

    with pytest.raises(NotALumiaDatabase, match="another program"):
        connect(f"sqlite:///{path}", create=True)


@pytest.mark.parametrize("content", [b"hello", b"%PDF-1.7 " * 1000, b"SQLite format 3\x00" + b"x" * 5000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    """Nothing is written into what cannot be read."""
    path.write_bytes(content)

    ways: list[dict[str, Any]] = [{}, {"create": True}, {"migrate": True}]
    for options in ways:
        with pytest.raises(NotALumiaDatabase, match="not a"):
            connect(f"sqlite:///{path}", **options)

    assert path.read_bytes() == content


def test_an_empty_file_is_a_database_only_if_one_is_wanted(path: Path) -> None:
    """`mktemp` made it, or a crash: nothing is lost by using it, but it is no shop."""
    path.write_bytes(b"")

    with pytest.raises(NotALumiaDatabase, match="`lumia init`"):
        connect(f"sqlite:///{path}")
    assert path.read_bytes() == b""

    connect(f"sqlite:///{path}", create=True).close()


def test_a_damaged_file_is_refused(path: Path) -> None:
    """A page of the schema is gone: no query may be tried on it."""
    connect(f"sqlite:///{path}", create=True).close()
    content = bytearray(path.read_bytes())
    content[100:4096] = bytes(3996)
    path.write_bytes(content)

    with pytest.raises(NotALumiaDatabase, match="damaged"):
        connect(f"sqlite:///{path}")


def test_damage_in_a_page_of_rows_is_found_by_the_full_check(path: Path) -> None:
    """The fast check reads the schema only."""
    connect(f"sqlite:///{path}", create=True).close()
    connection = sqlite3.connect(path)
    (page,) = connection.execute("SELECT max(rootpage) FROM sqlite_schema WHERE type = 'index'").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(content)

    connect(f"sqlite:///{path}").close()
    with pytest.raises(NotALumiaDatabase, match="damaged"):
        connect(f"sqlite:///{path}", check="full")


def test_a_file_whose_number_is_not_its_last_step_is_refused(steps: Steps, path: Path) -> None:
    """Something wrote it that is not the runner."""
    steps.migrate()
    raw(path, "PRAGMA user_version = 7")

    with pytest.raises(NotALumiaDatabase, match="contradicts itself"):
        steps.check()


@pytest.mark.parametrize("change", ["CREATE TABLE x (a)", "CREATE INDEX x ON parents (a)", "DROP TABLE children"])
def test_a_foreign_change_is_found_by_the_fast_check_too(steps: Steps, path: Path, change: str) -> None:
    """A schema is trusted to call functions only if it is as Lumia left it."""
    steps.migrate()
    raw(path, change)

    for full in (False, True):
        with pytest.raises(NotALumiaDatabase, match="changed by something other than Lumia"):
            steps.check(full=full)


def test_statistics_are_no_change_of_the_schema(steps: Steps, path: Path) -> None:
    """ANALYZE makes a table of SQLite's own."""
    steps.migrate()
    raw(path, "ANALYZE")

    steps.check(full=True)


def test_a_foreign_change_stops_the_next_step(steps: Steps, path: Path) -> None:
    """A migration must not run on a schema that its author never saw."""
    steps.migrate()
    raw(path, "ALTER TABLE parents ADD COLUMN extra TEXT")
    steps.write(_0002_more="CREATE TABLE more (a INTEGER) STRICT;\n")

    with pytest.raises(NotALumiaDatabase, match="changed by something other than Lumia"):
        steps.migrate()

    assert steps.status().pending


def test_a_directory_is_refused(tmp_path: Path) -> None:
    """The message says what to write instead."""
    with pytest.raises(FileRefused, match=r"is a directory; name a file in it"):
        connect(f"sqlite:///{tmp_path}", create=True)


def test_a_file_in_a_missing_folder_is_refused(tmp_path: Path) -> None:
    """Folders are not made unasked."""
    with pytest.raises(FileRefused, match=r"folder of .* does not exist"):
        connect(f"sqlite:///{tmp_path}/a/b/shop.db", create=True)

    assert list(tmp_path.iterdir()) == []

"""Which files are migrations, and what is refused before a database is touched."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from lumia.errors import MigrationError
from lumia.migrations import load_migrations


def write(folder: Path, *names: str, text: str = "SELECT 1;\n") -> None:
    """Write files of the same text."""
    for name in names:
        (folder / name).write_text(text)


def test_a_step_is_one_portable_file_or_one_for_each_engine(tmp_path: Path) -> None:
    """Where the engines agree there is one text."""
    write(tmp_path, "0002_b.sql", "0001_a.sqlite.sql", "0001_a.postgresql.sql")

    loaded = {
        engine: [step.filename for step in load_migrations(engine, tmp_path)] for engine in ("sqlite", "postgresql")
    }

    assert loaded == {
        "sqlite": ["0001_a.sqlite.sql", "0002_b.sql"],
        "postgresql": ["0001_a.postgresql.sql", "0002_b.sql"],
    }


def test_a_step_knows_its_number_name_and_checksum(tmp_path: Path) -> None:
    """The checksum is that of the text, so that anybody can compute it."""
    write(tmp_path, "0012_more_tables.sql")

    (step,) = load_migrations("sqlite", tmp_path)

    assert (step.version, step.name, step.label) == (12, "more_tables", "0012 more_tables")
    assert step.checksum == hashlib.sha256(b"SELECT 1;\n").hexdigest()
    assert not step.rebuild


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("first.sql",), "first.sql: a migration is called"),
        (("1_first.sql",), "a migration is called"),
        (("0001-first.sql",), "a migration is called"),
        (("0001_First.sql",), "a migration is called"),
        (("0001_first.mysql.sql",), "a migration is called"),
        (("0000_first.sql",), "taken or zero"),
        (("0001_a.sql", "0001_b.sql"), "taken or zero"),
        (("0001_a.sqlite.sql",), "postgresql"),
        (("0001_a.postgresql.sql",), "sqlite"),
        (("0001_a.sql", "0001_a.sqlite.sql"), "one portable file or one for each engine"),
        (("0001_a.sql", "0001_a.sqlite.sql", "0001_a.postgresql.sql"), "one portable file or one for each engine"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, names: tuple[str, ...], words: str) -> None:
    """A file that is silently left out is a step that never runs."""
    write(tmp_path, *names)

    with pytest.raises(MigrationError, match=words):
        load_migrations("sqlite", tmp_path)


def test_a_rebuild_says_so_in_a_line_of_its_own(tmp_path: Path) -> None:
    """The runner must know before it begins."""
    write(tmp_path, "0001_a.sql", text="-- Makes it anew.\n-- lumia: rebuild\nSELECT 1;\n")

    (step,) = load_migrations("sqlite", tmp_path)

    assert step.rebuild


def test_an_unknown_directive_is_refused(tmp_path: Path) -> None:
    """A misspelt one would do nothing and say nothing."""
    write(tmp_path, "0001_a.sql", text="-- lumia: rebiuld\nSELECT 1;\n")

    with pytest.raises(MigrationError, match="rebiuld"):
        load_migrations("sqlite", tmp_path)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_lumias_own_steps_are_in_order_and_without_gaps(engine: str) -> None:
    """A gap is a number that somebody will take, out of order."""
    versions = [step.version for step in load_migrations(engine)]

    assert versions == list(range(1, len(versions) + 1))

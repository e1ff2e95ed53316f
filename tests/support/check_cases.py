"""Query files with seeded mistakes, and right ones: read from two folders, checked on a library of both engines.

A case is one file of `mistakes/` or `correct/`. Its first lines say what the check must find:

    -- expect 12: words of the message
    -- expect sqlite 12: words of the message, which SQLite alone gives rise to

Lines count from the case's first one. A case of several query files is split by lines `-- file: name.sqlite.sql`.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg

from lumia.errors import LumiaError
from lumia.typedsql import TypeRegistry
from lumia.typedsql.check import CheckReport, Finding, check_queries
from lumia.typedsql.overlay import read_folder
from tests.unit.typedsql.cases import dtos, lending_dtos

__all__ = ["CASES", "Case", "Expected", "Library", "cases_in"]

CASES = Path(__file__).parents[1] / "unit" / "typedsql" / "cases"
_SCHEMAS = ("schema", "lending")
REGISTRY = TypeRegistry.of(dtos, lending_dtos)

_EXPECT = re.compile(r"-- expect (?:(?P<engine>postgresql|sqlite) )?(?P<line>\d+): (?P<words>.+)")
_FILE = re.compile(r"-- file: \w+(?P<suffix>(?:\.(?:postgresql|sqlite))?\.sql)")


@dataclass(frozen=True)
class Expected:
    """One finding that a case must give: on which line, with which words, by one engine alone or by any."""

    engine: str | None
    line: int
    words: str

    def matches(self, finding: Finding) -> bool:
        """Whether this is the finding."""
        suits = self.engine in {None, finding.engine}
        return suits and finding.line == self.line and self.words in finding.message


@dataclass(frozen=True)
class Case:
    """One file of cases."""

    name: str
    text: str
    expected: tuple[Expected, ...]

    def files(self) -> Iterator[tuple[str, str]]:
        """The query files of the case; each keeps the case's line numbers."""
        suffix, start = ".sql", 0
        lines = self.text.split("\n")
        for number, line in enumerate(lines):
            match = _FILE.fullmatch(line)
            if match is not None:
                if any(part and not part.startswith("-- expect") for part in lines[start:number]):
                    yield f"{self.name}{suffix}", "\n" * start + "\n".join(lines[start:number]) + "\n"
                suffix, start = match["suffix"], number + 1
        yield f"{self.name}{suffix}", "\n" * start + "\n".join(lines[start:])

    def write(self, folder: Path) -> None:
        """Write the query files."""
        for name, text in self.files():
            (folder / name).write_text(text, encoding="utf-8")

    def surprises(self, findings: Sequence[Finding]) -> list[str]:
        """In words: what was found and not expected, and expected and not found."""
        found = [
            f"not expected: {finding.line}: {finding.message} [{finding.engine}]"
            for finding in findings
            if not any(entry.matches(finding) for entry in self.expected)
        ]
        missed = [
            f"not found: {entry}" for entry in self.expected if not any(entry.matches(finding) for finding in findings)
        ]
        return found + missed


def cases_in(kind: str) -> list[Case]:
    """The cases of a folder, by name."""
    return [_read(path) for path in sorted((CASES / kind).glob("*.sql"))]


def _read(path: Path) -> Case:
    text = path.read_text(encoding="utf-8")
    expected = tuple(
        Expected(match["engine"], int(match["line"]), match["words"])
        for line in text.split("\n")
        if (match := _EXPECT.fullmatch(line)) is not None
    )
    return Case(path.stem, text, expected)


class Library:
    """The library on both engines: an empty database of each, and the awkward rows as scripts."""

    def __init__(self, folder: Path, dsn: str) -> None:
        """Make the tables in an empty PostgreSQL database and in a SQLite file in `folder`."""
        self._folder = folder
        self.dsn = dsn
        self._path = folder / "library.db"
        with psycopg.connect(dsn, autocommit=True) as connection:
            for name in _SCHEMAS:
                connection.execute((CASES / f"{name}.postgresql.sql").read_bytes())
        with closing(sqlite3.connect(self._path)) as connection:
            for name in _SCHEMAS:
                connection.executescript((CASES / f"{name}.sqlite.sql").read_text(encoding="utf-8"))

    def connect(self) -> sqlite3.Connection:
        """Open the SQLite file."""
        return sqlite3.connect(self._path)

    def check(self, folder: Path, *, engines: bool = True) -> CheckReport:
        """Check a folder of query files."""
        return check_queries(
            folder,
            REGISTRY,
            postgresql_dsn=self.dsn if engines else None,
            sqlite=self.connect if engines else None,
            fixtures={name: CASES / f"fixture.{name}.sql" for name in ("postgresql", "sqlite")},
        )

    def findings(self, cases: Sequence[Case]) -> dict[str, list[Finding]]:
        """Check the cases, most of them together: alone only what cannot be read or speaks for its whole folder."""
        place = Path(tempfile.mkdtemp(dir=self._folder))
        together = place / "together"
        together.mkdir()
        found: dict[str, list[Finding]] = {case.name: [] for case in cases}
        for case in cases:
            alone = place / case.name
            alone.mkdir()
            case.write(alone)
            if "-- @small" in case.text or not _readable(alone):
                found[case.name] += self.check(alone).findings
            else:
                case.write(together)
        for finding in self.check(together).findings:
            found[Path(finding.path).name.partition(".")[0]].append(finding)
        return found


def _readable(folder: Path) -> bool:
    try:
        read_folder(folder, REGISTRY)
    except LumiaError:
        return False
    return True

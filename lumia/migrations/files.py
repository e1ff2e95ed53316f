"""The migration files: found, paired per engine, read and given their checksums; nothing here touches a database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lumia.errors import FileRefused, MigrationError

__all__ = ["ENGINES", "FOLDER", "OWN_FROM", "Migration", "load_migrations", "schema_digest"]

FOLDER: Final = Path(__file__).parent
"""Where Lumia's own migrations lie."""

ENGINES: Final = ("postgresql", "sqlite")

OWN_FROM: Final = 5000
"""The first number of an embedder's own migrations; the numbers below are Lumia's."""

_NAME: Final = re.compile(r"(?P<version>\d{4})_(?P<name>[a-z0-9_]+)(?:\.(?P<engine>postgresql|sqlite))?\.sql")
_DIRECTIVE: Final = re.compile(r"^-- lumia:\s*(?P<word>.*?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema.

    Attributes:
        version: its number, from 1; steps run in this order.
        name: the words after the number.
        filename: the file that this engine runs.
        checksum: sha256 of its text with line ends made LF, in hexadecimal.
        sql: its text.
        rebuild: whether it makes SQLite tables anew, which needs foreign keys switched off around it.
    """

    version: int
    name: str
    filename: str
    checksum: str
    sql: str = field(repr=False)
    rebuild: bool = False

    @property
    def label(self) -> str:
        """The number and the name, as a person reads them."""
        return f"{self.version:04} {self.name}"


def load_migrations(engine: str, folder: Path = FOLDER, *, own: Path | None = None) -> tuple[Migration, ...]:
    """Read the migrations of one engine in the order of their numbers.

    A step is one portable file `NNNN_name.sql`, or the pair `NNNN_name.postgresql.sql` and `NNNN_name.sqlite.sql`.

    Args:
        engine: `postgresql` or `sqlite`.
        folder: where Lumia's files lie.
        own: a folder of yours with tables beside Lumia's, numbered from 5000 on; they run behind Lumia's.

    Raises:
        FileRefused: `own` is no folder.
        MigrationError: a file name is of neither form, a number is used twice or is not of its range, or one of a pair
            is missing.
    """
    steps = _load(engine, folder, range(1, OWN_FROM), f"numbers from {OWN_FROM} on belong to those who embed Lumia")
    if own is None:
        return steps
    if not own.is_dir():
        message = f"{own} is not a folder of migrations"
        raise FileRefused(message)
    return steps + _load(engine, own, range(OWN_FROM, 10_000), f"number your own migrations from {OWN_FROM} on")


def _load(engine: str, folder: Path, numbers: range, hint: str) -> tuple[Migration, ...]:
    steps: dict[int, dict[str | None, Path]] = {}
    names: dict[int, str] = {}
    for path in sorted(folder.glob("*.sql")):
        match = _NAME.fullmatch(path.name)
        if match is None:
            message = f"{path.name}: a migration is called NNNN_name.sql, or NNNN_name.<engine>.sql for both engines"
            raise MigrationError(message)
        version = int(match["version"])
        if version == 0 or names.setdefault(version, match["name"]) != match["name"]:
            message = f"{path.name}: the number {version:04} is taken or zero; give the newer file the next number"
            raise MigrationError(message)
        if version not in numbers:
            message = f"{path.name}: {hint}"
            raise MigrationError(message)
        steps.setdefault(version, {})[match["engine"]] = path
    return tuple(_read(version, names[version], steps[version], engine) for version in sorted(steps))


def _read(version: int, name: str, files: dict[str | None, Path], engine: str) -> Migration:
    if set(files) not in ({None}, set(ENGINES)):
        missing = sorted(set(ENGINES) - {key for key in files if key})
        message = f"{version:04}_{name}: one portable file or one for each engine; missing or too many: {missing}"
        raise MigrationError(message)
    path = files.get(engine) or files[None]
    sql = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    return Migration(
        version=version,
        name=name,
        filename=path.name,
        checksum=hashlib.sha256(sql.encode()).hexdigest(),
        sql=sql,
        rebuild=_rebuilds(path.name, (found["word"] for found in _DIRECTIVE.finditer(sql))),
    )


def _rebuilds(filename: str, directives: Iterable[str]) -> bool:
    found = set(directives)
    unknown = sorted(found - {"rebuild"})
    if unknown:
        message = f"{filename}: unknown directive `-- lumia: {unknown[0]}`; the only one is `-- lumia: rebuild`"
        raise MigrationError(message)
    return bool(found)


def schema_digest(migrations: Iterable[Migration]) -> str:
    """Digest the steps that make a schema, 32 hexadecimal digits: another file, or another text, is another schema."""
    whole = "\n".join(f"{step.version} {step.checksum}" for step in migrations)
    return hashlib.sha256(whole.encode()).hexdigest()[:32]

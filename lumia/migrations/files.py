"""The migration files: found, paired per engine, read and given their checksums; nothing here touches a database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lumia.errors import MigrationError

__all__ = ["ENGINES", "FOLDER", "Migration", "load_migrations"]

FOLDER: Final = Path(__file__).parent
"""Where Lumia's own migrations lie."""

ENGINES: Final = ("postgresql", "sqlite")

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


def load_migrations(engine: str, folder: Path = FOLDER) -> tuple[Migration, ...]:
    """Read the migrations of one engine in the order of their numbers.

    A step is one portable file `NNNN_name.sql`, or the pair `NNNN_name.postgresql.sql` and `NNNN_name.sqlite.sql`.

    Args:
        engine: `postgresql` or `sqlite`.
        folder: where the files lie.

    Raises:
        MigrationError: a file name is of neither form, a number is used twice, or one of a pair is missing.
    """
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

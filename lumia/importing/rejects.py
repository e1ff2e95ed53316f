"""The file of the lines that are no sales: written aside, and put in its place only when the import is kept."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TextIO

from lumia.dto.imports import RejectReason
from lumia.errors import FileRefused
from lumia.importing.presets import FIELDS

if TYPE_CHECKING:
    from _csv import Writer

__all__ = ["RejectsFile"]

_HEADER: Final = ("line", "reason", *FIELDS)


class RejectsFile:
    """A CSV file of rejected lines, a context manager: `keep()` puts it in place, leaving without it removes it.

    Its columns are the line in the imported file, the reason, and the fields as they were read. Without a path nothing
    is written.
    """

    def __init__(self, path: Path | None) -> None:
        """Remember where the file shall lie; one that lies there is replaced by `keep`."""
        self._path = path
        self._file: TextIO | None = None
        self._writer: Writer | None = None

    def __enter__(self) -> Self:
        """Begin the file under a temporary name beside its place (`FileRefused` if that is not possible)."""
        if self._path is None:
            return self
        if self._path.is_dir():
            message = f"{self._path}: is a directory; give the path of a file for the rejected lines"
            raise FileRefused(message)
        try:
            handle, name = tempfile.mkstemp(prefix=f".{self._path.name}.", suffix=".part", dir=self._path.parent)
        except OSError as error:
            message = f"{self._path}: the rejected lines cannot be written there ({error.strerror})"
            raise FileRefused(message) from None
        self._temporary = Path(name)
        self._file = os.fdopen(handle, "w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(_HEADER)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the file unless it was kept."""
        if self._file is not None:
            file, self._file = self._file, None
            try:
                # Closing writes what is left, which a full disk refuses once more; the file goes either way.
                with suppress(OSError):
                    file.close()
            finally:
                self._temporary.unlink(missing_ok=True)

    def reject(self, line: int, reason: RejectReason, fields: Sequence[str]) -> None:
        """Note a line that is no sale (`FileRefused` if the disk is full or gone)."""
        if self._writer is not None:
            try:
                self._writer.writerow((line, reason.value, *fields))
            except OSError as error:
                raise self._refused(error) from None

    def settle(self) -> None:
        """Bring everything onto the disk, so that `keep` has nothing left that could fail but a rename.

        Raises:
            FileRefused: the disk is full or gone.
        """
        if self._file is None:
            return
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._refused(error) from None

    def keep(self) -> None:
        """Put the file in its place; one that cannot be renamed stays under its temporary name and is `FileRefused`."""
        file, self._file = self._file, None
        if file is None or self._path is None:
            return
        try:
            file.close()
            self._temporary.replace(self._path)
        except OSError as error:
            message = f"the lines were imported, but the rejected ones lie in {self._temporary} ({error.strerror})"
            raise FileRefused(message) from None

    def _refused(self, error: OSError) -> FileRefused:
        message = f"{self._path}: the rejected lines cannot be written ({error.strerror}); nothing was imported"
        return FileRefused(message)

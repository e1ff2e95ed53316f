"""Opens a file of order lines and reads it in batches of rows, plain or gzipped, without ever holding much of it."""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

from lumia.errors import ConfigurationError, FileRefused, ImportRefused

__all__ = ["Batch", "LineSource", "content_digest", "refusal"]

BATCH_ROWS: Final = 256
"""Few enough for a batch to stay in the processor's cache: larger ones were measured to be slower."""

_BLOCK: Final = 1 << 18
_LONGEST_LINE: Final = 1 << 24
_GZIP: Final = b"\x1f\x8b"
_ENCODINGS: Final = ("utf-8", "latin-1", "cp1252")
_DAMAGE: Final = (EOFError, gzip.BadGzipFile, zlib.error)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows and the line of the file that each begins at."""

    lines: Sequence[int]
    rows: list[list[str]]


def refusal(line: int, problem: str) -> ImportRefused:
    """The error for a file that cannot be imported because of one line."""
    return ImportRefused(f"line {line}: {problem}; nothing was imported")


class _Watched(io.BufferedIOBase):
    """Hands blocks of bytes on and watches them: their digest, their lines, NULs, and lines that never end."""

    def __init__(self, stream: BinaryIO, *, skip_mark: bool) -> None:
        super().__init__()
        self._stream = stream
        self._skip_mark = skip_mark
        self._unbroken = 0
        self.newlines = 0
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read1(self, size: int = -1, /) -> bytes:  # noqa: ARG002 - the block's size is ours: small ones cost time
        try:
            block = self._stream.read(_BLOCK)
        except _DAMAGE:
            message = "the gzip file is damaged or cut off; nothing was imported, get the file anew"
            raise ImportRefused(message) from None
        except OSError as error:
            message = f"the file cannot be read on ({error.strerror or 'I/O error'}); nothing was imported"
            raise FileRefused(message) from None
        self.digest.update(block)
        if b"\0" in block:
            line = self.newlines + block.count(b"\n", 0, block.index(b"\0")) + 1
            raise refusal(line, "there is a NUL character; save the file as UTF-8 text (UTF-16 has NULs everywhere)")
        found = block.count(b"\n")
        self._unbroken = len(block) - block.rindex(b"\n") if found else self._unbroken + len(block)
        if self._unbroken > _LONGEST_LINE:
            raise refusal(self.newlines + found + 1, "the line is longer than 16 MiB; is this a CSV file?")
        self.newlines += found
        if self._skip_mark and block:
            self._skip_mark = False
            block = block.removeprefix(codecs.BOM_UTF8)
        return block


class LineSource:
    """A CSV file of order lines; a context manager.

    What is wrong with the file's form, a ragged row, a NUL, undecodable bytes, a quote that never ends, is told with
    its line as `ImportRefused`, and is the end of the import: a file with a broken line cannot be trusted in the rest.
    """

    def __init__(self, source: Path | BinaryIO, *, encoding: str) -> None:
        """Remember what to open.

        Args:
            source: a file's path, or a binary stream, which is left open.
            encoding: `utf-8` (with or without byte order mark), `latin-1` or `cp1252`.

        Raises:
            ConfigurationError: the encoding is another.
        """
        if encoding not in _ENCODINGS:
            message = f"an encoding is one of {', '.join(_ENCODINGS)}"
            raise ConfigurationError(message)
        self._source = source
        self._encoding = encoding
        self._opened: list[BinaryIO] = []
        self.bytes_total: int | None = None
        self.header: list[str] = []

    def __enter__(self) -> Self:
        """Open the file and read its header.

        Raises:
            FileRefused: there is no such file, it is a directory, or it cannot be read.
            ImportRefused: the file is empty or its first line is no header.
        """
        try:
            self._raw = self._open()
            unpacked = self._unpacked(self._raw)
            self._watched = _Watched(unpacked, skip_mark=self._encoding == "utf-8")
            text = io.TextIOWrapper(
                cast("BinaryIO", self._watched), encoding=self._encoding, errors="strict", newline="\n"
            )
            self._reader = csv.reader(text, strict=True)
            self.header = self._read_header()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what was opened here."""
        self._close()

    def _close(self) -> None:
        while self._opened:
            self._opened.pop().close()

    def _open(self) -> BinaryIO:
        if not isinstance(self._source, Path):
            return self._source
        stream = _opened(self._source)
        self._opened.append(stream)
        self.bytes_total = self._source.stat().st_size
        return stream

    def _unpacked(self, raw: BinaryIO) -> BinaryIO:
        unpacked = _unpacked(raw)
        self._opened.append(unpacked)
        return unpacked

    def _read_header(self) -> list[str]:
        header = next(iter(self._rows(1)), None)
        if header is None:
            message = "the file is empty; it needs a header line with the columns' names, and order lines below it"
            raise ImportRefused(message)
        return header

    @property
    def sha256(self) -> bytes:
        """The digest of the unpacked content, complete once every batch is read."""
        return self._watched.digest.digest()

    @property
    def bytes_read(self) -> int:
        """How much of the file as it lies there was read."""
        return self._raw.tell() if self.bytes_total is not None else self._watched.newlines

    def batches(self) -> Iterator[Batch]:
        """Give the rows below the header, each with as many fields as the header.

        Raises:
            ImportRefused: the file's form is broken, or there is no row.
        """
        width = len(self.header)
        line = self._reader.line_num + 1
        first = line
        while rows := self._rows(line):
            after = self._reader.line_num + 1
            lines = range(line, after) if after - line == len(rows) else _begins(line, rows)
            if {*map(len, rows)} != {width}:
                raise self._ragged(lines, rows)
            yield Batch(lines, rows)
            line = after
        if line == first:
            message = "the file has a header and no order lines; nothing was imported"
            raise ImportRefused(message)

    def _rows(self, line: int) -> list[list[str]]:
        rows: list[list[str]] = []
        try:
            # What was read before an error stays in the list, so that the broken row's own line can be told.
            rows.extend(islice(self._reader, 1 if line == 1 else BATCH_ROWS))
        except csv.Error as error:
            begin = _begins(line, [*rows, []])[-1]
            problem = str(error).partition(" - do you need")[0]
            hint = "fix the line" if "new-line" in problem else "close its quote, and double the quotes inside a field"
            raise refusal(begin, f"this is no CSV ({problem}); {hint}") from None
        except UnicodeDecodeError as error:
            where = error.object.count(b"\n", 0, error.start) - error.object.count(b"\n") + self._watched.newlines + 1
            problem = f"the bytes are not {self._encoding}; name the file's encoding, for example latin-1"
            raise refusal(where, problem) from None
        return rows

    def _ragged(self, lines: Sequence[int], rows: list[list[str]]) -> ImportRefused:
        width = len(self.header)
        line, row = next((line, row) for line, row in zip(lines, rows, strict=True) if len(row) != width)
        if not row:
            return refusal(line, "the line is empty; remove it")
        return refusal(line, f"the row has {len(row)} fields and the header {width}; fix the row")


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes were read to look at them; closing it leaves the stream open."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        if not self._start:
            return self._rest.read(size)
        most = len(self._start) if size < 0 else size
        start, self._start = self._start[:most], self._start[most:]
        # Together: whoever looks for a byte order mark looks at one block.
        return start + self._rest.read(size if size < 0 else size - len(start))


def _unpacked(raw: BinaryIO) -> BinaryIO:
    start = raw.read(len(_GZIP))
    joined = cast("BinaryIO", _Rejoined(start, raw))
    return cast("BinaryIO", gzip.GzipFile(fileobj=joined, mode="rb")) if start == _GZIP else joined


def _begins(line: int, rows: list[list[str]]) -> list[int]:
    """The line at which each row begins; a row with line breaks in its fields covers several."""
    begins: list[int] = []
    for row in rows:
        begins.append(line)
        line += 1 + sum(field.count("\n") for field in row)
    return begins


def content_digest(path: Path) -> bytes:
    """Give the SHA-256 of a file's unpacked content, by which an import knows that it was done before.

    Raises:
        FileRefused: there is no such file, it is a directory, or it cannot be read.
        ImportRefused: it is a damaged gzip file, holds a NUL, or a line that never ends.
    """
    with _opened(path) as raw:
        watched = _Watched(_unpacked(raw), skip_mark=False)
        while watched.read1():
            pass
        return watched.digest.digest()


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        message = f"{path}: {(error.strerror or 'cannot be read').lower()}; give the path of a CSV file"
        raise FileRefused(message) from None

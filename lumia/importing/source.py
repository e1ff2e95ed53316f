"""Opens a file of order lines and reads it in batches of rows, plain or gzipped, without ever holding much of it."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

from lumia.errors import ConfigurationError, FileRefused, ImportRefused

__all__ = ["Batch", "LineSource", "content_digest", "refusal"]

BATCH_ROWS: Final = 256
"""Few enough for a batch to stay in the processor's cache: larger ones were measured to be slower."""

_BLOCK: Final = 1 << 16
_LONGEST_LINE: Final = 1 << 20
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


class _Blocks:
    """The whole lines of a stream in blocks of text; watches its digest, NULs, and lines that never end."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self.digest = hashlib.sha256()

    def __iter__(self) -> Iterator[list[str]]:
        """Give the lines without their line feeds."""
        line, rest = 1, b""
        while block := self._read(line, rest):
            whole, feed, rest = block.rpartition(b"\n")
            if feed:
                texts = self._decoded(whole, line).split("\n")
                yield texts
                line += len(texts)
        if text := self._decoded(rest, line):
            yield [text]

    def _read(self, line: int, rest: bytes) -> bytes:
        """Read on behind what is left of a line; nothing at the stream's end."""
        block = _read(self._stream, _BLOCK)
        self.digest.update(block)
        if b"\0" in block:
            line += block.count(b"\n", 0, block.index(b"\0"))
            raise refusal(line, "there is a NUL character; save the file as UTF-8 text (UTF-16 has NULs everywhere)")
        if len(rest) > _LONGEST_LINE:
            raise refusal(line, "the line is longer than 1 MiB; is this a CSV file?")
        return rest + block if block else b""

    def _decoded(self, block: bytes, line: int) -> str:
        try:
            text = block.decode(self._encoding)
        except UnicodeDecodeError as error:
            line += block.count(b"\n", 0, error.start)
            problem = f"the bytes are not {self._encoding}; name the file's encoding, for example latin-1"
            raise refusal(line, problem) from None
        return text.removeprefix("\ufeff") if line == 1 else text


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
        self._line = 1
        self._texts: Iterator[str] = iter(())
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
            unpacked = _unpacked(self._raw)
            self._opened.append(unpacked)
            self._blocks = _Blocks(unpacked, self._encoding)
            self._rest = iter(self._blocks)
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

    def _read_header(self) -> list[str]:
        text = next(self._more(), None)
        if text is None:
            message = "the file is empty; it needs a header line with the columns' names, and order lines below it"
            raise ImportRefused(message)
        header, lines = self._parsed(text, iter(()), self._line)
        self._line += lines
        return header

    @property
    def sha256(self) -> bytes:
        """The digest of the unpacked content, complete once every batch is read."""
        return self._blocks.digest.digest()

    @property
    def bytes_read(self) -> int:
        """How much of the file as it lies there was read; 0 for a stream, which may not know."""
        return self._raw.tell() if self.bytes_total is not None else 0

    def batches(self) -> Iterator[Batch]:
        """Give the rows below the header, each with as many fields as the header.

        Raises:
            ImportRefused: the file's form is broken, or there is no row.
        """
        width = len(self.header)
        empty = True
        while batch := self._batch():
            if {*map(len, batch.rows)} != {width}:
                raise self._ragged(batch)
            yield batch
            empty = False
        if empty:
            message = "the file has a header and no order lines; nothing was imported"
            raise ImportRefused(message)

    def _more(self) -> Iterator[str]:
        """The lines that were not taken yet, across the ends of blocks."""
        while True:
            yield from self._texts
            texts = next(self._rest, None)
            if texts is None:
                return
            self._texts = iter(texts)

    def _batch(self) -> Batch | None:
        """Read the next rows: a line without a quote is cut at its commas, the CSV reader gets the others."""
        texts = list(islice(self._texts, BATCH_ROWS)) or list(islice(self._more(), BATCH_ROWS))
        if not texts:
            return None
        first = self._line
        more = 0
        rows: list[list[str]] = []
        longer: list[tuple[int, int]] = []
        left = iter(texts)
        for text in left:
            if '"' not in text:
                if "\r" not in text:
                    rows.append(text.split(",") if text else [])
                    continue
                if text.index("\r") == len(text) - 1:
                    rows.append(text[:-1].split(",") if len(text) > 1 else [])
                    continue
            row, lines = self._parsed(text, left, first + len(rows) + more)
            if lines > 1:
                longer.append((len(rows), lines))
                more += lines - 1
            rows.append(row)
        self._line = first + len(rows) + more
        return Batch(_begins(first, len(rows), longer), rows)

    def _parsed(self, text: str, left: Iterator[str], line: int) -> tuple[list[str], int]:
        """Read a row that begins with `text`; give it and the number of lines it takes."""
        reader = csv.reader((f"{taken}\n" for taken in chain((text,), left, self._more())), strict=True)
        try:
            return next(reader), reader.line_num
        except csv.Error as error:
            problem = str(error).partition(" - do you need")[0]
            hint = "fix the line" if "new-line" in problem else "close its quote, and double the quotes inside a field"
            raise refusal(line, f"this is no CSV ({problem}); {hint}") from None

    def _ragged(self, batch: Batch) -> ImportRefused:
        width = len(self.header)
        line, row = next((line, row) for line, row in zip(batch.lines, batch.rows, strict=True) if len(row) != width)
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
        return start + self._rest.read(size if size < 0 else size - len(start))


def _unpacked(raw: BinaryIO) -> BinaryIO:
    start = _read(raw, len(_GZIP))
    joined = cast("BinaryIO", _Rejoined(start, raw))
    return cast("BinaryIO", gzip.GzipFile(fileobj=joined, mode="rb")) if start == _GZIP else joined


def _begins(first: int, rows: int, longer: Sequence[tuple[int, int]]) -> Sequence[int]:
    """The line at which each row begins, if those that are told cover more lines than one."""
    if not longer:
        return range(first, first + rows)
    begins: list[int] = []
    for place, lines in longer:
        begins.extend(range(first, first + place + 1 - len(begins)))
        first = begins[-1] + lines
    return [*begins, *range(first, first + rows - len(begins))]


def content_digest(path: Path) -> bytes:
    """Give the SHA-256 of a file's unpacked content, by which an import knows that it was done before.

    Raises:
        FileRefused: there is no such file, it is a directory, or it cannot be read.
        ImportRefused: it is a damaged gzip file.
    """
    digest = hashlib.sha256()
    with _opened(path) as raw, _unpacked(raw) as unpacked:
        while block := _read(unpacked, _BLOCK):
            digest.update(block)
    return digest.digest()


def _read(stream: BinaryIO, size: int) -> bytes:
    try:
        return stream.read(size)
    except _DAMAGE:
        message = "the gzip file is damaged or cut off; nothing was imported, get the file anew"
        raise ImportRefused(message) from None
    except OSError as error:
        message = f"the file cannot be read on ({error.strerror or 'I/O error'}); nothing was imported"
        raise FileRefused(message) from None


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        message = f"{path}: {(error.strerror or 'cannot be read').lower()}; give the path of a CSV file"
        raise FileRefused(message) from None

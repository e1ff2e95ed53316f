"""Opening and cutting a file: encodings, gzip, line numbers, and every broken form with the line that breaks it."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
from pathlib import Path

import pytest

from lumia.errors import ConfigurationError, FileRefused, ImportRefused
from lumia.importing.source import LineSource, content_digest


def written(folder: Path, content: bytes, name: str = "lines.csv") -> Path:
    """A file of that content."""
    path = folder / name
    path.write_bytes(content)
    return path


def rows_of(path: Path, encoding: str = "utf-8") -> list[tuple[int, list[str]]]:
    """Every row with the line that it begins at."""
    with LineSource(path, encoding=encoding) as source:
        return [pair for batch in source.batches() for pair in zip(batch.lines, batch.rows, strict=True)]


def test_rows_come_with_the_line_that_they_begin_at(tmp_path: Path) -> None:
    """A field with line breaks moves the lines behind it, as an editor counts them."""
    path = written(tmp_path, b'a,b\n1,"x\ny\nz"\n2,q\n"3\n","""\n"\n4,end\n')

    rows = rows_of(path)

    assert rows == [(2, ["1", "x\ny\nz"]), (5, ["2", "q"]), (6, ["3\n", '"\n']), (9, ["4", "end"])]


def test_lines_are_counted_across_batches(tmp_path: Path) -> None:
    """The ten thousandth line is not the first of its batch."""
    body = b"".join(b'%d,"a\nb"\n' % number if number % 300 == 0 else b"%d,a\n" % number for number in range(1, 2001))
    path = written(tmp_path, b"n,t\n" + body)

    rows = rows_of(path)

    assert rows[0] == (2, ["1", "a"])
    assert rows[-1] == (2001 + 6, ["2000", "a"])
    assert [line for line, fields in rows if fields[0] == "301"] == [303]


@pytest.mark.parametrize(
    "content",
    [b"a,b\r\n1,\xc3\xa9\r\n", b"\xef\xbb\xbfa,b\n1,\xc3\xa9\n", b"a,b\n1,\xc3\xa9"],
    ids=["CRLF", "byte order mark", "no line break at the end"],
)
def test_utf_8_is_read_in_each_of_its_forms(tmp_path: Path, content: bytes) -> None:
    """Spreadsheets write a mark and Windows line ends."""
    with LineSource(written(tmp_path, content), encoding="utf-8") as source:
        assert source.header == ["a", "b"]
        assert [row for batch in source.batches() for row in batch.rows] == [["1", "é"]]


def test_latin_1_is_read_when_it_is_named(tmp_path: Path) -> None:
    """The same bytes are refused as UTF-8."""
    path = written(tmp_path, b"a,b\n1,\xa35\n")

    assert rows_of(path, "latin-1") == [(2, ["1", "£5"])]
    with pytest.raises(ImportRefused, match="line 2: the bytes are not utf-8; name the file's encoding"):
        rows_of(path)


def test_another_encoding_is_refused_with_those_there_are(tmp_path: Path) -> None:
    """A typing error is no file's fault."""
    with pytest.raises(ConfigurationError, match="utf-8, latin-1, cp1252"):
        LineSource(tmp_path / "lines.csv", encoding="utf8-sig")


def test_a_gzipped_file_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    """Its name does not matter, and its content has the digest of the plain file."""
    plain = written(tmp_path, b"a,b\n1,2\n")
    packed = written(tmp_path, gzip.compress(b"a,b\n1,2\n"), "packed.csv")

    assert rows_of(packed) == rows_of(plain)
    assert content_digest(packed) == content_digest(plain) == hashlib.sha256(b"a,b\n1,2\n").digest()


def test_the_digest_of_what_was_read_is_that_of_the_content(tmp_path: Path) -> None:
    """A byte order mark is part of the content."""
    content = b"\xef\xbb\xbfa,b\n" + b"1,2\n" * 100_000
    path = written(tmp_path, content)

    with LineSource(path, encoding="utf-8") as source:
        rows = sum(len(batch.rows) for batch in source.batches())

    assert rows == 100_000
    assert source.sha256 == hashlib.sha256(content).digest()
    assert source.bytes_total == len(content)


def test_a_stream_is_read_and_left_open() -> None:
    """Its owner closes it."""
    stream = io.BytesIO(b"a,b\n1,2\n")

    with LineSource(stream, encoding="utf-8") as source:
        rows = [row for batch in source.batches() for row in batch.rows]

    assert rows == [["1", "2"]]
    assert source.bytes_total is None
    assert not stream.closed


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the file is empty"),
        (b"a,b\n", "a header and no order lines"),
        (b"a,b\n1,2\n3\n", "line 3: the row has 1 fields and the header 2"),
        (b"a,b\n1,2\n3,4,5\n", "line 3: the row has 3 fields"),
        (b"a,b\n1,2\n\n3,4\n", "line 3: the line is empty; remove it"),
        (b"a,b\n1,2\n3,\x00\n", "line 3: there is a NUL"),
        (b"a,b\n1,2\n3,\xff\n", "line 3: the bytes are not utf-8"),
        (b'a,b\n1,"x\ny"\n3,"open\n4,5\n', "line 4: this is no CSV .*close its quote"),
        (b'a,b\n1,2\n3,"x"y\n', "line 3: this is no CSV"),
        (b"a,b\n1,2\n3,x\ry\n", "line 3: this is no CSV .*new-line"),
        (b"a,b\n1,2\n3," + b"x" * 10 * 2**20 + b"\n4,5\n", "line 3: the line is longer than 1 MiB"),
        (b'a,b\n1,2\n3,"' + b"x" * 200_000 + b'"\n4,5\n', "line 3: this is no CSV .*field larger"),
        (b'a,b\n1,2\n3,"' + b"x\n" * 5 * 2**20 + b'"\n4,5\n', "line 3: this is no CSV .*field larger"),
        (b"a,b\n1,2\n" + b"x" * 2**21, "line 3: the line is longer than 1 MiB"),
        ("a,b\n1,2\n".encode("utf-16"), "line 1: "),
        (gzip.compress(b"a,b\n1,2\n" * 9999)[:-20], "gzip file is damaged or cut off"),
        (gzip.compress(b"a,b\n1,2\n")[:-6] + b"\0\0\0\0\0\0", "gzip file is damaged or cut off"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, content: bytes, problem: str) -> None:
    """Each refusal says where, what, and what to do."""
    with pytest.raises(ImportRefused, match=problem):
        rows_of(written(tmp_path, content))


@pytest.mark.parametrize("far", [0, 100, 5_000, 90_000])
def test_a_bad_byte_is_found_in_its_line_however_far_down(tmp_path: Path, far: int) -> None:
    """Blocks of the file and batches of rows end elsewhere."""
    path = written(tmp_path, b"a,b\n" + b"1,2\n" * far + b"3,\xe9\n" + b"1,2\n" * 10)

    with pytest.raises(ImportRefused, match=rf"line {far + 2}: the bytes"):
        rows_of(path)


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    """Missing files and directories are told apart."""
    with pytest.raises(FileRefused, match="no such file"):
        rows_of(tmp_path / "nowhere.csv")
    with pytest.raises(FileRefused, match="is a directory"):
        rows_of(tmp_path)


@pytest.mark.parametrize(
    "good", [b"", b"a,b\n1,2\n", gzip.compress(b"a,b\n1,2\n")[:12]], ids=["at once", "later", "packed"]
)
def test_a_file_that_cannot_be_read_on_is_refused(good: bytes) -> None:
    """A broken disk or network share is an error of Lumia's, wherever in the file it breaks."""

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if found := super().read(size):
                return found
            raise OSError(errno.EIO, "Input/output error")

    with (
        pytest.raises(FileRefused, match=r"cannot be read on \(Input/output error\); nothing was imported"),
        LineSource(Failing(good), encoding="utf-8") as source,
    ):
        list(source.batches())

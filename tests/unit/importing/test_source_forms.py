"""The quick reader beside the plain one: whatever the text, both give the same rows, or both refuse the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lumia.errors import ImportRefused
from lumia.importing import source as reading
from lumia.importing.source import LineSource

Rows = list[tuple[int, list[str]]]

PIECES = ["a", "b", "é", "€", "7", " ", ",", ",", '"', '"', '""', "\n", "\n", "\r\n", "\r\n", "\r", '"\n', '",', ',"']
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
FIELDS = st.text("ab,é\"\r\n '", max_size=4)


def plainly_read(text: str) -> Rows | None:
    """Header and rows with the lines that they begin at, by the CSV reader alone; None for a broken or empty file."""
    reader = csv.reader(io.StringIO(text, newline="\n"), strict=True)
    begins, rows = [1], []
    try:
        for row in reader:
            rows.append(row)
            begins.append(reader.line_num + 1)
    except csv.Error:
        return None
    if len(rows) < 2 or {*map(len, rows)} != {len(rows[0])}:
        return None
    return list(zip(begins, rows, strict=False))


def quickly_read(content: bytes, encoding: str = "utf-8") -> Rows | None:
    """The same by the importer's reader."""
    try:
        with LineSource(io.BytesIO(content), encoding=encoding) as source:
            rows = [pair for batch in source.batches() for pair in zip(batch.lines, batch.rows, strict=True)]
            return [(1, source.header), *rows]
    except ImportRefused:
        return None


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    """Blocks and batches so small that their ends fall everywhere; the header's line has no block of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_BLOCK", 7)
        patch.setattr(reading, "BATCH_ROWS", 3)
        yield


@settings(max_examples=600)
@given(TEXTS)
@example("a,b\r\n1,2\r\n")
@example("a,b\n1,2\r\r\n")
@example('a,b\r\n1,"x\r\ny"\r\n2,z\r\n')
@example('a,b\n1,"x\n\n\ny"\n2,"\n"\n3,z')
@example("a,b\n1,2\n\n")
@example("a,b\r\n1,2\r\n\r\n")
@example("a,b\n1,2\r")
@example("a\n1\n\n")
@example('a\n""\n1')
@example("\n\n")
def test_any_text_is_read_as_the_csv_reader_reads_it(text: str) -> None:
    """Rows, their fields and their lines agree; what one refuses the other refuses."""
    assert quickly_read(text.encode()) == plainly_read(text)


@settings(max_examples=300)
@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(FIELDS, min_size=width, max_size=width), min_size=2, max_size=12)
    ),
    # With plain line ends the writer leaves a lone carriage return unquoted, which no reader takes.
    st.sampled_from([("\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL)]),
    st.sampled_from(["", "the last line ends too"]),
)
def test_what_a_csv_writer_wrote_is_read_back(rows: list[list[str]], form: tuple[str, int], ends: str) -> None:
    """Commas, quotes and line breaks inside fields survive, with either line end and with or without the last one."""
    end, quoting = form
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator=end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    text = written.getvalue() if ends else written.getvalue().removesuffix(end)

    found = quickly_read(text.encode())

    assert found == plainly_read(text)
    assert found is not None
    assert [row for _, row in found] == rows
    assert all(line < after for (line, _), (after, _) in pairwise(found))


@given(TEXTS)
def test_a_byte_order_mark_and_latin_1_change_nothing(text: str) -> None:
    """The mark is no part of the first name; another encoding's bytes give the same letters."""
    expected = plainly_read(text)
    western = text.replace("€", "£")

    assert quickly_read(text.encode("utf-8-sig")) == expected
    assert quickly_read(western.encode("latin-1"), "latin-1") == plainly_read(western)

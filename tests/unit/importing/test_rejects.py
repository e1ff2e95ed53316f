"""The file of rejected lines appears whole or not at all."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest

from lumia.dto.imports import RejectReason
from lumia.errors import FileRefused
from lumia.importing.rejects import RejectsFile

FIELDS = ("C1", "A", 'a "lamp", red', "-1", "1/1/2020 1:00", "2.5", "7", "EIRE")


def test_kept_lines_carry_their_number_and_reason(tmp_path: Path) -> None:
    """The file is CSV itself, quoted where it must be."""
    path = tmp_path / "rejects.csv"

    with RejectsFile(path) as rejects:
        rejects.reject(17, RejectReason.CANCELLATION, FIELDS)
        rejects.settle()
        rejects.keep()

    assert path.read_text(encoding="utf-8") == (
        "line,reason,invoice,sku,name,quantity,sold_at,unit_price,customer,country\n"
        '17,cancellation,C1,A,"a ""lamp"", red",-1,1/1/2020 1:00,2.5,7,EIRE\n'
    )
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_not_kept_leaves_nothing(tmp_path: Path) -> None:
    """A file from before stays as it was."""
    path = tmp_path / "rejects.csv"
    path.write_text("before", encoding="utf-8")

    with pytest.raises(KeyboardInterrupt), RejectsFile(path) as rejects:
        rejects.reject(17, RejectReason.CANCELLATION, FIELDS)
        raise KeyboardInterrupt

    assert path.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_without_a_path_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejected lines are counted even when nobody wants to see them."""
    monkeypatch.chdir(tmp_path)

    with RejectsFile(None) as rejects:
        rejects.reject(17, RejectReason.CANCELLATION, FIELDS)
        rejects.settle()
        rejects.keep()

    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    """Before a long import begins, not behind it."""
    with pytest.raises(FileRefused, match="cannot be written there"), RejectsFile(tmp_path / "no" / "rejects.csv"):
        pass
    with pytest.raises(FileRefused, match="is a directory"), RejectsFile(tmp_path):
        pass


class _FullDisk(io.StringIO):
    """A file on a disk that has no room for anything but its head."""

    def write(self, text: str, /) -> int:
        if text.startswith("line,"):
            return super().write(text)
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self) -> None:
        super().close()
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_one_typed_error_and_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bug it found: a plain OSError, and the lines that were written so far stayed under their temporary name."""

    def on_a_full_disk(handle: int, *_arguments: object, **_options: object) -> _FullDisk:
        os.close(handle)
        return _FullDisk()

    monkeypatch.setattr("lumia.importing.rejects.os.fdopen", on_a_full_disk)

    with pytest.raises(FileRefused, match="No space left"), RejectsFile(tmp_path / "rejects.csv") as rejects:
        rejects.reject(17, RejectReason.CANCELLATION, FIELDS)

    assert list(tmp_path.iterdir()) == []

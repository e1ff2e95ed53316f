"""How values look: exact for programs, readable for people."""

from __future__ import annotations

import io
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from lumia.cli import output
from lumia.dto.imports import ImportProgress
from lumia.migrations import AppliedMigration
from lumia.types import OrderStatus


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (3, 3),
        ("Zoë", "Zoë"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.1000"), "0.1000"),
        (OrderStatus.PAID, "paid"),
        (datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), "2026-01-02T03:04:05.000006Z"),
        (date(2026, 1, 2), "2026-01-02"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Path("a/b"), "a/b"),
        ((1, Decimal(2)), [1, "2"]),
        ({OrderStatus.PAID: 1}, {"paid": 1}),
        (
            ImportProgress(rows=1, bytes_read=2, bytes_total=None, finishing=False),
            {"rows": 1, "bytes_read": 2, "bytes_total": None, "finishing": False},
        ),
        (
            AppliedMigration(1, "x", "a", datetime(2026, 1, 1, tzinfo=UTC), "b"),
            {
                "version": 1,
                "name": "x",
                "checksum": "a",
                "applied_at": "2026-01-01T00:00:00.000000Z",
                "schema_digest": "b",
            },
        ),
    ],
)
def test_json_keeps_every_value_exact(value: object, expected: object) -> None:
    """A decimal is a string in plain notation, for JSON's numbers lose digits."""
    found = output.plain(value)

    assert found == expected
    assert type(found) is type(expected)


def test_json_refuses_what_has_no_form() -> None:
    """Better an error than an object's address in somebody's file."""
    with pytest.raises(TypeError, match="object has no form in JSON"):
        output.plain(object())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1234.5000"), "1,234.50"),
        (Decimal("0.1005"), "0.1005"),
        (Decimal(-2500), "-2,500.00"),
        (Decimal(0), "0.00"),
        (Decimal("0E-4"), "0.00"),
        (Decimal("1E+6"), "1,000,000.00"),
        (12345, "12,345"),
        (None, "-"),
        (False, "no"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02 03:04"),
        (OrderStatus.PAID, "paid"),
    ],
)
def test_a_cell_reads_well_and_loses_nothing(value: object, expected: str) -> None:
    """Thousands are marked; decimals beyond two appear only where they say something."""
    assert output.shown(value) == expected


def test_a_table_aligns_numbers_to_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    """Digits of one weight stand under each other."""
    output.print_table(("month", "sales"), [("2026-01", Decimal("5.00")), ("2026-02", Decimal("1234.00"))])

    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines == ["month       sales", "2026-01      5.00", "2026-02  1,234.00"]


def test_a_table_shows_markup_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """A product's name such as `[red]mug` is data, not a colour."""
    output.print_table(("name",), [("[red]mug[/red]",)])

    assert "[red]mug[/red]" in capsys.readouterr().out


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.now = 0.0

    def monotonic(self) -> float:
        """The present second."""
        return self.now


def test_progress_without_a_terminal_is_plain_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A log gets a line for every tenth, with rate and time left, and none for work that is over at once."""
    clock = Clock()
    monkeypatch.setattr(output, "time", clock)

    with output.progress_bar("importing", "lines") as bar:
        bar(1, 100, things=10)
        clock.now = 10.0
        bar(25, 100, things=500)
        bar(30, 100, things=600)
        clock.now = 20.0
        bar(29, 100, things=600)
        bar(50, 100, things=1000)

    assert capsys.readouterr().err.splitlines() == [
        "importing: 25 %, 50 lines/s, 30 s left",
        "importing: 50 %, 50 lines/s, 20 s left",
    ]


def test_progress_without_a_known_end_says_nothing_in_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    """A share of the unknown is nothing to tell."""
    with output.progress_bar("importing", "lines") as bar:
        bar(1, None, things=10)

    assert capsys.readouterr().err == ""


class Terminal(io.StringIO):
    """A stream that says that somebody looks."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def test_progress_on_a_terminal_is_a_bar_with_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits sees how far it is, how fast, and for how long."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")

    with output.progress_bar("importing", "lines") as bar:
        bar(100, 100, things=1000, label="committing")

    drawn = terminal.getvalue()
    assert "committing" in drawn
    assert "100%" in drawn
    assert "lines/s" in drawn

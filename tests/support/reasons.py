"""The only reasons for which a test may be skipped; each is something that the machine lacks, never the code."""

from __future__ import annotations

from typing import Final, NoReturn

import pytest

__all__ = ["REASONS", "skip"]

REASONS: Final = {
    "no-fork": "this system has no fork()",
    "own-server": "needs PostgreSQL binaries, to start and stop a server of its own",
    "no-unprivileged-account": "needs root and an unprivileged account to hand the server to",
    "no-real-year": "the real shop's year is not there; LUMIA_DATA_DIR names the folder of the online-retail data",
}
"""Why, by a short name; a new entry is a decision, not a way out."""


def skip(reason: str) -> NoReturn:
    """Skip the running test for a registered reason (`KeyError` for any other)."""
    pytest.skip(REASONS[reason])

"""What tests of the command line share: running a command in this process and seeing all that it said."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lumia.cli.main import main


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Its JSON."""
        return json.loads(self.out)

    def refusal(self) -> str:
        """The one line of an error, proven to be one line, on stderr alone, with a code that is no success."""
        assert self.code != 0, self.out
        assert self.out == ""
        assert self.err.startswith("error: ")
        assert self.err.endswith("\n")
        assert self.err.count("\n") == 1, self.err
        return self.err.removeprefix("error: ").rstrip()


Lumia = Callable[..., Ran]


@pytest.fixture
def lumia(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lumia:
    """Runs `lumia` with the given words in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LUMIA_URL", raising=False)

    def run(*words: object) -> Ran:
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run

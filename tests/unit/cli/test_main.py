"""The entry point: one line for each expected error, exit codes that mean something, help that is there."""

from __future__ import annotations

import builtins
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from lumia._version import __version__
from lumia.cli import app as lumia_app
from lumia.cli.main import main
from lumia.errors import InsufficientStock, ServerUnreachable
from tests.unit.cli.conftest import Lumia


def test_the_version_is_printed(lumia: Lumia) -> None:
    """A bug report begins with it."""
    ran = lumia("--version")

    assert (ran.code, ran.out, ran.err) == (0, f"lumia {__version__}\n", "")


def test_no_command_prints_help(lumia: Lumia) -> None:
    """Whoever types the bare name learns what there is."""
    ran = lumia()

    assert ran.code == 0
    assert "init" in ran.out
    assert "report" in ran.out


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["nonsense"], "No such command 'nonsense'; see lumia --help"),
        (["status", "--nonsense"], "No such option: --nonsense"),
        (["import", "order-lines"], "Missing argument 'FILE'; see lumia import order-lines --help"),
        (["migrate", "--baseline", "x"], "see lumia migrate --help"),
    ],
)
def test_a_wrong_call_is_one_line_that_names_the_help(lumia: Lumia, words: list[str], hint: str) -> None:
    """A usage error fits under the command that caused it."""
    ran = lumia(*words)

    assert hint in ran.refusal()
    assert ran.code == 2


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (InsufficientStock("not enough stock"), 7, "not enough stock"),
        (ServerUnreachable("no server\nanswered"), 4, "no server answered"),
        (PermissionError(13, "Permission denied", "/x"), 2, "/x: Permission denied"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_an_expected_error_is_one_line_and_its_own_exit_code(
    lumia: Lumia, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, line: str
) -> None:
    """Scripts look at the code, people at the line; nobody needs a traceback."""

    def fail(_: Sequence[str] | None) -> int:
        raise error

    monkeypatch.setattr(lumia_app, "run", fail)

    ran = lumia("status")

    assert ran.refusal().startswith(line)
    assert ran.code == code


def test_a_bug_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody expected keeps its traceback, for it must be reported."""

    def fail(_: Sequence[str] | None) -> int:
        return 1 // 0

    monkeypatch.setattr(lumia_app, "run", fail)

    with pytest.raises(ZeroDivisionError):
        main(["status"])


def refuse_import(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """Let the command line be imported anew, on a machine that lacks one package."""
    real = builtins.__import__

    def without(
        name: str,
        scope: Mapping[str, Any] | None = None,
        local: Mapping[str, Any] | None = None,
        names: Sequence[str] = (),
        level: int = 0,
    ) -> Any:
        if name == package:
            raise ModuleNotFoundError(name=package)
        return real(name, scope, local, names, level)

    for name in [name for name in sys.modules if name.startswith("lumia.cli.") and name != "lumia.cli.main"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)


def test_without_the_extra_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`pip install lumia` alone brings the entry point but not the packages that it prints with."""
    refuse_import(monkeypatch, "typer")

    code = main(["status"])

    said = capsys.readouterr()
    assert code == 2
    assert said.err == "error: the command line needs packages that are not installed: pip install 'lumia[cli]'\n"


def test_another_missing_package_is_not_blamed_on_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken installation must not send anybody to install what is there."""
    refuse_import(monkeypatch, "lumia._version")

    with pytest.raises(ModuleNotFoundError):
        main(["status"])


def test_a_reader_that_goes_away_leaves_no_traceback() -> None:
    """`lumia sql list | head -1` ends quietly, also in the interpreter's last flush."""
    code = (
        "import subprocess, sys\n"
        "writer = subprocess.Popen([sys.executable, '-m', 'lumia.cli', 'sql', 'list', '--json'],"
        " stdout=subprocess.PIPE, stderr=subprocess.PIPE)\n"
        "writer.stdout.read(1)\n"
        "writer.stdout.close()\n"
        "print(writer.stderr.read().decode())\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own text

    assert "Traceback" not in done.stdout
    assert done.stdout.strip() == ""


def test_a_terminal_of_another_encoding_is_no_reason_to_stop() -> None:
    """An old terminal shows question marks for what it lacks, and JSON stays exact through escapes."""
    code = (
        "from lumia.cli import main, output, app\n"
        "def show(_):\n"
        "    output.print_table(('name', ''), [('Zoë', '▇')])\n"
        "    output.print_json('Zoë ▇')\n"
        "    return 0\n"
        "app.run = show\n"
        "main.main([])\n"
    )

    done = subprocess.run(  # noqa: S603 - our own text
        [sys.executable, "-c", code], capture_output=True, check=True, env={**os.environ, "PYTHONIOENCODING": "latin-1"}
    )

    said = done.stdout.decode("latin-1")
    assert "Zoë   ?" in said
    assert r'"Zo\u00eb \u2587"' in said

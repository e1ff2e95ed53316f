"""The docs are held to the code: examples run, commands and links exist, generated parts are fresh."""

from __future__ import annotations

import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main

from lumia.cli.app import app
from tools import gen_docs

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def shown(path: Path) -> str:
    """The path from the project's root."""
    return path.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of one language, in order."""
    return [body for name, body in BLOCK.findall(page.read_text(encoding="utf-8")) if name == language]


def commands(page: Path) -> list[list[str]]:
    """Each command line of the page's shell blocks, split into words, comments and environment left out."""
    found = []
    for body in blocks(page, "sh"):
        for line in body.replace("\\\n", " ").splitlines():
            words = shlex.split(line.removeprefix("$ "), comments=True)
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words = words[1:]
            if words:
                found.append(words)
    return found


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=shown)
def test_the_python_of_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader pastes the page's blocks, one after the other, into a script in an empty folder."""
    monkeypatch.chdir(tmp_path)
    script = tmp_path / "script.py"
    script.write_text("\n".join(blocks(page, "python")), encoding="utf-8")

    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, env=environment())  # noqa: S603 - our own text

    assert done.returncode == 0, done.stderr


def environment() -> dict[str, str]:
    """A user's environment in which this copy of Lumia is installed."""
    return {"PYTHONPATH": str(ROOT), "PATH": "", "LUMIA_VALIDATE_ROWS": "1"}


@pytest.mark.parametrize("example", EXAMPLES, ids=shown)
def test_an_example_runs(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An example that does not run teaches the wrong thing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(example)])

    try:
        runpy.run_path(str(example), run_name="__main__")
    except SystemExit as end:
        assert not end.code  # noqa: PT017 - an example that is a command ends like one

    assert capsys.readouterr().out.strip(), "an example shows something"


def command_of(words: list[str]) -> tuple[Any, list[str]]:
    """The command that the words name, with what is left of them."""
    command: Any = typer.main.get_command(app)
    rest = list(words)
    while rest and getattr(command, "commands", None):
        if rest[0].startswith("-"):
            break
        assert rest[0] in command.commands, f"lumia has no command {rest[0]!r}"
        command = command.commands[rest.pop(0)]
    return command, rest


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=shown)
def test_the_commands_of_a_page_exist(page: Path) -> None:
    """A command or option that is gone makes a page worse than no page."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    for words in commands(page):
        if words[0] == "lumia":
            command, rest = command_of(words[1:])
            options = {name for option in command.params for name in option.opts} | {"--help"}
            unknown = [word for word in rest if word.startswith("--") and word.split("=")[0] not in options]
            assert not unknown, f"{' '.join(words)}: {unknown} are no options"
        elif words[0] == "make":
            unknown = [word for word in words[1:] if "=" not in word and word not in targets]
            assert not unknown, f"{' '.join(words)}: {unknown} are no targets"


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    """Inside the project a link is a path, and the path must be there."""
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]

    broken = [link for link in links if not (page.parent / link).exists()]

    assert not broken, f"{shown(page)}: {broken}"


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_the_generated_parts_are_fresh(page: Path) -> None:
    """The status table and the figures say what the code says today."""
    text = page.read_text(encoding="utf-8")

    fresh = gen_docs.fresh(text)

    assert fresh == text, f"{shown(page)} is stale: run `make fmt`"


def test_the_readme_has_the_generated_parts() -> None:
    """A page that lost its marks would be fresh for ever."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    marks = set(re.findall(r"<!-- generated: (\w+) -->", text))

    assert {"status", "figures"} <= marks


def test_a_stale_part_is_found_and_renewed() -> None:
    """The check itself works: a changed part differs, a renewed one is the code's."""
    stale = "x\n<!-- generated: figures -->\n- Queries: none.\n<!-- end of figures -->\ny\n"

    renewed = gen_docs.fresh(stale)

    assert renewed != stale
    assert gen_docs.fresh(renewed) == renewed
    assert renewed.startswith("x\n<!-- generated: figures -->\n- Queries: ")
    assert renewed.endswith("<!-- end of figures -->\ny\n")


def test_every_decision_has_a_number_of_its_own() -> None:
    """Two people decide at the same time; whoever comes second takes the next number."""
    numbers = [path.name[:4] for path in sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))]

    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]

"""The command that proves a shop's stored invariants."""

from __future__ import annotations

from typing import Annotated, Final

import typer

import lumia
from lumia.cli.options import DEFAULT_URL, Json, Url
from lumia.cli.output import print_json, print_table, printer, progress_bar, whole
from lumia.dto.verify import VerifyLine, VerifyReport
from lumia.repos.verify import LINES

__all__ = ["FAULTS", "commands"]

FAULTS: Final = 8
"""The exit code when a stored row breaks a rule."""

commands = typer.Typer()


@commands.command("verify")
def prove(
    keys: Annotated[int, typer.Option("--keys", min=1, max=500, help="How many rows to name of each line.")] = 10,
    url: Url = DEFAULT_URL,
    as_json: Json = False,
) -> int:
    """Prove that all that is stored fits together, at one moment and read-only; exit code 8 if a row breaks a rule."""
    lines: list[VerifyLine] = []
    with lumia.connect(url) as shop, progress_bar("verifying", "lines") as bar:
        for line in shop.verify.steps(keys=keys):
            lines.append(line)
            bar(len(lines), len(LINES), things=len(lines), label=line.name)
    report = VerifyReport(lines=tuple(lines))
    if as_json:
        print_json({"is_clean": report.is_clean, "faults": report.faults, "lines": report.lines})
    else:
        _tell(report)
    return 0 if report.is_clean else FAULTS


def _tell(report: VerifyReport) -> None:
    rows = [
        (line.name, ", ".join(str(number) for number in line.invariants) or "-", line.rule, line.faults)
        for line in report.lines
    ]
    print_table(("line", "invariants", "holds when", "faults"), rows)
    console = printer()
    for line in report.lines:
        if line.faults:
            more = f" and {whole(line.faults - len(line.keys))} more" if line.faults > len(line.keys) else ""
            console.print(f"\n{line.name}: {line.keys_of} {', '.join(line.keys)}{more}", markup=False)
    told = "no fault" if report.is_clean else f"{whole(report.faults)} faults"
    console.print(f"\n{len(report.lines)} lines, {told}", markup=False)

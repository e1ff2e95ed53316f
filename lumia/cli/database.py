"""The commands for the database itself: make it, bring it up to date, say where it stands."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from lumia.cli.options import DEFAULT_URL, Json, Migrations, Url
from lumia.cli.output import print_json, print_table, printer
from lumia.engine import StrictClock, open_engine
from lumia.migrations import Migration, MigrationStatus, baseline, load_migrations, migrate, status

__all__ = ["commands"]

commands = typer.Typer()


def _now(url: str, own: Path | None) -> MigrationStatus:
    with closing(open_engine(url)) as engine:
        return status(engine.migrations(), load_migrations(engine.name, own=own))


def _labels(steps: tuple[Migration, ...]) -> list[str]:
    return [step.label for step in steps]


@commands.command()
def init(url: Url = DEFAULT_URL, migrations: Migrations = None, as_json: Json = False) -> None:
    """Create the database and its tables; what is there already is left as it is."""
    with closing(open_engine(url)) as engine:
        ran = migrate(
            engine.migrations(), load_migrations(engine.name, own=migrations), clock=StrictClock(), create=True
        )
    _tell(_now(url, migrations), ran, as_json=as_json, done="created")


@commands.command("migrate")
def bring_up_to_date(
    url: Url = DEFAULT_URL,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would run, and run nothing.")] = False,
    baseline_version: Annotated[
        int | None,
        typer.Option(
            "--baseline",
            metavar="VERSION",
            min=1,
            help="Record the steps up to VERSION as done without running them, for a schema made in another way.",
        ),
    ] = None,
    migrations: Migrations = None,
    as_json: Json = False,
) -> None:
    """Run the migrations that are pending, each in one transaction; safe to start from several processes at once."""
    if dry_run:
        found = _now(url, migrations)
        pending = found.pending
        if baseline_version is not None:
            pending = tuple(step for step in pending if step.version > baseline_version)
        _tell(found, pending, as_json=as_json, done="would run")
        return
    with closing(open_engine(url)) as engine:
        target, steps = engine.migrations(), load_migrations(engine.name, own=migrations)
        if baseline_version is not None:
            ran = baseline(target, steps, version=baseline_version, clock=StrictClock())
        else:
            ran = migrate(target, steps, clock=StrictClock())
    _tell(_now(url, migrations), ran, as_json=as_json, done="recorded" if baseline_version is not None else "ran")


@commands.command("status")
def tell_status(url: Url = DEFAULT_URL, migrations: Migrations = None, as_json: Json = False) -> None:
    """List the migrations that ran and those that are pending; changes nothing."""
    found = _now(url, migrations)
    if as_json:
        applied = [{"version": row.version, "name": row.name, "applied_at": row.applied_at} for row in found.applied]
        pending = [{"version": step.version, "name": step.name} for step in found.pending]
        print_json({"database": found.where, "applied": applied, "pending": pending})
        return
    rows: list[tuple[object, ...]] = [
        (f"{row.version:04}", row.name, row.applied_at.strftime("%Y-%m-%d %H:%M:%S UTC")) for row in found.applied
    ]
    rows += [(f"{step.version:04}", step.name, "pending") for step in found.pending]
    print_table(("step", "name", "applied"), rows, title=found.where)
    if found.pending:
        remedy = "lumia migrate" if found.applied else "lumia init"
        printer().print(f"\n{len(found.pending)} pending: run {remedy}")


def _tell(found: MigrationStatus, steps: tuple[Migration, ...], *, as_json: bool, done: str) -> None:
    if as_json:
        print_json({"database": found.where, done.replace(" ", "_"): _labels(steps), "pending": _labels(found.pending)})
        return
    console = printer()
    for label in _labels(steps):
        console.print(f"{done} {label}" if done != "created" else f"  {label}", markup=False)
    if done == "would run" and not found.applied:
        console.print(f"{found.where} holds no Lumia schema yet; lumia init makes it", markup=False)
    newest = f"{found.applied[-1].version:04} {found.applied[-1].name}" if found.applied else "empty"
    if not steps:
        console.print(f"{found.where} is up to date at {newest}", markup=False)
    elif done == "created":
        console.print(f"created {found.where} at {newest}", markup=False)

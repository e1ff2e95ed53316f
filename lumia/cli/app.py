"""Puts the commands together and runs one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from lumia._version import __version__
from lumia.cli import database, demo, importing, reindex, reports, retention, seed, sql, verify
from lumia.cli.main import USAGE, complain

__all__ = ["app", "run"]

app = typer.Typer(
    name="lumia",
    help="Lumia, an e-commerce data layer: one shop's database from the command line.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)

app.add_typer(demo.commands)
app.add_typer(database.commands)
app.add_typer(seed.commands)
app.add_typer(importing.commands, name="import")
app.add_typer(reindex.commands)
app.add_typer(reports.commands)
app.add_typer(retention.commands)
app.add_typer(sql.commands, name="sql")
app.add_typer(verify.commands)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lumia {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Lumia, an e-commerce data layer: one shop's database from the command line."""
    if context.invoked_subcommand is None and not version:
        typer.echo(context.get_help())


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a wrong call is one line that names the help to read."""
    try:
        code = app(args=None if arguments is None else list(arguments), prog_name="lumia", standalone_mode=False)
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "lumia"
        return complain(f"{error.format_message().rstrip('.')}; see {path} --help", USAGE)
    return code if isinstance(code, int) else 0

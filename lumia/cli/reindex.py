"""The command that builds the search's index anew where it is missing or stale."""

from __future__ import annotations

from typing import Annotated

import typer

import lumia
from lumia.cli.options import DEFAULT_URL, Json, Url
from lumia.cli.output import print_json, printer, progress_bar
from lumia.repos.base import MAX_PAGE

__all__ = ["commands"]

commands = typer.Typer()


@commands.command()
def reindex(
    url: Url = DEFAULT_URL,
    batch: Annotated[
        int, typer.Option("--batch", metavar="N", min=1, max=MAX_PAGE, help="How many products a transaction locks.")
    ] = MAX_PAGE,
    as_json: Json = False,
) -> None:
    """Index the products that the search does not know, or knows otherwise than they are; safe beside a running shop.

    Needed once after rows came past Lumia, and after an update that says so. Interrupted, it keeps what is done.
    """
    checked = written = 0
    after: int | None = None
    with lumia.connect(url) as shop, progress_bar("indexing", "products") as bar:
        while True:
            step = shop.catalog.reindex(limit=batch, after=after)
            checked, written, after = checked + step.checked, written + step.written, step.next
            if after is None:
                bar(1, 1, things=checked, label="indexed")
                break
            bar(checked, None, things=checked)
    if as_json:
        print_json({"checked": checked, "written": written})
        return
    printer().print(f"{checked:,} products checked, {written:,} indexed", markup=False)

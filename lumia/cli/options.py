"""The options that commands share, so that they read alike everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

__all__ = ["DEFAULT_URL", "Json", "Migrations", "Url"]

DEFAULT_URL: Final = "sqlite:///lumia.db"
"""The database of whoever names none: a file in the current folder."""

Url = Annotated[
    str,
    typer.Option(
        "--url",
        envvar="LUMIA_URL",
        metavar="URL",
        help="The database: sqlite:///shop.db or postgresql://user@host/name.",
    ),
]
"""Which database a command works on."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs; decimals are exact strings.")]
"""Whether a command prints for programs."""

Migrations = Annotated[
    Path | None,
    typer.Option(
        "--migrations", metavar="DIR", help="A folder with migrations of yours, numbered from 5000 on, beside Lumia's."
    ),
]
"""Tables of an embedder's own."""

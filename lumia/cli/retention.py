"""The command that takes away what may be forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

import lumia
from lumia.cli.options import DEFAULT_URL, Json, Url
from lumia.cli.output import Advance, print_json, print_table, progress_bar
from lumia.errors import ConfigurationError
from lumia.repos.retention import Progress, Retention

__all__ = ["commands"]

commands = typer.Typer()


class Part(StrEnum):
    """What can be taken away."""

    ALL = "all"
    ACCOUNT_TOKENS = "account-tokens"
    AUDIT_LOG = "audit-log"
    CARTS = "carts"
    IDEMPOTENCY_KEYS = "idempotency-keys"
    OUTBOX = "outbox"
    RESERVATIONS = "reservations"
    SESSIONS = "sessions"
    STOCK_LEDGER = "stock-ledger"


@commands.command("retention")
def keep(
    part: Annotated[Part, typer.Argument(help="What to take away.")],
    before: Annotated[
        datetime | None,
        typer.Option(
            "--before",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
            help="Take away what ended before this instant, in UTC.",
        ),
    ] = None,
    days: Annotated[
        int | None, typer.Option("--days", min=0, max=36500, help="Take away what ended so many days ago.")
    ] = None,
    batch: Annotated[int, typer.Option("--batch", min=2, max=500, help="Rows in each transaction.")] = 500,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only, and take nothing away.")] = False,
    url: Url = DEFAULT_URL,
    as_json: Json = False,
) -> None:
    """Take away what ended long ago, in small steps beside a shop that goes on; stock movements become balances."""
    until = _instant(before, days)
    parts = [each for each in Part if each is not Part.ALL] if part is Part.ALL else [part]
    counts: dict[str, int] = {}
    with lumia.connect(url) as shop, progress_bar("taking away", "rows") as bar:
        for each in parts:
            earlier = sum(counts.values())
            bar(0, None, things=earlier, label=each.value)
            progress = _watch(bar, earlier)
            run = _run(shop.retention, each)
            counts[each.value] = run(before=until, batch=batch, dry_run=dry_run, progress=progress)
        bar(1, 1, things=sum(counts.values()), label="counted" if dry_run else "taken away")
    if as_json:
        print_json({"before": until, "dry_run": dry_run, "rows": counts})
        return
    head = "rows that would go" if dry_run else "rows that went"
    print_table(("what", head), counts.items(), title=f"before {until:%Y-%m-%d %H:%M} UTC")


def _watch(bar: Advance, earlier: int) -> Progress:
    def move(gone: int) -> None:
        bar(gone, None, things=earlier + gone)

    return move


def _run(retention: Retention, part: Part) -> Callable[..., int]:
    return {
        Part.ACCOUNT_TOKENS: retention.account_tokens,
        Part.AUDIT_LOG: retention.audit_log,
        Part.CARTS: retention.carts,
        Part.IDEMPOTENCY_KEYS: retention.idempotency_keys,
        Part.OUTBOX: retention.outbox,
        Part.RESERVATIONS: retention.reservations,
        Part.SESSIONS: retention.sessions,
        Part.STOCK_LEDGER: retention.stock_ledger,
    }[part]


def _instant(before: datetime | None, days: int | None) -> datetime:
    if (before is None) == (days is None):
        message = "say from when on: give either --before DATE or --days N"
        raise ConfigurationError(message)
    if before is not None:
        return before.replace(tzinfo=UTC)
    return datetime.now(UTC) - timedelta(days=days or 0)

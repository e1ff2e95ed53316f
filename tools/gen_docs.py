"""Writes the parts of the docs that the code knows better: the status table, figures, commands, decisions.

A generated part stands between `<!-- generated: NAME -->` and `<!-- end of NAME -->`.

    python tools/gen_docs.py            writes them
    python tools/gen_docs.py --check    changes nothing, exits with 1 and names the files that are stale
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import typer.main

import lumia.dto
import lumia.types
from lumia.cli.app import app
from lumia.shop import QUERIES
from lumia.typedsql import TypeRegistry
from lumia.typedsql.check import check_queries

ROOT: Final = Path(__file__).parents[1]

PLAN: Final[dict[str, str]] = {
    "customers": "register get by_public_id by_email update_profile deactivate reactivate authenticate by_session"
    " log_out log_out_everywhere start_email_verification verify_email start_password_reset reset_password"
    " change_password add_address replace_address archive_address addresses set_default_address",
    "catalog": "create_category move_category category_tree create_product update_product publish archive add_option"
    " create_variant create_variants update_variant set_price price_history lowest_price add_image reorder_images"
    " create_bundle get_product by_slug variant_by_sku list_products search suggest",
    "stock": "receive adjust set_on_hand transfer available levels movements low_stock reserve release add_location",
    "carts": "create_guest for_customer by_token get set_item remove_item set_bundle remove_bundle clear merge"
    " abandoned",
    "checkout": "quote place",
    "orders": "get by_public_id by_number list of_customer search history cancel cancel_items expire_pending ship"
    " deliver request_return approve_return reject_return receive_return assign_invoices",
    "payments": "record get authorize capture void fail apply_event refund refund_items settle_refund"
    " fail_refund of_order refunds",
    "coupons": "create get by_code list disable redemptions check",
    "reviews": "write edit publish reject of_product summary vote unvote",
    "wishlists": "create of_customer add remove share shared move_to_cart",
    "privacy": "export erase",
    "audit": "list",
    "outbox": "lease acknowledge fail release pending",
    "retention": "outbox audit_log sessions account_tokens carts reservations idempotency_keys stock_ledger",
    "verify": "run",
    "reports": "summary sales_by_month sales_by_country top_products top_customers repeat_rate average_order_value",
}
"""The repositories of a shop and the methods that version 1 will have."""

COMMANDS: Final[dict[str, str]] = {
    "": "demo init migrate status seed import export report reindex retention verify doctor backup bench compare",
    "sql ": "check protocols list show explain review",
}
"""The commands that version 1 will have, by their group."""


def code(names: Iterable[str]) -> str:
    """Names as code in a row, or a dash."""
    return ", ".join(f"`{name}`" for name in names) or "-"


def commands() -> Iterator[tuple[str, Any]]:
    """Each command by its full name, with groups opened, in the order of the alphabet."""

    def walk(prefix: str, group: Any) -> Iterator[tuple[str, Any]]:
        for name, command in sorted(group.commands.items()):
            full = f"{prefix}{name}"
            if getattr(command, "commands", None):
                yield from walk(f"{full} ", command)
            else:
                yield full, command

    return walk("", typer.main.get_command(app))


def status() -> str:
    """What is here and what is not yet, asked of an open shop and of the command line."""
    lines = ["| part | here | not yet |", "|---|---|---|"]
    with lumia.connect("sqlite:///:memory:") as shop:
        for part, plan in PLAN.items():
            repository = getattr(shop, part, None)
            names = plan.split()
            here = [name for name in names if hasattr(repository, name)]
            lines.append(f"| `shop.{part}` | {code(here)} | {code(name for name in names if name not in here)} |")
    present = {name.split(" ")[0] if name.startswith("import ") else name for name, _ in commands()}
    planned = [f"{group}{name}" for group, names in COMMANDS.items() for name in names.split()]
    lines.append(
        f"| `lumia ...` | {code(name for name in planned if name in present)}"
        f" | {code(name for name in planned if name not in present)} |"
    )
    return "\n".join(lines)


def figures() -> str:
    """How large the package is and how much of its SQL is one text for both engines."""
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in sorted((ROOT / "lumia").rglob("*.py"))]
    # Rounded, so that the page does not change with every line of code.
    average = round(sum(lengths) / len(lengths), -1)
    longest = -(-max(lengths) // 10) * 10
    report = check_queries(QUERIES, TypeRegistry.of(lumia.dto, lumia.types), postgresql_dsn=None, sqlite=None)
    queries = (
        f"- Queries: {report.queries}, of which {report.portable} ({report.portable_share:.1%}) are one text for both"
        f" engines, {report.overrides} differ and {report.single} exist on one engine only."
    )
    return f"{queries}\n- Modules: {len(lengths)} of about {average:.0f} lines, none longer than {longest}."


def command_table() -> str:
    """Every command with what it does."""
    lines = ["| command | what it does |", "|---|---|"]
    for name, command in commands():
        sentence = (command.help or "").strip().splitlines()[0]
        lines.append(f"| `lumia {name}` | {sentence} |")
    return "\n".join(lines)


def decisions() -> str:
    """Every decision, by its number, under its own heading."""
    files = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    return "\n".join(
        f"- [{path.name[:4]}]({path.name}) {path.read_text(encoding='utf-8').splitlines()[0].removeprefix('# ')}"
        for path in files
    )


PARTS: Final[dict[str, Callable[[], str]]] = {
    "status": status,
    "figures": figures,
    "commands": command_table,
    "decisions": decisions,
}
"""Which function writes which part."""

_PART: Final = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end of \2 -->)", re.DOTALL)


def pages() -> list[Path]:
    """The pages that may hold generated parts."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def fresh(text: str) -> str:
    """The text with each generated part as the code has it now.

    Raises:
        KeyError: a part has a name that nothing writes.
    """
    return _PART.sub(lambda found: f"{found[1]}{PARTS[found[2]]()}\n{found[3]}", text)


def main(arguments: list[str] | None = None) -> int:
    """Write or check all pages; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 when a page is stale")
    check = parser.parse_args(arguments).check
    stale = []
    for page in pages():
        text = page.read_text(encoding="utf-8")
        new = fresh(text)
        if new != text:
            stale.append(page.relative_to(ROOT).as_posix())
            if not check:
                page.write_text(new, encoding="utf-8")
    if stale:
        print(f"{'stale, run `make fmt`' if check else 'written'}: {', '.join(stale)}")
    return 1 if stale and check else 0


if __name__ == "__main__":
    sys.exit(main())

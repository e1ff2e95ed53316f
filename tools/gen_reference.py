"""Writes docs/schema.md (tables, keys, what a delete does, a diagram) and docs/methods.md (each repository method).

python tools/gen_reference.py            writes both
python tools/gen_reference.py --check    changes nothing, exits with 1 and names the pages that are stale
"""

from __future__ import annotations

import argparse
import inspect
import re
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
# A script's own folder is on the path, its parent with the tests is not.
sys.path.insert(0, str(ROOT))

from lumia import connect  # noqa: E402
from lumia.migrations import load_migrations  # noqa: E402
from tests.conformance.test_statement_counts import COUNTS, TABLE_BY_TABLE  # noqa: E402
from tests.support.calls import CALLS, repositories_of  # noqa: E402

SCHEMA: Final = ROOT / "docs" / "schema.md"
METHODS: Final = ROOT / "docs" / "methods.md"

GROUPS: Final = {
    "Identity": "shop_settings customers credentials sessions account_tokens addresses",
    "Catalogue": "categories products product_options option_values variant_option_values product_variants"
    " price_history product_images bundles bundle_items search_documents search_trigrams product_ratings",
    "Stock": "locations inventory stock_movements reservations",
    "Carts and wishlists": "carts cart_items wishlists wishlist_items",
    "Orders": "orders order_items order_allocations order_item_cancellations order_status_transitions"
    " order_status_history invoice_counters imports idempotency_keys shipping_methods tax_rates",
    "Shipments and returns": "shipments shipment_items returns return_items",
    "Payments": "payments payment_events refunds refund_items",
    "Coupons": "coupons coupon_tiers coupon_targets coupon_redemptions",
    "Reviews": "reviews review_votes",
    "System": "outbox audit_log audit_state schema_migrations",
}
"""The tables by what they are about, as the domain groups them; what is in none stands under "Others"."""

_ACTIONS: Final = {"NO ACTION": "refuses", "RESTRICT": "refuses", "CASCADE": "goes with it", "SET NULL": "becomes NULL"}
_CALL: Final = re.compile(r"\.(\w+)\.(\w+)\(")


class Table:
    """One table as SQLite tells it."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        """Read columns, keys and unique keys."""
        self.name = name
        self.columns = connection.execute(
            'SELECT name, type, "notnull", pk FROM pragma_table_xinfo(?1) WHERE hidden IN (0, 2, 3)', (name,)
        ).fetchall()
        rows = connection.execute(
            'SELECT id, "table", "from", "to", on_delete FROM pragma_foreign_key_list(?1) ORDER BY id, seq', (name,)
        ).fetchall()
        self.keys: dict[int, tuple[str, list[str], str]] = {}
        for key, parent, column, _, action in rows:
            self.keys.setdefault(key, (parent, [], action))[1].append(column)
        self.uniques = [
            [
                column or "an expression"
                for (column,) in connection.execute("SELECT name FROM pragma_index_info(?1)", (index,))
            ]
            for (index,) in connection.execute(
                "SELECT name FROM pragma_index_list(?1) WHERE \"unique\" AND origin <> 'pk' ORDER BY name", (name,)
            )
        ]


def tables() -> dict[str, Table]:
    """Every table of a migrated SQLite file but those that FTS5 keeps for itself."""
    with tempfile.TemporaryDirectory(prefix="lumia-docs-") as folder:
        path = Path(folder) / "shop.db"
        connect(f"sqlite:///{path}", create=True).close()
        with closing(sqlite3.connect(path)) as connection:
            names = connection.execute(
                "SELECT name FROM pragma_table_list"
                " WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            ).fetchall()
            return {name: Table(connection, name) for (name,) in names}


def grouped(found: Mapping[str, Table]) -> Iterator[tuple[str, list[Table]]]:
    """The tables group by group."""
    left = dict(found)
    for group, names in GROUPS.items():
        here = [left.pop(name) for name in names.split() if name in left]
        if here:
            yield group, here
    if left:
        yield "Others", list(left.values())


def diagram(group: list[Table]) -> Iterator[str]:
    """The group's tables and what they refer to, for Mermaid."""
    yield "```mermaid"
    yield "erDiagram"
    for table in group:
        for parent, columns, _ in table.keys.values():
            nullable = any(not notnull for name, _, notnull, _ in table.columns if name in columns)
            yield f"    {parent} {'|o' if nullable else '||'}--o{{ {table.name} : {columns[-1]}"
    for table in group:
        yield f"    {table.name} {{"
        for name, kind, notnull, key in table.columns:
            marks = "PK" if key else "FK" if any(name in columns for _, columns, _ in table.keys.values()) else ""
            note = "" if notnull or key else ' "may be NULL"'
            yield f"        {kind or 'ANY'} {name} {marks}".rstrip() + note
        yield "    }"
    yield "```"


def schema_page() -> str:
    """Put docs/schema.md together."""
    found = tables()
    lines = [
        "# The schema",
        "",
        f"{len(found)} tables after {len(load_migrations('sqlite'))} migrations, the same on both engines: a test",
        "compares names, columns, nullability, constraints and delete rules. The types below are SQLite's: money is",
        "whole ten-thousandths there and `numeric` on PostgreSQL, an instant text of 27 characters and `timestamptz`.",
        "This page is generated by `tools/gen_reference.py`.",
        "",
    ]
    for group, here in grouped(found):
        lines += [f"## {group}", "", *diagram(here), ""]
        lines += ["| table | unique | refers to | when that is deleted, the row |", "|---|---|---|---|"]
        for table in here:
            uniques = "; ".join(", ".join(columns) for columns in table.uniques) or "-"
            keys = sorted(table.keys.values()) or [("-", [], "")]
            for place, (parent, columns, action) in enumerate(keys):
                head = f"| `{table.name}` | {uniques} " if place == 0 else "| | "
                refers = f"`{parent}` by {', '.join(columns)}" if columns else "-"
                lines.append(f"{head}| {refers} | {_ACTIONS.get(action, '-')} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def methods_page() -> str:
    """Put docs/methods.md together."""
    with connect("sqlite:///:memory:") as shop:
        repositories = dict(repositories_of(shop))
    tests = _tests()
    lines = [
        "# The repositories' methods",
        "",
        "What each does, how many statements it sends whatever the page's size (asserted by",
        "`tests/conformance/test_statement_counts.py`; BEGIN, COMMIT and savepoints are not counted), whether it",
        "writes, and the conformance tests that call it, on both engines.",
        "This page is generated by `tools/gen_reference.py`.",
        "",
    ]
    writes = {call.method for call in CALLS if call.writes}
    every = (*COUNTS.items(), *TABLE_BY_TABLE.items())
    for name, cls in sorted(repositories.items()):
        lines += [f"## shop.{name}", "", "| method | does | statements | writes | tests |", "|---|---|---|---|---|"]
        for method, function in sorted(inspect.getmembers(cls, inspect.isfunction)):
            if method.startswith("_"):
                continue
            full = f"{name}.{method}"
            counts = [count for key, count in every if key.partition(":")[0] == full]
            said = (inspect.getdoc(function) or "").partition("\n")[0].replace("|", "\\|")
            shown = f"{min(counts)} to {max(counts)}" if len(set(counts)) > 1 else str(counts[0]) if counts else "-"
            called = ", ".join(tests.get(full, [])) or "-"
            lines.append(f"| `{method}` | {said} | {shown} | {'yes' if full in writes else ''} | {called} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _tests() -> dict[str, list[str]]:
    """The conformance files that call a method, without `test_` and suffix."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests" / "conformance").glob("test_*.py")):
        called = {f"{one}.{other}" for one, other in _CALL.findall(path.read_text(encoding="utf-8"))}
        for name in called:
            found.setdefault(name, []).append(path.stem.removeprefix("test_"))
    return found


def main() -> int:
    """Write or compare both pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; say what is stale")
    only_check = parser.parse_args().check
    stale = []
    for path, text in ((SCHEMA, schema_page()), (METHODS, methods_page())):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
            if not only_check:
                path.write_text(text, encoding="utf-8")
    if stale:
        print(f"{'stale, run make fmt' if only_check else 'written'}: {', '.join(stale)}")
    return 1 if only_check and stale else 0


if __name__ == "__main__":
    sys.exit(main())

"""Every constraint, at its border and just beyond it, through the bare drivers: both engines say the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from lumia.errors import InvalidValue, LumiaError
from tests.support.cases import LIFTED
from tests.support.cases_deletes import CASCADES, KEPT, SETS_NULL, UNDELETABLE
from tests.support.cases_keys import KEY_CASES
from tests.support.cases_orders import FROZEN, FROZEN_ITEM, FROZEN_SHARES, POSTAL
from tests.support.cases_rows import ROW_CASES
from tests.support.cases_rules import RULE_CASES
from tests.support.cases_texts import TEXT_CASES
from tests.support.cases_values import VALUE_CASES
from tests.support.catalog import Schema, read_postgresql, read_sqlite
from tests.support.databases import Databases
from tests.support.fresh import FRESH, UNWRITABLE, fresh
from tests.support.raw import Raw, undone
from tests.support.trial import Grounds, attempt, lay_grounds, lift, try_case

CASES: Final = (*TEXT_CASES, *VALUE_CASES, *KEY_CASES, *ROW_CASES, *RULE_CASES)

ASKS_FOR_A_NUMBER: Final = "sqlite"
"""Where NULL in a numbered key is no missing value: SQLite takes the next number."""


@pytest.fixture(scope="module")
def grounds(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    """Both engines with the ground laid; each test takes back what it did."""
    with lay_grounds(databases, tmp_path_factory.mktemp("constraints")) as both:
        yield both


@pytest.fixture(scope="module")
def schemas(grounds: Grounds) -> tuple[Schema, Schema]:
    """What the live catalogs say, SQLite's first."""
    return read_sqlite(grounds[0].connection), read_postgresql(grounds[1].connection)


@pytest.mark.parametrize("rule", sorted({case.rule for case in CASES}))
def test_both_engines_decide_alike(grounds: Grounds, rule: str) -> None:
    """Each attempt is accepted on both, or refused on both by the same class and by the guard that it is about."""
    for case in (case for case in CASES if case.rule == rule):
        for raw in grounds:
            error = try_case(raw, case)

            found = (type(error), getattr(error, "constraint", None))
            expected = (case.error or type(None), case.constraint.get(raw.engine))
            assert found == expected, f"{raw.engine}: {case.label}: {error!r} from {error and error.__cause__!r}"


@pytest.mark.parametrize("table", [table for table in FRESH if table not in UNWRITABLE])
def test_a_valid_row_is_accepted(grounds: Grounds, table: str) -> None:
    """The row that the violations start from is none itself."""
    for raw in grounds:
        with undone(raw):
            assert attempt(raw, *fresh(table)) is None, raw.engine


def test_no_column_takes_a_missing_value_that_it_must_have(grounds: Grounds, schemas: tuple[Schema, Schema]) -> None:
    """NULL in any NOT NULL column is an InvalidValue on both engines, and in any other column it is none of theirs."""
    wrong: list[tuple[str, str, str, LumiaError | None]] = []
    both: tuple[Raw, ...] = grounds
    for raw, schema in zip(both, schemas, strict=True):
        for name in FRESH:
            table = schema.tables[name]
            for column in table.columns:
                if column.is_generated or (raw.engine == ASKS_FOR_A_NUMBER and _is_numbered(schema, name, column.name)):
                    continue
                with undone(raw):
                    for trigger in LIFTED.get(name, ()):
                        lift(raw, trigger)
                    error = attempt(raw, *fresh(name, **{column.name: None}))
                named = str(error).endswith(f"({name}.{column.name})")
                if column.not_null != (isinstance(error, InvalidValue) and named and error.constraint is None):
                    wrong.append((raw.engine, name, column.name, error))

    assert wrong == []


def _is_numbered(schema: Schema, table: str, column: str) -> bool:
    key = schema.tables[table].constraints[f"{table}_pkey"]
    numbered = next(found for found in schema.tables[table].columns if found.name == column)
    return key.columns == (column,) and numbered.type == "INTEGER"


# --- nothing is left out ----------------------------------------------------------------------------------------------


def test_every_table_has_a_valid_row(schemas: tuple[Schema, Schema]) -> None:
    """A new table needs a row here before any of its guards can be tried."""
    assert set(FRESH) == set(schemas[0].tables)


def test_every_valid_row_names_every_column(schemas: tuple[Schema, Schema]) -> None:
    """A new column stands in its table's row, so that it is tried too."""
    for name, row in FRESH.items():
        columns = {column.name for column in schemas[0].tables[name].columns if not column.is_generated}
        assert set(row) == columns, name


@pytest.mark.parametrize("engine", [0, 1], ids=["sqlite", "postgresql"])
def test_every_constraint_and_unique_index_has_a_case(schemas: tuple[Schema, Schema], engine: int) -> None:
    """Whatever the catalog names is violated at least once."""
    named = {
        name
        for table in schemas[engine].tables.values()
        for name in (*table.constraints, *(key for key, index in table.indexes.items() if index.is_unique))
    }

    untried = named - {case.rule for case in CASES if case.error}

    assert untried == PARENT_KEYS


PARENT_KEYS: Final = {
    # A primary key with a column more: only a foreign key looks at them, and the primary key refuses first.
    "addresses_owner_key",
    "option_values_owner_key",
    "order_items_purchase_key",
    "orders_owner_key",
    "payments_provider_key",
    "product_options_owner_key",
    "product_variants_owner_key",
    "reviews_author_key",
}


def test_every_length_and_range_is_tried_at_its_border(schemas: tuple[Schema, Schema]) -> None:
    """A border that nothing reaches could be one too narrow."""
    bounded = {
        name
        for table in schemas[0].tables.values()
        for name, constraint in table.constraints.items()
        if constraint.kind == "CHECK"
        and name.endswith(("_length", "_range", "_limit", "_not_negative", "_sum", "_fit"))
    }

    reached = {case.rule for case in CASES if case.error is None}

    assert bounded - reached == {"orders_total_sum", "order_items_line_total_sum"}


def test_every_delete_rule_is_tried(schemas: tuple[Schema, Schema]) -> None:
    """What RESTRICT keeps and what CASCADE takes along are both tried, for each key."""
    rules = {
        name: constraint.on_delete
        for table in schemas[1].tables.values()
        for name, constraint in table.constraints.items()
        if constraint.kind == "FOREIGN KEY"
    }

    assert {name for name, rule in rules.items() if rule == "CASCADE"} == set(CASCADES)
    kept = {name for name, rule in rules.items() if rule in {"RESTRICT", "NO ACTION"}}
    # The pairs of the life cycle are refused by their own rule before any key is asked.
    assert kept == {*KEPT, *UNDELETABLE, "order_status_history_transition_fkey"}
    assert {name for name, rule in rules.items() if rule == "SET NULL"} == set(SETS_NULL)
    assert set(rules.values()) == {"CASCADE", "RESTRICT", "NO ACTION", "SET NULL"}


def test_every_column_of_an_order_is_frozen_or_known_to_change(schemas: tuple[Schema, Schema]) -> None:
    """A new column of an order, an item or an address has to be put on one side."""
    orders = {column.name for column in schemas[0].tables["orders"].columns}
    items = {column.name for column in schemas[0].tables["order_items"].columns}
    addresses = {column.name for column in schemas[0].tables["addresses"].columns}

    # The total is frozen with its parts, of which it is the sum; the import has a case of its own.
    assert orders - set(FROZEN) == ORDER_MAY_CHANGE | {"order_id", "total", "import_id"}
    assert items - set(FROZEN_ITEM) - set(FROZEN_SHARES) == {
        "cancelled_quantity",
        "shipped_quantity",
        "returned_quantity",
        "line_total",
    }
    assert addresses - set(POSTAL) == ADDRESS_MAY_CHANGE | {"address_id", "customer_id"}


ORDER_MAY_CHANGE: Final = {
    "invoice_number",
    "status",
    "payment_status",
    "fulfillment_status",
    "status_actor",
    "status_reason",
    "status_at",
    "shipping_method_id",
    "shipping_method_code",
    "shipping_address_id",
    "billing_address_id",
    "email",
    "expires_at",
    "paid_at",
    "version",
    "updated_at",
}
ADDRESS_MAY_CHANGE: Final = {"is_default_shipping", "is_default_billing", "archived_at", "created_at", "updated_at"}


@pytest.mark.parametrize(("rule", "delete", "child"), [(rule, *steps) for rule, steps in SETS_NULL.items()])
def test_children_outlive_a_parent_that_they_can_do_without(
    grounds: Grounds, rule: str, delete: str, child: str
) -> None:
    """Only the reference is emptied, on both engines."""
    for raw in grounds:
        with undone(raw):
            before = tuple(raw.run(child)[0])
            raw.run(delete)
            after = tuple(raw.run(child)[0])

        assert before[-1] is not None, rule
        assert after == (*before[:-1], None), rule


@pytest.mark.parametrize(("rule", "delete", "count"), [(rule, *steps) for rule, steps in CASCADES.items()])
def test_children_go_with_their_parent(grounds: Grounds, rule: str, delete: str, count: str) -> None:
    """What exists only in its parent is deleted with it, on both engines."""
    for raw in grounds:
        with undone(raw):
            before = raw.run(count)
            raw.run(delete)
            after = raw.run(count)

        assert before[0][0] > 0, rule
        assert after[0][0] == 0, rule

"""The two live schemas, read from the engines' own catalogs, say the same."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final

import psycopg
import pytest

from lumia import types
from tests.support.catalog import Column, Schema, read_postgresql, read_sqlite
from tests.support.databases import Databases

TYPED: Final = re.compile(r"money_amount|rate_fraction|utc_timestamp|bool|uuid|_\w+")
"""PostgreSQL's own names of the types that SQLite must spell out in a CHECK, besides the enums."""

SQLITE_TYPES: Final = {
    "int8": "INTEGER",
    "text": "TEXT",
    "bool": "INTEGER",
    "money_amount": "INTEGER",
    "rate_fraction": "INTEGER",
    "utc_timestamp": "TEXT",
    "uuid": "TEXT",
    "bytea": "BLOB",
    "_text": "TEXT",
    "tsvector": "TEXT",
}

ONE_ENGINE: Final = {
    # A foreign key says its name on PostgreSQL; SQLite reports none.
    "order_status_history_transition": "sqlite",
    # PostgreSQL's key empties the variant alone; SQLite's would empty the product too.
    "product_variants_images_delete": "sqlite",
    # INSERT OR REPLACE exists on SQLite only, TRUNCATE on PostgreSQL only: each would go round the DELETE trigger.
    "order_status_history_append_only_replace": "sqlite",
    "stock_movements_append_only_replace": "sqlite",
    "order_items_frozen_replace": "sqlite",
    "audit_log_append_only_replace": "sqlite",
    "coupon_redemptions_frozen_replace": "sqlite",
    "order_item_cancellations_append_only_replace": "sqlite",
    "payment_events_append_only_replace": "sqlite",
    "payments_frozen_replace": "sqlite",
    "refund_items_append_only_replace": "sqlite",
    "refunds_frozen_replace": "sqlite",
    "return_items_frozen_replace": "sqlite",
    "shipment_items_frozen_replace": "sqlite",
    "audit_log_append_only_truncate": "postgresql",
    "coupon_redemptions_frozen_truncate": "postgresql",
    "order_item_cancellations_append_only_truncate": "postgresql",
    "payment_events_append_only_truncate": "postgresql",
    "refund_items_append_only_truncate": "postgresql",
    "return_items_frozen_truncate": "postgresql",
    "shipment_items_frozen_truncate": "postgresql",
    "order_status_history_append_only_truncate": "postgresql",
    "stock_movements_append_only_truncate": "postgresql",
    "price_history_append_only_truncate": "postgresql",
    "review_votes_frozen_truncate": "postgresql",
    # PostgreSQL keeps its index of words by itself.
    "search_documents_index_insert": "sqlite",
    "search_documents_index_update": "sqlite",
    "search_documents_index_delete": "sqlite",
}
"""The triggers that only one engine needs."""

FULL_TEXT: Final = {
    # On SQLite the virtual table search_index.
    "search_documents_words_idx",
}
"""The indexes of words, which no two engines write alike."""

UNINDEXED: Final = {
    # The pairs are a handful of rows that migrations write and nobody deletes; every checkout would pay for the index.
    "order_status_history_transition_fkey",
}
"""Foreign keys without an index; docs/adr says why."""


@pytest.fixture(scope="module")
def schemas(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Schema, Schema]]:
    """The schema of each engine, SQLite's first."""
    folder: Path = tmp_path_factory.mktemp("parity")
    with databases.migrated("sqlite", folder) as lite_url, databases.migrated("postgresql", folder) as server_url:
        lite = sqlite3.connect(lite_url.removeprefix("sqlite:///"))
        with psycopg.connect(server_url) as server:
            yield read_sqlite(lite), read_postgresql(server)
        lite.close()


@pytest.fixture
def sqlite_schema(schemas: tuple[Schema, Schema]) -> Schema:
    """SQLite's."""
    return schemas[0]


@pytest.fixture
def postgresql_schema(schemas: tuple[Schema, Schema]) -> Schema:
    """PostgreSQL's."""
    return schemas[1]


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _type_checks(schema: Schema) -> dict[str, set[str]]:
    """Per table the CHECKs that PostgreSQL's column types stand for."""
    return {
        name: {
            f"{name}_{column.name}_type"
            for column in table.columns
            if TYPED.fullmatch(column.type) or column.type in schema.enums
        }
        for name, table in schema.tables.items()
    }


def test_tables_are_the_same(sqlite_schema: Schema, postgresql_schema: Schema) -> None:
    """Neither engine has a table that the other lacks."""
    assert sorted(sqlite_schema.tables) == sorted(postgresql_schema.tables)


def test_columns_are_the_same_and_in_the_same_order(sqlite_schema: Schema, postgresql_schema: Schema) -> None:
    """Name, order, NOT NULL, default and generation of every column agree."""
    for name, table in postgresql_schema.tables.items():
        assert sqlite_schema.tables[name].columns == table.columns, name


def test_column_types_correspond(sqlite_schema: Schema, postgresql_schema: Schema) -> None:
    """Every PostgreSQL type has its one form on SQLite."""

    def expected(column: Column) -> str:
        return "TEXT" if column.type in postgresql_schema.enums else SQLITE_TYPES[column.type]

    for name, table in postgresql_schema.tables.items():
        found = {column.name: column.type for column in sqlite_schema.tables[name].columns}
        assert found == {column.name: expected(column) for column in table.columns}, name


def test_constraints_have_the_same_names_kinds_columns_and_delete_rules(
    sqlite_schema: Schema, postgresql_schema: Schema
) -> None:
    """SQLite adds the CHECKs that stand for column types, and nothing else."""
    type_checks = _type_checks(postgresql_schema)
    for name, table in postgresql_schema.tables.items():
        found = dict(sqlite_schema.tables[name].constraints)
        added = {check for check in found if check not in table.constraints}

        assert added == type_checks[name]
        assert {key: found[key] for key in table.constraints} == table.constraints, name


def test_indexes_are_the_same(sqlite_schema: Schema, postgresql_schema: Schema) -> None:
    """Name, columns, order, uniqueness and partiality of every index agree."""
    for name, table in postgresql_schema.tables.items():
        expected = {key: index for key, index in table.indexes.items() if key not in FULL_TEXT}
        assert sqlite_schema.tables[name].indexes == expected


def test_triggers_have_the_same_names(sqlite_schema: Schema, postgresql_schema: Schema) -> None:
    """A trigger stands on both engines, or in the list of those that one engine needs alone."""
    for name, table in postgresql_schema.tables.items():
        here, there = sqlite_schema.tables[name].triggers, table.triggers

        assert {trigger for trigger in here - there if ONE_ENGINE.get(trigger) != "sqlite"} == set()
        assert {trigger for trigger in there - here if ONE_ENGINE.get(trigger) != "postgresql"} == set()


def test_no_trigger_is_listed_for_one_engine_that_is_not_there(
    sqlite_schema: Schema, postgresql_schema: Schema
) -> None:
    """The list of single triggers names live ones only."""
    live = {
        "sqlite": {trigger for table in sqlite_schema.tables.values() for trigger in table.triggers},
        "postgresql": {trigger for table in postgresql_schema.tables.values() for trigger in table.triggers},
    }

    assert {trigger for trigger, engine in ONE_ENGINE.items() if trigger not in live[engine]} == set()


def test_views_have_the_same_columns(sqlite_schema: Schema, postgresql_schema: Schema) -> None:
    """Views agree by name and by their columns in order."""
    assert sqlite_schema.views == postgresql_schema.views


def test_enum_labels_equal_the_python_enum_and_the_check_list(sqlite_schema: Schema, postgresql_schema: Schema) -> None:
    """PostgreSQL's labels, SQLite's CHECK lists and Python's StrEnum agree label by label, in order."""
    for type_, labels in postgresql_schema.enums.items():
        python: type[StrEnum] = getattr(types, _camel(type_))
        assert tuple(label.value for label in python) == labels
    for name, table in postgresql_schema.tables.items():
        for column in table.columns:
            if column.type in postgresql_schema.enums:
                check = sqlite_schema.tables[name].constraints[f"{name}_{column.name}_type"]
                assert tuple(re.findall(r"'(\w+)'", check.text)) == postgresql_schema.enums[column.type]


def test_every_status_enum_of_the_code_is_in_the_database(postgresql_schema: Schema) -> None:
    """No StrEnum of lumia.types is without its type in the database."""
    python = {name for name, thing in vars(types).items() if isinstance(thing, type) and issubclass(thing, StrEnum)}

    assert python - {"StrEnum"} == {_camel(name) for name in postgresql_schema.enums}


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_every_foreign_key_has_an_index(schemas: tuple[Schema, Schema], engine: str) -> None:
    """Some index starts with the key's first column, so that deleting a parent looks its children up.

    A partial index counts: the keys that are NULL have no parent. A composite key is served by its first column, which
    is a key of the parent by itself or a customer, of whose orders there are few.
    """
    schema = schemas[0 if engine == "sqlite" else 1]

    missing = {
        name
        for table in schema.tables.values()
        for name, constraint in table.constraints.items()
        if constraint.kind == "FOREIGN KEY"
        and not any(index.columns[0] == constraint.columns[0] for index in table.indexes.values())
    }

    assert missing == UNINDEXED


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_every_mutable_table_keeps_its_updated_at(schemas: tuple[Schema, Schema], engine: str) -> None:
    """Whoever has an updated_at has the trigger that keeps it true."""
    schema = schemas[0 if engine == "sqlite" else 1]

    forgetful = {
        name
        for name, table in schema.tables.items()
        if any(column.name == "updated_at" for column in table.columns) and f"{name}_touch" not in table.triggers
    }

    assert forgetful == set()

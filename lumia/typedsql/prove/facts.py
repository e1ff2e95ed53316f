"""What proofs by parsing know of a database's schema: tables, views, columns that are NOT NULL, keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["ColumnFact", "ForeignKeyFact", "SchemaFacts", "TableFact"]


@dataclass(frozen=True, slots=True)
class ColumnFact:
    """One column of a table or view.

    `not_null` only if the engine enforces it for every row: declared NOT NULL or through a NOT NULL domain, part of a
    PRIMARY KEY (on SQLite only of a STRICT or WITHOUT ROWID table, or the row id itself). It is not read for a
    view's columns, whose SELECT is proven instead. `type` is the engine's own word: the domain's or enum's name if
    any, else `bigint`, `INTEGER` and so on. `collation` is that of a text column on PostgreSQL, empty for the
    database's default, and None where nothing is known of it.
    """

    name: str
    not_null: bool
    type: str
    collation: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignKeyFact:
    """A reference: these columns, in order, hold those columns of another table."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableFact:
    """One table or view; names are in lower case.

    `columns` are in the table's order. `keys` are the column sets of PRIMARY KEY, UNIQUE constraints and unique
    indexes without WHERE and without expressions; a key may hold columns that can be NULL. `view` is the SELECT of a
    view (without CREATE VIEW … AS), whose keys stay empty. `strict` says that every value has its column's declared
    type: always so on PostgreSQL, on SQLite in STRICT tables.
    """

    name: str
    columns: Mapping[str, ColumnFact]
    keys: tuple[frozenset[str], ...] = ()
    view: str | None = None
    foreign_keys: tuple[ForeignKeyFact, ...] = ()
    strict: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class SchemaFacts:
    """The schema of one engine, `postgresql` or `sqlite`, as the database itself describes it; tables by name.

    `enums` are the labels of each enum type by its name. `small` are the tables that are meant to stay small: a list
    of their rows needs no LIMIT, and reading them whole is no finding. `aggregates` and `set_returning` are the
    names of functions that make one value of many rows, and many rows of one, beside those that every engine has. Two
    facts objects are never equal, so that what was proven of one can be kept for it.
    """

    engine: str
    tables: Mapping[str, TableFact]
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    small: frozenset[str] = frozenset()
    aggregates: frozenset[str] = frozenset()
    set_returning: frozenset[str] = frozenset()

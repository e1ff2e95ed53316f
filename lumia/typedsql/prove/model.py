"""What a proof carries: the columns and keys of a result, the rows of a FROM clause, and what follows from what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from lumia.typedsql.logical import LogicalType
from lumia.typedsql.prove.facts import SchemaFacts

__all__ = ["Attr", "Context", "Dependency", "OutColumn", "Relation", "Rows", "Scope", "closure", "row_of"]

Attr = tuple[str, str]
"""A value of a row: (alias, column); ("#", alias) is the whole row of one source, ("=", sql) an expression."""

Dependency = tuple[frozenset[Attr], frozenset[Attr]]
"""The attributes on the left decide those on the right."""

UNKNOWN = "nothing is known of what it selects from"


@dataclass(frozen=True, slots=True)
class OutColumn:
    """One column of a result: `reason` says why it may be NULL, and is empty if it cannot.

    `weight` is how many whole numbers its value is computed from, None if it may be no whole number: SQLite turns
    infinity minus infinity into NULL. `labels` are the only values that it can have, if they are literals. `parent`:
    the column is part of a key or a foreign key of its table. `json`: the value may be JSON. `kind` is what the value
    is, as far as PostgreSQL's types tell. `collation` is that of its column. `gaps` says why an element may be NULL if
    the value is an array.
    """

    name: str
    reason: str
    weight: int | None = None
    labels: frozenset[str] | None = None
    parent: bool = False
    json: bool = False
    kind: str = ""
    collation: str | None = None
    gaps: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """The result of a query, or a table.

    `keys` are sets of column names of which no two rows have equal values; an empty set means one row at most.
    `some` means one row at least. `grows` names the tables with which the number of rows grows. `known` is False if
    even the columns are not known. `optional_keys` are unique where none of their columns is NULL. `implied` are column
    names that decide others, as a foreign key does that refers to more than the key of its table.
    """

    columns: tuple[OutColumn, ...]
    keys: tuple[frozenset[str], ...] = ()
    optional_keys: tuple[frozenset[str], ...] = ()
    some: bool = False
    grows: frozenset[str] = frozenset()
    known: bool = True
    implied: tuple[tuple[frozenset[str], frozenset[str]], ...] = ()

    def named(self, name: str) -> OutColumn | None:
        """Return the one column of that name; None if there is none, or more than one."""
        found = [column for column in self.columns if column.name == name]
        return found[0] if len(found) == 1 else None


def closure(known: Iterable[Attr], dependencies: Sequence[Dependency]) -> set[Attr]:
    """Return every attribute that follows from the known ones."""
    found = set(known)
    rest = list(dependencies)
    while True:
        fire = [right for left, right in rest if left <= found]
        rest = [dependency for dependency in rest if not dependency[0] <= found]
        if not fire:
            return found
        found.update(*fire)


def row_of(alias: str) -> Attr:
    """Return the attribute that stands for the whole row of a source."""
    return ("#", alias)


def _attrs(alias: str, names: Iterable[str]) -> frozenset[Attr]:
    return frozenset((alias, name) for name in names)


@dataclass(slots=True)
class Rows:
    """The rows of a FROM clause, joined so far: its sources, what is proven of their columns, and what follows.

    `nullable` says for an alias why its columns may all be NULL. `merged` are the columns of USING: None stands for a
    value of which nothing is known.
    """

    sources: dict[str, Relation] = field(default_factory=dict[str, Relation])
    not_null: set[Attr] = field(default_factory=set[Attr])
    nullable: dict[str, str] = field(default_factory=dict[str, str])
    rules: list[Dependency] = field(default_factory=list[Dependency])
    merged: dict[str, Attr | None] = field(default_factory=dict[str, Attr | None])
    listed: set[Attr] = field(default_factory=set[Attr])
    known: bool = True

    def attr_of(self, name: str, table: str) -> Attr | None:
        """Find the one column of that name; None if it is not here, ambiguous, or of a source nobody knows."""
        if table:
            relation = self.sources.get(table)
            return (table, name) if relation is not None and relation.named(name) is not None else None
        if name in self.merged:
            return self.merged[name]
        found = self.holders(name)
        return (found[0], name) if len(found) == 1 and self.known else None

    def holders(self, name: str) -> list[str]:
        """Return the aliases of the sources that have a column of that name."""
        return [
            alias for alias, relation in self.sources.items() if any(column.name == name for column in relation.columns)
        ]

    def claims(self, name: str, table: str) -> bool:
        """Tell whether the name can only, or could, mean something of this FROM clause."""
        if table:
            return table in self.sources
        return name in self.merged or bool(self.holders(name)) or not self.known

    def column(self, attr: Attr) -> OutColumn | None:
        """Return the column that an attribute names."""
        relation = self.sources.get(attr[0])
        return relation.named(attr[1]) if relation is not None else None

    def absent(self, reason: str) -> None:
        """Put all rows on the nullable side of a join: every column may be NULL, constants are none any more."""
        self.not_null.clear()
        self.rules = [rule for rule in self.rules if rule[0]]
        self.listed.clear()
        for alias in self.sources:
            self.nullable.setdefault(alias, reason.format(alias=alias))

    def prove(self, attrs: Iterable[Attr]) -> None:
        """Note columns that a condition lets through only if they are not NULL; their whole source is then there."""
        for attr in attrs:
            self.not_null.add(attr)
            alias = attr[0]
            if alias in self.nullable:
                del self.nullable[alias]
                self.not_null.update(
                    (alias, column.name) for column in self.sources[alias].columns if not column.reason
                )

    def dependencies(self, proven: Iterable[Attr] = ()) -> list[Dependency]:
        """Return all that follows from keys and conditions, taking these columns for not NULL as well."""
        sure = self.not_null | set(proven)
        result = list(self.rules)
        for alias, relation in self.sources.items():
            row = frozenset({row_of(alias)})
            result.append((row, _attrs(alias, (column.name for column in relation.columns))))
            for given, more in relation.implied:
                result.append((_attrs(alias, given), _attrs(alias, more)))
            result += [(_attrs(alias, key), row) for key in relation.keys if key or alias not in self.nullable]
            for key in relation.optional_keys:
                attrs = _attrs(alias, key)
                if attrs <= sure:
                    result.append((attrs, row))
        return result

    def rows(self) -> frozenset[Attr]:
        """Return the attributes that tell every joined row from the others."""
        return frozenset(row_of(alias) for alias in self.sources)


@dataclass(frozen=True, slots=True)
class Context:
    """What stays the same through one statement; `relate` proves a query within a scope.

    `scopes` keeps, by the identity of each query's node, the scope in which it was proven last; `proofs`, by the
    identities of node and outer scope, both scopes and what was proven; `selections` the parts of SELECTs likewise.
    """

    facts: SchemaFacts
    params: Mapping[str, LogicalType]
    views: dict[str, Relation]
    relate: Callable[[exp.Expr, Scope], Relation]
    scopes: dict[int, Scope] = field(default_factory=dict[int, "Scope"])
    selections: dict[tuple[int, int], tuple[Scope, Any]] = field(
        default_factory=dict[tuple[int, int], "tuple[Scope, Any]"]
    )
    proofs: dict[tuple[int, int], tuple[Scope, Scope, Relation]] = field(
        default_factory=dict[tuple[int, int], "tuple[Scope, Scope, Relation]"]
    )

    @property
    def sqlite(self) -> bool:
        """Whether the statement is SQLite's."""
        return self.facts.engine == "sqlite"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: the rows that it sees, the scope around them, and the CTEs by name.

    `collapsed` says why every column may be NULL here (no rows under an aggregate, grouping sets), or is empty.
    `grouped`: every aggregate sees one row at least. `sets` are the plain texts of what grouping sets may leave NULL.
    A CTE that is not proven yet is None.
    """

    context: Context
    rows: Rows
    outer: Scope | None = None
    ctes: Mapping[str, Relation | None] = field(default_factory=dict[str, "Relation | None"])
    collapsed: str = ""
    grouped: bool = False
    sets: frozenset[str] = frozenset()

    def find(self, column: exp.Column) -> tuple[Scope, Attr] | None:
        """Find the scope and attribute that a column means; None if that is not certain."""
        name, table = column.name.lower(), column.table.lower()
        scope: Scope | None = self
        while scope is not None:
            if scope.rows.claims(name, table):
                attr = None if column.args.get("db") is not None else scope.rows.attr_of(name, table)
                return None if attr is None else (scope, attr)
            scope = scope.outer
        return None

    def local(self, column: exp.Column) -> Attr | None:
        """Return the attribute if the column is one of this scope's own rows."""
        found = self.find(column)
        return found[1] if found is not None and found[0] is self else None

    def plain(self) -> Scope:
        """Return the scope of the rows before they are grouped."""
        return Scope(self.context, self.rows, self.outer, self.ctes)

    def inner(self, rows: Rows) -> Scope:
        """Return the scope of a query inside this one."""
        return Scope(self.context, rows, self, self.ctes)

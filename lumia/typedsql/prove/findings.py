"""Puts the proofs by parsing together: what the text of one statement shows to be wrong, with file, line and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sqlglot import exp

from lumia.typedsql.columns import expected_columns
from lumia.typedsql.findings import Finding
from lumia.typedsql.prove.facts import SchemaFacts
from lumia.typedsql.prove.kinds import SCALED
from lumia.typedsql.prove.model import Context, OutColumn, Relation
from lumia.typedsql.prove.nullability import proof_context
from lumia.typedsql.prove.order import Problem, order_problems
from lumia.typedsql.prove.relations import Unprovable, parse, prove
from lumia.typedsql.prove.text import text_problems
from lumia.typedsql.prove.units import sort_problems, unit_problems
from lumia.typedsql.prove.windows import inner_order_problems
from lumia.typedsql.registry import Column
from lumia.typedsql.statement import SourceQuery
from lumia.typedsql.variants import Variant

__all__ = ["assertion_findings", "proven_columns", "text_findings"]


def text_findings(query: SourceQuery, variant: Variant, facts: SchemaFacts) -> Iterator[Finding]:
    """Yield what one statement's text and the schema show: columns that may be NULL, order, LIMIT, and traps.

    The facts tell the engine, whose name each finding carries. A statement that the parser does not take, or whose
    columns cannot be told, is a finding too: nothing is proven of it.
    """
    for problem in _problems(query, variant, facts):
        line = _line(problem.node, variant) or query.line
        yield Finding(query.path, line, query.full_name, problem.message, facts.engine)


def _problems(query: SourceQuery, variant: Variant, facts: SchemaFacts) -> Iterator[Problem]:
    context = proof_context(facts, variant.params)
    try:
        statement = parse(variant.text, facts.engine)
        relation = prove(statement, context)
    except (Unprovable, RecursionError) as error:
        if expected_columns(query):
            yield Problem(None, f"nothing can be proven of this statement ({error}): rewrite it, it is not supported")
        return
    yield from _null_problems(query, statement, relation)
    yield from text_problems(statement, context, portable=query.engine is None, whole=query.header.all)
    many = query.operator == "" and bool(expected_columns(query))
    yield from order_problems(variant.text, statement, context, many=many, answers=query.header)
    if facts.engine == "postgresql":
        yield from sort_problems(statement, context, portable=query.engine is None)
    if facts.engine == "postgresql" and query.engine is None:
        yield from unit_problems(statement, context)
        yield from _result_problems(query, statement, relation)
    yield from inner_order_problems(variant.text, statement, context, query.header)


def _null_problems(query: SourceQuery, statement: exp.Expr, relation: Relation) -> Iterator[Problem]:
    wanted = expected_columns(query)
    asserted = {item.name for item in query.header.asserted}
    nodes = _list_nodes(statement)
    if wanted and not relation.known:
        missing = [column.name for column in wanted if not column.type.optional and column.name not in asserted]
        if missing:
            yield Problem(
                None,
                f"nothing can be proven of {', '.join(missing)}: make them optional, or assert each with "
                "`-- @column name!: why`",
            )
        return
    # Columns of another number or order are reported where the engine describes them.
    if len(wanted) != len(relation.columns):
        return
    for position, (want, column) in enumerate(zip(wanted, relation.columns, strict=True)):
        node = nodes[position] if position < len(nodes) else None
        if {want.name, column.name} & asserted - {""}:
            continue
        if _has_gaps(want, column):
            yield Problem(
                node,
                f"an element of {want.name or 'the array'} may be NULL, but the type is {want.type}: {column.gaps}; "
                "keep NULL out with FILTER (WHERE … IS NOT NULL), make the elements optional, or assert the column",
            )
        if want.type.optional or not column.reason:
            continue
        yield Problem(node, _null_message(query, want, column))


def _result_problems(query: SourceQuery, statement: exp.Expr, relation: Relation) -> Iterator[Problem]:
    wanted = expected_columns(query)
    nodes = _list_nodes(statement)
    if len(wanted) != len(relation.columns):
        return
    nested = statement.find(exp.CTE, exp.Subquery) is not None
    for position, (want, column) in enumerate(zip(wanted, relation.columns, strict=True)):
        # A plain column of another type is found where PostgreSQL describes it.
        if not nested and position < len(nodes) and isinstance(nodes[position].unalias(), exp.Column):
            continue
        if want.type.kind in SCALED and column.kind in (SCALED | {"int"}) - {want.type.kind}:
            kind = "a plain number" if column.kind == "int" else column.kind
            yield Problem(
                nodes[position] if position < len(nodes) else None,
                f"{want.name or 'the value'} is {want.type.kind}, but what it is computed from is {kind}, which SQLite "
                f"keeps in other units: give the value that is {want.type.kind}, or declare the field as what it is",
            )


def _has_gaps(want: Column, column: OutColumn) -> bool:
    return want.type.array and not want.type.null_elements and bool(column.gaps)


def _null_message(query: SourceQuery, want: Column, column: OutColumn) -> str:
    if want.name:
        return (
            f"{want.name} may be NULL, but {query.returns}.{want.name} is {want.type}: {column.reason}; make the field "
            "optional, or the column NOT NULL with coalesce or a JOIN, or assert it with "
            f"`-- @column {want.name}!: why`"
        )
    return (
        f"the value may be NULL, but @returns is {want.type}: {column.reason}; return {want.type}?, or make it "
        "NOT NULL with coalesce"
    )


def _list_nodes(statement: exp.Expr) -> list[exp.Expr]:
    returning = statement.args.get("returning")
    if returning is not None:
        return list(returning.expressions)
    body = statement
    while isinstance(body, (exp.SetOperation, exp.Subquery, exp.Paren)):
        body = body.this
    return list(body.expressions) if isinstance(body, exp.Select) else []


def proven_columns(variant: Variant, facts: SchemaFacts) -> tuple[OutColumn, ...]:
    """Return what is proven of each result column; nothing where the statement cannot be proven."""
    context: Context = proof_context(facts, variant.params)
    try:
        return prove(parse(variant.text, facts.engine), context).columns
    except (Unprovable, RecursionError):
        return ()


def _places(node: exp.Expr, text: str) -> Iterator[int]:
    # The parser keeps no place of a parameter: look for it, behind its LIMIT if it has one.
    for part in node.find_all(exp.Placeholder):
        before = rf"\b{node.key}\s+" if isinstance(node, (exp.Limit, exp.Offset)) else ""
        match = re.search(rf"{before}:{part.name}\b", text, re.IGNORECASE)
        if match is not None:
            yield match.end()


def _line(node: exp.Expr | None, variant: Variant) -> int | None:
    if node is None:
        return None
    found: list[int] = [part.meta["line"] for part in node.walk() if "line" in part.meta]
    if not found:
        found = [variant.text.count("\n", 0, place) + 1 for place in _places(node, variant.text)]
    return variant.lines[min(found) - 1] if found and min(found) <= len(variant.lines) else None


def assertion_findings(query: SourceQuery, variants: Sequence[Variant], facts: Sequence[SchemaFacts]) -> list[Finding]:
    """Return what is wrong with the `@column name!` lines of a query, seen over all of its statements and engines.

    An assertion that every engine's proof gives anyway says nothing.
    """
    wanted = expected_columns(query)
    found: list[Finding] = []
    for entry in query.header.asserted:
        proofs = [
            bool(column.reason) or _has_gaps(want, column)
            for schema in facts
            for variant in variants
            for want, column in zip(wanted, proven_columns(variant, schema), strict=False)
            if entry.name == want.name
        ]
        if not proofs or any(proofs):
            continue
        message = f"{entry.name} is proven NOT NULL without @column {entry.name}!: take the line away"
        found.append(Finding(query.path, entry.line, query.full_name, message))
    return found

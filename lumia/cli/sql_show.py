"""The commands that show one query and explain its plan, both engines side by side."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from itertools import dropwhile, takewhile
from typing import Annotated, Any

import typer
from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.syntax import Syntax
from rich.text import Text

from lumia.cli.options import Json, Migrations
from lumia.cli.output import print_json, printer
from lumia.cli.sql_sources import Dtos, Folder, Sources, Urls, grounds, sources
from lumia.contexts import DIALECTS
from lumia.engine import Engine
from lumia.errors import ConfigurationError
from lumia.typedsql import Query, QuerySet, load_queries
from lumia.typedsql.explain import arguments_of, plan_of

__all__ = ["commands"]

commands = typer.Typer(help="Prove, list, show and explain query files, Lumia's own or yours.", no_args_is_help=True)
"""The group of all `sql` commands."""

Name = Annotated[str, typer.Argument(metavar="NAME", help="The query, as lumia sql list has it: orders.get_order.")]

_SIDE_BY_SIDE = 160


@commands.command()
def show(name: Name, queries: Folder = None, dto: Dtos = None, url: Urls = None, as_json: Json = False) -> None:  # noqa: ARG001 - every command takes --url
    """Show a query: purpose, parameters, result, and the statement that each engine gets."""
    found = _both(sources(queries, dto), name)
    query = next(iter(found.values()))
    if as_json:
        print_json({**_facts(query), "statements": {engine: each.sql for engine, each in found.items()}})
        return
    console = printer()
    console.print(Text(query.full_name, style="bold"))
    console.print(Text(query.doc))
    for label, words in _facts(query).items():
        if label not in {"name", "doc"} and words:
            console.print(Text(f"{label:<11}{words if isinstance(words, str) else ', '.join(words)}"))
    console.print()
    if query.portable:
        _print_sides([("both engines", Syntax(_text(query), "sql", background_color="default"))])
    else:
        _print_sides(
            [(engine, Syntax(_text(each), "sql", background_color="default")) for engine, each in found.items()]
        )


@commands.command()
def explain(
    name: Name,
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEY=VALUE", help="Arguments, and order=LABEL; samples stand in for required ones."),
    ] = None,
    queries: Folder = None,
    dto: Dtos = None,
    migrations: Migrations = None,
    url: Urls = None,
    as_json: Json = False,
) -> None:
    """Show the plans that both engines make for a query, on your databases by --url or on empty private ones."""
    wanted = sources(queries, dto, migrations)
    found = _both(wanted, name)
    given = _given(next(iter(found.values())), arguments or ())
    plans: dict[str, list[str]] = {}
    with grounds(url, migrations) as both:
        for engine in both.engines():
            if engine.name in found:
                plans[engine.name] = _plan(engine, wanted, found[engine.name], given)
    if as_json:
        print_json({"name": name, "plans": plans})
        return
    printer().print(Text(found[next(iter(found))].full_name, style="bold"))
    _print_sides([(engine, Text("\n".join(lines))) for engine, lines in plans.items()])


def _both(found: Sources, name: str) -> dict[str, Query]:
    sets: dict[str, QuerySet] = {
        dialect.name: load_queries(found.folder, dialect, found.registry) for dialect in DIALECTS.values()
    }
    queries = {engine: each[name] for engine, each in sets.items() if name in each}
    if not queries:
        names = sorted({known for each in sets.values() for known in each})
        near = get_close_matches(name, names, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "lumia sql list has them all"
        message = f"there is no query {name}: {hint}"
        raise ConfigurationError(message)
    return queries


def _text(query: Query) -> str:
    """The statement as its file writes it, with its markers."""
    lines = query.path.read_text(encoding="utf-8").split("\n")[query.line :]
    body = takewhile(lambda line: not line.startswith("-- name:"), dropwhile(lambda line: line.startswith("--"), lines))
    return "\n".join(body).strip()


def _facts(query: Query) -> dict[str, Any]:
    params = [
        f"{param.name}: {param.type}{' (optional)' if param.name in query.optional else ''}" for param in query.params
    ]
    rows = {"^": f"{query.returns} or None", "": f"a list of {query.returns}", "*!": "runs once for each row"}
    return {
        "name": query.full_name,
        "doc": query.doc,
        "file": f"{query.path.name}:{query.line}",
        "parameters": params,
        "orders": list(query.orders),
        "gives": rows.get(query.operation, str(query.returns)),
        "differs": query.differs or "",
        "only": query.only or "",
        "scan": query.scan or "",
    }


def _given(query: Query, arguments: Sequence[str]) -> dict[str, str]:
    known = [param.name for param in query.params] + (["order"] if query.orders else [])
    given: dict[str, str] = {}
    for argument in arguments:
        key, sign, value = argument.partition("=")
        if not sign or key not in known:
            message = f"{key} is no argument of {query.full_name}: write key=value with one of {', '.join(known)}"
            raise ConfigurationError(message)
        given[key] = value
    return given


def _plan(engine: Engine, found: Sources, query: Query, given: dict[str, str]) -> list[str]:
    dialect = DIALECTS[engine.name]
    bound = load_queries(found.folder, dialect, found.registry).bind(engine)
    values = arguments_of(query.params, given, query.optional)
    if "order" in given:
        values["order"] = given["order"]
    method = getattr(getattr(bound, query.namespace), query.name)
    if query.operation == "*!":
        message = f"{query.full_name} runs once for each row of arguments: there is no single plan to show"
        raise ConfigurationError(message)
    call = method.call(**values)
    session = engine.acquire(write=False)
    try:
        return plan_of(session, dialect, call)
    finally:
        engine.release(session, failed=False)


def _print_sides(sides: Sequence[tuple[str, RenderableType]]) -> None:
    """Print panels beside each other where the terminal is wide enough, else below each other."""
    console = printer()
    if not console.is_terminal:
        for title, content in sides:
            console.print(Group(Text(f"-- {title}", style="bold"), content, Text("")), soft_wrap=True)
        return
    wide = console.width >= _SIDE_BY_SIDE and len(sides) > 1
    width = console.width // len(sides) - 2 if wide else None
    panels = [Panel(content, title=title, title_align="left", width=width) for title, content in sides]
    console.print(Columns(panels) if wide else Group(*panels))

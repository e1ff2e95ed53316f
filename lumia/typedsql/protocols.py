"""Writes typed protocols from a contract: `q.orders.get_order(order_id=1)` as type checkers and editors see it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lumia.typedsql.contract import Contract
from lumia.typedsql.findings import Finding
from lumia.typedsql.source import SourceFile

__all__ = ["PROTOCOLS", "protocol_files", "stale_protocols", "write_protocols"]

PROTOCOLS: Final = "protocols"
"""The package's name, in the folder of the queries."""

_WIDTH: Final = 120
_SPELLING: Final = re.compile(r"(?P<kind>[a-z]+)(?::(?P<target>\w+))?(?P<nulls>\?)?(?P<array>\[\])?(?P<optional>\?)?")
_NOTE: Final = "Written by `lumia sql check --write` from the contract; edit the query files instead."
_IMPORTS: Final = {
    "date": "datetime",
    "datetime": "datetime",
    "Decimal": "decimal",
    "UUID": "uuid",
    "Iterable": "collections.abc",
    "Sequence": "collections.abc",
    "Literal": "typing",
    "Protocol": "typing",
    "TypedDict": "typing",
    "Any": "typing",
    "overload": "typing",
    "TypeVar": "typing",
    "UNSET": "lumia.typedsql",
    "Unset": "lumia.typedsql",
    "PreparedCall": "lumia.typedsql",
}
_PYTHON: Final = {
    "int": "int",
    "text": "str",
    "bool": "bool",
    "money": "Decimal",
    "rate": "Decimal",
    "timestamp": "datetime",
    "date": "date",
    "uuid": "UUID",
    "bytes": "bytes",
}
_STANDARD: Final = frozenset({"collections.abc", "datetime", "decimal", "typing", "uuid"})


@dataclass
class _Module:
    """One module while it is written: what it imports, and its lines."""

    types: Mapping[str, Mapping[str, Any]]
    used: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    lines: list[str] = field(default_factory=list[str])

    def name(self, word: str) -> str:
        """Import a name and give it back."""
        module = _IMPORTS.get(word) or (self.types[word]["module"] if word in self.types else None)
        if module is not None:
            self.used.setdefault(module, set()).add(word)
        return word

    def python(self, spelt: str, *, given: bool) -> str:
        """Spell a logical type as Python does; `given` for an argument, which may be a list as well."""
        match = _SPELLING.fullmatch(spelt)
        if match is None:
            return self.name(spelt)
        kind, target = match["kind"], match["target"]
        text = self.name(target or _PYTHON[kind])
        if match["array"]:
            element = f"{text} | None" if match["nulls"] else text
            text = f"tuple[{element}, ...]{f' | list[{element}]' if given else ''}"
        optional = match["optional"] if match["array"] else match["nulls"]
        return f"{text} | None" if optional else text

    def text(self, doc: str) -> str:
        """Put the module together."""
        head = [f'"""{doc}', "", _NOTE, '"""', "", "from __future__ import annotations", ""]
        standard = [module for module in sorted(self.used) if module in _STANDARD]
        others = [module for module in sorted(self.used) if module not in _STANDARD and module[0] != "."]
        relative = [module for module in sorted(self.used) if module[0] == "."]
        imports: list[str] = []
        for group in (standard, others, relative):
            for module in group:
                imports += _import(module, sorted(self.used[module], key=_import_order))
            if group:
                imports.append("")
        return "\n".join([*head, *imports, *self.lines]) + "\n"


def _import_order(name: str) -> tuple[int, str]:
    return (0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2), name.lower()


def _import(module: str, names: Sequence[str]) -> list[str]:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= _WIDTH:
        return [line]
    return [f"from {module} import (", *(f"    {name}," for name in names), ")"]


def protocol_files(contract: Contract, files: Iterable[SourceFile]) -> dict[str, str]:
    """Write the package: a module for each namespace, and `__init__` with the protocol of them all.

    Args:
        contract: what the queries promise.
        files: their sources, for the lines that the docstrings name.

    Returns:
        The text of each file by its name.
    """
    places: dict[str, list[str]] = {}
    for file in files:
        for query in file.queries:
            places.setdefault(query.full_name, []).append(f"{Path(query.path).name}:{query.line}")
    spaces: dict[str, list[str]] = {}
    for full_name in sorted(contract.queries):
        spaces.setdefault(full_name.partition(".")[0], []).append(full_name)
    written = {f"{space}.py": _namespace(space, names, contract, places) for space, names in spaces.items()}
    written["__init__.py"] = _root(list(spaces))
    return dict(sorted(written.items()))


def _class_name(namespace: str) -> str:
    return "".join(word.title() for word in namespace.split("_")) + "Queries"


def _namespace(space: str, names: Sequence[str], contract: Contract, places: Mapping[str, Sequence[str]]) -> str:
    module = _Module(contract.types)
    body: list[str] = []
    rows: list[str] = []
    for full_name in names:
        entry = contract.queries[full_name]
        if entry["mark"] == "*!":
            rows += _row_class(full_name, entry, module)
        body += ["", *_method(full_name, entry, module, " and ".join(places.get(full_name, ())))]
    module.name("Protocol")
    listed = sorted([_class_name(space), *(line[6:].partition("(")[0] for line in rows if line.startswith("class "))])
    module.lines += [
        *_all(listed),
        "",
        *rows,
        "",
        f"class {_class_name(space)}(Protocol):",
        f'    """The queries of {space}.sql."""',
        *body,
    ]
    return module.text(f"The queries of {space}, as types.")


def _all(names: Sequence[str]) -> list[str]:
    line = "__all__ = [" + ", ".join(f'"{name}"' for name in names) + "]"
    return [line] if len(line) <= _WIDTH else ["__all__ = [", *(f'    "{name}",' for name in names), "]"]


def _row_class(full_name: str, entry: Mapping[str, Any], module: _Module) -> list[str]:
    module.name("TypedDict")
    fields = [_split(param) for param in entry["params"]]
    return [
        "",
        f"class {_row_name(full_name)}(TypedDict):",
        f'    """One row of arguments for {full_name}."""',
        "",
        *(f"    {name}: {module.python(spelt, given=True)}" for name, spelt in fields),
        "",
    ]


def _row_name(full_name: str) -> str:
    return "".join(word.title() for word in full_name.partition(".")[2].split("_")) + "Row"


def _split(param: str) -> tuple[str, str]:
    name, _, spelt = param.partition(": ")
    return name, spelt


def _method(full_name: str, entry: Mapping[str, Any], module: _Module, place: str) -> list[str]:
    name = full_name.partition(".")[2]
    gives = _result(entry, module)
    return [
        *_signature(name, _arguments(full_name, entry, module), gives),
        *_docstring(str(entry["purpose"]), place),
        "        ...",
    ]


def _arguments(full_name: str, entry: Mapping[str, Any], module: _Module) -> list[str]:
    if entry["mark"] == "*!":
        return ["self", f"rows: {module.name('Iterable')}[{_row_name(full_name)}]"]
    optional = set(entry.get("optional", ()))
    given: list[str] = []
    for name, spelt in map(_split, entry["params"]):
        python = module.python(spelt, given=True)
        if name in optional:
            module.name("Unset")
            given.append(f"{name}: {python} | Unset = {module.name('UNSET')}")
        else:
            given.append(f"{name}: {python}")
    if entry.get("orders"):
        labels = ", ".join(f'"{label}"' for label in entry["orders"])
        given.append(f'order: {module.name("Literal")}[{labels}] = "{entry["orders"][0]}"')
    return ["self", "*", *given] if given else ["self"]


def _result(entry: Mapping[str, Any], module: _Module) -> str:
    mark, returns = entry["mark"], entry["returns"]
    if returns == "none":
        return "None"
    python = module.python(returns, given=False)
    if mark == "^":
        return f"{python} | None"
    return f"list[{python}]" if mark == "" else python


def _signature(name: str, arguments: Sequence[str], gives: str) -> list[str]:
    line = f"    def {name}({', '.join(arguments)}) -> {gives}:"
    if len(line) <= _WIDTH:
        return [line]
    inner = f"        {', '.join(arguments)}"
    if len(inner) <= _WIDTH:
        return [f"    def {name}(", inner, f"    ) -> {gives}:"]
    return [f"    def {name}(", *(f"        {argument}," for argument in arguments), f"    ) -> {gives}:"]


def _docstring(purpose: str, place: str) -> list[str]:
    purpose = purpose if purpose.endswith((".", "?", "!")) else f"{purpose}."
    purpose = purpose.replace("\\", "\\\\").replace('"', "'")
    lines = textwrap.wrap(purpose, _WIDTH - 16, break_long_words=False, break_on_hyphens=False)
    first, *rest = lines
    return [f'        """{first}', *(f"        {line}" for line in rest), "", f"        {place}", '        """']


def _root(spaces: Sequence[str]) -> str:
    module = _Module({})
    for word in ("Any", "Protocol", "TypeVar", "overload", "Sequence", "PreparedCall"):
        module.name(word)
    for space in spaces:
        module.used.setdefault(f".{space}", set()).add(_class_name(space))
    members = [
        line
        for space in spaces
        for line in (
            "",
            "    @property",
            f"    def {space}(self) -> {_class_name(space)}:",
            f'        """The queries of {space}.sql."""',
            "        ...",
        )
    ]
    module.lines += ['__all__ = ["Queries"]', "", *_TYPE_VARS, "", "", "class Queries(Protocol):"]
    module.lines += ['    """Every query, by namespace, bound to whoever lends the connection."""', *members]
    module.lines += _pipelines()
    return module.text("The queries of this folder, as types: what `q` is.")


_TYPE_VARS: Final = [f'{letter} = TypeVar("{letter}")' for letter in "ABCDEFGH"]


def _pipelines() -> list[str]:
    lines: list[str] = []
    for count in range(1, len(_TYPE_VARS) + 1):
        letters = "ABCDEFGH"[:count]
        calls = [f"PreparedCall[{letter}]" for letter in letters]
        given = f"        calls: tuple[{', '.join(calls)}{',' if count == 1 else ''}],"
        nested = ["        calls: tuple[", *(f"            {call}," for call in calls), "        ],"]
        short = f"    def pipeline(self, {given.strip().rstrip(',')}) -> tuple[{', '.join(letters)}]: ..."
        lines += ["", "    @overload"]
        if len(short) <= _WIDTH:
            lines.append(short)
            continue
        whole = f"        self, {given.strip().rstrip(',')}"
        inner = [whole] if len(whole) <= _WIDTH else ["        self,", *([given] if len(given) <= _WIDTH else nested)]
        lines += ["    def pipeline(", *inner, f"    ) -> tuple[{', '.join(letters)}]: ..."]
    return [
        *lines,
        "",
        "    @overload",
        "    def pipeline(self, calls: Sequence[PreparedCall[Any]]) -> Sequence[Any]: ...",
    ]


def stale_protocols(folder: Path, wanted: Mapping[str, str]) -> list[Finding]:
    """Tell which files of the package are not as `protocol_files` writes them, are missing, or are left over."""
    package = folder / PROTOCOLS
    there = {path.name: path.read_text(encoding="utf-8") for path in sorted(package.glob("*.py"))}
    return [
        Finding(str(package / name), 1, "", "the protocols are stale: write them anew with lumia sql protocols")
        for name in sorted(set(wanted) | set(there))
        if wanted.get(name) != there.get(name)
    ]


def write_protocols(folder: Path, wanted: Mapping[str, str]) -> None:
    """Write the package as `protocol_files` gives it, and remove modules of namespaces that are gone."""
    package = folder / PROTOCOLS
    package.mkdir(exist_ok=True)
    for path in package.glob("*.py"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (package / name).write_text(text, encoding="utf-8")

"""Puts Python source together and compiles it: encoders and row makers are written once per query, then only run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["Scope", "Source"]


class Scope:
    """The names that generated code sees besides its own variables."""

    def __init__(self) -> None:
        """Start empty."""
        self.values: dict[str, Any] = {}

    def name(self, hint: str, value: object) -> str:
        """Make `value` known to the code and return the name to use: `_hint`, numbered if that is taken."""
        name = f"_{hint}"
        number = 1
        while name in self.values and self.values[name] is not value:
            number += 1
            name = f"_{hint}{number}"
        self.values[name] = value
        return name


class Source:
    """Lines of Python, indented block by block."""

    def __init__(self) -> None:
        """Start without lines."""
        self._lines: list[str] = []
        self._depth = 0

    def add(self, *lines: str) -> None:
        """Append lines at the present depth."""
        self._lines += ["    " * self._depth + line for line in lines]

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines so far, to be taken over into another block."""
        return tuple(self._lines)

    def open(self, line: str) -> None:
        """Append a line that opens a block and go into it."""
        self.add(line)
        self._depth += 1

    def close(self) -> None:
        """Leave the block."""
        self._depth -= 1

    def build(self, name: str, origin: str, scope: Scope) -> Callable[..., Any]:
        """Compile the lines and return the function `name` that they define; `origin` stands in tracebacks."""
        code = compile("\n".join(self._lines) + "\n", f"<lumia {origin}>", "exec")
        names: dict[str, Any] = dict(scope.values)
        # The source holds only names that the lexer has let through and constants of this package.
        exec(code, names)  # noqa: S102
        function: Callable[..., Any] = names[name]
        return function

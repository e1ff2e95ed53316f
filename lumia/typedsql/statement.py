"""One checked statement of a query file, and the rules that bind its mark, parameters and result together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lumia.errors import QueryFileError
from lumia.typedsql.annotations import Annotations, Param, Returns
from lumia.typedsql.lexer import Token
from lumia.typedsql.markers import Condition, Ordering

__all__ = ["OPERATORS", "SourceQuery", "check_params", "check_result"]

OPERATORS: Final = frozenset({"^", "", "$", "!", "*!"})
"""The marks behind a parameter list: one row, rows, one value, affected rows, many parameter rows."""

_CHANGES: Final = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE"})
_DRAWS: Final = frozenset({"NEXTVAL", "SETVAL"})
_GIVES_ROWS: Final = frozenset({"SELECT", "VALUES", "RETURNING"})


@dataclass(frozen=True, slots=True)
class SourceQuery:
    """One query as its file writes it.

    `pieces` alternates SQL text and parameter names, starting with text; `lines` tells for each line of that text
    which line of the file it is; `words` are the keywords and names in it, in capitals. All of them are of the whole
    statement, with every line that has a marker: `variants_of` gives the statements that are run. `conditions` and
    `ordering` are its markers.
    """

    namespace: str
    name: str
    operator: str
    header: Annotations
    pieces: tuple[str, ...]
    path: str
    line: int
    engine: str | None
    lines: tuple[int, ...]
    words: frozenset[str]
    conditions: tuple[Condition, ...] = ()
    ordering: Ordering | None = None

    @property
    def full_name(self) -> str:
        """Namespace and name: `orders.get_order`."""
        return f"{self.namespace}.{self.name}"

    @property
    def text(self) -> str:
        """The statement as the file writes it, without comments: parameters as `:name`."""
        return "".join(f":{piece}" if index % 2 else piece for index, piece in enumerate(self.pieces))

    @property
    def params(self) -> tuple[Param, ...]:
        """The parameters, in the order of the list behind the name."""
        return self.header.params

    @property
    def optional(self) -> tuple[str, ...]:
        """The parameters that a caller may leave out, in list order: every line that uses one asks for it."""
        named = {name for condition in self.conditions for name in condition.names}
        return tuple(param.name for param in self.params if param.name in named)

    @property
    def orders(self) -> tuple[str, ...]:
        """The labels of the orders that rows may be asked for in, the default first; empty without `--@order`."""
        return self.ordering.labels if self.ordering is not None else ()

    @property
    def marked(self) -> bool:
        """Whether the query is more than one statement."""
        return bool(self.conditions) or self.ordering is not None

    @property
    def numbered(self) -> tuple[tuple[int, str], ...]:
        r"""The statement line by line, each with its line of the file; a parameter stands between two NULs."""
        text = "".join(f"\0{piece}\0" if index % 2 else piece for index, piece in enumerate(self.pieces))
        return tuple(zip(self.lines, text.split("\n"), strict=True))

    @property
    def returns(self) -> Returns:
        """What the query gives."""
        return self.header.returns

    @property
    def writes(self) -> bool:
        """Whether the statement may change data, take a row lock or draw from a sequence."""
        locks = {"FOR", "SHARE"} <= self.words
        return locks or not _CHANGES.isdisjoint(self.words) or not _DRAWS.isdisjoint(self.words)

    def refuse(self, message: str, *, line: int | None = None) -> QueryFileError:
        """Make the error that names this query's file and line."""
        return QueryFileError(f"{self.name}: {message}", path=self.path, line=self.line if line is None else line)


def check_params(query: SourceQuery, tokens: Sequence[Token]) -> None:
    """Refuse parameters that the list does not name, and names in the list that nothing uses."""
    names = [param.name for param in query.params]
    used = {token.text[1:] for token in tokens if token.kind == "param"}
    for token in tokens:
        if token.kind == "param" and token.text[1:] not in names:
            message = f"parameter {token.text} is not in the parameter list ({', '.join(names)})"
            raise query.refuse(message, line=token.line)
    for name in names:
        if name not in used:
            message = f"parameter {name} is declared but never used"
            raise query.refuse(message)


def check_result(query: SourceQuery) -> None:
    """Refuse a mark that contradicts the statement or its @returns."""
    reason = _count_refusal(query) if query.operator in {"!", "*!"} else _rows_refusal(query)
    if reason is not None:
        raise query.refuse(reason, line=query.returns.line)


def _count_refusal(query: SourceQuery) -> str | None:
    operator, returns = query.operator, query.returns
    if returns.shape is not None or (returns.value is not None and str(returns.value) != "int"):
        return f"`{operator}` counts affected rows: @returns is int or none"
    if _CHANGES.isdisjoint(query.words):
        return f"`{operator}` counts affected rows, but the statement changes none"
    if "RETURNING" in query.words:
        return f"`{operator}` throws the rows of RETURNING away: use ^ or no mark"
    if operator == "*!" and not query.params:
        return "`*!` needs parameters: it runs once per parameter row"
    return None


def _rows_refusal(query: SourceQuery) -> str | None:
    operator, returns = query.operator, query.returns
    if _GIVES_ROWS.isdisjoint(query.words) or ("INSERT" in query.words and _starts_insert_without_rows(query)):
        return "the statement gives no rows: mark it with ! or add RETURNING"
    if returns.shape is None and returns.value is None:
        return "a statement that gives rows returns a DTO or a type, not none"
    if operator == "^" and returns.shape is None:
        return "`^` gives a DTO; for one value use $"
    if operator == "$" and returns.value is None:
        return "`$` gives one value: @returns is a type, for a row use ^"
    return None


def _starts_insert_without_rows(query: SourceQuery) -> bool:
    return query.text.upper().startswith("INSERT") and "RETURNING" not in query.words

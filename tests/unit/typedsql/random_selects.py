"""Random small SELECTs over the bookshop: joins, unions, groups, subqueries and CTEs, most of them full of NULL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hypothesis import strategies as st

__all__ = ["TABLES", "statements"]

TABLES: Final = {
    "authors": ("author_id", "name", "pen_name", "born_year"),
    "shelves": ("shelf_id", "label", "note"),
    "books": ("book_id", "author_id", "shelf_id", "title", "isbn", "price", "sale_price", "pages", "is_listed"),
    "readers": ("reader_id", "name", "email", "referred_by"),
    "sales": ("sale_id", "book_id", "reader_id", "quantity", "discount"),
    "reviews": ("book_id", "reader_id", "stars", "body"),
    "book_cards": ("book_id", "title", "author_name", "shelf_label"),
    "book_totals": ("book_id", "sales", "quantity", "discount"),
    "loose": ("a", "b", "c"),
}
_JOINS: Final = ("INNER JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN", "LEFT JOIN", ",")
_OPERATORS: Final = ("+", "-", "*", "/", "%", "||", "=", "<>", "<", "AND", "OR", "IS", "IS NOT", "LIKE")

Draw = Callable[[st.SearchStrategy], object]


class _Writer:
    """Writes one statement, drawing every choice."""

    def __init__(self, draw: Callable[..., object]) -> None:
        self.draw = draw
        self.aliases = 0

    def choose(self, *options: str) -> str:
        """Draw one of the texts."""
        return str(self.draw(st.sampled_from(options)))

    def chance(self, percent: int) -> bool:
        """Draw yes or no."""
        return int(str(self.draw(st.integers(0, 99)))) < percent

    def alias(self) -> str:
        """Give a new alias."""
        self.aliases += 1
        return f"t{self.aliases}"

    def source(self, depth: int, ctes: dict[str, int]) -> tuple[str, list[str]]:
        """Write one source of a FROM clause, and tell the columns that it gives."""
        alias = self.alias()
        if depth and self.chance(25):
            width = 1 + self.chance(50)
            return f"({self.query(depth - 1, width, [], ctes)}) AS {alias}", [f"{alias}.c{i}" for i in range(width)]
        if ctes and self.chance(40):
            name = self.choose(*ctes)
            return f"{name} AS {alias}", [f"{alias}.c{i}" for i in range(ctes[name])]
        table = self.choose(*TABLES)
        return f"{table} AS {alias}", [f"{alias}.{column}" for column in TABLES[table]]

    def joined(self, depth: int, ctes: dict[str, int]) -> tuple[str, list[str]]:
        """Write a FROM clause."""
        text, columns = self.source(depth, ctes)
        for _ in range(self.choose("0", "1", "1", "2").count("1") + self.chance(20)):
            join = self.choose(*_JOINS)
            if depth and join != "," and self.chance(15):
                inner, more = self.joined(0, ctes)
                other = f"({inner})"
            else:
                other, more = self.source(depth, ctes)
            condition = "" if join in {"CROSS JOIN", ","} else f" ON {self.condition(0, [*columns, *more], ctes)}"
            text = f"{text}{'' if join == ',' else ' '}{join} {other}{condition}"
            columns += more
        return text, columns

    def condition(self, depth: int, columns: list[str], ctes: dict[str, int]) -> str:
        """Write a condition."""
        kind = self.choose("equal", "equal", "equal", "less", "present", "absent", "truth", "in", "and", "or", "not")
        one, two = self.choose(*columns), self.choose(*columns)
        if kind in {"and", "or", "not"} and depth < 2:
            left, right = self.condition(depth + 1, columns, ctes), self.condition(depth + 1, columns, ctes)
            return f"NOT ({left})" if kind == "not" else f"({left} {kind.upper()} {right})"
        return {
            "equal": f"{one} = {two}",
            "less": f"{one} < 2",
            "present": f"{one} IS NOT NULL",
            "absent": f"{one} IS NULL",
            "truth": one,
            "in": f"{one} {self.choose('', 'NOT ')}IN (SELECT pages FROM books)",
        }.get(kind, f"{one} BETWEEN {two} AND 3")

    def value(self, depth: int, columns: list[str], ctes: dict[str, int]) -> str:
        """Write an expression of one row."""
        if depth <= 0 or self.chance(35):
            return self.choose(*columns, *columns, "1", "0", "'x'", "NULL", ":p", ":q", "9e999") if columns else "1"
        one = self.value(depth - 1, columns, ctes)
        two = self.value(depth - 1, columns, ctes)
        kind = self.choose("operator", "coalesce", "case", "else", "cast", "call", "exists", "scalar", "in", "nullif")
        if kind == "operator":
            return f"({one} {self.choose(*_OPERATORS)} {two})"
        if kind == "scalar":
            return f"({self.query(0, 1, columns, ctes)})"
        if kind == "exists":
            return f"EXISTS ({self.query(0, 1, columns, ctes)})"
        return {
            "coalesce": f"coalesce({one}, {two})",
            "case": f"CASE WHEN {one} THEN {two} END",
            "else": f"CASE WHEN {one} THEN {two} ELSE {one} END",
            "cast": f"CAST({one} AS {self.choose('INTEGER', 'TEXT', 'REAL')})",
            "call": f"{self.choose('abs', 'length', 'upper', 'trim', 'round', 'date', 'max', 'min')}({one})",
            "in": f"({one} {self.choose('IN', 'NOT IN')} ({two}, 1))",
        }.get(kind, f"nullif({one}, {two})")

    def query(self, depth: int, width: int, outer: list[str], ctes: dict[str, int]) -> str:
        """Write a SELECT of so many columns, or a set operation of two."""
        if depth and self.chance(20):
            operator = self.choose("UNION", "UNION ALL", "EXCEPT", "INTERSECT")
            left = self.query(depth - 1, width, outer, ctes)
            return f"{left} {operator} {self.query(depth - 1, width, outer, ctes)}"
        text, columns = self.joined(depth, ctes)
        seen = [*columns, *(outer if self.chance(30) else [])]
        mode = self.choose("plain", "plain", "plain", "group", "all", "window")
        keys: list[str] = []
        if mode in {"plain", "window"}:
            items = [self.value(2, seen, ctes) for _ in range(width)]
            if mode == "window":
                call = self.choose("row_number()", "sum({})", "lag({})", "count({})", "min({})")
                items[0] = f"{call.format(self.choose(*columns))} OVER ({self.window(columns)})"
        else:
            keys = [self.choose(*columns)] if mode == "group" else []
            items = [self.aggregate(columns, keys, ctes) for _ in range(width)]
        distinct = "DISTINCT " if self.chance(10) else ""
        listed = ", ".join(f"{item} AS c{i}" for i, item in enumerate(items))
        where = f" WHERE {self.condition(0, seen, ctes)}" if self.chance(60) else ""
        group = f" GROUP BY {', '.join(keys)}" if keys else ""
        return f"SELECT {distinct}{listed} FROM {text}{where}{group}"

    def window(self, columns: list[str]) -> str:
        """Write what stands in OVER."""
        frame = " ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING" if self.chance(30) else ""
        return f"ORDER BY {self.choose(*columns)}{frame}" if self.chance(60) else ""

    def aggregate(self, columns: list[str], keys: list[str], ctes: dict[str, int]) -> str:
        """Write an aggregate, what stands beside one, or a value computed from one."""
        one = self.value(1, columns, ctes)
        kept = f" FILTER (WHERE {self.condition(2, columns, ctes)})" if self.chance(20) else ""
        function = self.choose("sum", "min", "max", "avg", "count", "total", "group_concat", "json_group_array")
        call = f"{function}({one}){kept}"
        return self.choose(call, call, f"coalesce({call}, 0)", f"{call} + 1", "count(*)", one, *keys, *keys)


@st.composite
def statements(draw: Callable[..., object]) -> str:
    """Draw one statement; many of them are refused by SQLite, which is told apart by running them."""
    writer = _Writer(draw)
    ctes: dict[str, int] = {}
    steps: list[str] = []
    for index in range(2 if writer.chance(30) else 0):
        width = 1 + writer.chance(50)
        names = f" ({', '.join(f'c{i}' for i in range(width))})" if writer.chance(50) else ""
        steps.append(f"s{index}{names} AS ({writer.query(1, width, [], ctes)})")
        ctes[f"s{index}"] = width
    if writer.chance(10):
        column = writer.choose("pages", "book_id", "price", "NULL")
        step = writer.choose("c0 + 1", "c0 * 2", "nullif(c0, 2)", "coalesce(c0, 1)", "c0")
        steps.append(f"r (c0) AS (SELECT {column} FROM books UNION SELECT {step} FROM r WHERE c0 < 9)")
        ctes["r"] = 1
    body = writer.query(2, 2, [], ctes)
    return f"WITH {', '.join(steps)} {body}" if steps else body

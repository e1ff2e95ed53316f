"""The real shop's descriptions as a catalogue to search in, and a plain reading of what a search must find in it."""

from __future__ import annotations

import csv
import gzip
import io
import random
import sys
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from lumia.repos.search_text import Term, parse_query
from tests.support import real_year
from tests.support.raw import Raw
from tests.support.rows import NOON, Row, Step, insert, stamped

__all__ = [
    "PARENTS",
    "Item",
    "Naive",
    "Typo",
    "catalogue",
    "descriptions",
    "queries",
    "typos",
    "write_catalogue",
]

ORDER: Final = (
    "categories",
    "locations",
    "products",
    "product_options",
    "option_values",
    "product_variants",
    "inventory",
)
_TOGETHER: Final = 200
COLOURS: Final = ("Red", "Crème", "Royal Blue", "Dark blue", "Straße")
PARENTS: Final = {1: None, 2: 1, 3: 2, 4: 1, 5: None, 6: 5, 7: 3}
"""The categories, each with the one above it."""

HOSTILE: Final = (
    *('"', "''", '" " "', "*", "**", "a*b", "AND", "OR NOT", "NEAR(red tea)", "red AND", "(red", "red)", "words:red"),
    *("^red", "-red", "+", "red & tea", "red | tea", "!red", "red <-> tea", "re:*", "red:A", "\\", "red\\", "'red'"),
    *("{red}", "\0", "re\0d", "\ud800", "red \udfff tea", "%", "_", ";--", "🫖", "re🫖d", "أحمر", "קפה שחור"),
    *("\u202ered\u202c", "\ufb01ne", "\uff32\uff45\uff44", "re\u0301d", "r\u200be\u200cd", "½", "x", "n", "nred"),
    *("o d", "red" * 400, "red " * 400, '"' * 999, "a" * 100_000, "* " * 50_000, "é" * 3_000, "\u0301" * 500),
    *("\ufdfa" * 1_000, "red \t\r\n tea", "RED", "", " "),
)
"""Texts that a query language, a file or a decoder might stumble over."""


@dataclass(frozen=True)
class Item:
    """A product: its texts by field, and what filters ask of its variants (price, stock, colour)."""

    key: int
    name: str
    description: str
    category: int
    is_active: bool
    in_stock: bool
    variants: tuple[tuple[Decimal, str | None], ...]

    @property
    def fields(self) -> tuple[tuple[str, ...], ...]:
        """The texts of name, options and description."""
        colours = tuple(colour for _, colour in self.variants if colour is not None)
        skus = tuple(f"{self.key}-{at}" for at in range(len(self.variants)))
        return (self.name,), (*(("Colour",) if colours else ()), *colours, *skus), (self.description,)


def descriptions() -> list[str]:
    """Every distinct description of the file , as it stands in the file, in their order."""
    with gzip.open(real_year.FILE, "rb") as packed:
        rows = csv.reader(io.TextIOWrapper(packed, encoding="utf-8", newline=""))
        next(rows)
        return sorted({row[2] for row in rows} - {""})


def catalogue(texts: Sequence[str]) -> list[Item]:
    """Make a product of each description; some have a description of others' words, colours, stock, or are drafts."""
    items = []
    for place, text in enumerate(texts):
        price = Decimal(place * 37 % 2000) / 100
        colours: tuple[str | None, ...] = (None,)
        if place % 5 == 0:
            colours = (COLOURS[place % len(COLOURS)], COLOURS[place // 5 % 4 - 4])
            colours = tuple(dict.fromkeys(colours))
        items.append(
            Item(
                key=place + 1,
                name=text,
                description=f"{texts[place * 7 % len(texts)]}, {texts[place * 13 % len(texts)]}" * (place % 3 == 0),
                category=place % len(PARENTS) + 1,
                is_active=place % 11 != 0,
                in_stock=place % 2 == 0,
                variants=tuple((price + at, colour) for at, colour in enumerate(colours)),
            )
        )
    return items


def write_catalogue(raw: Raw, items: Iterable[Item]) -> None:
    """Write the products past the repositories, as an import does, in one transaction."""
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for key, parent in PARENTS.items():
        row = {"category_id": key, "parent_id": parent, "slug": f"c{key}", "name": f"Category {key}", "position": 0}
        rows["categories"].append(stamped(NOON, **row))
    rows["locations"].append(stamped(NOON, location_id=1, name="Main", priority=0, is_active=True))
    for item in items:
        _add(rows, item)
    raw.run("BEGIN")
    for table in ORDER:
        for at in range(0, len(rows[table]), _TOGETHER):
            raw.run(*_together(table, rows[table][at : at + _TOGETHER]))
    raw.run("COMMIT")


def _together(table: str, rows: Sequence[Row]) -> Step:
    sql, _ = insert(table, rows[0])
    head, _, marks = sql.partition(" VALUES ")
    return f"{head} VALUES {', '.join([marks] * len(rows))}", [value for row in rows for value in row.values()]


def _add(rows: Mapping[str, list[Row]], item: Item) -> None:
    key = {"product_id": item.key}
    rows["products"].append(
        stamped(
            NOON,
            **key,
            public_id=UUID(int=item.key),
            category_id=item.category,
            slug=f"p{item.key}",
            name=item.name,
            description=item.description,
            status="active" if item.is_active else "draft",
        )
    )
    if item.variants[0][1] is not None:
        rows["product_options"].append(stamped(NOON, product_option_id=item.key, **key, name="Colour", position=0))
    for at, (price, colour) in enumerate(item.variants):
        number = len(rows["product_variants"]) + 1
        if colour is not None:
            value = {"option_value_id": number, "product_option_id": item.key, "value": colour, "position": at}
            rows["option_values"].append(stamped(NOON, **key, **value))
        rows["product_variants"].append(
            stamped(
                NOON,
                variant_id=number,
                public_id=UUID(int=number),
                **key,
                sku=f"{item.key}-{at}",
                combination_key="" if colour is None else str(number),
                price=price,
                is_goods=True,
                is_active=True,
            )
        )
        if item.in_stock:
            # What can be ordered without being there is available too, and needs no ledger.
            rows["inventory"].append(stamped(NOON, variant_id=number, location_id=1, backorder_limit=5))


# --- a plain reading --------------------------------------------------------------------------------------------------


def naive_words(text: str) -> list[str]:
    """Fold a whole text and split it, in another way than Lumia does."""
    folded = text
    for _ in range(2):
        folded = unicodedata.normalize("NFKD", folded)
        folded = "".join(
            c for c in folded if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"
        ).casefold()
    return [word[:64] for word in "".join(c if c.isalnum() else " " for c in folded).split()]


class Naive:
    """Finds by looking at every word of every product that has the words at all."""

    def __init__(self, items: Sequence[Item]) -> None:
        """Fold every text once."""
        self.items = {item.key: item for item in items if item.is_active}
        self.fields = {
            key: [[naive_words(text) for text in texts] for texts in item.fields] for key, item in self.items.items()
        }
        self.having: dict[str, set[int]] = {}
        for key, fields in self.fields.items():
            for word in {word for texts in fields for words in texts for word in words}:
                self.having.setdefault(word, set()).add(key)
        self.words = sorted(self.having)

    def find(self, text: str, filters: Mapping[str, Any]) -> list[tuple[int, int]]:
        """Give tier and key of each product that a search must find, in order."""
        terms = parse_query(text).terms
        if not terms:
            return []
        keys = set.intersection(*(self._candidates(term) for term in terms))
        found = []
        for key in keys:
            tiers = [_tier(term, self.fields[key]) for term in terms]
            if None not in tiers and _fits(self.items[key], filters):
                found.append((max(tier for tier in tiers if tier is not None), key))
        return sorted(found)

    def _candidates(self, term: Term) -> set[int]:
        *whole, last = term.words
        having = self.having
        ends = [last] if last in having else []
        if term.is_prefix:
            ends = self.words[bisect_left(self.words, last) : bisect_left(self.words, last + chr(sys.maxunicode))]
        return set().union(*(having[word] for word in ends)).intersection(*(having.get(word, set()) for word in whole))


def _tier(term: Term, fields: Sequence[Sequence[Sequence[str]]]) -> int | None:
    size, best = len(term.words), None
    for place, texts in enumerate(fields):
        for words in texts:
            for at in range(len(words) - size + 1):
                piece = tuple(words[at : at + size])
                if piece == term.words:
                    tier = 2 * place
                elif term.is_prefix and piece[:-1] == term.words[:-1] and piece[-1].startswith(term.words[-1]):
                    tier = 2 * place + 1
                else:
                    continue
                best = tier if best is None else min(best, tier)
    return best


def _fits(item: Item, filters: Mapping[str, Any]) -> bool:
    if "category_id" in filters:
        above: int | None = item.category
        while above is not None and above != filters["category_id"]:
            above = PARENTS[above]
        if above is None:
            return False
    colours = filters.get("options", {}).get("Colour")
    return filters.get("in_stock", item.in_stock) == item.in_stock and any(
        filters.get("price_from", price) <= price <= filters.get("price_to", price)
        and (colours is None or colour in colours)
        for price, colour in item.variants
    )


# --- what is asked ----------------------------------------------------------------------------------------------------


def queries(texts: Sequence[str], amount: int, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Draw queries with their filters: words, phrases, begins, mixtures, and texts that nobody means well with."""
    draw = random.Random(seed)  # noqa: S311 - the same in every run
    kinds = Counter(word=4, words=4, phrase=3, begin=4, open=1, mixed=2, hostile=3, noise=2)
    for _ in range(amount):
        (kind,) = draw.choices([*kinds], [*kinds.values()])
        yield _drawn(draw, kind, draw.choice(texts).split()), _filters(draw)


def _drawn(draw: random.Random, kind: str, words: list[str]) -> str:
    start = draw.randrange(len(words))
    word, run = words[start], " ".join(words[start : start + draw.randint(1, 3)])
    match kind:
        case "word":
            return word
        case "words":
            return " ".join(draw.sample(words, min(len(words), draw.randint(2, 4)))).swapcase()
        case "phrase":
            return f'"{run}"'
        case "begin":
            return f"{word[: draw.randint(1, 4)]}* {draw.choice(words)}"
        case "open":
            return f'"{run[:-1]}'
        case "mixed":
            return f'{draw.choice(words)} "{run}" {draw.choice((*COLOURS, "colour", str(draw.randint(1, 4000))))}'
        case "hostile":
            return draw.choice(HOSTILE)
        case _:
            return "".join(chr(draw.choice((draw.randrange(128), draw.randrange(0x110000)))) for _ in range(30)) + word


def _filters(draw: random.Random) -> dict[str, Any]:
    filters: dict[str, Any] = {}
    if draw.random() < 0.2:
        filters["category_id"] = draw.choice([*PARENTS, 99])
    if draw.random() < 0.2:
        filters["price_from"] = Decimal(draw.randrange(1500)) / 100
    if draw.random() < 0.2:
        filters["price_to"] = Decimal(draw.randrange(500, 2100)) / 100
    if draw.random() < 0.2:
        filters["in_stock"] = draw.random() < 0.7
    if draw.random() < 0.1:
        filters["options"] = {"Colour": draw.sample(COLOURS, draw.randint(1, 2))}
    return filters


# --- what is mistyped -------------------------------------------------------------------------------------------------

SLIPS: Final = ("swap", "drop", "double", "replace")


class Typo(NamedTuple):
    """A query with one slip of the hand, and what it would be without."""

    kind: str
    text: str
    meant: str


def typos(naive: Naive, amount: int, seed: int) -> Iterator[Typo]:
    """Draw queries of a word or two with a slip in the first, as many of each kind, that find nothing as they are.

    The words are those of products' names that have four letters and more.
    """
    draw = random.Random(seed)  # noqa: S311 - the same in every run
    words = sorted(
        (word, others)
        for key, fields in naive.fields.items()
        for text in fields[0]
        for word in text
        if len(word) > 3 and word.isascii() and word.isalpha()
        for others in [sorted(set(text) - {word})]
        if naive.items[key].is_active
    )
    vocabulary = sorted({word for word, _ in words})
    beside = {word: others for word, others in words if others}
    made = 0
    while made < amount:
        kind = SLIPS[made % len(SLIPS)]
        word = draw.choice(vocabulary)
        other = f" {draw.choice(beside[word])}" if made % 3 == 0 and word in beside else ""
        slip = _slipped(draw, word, kind)
        if slip not in naive.having and not naive.find(slip + other, {}):
            made += 1
            yield Typo(kind, slip + other, word + other)


def _slipped(draw: random.Random, word: str, kind: str) -> str:
    at = draw.randrange(len(word) - 1)
    match kind:
        case "swap":
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case "drop":
            return word[:at] + word[at + 1 :]
        case "double":
            return word[: at + 1] + word[at:]
        case _:
            return word[:at] + draw.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :]

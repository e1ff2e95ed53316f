"""What a search index holds and how it is asked: documents as rows of words, and queries in a notation of both engines.

A word in the index begins with the letter of the field in which it stands, so that fields need no feature of an engine.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lumia.text import FOLDING, words_of

__all__ = ["GAP", "LEVELS", "MAX_QUERY", "MAX_TERMS", "Document", "Query", "Term", "document_of", "parse_query"]

LEVELS: Final = 6
"""The tiers of a result: name, option and description, each exact before prefix."""

MAX_TERMS: Final = 32
"""How many terms of a query count, and how many words of a phrase; what follows is not looked for."""

MAX_QUERY: Final = 1_000
"""How many code points of a query are read."""

GAP: Final = "x"
"""Stands in the index where no word is: no field has this letter, so nothing finds it and no phrase goes across."""

# What the database keeps of a document: 2 since its words' trigrams are kept too. With another one every document is
# stale, as with other rules of folding, and reindexing writes what is missing.
_KEPT: Final = 2

_FIELDS: Final = "nod"
_QUOTES: Final = frozenset('"\u201c\u201d\u201e')

# PostgreSQL counts positions to 16,383 and keeps 255 of a word, a tsvector is less than 1 MiB. What is beyond is left
# out of the index here, before either engine sees it.
_MAX_POSITION: Final = 16_000
_MAX_REPEATS: Final = 250
_MAX_BYTES: Final = 500_000


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand next to each other, mostly one; the last may be the begin of a longer word."""

    words: tuple[str, ...]
    is_prefix: bool

    def at(self, level: int) -> str:
        """Say in the common notation where the term may stand to count for a level, or a better one."""
        best, also_prefix = divmod(level, 2)
        alternatives = [
            self._in(field, is_prefix=self.is_prefix and (place < best or bool(also_prefix)))
            for place, field in enumerate(_FIELDS[: best + 1])
        ]
        return f"( {' | '.join(alternatives)} )"

    def _in(self, field: str, *, is_prefix: bool) -> str:
        phrase = " <-> ".join(f"'{field}{word}'" for word in self.words)
        return f"( {phrase}{':*' * is_prefix} )"


@dataclass(frozen=True, slots=True)
class Query:
    """A query's terms, of which a product must have every one."""

    terms: tuple[Term, ...]

    @property
    def has_prefix(self) -> bool:
        """Whether some term may be the begin of a word; without one a level says no more than the one before it."""
        return any(term.is_prefix for term in self.terms)

    @property
    def step(self) -> int:
        """How many levels each text of `texts` stands for."""
        return 1 if self.has_prefix else 2

    def texts(self, levels: int = LEVELS) -> tuple[str, ...]:
        """Write the query once for each level, best first, in the common notation: a tsquery.

        FTS5 has other signs for the same: AND, OR, + and *. Words hold letters and digits only, so that the signs can
        be exchanged without looking into them.
        """
        return tuple(" & ".join(term.at(level) for term in self.terms) for level in range(0, levels, self.step))

    def wants(self, word: str) -> bool:
        """Tell whether a folded word of a text is one of those searched for."""
        return any(word in term.words or (term.is_prefix and word.startswith(term.words[-1])) for term in self.terms)


@dataclass(frozen=True, slots=True)
class Document:
    """What the index holds of a product: words with their field's letter, separated by blanks, and their digest."""

    words: str
    digest: bytes


def parse_query(text: str) -> Query:
    """Read a query: words, `"phrases"` and `begin*`; the last word is a begin too, for it may still be typed.

    A word that folds to several, such as `t-shirt`, is a phrase of them. Takes any text: a quote that is not closed
    reaches to the end, everything else that is no letter and no digit separates words. Of a very long query the first
    1,000 code points and the first 32 terms count, of a phrase its first 32 words.
    """
    found: dict[Term, None] = {}
    for piece, is_begin in _pieces(text[:MAX_QUERY]):
        words = tuple(word.text for word in words_of(piece))
        if words:
            # A few letters can fold to hundreds of words; a phrase of them would keep an engine busy for seconds.
            found.setdefault(Term(words[:MAX_TERMS], is_begin and len(words) <= MAX_TERMS))
    return Query(tuple(found)[:MAX_TERMS])


def document_of(names: Iterable[str], options: Iterable[str], descriptions: Iterable[str]) -> Document:
    """Make the document of a product from its name, what is said of its options, and its description.

    Words beyond the 16,000th, beyond half a megabyte, and beyond the 250th of the same in a field are not indexed.
    """
    seen: Counter[str] = Counter()
    words: list[str] = []
    size = 0
    for word in _placed(zip(_FIELDS, (names, options, descriptions), strict=True)):
        size += len(word.encode()) + 1
        if len(words) == _MAX_POSITION or size > _MAX_BYTES:
            break
        seen[word] += 1
        words.append(word if seen[word] <= _MAX_REPEATS else GAP)
    text = " ".join(words)
    return Document(text, hashlib.sha256(f"{FOLDING} {_KEPT} {text}".encode()).digest())


def _placed(fields: Iterable[tuple[str, Iterable[str]]]) -> Iterator[str]:
    for letter, texts in fields:
        for text in texts:
            for word in words_of(text):
                yield letter + word.text
            yield GAP


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    quoted = _split(text)
    for number, piece in enumerate(quoted):
        is_last = number == len(quoted) - 1
        if number % 2:
            # A phrase whose end is not typed yet goes on like a last word.
            yield piece, is_last
        else:
            yield from _single(piece.split(), is_last=is_last)


def _single(words: Sequence[str], *, is_last: bool) -> Iterator[tuple[str, bool]]:
    for place, word in enumerate(words):
        yield word, word.endswith("*") or (is_last and place == len(words) - 1)


def _split(text: str) -> list[str]:
    pieces: list[str] = []
    start = 0
    for place, letter in enumerate(text):
        if letter in _QUOTES:
            pieces.append(text[start:place])
            start = place + 1
    return [*pieces, text[start:]]

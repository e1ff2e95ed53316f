"""What a misspelt query may have meant: words by their trigrams, told apart by the slips of hand between them.

The trigrams are those of PostgreSQL's pg_trgm, but cut and counted alike on every engine, so that all answer alike.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import nsmallest
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

from lumia.repos.search_text import LEVELS, MAX_QUERY, MAX_TERMS, Query, Term, parse_query
from lumia.text import words_of

if TYPE_CHECKING:
    from lumia.dto.search import SearchSpelling

__all__ = [
    "MAX_NEAR",
    "MAX_ROWS",
    "MAX_UNKNOWN",
    "Asked",
    "asked_of",
    "distance",
    "level_of",
    "meant",
    "similarity",
    "trigrams_of",
]

MAX_UNKNOWN: Final = 4
"""How many words of a query are corrected; with more of them wrong nobody can tell what it meant."""

MAX_NEAR: Final = 100
"""How many words are compared letter by letter with a misspelt one: those that share most trigrams with it."""

MAX_ROWS: Final = MAX_TERMS + MAX_UNKNOWN * MAX_NEAR
"""How many rows the answer to an `Asked` has at most."""

_SHORTEST: Final = 3
_SHORT: Final = 5
_CHOICES: Final = 5
_OFFERS: Final = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """The distinct words of a query, how each is looked for, and their trigrams, each beside its word's place."""

    words: tuple[str, ...]
    levels: tuple[str, ...]
    owners: tuple[int, ...]
    trigrams: tuple[str, ...]


class _Near(NamedTuple):
    """A word that may have been meant, the least being the best."""

    distance: int
    unlike: Fraction
    word: str


def trigrams_of(word: str) -> frozenset[str]:
    """Cut a word into pieces of three code points, with two blanks before it and one behind it; repeated ones once."""
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(word) + 1))


def similarity(one: str, other: str) -> Fraction:
    """Give the share of two words' trigrams that both have: 0 none, 1 all; as pg_trgm's `similarity`."""
    left, right = trigrams_of(one), trigrams_of(other)
    return Fraction(len(left & right), len(left | right))


def distance(one: str, other: str, most: int) -> int | None:
    """Count the slips that make one word of the other: a letter dropped, added or changed, or two neighbours swapped.

    No letter is changed twice (Damerau-Levenshtein in its restricted form). None: more than `most` (0 or above).
    """
    if abs(len(one) - len(other)) > most:
        return None
    far = most + 1
    before: list[int] = []
    last = [at if at <= most else far for at in range(len(other) + 1)]
    for row, letter in enumerate(one, start=1):
        line = [far] * (len(other) + 1)
        line[0] = min(row, far)
        # Beyond the diagonal's neighbours no path is short enough.
        for at in range(max(1, row - most), min(len(other), row + most) + 1):
            steps = min(last[at] + 1, line[at - 1] + 1, last[at - 1] + (letter != other[at - 1]))
            if row > 1 and at > 1 and letter == other[at - 2] and one[row - 2] == other[at - 1]:
                steps = min(steps, before[at - 2] + 1)
            line[at] = min(steps, far)
        before, last = last, line
    return last[-1] if last[-1] <= most else None


def asked_of(query: Query) -> Asked | None:
    """Say what to ask the index about a query's words; None where it has more than 32 of them: nobody types that."""
    is_begin: dict[str, bool] = {}
    for term in query.terms:
        for at, word in enumerate(term.words, start=1):
            is_begin[word] = is_begin.get(word, True) and term.is_prefix and at == len(term.words)
    if len(is_begin) > MAX_TERMS:
        return None
    pieces = [
        (place, trigram)
        for place, word in enumerate(is_begin)
        if len(word) >= _SHORTEST
        for trigram in sorted(trigrams_of(word))
    ]
    return Asked(
        words=tuple(is_begin),
        levels=tuple(Term((word,), is_prefix).at(LEVELS - 1) for word, is_prefix in is_begin.items()),
        owners=tuple(place for place, _ in pieces),
        trigrams=tuple(trigram for _, trigram in pieces),
    )


def meant(text: str, asked: Asked, spellings: Iterable[SearchSpelling]) -> tuple[str, ...]:
    """Write a query anew with its unknown words exchanged for near ones: at most ten texts, the likeliest first.

    Fewest slips come first, then the words most alike by their trigrams, then their order. A word of up to five
    letters may have one slip, a longer one two. Without unknown words, or where one is like no other, there is none.
    """
    near: defaultdict[int, list[str]] = defaultdict(list)
    known: set[int] = set()
    for row in spellings:
        if row.is_known:
            known.add(row.place)
        else:
            near[row.place].append(row.word)
    unknown = [place for place in range(len(asked.words)) if place not in known]
    if not 0 < len(unknown) <= MAX_UNKNOWN:
        return ()
    choices = [_nearest(asked.words[place], near[place]) for place in unknown]
    best = nsmallest(_OFFERS, product(*choices), key=_cost)
    wrong = [asked.words[place] for place in unknown]
    texts = (_written(text, dict(zip(wrong, (choice.word for choice in row), strict=True))) for row in best)
    return tuple(text for text in texts if text is not None)


def level_of(text: str) -> str:
    """Write a text as a query that asks whether anything at all is found by it, in the notation of both engines."""
    return parse_query(text).texts()[-1]


def _nearest(word: str, candidates: Sequence[str]) -> list[_Near]:
    most = 1 if len(word) <= _SHORT else 2
    found = [
        _Near(slips, 1 - similarity(word, other), other)
        for other in candidates
        if (slips := distance(word, other, most)) is not None
    ]
    return nsmallest(_CHOICES, found)


def _cost(row: tuple[_Near, ...]) -> tuple[int, Fraction, tuple[str, ...]]:
    return (
        sum(choice.distance for choice in row),
        sum((choice.unlike for choice in row), Fraction(0)),
        tuple(choice.word for choice in row),
    )


def _written(text: str, instead: Mapping[str, str]) -> str | None:
    """Exchange words where they stand; None where one letter stands for several words, which cannot be taken apart."""
    text = text[:MAX_QUERY]
    pieces: list[str] = []
    done = 0
    for word in words_of(text):
        if word.text not in instead:
            continue
        if word.start < done:
            return None
        pieces += (text[done : word.start], instead[word.text])
        done = word.end
    shown = "".join(_shown(letter) for letter in "".join((*pieces, text[done:])))
    return " ".join(shown.split())


def _shown(letter: str) -> str:
    # Control characters and lone surrogates stand between words like a blank, and no page can show them.
    return " " if unicodedata.category(letter) in {"Cc", "Cs"} else letter

"""Text as a search sees it: folded to words without case and accents, each with its place, and cut to a snippet.

Folding is done here and nowhere else, so that every engine indexes and looks for the very same words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

__all__ = ["FOLDING", "MAX_WORD", "Word", "fold", "snippet_of", "words_of"]

FOLDING: Final = 1
"""The version of the rules below; with another one every document is stale and must be folded anew."""

MAX_WORD: Final = 64
"""How many code points of a word count; longer ones are cut, so that no word outgrows what an index can hold."""

_VARIATIONS: Final = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_BEGINS, _GOES_ON, _ENDS = 2, 1, 0


class Word(NamedTuple):
    """A folded word and the code points of the text that it was made of, from `start` to before `end`."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """Take case, accents and compatibility forms away: `Crème` and `CREME` are `creme`, `ﬁ` is `fi`, `ß` is `ss`.

    NFKD, casefold, NFKD; combining marks, format characters and variation selectors are removed. Vowel signs, which
    are letters in all but name, stay. Takes any text; folding twice is folding once.
    """
    return "".join(map(_folded, text))


def words_of(text: str) -> Iterator[Word]:
    """Give the words of a text in their order: runs of letters and digits, folded, at most 64 code points each.

    Takes any text: what is no letter and no digit, such as blanks, signs, emoji, NUL and lone surrogates, stands
    between words.
    """
    letters: list[str] = []
    start = end = 0
    for place, letter in enumerate(text):
        for part, kind in _parts(letter):
            if kind == _BEGINS or (kind == _GOES_ON and letters):
                if not letters:
                    start = place
                letters.append(part)
                end = place + 1
            elif kind == _ENDS and letters:
                yield Word("".join(letters[:MAX_WORD]), start, end)
                letters.clear()
    if letters:
        yield Word("".join(letters[:MAX_WORD]), start, end)


def snippet_of(
    text: str, is_wanted: Callable[[str], bool], *, most: int = 160
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Cut a piece of at most `most` code points (two ellipses aside) around the first wanted word.

    Args:
        text: what to cut from.
        is_wanted: tells of a folded word whether it was searched for.
        most: the length of the piece, from 2 on.

    Returns:
        The piece, with an ellipsis at each side where something was left out, and the places of the wanted words in
        it, each from its first code point to before its end.
    """
    words = list(words_of(text))
    wanted = [word for word in words if is_wanted(word.text)]
    first = wanted[0].start if wanted else 0
    start = 0
    if len(text) > most and first > most // 4:
        # Some words of lead, and no more text left unused at the end than must be.
        earliest = min(first - most // 4, len(text) - most)
        start = next((word.start for word in words if word.start >= earliest and word.start <= first), first)
    end = len(text)
    if end - start > most:
        end = max((word.end for word in words if start < word.end <= start + most), default=start + most)
    before, after = "…" * (start > 0), "…" * (end < len(text))
    shift = len(before) - start
    marks = tuple((word.start + shift, word.end + shift) for word in wanted if start <= word.start and word.end <= end)
    return before + text[start:end] + after, marks


@lru_cache(maxsize=65_536)
def _folded(letter: str) -> str:
    # Letter by letter is the same as the whole text at once: only marks, which go, change places with their neighbours.
    bare = _without_marks(unicodedata.normalize("NFKD", letter))
    return _without_marks(unicodedata.normalize("NFKD", bare.casefold()))


def _without_marks(text: str) -> str:
    return "".join(
        letter
        for letter in text
        if not unicodedata.combining(letter)
        and unicodedata.category(letter) != "Cf"
        and not any(ord(letter) in variations for variations in _VARIATIONS)
    )


@lru_cache(maxsize=65_536)
def _parts(letter: str) -> tuple[tuple[str, int], ...]:
    return tuple((part, _kind(part)) for part in _folded(letter))


def _kind(letter: str) -> int:
    if letter.isalnum():
        return _BEGINS
    return _GOES_ON if unicodedata.category(letter)[0] == "M" else _ENDS

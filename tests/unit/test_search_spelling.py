"""Trigrams, slips of hand, and queries written anew."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumia.dto.search import SearchSpelling
from lumia.repos.search_spelling import MAX_UNKNOWN, asked_of, distance, meant, similarity, trigrams_of
from lumia.repos.search_text import parse_query

WORDS = st.text("abcé", max_size=8)


def plain_distance(one: str, other: str) -> int:
    """The textbook's whole table."""
    table = [[row + at if not row * at else 0 for at in range(len(other) + 1)] for row in range(len(one) + 1)]
    for row in range(1, len(one) + 1):
        for at in range(1, len(other) + 1):
            steps = [
                table[row - 1][at] + 1,
                table[row][at - 1] + 1,
                table[row - 1][at - 1] + (one[row - 1] != other[at - 1]),
            ]
            if row > 1 and at > 1 and one[row - 2 : row] == other[at - 2 : at][::-1]:
                steps.append(table[row - 2][at - 2] + 1)
            table[row][at] = min(steps)
    return table[-1][-1]


def test_trigrams_are_those_of_pg_trgm() -> None:
    """The extension's manual gives these for `cat`; what repeats counts once."""
    assert trigrams_of("cat") == {"  c", " ca", "cat", "at "}
    assert trigrams_of("anana") == {"  a", " an", "ana", "nan", "na "}
    assert similarity("word", "two") == 0
    assert similarity("word", "words") == Fraction(4, 7)


@given(one=WORDS, other=WORDS, most=st.integers(0, 3))
def test_slips_are_counted_up_to_a_bound(one: str, other: str, most: int) -> None:
    """As the textbook counts them, either way round, and not at all beyond the bound."""
    expected = plain_distance(one, other)

    assert distance(one, other, most) == distance(other, one, most) == (expected if expected <= most else None)


def test_too_many_words_or_too_many_unknown_ones_are_not_corrected() -> None:
    """Nobody could tell what was meant, and the work is bounded."""
    many = " ".join(f"word{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(32))
    assert asked_of(parse_query(f'{many} "one more"')) is not None
    assert asked_of(parse_query('"t-a b c d e f" ' + " ".join(f"{at}-{at + 50}" for at in range(31)))) is None
    words = [f"lantren{letter}" for letter in "abcde"]
    asked = asked_of(parse_query(" ".join(words)))
    assert asked is not None
    near = [
        SearchSpelling(place=place, word=f"lantern{letter}", is_known=False) for place, letter in enumerate("abcde")
    ]

    assert meant(" ".join(words), asked, near) == ()
    known = [*near[:MAX_UNKNOWN], SearchSpelling(place=4, word=words[4], is_known=True)]
    assert meant(" ".join(words), asked, known) == ("lanterna lanternb lanternc lanternd lantrene",)


@pytest.mark.parametrize("letter", ["½", "\ufdfa"])
def test_words_that_share_a_letter_are_left_alone(letter: str) -> None:
    """One of them cannot be exchanged without the other."""
    asked = asked_of(parse_query(f"{letter} tepaot"))
    assert asked is not None
    known = [SearchSpelling(place=at, word=word, is_known=True) for at, word in enumerate(asked.words[:-1])]

    offered = meant(
        f"{letter} tepaot", asked, [*known, SearchSpelling(place=len(known), word="teapot", is_known=False)]
    )

    assert offered == (f"{letter} teapot",)

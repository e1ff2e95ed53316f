"""Queries and documents as the index knows them: pure, bounded, and for any text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumia.repos.search_text import GAP, LEVELS, MAX_TERMS, Term, document_of, parse_query

ANY_TEXT = st.text(st.characters(), max_size=300) | st.text("ab\"* -&|'<>:()\0\ud800\u201c\ufdfa", max_size=300)
NOTATION = re.compile(r"(?:[()&|]|<->|'[nod]\w+'(?::\*)?|\s)*")


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("red", [Term(("red",), is_prefix=True)]),
        ("Red  tea", [Term(("red",), is_prefix=False), Term(("tea",), is_prefix=True)]),
        ("re* tea", [Term(("re",), is_prefix=True), Term(("tea",), is_prefix=True)]),
        ('"red tea" cup', [Term(("red", "tea"), is_prefix=False), Term(("cup",), is_prefix=True)]),
        ('cup "red tea"', [Term(("cup",), is_prefix=False), Term(("red", "tea"), is_prefix=False)]),
        ('cup "red te', [Term(("cup",), is_prefix=False), Term(("red", "te"), is_prefix=True)]),
        ("“red tea” ", [Term(("red", "tea"), is_prefix=False)]),
        ("t-shirt", [Term(("t", "shirt"), is_prefix=True)]),
        ("red red red", [Term(("red",), is_prefix=False), Term(("red",), is_prefix=True)]),
        ('" - " & \0 *', []),
        ("", []),
    ],
)
def test_a_query_is_words_phrases_and_begins(text: str, terms: list[Term]) -> None:
    """The last word is a begin, a quote that is not closed a phrase still being typed."""
    assert list(parse_query(text).terms) == terms


def test_a_query_is_written_once_for_each_tier() -> None:
    """Better places first; what is found by one text is found by the next, too."""
    query = parse_query('"a b" c')

    texts = query.texts()

    assert len(texts) == LEVELS
    assert texts[0] == "( ( 'na' <-> 'nb' ) ) & ( ( 'nc' ) )"
    assert texts[1] == "( ( 'na' <-> 'nb' ) ) & ( ( 'nc':* ) )"
    assert texts[2] == "( ( 'na' <-> 'nb' ) | ( 'oa' <-> 'ob' ) ) & ( ( 'nc':* ) | ( 'oc' ) )"
    assert texts[5] == (
        "( ( 'na' <-> 'nb' ) | ( 'oa' <-> 'ob' ) | ( 'da' <-> 'db' ) ) & ( ( 'nc':* ) | ( 'oc':* ) | ( 'dc':* ) )"
    )


def test_a_query_without_a_begin_needs_half_the_texts() -> None:
    """Exact and begin are the same tiers then."""
    query = parse_query('"a b"')

    assert (query.step, len(query.texts())) == (2, 3)


@given(ANY_TEXT)
def test_any_text_is_a_bounded_query_in_the_common_notation(text: str) -> None:
    """Nothing of it but letters and digits comes into the notation, so that nothing can be smuggled into it."""
    query = parse_query(text)

    assert len(query.terms) <= MAX_TERMS
    assert all(1 <= len(term.words) <= MAX_TERMS for term in query.terms)
    assert all(NOTATION.fullmatch(level) for level in query.texts() if query.terms)


def test_a_document_has_fields_in_order_and_gaps_between_texts() -> None:
    """A phrase never goes from one option into another, or from the name into the description."""
    document = document_of(["Red Tea"], ["Size", "Extra large"], ["For two."])

    assert document.words == "nred ntea x osize x oextra olarge x dfor dtwo x"
    assert len(document.digest) == 32


def test_documents_of_other_words_have_other_digests() -> None:
    """So that a stale one is seen; what folds alike is alike."""
    first = document_of(["Red"], [], [])

    assert document_of(["RED"], [], []) == first
    assert document_of(["Red"], [], ["x"]).digest != first.digest


@pytest.mark.parametrize(
    "text",
    [
        "a " * 40_000,
        " ".join(f"{at:x}" for at in range(40_000)),
        "\U00010400" * 40_000,
        "\ufdfa " * 20_000,
        ("é" * 70 + " ") * 9_000,
    ],
    ids=["repeated", "different", "one-word", "expanding", "long-words"],
)
def test_a_document_stays_within_what_the_engines_can_hold(text: str) -> None:
    """PostgreSQL knows 16,383 positions and 255 of a word, and less than 1 MiB in all."""
    words = document_of(["name"], [], [text]).words.split()

    assert len(words) <= 16_000
    assert all(words.count(word) <= 250 for word in set(words[:50]) - {GAP})
    assert sum(len(word.encode()) + 1 for word in words) <= 500_000

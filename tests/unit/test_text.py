"""Folding, words with their places, and snippets: pure, and for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumia.text import MAX_WORD, fold, snippet_of, words_of

ANY_TEXT = st.text(st.characters(), max_size=200)
"""Every code point, lone surrogates too."""


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Crème BRÛLÉE", "creme brulee"),
        ("cre\u0300me", "creme"),
        ("Straße", "strasse"),
        ("\ufb01ne \uff32\uff45\uff44 ½", "fine red 1\u20442"),
        ("ΔΣ ΔΙΣ δις", "δσ δισ δισ"),
        ("so\u00adft zero\u200bwidth", "soft zerowidth"),
        ("İstanbul", "istanbul"),
        ("हिन्दी", "हिनदी"),
        ("العَرَبِيَّة", "العربية"),
        ("", ""),
    ],
)
def test_case_accents_and_forms_are_folded_away(text: str, folded: str) -> None:
    """What a person takes for the same word becomes the same letters; vowel signs are letters and stay."""
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Tea, for TWO!", ["tea", "for", "two"]),
        ("women's t-shirt", ["women", "s", "t", "shirt"]),
        ("a_b", ["a", "b"]),
        ("½", ["1", "2"]),
        ("\0tea\ud800pot\n", ["tea", "pot"]),
        ("🫖tea❤️", ["tea"]),
        ("\u0301\u0302", []),
        ("\u0903a", ["a"]),
        ("a" * 100, ["a" * MAX_WORD]),
    ],
)
def test_words_are_runs_of_letters_and_digits(text: str, words: list[str]) -> None:
    """Everything else stands between them; a long word is cut."""
    assert [word.text for word in words_of(text)] == words


@given(ANY_TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    """So that what was folded before is found again."""
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT)
def test_words_are_those_of_the_folded_text_and_know_their_places(text: str) -> None:
    """A piece cut at a word's place holds that word, whatever else its letters stand for."""
    words = list(words_of(text))

    assert [word.text for word in words] == [word.text for word in words_of(fold(text))]
    for word in words:
        assert word.text in {found.text for found in words_of(text[word.start : word.end])}
        assert word.text
        assert not set(word.text) & set(" '\"&|!<>:*()\\\0")


@given(ANY_TEXT)
def test_no_word_holds_what_an_index_would_change(text: str) -> None:
    """Of ASCII small letters and digits only, so that a tokenizer for ASCII leaves every word as it is."""
    for word in words_of(text):
        assert all(not letter.isascii() or letter in "abcdefghijklmnopqrstuvwxyz0123456789" for letter in word.text)


def test_a_short_text_is_its_own_snippet_with_marks() -> None:
    """The marks are places in the text as it was written."""
    piece, marks = snippet_of("Crème brûlée", lambda word: word == "brulee")

    assert (piece, marks) == ("Crème brûlée", ((6, 12),))
    assert piece[6:12] == "brûlée"


def test_a_long_text_is_cut_around_the_first_wanted_word() -> None:
    """With words of lead, and an ellipsis where something was left out."""
    text = "one two three " * 30 + "teapot and more " * 30

    piece, marks = snippet_of(text, lambda word: word == "teapot", most=60)

    assert piece.startswith("…")
    assert piece.endswith("…")
    assert len(piece) <= 62
    assert [piece[start:end] for start, end in marks] == ["teapot"] * len(marks)
    assert marks


def test_a_text_without_a_wanted_word_is_cut_at_its_begin() -> None:
    """At the end of a word."""
    piece, marks = snippet_of("one two three " * 30, lambda _: False, most=10)

    assert (piece, marks) == ("one two…", ())


@given(ANY_TEXT, ANY_TEXT, st.integers(2, 60))
def test_any_text_gives_a_snippet_whose_marks_are_wanted_words(text: str, wanted: str, most: int) -> None:
    """Never longer than asked for, and never raising."""
    words = {word.text for word in words_of(wanted)} | {word.text for word in list(words_of(text))[5:6]}

    piece, marks = snippet_of(text, words.__contains__, most=most)

    assert len(piece) <= most + 2
    for start, end in marks:
        assert 0 <= start < end <= len(piece)
        assert words & {word.text for word in words_of(piece[start:end])}

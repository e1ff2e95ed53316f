"""Card numbers: found however they are written, masked wherever they stand, and nothing else touched."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumia.dto.cards import MAX_PAYLOAD, holds_card_number, mask_card_numbers, masked_json
from lumia.errors import InvalidValue

GAPS: Final = ("", " ", "-", "  ", " - ", "\u00a0", "\u2013", "\t", ".", "/", "_", "|", "\u00b7", "\u2028")


def _check_digit(body: str) -> str:
    """The last digit that makes a number's Luhn sum a multiple of ten; written apart from the code under test."""
    total = 0
    for at, digit in enumerate(reversed(body)):
        doubled = int(digit) * 2 if at % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    """A number of 13 to 19 digits with a right check digit."""
    body = draw(st.text("0123456789", min_size=12, max_size=18))
    return body + _check_digit(body)


@st.composite
def written_cards(draw: st.DrawFn) -> tuple[str, str]:
    """A card number, and the same with spaces, dashes or another sign between some of its digits."""
    number = draw(card_numbers())
    gaps = draw(st.lists(st.sampled_from(GAPS), min_size=len(number) - 1, max_size=len(number) - 1))
    return number, "".join(digit + gap for digit, gap in zip(number, [*gaps, ""], strict=True))


@st.composite
def texts_with_cards(draw: st.DrawFn) -> tuple[str, str]:
    """A text with a card number in it, that no other digit touches."""
    number, written = draw(written_cards())
    before = draw(st.text(max_size=20).filter(lambda text: not text[-1:].isdecimal()))
    after = draw(st.text(max_size=20).filter(lambda text: not text[:1].isdecimal()))
    return number, before + written + after


def _digits(text: str) -> str:
    return re.sub(r"[^0-9*]", "", text)


def _strings(content: Any) -> list[str]:
    if isinstance(content, str):
        return [content]
    if isinstance(content, dict):
        return [text for pair in content.items() for part in pair for text in _strings(part)]
    return [text for part in content for text in _strings(part)] if isinstance(content, list) else []


@given(texts_with_cards())
def test_no_card_number_survives_in_a_text(given_text: tuple[str, str]) -> None:
    """However it is grouped and whatever stands around it, only its last four digits can be left."""
    number, text = given_text

    masked = mask_card_numbers(text)

    assert holds_card_number(text)
    assert not holds_card_number(masked)
    assert number not in _digits(masked)
    assert len(masked) == len(text)


@given(
    texts_with_cards(),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    ),
    st.lists(st.sampled_from(["value", "key", "list"]), max_size=4),
    st.sampled_from(["escaped", "as it is"]),
)
def test_no_card_number_survives_in_json(
    given_text: tuple[str, str], beside: Any, nesting: list[str], ascii_only: str
) -> None:
    """In values and keys, as deep as it may stand, escaped or not."""
    number, text = given_text
    content: Any = {text: beside} if "key" in nesting else [text, beside]
    for step in nesting:
        content = [content] if step == "list" else {f"{step}s": content}

    masked = masked_json(json.dumps(content, ensure_ascii=ascii_only == "escaped"))

    found = _strings(json.loads(masked))
    assert not any(holds_card_number(string) for string in found)
    assert not any(number in _digits(string) for string in found)


@given(texts_with_cards(), st.integers(1, 3), st.booleans())
def test_no_card_number_survives_in_json_within_json(
    given_text: tuple[str, str],
    depth: int,
    escaped: bool,  # noqa: FBT001 - drawn
) -> None:
    """Two groups with an escaped sign between them, in a string that is JSON itself, were not seen as one number."""
    number, text = given_text
    packed = json.dumps({"of": [text]}, ensure_ascii=escaped)
    for _ in range(depth):
        packed = json.dumps({"body": packed}, ensure_ascii=escaped)

    masked = json.loads(masked_json(packed))

    for _ in range(depth):
        masked = json.loads(masked["body"])
    assert not holds_card_number(masked["of"][0])
    assert number not in _digits(masked["of"][0])


@given(
    st.recursive(
        st.integers() | st.floats(allow_nan=False, allow_infinity=False) | card_numbers().map(int),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc_", max_size=5), inner, max_size=4),
        max_leaves=20,
    )
)
def test_json_without_card_numbers_in_its_strings_stays_byte_for_byte(content: Any) -> None:
    """Ids and timestamps as numbers keep every digit, right check digit or not."""
    text = json.dumps({"of": content})

    assert masked_json(text) == text


@given(st.from_regex(r"\A-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?\Z"))
def test_a_number_keeps_its_digits(number: str) -> None:
    """Neither an amount's last zero nor a long id is rewritten."""
    text = f'{{"amount": {number}, "created": 1732308153000}}'

    assert masked_json(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4111111111111111", "************1111"),
        ("4111 1111 1111 1111", "**** **** **** 1111"),
        ("card 4111-1111-1111-1111, thanks", "card ****-****-****-1111, thanks"),
        ("2 4111111111111111", "2 ************1111"),
        ("4111111111111112", "4111111111111112"),
        ("41111111111111111111", "41111111111111111111"),
        ("411111111111", "411111111111"),
        ("\u0664111111111111111", "************1111"),
        ("4111.1111.1111.1111", "****.****.****.1111"),
        ("4111/1111_1111\u00b71111", "****/****_****\u00b71111"),
        ("4111..1111..1111..1111", "4111..1111..1111..1111"),
        ("4111x1111x1111x1111", "4111x1111x1111x1111"),
        ("", ""),
    ],
)
def test_a_number_is_masked_to_its_last_four(text: str, masked: str) -> None:
    """What is no card number stays: a wrong check digit, twelve digits or twenty."""
    assert mask_card_numbers(text) == masked


@pytest.mark.parametrize("number", ["4222222222222", "4111111111111111", "6304000000000000000"[:19]])
def test_the_shortest_and_the_longest_are_found(number: str) -> None:
    """Thirteen digits and nineteen are numbers too."""
    valid = number[:-1] + _check_digit(number[:-1])

    assert holds_card_number(valid)
    assert not holds_card_number(valid[:-1] + str((int(valid[-1]) + 1) % 10))


@pytest.mark.parametrize("text", ["", "4111", '"4111111111111111"', "null", "{", '{"a": NaN}', "[" * 100_000])
def test_what_is_no_object_or_array_is_refused(text: str) -> None:
    """What is stored is JSON that can be read again, and an event's payload is no bare value."""
    with pytest.raises(InvalidValue, match="payload"):
        masked_json(text)


def test_a_payload_has_a_longest_length() -> None:
    """At the border it is kept, one character more is refused."""
    longest = json.dumps(["a" * (MAX_PAYLOAD - 4)])

    assert masked_json(longest) == longest
    with pytest.raises(InvalidValue, match="at most"):
        masked_json(longest + " ")

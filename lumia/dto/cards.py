"""Card numbers: found in texts by their check digit, and masked in JSON before it is stored.

A card number here is a number of 13 to 19 digits whose Luhn check digit is right, written in one piece or in groups
with something between them: any number of spaces and dashes, or a single sign of another kind that is neither letter
nor digit. Everything here is pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final

from lumia.errors import InvalidValue

__all__ = ["MAX_PAYLOAD", "holds_card_number", "mask_card_numbers", "masked_json"]

MAX_PAYLOAD: Final = 100_000
"""The longest JSON text, in characters, that is kept of what a provider told."""

_LEAST: Final = 13
_MOST: Final = 19
_KEPT: Final = 4
# White space, the dashes of Unicode, the minus sign and the invisible characters that a copied number may bring along.
# Of everything else one sign: "4111.1111", "4111/1111", "4111_1111".
_GAP: Final = r"(?:[\s\-\u00ad\u058a\u2010-\u2015\u200b-\u200d\u2043\u2060\u2212\ufe58\ufe63\ufeff\uff0d]*|[\W_])"
_GROUP: Final = re.compile(r"\d+")
_NUMBER: Final = re.compile(rf"\d(?:{_GAP}\d){{{_LEAST - 1},}}")
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')


def holds_card_number(text: str) -> bool:
    """Tell whether a text holds a card number, or one that its groups of digits make together."""
    return any(True for match in _NUMBER.finditer(text) for _ in _cards(match.group()))


def mask_card_numbers(text: str) -> str:
    """Replace every digit of every card number in a text by `*`, but the last four; the text keeps its length."""
    # Again, until nothing is left: the four digits that are kept may make a number with those that follow.
    while holds_card_number(text):
        text = _NUMBER.sub(lambda match: _masked(match.group()), text)
    return text


def masked_json(text: str) -> str:
    """Mask the card numbers in the strings of a JSON text, the keys among them, however deep they stand.

    A string that is JSON itself is masked as such first: an escape in it may stand for a sign between two groups.

    Everything outside of the strings stays byte for byte as it is: a number keeps its digits, and is never taken for a
    card's, for one millisecond timestamp in ten has a right check digit.

    Raises:
        InvalidValue: the text is no JSON object or array, or has more than `MAX_PAYLOAD` characters.
    """
    if len(text) > MAX_PAYLOAD:
        message = f"payload: give at most {MAX_PAYLOAD} characters"
        raise InvalidValue(message)
    try:
        content = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        message = "payload: give JSON"
        raise InvalidValue(message) from None
    if not isinstance(content, (dict, list)):
        message = "payload: give a JSON object or array"
        raise InvalidValue(message)
    return _STRING.sub(lambda match: _masked_string(match.group()), text)


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _masked_string(token: str) -> str:
    # Decoded first: an escape may stand for a digit or a dash.
    text: str = json.loads(token, strict=False)
    masked = mask_card_numbers(
        _STRING.sub(lambda match: _masked_string(match.group()), text) if _is_json(text) else text
    )
    return token if masked == text else json.dumps(masked)


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[", '"')):
        return False
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def _masked(number: str) -> str:
    hidden = {at for card in _cards(number) for at in card[:-_KEPT]}
    return "".join("*" if at in hidden else sign for at, sign in enumerate(number))


def _cards(number: str) -> Iterator[Sequence[int]]:
    """Give the positions of the digits of each card number that whole groups of `number` make, one after the other."""
    groups = [range(match.start(), match.end()) for match in _GROUP.finditer(number)]
    for first in range(len(groups)):
        places: list[int] = []
        for group in groups[first:]:
            places.extend(group)
            if len(places) > _MOST:
                break
            if len(places) >= _LEAST and _checks([int(number[at]) for at in places]):
                yield tuple(places)


def _checks(digits: Sequence[int]) -> bool:
    odd, even = digits[::-1][::2], digits[::-1][1::2]
    return (sum(odd) + sum(sum(divmod(2 * digit, 10)) for digit in even)) % 10 == 0

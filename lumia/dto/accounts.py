"""How customers log in: passwords and tokens as they come in, sessions as they are kept and shown."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr

from lumia.dto.base import FrozenRow, InputModel
from lumia.dto.customers import Customer
from lumia.dto.emails import StorableEmail
from lumia.types import UtcDatetime

__all__ = [
    "AccountToken",
    "Credential",
    "Login",
    "NewPassword",
    "NewSession",
    "OldPassword",
    "SecretToken",
    "Session",
    "SessionCustomer",
]

SHORTEST_PASSWORD: Final = 8
"""NIST SP 800-63B asks for at least 8 characters of a password that a person chose."""

LONGEST_PASSWORD: Final = 1000
"""Far beyond the 64 that NIST SP 800-63B wants to be possible, and short enough to be hashed at no cost."""

_LONGEST_TOKEN: Final = 200


def _text_of(value: SecretStr, most: int) -> str:
    text = value.get_secret_value()
    # Before anything is computed from it: whoever sends megabytes is refused for nothing.
    if not 1 <= len(text) <= most:
        message = f"needs 1 to {most} characters"
        raise ValueError(message)
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        message = "must not hold a NUL character or lone surrogates"
        raise ValueError(message)
    return text


def _checked_password(value: SecretStr) -> SecretStr:
    # NFKC, as NIST SP 800-63B says: the same keys give the same password on every keyboard and system. One code point
    # can become eighteen there, so what comes out is bounded as well: it is what will be hashed.
    text = unicodedata.normalize("NFKC", _text_of(value, LONGEST_PASSWORD))
    return SecretStr(_text_of(SecretStr(text), LONGEST_PASSWORD))


def _checked_new_password(value: SecretStr) -> SecretStr:
    kept = _checked_password(value)
    if password_length(value, kept) < SHORTEST_PASSWORD:
        message = f"needs at least {SHORTEST_PASSWORD} characters"
        raise ValueError(message)
    return kept


def password_length(typed: str | SecretStr, kept: SecretStr) -> int:
    """Count the code points of a password as it was typed and as it is kept in NFKC, and give the smaller number.

    A ligature is no word, and eight code points that NFKC puts together to four letters are four letters.
    """
    text = typed.get_secret_value() if isinstance(typed, SecretStr) else typed
    return min(len(text), len(kept.get_secret_value()))


def _checked_token(value: SecretStr) -> SecretStr:
    _text_of(value, _LONGEST_TOKEN)
    return value


Password = Annotated[SecretStr, AfterValidator(_checked_password)]
"""A password to be compared: 1 to 1,000 code points, as typed and in NFKC alike; shown as asterisks."""

ChosenPassword = Annotated[SecretStr, AfterValidator(_checked_new_password)]
"""A password to be kept: 8 to 1,000 code points of any kind, blanks included, as typed and in NFKC alike."""

Token = Annotated[SecretStr, AfterValidator(_checked_token)]
"""A token as it came back from a browser or a mail; shown as asterisks."""


class Login(InputModel):
    """Who wants in, and with which password."""

    email: StorableEmail
    password: Password


class NewPassword(InputModel):
    """A password to set."""

    password: ChosenPassword


class OldPassword(InputModel):
    """A password to be compared with the one that is kept."""

    password: Password


class SecretToken(InputModel):
    """A token as somebody brought it back."""

    token: Token


class Credential(FrozenRow):
    """What a customer's password is checked against."""

    customer_id: int
    password_hash: str = Field(repr=False)
    """argon2id with its parameters and salt."""


class AccountToken(FrozenRow):
    """Whose token it is, and the key of the address that it was sent to."""

    customer_id: int
    email_key: str


class Session(FrozenRow):
    """A customer's session, which ends at `expires_at`, and earlier when it is left alone or revoked."""

    session_id: int
    customer_id: int
    last_seen_at: UtcDatetime
    expires_at: UtcDatetime
    created_at: UtcDatetime


class NewSession(Session):
    """A session that has just begun, with its token."""

    token: str = Field(repr=False)
    """For the customer's browser; it is shown only now, its hash is all that is kept."""


class SessionCustomer(Customer):
    """The customer of a session, and the session itself."""

    session_id: int
    last_seen_at: UtcDatetime
    """When the session was last seen, to a twentieth of the time that it may be left alone."""
    session_expires_at: UtcDatetime

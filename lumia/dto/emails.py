"""E-mail addresses: kept as typed, compared by a key that is computed here and nowhere else."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Final

import idna
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field

from lumia.errors import InvalidValue
from lumia.types import SafeText

__all__ = ["EmailAddress", "StorableEmail", "email_key"]

_LONGEST: Final = 254


def email_key(email: str) -> str:
    """Give the key that two spellings of one address share: local part folded, domain in its ASCII (IDNA) form.

    Folding is Unicode's canonical caseless matching, so that it does not matter how an accent or a capital was typed.
    The one dot that may end a domain (the root's, `a@b.com.`) is left out: it leads to the same mailbox. Raises
    `InvalidValue` for what has no `@` with text on both sides, a domain that IDNA refuses, or a key that is longer than
    254 characters.
    """
    local, at, domain = email.rpartition("@")
    if not (local and at and domain):
        raise _refused()
    try:
        ascii_domain = idna.encode(domain, uts46=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise _refused() from None
    key = f"{_folded(local)}@{ascii_domain.lower().removesuffix('.')}"
    if len(key) > _LONGEST:
        raise _refused()
    return key


def _folded(text: str) -> str:
    # Decomposed first: a few marks fold to letters, and only in this form do they stand where folding sees them.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


def _refused() -> InvalidValue:
    return InvalidValue("email: give an address of the form name@domain of at most 254 characters")


def _checked_storable(value: str) -> str:
    try:
        email_key(value)
    except InvalidValue as error:
        raise ValueError(str(error)) from None
    return value


def _checked_deliverable(value: str) -> str:
    try:
        validate_email(value, check_deliverability=False)
    except EmailNotValidError:
        # The validator's own sentence may quote parts of the address.
        message = "not a valid e-mail address, or of a domain that can never receive mail"
        raise ValueError(message) from None
    return value


StorableEmail = Annotated[SafeText, Field(min_length=3, max_length=_LONGEST), AfterValidator(_checked_storable)]
"""Any address that can be stored and compared, also of the reserved `.invalid` domain that imports use."""

EmailAddress = Annotated[StorableEmail, AfterValidator(_checked_deliverable)]
"""An address that mail could be sent to, kept as typed (in NFC); nothing is looked up on a network."""

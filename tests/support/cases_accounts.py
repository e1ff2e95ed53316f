"""Cases of what customers log in with: the form of a hash, and ends that stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lumia.errors import IllegalTransition
from tests.support.cases import Case, accepted, refused
from tests.support.cases_orders import changed
from tests.support.rows import LATER, NOON, Step

__all__ = ["ACCOUNT_CASES"]

START: Final = "$argon2id$"


def _hash_cases() -> Iterator[Case]:
    rule, table = "credentials_password_hash_form", "credentials"
    for label, text in (("shortest", f"{START}!"), ("longest", START + "~" * 490)):
        yield accepted(rule, label, table, {"password_hash": text})
    for label, text in (
        ("in-clear", "correct horse battery staple"),
        ("another-kind", "$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA"),
        ("upper-case", "$ARGON2ID$v=19"),
        ("nothing-after-it", START),
        ("empty", ""),
        ("blank", f"{START}a b"),
        ("blank-first", f" {START}ab"),
        ("not-ascii", f"{START}é"),
        ("control", f"{START}a\x7f"),
        ("line-end", f"{START}ab\n"),
        ("too-long", START + "~" * 491),
    ):
        yield refused(rule, label, table, {"password_hash": text})
    guards = {"sqlite": (rule,), "postgresql": ()}
    yield refused(rule, "nul", table, {"password_hash": f"{START}ab\0"}, postgresql=None, guards=guards)


def _final_cases() -> Iterator[Case]:
    for rule, table, column in (
        ("sessions_revoked_final", "sessions", "revoked_at"),
        ("account_tokens_used_final", "account_tokens", "used_at"),
    ):

        def step(
            value: object, table: str = table, column: str = column, *, dated: bool = table == "sessions"
        ) -> tuple[Step, ...]:
            if dated:
                return changed(table, "customer_id = 2", **{column: value})
            return ((f"UPDATE {table} SET {column} = ? WHERE customer_id = 2", (value,)),)

        yield refused(rule, "open-again", steps=(*step(NOON), *step(None)), error=IllegalTransition)
        yield accepted(rule, "ended", steps=step(NOON))
        yield accepted(rule, "ended-again", steps=(*step(NOON), *step(LATER)))
        yield accepted(rule, "still-open", steps=step(None))


ACCOUNT_CASES: Final[tuple[Case, ...]] = (*_hash_cases(), *_final_cases())
"""Every case of a rule on credentials, sessions and tokens."""

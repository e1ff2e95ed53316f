"""Builders of valid rows of what customers log in with."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.support.rows import Row, stamped

__all__ = ["a_credential", "a_session", "a_token"]


def a_credential(customer: int, at: datetime) -> Row:
    """What a customer's password is checked against."""
    return stamped(
        at,
        customer_id=customer,
        password_hash=f"$argon2id$v=19$m=8,t=1,p=1${'A' * 22}${'A' * 43}",
        failed_attempts=0,
        locked_until=at,
    )


def a_session(number: int, customer: int, at: datetime) -> Row:
    """A customer's session."""
    return stamped(
        at,
        session_id=number,
        customer_id=customer,
        token_hash=number.to_bytes(32),
        last_seen_at=at,
        expires_at=at + timedelta(days=1),
        revoked_at=None,
    )


def a_token(number: int, customer: int, at: datetime) -> Row:
    """A token that nobody has used."""
    return {
        "account_token_id": number,
        "customer_id": customer,
        "kind": "verify_email",
        "token_hash": number.to_bytes(32),
        "email_key": f"person{customer}@example.com",
        "created_at": at,
        "expires_at": at + timedelta(days=1),
        "used_at": None,
    }

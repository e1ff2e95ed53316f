"""The queries of accounts, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lumia.dto.accounts import AccountToken, Credential
from lumia.dto.customers import Customer
from lumia.typedsql import UNSET, Unset
from lumia.types import AccountTokenKind

__all__ = ["AccountsQueries"]


class AccountsQueries(Protocol):
    """The queries of accounts.sql."""

    def accept_login(self, *, customer_id: int, seen_hash: str, password_hash: str, now: datetime) -> int:
        """Forget the refused attempts of a customer whose password was right, unless it was changed or locked
        meanwhile.

        accounts.sql:1
        """
        ...

    def count_failed_login(
        self,
        *,
        customer_id: int,
        now: datetime,
        until_fifth: datetime,
        until_sixth: datetime,
        until_seventh: datetime,
        until_eighth: datetime,
        until_later: datetime,
    ) -> None:
        """Count a wrong password; from the fifth on each one locks for longer. What comes while it is locked is
        not counted.

        accounts.sql:26
        """
        ...

    def delete_dead_account_tokens(self, *, email_key: str, kind: AccountTokenKind, now: datetime) -> None:
        """Remove the tokens of a registered customer's address that have run out.

        accounts.sql:52
        """
        ...

    def delete_open_account_tokens(self, *, customer_id: int, kind: AccountTokenKind) -> None:
        """Remove a customer's tokens of a kind that nobody has used.

        accounts.sql:69
        """
        ...

    def get_account_token(self, *, token_hash: bytes, kind: AccountTokenKind, now: datetime) -> AccountToken | None:
        """A token that can still be used.

        accounts.sql:80
        """
        ...

    def get_credential(self, *, customer_id: int) -> Credential | None:
        """What a customer's password is checked against.

        accounts.sql:96
        """
        ...

    def get_credential_by_email_key(self, *, email_key: str) -> Credential | None:
        """What the password of a registered customer's address is checked against.

        accounts.sql:107
        """
        ...

    def insert_reset_token(
        self, *, email_key: str, token_hash: bytes, most: int, expires_at: datetime, now: datetime
    ) -> int:
        """Add a token to reset the password of an address, if an active customer has it and holds fewer than that
        many.

        accounts.sql:120
        """
        ...

    def insert_verification_token(
        self, *, customer_id: int, token_hash: bytes, expires_at: datetime, now: datetime
    ) -> int:
        """Add a token to verify the address that a registered, active customer has now.

        accounts.sql:158
        """
        ...

    def lock_credential(self, *, customer_id: int) -> Credential | None:
        """Lock a customer and what their password is checked against, in this order, and read it anew.

        accounts.postgresql.sql:1 and accounts.sqlite.sql:1
        """
        ...

    def lock_registered(self, *, email_key: str) -> int | None:
        """Lock the registered customer of an address, if there is one.

        accounts.postgresql.sql:15 and accounts.sqlite.sql:14
        """
        ...

    def mark_token_used(self, *, token_hash: bytes, kind: AccountTokenKind, now: datetime) -> AccountToken | None:
        """Use a token up; of several callers at once one gets it.

        accounts.sql:188
        """
        ...

    def mark_verified(self, *, customer_id: int, email_key: str, now: datetime) -> Customer | None:
        """Mark a customer's address as theirs, if it is still the one that was written to.

        accounts.sql:205
        """
        ...

    def put_credential(
        self, *, customer_id: int, email_key: str | Unset = UNSET, password_hash: str, now: datetime
    ) -> int:
        """Give a registered, active customer a password, whatever it was before; with an address only while it is
        theirs.

        accounts.sql:236
        """
        ...

    def renew_hash(self, *, customer_id: int, seen_hash: str, password_hash: str, now: datetime) -> None:
        """Keep a password's stronger hash, unless the password or its hash was changed meanwhile.

        accounts.sql:270
        """
        ...

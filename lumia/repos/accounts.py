"""How customers log in: passwords, sessions, and tokens that prove an address or reset a password."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import SecretStr

from lumia.dto.accounts import (
    Credential,
    Login,
    NewPassword,
    NewSession,
    OldPassword,
    SecretToken,
    Session,
    SessionCustomer,
    password_length,
)
from lumia.dto.base import checked_id, validated
from lumia.dto.customers import Customer, EmailLookup
from lumia.dto.emails import email_key
from lumia.errors import InvalidValue, LoginRefused, LumiaError, NotFound
from lumia.repos.base import Repository, found
from lumia.typedsql import compose, prepare
from lumia.types import AccountTokenKind

if TYPE_CHECKING:
    from lumia.repos.context import Context

ResultT = TypeVar("ResultT")

__all__ = ["MAX_RESET_TOKENS", "WAITS", "Accounts"]

WAITS: Final = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 480, 1800, 3600))
"""How long the fifth wrong password in a row keeps everybody out, the sixth, ..., the ninth and each one after it."""

MAX_RESET_TOKENS: Final = 5
"""How many unused tokens to reset one password there may be."""

_NOBODY: Final = 0
"""No customer's key."""


class Accounts(Repository):
    """What customers log in with. Passwords and tokens never stand in an error, a repr or the database.

    Passwords are hashed and compared outside of the writing transactions, so that nobody waits for it. What somebody
    logs in with is locked in one order: the customer's row, then the password, the tokens and the sessions.
    """

    # --- sessions -----------------------------------------------------------------------------------------------------

    def authenticate(self, email: str, password: str | SecretStr) -> NewSession:
        """Begin a session for whoever knows an address and its password. Five statements, three when it is refused.

        The session's token is shown only now. It lasts `AccountOptions.session_lifetime`, less if it is left alone for
        `session_idle`. A hash weaker than the options ask for is replaced afterwards, by a statement of its own: that
        it fails changes nothing. Whom another log-in's replacement overtakes is looked at once more.

        From the fifth wrong password in a row on, each one keeps everybody out of the account for longer: 30 seconds,
        2, 8 and 30 minutes, then an hour each time. Until then also the right one is refused, and nothing is counted. A
        reset is possible all the time and ends it.

        Raises `LoginRefused`, the same and after the same hashing and as many statements, for an unknown address, a
        wrong password, one that comes while the account is locked, and an inactive customer; `InvalidValue` for what is
        no address or no password.

        Inside a transaction of yours a refusal is only counted if you catch it there.
        """
        login = validated(Login, email=email, password=password)
        key = email_key(login.email)
        token = self._context.accounts.tokens()

        def read() -> Credential | None:
            return self._context.q.accounts.get_credential_by_email_key(email_key=key)

        def begin(unit: Context, credential: Credential, now: datetime) -> Session | None:
            if not _accepted(unit, credential, credential.password_hash, now):
                return None
            options, customer_id = unit.accounts, credential.customer_id
            _, session = unit.q.pipeline(
                (
                    prepare(
                        unit.q.sessions.delete_dead_sessions,
                        customer_id=customer_id,
                        seen_after=now - options.session_idle,
                        now=now,
                    ),
                    prepare(
                        unit.q.sessions.insert_session,
                        customer_id=customer_id,
                        token_hash=_hash(token),
                        expires_at=now + options.session_lifetime,
                        now=now,
                    ),
                )
            )
            return session

        credential, session = self._proven(read, login.password, begin)
        if credential is None or session is None:
            message = "the address or the password is wrong, or was too often: wait, or reset the password"
            raise LoginRefused(message)
        self._renew(credential, login.password)
        return compose(NewSession, session, token=token)

    def by_session(self, token: str | SecretStr, *, touch: bool = True) -> SessionCustomer:
        """Read the customer of a session's token. One or two statements.

        Being seen is written down, which the second statement does, once in a twentieth of the time that a session may
        be left alone; `touch=False` never does, nor does a read-only transaction. Raises `NotFound` for a token that is
        unknown, revoked or has run out (it has at the very instant), and for a customer who is inactive; `InvalidValue`
        for what can be no token.
        """
        key = validated(SecretToken, token=token).token
        now, idle = self._context.now(), self._context.accounts.session_idle
        row = found(
            self._context.q.sessions.get_session_customer(
                token_hash=_hash(key.get_secret_value()), seen_after=now - idle, now=now
            ),
            "no session with this token is open: log in again",
        )
        if not touch or not self._context.may_write or now - row.last_seen_at < idle / 20:
            return row
        with self._context.unit(write=True) as unit:
            unit.q.sessions.mark_session_seen(session_id=row.session_id, now=now)
        return compose(SessionCustomer, row, last_seen_at=now)

    def log_out(self, token: str | SecretStr) -> None:
        """End a session; one that has ended or never was changes nothing. One statement.

        Raises `InvalidValue` for what can be no token.
        """
        key = validated(SecretToken, token=token).token
        with self._context.unit(write=True) as unit:
            unit.q.sessions.revoke_session(token_hash=_hash(key.get_secret_value()), now=unit.now())

    def log_out_everywhere(self, customer_id: int) -> int:
        """End every session of a customer and tell how many there were. One statement.

        A customer that does not exist has none. Raises `InvalidValue` for what can be no key.
        """
        checked_id("customer_id", customer_id)
        with self._context.unit(write=True) as unit:
            return _revoked(unit, customer_id, unit.now())

    # --- passwords ----------------------------------------------------------------------------------------------------

    def set_password(self, customer_id: int, password: str | SecretStr) -> int:
        """Give a customer a password without asking for the old one. Four statements.

        Every session and every token to reset the password ends; tells how many sessions there were. A password has 8
        to 1,000 code points of any kind, both as it is typed and in NFKC, in which it is kept. Raises `NotFound` unless
        the customer is registered and active, `InvalidValue`.
        """
        checked_id("customer_id", customer_id)
        password_hash = self._hashed(password)
        with self._context.unit(write=True) as unit:
            unit.q.customers.lock_customer(customer_id=customer_id)
            now = unit.now()
            put = unit.q.accounts.put_credential(customer_id=customer_id, password_hash=password_hash, now=now)
            if not put:
                message = f"there is no registered, active customer {customer_id}: customers.list gives the keys"
                raise NotFound(message)
            return _ended(unit, customer_id, now)

    def change_password(self, customer_id: int, old: str | SecretStr, new: str | SecretStr) -> int:
        """Change a password for whoever knows the old one. Five statements, three when it is refused.

        Every session, the caller's too, and every token to reset the password ends; tells how many sessions there were.
        A wrong old password counts as in `authenticate`, and costs as much as the right one. Raises `LoginRefused` for
        a wrong one, one that comes while the account is locked, and an inactive customer; `NotFound` for a customer
        without a password; `InvalidValue`.
        """
        checked_id("customer_id", customer_id)
        proof = validated(OldPassword, password=old).password
        # Whatever the old one is: else the time would tell a right guess, also one that the lock refuses.
        password_hash = self._hashed(new)

        def read() -> Credential | None:
            row = self._context.q.accounts.get_credential(customer_id=customer_id)
            return found(row, f"customer {customer_id} has no password: customers.set_password gives one")

        def change(unit: Context, credential: Credential, now: datetime) -> int | None:
            return _ended(unit, customer_id, now) if _accepted(unit, credential, password_hash, now) else None

        _, ended = self._proven(read, proof, change)
        if ended is None:
            message = "the old password is wrong, or was too often: wait, or reset the password"
            raise LoginRefused(message)
        return ended

    def start_password_reset(self, email: str) -> str | None:
        """Give a token to mail to an address, or None where no mail shall be sent. Three statements.

        None is given for an address that no registered, active customer has, and while five unused tokens are on their
        way; the ones before stay good, so nobody can keep the owner out by asking again and again. Say the same to the
        visitor either way, and send the mail after the answer. The token can be used once, for
        `AccountOptions.reset_lifetime`. Raises `InvalidValue` for what is no address.
        """
        key = email_key(validated(EmailLookup, email=email).email)
        options, token = self._context.accounts, self._context.accounts.tokens()
        with self._context.unit(write=True) as unit:
            unit.q.accounts.lock_registered(email_key=key)
            now, queries = unit.now(), unit.q.accounts
            queries.delete_dead_account_tokens(email_key=key, kind=AccountTokenKind.RESET_PASSWORD, now=now)
            added = queries.insert_reset_token(
                email_key=key,
                token_hash=_hash(token),
                most=MAX_RESET_TOKENS,
                expires_at=now + options.reset_lifetime,
                now=now,
            )
        return token if added else None

    def reset_password(self, token: str | SecretStr, password: str | SecretStr) -> int:
        """Set a new password with a token that was mailed, and unlock the account. Six statements, one when refused.

        Every session and every other token to reset the password ends; tells how many sessions there were. Raises
        `NotFound` for a token that is unknown, used or has run out (it has at the very instant), or whose customer has
        another address by now or is inactive; `InvalidValue`, which leaves the token good.
        """
        key = _hash(validated(SecretToken, token=token).token.get_secret_value())
        chosen = self._chosen(password)
        kind, refusal = AccountTokenKind.RESET_PASSWORD, "no such token can be used: customers.start_password_reset"
        # Asked first, so that a made-up token costs no hash.
        seen = found(
            self._context.q.accounts.get_account_token(token_hash=key, kind=kind, now=self._context.now()), refusal
        )
        password_hash = self._context.accounts.hashed(chosen)
        with self._context.unit(write=True) as unit:
            unit.q.customers.lock_customer(customer_id=seen.customer_id)
            now = unit.now()
            used = found(unit.q.accounts.mark_token_used(token_hash=key, kind=kind, now=now), refusal)
            put = unit.q.accounts.put_credential(
                customer_id=used.customer_id, email_key=used.email_key, password_hash=password_hash, now=now
            )
            if not put:
                raise NotFound(refusal)
            return _ended(unit, used.customer_id, now)

    # --- addresses of mail --------------------------------------------------------------------------------------------

    def start_email_verification(self, customer_id: int) -> str:
        """Give a token to mail to a customer's present address; one that was given before ends. Three statements.

        It can be used once, for `AccountOptions.verification_lifetime`. Raises `NotFound` unless the customer is
        registered, active and not verified yet; `InvalidValue` for what can be no key.
        """
        checked_id("customer_id", customer_id)
        options, token = self._context.accounts, self._context.accounts.tokens()
        with self._context.unit(write=True) as unit:
            unit.q.customers.lock_customer(customer_id=customer_id)
            now, queries = unit.now(), unit.q.accounts
            queries.delete_open_account_tokens(customer_id=customer_id, kind=AccountTokenKind.VERIFY_EMAIL)
            added = queries.insert_verification_token(
                customer_id=customer_id,
                token_hash=_hash(token),
                expires_at=now + options.verification_lifetime,
                now=now,
            )
            if not added:
                message = f"there is no registered, active customer {customer_id} who is not verified yet"
                raise NotFound(message)
        return token

    def verify_email(self, token: str | SecretStr) -> Customer:
        """Mark the address that a token was mailed to as its customer's. Four statements, one when refused.

        Raises `NotFound` for a token that is unknown, used or has run out (it has at the very instant), or whose
        customer has another address by now or is inactive; `InvalidValue` for what can be no token.
        """
        key = _hash(validated(SecretToken, token=token).token.get_secret_value())
        kind = AccountTokenKind.VERIFY_EMAIL
        refusal = "no such token can be used: customers.start_email_verification gives another one"
        seen = found(
            self._context.q.accounts.get_account_token(token_hash=key, kind=kind, now=self._context.now()), refusal
        )
        with self._context.unit(write=True) as unit:
            unit.q.customers.lock_customer(customer_id=seen.customer_id)
            now = unit.now()
            used = found(unit.q.accounts.mark_token_used(token_hash=key, kind=kind, now=now), refusal)
            row = unit.q.accounts.mark_verified(customer_id=used.customer_id, email_key=used.email_key, now=now)
            return found(row, refusal)

    # --- within -------------------------------------------------------------------------------------------------------

    def _chosen(self, password: str | SecretStr) -> SecretStr:
        chosen = validated(NewPassword, password=password).password
        shortest = self._context.accounts.shortest_password
        if password_length(password, chosen) < shortest:
            message = f"password: needs at least {shortest} characters"
            raise InvalidValue(message)
        return chosen

    def _hashed(self, password: str | SecretStr) -> str:
        return self._context.accounts.hashed(self._chosen(password))

    def _proven(
        self,
        read: Callable[[], Credential | None],
        password: SecretStr,
        then: Callable[[Context, Credential, datetime], ResultT | None],
    ) -> tuple[Credential | None, ResultT | None]:
        # Looked at twice at most: where another log-in renews the hash between the look and the lock, the right
        # password is still right. Whoever comes, there are as many statements and as much hashing until a refusal.
        credential: Credential | None = None
        for _ in range(2):
            credential = read()
            right = self._context.accounts.proves(credential.password_hash if credential else None, password)
            with self._context.unit(write=True) as unit:
                held = unit.q.accounts.lock_credential(customer_id=credential.customer_id if credential else _NOBODY)
                now = unit.now()
                if credential is None or not right:
                    _count(unit, credential, now)
                    break
                done = then(unit, credential, now)
            if held is None or held.password_hash == credential.password_hash:
                return credential, done
        return credential, None

    def _renew(self, credential: Credential, password: SecretStr) -> None:
        # Only for whom the lock let in, so that no refusal takes longer for a right guess. The session has begun: that
        # the stronger hash could not be kept is no reason to withhold it, the next log-in tries again.
        options = self._context.accounts
        if not options.is_outdated(credential.password_hash):
            return
        with suppress(LumiaError):
            password_hash = options.hashed(password)
            with self._context.unit(write=True) as unit:
                unit.q.accounts.renew_hash(
                    customer_id=credential.customer_id,
                    seen_hash=credential.password_hash,
                    password_hash=password_hash,
                    now=unit.now(),
                )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _count(unit: Context, credential: Credential | None, now: datetime) -> None:
    # Sent for an unknown address too, where it finds no row: the same statements, whoever asks.
    fifth, sixth, seventh, eighth, later = (now + wait for wait in WAITS)
    unit.q.accounts.count_failed_login(
        customer_id=credential.customer_id if credential else _NOBODY,
        now=now,
        until_fifth=fifth,
        until_sixth=sixth,
        until_seventh=seventh,
        until_eighth=eighth,
        until_later=later,
    )


def _accepted(unit: Context, credential: Credential, password_hash: str, now: datetime) -> bool:
    # The guard stands in the statement: of guesses sent all at once, those count that come before the lock.
    count = unit.q.accounts.accept_login(
        customer_id=credential.customer_id, seen_hash=credential.password_hash, password_hash=password_hash, now=now
    )
    return count == 1


def _revoked(unit: Context, customer_id: int, now: datetime) -> int:
    return unit.q.sessions.revoke_sessions(
        customer_id=customer_id, seen_after=now - unit.accounts.session_idle, now=now
    )


def _ended(unit: Context, customer_id: int, now: datetime) -> int:
    # After the password's row is written: a log-in with the old one has either been seen by now or is refused.
    unit.q.accounts.delete_open_account_tokens(customer_id=customer_id, kind=AccountTokenKind.RESET_PASSWORD)
    return _revoked(unit, customer_id, now)

"""How passwords are hashed, and how long what customers log in with lasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import HashingError, InvalidHashError, VerificationError, VerifyMismatchError
from pydantic import SecretStr

from lumia.dto.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD
from lumia.errors import ConfigurationError
from lumia.repos.carts import new_token

__all__ = ["AccountOptions"]

_SECOND: Final = timedelta(seconds=1)
_YEARS: Final = timedelta(days=3660)
_OUR_FAULT: Final = {"Memory allocation error", "Threading failure"}
"""What argon2 says when the machine fails, and not the password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOptions:
    """Settings of log-ins. The defaults of the first three are the second choice of RFC 9106, some 50 ms a hash.

    A hash tells its own settings: raising them is safe, and each customer's hash follows at the next log-in.

    Attributes:
        time_cost: argon2id's passes over the memory, at least 1.
        memory_kib: argon2id's memory for one hash in KiB, at least 8 for each lane; as many hashes at once as there
            are threads that log customers in.
        parallelism: argon2id's lanes, 1 to 255.
        shortest_password: the fewest characters of a new password, 8 to 1000.
        session_idle: how long a session may be left alone.
        session_lifetime: how long a session lasts at most.
        verification_lifetime: how long a token to verify an address can be used.
        reset_lifetime: how long a token to reset a password can be used.
        tokens: makes the tokens; each must be a new one of 256 random bits, of 1 to 200 characters.
    """

    time_cost: int = 3
    memory_kib: int = 65536
    parallelism: int = 4
    shortest_password: int = SHORTEST_PASSWORD
    session_idle: timedelta = timedelta(days=7)
    session_lifetime: timedelta = timedelta(days=30)
    verification_lifetime: timedelta = timedelta(days=3)
    reset_lifetime: timedelta = timedelta(hours=1)
    tokens: Callable[[], str] = new_token

    def __post_init__(self) -> None:
        """Refuse what cannot be used (`ConfigurationError`)."""
        limits = {
            "time_cost": (1, 1000),
            "parallelism": (1, 255),
            "memory_kib": (8 * self.parallelism, 2**24),
            "shortest_password": (SHORTEST_PASSWORD, LONGEST_PASSWORD),
            "session_idle": (_SECOND, _YEARS),
            "session_lifetime": (_SECOND, _YEARS),
            "verification_lifetime": (_SECOND, _YEARS),
            "reset_lifetime": (_SECOND, _YEARS),
        }
        for name, (low, high) in limits.items():
            if not low <= getattr(self, name) <= high:
                message = f"the account option {name} must lie between {low} and {high}"
                raise ConfigurationError(message)

    def hashed(self, password: SecretStr) -> str:
        """Hash a password with a new salt; slow on purpose, so never called while a write is open."""
        try:
            return self._hasher().hash(password.get_secret_value())
        except HashingError:
            raise _not_enough_memory() from None

    def matches(self, password_hash: str, password: SecretStr) -> bool:
        """Whether a password is the one of a hash; takes as long as the hash's own settings make it."""
        try:
            return self._hasher().verify(password_hash, password.get_secret_value())
        except (VerifyMismatchError, InvalidHashError):
            return False
        except VerificationError as error:
            if str(error) in _OUR_FAULT:
                raise _not_enough_memory() from None
            # A hash that somebody damaged is nobody's; a reset replaces it.
            return False

    def proves(self, password_hash: str | None, password: SecretStr) -> bool:
        """Whether a password is the one of a hash; None is nobody's, which no password proves.

        Nobody's takes as long to try as a new hash, and so does one that was made with less: what it lacks of a new
        one's work, passes times memory, is done on a decoy, whether the password is right or not. Else the time would
        tell who is a customer. Only a hash that was made with more takes longer.
        """
        right = password_hash is not None and self.matches(password_hash, password)
        lacking = self.memory_kib if password_hash is None else self._lacking(password_hash)
        if lacking >= 8 * self.parallelism:
            self.matches(self._decoy(lacking), password)
        return right

    def is_outdated(self, password_hash: str) -> bool:
        """Whether a hash was made with less than these settings ask for; a hash made with more is kept."""
        made = extract_parameters(password_hash)
        return made.time_cost < self.time_cost or made.memory_cost < self.memory_kib

    def decoy(self) -> str:
        """A hash that no password has, and that takes as long to try as any new one."""
        return self._decoy(self.memory_kib)

    def _decoy(self, memory_kib: int) -> str:
        settings = f"m={memory_kib},t={self.time_cost},p={self.parallelism}"
        return f"$argon2id$v=19${settings}${'A' * 22}${'A' * 43}"

    def _lacking(self, password_hash: str) -> int:
        # In KiB that these settings' passes go over.
        try:
            made = extract_parameters(password_hash)
        except InvalidHashError:
            # Refused without any work.
            return self.memory_kib
        return self.memory_kib - made.time_cost * made.memory_cost // self.time_cost

    def _hasher(self) -> PasswordHasher:
        return PasswordHasher(time_cost=self.time_cost, memory_cost=self.memory_kib, parallelism=self.parallelism)


def _not_enough_memory() -> ConfigurationError:
    return ConfigurationError("a password could not be hashed: lower AccountOptions.memory_kib, or give more memory")

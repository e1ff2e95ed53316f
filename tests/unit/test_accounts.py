"""Passwords and tokens in Python: their settings, their forms, and that nothing shows them."""

from __future__ import annotations

import logging
import pickle
import traceback
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import HashingError, VerificationError
from pydantic import SecretStr

from lumia import AccountOptions, connect
from lumia.dto.accounts import Credential, Login, NewPassword, NewSession, SecretToken
from lumia.dto.base import validated
from lumia.dto.customers import NewCustomer
from lumia.errors import ConfigurationError, InvalidValue, LumiaError

SECRET = "correct horse battery staple"  # noqa: S105 - a test's
QUICK = AccountOptions(time_cost=1, memory_kib=8, parallelism=1)


def test_the_defaults_are_those_of_the_rfc() -> None:
    """The second choice of RFC 9106: three passes over 64 MiB in four lanes."""
    options = AccountOptions()

    assert (options.time_cost, options.memory_kib, options.parallelism) == (3, 65536, 4)
    assert options.hashed(SecretStr(SECRET)).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert options.decoy().startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize(
    ("option", "low", "high"),
    [
        ("time_cost", 1, 1000),
        ("memory_kib", 32, 2**24),
        ("parallelism", 1, 255),
        ("shortest_password", 8, 1000),
        *(
            (name, timedelta(seconds=1), timedelta(days=3660))
            for name in ("session_idle", "session_lifetime", "verification_lifetime", "reset_lifetime")
        ),
    ],
)
def test_an_option_out_of_its_range_is_refused(option: str, low: Any, high: Any) -> None:
    """By its name; its borders are taken."""
    tick: Any = timedelta(microseconds=1) if isinstance(low, timedelta) else 1

    for value in (low, high):
        assert getattr(AccountOptions(**{option: value}), option) == value
    for value in (low - tick, high + tick):
        with pytest.raises(ConfigurationError, match=option):
            AccountOptions(**{option: value})


def test_a_hash_is_for_its_password_alone() -> None:
    """And the decoy is for none."""
    made = QUICK.hashed(SecretStr(SECRET))

    assert QUICK.matches(made, SecretStr(SECRET))
    assert not QUICK.matches(made, SecretStr(SECRET + " "))
    assert not QUICK.matches(QUICK.decoy(), SecretStr(SECRET))
    assert QUICK.hashed(SecretStr(SECRET)) != made


@pytest.mark.parametrize("damaged", ["", "nonsense", "$argon2id$nonsense", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"])
def test_a_damaged_hash_matches_nothing(damaged: str) -> None:
    """It is no reason to fail a log-in in another way than a wrong password does."""
    assert not QUICK.matches(damaged, SecretStr(SECRET))


def test_a_hash_is_outdated_only_by_stronger_settings() -> None:
    """Nothing makes a hash weaker again."""
    made = AccountOptions(time_cost=2, memory_kib=16, parallelism=2).hashed(SecretStr(SECRET))

    for settings, outdated in (
        ({"time_cost": 2, "memory_kib": 16}, False),
        ({"time_cost": 1, "memory_kib": 8}, False),
        ({"time_cost": 3, "memory_kib": 16}, True),
        ({"time_cost": 2, "memory_kib": 17}, True),
    ):
        assert AccountOptions(parallelism=1, **settings).is_outdated(made) is outdated  # type: ignore[arg-type]


def test_a_machine_without_memory_is_not_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else an overloaded server would count attempts against its customers."""

    def fails(error: Exception) -> Any:
        def method(*_: object) -> None:
            raise error

        return method

    monkeypatch.setattr(PasswordHasher, "verify", fails(VerificationError("Memory allocation error")))
    monkeypatch.setattr(PasswordHasher, "hash", fails(HashingError("Memory allocation error")))

    with pytest.raises(ConfigurationError, match="memory"):
        QUICK.matches(QUICK.decoy(), SecretStr(SECRET))
    with pytest.raises(ConfigurationError, match="memory"):
        QUICK.hashed(SecretStr(SECRET))


def test_no_repr_shows_a_secret() -> None:
    """Neither of what comes in nor of what is kept."""
    shown = [
        repr(validated(Login, email="ada@example.com", password=SECRET)),
        repr(validated(NewPassword, password=SECRET)),
        repr(validated(SecretToken, token=SECRET)),
        repr(Credential(customer_id=1, password_hash=SECRET)),
        NewSession.model_fields["token"].repr,
    ]

    assert shown.pop() is False
    assert not [text for text in shown if "horse" in str(text)]
    assert "horse" not in str(validated(NewPassword, password=SECRET).model_dump())


def test_no_error_or_log_shows_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    """Not even where the value itself is what is wrong, and not in the chain of causes."""
    caplog.set_level(logging.DEBUG)
    bad = SECRET + "\0"
    with connect("sqlite:///:memory:", accounts=QUICK) as shop:
        ada = shop.customers.register(NewCustomer(email="ada@example.com"), password=SECRET)
        calls: list[Any] = [
            lambda: shop.customers.register(NewCustomer(email="bob@example.com"), password=bad),
            lambda: shop.customers.authenticate("ada@example.com", bad),
            lambda: shop.customers.authenticate("ada@example.com", SECRET[1:]),
            lambda: shop.customers.change_password(ada.customer_id, SECRET[1:], SECRET),
            lambda: shop.customers.reset_password(SECRET, SECRET),
            lambda: shop.customers.by_session(SECRET),
            lambda: shop.customers.verify_email(bad),
        ]
        for call in calls:
            with pytest.raises(LumiaError) as refusal:
                call()
            said = "".join(traceback.format_exception_only(refusal.value))
            chain = refusal.value.__cause__ or refusal.value.__context__
            assert "horse" not in said + repr(chain)

    assert "horse" not in caplog.text


def test_a_password_is_kept_in_nfkc() -> None:
    """What looks and is typed the same is the same."""
    typed = "Ａ\u0301 ﬁ ２３４５ 6"  # noqa: RUF001 - full width is the point

    chosen = validated(NewPassword, password=typed)

    assert chosen.password.get_secret_value() == "Á fi 2345 6"
    assert pickle.loads(pickle.dumps(chosen)) == chosen  # noqa: S301 - our own


@pytest.mark.parametrize("value", [None, 12345678, 1.5, ["12345678"], ""])
def test_what_is_no_password_is_refused(value: object) -> None:
    """By the field's name."""
    with pytest.raises(InvalidValue, match="password"):
        validated(NewPassword, password=value)

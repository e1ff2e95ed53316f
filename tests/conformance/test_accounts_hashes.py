"""Hashes grow stronger at log-ins, and nothing that this costs tells anybody anything, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError
from pydantic import SecretStr

from lumia import AccountOptions, Shop, connect
from lumia.dto.customers import NewCustomer
from lumia.errors import ConfigurationError, LoginRefused
from tests.support.counting import counting_shop
from tests.support.desk import NEW, PASSWORD, QUICK, TICK, WRONG
from tests.support.steady import SeededUuids, SteppingClock
from tests.support.together import together

ADA = "ada@example.com"
STRONG = replace(QUICK, time_cost=2, memory_kib=64)
WORK = 2 * 64
"""What a new hash costs: passes times KiB."""


@pytest.fixture
def clock() -> SteppingClock:
    """Each look gives the next microsecond."""
    return SteppingClock(step=TICK)


@pytest.fixture
def shop(url: str, clock: SteppingClock) -> Iterator[Shop]:
    """A shop with one customer who has a password."""
    with connect(url, clock=clock, uuids=SeededUuids(), accounts=QUICK) as opened:
        opened.customers.register(NewCustomer(email=ADA), password=PASSWORD)
        yield opened


@pytest.fixture
def stronger(shop: Shop, url: str, clock: SteppingClock) -> Iterator[Shop]:
    """The same shop with stronger settings: the customer's hash is outdated."""
    with connect(url, clock=clock, uuids=shop.uuids, accounts=STRONG) as opened:
        yield opened


def asked(shop: Shop, sql: str) -> Any:
    """One row, read past the repositories."""
    session = shop.engine.acquire(write=False)
    try:
        return session.fetch_one(sql, ())
    finally:
        shop.engine.release(session, failed=False)


def kept(shop: Shop) -> str:
    """The hash that is kept."""
    text: str = asked(shop, "SELECT password_hash FROM credentials")[0]
    return text


def refused(shop: Shop, password: str = WRONG, email: str = ADA) -> None:
    """Try to log in, in vain."""
    with pytest.raises(LoginRefused):
        shop.customers.authenticate(email, password)


def after_the_first(monkeypatch: pytest.MonkeyPatch, name: str, meanwhile: Callable[[], object]) -> None:
    """Let something happen after the first call of one of the options' methods."""
    method, left = getattr(AccountOptions, name), [meanwhile]

    def watched(self: AccountOptions, *args: Any) -> Any:
        result = method(self, *args)
        if left:
            left.pop()()
        return result

    monkeypatch.setattr(AccountOptions, name, watched)


def watched_work(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Write down what each hash costs that is made or tried: passes times KiB."""
    done: list[int] = []
    verify, make = PasswordHasher.verify, PasswordHasher.hash

    def verified(self: PasswordHasher, password_hash: str, password: str) -> bool:
        try:
            settings = extract_parameters(password_hash)
        except InvalidHashError:
            return verify(self, password_hash, password)
        done.append(settings.time_cost * settings.memory_cost)
        return verify(self, password_hash, password)

    def made(self: PasswordHasher, password: str) -> str:
        done.append(self.time_cost * self.memory_cost)
        return make(self, password)

    monkeypatch.setattr(PasswordHasher, "verify", verified)
    monkeypatch.setattr(PasswordHasher, "hash", made)
    return done


# --- a log-in replaces what is outdated -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "settings"),
    [(replace(QUICK, time_cost=2), "m=8,t=2,p=1"), (replace(QUICK, memory_kib=16), "m=16,t=1,p=1")],
    ids=["time", "memory"],
)
def test_a_weaker_hash_is_replaced_at_the_next_log_in(
    shop: Shop, url: str, options: AccountOptions, settings: str
) -> None:
    """Once, and only by the right password."""
    hash_of = "SELECT password_hash FROM credentials"
    weak = asked(shop, hash_of)
    with connect(url, accounts=options) as stronger:
        refused(stronger)
        after_wrong = asked(shop, hash_of)
        stronger.customers.authenticate(ADA, PASSWORD)
        strong = asked(shop, hash_of)
        stronger.customers.authenticate(ADA, PASSWORD)

    shop.customers.authenticate(ADA, PASSWORD)
    assert after_wrong == weak
    assert strong[0].startswith(f"$argon2id$v=19${settings}$")
    # The weaker shop leaves it.
    assert asked(shop, hash_of) == strong


def test_a_replacement_that_fails_keeps_nobody_out(shop: Shop, stronger: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session has begun; the next log-in tries again."""

    def fails(*_: object) -> str:
        message = "no memory"
        raise ConfigurationError(message)

    weak = kept(shop)
    monkeypatch.setattr(AccountOptions, "hashed", fails)
    session = stronger.customers.authenticate(ADA, PASSWORD)
    after_failure = kept(shop)
    monkeypatch.undo()
    stronger.customers.authenticate(ADA, PASSWORD)

    assert shop.customers.by_session(session.token).session_id == session.session_id
    assert after_failure == weak
    assert kept(shop) != weak


def test_a_replacement_never_brings_an_old_password_back(
    shop: Shop, stronger: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password that was changed while the old one was being hashed again stays changed."""
    after_the_first(monkeypatch, "hashed", lambda: shop.customers.set_password(1, NEW))

    session = stronger.customers.authenticate(ADA, PASSWORD)

    refused(shop, PASSWORD)
    assert shop.customers.authenticate(ADA, NEW).customer_id == session.customer_id


def test_an_outdated_hash_costs_one_statement_more(stronger: Shop) -> None:
    """After everything else, and only once."""
    counted, counter = counting_shop(stronger)

    first = counter.of(lambda: counted.customers.authenticate(ADA, PASSWORD))
    last = counter.names[-1]
    second = counter.of(lambda: counted.customers.authenticate(ADA, PASSWORD))

    assert (first, last, second) == (6, "accounts.renew_hash", 5)


# --- log-ins that meet an outdated hash together ----------------------------------------------------------------------


def test_a_log_in_that_anothers_replacement_overtakes_succeeds(stronger: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bug: the right password was refused when another log-in renewed the hash between the look and the lock."""
    after_the_first(monkeypatch, "matches", lambda: stronger.customers.authenticate(ADA, PASSWORD))

    assert stronger.customers.authenticate(ADA, PASSWORD).customer_id == 1
    assert asked(stronger, "SELECT count(*) FROM sessions") == (2,)


def test_a_change_of_the_password_that_a_replacement_overtakes_succeeds(
    stronger: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bug: the right old password was refused when a log-in renewed its hash between the look and the lock."""
    after_the_first(monkeypatch, "matches", lambda: stronger.customers.authenticate(ADA, PASSWORD))

    assert stronger.customers.change_password(1, PASSWORD, NEW) == 1
    assert stronger.customers.authenticate(ADA, NEW).customer_id == 1


def test_log_ins_at_once_with_an_outdated_hash_all_succeed(shop: Shop, stronger: Shop) -> None:
    """The bug: of four who came at once with the right password, up to three were refused."""

    def attempt(_: int, __: int) -> int:
        return stronger.customers.authenticate(ADA, PASSWORD).customer_id

    for _ in range(5):
        shop.customers.set_password(1, PASSWORD)
        assert together(4, [0], attempt) == [(1, 1, 1, 1)]

    assert kept(shop).startswith("$argon2id$v=19$m=64,t=2,p=1$")
    assert asked(shop, "SELECT failed_attempts FROM credentials") == (0,)


# --- nothing shows in what it costs -----------------------------------------------------------------------------------


def test_a_guess_against_an_outdated_hash_costs_what_a_guess_at_nobody_costs(
    stronger: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bug: a customer with an outdated hash was told from an unknown address by the time of a wrong guess."""
    work = watched_work(monkeypatch)
    costs = []

    for email in (ADA, "nobody@example.com"):
        work.clear()
        refused(stronger, email=email)
        costs.append(sum(work))

    assert costs == [WORK, WORK]


def test_a_lock_does_not_tell_the_right_password_by_its_cost(
    shop: Shop, stronger: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bug: a right guess at an outdated hash was hashed anew before the lock refused it, so the time told it."""
    for _ in range(5):
        refused(shop)
    weak, work = kept(shop), watched_work(monkeypatch)
    counted, counter = counting_shop(stronger)
    found = []

    for password in (WRONG, PASSWORD):
        work.clear()
        statements = counter.of(lambda password=password: refused(counted, password))  # type: ignore[misc]
        found.append((statements, sum(work)))

    assert found == [(3, WORK), (3, WORK)]
    assert kept(shop) == weak


def test_a_lock_does_not_tell_the_right_old_password_by_its_cost(
    shop: Shop, stronger: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bug: `change_password` hashed the new one for a right old one only, before the lock refused it."""
    for _ in range(5):
        refused(shop)
    work = watched_work(monkeypatch)
    counted, counter = counting_shop(stronger)
    found = []

    def change(old: str) -> None:
        with pytest.raises(LoginRefused):
            counted.customers.change_password(1, old, NEW)

    for password in (WRONG, PASSWORD):
        work.clear()
        found.append((counter.of(lambda password=password: change(password)), sum(work)))  # type: ignore[misc]

    assert found == [(3, 2 * WORK), (3, 2 * WORK)]


@pytest.mark.parametrize("damaged", ["$argon2id$nonsense", "$argon2id$v=19$m=8,t=1,p=1"])
def test_a_damaged_hash_costs_what_nobodys_costs(stronger: Shop, monkeypatch: pytest.MonkeyPatch, damaged: str) -> None:
    """It is refused without any work of its own."""
    session = stronger.engine.acquire(write=True)
    session.execute(f"UPDATE credentials SET password_hash = '{damaged}'", ())
    stronger.engine.release(session, failed=False)
    work = watched_work(monkeypatch)

    refused(stronger, PASSWORD)

    assert sum(work) == WORK


def test_a_hash_that_was_made_with_more_is_tried_alone(
    shop: Shop, stronger: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is added to what costs enough, nor is it replaced."""
    stronger.customers.set_password(1, PASSWORD)
    strong, work = kept(shop), watched_work(monkeypatch)

    shop.customers.authenticate(ADA, PASSWORD)
    right, made = AccountOptions.proves(QUICK, strong, SecretStr(PASSWORD)), kept(shop)

    assert (right, made, work) == (True, strong, [WORK, WORK])

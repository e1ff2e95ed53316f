"""Guessing passwords: counted exactly, slower each time, never in the way of a reset, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from pydantic import SecretStr

from lumia import AccountOptions, Shop, connect
from lumia.dto.customers import NewCustomer
from lumia.errors import LoginRefused
from lumia.repos.accounts import WAITS
from tests.support.counting import counting_shop
from tests.support.desk import NEW, PASSWORD, QUICK, TICK, WRONG
from tests.support.steady import SeededUuids, SteppingClock
from tests.support.together import together

ADA = "ada@example.com"

GUESS = ("get_credential_by_email_key", "lock_credential", "count_failed_login")
"""The statements of every wrong guess."""


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


def state(shop: Shop) -> tuple[int, bool]:
    """How many attempts were refused in a row, and whether that ever locked."""
    attempts, locked = asked(shop, "SELECT failed_attempts, locked_until IS NOT NULL FROM credentials")
    return attempts, bool(locked)


def asked(shop: Shop, sql: str) -> Any:
    """One row, read past the repositories."""
    session = shop.engine.acquire(write=False)
    try:
        return session.fetch_one(sql, ())
    finally:
        shop.engine.release(session, failed=False)


def refused(shop: Shop, password: str = WRONG, email: str = ADA) -> None:
    """Try to log in, in vain."""
    with pytest.raises(LoginRefused):
        shop.customers.authenticate(email, password)


def locked_at(shop: Shop, clock: SteppingClock, times: int) -> datetime:
    """Guess so often, each time as soon as it is counted, and give the instant of the last one."""
    for number in range(1, times + 1):
        refused(shop)
        at = clock.now
        if number < times:
            clock.advance(WAITS[min(max(number - 5, 0), 4)] if number >= 5 else timedelta())
    return at


def test_four_wrong_passwords_lock_nothing(shop: Shop) -> None:
    """People mistype; the right one forgets them."""
    for _ in range(4):
        refused(shop)
    before = state(shop)

    session = shop.customers.authenticate(ADA, PASSWORD)

    assert before == (4, False)
    assert shop.customers.by_session(session.token).session_id == session.session_id
    assert state(shop) == (0, False)


@pytest.mark.parametrize(("times", "seconds"), [(5, 30), (6, 120), (7, 480), (8, 1800), (9, 3600), (12, 3600)])
def test_each_further_wrong_password_locks_for_longer(
    shop: Shop, clock: SteppingClock, times: int, seconds: int
) -> None:
    """The right one is refused until the very instant, and accepted at it."""
    at = locked_at(shop, clock, times)
    assert state(shop) == (times, True)

    clock.now = at + timedelta(seconds=seconds) - 2 * TICK
    refused(shop, PASSWORD)
    session = shop.customers.authenticate(ADA, PASSWORD)

    assert session.created_at == at + timedelta(seconds=seconds)
    assert state(shop) == (0, False)


def test_what_comes_while_it_is_locked_is_not_counted(shop: Shop, clock: SteppingClock) -> None:
    """Nobody can make the wait longer by not waiting."""
    at = locked_at(shop, clock, 5)

    for password in (WRONG, WRONG, PASSWORD):
        refused(shop, password)

    assert state(shop) == (5, True)
    clock.now = at + WAITS[0] - TICK
    refused(shop)
    assert state(shop) == (6, True)


def test_wrong_passwords_that_come_at_once_are_counted_exactly(shop: Shop, url: str, clock: SteppingClock) -> None:
    """Four at once count four; of sixteen more, one, for it locks."""
    with connect(url, clock=clock, accounts=QUICK) as other:
        for rounds, counted in ((1, 4), (4, 5)):
            together(4, range(rounds), lambda _, number: refused((shop, other)[number % 2]))
            assert state(shop) == (counted, counted > 4)


def once_proved(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]) -> None:
    """Let something happen between the first look at a password and the lock that is asked next."""
    proves, left = AccountOptions.proves, [meanwhile]

    def watched(self: AccountOptions, password_hash: str | None, password: SecretStr) -> bool:
        right = proves(self, password_hash, password)
        if left:
            left.pop()()
        return right

    monkeypatch.setattr(AccountOptions, "proves", watched)


def test_a_right_guess_among_many_at_once_is_refused_once_it_is_locked(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found right before the lock but comes after it is refused: trying all at once gains nothing."""

    def guess() -> None:
        for _ in range(5):
            refused(shop)

    once_proved(monkeypatch, guess)

    refused(shop, PASSWORD)

    assert state(shop) == (5, True)
    assert asked(shop, "SELECT count(*) FROM sessions") == (0,)


def test_a_log_in_that_a_change_of_the_password_overtakes_is_refused(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a session with the old password would outlive the change that should have ended it."""
    once_proved(monkeypatch, lambda: shop.customers.set_password(1, NEW))

    refused(shop, PASSWORD)

    # Looked at once more, it is a wrong one by now.
    assert state(shop) == (1, False)
    assert asked(shop, "SELECT count(*) FROM sessions") == (0,)


def test_the_owner_can_reset_while_it_is_locked(shop: Shop, clock: SteppingClock) -> None:
    """And is in at once: whoever guesses cannot keep them out."""
    locked_at(shop, clock, 9)

    token = shop.customers.start_password_reset(ADA)
    assert token is not None
    shop.customers.reset_password(token, NEW)

    assert shop.customers.authenticate(ADA, NEW).customer_id == 1
    assert state(shop) == (0, False)


def test_a_lock_ends_no_session(shop: Shop, clock: SteppingClock) -> None:
    """Who is in stays in."""
    session = shop.customers.authenticate(ADA, PASSWORD)

    locked_at(shop, clock, 5)

    assert shop.customers.by_session(session.token).session_id == session.session_id


def test_a_wrong_old_password_counts_as_well(shop: Shop) -> None:
    """A stolen session is no way to guess without limit, and the right one is refused while it is locked."""
    for _ in range(5):
        with pytest.raises(LoginRefused):
            shop.customers.change_password(1, WRONG, NEW)

    assert state(shop) == (5, True)
    with pytest.raises(LoginRefused):
        shop.customers.change_password(1, PASSWORD, NEW)
    refused(shop, PASSWORD)


def test_a_refusal_inside_a_transaction_is_counted_if_it_is_caught_there(shop: Shop) -> None:
    """The savepoint is kept; what the caller then rolls back is rolled back."""
    with shop.transaction() as tx:
        refused(tx)  # type: ignore[arg-type]
    with pytest.raises(LoginRefused), shop.transaction() as tx:
        tx.customers.authenticate(ADA, WRONG)

    assert state(shop) == (1, False)


def test_every_refusal_costs_the_same(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """One verification of the same settings and the same statements, whether the customer exists or not."""
    shop.customers.register(NewCustomer(email="bare@example.com"))
    gone = shop.customers.register(NewCustomer(email="gone@example.com"), password=PASSWORD)
    shop.customers.deactivate(gone.customer_id)
    counted, counter = counting_shop(shop)
    tried: list[str] = []
    verify = PasswordHasher.verify

    def watched(self: PasswordHasher, password_hash: str, password: str) -> bool:
        tried.append(password_hash.rpartition("$")[0].rpartition("$")[0])
        return verify(self, password_hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    statements = [
        counter.of(lambda email=email: refused(counted, email=email))  # type: ignore[misc]
        for email in (ADA, "nobody@example.com", "bare@example.com", "gone@example.com")
    ]

    assert statements == [3, 3, 3, 3]
    assert counter.names == [f"accounts.{name}" for name in GUESS] * 4
    assert tried == ["$argon2id$v=19$m=8,t=1,p=1"] * 4


def test_a_damaged_hash_lets_nobody_in(shop: Shop) -> None:
    """A reset mends it."""
    session = shop.engine.acquire(write=True)
    session.execute("UPDATE credentials SET password_hash = '$argon2id$nonsense'", ())
    shop.engine.release(session, failed=False)

    refused(shop, PASSWORD)
    token = shop.customers.start_password_reset(ADA)
    assert token is not None
    shop.customers.reset_password(token, NEW)

    assert shop.customers.authenticate(ADA, NEW).customer_id == 1

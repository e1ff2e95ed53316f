"""What happens to one account at once: nothing is lost, nothing comes back and nobody deadlocks, on both engines.

SQLite has one writer, so there these hold by nature; on PostgreSQL each of them failed once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest

from lumia import Transaction
from lumia.dto.accounts import NewSession
from lumia.errors import LoginRefused, LumiaError, NotFound
from lumia.repos import accounts
from lumia.repos.accounts import MAX_RESET_TOKENS
from tests.support.desk import NEW, PASSWORD, Desk, open_desk

ADA = "ada@example.com"
SOON = 0.3
"""Seconds in which a call that does not have to wait for anybody is through."""


@pytest.fixture
def desk(url: str) -> Iterator[Desk]:
    """A fresh shop with one customer who has a password."""
    with open_desk(url) as opened:
        yield opened


def outcome(call: Callable[[], object]) -> Any:
    """What a call gives or raises."""
    try:
        return call()
    except LumiaError as error:
        return error


def during(
    desk: Desk,
    first: Callable[[Transaction], object],
    second: Callable[[], object],
    *then: Callable[[Transaction], object],
) -> Any:
    """Do the first in a transaction that is open until the second is through or waits; give the second's outcome.

    What is given after it follows in the transaction before it ends.
    """
    with ThreadPoolExecutor(1) as pool:
        with desk.shop.transaction() as tx:
            first(tx)
            running = pool.submit(outcome, second)
            wait([running], timeout=SOON)
            for call in then:
                call(tx)
        return running.result(timeout=60)


def open_tokens(desk: Desk) -> int:
    """How many tokens nobody has used."""
    ((count,),) = desk.rows("SELECT count(*) FROM account_tokens WHERE used_at IS NULL")
    return int(count)


# --- log-ins and the end of an account --------------------------------------------------------------------------------


def test_a_log_in_during_a_deactivation_is_refused(desk: Desk) -> None:
    """The bug: its session was not seen by `deactivate` and was good again once the customer was reactivated."""
    customers, ada = desk.shop.customers, desk.ada.customer_id

    found = during(desk, lambda tx: tx.customers.deactivate(ada), desk.log_in)
    customers.reactivate(ada)

    assert isinstance(found, LoginRefused)
    assert desk.rows("SELECT count(*) FROM sessions") == [(0,)]


def test_a_deactivation_during_a_log_in_ends_its_session(desk: Desk) -> None:
    """The bug: `deactivate` did not see the session and it was good again once the customer was reactivated."""
    customers, ada = desk.shop.customers, desk.ada.customer_id
    begun: list[NewSession] = []

    during(
        desk,
        lambda tx: begun.append(tx.customers.authenticate(ADA, PASSWORD)),
        lambda: customers.deactivate(ada),
    )
    customers.reactivate(ada)

    with pytest.raises(NotFound):
        customers.by_session(begun[0].token)


def test_no_session_begins_for_an_inactive_customer(desk: Desk) -> None:
    """The statement looks for itself, whatever was asked before."""
    customers, ada = desk.shop.customers, desk.ada.customer_id
    customers.deactivate(ada)

    with customers._context.unit(write=True) as unit:
        now = unit.now()
        session = unit.q.sessions.insert_session(customer_id=ada, token_hash=b"x" * 32, expires_at=now, now=now)

    assert session is None


# --- passwords --------------------------------------------------------------------------------------------------------


def renewed(desk: Desk, token: str) -> object:
    """Reset the password."""
    return desk.shop.customers.reset_password(token, NEW)


FIRST: dict[str, Callable[[Desk, str], object]] = {
    "reset": renewed,
    "change": lambda desk, _: desk.shop.customers.change_password(desk.ada.customer_id, PASSWORD, NEW),
    "set": lambda desk, _: desk.shop.customers.set_password(desk.ada.customer_id, NEW),
}


@pytest.mark.parametrize("first", FIRST.values(), ids=FIRST)
def test_passwords_that_change_at_once_wait_for_each_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, first: Callable[[Desk, str], object]
) -> None:
    """The bug: a reset locked its token before the password, the others after it, and both waited for each other."""
    tokens = [desk.shop.customers.start_password_reset(ADA) or "" for _ in range(2)]
    ended, reached, go = accounts._ended, threading.Event(), threading.Event()

    def slow(unit: Any, customer_id: int, now: Any) -> int:
        # The first has written the password and not yet ended the tokens.
        if not reached.is_set():
            reached.set()
            go.wait(60)
        return ended(unit, customer_id, now)

    monkeypatch.setattr(accounts, "_ended", slow)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(outcome, lambda: first(desk, tokens[0]))
        assert reached.wait(60)
        other = pool.submit(outcome, lambda: renewed(desk, tokens[1]))
        wait([other], timeout=SOON)
        go.set()

        assert one.result(timeout=60) == 0
        assert isinstance(other.result(timeout=60), NotFound)


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_two_verifications_that_start_at_once_leave_one_token(desk: Desk) -> None:
    """The bug: neither saw the other's token, and both mails were good."""
    customers, ada = desk.shop.customers, desk.ada.customer_id
    first: list[str] = []

    second = during(
        desk,
        lambda tx: first.append(tx.customers.start_email_verification(ada)),
        lambda: customers.start_email_verification(ada),
    )

    assert open_tokens(desk) == 1
    with pytest.raises(NotFound):
        customers.verify_email(first[0])
    assert customers.verify_email(second).is_verified


def test_resets_that_start_at_once_are_five_at_most(desk: Desk) -> None:
    """The bug: two who came at once both saw four tokens, and there were six."""
    customers = desk.shop.customers
    for _ in range(MAX_RESET_TOKENS - 1):
        customers.start_password_reset(ADA)

    second = during(
        desk, lambda tx: tx.customers.start_password_reset(ADA), lambda: customers.start_password_reset(ADA)
    )

    assert second is None
    assert open_tokens(desk) == MAX_RESET_TOKENS


def test_a_verification_that_another_one_replaces_waits_for_it(desk: Desk) -> None:
    """It locks the customer before the token, as whoever starts one does: else both would wait for each other."""
    customers, ada = desk.shop.customers, desk.ada.customer_id
    token = customers.start_email_verification(ada)

    found = during(
        desk,
        lambda tx: tx.customers.update_profile(ada, first_name="Ada"),
        lambda: customers.verify_email(token),
        lambda tx: tx.customers.start_email_verification(ada),
    )

    assert isinstance(found, NotFound)
    assert open_tokens(desk) == 1

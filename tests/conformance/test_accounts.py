"""Logging in and out: sessions, what ends them, and what is refused, on both engines."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from lumia import AccountOptions
from lumia.dto.customers import Customer, ImportedCustomer, NewCustomer
from lumia.errors import AlreadyExists, IllegalTransition, InvalidValue, LoginRefused, LumiaError, NotFound
from tests.support.desk import PASSWORD, TICK, WRONG, Desk, open_desk
from tests.support.steady import SeededTokens


@pytest.fixture
def desk(url: str) -> Iterator[Desk]:
    """A fresh shop with one customer who has a password."""
    with open_desk(url) as opened:
        yield opened


def test_a_registered_customer_logs_in(desk: Desk) -> None:
    """However the address is spelt; the session says how long it lasts."""
    session = desk.log_in(email="aDA@EXAMPLE.COM")
    found = desk.shop.customers.by_session(session.token)

    assert session.customer_id == desk.ada.customer_id
    assert session.last_seen_at == session.created_at
    assert session.expires_at == session.created_at + timedelta(days=30)
    assert (found.session_id, found.last_seen_at) == (session.session_id, session.created_at)
    assert found.session_expires_at == session.expires_at
    assert Customer(**{name: getattr(found, name) for name in Customer.model_fields}) == desk.ada


def test_only_the_hash_of_a_token_is_kept(desk: Desk) -> None:
    """Whoever reads the database can use nothing of it."""
    session = desk.log_in()

    ((kept,),) = desk.rows("SELECT token_hash FROM sessions")

    assert bytes(kept) == hashlib.sha256(session.token.encode()).digest()
    assert session.token not in repr(session)


def test_both_engines_give_the_same_token_from_the_same_source(desk: Desk) -> None:
    """Where tokens come from is the program's choice, so a test can foresee them."""
    assert desk.log_in().token == SeededTokens()()


def test_tokens_of_a_shop_are_long_and_never_the_same() -> None:
    """256 random bits, unless a program brings its own source."""
    tokens = {AccountOptions().tokens() for _ in range(50)}

    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {43}


def test_every_refusal_is_the_same(desk: Desk) -> None:
    """Neither class nor message tells whether there is such a customer."""
    shop = desk.shop
    shop.customers.add_imported(ImportedCustomer(email="guest@example.com", is_guest=True))
    shop.customers.register(NewCustomer(email="bare@example.com"))
    gone = shop.customers.register(NewCustomer(email="gone@example.com"), password=PASSWORD)
    shop.customers.deactivate(gone.customer_id)
    refusals = []

    for email, password in (
        ("ada@example.com", WRONG),
        ("ada@example.com", PASSWORD.upper()),
        ("nobody@example.com", PASSWORD),
        ("guest@example.com", PASSWORD),
        ("bare@example.com", PASSWORD),
        ("gone@example.com", PASSWORD),
        ("gone@example.com", WRONG),
    ):
        with pytest.raises(LoginRefused) as refusal:
            desk.log_in(password, email)
        refusals.append(str(refusal.value))

    assert len(set(refusals)) == 1
    assert desk.rows("SELECT count(*) FROM sessions") == [(0,)]


# --- sessions end -----------------------------------------------------------------------------------------------------


def test_a_session_that_is_left_alone_ends_at_the_very_instant(desk: Desk) -> None:
    """Seven days after it was last seen, not a microsecond earlier."""
    session = desk.log_in()
    desk.clock.advance(timedelta(seconds=1))
    other = desk.log_in()

    desk.clock.now = session.created_at + timedelta(days=7) - 2 * TICK
    assert desk.shop.customers.by_session(session.token, touch=False).session_id == session.session_id
    with pytest.raises(NotFound):
        desk.shop.customers.by_session(session.token)
    assert desk.shop.customers.by_session(other.token, touch=False).session_id == other.session_id


def test_a_session_that_is_used_ends_at_its_end_all_the_same(desk: Desk) -> None:
    """Thirty days after the log-in, at the very instant."""
    session = desk.log_in()
    for day in range(6, 30, 6):
        desk.clock.now = session.created_at + timedelta(days=day)
        seen = desk.shop.customers.by_session(session.token)
        assert seen.last_seen_at == desk.clock.now

    desk.clock.now = session.expires_at - 2 * TICK
    assert desk.shop.customers.by_session(session.token).session_expires_at == session.expires_at
    with pytest.raises(NotFound, match="log in again"):
        desk.shop.customers.by_session(session.token)


def test_being_seen_is_written_down_once_in_a_while(desk: Desk) -> None:
    """Once in a twentieth of the idle time, and never where the caller does not want it."""
    session, customers = desk.log_in(), desk.shop.customers
    due = session.created_at + timedelta(days=7) / 20

    desk.clock.now = due - 3 * TICK
    early = customers.by_session(session.token)
    reading = customers.by_session(session.token, touch=False)
    desk.clock.now = due - TICK
    late = customers.by_session(session.token)

    assert early.last_seen_at == reading.last_seen_at == session.created_at
    assert late.last_seen_at == due
    assert customers.by_session(session.token).last_seen_at == due


def test_a_session_can_be_read_in_a_read_only_transaction(desk: Desk) -> None:
    """Without a touch nothing is written, however long ago it was seen."""
    session = desk.log_in()
    desk.clock.advance(timedelta(days=3))

    with desk.shop.transaction(read_only=True) as tx:
        assert tx.customers.by_session(session.token, touch=False).customer_id == desk.ada.customer_id


def test_a_session_that_is_due_to_be_touched_can_be_read_in_a_read_only_transaction(desk: Desk) -> None:
    """The bug: it raised once a twentieth of the idle time had gone by; the next reader who may write touches it."""
    session = desk.log_in()
    desk.clock.advance(timedelta(days=3))

    with desk.shop.transaction(read_only=True) as tx:
        reading = tx.customers.by_session(session.token)
    with desk.shop.transaction() as tx:
        writing = tx.customers.by_session(session.token)

    assert reading.last_seen_at == session.created_at
    assert writing.last_seen_at == desk.clock.now


def test_a_dot_behind_the_domain_makes_no_other_address(desk: Desk) -> None:
    """The bug: `ada@example.com.` had another key, could be registered beside it and could not log in as it."""
    customers = desk.shop.customers

    with pytest.raises(AlreadyExists):
        customers.add_imported(ImportedCustomer(email="ada@EXAMPLE.com."))
    dotted = customers.add_imported(ImportedCustomer(email="bob@example.com."))

    assert dotted.email == "bob@example.com."
    assert customers.by_email("bob@example.com") == customers.by_email("bob@example.com\u3002") == dotted
    assert desk.log_in(email="ada@example.com.").customer_id == desk.ada.customer_id
    assert desk.rows("SELECT email_key FROM customers ORDER BY customer_id") == [
        ("ada@example.com",),
        ("bob@example.com",),
    ]


def test_logging_out_ends_one_session(desk: Desk) -> None:
    """And saying it twice, or with a token of nobody, changes nothing."""
    phone, laptop = desk.log_in(), desk.log_in()

    for token in (phone.token, SecretStr(phone.token), "nobody"):
        desk.shop.customers.log_out(token)

    with pytest.raises(NotFound):
        desk.shop.customers.by_session(phone.token)
    assert desk.shop.customers.by_session(laptop.token).session_id == laptop.session_id


def test_logging_out_everywhere_ends_every_session_of_one_customer(desk: Desk) -> None:
    """It counts those that were open: not the ones that were logged out or left alone."""
    bob = desk.shop.customers.register(NewCustomer(email="bob@example.com"), password=PASSWORD)
    desk.log_in()
    desk.clock.advance(timedelta(days=7))
    sessions = [desk.log_in(), desk.log_in(), desk.log_in()]
    theirs = desk.log_in(email="bob@example.com")
    desk.shop.customers.log_out(sessions[0].token)

    ended = desk.shop.customers.log_out_everywhere(desk.ada.customer_id)

    assert ended == 2
    assert desk.shop.customers.log_out_everywhere(desk.ada.customer_id) == 0
    assert desk.shop.customers.log_out_everywhere(999) == 0
    for session in sessions:
        with pytest.raises(NotFound):
            desk.shop.customers.by_session(session.token)
    assert desk.shop.customers.by_session(theirs.token).customer_id == bob.customer_id


def test_an_inactive_customers_sessions_end_for_good(desk: Desk) -> None:
    """At once, not when they run out, and they do not come back with the customer."""
    customers, session = desk.shop.customers, desk.log_in()

    customers.deactivate(desk.ada.customer_id)
    with pytest.raises(NotFound):
        customers.by_session(session.token)
    customers.reactivate(desk.ada.customer_id)

    with pytest.raises(NotFound):
        customers.by_session(session.token)
    assert desk.log_in().customer_id == desk.ada.customer_id


def test_a_session_is_of_no_use_while_its_customer_is_inactive(desk: Desk) -> None:
    """Also where somebody else than Lumia made them so."""
    session = desk.log_in()

    desk.write("UPDATE customers SET is_active = NOT is_active")

    with pytest.raises(NotFound):
        desk.shop.customers.by_session(session.token)


def test_sessions_that_ran_out_are_removed_at_the_next_log_in(desk: Desk) -> None:
    """So that the table holds what is open, and the customers who never came back."""
    desk.log_in()
    desk.clock.advance(timedelta(days=3))
    kept = desk.log_in()
    desk.clock.advance(timedelta(days=5))

    new = desk.log_in()

    rows = desk.rows("SELECT session_id FROM sessions ORDER BY session_id")
    assert [row[0] for row in rows] == [kept.session_id, new.session_id]


def test_a_session_that_was_ended_cannot_be_opened_again(desk: Desk) -> None:
    """Not even past the repositories."""
    session = desk.log_in()
    desk.shop.customers.log_out(session.token)

    with pytest.raises(IllegalTransition, match="sessions_revoked_final"):
        desk.write("UPDATE sessions SET revoked_at = NULL")


# --- refusals ---------------------------------------------------------------------------------------------------------

REFUSED: list[tuple[type[LumiaError], str, Callable[[Desk], object]]] = [
    (InvalidValue, "email", lambda desk: desk.log_in(email="nobody")),
    (InvalidValue, "password", lambda desk: desk.log_in("")),
    (InvalidValue, "password", lambda desk: desk.log_in("x" * 1001)),
    (InvalidValue, "password", lambda desk: desk.log_in(None)),  # type: ignore[arg-type]
    (InvalidValue, "token", lambda desk: desk.shop.customers.by_session("")),
    (InvalidValue, "token", lambda desk: desk.shop.customers.by_session("x" * 201)),
    (InvalidValue, "token", lambda desk: desk.shop.customers.log_out("a\0b")),
    (InvalidValue, "token", lambda desk: desk.shop.customers.verify_email("")),
    (InvalidValue, "token", lambda desk: desk.shop.customers.reset_password("", PASSWORD)),
    (InvalidValue, "email", lambda desk: desk.shop.customers.start_password_reset("nobody")),
    (InvalidValue, "customer_id", lambda desk: desk.shop.customers.log_out_everywhere(0)),
    (InvalidValue, "customer_id", lambda desk: desk.shop.customers.set_password(0, PASSWORD)),
    (InvalidValue, "customer_id", lambda desk: desk.shop.customers.change_password(0, PASSWORD, PASSWORD)),
    (InvalidValue, "customer_id", lambda desk: desk.shop.customers.start_email_verification(0)),
    (NotFound, "999", lambda desk: desk.shop.customers.set_password(999, PASSWORD)),
    (NotFound, "999", lambda desk: desk.shop.customers.change_password(999, PASSWORD, PASSWORD)),
    (NotFound, "999", lambda desk: desk.shop.customers.start_email_verification(999)),
    (NotFound, "token", lambda desk: desk.shop.customers.verify_email("x")),
    (NotFound, "token", lambda desk: desk.shop.customers.reset_password("x", PASSWORD)),
    (NotFound, "token", lambda desk: desk.shop.customers.by_session("x")),
]  # fmt: skip


def test_what_does_not_fit_is_refused_by_name(desk: Desk) -> None:
    """The same class on both engines, the argument or key in the message, and nothing changed."""
    before = desk.rows("SELECT * FROM credentials"), desk.rows("SELECT count(*) FROM sessions")

    for error, word, call in REFUSED:
        with pytest.raises(error, match=word):
            call(desk)

    assert (desk.rows("SELECT * FROM credentials"), desk.rows("SELECT count(*) FROM sessions")) == before

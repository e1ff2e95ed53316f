"""Passwords: which are taken, how they are kept, and what ends when they change, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from lumia import AccountOptions, connect
from lumia.dto.customers import ImportedCustomer, NewCustomer
from lumia.errors import AlreadyExists, InvalidValue, LoginRefused, NotFound
from tests.support.desk import NEW, PASSWORD, QUICK, WRONG, Desk, open_desk


@pytest.fixture
def desk(url: str) -> Iterator[Desk]:
    """A fresh shop with one customer who has a password."""
    with open_desk(url) as opened:
        yield opened


def test_a_password_is_kept_as_argon2id_with_its_settings(desk: Desk) -> None:
    """The hash tells how it was made, and two of one password differ by their salt."""
    desk.shop.customers.register(NewCustomer(email="bob@example.com"), password=PASSWORD)

    hashes = [row[0] for row in desk.rows("SELECT password_hash FROM credentials")]

    assert all(text.startswith("$argon2id$v=19$m=8,t=1,p=1$") for text in hashes)
    assert len(set(hashes)) == 2


def test_the_same_keys_are_the_same_password(desk: Desk) -> None:
    """Systems send an accent or a ligature in different ways; all are one password in NFKC."""
    desk.shop.customers.set_password(desk.ada.customer_id, "Zoë's ﬁfth café")

    for spelt in ("Zoë's fifth café", "Zoe\u0308's ﬁfth cafe\u0301"):
        assert desk.log_in(spelt).customer_id == desk.ada.customer_id
    with pytest.raises(LoginRefused):
        desk.log_in("zoë's fifth café")


LIGATURE = "\ufdfa"
"""One code point that NFKC turns into eighteen."""

GOOD_PASSWORDS = (
    "12345678",
    "x" * 1000,
    "        ",
    "\N{GRINNING FACE}" * 8,
    "パスワードです。",
    "e\u0301" * 8,
    "e\u0301" * 500,
    LIGATURE * 8,
    LIGATURE * 55,
)


@pytest.mark.parametrize("password", GOOD_PASSWORDS, ids=range(len(GOOD_PASSWORDS)))
def test_a_password_of_eight_to_a_thousand_code_points_is_taken(desk: Desk, password: str) -> None:
    """Of any kind, counted as typed and in NFKC."""
    desk.shop.customers.set_password(desk.ada.customer_id, SecretStr(password))

    assert desk.log_in(password).customer_id == desk.ada.customer_id


BAD_PASSWORDS = (
    "",
    "1234567",
    "é" * 7,
    "e\u0301" * 7,
    "x" * 1001,
    "e\u0301" * 501,
    "abcdefgh\0",
    "abcdefgh\ud800",
    # The bug: what NFKC made of them was counted alone, so one key was eighteen, and 18,000 were hashed.
    LIGATURE,
    LIGATURE * 7,
    LIGATURE * 56,
    LIGATURE * 1000,
)


@pytest.mark.parametrize("password", BAD_PASSWORDS, ids=range(len(BAD_PASSWORDS)))
def test_another_password_is_refused_unseen(desk: Desk, password: str) -> None:
    """By every method that sets one, with nothing of it in the message."""
    customers = desk.shop.customers
    token = customers.start_password_reset("ada@example.com")
    assert token is not None
    before = desk.rows("SELECT password_hash FROM credentials")

    for call in (
        lambda: customers.register(NewCustomer(email="eve@example.com"), password=password),
        lambda: customers.set_password(desk.ada.customer_id, password),
        lambda: customers.change_password(desk.ada.customer_id, PASSWORD, password),
        lambda: customers.reset_password(token, password),
    ):
        with pytest.raises(InvalidValue, match="password") as refusal:
            call()
        assert len(password) < 2 or password not in str(refusal.value)

    assert desk.rows("SELECT password_hash FROM credentials") == before
    assert customers.reset_password(token, PASSWORD) == 0


def test_a_guess_is_bounded_as_a_password_is(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bug: a guess of 1,000 code points was hashed as 18,000; what no password can be is not hashed at all."""
    monkeypatch.setattr(AccountOptions, "proves", lambda *_: pytest.fail("hashed"))

    for guess in (LIGATURE * 56, LIGATURE * 1000, "x" * 1001):
        with pytest.raises(InvalidValue, match="password"):
            desk.log_in(guess)


def test_a_shop_can_ask_for_longer_passwords(desk: Desk, url: str) -> None:
    """NIST wants fifteen characters where the password is all there is."""
    with connect(url, accounts=replace(QUICK, shortest_password=15)) as strict:
        with pytest.raises(InvalidValue, match="15"):
            strict.customers.set_password(desk.ada.customer_id, "x" * 14)
        with pytest.raises(InvalidValue, match="15"):
            strict.customers.set_password(desk.ada.customer_id, LIGATURE * 14)
        strict.customers.set_password(desk.ada.customer_id, "x" * 15)

    assert desk.log_in("x" * 15).customer_id == desk.ada.customer_id


def test_a_changed_password_ends_every_session_and_every_reset(desk: Desk) -> None:
    """Whoever had got in is out, and only the new password opens."""
    customers = desk.shop.customers
    sessions = [desk.log_in(), desk.log_in()]
    reset = customers.start_password_reset("ada@example.com")
    assert reset is not None

    ended = customers.change_password(desk.ada.customer_id, PASSWORD, NEW)

    assert ended == 2
    for session in sessions:
        with pytest.raises(NotFound):
            customers.by_session(session.token)
    with pytest.raises(NotFound):
        customers.reset_password(reset, PASSWORD)
    with pytest.raises(LoginRefused):
        desk.log_in()
    assert desk.log_in(NEW).customer_id == desk.ada.customer_id


def test_a_password_that_is_set_ends_everything_too(desk: Desk) -> None:
    """A customer who had none gets one the same way."""
    customers = desk.shop.customers
    bare = customers.register(NewCustomer(email="bare@example.com"))
    session = desk.log_in()

    assert customers.set_password(desk.ada.customer_id, NEW) == 1
    assert customers.set_password(bare.customer_id, PASSWORD) == 0

    with pytest.raises(NotFound):
        customers.by_session(session.token)
    assert desk.log_in(email="bare@example.com").customer_id == bare.customer_id


def test_a_wrong_old_password_changes_nothing(desk: Desk) -> None:
    """The sessions stay, and so does the password."""
    session = desk.log_in()

    with pytest.raises(LoginRefused, match="old password"):
        desk.shop.customers.change_password(desk.ada.customer_id, WRONG, NEW)

    assert desk.shop.customers.by_session(session.token).session_id == session.session_id
    assert desk.log_in().customer_id == desk.ada.customer_id


def test_a_guest_or_an_inactive_customer_gets_no_password(desk: Desk) -> None:
    """There is nobody who could log in with it."""
    customers = desk.shop.customers
    guest = customers.add_imported(ImportedCustomer(email="guest@example.com", is_guest=True))
    customers.deactivate(desk.ada.customer_id)

    for customer_id in (guest.customer_id, desk.ada.customer_id):
        with pytest.raises(NotFound, match=str(customer_id)):
            customers.set_password(customer_id, NEW)
    with pytest.raises(LoginRefused):
        customers.change_password(desk.ada.customer_id, PASSWORD, NEW)


def test_a_taken_address_is_registered_by_nobody_else(desk: Desk) -> None:
    """Neither with a password nor without: the first customer's stays."""
    for password in (None, NEW):
        with pytest.raises(AlreadyExists):
            desk.shop.customers.register(NewCustomer(email="ada@EXAMPLE.com"), password=password)

    assert desk.rows("SELECT count(*) FROM credentials") == [(1,)]
    assert desk.log_in().customer_id == desk.ada.customer_id


def test_nobody_waits_while_a_password_is_hashed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing takes as long as many orders: another write gets in meanwhile, whatever the method."""
    customers, ada = desk.shop.customers, desk.ada.customer_id
    calls: list[Callable[[], object]] = [
        lambda: customers.register(NewCustomer(email="bob@example.com"), password=PASSWORD),
        desk.log_in,
        lambda: customers.change_password(ada, PASSWORD, NEW),
        lambda: customers.reset_password(customers.start_password_reset("ada@example.com") or "", NEW),
        lambda: customers.set_password(ada, PASSWORD),
    ]
    hashed, matches = AccountOptions.hashed, AccountOptions.matches
    written: list[int] = []

    def write() -> None:
        written.append(len(written) + 1)
        desk.shop.settings.update(order_expiry_minutes=written[-1])

    def watched_hashed(self: AccountOptions, password: SecretStr) -> str:
        write()
        return hashed(self, password)

    def watched_matches(self: AccountOptions, password_hash: str, password: SecretStr) -> bool:
        write()
        return matches(self, password_hash, password)

    monkeypatch.setattr(AccountOptions, "hashed", watched_hashed)
    monkeypatch.setattr(AccountOptions, "matches", watched_matches)
    # Whatever is kept counts as too weak, so that a log-in hashes as well.
    monkeypatch.setattr(AccountOptions, "is_outdated", lambda *_: True)
    counts = []
    for call in calls:
        before = len(written)
        call()
        counts.append(len(written) - before)

    assert counts == [1, 2, 2, 1, 1]

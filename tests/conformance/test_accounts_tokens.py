"""Tokens that are sent by mail: to verify an address and to reset a password, on both engines."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from lumia import AccountOptions, Shop, connect
from lumia.dto.customers import ImportedCustomer, NewCustomer
from lumia.errors import IllegalTransition, LoginRefused, NotFound
from lumia.repos.accounts import MAX_RESET_TOKENS
from tests.support.counting import counting_shop
from tests.support.desk import NEW, PASSWORD, QUICK, TICK
from tests.support.steady import SeededTokens, SeededUuids, SteppingClock
from tests.support.together import together

ADA = "ada@example.com"

pytestmark = pytest.mark.usefixtures("ada")


@pytest.fixture
def clock() -> SteppingClock:
    """Each look gives the next microsecond."""
    return SteppingClock(step=TICK)


@pytest.fixture
def shop(url: str, clock: SteppingClock) -> Iterator[Shop]:
    """A shop whose tokens are the same in every run."""
    options = replace(QUICK, tokens=SeededTokens())
    with connect(url, clock=clock, uuids=SeededUuids(), accounts=options) as opened:
        yield opened


@pytest.fixture
def ada(shop: Shop) -> int:
    """A customer with a password."""
    return shop.customers.register(NewCustomer(email="Ada@Example.com"), password=PASSWORD).customer_id


def run(shop: Shop, sql: str) -> list[tuple[Any, ...]]:
    """Go past the repositories."""
    session = shop.engine.acquire(write=True)
    try:
        return session.fetch_all(sql, ()) if sql.startswith("SELECT") else [(session.execute(sql, ()),)]
    finally:
        shop.engine.release(session, failed=False)


def reset(shop: Shop, email: str = ADA) -> str:
    """A token to reset a password."""
    token = shop.customers.start_password_reset(email)
    assert token is not None
    return token


def move(shop: Shop, customer_id: int) -> None:
    """Give a customer another address, as a later edit of the profile does."""
    new = "'new@example.com'"
    run(shop, f"UPDATE customers SET email = {new}, email_key = {new} WHERE customer_id = {customer_id}")


# --- both kinds -------------------------------------------------------------------------------------------------------


def verified(shop: Shop, token: str) -> object:
    """Use a token to verify an address."""
    return shop.customers.verify_email(token)


def renewed(shop: Shop, token: str) -> object:
    """Use a token to reset a password."""
    return shop.customers.reset_password(token, NEW)


KINDS: list[tuple[Callable[[Shop], str], Callable[[Shop, str], object], timedelta]] = [
    (lambda shop: shop.customers.start_email_verification(1), verified, timedelta(days=3)),
    (reset, renewed, timedelta(hours=1)),
]
each_kind = pytest.mark.parametrize(("start", "use", "lifetime"), KINDS, ids=["verify", "reset"])


@each_kind
def test_a_token_works_until_its_very_instant(
    shop: Shop,
    clock: SteppingClock,
    start: Callable[[Shop], str],
    use: Callable[[Shop, str], object],
    lifetime: timedelta,
) -> None:
    """Not a microsecond longer."""
    late, before = start(shop), clock.now
    clock.now = before + lifetime - TICK
    with pytest.raises(NotFound):
        use(shop, late)

    good, before = start(shop), clock.now
    # A reset looks twice: the second look must still be in time.
    clock.now = before + lifetime - 3 * TICK
    use(shop, good)


@each_kind
def test_a_token_works_once(
    shop: Shop, start: Callable[[Shop], str], use: Callable[[Shop, str], object], lifetime: timedelta
) -> None:
    """A mail that somebody finds later is worth nothing."""
    del lifetime
    token = start(shop)
    use(shop, token)

    with pytest.raises(NotFound) as refusal:
        use(shop, token)

    assert token not in str(refusal.value)
    with pytest.raises(IllegalTransition, match="account_tokens_used_final"):
        run(shop, "UPDATE account_tokens SET used_at = NULL")


@each_kind
def test_of_many_who_use_a_token_at_once_one_succeeds(
    shop: Shop, start: Callable[[Shop], str], use: Callable[[Shop, str], object], lifetime: timedelta
) -> None:
    """However close they come."""
    del lifetime
    token = start(shop)

    def attempt(_: int, __: int) -> bool:
        try:
            use(shop, token)
        except NotFound:
            return False
        return True

    assert [sum(found) for found in together(4, [0], attempt)] == [1]


@each_kind
def test_a_token_is_for_the_address_that_it_was_made_for(
    shop: Shop, ada: int, start: Callable[[Shop], str], use: Callable[[Shop, str], object], lifetime: timedelta
) -> None:
    """Who reads the old mailbox proves nothing about the new one; the token is not used up by the attempt."""
    del lifetime
    token = start(shop)
    move(shop, ada)

    with pytest.raises(NotFound):
        use(shop, token)

    assert not shop.customers.get(ada).is_verified
    assert run(shop, "SELECT count(used_at) FROM account_tokens") == [(0,)]
    assert shop.customers.authenticate("new@example.com", PASSWORD).customer_id == ada


@each_kind
def test_a_token_of_an_inactive_customer_is_refused(
    shop: Shop, ada: int, start: Callable[[Shop], str], use: Callable[[Shop, str], object], lifetime: timedelta
) -> None:
    """Whatever was sent before."""
    del lifetime
    token = start(shop)
    shop.customers.deactivate(ada)

    with pytest.raises(NotFound):
        use(shop, token)

    assert not shop.customers.get(ada).is_verified


def test_a_token_of_one_kind_is_none_of_the_other(shop: Shop, ada: int) -> None:
    """Verifying an address gives no right to its account."""
    verification, renewal = shop.customers.start_email_verification(ada), reset(shop)

    with pytest.raises(NotFound):
        shop.customers.reset_password(verification, NEW)
    with pytest.raises(NotFound):
        shop.customers.verify_email(renewal)

    assert shop.customers.verify_email(SecretStr(verification)).is_verified
    assert shop.customers.reset_password(SecretStr(renewal), SecretStr(NEW)) == 0


def test_only_hashes_of_tokens_are_kept(shop: Shop, ada: int) -> None:
    """With the key of the address, however it was typed."""
    tokens = [shop.customers.start_email_verification(ada), reset(shop, "ADA@EXAMPLE.COM")]

    rows = run(shop, "SELECT token_hash, email_key FROM account_tokens ORDER BY account_token_id")

    assert [bytes(row[0]) for row in rows] == [hashlib.sha256(token.encode()).digest() for token in tokens]
    assert {row[1] for row in rows} == {ADA}


# --- verifying --------------------------------------------------------------------------------------------------------


def test_a_verified_address_is_marked(shop: Shop, ada: int) -> None:
    """It needs no second verification, and gets none."""
    customer = shop.customers.verify_email(shop.customers.start_email_verification(ada))

    assert customer.is_verified
    assert shop.customers.get(ada) == customer
    with pytest.raises(NotFound, match="verified"):
        shop.customers.start_email_verification(ada)


def test_a_new_verification_ends_the_one_before(shop: Shop, ada: int) -> None:
    """The latest mail is the one that counts."""
    first, second = (shop.customers.start_email_verification(ada) for _ in range(2))

    with pytest.raises(NotFound):
        shop.customers.verify_email(first)
    assert shop.customers.verify_email(second).is_verified
    assert run(shop, "SELECT count(*) FROM account_tokens") == [(1,)]


def test_guests_and_inactive_customers_verify_nothing(shop: Shop, ada: int) -> None:
    """There is no account that it would serve."""
    guest = shop.customers.add_imported(ImportedCustomer(email="guest@example.com", is_guest=True))
    shop.customers.deactivate(ada)

    for customer_id in (guest.customer_id, ada):
        with pytest.raises(NotFound, match=str(customer_id)):
            shop.customers.start_email_verification(customer_id)


# --- resetting --------------------------------------------------------------------------------------------------------


def test_a_reset_ends_every_session_and_every_other_reset(shop: Shop, ada: int) -> None:
    """The owner is alone with the new password; a verification on its way stays good."""
    sessions = [shop.customers.authenticate(ADA, PASSWORD) for _ in range(2)]
    verification = shop.customers.start_email_verification(ada)
    first, second = reset(shop), reset(shop)

    ended = shop.customers.reset_password(first, NEW)

    assert ended == 2
    for session in sessions:
        with pytest.raises(NotFound):
            shop.customers.by_session(session.token)
    with pytest.raises(NotFound):
        shop.customers.reset_password(second, PASSWORD)
    with pytest.raises(LoginRefused):
        shop.customers.authenticate(ADA, PASSWORD)
    assert shop.customers.authenticate(ADA, NEW).customer_id == ada
    assert shop.customers.verify_email(verification).is_verified


def test_an_imported_customer_gets_a_first_password_by_a_reset(shop: Shop) -> None:
    """The other system's passwords did not come along."""
    bob = shop.customers.add_imported(ImportedCustomer(email="bob@example.com", external_reference="B1"))

    shop.customers.reset_password(reset(shop, "bob@example.com"), NEW)

    assert shop.customers.authenticate("bob@example.com", NEW).customer_id == bob.customer_id


def test_an_address_that_nobody_can_log_in_with_gets_no_mail(shop: Shop, ada: int) -> None:
    """And the caller learns it by None at the same cost, not by an error that a visitor might see."""
    shop.customers.add_imported(ImportedCustomer(email="guest@example.com", is_guest=True))
    shop.customers.deactivate(ada)
    shop.customers.register(NewCustomer(email="bob@example.com"))
    counted, counter = counting_shop(shop)

    found = []
    for email in ("bob@example.com", "nobody@example.com", "guest@example.com", ADA):
        before = len(counter.names)
        found.append((counted.customers.start_password_reset(email) is not None, counter.names[before:]))

    same = [f"accounts.{name}" for name in ("lock_registered", "delete_dead_account_tokens", "insert_reset_token")]
    assert found == [(True, same), (False, same), (False, same), (False, same)]


def test_asking_again_and_again_takes_nothing_from_the_owner(shop: Shop, clock: SteppingClock) -> None:
    """The first five stay good, no sixth is made, and there is room again once they have run out."""
    tokens = [reset(shop) for _ in range(MAX_RESET_TOKENS)]

    more = [shop.customers.start_password_reset(ADA) for _ in range(3)]
    clock.advance(timedelta(hours=1))
    later = reset(shop)

    assert more == [None, None, None]
    assert len(set(tokens)) == MAX_RESET_TOKENS
    assert run(shop, "SELECT count(*) FROM account_tokens") == [(1,)]
    shop.customers.reset_password(later, NEW)


def test_the_first_of_many_resets_still_works(shop: Shop, ada: int) -> None:
    """Whoever else asked meanwhile."""
    tokens = [shop.customers.start_password_reset(ADA) for _ in range(MAX_RESET_TOKENS + 2)]

    shop.customers.reset_password(tokens[0] or "", NEW)

    assert shop.customers.authenticate(ADA, NEW).customer_id == ada


def test_a_made_up_token_costs_no_hash(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can keep the machine busy with them."""
    monkeypatch.setattr(AccountOptions, "hashed", lambda *_: pytest.fail("hashed"))

    with pytest.raises(NotFound):
        shop.customers.reset_password("made up", NEW)

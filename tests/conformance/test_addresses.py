"""Addresses: added, replaced, archived and chosen as defaults, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest

from lumia import Shop, Transaction
from lumia.dto.customers import Address, Customer, NewAddress, NewCustomer
from lumia.errors import LumiaError, NotFound
from tests.support.together import together

HOME = NewAddress(recipient="Ada Lovelace", line1="12 St James's Square", city="London", country_code="GB")
WORK = NewAddress(
    recipient="Ada Lovelace",
    company="Analytical Engines",
    line1="1 Mill Lane",
    line2="Back yard",
    city="Leeds",
    region="Yorkshire",
    postal_code="LS1 1AA",
    country_code="GB",
    country_name="United Kingdom",
    phone="+44 113 496 0000",
)


def registered(shop: Shop, name: str = "ada") -> Customer:
    """A customer called by the local part of the address."""
    return shop.customers.register(NewCustomer(email=f"{name}@example.com", first_name=name.title()))


def marks(shop: Shop, customer_id: int) -> dict[int, tuple[bool, bool]]:
    """Which address is the default for shipping and for billing."""
    page = shop.customers.addresses(customer_id)
    return {row.address_id: (row.is_default_shipping, row.is_default_billing) for row in page.items}


def test_an_address_is_stored_as_given(shop: Shop) -> None:
    """Every field comes back."""
    ada = registered(shop)

    work = shop.customers.add_address(ada.customer_id, address=WORK)
    home = shop.customers.add_address(ada.customer_id, address=HOME)

    assert NewAddress(**{field: getattr(work, field) for field in NewAddress.model_fields}) == WORK
    assert (home.company, home.line2, home.region, home.postal_code, home.phone) == (None, None, "", "", None)
    assert work.customer_id == ada.customer_id
    assert work.archived_at is None
    assert shop.customers.addresses(ada.customer_id).items == (work, home)


def test_each_kind_of_default_is_one_address(shop: Shop) -> None:
    """A new default takes the mark from the old one, for its kind alone."""
    ada = registered(shop)
    home = shop.customers.add_address(ada.customer_id, address=HOME, default_shipping=True, default_billing=True)
    work = shop.customers.add_address(ada.customer_id, address=WORK, default_billing=True)

    after_adding = marks(shop, ada.customer_id)
    chosen = shop.customers.set_default_address(ada.customer_id, address_id=work.address_id, kind="shipping")
    again = shop.customers.set_default_address(ada.customer_id, address_id=work.address_id, kind="shipping")

    assert after_adding == {home.address_id: (True, False), work.address_id: (False, True)}
    assert (chosen.is_default_shipping, chosen.is_default_billing) == (True, True)
    assert again.is_default_shipping
    assert marks(shop, ada.customer_id) == {home.address_id: (False, False), work.address_id: (True, True)}


def test_a_default_of_one_customer_is_none_of_anothers_business(shop: Shop) -> None:
    """Choosing mine must not clear yours."""
    ada, bob = registered(shop), registered(shop, "bob")
    home = shop.customers.add_address(ada.customer_id, address=HOME, default_shipping=True)

    shop.customers.add_address(bob.customer_id, address=WORK, default_shipping=True)

    assert marks(shop, ada.customer_id) == {home.address_id: (True, False)}


def test_a_replaced_address_keeps_its_row_and_hands_its_marks_over(shop: Shop) -> None:
    """Orders go on referring to what they were placed with."""
    ada = registered(shop)
    home = shop.customers.add_address(ada.customer_id, address=HOME, default_shipping=True)

    moved = shop.customers.replace_address(ada.customer_id, address_id=home.address_id, address=WORK)

    old, new = shop.customers.addresses(ada.customer_id, include_archived=True).items
    assert new == moved
    assert moved.address_id != home.address_id
    assert (moved.is_default_shipping, moved.is_default_billing, moved.line1) == (True, False, WORK.line1)
    assert (old.line1, old.is_default_shipping) == (HOME.line1, False)
    assert old.archived_at is not None
    assert shop.customers.addresses(ada.customer_id).items == (moved,)


def test_an_archived_address_is_out_of_use(shop: Shop) -> None:
    """It loses its marks and cannot be chosen, replaced or archived again."""
    ada = registered(shop)
    home = shop.customers.add_address(ada.customer_id, address=HOME, default_shipping=True, default_billing=True)

    archived = shop.customers.archive_address(ada.customer_id, address_id=home.address_id)

    assert archived.archived_at is not None
    assert (archived.is_default_shipping, archived.is_default_billing) == (False, False)
    with pytest.raises(NotFound):
        shop.customers.archive_address(ada.customer_id, address_id=home.address_id)
    with pytest.raises(NotFound):
        shop.customers.replace_address(ada.customer_id, address_id=home.address_id, address=WORK)
    for kind in ("billing", "shipping"):
        with pytest.raises(NotFound):
            shop.customers.set_default_address(ada.customer_id, address_id=home.address_id, kind=kind)


def test_a_refused_default_leaves_the_old_one(shop: Shop) -> None:
    """The mark is not lost when the new address turns out to be missing."""
    ada = registered(shop)
    home = shop.customers.add_address(ada.customer_id, address=HOME, default_shipping=True)

    with pytest.raises(NotFound):
        shop.customers.set_default_address(ada.customer_id, address_id=home.address_id + 1, kind="shipping")

    assert marks(shop, ada.customer_id) == {home.address_id: (True, False)}


def test_nobody_touches_anothers_address(shop: Shop) -> None:
    """A guessed key of somebody else's address is as good as a missing one."""
    ada, eve = registered(shop), registered(shop, "eve")
    home = shop.customers.add_address(ada.customer_id, address=HOME)
    attempts: list[Callable[[], Address]] = [
        lambda: shop.customers.archive_address(eve.customer_id, address_id=home.address_id),
        lambda: shop.customers.replace_address(eve.customer_id, address_id=home.address_id, address=WORK),
        lambda: shop.customers.set_default_address(eve.customer_id, address_id=home.address_id, kind="billing"),
        lambda: shop.customers.set_default_address(eve.customer_id, address_id=home.address_id, kind="shipping"),
    ]

    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()

    assert shop.customers.addresses(ada.customer_id).items == (home,)


def test_addresses_are_listed_page_by_page(shop: Shop) -> None:
    """Archived ones leave no gap in the pages of those in use."""
    ada = registered(shop)
    rows = [shop.customers.add_address(ada.customer_id, address=HOME) for _ in range(5)]
    shop.customers.archive_address(ada.customer_id, address_id=rows[1].address_id)

    first = shop.customers.addresses(ada.customer_id, limit=3)
    second = shop.customers.addresses(ada.customer_id, limit=3, after=first.next)

    every = shop.customers.addresses(ada.customer_id, include_archived=True, limit=4)
    last = shop.customers.addresses(ada.customer_id, include_archived=True, limit=4, after=every.next)

    assert first.items == (rows[0], rows[2], rows[3])
    assert (second.items, second.next) == ((rows[4],), None)
    assert [row.address_id for row in every.items + last.items] == [row.address_id for row in rows]
    assert last.next is None


def test_defaults_chosen_at_once_leave_exactly_one(shop: Shop) -> None:
    """Two browser tabs must not make two defaults, nor an error."""
    ada = registered(shop)
    rows = [shop.customers.add_address(ada.customer_id, address=HOME) for _ in range(4)]

    chosen = together(
        4,
        range(10),
        lambda _, at: shop.customers.set_default_address(
            ada.customer_id, address_id=rows[at].address_id, kind="shipping"
        ),
    )

    assert all(row.is_default_shipping for outcome in chosen for row in outcome)
    assert sum(shipping for shipping, _ in marks(shop, ada.customer_id).values()) == 1


def during(shop: Shop, first: Callable[[Transaction], object], second: Callable[[], Address]) -> LumiaError | Address:
    """Do the first in a transaction that is open until the second is through or waits; give the second's outcome."""

    def outcome() -> LumiaError | Address:
        try:
            return second()
        except LumiaError as error:
            return error

    with ThreadPoolExecutor(1) as pool:
        with shop.transaction() as tx:
            first(tx)
            running = pool.submit(outcome)
            wait([running], timeout=0.3)
        return running.result(timeout=60)


@pytest.mark.parametrize("past_the_repositories", [False, True])
def test_an_address_that_is_archived_meanwhile_is_not_replaced(shop: Shop, *, past_the_repositories: bool) -> None:
    """The bug: `replace_address` ignored that nothing was left to archive, so an archived address came back."""
    ada = registered(shop)
    key = shop.customers.add_address(ada.customer_id, address=HOME, default_shipping=True).address_id

    def archive(tx: Transaction) -> object:
        if not past_the_repositories:
            return tx.customers.archive_address(ada.customer_id, address_id=key)
        query = tx.customers._context.q.addresses.archive_address
        return query(customer_id=ada.customer_id, address_id=key, now=shop.clock())

    found = during(shop, archive, lambda: shop.customers.replace_address(ada.customer_id, address_id=key, address=WORK))

    assert isinstance(found, NotFound)
    assert shop.customers.addresses(ada.customer_id).items == ()


def test_an_address_that_is_replaced_meanwhile_is_not_archived(shop: Shop) -> None:
    """The customer's lock comes first for both, and whoever is later finds the address out of use."""
    ada = registered(shop)
    key = shop.customers.add_address(ada.customer_id, address=HOME).address_id

    found = during(
        shop,
        lambda tx: tx.customers.replace_address(ada.customer_id, address_id=key, address=WORK),
        lambda: shop.customers.archive_address(ada.customer_id, address_id=key),
    )

    assert isinstance(found, NotFound)
    assert [row.line1 for row in shop.customers.addresses(ada.customer_id).items] == [WORK.line1]


def test_times_come_from_the_shops_clock(shop: Shop) -> None:
    """A replayed history has the same instants on every machine."""
    ada = registered(shop)
    home = shop.customers.add_address(ada.customer_id, address=HOME)
    archived = shop.customers.archive_address(ada.customer_id, address_id=home.address_id)

    now = shop.clock()

    assert archived.archived_at == archived.updated_at
    assert timedelta(0) < now - archived.updated_at < timedelta(hours=1)

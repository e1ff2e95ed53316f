"""Customers: registered, imported, found, changed and listed, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from lumia import Shop
from lumia.dto.customers import Customer, ImportedCustomer, NewAddress, NewCustomer
from lumia.errors import AlreadyExists, InvalidValue, NotFound
from lumia.types import Page
from tests.support.paging import walked

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


def test_a_registered_customer_is_found_by_every_key(shop: Shop) -> None:
    """Whatever a program holds of a customer leads to the same row."""
    before = shop.clock()

    customer = shop.customers.register(
        NewCustomer(email="Ada@Example.com", first_name="Ada", last_name="Lovelace", phone="+44 20 7946 0000")
    )

    assert customer.email == "Ada@Example.com"
    assert customer.name == "Ada Lovelace"
    assert customer.phone == "+44 20 7946 0000"
    assert (customer.is_guest, customer.is_active, customer.is_verified) == (False, True, False)
    assert (customer.external_reference, customer.erased_at) == (None, None)
    assert before < customer.created_at == customer.updated_at
    assert shop.customers.get(customer.customer_id) == customer
    assert shop.customers.by_public_id(customer.public_id) == customer
    assert shop.customers.by_email("aDA@EXAMPLE.COM") == customer


def test_a_name_may_be_missing_in_part_or_whole(shop: Shop) -> None:
    """The joined name has no blank at its ends."""
    names = [("", ""), ("Ada", ""), ("", "Lovelace"), ("  Ada ", " Lovelace")]

    customers = [
        shop.customers.register(NewCustomer(email=f"n{at}@example.com", first_name=first, last_name=last))
        for at, (first, last) in enumerate(names)
    ]

    assert [customer.name for customer in customers] == ["", "Ada", "Lovelace", "Ada Lovelace"]


def test_one_address_registers_once(shop: Shop) -> None:
    """Two accounts of one person split their orders; the refusal does not show the address."""
    registered(shop)

    for email in ("ada@example.com", "ADA@EXAMPLE.COM", "Ada@example.com"):
        with pytest.raises(AlreadyExists) as refusal:
            shop.customers.register(NewCustomer(email=email))
        assert "ada@" not in str(refusal.value).lower()

    assert len(shop.customers.list().items) == 1


def test_a_refused_registration_leaves_the_callers_transaction_usable(shop: Shop) -> None:
    """A program can say "you have an account" and go on with the order."""
    registered(shop)

    with shop.transaction() as tx:
        with pytest.raises(AlreadyExists):
            registered(tx)  # type: ignore[arg-type]
        bob = tx.customers.register(NewCustomer(email="bob@example.com"))

    assert shop.customers.get(bob.customer_id) == bob


def test_guests_share_an_address_with_anybody(shop: Shop) -> None:
    """Who orders as a guest twice is no error, and is not found as an account."""
    guest = ImportedCustomer(email="ada@example.com", is_guest=True)

    first, second = shop.customers.add_imported(guest), shop.customers.add_imported(guest)
    ada = registered(shop)

    assert first.is_guest
    assert second.is_guest
    assert len({first.customer_id, second.customer_id, ada.customer_id}) == 3
    assert shop.customers.by_email("ada@example.com") == ada


def test_an_import_keeps_placeholder_address_and_reference(shop: Shop) -> None:
    """A customer of the old system is found by its number later."""
    customer = shop.customers.add_imported(ImportedCustomer(email="17850@import.invalid", external_reference="17850"))

    assert customer.external_reference == "17850"
    assert shop.customers.by_email("17850@import.invalid") == customer
    with pytest.raises(AlreadyExists):
        shop.customers.add_imported(ImportedCustomer(email="other@import.invalid", external_reference="17850"))


def test_a_profile_changes_where_it_is_told_to(shop: Shop) -> None:
    """What is not mentioned stays; a number is removed only when None is said."""
    ada = registered(shop)

    renamed = shop.customers.update_profile(ada.customer_id, last_name="King", phone="1")
    kept = shop.customers.update_profile(ada.customer_id, first_name="")
    emptied = shop.customers.update_profile(ada.customer_id, phone=None)

    assert (renamed.name, renamed.phone) == ("Ada King", "1")
    assert (kept.name, kept.phone) == ("King", "1")
    assert (emptied.name, emptied.phone) == ("King", None)
    assert ada.updated_at < renamed.updated_at < kept.updated_at < emptied.updated_at
    assert emptied.created_at == ada.created_at
    assert shop.customers.get(ada.customer_id) == emptied


def test_a_profile_has_its_borders(shop: Shop) -> None:
    """The longest name that fits is stored whole, one letter more is refused before the database sees it."""
    ada = registered(shop)

    longest = shop.customers.update_profile(ada.customer_id, first_name="é" * 100, phone="1" * 40)

    assert longest.first_name == "é" * 100
    with pytest.raises(InvalidValue, match="first_name"):
        shop.customers.update_profile(ada.customer_id, first_name="é" * 101)
    with pytest.raises(InvalidValue, match="phone"):
        shop.customers.update_profile(ada.customer_id, phone="")
    assert shop.customers.get(ada.customer_id) == longest


def test_deactivating_twice_is_deactivating_once(shop: Shop) -> None:
    """A repeated click is no error."""
    ada = registered(shop)

    first = shop.customers.deactivate(ada.customer_id)
    second = shop.customers.deactivate(ada.customer_id)

    assert (first.is_active, second.is_active) == (False, False)


def test_a_deactivated_customer_is_let_in_again(shop: Shop) -> None:
    """As often as it is said, and nothing else changes."""
    ada = registered(shop)
    gone = shop.customers.deactivate(ada.customer_id)

    first = shop.customers.reactivate(ada.customer_id)
    second = shop.customers.reactivate(ada.customer_id)

    assert (gone.is_active, first.is_active, second.is_active) == (False, True, True)
    assert second.model_copy(update={"updated_at": ada.updated_at}) == ada


def test_customers_are_listed_page_by_page(shop: Shop) -> None:
    """Every customer appears once, whatever the page's size, and the last page says that it is the last."""
    customers = [registered(shop, f"c{at}") for at in range(5)]

    def walk(limit: int) -> list[Page[Customer]]:
        return walked(lambda after: shop.customers.list(limit=limit, after=after))

    walks = [walk(limit) for limit in (1, 2, 5, 500)]

    assert [[item for page in pages for item in page.items] for pages in walks] == [customers] * 4
    assert [len(pages) for pages in walks] == [5, 3, 1, 1]


def test_a_page_holds_1_to_500_and_begins_after_a_key(shop: Shop) -> None:
    """A limit that is NULL or negative means opposite things on the two engines; a driver overflows by itself."""
    limits: list[Any] = [0, -1, 501, True, 2.0, None]
    keys: list[Any] = [-1, 2**63, "1", True]

    for limit in limits:
        with pytest.raises(InvalidValue, match="limit"):
            shop.customers.list(limit=limit)
    for after in keys:
        with pytest.raises(InvalidValue, match="after"):
            shop.customers.list(after=after)


MISSING: list[Callable[[Shop], object]] = [
    lambda shop: shop.customers.get(1),
    lambda shop: shop.customers.get(2**63 - 1),
    lambda shop: shop.customers.by_public_id(UUID(int=1)),
    lambda shop: shop.customers.by_email("nobody@example.com"),
    lambda shop: shop.customers.update_profile(1, first_name="A"),
    lambda shop: shop.customers.deactivate(1),
    lambda shop: shop.customers.reactivate(1),
    lambda shop: shop.customers.add_address(1, address=HOME),
    lambda shop: shop.customers.replace_address(1, address_id=1, address=HOME),
    lambda shop: shop.customers.archive_address(1, address_id=1),
    lambda shop: shop.customers.set_default_address(1, address_id=1, kind="billing"),
]


def test_who_is_not_there_is_not_found(shop: Shop) -> None:
    """One class for every missing row, and no address in its message."""
    for call in MISSING:
        with pytest.raises(NotFound) as refusal:
            call(shop)
        assert "@" not in str(refusal.value)


INVALID: list[tuple[str, Callable[[Shop], object]]] = [
    ("customer_id", lambda shop: shop.customers.get(0)),
    ("customer_id", lambda shop: shop.customers.get(2**63)),
    ("customer_id", lambda shop: shop.customers.addresses(-1)),
    ("customer_id", lambda shop: shop.customers.deactivate(True)),  # noqa: FBT003 - True is 1 to Python
    ("customer_id", lambda shop: shop.customers.reactivate(0)),
    ("public_id", lambda shop: shop.customers.by_public_id("no uuid")),  # type: ignore[arg-type]
    ("email", lambda shop: shop.customers.by_email("no address")),
    ("email", lambda shop: shop.customers.by_email("a\0@example.com")),
    ("address_id", lambda shop: shop.customers.archive_address(1, address_id=0)),
    ("kind", lambda shop: shop.customers.set_default_address(1, address_id=1, kind="holiday")),
]


def test_what_cannot_be_a_key_is_refused_by_name(shop: Shop) -> None:
    """The caller learns which argument was wrong, on both engines alike."""
    for field, call in INVALID:
        with pytest.raises(InvalidValue, match=field):
            call(shop)


def test_input_that_was_changed_after_its_check_is_checked_again(shop: Shop) -> None:
    """A copy with new values, or another class of input, has been looked at by nobody."""
    ada = registered(shop)
    attempts: list[Callable[[], object]] = [
        lambda: shop.customers.register(NewCustomer(email="a@b.cc").model_copy(update={"email": "nonsense"})),
        lambda: shop.customers.register(ImportedCustomer(email="a@b.invalid")),  # type: ignore[arg-type]
        lambda: shop.customers.add_imported(NewCustomer(email="a@b.cc")),  # type: ignore[arg-type]
        lambda: shop.customers.add_address(ada.customer_id, address=HOME.model_copy(update={"city": ""})),
        lambda: shop.customers.replace_address(ada.customer_id, address_id=1, address={"city": "Leeds"}),  # type: ignore[arg-type]
    ]

    for attempt in attempts:
        with pytest.raises(InvalidValue):
            attempt()

    assert shop.customers.list().items == (ada,)

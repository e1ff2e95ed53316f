"""Customers and their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import SecretStr

from lumia.dto.base import UNCHANGED, Unchanged, checked_id, rechecked, validated
from lumia.dto.customers import (
    Address,
    AddressKind,
    Customer,
    CustomerFilter,
    CustomerSort,
    DefaultAddress,
    EmailLookup,
    ImportedCustomer,
    NewAddress,
    NewCustomer,
    ProfileUpdate,
    PublicId,
)
from lumia.dto.emails import email_key
from lumia.repos.accounts import Accounts
from lumia.repos.base import found, given, key_after, key_of, page_of, page_rows
from lumia.types import Page

if TYPE_CHECKING:
    from lumia.repos.context import Context

__all__ = ["Customers"]


class Customers(Accounts):
    """Who buys, and where their goods and bills go."""

    # --- customers ----------------------------------------------------------------------------------------------------

    def register(self, customer: NewCustomer, *, password: str | SecretStr | None = None) -> Customer:
        """Add a customer, active and not yet verified. Two statements, three statements with a password.

        The address is kept as typed; two spellings of one address are the same customer. A password is as in
        `set_password`; without one nobody can log in until `set_password` or `reset_password` gives one. Raises
        `AlreadyExists` when a registered customer has the address, `InvalidValue`.
        """
        new = ImportedCustomer(**dict(rechecked(NewCustomer, customer)))
        password_hash = None if password is None else self._hashed(password)
        return self._add(new, password_hash)

    def add_imported(self, customer: ImportedCustomer) -> Customer:
        """Add a customer of another system, also with a placeholder address, also a guest. Two statements.

        Guests may share an address. Raises `AlreadyExists` when a registered customer has the address, or anybody the
        external reference.
        """
        return self._add(rechecked(ImportedCustomer, customer), None)

    def _add(self, new: ImportedCustomer, password_hash: str | None) -> Customer:
        with self._context.unit(write=True) as unit:
            now = unit.now()
            customer_id: int = unit.q.customers.insert_customer(
                public_id=unit.new_uuid(), email_key=email_key(new.email), **dict(new), now=now
            )
            if password_hash is not None:
                unit.q.accounts.put_credential(customer_id=customer_id, password_hash=password_hash, now=now)
            row: Customer | None = unit.q.customers.get_customer(customer_id=customer_id)
            return found(row, _no_customer(customer_id))

    def get(self, customer_id: int) -> Customer:
        """Read one customer. Raises `NotFound`. One statement."""
        row: Customer | None = self._context.q.customers.get_customer(
            customer_id=checked_id("customer_id", customer_id)
        )
        return found(row, _no_customer(customer_id))

    def by_public_id(self, public_id: UUID) -> Customer:
        """Read the customer of a public id. Raises `NotFound`. One statement."""
        key = validated(PublicId, public_id=public_id).public_id
        row: Customer | None = self._context.q.customers.get_customer_by_public_id(public_id=key)
        return found(row, "no customer has this public id: customers.list gives all")

    def by_email(self, email: str) -> Customer:
        """Read the registered customer of an address, however it is spelt; guests are not looked at. One statement.

        Raises `NotFound`, and `InvalidValue` for what is no address.
        """
        key = email_key(validated(EmailLookup, email=email).email)
        row: Customer | None = self._context.q.customers.get_customer_by_email_key(email_key=key)
        return found(row, "no registered customer has this e-mail address: customers.register adds one")

    def list(
        self,
        *,
        is_active: bool | None = None,
        is_guest: bool | None = None,
        order: CustomerSort = "customer_id",
        limit: int = 50,
        after: int | None = None,
    ) -> Page[Customer]:
        """List customers, oldest first or newest first (`order="-customer_id"`), `limit` (1 to 500) at a time.

        `is_active` and `is_guest` keep those that are so, or are not; without them everybody is there. `after` is the
        last page's `next`. Raises `InvalidValue`. One statement.
        """
        wanted = validated(CustomerFilter, is_active=is_active, is_guest=is_guest, order=order)
        rows = self._context.q.customers.list_customers(
            is_active=given(wanted.is_active),
            is_guest=given(wanted.is_guest),
            after_id=key_of(after),
            order=wanted.order,
            max_rows=page_rows(limit),
        )
        return page_of(rows, limit, _customer_id)

    def update_profile(
        self,
        customer_id: int,
        *,
        first_name: str | None = None,
        last_name: str | None = None,
        phone: str | Unchanged | None = UNCHANGED,
    ) -> Customer:
        """Change what is given; `phone=None` removes the number. One statement.

        Names have at most 100 characters, a phone number 40. Raises `NotFound` and `InvalidValue`.
        """
        change = validated(
            ProfileUpdate,
            first_name=first_name,
            last_name=last_name,
            phone=None if isinstance(phone, Unchanged) else phone,
        )
        checked_id("customer_id", customer_id)
        with self._context.unit(write=True) as unit:
            row: Customer | None = unit.q.customers.update_customer_profile(
                customer_id=customer_id, sets_phone=phone is not UNCHANGED, **dict(change), now=unit.now()
            )
            return found(row, _no_customer(customer_id))

    def deactivate(self, customer_id: int) -> Customer:
        """Mark a customer as inactive and end their sessions; doing it again changes nothing more. Two statements.

        Raises `NotFound`.
        """
        checked_id("customer_id", customer_id)
        with self._context.unit(write=True) as unit:
            now = unit.now()
            # Locks the customer, as a log-in does: one that came before is seen below, one that comes later is refused.
            row: Customer | None = unit.q.customers.deactivate_customer(customer_id=customer_id, now=now)
            # For good: who is active again one day logs in again.
            unit.q.sessions.revoke_sessions(
                customer_id=customer_id, seen_after=now - unit.accounts.session_idle, now=now
            )
            return found(row, _no_customer(customer_id))

    def reactivate(self, customer_id: int) -> Customer:
        """Mark a customer as active again; doing it again changes nothing more. Raises `NotFound`. One statement."""
        checked_id("customer_id", customer_id)
        with self._context.unit(write=True) as unit:
            row: Customer | None = unit.q.customers.reactivate_customer(customer_id=customer_id, now=unit.now())
            return found(row, _no_customer(customer_id))

    # --- addresses ----------------------------------------------------------------------------------------------------

    def add_address(
        self,
        customer_id: int,
        *,
        address: NewAddress,
        default_shipping: bool = False,
        default_billing: bool = False,
    ) -> Address:
        """Add an address, if wanted as the new default of either kind. Three to five statements.

        Raises `NotFound` for a customer that does not exist, `InvalidValue` for what is no address.
        """
        new = rechecked(NewAddress, address)
        checked_id("customer_id", customer_id)
        with self._context.unit(write=True) as unit:
            _lock(unit, customer_id)
            now = unit.now()
            if default_shipping:
                unit.q.addresses.clear_default_shipping(customer_id=customer_id, now=now)
            if default_billing:
                unit.q.addresses.clear_default_billing(customer_id=customer_id, now=now)
            return _insert(unit, customer_id, new, shipping=default_shipping, billing=default_billing)

    def replace_address(self, customer_id: int, *, address_id: int, address: NewAddress) -> Address:
        """Put a new address in an old one's place: the old row is archived, the new one takes its defaults over.

        Orders keep the row that they were placed with. Raises `NotFound` for an address that is not the customer's or
        is archived, `InvalidValue` for what is no address. Five statements.
        """
        new = rechecked(NewAddress, address)
        checked_id("customer_id", customer_id)
        checked_id("address_id", address_id)
        with self._context.unit(write=True) as unit:
            _lock(unit, customer_id)
            old: Address | None = unit.q.addresses.get_live_address(customer_id=customer_id, address_id=address_id)
            old = found(old, _no_address(customer_id, address_id))
            archived: Address | None = unit.q.addresses.archive_address(
                customer_id=customer_id, address_id=address_id, now=unit.now()
            )
            # Whoever archives past the repositories holds no lock of the customer.
            found(archived, _no_address(customer_id, address_id))
            return _insert(unit, customer_id, new, shipping=old.is_default_shipping, billing=old.is_default_billing)

    def archive_address(self, customer_id: int, *, address_id: int) -> Address:
        """Take an address out of use; it stops being a default and stays with orders that have it. Two statements.

        Raises `NotFound` for an address that is not the customer's or is archived already.
        """
        checked_id("customer_id", customer_id)
        checked_id("address_id", address_id)
        with self._context.unit(write=True) as unit:
            _lock(unit, customer_id)
            row: Address | None = unit.q.addresses.archive_address(
                customer_id=customer_id, address_id=address_id, now=unit.now()
            )
            return found(row, _no_address(customer_id, address_id))

    def addresses(
        self, customer_id: int, *, include_archived: bool = False, limit: int = 50, after: int | None = None
    ) -> Page[Address]:
        """List a customer's addresses, oldest first, `limit` (1 to 500) at a time; `after` is the last page's `next`.

        A customer that does not exist has none. Raises `InvalidValue`. One statement.
        """
        queries = self._context.q.addresses
        query = queries.list_addresses if include_archived else queries.list_live_addresses
        rows = query(
            customer_id=checked_id("customer_id", customer_id), after_id=key_after(after), max_rows=page_rows(limit)
        )
        return page_of(rows, limit, _address_id)

    def set_default_address(self, customer_id: int, *, address_id: int, kind: AddressKind | str) -> Address:
        """Make an address the default for shipping or billing; the one before loses the mark. Three statements.

        Raises `NotFound` for an address that is not the customer's or is archived, `InvalidValue` for another kind.
        """
        chosen = validated(DefaultAddress, address_id=address_id, kind=kind)
        checked_id("customer_id", customer_id)
        with self._context.unit(write=True) as unit:
            _lock(unit, customer_id)
            queries, now = unit.q.addresses, unit.now()
            shipping = chosen.kind is AddressKind.SHIPPING
            clear = queries.clear_default_shipping if shipping else queries.clear_default_billing
            mark = queries.mark_default_shipping if shipping else queries.mark_default_billing
            clear(customer_id=customer_id, now=now)
            row: Address | None = mark(customer_id=customer_id, address_id=address_id, now=now)
            return found(row, _no_address(customer_id, address_id))


def _lock(unit: Context, customer_id: int) -> None:
    # Two callers who each clear the old default and set a new one would otherwise meet at the unique index, and what
    # is archived meanwhile would come back as the address that replaces it.
    locked: int | None = unit.q.customers.lock_customer(customer_id=customer_id)
    found(locked, _no_customer(customer_id))


def _insert(unit: Context, customer_id: int, address: NewAddress, *, shipping: bool, billing: bool) -> Address:
    address_id: int = unit.q.addresses.insert_address(
        customer_id=customer_id,
        **dict(address),
        is_default_shipping=shipping,
        is_default_billing=billing,
        now=unit.now(),
    )
    row: Address | None = unit.q.addresses.get_live_address(customer_id=customer_id, address_id=address_id)
    return found(row, _no_address(customer_id, address_id))


def _customer_id(row: Customer) -> int:
    return row.customer_id


def _address_id(row: Address) -> int:
    return row.address_id


def _no_customer(customer_id: int) -> str:
    return f"there is no customer {customer_id}: customers.list gives the keys"


def _no_address(customer_id: int, address_id: int) -> str:
    return f"customer {customer_id} has no address {address_id} in use: customers.addresses lists them"

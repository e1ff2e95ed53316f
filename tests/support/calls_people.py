"""Calls about customers, what they say and wish for, and who changed what, as `calls.py` lists them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from lumia.dto.customers import AddressKind, ImportedCustomer, NewCustomer
from tests.support.world import HOME, PASSWORD, World

__all__ = ["PEOPLE_READS", "PEOPLE_WRITES"]

Run = Callable[[Any, World], object]

PEOPLE_READS: Final = MappingProxyType[str, Run](
    {
        "audit.list": lambda shop, _: shop.audit.list(),
        "audit.list: filtered": lambda shop, _: shop.audit.list(
            table_name="shop_settings", row_key=1, actor="system", changed_from=datetime(1970, 1, 2, tzinfo=UTC)
        ),
        "customers.addresses": lambda shop, at: shop.customers.addresses(at.customer_id),
        "customers.by_email": lambda shop, _: shop.customers.by_email("ada@example.com"),
        "customers.by_public_id": lambda shop, at: shop.customers.by_public_id(at.customer_public_id),
        "customers.by_session": lambda shop, at: shop.customers.by_session(at.session_token),
        "customers.get": lambda shop, at: shop.customers.get(at.customer_id),
        "customers.list": lambda shop, _: shop.customers.list(),
        "customers.list: filtered, newest first": lambda shop, _: shop.customers.list(
            is_active=True, is_guest=False, order="-customer_id"
        ),
        "privacy.export": lambda shop, at: shop.privacy.export(at.customer_id),
        "privacy.settle": lambda shop, _: shop.privacy.settle(),
        "reviews.get": lambda shop, at: shop.reviews.get(at.liked.pending_id),
        "reviews.of_product": lambda shop, at: shop.reviews.of_product(at.product_id),
        "reviews.of_product: most helpful first, with five stars": lambda shop, at: shop.reviews.of_product(
            at.product_id, rating=5, order="-helpful_votes", after=(9, 9)
        ),
        "reviews.pending": lambda shop, _: shop.reviews.pending(),
        "reviews.summary": lambda shop, at: shop.reviews.summary(at.product_id),
        "wishlists.get": lambda shop, at: shop.wishlists.get(at.liked.wishlist_id),
        "wishlists.of_customer": lambda shop, at: shop.wishlists.of_customer(at.liked.customer_id),
        "wishlists.shared": lambda shop, at: shop.wishlists.shared(at.liked.wishlist_token),
    }
)
"""Calls that change nothing."""

PEOPLE_WRITES: Final = MappingProxyType[str, Run](
    {
        "customers.add_address": lambda shop, at: shop.customers.add_address(
            at.customer_id, address=HOME, default_shipping=True, default_billing=True
        ),
        "customers.add_imported": lambda shop, _: shop.customers.add_imported(
            ImportedCustomer(email="17850@shop.invalid", external_reference="17850", is_guest=True)
        ),
        "customers.archive_address": lambda shop, at: shop.customers.archive_address(
            at.customer_id, address_id=at.home_id
        ),
        "customers.authenticate": lambda shop, _: shop.customers.authenticate("ada@example.com", PASSWORD),
        "customers.by_session: seen long ago": lambda shop, at: shop.customers.by_session(at.old_session_token),
        "customers.change_password": lambda shop, at: shop.customers.change_password(
            at.customer_id, PASSWORD, "another horse"
        ),
        "customers.deactivate": lambda shop, at: shop.customers.deactivate(at.customer_id),
        "customers.log_out": lambda shop, at: shop.customers.log_out(at.session_token),
        "customers.log_out_everywhere": lambda shop, at: shop.customers.log_out_everywhere(at.customer_id),
        "customers.reactivate": lambda shop, at: shop.customers.reactivate(at.customer_id),
        "customers.register": lambda shop, _: shop.customers.register(NewCustomer(email="eve@example.com")),
        "customers.register: with a password": lambda shop, _: shop.customers.register(
            NewCustomer(email="eve@example.com"), password=PASSWORD
        ),
        "customers.replace_address": lambda shop, at: shop.customers.replace_address(
            at.customer_id, address_id=at.home_id, address=HOME
        ),
        "customers.reset_password": lambda shop, at: shop.customers.reset_password(at.reset_token, "another horse"),
        "customers.set_default_address": lambda shop, at: shop.customers.set_default_address(
            at.customer_id, address_id=at.office_id, kind=AddressKind.BILLING
        ),
        "customers.set_password": lambda shop, at: shop.customers.set_password(at.customer_id, "another horse"),
        "customers.start_email_verification": lambda shop, at: shop.customers.start_email_verification(at.customer_id),
        "customers.start_password_reset": lambda shop, _: shop.customers.start_password_reset("ada@example.com"),
        "customers.update_profile": lambda shop, at: shop.customers.update_profile(
            at.customer_id, phone="0113 496 0000"
        ),
        "customers.verify_email": lambda shop, at: shop.customers.verify_email(at.verification_token),
        "privacy.erase": lambda shop, at: shop.privacy.erase(at.ready.leaver_id, actor="anna"),
        "reviews.edit": lambda shop, at: shop.reviews.edit(at.liked.author_id, at.liked.published_id, rating=1),
        "reviews.publish": lambda shop, at: shop.reviews.publish(at.liked.pending_id, note="fine", version=0),
        "reviews.reject": lambda shop, at: shop.reviews.reject(at.liked.published_id, note="an advertisement"),
        "reviews.unvote": lambda shop, at: shop.reviews.unvote(at.liked.author_id, at.liked.voted_id),
        "reviews.vote": lambda shop, at: shop.reviews.vote(at.liked.customer_id, at.liked.published_id),
        "reviews.write": lambda shop, at: shop.reviews.write(
            at.liked.customer_id, at.liked.item_id, rating=3, title="A lid", body="It fits."
        ),
        "wishlists.add": lambda shop, at: shop.wishlists.add(at.liked.wishlist_id, variant_id=at.other_variant_id),
        "wishlists.create": lambda shop, at: shop.wishlists.create(at.liked.author_id, name="Some day"),
        "wishlists.delete": lambda shop, at: shop.wishlists.delete(at.liked.wishlist_id),
        "wishlists.move_to_cart": lambda shop, at: shop.wishlists.move_to_cart(
            at.liked.wishlist_id, cart_id=at.guest_cart_id
        ),
        "wishlists.move_to_cart: one to the customer's own": lambda shop, at: shop.wishlists.move_to_cart(
            at.liked.wishlist_id, variant_id=at.variant_id
        ),
        "wishlists.remove": lambda shop, at: shop.wishlists.remove(at.liked.wishlist_id, variant_id=at.variant_id),
        "wishlists.rename": lambda shop, at: shop.wishlists.rename(at.liked.wishlist_id, name="Christmas"),
        "wishlists.share": lambda shop, at: shop.wishlists.share(at.liked.wishlist_id),
        "wishlists.unshare": lambda shop, at: shop.wishlists.unshare(at.liked.wishlist_id),
    }
)
"""Calls that change something."""

"""A person whose every personal column holds one unmistakable word, and the search for that word."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final
from uuid import UUID

from lumia import Shop
from lumia.dto.customers import NewAddress, NewCustomer
from lumia.migrations import load_migrations
from tests.support.liked import deliver
from tests.support.raw import Raw
from tests.support.rows import NOON, insert, stamped
from tests.support.scene import Scene

__all__ = ["Marked", "files_with", "lay_marked", "money_sums", "tables_with"]

PASSWORD: Final = "correct horse"  # noqa: S105 - of nobody


@dataclass(frozen=True)
class Marked:
    """The person, and the orders that are theirs."""

    customer_id: int
    order_ids: tuple[int, ...]
    review_id: int


def lay_marked(scene: Scene, raw: Raw, mark: str, *, number: int = 1) -> Marked:
    """Let a customer do all that leaves personal data behind, with `mark` in each; both orders have ended."""
    shop: Shop = scene.shop
    mail = f"{mark}@example.com"
    person = shop.customers.register(
        NewCustomer(email=mail, first_name=mark, last_name=mark, phone=mark), password=PASSWORD
    )
    key = person.customer_id
    raw.run("UPDATE customers SET external_reference = ? WHERE customer_id = ?", (mark, key))
    shop.customers.authenticate(mail, PASSWORD)
    shop.customers.start_email_verification(key)
    shop.customers.start_password_reset(mail)
    home = NewAddress(
        recipient=mark, company=mark, line1=mark, line2=mark, city=mark, region=mark, postal_code=mark[:20],
        country_code="GB", phone=mark,
    )  # fmt: skip
    first = scene.place(
        scene.cart({scene.variant_ids[0]: 1}, customer_id=key), shipping_address=home, idempotency_key=f"{mark}-1"
    )
    shop.orders.cancel(first.order_id, actor="shop", reason=mark)
    second = scene.place(
        scene.cart({scene.variant_ids[0]: 2}, customer_id=key), shipping_address=home, idempotency_key=f"{mark}-2"
    )
    _paid(raw, second.order_id, mark, number)
    _sent(raw, scene, second.order_id, mark, number)
    _redeemed(raw, second.order_id, key, f"{mark}@example.com", number)
    deliver(shop, second.order_id)
    for status in ("paid", "shipped", "delivered"):
        raw.run("UPDATE orders SET status = ?, status_reason = ? WHERE order_id = ?", (status, mark, second.order_id))
    review = shop.reviews.write(key, second.items[0].order_item_id, rating=4, title=mark, body=mark)
    shop.reviews.publish(review.review_id, note=mark)
    wishlist = shop.wishlists.create(key, name=mark)
    shop.wishlists.add(wishlist.wishlist_id, variant_id=scene.variant_ids[0])
    scene.cart({scene.variant_ids[1]: 1}, customer_id=key)
    scene.guest_cart({scene.variant_ids[1]: 1}, email=mail)
    with shop.transaction(actor=mark, customer_id=key) as tx:
        tx.customers.update_profile(key, phone=f"{mark}9")
    return Marked(key, (first.order_id, second.order_id), review.review_id)


def _paid(raw: Raw, order_id: int, mark: str, number: int) -> None:
    payment = stamped(
        NOON, payment_id=number, public_id=UUID(int=number), order_id=order_id, provider="stripe",
        provider_reference=f"pi_{number}", method="card", card_brand="visa", card_last4="4242", amount=Decimal(9),
        currency="GBP", status="pending", capture_at="placement",
    )  # fmt: skip
    event = {
        "payment_event_id": number, "payment_id": number, "provider": "stripe", "provider_event_id": f"ev_{number}",
        "kind": "captured", "amount": Decimal(9), "payload": f'{{"name":"{mark}"}}', "occurred_at": NOON,
        "applied_at": NOON, "created_at": NOON,
    }  # fmt: skip
    refund = stamped(
        NOON, refund_id=number, public_id=UUID(int=number), payment_id=number, amount=Decimal(1), status="pending",
        reason=mark, actor="shop",
    )  # fmt: skip
    for table, row in (("payments", payment), ("payment_events", event), ("refunds", refund)):
        raw.run(*insert(table, row))


def _sent(raw: Raw, scene: Scene, order_id: int, mark: str, number: int) -> None:
    shipment = stamped(
        NOON, shipment_id=number, public_id=UUID(int=number), order_id=order_id, location_id=scene.main_id,
        carrier="Post", tracking_number=mark, shipped_at=NOON, actor="shop",
    )  # fmt: skip
    sent_back = stamped(
        NOON, return_id=number, public_id=UUID(int=number), order_id=order_id, status="requested", reason=mark,
        actor="shop", note=mark,
    )  # fmt: skip
    for table, row in (("shipments", shipment), ("returns", sent_back)):
        raw.run(*insert(table, row))
    raw.run("UPDATE returns SET status = 'rejected' WHERE return_id = ?", (number,))


def _redeemed(raw: Raw, order_id: int, customer_id: int, email: str, number: int) -> None:
    coupon = stamped(
        NOON, coupon_id=number, code=f"C{number}", code_key=f"c{number}", kind="fixed_order", value=Decimal(1),
        currency="GBP", valid_from=NOON - timedelta(days=1), combines_with=(), is_active=True,
    )  # fmt: skip
    redemption = {
        "coupon_redemption_id": number, "coupon_id": number, "order_id": order_id, "customer_id": customer_id,
        "email_key": email, "amount": Decimal(1), "shipping_amount": Decimal(0), "redeemed_at": NOON,
    }  # fmt: skip
    raw.run(*insert("coupons", coupon))
    raw.run(*insert("coupon_redemptions", redemption))


def tables_with(raw: Raw, mark: str) -> list[str]:
    """Name the tables, FTS5's own too, that hold the word in any column."""
    return sorted(table for table in _tables(raw) if _holds(raw, table, mark))


def _tables(raw: Raw) -> Iterator[str]:
    sql = (
        "SELECT name FROM sqlite_schema WHERE type = 'table'"
        if raw.engine == "sqlite"
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    for (name,) in raw.run(sql):
        yield name


def _holds(raw: Raw, table: str, mark: str) -> bool:
    if raw.engine == "sqlite":
        names = [name for (name,) in raw.run("SELECT name FROM pragma_table_xinfo(?)", (table,))]
        where = " OR ".join(f'instr(lower(CAST("{name}" AS TEXT)), ?) > 0' for name in names)
        return bool(raw.run(f"SELECT 1 FROM {table} WHERE {where} LIMIT 1", [mark] * len(names)))
    return bool(raw.run(f"SELECT 1 FROM {table} AS t WHERE strpos(lower(CAST(t AS text)), ?) > 0 LIMIT 1", (mark,)))


def files_with(url: str, mark: str) -> list[str]:
    """Name those of a SQLite file, its -wal and its -journal that hold the word, read by another process."""
    path = Path(url.removeprefix("sqlite:///"))
    program = "import pathlib, sys; print(sys.argv[2].encode() in pathlib.Path(sys.argv[1]).read_bytes().lower())"
    found = []
    for suffix in ("", "-wal", "-journal"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            command = [sys.executable, "-c", program, str(file), mark]
            done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - a program of our own
            found += [suffix or "the file"] if done.stdout.strip() == b"True" else []
    return found


def money_sums(raw: Raw) -> dict[str, str]:
    """Add up every column of money of every table, but for what a cart's line once cost, which is in no book."""
    sums = {}
    for migration in load_migrations("postgresql"):
        for table, columns in re.findall(r"CREATE TABLE (\w+) \((.*?)\n\);", migration.sql, re.DOTALL):
            wanted = re.findall(r"^    (\w+) money_amount", columns, re.MULTILINE)
            for column in () if table == "cart_items" else wanted:
                sums[f"{table}.{column}"] = str(raw.run(f"SELECT sum({column}) FROM {table}")[0][0])
    return sums

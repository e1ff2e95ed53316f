"""Buyers in processes of their own: each fills carts, waits for the start, and orders them one after the other."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lumia import PoolOptions, Shop, connect
from lumia.errors import LumiaError
from tests.support.scene import HOME

__all__ = ["Attempt", "Errand", "shop_at_once"]

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Errand:
    """What one buyer is to do: order `orders` carts of up to `lines` of these variants, one or two units of each."""

    url: str
    seed: int
    variant_ids: tuple[int, ...]
    orders: int
    lines: int


@dataclass(frozen=True)
class Attempt:
    """What became of one cart: the order's key, or the error's class, message and constraint."""

    wanted: dict[str, int]
    order_id: int | None
    error: str
    message: str
    constraint: str | None


def shop_at_once(errands: Sequence[Errand]) -> list[Attempt]:
    """Run each errand in a process of its own, let all of them start together, and gather what became of every cart."""
    command = [sys.executable, "-m", "tests.support.buyers"]
    buyers = [
        subprocess.Popen(  # noqa: S603 - this very module
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in errands
    ]
    try:
        for buyer, errand in zip(buyers, errands, strict=True):
            _tell(buyer, json.dumps(asdict(errand)))
        for buyer in buyers:
            assert buyer.stdout is not None
            assert buyer.stdout.readline() == "ready\n"
        for buyer in buyers:
            _tell(buyer, "start")
        answers = [buyer.communicate()[0] for buyer in buyers]
    finally:
        for buyer in buyers:
            buyer.kill()
            buyer.communicate()
    return [Attempt(**attempt) for answer in answers for attempt in json.loads(answer)]


def _tell(buyer: subprocess.Popen[str], line: str) -> None:
    assert buyer.stdin is not None
    buyer.stdin.write(f"{line}\n")
    buyer.stdin.flush()


def _wish(chance: random.Random, errand: Errand) -> dict[int, int]:
    chosen = chance.sample(errand.variant_ids, min(errand.lines, len(errand.variant_ids)))
    return {variant_id: chance.choice((1, 2)) if errand.lines > 1 else 1 for variant_id in chosen}


def _fill(shop: Shop, wish: dict[int, int]) -> tuple[int, Any]:
    with shop.transaction() as tx:
        cart_id = tx.carts.create_guest(email="buyer@example.org")[0].cart_id
        for variant_id, quantity in wish.items():
            tx.carts.set_item(cart_id, variant_id=variant_id, quantity=quantity)
        return cart_id, tx.checkout.quote(cart_id, shipping_method="post", country_code="GB").total


def _order(shop: Shop, cart_id: int, total: Any, wish: dict[int, int]) -> Attempt:
    wanted = {str(variant_id): quantity for variant_id, quantity in wish.items()}
    try:
        order = shop.checkout.place(
            cart_id, shipping_address=HOME, shipping_method="post", expected_total=total, idempotency_key="once"
        )
    except LumiaError as error:
        return Attempt(wanted, None, type(error).__name__, str(error), getattr(error, "constraint", None))
    return Attempt(wanted, order.order_id, "", "", None)


def _main() -> None:
    given = json.loads(sys.stdin.readline())
    errand = Errand(**{**given, "variant_ids": tuple(given["variant_ids"])})
    chance = random.Random(errand.seed)  # noqa: S311 - wishes
    # On a busy machine sixteen processes wait for each other longer than a caller would.
    with connect(errand.url, pool=PoolOptions(size=1, lock_timeout=120, statement_timeout=0)) as shop:
        carts = [(wish, *_fill(shop, wish)) for wish in (_wish(chance, errand) for _ in range(errand.orders))]
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        attempts = [_order(shop, cart_id, total, wish) for wish, cart_id, total in carts]
    sys.stdout.write(json.dumps([asdict(attempt) for attempt in attempts]))


if __name__ == "__main__":
    _main()

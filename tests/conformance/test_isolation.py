"""Writers that read an older moment than they write in: no unit of a shop does, and whoever else does is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from lumia import Shop, connect
from lumia.errors import InsufficientStock
from tests.support.databases import Databases
from tests.support.scene import Scene, a_scene
from tests.support.together import together

LATER = datetime(2200, 1, 1, tzinfo=UTC)
ROUNDS = 8


@pytest.fixture
def url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """A PostgreSQL database, where alone two write at once."""
    with databases.migrated("postgresql", tmp_path) as fresh_url:
        yield fresh_url


def held(scene: Scene) -> int:
    """What of the first variant, of which there are ten, is on hold or promised."""
    level = scene.shop.stock.levels(scene.variant_ids[0]).items[0]
    return int(level.reserved + level.allocated)


def test_a_units_reads_are_as_fresh_as_its_locks_whatever_the_server_prefers(url: str) -> None:
    """Found in a review: a database whose default is REPEATABLE READ let two carts hold the same units.

    A unit sent a bare BEGIN, so that what it read after a lock was older than the lock.
    """
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        admin.execute(
            f"ALTER DATABASE {admin.info.dbname} SET default_transaction_isolation = 'repeatable read'".encode()
        )
    with connect(url) as shop:
        scene = a_scene(shop)
        rounds = [[scene.guest_cart({scene.variant_ids[0]: 8}) for _ in range(2)] for _ in range(ROUNDS)]

        def reserve(carts: list[int], worker: int) -> bool:
            try:
                shop.stock.reserve(carts[worker], until=LATER)
            except InsufficientStock:
                return False
            return True

        for carts in rounds:
            (outcome,) = together(2, [carts], reserve)
            assert sorted(outcome) == [False, True]
            assert held(scene) == 8
            for cart_id in carts:
                shop.stock.release(cart_id)


def test_a_writer_that_reads_an_older_moment_cannot_promise_what_is_on_hold(
    shop_and_scene: tuple[Shop, Scene, str],
) -> None:
    """Found in a review: at REPEATABLE READ a raw hold, or a movement, went past a hold committed meanwhile.

    The reservations' trigger only locked the stock row; now it writes it, and the older moment ends in 40001.
    """
    _, scene, url = shop_and_scene
    variant, place = scene.variant_ids[0], scene.main_id
    ours, theirs = (scene.guest_cart({variant: 8}) for _ in range(2))
    hold = "INSERT INTO reservations VALUES (%s, %s, %s, 8, '2030-01-01Z', '2200-01-01Z')"
    promise = (
        "INSERT INTO stock_movements"
        " (variant_id, location_id, kind, on_hand_delta, allocated_delta, reason, actor, moved_at)"
        " VALUES (%s, %s, 'allocated', 0, 8, '', 'psql', '2030-01-01Z')"
    )
    with closing(psycopg.connect(url)) as first, closing(psycopg.connect(url)) as second:
        for late, values in ((hold, (theirs, variant, place)), (promise, (variant, place))):
            second.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            second.execute("SELECT count(*) FROM reservations")
            first.execute(hold, (ours, variant, place))
            first.commit()

            with pytest.raises(errors.SerializationFailure):
                second.execute(late.encode(), values)
            second.rollback()

            assert held(scene) == 8
            first.execute("DELETE FROM reservations")
            first.commit()


@pytest.fixture
def shop_and_scene(url: str) -> Iterator[tuple[Shop, Scene, str]]:
    """A shop that is ready to sell, and where it is."""
    with connect(url) as shop:
        yield shop, a_scene(shop), url

"""Every pair of states: the legal step is made through the public API, the illegal one is refused by the database."""

from __future__ import annotations

from typing import Any, Final

import pytest

from lumia.errors import IllegalTransition
from lumia.types import OrderStatus, OrderStatusFrom
from tests.support.cases_orders import LEGAL
from tests.support.parcels import REACHED, Parcels
from tests.support.raw import open_raw
from tests.support.rows import LATER, an_order, insert
from tests.support.scene import Scene, a_scene
from tests.support.trial import lift

PAIRS: Final = [(before.value, after.value) for before in OrderStatusFrom for after in OrderStatus]
ILLEGAL: Final = [pair for pair in PAIRS if pair not in REACHED]
HISTORY: Final = "order_status_history.order_status_history_follows_order"


@pytest.fixture
def scene(shop: Any) -> Scene:
    """A shop that is ready to sell."""
    return a_scene(shop)


def test_the_pairs_of_the_tests_are_those_of_the_database(scene: Scene) -> None:
    """Nine legal steps and 33 illegal ones: none is left out here, and none is legal that has no walk."""
    session = scene.shop.engine.acquire(write=False)
    rows = session.fetch_all("SELECT from_status, to_status FROM order_status_transitions", ())
    scene.shop.engine.release(session, failed=False)

    assert set(rows) == set(REACHED) == LEGAL
    assert (len(REACHED), len(ILLEGAL), len(PAIRS)) == (9, 33, 42)


@pytest.mark.parametrize("pair", sorted(REACHED), ids="-".join)
def test_a_legal_step_is_made_by_the_shop(scene: Scene, pair: tuple[str, str]) -> None:
    """The walk ends with this very step in the order's history, and each step told other systems once."""
    parcels = Parcels(scene)

    order = REACHED[pair](parcels)

    last = order.history[-1]
    assert (last.from_status.value, last.to_status.value) == pair
    assert order.status.value == pair[1]
    told = [kind for kind in parcels.events(order) if kind.startswith("order.")]
    assert told == ["order.placed", *(f"order.{step.to_status.value}" for step in order.history[1:])]


@pytest.mark.parametrize("pair", ILLEGAL, ids="-".join)
def test_an_illegal_step_is_refused_by_the_database(
    scene: Scene, url: str, engine_name: str, pair: tuple[str, str]
) -> None:
    """Whoever writes past the repositories is refused by the pairs' own key; staying where one is writes no step."""
    before, after = pair
    parcels = Parcels(scene)
    # Any way to a state will do.
    walk = next((walk for (_, reached), walk in REACHED.items() if reached == before), REACHED["new", "pending"])
    order = walk(parcels)
    cart_id = scene.cart()
    raw = open_raw(engine_name, url)
    try:
        if before == "new":
            row = an_order(
                999,
                LATER,
                customer_id=scene.customer_id,
                cart_id=cart_id,
                shipping_method_id=None,
                shipping_address_id=scene.address_id,
                billing_address_id=scene.address_id,
                status=after,
            )
            statement = insert("orders", row)
        elif before == after:
            raw.run("UPDATE orders SET status = ? WHERE order_id = ?", (after, order.order_id))
            assert parcels.get(order).history == order.history
            # The key refuses the pair also where nothing else stands before it.
            lift(raw, HISTORY)
            row = {
                "order_id": order.order_id,
                "from_status": before,
                "to_status": after,
                "actor": "x",
                "reason": "",
                "changed_at": LATER,
            }
            statement = insert("order_status_history", row)
        else:
            statement = ("UPDATE orders SET status = ? WHERE order_id = ?", (after, order.order_id))

        with pytest.raises(IllegalTransition) as refusal:
            raw.run(*statement)

        assert refusal.value.constraint == "order_status_history_transition_fkey"
    finally:
        raw.close()

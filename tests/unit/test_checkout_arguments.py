"""Which arguments checkout refuses before it asks the database anything."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NoReturn

import pytest

from lumia.errors import InvalidValue
from lumia.repos.checkout import Checkout

FINE: Final = MappingProxyType(
    {
        "shipping_address": 1,
        "shipping_method": "post",
        "expected_total": Decimal("16.95"),
        "idempotency_key": "k",
    }
)


class NoDatabase:
    """A context on which any use is a mistake."""

    def __getattr__(self, name: str) -> NoReturn:
        """Refuse."""
        message = f"the arguments were not refused: {name} was used"
        raise AssertionError(message)


@pytest.mark.parametrize(
    "changes",
    [
        {"idempotency_key": ""},
        {"idempotency_key": "k" * 256},
        {"idempotency_key": "a\x00b"},
        {"expected_total": Decimal("-0.01")},
        {"expected_total": Decimal("NaN")},
        {"expected_total": 16.95},
        {"actor": ""},
        {"actor": "a" * 101},
        {"email": "nobody"},
        {"shipping_method": "m" * 65},
        {"shipping_address": 0},
        {"shipping_address": "1"},
        {"shipping_address": {"recipient": ""}},
        {"billing_address": True},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_malformed_arguments_are_refused_by_field(changes: dict[str, Any]) -> None:
    """Each argument has its form; the message names the field and never the value, and no statement is sent."""
    checkout = Checkout(NoDatabase())

    with pytest.raises(InvalidValue) as refusal:
        checkout.place(1, **{**FINE, **changes})

    (field,) = changes
    assert field in str(refusal.value) or "NewAddress" in str(refusal.value)
    assert "nobody" not in str(refusal.value)

"""The queries of idempotency, as types.

Written by `lumia sql check --write` from the contract; edit the query files instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lumia.dto.checkout import IdempotentAnswer

__all__ = ["IdempotencyQueries"]


class IdempotencyQueries(Protocol):
    """The queries of idempotency.sql."""

    def claim_key(self, *, operation: str, scope: str, key: str, request_hash: bytes, now: datetime) -> int | None:
        """Claim an idempotency key; no value when it is taken.

        idempotency.sql:1
        """
        ...

    def claim_key_of_cart(
        self, *, operation: str, cart_id: int, key: str, request_hash: bytes, now: datetime
    ) -> int | None:
        """Claim an idempotency key in the scope of a cart's holder; no value when it is taken.

        idempotency.sql:28
        """
        ...

    def finish_key(self, *, idempotency_key_id: int, result_id: int) -> None:
        """Write down what was made under a key that this transaction claimed.

        idempotency.sql:59
        """
        ...

    def get_answer(self, *, operation: str, scope: str, key: str) -> IdempotentAnswer | None:
        """What was made under a key.

        idempotency.sql:70
        """
        ...

    def get_answer_of_cart(self, *, operation: str, cart_id: int, key: str) -> IdempotentAnswer | None:
        """What was made under a key in the scope of a cart's holder.

        idempotency.sql:85
        """
        ...

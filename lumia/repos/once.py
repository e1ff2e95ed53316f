"""What is made once: a key that a caller chose, claimed in the very transaction that makes it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lumia.dto.base import InputModel
from lumia.dto.checkout import IdempotentAnswer
from lumia.errors import Conflict, IdempotencyConflict

if TYPE_CHECKING:
    from lumia.repos.context import Context

__all__ = ["Claim", "claim_once"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that this unit of work holds, or what was made under it before; neither where no key was given."""

    key_id: int | None
    result_id: int | None

    def finish(self, unit: Context, result_id: int) -> None:
        """Write down what was made. One statement with a key, none without."""
        if self.key_id is not None:
            unit.q.idempotency.finish_key(idempotency_key_id=self.key_id, result_id=result_id)


def claim_once(unit: Context, operation: str, scope: str, key: str | None, request: InputModel) -> Claim:
    """Claim a key for a request, or find what the first call with it made. No statement without a key, else one or two.

    Who asks is no part of the request. Call it with the lock held that every caller of this scope takes.

    Raises:
        IdempotencyConflict: the key was used for another request.
        Conflict: what was made under the key was never finished.
    """
    if key is None:
        return Claim(None, None)
    content = request.model_dump(mode="json", exclude={"actor", "idempotency_key"})
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).digest()
    key_id: int | None = unit.q.idempotency.claim_key(
        operation=operation, scope=scope, key=key, request_hash=digest, now=unit.now()
    )
    if key_id is not None:
        return Claim(key_id, None)
    answer: IdempotentAnswer | None = unit.q.idempotency.get_answer(operation=operation, scope=scope, key=key)
    if answer is None or (answer.request_hash == digest and answer.result_id is None):
        message = "idempotency_key: what was made under it was never finished; call again"
        raise Conflict(message)
    if answer.request_hash != digest:
        message = "idempotency_key: it was used for another request; take a new key for a new one"
        raise IdempotencyConflict(message)
    return Claim(None, answer.result_id)

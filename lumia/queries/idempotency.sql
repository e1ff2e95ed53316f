-- name: claim_key(operation, scope, key, request_hash, now)$
-- Claim an idempotency key; no value when it is taken.
-- A claim that is not committed yet makes this one wait on PostgreSQL: what it finds afterwards is final.
--
-- @param operation: text
-- @param scope: text
-- @param key: text
-- @param request_hash: bytes
-- @param now: timestamp
-- @returns: int?
INSERT INTO idempotency_keys (
    operation,
    scope,
    key,
    request_hash,
    created_at
)
VALUES (
    :operation,
    :scope,
    :key,
    :request_hash,
    :now
)
ON CONFLICT (operation, scope, key) DO NOTHING
RETURNING idempotency_key_id;

-- name: claim_key_of_cart(operation, cart_id, key, request_hash, now)$
-- Claim an idempotency key in the scope of a cart's holder; no value when it is taken.
-- A claim that is not committed yet makes this one wait on PostgreSQL: what it finds afterwards is final.
--
-- @param operation: text
-- @param cart_id: int
-- @param key: text
-- @param request_hash: bytes
-- @param now: timestamp
-- @returns: int?
INSERT INTO idempotency_keys (
    operation,
    scope,
    key,
    request_hash,
    created_at
)
SELECT
    :operation,
    CASE
        WHEN c.customer_id IS NULL THEN 'cart:' || CAST(c.cart_id AS text)
        ELSE 'customer:' || CAST(c.customer_id AS text)
    END,
    :key,
    :request_hash,
    :now
FROM carts AS c
WHERE c.cart_id = :cart_id
ON CONFLICT (operation, scope, key) DO NOTHING
RETURNING idempotency_key_id;

-- name: finish_key(idempotency_key_id, result_id)!
-- Write down what was made under a key that this transaction claimed.
--
-- @param idempotency_key_id: int
-- @param result_id: int
-- @returns: none
UPDATE idempotency_keys
SET result_id = :result_id
WHERE idempotency_key_id = :idempotency_key_id
    AND result_id IS NULL;

-- name: get_answer(operation, scope, key)^
-- What was made under a key.
--
-- @param operation: text
-- @param scope: text
-- @param key: text
-- @returns: IdempotentAnswer
SELECT
    request_hash,
    result_id
FROM idempotency_keys
WHERE operation = :operation
    AND scope = :scope
    AND key = :key;

-- name: get_answer_of_cart(operation, cart_id, key)^
-- What was made under a key in the scope of a cart's holder.
--
-- @param operation: text
-- @param cart_id: int
-- @param key: text
-- @returns: IdempotentAnswer
SELECT
    k.request_hash,
    k.result_id
FROM carts AS c
INNER JOIN idempotency_keys AS k
    ON k.operation = :operation
    AND k.scope = CASE
        WHEN c.customer_id IS NULL THEN 'cart:' || CAST(c.cart_id AS text)
        ELSE 'customer:' || CAST(c.customer_id AS text)
    END
    AND k.key = :key
WHERE c.cart_id = :cart_id;

-- name: count_abandoned_carts(before, now)$
-- How many carts no order came of, nobody touched since an instant, and nothing is on hold for.
--
-- @scan: counted for people who ask before they delete
-- @param before: timestamp
-- @param now: timestamp
-- @returns: int
SELECT count(*)
FROM carts AS c
WHERE c.status <> 'converted'
    AND c.updated_at < :before
    AND NOT EXISTS (
        SELECT 1
        FROM reservations AS r
        WHERE r.cart_id = c.cart_id
            AND r.expires_at > :now
    );

-- name: count_acknowledged_events(before)$
-- How many events were acknowledged before an instant.
--
-- @param before: timestamp
-- @returns: int
SELECT count(*)
FROM outbox
WHERE acknowledged_at < :before;

-- name: count_audit_entries(before)$
-- How many entries of the audit log are older than an instant.
--
-- @param before: timestamp
-- @returns: int
SELECT count(*)
FROM audit_log
WHERE changed_at < :before;

-- name: count_dead_account_tokens(before)$
-- How many tokens were used or ran out before an instant.
--
-- @scan: the oldest are the dead ones; only the last batch reads on
-- @param before: timestamp
-- @returns: int
SELECT count(*)
FROM account_tokens
WHERE expires_at < :before
    OR used_at < :before;

-- name: count_dead_reservations(before)$
-- How many holds were dead before an instant.
--
-- @param before: timestamp
-- @returns: int
SELECT count(*)
FROM reservations
WHERE expires_at < :before;

-- name: count_dead_sessions(before, idle_before)$
-- How many sessions ended before an instant: they ran out, were ended, or were left alone.
--
-- @scan: the oldest are the dead ones; only the last batch reads on
-- @param before: timestamp
-- @param idle_before: timestamp
-- @returns: int
SELECT count(*)
FROM sessions
WHERE expires_at < :before
    OR revoked_at < :before
    OR last_seen_at < :idle_before;

-- name: count_idempotency_keys(before)$
-- How many idempotency keys were claimed before an instant.
--
-- @scan: counted for people who ask before they delete
-- @param before: timestamp
-- @returns: int
SELECT count(*)
FROM idempotency_keys
WHERE created_at < :before;

-- name: delete_abandoned_carts(cart_id, before)*!
-- Take carts away with all that lies in them, unless somebody touched them meanwhile.
--
-- @param cart_id: int
-- @param before: timestamp
-- @returns: int
DELETE FROM carts
WHERE cart_id = :cart_id
    AND status <> 'converted'
    AND updated_at < :before;

-- name: delete_acknowledged_events(before, max_rows)!
-- Take away events that were acknowledged before an instant, a batch at a time.
--
-- @param before: timestamp
-- @param max_rows: int
-- @returns: int
DELETE FROM outbox
WHERE outbox_id IN (
    SELECT outbox_id
    FROM outbox
    WHERE acknowledged_at < :before
    ORDER BY
        acknowledged_at,
        outbox_id
    LIMIT :max_rows
);

-- name: delete_audit_entries(before, max_rows)!
-- Take away entries of the audit log that are older than an instant, a batch at a time.
--
-- @param before: timestamp
-- @param max_rows: int
-- @returns: int
DELETE FROM audit_log
WHERE audit_log_id IN (
    SELECT audit_log_id
    FROM audit_log
    WHERE changed_at < :before
    ORDER BY
        changed_at,
        audit_log_id
    LIMIT :max_rows
);

-- name: delete_dead_account_tokens(before, max_rows)!
-- Take away tokens that were used or ran out before an instant, a batch at a time.
--
-- @scan: the oldest are the dead ones; only the last batch reads on
-- @param before: timestamp
-- @param max_rows: int
-- @returns: int
DELETE FROM account_tokens
WHERE account_token_id IN (
    SELECT account_token_id
    FROM account_tokens
    WHERE expires_at < :before
        OR used_at < :before
    ORDER BY account_token_id
    LIMIT :max_rows
);

-- name: delete_dead_reservations(before, max_rows)!
-- Take away holds that were dead before an instant, a batch at a time.
--
-- @param before: timestamp
-- @param max_rows: int
-- @returns: int
DELETE FROM reservations
WHERE (cart_id, variant_id, location_id) IN (
    SELECT
        cart_id,
        variant_id,
        location_id
    FROM reservations
    WHERE expires_at < :before
    ORDER BY
        expires_at,
        cart_id,
        variant_id,
        location_id
    LIMIT :max_rows
);

-- name: delete_dead_sessions(before, idle_before, max_rows)!
-- Take away sessions that ended before an instant, a batch at a time: they ran out, were ended, or were left alone.
--
-- @scan: the oldest are the dead ones; only the last batch reads on
-- @param before: timestamp
-- @param idle_before: timestamp
-- @param max_rows: int
-- @returns: int
DELETE FROM sessions
WHERE session_id IN (
    SELECT session_id
    FROM sessions
    WHERE expires_at < :before
        OR revoked_at < :before
        OR last_seen_at < :idle_before
    ORDER BY session_id
    LIMIT :max_rows
);

-- name: delete_idempotency_keys(before, max_rows)!
-- Take away idempotency keys that were claimed before an instant, a batch at a time, oldest first.
-- The first rows in the order of their keys are the oldest: no index on the time is needed, and none is read to its end.
--
-- @scan: the first rows only, in the order of the keys
-- @param before: timestamp
-- @param max_rows: int
-- @returns: int
DELETE FROM idempotency_keys
WHERE idempotency_key_id IN (
        SELECT k.idempotency_key_id
        FROM idempotency_keys AS k
        ORDER BY k.idempotency_key_id
        LIMIT :max_rows
    )
    AND created_at < :before;

-- name: fold_stock_rows(variant_id, location_id, folding_to)*!
-- Fold the movements of stock rows up to a number into one opening row each; the balance stays.
--
-- @param variant_id: int
-- @param location_id: int
-- @param folding_to: int
-- @returns: int
UPDATE inventory
SET folding_to = :folding_to
WHERE variant_id = :variant_id
    AND location_id = :location_id;

-- name: list_abandoned_carts(before, now, after_id, max_rows)
-- Carts that no order came of, nobody touched since an instant, and nothing is on hold for: a batch of their keys.
--
-- @param before: timestamp
-- @param now: timestamp
-- @param after_id: int
-- @param max_rows: int
-- @returns: int
SELECT c.cart_id
FROM carts AS c
WHERE c.cart_id > :after_id
    AND c.status <> 'converted'
    AND c.updated_at < :before
    AND NOT EXISTS (
        SELECT 1
        FROM reservations AS r
        WHERE r.cart_id = c.cart_id
            AND r.expires_at > :now
    )
ORDER BY c.cart_id
LIMIT :max_rows;

-- name: list_foldable_stock(before, after_variant_id, after_location_id, max_movements, max_rows)
-- What can be folded before an instant, stock row by stock row: how many movements, and up to which one.
-- Of each row the first few only; one with a movement of that instant or later behind it is not looked at further.
-- The join is a CROSS JOIN for SQLite, which takes its tables in the order in which they stand: the page first.
--
-- @all: a page of stock rows, each once
-- @param before: timestamp
-- @param after_variant_id: int
-- @param after_location_id: int
-- @param max_movements: int
-- @param max_rows: int
-- @returns: FoldableStock
WITH page AS (
    SELECT
        i.variant_id,
        i.location_id,
        (
            SELECT min(m.stock_movement_id)
            FROM stock_movements AS m
            WHERE m.variant_id = i.variant_id
                AND m.location_id = i.location_id
                AND m.moved_at >= :before
        ) AS first_kept_id
    FROM inventory AS i
    WHERE (i.variant_id, i.location_id) > (:after_variant_id, :after_location_id)
    ORDER BY
        i.variant_id,
        i.location_id
    LIMIT :max_rows
),

numbered AS (
    SELECT
        f.variant_id,
        f.location_id,
        f.stock_movement_id,
        row_number() OVER (PARTITION BY f.variant_id, f.location_id ORDER BY f.stock_movement_id) AS place
    FROM page AS p
    CROSS JOIN stock_movements_foldable AS f
    WHERE f.variant_id = p.variant_id
        AND f.location_id = p.location_id
        AND (p.first_kept_id IS NULL OR f.stock_movement_id < p.first_kept_id)
)

SELECT
    p.variant_id,
    p.location_id,
    count(n.stock_movement_id) AS movements,
    max(n.stock_movement_id) AS folding_to
FROM page AS p
LEFT JOIN numbered AS n
    ON n.variant_id = p.variant_id
    AND n.location_id = p.location_id
    AND n.place <= :max_movements
GROUP BY
    p.variant_id,
    p.location_id
ORDER BY
    p.variant_id,
    p.location_id;

-- name: set_audit_begin(before)!
-- Say from when on the audit log is complete: what is older may go.
--
-- @param before: timestamp
-- @returns: int
UPDATE audit_state
SET complete_from = :before
WHERE audit_state_id = 1
    AND complete_from < :before;

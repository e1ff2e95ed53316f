-- name: expire_orders(now, actor, reason, max_rows)
-- Cancel unpaid orders whose time is over, the longest overdue first; the condition is asked again of each row written.
--
-- @differs: the writer's lock keeps other sweepers out
-- @ties: the repository sorts them by key
-- @param now: timestamp
-- @param actor: text
-- @param reason: text
-- @param max_rows: int
-- @returns: CancelledOrder
WITH due AS (
    SELECT order_id
    FROM orders
    WHERE status = 'pending'
        AND expires_at <= :now
    ORDER BY
        expires_at,
        order_id
    LIMIT :max_rows
)

UPDATE orders
SET
    status = 'cancelled',
    status_actor = :actor,
    status_reason = :reason,
    status_at = :now,
    expires_at = NULL,
    version = version + 1,
    updated_at = :now
WHERE order_id IN (SELECT due.order_id FROM due)
    AND status = 'pending'
    AND expires_at <= :now
RETURNING
    order_id,
    public_id;

-- name: release_stock_of_orders(order_ids, reason, actor, now)!
-- Give back what the lines of cancelled orders were promised, stock row by stock row in ascending key order.
--
-- @differs: a JSON array of keys
-- @param order_ids: int[]
-- @param reason: text
-- @param actor: text
-- @param now: timestamp
-- @returns: none
INSERT INTO stock_movements (
    variant_id,
    location_id,
    kind,
    on_hand_delta,
    allocated_delta,
    order_item_id,
    reason,
    actor,
    moved_at
)
SELECT
    oi.variant_id,
    oa.location_id,
    'released',
    0,
    -oa.quantity,
    oi.order_item_id,
    :reason,
    :actor,
    :now
FROM order_items AS oi
INNER JOIN order_allocations AS oa ON oa.order_item_id = oi.order_item_id
WHERE oi.order_id IN (SELECT value FROM json_each(:order_ids))
    AND oa.quantity > 0
ORDER BY
    oi.variant_id,
    oa.location_id,
    oi.order_item_id;

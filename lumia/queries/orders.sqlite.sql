-- name: list_order_states(order_ids)
-- Where live orders stand by their children.
--
-- @differs: a JSON array of keys
-- @column is_covered!: sums of whole ten-thousandths, far from the edges of a number
-- @column surplus!: sums of whole ten-thousandths, far from the edges of a number
-- @param order_ids: int[]
-- @returns: OrderState
SELECT
    order_id,
    status,
    payment_status,
    fulfillment_status,
    is_covered,
    surplus
FROM order_states
WHERE order_id IN (SELECT value FROM json_each(:order_ids))
ORDER BY order_id;

-- name: lock_due_orders(now, max_rows)
-- Lock unpaid orders whose time is over, the longest overdue first.
--
-- @differs: nothing to lock, the writer's lock keeps other sweepers out
-- @param now: timestamp
-- @param max_rows: int
-- @returns: LockedOrder
SELECT
    order_id,
    public_id,
    customer_id,
    currency,
    origin,
    status,
    payment_status,
    fulfillment_status,
    total,
    expires_at,
    version
FROM orders
WHERE status = 'pending'
    AND expires_at <= :now
    AND payment_status IN ('none', 'authorized', 'refunded', 'voided')
ORDER BY
    expires_at,
    order_id
LIMIT :max_rows;

-- name: lock_order(order_id)^
-- An order with where it stands, locked until the transaction ends: every step of its life begins here.
--
-- @differs: the writer's lock keeps everybody else out
-- @param order_id: int
-- @returns: LockedOrder
SELECT
    order_id,
    public_id,
    customer_id,
    currency,
    origin,
    status,
    payment_status,
    fulfillment_status,
    total,
    expires_at,
    version
FROM orders
WHERE order_id = :order_id;

-- name: release_stock_of_orders(order_ids, reason, actor, now)!
-- Give back what the lines of cancelled orders still wait for, stock row by stock row in ascending key order.
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
    oa.released_quantity + oa.shipped_quantity - oa.quantity,
    oi.order_item_id,
    :reason,
    :actor,
    :now
FROM order_items AS oi
INNER JOIN order_allocations AS oa ON oa.order_item_id = oi.order_item_id
WHERE oi.order_id IN (SELECT value FROM json_each(:order_ids))
    AND oa.quantity > oa.released_quantity + oa.shipped_quantity
ORDER BY
    oi.variant_id,
    oa.location_id,
    oi.order_item_id;

-- name: get_stock_level(variant_id, location_id, now)^
-- What of a variant lies at a location.
--
-- @param variant_id: int
-- @param location_id: int
-- @param now: timestamp
-- @returns: StockLevel
SELECT
    i.variant_id,
    i.location_id,
    i.on_hand,
    i.allocated,
    (
        SELECT CAST(coalesce(sum(r.quantity), 0) AS bigint)
        FROM reservations AS r
        WHERE r.variant_id = i.variant_id
            AND r.location_id = i.location_id
            AND r.expires_at > :now
    ) AS reserved,
    i.reorder_point,
    i.backorder_limit,
    i.updated_at
FROM inventory AS i
WHERE i.variant_id = :variant_id
    AND i.location_id = :location_id;

-- name: insert_inventory(variant_id, location_id, now)*!
-- Make sure that stock rows exist; new ones are empty, others stay as they are.
--
-- @param variant_id: int
-- @param location_id: int
-- @param now: timestamp
-- @returns: none
INSERT INTO inventory (
    variant_id,
    location_id,
    created_at,
    updated_at
)
VALUES (
    :variant_id,
    :location_id,
    :now,
    :now
)
ON CONFLICT (variant_id, location_id) DO NOTHING;

-- name: insert_location(name, priority, is_active, now)^
-- Add a location.
--
-- @param name: text
-- @param priority: int
-- @param is_active: bool
-- @param now: timestamp
-- @returns: Location
INSERT INTO locations (
    name,
    priority,
    is_active,
    created_at,
    updated_at
)
VALUES (
    :name,
    :priority,
    :is_active,
    :now,
    :now
)
RETURNING
    location_id,
    name,
    priority,
    is_active,
    created_at,
    updated_at;

-- name: insert_movements(variant_id, location_id, kind, on_hand_delta, reason, actor, now)*!
-- Write ledger rows that concern no order; triggers move the counters.
--
-- @param variant_id: int
-- @param location_id: int
-- @param kind: enum:MovementKind
-- @param on_hand_delta: int
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
    reason,
    actor,
    moved_at
)
VALUES (
    :variant_id,
    :location_id,
    :kind,
    :on_hand_delta,
    0,
    :reason,
    :actor,
    :now
);

-- name: list_locations(after_id, max_rows)
-- One page of locations, oldest first.
--
-- @param after_id: int
-- @param max_rows: int
-- @returns: Location
SELECT
    location_id,
    name,
    priority,
    is_active,
    created_at,
    updated_at
FROM locations
WHERE location_id > :after_id
ORDER BY location_id
LIMIT :max_rows;

-- name: list_low_stock(after_variant_id, after_location_id, now, max_rows)
-- One page of the stock rows of active locations whose free units are down at the reorder point.
--
-- @param after_variant_id: int
-- @param after_location_id: int
-- @param now: timestamp
-- @param max_rows: int
-- @returns: StockLevel
SELECT
    i.variant_id,
    i.location_id,
    i.on_hand,
    i.allocated,
    (
        SELECT CAST(coalesce(sum(r.quantity), 0) AS bigint)
        FROM reservations AS r
        WHERE r.variant_id = i.variant_id
            AND r.location_id = i.location_id
            AND r.expires_at > :now
    ) AS reserved,
    i.reorder_point,
    i.backorder_limit,
    i.updated_at
FROM inventory AS i
INNER JOIN locations AS l ON i.location_id = l.location_id
WHERE (i.variant_id, i.location_id) > (:after_variant_id, :after_location_id)
    AND i.reorder_point > 0
    AND i.on_hand - i.allocated - (
        SELECT coalesce(sum(r.quantity), 0)
        FROM reservations AS r
        WHERE r.variant_id = i.variant_id
            AND r.location_id = i.location_id
            AND r.expires_at > :now
    ) <= i.reorder_point
    AND l.is_active
ORDER BY
    i.variant_id,
    i.location_id
LIMIT :max_rows;

-- name: list_movements(before_id, max_rows)
-- One page of the whole ledger, newest first.
--
-- @param before_id: int
-- @param max_rows: int
-- @returns: StockMovement
SELECT
    stock_movement_id,
    variant_id,
    location_id,
    kind,
    on_hand_delta,
    allocated_delta,
    order_item_id,
    reason,
    actor,
    moved_at
FROM stock_movements
WHERE stock_movement_id < :before_id
ORDER BY stock_movement_id DESC
LIMIT :max_rows;

-- name: list_movements_of_stock_row(variant_id, location_id, before_id, max_rows)
-- One page of the ledger of a variant at a location, newest first.
--
-- @param variant_id: int
-- @param location_id: int
-- @param before_id: int
-- @param max_rows: int
-- @returns: StockMovement
SELECT
    stock_movement_id,
    variant_id,
    location_id,
    kind,
    on_hand_delta,
    allocated_delta,
    order_item_id,
    reason,
    actor,
    moved_at
FROM stock_movements
WHERE variant_id = :variant_id
    AND location_id = :location_id
    AND stock_movement_id < :before_id
ORDER BY stock_movement_id DESC
LIMIT :max_rows;

-- name: list_movements_of_variant(variant_id, before_id, max_rows)
-- One page of the ledger of a variant at all locations, newest first.
--
-- @param variant_id: int
-- @param before_id: int
-- @param max_rows: int
-- @returns: StockMovement
SELECT
    m.stock_movement_id,
    m.variant_id,
    m.location_id,
    m.kind,
    m.on_hand_delta,
    m.allocated_delta,
    m.order_item_id,
    m.reason,
    m.actor,
    m.moved_at
FROM inventory AS i
-- CROSS JOIN keeps SQLite from starting with the ledger; PostgreSQL reads it as any other join.
CROSS JOIN stock_movements AS m
WHERE i.variant_id = :variant_id
    AND m.variant_id = i.variant_id
    AND m.location_id = i.location_id
    AND m.stock_movement_id < :before_id
    -- No location can add more than a page to the page: the index gives its newest, however long the ledger is.
    AND m.stock_movement_id >= (
        SELECT min(n.stock_movement_id)
        FROM (
            SELECT o.stock_movement_id
            FROM stock_movements AS o
            WHERE o.variant_id = i.variant_id
                AND o.location_id = i.location_id
                AND o.stock_movement_id < :before_id
            ORDER BY o.stock_movement_id DESC
            LIMIT :max_rows
        ) AS n
    )
ORDER BY m.stock_movement_id DESC
LIMIT :max_rows;

-- name: list_stock_levels(variant_id, after_id, now, max_rows)
-- One page of what of a variant lies at each location, by location.
--
-- @param variant_id: int
-- @param after_id: int
-- @param now: timestamp
-- @param max_rows: int
-- @returns: StockLevel
SELECT
    i.variant_id,
    i.location_id,
    i.on_hand,
    i.allocated,
    (
        SELECT CAST(coalesce(sum(r.quantity), 0) AS bigint)
        FROM reservations AS r
        WHERE r.variant_id = i.variant_id
            AND r.location_id = i.location_id
            AND r.expires_at > :now
    ) AS reserved,
    i.reorder_point,
    i.backorder_limit,
    i.updated_at
FROM inventory AS i
WHERE i.variant_id = :variant_id
    AND i.location_id > :after_id
ORDER BY i.location_id
LIMIT :max_rows;

-- name: lock_counted_stock(variant_id, location_id, expected, now)$
-- Keep a stock row from changing until the transaction ends, if it holds what was expected.
--
-- @param variant_id: int
-- @param location_id: int
-- @param expected: int
-- @param now: timestamp
-- @returns: int?
UPDATE inventory
SET updated_at = :now
WHERE variant_id = :variant_id
    AND location_id = :location_id
    AND on_hand = :expected
RETURNING on_hand;

-- name: set_stock_levels(variant_id, location_id, reorder_point, backorder_limit, now)^
-- Set the levels that are given, on a new stock row if there is none; NULL leaves one as it is.
--
-- @param variant_id: int
-- @param location_id: int
-- @param reorder_point: int?
-- @param backorder_limit: int?
-- @param now: timestamp
-- @returns: StockLevel
INSERT INTO inventory (
    variant_id,
    location_id,
    reorder_point,
    backorder_limit,
    created_at,
    updated_at
)
VALUES (
    :variant_id,
    :location_id,
    coalesce(:reorder_point, 0),
    coalesce(:backorder_limit, 0),
    :now,
    :now
)
ON CONFLICT (variant_id, location_id) DO UPDATE
SET
    reorder_point = coalesce(:reorder_point, inventory.reorder_point),
    backorder_limit = coalesce(:backorder_limit, inventory.backorder_limit),
    updated_at = excluded.updated_at
RETURNING
    variant_id,
    location_id,
    on_hand,
    allocated,
    (
        SELECT CAST(coalesce(sum(r.quantity), 0) AS bigint)
        FROM reservations AS r
        WHERE r.variant_id = inventory.variant_id
            AND r.location_id = inventory.location_id
            AND r.expires_at > :now
    ) AS reserved,
    reorder_point,
    backorder_limit,
    updated_at;

-- name: update_location(location_id, name, priority, is_active, now)^
-- Change the fields that are given; NULL leaves one as it is.
--
-- @param location_id: int
-- @param name: text?
-- @param priority: int?
-- @param is_active: bool?
-- @param now: timestamp
-- @returns: Location
UPDATE locations
SET
    name = coalesce(:name, name),
    priority = coalesce(:priority, priority),
    is_active = coalesce(:is_active, is_active),
    updated_at = :now
WHERE location_id = :location_id
RETURNING
    location_id,
    name,
    priority,
    is_active,
    created_at,
    updated_at;

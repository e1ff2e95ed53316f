-- name: cancel_items_of_order(order_id)*!
-- Count every unit of an order that is not on its way as cancelled.
--
-- @param order_id: int
-- @returns: none
UPDATE order_items
SET cancelled_quantity = quantity - shipped_quantity
WHERE order_id = :order_id
    AND cancelled_quantity < quantity - shipped_quantity;

-- name: cancel_units_of_item(order_item_id, quantity)*!
-- Count units of a line as cancelled.
--
-- @param order_item_id: int
-- @param quantity: int
-- @returns: none
UPDATE order_items
SET cancelled_quantity = cancelled_quantity + :quantity
WHERE order_item_id = :order_item_id;

-- name: insert_cancellation(order_item_id, quantity, waived_amount, actor, reason, now)*!
-- Write down that units of a line will not be sent, and what need not be paid for them.
--
-- @param order_item_id: int
-- @param quantity: int
-- @param waived_amount: money
-- @param actor: text
-- @param reason: text
-- @param now: timestamp
-- @returns: none
INSERT INTO order_item_cancellations (
    order_item_id,
    quantity,
    waived_amount,
    actor,
    reason,
    cancelled_at
)
VALUES (
    :order_item_id,
    :quantity,
    :waived_amount,
    :actor,
    :reason,
    :now
);

-- name: insert_cancellations_of_order(order_id, actor, reason, now)*!
-- Write down that what an order has not sent will not be sent; what need not be paid is the order as a whole.
--
-- @param order_id: int
-- @param actor: text
-- @param reason: text
-- @param now: timestamp
-- @returns: none
INSERT INTO order_item_cancellations (
    order_item_id,
    quantity,
    waived_amount,
    actor,
    reason,
    cancelled_at
)
SELECT
    order_item_id,
    quantity - shipped_quantity - cancelled_quantity,
    0,
    :actor,
    :reason,
    :now
FROM order_items
WHERE order_id = :order_id
    AND cancelled_quantity < quantity - shipped_quantity
ORDER BY order_item_id;

-- name: insert_order_movement(order_item_id, variant_id, location_id, kind, on_hand_delta, allocated_delta, reason, actor, now)*!
-- Move units of an order's line at one location, in the ledger.
--
-- @param order_item_id: int
-- @param variant_id: int
-- @param location_id: int
-- @param kind: enum:MovementKind
-- @param on_hand_delta: int
-- @param allocated_delta: int
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
VALUES (
    :variant_id,
    :location_id,
    :kind,
    :on_hand_delta,
    :allocated_delta,
    :order_item_id,
    :reason,
    :actor,
    :now
);

-- name: list_open_allocations(order_id)
-- Where each line of an order still waits for units, in the order in which orders are filled.
--
-- @param order_id: int
-- @returns: OpenAllocation
SELECT
    oa.order_item_id,
    oi.variant_id,
    oa.location_id,
    oa.quantity - oa.released_quantity - oa.shipped_quantity AS quantity
FROM order_items AS oi
INNER JOIN order_allocations AS oa ON oa.order_item_id = oi.order_item_id
INNER JOIN locations AS l ON l.location_id = oa.location_id
WHERE oi.order_id = :order_id
    AND oa.quantity > oa.released_quantity + oa.shipped_quantity
ORDER BY
    oi.order_item_id,
    l.priority,
    oa.location_id;

-- name: list_open_lines(order_id)
-- The lines of an order with how many of their units are where.
--
-- @param order_id: int
-- @returns: OpenLine
SELECT
    order_item_id,
    quantity,
    cancelled_quantity,
    shipped_quantity,
    returned_quantity
FROM order_items
WHERE order_id = :order_id
ORDER BY order_item_id;

-- name: release_allocation(order_item_id, location_id, quantity)*!
-- Count units that one location held for a line as given back.
--
-- @param order_item_id: int
-- @param location_id: int
-- @param quantity: int
-- @returns: none
UPDATE order_allocations
SET released_quantity = released_quantity + :quantity
WHERE order_item_id = :order_item_id
    AND location_id = :location_id;

-- name: release_allocations_of_order(order_id)*!
-- Count whatever an order still waits for as given back.
--
-- @param order_id: int
-- @returns: none
UPDATE order_allocations
SET released_quantity = quantity - shipped_quantity
WHERE order_item_id IN (
    SELECT oi.order_item_id
    FROM order_items AS oi
    WHERE oi.order_id = :order_id
);

-- name: ship_allocation(order_item_id, location_id, quantity)*!
-- Count units that one location held for a line as sent.
--
-- @param order_item_id: int
-- @param location_id: int
-- @param quantity: int
-- @returns: none
UPDATE order_allocations
SET shipped_quantity = shipped_quantity + :quantity
WHERE order_item_id = :order_item_id
    AND location_id = :location_id;

-- name: ship_units_of_item(order_item_id, quantity)*!
-- Count units of a line as sent.
--
-- @param order_item_id: int
-- @param quantity: int
-- @returns: none
UPDATE order_items
SET shipped_quantity = shipped_quantity + :quantity
WHERE order_item_id = :order_item_id;

-- name: take_back_units_of_item(order_item_id, quantity)*!
-- Count units of a line as returned.
--
-- @param order_item_id: int
-- @param quantity: int
-- @returns: none
UPDATE order_items
SET returned_quantity = returned_quantity + :quantity
WHERE order_item_id = :order_item_id;

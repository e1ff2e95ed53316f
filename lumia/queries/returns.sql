-- name: get_order_id_of_return(return_id)$
-- The key of the order that a return is of.
--
-- @param return_id: int
-- @returns: int?
SELECT order_id
FROM returns
WHERE return_id = :return_id;

-- name: get_return(return_id)^
-- A return's own row.
--
-- @param return_id: int
-- @returns: ReturnHead
SELECT
    return_id,
    public_id,
    order_id,
    status,
    reason,
    actor,
    note,
    location_id,
    created_at,
    updated_at
FROM returns
WHERE return_id = :return_id;

-- name: insert_return(public_id, order_id, reason, actor, now)$
-- Write down that a customer wants to send something back.
--
-- @param public_id: uuid
-- @param order_id: int
-- @param reason: text
-- @param actor: text
-- @param now: timestamp
-- @returns: int
INSERT INTO returns (
    public_id,
    order_id,
    status,
    reason,
    actor,
    note,
    created_at,
    updated_at
)
VALUES (
    :public_id,
    :order_id,
    'requested',
    :reason,
    :actor,
    '',
    :now,
    :now
)
RETURNING return_id;

-- name: insert_return_item(return_id, order_item_id, quantity)*!
-- Write down what a return is of.
--
-- @param return_id: int
-- @param order_item_id: int
-- @param quantity: int
-- @returns: none
INSERT INTO return_items (
    return_id,
    order_item_id,
    quantity
)
VALUES (
    :return_id,
    :order_item_id,
    :quantity
);

-- name: list_expected_returns(order_id)
-- How many units of each line of an order are asked back and have not come in, by line.
--
-- @param order_id: int
-- @returns: UnitsOfItem
SELECT
    ri.order_item_id,
    CAST(sum(ri.quantity) AS bigint) AS quantity
FROM returns AS r
INNER JOIN return_items AS ri ON ri.return_id = r.return_id
WHERE r.order_id = :order_id
    AND r.status IN ('requested', 'approved')
GROUP BY ri.order_item_id
ORDER BY ri.order_item_id;

-- name: list_items_of_return(return_id)
-- What a return is of.
--
-- @param return_id: int
-- @returns: ReturnItem
SELECT
    ri.return_id,
    ri.order_item_id,
    oi.variant_id,
    ri.quantity,
    ri.accepted_quantity,
    ri.damaged_quantity
FROM return_items AS ri
INNER JOIN order_items AS oi ON oi.order_item_id = ri.order_item_id
WHERE ri.return_id = :return_id
ORDER BY ri.order_item_id;

-- name: list_return_items(order_id)
-- What the returns of an order are of.
--
-- @param order_id: int
-- @returns: ReturnItem
SELECT
    ri.return_id,
    ri.order_item_id,
    oi.variant_id,
    ri.quantity,
    ri.accepted_quantity,
    ri.damaged_quantity
FROM returns AS r
INNER JOIN return_items AS ri ON ri.return_id = r.return_id
INNER JOIN order_items AS oi ON oi.order_item_id = ri.order_item_id
WHERE r.order_id = :order_id
ORDER BY
    ri.return_id,
    ri.order_item_id;

-- name: list_returns(order_id)
-- The returns of an order, oldest first.
--
-- @param order_id: int
-- @returns: ReturnHead
SELECT
    return_id,
    public_id,
    order_id,
    status,
    reason,
    actor,
    note,
    location_id,
    created_at,
    updated_at
FROM returns
WHERE order_id = :order_id
ORDER BY return_id;

-- name: receive_return_item(return_id, order_item_id, accepted_quantity, damaged_quantity)*!
-- Write down what came in of a line of a return.
--
-- @param return_id: int
-- @param order_item_id: int
-- @param accepted_quantity: int
-- @param damaged_quantity: int
-- @returns: none
UPDATE return_items
SET
    accepted_quantity = :accepted_quantity,
    damaged_quantity = :damaged_quantity
WHERE return_id = :return_id
    AND order_item_id = :order_item_id;

-- name: step_return(return_id, status, location_id, actor, note, now)!
-- Take a return a step on.
--
-- @param return_id: int
-- @param status: enum:ReturnStatus
-- @param location_id: int?
-- @param actor: text
-- @param note: text
-- @param now: timestamp
-- @returns: none
UPDATE returns
SET
    status = :status,
    location_id = :location_id,
    actor = :actor,
    note = :note,
    updated_at = :now
WHERE return_id = :return_id;

-- name: get_refund(refund_id)^
-- A refund's own row.
--
-- @param refund_id: int
-- @returns: RefundRow
SELECT
    refund_id,
    public_id,
    payment_id,
    provider_reference,
    amount,
    status,
    reason,
    actor,
    created_at,
    updated_at
FROM refunds
WHERE refund_id = :refund_id;

-- name: get_refund_id(public_id)$
-- The key of the refund with a public id.
--
-- @param public_id: uuid
-- @returns: int?
SELECT refund_id
FROM refunds
WHERE public_id = :public_id;

-- name: insert_refund_items(public_id, order_item_id, quantity, amount)*!
-- Write down which units refunds pay back, refund by refund.
--
-- @param public_id: uuid
-- @param order_item_id: int
-- @param quantity: int
-- @param amount: money
-- @returns: none
INSERT INTO refund_items (
    refund_id,
    order_item_id,
    quantity,
    amount
)
SELECT
    refund_id,
    :order_item_id,
    :quantity,
    :amount
FROM refunds
WHERE public_id = :public_id;

-- name: insert_refunds(public_id, payment_id, provider_reference, amount, status, reason, actor, now)*!
-- Write down that money goes back, payment by payment; the refunds' trigger refuses more than was captured.
--
-- @param public_id: uuid
-- @param payment_id: int
-- @param provider_reference: text?
-- @param amount: money
-- @param status: enum:RefundStatus
-- @param reason: text
-- @param actor: text
-- @param now: timestamp
-- @returns: none
INSERT INTO refunds (
    public_id,
    payment_id,
    provider_reference,
    amount,
    status,
    reason,
    actor,
    created_at,
    updated_at
)
VALUES (
    :public_id,
    :payment_id,
    :provider_reference,
    :amount,
    :status,
    :reason,
    :actor,
    :now,
    :now
);

-- name: list_refund_items_of_order(order_id)
-- Which units the refunds of an order pay back.
--
-- @all: an order has few refunds
-- @param order_id: int
-- @returns: RefundItemRow
SELECT
    s.refund_id,
    s.order_item_id,
    s.quantity,
    s.amount
FROM payments AS p
INNER JOIN refunds AS r ON r.payment_id = p.payment_id
INNER JOIN refund_items AS s ON s.refund_id = r.refund_id
WHERE p.order_id = :order_id
ORDER BY
    s.refund_id,
    s.order_item_id;

-- name: list_refunds_of_order(order_id)
-- The refunds of an order, oldest first.
--
-- @all: an order has few refunds
-- @param order_id: int
-- @returns: RefundRow
SELECT
    r.refund_id,
    r.public_id,
    r.payment_id,
    r.provider_reference,
    r.amount,
    r.status,
    r.reason,
    r.actor,
    r.created_at,
    r.updated_at
FROM payments AS p
INNER JOIN refunds AS r ON r.payment_id = p.payment_id
WHERE p.order_id = :order_id
ORDER BY r.refund_id;

-- name: list_settled_units(order_id)
-- How many units of each line of an order were waived or refunded so far, and for how much.
--
-- @all: an order has few lines
-- @column settled_units!: units of a line are counted, and their number has a limit
-- @column settled_amount!: amounts of a line are added, and each has a limit
-- @param order_id: int
-- @returns: SettledUnits
SELECT
    oi.order_item_id,
    oi.quantity,
    oi.unit_share,
    oi.odd_units,
    oi.odd_share,
    u.settled AS settled_units,
    coalesce((
        SELECT sum(c.waived_amount) FROM order_item_cancellations AS c WHERE c.order_item_id = oi.order_item_id
    ), 0) + coalesce((
        SELECT sum(s.amount)
        FROM refund_items AS s
        INNER JOIN refunds AS r ON r.refund_id = s.refund_id
        WHERE s.order_item_id = oi.order_item_id
            AND r.status <> 'failed'
    ), 0) AS settled_amount
FROM order_items AS oi
INNER JOIN settled_units AS u ON u.order_item_id = oi.order_item_id
WHERE oi.order_id = :order_id
ORDER BY oi.order_item_id;

-- name: set_refund_status(refund_id, status, provider_reference, now)!
-- Write down what became of a refund, and the key that the provider knows it under where it was not known.
--
-- @param refund_id: int
-- @param status: enum:RefundStatus
-- @param provider_reference: text?
-- @param now: timestamp
-- @returns: none
UPDATE refunds
SET
    status = :status,
    provider_reference = coalesce(provider_reference, :provider_reference),
    updated_at = :now
WHERE refund_id = :refund_id;

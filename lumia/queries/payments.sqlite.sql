-- name: lock_payments_of_orders(order_ids)
-- Lock the payments of orders, in ascending key order, with what an event about one is called by.
--
-- @all: an order has few payments
-- @differs: a JSON array of keys; the writer's lock keeps others out
-- @param order_ids: int[]
-- @returns: LockedPayment
SELECT
    p.payment_id,
    p.public_id,
    p.order_id,
    p.provider,
    p.provider_reference,
    p.method,
    p.card_brand,
    p.card_last4,
    p.amount,
    p.currency,
    p.status,
    p.capture_at,
    p.captured_amount,
    p.refunded_amount,
    p.created_at,
    p.updated_at,
    o.public_id AS order_public_id
FROM payments AS p
INNER JOIN orders AS o ON o.order_id = p.order_id
WHERE p.order_id IN (SELECT j.value FROM json_each(:order_ids) AS j)
ORDER BY p.payment_id;

-- name: lock_payments_of_orders(order_ids)
-- Lock the payments of orders, in ascending key order, with what an event about one is called by.
--
-- @all: an order has few payments
-- @differs: an array of keys, and the rows are locked in the order of their keys
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
WHERE p.order_id = ANY(:order_ids)
ORDER BY p.payment_id
FOR UPDATE OF p;

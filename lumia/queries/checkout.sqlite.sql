-- name: next_order_number()$
-- The number of the next order.
--
-- @differs: no sequences; the writer's lock makes the largest number plus one unique
-- @returns: int
SELECT coalesce(max(order_number), 0) + 1 AS order_number
FROM orders;

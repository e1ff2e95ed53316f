-- name: reserve_order_numbers(amount)
-- As many new order numbers as are asked for, which nobody else gets.
--
-- @differs: no sequences; the writer's lock makes the numbers above the largest unique
-- @ties: each number is one more than the one before
-- @param amount: int
-- @returns: int
WITH RECURSIVE steps (step) AS (
    SELECT 1
    WHERE :amount > 0
    UNION ALL
    SELECT step + 1
    FROM steps
    WHERE step < :amount
),

largest AS (
    SELECT coalesce(max(order_number), 0) AS order_number
    FROM orders
)

SELECT l.order_number + s.step AS order_number
FROM largest AS l
CROSS JOIN steps AS s
ORDER BY order_number;

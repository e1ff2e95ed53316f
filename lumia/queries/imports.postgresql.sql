-- name: reserve_order_numbers(amount)
-- As many new order numbers as are asked for, which nobody else gets.
--
-- @differs: a sequence, so that checkouts do not wait for an import
-- @ties: a sequence gives each number once
-- @param amount: int
-- @returns: int
SELECT nextval('order_number_seq') AS order_number
FROM generate_series(1, :amount)
ORDER BY order_number;

-- @small invoice_counters: one row

-- name: list_uninvoiced_orders(max_rows)
-- The orders that were paid and have no invoice number yet, in the order of their payment.
--
-- @param max_rows: int
-- @returns: int
SELECT order_id
FROM orders
WHERE paid_at IS NOT NULL
    AND invoice_number IS NULL
ORDER BY
    paid_at,
    order_id
LIMIT :max_rows;

-- name: lock_invoice_counter()$
-- The last invoice number that was given; nobody else gives one until the transaction ends.
--
-- @returns: int
UPDATE invoice_counters
SET last_number = last_number
WHERE invoice_counter_id = 1
RETURNING last_number;

-- name: set_invoice_counter(last_number)!
-- Write down the last invoice number that was given.
--
-- @param last_number: int
-- @returns: none
UPDATE invoice_counters
SET last_number = :last_number
WHERE invoice_counter_id = 1;

-- name: set_invoice_number(order_id, invoice_number, now)*!
-- Give an order its invoice number.
--
-- @param order_id: int
-- @param invoice_number: int
-- @param now: timestamp
-- @returns: none
UPDATE orders
SET
    invoice_number = :invoice_number,
    version = version + 1,
    updated_at = :now
WHERE order_id = :order_id;

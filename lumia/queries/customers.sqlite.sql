-- name: lock_customer(customer_id)$
-- Make sure that a customer exists and that nobody else changes what belongs to them meanwhile.
--
-- @differs: the one writer has the whole file; there are no row locks.
-- @param customer_id: int
-- @returns: int?
SELECT customer_id
FROM customers
WHERE customer_id = :customer_id;

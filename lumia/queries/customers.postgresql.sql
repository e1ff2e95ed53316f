-- name: lock_customer(customer_id)$
-- Make sure that a customer exists and that nobody else changes what belongs to them meanwhile.
--
-- @differs: the row is locked until the transaction ends; keys that refer to it can still be checked.
-- @param customer_id: int
-- @returns: int?
SELECT customer_id
FROM customers
WHERE customer_id = :customer_id
FOR NO KEY UPDATE;

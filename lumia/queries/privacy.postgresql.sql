-- name: lock_carts(customer_id)
-- Lock a person's open carts before anything else: a checkout that is turning one into an order comes first or not at all.
--
-- @differs: a lock of the row
-- @all: the carts of one person
-- @param customer_id: int
-- @returns: int
SELECT cart_id
FROM carts
WHERE customer_id = :customer_id
    AND status <> 'converted'
ORDER BY cart_id
FOR UPDATE;

-- name: lock_orders(customer_id)
-- Lock a person's orders before the customer: a step of an order locks the order, and asks for the customer then.
--
-- @differs: a lock of the row
-- @all: the orders of one person
-- @param customer_id: int
-- @returns: int
SELECT order_id
FROM orders
WHERE customer_id = :customer_id
ORDER BY order_id
FOR UPDATE;

-- name: lock_person(customer_id)^
-- Lock a customer who is to be erased.
--
-- @differs: a lock of the row
-- @param customer_id: int
-- @returns: Erasable
SELECT
    customer_id,
    public_id,
    email,
    email_key,
    erased_at
FROM customers
WHERE customer_id = :customer_id
FOR UPDATE;

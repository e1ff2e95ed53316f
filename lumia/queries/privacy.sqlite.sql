-- name: lock_carts(customer_id)
-- Lock a person's open carts before anything else: a checkout that is turning one into an order comes first or not at all.
--
-- @differs: whoever writes is alone
-- @all: the carts of one person
-- @param customer_id: int
-- @returns: int
SELECT cart_id
FROM carts
WHERE customer_id = :customer_id
    AND status <> 'converted'
ORDER BY cart_id;

-- name: lock_orders(customer_id)
-- Lock a person's orders before the customer: a step of an order locks the order, and asks for the customer then.
--
-- @differs: whoever writes is alone
-- @all: the orders of one person
-- @param customer_id: int
-- @returns: int
SELECT order_id
FROM orders
WHERE customer_id = :customer_id
ORDER BY order_id;

-- name: lock_person(customer_id)^
-- Lock a customer who is to be erased.
--
-- @differs: whoever writes is alone
-- @param customer_id: int
-- @returns: Erasable
SELECT
    customer_id,
    public_id,
    email,
    email_key,
    erased_at
FROM customers
WHERE customer_id = :customer_id;

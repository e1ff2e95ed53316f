-- name: lock_active_cart(customer_id)$
-- Keep a customer's active cart from being changed, ordered or merged until the transaction ends, and tell which it is.
--
-- @differs: nothing to lock, a writing unit of work holds the only writer's lock from its BEGIN IMMEDIATE on
-- @param customer_id: int
-- @returns: int?
SELECT cart_id
FROM carts
WHERE customer_id = :customer_id
    AND status = 'active';

-- name: lock_cart(cart_id)$
-- Keep a cart from being changed, ordered or merged until the transaction ends, and tell whether it exists.
--
-- @differs: nothing to lock, a writing unit of work holds the only writer's lock from its BEGIN IMMEDIATE on
-- @param cart_id: int
-- @returns: int?
SELECT cart_id
FROM carts
WHERE cart_id = :cart_id;

-- name: lock_active_cart(customer_id)$
-- Keep a customer's active cart from being changed, ordered or merged until the transaction ends, and tell which it is.
--
-- @differs: the row is locked until the transaction ends; what is read afterwards is what others had committed
-- @param customer_id: int
-- @returns: int?
SELECT cart_id
FROM carts
WHERE customer_id = :customer_id
    AND status = 'active'
FOR NO KEY UPDATE;

-- name: lock_cart(cart_id)$
-- Keep a cart from being changed, ordered or merged until the transaction ends, and tell whether it exists.
--
-- @differs: the row is locked until the transaction ends; what is read afterwards is what others had committed
-- @param cart_id: int
-- @returns: int?
SELECT cart_id
FROM carts
WHERE cart_id = :cart_id
FOR NO KEY UPDATE;

-- name: lock_stock_of_cart(cart_id)
-- Lock every stock row of the variants in a cart and in its bundles, in ascending key order, until the transaction ends.
--
-- @differs: nothing to lock, a writing unit of work holds the only writer's lock from its BEGIN IMMEDIATE on
-- @param cart_id: int
-- @returns: int
SELECT i.variant_id
FROM inventory AS i
WHERE i.variant_id IN (
    SELECT variant_id
    FROM cart_parts
    WHERE cart_id = :cart_id
)
ORDER BY
    i.variant_id,
    i.location_id;

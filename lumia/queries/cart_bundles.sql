-- name: delete_cart_bundle(cart_id, bundle_id)$
-- Take a bundle out of a cart that is active and tell which line that was; nothing where it was not in it.
--
-- @param cart_id: int
-- @param bundle_id: int
-- @returns: int?
DELETE FROM cart_items
WHERE cart_id = :cart_id
    AND bundle_id = :bundle_id
    AND EXISTS (
        SELECT 1
        FROM carts AS c
        WHERE c.cart_id = :cart_id
            AND c.status = 'active'
    )
RETURNING cart_item_id;

-- name: get_cart_bundle(bundle_id)^
-- Whether a bundle can be put into a cart: it is on sale with every one of its parts.
--
-- @param bundle_id: int
-- @returns: CartBundle
SELECT
    b.bundle_id,
    (
        b.is_active
        AND EXISTS (
            SELECT 1
            FROM bundle_items AS bi
            WHERE bi.bundle_id = b.bundle_id
        )
        AND NOT EXISTS (
            SELECT 1
            FROM bundle_items AS bi
            INNER JOIN product_variants AS v ON v.variant_id = bi.variant_id
            INNER JOIN products AS p ON p.product_id = v.product_id
            WHERE bi.bundle_id = b.bundle_id
                AND NOT (v.is_active AND p.status = 'active')
        )
    ) AS is_for_sale
FROM bundles AS b
WHERE b.bundle_id = :bundle_id;

-- name: put_cart_bundle(cart_id, bundle_id, quantity, now)!
-- Let an active cart hold so many of a bundle that exists; no row otherwise.
--
-- @param cart_id: int
-- @param bundle_id: int
-- @param quantity: int
-- @param now: timestamp
-- @returns: none
INSERT INTO cart_items (
    cart_id,
    bundle_id,
    quantity,
    unit_price_seen,
    created_at,
    updated_at
)
SELECT
    c.cart_id,
    b.bundle_id,
    :quantity,
    b.price,
    :now,
    :now
FROM carts AS c
INNER JOIN bundles AS b ON b.bundle_id = :bundle_id
WHERE c.cart_id = :cart_id
    AND c.status = 'active'
ON CONFLICT (cart_id, bundle_id) WHERE bundle_id IS NOT NULL DO UPDATE
SET
    quantity = excluded.quantity,
    unit_price_seen = excluded.unit_price_seen,
    updated_at = excluded.updated_at;

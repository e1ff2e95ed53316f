-- name: delete_cart_item(cart_id, variant_id)$
-- Take a variant out of a cart that is active and tell which line that was; nothing where it was not in it.
--
-- @param cart_id: int
-- @param variant_id: int
-- @returns: int?
DELETE FROM cart_items
WHERE cart_id = :cart_id
    AND variant_id = :variant_id
    AND EXISTS (
        SELECT 1
        FROM carts AS c
        WHERE c.cart_id = :cart_id
            AND c.status = 'active'
    )
RETURNING cart_item_id;

-- name: delete_cart_items(cart_id)
-- Empty a cart that is active and tell which lines it had.
--
-- @ties: only whether there were any is asked
-- @param cart_id: int
-- @returns: int
DELETE FROM cart_items
WHERE cart_id = :cart_id
    AND EXISTS (
        SELECT 1
        FROM carts AS c
        WHERE c.cart_id = :cart_id
            AND c.status = 'active'
    )
RETURNING cart_item_id;

-- name: get_active_cart(customer_id)^
-- A customer's cart that is still being filled.
--
-- @param customer_id: int
-- @returns: Cart
SELECT
    cart_id,
    public_id,
    customer_id,
    guest_email,
    currency,
    status,
    version,
    created_at,
    updated_at
FROM carts
WHERE customer_id = :customer_id
    AND status = 'active';

-- name: get_cart(cart_id)^
-- One cart by key.
--
-- @param cart_id: int
-- @returns: Cart
SELECT
    cart_id,
    public_id,
    customer_id,
    guest_email,
    currency,
    status,
    version,
    created_at,
    updated_at
FROM carts
WHERE cart_id = :cart_id;

-- name: get_cart_by_token_hash(token_hash)^
-- The cart of a guest's token.
--
-- @param token_hash: bytes
-- @returns: Cart
SELECT
    cart_id,
    public_id,
    customer_id,
    guest_email,
    currency,
    status,
    version,
    created_at,
    updated_at
FROM carts
WHERE token_hash = :token_hash;

-- name: get_cart_variant(variant_id)^
-- Whether a variant can be put into a cart.
--
-- @param variant_id: int
-- @returns: CartVariant
SELECT
    v.variant_id,
    (v.is_active AND p.status = 'active') AS is_for_sale
FROM product_variants AS v
INNER JOIN products AS p ON v.product_id = p.product_id
WHERE v.variant_id = :variant_id;

-- name: insert_guest_cart(public_id, token_hash, guest_email, guest_email_key, now)^
-- Open a cart for whoever holds its token.
--
-- @param public_id: uuid
-- @param token_hash: bytes
-- @param guest_email: text?
-- @param guest_email_key: text?
-- @param now: timestamp
-- @returns: Cart
INSERT INTO carts (
    public_id,
    token_hash,
    guest_email,
    guest_email_key,
    currency,
    status,
    created_at,
    updated_at
)
SELECT
    :public_id,
    :token_hash,
    :guest_email,
    :guest_email_key,
    currency,
    'active',
    :now,
    :now
FROM shop_settings
WHERE shop_settings_id = 1
RETURNING
    cart_id,
    public_id,
    customer_id,
    guest_email,
    currency,
    status,
    version,
    created_at,
    updated_at;

-- name: list_abandoned_carts(before, after_id, max_rows)
-- One page of the active carts that hold something and did not change since an instant, oldest first.
--
-- @param before: timestamp
-- @param after_id: int
-- @param max_rows: int
-- @returns: Cart
SELECT
    c.cart_id,
    c.public_id,
    c.customer_id,
    c.guest_email,
    c.currency,
    c.status,
    c.version,
    c.created_at,
    c.updated_at
FROM carts AS c
WHERE c.status = 'active'
    AND c.cart_id > :after_id
    AND c.updated_at < :before
    AND EXISTS (
        SELECT 1
        FROM cart_items AS i
        WHERE i.cart_id = c.cart_id
    )
ORDER BY c.cart_id
LIMIT :max_rows;

-- name: list_cart_lines(cart_id, now, max_rows)
-- The lines of a cart as they stand now, in the order in which they were added. Of a bundle as many are available as
-- its scarcest part allows.
--
-- @column sku!: a line holds either a variant or a bundle
-- @column product_name!: a line holds either a variant or a bundle
-- @column unit_price!: a line holds either a variant or a bundle
-- @column is_for_sale!: a line holds either a variant or a bundle
-- @param cart_id: int
-- @param now: timestamp
-- @param max_rows: int
-- @returns: CartLineRow
SELECT
    i.cart_item_id,
    i.variant_id,
    i.bundle_id,
    v.product_id,
    coalesce(v.sku, b.sku) AS sku,
    coalesce(p.name, b.name) AS product_name,
    coalesce(v.price, b.price) AS unit_price,
    i.unit_price_seen AS price_then,
    i.quantity,
    (
        coalesce(v.is_active, b.is_active)
        AND EXISTS (
            SELECT 1
            FROM cart_parts AS c
            WHERE c.cart_item_id = i.cart_item_id
        )
        AND NOT EXISTS (
            SELECT 1
            FROM cart_parts AS c
            INNER JOIN product_variants AS pv ON c.variant_id = pv.variant_id
            INNER JOIN products AS pp ON pv.product_id = pp.product_id
            WHERE c.cart_item_id = i.cart_item_id
                AND NOT (pv.is_active AND pp.status = 'active')
        )
    ) AS is_for_sale,
    coalesce(
        (
            SELECT min(
                (
                    SELECT CAST(
                        coalesce(
                            sum(
                                s.available - (
                                    SELECT coalesce(sum(r.quantity), 0)
                                    FROM reservations AS r
                                    WHERE r.variant_id = s.variant_id
                                        AND r.location_id = s.location_id
                                        AND r.expires_at > :now
                                        AND r.cart_id <> :cart_id
                                )
                            ),
                            0
                        ) AS bigint
                    )
                    FROM sellable_stock AS s
                    WHERE s.variant_id = c.variant_id
                ) / nullif(c.units, 0)
            )
            FROM cart_parts AS c
            WHERE c.cart_item_id = i.cart_item_id
        ),
        0
    ) AS available
FROM cart_items AS i
LEFT JOIN product_variants AS v ON i.variant_id = v.variant_id
LEFT JOIN products AS p ON v.product_id = p.product_id
LEFT JOIN bundles AS b ON i.bundle_id = b.bundle_id
WHERE i.cart_id = :cart_id
ORDER BY i.cart_item_id
LIMIT :max_rows;

-- name: open_customer_cart(public_id, customer_id, now)^
-- Give a customer's active cart, and open it where there is none; of several at once one is opened, and all get it.
--
-- @param public_id: uuid
-- @param customer_id: int
-- @param now: timestamp
-- @returns: Cart
INSERT INTO carts (
    public_id,
    customer_id,
    currency,
    status,
    created_at,
    updated_at
)
SELECT
    :public_id,
    c.customer_id,
    s.currency,
    'active',
    :now,
    :now
FROM customers AS c
INNER JOIN shop_settings AS s ON s.shop_settings_id = 1
WHERE c.customer_id = :customer_id
ON CONFLICT (customer_id) WHERE status = 'active' DO UPDATE
SET updated_at = excluded.updated_at
RETURNING
    cart_id,
    public_id,
    customer_id,
    guest_email,
    currency,
    status,
    version,
    created_at,
    updated_at;

-- name: put_cart_item(cart_id, variant_id, quantity, now)!
-- Let an active cart hold so many of a variant that exists; no row otherwise.
--
-- @param cart_id: int
-- @param variant_id: int
-- @param quantity: int
-- @param now: timestamp
-- @returns: none
INSERT INTO cart_items (
    cart_id,
    variant_id,
    quantity,
    unit_price_seen,
    created_at,
    updated_at
)
SELECT
    c.cart_id,
    v.variant_id,
    :quantity,
    v.price,
    :now,
    :now
FROM carts AS c
INNER JOIN product_variants AS v ON v.variant_id = :variant_id
WHERE c.cart_id = :cart_id
    AND c.status = 'active'
ON CONFLICT (cart_id, variant_id) DO UPDATE
SET
    quantity = excluded.quantity,
    unit_price_seen = excluded.unit_price_seen,
    updated_at = excluded.updated_at;

-- name: touch_cart(cart_id, now)!
-- Date a change of a cart.
--
-- @param cart_id: int
-- @param now: timestamp
-- @returns: none
UPDATE carts
SET updated_at = :now
WHERE cart_id = :cart_id;

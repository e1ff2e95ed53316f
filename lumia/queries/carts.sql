-- name: close_guest_cart(token_hash, now)$
-- Give up the active cart of a guest's token and tell which it was; nothing for any other cart.
--
-- @param token_hash: bytes
-- @param now: timestamp
-- @returns: int?
UPDATE carts
SET
    status = 'abandoned',
    updated_at = :now
WHERE token_hash = :token_hash
    AND customer_id IS NULL
    AND status = 'active'
RETURNING cart_id;

-- name: delete_cart_item(cart_id, variant_id)!
-- Take a variant out of a cart that is active.
--
-- @param cart_id: int
-- @param variant_id: int
-- @returns: none
DELETE FROM cart_items
WHERE cart_id = :cart_id
    AND variant_id = :variant_id
    AND EXISTS (
        SELECT 1
        FROM carts AS c
        WHERE c.cart_id = :cart_id
            AND c.status = 'active'
    );

-- name: delete_cart_items(cart_id)!
-- Empty a cart that is active.
--
-- @param cart_id: int
-- @returns: none
DELETE FROM cart_items
WHERE cart_id = :cart_id
    AND EXISTS (
        SELECT 1
        FROM carts AS c
        WHERE c.cart_id = :cart_id
            AND c.status = 'active'
    );

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

-- name: insert_guest_cart(public_id, token_hash, guest_email, now)^
-- Open a cart for whoever holds its token.
--
-- @param public_id: uuid
-- @param token_hash: bytes
-- @param guest_email: text?
-- @param now: timestamp
-- @returns: Cart
INSERT INTO carts (
    public_id,
    token_hash,
    guest_email,
    currency,
    status,
    created_at,
    updated_at
)
SELECT
    :public_id,
    :token_hash,
    :guest_email,
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
-- The lines of a cart as they stand now, in the order in which they were added.
--
-- @param cart_id: int
-- @param now: timestamp
-- @param max_rows: int
-- @returns: CartLineRow
SELECT
    i.cart_item_id,
    i.variant_id,
    v.product_id,
    v.sku,
    p.name AS product_name,
    v.price AS unit_price,
    i.unit_price_seen AS price_then,
    i.quantity,
    (v.is_active AND p.status = 'active') AS is_for_sale,
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
        WHERE s.variant_id = i.variant_id
    ) AS available
FROM cart_items AS i
INNER JOIN product_variants AS v ON i.variant_id = v.variant_id
INNER JOIN products AS p ON v.product_id = p.product_id
WHERE i.cart_id = :cart_id
ORDER BY i.cart_item_id
LIMIT :max_rows;

-- name: merge_cart_items(from_cart_id, cart_id, max_lines, max_quantity, now)!
-- Add the lines of one cart to another, summed by variant; what is beyond the limits stays out.
--
-- @param from_cart_id: int
-- @param cart_id: int
-- @param max_lines: int
-- @param max_quantity: int
-- @param now: timestamp
-- @returns: none
WITH guest_line AS (
    SELECT
        i.cart_item_id,
        i.variant_id,
        i.quantity,
        i.unit_price_seen,
        known.cart_item_id AS known_id,
        row_number() OVER (
            PARTITION BY known.cart_item_id IS NULL
            ORDER BY i.cart_item_id
        ) AS place
    FROM cart_items AS i
    LEFT JOIN cart_items AS known
        ON known.cart_id = :cart_id
        AND known.variant_id = i.variant_id
    WHERE i.cart_id = :from_cart_id
)

INSERT INTO cart_items (
    cart_id,
    variant_id,
    quantity,
    unit_price_seen,
    created_at,
    updated_at
)
SELECT
    :cart_id,
    g.variant_id,
    g.quantity,
    g.unit_price_seen,
    :now,
    :now
FROM guest_line AS g
WHERE g.known_id IS NOT NULL
    OR g.place <= :max_lines - (
        SELECT count(*)
        FROM cart_items
        WHERE cart_id = :cart_id
    )
ORDER BY g.cart_item_id
ON CONFLICT (cart_id, variant_id) DO UPDATE
SET
    quantity = CASE
        WHEN cart_items.quantity + excluded.quantity > :max_quantity THEN :max_quantity
        ELSE cart_items.quantity + excluded.quantity
    END,
    updated_at = excluded.updated_at;

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

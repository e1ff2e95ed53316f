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

-- name: list_cart_lines(cart_id, max_rows)
-- The lines of a cart as they stand now, in the order in which they were added.
--
-- @param cart_id: int
-- @param max_rows: int
-- @returns: CartLineRow
SELECT
    i.cart_item_id,
    i.variant_id,
    v.product_id,
    v.sku,
    p.name AS product_name,
    v.price AS unit_price,
    i.quantity,
    (v.is_active AND p.status = 'active') AS is_for_sale,
    (
        SELECT CAST(coalesce(sum(s.available), 0) AS bigint)
        FROM sellable_stock AS s
        WHERE s.variant_id = i.variant_id
    ) AS available
FROM cart_items AS i
INNER JOIN product_variants AS v ON i.variant_id = v.variant_id
INNER JOIN products AS p ON v.product_id = p.product_id
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
    created_at,
    updated_at
)
SELECT
    c.cart_id,
    v.variant_id,
    :quantity,
    :now,
    :now
FROM carts AS c
INNER JOIN product_variants AS v ON v.variant_id = :variant_id
WHERE c.cart_id = :cart_id
    AND c.status = 'active'
ON CONFLICT (cart_id, variant_id) DO UPDATE
SET
    quantity = excluded.quantity,
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

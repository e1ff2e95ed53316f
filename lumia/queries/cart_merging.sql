-- name: close_guest_cart(token_hash, now)$
-- Give up the active cart of a guest's token and tell which it was; nothing for any other cart. Whose it was is known
-- by now, so that the address goes.
--
-- @param token_hash: bytes
-- @param now: timestamp
-- @returns: int?
UPDATE carts
SET
    status = 'abandoned',
    guest_email = NULL,
    guest_email_key = NULL,
    updated_at = :now
WHERE token_hash = :token_hash
    AND customer_id IS NULL
    AND status = 'active'
RETURNING cart_id;

-- name: merge_cart_bundles(from_cart_id, cart_id, max_lines, max_quantity, now)!
-- Add the bundles of one cart to another, summed by bundle; what is beyond the limits stays out. Of two prices that
-- were seen the one is kept that differs from the present one, so that the line tells of the change.
--
-- @ties: a bundle lies in a cart once, so that each line meets one of the other cart at most
-- @param from_cart_id: int
-- @param cart_id: int
-- @param max_lines: int
-- @param max_quantity: int
-- @param now: timestamp
-- @returns: none
WITH guest_line AS (
    SELECT
        i.cart_item_id,
        i.bundle_id,
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
        AND known.bundle_id = i.bundle_id
    WHERE i.cart_id = :from_cart_id
        AND i.bundle_id IS NOT NULL
)

INSERT INTO cart_items (
    cart_id,
    bundle_id,
    quantity,
    unit_price_seen,
    created_at,
    updated_at
)
SELECT
    :cart_id,
    g.bundle_id,
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
ON CONFLICT (cart_id, bundle_id) WHERE bundle_id IS NOT NULL DO UPDATE
SET
    quantity = CASE
        WHEN cart_items.quantity + excluded.quantity > :max_quantity THEN :max_quantity
        ELSE cart_items.quantity + excluded.quantity
    END,
    unit_price_seen = CASE
        WHEN cart_items.unit_price_seen <> (
            SELECT price
            FROM bundles
            WHERE bundle_id = cart_items.bundle_id
        ) THEN cart_items.unit_price_seen
        ELSE coalesce(excluded.unit_price_seen, cart_items.unit_price_seen)
    END,
    updated_at = excluded.updated_at;

-- name: merge_cart_items(from_cart_id, cart_id, max_lines, max_quantity, now)!
-- Add the variants of one cart to another, summed by variant; what is beyond the limits stays out. Of two prices that
-- were seen the one is kept that differs from the present one, so that the line tells of the change.
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
        AND i.variant_id IS NOT NULL
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
    OR g.place <= :max_lines - (SELECT count(*) FROM cart_items WHERE cart_id = :cart_id)
ORDER BY g.cart_item_id
ON CONFLICT (cart_id, variant_id) DO UPDATE
SET
    quantity = CASE
        WHEN cart_items.quantity + excluded.quantity > :max_quantity THEN :max_quantity
        ELSE cart_items.quantity + excluded.quantity
    END,
    unit_price_seen = CASE
        WHEN cart_items.unit_price_seen <> (
            SELECT price FROM product_variants WHERE variant_id = cart_items.variant_id
        ) THEN cart_items.unit_price_seen
        ELSE coalesce(excluded.unit_price_seen, cart_items.unit_price_seen)
    END,
    updated_at = excluded.updated_at;

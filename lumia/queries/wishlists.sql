-- name: copy_wishlist_to_cart(wishlist_id, cart_id, variant_id, now)!
-- Put one each of a list's things that are for sale into an active cart; what is in it already stays as it is.
--
-- @param wishlist_id: int
-- @param cart_id: int
-- @param variant_id: int
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
    i.variant_id,
    1,
    v.price,
    :now,
    :now
FROM wishlist_items AS i
INNER JOIN product_variants AS v ON i.variant_id = v.variant_id
INNER JOIN products AS p ON v.product_id = p.product_id
INNER JOIN carts AS c ON c.cart_id = :cart_id
WHERE i.wishlist_id = :wishlist_id
    AND i.variant_id = :variant_id --@if variant_id
    AND v.is_active
    AND p.status = 'active'
    AND c.status = 'active'
ORDER BY i.wishlist_item_id
ON CONFLICT (cart_id, variant_id) DO NOTHING;

-- name: count_wishlists(customer_id)$
-- How many lists a customer has.
--
-- @param customer_id: int
-- @returns: int
SELECT count(*) AS wishlists
FROM wishlists
WHERE customer_id = :customer_id;

-- name: delete_wishlist(wishlist_id)!
-- Delete a list with everything on it.
--
-- @param wishlist_id: int
-- @returns: int
DELETE FROM wishlists
WHERE wishlist_id = :wishlist_id;

-- name: delete_wishlist_item(wishlist_id, variant_id)!
-- Take a variant off a list.
--
-- @param wishlist_id: int
-- @param variant_id: int
-- @returns: none
DELETE FROM wishlist_items
WHERE wishlist_id = :wishlist_id
    AND variant_id = :variant_id;

-- name: delete_wishlist_items_in_cart(wishlist_id, cart_id, variant_id)!
-- Take off a list what is for sale and in a cart by now.
--
-- @param wishlist_id: int
-- @param cart_id: int
-- @param variant_id: int
-- @returns: none
DELETE FROM wishlist_items
WHERE wishlist_id = :wishlist_id
    AND variant_id = :variant_id --@if variant_id
    AND EXISTS (
        SELECT 1
        FROM cart_items AS c
        INNER JOIN product_variants AS v ON c.variant_id = v.variant_id
        INNER JOIN products AS p ON v.product_id = p.product_id
        WHERE c.cart_id = :cart_id
            AND c.variant_id = wishlist_items.variant_id
            AND v.is_active
            AND p.status = 'active'
    );

-- name: get_shared_wishlist(token_hash)^
-- The list that a link shows.
--
-- @param token_hash: bytes
-- @returns: Wishlist
SELECT
    wishlist_id,
    public_id,
    customer_id,
    name,
    (coalesce(length(token_hash), 0) > 0) AS is_shared,
    created_at,
    updated_at
FROM wishlists
WHERE token_hash = :token_hash;

-- name: get_wishlist(wishlist_id)^
-- One list by key.
--
-- @param wishlist_id: int
-- @returns: Wishlist
SELECT
    wishlist_id,
    public_id,
    customer_id,
    name,
    (coalesce(length(token_hash), 0) > 0) AS is_shared,
    created_at,
    updated_at
FROM wishlists
WHERE wishlist_id = :wishlist_id;

-- name: insert_wishlist(public_id, customer_id, name, now)^
-- Open a list for a customer who exists; no row otherwise.
--
-- @param public_id: uuid
-- @param customer_id: int
-- @param name: text
-- @param now: timestamp
-- @returns: Wishlist
INSERT INTO wishlists (
    public_id,
    customer_id,
    name,
    created_at,
    updated_at
)
SELECT
    :public_id,
    c.customer_id,
    :name,
    :now,
    :now
FROM customers AS c
WHERE c.customer_id = :customer_id
RETURNING
    wishlist_id,
    public_id,
    customer_id,
    name,
    (coalesce(length(token_hash), 0) > 0) AS is_shared,
    created_at,
    updated_at;

-- name: insert_wishlist_item(wishlist_id, variant_id, now)!
-- Put a variant on a list if both exist; what is on it stays where it is.
--
-- @param wishlist_id: int
-- @param variant_id: int
-- @param now: timestamp
-- @returns: none
INSERT INTO wishlist_items (
    wishlist_id,
    variant_id,
    added_at
)
SELECT
    w.wishlist_id,
    v.variant_id,
    :now
FROM wishlists AS w
INNER JOIN product_variants AS v ON v.variant_id = :variant_id
WHERE w.wishlist_id = :wishlist_id
ON CONFLICT (wishlist_id, variant_id) DO NOTHING;

-- name: list_wishlist_lines(wishlist_id, now, max_rows)
-- What is on a list as it stands now, in the order in which it was added.
--
-- @param wishlist_id: int
-- @param now: timestamp
-- @param max_rows: int
-- @returns: WishlistLineRow
SELECT
    i.wishlist_item_id,
    i.variant_id,
    v.product_id,
    v.sku,
    p.name AS product_name,
    v.price AS unit_price,
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
                    )
                ),
                0
            ) AS bigint
        )
        FROM sellable_stock AS s
        WHERE s.variant_id = i.variant_id
    ) AS available,
    i.added_at
FROM wishlist_items AS i
INNER JOIN product_variants AS v ON i.variant_id = v.variant_id
INNER JOIN products AS p ON v.product_id = p.product_id
WHERE i.wishlist_id = :wishlist_id
ORDER BY i.wishlist_item_id
LIMIT :max_rows;

-- name: list_wishlists(customer_id, max_rows)
-- A customer's lists in the order in which they were opened.
--
-- @param customer_id: int
-- @param max_rows: int
-- @returns: WishlistSummary
SELECT
    w.wishlist_id,
    w.public_id,
    w.customer_id,
    w.name,
    (coalesce(length(w.token_hash), 0) > 0) AS is_shared,
    w.created_at,
    w.updated_at,
    (
        SELECT count(*)
        FROM wishlist_items AS i
        WHERE i.wishlist_id = w.wishlist_id
    ) AS items
FROM wishlists AS w
WHERE w.customer_id = :customer_id
ORDER BY w.wishlist_id
LIMIT :max_rows;

-- name: rename_wishlist(wishlist_id, name, now)^
-- Give a list another name.
--
-- @param wishlist_id: int
-- @param name: text
-- @param now: timestamp
-- @returns: Wishlist
UPDATE wishlists
SET
    name = :name,
    updated_at = :now
WHERE wishlist_id = :wishlist_id
RETURNING
    wishlist_id,
    public_id,
    customer_id,
    name,
    (coalesce(length(token_hash), 0) > 0) AS is_shared,
    created_at,
    updated_at;

-- name: set_wishlist_token(wishlist_id, token_hash, now)^
-- Show a list to whoever has this token and no other; NULL shows it to nobody.
--
-- @param wishlist_id: int
-- @param token_hash: bytes?
-- @param now: timestamp
-- @returns: Wishlist
UPDATE wishlists
SET
    token_hash = :token_hash,
    updated_at = :now
WHERE wishlist_id = :wishlist_id
RETURNING
    wishlist_id,
    public_id,
    customer_id,
    name,
    -- Not IS NOT NULL, which SQLite 3.40 answers with true here for the NULL that was just set.
    (coalesce(length(token_hash), 0) > 0) AS is_shared,
    created_at,
    updated_at;

-- name: touch_wishlist(wishlist_id, now)^
-- Date a change of a list's things; others who change them wait until the transaction ends.
--
-- @param wishlist_id: int
-- @param now: timestamp
-- @returns: Wishlist
UPDATE wishlists
SET updated_at = :now
WHERE wishlist_id = :wishlist_id
RETURNING
    wishlist_id,
    public_id,
    customer_id,
    name,
    (coalesce(length(token_hash), 0) > 0) AS is_shared,
    created_at,
    updated_at;

-- name: list_addresses(customer_id)
-- Every address of a person, archived ones too.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedAddress
SELECT
    address_id,
    recipient,
    company,
    line1,
    line2,
    city,
    region,
    postal_code,
    country_code,
    country_name,
    phone,
    is_default_shipping,
    is_default_billing,
    archived_at,
    created_at
FROM addresses
WHERE customer_id = :customer_id
ORDER BY address_id;

-- name: list_cart_items(customer_id)
-- What lies in a person's carts, and in those that were left under the person's address.
--
-- @scan: an export is rare, and an index of addresses would slow every guest's cart
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedCartItem
SELECT
    l.cart_id,
    coalesce(v.sku, b.sku) AS sku,
    l.quantity,
    l.created_at
FROM cart_items AS l
INNER JOIN carts AS c ON c.cart_id = l.cart_id
LEFT JOIN product_variants AS v ON v.variant_id = l.variant_id
LEFT JOIN bundles AS b ON b.bundle_id = l.bundle_id
WHERE c.customer_id = :customer_id
    OR (
        c.status <> 'converted'
        AND c.guest_email_key = (SELECT u.email_key FROM customers AS u WHERE u.customer_id = :customer_id)
    )
ORDER BY l.cart_item_id;

-- name: list_carts(customer_id)
-- A person's carts, those that a guest's orders came of, and those that were left under the person's address.
--
-- @scan: an export is rare, and an index of addresses would slow every guest's cart
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedCart
SELECT
    c.cart_id,
    c.public_id,
    c.guest_email,
    c.currency,
    c.status,
    c.created_at,
    c.updated_at
FROM carts AS c
WHERE c.cart_id IN (
        SELECT k.cart_id FROM carts AS k WHERE k.customer_id = :customer_id
        UNION
        SELECT o.cart_id FROM orders AS o WHERE o.customer_id = :customer_id
        UNION
        SELECT g.cart_id
        FROM customers AS u
        INNER JOIN carts AS g ON g.guest_email_key = u.email_key
        WHERE u.customer_id = :customer_id
            AND g.status <> 'converted'
    )
ORDER BY c.cart_id;

-- name: list_logins(customer_id)
-- When a person's password was set, and what was tried; never the password.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedLogin
SELECT
    failed_attempts,
    locked_until,
    created_at,
    updated_at
FROM credentials
WHERE customer_id = :customer_id
ORDER BY customer_id;

-- name: list_reviews(customer_id)
-- What a person wrote about products.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedReview
SELECT
    r.public_id,
    p.name AS product_name,
    r.rating,
    r.title,
    r.body,
    r.status,
    r.moderation_note,
    r.created_at,
    r.updated_at
FROM reviews AS r
INNER JOIN products AS p ON p.product_id = r.product_id
WHERE r.customer_id = :customer_id
ORDER BY r.review_id;

-- name: list_sessions(customer_id)
-- When a person logged in and was seen.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedSession
SELECT
    created_at,
    last_seen_at,
    expires_at,
    revoked_at
FROM sessions
WHERE customer_id = :customer_id
ORDER BY session_id;

-- name: list_tokens(customer_id)
-- Which mails with a token were sent to a person.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedToken
SELECT
    kind,
    email_key,
    created_at,
    expires_at,
    used_at
FROM account_tokens
WHERE customer_id = :customer_id
ORDER BY account_token_id;

-- name: list_votes(customer_id)
-- Which reviews a person found helpful.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedVote
SELECT
    r.public_id AS review,
    t.voted_at
FROM review_votes AS t
INNER JOIN reviews AS r ON r.review_id = t.review_id
WHERE t.customer_id = :customer_id
ORDER BY t.review_id;

-- name: list_wishlist_items(customer_id)
-- What a person put aside.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedWishlistItem
SELECT
    w.wishlist_id,
    v.sku,
    l.added_at
FROM wishlist_items AS l
INNER JOIN wishlists AS w ON w.wishlist_id = l.wishlist_id
INNER JOIN product_variants AS v ON v.variant_id = l.variant_id
WHERE w.customer_id = :customer_id
ORDER BY l.wishlist_item_id;

-- name: list_wishlists(customer_id)
-- A person's wishlists.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedWishlist
SELECT
    wishlist_id,
    public_id,
    name,
    token_hash IS NOT NULL AS is_shared,
    created_at
FROM wishlists
WHERE customer_id = :customer_id
ORDER BY wishlist_id;

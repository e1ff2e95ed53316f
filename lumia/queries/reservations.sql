-- name: delete_dead_reservations(now, max_rows)!
-- Sweep away holds that count for nothing any more, longest dead first.
--
-- @param now: timestamp
-- @param max_rows: int
-- @returns: int
DELETE FROM reservations
WHERE (cart_id, variant_id, location_id) IN (
    SELECT
        cart_id,
        variant_id,
        location_id
    FROM reservations
    WHERE expires_at <= :now
    ORDER BY
        expires_at,
        cart_id,
        variant_id,
        location_id
    LIMIT :max_rows
);

-- name: delete_reservations(cart_id)!
-- Give back what is on hold for a cart.
--
-- @param cart_id: int
-- @returns: none
DELETE FROM reservations
WHERE cart_id = :cart_id;

-- name: insert_reservations(cart_id, variant_id, location_id, quantity, now, until)*!
-- Put units of a stock row on hold for a cart; a trigger refuses what is not available.
--
-- @param cart_id: int
-- @param variant_id: int
-- @param location_id: int
-- @param quantity: int
-- @param now: timestamp
-- @param until: timestamp
-- @returns: none
INSERT INTO reservations (
    cart_id,
    variant_id,
    location_id,
    quantity,
    created_at,
    expires_at
)
VALUES (
    :cart_id,
    :variant_id,
    :location_id,
    :quantity,
    :now,
    :until
);

-- name: list_cart_demands(cart_id)
-- What a cart wants, by variant: of its own and as parts of its bundles together.
--
-- @all: the lines of one cart
-- @param cart_id: int
-- @returns: CartDemand
SELECT
    v.variant_id,
    v.sku,
    CAST(sum(c.quantity) AS bigint) AS quantity
FROM cart_parts AS c
INNER JOIN product_variants AS v ON v.variant_id = c.variant_id
WHERE c.cart_id = :cart_id
GROUP BY
    v.variant_id,
    v.sku
ORDER BY v.variant_id;

-- name: list_reservations(cart_id, now)
-- What is on hold for a cart at an instant.
--
-- @all: the holds of one cart
-- @param cart_id: int
-- @param now: timestamp
-- @returns: Reservation
SELECT
    cart_id,
    variant_id,
    location_id,
    quantity,
    created_at,
    expires_at
FROM reservations
WHERE cart_id = :cart_id
    AND expires_at > :now
ORDER BY
    variant_id,
    location_id;

-- name: list_stock_for_cart(cart_id, now)
-- What each active location can still promise of each variant in a cart and its bundles; what is on hold for the cart itself counts as free.
--
-- @param cart_id: int
-- @param now: timestamp
-- @returns: CheckoutStock
SELECT
    s.variant_id,
    s.location_id,
    s.priority,
    s.available - (
        SELECT CAST(coalesce(sum(r.quantity), 0) AS bigint)
        FROM reservations AS r
        WHERE r.variant_id = s.variant_id
            AND r.location_id = s.location_id
            AND r.expires_at > :now
            AND r.cart_id <> :cart_id
    ) AS available
FROM sellable_stock AS s
WHERE s.variant_id IN (
    SELECT c.variant_id
    FROM cart_parts AS c
    WHERE c.cart_id = :cart_id
)
ORDER BY
    s.variant_id,
    s.location_id;

-- name: lock_cart(cart_id, now)$
-- Keep a cart from being changed, ordered or merged until the transaction ends, and tell its state.
--
-- @param cart_id: int
-- @param now: timestamp
-- @returns: enum:CartStatus?
UPDATE carts
SET updated_at = :now
WHERE cart_id = :cart_id
RETURNING status;

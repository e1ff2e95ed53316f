-- name: free_redemptions(order_ids, now)!
-- Give back what orders claimed of coupons, once; the triggers count.
--
-- @differs: the list is an array
-- @param order_ids: int[]
-- @param now: timestamp
-- @returns: int
UPDATE coupon_redemptions
SET freed_at = :now
WHERE order_id = ANY(:order_ids)
    AND freed_at IS NULL;

-- name: list_coupon_eligibility(cart_id, code_keys)
-- Which variants in a cart each coupon applies to: to all if it includes nothing, and never to what it excludes.
--
-- @differs: the list is an array
-- @all: a few codes, and the variants of one cart
-- @param cart_id: int
-- @param code_keys: text[]
-- @returns: CouponEligibility
WITH RECURSIVE part AS (
    SELECT DISTINCT
        v.variant_id,
        v.product_id,
        p.category_id
    FROM cart_parts AS cp
    INNER JOIN product_variants AS v ON v.variant_id = cp.variant_id
    INNER JOIN products AS p ON p.product_id = v.product_id
    WHERE cp.cart_id = :cart_id
),

-- A product's category, and every one above it.
lineage (category_id, above_id) AS (
    SELECT
        category_id,
        category_id
    FROM part
    UNION
    SELECT
        l.category_id,
        g.parent_id
    FROM lineage AS l
    INNER JOIN categories AS g ON g.category_id = l.above_id
    WHERE g.parent_id IS NOT NULL
),

asked AS (
    SELECT coupon_id
    FROM coupons
    WHERE code_key = ANY(:code_keys)
),

named AS (
    SELECT
        t.coupon_id,
        t.kind,
        part.variant_id
    FROM asked
    INNER JOIN coupon_targets AS t ON t.coupon_id = asked.coupon_id
    INNER JOIN part
        ON part.product_id = t.product_id
        OR part.variant_id = t.variant_id
        OR EXISTS (
            SELECT 1
            FROM lineage
            WHERE lineage.category_id = part.category_id
                AND lineage.above_id = t.category_id
        )
)

SELECT
    asked.coupon_id,
    part.variant_id
FROM asked
CROSS JOIN part
WHERE NOT EXISTS (
    SELECT 1
    FROM named
    WHERE named.coupon_id = asked.coupon_id
        AND named.variant_id = part.variant_id
        AND named.kind = 'exclude'
)
    AND (
        EXISTS (
            SELECT 1
            FROM named
            WHERE named.coupon_id = asked.coupon_id
                AND named.variant_id = part.variant_id
                AND named.kind = 'include'
        )
        OR NOT EXISTS (
            SELECT 1
            FROM coupon_targets AS t
            WHERE t.coupon_id = asked.coupon_id
                AND t.kind = 'include'
        )
    )
ORDER BY
    asked.coupon_id,
    part.variant_id;

-- name: list_coupon_terms(cart_id, code_keys, email_key)
-- The coupons with these codes, as a cart meets them: how often its holder, or this address, used each.
--
-- @differs: the list is an array
-- @all: a few codes, each of one coupon
-- @param cart_id: int
-- @param code_keys: text[]
-- @param email_key: text?
-- @returns: CouponTermsRow
SELECT
    c.coupon_id,
    c.code,
    c.code_key,
    c.kind,
    c.value,
    c.cap,
    c.buy_quantity,
    c.get_quantity,
    c.minimum,
    c.currency,
    c.valid_from,
    c.valid_to,
    c.usage_limit,
    c.per_customer_limit,
    c.budget,
    c.combines_with,
    c.is_active,
    c.used_count,
    c.spent,
    k.currency AS cart_currency,
    (
        SELECT count(*)
        FROM coupon_redemptions AS r
        WHERE r.coupon_id = c.coupon_id
            AND r.freed_at IS NULL
            AND (
                r.customer_id = k.customer_id
                OR r.email_key = CAST(:email_key AS text)
                OR r.email_key = cu.email_key
            )
    ) AS customer_uses
FROM coupons AS c
INNER JOIN carts AS k ON k.cart_id = :cart_id
LEFT JOIN customers AS cu ON cu.customer_id = k.customer_id
WHERE c.code_key = ANY(:code_keys)
ORDER BY c.coupon_id;

-- name: list_tiers_of_codes(code_keys)
-- The tiers of the coupons with these codes.
--
-- @differs: the list is an array
-- @all: a few codes, each with at most 20 tiers
-- @param code_keys: text[]
-- @returns: CouponTierRow
SELECT
    t.coupon_id,
    t.minimum,
    t.value
FROM coupons AS c
INNER JOIN coupon_tiers AS t ON t.coupon_id = c.coupon_id
WHERE c.code_key = ANY(:code_keys)
ORDER BY
    t.coupon_id,
    t.minimum;

-- name: lock_coupons(coupon_ids)
-- Lock coupons in ascending key order until the transaction ends.
--
-- @differs: the list is an array, and row locks in the one order that all writers keep
-- @all: a few
-- @param coupon_ids: int[]
-- @returns: int
SELECT coupon_id
FROM coupons
WHERE coupon_id = ANY(:coupon_ids)
ORDER BY coupon_id
FOR NO KEY UPDATE;

-- name: lock_coupons_of_orders(order_ids)
-- Lock the coupons that orders hold slots of, in ascending key order until the transaction ends.
--
-- @differs: the list is an array, and row locks in the one order that all writers keep
-- @all: a few for each order
-- @param order_ids: int[]
-- @returns: int
SELECT coupon_id
FROM coupons
WHERE coupon_id IN (
    SELECT coupon_id
    FROM coupon_redemptions
    WHERE order_id = ANY(:order_ids)
        AND freed_at IS NULL
)
ORDER BY coupon_id
FOR NO KEY UPDATE;

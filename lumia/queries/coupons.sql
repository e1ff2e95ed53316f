-- name: claim_coupons(order_id, coupon_id, customer_id, email_key, amount, shipping_amount, now)*!
-- Take a slot of a coupon for an order; no row when it is not in force any more, or nothing is left of its limits.
-- A customer's own limit is asked by the trigger, under the lock of the coupon's row.
--
-- @param order_id: int
-- @param coupon_id: int
-- @param customer_id: int
-- @param email_key: text
-- @param amount: money
-- @param shipping_amount: money
-- @param now: timestamp
-- @returns: int
INSERT INTO coupon_redemptions (
    coupon_id,
    order_id,
    customer_id,
    email_key,
    amount,
    shipping_amount,
    redeemed_at
)
SELECT
    coupon_id,
    :order_id,
    :customer_id,
    :email_key,
    :amount,
    :shipping_amount,
    :now
FROM coupons
WHERE coupon_id = :coupon_id
    AND is_active
    AND valid_from <= :now
    AND (valid_to IS NULL OR valid_to > :now)
    AND (usage_limit IS NULL OR used_count < usage_limit)
    AND (budget IS NULL OR spent + :amount <= budget);

-- name: disable_coupon(coupon_id, now)!
-- End a coupon; what was redeemed stays, and one that ended before is left as it was.
--
-- @param coupon_id: int
-- @param now: timestamp
-- @returns: none
UPDATE coupons
SET
    is_active = FALSE,
    updated_at = :now
WHERE coupon_id = :coupon_id
    AND is_active;

-- name: get_coupon(coupon_id)^
-- A coupon without its tiers and targets.
--
-- @param coupon_id: int
-- @returns: CouponRow
SELECT
    coupon_id,
    code,
    kind,
    value,
    cap,
    buy_quantity,
    get_quantity,
    minimum,
    currency,
    valid_from,
    valid_to,
    usage_limit,
    per_customer_limit,
    budget,
    combines_with,
    is_active,
    used_count,
    spent,
    created_at,
    updated_at
FROM coupons
WHERE coupon_id = :coupon_id;

-- name: get_coupon_by_key(code_key)^
-- A coupon by its folded code, without its tiers and targets.
--
-- @param code_key: text
-- @returns: CouponRow
SELECT
    coupon_id,
    code,
    kind,
    value,
    cap,
    buy_quantity,
    get_quantity,
    minimum,
    currency,
    valid_from,
    valid_to,
    usage_limit,
    per_customer_limit,
    budget,
    combines_with,
    is_active,
    used_count,
    spent,
    created_at,
    updated_at
FROM coupons
WHERE code_key = :code_key;

-- name: insert_coupon(code, code_key, kind, value, cap, buy_quantity, get_quantity, minimum, currency, valid_from, valid_to, usage_limit, per_customer_limit, budget, combines_with, now)^
-- Write a coupon.
--
-- @param code: text
-- @param code_key: text
-- @param kind: enum:CouponKind
-- @param value: money
-- @param cap: money?
-- @param buy_quantity: int?
-- @param get_quantity: int?
-- @param minimum: money?
-- @param currency: text
-- @param valid_from: timestamp
-- @param valid_to: timestamp?
-- @param usage_limit: int?
-- @param per_customer_limit: int?
-- @param budget: money?
-- @param combines_with: text[]
-- @param now: timestamp
-- @returns: CouponRow
INSERT INTO coupons (
    code,
    code_key,
    kind,
    value,
    cap,
    buy_quantity,
    get_quantity,
    minimum,
    currency,
    valid_from,
    valid_to,
    usage_limit,
    per_customer_limit,
    budget,
    combines_with,
    is_active,
    created_at,
    updated_at
)
VALUES (
    :code,
    :code_key,
    :kind,
    :value,
    :cap,
    :buy_quantity,
    :get_quantity,
    :minimum,
    :currency,
    :valid_from,
    :valid_to,
    :usage_limit,
    :per_customer_limit,
    :budget,
    :combines_with,
    TRUE,
    :now,
    :now
)
RETURNING
    coupon_id,
    code,
    kind,
    value,
    cap,
    buy_quantity,
    get_quantity,
    minimum,
    currency,
    valid_from,
    valid_to,
    usage_limit,
    per_customer_limit,
    budget,
    combines_with,
    is_active,
    used_count,
    spent,
    created_at,
    updated_at;

-- name: insert_coupon_targets(coupon_id, kind, product_id, variant_id, category_id)*!
-- Write down what a coupon applies to or spares.
--
-- @param coupon_id: int
-- @param kind: enum:CouponTargetKind
-- @param product_id: int?
-- @param variant_id: int?
-- @param category_id: int?
-- @returns: none
INSERT INTO coupon_targets (
    coupon_id,
    kind,
    product_id,
    variant_id,
    category_id
)
VALUES (
    :coupon_id,
    :kind,
    :product_id,
    :variant_id,
    :category_id
);

-- name: insert_coupon_tiers(coupon_id, minimum, value)*!
-- Write the tiers of a coupon.
--
-- @param coupon_id: int
-- @param minimum: money
-- @param value: money
-- @returns: none
INSERT INTO coupon_tiers (
    coupon_id,
    minimum,
    value
)
VALUES (
    :coupon_id,
    :minimum,
    :value
);

-- name: list_coupon_redemptions(coupon_id, before_order_id, max_rows)
-- One page of a coupon's uses, the latest order first; freed ones too.
--
-- @param coupon_id: int
-- @param before_order_id: int
-- @param max_rows: int
-- @returns: CouponRedemption
SELECT
    coupon_redemption_id,
    coupon_id,
    order_id,
    customer_id,
    amount,
    shipping_amount,
    redeemed_at,
    freed_at
FROM coupon_redemptions
WHERE coupon_id = :coupon_id
    AND order_id < :before_order_id
ORDER BY order_id DESC
LIMIT :max_rows;

-- name: list_coupon_targets(coupon_id)
-- What a coupon applies to and what it spares.
--
-- @all: a coupon has at most 500
-- @param coupon_id: int
-- @returns: CouponTarget
SELECT
    coupon_target_id,
    kind,
    product_id,
    variant_id,
    category_id
FROM coupon_targets
WHERE coupon_id = :coupon_id
ORDER BY coupon_target_id;

-- name: list_coupon_tiers(coupon_id)
-- The tiers of a coupon, lowest first.
--
-- @all: a coupon has at most 20
-- @param coupon_id: int
-- @returns: CouponTierRow
SELECT
    coupon_id,
    minimum,
    value
FROM coupon_tiers
WHERE coupon_id = :coupon_id
ORDER BY minimum;

-- name: list_coupons(before_id, max_rows)
-- One page of all coupons, the newest first, without tiers and targets.
--
-- @param before_id: int
-- @param max_rows: int
-- @returns: CouponRow
SELECT
    coupon_id,
    code,
    kind,
    value,
    cap,
    buy_quantity,
    get_quantity,
    minimum,
    currency,
    valid_from,
    valid_to,
    usage_limit,
    per_customer_limit,
    budget,
    combines_with,
    is_active,
    used_count,
    spent,
    created_at,
    updated_at
FROM coupons
WHERE coupon_id < :before_id
ORDER BY coupon_id DESC
LIMIT :max_rows;

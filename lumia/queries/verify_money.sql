-- name: list_coupon_customer_faults(max_rows)
-- Active redemptions by which a customer, by key or by address, used a coupon more often than each may.
--
-- @scan: a check of the whole table, for those who ask for it
-- @param max_rows: int
-- @returns: VerifyFault
SELECT
    CAST(r.coupon_redemption_id AS text) AS row_key,
    count(*) OVER () AS faults
FROM coupons AS c
INNER JOIN (
    SELECT
        u.coupon_redemption_id,
        u.coupon_id,
        u.email_key,
        row_number() OVER (
            PARTITION BY u.coupon_id, u.customer_id ORDER BY u.coupon_redemption_id
        ) AS by_customer,
        row_number() OVER (
            PARTITION BY u.coupon_id, u.email_key ORDER BY u.coupon_redemption_id
        ) AS by_address
    FROM coupon_redemptions AS u
    WHERE u.freed_at IS NULL
) AS r ON r.coupon_id = c.coupon_id
WHERE r.by_customer > c.per_customer_limit
    OR (r.email_key IS NOT NULL AND r.by_address > c.per_customer_limit)
ORDER BY r.coupon_redemption_id
LIMIT :max_rows;

-- name: list_coupon_use_faults(max_rows)
-- Coupons whose counters are not what their active redemptions come to, or are beyond their limits.
--
-- @scan: a check of the whole table, for those who ask for it
-- @param max_rows: int
-- @returns: VerifyFault
SELECT
    CAST(c.coupon_id AS text) AS row_key,
    count(*) OVER () AS faults
FROM coupons AS c
LEFT JOIN (
    SELECT
        r.coupon_id,
        count(*) AS used,
        sum(r.amount) AS spent
    FROM coupon_redemptions AS r
    WHERE r.freed_at IS NULL
    GROUP BY r.coupon_id
) AS l ON l.coupon_id = c.coupon_id
WHERE c.used_count <> coalesce(l.used, 0)
    OR c.spent <> coalesce(l.spent, 0)
    OR c.used_count > c.usage_limit
    OR c.spent > c.budget
ORDER BY c.coupon_id
LIMIT :max_rows;

-- name: list_discount_faults(max_rows)
-- Orders whose lines do not share exactly what was taken off, or whose coupons took off something else.
--
-- @scan: a check of the whole table, for those who ask for it
-- @param max_rows: int
-- @returns: VerifyFault
SELECT
    CAST(o.order_id AS text) AS row_key,
    count(*) OVER () AS faults
FROM orders AS o
INNER JOIN (
    SELECT
        oi.order_id,
        sum(oi.discount) AS discount,
        sum(CASE WHEN oi.discount < 0 OR oi.discount > oi.amount THEN 1 ELSE 0 END) AS wrong
    FROM order_items AS oi
    GROUP BY oi.order_id
) AS l ON l.order_id = o.order_id
WHERE o.discount_total <> l.discount
    OR l.wrong > 0
    OR (
        o.origin = 'live'
        AND o.discount_total <> coalesce((
            SELECT sum(r.amount - r.shipping_amount)
            FROM coupon_redemptions AS r
            WHERE r.order_id = o.order_id
        ), 0)
    )
ORDER BY o.order_id
LIMIT :max_rows;

-- name: list_invoice_faults(max_rows)
-- Orders whose invoice number leaves a gap before it, or that were never paid; and the counter, if it says another number
-- than the last.
--
-- @param max_rows: int
-- @returns: VerifyFault
SELECT
    CASE WHEN s.order_id = 0 THEN 'counter' ELSE CAST(s.order_id AS text) END AS row_key,
    count(*) OVER () AS faults
FROM (
    SELECT n.order_id
    FROM (
        SELECT
            o.order_id,
            o.invoice_number,
            o.paid_at,
            lag(o.invoice_number, 1, 0) OVER (ORDER BY o.invoice_number, o.order_id) AS before
        FROM orders AS o
        WHERE o.invoice_number IS NOT NULL
    ) AS n
    WHERE n.invoice_number <> n.before + 1
        OR n.paid_at IS NULL
    UNION
    SELECT 0 AS order_id
    WHERE coalesce((SELECT max(o.invoice_number) FROM orders AS o), 0)
        <> coalesce((SELECT k.last_number FROM invoice_counters AS k), -1)
) AS s
ORDER BY s.order_id
LIMIT :max_rows;

-- name: list_net_sales_faults(max_rows)
-- Lines that sales by day, product, category or customer would not count all, or as another's: then these sums differ.
--
-- @scan: a check of the whole table, for those who ask for it
-- @param max_rows: int
-- @returns: VerifyFault
SELECT
    CAST(s.order_item_id AS text) AS row_key,
    count(*) OVER () AS faults
FROM (
    SELECT oi.order_item_id
    FROM order_items AS oi
    LEFT JOIN orders AS o ON o.order_id = oi.order_id AND o.customer_id = oi.customer_id
    LEFT JOIN customers AS u ON u.customer_id = oi.customer_id
    LEFT JOIN product_variants AS v ON v.variant_id = oi.variant_id AND v.product_id = oi.product_id
    LEFT JOIN products AS p ON p.product_id = v.product_id
    LEFT JOIN categories AS c ON c.category_id = p.category_id
    WHERE o.order_id IS NULL
        OR u.customer_id IS NULL
        OR c.category_id IS NULL
    UNION
    SELECT ri.order_item_id
    FROM refund_items AS ri
    LEFT JOIN refunds AS r ON r.refund_id = ri.refund_id
    LEFT JOIN payments AS p ON p.payment_id = r.payment_id
    LEFT JOIN order_items AS oi ON oi.order_item_id = ri.order_item_id AND oi.order_id = p.order_id
    WHERE oi.order_item_id IS NULL
) AS s
ORDER BY s.order_item_id
LIMIT :max_rows;

-- name: list_order_total_faults(max_rows)
-- Orders whose total is not its parts, or whose parts are not what their lines come to: a line was added or taken away.
--
-- @scan: a check of the whole table, for those who ask for it
-- @param max_rows: int
-- @returns: VerifyFault
SELECT
    CAST(o.order_id AS text) AS row_key,
    count(*) OVER () AS faults
FROM orders AS o
LEFT JOIN (
    SELECT
        oi.order_id,
        sum(oi.amount) AS amount,
        sum(oi.tax) AS tax,
        sum(oi.tax_included) AS tax_included,
        sum(CASE WHEN oi.line_total <> oi.amount - oi.discount + oi.tax THEN 1 ELSE 0 END) AS wrong
    FROM order_items AS oi
    GROUP BY oi.order_id
) AS l ON l.order_id = o.order_id
WHERE o.total <> o.subtotal - o.discount_total + o.shipping_total + o.tax_total
    OR o.subtotal <> coalesce(l.amount, 0)
    OR o.tax_total <> coalesce(l.tax, 0)
    OR o.tax_included_total <> coalesce(l.tax_included, 0)
    OR coalesce(l.wrong, 1) > 0
ORDER BY o.order_id
LIMIT :max_rows;

-- name: list_payment_state_faults(max_rows)
-- Payments that do not stand where their events say: what was taken weighs most, then a void, a failure, a promise.
--
-- @scan: a check of the whole table, for those who ask for it
-- @param max_rows: int
-- @returns: VerifyFault
SELECT
    CAST(p.payment_id AS text) AS row_key,
    count(*) OVER () AS faults
FROM payments AS p
LEFT JOIN (
    SELECT
        e.payment_id,
        max(
            CASE e.kind
                WHEN 'captured' THEN 4
                WHEN 'voided' THEN 3
                WHEN 'failed' THEN 2
                WHEN 'authorized' THEN 1
                ELSE 0
            END
        ) AS weight
    FROM payment_events AS e
    GROUP BY e.payment_id
) AS l ON l.payment_id = p.payment_id
WHERE coalesce(l.weight, 0) <> CASE p.status
        WHEN 'captured' THEN 4
        WHEN 'voided' THEN 3
        WHEN 'failed' THEN 2
        WHEN 'authorized' THEN 1
        ELSE 0
    END
ORDER BY p.payment_id
LIMIT :max_rows;

-- name: list_refund_faults(max_rows)
-- Payments of which more was given back than was taken, or whose sums are not those of their events and refunds.
--
-- @scan: a check of the whole table, for those who ask for it
-- @param max_rows: int
-- @returns: VerifyFault
SELECT
    CAST(p.payment_id AS text) AS row_key,
    count(*) OVER () AS faults
FROM payments AS p
WHERE p.refunded_amount < 0
    OR p.refunded_amount > p.captured_amount
    OR p.captured_amount > p.amount
    OR p.captured_amount <> coalesce((
        SELECT sum(e.amount)
        FROM payment_events AS e
        WHERE e.payment_id = p.payment_id
            AND e.kind = 'captured'
    ), 0)
    OR p.refunded_amount <> coalesce((
        SELECT sum(r.amount)
        FROM refunds AS r
        WHERE r.payment_id = p.payment_id
            AND r.status <> 'failed'
    ), 0)
    OR EXISTS (
        SELECT 1
        FROM refunds AS r
        WHERE r.payment_id = p.payment_id
            AND r.amount <= 0
    )
ORDER BY p.payment_id
LIMIT :max_rows;

-- name: list_refund_unit_faults(max_rows)
-- Lines of which more units or more money was waived and given back than they have.
--
-- @scan: a check of the whole table, for those who ask for it
-- @param max_rows: int
-- @returns: VerifyFault
SELECT
    CAST(oi.order_item_id AS text) AS row_key,
    count(*) OVER () AS faults
FROM order_items AS oi
INNER JOIN (
    SELECT
        s.order_item_id,
        sum(s.quantity) AS quantity,
        sum(s.amount) AS amount
    FROM (
        SELECT
            ri.order_item_id,
            ri.quantity,
            ri.amount
        FROM refund_items AS ri
        INNER JOIN refunds AS r ON r.refund_id = ri.refund_id
        WHERE r.status <> 'failed'
        UNION ALL
        SELECT
            c.order_item_id,
            c.quantity,
            c.waived_amount AS amount
        FROM order_item_cancellations AS c
        WHERE c.waived_amount > 0
    ) AS s
    GROUP BY s.order_item_id
) AS l ON l.order_item_id = oi.order_item_id
WHERE l.quantity > oi.quantity
    OR l.amount > oi.line_total
ORDER BY oi.order_item_id
LIMIT :max_rows;

-- name: list_unit_share_faults(max_rows)
-- Lines of live orders whose units do not share exactly what the line comes to.
--
-- @scan: a check of the whole table, for those who ask for it
-- @param max_rows: int
-- @returns: VerifyFault
SELECT
    CAST(oi.order_item_id AS text) AS row_key,
    count(*) OVER () AS faults
FROM orders AS o
INNER JOIN order_items AS oi ON oi.order_id = o.order_id
WHERE o.origin = 'live'
    AND (
        oi.unit_share IS NULL
        OR oi.odd_units < 0
        OR oi.odd_units >= oi.quantity
        OR oi.line_total <> oi.quantity * oi.unit_share + oi.odd_units * oi.odd_share
    )
ORDER BY oi.order_item_id
LIMIT :max_rows;

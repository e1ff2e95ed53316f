-- name: list_allocation_faults(max_rows)
-- Stock rows whose allocated units are not what the orders' allocations still wait for.
--
-- @scan: a check of the whole table, for those who ask for it
-- @param max_rows: int
-- @returns: VerifyFault
SELECT
    CAST(s.variant_id AS text) || '/' || CAST(s.location_id AS text) AS row_key,
    count(*) OVER () AS faults
FROM (
    SELECT
        u.variant_id,
        u.location_id,
        sum(u.allocated) AS allocated,
        sum(u.waiting) AS waiting
    FROM (
        SELECT
            i.variant_id,
            i.location_id,
            i.allocated,
            0 AS waiting
        FROM inventory AS i
        UNION ALL
        SELECT
            oi.variant_id,
            a.location_id,
            0 AS allocated,
            a.quantity - a.released_quantity - a.shipped_quantity AS waiting
        FROM order_allocations AS a
        INNER JOIN order_items AS oi ON oi.order_item_id = a.order_item_id
    ) AS u
    GROUP BY
        u.variant_id,
        u.location_id
) AS s
WHERE s.allocated <> s.waiting
ORDER BY
    s.variant_id,
    s.location_id
LIMIT :max_rows;

-- name: list_category_faults(max_rows)
-- Categories that no way up from leads to the top.
--
-- @scan: a check of the whole table, for those who ask for it
-- @param max_rows: int
-- @returns: VerifyFault
WITH RECURSIVE rooted AS (
    SELECT c.category_id
    FROM categories AS c
    WHERE c.parent_id IS NULL
    UNION
    SELECT c.category_id
    FROM rooted AS r
    INNER JOIN categories AS c ON c.parent_id = r.category_id
)

SELECT
    CAST(c.category_id AS text) AS row_key,
    count(*) OVER () AS faults
FROM categories AS c
WHERE c.category_id NOT IN (SELECT r.category_id FROM rooted AS r)
ORDER BY c.category_id
LIMIT :max_rows;

-- name: list_line_allocation_faults(max_rows)
-- Lines of live orders of which not every unit is allocated, or whose allocations gave back or sent other units than they
-- were cancelled or shipped.
--
-- @scan: a check of the whole table, for those who ask for it
-- @param max_rows: int
-- @returns: VerifyFault
SELECT
    CAST(oi.order_item_id AS text) AS row_key,
    count(*) OVER () AS faults
FROM orders AS o
INNER JOIN order_items AS oi ON oi.order_id = o.order_id
LEFT JOIN (
    SELECT
        a.order_item_id,
        sum(a.quantity) AS quantity,
        sum(a.released_quantity) AS released,
        sum(a.shipped_quantity) AS shipped
    FROM order_allocations AS a
    GROUP BY a.order_item_id
) AS l ON l.order_item_id = oi.order_item_id
WHERE o.origin = 'live'
    AND (
        coalesce(l.quantity, 0) <> oi.quantity
        OR coalesce(l.released, 0) <> oi.cancelled_quantity
        OR coalesce(l.shipped, 0) <> oi.shipped_quantity
    )
ORDER BY oi.order_item_id
LIMIT :max_rows;

-- name: list_line_progress_faults(max_rows)
-- Lines of live orders whose cancelled, shipped and returned units are not what cancellations, shipments and returns say.
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
        oi.cancelled_quantity <> coalesce((
            SELECT sum(c.quantity)
            FROM order_item_cancellations AS c
            WHERE c.order_item_id = oi.order_item_id
        ), 0)
        OR oi.shipped_quantity <> coalesce((
            SELECT sum(si.quantity)
            FROM shipment_items AS si
            WHERE si.order_item_id = oi.order_item_id
        ), 0)
        OR oi.returned_quantity <> coalesce((
            SELECT sum(ri.accepted_quantity + ri.damaged_quantity)
            FROM return_items AS ri
            WHERE ri.order_item_id = oi.order_item_id
        ), 0)
    )
ORDER BY oi.order_item_id
LIMIT :max_rows;

-- name: list_line_quantity_faults(max_rows)
-- Lines of which more came back than was shipped, or more was shipped than was left.
--
-- @scan: a check of the whole table, for those who ask for it
-- @param max_rows: int
-- @returns: VerifyFault
SELECT
    CAST(oi.order_item_id AS text) AS row_key,
    count(*) OVER () AS faults
FROM order_items AS oi
WHERE oi.returned_quantity < 0
    OR oi.cancelled_quantity < 0
    OR oi.returned_quantity > oi.shipped_quantity
    OR oi.shipped_quantity > oi.quantity - oi.cancelled_quantity
ORDER BY oi.order_item_id
LIMIT :max_rows;

-- name: list_order_history_faults(max_rows)
-- Live orders whose history does not lead from the first state to the present one, each step a legal one.
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
        t.order_id,
        max(t.last_status) AS last_status,
        sum(CASE WHEN t.from_status <> t.before OR p.to_status IS NULL THEN 1 ELSE 0 END) AS wrong
    FROM (
        SELECT
            h.order_id,
            CAST(h.from_status AS text) AS from_status,
            CAST(h.to_status AS text) AS to_status,
            lag(CAST(h.to_status AS text), 1, 'new') OVER (
                PARTITION BY h.order_id ORDER BY h.order_status_history_id
            ) AS before,
            first_value(CAST(h.to_status AS text)) OVER (
                PARTITION BY h.order_id ORDER BY h.order_status_history_id DESC
            ) AS last_status
        FROM order_status_history AS h
    ) AS t
    LEFT JOIN order_status_transitions AS p
        ON CAST(p.from_status AS text) = t.from_status
        AND CAST(p.to_status AS text) = t.to_status
    GROUP BY t.order_id
) AS l ON l.order_id = o.order_id
WHERE o.origin = 'live'
    AND (
        l.wrong IS NULL
        OR l.wrong > 0
        OR l.last_status <> CAST(o.status AS text)
    )
ORDER BY o.order_id
LIMIT :max_rows;

-- name: list_order_state_faults(max_rows)
-- Live orders that do not stand where their payments, shipments and cancellations say. The view takes the two ends as
-- they are written, so these are proven here: a cancelled order keeps no unit, no promise of stock and no coupon, and
-- what keeps no unit is cancelled, or refunded; of a refunded one all is back that was taken until then.
--
-- @scan: a check of the whole table, for those who ask for it
-- @param max_rows: int
-- @returns: VerifyFault
SELECT
    CAST(o.order_id AS text) AS row_key,
    count(*) OVER () AS faults
FROM orders AS o
LEFT JOIN order_states AS s ON s.order_id = o.order_id
WHERE o.origin = 'live'
    AND (
        s.status IS NULL
        OR CAST(o.status AS text) <> s.status
        OR CAST(o.payment_status AS text) <> s.payment_status
        OR CAST(o.fulfillment_status AS text) <> s.fulfillment_status
        OR (
            o.status NOT IN ('cancelled', 'refunded')
            AND NOT EXISTS (
                SELECT 1
                FROM order_items AS oi
                WHERE oi.order_id = o.order_id
                    AND oi.quantity > oi.cancelled_quantity
            )
        )
        OR (
            o.status = 'cancelled'
            AND (
                EXISTS (
                    SELECT 1
                    FROM order_items AS oi
                    LEFT JOIN order_allocations AS a ON a.order_item_id = oi.order_item_id
                    WHERE oi.order_id = o.order_id
                        AND (
                            oi.quantity > oi.cancelled_quantity
                            OR a.quantity > a.released_quantity + a.shipped_quantity
                        )
                )
                OR EXISTS (
                    SELECT 1
                    FROM coupon_redemptions AS r
                    WHERE r.order_id = o.order_id
                        AND r.freed_at IS NULL
                )
            )
        )
        OR (
            o.status = 'refunded'
            AND (
                NOT EXISTS (
                    SELECT 1
                    FROM payments AS p
                    INNER JOIN refunds AS r ON r.payment_id = p.payment_id
                    WHERE p.order_id = o.order_id
                        AND r.status = 'succeeded'
                )
                -- Money that comes in later changes no end: it is due back, and an event said so.
                OR coalesce((
                    SELECT sum(r.amount)
                    FROM payments AS p
                    INNER JOIN refunds AS r ON r.payment_id = p.payment_id
                    WHERE p.order_id = o.order_id
                        AND r.status = 'succeeded'
                ), 0) < coalesce((
                    SELECT sum(e.amount)
                    FROM payments AS p
                    INNER JOIN payment_events AS e ON e.payment_id = p.payment_id
                    WHERE p.order_id = o.order_id
                        AND e.kind = 'captured'
                        AND e.created_at <= o.status_at
                ), 0)
            )
        )
    )
ORDER BY o.order_id
LIMIT :max_rows;

-- name: list_paid_at_faults(max_rows)
-- Live orders that do not say when they were paid as their history does.
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
        h.order_id,
        max(h.changed_at) AS changed_at
    FROM order_status_history AS h
    WHERE h.to_status = 'paid'
    GROUP BY h.order_id
) AS l ON l.order_id = o.order_id
WHERE o.origin = 'live'
    AND (
        (o.paid_at IS NULL) <> (l.changed_at IS NULL)
        OR o.paid_at <> l.changed_at
    )
ORDER BY o.order_id
LIMIT :max_rows;

-- name: list_price_history_faults(max_rows)
-- Variants whose price is not the last one of their history.
--
-- @scan: a check of the whole table, for those who ask for it
-- @param max_rows: int
-- @returns: VerifyFault
SELECT
    CAST(v.variant_id AS text) AS row_key,
    count(*) OVER () AS faults
FROM product_variants AS v
LEFT JOIN (
    SELECT
        h.variant_id,
        max(h.valid_from) AS valid_from
    FROM price_history AS h
    GROUP BY h.variant_id
) AS l ON l.variant_id = v.variant_id
LEFT JOIN price_history AS h ON h.variant_id = l.variant_id AND h.valid_from = l.valid_from
WHERE h.price IS NULL
    OR h.price <> v.price
ORDER BY v.variant_id
LIMIT :max_rows;

-- name: list_stock_replay_faults(max_rows)
-- Stock rows whose counters are not what their movements come to.
--
-- @scan: a check of the whole table, for those who ask for it
-- @param max_rows: int
-- @returns: VerifyFault
SELECT
    CAST(i.variant_id AS text) || '/' || CAST(i.location_id AS text) AS row_key,
    count(*) OVER () AS faults
FROM inventory AS i
LEFT JOIN (
    SELECT
        m.variant_id,
        m.location_id,
        sum(m.on_hand_delta) AS on_hand,
        sum(m.allocated_delta) AS allocated
    FROM stock_movements AS m
    GROUP BY
        m.variant_id,
        m.location_id
) AS l ON l.variant_id = i.variant_id AND l.location_id = i.location_id
WHERE i.on_hand <> coalesce(l.on_hand, 0)
    OR i.allocated <> coalesce(l.allocated, 0)
ORDER BY
    i.variant_id,
    i.location_id
LIMIT :max_rows;

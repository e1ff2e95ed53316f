-- name: list_promised_lines(variant_id, after_order_item_id, after_location_id, max_rows)
-- One page of the order lines that wait for units of a variant, oldest first, with how many each could get now.
--
-- @param variant_id: int
-- @param after_order_item_id: int
-- @param after_location_id: int
-- @param max_rows: int
-- @column covered!: sums of whole units, far from the edges of a number
-- @returns: PromisedLine
WITH promised AS (
    SELECT
        oi.order_id,
        oi.order_item_id,
        oi.variant_id,
        oa.location_id,
        oi.sold_at,
        -- The ledger knows what of the promise was kept or taken back at this very location.
        (
            SELECT CAST(coalesce(sum(m.allocated_delta), 0) AS bigint)
            FROM stock_movements AS m
            WHERE m.order_item_id = oi.order_item_id
                AND m.location_id = oa.location_id
        ) AS quantity
    FROM order_items AS oi
    INNER JOIN order_allocations AS oa ON oa.order_item_id = oi.order_item_id
    WHERE oi.variant_id = :variant_id
        AND oi.quantity > oi.cancelled_quantity + oi.shipped_quantity
),

queued AS (
    SELECT
        p.order_id,
        p.order_item_id,
        p.variant_id,
        p.location_id,
        p.sold_at,
        p.quantity,
        i.on_hand + p.quantity - CAST(
            sum(p.quantity) OVER (
                PARTITION BY p.location_id
                ORDER BY p.order_item_id
            ) AS bigint
        ) AS within_reach
    FROM promised AS p
    INNER JOIN inventory AS i
        ON i.variant_id = p.variant_id
        AND i.location_id = p.location_id
)

SELECT
    order_id,
    order_item_id,
    variant_id,
    location_id,
    sold_at,
    quantity,
    CASE
        WHEN within_reach <= 0 THEN 0
        WHEN within_reach < quantity THEN within_reach
        ELSE quantity
    END AS covered
FROM queued
WHERE quantity > 0
    AND (order_item_id, location_id) > (:after_order_item_id, :after_location_id)
ORDER BY
    order_item_id,
    location_id
LIMIT :max_rows;

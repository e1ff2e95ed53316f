-- name: list_sales_by_month(starts, customers_only, goods_only)
-- A row set by month: from each start on up to the next, the last start being where the last month ends.
--
-- @differs: the starts come as a JSON array
-- @scan: a report over the whole history reads all of it
-- @all: as many months as were asked for
-- @param starts: timestamp[]
-- @param customers_only: bool
-- @param goods_only: bool
-- @returns: MonthTotals
WITH month AS (
    SELECT
        given.value AS starts_at,
        lead(given.value) OVER (ORDER BY given.value, given.key) AS ends_at
    FROM json_each(:starts) AS given
),

sold AS (
    SELECT
        i.order_id,
        i.sold_at,
        count(*) AS rows,
        sum(i.quantity - i.cancelled_quantity) AS quantity,
        sum(
            CASE
                WHEN i.cancelled_quantity = 0 THEN i.amount
                ELSE i.unit_price * (i.quantity - i.cancelled_quantity)
            END
        ) AS amount
    FROM order_items AS i
    INNER JOIN orders AS o ON i.order_id = o.order_id
    INNER JOIN customers AS c ON o.customer_id = c.customer_id
    INNER JOIN product_variants AS v ON i.variant_id = v.variant_id
    WHERE o.status IN ('paid', 'shipped', 'delivered', 'refunded')
        AND i.quantity > i.cancelled_quantity
        AND (NOT :customers_only OR NOT c.is_guest)
        AND (NOT :goods_only OR v.is_goods)
    GROUP BY
        i.order_id,
        i.sold_at
)

SELECT
    m.starts_at,
    sum(s.amount) AS amount,
    CAST(sum(s.rows) AS bigint) AS rows,
    count(DISTINCT s.order_id) AS invoices,
    CAST(sum(s.quantity) AS bigint) AS quantity
FROM month AS m
INNER JOIN sold AS s ON m.starts_at <= s.sold_at AND m.ends_at > s.sold_at
GROUP BY m.starts_at
ORDER BY m.starts_at;

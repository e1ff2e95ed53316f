-- name: get_sales_span()^
-- When the first and the last order item were sold.
--
-- @scan: a report over the whole history reads all of it
-- @returns: SalesSpan
SELECT
    min(sold_at) AS first_sold_at,
    max(sold_at) AS last_sold_at
FROM order_items;

-- name: get_sales_summary(customers_only, goods_only)^
-- A row set in one line.
--
-- @scan: a report over the whole history reads all of it
-- @param customers_only: bool
-- @param goods_only: bool
-- @returns: SalesSummary
SELECT
    count(*) AS rows,
    count(DISTINCT i.order_id) AS invoices,
    count(DISTINCT i.variant_id) AS stock_codes,
    count(DISTINCT CASE WHEN NOT c.is_guest THEN c.customer_id END) AS customers,
    count(DISTINCT coalesce(a.country_name, a.country_code)) AS countries,
    count(CASE WHEN c.is_guest THEN 1 END) AS rows_without_customer,
    CAST(coalesce(sum(i.quantity - i.cancelled_quantity), 0) AS bigint) AS quantity,
    coalesce(
        sum(
            CASE
                WHEN i.cancelled_quantity = 0 THEN i.amount
                ELSE i.unit_price * (i.quantity - i.cancelled_quantity)
            END
        ),
        0
    ) AS amount,
    min(i.sold_at) AS first_sold_at,
    max(i.sold_at) AS last_sold_at
FROM order_items AS i
INNER JOIN orders AS o ON i.order_id = o.order_id
INNER JOIN customers AS c ON o.customer_id = c.customer_id
INNER JOIN product_variants AS v ON i.variant_id = v.variant_id
INNER JOIN addresses AS a ON o.shipping_address_id = a.address_id
WHERE o.status IN ('paid', 'shipped', 'delivered', 'refunded')
    AND i.quantity > i.cancelled_quantity
    AND (NOT :customers_only OR NOT c.is_guest)
    AND (NOT :goods_only OR v.is_goods);

-- name: list_orders_by_customer()
-- How often each customer bought who is no guest, and when first and last.
--
-- @scan: a report over the whole history reads all of it
-- @all: the shares are of all customers, each of whom is one row of two numbers
-- @returns: CustomerOrders
SELECT
    o.customer_id,
    count(DISTINCT o.order_id) AS invoices,
    min(i.sold_at) AS first_sold_at,
    max(i.sold_at) AS last_sold_at
FROM order_items AS i
INNER JOIN orders AS o ON i.order_id = o.order_id
INNER JOIN customers AS c ON o.customer_id = c.customer_id
WHERE o.status IN ('paid', 'shipped', 'delivered', 'refunded')
    AND i.quantity > i.cancelled_quantity
    AND NOT c.is_guest
GROUP BY o.customer_id
ORDER BY o.customer_id;

-- name: list_sales_by_country(customers_only, goods_only)
-- A row set by the country of the shipping address as written, the largest amount first.
--
-- @scan: a report over the whole history reads all of it
-- @all: there are no more countries than the world has
-- @param customers_only: bool
-- @param goods_only: bool
-- @returns: CountrySales
SELECT
    coalesce(a.country_name, a.country_code) AS country,
    sum(
        CASE
            WHEN i.cancelled_quantity = 0 THEN i.amount
            ELSE i.unit_price * (i.quantity - i.cancelled_quantity)
        END
    ) AS amount,
    count(*) AS rows,
    count(DISTINCT i.order_id) AS invoices,
    count(DISTINCT CASE WHEN NOT c.is_guest THEN c.customer_id END) AS customers
FROM order_items AS i
INNER JOIN orders AS o ON i.order_id = o.order_id
INNER JOIN customers AS c ON o.customer_id = c.customer_id
INNER JOIN product_variants AS v ON i.variant_id = v.variant_id
INNER JOIN addresses AS a ON o.shipping_address_id = a.address_id
WHERE o.status IN ('paid', 'shipped', 'delivered', 'refunded')
    AND i.quantity > i.cancelled_quantity
    AND (NOT :customers_only OR NOT c.is_guest)
    AND (NOT :goods_only OR v.is_goods)
GROUP BY coalesce(a.country_name, a.country_code)
ORDER BY
    amount DESC,
    country;

-- name: list_top_customers(goods_only, max_rows)
-- The customers with the largest amounts, guests left out; ties by their number in byte order.
--
-- @scan: a report over the whole history reads all of it
-- @param goods_only: bool
-- @param max_rows: int
-- @returns: CustomerSales
SELECT
    c.customer_id,
    c.external_reference AS reference,
    sum(
        CASE
            WHEN i.cancelled_quantity = 0 THEN i.amount
            ELSE i.unit_price * (i.quantity - i.cancelled_quantity)
        END
    ) AS amount,
    count(*) AS rows,
    count(DISTINCT i.order_id) AS invoices,
    CAST(sum(i.quantity - i.cancelled_quantity) AS bigint) AS quantity
FROM order_items AS i
INNER JOIN orders AS o ON i.order_id = o.order_id
INNER JOIN customers AS c ON o.customer_id = c.customer_id
INNER JOIN product_variants AS v ON i.variant_id = v.variant_id
WHERE o.status IN ('paid', 'shipped', 'delivered', 'refunded')
    AND i.quantity > i.cancelled_quantity
    AND NOT c.is_guest
    AND (NOT :goods_only OR v.is_goods)
GROUP BY
    c.customer_id,
    c.external_reference
ORDER BY
    amount DESC,
    reference ASC NULLS LAST,
    c.customer_id
LIMIT :max_rows;

-- name: list_top_products_by_amount(customers_only, goods_only, max_rows)
-- The variants with the largest amounts, ties by SKU in byte order, each with the name of most of its sales.
--
-- @scan: a report over the whole history reads all of it
-- @all: the step that finds them has the limit
-- @param customers_only: bool
-- @param goods_only: bool
-- @param max_rows: int
-- @returns: ProductSales
WITH top AS (
    SELECT
        v.variant_id,
        v.sku,
        sum(
            CASE
                WHEN i.cancelled_quantity = 0 THEN i.amount
                ELSE i.unit_price * (i.quantity - i.cancelled_quantity)
            END
        ) AS amount,
        CAST(sum(i.quantity - i.cancelled_quantity) AS bigint) AS quantity,
        count(DISTINCT i.order_id) AS invoices
    FROM order_items AS i
    INNER JOIN orders AS o ON i.order_id = o.order_id
    INNER JOIN customers AS c ON o.customer_id = c.customer_id
    INNER JOIN product_variants AS v ON i.variant_id = v.variant_id
    WHERE o.status IN ('paid', 'shipped', 'delivered', 'refunded')
        AND i.quantity > i.cancelled_quantity
        AND (NOT :customers_only OR NOT c.is_guest)
        AND (NOT :goods_only OR v.is_goods)
    GROUP BY
        v.variant_id,
        v.sku
    ORDER BY
        amount DESC,
        v.sku
    LIMIT :max_rows
),

named AS (
    SELECT
        i.variant_id,
        i.name,
        row_number() OVER (PARTITION BY i.variant_id ORDER BY count(*) DESC, i.name) AS place
    FROM top AS t
    INNER JOIN order_items AS i ON t.variant_id = i.variant_id
    INNER JOIN orders AS o ON i.order_id = o.order_id
    WHERE o.status IN ('paid', 'shipped', 'delivered', 'refunded')
        AND i.quantity > i.cancelled_quantity
        AND i.name <> ''
    GROUP BY
        i.variant_id,
        i.name
)

SELECT
    t.sku AS stock_code,
    coalesce(n.name, '') AS description,
    t.amount,
    t.quantity,
    t.invoices
FROM top AS t
LEFT JOIN named AS n ON t.variant_id = n.variant_id AND n.place = 1
ORDER BY
    t.amount DESC,
    t.sku;

-- name: list_top_products_by_quantity(customers_only, goods_only, max_rows)
-- The variants with the largest quantities, ties by SKU in byte order, each with the name of most of its sales.
--
-- @scan: a report over the whole history reads all of it
-- @all: the step that finds them has the limit
-- @param customers_only: bool
-- @param goods_only: bool
-- @param max_rows: int
-- @returns: ProductSales
WITH top AS (
    SELECT
        v.variant_id,
        v.sku,
        sum(
            CASE
                WHEN i.cancelled_quantity = 0 THEN i.amount
                ELSE i.unit_price * (i.quantity - i.cancelled_quantity)
            END
        ) AS amount,
        CAST(sum(i.quantity - i.cancelled_quantity) AS bigint) AS quantity,
        count(DISTINCT i.order_id) AS invoices
    FROM order_items AS i
    INNER JOIN orders AS o ON i.order_id = o.order_id
    INNER JOIN customers AS c ON o.customer_id = c.customer_id
    INNER JOIN product_variants AS v ON i.variant_id = v.variant_id
    WHERE o.status IN ('paid', 'shipped', 'delivered', 'refunded')
        AND i.quantity > i.cancelled_quantity
        AND (NOT :customers_only OR NOT c.is_guest)
        AND (NOT :goods_only OR v.is_goods)
    GROUP BY
        v.variant_id,
        v.sku
    ORDER BY
        quantity DESC,
        v.sku
    LIMIT :max_rows
),

named AS (
    SELECT
        i.variant_id,
        i.name,
        row_number() OVER (PARTITION BY i.variant_id ORDER BY count(*) DESC, i.name) AS place
    FROM top AS t
    INNER JOIN order_items AS i ON t.variant_id = i.variant_id
    INNER JOIN orders AS o ON i.order_id = o.order_id
    WHERE o.status IN ('paid', 'shipped', 'delivered', 'refunded')
        AND i.quantity > i.cancelled_quantity
        AND i.name <> ''
    GROUP BY
        i.variant_id,
        i.name
)

SELECT
    t.sku AS stock_code,
    coalesce(n.name, '') AS description,
    t.amount,
    t.quantity,
    t.invoices
FROM top AS t
LEFT JOIN named AS n ON t.variant_id = n.variant_id AND n.place = 1
ORDER BY
    t.quantity DESC,
    t.sku;

-- name: count_search_facets(levels, step, category_id, price_from, price_to, in_stock, option_names, option_values, now, max_rows)
-- How many of the products found there are in all, in stock, in each category, and with each option value.
--
-- @differs: the words are in FTS5, which has other signs, the levels and the options are JSON
-- @ties: categories differ by key, option values by name and value
-- @param levels: text[]
-- @param step: int
-- @param category_id: int
-- @param price_from: money
-- @param price_to: money
-- @param in_stock: bool
-- @param option_names: text[]
-- @param option_values: text[]
-- @param now: timestamp
-- @param max_rows: int
-- @returns: SearchCount
WITH RECURSIVE asked AS (
    SELECT
        l.key * :step AS tier,
        replace(replace(replace(replace(l.value, ' & ', ' AND '), ' | ', ' OR '), ' <-> ', ' + '), ':*', '*') AS query
    FROM json_each(:levels) AS l
),

matches AS (
    SELECT
        d.rowid AS product_id,
        coalesce(min(a.tier), 0) AS tier
    FROM asked AS a
    CROSS JOIN search_index AS d
    WHERE d.words MATCH replace(a.query, '''', '"')
    GROUP BY d.rowid
),

tree (category_id) AS ( --@if category_id
    SELECT category_id --@if category_id
    FROM categories --@if category_id
    WHERE category_id = :category_id --@if category_id
    UNION --@if category_id
    SELECT c.category_id --@if category_id
    FROM categories AS c --@if category_id
    INNER JOIN tree AS t ON c.parent_id = t.category_id --@if category_id
), --@if category_id

chosen AS ( --@if option_names, option_values
    SELECT --@if option_names, option_values
        n.value AS name, --@if option_names, option_values
        x.value AS value --@if option_names, option_values
    FROM json_each(:option_names) AS n --@if option_names, option_values
    INNER JOIN json_each(:option_values) AS x ON n.key = x.key --@if option_names, option_values
), --@if option_names, option_values

offered AS (
    SELECT
        m.product_id,
        m.tier,
        v.variant_id,
        v.price,
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
            WHERE s.variant_id = v.variant_id
        ) > 0 AS is_in_stock
    FROM matches AS m
    INNER JOIN products AS p ON m.product_id = p.product_id
    INNER JOIN product_variants AS v ON p.product_id = v.product_id
    WHERE p.status = 'active'
        AND v.is_active
        AND p.category_id IN (SELECT t.category_id FROM tree AS t) --@if category_id
        AND v.price >= :price_from --@if price_from
        AND v.price <= :price_to --@if price_to
        AND ( --@if option_names, option_values
            SELECT count(*) --@if option_names, option_values
            FROM variant_option_values AS x --@if option_names, option_values
            INNER JOIN product_options AS o ON x.product_option_id = o.product_option_id --@if option_names, option_values
            INNER JOIN option_values AS w ON x.option_value_id = w.option_value_id --@if option_names, option_values
            INNER JOIN chosen AS h ON o.name = h.name AND w.value = h.value --@if option_names, option_values
            WHERE x.variant_id = v.variant_id --@if option_names, option_values
        ) = (SELECT count(DISTINCT h.name) FROM chosen AS h) --@if option_names, option_values
),

fitting AS (
    SELECT
        product_id,
        tier,
        variant_id,
        price,
        is_in_stock
    FROM offered
    WHERE TRUE
        AND is_in_stock = :in_stock --@if in_stock
),

counted AS (
    SELECT
        'total' AS kind,
        CAST(0 AS bigint) AS category_id,
        '' AS name,
        '' AS value,
        count(DISTINCT f.product_id) AS products
    FROM fitting AS f
    UNION ALL
    SELECT
        'in_stock',
        CAST(0 AS bigint),
        '',
        '',
        count(DISTINCT f.product_id)
    FROM fitting AS f
    WHERE f.is_in_stock
    UNION ALL
    SELECT
        'category',
        c.category_id,
        c.name,
        '',
        count(DISTINCT f.product_id)
    FROM fitting AS f
    INNER JOIN products AS p ON f.product_id = p.product_id
    INNER JOIN categories AS c ON p.category_id = c.category_id
    GROUP BY
        c.category_id,
        c.name
    UNION ALL
    SELECT
        'option',
        CAST(0 AS bigint),
        o.name,
        w.value,
        count(DISTINCT f.product_id)
    FROM fitting AS f
    INNER JOIN variant_option_values AS x ON f.variant_id = x.variant_id
    INNER JOIN product_options AS o ON x.product_option_id = o.product_option_id
    INNER JOIN option_values AS w ON x.option_value_id = w.option_value_id
    GROUP BY
        o.name,
        w.value
)

SELECT
    kind,
    category_id,
    name,
    value,
    products
FROM counted
ORDER BY
    CASE kind WHEN 'total' THEN 0 WHEN 'in_stock' THEN 1 WHEN 'category' THEN 2 ELSE 3 END,
    products DESC,
    name,
    value,
    category_id
LIMIT :max_rows;

-- name: list_search_hits(levels, step, category_id, price_from, price_to, in_stock, option_names, option_values, now, after_tier, after_id, max_rows)
-- One page of the products on sale that have every term of a query and a variant that fits, the best tier first.
--
-- @differs: the words are in FTS5, which has other signs, the levels and the options are JSON
-- @param levels: text[]
-- @param step: int
-- @param category_id: int
-- @param price_from: money
-- @param price_to: money
-- @param in_stock: bool
-- @param option_names: text[]
-- @param option_values: text[]
-- @param now: timestamp
-- @param after_tier: int
-- @param after_id: int
-- @param max_rows: int
-- @returns: SearchHit
WITH RECURSIVE asked AS (
    SELECT
        l.key * :step AS tier,
        replace(replace(replace(replace(l.value, ' & ', ' AND '), ' | ', ' OR '), ' <-> ', ' + '), ':*', '*') AS query
    FROM json_each(:levels) AS l
),

matches AS (
    SELECT
        d.rowid AS product_id,
        coalesce(min(a.tier), 0) AS tier
    FROM asked AS a
    CROSS JOIN search_index AS d
    WHERE d.words MATCH replace(a.query, '''', '"')
    GROUP BY d.rowid
),

tree (category_id) AS ( --@if category_id
    SELECT category_id --@if category_id
    FROM categories --@if category_id
    WHERE category_id = :category_id --@if category_id
    UNION --@if category_id
    SELECT c.category_id --@if category_id
    FROM categories AS c --@if category_id
    INNER JOIN tree AS t ON c.parent_id = t.category_id --@if category_id
), --@if category_id

chosen AS ( --@if option_names, option_values
    SELECT --@if option_names, option_values
        n.value AS name, --@if option_names, option_values
        x.value AS value --@if option_names, option_values
    FROM json_each(:option_names) AS n --@if option_names, option_values
    INNER JOIN json_each(:option_values) AS x ON n.key = x.key --@if option_names, option_values
), --@if option_names, option_values

offered AS (
    SELECT
        m.product_id,
        m.tier,
        v.variant_id,
        v.price,
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
            WHERE s.variant_id = v.variant_id
        ) > 0 AS is_in_stock
    FROM matches AS m
    INNER JOIN products AS p ON m.product_id = p.product_id
    INNER JOIN product_variants AS v ON p.product_id = v.product_id
    WHERE p.status = 'active'
        AND v.is_active
        AND p.category_id IN (SELECT t.category_id FROM tree AS t) --@if category_id
        AND v.price >= :price_from --@if price_from
        AND v.price <= :price_to --@if price_to
        AND ( --@if option_names, option_values
            SELECT count(*) --@if option_names, option_values
            FROM variant_option_values AS x --@if option_names, option_values
            INNER JOIN product_options AS o ON x.product_option_id = o.product_option_id --@if option_names, option_values
            INNER JOIN option_values AS w ON x.option_value_id = w.option_value_id --@if option_names, option_values
            INNER JOIN chosen AS h ON o.name = h.name AND w.value = h.value --@if option_names, option_values
            WHERE x.variant_id = v.variant_id --@if option_names, option_values
        ) = (SELECT count(DISTINCT h.name) FROM chosen AS h) --@if option_names, option_values
),

fitting AS (
    SELECT
        product_id,
        tier,
        variant_id,
        price,
        is_in_stock
    FROM offered
    WHERE TRUE
        AND is_in_stock = :in_stock --@if in_stock
),

found AS (
    SELECT
        product_id,
        tier,
        min(price) AS price_from,
        count(CASE WHEN is_in_stock THEN 1 END) > 0 AS is_in_stock
    FROM fitting
    GROUP BY
        product_id,
        tier
)

SELECT
    p.product_id,
    f.tier,
    p.category_id,
    p.slug,
    p.name,
    p.description,
    f.price_from,
    f.is_in_stock
FROM found AS f
INNER JOIN products AS p ON f.product_id = p.product_id
WHERE TRUE
    AND (f.tier > :after_tier OR (f.tier = :after_tier AND p.product_id > :after_id)) --@if after_tier, after_id
ORDER BY
    f.tier,
    p.product_id
LIMIT :max_rows;

-- name: lock_search_products(after_id, max_rows)
-- Some products in the order of their keys, with what is known of their documents; NULL: there is none.
--
-- @differs: the writer's lock keeps everybody from changing them between reading and indexing
-- @param after_id: int
-- @param max_rows: int
-- @returns: IndexedProduct
SELECT
    p.product_id,
    d.digest
FROM products AS p
LEFT JOIN search_documents AS d ON p.product_id = d.product_id
WHERE p.product_id > :after_id
ORDER BY p.product_id
LIMIT :max_rows;

-- name: put_search_documents(product_id, digest, words, now)*!
-- Index products by their words, whatever was indexed of them before; x stands where no word is.
--
-- @differs: triggers bring the words into FTS5
-- @param product_id: int
-- @param digest: bytes
-- @param words: text
-- @param now: timestamp
-- @returns: none
INSERT INTO search_documents (
    product_id,
    digest,
    words,
    indexed_at
)
VALUES (
    :product_id,
    :digest,
    :words,
    :now
)
ON CONFLICT (product_id) DO UPDATE
SET
    digest = excluded.digest,
    words = excluded.words,
    indexed_at = excluded.indexed_at;
